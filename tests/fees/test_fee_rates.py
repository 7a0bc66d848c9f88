"""Whose rate a fee is priced at, and in which year: each with its reasons."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final

import pytest
from pydantic import Field

from cosell.fees import (
    account_of,
    assess,
    differences,
    entries_due,
)
from cosell.models import Opportunity
from fee_plan_samples import (
    EACH,
    RATE,
    a_plan,
    amount_of,
    own_rate,
    payment,
    recurring,
    won_deal,
)
from fee_samples import LATER, PAID, a_partner, noon, usd

LEVELS: Final = a_plan(
    RATE
    + own_rate("level", 'when = "terms.partner_level == \'gold\'"\nrate = 0.12\nlabel = "gold"')
    + own_rate("partner", "when = \"partner.id == 'acme'\"\nrate = 0.15")
    + own_rate("deal", 'rate_from = "probability"')
    + own_rate("deal", 'when = "lead_source == \'marketplace\'"\nflat = "100 USD"')
)


@pytest.mark.parametrize(
    ("changes", "amount", "step"),
    [
        pytest.param(
            {"partner": a_partner(id="zeta"), "terms": {"partner_level": "silver"}},
            "12000.00 USD",
            "10 % of 120000.00 USD: 12000.00 USD",
            id="the program's, where no other applies",
        ),
        pytest.param(
            {"partner": a_partner(id="zeta"), "terms": {"partner_level": "gold"}},
            "14400.00 USD",
            "12 % of 120000.00 USD (gold): 14400.00 USD",
            id="the level's before the program's",
        ),
        pytest.param(
            {"terms": {"partner_level": "gold"}},
            "18000.00 USD",
            "15 % of 120000.00 USD (rate of the partner): 18000.00 USD",
            id="the partner's before the level's",
        ),
        pytest.param(
            {"probability": "0.2"},
            "24000.00 USD",
            "20 % of 120000.00 USD (rate of the deal): 24000.00 USD",
            id="what was agreed on the deal before the partner's",
        ),
        pytest.param(
            {"lead_source": "marketplace"},
            "100.00 USD",
            "flat amount (rate of the deal): 100.00 USD",
            id="a flat amount of the deal",
        ),
    ],
)
def test_the_rate_that_stands_nearest_to_the_deal_counts(
    changes: dict[str, Any], amount: str, step: str
) -> None:
    """Deal, partner, level, program: the first that applies is taken, and named (BX-21)."""
    given_deal = won_deal(**{"lead_source": "prospecting", **changes})
    line = assess(LEVELS, given_deal, at=LATER).line("referral")
    assert (str(line.amount), step in map(str, line.steps)) == (amount, True)


class Contested(Opportunity, frozen=True):
    """A host's deal that says whether another partner had registered it before."""

    is_second_registration: bool | None = None


@pytest.mark.parametrize(
    ("second", "amount"),
    [
        pytest.param(False, "12000.00 USD", id="the first registrant"),
        pytest.param(True, "2400.00 USD", id="the second one"),
        pytest.param(None, "None", id="nobody recorded which"),
    ],
)
def test_a_second_registrant_gets_a_reduced_benefit(second: bool | None, amount: str) -> None:  # noqa: FBT001 - a case of the table
    """A rate of the deal, where the program has one; unknown is no amount (BX-28)."""
    rate = own_rate("deal", 'when = "is_second_registration"\nrate = 0.02')
    plan = a_plan(RATE + rate, model=Contested)
    deal = Contested.model_validate({**won_deal().model_dump(), "is_second_registration": second})
    assert amount_of(assess(plan, deal, at=LATER)) == amount


def test_a_rate_is_not_guessed_where_it_is_not_known_whose_applies() -> None:
    """Where a level is not recorded there is no amount, and the remedy says what to record."""
    deal = won_deal(partner=a_partner(id="zeta"), lead_source="prospecting")
    line = assess(LEVELS, deal, at=LATER).line("referral")
    assert (line.amount, line.computation.problem) == (
        None,
        "whether the rate of the level applies is not known",
    )
    assert line.computation.remedy == "Record what `terms.partner_level == 'gold'` reads."
    assert entries_due(assess(LEVELS, deal, at=LATER), []) == ()


class Agreed(Opportunity, frozen=True):
    """A host's deal with a rate of its own."""

    agreed_rate: Annotated[Decimal | None, Field(max_digits=6, decimal_places=4)] = None


def test_a_rate_above_the_whole_is_refused() -> None:
    """A rate that was agreed as more than all of it gives no amount, and the whole does."""
    plan = a_plan(RATE + own_rate("deal", 'rate_from = "agreed_rate"'), model=Agreed)
    deal = Agreed.model_validate({**won_deal().model_dump(), "agreed_rate": "1"})
    assert amount_of(assess(plan, deal, at=LATER)) == "120000.00 USD"
    more = deal.model_copy(update={"agreed_rate": Decimal("1.0001")})
    computation = assess(plan, more, at=LATER).line("referral").computation
    assert (computation.problem, computation.remedy) == (
        "`agreed_rate` is 1.0001",
        "Record a rate from 0 to 1.",
    )


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        pytest.param("2026-06-20", "200.00 USD", id="the first day of the first year"),
        pytest.param("2027-06-19", "200.00 USD", id="the last day of the first year"),
        pytest.param("2027-06-20", "100.00 USD", id="the first day of the second year"),
        pytest.param("2028-06-20", "0.00 USD", id="after the last year nothing is earned"),
    ],
)
def test_each_payment_earns_by_the_rate_of_its_year(day: str, amount: str) -> None:
    """Years are counted from the day the deal was won, on which the first begins (BX-27)."""
    deal = won_deal(payments=(payment("p-1", day),))
    line = assess(recurring(), deal, at=noon("2029-01-01")).line("referral")
    assert (str(line.amount), line.occasion) == (amount, "p-1")
    assert line.payable.since == max(PAID, noon(day))


def test_a_payment_before_the_first_year_earns_nothing_known() -> None:
    """Money from before the years began has no rate, and the answer says so."""
    deal = won_deal(payments=(payment("p-1", "2026-06-19"),))
    computation = assess(recurring(), deal, at=LATER).line("referral").computation
    assert (computation.amount, computation.problem) == (
        None,
        "the year it belongs to is before the first",
    )


def test_a_year_counted_from_a_day_that_is_not_recorded_is_not_known() -> None:
    """Without the day from which years are counted there is no rate, and the answer says so."""
    plan = recurring(each=EACH.replace("record.won_at", "record.customer.registered_on"))
    line = assess(plan, won_deal(payments=(payment("p-1", "2026-08-01"),)), at=LATER).lines[0]
    assert line.computation.problem == "the year it belongs to is not known"


def test_the_29th_of_february_has_a_year_too() -> None:
    """A year that began on 29 February is over on 28 February of a shorter year."""
    plan = recurring(each=EACH.replace("record.won_at", "record.customer.registered_on"))
    deal = won_deal(
        customer={"registered_on": "2024-02-29"},
        payments=(payment("p-1", "2025-02-27"), payment("p-2", "2025-02-28")),
    )
    lines = assess(plan, deal, at=LATER).lines
    assert [str(line.amount) for line in lines] == ["200.00 USD", "100.00 USD"]


def test_a_refund_takes_back_the_share_that_its_payment_earned() -> None:
    """Half of a payment of the first year takes back a fifth of it, even in the third (BX-27)."""
    refund = payment("r-1", "2028-08-01", "500 USD", kind="refund", refund_of="p-1")
    deal = won_deal(payments=(payment("p-1", "2026-08-01"), refund))
    assessment = assess(recurring(), deal, at=noon("2028-09-01"))
    assert amount_of(assessment, occasion="p-1") == "200.00 USD"
    assert amount_of(assessment, occasion="r-1") == "-100.00 USD"
    ledger = entries_due(assessment, [])
    assert [(entry.occasion, entry.kind.value, str(entry.amount)) for entry in ledger] == [
        ("p-1", "earned", "200.00 USD"),
        ("p-1", "payable", "200.00 USD"),
        ("r-1", "clawed_back", "-100.00 USD"),
    ]
    account = account_of(ledger)
    assert account.balance("acme", "USD") == usd(100)
    again = assess(recurring(), deal, at=noon("2028-09-01"), account=account)
    assert entries_due(again, ledger) == ()
    assert differences(again, ledger) == ()
    assert again.line("referral", occasion="r-1").paid
    assert "not taken back yet" in assessment.line("referral", occasion="r-1").explain()


def test_a_refund_needs_no_year_where_rates_have_none() -> None:
    """Where one rate holds for all years, a refund takes back its share of the payment (BX-27)."""
    plan = recurring(
        'base = "amount"\nrate = 0.20', each=EACH.replace('years_from = "record.won_at"\n', "")
    )
    refund = payment("r-1", "2028-08-01", "500 USD", kind="refund", refund_of="p-1")
    deal = won_deal(payments=(payment("p-1", "2026-08-01"), refund))
    lines = assess(plan, deal, at=noon("2028-09-01")).lines
    assert [line.occasion for line in lines] == ["p-1", "r-1"]


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        pytest.param({}, "which of `payments` it takes back is not known", id="of none"),
        pytest.param(
            {"refund_of": "p-9"}, "which of `payments` it takes back is not known", id="of another"
        ),
        pytest.param(
            {"refund_of": "r-1"}, "which of `payments` it takes back is not known", id="of itself"
        ),
    ],
)
def test_a_refund_of_nothing_known_takes_nothing_back(more: dict[str, Any], problem: str) -> None:
    """Which payment a refund takes back is not guessed; the remedy says what to record."""
    refund = payment("r-1", "2026-08-01", kind="refund", **more)
    assessment = assess(recurring(), won_deal(payments=(refund,)), at=LATER)
    line = assessment.line("referral")
    assert (line.computation.problem, bool(line.earned)) == (problem, False)
    assert line.computation.remedy == "Record `refund_of`."
    assert entries_due(assessment, []) == ()


def test_without_a_payment_nothing_is_earned_yet() -> None:
    """A list without an item has one line that says what it waits for."""
    assessment = assess(recurring(), won_deal(), at=LATER)
    line = assessment.line("referral")
    assert (line.occasion, line.fee_id, line.amount, line.standing) == (
        None,
        None,
        None,
        line.eligible.name,
    )
    assert [reason.text for reason in line.earned.reasons] == ["none of `payments` is recorded yet"]


def test_a_year_can_be_read_from_the_item() -> None:
    """An invoice that says its contract year is priced by it (BX-27)."""
    each = '\n[activities.each]\nof = "invoices"\nat = "paid_at"\nyear = "contract_year"\n'
    plan = recurring(each=each)
    invoices = (
        {"id": "i-1", "amount": "1000 USD", "paid_at": PAID, "contract_year": 2},
        {"id": "i-2", "amount": "1000 USD", "contract_year": 2},
        {"id": "i-3", "amount": "1000 USD", "paid_at": PAID},
    )
    lines = assess(plan, won_deal(invoices=invoices), at=LATER).lines
    assert [(str(line.amount), line.computation.problem) for line in lines] == [
        ("100.00 USD", None),
        ("None", "`paid_at` is not recorded"),
        ("None", "the year it belongs to is not known"),
    ]
