"""Check automatic transitions: that they can be taken by nobody, and come to an end.

This module does not know when a transition is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cosell.definition.known import Resting
from cosell.definition.line import STAY, Line, Transition
from cosell.errors import Problem

__all__ = ["problems_in_automatic"]

#: What says from where to where transitions lead by themselves.
_MOVES: Final = (
    "stages.*.kind",
    "stages.*.id",
    "transitions.*.source",
    "transitions.*.target",
    "transitions.*.automatic",
)


def problems_in_automatic(line: Line, prefix: str, clock_role: str) -> Iterator[Problem]:
    """Yield why an automatic transition of a line could not be taken, or would never end.

    Args:
        line: The line.
        prefix: Where it stands in the definition, with a final dot; empty on the main line.
        clock_role: The role that acts by itself.
    """
    circling = _in_circles(line)
    for index, transition in enumerate(line.transitions):
        if not transition.automatic:
            continue
        path = f"{prefix}transitions[{index}]"
        if clock_role not in transition.roles:
            problem = f"`{transition.trigger}` is automatic, and `{clock_role}` may not ask for it"
            yield Problem(f"{path}.roles", problem, f"Add `{clock_role}` to its roles.")
        if transition.target == STAY:
            problem = "an automatic transition that stays would be taken again and again"
            yield Problem(f"{path}.target", problem, "Let it lead to another stage.")
        elif index in circling:
            stages = ", ".join(circling[index])
            problem = f"automatic transitions go in a circle: {stages}"
            remedy = "Let a person decide in one of them."
            yield Resting(f"{path}.automatic", problem, remedy, on=_MOVES)
        if any(given.required or given.needs for given in transition.inputs):
            problem = "nobody gives an automatic transition its inputs"
            yield Problem(f"{path}.inputs", problem, "Ask for the fields in a gate.")


def _in_circles(line: Line) -> dict[int, list[str]]:
    """Return the automatic transitions that can follow themselves, with the stages they pass."""
    automatic = {n: each for n, each in enumerate(line.transitions) if each.automatic}
    stages = {stage.id for stage in line.stages}
    edges = {n: _edges(line, each) for n, each in automatic.items()}
    while True:
        edges = {
            n: [(source, target) for source, target in each if {source, target} <= stages]
            for n, each in edges.items()
        }
        left = {source for each in edges.values() for source, _ in each}
        entered = {target for each in edges.values() for _, target in each}
        if stages == left & entered:
            break
        stages = left & entered
    return {n: sorted(stages) for n, each in edges.items() if each}


def _edges(line: Line, transition: Transition) -> list[tuple[str, str]]:
    """Return source and target of the moves of a transition."""
    return [(source, transition.target) for source in line.stages_named(transition.source)]
