"""Assess one deal by a fee plan: eligible, earned, payable, paid; how much, to whom, and why.

Rules that hold for every assessment:

1. It is a pure function of plan, deal, moment, account and rates. Assessing changes nothing.
2. It has a line for each activity of the plan, for each occasion of it, and for each payee; each
   activity earns its own fee (MK-35).
3. Whether a fee is owed and how much it is are told apart: an amount that is not known stops no
   truth, and a fee without an amount or a payee gets no entry.

This module does not know where a ledger is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from cosell.errors import require_aware
from cosell.fees.account import EMPTY, Account, FeeState
from cosell.fees.amounts import Basis, Computation, Step, compute
from cosell.fees.assessment import Assessment, FeeLine
from cosell.fees.bound import BoundActivity, BoundPlan
from cosell.fees.clawback import clawed_back
from cosell.fees.judge import Shared, judge, shared_findings
from cosell.fees.ledger import fee_id
from cosell.fees.occasions import Occasion, day_of, occasions_of
from cosell.fees.parts import limit, parts_of
from cosell.fees.periods import period_of
from cosell.fees.pricing import price_of
from cosell.fees.question import Question
from cosell.fees.terms import refuse_other_terms
from cosell.fees.truths import Reason, Truth, TruthName
from cosell.findings import Check, CheckKind, Finding, Verdict
from cosell.models import Record
from cosell.money import Rates, total_of

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
_TAKEN_BACK: Final = Check(
    id="taken_back",
    kind=CheckKind.CRITERION,
    needed="clawed_back < 0",
    remedy="Write down that it was taken back.",
    paths=("clawed_back", "earned"),
    gate=TruthName.PAID.value,
    label="taken back",
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
        A line for each activity, and for each occasion and each payee where there are several.

    Raises:
        NaiveDatetimeError: ``at`` has no time zone.
        TermsMismatchError: The deal was accepted on another plan or version.

    Source:
        MK-1, MK-32 to MK-35, BX-20 to BX-30.

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
    taken = clawed_back(question)
    is_taken = taken is not None and taken.since <= at
    return Assessment(
        record_id=deal.id,
        plan=plan.ref,
        digest=plan.digest,
        at=at.astimezone(plan.zone),
        lines=tuple(
            line
            for activity in plan.activities
            for occasion in occasions_of(question, activity)
            for line in _lines(question, shared, activity, occasion, account)
        ),
        stamped=stamped,
        notice=plan.plan.notice,
        clawback=taken if is_taken else None,
        clawback_to_come=None if is_taken else taken,
    )


def _lines(
    question: Question,
    shared: tuple[Shared, ...],
    activity: BoundActivity,
    occasion: Occasion,
    account: Account,
) -> Iterator[FeeLine]:
    """Yield the line of each payee, for one occasion of an activity."""
    terms = activity.terms
    eligible, earned, payable = judge(question, shared, activity, occasion)
    for payee, computation in parts_of(question, _computed(question, activity, occasion)):
        fee = None
        # A list without an item has nothing that a fee could be the fee of.
        if payee is not None and (activity.each is None or occasion.id is not None):
            plan_id = question.plan.plan.id
            fee = fee_id(question.deal.id, plan_id, terms.id, payee, occasion=occasion.id)
        state = None if fee is None else account.find_fee(fee)
        yield FeeLine(
            activity=terms.id,
            label=terms.label or terms.id,
            occasion=occasion.id,
            payee=payee,
            fee_id=fee,
            eligible=eligible,
            earned=earned,
            payable=payable,
            paid=_paid(state, payable, occasion),
            computation=computation,
            limited=_limited(question, activity, computation, payable, fee, payee, account),
            takes_back=occasion.takes_back,
            paid_so_far=None if state is None else state.paid,
            cites=terms.cites,
        )


def _computed(question: Question, activity: BoundActivity, occasion: Occasion) -> Computation:
    """Return the whole amount of one occasion, before it is shared out."""
    item = occasion.item
    if occasion.problem is not None:
        return Computation(None, problem=occasion.problem[0], remedy=occasion.problem[1])
    price = price_of(question, activity, occasion.judged)
    base = None if activity.base is None else question.value(activity.base, item)
    currency, rates_on = activity.terms.amount.currency, None
    if base is not None and currency not in (None, base.currency):
        rates_on = question.value(question.plan.rates_on)
    basis = Basis(price.pricing, price.note, occasion.year, occasion.takes_back, price.problem)
    return compute(
        activity.terms.amount, base, basis=basis, rates=question.rates, rates_on=rates_on
    )


def _limited(
    question: Question,
    activity: BoundActivity,
    computation: Computation,
    payable: Truth,
    fee: str | None,
    payee: str | None,
    account: Account,
) -> Step | None:
    """Return the step that lowers what is payable to what its period leaves room for (BX-22)."""
    cap = activity.terms.amount.period_cap
    if cap is None or fee is None or payee is None or payable.since is None:
        return None
    zone = question.plan.zone
    period = period_of(question.plan.plan.period, day_of(payable.since, zone))
    before = account.payable_in(period, payee, activity.terms.id, zone=zone, beside=fee)
    nothing = cap - cap
    used = total_of(before).get(cap.currency, nothing)
    return limit(computation.amount, max(cap - used, nothing), cap, str(period))


def _paid(state: FeeState | None, payable: Truth, occasion: Occasion) -> Truth:
    """Return whether everything that became payable was paid, by the ledger alone."""
    check, said, settled = _PAID, "not paid out yet", None
    if occasion.takes_back:
        check, said = _TAKEN_BACK, "not taken back yet"
        settled = None if state is None else state.clawed_back_at
    elif state is not None and state.paid >= state.payable:
        settled = state.paid_at
    values = (None, None)
    if state is not None:
        values = tuple(getattr(state, path) for path in check.paths)
    if settled is not None:
        finding = Finding(check, Verdict.MET, values)
        return Truth(TruthName.PAID, Verdict.MET, settled, (finding,), ())
    finding = Finding(check, Verdict.UNMET, values)
    reasons = payable.reasons
    if payable:
        reasons = (Reason(TruthName.PAID, finding, said),)
    return Truth(TruthName.PAID, Verdict.UNMET, None, (finding,), reasons)
