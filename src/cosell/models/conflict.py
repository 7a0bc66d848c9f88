"""The conflict: two records claim one thing, and somebody must say who has it (BX-9, SF-14).

It is a record of its own, so that the decision, its rule and the dispute stay in one place when
the records that met have long gone on.

This module does not know what is claimed, nor which stages a dispute goes through.
"""

from __future__ import annotations

from typing import Literal

from cosell._base import Id, Instant, LongText, Model, Text
from cosell.models.record import Record

__all__ = ["Conflict", "Contender", "Statement"]


class Contender(Model, frozen=True):
    """One of the records that claim it.

    Attributes:
        record: Id of the record.
        party: Id of the party whose record it is.
        claimed_at: When it claimed.
    """

    record: Id
    party: Id | None = None
    claimed_at: Instant | None = None


class Statement(Model, frozen=True):
    """What one side says in a dispute.

    Attributes:
        text: What.
        party: Id of the party for which it is said.
        by: Id of the person who says it.
        at: When.
    """

    text: LongText
    party: Id | None = None
    by: Id | None = None
    at: Instant | None = None


class Conflict(Record, frozen=True):
    """Two claims to one thing: the claims, the rule that decided, the dispute and its trail.

    Attributes:
        key: What is claimed by both, such as ``registration:acme.example:core``.
        customer: The customer it is about, as people call it.
        holder: Id of the record that has it.
        challenger: Id of the record that came later.
        challenger_party: Id of the party whose record that is.
        contenders: All that claim it, as far as they are known.
        arisen_at: When the two met.
        rule: The rule that decided, in words: first approved, named account, and so on.
        decided_for: Id of the record that was found to be right.
        decided_by: Id of the person who decided.
        decided_at: When.
        reason: Why.
        disputed_by: Id of the party that objects.
        disputed_at: When it did.
        statements: What was said in the dispute, oldest first.
        outcome: What became of the decision.
        outcome_reason: Why.
        closed_at: When the matter was closed.
    """

    key: Text | None = None
    customer: Text | None = None
    holder: Id | None = None
    challenger: Id | None = None
    challenger_party: Id | None = None
    contenders: tuple[Contender, ...] = ()
    arisen_at: Instant | None = None
    rule: Text | None = None
    decided_for: Id | None = None
    decided_by: Id | None = None
    decided_at: Instant | None = None
    reason: LongText | None = None
    disputed_by: Id | None = None
    disputed_at: Instant | None = None
    statements: tuple[Statement, ...] = ()
    outcome: Literal["upheld", "changed"] | None = None
    outcome_reason: LongText | None = None
    closed_at: Instant | None = None

    @property
    def dispute_open(self) -> bool:
        """Whether somebody objects and nothing came of it yet."""
        return self.disputed_at is not None and self.outcome is None
