"""Whose rate a fee is priced at: the deal's, the partner's, its level's, or the program's (BX-21).

Rules that hold for every price:

1. Rates of the deal come before those of the partner, then those of its level, then the
   program's; within one of them file order counts.
2. The first row that surely applies counts. Where it is not known whether an earlier row applies,
   there is no amount: a rate is not guessed.
3. A rate that is to be agreed on the deal, and was not, leaves the row out.
4. What a second registrant gets is a rate of the deal too, where a program has one (BX-28).

This module does not know what the rate is applied to.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from pydantic import BaseModel

from cosell.definition.fee_terms import OwnRate, Pricing
from cosell.fees.bound import BoundActivity, BoundOwnRate
from cosell.fees.question import Question
from cosell.findings import Verdict

__all__ = ["Price", "price_of"]

_ONE = Decimal(1)


class Price(NamedTuple):
    """How a fee is priced.

    Attributes:
        pricing: The terms that apply.
        note: Whose they are; empty for the program's.
        problem: Why it is not known, and what would cure that.
    """

    pricing: Pricing
    note: str = ""
    problem: tuple[str, str] | None = None


def price_of(question: Question, activity: BoundActivity, item: BaseModel | None) -> Price:
    """Return the terms by which a fee of this activity is priced."""
    for bound in activity.own_rates:
        verdict = _applies(question, bound, item)
        if verdict is Verdict.UNKNOWN:
            problem = f"whether the rate of the {bound.row.by} applies is not known"
            return Price(bound.row, problem=(problem, f"Record what `{bound.row.when}` reads."))
        if verdict is Verdict.MET:
            price = _priced(question, bound, item)
            if price is not None:
                return price
    return Price(activity.terms.amount)


def _applies(question: Question, bound: BoundOwnRate, item: BaseModel | None) -> Verdict:
    return Verdict.MET if bound.when is None else question.verdict(bound.when, item)


def _priced(question: Question, bound: BoundOwnRate, item: BaseModel | None) -> Price | None:
    """Return the terms of a row that applies; ``None`` where no rate was agreed."""
    row = bound.row
    note = row.label or f"rate of the {row.by}"
    if bound.rate_from is None:
        return Price(row, note)
    rate = question.value(bound.rate_from, item)
    if rate is None:
        return None
    if not 0 <= rate <= _ONE:
        return Price(row, problem=(f"`{row.rate_from}` is {rate}", "Record a rate from 0 to 1."))
    return Price(OwnRate(by=row.by, rate=rate), note)
