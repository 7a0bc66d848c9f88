"""Bind a fee plan to a model: check everything, compile it. Once.

Rules:

1. All that is wrong is said at once, with file and line where the plan came from text.
2. A bound plan holds nothing of the host but the model and the predicates.

This module does not know how a deal is assessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from cosell.definition.fee_check import TRUTHS
from cosell.definition.fee_plan import FeePlan
from cosell.definition.fee_terms import (
    ActivityTerms,
    Clawback,
    Condition,
    Each,
    FeeCriterion,
    OwnRate,
    Precedence,
    Window,
)
from cosell.definition.load import named
from cosell.definition.text import path_of
from cosell.errors import DefinitionError
from cosell.errors.kinds import tells_kinds
from cosell.fees.bindcheck import Predicates, problems_in_binding
from cosell.fees.bound import (
    BoundActivity,
    BoundClawback,
    BoundCriteria,
    BoundEach,
    BoundOwnRate,
    BoundPlan,
    BoundTruth,
    BoundWindow,
)
from cosell.fees.scopes import rates_day_of, scope_of_activity, scope_of_plan
from cosell.fees.truths import TruthName
from cosell.findings import Check, CheckKind
from cosell.models import Opportunity, Record
from cosell.rules import (
    CompiledCondition,
    CompiledValue,
    Scope,
    compile_condition,
    compile_gate,
    compile_value,
)

__all__ = ["bind_plan"]

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
#: Whose rate comes first (BX-21).
_PRECEDENCE: Final = tuple(Precedence)
#: The truth that each field of a plan is about.
_TRUTH_OF: Final = MappingProxyType(
    dict(zip(TRUTHS, (TruthName.ELIGIBLE, TruthName.EARNED, TruthName.PAYABLE), strict=True))
)


@tells_kinds
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

    Example:
        >>> from cosell.catalog import load_fee_plan
        >>> bound = bind_plan(load_fee_plan("make_example"))
        >>> bound.ref, [activity.terms.id for activity in bound.activities]
        ('make_example@1', ['lead_sourcing', 'co_selling', 'service_delivery'])
    """
    record.model_rebuild()
    scope = scope_of_plan(plan, record)
    problems = named(
        plan.placed(found, path_of(found.path))
        for found in problems_in_binding(plan, scope, predicates)
    )
    if problems:
        raise DefinitionError(f"fee plan `{plan.id}`", problems)
    return _Binder(plan, scope, predicates, generated=generated).bound(record)


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
            clawback=None if plan.clawback is None else self._clawback(plan.clawback),
            stamped_on=self._value(plan.stamped_on or plan.eligible.since, self._scope),
            payee=self._value(plan.payee, self._scope),
            rates_on=self._value(rates_day_of(plan), self._scope),
            zone=ZoneInfo(plan.zone),
        )

    def _truth(self, field: str, name: TruthName) -> BoundTruth:
        condition: Condition = getattr(self._plan, field)
        hold_days = getattr(condition, "hold_days", 0)
        windows = [window for window in self._plan.windows if window.truth == field]
        return BoundTruth(
            name=name,
            shared=self._criteria(name, condition.criteria, self._scope),
            windows=self._windows(name, windows, self._scope),
            since=self._value(condition.since, self._scope),
            hold_days=hold_days,
            moment=_moment_check(name, condition, hold_days),
        )

    def _activity(self, activity: ActivityTerms) -> BoundActivity:
        scope = scope_of_activity(self._scope, activity)
        own = {name: getattr(activity, field) for field, name in _TRUTH_OF.items()}
        windows = {
            name: [window for window in activity.windows if window.truth == field]
            for field, name in _TRUTH_OF.items()
        }
        amount = activity.amount
        return BoundActivity(
            terms=activity,
            each=None if activity.each is None else self._each(activity.each, scope),
            own={name: self._criteria(name, found, scope) for name, found in own.items() if found},
            windows={name: self._windows(name, found, scope) for name, found in windows.items()},
            base=None if amount.base is None else self._value(amount.base, scope),
            own_rates=tuple(
                self._own_rate(row, scope)
                for row in sorted(amount.own_rates, key=lambda row: _PRECEDENCE.index(row.by))
            ),
        )

    def _each(self, each: Each, scope: Scope) -> BoundEach:
        return BoundEach(
            each=each,
            at=self._value(each.at, scope),
            year=self._maybe(each.year or each.years_from, scope),
            takes_back=self._condition(each.takes_back, scope),
            original=self._maybe(each.original, scope),
        )

    def _own_rate(self, row: OwnRate, scope: Scope) -> BoundOwnRate:
        return BoundOwnRate(
            row=row,
            when=self._condition(row.when, scope),
            rate_from=self._maybe(row.rate_from, scope),
        )

    def _windows(
        self, name: TruthName, windows: Iterable[Window], scope: Scope
    ) -> tuple[BoundWindow, ...]:
        return tuple(
            BoundWindow(
                window=window,
                check=_window_check(name, window),
                starts=self._value(window.starts, scope),
                of=self._value(window.of, scope),
                when=self._condition(window.when, scope),
            )
            for window in windows
        )

    def _clawback(self, clawback: Clawback) -> BoundClawback:
        criteria = self._criteria(TruthName.EARNED, clawback.criteria, self._scope)
        return BoundClawback(criteria, self._value(clawback.since, self._scope), clawback.cites)

    def _criteria(
        self, name: TruthName, criteria: Sequence[FeeCriterion], scope: Scope
    ) -> BoundCriteria:
        gate = compile_gate(
            name.value, criteria, scope, predicates=self._predicates, generated=self._generated
        )
        return BoundCriteria(gate, {criterion.id: criterion for criterion in criteria})

    def _value(self, text: str, scope: Scope) -> CompiledValue:
        return compile_value(text, scope, generated=self._generated)

    def _maybe(self, text: str | None, scope: Scope) -> CompiledValue | None:
        return None if text is None else self._value(text, scope)

    def _condition(self, text: str | None, scope: Scope) -> CompiledCondition | None:
        if text is None:
            return None
        return compile_condition(text, scope, generated=self._generated)


def _window_check(name: TruthName, window: Window) -> Check:
    """Return the check that something falls into a window (BX-24)."""
    length = f"{window.months} months" if window.months else f"{window.days} days"
    last = "its last day counts" if window.last_day == "counts" else "its last day does not count"
    return Check(
        id=window.id,
        kind=CheckKind.CLOCK,
        needed=f"{window.of} within {length} from {window.starts} ({last})",
        remedy=window.remedy,
        cites=window.cites,
        paths=(window.of, window.starts),
        gate=name.value,
        label=window.label,
    )


def _moment_check(name: TruthName, condition: Condition, hold_days: int) -> Check:
    """Return the check that the moment has come from which a truth holds (BX-25)."""
    after = f"{hold_days} day{'' if hold_days == 1 else 's'} after " if hold_days else "since "
    return Check(
        id="hold" if hold_days else "moment",
        kind=CheckKind.CLOCK,
        needed=f"{after}{condition.since}",
        remedy=f"Record `{condition.since}`.",
        cites=("BX-25",) if hold_days else (),
        paths=(condition.since,),
        gate=name.value,
        label=f"{name} since",
    )
