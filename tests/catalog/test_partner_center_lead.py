"""The process `partner_center_lead`: answers in time, notifications, introductions, touches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from cosell import catalog
from cosell.engine import adopt, change, decide, open_record, read_clocks, settle, view
from cosell.errors import EditRefusedError
from cosell.events import Actor
from cosell.models import ReferredLead
from partner_center_deals import (
    ADMIN,
    DAY,
    HOUR,
    LEAD,
    NOW,
    OTHER,
    PARTNER,
    VENDOR,
    advice,
    asked,
    bound,
    effects,
    entered,
    moved,
    obstacles,
    raw,
)

SECOND: Final = timedelta(seconds=1)
TWO_WEEKS: Final = timedelta(hours=336)


def opened(at: datetime = NOW, **changes: Any) -> ReferredLead:
    found = open_record(bound(LEAD), raw(LEAD, **changes), actor=VENDOR, at=at).record
    assert isinstance(found, ReferredLead)
    return found


def reading(name: str, record: ReferredLead, at: datetime) -> Any:
    return next(each for each in read_clocks(bound(LEAD), record, at=at) if each.clock == name)


class TestAnswer:
    """A lead is accepted or declined within 14 days, or it expires (MS-1, MS-29)."""

    @pytest.mark.parametrize("trigger", ["accept", "decline"])
    @pytest.mark.parametrize(
        "start",
        [
            pytest.param(NOW, id="in June"),
            pytest.param(datetime(2026, 12, 20, 9, tzinfo=UTC), id="MS-29: over the holidays"),
            pytest.param(datetime(2026, 10, 20, 9, tzinfo=UTC), id="MS-29: as clocks change"),
        ],
    )
    def test_fourteen_times_24_hours(self, trigger: str, start: datetime) -> None:
        """At the very end it is in time; a second later the lead has expired (MS-1, MS-29)."""
        lead = opened(start)
        data = {"closed_reason": "Too small."} if trigger == "decline" else {}
        for late, permitted in ((timedelta(0), True), (SECOND, False)):
            at = start + TWO_WEEKS + late
            found = decide(bound(LEAD), lead, trigger, actor=PARTNER, at=at, data=data)
            assert found.permitted is permitted

    def test_expiry_tells_sender_and_customer(self) -> None:
        """The sender is told, and the customer asked to choose another partner (MS-1, MS-29)."""
        expired = settle(bound(LEAD), opened(), at=NOW + TWO_WEEKS + SECOND)
        assert effects(expired)[-2:] == [
            ("tell_sender", "vendor"),
            ("ask_customer_to_choose", "customer"),
        ]
        assert (expired.record.stage, expired.record.expired_at) == ("expired", NOW + TWO_WEEKS)
        assert (expired.record.status, expired.record.substatus) == ("Closed", "Expired")

    def test_a_reminder_two_days_before(self) -> None:
        """Who has to answer is reminded in time (MS-1, MS-42)."""
        early = settle(bound(LEAD), opened(), at=NOW + TWO_WEEKS - 48 * HOUR - SECOND)
        assert "remind_of_answer" not in dict(effects(early))
        due = settle(bound(LEAD), opened(), at=NOW + TWO_WEEKS - 48 * HOUR)
        assert effects(due) == [("remind_of_answer", "seller")]

    def test_an_accepted_lead_does_not_expire(self) -> None:
        """The acceptance stops the clock, and is stamped with whose it is (MS-1)."""
        accepted = moved(LEAD, opened(), "accept", owner="p-4").record
        later = settle(bound(LEAD), accepted, at=NOW + TWO_WEEKS + DAY).record
        assert (later.stage, later.accepted_by, later.accepted_at) == ("accepted", "acme", NOW)

    def test_declining_takes_a_reason(self) -> None:
        """Each answer tells the vendor which leads fit: a decline says why (MS-42)."""
        assert obstacles(asked(LEAD, "received", "decline")) == ["input_closed_reason"]
        declined = moved(LEAD, entered(LEAD, "received"), "decline", closed_reason="Too small.")
        assert effects(declined) == [("tell_sender", "vendor")]


@pytest.mark.parametrize(
    ("kind", "stage", "told"),
    [
        pytest.param("marketplace_lead", "received", "notify_profile_contacts", id="an inquiry"),
        pytest.param("vendor_lead", "received", "notify_co_sell_contacts", id="a vendor's lead"),
        pytest.param(
            "partner_to_partner", "received", "notify_co_sell_contacts", id="another partner's"
        ),
        pytest.param(None, "pending", None, id="a kind that nobody said"),
    ],
)
def test_who_is_notified_depends_on_the_lead(kind: str, stage: str, told: str | None) -> None:
    """Inquiries go to the profile's contacts, other leads to the solution's (MS-13, MS-40)."""
    found = open_record(bound(LEAD), raw(LEAD, kind=kind), actor=VENDOR, at=NOW)
    assert found.record.stage == stage
    assert [effect.kind for effect in found.effects] == ([] if told is None else [told])
    if told is not None:
        assert dict(found.effects[0].data) == {
            "id": "l-1",
            "location.id": "loc-1",
            "offering": "joint_solution",
        }


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        pytest.param(("Independent", "Direct", "vendor"), "marketplace_lead", id="by the vendor"),
        pytest.param(("Independent", "Direct", None), "marketplace_lead", id="by nobody"),
        pytest.param(("Independent", "Direct", "partner"), None, id="direct from a partner"),
        pytest.param(("Independent", "SalesQualified", "vendor"), "vendor_lead", id="by sales"),
        pytest.param(
            ("Independent", "MarketingQualified", "vendor"), "vendor_lead", id="by marketing"
        ),
        pytest.param(("Independent", None, "vendor"), None, id="by the vendor, not qualified"),
        pytest.param(("Independent", "SalesQualified", "partner"), "co_sell", id="from a partner"),
        pytest.param(("Independent", None, "partner"), "co_sell", id="from a partner, unqualified"),
        pytest.param(("Independent", "MarketingQualified", "partner"), None, id="marketing there"),
        pytest.param(("Independent", "SalesQualified", None), None, id="invited by nobody"),
        pytest.param(("Shared", "SalesQualified", "vendor"), None, id="shared"),
        pytest.param((None, None, None), None, id="nothing"),
    ],
)
def test_the_kind_follows_from_three_fields(fields: tuple[Any, Any, Any], kind: str | None) -> None:
    """Type, qualification and sender tell the kind, or none fits (MS-13, MS-28)."""
    names = ("referral_type", "qualification", "invited_by")
    assert raw(LEAD, **dict(zip(names, fields, strict=True))).kind_by_fields == kind


def test_without_consent_nothing_is_accepted_introduced_or_won() -> None:
    """What is missing is named in one answer (MS-8, MS-31)."""
    silent = {
        "customer_contact__consents_to_contact": None,
        "customer_contact__consents_to_sharing": False,
    }
    both = ["consents_to_contact", "consents_to_sharing"]
    for stage, trigger in (
        ("received", "accept"),
        ("accepted", "introduce"),
        ("accepted", "touch"),
        ("accepted", "win"),
    ):
        assert obstacles(asked(LEAD, stage, trigger, **silent)) == both
    assert asked(LEAD, "received", "decline", {"closed_reason": "No consent."}, **silent).permitted


def test_nothing_is_updated_without_consent() -> None:
    """Only the contact, and what that person agreed to (MS-8, MS-31)."""
    lead = entered(LEAD, "accepted", customer_contact__consents_to_sharing=None)
    with pytest.raises(EditRefusedError, match="Without the customer's consent"):
        change(bound(LEAD), lead, {"region": "North"}, actor=PARTNER, at=NOW)
    consent = {"customer_contact.consents_to_sharing": True}
    given = change(bound(LEAD), lead, consent, actor=PARTNER, at=NOW).record
    after = change(bound(LEAD), given, {"region": "North"}, actor=PARTNER, at=NOW).record
    assert after.region == "North"


def test_the_acceptance_tags_the_lead() -> None:
    """The CRM's tag tells the vendor as the source, and is checked later on (MS-5)."""
    accepted = moved(LEAD, entered(LEAD, "received", tag=None), "accept").record
    assert accepted.tag == bound(LEAD).process.parameters["lead_tag"]


def test_a_host_makes_its_criteria_gates() -> None:
    """Acceptance criteria are the partner's own, with an explanation (MS-4)."""
    text = """
extends = "partner_center_lead@1"
id = "ours"
version = 1
[parameters]
countries = ["CZ", "SK"]
[[gates.acceptance.criteria]]
id = "our_country"
severity = "required"
"""
    ours = catalog.parse(text).bind()
    lead = adopt(ours, raw(LEAD), stage="received", actor=ADMIN, at=NOW).record
    found = decide(ours, lead, "accept", actor=PARTNER, at=NOW)
    assert obstacles(found) == ["our_country"]
    assert "customer.country is US" in found.explain()
    assert advice(asked(LEAD, "received", "accept", customer__country="CZ")) == ["our_country"]


def test_an_introduction_connects_both_sides() -> None:
    """It says whom, by which template, and is stamped; each is asked for (MS-6)."""
    nobody = {
        "introduction__team": None,
        "introduction__representative": None,
        "introduction__template": None,
    }
    assert obstacles(asked(LEAD, "accepted", "introduce", **nobody)) == [
        "input_introduction_team",
        "input_introduction_representative",
        "input_introduction_template",
    ]
    found = moved(LEAD, entered(LEAD, "accepted"), "introduce")
    assert effects(found) == [("send_introduction", "vendor")]
    assert found.record.introduced_at == found.record.introduction.sent_at == NOW


class TestNurture:
    """Three touches over six to eight weeks, then closed as lost (MS-7)."""

    @pytest.mark.parametrize(
        ("days", "complete"),
        [
            pytest.param((0, 18, 42), True, id="three over six weeks"),
            pytest.param((0, 18, 41), False, id="a day less"),
            pytest.param((0, 42), False, id="two"),
        ],
    )
    def test_touches(self, days: tuple[int, ...], *, complete: bool) -> None:
        """Each touch is an activity with its moment; three over six weeks are enough (MS-7)."""
        lead = moved(LEAD, opened(), "accept").record
        for day in days:
            lead = moved(LEAD, lead, "touch", at=NOW + day * DAY).record
        assert lead.touch_count == len(days)
        assert lead.touch_span_days == days[-1]
        assert reading("nurture", lead, NOW + 50 * DAY).cadence.complete is complete

    def test_without_progress_it_is_lost(self) -> None:
        """After eight weeks it is closed as lost, and not before (MS-7)."""
        lead = moved(LEAD, opened(), "accept").record
        end = reading("nurture", lead, NOW).due_at
        assert end == datetime(2026, 7, 28, tzinfo=UTC)
        assert settle(bound(LEAD), lead, at=end - SECOND).record.stage == "accepted"
        lost = settle(bound(LEAD), lead, at=end).record
        assert (lost.stage, lost.closed_reason) == ("lost", "No progress.")

    def test_progress_ends_the_wait(self) -> None:
        """A lead that moves is not closed by the clock (MS-7)."""
        lead = moved(LEAD, opened(), "accept").record
        moving = moved(LEAD, lead, "progress", next_steps__text="A workshop.").record
        assert settle(bound(LEAD), moving, at=NOW + 90 * DAY).record.stage == "accepted"

    def test_the_partner_sets_its_own_time_frame(self) -> None:
        """At low volume the time frame is what the partner says (MS-7)."""
        text = 'extends = "partner_center_lead@1"\nid = "ours"\nversion = 1\n'
        ours = catalog.parse(text + "[parameters]\nnurture_days = 90\n")
        assert ours.process.parameters["nurture_days"] == 90


#: What each role sees of the contacts: the customer's, the vendor's seller's, the partner's.
SEEN: Final = [
    pytest.param(PARTNER, "received", (True, False, True), id="MS-12: not yet accepted"),
    pytest.param(PARTNER, "accepted", (True, True, True), id="MS-12: once accepted"),
    pytest.param(PARTNER, "won", (True, True, True), id="MS-12: and when won"),
    pytest.param(PARTNER, "expired", (False, False, True), id="MS-29: hidden after expiry"),
    pytest.param(PARTNER, "declined", (False, False, True), id="MS-29: and when declined"),
    pytest.param(VENDOR, "received", (True, True, False), id="MS-12: the sender, before"),
    pytest.param(VENDOR, "accepted", (True, True, True), id="MS-12: the sender, once accepted"),
    pytest.param(OTHER, "accepted", None, id="another partner sees nothing"),
    pytest.param(Actor("x", role="customer"), "accepted", None, id="nor does the customer"),
]


@pytest.mark.parametrize(("actor", "stage", "contacts"), SEEN)
def test_who_sees_contacts(actor: Actor, stage: str, contacts: tuple[bool, ...] | None) -> None:
    """Both sides see each other's seller once the lead is accepted (MS-12, MS-29)."""
    lead = entered(LEAD, stage)
    found = view(bound(LEAD), lead, actor=actor, at=NOW)
    if contacts is None:
        assert found is None
        return
    assert found is not None
    seen = found.record(lead)
    names = ("customer_contact", "seller_contact", "partner_contact")
    assert tuple(name in seen for name in names) == contacts


@pytest.mark.parametrize(
    ("place", "said", "rule"),
    [
        pytest.param(None, "take every lead and qualify it then", "MS-42", id="MS-42"),
        pytest.param(None, "accept, connect, track", "MS-44", id="MS-44"),
        pytest.param("received", "Accept:", "MS-44", id="MS-44 accept"),
        pytest.param("accepted", "Connect:", "MS-44", id="MS-44 connect, track"),
    ],
)
def test_guidance_is_offered(place: str | None, said: str, rule: str) -> None:
    """Rows marked guidance stand where people read them, with their id."""
    process = bound(LEAD).process
    found = process if place is None else process.stage(place)
    assert said in (found.help or "")
    assert rule in found.cites
