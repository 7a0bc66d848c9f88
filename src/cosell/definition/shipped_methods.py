"""The qualification methods that ship: elements with what to find out, each of weight 1.

The tables are the methods as they are published; a process includes one by name
(``use = "meddpicc"``) and says itself what is enough.

This module does not know how a method is scored.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

__all__ = ["SHIPPED", "ShippedMethod"]


class ShippedMethod(NamedTuple):
    """A method that ships.

    Attributes:
        label: What people call it.
        answers: Where a deal has its answers.
        elements: Label and question of each, by id.
    """

    label: str
    answers: str
    elements: Mapping[str, tuple[str, str]]


_MEDDPIC: Final = {
    "metrics": ("Metrics", "What does the customer gain, in figures?"),
    "economic_buyer": ("Economic buyer", "Who owns the budget, and have we met?"),
    "decision_criteria": ("Decision criteria", "By what do they decide?"),
    "decision_process": ("Decision process", "How, in which steps and by when do they decide?"),
    "identified_pain": ("Identified pain", "What hurts, and what does it cost?"),
    "champion": ("Champion", "Who sells for us inside, with what influence?"),
}
_LONGER: Final = {
    "paper_process": ("Paper process", "How do they get from a yes to a signature?"),
    "competition": ("Competition", "Against whom do we stand, doing nothing included?"),
}

#: Every method that ships, by name (MK-5, QL-20, BX-45).
SHIPPED: Final[Mapping[str, ShippedMethod]] = MappingProxyType(
    {
        "gpca": ShippedMethod(
            "GPCA",
            "gpca",
            {
                "goals": ("Goals", "What does the customer want to reach?"),
                "plans": ("Plans", "How, and with what, do they mean to get there?"),
                "challenges": ("Challenges", "What stands in the way?"),
                "authority": ("Authority", "Who decides, and why would they buy?"),
            },
        ),
        "bant": ShippedMethod(
            "BANT",
            "bant",
            {
                "budget": ("Budget", "What can they spend?"),
                "authority": ("Authority", "Who decides?"),
                "need": ("Need", "What do they need it for?"),
                "timeline": ("Timeline", "By when?"),
            },
        ),
        "meddpic": ShippedMethod("MEDDPIC", "meddpicc", _MEDDPIC),
        "meddpicc": ShippedMethod("MEDDPICC", "meddpicc", {**_MEDDPIC, **_LONGER}),
        "spiced": ShippedMethod(
            "SPICED",
            "spiced",
            {
                "situation": ("Situation", "Where does the customer stand?"),
                "pain": ("Pain", "What hurts?"),
                "impact": ("Impact", "What is solving it worth?"),
                "critical_event": ("Critical event", "By when must it be solved, and why then?"),
                "decision": ("Decision", "How, by whom and by what do they decide?"),
            },
        ),
    }
)
