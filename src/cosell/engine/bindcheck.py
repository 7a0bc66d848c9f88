"""Check a process against a model: paths, expressions, calendars. Everything wrong at once.

This module does not compile anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from cosell._base import in_words
from cosell.calendars import Calendar
from cosell.clocks import Correction, problems_in_clock_paths
from cosell.definition.access import EVERY_FIELD
from cosell.definition.approving import APPROVALS
from cosell.definition.effect import overlap
from cosell.definition.line import Input, SetValue, Transition
from cosell.definition.process import Process
from cosell.engine.access import when_criterion
from cosell.engine.append import COVERED, literal_of
from cosell.engine.chains import answer_paths, problems_in_chains
from cosell.engine.gate_check import problems_in_gates, problems_in_methods
from cosell.engine.held import held_paths
from cosell.engine.own import is_own, own_paths
from cosell.engine.paths import adapter_of, field_at, find_blank, item_model_of, item_of, model_of
from cosell.engine.readable import (
    effects_in_clock,
    paths_of,
    problems_in_claim_paths,
    problems_in_effect_paths,
    problems_in_path,
)
from cosell.engine.scopes import LineScope
from cosell.engine.sight import ALWAYS_SEEN, is_known
from cosell.engine.stored_fields import problems_in_fields
from cosell.errors import Problem, did_you_mean, require_kind
from cosell.models.record import NOT_STARTED, Part
from cosell.rules import problems_in_gate, problems_in_scope
from cosell.rules.fields import UnsuitableFieldError, step_of
from cosell.rules.types import Kind

__all__ = ["problems_in_binding", "problems_in_corrections", "problems_in_lines"]

#: One value of each kind that a transition can set by itself.
_SAMPLES: Final[Mapping[SetValue, Any]] = MappingProxyType(
    {
        SetValue.AT: datetime(2000, 1, 1, tzinfo=UTC),
        SetValue.ACTOR_ID: "a",
        SetValue.ACTOR_ROLE: "a",
        SetValue.ACTOR_PARTY: "a",
        SetValue.ACTOR_PRINCIPAL: "a",
    }
)


def problems_in_binding(
    process: Process,
    scopes: Mapping[str | None, LineScope],
    calendars: Mapping[str, Any],
    predicates: Mapping[str, Callable[..., bool | None]],
) -> Iterator[Problem]:
    """Yield everything in ``process`` that does not fit the model of its records."""
    require_kind(
        calendars, Mapping, "calendars", like='{"vendor": Calendar.from_holidays("CZ", ...)}'
    )
    for name in process.calendars:
        if name in calendars and not isinstance(calendars[name], Calendar):
            given = type(calendars[name]).__name__
            yield Problem(
                "calendars",
                f"`{name}` is to be a calendar, and is a {given}",
                f"Give it to bind: calendars={{'{name}': Calendar.from_holidays(...)}}.",
            )
        if name not in calendars:
            yield Problem(
                "calendars",
                f"the process needs a calendar `{name}`",
                f"Give it to bind: calendars={{'{name}': Calendar.from_holidays(...)}}.",
            )
    yield from problems_in_fields(scopes[None].scope.model)
    yield from problems_in_lines(process, scopes, predicates)


def problems_in_lines(
    process: Process,
    scopes: Mapping[str | None, LineScope],
    predicates: Mapping[str, Callable[..., bool | None]],
) -> Iterator[Problem]:
    """Yield everything in ``process`` that does not fit the model, whatever its calendars are."""
    yield from problems_in_scope(scopes[None].scope)
    yield from problems_in_methods(process, scopes[None])
    own = (*own_paths(line.any_part for line in scopes.values()), *answer_paths(process))
    for name, kind in process.claims.items():
        yield from problems_in_claim_paths(scopes[None], kind.keys, f"claims.{name}.keys")
    yield from _in_views(process, scopes[None], predicates)
    led: dict[str, str] = {}
    for line in scopes.values():
        wrong = list(_in_part(line, scopes[None].scope.model, led))
        yield from wrong
        if not wrong:
            yield from _in_line(line, own, predicates)
            yield from problems_in_gates(process, line, predicates)


def problems_in_corrections(
    process: Process, corrections: Iterable[Correction]
) -> Iterator[Problem]:
    """Yield every calendar of a correction that the process does not list."""
    for index, correction in enumerate(corrections):
        for name in correction.calendars:
            if name not in process.calendars:
                yield Problem(
                    f"corrections[{index}].calendars",
                    f"there is no calendar `{name}`",
                    did_you_mean(name, process.calendars),
                )


def _in_part(line: LineScope, whole: type[BaseModel], led: dict[str, str]) -> Iterator[Problem]:
    """Yield why a track cannot lead its part; ``led`` holds the parts of the tracks before."""
    if line.name is None:
        return
    place = line.path.rstrip(".")
    if line.key is not None:
        wrong = list(_in_list(line, whole, line.key))
    else:
        wrong = list(_in_single(line, whole))
    if wrong:
        yield from wrong
    elif line.part in led:
        problem = f"track `{led[line.part]}` leads `{line.part}` already"
        yield Problem(place, problem, "Join the two tracks.")
    led.setdefault(line.part, line.name)


def _in_single(line: LineScope, whole: type[BaseModel]) -> Iterator[Problem]:
    if _is_part(whole, line.part):
        return
    place = line.path.rstrip(".")
    if _is_list(whole, line.part):
        problem = f"`{line.part}` is a list, and nothing names its items"
        remedy = "Say which of their fields does: `key`."
        yield Problem(place, problem, remedy)
        return
    problem = f"the record has no part `{line.part}` that is never missing"
    parts = [path for path in paths_of(whole) if _is_part(whole, path)]
    yield Problem(place, problem, did_you_mean(line.part, parts))


def _in_list(line: LineScope, whole: type[BaseModel], key: str) -> Iterator[Problem]:
    """Yield why a track cannot lead the items of a list, each named by its field ``key``."""
    if line.model is None or not _is_list(whole, line.part):
        problem = f"the record has no list `{line.part}` of parts"
        lists = [path for path in paths_of(whole) if _is_list(whole, path)]
        yield Problem(line.path.rstrip("."), problem, did_you_mean(line.part, lists))
        return
    names = [name for name in line.model.model_fields if _can_name(line.model, name)]
    if key not in names:
        problem = f"`{key}` is no text that can name an item of `{line.part}`"
        yield Problem(f"{line.path}key", problem, did_you_mean(key, names))


def _can_name(model: type[BaseModel], name: str) -> bool:
    """Whether a field holds one text, and is not the stage."""
    try:
        step = step_of(model, name)
    except UnsuitableFieldError:
        return False
    return name != "stage" and step is not None and step.type.kind in {Kind.TEXT, Kind.LABEL}


def _is_part(model: type[BaseModel], path: str) -> bool:
    """Whether a path leads to a part, through models that cannot be missing."""
    found = _annotation_at(model, path)
    return isinstance(found, type) and issubclass(found, Part)


def _is_list(model: type[BaseModel], path: str) -> bool:
    """Whether a path leads to a list of parts, through models that cannot be missing."""
    item = item_model_of(_annotation_at(model, path))
    return item is not None and issubclass(item, Part)


def _annotation_at(model: type[BaseModel], path: str) -> Any:
    """Return what the field at a path holds; ``None`` where something on the way may be missing."""
    head, _, rest = path.partition(".")
    found = model.model_fields[head].annotation if head in model.model_fields else None
    if not rest:
        return found
    if not (isinstance(found, type) and issubclass(found, BaseModel)):
        return None
    return _annotation_at(found, rest)


def _in_line(
    line: LineScope, own: Sequence[str], predicates: Mapping[str, Callable[..., bool | None]]
) -> Iterator[Problem]:
    if line.name is not None and line.line.initial != NOT_STARTED:
        yield Problem(
            f"{line.path}initial",
            f"a track begins at `{NOT_STARTED}`",
            f"Make `{NOT_STARTED}` its first stage.",
        )
    yield from problems_in_chains(line)
    yield from _in_status(line, own)
    own = (*own, *map(line.full_path, held_paths(line.line)))
    for index, transition in enumerate(line.line.transitions):
        yield from _in_transition(line, transition, own, f"{line.path}transitions[{index}]")
    for index, clock in enumerate(line.line.clocks):
        for found in problems_in_clock_paths(clock, line.scope.model, line.scope.whole):
            yield replace(found, path=f"{line.path}clocks[{index}].{found.path}")
        for effect, place in effects_in_clock(clock):
            where = f"{line.path}clocks[{index}].{place}.effects"
            yield from problems_in_effect_paths(line, effect, where)
    yield from _in_locks(line)
    yield from _in_edits(line, predicates)


def _in_locks(line: LineScope) -> Iterator[Problem]:
    for index, lock in enumerate(line.line.locks):
        for path in lock.paths:
            place = f"{line.path}locks[{index}].paths"
            yield from (_missing if lock.once else problems_in_path)(line, path, place)


def _in_edits(
    line: LineScope, predicates: Mapping[str, Callable[..., bool | None]]
) -> Iterator[Problem]:
    for index, row in enumerate(line.line.edits):
        place = f"{line.path}edits[{index}]"
        for path in row.paths:
            if path != EVERY_FIELD:
                yield from _missing(line, path, f"{place}.paths")
        yield from _in_condition(row.id, row.when, line, predicates, f"{place}.when")


def _in_views(
    process: Process, line: LineScope, predicates: Mapping[str, Callable[..., bool | None]]
) -> Iterator[Problem]:
    for index, row in enumerate(process.views):
        place = f"views[{index}]"
        yield from _in_condition(row.id, row.when, line, predicates, f"{place}.when")
        for key, paths in (("hide", row.hide), ("show", row.show or ()), ("reveal", row.reveal)):
            for path in paths:
                yield from _unseeable(process, line.scope.model, path, f"{place}.{key}")
        for path in row.hide:
            if path.partition(".")[0] in ALWAYS_SEEN:
                problem = f"`{path}` is seen by whoever sees the record"
                yield Problem(f"{place}.hide", problem, "Leave it out.")


def _unseeable(
    process: Process, model: type[BaseModel], path: str, place: str
) -> Iterator[Problem]:
    """Yield that there is no such field, derived field or fact; lists are looked into."""
    head, _, rest = path.partition(".")
    if head == "facts":
        if rest not in process.facts:
            remedy = did_you_mean(rest, process.facts)
            yield Problem(place, f"there is no fact `{rest}`", remedy)
    elif not is_known(model, path):
        yield Problem(place, f"there is no field `{path}`", did_you_mean(path, paths_of(model)))


def _in_condition(
    row_id: str,
    text: str | None,
    line: LineScope,
    predicates: Mapping[str, Callable[..., bool | None]],
    place: str,
) -> Iterator[Problem]:
    if text is not None:
        criteria = [when_criterion(row_id, text)]
        for found in problems_in_gate(criteria, line.scope, predicates=predicates):
            yield replace(found, path=place)


def _missing(line: LineScope, path: str, place: str) -> Iterator[Problem]:
    """Yield that there is no such field; a derived one is none."""
    model, inner = line.resolved(path)
    if field_at(model, inner) is None:
        yield Problem(place, f"there is no field `{path}`", did_you_mean(inner, paths_of(model)))


def _in_status(line: LineScope, own: Sequence[str]) -> Iterator[Problem]:
    """Yield every value of a stage that a field cannot have, and every field it cannot empty."""
    paths = held_paths(line.line)
    for index, stage in enumerate(line.line.stages):
        for path in paths:
            place = f"{line.path}stages[{index}].fields"
            if path in stage.fields:
                place = f"{place}.{path}"
            wrong = list(_unwritable(line, path, own, place))
            if path in stage.fields:
                value = stage.fields[path]
                yield from wrong or _unfitting(*line.resolved(path), path, value, place)
            elif not wrong:
                yield from _unempty(line, path, place)


def _in_transition(
    line: LineScope, transition: Transition, own: Sequence[str], path: str
) -> Iterator[Problem]:
    for index, given in enumerate(transition.inputs):
        place = f"{path}.inputs[{index}]"
        wrong = list(_unwritable(line, given.path, own, f"{place}.path"))
        yield from wrong or _in_append(line, given, place)
    for field, value in transition.set.items():
        place = f"{path}.set.{field}"
        wrong = [*_unwritable(line, field, own, place), *_of_items(line, field, own, place)]
        yield from wrong or _unfitting(*line.resolved(field), field, value, place)
    kept = [each for each in own if each != APPROVALS]  # to clear them is to ask anew
    for index, field in enumerate(transition.clear):
        place = f"{path}.clear[{index}]"
        wrong = [*_unwritable(line, field, kept, place), *_of_items(line, field, kept, place)]
        yield from wrong or _unempty(line, field, place)
    for field in ("claims", "waits"):
        yield from problems_in_claim_paths(line, getattr(transition, field), f"{path}.{field}")
    for effect in transition.effects:
        yield from problems_in_effect_paths(line, effect, f"{path}.effects")


def _unwritable(line: LineScope, path: str, own: Sequence[str], place: str) -> Iterator[Problem]:
    """Yield what keeps a transition from writing ``path``."""
    missing = list(_missing(line, path, place))
    yield from missing
    if missing:
        return
    if any(is_own(line.full_path(path), each) for each in own):
        yield Problem(place, f"`{path}` is written by cosell alone", "Leave it out.")
    elif line.key is not None and overlap(line.full_path(path), f"{line.any_part}.{line.key}"):
        problem = f"`{path}` holds what names the item"
        yield Problem(place, problem, "Leave it out: an item keeps its name.")


def _of_items(line: LineScope, path: str, own: Sequence[str], place: str) -> Iterator[Problem]:
    """Yield that a path holds items that a track leads, which the caller's data alone may write."""
    full = line.full_path(path)
    if any("[" in each and overlap(full, each) for each in own):
        problem = f"`{path}` holds items that a track leads"
        yield Problem(place, problem, "Let the caller give it: name it in `inputs`.")


def _in_append(line: LineScope, given: Input, place: str) -> Iterator[Problem]:
    """Yield why no item can be added to a list as an input says."""
    if not given.append:
        return
    item = item_of(*line.resolved(given.path))
    if item is None:
        problem = f"`{given.path}` is no list of any length"
        yield Problem(f"{place}.path", problem, "Leave out `append`, or name a list.")
        return
    model = model_of(item)
    names = [(name, f"stamp.{name}") for name in given.stamp]
    names += [(name, f"needs[{index}]") for index, name in enumerate(given.needs)]
    names += [] if given.covers is None else [(COVERED, "covers")]
    for name, where in names:
        if model is None or name not in model.model_fields:
            problem = f"an item of `{given.path}` has no field `{name}`"
            known = () if model is None else model.model_fields
            yield Problem(f"{place}.{where}", problem, did_you_mean(name, known))
        elif name in given.stamp and name in given.needs:
            problem = f"`{name}` is stamped, so nobody can give it"
            yield Problem(f"{place}.{where}", problem, "Keep one of the two.")
        elif name in given.stamp:
            yield from _unfitting(model, name, name, given.stamp[name], f"{place}.{where}")
    for index, path in enumerate(given.covers or ()):
        yield from problems_in_path(line, path, f"{place}.covers[{index}]")


def _unempty(line: LineScope, path: str, place: str) -> Iterator[Problem]:
    """Yield why a transition cannot empty a field."""
    if find_blank(*line.resolved(path)) is None:
        problem = f"`{path}` cannot be empty"
        yield Problem(place, problem, "Leave it out, or let the record's model give it a default.")


def _unfitting(
    model: type[BaseModel], inner: str, path: str, value: Any, place: str
) -> Iterator[Problem]:
    """Yield why a field cannot hold what a transition sets it to."""
    written = _SAMPLES[value] if isinstance(value, SetValue) else literal_of(value)
    try:
        adapter_of(model, inner).validate_python(written)
    except ValidationError as error:
        problem, remedy = in_words(error.errors(include_url=False)[0])
        given = f"It is set to `{value}`." if isinstance(value, SetValue) else remedy
        yield Problem(place, f"`{path}`: {problem}", given)
