"""What a fee asks of its partner and does not surely find, in words; gaps that several name."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cosell.models import (
    Certification,
    Evaluation,
    EvaluationIssue,
    Lapse,
    Opportunity,
    Partner,
    PartnerContract,
    asked_by_several,
)

ACCEPTED = datetime(2026, 5, 8, 12, tzinfo=UTC)
SALES = Certification(kind="sales", valid_from=date(2026, 1, 1), open_ended=True)
ENDED = PartnerContract(
    signed_on=date(2025, 4, 1), valid_from=date(2025, 4, 1), valid_until=date(2026, 3, 31)
)
LATER = PartnerContract(signed_on=date(2026, 5, 1), valid_from=date(2026, 6, 1), open_ended=True)
ENDLESS = PartnerContract(signed_on=date(2026, 1, 1), valid_from=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("contracts", "said"),
    [
        pytest.param((), "missing", id="no contract is missing"),
        pytest.param((ENDED,), "ended on 2026-03-31", id="a lapsed one says when it ended"),
        pytest.param((LATER,), "begins on 2026-06-01", id="a later one says when it begins"),
        pytest.param(
            (ENDLESS,),
            "not known to hold, as its dates are not recorded",
            id="one without an end on record is not called lapsed",
        ),
    ],
)
def test_a_gap_says_what_is_missing(contracts: tuple[PartnerContract, ...], said: str) -> None:
    """What is missing and what is unknown are both listed, each in words (MK-34)."""
    partner = Partner(certifications=(SALES,), contracts=contracts)
    deal = Opportunity(
        id="o-1", partner=partner, accepted_at=ACCEPTED, won_at=ACCEPTED, invoice_paid_at=ACCEPTED
    )

    assert [(gap.what, str(gap)) for gap in deal.gaps_when_accepted] == [
        ("technical_certification", "missing"),
        ("contract", said),
    ]
    assert deal.gaps_when_payable == deal.gaps_when_accepted
    assert deal.lapses_when_accepted == tuple(
        gap for gap in deal.gaps_when_accepted if gap.standing == "not_held"
    )


def test_before_the_moment_nothing_is_said() -> None:
    """Without an acceptance or a payment there is no day to ask about."""
    deal = Opportunity(id="o-1")

    assert deal.gaps_when_accepted == deal.gaps_when_payable == ()


def test_an_uncertain_gap_is_no_lapse() -> None:
    """A lapse that is not sure differs from one that is."""
    assert Lapse(what="contract", standing="unknown") != Lapse(what="contract")


def test_an_issue_without_a_tag_is_nobodys_pattern() -> None:
    """What has no tag is not counted with anything that others asked for."""
    untagged = EvaluationIssue(id="i", kind="request", text="Blue, please.")

    assert asked_by_several([(name, Evaluation(issues=(untagged,))) for name in "ab"]) == {}
