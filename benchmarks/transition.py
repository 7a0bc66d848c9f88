"""One guarded transition: eight stages, three criteria, all met; and blocked by the last one.

Run it with `python benchmarks/transition.py`. Peers that are not installed are left out.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.util import find_spec
from typing import Annotated, Any

from peers import BLOCKED, PEERS, Plain
from timing import table, time_all

from cosell.definition import parse_process
from cosell.engine import apply, bind, decide, seal
from cosell.events import Actor
from cosell.models.record import Record
from cosell.money import Money

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
SELLER = Actor("s-1", role="seller", party="acme")

STAGES = ("lead", "qualified", "discovery", "scoped", "validated", "negotiation", "won", "lost")


class Deal(Record, frozen=True):
    """A record of 27 fields, six of them every record's own."""

    name: str | None = None
    customer: str | None = None
    domain: str | None = None
    owner: str | None = None
    partner: str | None = None
    region: str | None = None
    product: str | None = None
    plan: str | None = None
    acv: Money | None = None
    employees: int | None = None
    seats: int | None = None
    discount: Decimal | None = None
    budget_confirmed: bool | None = None
    need_confirmed: bool | None = None
    champion: str | None = None
    decision_maker: str | None = None
    next_step: str | None = None
    security_needed: bool | None = None
    created_on: date | None = None
    close_on: date | None = None
    won_at: datetime | None = None


DEAL = Deal(
    id="d-1",
    stage="lead",
    name="Rollout",
    customer="Example",
    domain="example.com",
    owner="ae-3",
    partner="acme",
    region="emea",
    product="core",
    plan="enterprise",
    acv=Money.parse("72000 USD"),
    employees=640,
    seats=120,
    discount=Decimal("0.10"),
    budget_confirmed=True,
    need_confirmed=True,
    champion="c-1",
    decision_maker="c-2",
    next_step="Workshop",
    security_needed=False,
    created_on=date(2026, 10, 1),
    close_on=date(2026, 12, 18),
)

_TRANSITIONS = "\n".join(
    f"""
[[transitions]]
trigger = "advance"
source = "{source}"
target = "{target}"
roles = ["seller"]
gates = ["ready"]
"""
    for source, target in zip(STAGES[:6], STAGES[1:7], strict=True)
)
PROCESS = parse_process(
    f"""
id = "bench"
version = 1
record = "Deal"
initial = "lead"
roles = {{ seller = "Seller" }}
stages = [{", ".join(f'{{ id = "{s}", kind = "{s if s in {"won", "lost"} else "open"}" }}' for s in STAGES)}]
[parameters]
smallest = "50000 USD"
[gates.ready]
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
{_TRANSITIONS}
[[transitions]]
trigger = "lose"
source = "*"
target = "lost"
roles = ["seller"]
"""
)
BOUND = bind(PROCESS, record=Deal)
CLOSURES = bind(PROCESS, record=Deal, generated=False)
BLOCKED_DEAL = DEAL.model_copy(update={"plan": "free"})


# The baseline: what a programmer writes who needs no reasons.
_FIFTY = Decimal(50000)
_PLANS = frozenset({"enterprise", "business"})
_GUARDS = (
    lambda deal: deal.budget_confirmed is True,
    lambda deal: deal.acv.amount > _FIFTY,
    lambda deal: deal.plan in _PLANS,
)
_TABLE = {("lead", "advance"): ("qualified", _GUARDS)}


def bare(deal: Deal = DEAL) -> str | None:
    """Look a transition up and call its three predicates."""
    target, guards = _TABLE[deal.stage, "advance"]
    for guard in guards:
        if not guard(deal):
            return None
    return target


def _decide(deal: Deal = DEAL, bound: Any = BOUND) -> Any:
    return decide(bound, deal, "advance", actor=SELLER, at=AT)


def _apply() -> Any:
    return apply(BOUND, DEAL, "advance", actor=SELLER, at=AT)


def main() -> None:
    """Print the tables."""
    event = _apply().events
    assert _decide().permitted
    assert not _decide(BLOCKED_DEAL).permitted
    calls = {
        "bare look-up and three predicates": bare,
        "cosell decide, to the verdict": lambda: _decide().permitted,
        "cosell decide, all findings read": lambda: [f.verdict for f in _decide().findings],
        "cosell decide, closures, to the verdict": lambda: _decide(DEAL, CLOSURES).permitted,
        "pydantic, validating the 27 fields": lambda: Deal.model_validate(DEAL.__dict__),
        "cosell apply": lambda: (lambda done: (done.record, done.event, done.effects))(_apply()),
        "cosell sealing an event": lambda: seal(event),
        **PEERS,
    }
    timings = time_all(calls)
    goals = {
        "cosell decide, to the verdict": 4,
        "cosell decide, all findings read": 7,
        "cosell apply": 25,
        "cosell sealing an event": 40,
    }
    print(table("One guarded transition, permitted", timings, "bare look-up and three predicates", goals))
    stock = timings.get("transitions, one shared machine")
    if stock:
        ratio = timings["cosell apply"].median / stock.median
        print(f"cosell apply / transitions: {ratio:.2f} (goal ≤ 0.8)\n")
    blocked = {
        "bare look-up and three predicates": lambda: bare(BLOCKED_DEAL),
        "cosell decide, with actual and needed value": lambda: [
            (f.id, f.actual, f.check.needed) for f in _decide(BLOCKED_DEAL).obstacles
        ],
        **BLOCKED,
    }
    print(
        table(
            "The same, blocked by the last of three",
            time_all(blocked),
            "bare look-up and three predicates",
            {"cosell decide, with actual and needed value": 7},
        )
    )


if __name__ == "__main__":
    main()
