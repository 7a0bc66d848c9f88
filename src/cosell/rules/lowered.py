"""What lowering gives, and how two-valued predicates are put together without waste.

This module does not know what a three-valued tree is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from cosell.rules import kernel
from cosell.rules.kernel import FALSE, TRUE, Predicate, Value
from cosell.rules.typed import Read, Typed

__all__ = [
    "Amount",
    "Lowered",
    "Lowers",
    "Scalar",
    "Truth",
    "both",
    "certain",
    "either",
    "negation",
]


@dataclass(frozen=True, slots=True)
class Truth:
    """A condition: where it is surely true, and where surely false.

    Attributes:
        true: Where it is surely true.
        false: Where it is surely false.
        certain: Whether it is one of both for every record.
    """

    true: Predicate
    false: Predicate
    certain: bool = False

    @property
    def known(self) -> Predicate:
        """Where it is not unknown."""
        return TRUE if self.certain else either(self.true, self.false)

    @property
    def unknown(self) -> Predicate:
        """Where it is neither true nor false."""
        return negation(self.known)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value that is not money: where it is there, and what it is."""

    known: Predicate
    value: Value


@dataclass(frozen=True, slots=True)
class Amount:
    """Money: where it is there, how much, and in which currency."""

    known: Predicate
    value: Value
    currency: Value


#: What a checked tree becomes.
Lowered: TypeAlias = Truth | Scalar | Amount


class Lowers(Protocol):
    """What lowering one node asks for the nodes in it."""

    def truth(self, node: Typed) -> Truth:
        """Return a condition lowered."""
        ...

    def value(self, node: Typed) -> Scalar | Amount:
        """Return a value lowered, whatever its type."""
        ...

    def scalar(self, node: Typed) -> Scalar:
        """Return a value that is not money lowered."""
        ...

    def field(self, node: Read) -> kernel.Field:
        """Return the one field that stands for a path in all trees."""
        ...

    def money_parts(self, field: kernel.Field) -> tuple[kernel.Field, kernel.Field]:
        """Return the amount and the currency of a field of money."""
        ...

    def known(self, value: Value) -> Predicate:
        """Return the one predicate that asks for a value that may be missing."""
        ...

    def exchanged(self, money: Amount, target: Amount) -> Scalar:
        """Return how much ``money`` is in the currency of ``target``."""
        ...


def certain(true: Predicate) -> Truth:
    """Return a condition that is never unknown."""
    return Truth(true, negation(true), certain=True)


def both(*parts: Predicate) -> Predicate:
    """Return the conjunction of ``parts``, without what changes nothing.

    Example:
        >>> both(TRUE, TRUE) is TRUE, both(TRUE, FALSE) is FALSE
        (True, True)
    """
    kept: list[Predicate] = []
    for part in parts:
        kept.extend(part.parts if isinstance(part, kernel.And) else (part,))
    kept = [part for part in dict.fromkeys(kept) if part is not TRUE]
    if FALSE in kept:
        return FALSE
    return kept[0] if len(kept) == 1 else kernel.And(tuple(kept)) if kept else TRUE


def either(*parts: Predicate) -> Predicate:
    """Return the disjunction of ``parts``, without what changes nothing.

    Example:
        >>> either(FALSE, FALSE) is FALSE, either(FALSE, TRUE) is TRUE
        (True, True)
    """
    kept: list[Predicate] = []
    for part in parts:
        kept.extend(part.parts if isinstance(part, kernel.Or) else (part,))
    kept = [part for part in dict.fromkeys(kept) if part is not FALSE]
    if TRUE in kept:
        return TRUE
    return kept[0] if len(kept) == 1 else kernel.Or(tuple(kept)) if kept else FALSE


def negation(part: Predicate) -> Predicate:
    """Return the contrary of ``part``."""
    if isinstance(part, kernel.Always):
        return FALSE if part.truth else TRUE
    return part.part if isinstance(part, kernel.Not) else kernel.Not(part)
