"""Which deal needs somebody first.

A deal stands in the first of these classes that it fits, and classes come in this order:

1. ``overdue``: somebody should have answered; the one that waits longest first.
2. ``due``: somebody must answer in time; the one that is due next first.
3. ``payable``: a fee is to be paid; since when, the earliest first.
4. ``movable``: the deal can go forward, at most after fields are filled in.
5. ``blocked``: criteria are in the way of every move forward.
6. ``ended``: the deal is over, and nothing is owed.

Within movable and blocked the deal that has stood longest comes first, and one that does not say
since when comes last. Among equals the file's order stays.

This module does not know how a deal is reviewed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from cosell.cli.fees import payable_since
from cosell.cli.review import Reviewed

__all__ = ["Urgency", "rank_of", "urgency_of"]

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Urgency(StrEnum):
    """Why somebody should look at a deal, most pressing first."""

    OVERDUE = "overdue"
    DUE = "due"
    PAYABLE = "payable"
    MOVABLE = "movable"
    BLOCKED = "blocked"
    ENDED = "ended"


_ORDER: Final = tuple(Urgency)


def urgency_of(reviewed: Reviewed) -> tuple[Urgency, datetime | None]:
    """Return the class of a deal, and the moment that orders it within."""
    for urgency, moments in (
        (Urgency.OVERDUE, [each.reading.due_at for each in reviewed.promises if each.overdue]),
        (Urgency.DUE, [each.reading.due_at for each in reviewed.promises if each.running]),
        (Urgency.PAYABLE, payable_since(reviewed.fees)),
    ):
        known = [moment for moment in moments if moment is not None]
        if known:
            return urgency, min(known)
    if reviewed.ended:
        return Urgency.ENDED, reviewed.deal.since
    forward = any(choice.leads_on and choice.open for choice in reviewed.choices)
    return Urgency.MOVABLE if forward else Urgency.BLOCKED, reviewed.deal.since


def rank_of(reviewed: Reviewed) -> tuple[int, datetime, int]:
    """Return what deals are ordered by, the most urgent first."""
    urgency, moment = urgency_of(reviewed)
    return _ORDER.index(urgency), moment or _NEVER, reviewed.deal.line
