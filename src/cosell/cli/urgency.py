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
from heapq import nsmallest
from typing import Final, TypeAlias

from cosell.cli.fees import payable_since
from cosell.cli.review import Reviewed

__all__ = ["Top", "Urgency", "urgency_of"]

_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_Key: TypeAlias = tuple[int, datetime, int]


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


class Top:
    """The most urgent deals of many, without keeping the others."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: list[tuple[_Key, Reviewed]] = []

    def add(self, reviewed: Reviewed) -> None:
        """Look at one more deal."""
        urgency, moment = urgency_of(reviewed)
        key = (_ORDER.index(urgency), moment or _NEVER, reviewed.deal.line)
        self._kept.append((key, reviewed))
        if len(self._kept) > 2 * self._most:
            self._trim()

    def _trim(self) -> None:
        self._kept = nsmallest(self._most, self._kept, key=lambda each: each[0])

    @property
    def deals(self) -> tuple[Reviewed, ...]:
        """The most urgent deals, most urgent first."""
        self._trim()
        return tuple(reviewed for _, reviewed in self._kept)
