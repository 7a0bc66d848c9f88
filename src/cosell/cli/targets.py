"""Where the value of a column goes: the path of a field, and what kind of value it takes.

This module does not know what stands in a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import AwareDatetime, BaseModel, StringConstraints

from cosell._base import Id
from cosell.engine import Bound
from cosell.engine.paths import unkeyed
from cosell.errors import CosellError, did_you_mean
from cosell.money import Money

__all__ = ["FACTS", "Kind", "Step", "Target", "TargetError", "find_target"]

#: The first name of a path that leads to a fact instead of a field.
FACTS: Final = "facts"
#: What the engine writes by itself.
_OWN: Final = frozenset({"id", "version", "process", "stage", "trail", "claims"})
_STEP: Final = re.compile(r"([a-z][a-z0-9_]*)(?:\[(\d{0,3})\])?")
_ID_PATTERN: Final = get_args(Id)[1].pattern

#: One step of a path: a field, an item of a list, or ``None`` for as many items as there are.
Step = str | int | None


class Kind(StrEnum):
    """What kind of value a field takes."""

    TEXT = "text"
    ID = "id"
    CHOICE = "choice"
    BOOL = "bool"
    INT = "int"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    INSTANT = "instant"
    WHOLE = "whole"  # a list or a table, which only nested records can bring


_KINDS: Final[Mapping[Any, Kind]] = MappingProxyType(
    {
        str: Kind.TEXT,
        bool: Kind.BOOL,
        int: Kind.INT,
        Decimal: Kind.DECIMAL,
        Money: Kind.MONEY,
        date: Kind.DATE,
        datetime: Kind.INSTANT,
        AwareDatetime: Kind.INSTANT,
    }
)


class TargetError(CosellError):
    """A path leads to nothing that a column can fill."""

    code = "mapping.target"


@dataclass(frozen=True, slots=True)
class Target:
    """A field that a column fills.

    Attributes:
        path: As the mapping writes it.
        steps: The same, taken apart.
        kind: What kind of value it takes.
        choices: The values it may take, of a choice.
    """

    path: str
    steps: tuple[Step, ...]
    kind: Kind
    choices: tuple[str, ...] = ()


def find_target(path: str, bound: Bound) -> Target:
    """Return what the path of a mapping leads to.

    Args:
        path: ``customer.name``, ``invoices[0].amount``, ``engagements[].activity``, or
            ``facts.name`` for a fact of the process.
        bound: The process, with the model of its records.

    Raises:
        TargetError: It leads nowhere, or to what the engine writes itself.
    """
    parts = [_STEP.fullmatch(part) for part in path.split(".")]
    steps: list[Step] = []
    for part in parts:
        if part is None:
            raise TargetError(
                f"`{path}` is no path of a field", "Write one such as `invoices[0].amount`."
            )
        steps += [part[1]] if part[2] is None else [part[1], int(part[2]) if part[2] else None]
    if steps[0] in _OWN:
        raise TargetError(
            f"`{steps[0]}` is not filled from a column",
            "Use `id`, `[stage]` and `stage.since` of the mapping.",
        )
    if steps[0] == FACTS:
        return _fact(path, steps, bound)
    stages = _stages_at(path, bound)
    if stages:
        return Target(path, tuple(steps), Kind.CHOICE, stages)
    kind, choices = _kind_of(_leaf(bound.model, tuple(steps), path))
    return Target(path, tuple(steps), kind, choices)


def _fact(path: str, steps: list[Step], bound: Bound) -> Target:
    facts = bound.process.facts
    name = path.partition(".")[2]
    if name not in facts:
        raise TargetError(f"there is no fact `{name}`", did_you_mean(name, facts))
    return Target(path, tuple(steps), Kind(facts[name]))


def _stages_at(path: str, bound: Bound) -> tuple[str, ...]:
    """Return the stages of the track whose stage ``path`` is, if it is one."""
    for line in bound.lines.values():
        if line.part and unkeyed(path) == f"{unkeyed(line.part)}.stage":
            return tuple(line.kinds)
    return ()


def _leaf(model: type[BaseModel], steps: tuple[Step, ...], path: str) -> Any:
    """Return the annotation at the end of ``steps``."""
    hint: Any = model
    for step in steps:
        plain = _bare(hint)
        if not isinstance(step, str):
            if get_origin(plain) is not tuple:
                raise TargetError(f"`{path}` names an item of what is no list", "Leave it out.")
            hint = get_args(plain)[0]
            continue
        known = _hints(plain) if isinstance(plain, type) and issubclass(plain, BaseModel) else {}
        if get_origin(plain) is tuple:
            raise TargetError(f"`{path}` goes through a list", f"Write `{step}` after `[0]`.")
        if step not in known:
            within = "" if step == path else f" in `{path}`"
            raise TargetError(f"there is no field `{step}`{within}", did_you_mean(step, known))
        hint = known[step]
    return hint


@cache
def _hints(model: type[BaseModel]) -> dict[str, Any]:
    hints = get_type_hints(model, include_extras=True)
    return {name: hints[name] for name in model.model_fields}


def _parts(hint: Any) -> tuple[Any, ...]:
    """Return the alternatives of an annotation, ``None`` left out."""
    if get_origin(hint) is Annotated and get_origin(get_args(hint)[0]) in (Union, UnionType):
        hint = get_args(hint)[0]
    parts = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return tuple(part for part in parts if part is not type(None))


def _bare(hint: Any) -> Any:
    first = _parts(hint)[0]
    return get_args(first)[0] if get_origin(first) is Annotated else first


def _kind_of(hint: Any) -> tuple[Kind, tuple[str, ...]]:
    bare = _bare(hint)
    if get_origin(bare) is Literal:
        return Kind.CHOICE, tuple(map(str, get_args(bare)))
    kind = _KINDS.get(bare, Kind.WHOLE)
    if kind is Kind.TEXT and _has_id_pattern(_parts(hint)[0]):
        kind = Kind.ID
    return kind, ()


def _has_id_pattern(part: Any) -> bool:
    return any(
        isinstance(each, StringConstraints) and each.pattern == _ID_PATTERN
        for each in get_args(part)[1:]
    )
