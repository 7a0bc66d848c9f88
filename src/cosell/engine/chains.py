"""Approval chains of a process that is being bound: checked against the model, and compiled.

This module does not know what has been answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pydantic import BaseModel

from cosell.definition.approval import ApprovalChain, ApprovalRow
from cosell.definition.approving import APPROVALS, ChainName, chained, row_criteria
from cosell.definition.process import Process
from cosell.engine.paths import item_of, model_of
from cosell.engine.readable import problems_in_effect_paths, problems_in_path
from cosell.engine.scopes import LineScope
from cosell.errors import Problem
from cosell.models.approval import Approval
from cosell.rules import CompiledGate, Criterion, compile_gate, problems_in_gate

__all__ = ["BoundChain", "answer_paths", "bound_chains", "problems_in_chains", "with_chains"]

Predicates = Mapping[str, Callable[..., bool | None]]
#: Texts in an expression, which may hold anything.
_TEXTS: Final = re.compile(r"'[^']*'|\"[^\"]*\"")
#: Fields of a record that an answer itself changes.
_CHANGING: Final = (APPROVALS, f"standing_{APPROVALS}", "version", "trail")
_ACTOR: Final = re.compile(r"\bactor\b")


@dataclass(frozen=True, slots=True)
class BoundChain:
    """A chain, compiled.

    Attributes:
        name: How it is called.
        chain: Its definition.
        stages: The stages in which it can be answered.
        rows: Its rows, those of a lower order first.
        gate: Whether each is approved, in this order.
    """

    name: ChainName
    chain: ApprovalChain
    stages: frozenset[str]
    rows: tuple[ApprovalRow, ...]
    gate: CompiledGate


def answer_paths(process: Process) -> tuple[str, ...]:
    """Return the list of answers, where a process has chains: cosell alone writes it then."""
    return (APPROVALS,) if any(line.approvals for line in process.lines.values()) else ()


def with_chains(scope: LineScope) -> LineScope:
    """Return a line with its chains as gates and transitions like any others."""
    if not scope.line.approvals:
        return scope
    covered = {path for chain in scope.line.approvals.values() for path in chain.covers}
    recorded = {path for path in covered if _can_be_missing(scope, path)}
    return replace(scope, line=chained(scope.line, scope.name, recorded))


def bound_chains(
    scope: LineScope, predicates: Predicates, *, generated: bool
) -> dict[str, BoundChain]:
    """Return the chains of a line, compiled, by name."""
    return {
        key: _bound(ChainName(key, scope.name), chain, scope, predicates, generated=generated)
        for key, chain in scope.line.approvals.items()
    }


def _bound(
    name: ChainName,
    chain: ApprovalChain,
    scope: LineScope,
    predicates: Predicates,
    *,
    generated: bool,
) -> BoundChain:
    rows = tuple(sorted(chain.rows, key=lambda row: row.order))
    criteria = list(row_criteria(name, chain.model_copy(update={"rows": rows})))[: len(rows)]
    gate = compile_gate(None, criteria, scope.scope, predicates=predicates, generated=generated)
    stages = frozenset(scope.line.stages_named(chain.source))
    return BoundChain(name, chain, stages, rows, gate)


def problems_in_chains(line: LineScope) -> Iterator[Problem]:
    """Yield what of the chains of a line, as they are written, does not fit the model."""
    whole = line.scope.whole or line.scope.model
    for key, chain in line.line.approvals.items():
        path = f"{line.path}approvals.{key}"
        if not _keeps_answers(whole):
            problem = f"a {whole.__name__} keeps no answers"
            remedy = "Bind a model of `cosell.models`, or one that has what `Deal` has for them."
            yield Problem(path, problem, remedy)
            return
        for index, field in enumerate(chain.covers):
            place = f"{path}.covers[{index}]"
            yield from problems_in_path(line, field, place)
            if line.full_path(field).partition(".")[0] in _CHANGING:
                problem = f"`{field}` changes with every answer, so that none would stand"
                yield Problem(place, problem, "Leave it out.")
        for effect in chain.effects:
            yield from problems_in_effect_paths(line, effect, f"{path}.effects")
        criteria = list(row_criteria(ChainName(key, line.name), chain))
        for found in problems_in_gate(criteria, line.scope):
            yield replace(found, path=f"{path}.{found.path.replace('criteria', 'rows')}")
        for index, row in enumerate(chain.rows):
            if row.when is not None and _ACTOR.search(_TEXTS.sub("", row.when)):
                problem = "who is asked cannot depend on who looks"
                remedy = "Put what is asked of the actor into a gate of the chain."
                yield Problem(f"{path}.rows[{index}].when", problem, remedy)


def _keeps_answers(model: type[BaseModel]) -> bool:
    item = model_of(item_of(model, APPROVALS))
    standing = isinstance(getattr(model, f"standing_{APPROVALS}", None), property)
    return item is not None and issubclass(item, Approval) and standing


def _can_be_missing(scope: LineScope, path: str) -> bool:
    asked = Criterion(id="asked", need=f"recorded({path})", remedy="Record it.")
    return not problems_in_gate([asked], scope.scope)
