"""What leads and opportunities derive from their activities and parts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.models import (
    Activity,
    Answer,
    Customer,
    Deal,
    DealRegistration,
    Lead,
    Opportunity,
    Registration,
    Stakeholder,
)
from model_samples import Truth

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def did(kind: str, at: datetime = MONDAY, **more: Any) -> Activity:
    return Activity.model_validate({"kind": kind, "at": at, **more})


@pytest.mark.parametrize(
    ("activities", "consulted"),
    [
        pytest.param((), True, id="no discussion, nothing to consult about"),
        pytest.param(
            (did("gtm_consultation"), did("pricing_discussion", MONDAY + HOUR, side="partner")),
            True,
            id="consulted an hour before",
        ),
        pytest.param(
            (did("gtm_consultation"), did("pricing_discussion", side="partner")),
            False,
            id="at the same moment is not before",
        ),
        pytest.param(
            (did("pricing_discussion", side="partner"), did("gtm_consultation", MONDAY + HOUR)),
            False,
            id="consulted afterwards",
        ),
        pytest.param((did("pricing_discussion", side="partner"),), False, id="never consulted"),
        pytest.param((did("pricing_discussion", side="vendor"),), True, id="the vendor may"),
        pytest.param((did("pricing_discussion"),), None, id="not recorded who discussed"),
        pytest.param(
            (did("pricing_discussion"), did("pricing_discussion", side="partner")),
            False,
            id="one by the partner decides",
        ),
    ],
)
def test_priced_after_consultation(activities: tuple[Activity, ...], consulted: Truth) -> None:
    """The partner consults the vendor's team before it discusses pricing (MK-25)."""
    assert Lead(id="l-1", activities=activities).priced_after_consultation is consulted


REGISTERED = MONDAY
INFORMED = MONDAY + DAY


@pytest.mark.parametrize(
    ("activity", "informed_at", "kept"),
    [
        pytest.param(
            did("meeting", INFORMED + HOUR, side="vendor", with_customer=True),
            INFORMED,
            True,
            id="contacted after the partner was informed",
        ),
        pytest.param(
            did("meeting", INFORMED, side="vendor", with_customer=True),
            INFORMED,
            False,
            id="contacted at the same moment",
        ),
        pytest.param(
            did("meeting", INFORMED - HOUR, side="vendor", with_customer=True),
            INFORMED,
            False,
            id="contacted before",
        ),
        pytest.param(
            did("meeting", INFORMED, side="vendor", with_customer=True),
            None,
            None,
            id="not recorded when the partner was informed",
        ),
        pytest.param(
            did("meeting", REGISTERED - HOUR, side="vendor", with_customer=True),
            None,
            True,
            id="contacted before the registration",
        ),
        pytest.param(
            did("meeting", REGISTERED, side="vendor", with_customer=False),
            None,
            True,
            id="the customer was not there",
        ),
        pytest.param(
            did("meeting", REGISTERED, side="partner", with_customer=True),
            None,
            True,
            id="the partner may contact its customer",
        ),
        pytest.param(
            did("meeting", REGISTERED, side="vendor"),
            INFORMED,
            None,
            id="not recorded whether the customer was there",
        ),
    ],
)
def test_partner_informed_before_contact(
    activity: Activity, informed_at: datetime | None, kept: Truth
) -> None:
    """The partner is informed before the vendor contacts the customer (MK-14, BX-44)."""
    deal = Opportunity(
        id="o-1",
        registered_at=REGISTERED,
        registration=Registration(partner_informed_at=informed_at),
        activities=(activity,),
    )

    assert deal.partner_informed_before_contact is kept


@pytest.mark.parametrize(
    ("activity", "co_sold"),
    [
        *(
            pytest.param(did(kind, side="partner", evidence="minutes"), True, id=kind)
            for kind in ("key_meeting", "poc_know_how", "poc_execution", "sales_cycle_role")
        ),
        pytest.param(
            did("key_meeting", side="partner", link="https://b.example/minutes"),
            True,
            id="a link is evidence too",
        ),
        pytest.param(did("key_meeting", side="partner"), None, id="without evidence it is unknown"),
        pytest.param(did("key_meeting", evidence="minutes"), None, id="not recorded by whom"),
        pytest.param(
            did("key_meeting", side="vendor", evidence="minutes"), False, id="by the vendor"
        ),
        pytest.param(did("touch", side="partner", evidence="mail"), False, id="a mere touch"),
    ],
)
def test_co_sold(activity: Activity, co_sold: Truth) -> None:
    """One of the four things that are co-selling suffices, with evidence (MK-3)."""
    assert Opportunity(id="o-1", activities=(activity,)).co_sold is co_sold


@pytest.mark.parametrize(
    ("changes", "sourced"),
    [
        pytest.param({}, True, id="introduced and registered"),
        pytest.param({"stakeholders": ()}, False, id="nobody introduced"),
        pytest.param(
            {"stakeholders": (Stakeholder(introduced_by="vendor"),)},
            False,
            id="introduced by the vendor",
        ),
        pytest.param({"stakeholders": (Stakeholder(),)}, None, id="not recorded by whom"),
        pytest.param({"registered_at": None}, None, id="not registered"),
        pytest.param({"registration": Registration()}, None, id="not through the form"),
    ],
)
def test_lead_sourced(changes: dict[str, Any], sourced: Truth) -> None:
    """Lead sourcing is introducing stakeholders and registering the opportunity (MK-2)."""
    deal = Opportunity.model_validate(
        {
            "id": "o-1",
            "registered_at": REGISTERED,
            "registration": Registration(channel="partner_portal"),
            "stakeholders": (Stakeholder(introduced_by="partner"),),
            **changes,
        }
    )

    assert deal.lead_sourced is sourced


@pytest.mark.parametrize(
    ("won_at", "delivered"),
    [
        pytest.param(MONDAY, True, id="service from the sale on"),
        pytest.param(MONDAY + HOUR, False, id="service before the sale is no post-sales service"),
        pytest.param(None, None, id="not won"),
    ],
)
def test_service_delivered(won_at: datetime | None, delivered: Truth) -> None:
    """Service delivery needs the post-sales service (MK-4, MK-35)."""
    activity = did("post_sales_service", side="partner", evidence="report")

    deal = Opportunity(id="o-1", won_at=won_at, activities=(activity,))

    assert deal.service_delivered is delivered


@pytest.mark.parametrize(
    ("days", "count", "span", "shortest", "longest"),
    [
        pytest.param((), 0, None, None, None, id="no touch"),
        pytest.param((0,), 1, 0, None, None, id="one touch spans no days"),
        pytest.param((0, 1, 5), 3, 5, 1, 4, id="one to four days apart"),
        pytest.param((5, 0, 0), 3, 5, 0, 5, id="in any order; twice a day is zero days apart"),
    ],
)
def test_touches(
    days: tuple[int, ...], count: int, span: int | None, shortest: int | None, longest: int | None
) -> None:
    """How many touches, over how many days, how far apart (MK-38)."""
    lead = Lead(
        id="l-1", activities=(did("meeting"), *(did("touch", MONDAY + day * DAY) for day in days))
    )

    assert lead.touch_count == count
    assert lead.touch_span_days == span
    assert lead.touch_gap_shortest_days == shortest
    assert lead.touch_gap_longest_days == longest


def test_touches_are_counted_in_the_customers_days() -> None:
    """Two touches around midnight in Prague are a day apart there (MK-38)."""
    midnight = datetime(2026, 3, 2, 23, tzinfo=UTC)
    activities = (did("touch", midnight - HOUR), did("touch", midnight))

    in_utc = Lead(id="l-1", activities=activities)
    in_prague = Lead(id="l-1", activities=activities, customer=Customer(zone="Europe/Prague"))

    assert (in_utc.touch_gap_longest_days, in_prague.touch_gap_longest_days) == (0, 1)


@given(st.lists(st.integers(0, 60), min_size=2, max_size=20))
def test_gaps_add_up_to_the_span(days: list[int]) -> None:
    """The span is the distance of the first and last touch, and no gap is longer than it."""
    lead = Lead(id="l-1", activities=tuple(did("touch", MONDAY + day * DAY) for day in days))

    assert lead.touch_span_days == max(days) - min(days)
    assert lead.touch_gap_shortest_days is not None
    assert lead.touch_gap_longest_days is not None
    assert 0 <= lead.touch_gap_shortest_days <= lead.touch_gap_longest_days
    assert lead.touch_gap_longest_days <= lead.touch_span_days


@pytest.mark.parametrize(
    ("level", "evidence", "proven"),
    [
        pytest.param(0, None, 0, id="not known needs no evidence"),
        pytest.param(1, None, 1, id="said needs no evidence"),
        pytest.param(2, None, None, id="confirmed without evidence reads as missing"),
        pytest.param(2, "mail", 2, id="confirmed with evidence"),
        pytest.param(3, None, None, id="in writing without evidence reads as missing"),
        pytest.param(3, "minutes", 3, id="in writing with evidence"),
        pytest.param(None, "mail", None, id="no level"),
    ],
)
def test_proven_level(level: int | None, evidence: str | None, proven: int | None) -> None:
    """An answer above level 1 counts with evidence only (MK-5, BX-45)."""
    assert Answer(level=level, evidence=evidence).proven_level == proven


def test_a_registration_is_a_part_or_a_record() -> None:
    """The same form stands in an opportunity, or has a life of its own (MK-10, SF-4)."""
    shared = set(Registration.model_fields) - {"stage"}

    assert shared < set(DealRegistration.model_fields)
    assert issubclass(DealRegistration, Deal)
    assert DealRegistration(id="r-1", channel="connection").stage == "unopened"
    assert Opportunity(id="o-1").registration.stage == "not_started"
