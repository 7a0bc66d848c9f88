"""What one criterion asks, lowered: the common ground of all back ends in Python.

Rules that hold for every criterion:

1. All fields that it reads are read before it is judged, in order; one that cannot be read makes
   the criterion unknown. Items of a list are read one by one, as far as the answer needs them.
2. It does not apply where ``when`` is surely false. It is met where ``need`` is surely true, and
   unmet where ``when`` is surely true and ``need`` surely false. It is unknown otherwise.
3. A predicate of the host is asked only when all its inputs are there.

This module does not know how a kernel tree is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cosell.findings import Check, Severity
from cosell.rules import kernel
from cosell.rules.kernel import Field
from cosell.rules.lowered import Amount, Lowered, Truth
from cosell.rules.typed import Root
from cosell.rules.types import Kind

__all__ = ["Asked", "Judgement", "Result", "fields_in", "is_date_of_call", "way_to"]


@dataclass(frozen=True, slots=True)
class Result:
    """A value to hand out.

    Attributes:
        kind: What kind of value it is.
        lowered: What it is, lowered.
        field: The field itself, where it is nothing but a field.
    """

    kind: Kind
    lowered: Lowered
    field: Field | None = None

    @property
    def nodes(self) -> tuple[kernel.Node, ...]:
        """The kernel trees that it consists of."""
        found = self.lowered
        if isinstance(found, Truth):
            return found.true, found.false
        currency = (found.currency,) if isinstance(found, Amount) else ()
        return found.known, found.value, *currency


@dataclass(frozen=True, slots=True)
class Asked:
    """A predicate of the host, and what it is given."""

    name: str
    function: Callable[..., object]
    inputs: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One criterion, lowered.

    Attributes:
        check: What findings say about it.
        when: Where it applies; ``None`` is everywhere.
        need: What must hold, or the host's predicate that is asked.
        fields: The fields it reads, each after those that lead to it.
        shown: The fields at ``check.paths``.
    """

    check: Check
    when: Truth | None
    need: Truth | Asked
    fields: tuple[Field, ...]
    shown: tuple[Field, ...]

    @property
    def is_required(self) -> bool:
        """Whether it stops a transition."""
        return self.check.severity is Severity.REQUIRED


def fields_in(nodes: Iterable[kernel.Node], *, of_item: bool = False) -> tuple[Field, ...]:
    """Return the fields in kernel trees, each after those that lead to it.

    Args:
        nodes: The trees.
        of_item: Whether to return the fields of a list's items instead of all others.
    """
    found: dict[int, Field] = {}
    seen: set[int] = set()
    for node in nodes:
        for field in _fields(node, seen):
            if (field.root is Root.ITEM) is of_item:
                found.update((id(part), part) for part in way_to(field))
    return tuple(found.values())


def _fields(node: kernel.Node, seen: set[int]) -> Iterator[Field]:
    # Trees share parts: each is gone through once.
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, Field):
        yield node
    for part in kernel.parts_of(node):
        if not (isinstance(node, kernel.Exchange) and is_date_of_call(part)):
            yield from _fields(part, seen)


def is_date_of_call(node: kernel.Node) -> bool:
    """Return whether a node is ``as_of``, which takes a conversion between zones to work out.

    A rate's day is asked for only where two currencies meet, so that it is not read beforehand.
    """
    return isinstance(node, Field) and node.root is Root.CALL and node.name == "as_of"


def way_to(field: Field) -> list[Field]:
    """Return the fields that lead to a field, and the field itself last."""
    way = [field]
    while way[0].parent is not None:
        way.insert(0, way[0].parent)
    return way
