"""Assess one deal by a fee plan: eligible, earned, payable, paid; how much, to whom, and why.

Rules that hold for every assessment:

1. It is a pure function of plan, deal, moment, account and rates. Assessing changes nothing.
2. It has a line for each activity of the plan; each activity earns its own fee (MK-35).
3. Whether a fee is owed and how much it is are told apart: an amount that is not known stops no
   truth, and a fee without an amount or a payee gets no entry.

This module does not know where a ledger is kept.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cosell.errors import require_aware
from cosell.fees.account import EMPTY, Account, FeeState
from cosell.fees.amounts import Computation, compute
from cosell.fees.assessment import Assessment, FeeLine
from cosell.fees.bound import BoundActivity, BoundPlan
from cosell.fees.judge import Question, Shared, judge, shared_findings
from cosell.fees.ledger import fee_id
from cosell.fees.terms import refuse_other_terms
from cosell.fees.truths import Reason, Truth, TruthName
from cosell.findings import Check, CheckKind, Finding, Verdict
from cosell.models import Record
from cosell.money import Rates

__all__ = ["assess"]

_PAID: Final = Check(
    id="paid_out",
    kind=CheckKind.CRITERION,
    needed="paid >= payable",
    remedy="Pay what is payable, and write down that it was paid.",
    paths=("paid", "payable"),
    gate=TruthName.PAID.value,
    label="paid out",
)


def assess(
    plan: BoundPlan,
    deal: Record,
    *,
    at: datetime,
    account: Account = EMPTY,
    rates: Rates | None = None,
) -> Assessment:
    """Return which fees a deal earns by ``plan``, with reasons and amounts.

    Args:
        plan: A bound plan; ``plan_for`` finds the one that a deal goes by.
        deal: A record of the plan's model.
        at: The moment as of which it is asked, with a time zone.
        account: The fold of the ledger, for what was paid so far.
        rates: Dated exchange rates, for amounts in another currency than the plan's.

    Returns:
        A line for each activity.

    Raises:
        NaiveDatetimeError: ``at`` has no time zone.
        TermsMismatchError: The deal was accepted on another plan or version.

    Source:
        MK-1, MK-32 to MK-35, BX-20, BX-22, BX-25.

    Example:
        >>> from datetime import UTC
        >>> from cosell.catalog import load_fee_plan
        >>> from cosell.fees import bind_plan
        >>> from cosell.models import Opportunity, Partner
        >>> plan = bind_plan(load_fee_plan("make_example"))
        >>> noon = datetime(2026, 5, 8, 12, tzinfo=UTC)
        >>> deal = Opportunity(id="o-1", partner=Partner(id="acme"), accepted_at=noon)
        >>> line = assess(plan, deal, at=noon).line("co_selling")
        >>> line.eligible.verdict.value
        'unmet'
        >>> for reason in line.eligible.reasons:
        ...     print(reason)
        partner program requirements not met: technical certificate missing, \
sales certificate missing
        no partner contract in place: contract missing
    """
    require_aware(at)
    stamped = refuse_other_terms(plan, deal)
    question = Question(plan, deal, at, rates)
    shared = shared_findings(question)
    payee = question.value(plan.payee)
    return Assessment(
        record_id=deal.id,
        plan=plan.ref,
        digest=plan.digest,
        at=at.astimezone(plan.zone),
        lines=tuple(
            _line(question, shared, activity, payee, account) for activity in plan.activities
        ),
        stamped=stamped,
        notice=plan.plan.notice,
    )


def _line(
    question: Question,
    shared: tuple[Shared, ...],
    activity: BoundActivity,
    payee: str | None,
    account: Account,
) -> FeeLine:
    terms = activity.terms
    eligible, earned, payable = judge(question, shared, activity)
    fee = None
    if payee is not None:
        fee = fee_id(question.deal.id, question.plan.plan.id, terms.id, payee)
    state = None if fee is None else account.find_fee(fee)
    return FeeLine(
        activity=terms.id,
        label=terms.label or terms.id,
        payee=payee,
        fee_id=fee,
        eligible=eligible,
        earned=earned,
        payable=payable,
        paid=_paid(state, payable),
        computation=_computed(question, activity),
        paid_so_far=None if state is None else state.paid,
        cites=terms.cites,
    )


def _computed(question: Question, activity: BoundActivity) -> Computation:
    base = None if activity.base is None else question.value(activity.base)
    currency, rates_on = activity.terms.amount.currency, None
    if base is not None and currency not in (None, base.currency):
        rates_on = question.value(question.plan.rates_on)
    return compute(activity.terms.amount, base, rates=question.rates, rates_on=rates_on)


def _paid(state: FeeState | None, payable: Truth) -> Truth:
    """Return whether everything that became payable was paid, by the ledger alone."""
    paid, due = (None, None) if state is None else (state.paid, state.payable)
    if state is not None and state.paid_at is not None and state.paid >= state.payable:
        finding = Finding(_PAID, Verdict.MET, (paid, due))
        return Truth(TruthName.PAID, Verdict.MET, state.paid_at, (finding,), ())
    finding = Finding(_PAID, Verdict.UNMET, (paid, due))
    reasons = payable.reasons
    if payable:
        reasons = (Reason(TruthName.PAID, finding, "not paid out yet"),)
    return Truth(TruthName.PAID, Verdict.UNMET, None, (finding,), reasons)
