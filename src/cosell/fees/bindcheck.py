"""Check a fee plan against a model: paths, types, predicates. Everything wrong at once.

This module does not compile anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cosell.definition.fee_check import TRUTHS
from cosell.definition.fee_plan import FeeCriterion, FeePlan
from cosell.errors import ExpressionError, Problem, did_you_mean
from cosell.rules import Scope, check, problems_in_gate, problems_in_scope
from cosell.rules.prepare import problem_from
from cosell.rules.typed import Read, Root, walk
from cosell.rules.types import Kind

__all__ = ["Predicates", "problems_in_binding"]

#: A host's own predicates, by the names that criteria use.
Predicates = Mapping[str, Callable[..., bool | None]]


def problems_in_binding(plan: FeePlan, scope: Scope, predicates: Predicates) -> Iterator[Problem]:
    """Yield everything in ``plan`` that does not fit the model of its deals."""
    # Without a date of its own the plan takes that of `earns.since`, where the problem is named.
    assumed = {"rates_on"} if plan.rates_on is None else set()
    yield from (found for found in problems_in_scope(scope) if found.path not in assumed)
    for field in TRUTHS:
        condition = getattr(plan, field)
        yield from _in_value(condition.since, scope, Kind.INSTANT, f"{field}.since")
        yield from _in_criteria(condition.criteria, scope, predicates, f"{field}.criteria")
    yield from _in_value(plan.payee, scope, Kind.TEXT, "payee")
    for index, activity in enumerate(plan.activities):
        path = f"activities[{index}]"
        for field in TRUTHS:
            yield from _in_criteria(getattr(activity, field), scope, predicates, f"{path}.{field}")
        if activity.amount.base is not None:
            yield from _in_value(activity.amount.base, scope, Kind.MONEY, f"{path}.amount.base")


def _in_value(text: str, scope: Scope, kind: Kind, path: str) -> Iterator[Problem]:
    try:
        check(text, scope, kind)
    except ExpressionError as error:
        yield problem_from(path, error)
    yield from _askers(text, scope, path)


def _askers(text: str, scope: Scope, path: str) -> Iterator[Problem]:
    """Yield each place where an expression asks who is asking: to all a fee is the same."""
    try:
        tree = check(text, scope)
    except ExpressionError:
        return  # what is wrong with it is named where it stands
    for node in walk(tree):
        if isinstance(node, Read) and node.root is Root.ACTOR:
            error = node.at.error("nobody asks for a fee", "Ask about a field of the deal.")
            yield problem_from(path, error)


def _in_criteria(
    criteria: Sequence[FeeCriterion], scope: Scope, predicates: Predicates, path: str
) -> Iterator[Problem]:
    for found in problems_in_gate(criteria, scope, predicates=predicates):
        yield replace(found, path=f"{path}{found.path.removeprefix('criteria')}")
    known = _names_in(scope.model)
    for index, criterion in enumerate(criteria):
        for key in ("when", "need"):
            if (text := getattr(criterion, key)) is not None:
                yield from _askers(text, scope, f"{path}[{index}].{key}")
        if criterion.details is not None and criterion.details not in known:
            yield Problem(
                f"{path}[{index}].details",
                f"there is no field `{criterion.details}`",
                did_you_mean(criterion.details, known),
            )


def _names_in(model: type[Any]) -> list[str]:
    """Return the names of a model's fields and derived fields."""
    derived = (name for name in dir(model) if isinstance(getattr(model, name, None), property))
    return [*model.model_fields, *derived]
