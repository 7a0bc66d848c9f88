"""One gate of thirteen criteria: on a deal that meets them all, and on two hundred mixed deals.

The baseline is the chain that an expert writes by hand over the same records: constants hoisted,
fields read once, missing is not yes, and it stops at the first criterion that is not met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any, Final

from contest import Contest, Goal, Row, gather
from cosell.findings import Verdict
from cosell.money import Money
from cosell.rules import Criterion, Scope, compile_gate
from deals import AT, DEAL, SELLER, Deal
from languages import PEERS

__all__ = ["contests"]

#: What each criterion asks, as it stands in a definition.
CRITERIA: Final = {
    "budget": "budget_confirmed",
    "need": "need_confirmed",
    "size": "acv > smallest",
    "plan": "plan in {'enterprise', 'business'}",
    "region": "region in {'emea', 'americas', 'apac'}",
    "employees": "employees >= 50",
    "seats": "10 <= seats <= 5000",
    "champion": "recorded(champion)",
    "decision_maker": "recorded(decision_maker) and decision_maker != champion",
    "discount": "default(discount, 0) <= most_off",
    "next_step": "recorded(next_step)",
    "close": "created_on < close_on <= year_end",
    "large": "owner == 'ae-3' or partner == 'acme'",
}
#: The last one is asked of large deals alone.
WHEN: Final = {"large": "acv > large_above"}
PARAMETERS: Final = {
    "smallest": "10000 USD",
    "large_above": "50000 USD",
    "most_off": 20,
    "year_end": date(2026, 12, 31),
}
DEALS: Final = 200

_GATE = compile_gate(
    "ready",
    [
        Criterion(id=name, when=WHEN.get(name), need=need, remedy="See to it.")
        for name, need in CRITERIA.items()
    ],
    Scope(Deal, parameters=PARAMETERS),
)
_CHAIN: Final = "if-chain written by hand"


def chain(  # noqa: C901, PLR0911, PLR0912 - that is what a chain is
    deal: Deal,
    smallest: Decimal = Decimal(10_000),
    large_above: Decimal = Decimal(50_000),
    most_off: int = 20,
    year_end: date = date(2026, 12, 31),
) -> bool:
    """Return whether all thirteen hold."""
    if deal.budget_confirmed is not True:
        return False
    if deal.need_confirmed is not True:
        return False
    acv = deal.acv
    if acv is None or acv.currency != "USD":
        return False
    amount = acv.amount
    if amount <= smallest:
        return False
    if deal.plan not in {"enterprise", "business"}:
        return False
    if deal.region not in {"emea", "americas", "apac"}:
        return False
    employees = deal.employees
    if employees is None or employees < 50:
        return False
    seats = deal.seats
    if seats is None or not 10 <= seats <= 5000:
        return False
    champion = deal.champion
    if champion is None:
        return False
    decision_maker = deal.decision_maker
    if decision_maker is None or decision_maker == champion:
        return False
    discount = deal.discount
    if discount is not None and discount > most_off:
        return False
    if deal.next_step is None:
        return False
    created_on, close_on = deal.created_on, deal.close_on
    if created_on is None or close_on is None or not created_on < close_on <= year_end:
        return False
    return not (amount > large_above and deal.owner != "ae-3" and deal.partner != "acme")


def mixed_deals() -> list[Deal]:
    """Return deals of which about half meet everything, the others miss one or two things."""
    chance = Random(13)  # noqa: S311 - not for secrets
    wrong: list[dict[str, Any]] = [
        {"budget_confirmed": None},
        {"need_confirmed": False},
        {"acv": Money.parse("10000 USD")},
        {"acv": Money.parse("60000 EUR")},
        {"acv": None},
        {"plan": "free"},
        {"region": None},
        {"employees": 49},
        {"seats": 5001},
        {"champion": None},
        {"decision_maker": "c-1"},
        {"discount": 21},
        {"next_step": None},
        {"close_on": None},
        {"close_on": date(2027, 1, 1)},
        {"owner": "ae-9", "partner": None},
    ]
    deals = []
    for _ in range(DEALS):
        changes: dict[str, Any] = {"discount": chance.choice([None, 10])}
        for _ in range(chance.choice([0, 0, 1, 2])):
            changes |= chance.choice(wrong)
        deals.append(Deal.model_validate({**DEAL.__dict__, **changes}))
    return deals


def contests() -> Iterator[Contest]:
    """Yield the contest on one deal that meets everything, then the one on mixed deals."""
    yield _contest("One gate of 13 criteria, all met", [DEAL])
    yield _contest(f"The same on {DEALS} deals, half of which miss something", mixed_deals())


def _contest(title: str, deals: list[Deal]) -> Contest:
    right = [chain(deal) for deal in deals]
    peers, absent = gather(PEERS, deals, right)
    return Contest(title, _CHAIN, [*_rows(deals, right), *peers], absent)


def _rows(deals: list[Deal], right: list[bool]) -> Iterator[Row]:
    permits, examine = _GATE.permits, _GATE.examine

    def over(judge: Callable[[Deal], Any]) -> Callable[[], list[Any]]:
        """Return what judges all deals; for one deal without a list to make."""
        if len(deals) == 1:
            return lambda: [judge(deals[0])]
        return lambda: [judge(deal) for deal in deals]

    def is_right(found: list[tuple[Any, ...]]) -> bool:
        return [all(it.passes for it in findings) for findings in found] == right

    def verdicts(deal: Deal) -> bool:
        return permits(deal, None, SELLER, None, AT, None)

    def findings(deal: Deal) -> tuple[Any, ...]:
        return examine(deal, None, SELLER, None, AT, None)

    def values(deal: Deal) -> list[tuple[str, Verdict, tuple[Any, ...]]]:
        return [(it.check.id, it.verdict, it.values) for it in findings(deal)]

    per = len(deals)
    yield Row(_CHAIN, over(chain), lambda found: found == right, per=per)
    yield Row(
        "cosell, verdict only",
        over(verdicts),
        lambda found: found == right,
        (Goal(1.2, _CHAIN),),
        per,
    )
    yield Row("cosell, all findings", over(findings), is_right, (), per)
    yield Row(
        "cosell, all findings, verdict and values read",
        over(values),
        lambda found: (
            [all(verdict in {"met", "not_applicable"} for _, verdict, _ in each) for each in found]
            == right
        ),
        (Goal(10, _CHAIN),),
        per,
    )
