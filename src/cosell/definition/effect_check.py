"""Check the effects of a definition: their kinds, whom they are for, what they make.

Whether a record can be made of what an effect carries is told when a desk serves both processes.

This module does not know how a definition is read, nor what a record is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cosell.definition.effect import CREATE, PlannedEffect, Report
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
        known = process.effects
        if effect.kind not in known and effect.kind != CREATE:
            problem = f"there is no effect `{effect.kind}`"
            yield Problem(f"{place}.kind", problem, did_you_mean(effect.kind, known))
        if effect.to is not None and effect.to not in process.roles:
            problem = f"there is no role `{effect.to}`"
            yield Problem(f"{place}.to", problem, did_you_mean(effect.to, process.roles))
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
        problem = f"there is no trigger `{report.trigger}`"
        yield Problem(f"{path}.trigger", problem, did_you_mean(report.trigger, known))
    elif report.path not in inputs:
        problem = f"`{report.path}` is no input of `{report.trigger}`"
        yield Problem(f"{path}.path", problem, did_you_mean(report.path, inputs))
