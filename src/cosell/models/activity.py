"""What was done with a deal: meetings, touches, discussions, consultations, with evidence.

This module does not know what a deal is, nor what any activity earns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final, Literal

from cosell._base import Id, Instant, LongText, Model, Text
from cosell.models._kleene import all_of, any_of, negated
from cosell.models._scalars import Side, Url, day_in

__all__ = ["CO_SELLING_KINDS", "Activity", "ActivityKind"]

ActivityKind = Literal[
    "touch",  # one outreach to a lead (MK-38)
    "introduction",  # stakeholders introduced to the vendor (MK-2)
    "meeting",
    "key_meeting",  # initiated or joined (MK-3)
    "poc_know_how",  # industry know-how brought to the PoC (MK-3)
    "poc_execution",  # the PoC executed, with or without the vendor (MK-3)
    "sales_cycle_role",  # an important role in the sales cycle (MK-3)
    "gtm_consultation",  # the partner asked the vendor's team (MK-25)
    "pricing_discussion",  # detailed pricing or discounts with the customer (MK-25)
    "security_request",  # a security request passed to the vendor's team (MK-44)
    "post_sales_service",  # service after the sale (MK-4)
    "check_in",  # regular check-in after the hand-over (MK-31)
    "other",
]
#: What counts as co-selling; one of them suffices (MK-3).
CO_SELLING_KINDS: Final = frozenset(
    {"key_meeting", "poc_know_how", "poc_execution", "sales_cycle_role"}
)


class Activity(Model, frozen=True):
    """One thing that was done, by whom, and what shows it (MK-3).

    Attributes:
        kind: What it was.
        at: When.
        side: Who did it: customer, partner or vendor.
        by: Id of the person who did it.
        party: Id of that person's organisation.
        with_customer: Whether the customer was contacted or present.
        subject: What it was about.
        evidence: What shows it: a document, a calendar entry, a recording.
        link: Where the evidence is.
        id: The host's id for it.
    """

    kind: ActivityKind
    at: Instant
    side: Side | None = None
    by: Id | None = None
    party: Id | None = None
    with_customer: bool | None = None
    subject: Text | None = None
    evidence: LongText | None = None
    link: Url | None = None
    id: Id | None = None

    def is_by(self, side: Side) -> bool | None:
        """Return whether ``side`` did it; ``None`` when it is not recorded who did."""
        return None if self.side is None else self.side == side

    @property
    def shown(self) -> bool | None:
        """Yes when evidence is recorded; missing, never no, when it is not."""
        return True if self.evidence is not None or self.link is not None else None


def shown_by(activities: Iterable[Activity], side: Side, kinds: Collection[str]) -> bool | None:
    """Return whether ``side`` did one of ``kinds``, with evidence (MK-3)."""
    return any_of(
        all_of((item.is_by(side), item.shown)) for item in activities if item.kind in kinds
    )


def priced_after_consultation(activities: Sequence[Activity]) -> bool | None:
    """Return whether the partner consulted before each of its pricing discussions (MK-25).

    Before means strictly earlier. Without a discussion the answer is yes.
    """
    consulted_at = min(
        (item.at for item in activities if item.kind == "gtm_consultation"), default=None
    )
    return all_of(
        negated(item.is_by("partner"))
        for item in activities
        if item.kind == "pricing_discussion" and (consulted_at is None or consulted_at >= item.at)
    )


def contacted_after(
    activities: Iterable[Activity], informed_at: datetime | None, *, since: datetime | None
) -> bool | None:
    """Return whether the vendor contacted the customer only after ``informed_at`` (MK-14, BX-44).

    Contacts before ``since``, the registration, are not asked about.
    """
    return all_of(
        any_of(
            (
                negated(all_of((item.is_by("vendor"), item.with_customer))),
                None if since is None else item.at < since,
                None if informed_at is None else informed_at < item.at,
            )
        )
        for item in activities
    )


def touch_gaps(activities: Iterable[Activity], zone: str) -> tuple[int, ...]:
    """Return the days between each touch and the next, by local dates in ``zone`` (MK-38)."""
    days = sorted(day_in(zone, item.at) for item in activities if item.kind == "touch")
    return tuple((later - earlier).days for earlier, later in pairwise(days))
