"""Put the values of a row together: fields inside of parts, items inside of lists.

Rules:

1. An item of a list is there when one of its columns is not empty. Constants alone make an item
   only where no column could.
2. ``[]`` makes as many items as the cell has parts; other fields of the same list are set in each.

This module does not know what a value means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cosell.cli.targets import Step

__all__ = ["Placed", "build"]

_Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A value and where it goes.

    Attributes:
        steps: Where.
        value: What; a list, where the steps lead through ``[]``, is one for each item.
        is_constant: Whether it stands in the mapping and not in the file.
    """

    steps: _Steps
    value: Any
    is_constant: bool


@dataclass(slots=True)
class _Node:
    """A table or list under construction."""

    inside: dict[Any, Any] = field(default_factory=dict)

    def put(self, steps: _Steps, value: Any) -> None:
        *before, last = steps
        node = self
        for step in before:
            node = node.inside.setdefault(step, _Node())
        node.inside[last] = value

    def done(self) -> Any:
        if self.inside and all(isinstance(key, int) for key in self.inside):
            return [_done(self.inside[key]) for key in sorted(self.inside)]
        return {key: _done(value) for key, value in self.inside.items()}


def _done(value: Any) -> Any:
    return value.done() if isinstance(value, _Node) else value


def build(placed: Iterable[Placed], fed: frozenset[_Steps]) -> dict[str, Any]:
    """Return the fields of a deal as nested tables and lists.

    Args:
        placed: The values that are not missing.
        fed: The lists' items that some column could make, whether it did or not.

    Example:
        >>> build([Placed(("customer", "name"), "Acme", False)], frozenset())
        {'customer': {'name': 'Acme'}}
    """
    root, there, constants = _Node(), set[_Steps](), []
    for each in placed:
        if each.is_constant:
            constants.append(each)
            continue
        for steps, value in _spread(each):
            root.put(steps, value)
            there.update(items_on(steps))
    for each in constants:
        for steps in _numbered(each.steps, there):
            if all(item in there or item not in fed for item in items_on(steps)):
                root.put(steps, each.value)
    built: dict[str, Any] = root.done()
    return built


def items_on(steps: _Steps) -> Iterator[_Steps]:
    """Yield each item of a list that ``steps`` lead through."""
    return (steps[: at + 1] for at, step in enumerate(steps) if not isinstance(step, str))


def _spread(placed: Placed) -> Iterator[tuple[_Steps, Any]]:
    """Yield a value for each item of a list that was written as ``[]``."""
    if None not in placed.steps:
        yield placed.steps, placed.value
        return
    at = placed.steps.index(None)
    values = placed.value if isinstance(placed.value, list) else [placed.value]
    for number, value in enumerate(values):
        yield (*placed.steps[:at], number, *placed.steps[at + 1 :]), value


def _numbered(steps: _Steps, there: set[_Steps]) -> Iterator[_Steps]:
    """Yield ``steps`` for each item that is there, where they lead through ``[]``."""
    if None not in steps:
        yield steps
        return
    at = steps.index(None)
    for item in sorted(
        (it for it in there if len(it) == at + 1 and it[:at] == steps[:at]), key=str
    ):
        yield (*item, *steps[at + 1 :])
