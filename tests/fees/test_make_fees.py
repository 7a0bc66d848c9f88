"""The example plan in the shape of Make's referral fees: MK-32 to MK-35, case by case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from cosell.fees import assess
from cosell.findings import Verdict
from cosell.models import Opportunity
from fee_samples import (
    CERTIFICATES,
    CONTRACT,
    DAY,
    LATER,
    MEETING,
    PAID,
    WON,
    a_deal,
    a_partner,
    example_plan,
    noon,
)

TECHNICAL, SALES = CERTIFICATES
REQUIREMENTS = "partner program requirements not met"
NO_CONTRACT = "no partner contract in place"


def verdicts(deal: Opportunity, at: datetime, activity: str = "co_selling", **plan: Any) -> str:
    """Return eligible, earned, payable and paid as four letters: yes, no or unknown."""
    line = assess(example_plan(**plan), deal, at=at).line(activity)
    letters = {Verdict.MET: "y", Verdict.UNMET: "n", Verdict.UNKNOWN: "?"}
    return "".join(letters[truth.verdict] for truth in line.truths)


def test_eligible_and_earned_but_the_invoice_is_unpaid() -> None:
    """Certified, contracted, accepted and won: earned, and the unpaid invoice is named (MK-33)."""
    line = assess(example_plan(), a_deal(), at=LATER).line("co_selling")

    assert (bool(line.eligible), bool(line.earned), bool(line.payable)) == (True, True, False)
    assert [str(reason) for reason in line.payable.reasons] == ["customer invoice unpaid"]
    assert line.payable.reasons[0].finding.cites == ("MK-33",)
    assert line.earned.since == WON


@pytest.mark.parametrize(
    ("at", "reasons"),
    [
        pytest.param(
            noon("2026-07-14"),
            ["not payable before 2026-07-15"],
            id="not the day before",
        ),
        pytest.param(PAID, [], id="from the moment of the payment"),
        pytest.param(noon("2027-01-01"), [], id="and ever after"),
    ],
)
def test_payable_from_the_day_of_the_payment(at: datetime, reasons: list[str]) -> None:
    """A fee is payable from the day on which the customer paid (MK-33)."""
    line = assess(example_plan(), a_deal(invoice_paid_at=PAID), at=at).line("co_selling")

    assert [str(reason) for reason in line.payable.reasons] == reasons
    assert bool(line.payable) is (not reasons)
    assert line.payable.since == PAID


def test_a_deal_in_onboarding_is_still_won() -> None:
    """Won is a stamped field: a deal that went on keeps its fee, payable once it is paid for."""
    deal = a_deal(stage="onboarding", invoice_paid_at=PAID)

    assert verdicts(deal, LATER) == "yyyn"


@pytest.mark.parametrize(
    ("partner", "reasons"),
    [
        pytest.param(
            a_partner(certifications=(TECHNICAL,)),
            [f"{REQUIREMENTS}: sales certificate missing"],
            id="MK-32 (1) one certificate only names the missing one",
        ),
        pytest.param(
            a_partner(certifications=(SALES,)),
            [f"{REQUIREMENTS}: technical certificate missing"],
            id="MK-32 (1) the other one only, likewise",
        ),
        pytest.param(
            a_partner(certifications=(TECHNICAL, {**SALES, "valid_until": "2026-04-30"})),
            [f"{REQUIREMENTS}: sales certificate ended on 2026-04-30"],
            id="MK-34 a certificate that had expired, with the date",
        ),
        pytest.param(
            a_partner(certifications=(TECHNICAL, {**SALES, "valid_from": "2026-06-01"})),
            [f"{REQUIREMENTS}: sales certificate begins on 2026-06-01"],
            id="MK-34 certified only after the acceptance",
        ),
        pytest.param(
            a_partner(contracts=()),
            [f"{NO_CONTRACT}: contract missing"],
            id="MK-32 (2) no contract",
        ),
        pytest.param(
            a_partner(contracts=({**CONTRACT, "open_ended": False, "valid_until": "2026-03-31"},)),
            [f"{NO_CONTRACT}: contract ended on 2026-03-31"],
            id="MK-34 a contract that had lapsed, with the date",
        ),
        pytest.param(
            {"id": "new", "status": "prospective"},
            [
                f"{REQUIREMENTS}: technical certificate missing, sales certificate missing",
                f"{NO_CONTRACT}: contract missing",
            ],
            id="MK-10 a prospective partner, for exactly two reasons",
        ),
    ],
)
def test_not_eligible_and_the_reason_names_what_is_missing(
    partner: dict[str, Any], reasons: list[str]
) -> None:
    """What did not hold when the registration was accepted is named, with its date (MK-34)."""
    deal = a_deal(partner=partner, invoice_paid_at=PAID, registration={"channel": "website_form"})

    line = assess(example_plan(), deal, at=LATER).line("co_selling")

    assert [str(reason) for reason in line.eligible.reasons] == reasons
    assert verdicts(deal, LATER) == "nnnn"


@pytest.mark.parametrize(
    ("changes", "asked", "missing"),
    [
        pytest.param(
            {"certifications": (TECHNICAL, {"kind": "sales"})},
            "technical and sales certificates held when the registration was accepted",
            "sales certificate",
            id="a certificate without dates",
        ),
        pytest.param(
            {"contracts": ({"signed_on": "2026-01-20"},)},
            "partner contract signed and in place when the registration was accepted",
            "contract",
            id="a contract of which only the signature is known",
        ),
    ],
)
def test_unknown_is_never_eligible(changes: dict[str, Any], asked: str, missing: str) -> None:
    """What is not recorded is told apart from what is missing, and earns nothing."""
    deal = a_deal(invoice_paid_at=PAID, partner=a_partner(**changes))

    (reason,) = assess(example_plan(), deal, at=LATER).line("co_selling").eligible.reasons

    unsure = f"{missing} not known to hold, as its dates are not recorded"
    assert str(reason) == f"not known: {asked}: {unsure}"
    assert verdicts(deal, LATER) == "???n"


def test_before_acceptance_nothing_is_eligible() -> None:
    """Without an accepted registration there is no fee, whatever else is true (MK-32)."""
    deal = a_deal(accepted_at=None, invoice_paid_at=PAID)

    reasons = assess(example_plan(), deal, at=LATER).line("co_selling").eligible.reasons

    assert [str(reason) for reason in reasons] == [
        "not known: technical and sales certificates held when the registration was accepted",
        "not known: partner contract signed and in place when the registration was accepted",
        "opportunity registration not accepted",
    ]
    assert verdicts(deal, LATER) == "nnnn"


@pytest.mark.parametrize(
    ("changes", "earned"),
    [
        pytest.param(
            {"activities": ()},
            {"lead_sourcing": True, "co_selling": False, "service_delivery": False},
            id="MK-35 lead sourcing alone earns no co-selling fee",
        ),
        pytest.param(
            {"activities": (MEETING,)},
            {"lead_sourcing": True, "co_selling": True, "service_delivery": False},
            id="MK-3 one key meeting with evidence is co-selling",
        ),
        pytest.param(
            {"activities": (MEETING, {**MEETING, "kind": "post_sales_service", "at": WON + DAY})},
            {"lead_sourcing": True, "co_selling": True, "service_delivery": True},
            id="MK-4 service after the sale earns its own fee",
        ),
        pytest.param(
            {"activities": ({**MEETING, "kind": "post_sales_service", "at": WON - DAY},)},
            {"lead_sourcing": True, "co_selling": False, "service_delivery": False},
            id="MK-4 service before the sale does not",
        ),
        pytest.param(
            {"stakeholders": ()},
            {"lead_sourcing": False, "co_selling": True, "service_delivery": False},
            id="MK-2 without an introduction no lead was sourced",
        ),
    ],
)
def test_each_activity_earns_its_own_fee(changes: dict[str, Any], earned: dict[str, bool]) -> None:
    """What earns one fee does not earn another (MK-1, MK-35)."""
    sourced = {
        "stakeholders": ({"introduced_by": "partner"},),
        "registered_at": noon("2026-05-02"),
        "registration": {"channel": "partner_portal"},
        "invoice_paid_at": PAID,
    }

    assessment = assess(example_plan(), a_deal(**{**sourced, **changes}), at=LATER)

    assert {line.activity: bool(line.earned) for line in assessment.lines} == earned


def test_not_won_is_not_earned() -> None:
    """An open deal earns nothing; everything that is lacking is said at once (MK-33)."""
    line = assess(example_plan(), a_deal(won_at=None), at=LATER).line("co_selling")

    assert [str(reason) for reason in line.payable.reasons] == [
        "opportunity not closed won",
        "customer invoice unpaid",
    ]
    assert [str(reason) for reason in line.payable.own_reasons] == ["customer invoice unpaid"]


@pytest.mark.parametrize(
    ("certified_from", "on_acceptance", "on_payment"),
    [
        pytest.param("2026-05-08", "yyyn", "yyyn", id="certified by the acceptance"),
        pytest.param("2026-05-09", "nnnn", "yyyn", id="certified between acceptance and payment"),
        pytest.param("2026-07-16", "nnnn", "nnnn", id="certified after the payment"),
    ],
)
def test_the_moment_of_the_check_is_a_parameter(
    certified_from: str, on_acceptance: str, on_payment: str
) -> None:
    """Where a plan says so, partners who certify later can still earn (MK-34)."""
    certificates = tuple({**each, "valid_from": certified_from} for each in CERTIFICATES)
    deal = a_deal(partner=a_partner(certifications=certificates), invoice_paid_at=PAID)

    assert verdicts(deal, LATER) == on_acceptance
    assert verdicts(deal, LATER, eligible_on="payable") == on_payment


def test_eligible_when_payable_is_not_known_before() -> None:
    """Whether certificates hold when the fee becomes payable nobody knows earlier (MK-34)."""
    assert verdicts(a_deal(), LATER, eligible_on="payable") == "??nn"


@pytest.mark.parametrize(
    ("acv", "amounts"),
    [
        pytest.param("50000 USD", ("2500.00", "5000.00"), id="at the end of the first band"),
        pytest.param("50000.01 USD", ("2500.00", "5000.00"), id="a cent above it"),
        pytest.param("50000.10 USD", ("2500.01", "5000.01"), id="ten cents above it, half up"),
        pytest.param("120000 USD", ("6000.00", "13400.00"), id="in the second band"),
        pytest.param("150000 USD", ("7500.00", "17000.00"), id="at the end of the second band"),
        pytest.param("4000 USD", ("200.00", "500.00"), id="the floor"),
        pytest.param("9000000 USD", ("10000.00", "25000.00"), id="the caps"),
    ],
)
def test_amounts_of_the_example(acv: str, amounts: tuple[str, str]) -> None:
    """Rate, bands, floor and caps give exact amounts, for each activity its own (BX-22)."""
    assessment = assess(example_plan(), a_deal(acv=acv), at=LATER)

    assert [str(line.amount) for line in assessment.lines] == [
        *(f"{amount} USD" for amount in amounts),
        "1500.00 USD",
    ]


def test_the_example_is_marked() -> None:
    """No source publishes rates, and the plan says so wherever it explains something (MK-46)."""
    assessment = assess(example_plan(), a_deal(), at=LATER)

    assert "made up" in str(assessment.notice)
    assert str(assessment.notice) in assessment.explain()


def test_every_rule_stands_in_the_plan() -> None:
    """Each criterion cites the rule it implements, and each rule has its criterion."""
    plan = example_plan().plan
    shared = [*plan.eligible.criteria, *plan.earns.criteria, *plan.pays.criteria]
    own = [criterion for activity in plan.activities for criterion in activity.earns]

    assert {cite for criterion in shared for cite in criterion.cites} == {"MK-32", "MK-33", "MK-34"}
    assert [criterion.cites for criterion in own] == [
        ("MK-2", "MK-35"),
        ("MK-3", "MK-35"),
        ("MK-4", "MK-35"),
    ]
