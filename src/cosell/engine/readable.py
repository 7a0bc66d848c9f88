"""Check that what a definition reads of a record can be read: fields, items, claims, effects.

This module does not compile anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import BaseModel

from cosell.definition.claim import claim_paths
from cosell.definition.clock import Clock
from cosell.definition.effect import PlannedEffect
from cosell.engine.paths import field_at, model_of
from cosell.engine.scopes import LineScope
from cosell.errors import Problem, did_you_mean
from cosell.rules.fields import UnsuitableFieldError, step_of
from cosell.rules.types import Kind, Type

__all__ = [
    "effects_in_clock",
    "is_derived",
    "paths_of",
    "problems_in_claim_paths",
    "problems_in_effect_paths",
    "problems_in_path",
]


def problems_in_path(line: LineScope, path: str, place: str) -> Iterator[Problem]:
    """Yield what keeps ``path`` from being read; derived fields can be."""
    model, inner = line.resolved(path)
    yield from _in_model(model, inner, path, place)


def _in_model(model: type[BaseModel], inner: str, path: str, place: str) -> Iterator[Problem]:
    head, _, last = inner.rpartition(".")
    field = field_at(model, head) if head else None
    owner = model_of(field.annotation) if field is not None else None if head else model
    if owner is None or not (last in owner.model_fields or is_derived(owner, last)):
        yield Problem(place, f"there is no field `{path}`", did_you_mean(inner, paths_of(model)))


def problems_in_claim_paths(line: LineScope, keys: Iterable[str], place: str) -> Iterator[Problem]:
    """Yield what keeps claims from being made of their fields."""
    for key in keys:
        for path in claim_paths(key):
            head, star, inner = path.partition("[*]")
            if not star:
                yield from problems_in_path(line, path, place)
            else:
                yield from _in_items(line, head, inner.removeprefix("."), path, place)


def problems_in_effect_paths(
    line: LineScope, effect: PlannedEffect, place: str
) -> Iterator[Problem]:
    """Yield what keeps an effect from being filled in."""
    if effect.for_each is not None:
        wrong = list(_in_items(line, effect.for_each, "", effect.for_each, f"{place}.for_each"))
        if wrong:
            yield from wrong
            return
    for path in effect.paths:
        inner = effect.item_path(path)
        if inner is None or effect.for_each is None:
            yield from problems_in_path(line, path, place)
        else:
            yield from _in_items(line, effect.for_each, inner, path, place)


def effects_in_clock(clock: Clock) -> Iterator[tuple[PlannedEffect, str]]:
    """Yield the effects of a clock, each with where it stands in it."""
    parts = {f"steps[{index}]": step.effects for index, step in enumerate(clock.steps)}
    parts["cadence"] = () if clock.cadence is None else clock.cadence.effects
    parts["on_breach"] = () if clock.on_breach is None else clock.on_breach.effects
    return ((effect, place) for place, effects in parts.items() for effect in effects)


def _in_items(line: LineScope, head: str, inner: str, path: str, place: str) -> Iterator[Problem]:
    """Yield why a list, or a field of its items, cannot be read."""
    wrong = list(problems_in_path(line, head, place))
    found = None if wrong else _type_at(*line.resolved(head))
    if wrong or found is None or found.item is None:
        yield from wrong or [Problem(place, f"`{head}` is no list", "Name a list of the record.")]
    elif inner and found.item.model is None:
        problem = f"the items of `{head}` have no fields"
        yield Problem(place, problem, "Name the item itself.")
    elif inner and found.item.model is not None:
        yield from _in_model(found.item.model, inner, path, place)


def _type_at(model: type[BaseModel], path: str) -> Type | None:
    """Return the type of the field or derived field at a path that can be read."""
    found = Type(Kind.MODEL, model=model)
    for name in path.split("."):
        try:
            step = step_of(found.model or model, name)
        except UnsuitableFieldError:
            return None
        if step is None:
            return None
        found = step.type
    return found


def is_derived(model: type[BaseModel], name: str) -> bool:
    """Whether ``name`` is a derived field: a property of the model."""
    return isinstance(getattr(model, name, None), property)


def paths_of(model: type[BaseModel], prefix: str = "", depth: int = 2) -> list[str]:
    """Return field paths of a model, for suggestions."""
    paths = []
    for name, field in model.model_fields.items():
        paths.append(prefix + name)
        inner = model_of(field.annotation)
        if inner is not None and depth > 1:
            paths += paths_of(inner, f"{prefix}{name}.", depth - 1)
    return paths
