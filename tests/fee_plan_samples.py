"""A small fee plan with more in it: own rates, occasions, windows, shares, clawbacks."""

from __future__ import annotations

from typing import Any, Final

from cosell.definition import parse_fee_plan
from cosell.fees import (
    Assessment,
    BoundPlan,
    bind_plan,
)
from cosell.models import Opportunity, Record
from fee_samples import PAID, TINY, a_deal, noon

RATE: Final = 'base = "acv"\nrate = 0.10'


def a_plan(
    amount: str = RATE, *, top: str = "", end: str = "", model: type[Record] = Opportunity
) -> BoundPlan:
    """Return the small plan with more at its top, in its amount, and at its end."""
    text = top + TINY.format(zone="UTC", hold_days=0, amount=amount) + end
    return bind_plan(parse_fee_plan(text, file="plan.toml"), model)


def own_rate(by: str, rest: str) -> str:
    return f'\n[[activities.amount.own_rates]]\nby = "{by}"\n{rest}\n'


def won_deal(**changes: Any) -> Opportunity:
    """Return a deal of 120,000 dollars that was won and paid."""
    return a_deal(**{"invoice_paid_at": PAID, **changes})


def amount_of(assessment: Assessment, **line: str) -> str:
    return str(assessment.line("referral", **line).amount)


EACH: Final = """
[activities.each]
of = "payments"
at = "booked_at"
years_from = "record.won_at"
takes_back = "kind != 'payment'"
original = "refund_of"
"""
BY_YEAR: Final = 'base = "amount"\nrates_by_year = [0.20, 0.10]'


def recurring(amount: str = BY_YEAR, more: str = "", each: str = EACH) -> BoundPlan:
    return a_plan(amount, end=each + more)


def payment(name: str, day: str, amount: str = "1000 USD", **more: Any) -> dict[str, Any]:
    return {"id": name, "amount": amount, "booked_at": noon(day), **more}


SPLIT: Final = """
[split]
of = "fee_shares"
shares = { sourced = 0.5, influenced = 0.3, implemented = 0.2 }
"""


TAIL: Final = """
[[windows]]
id = "tail"
when = "is_oem"
starts = "accepted_at"
days = 43
of = "won_at"
last_day = "counts"
truth = "earns"
label = "tail"
reason = "won after the tail"
remedy = "Nothing: it is over."
cites = ["BX-29"]
"""


CLAWBACK: Final = """
[clawback]
since = "closed_at"
cites = ["BX-26"]

[[clawback.criteria]]
id = "cancelled"
need = "recorded(closed_at)"
reason = "the customer withdrew"
remedy = "None."
"""
CANCELLED: Final = noon("2026-08-20")
