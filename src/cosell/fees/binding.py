"""Bind a fee plan to a model: check everything, compile it. Once.

Rules:

1. All that is wrong is said at once, with file and line where the plan came from text.
2. A bound plan holds nothing of the host but the model and the predicates.

This module does not know how a deal is assessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from cosell.definition.fee_check import TRUTHS
from cosell.definition.fee_plan import ActivityTerms, Condition, FeeCriterion, FeePlan
from cosell.definition.load import named, path_of
from cosell.errors import DefinitionError, ExpressionError, Problem, did_you_mean
from cosell.fees.truths import TruthName
from cosell.findings import Check, CheckKind
from cosell.models import Opportunity, Record
from cosell.rules import (
    CompiledGate,
    CompiledValue,
    Scope,
    check,
    compile_gate,
    compile_value,
    problems_in_gate,
    problems_in_scope,
)
from cosell.rules.types import Kind

__all__ = ["BoundActivity", "BoundCriteria", "BoundPlan", "BoundTruth", "bind_plan"]

Predicates = Mapping[str, Callable[..., bool | None]]
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
#: The truth that each field of a plan is about.
_TRUTH_OF: Final = MappingProxyType(
    dict(zip(TRUTHS, (TruthName.ELIGIBLE, TruthName.EARNED, TruthName.PAYABLE), strict=True))
)


@dataclass(frozen=True, slots=True)
class BoundCriteria:
    """Criteria that are compiled, with what is said about each.

    Attributes:
        gate: The criteria as functions.
        criteria: Each criterion, by its id.
    """

    gate: CompiledGate
    criteria: Mapping[str, FeeCriterion]


@dataclass(frozen=True, slots=True)
class BoundTruth:
    """What one truth asks of every activity.

    Attributes:
        name: Which truth.
        shared: The plan's own criteria.
        since: The moment from which it holds.
        hold_days: Days that pass from then until it does.
        moment: The check that this time has come.
    """

    name: TruthName
    shared: BoundCriteria
    since: CompiledValue
    hold_days: int
    moment: Check


@dataclass(frozen=True, slots=True)
class BoundActivity:
    """One activity.

    Attributes:
        terms: Its terms.
        own: What it asks for beside the plan, by truth; without an entry it asks nothing more.
        base: The base of its amount, if it has one.
    """

    terms: ActivityTerms
    own: Mapping[TruthName, BoundCriteria]
    base: CompiledValue | None


@dataclass(frozen=True, slots=True, eq=False)
class BoundPlan:
    """A fee plan that is ready to assess deals. Any number of threads may share it.

    Attributes:
        plan: The definition.
        model: The model of the deals.
        ref: Id and version, as ``make@1``.
        digest: Digest of the definition.
        truths: Eligible, earned and payable, in this order.
        activities: Each activity, in file order.
        payee: The id of the party that gets a fee.
        rates_on: The date on which other currencies are converted.
        zone: The time zone in which a moment is a date.
    """

    plan: FeePlan
    model: type[Record]
    ref: str
    digest: str
    truths: tuple[BoundTruth, ...]
    activities: tuple[BoundActivity, ...]
    payee: CompiledValue
    rates_on: CompiledValue
    zone: ZoneInfo


def bind_plan(
    plan: FeePlan,
    record: type[Record] = Opportunity,
    *,
    predicates: Predicates = _NOTHING,
    generated: bool = True,
) -> BoundPlan:
    """Return ``plan`` ready to assess deals of the model ``record``.

    Args:
        plan: The definition.
        record: The model of the deals, of cosell or the host's own subclass.
        predicates: The host's own predicates, by the names that criteria use.
        generated: ``False`` for hosts that forbid generated code; slower, the same answers.

    Returns:
        A bound plan.

    Raises:
        DefinitionError: Naming everything that does not fit: paths, types, predicates.
    """
    record.model_rebuild()
    scope = _scope_of(plan, record)
    problems = named(
        plan.placed(found, path_of(found.path))
        for found in _problems_in_binding(plan, scope, predicates)
    )
    if problems:
        raise DefinitionError(f"fee plan `{plan.id}`", problems)
    return _Binder(plan, scope, predicates, generated=generated).bound(record)


def _scope_of(plan: FeePlan, record: type[Record]) -> Scope:
    return Scope(model=record, parameters=plan.constants, zone=plan.zone, rates_on=_rates_on(plan))


def _rates_on(plan: FeePlan) -> str:
    """Return the date of the rates: by default the day from which a fee is earned (BX-30)."""
    return plan.rates_on or f"day({plan.earns.since}, '{plan.zone}')"


class _Binder:
    """Compiles the parts of one plan whose parts are known to fit."""

    def __init__(
        self, plan: FeePlan, scope: Scope, predicates: Predicates, *, generated: bool
    ) -> None:
        self._plan = plan
        self._scope = scope
        self._predicates = predicates
        self._generated = generated

    def bound(self, record: type[Record]) -> BoundPlan:
        plan = self._plan
        return BoundPlan(
            plan=plan,
            model=record,
            ref=plan.ref,
            digest=plan.digest,
            truths=tuple(self._truth(field, name) for field, name in _TRUTH_OF.items()),
            activities=tuple(self._activity(activity) for activity in plan.activities),
            payee=self._value(plan.payee),
            rates_on=self._value(_rates_on(plan)),
            zone=ZoneInfo(plan.zone),
        )

    def _truth(self, field: str, name: TruthName) -> BoundTruth:
        condition: Condition = getattr(self._plan, field)
        hold_days = getattr(condition, "hold_days", 0)
        return BoundTruth(
            name=name,
            shared=self._criteria(name, condition.criteria),
            since=self._value(condition.since),
            hold_days=hold_days,
            moment=_moment_check(name, condition, hold_days),
        )

    def _activity(self, activity: ActivityTerms) -> BoundActivity:
        own = {name: getattr(activity, field) for field, name in _TRUTH_OF.items()}
        base = activity.amount.base
        return BoundActivity(
            terms=activity,
            own={name: self._criteria(name, found) for name, found in own.items() if found},
            base=None if base is None else self._value(base),
        )

    def _criteria(self, name: TruthName, criteria: Sequence[FeeCriterion]) -> BoundCriteria:
        gate = compile_gate(
            name.value,
            criteria,
            self._scope,
            predicates=self._predicates,
            generated=self._generated,
        )
        return BoundCriteria(gate, {criterion.id: criterion for criterion in criteria})

    def _value(self, text: str) -> CompiledValue:
        return compile_value(text, self._scope, generated=self._generated)


def _moment_check(name: TruthName, condition: Condition, hold_days: int) -> Check:
    """Return the check that the moment has come from which a truth holds (BX-25)."""
    after = f"{hold_days} day{'' if hold_days == 1 else 's'} after " if hold_days else "since "
    return Check(
        id="hold" if hold_days else "moment",
        kind=CheckKind.CLOCK,
        needed=f"{after}{condition.since}",
        remedy="Wait until then." if hold_days else f"Record `{condition.since}`.",
        cites=("BX-25",) if hold_days else (),
        paths=(condition.since,),
        gate=name.value,
        label=f"{name} since",
    )


def _problems_in_binding(plan: FeePlan, scope: Scope, predicates: Predicates) -> Iterator[Problem]:
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
        yield Problem(path, error.problem, error.remedy, column=error.column, excerpt=error.excerpt)


def _in_criteria(
    criteria: Sequence[FeeCriterion], scope: Scope, predicates: Predicates, path: str
) -> Iterator[Problem]:
    for found in problems_in_gate(criteria, scope, predicates=predicates):
        yield replace(found, path=f"{path}{found.path.removeprefix('criteria')}")
    known = _names_in(scope.model)
    for index, criterion in enumerate(criteria):
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
