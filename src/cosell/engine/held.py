"""Fields that a stage holds at a value: a status of several fields, which changes as one.

Rules:

1. The fields are those that any stage of the line names. In each stage they have the values that
   it names; what it does not name is missing there.
2. Whatever brings a record to a stage writes them in the same event: a transition, an opening, an
   adoption, a migration. Nothing else does: they are cosell's own, as the stage is. So no record
   ever has a pair of values that no stage has.

This module does not know why a record comes to a stage.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from cosell.definition.line import STAY, Line, Transition, Written
from cosell.engine.paths import find_blank, read_path, rewritten
from cosell.errors import Problem
from cosell.models.record import Record

if TYPE_CHECKING:
    from cosell.engine.bound import Bound

__all__ = [
    "held_in",
    "held_paths",
    "holding",
    "problems_in_status",
    "status_changes",
    "with_status",
]

_R = TypeVar("_R", bound=Record)


def held_paths(line: Line) -> tuple[str, ...]:
    """Return the fields that stages of ``line`` hold, each once."""
    return tuple(dict.fromkeys(path for stage in line.stages for path in stage.fields))


def holding(line: Line) -> Iterator[Transition]:
    """Yield the transitions of ``line``, each with what the stage holds that it leads to."""
    paths, stages = held_paths(line), {stage.id: stage for stage in line.stages}
    for transition in line.transitions:
        if not paths or transition.target == STAY:
            yield transition
            continue
        fields = stages[transition.target].fields
        literals = {path: Written(literal=value) for path, value in fields.items()}
        missing = tuple(path for path in paths if path not in fields)
        yield transition.model_copy(
            update={
                "set": {**transition.set, **literals},
                "clear": (*transition.clear, *missing),
            }
        )


def with_status(bound: Bound, record: _R, stage: str) -> _R:
    """Return ``record`` with what its stages hold, as it enters the main line at ``stage``."""
    writes = dict(_status(bound, record, stage))
    return rewritten(record, writes, f"record `{record.id}`", bound.keys) if writes else record


def status_changes(bound: Bound, record: Record) -> dict[str, Any]:
    """Return what the stages of ``record`` hold and it does not have, by path."""
    stage = bound.main.stage_of(record)
    there = with_status(bound, record, stage)
    pairs = (
        (path, *(read_path(each, path, bound.keys) for each in (record, there)))
        for path, _ in _status(bound, record, stage)
    )
    return {path: held for path, given, held in pairs if given != held}


def problems_in_status(
    bound: Bound, record: Record, there: Record, stage: str
) -> Iterator[Problem]:
    """Yield each field of ``record`` that says something else than its stages hold.

    Args:
        bound: The process that it enters.
        record: The record as it was given.
        there: The same, as ``with_status`` returns it.
        stage: Where it enters the main line.
    """
    for path, _ in _status(bound, record, stage):
        given, held = (read_path(each, path, bound.keys) for each in (record, there))
        if given not in (held, *(find_blank(bound.model, path) or ())):
            problem = f"`{path}` is `{given}`, and the stage that it enters has `{held}`"
            yield Problem(path, problem, "Leave it out, or enter at the stage that has it.")


def _status(bound: Bound, record: Record, stage: str) -> Iterator[tuple[str, Any]]:
    """Yield what the stages of all lines hold, by path from the record; the rest is blank."""
    for line in bound.lines_of(record):
        here = stage if line is bound.main else line.stage_of(record)
        model = type(line.part_of(record))
        for path, value in held_in(line.definition, here, model):
            yield line.full_path(path), value


def held_in(line: Line, stage: str, model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """Yield what a stage of ``line`` holds, by path from the part; the rest is blank.

    Args:
        line: The line.
        stage: One of its stages.
        model: The model of the part that it leads, or of the record.
    """
    fields = line.stage(stage).fields
    for path in held_paths(line):
        blank = find_blank(model, path)
        yield path, fields[path] if path in fields else blank and blank[0]
