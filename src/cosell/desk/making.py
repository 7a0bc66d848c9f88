"""Check that records can be made of what effects carry, where a desk serves both processes.

This module does not make any record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cosell.definition.effect import PlannedEffect, overlap
from cosell.definition.line import Line
from cosell.engine import Bound
from cosell.engine.paths import field_at
from cosell.engine.readable import effects_in_clock, paths_of
from cosell.errors import Problem, did_you_mean

__all__ = ["problems_in_making"]

#: What a record that is made gets from the desk.
_GIVEN = ("id", "origin")


def problems_in_making(bounds: Iterable[Bound]) -> Iterator[Problem]:
    """Yield every field that an effect gives to a record which has none of that name."""
    served = sorted(bounds, key=lambda bound: bound.ref.version)
    newest = {bound.ref.id: bound for bound in served}
    for bound in served:
        for place, effect in _effects_in(bound.process.lines):
            made = newest.get(effect.process or "")
            if made is not None:
                path = f"{bound.ref.id}@{bound.ref.version}: {place}"
                yield from _in_effect(effect, made, path)


def _in_effect(effect: PlannedEffect, made: Bound, path: str) -> Iterator[Problem]:
    for name in effect.sources:
        if field_at(made.model, name) is None:
            problem = f"a record of `{made.ref.id}` has no field `{name}`"
            yield Problem(path, problem, did_you_mean(name, paths_of(made.model)))
        elif any(overlap(name, own) for own in (*made.own_paths, *_GIVEN)):
            problem = f"`{name}` of a record that is made is written by cosell alone"
            yield Problem(path, problem, "Leave it out.")


def _effects_in(lines: Mapping[str | None, Line]) -> Iterator[tuple[str, PlannedEffect]]:
    """Yield every planned effect, and what plans it."""
    for line in lines.values():
        for transition in line.transitions:
            yield from ((f"`{transition.trigger}`", effect) for effect in transition.effects)
        for clock in line.clocks:
            yield from ((f"clock `{clock.id}`", effect) for effect, _ in effects_in_clock(clock))
