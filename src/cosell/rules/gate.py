"""Compile gates, values and conditions to functions of one record.

Rules that hold for every function given out:

1. It never raises because of a record, a fact or a host's own code: what goes wrong is unknown,
   with a reason, and never a yes.
2. Generated code and closures answer alike; generated code leaves to closures whatever needs a
   reason beyond the verdict.

This module does not know how an expression is read or checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from cosell.errors import DefinitionError, Problem
from cosell.findings import Finding, Verdict
from cosell.rules.careful import Careful, CarefulValue
from cosell.rules.check import check, rates_day
from cosell.rules.compiled import CompiledCondition, CompiledGate, CompiledValue
from cosell.rules.criterion import Criterion
from cosell.rules.judgement import Judgement, Result, fields_in
from cosell.rules.lower import Lowering
from cosell.rules.lowered import Truth
from cosell.rules.prepare import Predicates, prepared, problems_in_scope, reads_of
from cosell.rules.python import Module
from cosell.rules.scope import Scope
from cosell.rules.typed import Read, Typed
from cosell.rules.types import Kind
from cosell.rules.write import (
    write_condition,
    write_examine,
    write_obstacles,
    write_permits,
    write_value,
)

__all__ = ["compile_condition", "compile_gate", "compile_value", "problems_in_gate"]

_Findings = Callable[..., tuple[Finding, ...]]
_Functions = tuple[Callable[..., bool], _Findings, _Findings]
_NONE: Final[Mapping[str, Callable[..., object]]] = MappingProxyType({})
_VERDICTS: Final = MappingProxyType(
    {True: Verdict.MET, False: Verdict.UNMET, None: Verdict.UNKNOWN}
)


def problems_in_gate(
    criteria: Sequence[Criterion], scope: Scope, *, predicates: Predicates = _NONE
) -> list[Problem]:
    """Return everything that is wrong with the criteria of a gate.

    Args:
        criteria: The criteria, in order.
        scope: What names can mean; it has to be in order itself (see ``problems_in_scope``).
        predicates: The host's own predicates, by name.

    Returns:
        One problem for each text that is wrong, with a path such as ``criteria[2].need``.

    Example:
        >>> from cosell.models.record import Record
        >>> bad = Criterion(id="known", need="versoin > 1", remedy="Save it.")
        >>> problems_in_gate([bad], Scope(Record))[0].remedy
        'Did you mean `version`?'
    """
    return list(prepared(None, criteria, scope, predicates).problems)


def compile_gate(
    gate_id: str | None,
    criteria: Sequence[Criterion],
    scope: Scope,
    *,
    predicates: Predicates = _NONE,
    generated: bool = True,
) -> CompiledGate:
    """Return a gate as functions.

    Args:
        gate_id: What its findings say they belong to.
        criteria: What must hold, in order.
        scope: What names can mean.
        predicates: The host's own predicates, by name.
        generated: Whether code may be generated; without it the gate is about fifteen
            times slower.

    Raises:
        DefinitionError: Naming everything that is wrong with the scope and the criteria.

    Example:
        >>> from datetime import UTC, datetime
        >>> from cosell.events import Actor
        >>> from cosell.models.record import Record
        >>> saved = Criterion(id="saved", need="version >= 1", remedy="Save it.")
        >>> gate = compile_gate("ready", [saved], Scope(Record))
        >>> me, now = Actor("p-7", role="partner"), datetime(2026, 11, 20, tzinfo=UTC)
        >>> gate.permits(Record(id="d-1"), None, me, None, now, None)
        False
        >>> print(gate.examine(Record(id="d-1"), None, me, None, now, None)[0])
        saved: unmet (version is 0). Save it.
    """
    subject = f"gate `{gate_id}`"
    problems = problems_in_scope(scope)
    if problems:
        raise DefinitionError(subject, problems)
    found = prepared(gate_id, criteria, scope, predicates)
    if found.problems:
        raise DefinitionError(subject, found.problems)
    careful = Careful(found.judgements, ZoneInfo(scope.zone))
    checks = tuple(judgement.check for judgement in found.judgements)
    functions = (careful.permits, careful.examine, careful.obstacles)
    if generated:
        functions = _generated(found.judgements, careful, scope.zone)
    return CompiledGate(checks, found.reads, *functions)


def _generated(judgements: Sequence[Judgement], careful: Careful, zone: str) -> _Functions:
    module = Module(zone)
    permits = write_permits(module, judgements)
    examine = write_examine(module, judgements, careful.examine, careful.one)
    obstacles = write_obstacles(module, judgements, careful.obstacles, careful.one)
    functions = module.compiled()
    return functions[permits], functions[examine], functions[obstacles]


def compile_value(text: str, scope: Scope, *, generated: bool = True) -> CompiledValue:
    """Return an expression as a function of one record.

    Args:
        text: The expression.
        scope: What names can mean.
        generated: Whether code may be generated.

    Raises:
        ExpressionError: The expression cannot be read, or does not fit the scope.
        DefinitionError: Something is wrong with the scope itself.

    Example:
        >>> from cosell.models.record import Record
        >>> found = compile_value("version + 1", Scope(Record))
        >>> str(found.type), sorted(found.reads)
        ('a whole number', ['version'])
        >>> found.value(Record(id="d-1"), None, None, None, None, None)
        1
    """
    tree, result = _read(text, scope, None)
    if generated:
        module = Module(scope.zone)
        name = write_value(module, result)
        value = module.compiled()[name]
    else:
        value = CarefulValue(result, fields_in(result.nodes), ZoneInfo(scope.zone)).value
    return CompiledValue(tree.type, reads_of([tree], scope), value)


def compile_condition(text: str, scope: Scope, *, generated: bool = True) -> CompiledCondition:
    """Return a condition as a function of one record.

    Args:
        text: The expression.
        scope: What names can mean.
        generated: Whether code may be generated.

    Raises:
        ExpressionError: The expression cannot be read, does not fit the scope, or is no condition.
        DefinitionError: Something is wrong with the scope itself.

    Example:
        >>> from cosell.models.record import Record
        >>> saved = compile_condition("version >= 1", Scope(Record))
        >>> saved.verdict(Record(id="d-1"), None, None, None, None, None).value
        'unmet'
    """
    tree, result = _read(text, scope, Kind.BOOL)
    if generated and isinstance(result.lowered, Truth):
        module = Module(scope.zone)
        name = write_condition(module, result.lowered)
        return CompiledCondition(reads_of([tree], scope), module.compiled()[name])
    value = CarefulValue(result, fields_in(result.nodes), ZoneInfo(scope.zone)).value

    def verdict(*given: Any) -> Verdict:
        return _VERDICTS[value(*given)]

    return CompiledCondition(reads_of([tree], scope), verdict)


def _read(text: str, scope: Scope, want: Kind | None) -> tuple[Typed, Result]:
    problems = problems_in_scope(scope)
    if problems:
        raise DefinitionError("scope", problems)
    tree = check(text, scope, want)
    lowering = Lowering(rates_day(scope))
    field = lowering.field(tree) if isinstance(tree, Read) else None
    return tree, Result(tree.type.kind, lowering.result(tree), field)
