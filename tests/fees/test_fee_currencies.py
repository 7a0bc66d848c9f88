"""Currencies that nobody knows: refused in a plan, and worth nothing in a deal."""

from __future__ import annotations

from typing import Any

import pytest

from cosell.definition import parse_fee_plan
from cosell.errors import DefinitionError
from cosell.fees import assess, bind_plan, entries_due
from cosell.money import CURRENCIES, minor_digits
from fee_samples import LATER, PAID, TINY, a_deal, tiny_bound

RATE = 'base = "acv"\nrate = 0.10'


def plan_text(amount: str, own: str = "", end: str = "") -> str:
    return (
        TINY.format(zone="UTC", hold_days=0, amount=amount).replace("zone", f"{own}\nzone", 1) + end
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            plan_text('flat = "100 UDS"'),
            "activities[0].amount.flat: `UDS` is no currency of ISO 4217",
            id="a flat amount",
        ),
        pytest.param(
            plan_text(f'{RATE}\ncap = "100 UDS"'),
            "activities[0].amount.cap: `UDS` is no currency of ISO 4217",
            id="a cap",
        ),
        pytest.param(
            plan_text(RATE, end='\n[period]\nthreshold = "25 XXQ"\n'),
            "period.threshold: `XXQ` is no currency of ISO 4217",
            id="a threshold",
        ),
    ],
)
def test_a_plan_names_known_currencies(text: str, said: str) -> None:
    """A typo would have a balance of its own: it is refused with its line."""
    with pytest.raises(DefinitionError) as caught:
        parse_fee_plan(text, file="plan.toml")

    (found,) = caught.value.problems
    assert f"{found.path}: {found.problem}" == said
    assert found.line is not None
    assert "`currencies`" in found.remedy


@pytest.mark.parametrize(
    ("acv", "own", "amounts"),
    [
        pytest.param("1000 UDS", "", [], id="a typo pays nothing"),
        pytest.param("1000 CZK", "", ["100.00 CZK"] * 2, id="a currency of ISO 4217"),
        pytest.param(
            "1000 PTS",
            'currencies = ["PTS"]',
            ["100.00 PTS"] * 2,
            id="a currency of the host's own",
        ),
    ],
)
def test_a_deal_is_paid_in_known_currencies(acv: str, own: str, amounts: list[str]) -> None:
    """An amount in a currency that nobody knows is not known: nothing is written."""
    plan = bind_plan(parse_fee_plan(plan_text(RATE, own)))
    found = assess(plan, a_deal(acv=acv, invoice_paid_at=PAID), at=LATER)

    assert [str(entry.amount) for entry in entries_due(found, ())] == amounts
    problem = found.line("referral").computation.problem
    assert problem == (None if amounts else "`UDS` is no currency of ISO 4217")


def test_nobody_asks_for_a_rate_of_a_typo() -> None:
    """The problem is the currency, not that a rate for it is missing."""
    plan, deal = tiny_bound(f'{RATE}\ncap = "5 USD"'), a_deal(acv="1000 UDS")
    computation: Any = assess(plan, deal, at=LATER).line("referral").computation

    assert computation.problem == "`UDS` is no currency of ISO 4217"
    assert computation.remedy.startswith("Correct it; ")


def test_every_minor_unit_is_that_of_a_known_currency() -> None:
    """Whatever has no hundredths is in the list of ISO 4217."""
    assert {minor_digits(code) for code in CURRENCIES} == {0, 2, 3, 4}
    assert sum(minor_digits(code) != 2 for code in CURRENCIES) == 26
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)
