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

from cosell.definition.fee_check import unknown_currency
from cosell.errors import InvalidDataError, Problem, require_aware
from cosell.errors.kinds import tells_kinds
from cosell.fees.account import EMPTY, Account
from cosell.fees.amounts import Basis, Computation, Step, compute
from cosell.fees.assessment import Assessment, FeeLine
from cosell.fees.bound import BoundActivity, BoundPlan
from cosell.fees.clawback import TakenBack, clawed_back
from cosell.fees.judge import Shared, judge, shared_findings
from cosell.fees.ledger import fee_id
from cosell.fees.occasions import Occasion, day_of, occasions_of
from cosell.fees.parts import limit, parts_of
from cosell.fees.periods import period_of
from cosell.fees.pricing import price_of
from cosell.fees.question import Question
from cosell.fees.settling import counting_amount, end_of, ended, paid_truth, payable_amount
from cosell.fees.terms import refuse_other_terms
from cosell.fees.truths import Truth
from cosell.models import Record
from cosell.money import Money, Rates, total_of

__all__ = ["assess"]


@tells_kinds
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
        InvalidDataError: ``deal`` is no record of the plan's model.
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
    _require_deal(plan, deal)
    stamped = refuse_other_terms(plan, deal)
    question = Question(plan, deal, at, rates)
    shared = shared_findings(question)
    found = clawed_back(question)
    taken, to_come = (found, None) if found is None or found.since <= at else (None, found)
    return Assessment(
        record_id=deal.id,
        plan=plan.ref,
        digest=plan.digest,
        at=at.astimezone(plan.zone),
        lines=tuple(
            line
            for activity in plan.activities
            for occasion in occasions_of(question, activity)
            for line in _lines(question, shared, taken, activity, occasion, account)
        ),
        stamped=stamped,
        notice=plan.plan.notice,
        clawback=taken,
        clawback_to_come=to_come,
    )


def _require_deal(plan: BoundPlan, deal: object) -> None:
    """Raise unless ``deal`` is a record of the plan's model."""
    if isinstance(deal, plan.model):
        return
    name = plan.model.__name__
    wrong = Problem(
        "deal",
        f"fee plan `{plan.ref}` is about records of `{name}`, and this is none",
        "Give such a record, or bind the plan with the model of this one.",
    )
    raise InvalidDataError("deal", [wrong])


def _lines(
    question: Question,
    shared: tuple[Shared, ...],
    taken: TakenBack | None,
    activity: BoundActivity,
    occasion: Occasion,
    account: Account,
) -> Iterator[FeeLine]:
    """Yield the line of each payee, for one occasion of an activity."""
    terms, takes_back, zone = activity.terms, occasion.takes_back, question.plan.zone
    eligible, *judged = judge(question, shared, activity, occasion)
    for payee, computation in parts_of(question, _computed(question, activity, occasion)):
        fee = None
        # A list without an item has nothing that a fee could be the fee of.
        if payee is not None and (activity.each is None or occasion.id is not None):
            plan_id = question.plan.plan.id
            fee = fee_id(question.deal.id, plan_id, terms.id, payee, occasion=occasion.id)
        state = None if fee is None else account.find_fee(fee)
        earned, payable = judged
        if (end := end_of(taken, state, takes_back=takes_back, zone=zone)) is not None:
            earned, payable = ended(earned, payable, end)
        amount = counting_amount(state, computation.amount, takes_back=takes_back)
        limited = _limited(question, activity, amount, payable, fee, payee, account)
        due = payable_amount(state, amount, limited)
        yield FeeLine(
            activity=terms.id,
            label=terms.label or terms.id,
            occasion=occasion.id,
            payee=payee,
            fee_id=fee,
            eligible=eligible,
            earned=earned,
            payable=payable,
            paid=paid_truth(state, payable, due, takes_back=takes_back),
            computation=computation,
            limited=limited,
            payable_amount=due,
            takes_back=takes_back,
            state=state,
            cites=terms.cites,
        )


def _computed(question: Question, activity: BoundActivity, occasion: Occasion) -> Computation:
    """Return the whole amount of one occasion, before it is shared out."""
    item = occasion.item
    if occasion.problem is not None:
        return Computation(None, problem=occasion.problem[0], remedy=occasion.problem[1])
    price = price_of(question, activity, occasion.judged)
    base = None if activity.base is None else question.value(activity.base, item)
    if base is not None and not question.plan.plan.knows(base.currency):
        problem, remedy = unknown_currency(base.currency)
        return Computation(None, problem=problem, remedy=remedy)
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
    amount: Money | None,
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
    return limit(amount, max(cap - used, nothing), cap, str(period))
