"""What a partner passed and signed, and on which days that held (MK-9, MK-32, MK-34)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cosell.models import Certification, Lapse, Opportunity, Partner, PartnerContract, Validity
from model_samples import Truth

ACCEPTED = datetime(2026, 6, 15, 10, tzinfo=UTC)
ACCEPTED_ON = date(2026, 6, 15)
START = date(2026, 1, 1)
END = date(2026, 12, 31)
YESTERDAY = ACCEPTED_ON - timedelta(days=1)
TOMORROW = ACCEPTED_ON + timedelta(days=1)


def certificate(kind: str | None = "technical", **terms: Any) -> Certification:
    given_terms = {"valid_from": START, "valid_until": END, **terms}
    return Certification.model_validate({"id": f"cert-{kind}", "kind": kind, **given_terms})


def contract(**terms: Any) -> PartnerContract:
    given_terms = {"signed_on": START, "valid_from": START, "valid_until": END, **terms}
    return PartnerContract.model_validate({"id": "contract-1", **given_terms})


TECHNICAL = certificate("technical")
SALES = certificate("sales")


@pytest.mark.parametrize(
    ("terms", "holds"),
    [
        pytest.param({"valid_from": ACCEPTED_ON}, True, id="the first day counts"),
        pytest.param({"valid_from": TOMORROW}, False, id="the day before the first does not"),
        pytest.param({"valid_until": ACCEPTED_ON}, True, id="the last day counts"),
        pytest.param({"valid_until": YESTERDAY}, False, id="the day after the last does not"),
        pytest.param({"valid_from": None}, None, id="an unknown start is not a yes"),
        pytest.param({"valid_until": None}, None, id="an unknown end is not endless"),
        pytest.param({"valid_until": None, "open_ended": True}, True, id="no end is said so"),
        pytest.param({"ended_on": ACCEPTED_ON}, False, id="ended that day it no longer holds"),
        pytest.param({"ended_on": TOMORROW}, True, id="ended the day after it still held"),
        pytest.param(
            {"valid_from": None, "valid_until": YESTERDAY},
            False,
            id="lapsed is surely no, whatever the start",
        ),
        pytest.param(
            {"valid_from": TOMORROW, "valid_until": None},
            False,
            id="not begun is surely no, whatever the end",
        ),
    ],
)
def test_a_validity_holds_on_its_days(terms: dict[str, Any], holds: Truth) -> None:
    """A term holds from its first to its last day, both included (MK-34)."""
    validity = Validity.model_validate({"valid_from": START, "valid_until": END, **terms})

    assert validity.holds_on(ACCEPTED_ON) is holds


@given(st.dates(), st.dates(), st.dates())
def test_a_term_holds_exactly_between_its_ends(first: date, last: date, day: date) -> None:
    """For any two ends in order, a day counts if and only if it lies between them."""
    first, last = sorted((first, last))

    assert Validity(valid_from=first, valid_until=last).holds_on(day) is (first <= day <= last)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        pytest.param(
            {"valid_from": END, "valid_until": START},
            "valid_from and valid_until are reversed: 2026-01-01 is before 2026-12-31",
            id="an end before its start",
        ),
        pytest.param(
            {"valid_until": END, "open_ended": True},
            "open_ended and valid_until exclude each other",
            id="an end and no end",
        ),
    ],
)
def test_a_term_that_contradicts_itself_is_refused(terms: dict[str, Any], message: str) -> None:
    """A term has one end, and it is not before its start."""
    with pytest.raises(ValidationError, match=message):
        Validity.model_validate(terms)


@pytest.mark.parametrize(
    ("certifications", "certified"),
    [
        pytest.param((TECHNICAL, SALES), True, id="technical and sales"),
        pytest.param((TECHNICAL,), False, id="technical alone is not enough"),
        pytest.param((SALES,), False, id="sales alone is not enough"),
        pytest.param((), False, id="none at all"),
        pytest.param(
            (TECHNICAL, certificate("sales", valid_until=YESTERDAY)),
            False,
            id="sales had expired the day before",
        ),
        pytest.param(
            (TECHNICAL, certificate("sales", valid_until=YESTERDAY), SALES),
            True,
            id="an expired one beside one that holds",
        ),
        pytest.param(
            (TECHNICAL, certificate("sales", valid_until=None)),
            None,
            id="sales with an unknown end is unknown",
        ),
        pytest.param(
            (
                certificate("technical", valid_until=YESTERDAY),
                certificate("sales", valid_until=None),
            ),
            False,
            id="one surely expired decides, whatever the other",
        ),
        pytest.param((TECHNICAL, certificate(None)), False, id="one of no kind counts as neither"),
    ],
)
def test_certified_when_accepted(
    certifications: tuple[Certification, ...], certified: Truth
) -> None:
    """Both certificates hold when the registration is accepted (MK-32, MK-34)."""
    partner = Partner(certifications=certifications)

    deal = Opportunity(id="o-1", partner=partner, accepted_at=ACCEPTED)

    assert deal.certified_when_accepted is certified
    assert Opportunity(id="o-1", partner=partner).certified_when_accepted is None


@pytest.mark.parametrize(
    ("contracts", "in_force"),
    [
        pytest.param((contract(),), True, id="signed and in place"),
        pytest.param((contract(signed_on=ACCEPTED_ON),), True, id="signed that day"),
        pytest.param((contract(signed_on=TOMORROW),), False, id="signed the day after"),
        pytest.param((contract(signed_on=None),), None, id="no signature recorded is unknown"),
        pytest.param((contract(valid_from=TOMORROW),), False, id="signed, not yet in place"),
        pytest.param((contract(valid_until=YESTERDAY),), False, id="lapsed the day before"),
        pytest.param((), False, id="none at all"),
    ],
)
def test_contract_in_force_when_accepted(
    contracts: tuple[PartnerContract, ...], in_force: Truth
) -> None:
    """A contract is signed and in place when the registration is accepted (MK-32, MK-34)."""
    partner = Partner(contracts=contracts)

    deal = Opportunity(id="o-1", partner=partner, accepted_at=ACCEPTED)

    assert deal.contract_in_force_when_accepted is in_force
    assert Opportunity(id="o-1", partner=partner).contract_in_force_when_accepted is None


def test_the_partners_zone_decides_the_day() -> None:
    """A certificate ends at the partner's midnight: 23:30 in UTC is the next day in Prague."""
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    held = {"certifications": (TECHNICAL, SALES), "contracts": (contract(),)}

    in_utc = Partner.model_validate({**held, "zone": "UTC"})
    in_prague = Partner.model_validate({**held, "zone": "Europe/Prague"})

    assert (in_utc.certified_at(late), in_utc.contracted_at(late)) == (True, True)
    assert (in_prague.certified_at(late), in_prague.contracted_at(late)) == (False, False)


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "../etc/passwd", "", "Europe"])
def test_a_zone_that_does_not_exist_is_refused(zone: str) -> None:
    """A party's zone is one of the IANA database."""
    with pytest.raises(ValidationError, match="there is no time zone"):
        Partner(zone=zone)


@pytest.mark.parametrize(
    ("partner", "lapses"),
    [
        pytest.param(
            Partner(certifications=(TECHNICAL, SALES), contracts=(contract(),)),
            (),
            id="all held",
        ),
        pytest.param(
            Partner(
                certifications=(TECHNICAL, certificate("sales", valid_until=YESTERDAY)),
                contracts=(contract(),),
            ),
            (Lapse(what="sales_certification", id="cert-sales", ended_on=YESTERDAY),),
            id="which certificate, and since when",
        ),
        pytest.param(
            Partner(
                certifications=(TECHNICAL, SALES),
                contracts=(
                    contract(id="old", valid_until=date(2026, 2, 1)),
                    contract(id="new", ended_on=date(2026, 3, 1)),
                ),
            ),
            (Lapse(what="contract", id="new", ended_on=date(2026, 3, 1)),),
            id="of two contracts the one that ended last",
        ),
        pytest.param(
            Partner(
                certifications=(TECHNICAL, SALES),
                contracts=(
                    contract(id="late", signed_on=END),
                    contract(id="soon", signed_on=TOMORROW),
                ),
            ),
            (Lapse(what="contract", id="soon", begins_on=TOMORROW),),
            id="of two that had not begun the one that begins first",
        ),
        pytest.param(
            Partner(certifications=(SALES,), contracts=(contract(valid_until=None),)),
            (Lapse(what="technical_certification"),),
            id="one that never was; what is unknown is not called lapsed",
        ),
    ],
)
def test_lapses_say_which_and_when(partner: Partner, lapses: tuple[Lapse, ...]) -> None:
    """The statement can say which contract or certificate did not hold, and since when (MK-34)."""
    deal = Opportunity(id="o-1", partner=partner, accepted_at=ACCEPTED)

    assert deal.lapses_when_accepted == lapses
    assert Opportunity(id="o-1", partner=partner).lapses_when_accepted == ()


TRAINED = date(2026, 1, 10)
PASSED = date(2026, 1, 20)
SIGNED = date(2026, 2, 1)
ACCESS = date(2026, 2, 2)


@pytest.mark.parametrize(
    ("changes", "in_order"),
    [
        pytest.param({}, True, id="training, certificates, contract, access"),
        pytest.param({"portal_access_on": SIGNED}, True, id="access on the day of the signature"),
        pytest.param(
            {"portal_access_on": SIGNED - timedelta(days=1)}, False, id="access before the contract"
        ),
        pytest.param({"trained_on": ACCESS}, False, id="trained after the contract"),
        pytest.param({"trained_on": None}, None, id="no training recorded"),
        pytest.param(
            {
                "certifications": (
                    certificate("technical", passed_on=PASSED),
                    certificate("sales", passed_on=ACCESS),
                )
            },
            False,
            id="sales passed after the contract",
        ),
        pytest.param({"contracts": ()}, False, id="no contract"),
        pytest.param({"contracts": (contract(signed_on=None),)}, None, id="not known when signed"),
        pytest.param({"portal_access_on": None}, None, id="not known when access was given"),
    ],
)
def test_portal_access_in_order(changes: dict[str, Any], in_order: Truth) -> None:
    """Portal access comes after training and certificates, and then the contract (MK-9)."""
    partner = Partner.model_validate(
        {
            "trained_on": TRAINED,
            "certifications": (
                certificate("technical", passed_on=PASSED),
                certificate("sales", passed_on=PASSED),
            ),
            "contracts": (contract(signed_on=SIGNED),),
            "portal_access_on": ACCESS,
            **changes,
        }
    )

    assert partner.portal_access_in_order is in_order


@pytest.mark.parametrize(
    ("paid_at", "certified"),
    [
        pytest.param(datetime(2026, 8, 1, tzinfo=UTC), True, id="paid while certified"),
        pytest.param(datetime(2027, 1, 1, tzinfo=UTC), False, id="paid after it had expired"),
        pytest.param(None, None, id="not paid"),
    ],
)
def test_the_moment_of_payment_can_be_asked_about(
    paid_at: datetime | None, certified: Truth
) -> None:
    """Certificates and contract can also be judged when the fee becomes payable (MK-34)."""
    partner = Partner(certifications=(TECHNICAL, SALES), contracts=(contract(),))

    deal = Opportunity(
        id="o-1",
        partner=partner,
        won_at=datetime(2026, 7, 1, tzinfo=UTC),
        invoice_paid_at=paid_at,
    )

    assert deal.certified_when_payable is certified
    assert deal.contract_in_force_when_payable is certified
    assert len(deal.lapses_when_payable) == (3 if certified is False else 0)


def test_a_deal_paid_before_it_is_won_is_payable_when_won() -> None:
    """Payable needs both, won and paid: the later of the two is the moment (MK-33)."""
    won, paid = datetime(2026, 7, 2, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)

    assert Opportunity(id="o-1", won_at=won, invoice_paid_at=paid).payable_at == won
    assert Opportunity(id="o-1", won_at=paid, invoice_paid_at=won).payable_at == won
    assert Opportunity(id="o-1", won_at=won).payable_at is None
