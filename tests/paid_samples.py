"""A small process of deals that are accepted, won and paid, for fees on a desk."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any, Final

from cosell import Opportunity, bind, parse_process
from cosell.engine import Bound
from cosell.events import Actor
from cosell.fees import BoundPlan
from fee_samples import ACCEPTED, PAID, WON, tiny_bound

DAY: Final = timedelta(days=1)
SELLER: Final = Actor("s-1", role="seller")
PARTNER: Final = Actor("p-7", role="partner", party="acme")
STRANGER: Final = Actor("p-8", role="partner", party="other")
FEE: Final = "o-1|tiny|referral|acme"

TEXT: Final = """
id = "paid"
version = 1
record = "Opportunity"
initial = "offered"
roles = { seller = "Seller", partner = "Partner" }
stages = [
  { id = "offered" },
  { id = "accepted" },
  { id = "won", kind = "won" },
  { id = "twin", kind = "closed" },
]
merge = { trigger = "close_as_twin", roles = ["seller"] }

[[transitions]]
trigger = "accept"
source = "offered"
target = "accepted"
roles = ["seller"]
inputs = [{ path = "terms" }]
set = { accepted_at = "at" }

[[transitions]]
trigger = "win"
source = "accepted"
target = "won"
roles = ["seller"]
set = { won_at = "at" }

[[transitions]]
trigger = "close_as_twin"
source = ["offered", "accepted", "won"]
target = "twin"
roles = ["seller"]

[[views]]
id = "all"
roles = ["seller"]

[[views]]
id = "own"
roles = ["partner"]
when = "actor.party == partner.id"
hide = ["notes"]
"""


@cache
def paid_process() -> Bound:
    """Return the process, bound."""
    return bind(parse_process(TEXT), record=Opportunity)


def a_desk(desk_of: Any, store: Any, *plans: BoundPlan, **named: Any) -> Any:
    """Return a desk that keeps the fees of the small plan, or of others."""
    return desk_of([paid_process()], store, fee_plans=plans or (tiny_bound(),), **named)


def an_offer(record_id: str = "o-1", **values: Any) -> Opportunity:
    """Return a deal of 120,000 dollars."""
    return Opportunity.model_validate(
        {"id": record_id, "acv": "120000 USD", "partner": {"id": "acme"}, **values}
    )


def won(desk: Any, record_id: str = "o-1", **values: Any) -> Any:
    """Open, accept and win a deal, and return what winning answered."""
    desk.open(an_offer(record_id, **values), actor=SELLER, at=ACCEPTED - DAY)
    desk.move(record_id, "accept", actor=SELLER, at=ACCEPTED)
    return desk.move(record_id, "win", actor=SELLER, at=WON)


def paid_for(desk: Any, record_id: str = "o-1", **named: Any) -> Any:
    """Write down that the customer paid, and return the answer."""
    data = {"invoice_paid_at": PAID}
    return desk.change(record_id, data, actor=SELLER, at=PAID, **named)


def said(entries: Any) -> list[str]:
    """Return entries as kind and amount."""
    return [f"{entry.kind.value} {entry.amount}" for entry in entries]
