"""Check a fee plan against a model: paths, types, predicates. Everything wrong at once.

This module does not compile anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from pydantic import BaseModel

from cosell.definition.fee_check import TRUTHS
from cosell.definition.fee_plan import FeePlan
from cosell.definition.fee_terms import (
    ActivityTerms,
    AmountTerms,
    Each,
    FeeCriterion,
    Split,
    Window,
)
from cosell.errors import ExpressionError, Problem, did_you_mean
from cosell.fees.scopes import item_model, scope_of_activity
from cosell.rules import Scope, check, problems_in_gate, problems_in_scope
from cosell.rules.prepare import problem_from
from cosell.rules.typed import Read, Root, walk
from cosell.rules.types import Kind

__all__ = ["Predicates", "problems_in_binding"]

#: A host's own predicates, by the names that criteria use.
Predicates = Mapping[str, Callable[..., bool | None]]
#: What says when something was.
_MOMENT: Final = (Kind.INSTANT, Kind.DATE)


def problems_in_binding(plan: FeePlan, scope: Scope, predicates: Predicates) -> Iterator[Problem]:
    """Yield everything in ``plan`` that does not fit the model of its deals."""
    # Without a date of its own the plan takes that of `earns.since`, where the problem is named.
    assumed = {"rates_on"} if plan.rates_on is None else set()
    yield from (found for found in problems_in_scope(scope) if found.path not in assumed)
    for field in TRUTHS:
        condition = getattr(plan, field)
        yield from _in_value(condition.since, scope, Kind.INSTANT, f"{field}.since")
        yield from _in_criteria(condition.criteria, scope, predicates, f"{field}.criteria")
    yield from _in_maybe(plan.stamped_on, scope, _MOMENT, "stamped_on")
    yield from _in_value(plan.payee, scope, Kind.TEXT, "payee")
    if plan.clawback is not None:
        yield from _in_value(plan.clawback.since, scope, Kind.INSTANT, "clawback.since")
        yield from _in_criteria(plan.clawback.criteria, scope, predicates, "clawback.criteria")
    if plan.split is not None:
        yield from _in_split(plan.split, scope.model)
    yield from _in_windows(plan.windows, scope, "windows")
    for index, activity in enumerate(plan.activities):
        yield from _in_activity(activity, scope, predicates, f"activities[{index}]")


def _in_activity(
    activity: ActivityTerms, scope: Scope, predicates: Predicates, path: str
) -> Iterator[Problem]:
    inner = scope_of_activity(scope, activity)
    if activity.each is not None:
        yield from _in_each(activity.each, scope, inner, f"{path}.each")
        if inner is scope:
            return  # without that list its names mean nothing
    for field in TRUTHS:
        yield from _in_criteria(getattr(activity, field), inner, predicates, f"{path}.{field}")
    yield from _in_windows(activity.windows, inner, f"{path}.windows")
    yield from _in_amount(activity.amount, inner, f"{path}.amount")


def _in_each(each: Each, scope: Scope, inner: Scope, path: str) -> Iterator[Problem]:
    if inner is scope:
        yield _no_list(each.of, scope.model, f"{path}.of")
        return
    yield from _in_fields(inner.model, {"id": each.id}, path)
    yield from _in_value(each.at, inner, Kind.INSTANT, f"{path}.at")
    yield from _in_maybe(each.year, inner, (Kind.INT,), f"{path}.year")
    yield from _in_maybe(each.years_from, inner, _MOMENT, f"{path}.years_from")
    yield from _in_maybe(each.takes_back, inner, (Kind.BOOL,), f"{path}.takes_back")
    yield from _in_maybe(each.original, inner, (Kind.TEXT,), f"{path}.original")


def _in_amount(amount: AmountTerms, scope: Scope, path: str) -> Iterator[Problem]:
    yield from _in_maybe(amount.base, scope, (Kind.MONEY,), f"{path}.base")
    for index, row in enumerate(amount.own_rates):
        where = f"{path}.own_rates[{index}]"
        yield from _in_maybe(row.when, scope, (Kind.BOOL,), f"{where}.when")
        yield from _in_maybe(row.rate_from, scope, (Kind.DECIMAL,), f"{where}.rate_from")


def _in_windows(windows: Sequence[Window], scope: Scope, path: str) -> Iterator[Problem]:
    for index, window in enumerate(windows):
        where = f"{path}[{index}]"
        yield from _in_maybe(window.starts, scope, _MOMENT, f"{where}.starts")
        yield from _in_maybe(window.of, scope, _MOMENT, f"{where}.of")
        yield from _in_maybe(window.when, scope, (Kind.BOOL,), f"{where}.when")


def _in_split(split: Split, model: type[BaseModel]) -> Iterator[Problem]:
    item = item_model(model, split.of)
    if item is None:
        yield _no_list(split.of, model, "split.of")
        return
    names = {"payee": split.payee, "share": split.share}
    if split.shares:
        names["role"] = split.role
    yield from _in_fields(item, names, "split")


def _in_fields(model: type[BaseModel], names: Mapping[str, str], path: str) -> Iterator[Problem]:
    for key, name in names.items():
        if name not in model.model_fields:
            yield Problem(
                f"{path}.{key}",
                f"an item has no field `{name}`",
                did_you_mean(name, model.model_fields),
            )


def _no_list(name: str, model: type[BaseModel], path: str) -> Problem:
    lists = [field for field in model.model_fields if item_model(model, field) is not None]
    return Problem(path, f"there is no list `{name}`", did_you_mean(name, lists))


def _in_maybe(
    text: str | None, scope: Scope, kinds: tuple[Kind, ...], path: str
) -> Iterator[Problem]:
    """Yield what is wrong with an expression of one of ``kinds``, where there is one."""
    if text is None:
        return
    try:
        kind = check(text, scope).type.kind
    except ExpressionError:
        kind = kinds[0]
    yield from _in_value(text, scope, kind if kind in kinds else kinds[0], path)


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
