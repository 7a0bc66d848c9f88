"""Check a process against a model: paths, expressions, calendars. Everything wrong at once.

This module does not compile anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any, Final

from pydantic import BaseModel

from cosell.clocks import problems_in_clock_paths
from cosell.definition.claim import claim_paths
from cosell.definition.line import Transition
from cosell.definition.process import Process
from cosell.engine.paths import field_at, model_of
from cosell.engine.scopes import LineScope
from cosell.errors import Problem, did_you_mean
from cosell.models.record import NOT_STARTED
from cosell.rules import problems_in_gate, problems_in_scope

__all__ = ["problems_in_binding"]

#: Fields that only cosell writes: in the record, and in a part.
OWN_FIELDS: Final = frozenset({"id", "version", "process", "stage", "trail", "claims"})


def problems_in_binding(
    process: Process,
    scopes: Mapping[str | None, LineScope],
    calendars: Mapping[str, Any],
    predicates: Mapping[str, Callable[..., bool | None]],
) -> Iterator[Problem]:
    """Yield everything in ``process`` that does not fit the model of its records."""
    for name in process.calendars:
        if name not in calendars:
            yield Problem(
                "calendars",
                f"the process needs a calendar `{name}`",
                f"Give it to bind: calendars={{'{name}': Calendar.from_holidays(...)}}.",
            )
    yield from problems_in_scope(scopes[None].scope)
    for line in scopes.values():
        if line.model is None:
            known = _paths_of(scopes[None].scope.model)
            yield Problem(
                line.path.rstrip("."),
                f"the record has no part `{line.part}`",
                did_you_mean(line.part, known),
            )
        else:
            yield from _in_line(line, predicates)


def _in_line(
    line: LineScope, predicates: Mapping[str, Callable[..., bool | None]]
) -> Iterator[Problem]:
    if line.name is not None and line.line.initial != NOT_STARTED:
        yield Problem(
            f"{line.path}initial",
            f"a track begins at `{NOT_STARTED}`",
            f"Make `{NOT_STARTED}` its first stage.",
        )
    for gate_id, gate in line.line.gates.items():
        for found in problems_in_gate(gate.criteria, line.scope, predicates=predicates):
            yield replace(found, path=f"{line.path}gates.{gate_id}.{found.path}")
    for index, transition in enumerate(line.line.transitions):
        yield from _in_transition(line, transition, f"{line.path}transitions[{index}]")
    for index, clock in enumerate(line.line.clocks):
        for found in problems_in_clock_paths(clock, line.scope.model, line.scope.whole):
            yield replace(found, path=f"{line.path}clocks[{index}].{found.path}")
    for index, lock in enumerate(line.line.locks):
        for path in lock.paths:
            yield from _unreadable(line, path, f"{line.path}locks[{index}].paths")


def _in_transition(line: LineScope, transition: Transition, path: str) -> Iterator[Problem]:
    for index, given in enumerate(transition.inputs):
        yield from _unwritable(line, given.path, f"{path}.inputs[{index}].path")
    for written in transition.set:
        yield from _unwritable(line, written, f"{path}.set.{written}")
    read = chain(
        ((field, f"{path}.claims") for key in transition.claims for field in claim_paths(key)),
        ((field, f"{path}.effects") for effect in transition.effects for field in effect.data),
    )
    for field, place in read:
        yield from _unreadable(line, field, place)


def _unwritable(line: LineScope, path: str, place: str) -> Iterator[Problem]:
    """Yield what keeps a transition from writing ``path``."""
    model, inner = line.resolved(path)
    if field_at(model, inner) is None:
        yield Problem(place, f"there is no field `{path}`", did_you_mean(inner, _paths_of(model)))
    elif inner in OWN_FIELDS or inner.endswith(".stage"):
        yield Problem(place, f"`{path}` is written by cosell alone", "Leave it out.")


def _unreadable(line: LineScope, path: str, place: str) -> Iterator[Problem]:
    """Yield what keeps ``path`` from being read; derived fields can be."""
    model, inner = line.resolved(path)
    head, _, last = inner.rpartition(".")
    field = field_at(model, head) if head else None
    owner = model_of(field.annotation) if field is not None else None if head else model
    if owner is None or not (last in owner.model_fields or is_derived(owner, last)):
        yield Problem(place, f"there is no field `{path}`", did_you_mean(inner, _paths_of(model)))


def is_derived(model: type[BaseModel], name: str) -> bool:
    """Whether ``name`` is a derived field: a property of the model."""
    return isinstance(getattr(model, name, None), property)


def _paths_of(model: type[BaseModel], prefix: str = "", depth: int = 2) -> list[str]:
    """Return field paths of a model, for suggestions."""
    paths = []
    for name, field in model.model_fields.items():
        paths.append(prefix + name)
        inner = model_of(field.annotation)
        if inner is not None and depth > 1:
            paths += _paths_of(inner, f"{prefix}{name}.", depth - 1)
    return paths
