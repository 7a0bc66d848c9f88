"""A won and paid deal, a small fee plan, and ways to spoil one thing of them at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

from hypothesis import settings

from cosell.catalog import load_fee_plan
from cosell.definition import FeePlan, parse_fee_plan
from cosell.events import Entry, EntryKind
from cosell.fees import BoundPlan, bind_plan, entry_id
from cosell.models import Opportunity
from cosell.money import Money

DAY: Final = timedelta(days=1)

#: How many examples the laws of money get: most where nobody waits for them.
_MANY: Final = {"fast": 200, "quick": 50, "ci": 1000, "soak": 10_000}
MANY: Final = settings(max_examples=_MANY.get(settings.get_current_profile_name(), 100))


def noon(day: str) -> datetime:
    """Return noon in UTC of a day such as ``2026-05-08``."""
    return datetime.fromisoformat(f"{day}T12:00:00+00:00").astimezone(UTC)


ACCEPTED: Final = noon("2026-05-08")
WON: Final = noon("2026-06-20")
PAID: Final = noon("2026-07-15")
LATER: Final = noon("2026-09-01")

CERTIFICATES: Final = (
    {"kind": "technical", "valid_from": "2026-01-10", "valid_until": "2026-12-31"},
    {"kind": "sales", "valid_from": "2026-01-10", "valid_until": "2026-12-31"},
)
CONTRACT: Final = {"signed_on": "2026-01-20", "valid_from": "2026-01-20", "open_ended": True}
PARTNER: Final = {
    "id": "acme",
    "status": "partner",
    "certifications": CERTIFICATES,
    "contracts": (CONTRACT,),
}
MEETING: Final = {
    "kind": "key_meeting",
    "at": noon("2026-05-20"),
    "side": "partner",
    "evidence": "Minutes of the meeting.",
}
#: Certified in both, contract signed, accepted, won, co-sold; the invoice is not paid.
UNPAID: Final[dict[str, Any]] = {
    "id": "o-1",
    "acv": "120000 USD",
    "partner": PARTNER,
    "accepted_at": ACCEPTED,
    "won_at": WON,
    "activities": (MEETING,),
}


def a_deal(**changes: Any) -> Opportunity:
    """Return the unpaid deal with some fields otherwise."""
    return Opportunity.model_validate({**UNPAID, **changes})


def a_partner(**changes: Any) -> dict[str, Any]:
    """Return the certified partner with some fields otherwise."""
    return {**PARTNER, **changes}


@cache
def example_plan(**changes: Any) -> BoundPlan:
    """Return the example plan that ships, bound, with some fields otherwise."""
    return bind_plan(load_fee_plan("make_example").model_copy(update=changes))


#: What makes a deal eligible in the small plans of tests: that it was accepted.
ACCEPTED_ALONE: Final = """\
[eligible]
since = "accepted_at"

[[eligible.criteria]]
id = "accepted"
need = "recorded(accepted_at)"
reason = "not accepted"
remedy = "Accept it."
"""
TINY: Final = f"""\
id = "tiny"
version = 1
record = "Opportunity"
zone = "{{zone}}"

{ACCEPTED_ALONE}
[earns]
since = "won_at"

[[earns.criteria]]
id = "won"
need = "recorded(won_at)"
reason = "not won"
remedy = "Win it."

[pays]
since = "invoice_paid_at"
hold_days = {{hold_days}}

[[pays.criteria]]
id = "invoice_paid"
need = "recorded(invoice_paid_at)"
reason = "customer invoice unpaid"
remedy = "Wait for the payment."

[[activities]]
id = "referral"

[activities.amount]
{{amount}}
"""
#: A tenth of what the contract is worth in a year.
TENTH: Final = 'base = "acv"\nrate = 0.10'


def tiny_text(amount: str = TENTH, *, zone: str = "UTC", hold_days: int = 0) -> str:
    """Return the text of a plan with one activity that asks for accepted, won and paid alone."""
    return TINY.format(zone=zone, hold_days=hold_days, amount=amount)


@cache
def tiny_plan(amount: str = TENTH, *, zone: str = "UTC", hold_days: int = 0) -> FeePlan:
    """Return a plan with one activity that asks for nothing but accepted, won and paid."""
    return parse_fee_plan(tiny_text(amount, zone=zone, hold_days=hold_days))


@cache
def tiny_bound(amount: str = TENTH, *, zone: str = "UTC", hold_days: int = 0) -> BoundPlan:
    """Return the small plan, bound."""
    return bind_plan(tiny_plan(amount, zone=zone, hold_days=hold_days))


def usd(amount: str | int | Decimal) -> Money:
    """Return an amount in dollars."""
    return Money(amount=Decimal(amount), currency="USD")


def an_entry(
    kind: EntryKind, amount: str | Money, *, fee: str = "o-1|tiny|referral|acme", **changes: Any
) -> Entry:
    """Return an entry of a fee, as a ledger has it."""
    given = amount if isinstance(amount, Money) else usd(amount)
    cause = changes.pop("cause", "o-1")
    return Entry.model_validate(
        {
            "id": entry_id(fee, kind, cause),
            "fee_id": fee,
            "record_id": "o-1",
            "plan": "tiny@1",
            "activity": "referral",
            "payee": "acme",
            "kind": kind,
            "amount": given,
            "at": PAID,
            "cause": cause,
            **changes,
        }
    )
