"""The dispute of a fee: who objects to what, by when, and what came of it (BX-31).

It is a record of its own: the ledger keeps the fee as it was and what changed it, the dispute keeps
why.

This module does not know how much a fee is, nor which stages a dispute goes through.
"""

from __future__ import annotations

from typing import Literal

from cosell._base import Id, Instant, LongText, Text
from cosell.models._scalars import Url
from cosell.models.conflict import Statement
from cosell.models.record import Record
from cosell.money import Money

__all__ = ["FeeDispute"]


class FeeDispute(Record, frozen=True):
    """An objection to one fee (BX-31).

    Attributes:
        fee: Id of the fee, as the ledger has it.
        deal: Id of the deal that it comes from.
        payee: Id of the party whose fee it is.
        announced_at: When the payee was told of the fee, such as by its statement.
        raised_at: When it objected.
        raised_by: Id of the person who did.
        reason: What is wrong with the fee.
        written: What the ledger says that the fee comes to.
        claimed: What the payee says that it should come to.
        evidence: Where that is shown.
        reviewer: Id of the person who looks into it.
        statements: What was said, oldest first.
        escalated_at: When it was not answered in time and went to the manager.
        outcome: Upheld: the payee is right. Changed: to something else. Rejected: the fee stands.
        settled: What the fee comes to.
        outcome_reason: Why.
        decided_by: Id of the person who decided.
        decided_at: When.
        withdrawn_at: When the payee took it back.
        lapsed_at: When it was too late to object.
    """

    fee: Text | None = None
    deal: Id | None = None
    payee: Id | None = None
    announced_at: Instant | None = None
    raised_at: Instant | None = None
    raised_by: Id | None = None
    reason: LongText | None = None
    written: Money | None = None
    claimed: Money | None = None
    evidence: Url | None = None
    reviewer: Id | None = None
    statements: tuple[Statement, ...] = ()
    escalated_at: Instant | None = None
    outcome: Literal["upheld", "changed", "rejected"] | None = None
    settled: Money | None = None
    outcome_reason: LongText | None = None
    decided_by: Id | None = None
    decided_at: Instant | None = None
    withdrawn_at: Instant | None = None
    lapsed_at: Instant | None = None

    @property
    def comes_to(self) -> Money | None:
        """What the fee comes to by the outcome; missing while there is none (BX-31)."""
        by_outcome = {"upheld": self.claimed, "changed": self.settled, "rejected": self.written}
        return None if self.outcome is None else by_outcome[self.outcome]

    @property
    def change(self) -> Money | None:
        """By what the ledger is to be adjusted: nothing where the fee stands (BX-31)."""
        after, before = self.comes_to, self.written
        if after is None or before is None or after.currency != before.currency:
            return None
        return after - before
