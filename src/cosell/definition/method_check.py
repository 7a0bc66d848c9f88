"""Check the qualification methods of a process, and the rows of gates that ask for them.

Whether the answers exist in the record is checked by ``bind``.

This module does not know how a definition is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from cosell.definition.known import Resting, absent, unknown
from cosell.definition.line import Gate
from cosell.definition.method import Method
from cosell.definition.shipped_methods import SHIPPED
from cosell.errors import Problem, did_you_mean

__all__ = ["problems_in_asked_methods", "problems_in_methods"]


def problems_in_methods(
    methods: Mapping[str, Method], stages: Collection[str]
) -> Iterator[Problem]:
    """Yield what does not fit together in methods.

    Args:
        methods: The methods of a process, by name.
        stages: Every stage of its main line and its tracks.
    """
    for name, method in methods.items():
        path = f"methods.{name}"
        yield from _in_use(method, path)
        yield from _in_elements(method, path, stages)
        yield from _unknown_stages(method.minimum_score, f"{path}.minimum_score", stages)
        if not method.asked:
            yield Problem(path, "it asks for nothing", "Give it elements, or `use` one that ships.")


def problems_in_asked_methods(
    gate: Gate, methods: Mapping[str, Method], path: str
) -> Iterator[Problem]:
    """Yield what is wrong with the rows of a gate that ask for methods."""
    for index, row in enumerate(gate.methods):
        place, method = f"{path}.methods[{index}]", methods.get(row.method)
        if method is None:
            yield absent("method", row.method, methods, f"{place}.method")
            continue
        asked = {stage for element in method.asked for stage in element.minimum}
        asked |= method.minimum_score.keys()
        if row.stage is not None and row.stage not in asked:
            problem = f"`{row.method}` has no minimum for `{row.stage}`"
            remedy = did_you_mean(row.stage, asked)
            yield Resting(f"{place}.stage", problem, remedy, on=(f"methods.{row.method}",))
        if row.stage is None and row.minimum_score is None:
            remedy = "Give it a `stage` that has a minimum, or a `minimum_score`."
            yield Problem(place, "it asks for nothing", remedy)


def _in_use(method: Method, path: str) -> Iterator[Problem]:
    shipped = SHIPPED.get(method.use) if method.use is not None else None
    if method.use is not None and shipped is None:
        problem = f"no method `{method.use}` ships"
        yield Problem(f"{path}.use", problem, did_you_mean(method.use, SHIPPED))
    known = () if shipped is None else tuple(shipped.elements)
    for index, name in enumerate(method.without):
        if name not in known:
            place, problem = (
                f"{path}.without[{index}]",
                f"there is no element `{name}` to leave out",
            )
            yield Problem(place, problem, did_you_mean(name, known))


def _in_elements(method: Method, path: str, stages: Collection[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, element in enumerate(method.elements):
        place = f"{path}.elements[{index}]"
        if element.id in seen:
            problem = f"element `{element.id}` is defined already"
            yield Resting(f"{place}.id", problem, "Rename one of them.")
        seen.add(element.id)
        yield from _unknown_stages(element.minimum, f"{place}.minimum", stages)


def _unknown_stages(
    found: Mapping[str, object], path: str, stages: Collection[str]
) -> Iterator[Problem]:
    for name in found:
        yield from unknown([name], stages, f"{path}.{name}", "stage", track="*")
