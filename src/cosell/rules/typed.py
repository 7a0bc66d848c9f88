"""The checked tree: every node has a type, every name is resolved, values are still three.

Conditions are nodes of type bool. A node whose value is missing makes what it stands in missing,
``Default`` and ``Recorded`` apart.

This module does not know how a tree is checked or run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cosell.rules.nodes import Place
from cosell.rules.scope import BusinessCalendar
from cosell.rules.types import Type

__all__ = [
    "Arithmetic",
    "Choice",
    "Compared",
    "Constant",
    "Counted",
    "DayOf",
    "Days",
    "Default",
    "Elapsed",
    "Extreme",
    "Junction",
    "LookedUp",
    "Member",
    "Negation",
    "Prorated",
    "Quantified",
    "Read",
    "Recorded",
    "Root",
    "Rounded",
    "Step",
    "Typed",
    "walk",
]


class Root(StrEnum):
    """Where a path begins."""

    RECORD = "record"  # the record, or inside a track the part: bare names
    WHOLE = "whole"  # the whole record, inside a track
    FACTS = "facts"  # what the host gives with the call
    ACTOR = "actor"  # who asks
    ITEM = "item"  # the item of the list that is gone through
    CALL = "call"  # the moment of the call, and its date


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a path.

    Attributes:
        name: Name of the field.
        type: Its type.
        optional: Whether it can be missing when its parent is there.
        derived: Whether it is a property that the host's code computes.
    """

    name: str
    type: Type
    optional: bool
    derived: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Typed:
    """A checked part of an expression."""

    type: Type
    at: Place


@dataclass(frozen=True, slots=True, eq=False)
class Constant(Typed):
    """A literal, or the value of a parameter."""

    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class Read(Typed):
    """A value read from what is given.

    Attributes:
        root: Where the path begins.
        steps: The fields on the way; an item that is a scalar itself has none.
        path: The dotted path as a definition names it; an item's begins with its list's.
    """

    root: Root
    steps: tuple[Step, ...]
    path: str


@dataclass(frozen=True, slots=True, eq=False)
class Arithmetic(Typed):
    """A sum, a difference or a product; money keeps to one currency."""

    op: str
    left: Typed
    right: Typed


@dataclass(frozen=True, slots=True, eq=False)
class Rounded(Typed):
    """A number or an amount rounded to ``places``, in a named ``mode``."""

    value: Typed
    places: int
    mode: str


@dataclass(frozen=True, slots=True, eq=False)
class Extreme(Typed):
    """The least (``min``) or greatest (``max``) of its parts."""

    which: str
    parts: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Default(Typed):
    """``value``, or ``otherwise`` when that is missing."""

    value: Typed
    otherwise: Typed


@dataclass(frozen=True, slots=True, eq=False)
class Choice(Typed):
    """``then`` if ``condition`` is met, ``otherwise`` if it is unmet, else missing."""

    condition: Typed
    then: Typed
    otherwise: Typed


@dataclass(frozen=True, slots=True, eq=False)
class LookedUp(Typed):
    """The value beside ``key`` in a table; missing when the key is not in it."""

    key: Typed
    rows: tuple[tuple[Any, Any], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Prorated(Typed):
    """``amount * part / whole``, exact, rounded once; missing when ``whole`` is zero."""

    amount: Typed
    part: Typed
    whole: Typed
    places: int
    mode: str


@dataclass(frozen=True, slots=True, eq=False)
class Days(Typed):
    """Days from ``start`` to ``end``: calendar days, or business days of a calendar.

    A calendar that does not know the dates gives a missing value.
    """

    start: Typed
    end: Typed
    calendar: BusinessCalendar | None
    calendar_name: str | None


@dataclass(frozen=True, slots=True, eq=False)
class DayOf(Typed):
    """The date of an instant in a zone."""

    instant: Typed
    zone: str


@dataclass(frozen=True, slots=True, eq=False)
class Elapsed(Typed):
    """The span from ``earlier`` to ``later``, exact."""

    later: Typed
    earlier: Typed


@dataclass(frozen=True, slots=True, eq=False)
class Counted(Typed):
    """How many items meet ``predicate``; missing as soon as one is unknown."""

    items: Read
    predicate: Typed


@dataclass(frozen=True, slots=True, eq=False)
class Compared(Typed):
    """One comparison."""

    op: str
    left: Typed
    right: Typed


@dataclass(frozen=True, slots=True, eq=False)
class Member(Typed):
    """Whether ``value`` is one of ``options``."""

    value: Typed
    options: tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Recorded(Typed):
    """Whether a path has a value. Never unknown."""

    path: Read


@dataclass(frozen=True, slots=True, eq=False)
class Negation(Typed):
    """The contrary."""

    operand: Typed


@dataclass(frozen=True, slots=True, eq=False)
class Junction(Typed):
    """Conditions joined by ``and`` or ``or``."""

    op: str
    parts: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Quantified(Typed):
    """Whether ``any`` or ``all`` items of a list meet ``predicate``."""

    kind: str
    items: Read
    predicate: Typed


def walk(node: Typed) -> Iterator[Typed]:
    """Yield ``node`` and every node in it, each before what stands in it."""
    yield node
    names: tuple[str, ...] = type(node).__match_args__
    for name in names:
        inner = getattr(node, name)
        for child in inner if isinstance(inner, tuple) else (inner,):
            if isinstance(child, Typed):
                yield from walk(child)
