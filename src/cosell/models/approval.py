"""Answers in an approval chain, and for which values they were given (BX-8).

Rules that hold for every answer:

1. An answer stands while every field that it covers holds the value that it was given for.
2. An answer that covers a field without a value never stands: nobody knows what it was given for.

This module does not know which rows a chain has, nor who may answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final, Literal, Self

from pydantic import BaseModel

from cosell._base import FieldPath, Id, Instant, LongText, Model, Name, Text
from cosell.findings import plain
from cosell.money import Money

__all__ = ["Approval", "ApprovalOutcome", "Covered"]

ApprovalOutcome = Literal["approved", "rejected"]

#: A longer value is kept as its digest: it is compared, not read.
_LONGEST: Final = 300


class Covered(Model, frozen=True):
    """A field that an answer was given for, and the value that it had.

    Attributes:
        path: The field, from the record.
        value: Its value as JSON, or the digest of a long one; missing if there was none.

    Example:
        >>> from cosell.models import Opportunity
        >>> seen = Covered.of(Opportunity(id="o-1", acv="50000 USD"), "acv")
        >>> seen.value, seen.holds_on(Opportunity(id="o-1", acv="50000.00 USD"))
        ('"50000 USD"', True)
        >>> seen.holds_on(Opportunity(id="o-1", acv="50000.01 USD"))
        False
    """

    path: FieldPath
    value: Text | None = None

    @classmethod
    def of(cls, record: BaseModel, path: str) -> Self:
        """Return a field of ``record`` with the value that it has."""
        return cls(path=path, value=_text_at(record, path))

    def holds_on(self, record: BaseModel) -> bool:
        """Whether the field of ``record`` still has the value; a missing one never has."""
        return self.value is not None and self.value == _text_at(record, self.path)


class Approval(Model, frozen=True):
    """One answer in an approval chain (BX-8). The process writes it; nobody else does.

    Attributes:
        chain: The chain; in a track with its name, ``poc.scope``.
        row: The row that it answers.
        role: In what capacity it was answered.
        by: Id of the actor who answered.
        principal: Id of whom the actor acted for.
        party: For which organisation.
        at: When.
        outcome: Approved or rejected.
        reason: Why.
        covered: What it was given for.
    """

    chain: Text
    row: Name
    role: Name
    by: Id
    principal: Id | None = None
    party: Id | None = None
    at: Instant
    outcome: ApprovalOutcome
    reason: LongText | None = None
    covered: tuple[Covered, ...] = ()

    @property
    def person(self) -> str:
        """The person behind it: whom the actor acted for, or the actor."""
        return self.principal or self.by

    def stands_on(self, record: BaseModel) -> bool:
        """Whether everything that it covers is as it was."""
        return all(each.holds_on(record) for each in self.covered)


def _text_at(record: BaseModel, path: str) -> str | None:
    """Return the value at a path as text that is the same for the same value."""
    value: Any = record
    for name in path.split("."):
        value = getattr(value, name, None)
    if value is None:
        return None
    text = json.dumps(_normal(value), sort_keys=True, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"sha256:{sha256(text.encode()).hexdigest()}"


def _normal(value: Any) -> Any:
    """Return a value as JSON has it: the same amount, or the same moment, is the same text."""
    known = (turn for kinds, turn in _TURNS if isinstance(value, kinds))
    return next(known, plain)(value)


_TURNS: Final[tuple[tuple[tuple[type, ...], Callable[[Any], Any]], ...]] = (
    ((Decimal,), lambda value: f"{value.normalize():f}"),
    ((datetime,), lambda value: value.astimezone(UTC).isoformat()),
    ((Money,), lambda value: f"{_normal(value.amount)} {value.currency}"),
    ((BaseModel,), lambda value: {name: _normal(part) for name, part in value}),
    ((tuple, list), lambda value: [_normal(part) for part in value]),
    ((Mapping,), lambda value: {str(key): _normal(part) for key, part in value.items()}),
)
