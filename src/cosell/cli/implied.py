"""Which moments a stage implies: those that every way to it writes.

This module does not know what a file holds.
"""

from __future__ import annotations

from cosell.definition import Line, StageKind
from cosell.definition.line import ANY_OPEN, SetValue, Transition

__all__ = ["implied_moments"]


def implied_moments(line: Line) -> dict[str, tuple[str, ...]]:
    """Return the fields of each stage that no deal can come to it without.

    Args:
        line: The main line of a process.

    Returns:
        Fields of the record itself that transitions set to their moment, in file order, by stage.
    """
    written = [(path, each) for each in line.transitions for path in _moments(each)]
    found: dict[str, tuple[str, ...]] = {}
    for path in dict.fromkeys(path for path, _ in written):
        without = _reached(line, [each for each in line.transitions if path not in _moments(each)])
        for stage in line.stages:
            if stage.id not in without:
                found[stage.id] = (*found.get(stage.id, ()), path)
    return found


def _moments(transition: Transition) -> list[str]:
    return [
        path for path, value in transition.set.items() if value == SetValue.AT and "." not in path
    ]


def _reached(line: Line, transitions: list[Transition]) -> set[str]:
    """Return the stages that a deal can come to by some transitions alone."""
    open_stages = {stage.id for stage in line.stages if stage.kind is StageKind.OPEN}
    reached, before = {line.initial}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {
            each.target
            for each in transitions
            if reached & set(each.source) or (ANY_OPEN in each.source and reached & open_stages)
        }
    return reached
