"""The example plans in the shape of a margin credit and of an incentive on the solution value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

import pytest

from cosell import catalog
from cosell.catalog.shipped import model_named
from cosell.events import EntryKind
from cosell.fees import BoundPlan, assess, bind_plan, entries_due
from cosell.models import IncentiveRegistration, Opportunity
from cosell.verify import verify_plans

NOON: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY: Final = timedelta(days=1)


@cache
def plan(name: str) -> BoundPlan:
    found = catalog.load_fee_plan(name)
    return bind_plan(found, model_named(found.record))


@pytest.mark.parametrize("name", catalog.fee_plan_names())
def test_what_ships_is_sound_and_says_that_it_is_an_example(name: str) -> None:
    """No source publishes rates, so every plan is marked; none can pay without a registration."""
    found = catalog.load_fee_plan(name)

    assert verify_plans([found]) == ()
    assert name.endswith("_example")
    assert found.notice == "An example: the rates are made up, as no source publishes any."
    assert "EXAMPLE" in catalog.shelf.SHELF.text_of(name, fees=True)[1].splitlines()[0]


# --- Margin credit on proof of performance --------------------------------------------------------


def a_margin_deal(**values: Any) -> Opportunity:
    given = {
        "id": "o-1",
        "acv": "100000 USD",
        "partner": {"id": "acme"},
        "accepted_at": NOON,
        "won_at": NOON + DAY,
        "proof_submitted_at": NOON + 9 * DAY,
    }
    return Opportunity.model_validate({**given, **values})


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        pytest.param({}, [], id="SF-13 closed and proved"),
        pytest.param(
            {"proof_submitted_at": None},
            ["no proof of performance"],
            id="SF-13 no proof, no credit",
        ),
        pytest.param({"won_at": None}, ["deal not closed"], id="SF-13 proof of an open deal"),
        pytest.param(
            {"accepted_at": None}, ["deal registration not approved"], id="SF-4 not registered"
        ),
    ],
)
def test_no_proof_no_credit(values: dict[str, Any], reasons: list[str]) -> None:
    """The partner closes the deal, submits the proof, and then receives the credit (SF-13)."""
    found = assess(plan("salesforce_example"), a_margin_deal(**values), at=NOON + 20 * DAY)
    line = found.line("registered_deal")

    truths = line.eligible, line.earned
    assert [str(each) for truth in truths for each in truth.own_reasons] == reasons
    assert bool(line.payable) is (not reasons)


@pytest.mark.parametrize(
    ("won", "proof", "since"),
    [
        pytest.param(1, 9, 9, id="the proof comes after the close"),
        pytest.param(9, 1, 9, id="the proof comes before the close"),
    ],
)
def test_the_credit_is_earned_with_the_later_of_the_two(won: int, proof: int, since: int) -> None:
    """Neither the close nor the proof is enough alone (SF-13, SF-19)."""
    deal = a_margin_deal(won_at=NOON + won * DAY, proof_submitted_at=NOON + proof * DAY)
    lines = {
        days: assess(plan("salesforce_example"), deal, at=NOON + days * DAY).line("registered_deal")
        for days in (since - 1, since)
    }

    assert not lines[since - 1].earned
    assert lines[since].earned.since == lines[since].payable.since == NOON + since * DAY


@pytest.mark.parametrize(
    ("values", "activity", "amount"),
    [
        pytest.param({}, "registered_deal", "5000.00 USD", id="a deal of its own"),
        pytest.param(
            {"partner": {"id": "acme", "level": "gold"}},
            "registered_deal",
            "8000.00 USD",
            id="BX-21 the level's own rate",
        ),
        pytest.param({"acv": "500000 USD"}, "registered_deal", "20000.00 USD", id="BX-22 a cap"),
        pytest.param(
            {"origin": {"id": "l-1", "process": "salesforce_lead_distribution"}},
            "distributed_lead",
            "3000.00 USD",
            id="SF-19 a lead that was distributed",
        ),
    ],
)
def test_each_deal_earns_one_credit(values: dict[str, Any], activity: str, amount: str) -> None:
    """A deal that the partner brought earns one credit, one that was given to it the other."""
    found = assess(plan("salesforce_example"), a_margin_deal(**values), at=NOON + 20 * DAY)

    earned = [each for each in entries_due(found, []) if each.kind is EntryKind.EARNED]
    assert [(each.activity, str(each.amount)) for each in earned] == [(activity, amount)]


# --- Incentive on the solution value --------------------------------------------------------------


def a_registration(**values: Any) -> IncentiveRegistration:
    given = {
        "id": "r-1",
        "partner": {"id": "acme"},
        "kind": "co_sell",
        "sharing": "co_sell",
        "account_managed": True,
        "is_solution_assessment": False,
        "vendor_accepted_at": NOON - DAY,
        "products": [{"id": "s-1", "registrable": True}],
        "perpetual": True,
        "contract_value": "600000 USD",
        "solution_value": "200000 USD",
        "won_at": NOON,
        "accepted_at": NOON + DAY,
    }
    return IncentiveRegistration.model_validate({**given, **values})


def why_not(**values: Any) -> list[str]:
    """Return why a registration is not eligible."""
    at = NOON + 30 * DAY
    line = assess(plan("partner_center_example"), a_registration(**values), at=at).line("co_sell")
    return [str(each) for each in line.eligible.reasons]


def test_the_incentive_is_on_the_solution_value() -> None:
    """What the contract is worth besides does not count (MS-17)."""
    at = NOON + 30 * DAY
    lines = [
        assess(plan("partner_center_example"), a_registration(contract_value=total), at=at).lines[0]
        for total in ("600000 USD", "900000 USD")
    ]

    assert [str(line.amount) for line in lines] == ["20000.00 USD"] * 2
    assert all(line.payable.since == NOON + DAY for line in lines)


PLAIN_YEAR: Final = {"perpetual": False, "starts_on": "2026-01-01", "ends_on": "2026-12-31"}


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        pytest.param({}, [], id="MS-32 all of it holds"),
        pytest.param({"accepted_at": None}, ["registration not approved"], id="MS-15"),
        pytest.param(
            {"sharing": "private"}, ["neither a co-sell nor a partner-led deal"], id="MS-32 private"
        ),
        pytest.param({"sharing": "partner_led", "vendor_accepted_at": None}, [], id="MS-32 led"),
        pytest.param({"sharing": None, "vendor_accepted_at": None}, [], id="MS-16 no referral"),
        pytest.param(
            {"vendor_accepted_at": None}, ["not accepted by the vendor"], id="MS-32 not accepted"
        ),
        pytest.param(
            {"account_managed": False}, ["account not managed by the vendor"], id="MS-32 unmanaged"
        ),
        pytest.param(
            {"products": [{"id": "s-1", "registrable": False}]},
            ["no eligible solution"],
            id="MS-32 no solution",
        ),
        pytest.param(
            {"is_solution_assessment": True}, ["a solution assessment"], id="MS-32 assessment"
        ),
        pytest.param(
            {"contract_value": "150000.00 USD", "solution_value": "1 USD"},
            ["annual value too low"],
            id="MS-33 perpetual, 25,000 a year",
        ),
        pytest.param(
            {"contract_value": "150000.01 USD", "solution_value": "1 USD"},
            [],
            id="MS-33 perpetual, a cent above in six years",
        ),
        pytest.param(
            {"contract_value": "25000 USD", "solution_value": "1 USD", **PLAIN_YEAR},
            ["annual value too low"],
            id="MS-32 a value of just the least, MS-33 not above it",
        ),
        pytest.param(
            {"contract_value": "25000.01 USD", "solution_value": "1 USD", **PLAIN_YEAR},
            [],
            id="MS-33 a cent above in a year",
        ),
        pytest.param(
            {
                "contract_value": "24999.99 USD",
                "solution_value": "1 USD",
                **PLAIN_YEAR,
                "ends_on": "2026-06-30",
            },
            ["deal too small"],
            id="MS-32 a cent less, although for half a year",
        ),
        pytest.param({"solution_value": "600000 USD"}, [], id="MS-33 all of it is the solution"),
        pytest.param(
            {"solution_value": "600000.01 USD"},
            ["solution worth more than the contract"],
            id="MS-33 a cent more",
        ),
        pytest.param(
            {"kind": "partner_to_partner"},
            ["contract and solution differ in a partner-to-partner deal"],
            id="MS-18 two values",
        ),
        pytest.param(
            {"kind": "partner_to_partner", "solution_value": "600000 USD"}, [], id="MS-18 one value"
        ),
    ],
)
def test_what_makes_a_deal_eligible(values: dict[str, Any], reasons: list[str]) -> None:
    """Each criterion stops the incentive alone; nothing is rounded before it is compared."""
    assert why_not(**values) == reasons


def test_only_a_won_deal_earns() -> None:
    """A registration of a deal that is not won earns nothing (MS-32)."""
    at = NOON + 30 * DAY
    found = assess(plan("partner_center_example"), a_registration(won_at=None), at=at)

    assert [str(each) for each in found.lines[0].earned.reasons] == ["deal not won"]
    assert entries_due(found, []) == ()
