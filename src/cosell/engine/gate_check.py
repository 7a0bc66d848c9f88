"""Check gates and qualification methods against a model: each expression, and each level's path.

This module does not compile anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from cosell.definition.asked import Asked, asked_by
from cosell.definition.process import Process
from cosell.engine.scopes import LineScope
from cosell.errors import Problem
from cosell.rules import Criterion, problems_in_gate

__all__ = ["problems_in_gates", "problems_in_methods"]


def problems_in_gates(
    process: Process, line: LineScope, predicates: Mapping[str, Callable[..., bool | None]]
) -> Iterator[Problem]:
    """Yield what does not fit the model in the gates of a line.

    What is wrong with a method itself is said once, by ``problems_in_methods``; what is wrong with
    a chain, by ``problems_in_chains``.
    """
    fit = next(problems_in_methods(process, line), None) is None
    for gate_id, gate in line.line.gates.items():
        asked = asked_by(process, line.name, gate)
        criteria = [each.criterion for each in asked]
        for found in problems_in_gate(criteria, line.scope, predicates=predicates):
            place = _written_at(found.path, asked)
            if place.startswith("criteria[") or (fit and place.startswith("methods[")):
                yield replace(found, path=f"{line.path}gates.{gate_id}.{place}")


def problems_in_methods(process: Process, line: LineScope) -> Iterator[Problem]:
    """Yield every element of a method whose level the record does not have as a whole number."""
    whole = "" if line.name is None else "record."
    for name, method in process.methods.items():
        own = {element.id: index for index, element in enumerate(method.elements)}
        for element in method.asked:
            text = f"{whole}{method.level_path(element)} >= 0"
            criterion = Criterion(id=element.id, need=text, remedy="Record it.")
            for found in problems_in_gate([criterion], line.scope):
                index = own.get(element.id)
                place = "" if index is None else f".elements[{index}]"
                yield replace(found, path=f"methods.{name}{place}")


def _written_at(path: str, asked: Sequence[Asked]) -> str:
    """Return where a problem stands in a gate; what a row stands for is told at the row."""
    criterion, dot, field = path.partition(".")
    place = asked[int(criterion.removeprefix("criteria[").removesuffix("]"))].path
    return f"{place}{dot}{field}" if place == criterion else place
