"""What compiling gives: functions of one record, with what they read.

Each takes the record, the whole (inside a track), who asks, the host's facts, the moment and the
rates, by position, and never raises: what goes wrong inside is unknown, with a reason.

This module does not know how an expression is read or evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from pydantic import BaseModel

from cosell.events import Actor
from cosell.findings import Check, Finding, Verdict
from cosell.money import Rates

__all__ = ["CompiledCondition", "CompiledGate", "CompiledValue"]

_Facts: TypeAlias = Mapping[str, object] | None
_Permits: TypeAlias = Callable[
    [BaseModel, BaseModel | None, Actor, _Facts, datetime, Rates | None], bool
]
_Examine: TypeAlias = Callable[
    [BaseModel, BaseModel | None, Actor, _Facts, datetime, Rates | None], tuple[Finding, ...]
]
_Value: TypeAlias = Callable[
    [BaseModel, BaseModel | None, Actor, _Facts, datetime, Rates | None], Any
]
_Verdict: TypeAlias = Callable[
    [BaseModel, BaseModel | None, Actor, _Facts, datetime, Rates | None], Verdict
]


@dataclass(frozen=True, slots=True)
class CompiledGate:
    """A gate as functions.

    Attributes:
        checks: What is checked, in the order of the criteria.
        reads: Dotted paths that it reads: fields, ``record.`` and ``facts.``.
        permits: Whether every required criterion is met or does not apply, as
            ``permits(record, whole, actor, facts, at, rates)``. Stops at the first that is not.
        examine: One finding for each criterion, given the same.
        obstacles: Those of the findings that stand in the way, given the same; the others are
            not made.
    """

    checks: tuple[Check, ...]
    reads: frozenset[str]
    permits: _Permits
    examine: _Examine
    obstacles: _Examine


@dataclass(frozen=True, slots=True)
class CompiledValue:
    """An expression as a function.

    Attributes:
        type: The value's static type; ``str(type)`` is its name.
        reads: Dotted paths that it reads: fields, ``record.`` and ``facts.``.
        value: The value, as ``value(record, whole, actor, facts, at, rates)``; ``None`` is a
            missing one. Money is exact: it has more places than four where the expression
            multiplies or converts.
    """

    type: object
    reads: frozenset[str]
    value: _Value


@dataclass(frozen=True, slots=True)
class CompiledCondition:
    """A condition as a function.

    Attributes:
        reads: Dotted paths that it reads: fields, ``record.`` and ``facts.``.
        verdict: Met, unmet or unknown, as ``verdict(record, whole, actor, facts, at, rates)``.
    """

    reads: frozenset[str]
    verdict: _Verdict
