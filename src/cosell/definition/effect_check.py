"""Check the effects of a definition: their kinds, whom they are for, what they make.

Whether a record can be made of what an effect carries is told when a desk serves both processes.

This module does not know how a definition is read, nor what a record is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cosell.definition.effect import CREATE, PlannedEffect, Report
from cosell.definition.known import Resting, absent, unknown
from cosell.definition.line import Line
from cosell.definition.process import Process
from cosell.errors import Problem, did_you_mean

__all__ = ["problems_in_effects"]


def problems_in_effects(
    effects: Iterable[PlannedEffect], process: Process, line: Line, path: str
) -> Iterator[Problem]:
    """Yield what is wrong with the effects that stand at ``path`` of a line of ``process``."""
    for index, effect in enumerate(effects):
        place = f"{path}[{index}]"
        if effect.kind != CREATE:
            yield from unknown([effect.kind], process.effects, f"{place}.kind", "effect")
        if effect.to is not None:
            yield from unknown([effect.to], process.roles, f"{place}.to", "role")
        yield from _in_creation(effect, line, place)


def _in_creation(effect: PlannedEffect, line: Line, path: str) -> Iterator[Problem]:
    creates = effect.kind == CREATE
    if creates and effect.process is None:
        problem = "it does not say which record is to be made"
        yield Problem(path, problem, 'Name its process: `process = "opportunity"`.')
    if creates and effect.process is not None and not effect.sources:
        yield Problem(path, "the record would be empty", "Give its fields as `data`.")
    for field in ("process", "report"):
        if not creates and getattr(effect, field) is not None:
            problem = f"`{field}` stands beside the effect `{CREATE}` only"
            yield Problem(f"{path}.{field}", problem, "Leave it out.")
    if effect.report is not None:
        yield from _in_report(effect.report, line, f"{path}.report")


def _in_report(report: Report, line: Line, path: str) -> Iterator[Problem]:
    asked = [each for each in line.transitions if each.trigger == report.trigger]
    inputs = {given.path for each in asked for given in each.inputs}
    if not asked:
        known = {each.trigger for each in line.transitions}
        yield absent("trigger", report.trigger, known, f"{path}.trigger")
    elif report.path not in inputs:
        problem = f"`{report.path}` is no input of `{report.trigger}`"
        remedy = did_you_mean(report.path, inputs)
        yield Resting(f"{path}.path", problem, remedy, on=("transitions.*.inputs",))
