"""Money that a partner gets to develop its market: earned, asked for, used, claimed (BX-32).

Rules that hold for every fund:

1. Its amounts are of one currency; where they are of several, nothing is known of their totals.
2. What is approved and not refused is bound: it cannot be approved for something else.
3. What is not claimed when the last period is over is forfeited.

This module does not know how long the periods are, nor who approves.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from cosell._base import Id, Instant, LongText, Text
from cosell.models._scalars import Url
from cosell.models.record import Part, Record
from cosell.money import Money

__all__ = ["DevelopmentFund", "FundRequest"]

#: Where money of a request is bound, and where it has been claimed.
_BOUND: Final = frozenset({"approved", "claimed", "paid"})
_CLAIMED: Final = frozenset({"claimed", "paid"})


class FundRequest(Part, frozen=True):
    """One thing that a partner wants to do with the money, and the claim for it (BX-32).

    Attributes:
        id: What it is called among the requests of its fund.
        purpose: What is to be done: an event, a campaign, a training.
        amount: What it is to cost the fund.
        requested_at: When it was asked for.
        requested_by: Id of the person who asked.
        approved_at: When it was approved.
        approved_by: Id of the person who approved it.
        performed_at: When it was done.
        claimed: What is claimed for it; it may be less than was approved.
        claimed_at: When.
        claimed_by: Id of the person who claimed it.
        proof: Where it is shown that it was done, and what it cost.
        decided_at: When the claim was paid or refused.
        refused_reason: Why the request or the claim was refused.
    """

    id: Id
    purpose: Text | None = None
    amount: Money | None = None
    requested_at: Instant | None = None
    requested_by: Id | None = None
    approved_at: Instant | None = None
    approved_by: Id | None = None
    performed_at: Instant | None = None
    claimed: Money | None = None
    claimed_at: Instant | None = None
    claimed_by: Id | None = None
    proof: Url | None = None
    decided_at: Instant | None = None
    refused_reason: LongText | None = None

    @property
    def bound(self) -> Money | None:
        """What it takes of the fund: what is claimed, or what was approved (BX-32)."""
        return self.amount if self.claimed is None else self.claimed


class DevelopmentFund(Record, frozen=True):
    """The market-development fund of one partner for one round of periods (BX-32).

    Attributes:
        name: What people call it.
        party: Id of the partner.
        budget: What the program can spend on it at most.
        allocated: What the partner can earn of that.
        earned: What it has earned so far.
        requests: What it wants to do with the money.
        allocated_at: When it was allocated: the period to earn begins.
        usable_at: When the period to use it began.
        claims_at: When nothing may be used any more, and is only claimed.
        settled_at: When the period to claim was over.
    """

    name: Text | None = None
    party: Id | None = None
    budget: Money | None = None
    allocated: Money | None = None
    earned: Money | None = None
    requests: tuple[FundRequest, ...] = ()
    allocated_at: Instant | None = None
    usable_at: Instant | None = None
    claims_at: Instant | None = None
    settled_at: Instant | None = None

    @property
    def bound(self) -> Money | None:
        """What is approved, claimed or paid so far (BX-32)."""
        return self._total(_BOUND)

    @property
    def available(self) -> Money | None:
        """What is earned and not bound yet (BX-32)."""
        bound = self.bound
        return None if self.earned is None or bound is None else self.earned - bound

    @property
    def unused(self) -> Money | None:
        """What is earned and not claimed: it is forfeited in the end (BX-32)."""
        claimed = self._total(_CLAIMED)
        return None if self.earned is None or claimed is None else self.earned - claimed

    def _total(self, stages: Iterable[str]) -> Money | None:
        """Return what requests in some stages take; ``None`` where one is not known (rule 1)."""
        if self.earned is None:
            return None
        total = Money(amount=Decimal(0), currency=self.earned.currency)
        for request in self.requests:
            if request.stage in stages:
                if request.bound is None or request.bound.currency != total.currency:
                    return None
                total += request.bound
        return total
