"""The kernel: the few two-valued operations that every back end implements, and nothing else.

Rules that hold for every kernel tree:

1. A predicate is true or false for every record; it is never unknown. ``Known`` asks whether a
   value is there.
2. A value is computed only where its presence was asked for before, on the way there: ``Known``
   of each part that can be missing stands in front of it in the same conjunction, or in the
   condition of the choice. A back end that keeps what ``Known`` computed need not compute it
   again.
3. There is no money here: an amount and its currency are two values, and ``Exchange`` takes an
   amount from one currency to another at the rate of a day.
4. Nodes are compared by identity; one path is one ``Field`` in all trees of one gate.

This module does not know what unknown is: ``lower`` has dealt with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from cosell.rules.scope import BusinessCalendar
from cosell.rules.typed import Root
from cosell.rules.types import Type

__all__ = [
    "FALSE",
    "TRUE",
    "Always",
    "And",
    "AnyItem",
    "Arithmetic",
    "Case",
    "Compare",
    "Constant",
    "CountItems",
    "DayOf",
    "Days",
    "Elapsed",
    "Exchange",
    "Extreme",
    "Field",
    "Holds",
    "In",
    "Known",
    "Lookup",
    "Node",
    "Not",
    "Or",
    "Predicate",
    "Prorate",
    "Round",
    "Value",
    "parts_of",
]


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """Part of a kernel tree."""


@dataclass(frozen=True, slots=True, eq=False)
class Predicate(Node):
    """What is true or false."""


@dataclass(frozen=True, slots=True, eq=False)
class Value(Node):
    """What is there or missing."""

    type: Type


@dataclass(frozen=True, slots=True, eq=False)
class Always(Predicate):
    """The same for all records."""

    truth: bool


@dataclass(frozen=True, slots=True, eq=False)
class And(Predicate):
    """All of its parts, looked at in order until one is false."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Or(Predicate):
    """At least one of its parts, looked at in order until one is true."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Not(Predicate):
    """The contrary."""

    part: Predicate


@dataclass(frozen=True, slots=True, eq=False)
class Known(Predicate):
    """Whether a value is there, its own parts being so."""

    value: Value


@dataclass(frozen=True, slots=True, eq=False)
class Holds(Predicate):
    """Whether a boolean field is there and is ``truth``."""

    value: Value
    truth: bool


@dataclass(frozen=True, slots=True, eq=False)
class Compare(Predicate):
    """A comparison of two values that are there. ``op`` is one of ``== != < <= > >=``."""

    op: str
    left: Value
    right: Value


@dataclass(frozen=True, slots=True, eq=False)
class In(Predicate):
    """Whether a value that is there is one of ``options``."""

    value: Value
    options: tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AnyItem(Predicate):
    """Whether ``predicate`` is true of at least one item; a missing list has none."""

    items: Value
    predicate: Predicate


@dataclass(frozen=True, slots=True, eq=False)
class Constant(Value):
    """A value of the definition."""

    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class Field(Value):
    """A value that is read.

    Attributes:
        root: Where the path begins.
        parent: The field it is part of; ``None`` at the beginning of a path.
        name: Its name; empty for an item that is a scalar itself.
        optional: Whether it can be missing when its parent is there.
        derived: Whether the host's code computes it.
        path: The dotted path as a definition names it.
    """

    root: Root
    parent: Field | None
    name: str
    optional: bool
    derived: bool
    path: str

    @property
    def can_be_missing(self) -> bool:
        """Whether it or something on the way to it is optional."""
        return self.optional or (self.parent is not None and self.parent.can_be_missing)


@dataclass(frozen=True, slots=True, eq=False)
class Arithmetic(Value):
    """``+``, ``-`` or ``*`` of two numbers; a whole number beyond 64 bits is missing."""

    op: str
    left: Value
    right: Value


@dataclass(frozen=True, slots=True, eq=False)
class Round(Value):
    """A decimal rounded to ``places`` in a named mode."""

    value: Value
    places: int
    mode: str


@dataclass(frozen=True, slots=True, eq=False)
class Extreme(Value):
    """The least (``min``) or greatest (``max``) of parts that are all there."""

    which: str
    parts: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Case(Value):
    """``then`` where ``condition`` is true, else ``otherwise``."""

    condition: Predicate
    then: Value
    otherwise: Value


@dataclass(frozen=True, slots=True, eq=False)
class Lookup(Value):
    """The value beside a key that is in the table."""

    key: Value
    rows: tuple[tuple[Any, Any], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Prorate(Value):
    """``amount * part / whole``, rounded once; missing where ``whole`` is zero."""

    amount: Value
    part: Value
    whole: Value
    places: int
    mode: str


@dataclass(frozen=True, slots=True, eq=False)
class Exchange(Value):
    """An amount in another currency; missing where there is no such rate.

    ``on`` is computed only where ``on_known`` is true; without a day there is no rate. Where both
    currencies are one, no rate is asked for.
    """

    amount: Value
    source: Value
    target: Value
    on_known: Predicate
    on: Value


@dataclass(frozen=True, slots=True, eq=False)
class Days(Value):
    """Days between two dates; business days are missing where the calendar is not known."""

    start: Value
    end: Value
    calendar: BusinessCalendar | None
    calendar_name: str | None


@dataclass(frozen=True, slots=True, eq=False)
class DayOf(Value):
    """The date of an instant in a zone; missing at the ends of the calendar."""

    instant: Value
    zone: str


@dataclass(frozen=True, slots=True, eq=False)
class Elapsed(Value):
    """The exact span between two instants."""

    later: Value
    earlier: Value


@dataclass(frozen=True, slots=True, eq=False)
class CountItems(Value):
    """Of how many items ``predicate`` is true; a missing list has none."""

    items: Value
    predicate: Predicate


TRUE: Final = Always(truth=True)
FALSE: Final = Always(truth=False)


def parts_of(node: Node) -> Iterator[Node]:
    """Yield the nodes that stand directly in ``node``; a field's parent is not one of them."""
    if isinstance(node, Field):
        return
    names: tuple[str, ...] = type(node).__match_args__
    for name in names:
        inner = getattr(node, name)
        for child in inner if isinstance(inner, tuple) else (inner,):
            if isinstance(child, Node):
                yield child
