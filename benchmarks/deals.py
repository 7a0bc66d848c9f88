"""The record and the process that several contests share.

A deal of 27 fields, eleven of them every record's own; a process of eight stages, with one gate
of three criteria in front of each step. ``Plain`` holds the same values for peers that move
objects of their own.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise

from cosell.definition import parse_process
from cosell.events import Actor
from cosell.models.record import Record
from cosell.money import Money

__all__ = [
    "AT",
    "BLOCKED",
    "DEAL",
    "PLANS",
    "PROCESS",
    "SELLER",
    "SMALLEST",
    "STAGES",
    "Deal",
    "Plain",
]

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
SELLER = Actor("s-1", role="seller", party="acme")
STAGES = ("lead", "qualified", "discovery", "scoped", "validated", "negotiation", "won", "lost")
SMALLEST = Decimal(50_000)
PLANS = frozenset({"enterprise", "business"})


class Deal(Record, frozen=True):
    """A record of 27 fields."""

    owner: str | None = None
    partner: str | None = None
    region: str | None = None
    plan: str | None = None
    acv: Money | None = None
    employees: int | None = None
    seats: int | None = None
    discount: int | None = None
    budget_confirmed: bool | None = None
    need_confirmed: bool | None = None
    champion: str | None = None
    decision_maker: str | None = None
    next_step: str | None = None
    security_needed: bool | None = None
    created_on: date | None = None
    close_on: date | None = None


DEAL = Deal(
    id="d-1",
    stage="lead",
    owner="ae-3",
    partner="acme",
    region="emea",
    plan="enterprise",
    acv=Money.parse("72000 USD"),
    employees=640,
    seats=120,
    discount=10,
    budget_confirmed=True,
    need_confirmed=True,
    champion="c-1",
    decision_maker="c-2",
    next_step="Workshop",
    security_needed=False,
    created_on=date(2026, 10, 1),
    close_on=date(2026, 12, 18),
)
#: The same deal, which does not meet the last of the three criteria.
BLOCKED = Deal.model_validate({**DEAL.__dict__, "plan": "free"})


class Plain:
    """The same deal as an object that a peer may move."""

    def __init__(self, plan: str = "enterprise") -> None:
        self.state = "lead"
        self.budget_confirmed = True
        self.amount = Decimal(72_000)
        self.plan = plan


def _stages() -> str:
    kinds = {"won": "won", "lost": "lost"}
    return "\n".join(
        f'[[stages]]\nid = "{stage}"\nkind = "{kinds.get(stage, "open")}"' for stage in STAGES
    )


def _steps() -> str:
    return "\n".join(
        f'[[transitions]]\ntrigger = "advance"\nsource = "{source}"\ntarget = "{target}"\n'
        'roles = ["seller"]\ngates = ["ready"]'
        for source, target in pairwise(STAGES[:7])
    )


PROCESS = parse_process(
    f"""
id = "bench"
version = 1
record = "Deal"
initial = "lead"
roles = {{ seller = "Seller" }}

[parameters]
smallest = "50000 USD"

{_stages()}

[[gates.ready.criteria]]
id = "budget"
need = "budget_confirmed"
remedy = "Confirm the budget."

[[gates.ready.criteria]]
id = "size"
need = "acv > smallest"
remedy = "Take it to the small-business team."

[[gates.ready.criteria]]
id = "plan"
need = "plan in {{'enterprise', 'business'}}"
remedy = "Offer a plan with support."

{_steps()}

[[transitions]]
trigger = "lose"
source = "*"
target = "lost"
roles = ["seller"]
"""
)
