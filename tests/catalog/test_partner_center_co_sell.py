"""Co-sell opportunities and solution assessments: consent, sharing, stages, registration."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product
from typing import Any, Final

import pytest

from cosell.definition import StageKind
from cosell.desk import Desk
from cosell.engine import Outcome, change, decide, open_record, path, read_clocks, settle, view
from cosell.errors import ClaimedError, EditRefusedError
from cosell.events import Actor
from cosell.models import SharedDeal
from cosell.stores import MemoryStore
from partner_center_deals import (
    ADMIN,
    ASSESSMENT,
    DAY,
    DEAL,
    NOW,
    OTHER,
    PARTNER,
    REGISTRAR,
    REGISTRATION,
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
CONSENTS: Final = ["consents_to_contact", "consents_to_sharing"]
NO_CONSENT: Final = {
    "customer_contact__consents_to_contact": None,
    "customer_contact__consents_to_sharing": False,
}
ACTIVE: Final = ("accepted", "qualified", "developed", "proposed", "negotiated")
STEPS: Final = ("secure_loe", "collect_data", "prepare_report", "present", "win")
IN_ORDER: Final = ("accepted", "loe_secured", "data_collected", "report_prepared", "presented")


def draft(**changes: Any) -> SharedDeal:
    """Return a deal that is not shared yet."""
    fresh = {"sharing": None, "visible_to_vendor": None, "sourced_by": None}
    deal = raw(DEAL, **{**fresh, **changes})
    found = open_record(bound(DEAL), deal, actor=PARTNER, at=NOW).record
    assert isinstance(found, SharedDeal)
    return found


def reading(name: str, record: SharedDeal, at: datetime) -> Any:
    return next(each for each in read_clocks(bound(DEAL), record, at=at) if each.clock == name)


class TestConsent:
    """Without consent nothing is created or updated (MS-8, MS-31)."""

    def test_everything_that_is_missing_is_named_in_one_answer(self) -> None:
        """Both consents and all four fields of the contact (MS-31)."""
        found = decide(bound(DEAL), draft(customer_contact={}), "share", actor=PARTNER, at=NOW)
        assert obstacles(found) == [*CONSENTS, "first_name", "last_name", "phone", "email"]

    @pytest.mark.parametrize(
        ("stage", "trigger"),
        [
            *product(["draft"], ["create", "lead", "share", "refer"]),
            *product(["negotiated"], ["inform_vendor", "ask_for_help", "qualify", "win"]),
            *product(["accepted"], ["develop", "propose", "negotiate"]),
        ],
    )
    def test_no_move_without_it(self, stage: str, trigger: str) -> None:
        """Creating, sharing, raising and progressing all wait for it (MS-8, MS-31)."""
        data = {"shared_with": "omega"} if trigger == "refer" else {}
        found = obstacles(asked(DEAL, stage, trigger, data, **NO_CONSENT))
        assert sorted(set(found)) == CONSENTS
        assert asked(DEAL, stage, trigger, data).permitted

    @pytest.mark.parametrize("stage", ["pending", *ACTIVE])
    def test_no_edit_without_it(self, stage: str) -> None:
        """Nothing is updated but the consent itself (MS-31)."""
        deal = entered(DEAL, stage, **NO_CONSENT)
        with pytest.raises(EditRefusedError, match="Without the customer's consent"):
            change(bound(DEAL), deal, {"acv": "5 USD"}, actor=PARTNER, at=NOW)
        consent = {
            "customer_contact.consents_to_contact": True,
            "customer_contact.consents_to_sharing": True,
        }
        given = change(bound(DEAL), deal, consent, actor=PARTNER, at=NOW).record
        after = change(bound(DEAL), given, {"acv": "5 USD"}, actor=PARTNER, at=NOW).record
        assert str(after.acv) == "5.00 USD"

    def test_a_contact_is_required_with_help_alone(self) -> None:
        """A partner-led deal needs the consent, and no contact (MS-31)."""
        contact = {"consents_to_contact": True, "consents_to_sharing": True}
        assert asked(DEAL, "draft", "lead", customer_contact=contact).permitted
        assert obstacles(asked(DEAL, "draft", "share", customer_contact=contact)) == [
            "first_name",
            "last_name",
            "phone",
            "email",
        ]


class TestSharing:
    """Private, partner-led, co-sell: raised until the deal is closed, and never back (MS-30)."""

    @pytest.mark.parametrize(
        ("trigger", "expected"),
        [
            ("create", (None, "private", None, None, "accepted")),
            ("lead", ("partner_led", "partner_led", True, None, "accepted")),
            ("share", ("co_sell", "co_sell", True, True, "pending")),
            ("refer", ("partner_to_partner", "private", None, None, "pending")),
        ],
    )
    def test_kinds_of_referral(self, trigger: str, expected: tuple[Any, ...]) -> None:
        """How a deal is shared says what kind of referral it is (MS-13, MS-30)."""
        data = {"shared_with": "omega"} if trigger == "refer" else {}
        deal = moved(DEAL, draft(), trigger, **data).record
        found = (deal.kind, deal.sharing, deal.visible_to_vendor, deal.help_required, deal.stage)
        assert found == expected
        assert deal.sourced_by == "acme"

    def test_a_deal_is_raised_step_by_step(self) -> None:
        """Each step adds what the vendor knows and is asked for (MS-30)."""
        deal = moved(DEAL, draft(), "create").record
        informed = moved(DEAL, deal, "inform_vendor")
        assert effects(informed) == [("tell_receiver", "vendor")]
        assert (informed.record.sharing, informed.record.visible_to_vendor) == ("partner_led", True)
        helped = moved(DEAL, informed.record, "ask_for_help").record
        assert (helped.sharing, helped.help_required, helped.stage) == ("co_sell", True, "accepted")
        confirmed = moved(DEAL, helped, "confirm", actor=VENDOR).record
        assert (confirmed.stage, confirmed.vendor_accepted_at) == ("accepted", NOW)
        back = decide(bound(DEAL), helped, "inform_vendor", actor=PARTNER, at=NOW)
        assert obstacles(back) == ["no_help_asked_yet"]

    @pytest.mark.parametrize("stage", ["won", "registered", "lost", "declined", "expired"])
    @pytest.mark.parametrize("trigger", ["inform_vendor", "ask_for_help"])
    def test_nothing_is_raised_once_it_is_closed(self, stage: str, trigger: str) -> None:
        """Raising is for open deals (MS-30)."""
        assert asked(DEAL, stage, trigger).outcome in {Outcome.TERMINAL, Outcome.NOT_FROM_HERE}

    @pytest.mark.parametrize("stage", ["pending", *ACTIVE, "won", "lost", "expired"])
    @pytest.mark.parametrize(
        "data",
        [{"visible_to_vendor": False}, {"help_required": False}, {"sharing": "private"}],
        ids=["visible", "help", "sharing"],
    )
    def test_switches_are_never_set_back(self, stage: str, data: dict[str, Any]) -> None:
        """Whatever the stage and whoever asks (MS-30)."""
        deal = entered(DEAL, stage, sharing="co_sell", help_required=True)
        for actor in (PARTNER, ADMIN, VENDOR):
            with pytest.raises(EditRefusedError):
                change(bound(DEAL), deal, data, actor=actor, at=NOW)

    def test_what_was_not_shared_is_dropped(self) -> None:
        """A draft is no referral, and has no status when it ends (MS-26)."""
        dropped = moved(DEAL, draft(), "drop").record
        assert (dropped.stage, dropped.status, dropped.substatus) == ("dropped", None, None)


class TestAnswer:
    """An opportunity is accepted or declined within 14 days, or it expires (MS-2, MS-29)."""

    @pytest.mark.parametrize("trigger", ["accept", "decline"])
    def test_fourteen_times_24_hours(self, trigger: str) -> None:
        """At the very end it is in time; a second later it has expired (MS-2, MS-29)."""
        deal = moved(DEAL, draft(), "share").record
        data = {"closed_reason": "No capacity."} if trigger == "decline" else {}
        for late, permitted in ((timedelta(0), True), (SECOND, False)):
            at = NOW + TWO_WEEKS + late
            found = decide(bound(DEAL), deal, trigger, actor=VENDOR, at=at, data=data)
            assert found.permitted is permitted
        expired = settle(bound(DEAL), deal, at=NOW + TWO_WEEKS + SECOND)
        assert effects(expired)[-2:] == [
            ("tell_sender", "seller"),
            ("ask_customer_to_choose", "customer"),
        ]

    def test_the_other_side_answers(self) -> None:
        """Who shared it neither accepts nor declines it (MS-2)."""
        deal = moved(DEAL, draft(), "share").record
        own = decide(bound(DEAL), deal, "accept", actor=PARTNER, at=NOW)
        assert obstacles(own) == ["not_the_sender"]
        received = moved(DEAL, deal, "receive", actor=VENDOR).record
        accepted = moved(DEAL, received, "accept", actor=VENDOR, at=NOW + DAY)
        assert accepted.record.vendor_accepted_at == NOW + DAY
        assert effects(accepted) == [("tell_sender", "seller")]

    def test_the_vendor_shares_too(self) -> None:
        """What the vendor shares, the partner answers (MS-2, MS-13)."""
        new = open_record(
            bound(DEAL),
            raw(DEAL, sharing=None, visible_to_vendor=None, sourced_by=None, invited_by="vendor"),
            actor=VENDOR,
            at=NOW,
        ).record
        deal = moved(DEAL, new, "share", actor=VENDOR).record
        assert deal.sourced_by == "vendor"
        assert moved(DEAL, deal, "accept").record.stage == "accepted"

    def test_another_partner_answers(self) -> None:
        """A partner-to-partner referral names the other partner, who answers it (MS-13)."""
        asked_for = decide(bound(DEAL), draft(), "refer", actor=PARTNER, at=NOW)
        assert obstacles(asked_for) == ["input_shared_with"]
        deal = moved(DEAL, draft(), "refer", shared_with="omega").record
        assert moved(DEAL, deal, "accept", actor=OTHER).record.stage == "accepted"


#: Who sees the contacts: the customer's, the vendor's seller's, the partner's.
SEEN: Final = [
    pytest.param(PARTNER, "draft", {}, (True, False, True), id="MS-12: its own draft"),
    pytest.param(PARTNER, "pending", {}, (True, False, True), id="MS-12: not yet accepted"),
    pytest.param(PARTNER, "accepted", {}, (True, True, True), id="MS-12: once accepted"),
    pytest.param(PARTNER, "won", {}, (True, True, True), id="MS-12: and when won"),
    pytest.param(PARTNER, "expired", {}, (False, False, True), id="MS-29: hidden after expiry"),
    pytest.param(VENDOR, "pending", {}, (False, True, False), id="MS-12: asked, not yet accepted"),
    pytest.param(VENDOR, "accepted", {}, (False, True, True), id="MS-9: pipeline without contacts"),
    pytest.param(
        VENDOR, "accepted", {"help_required": True}, (True, True, True), id="MS-31: who helps"
    ),
    pytest.param(
        VENDOR,
        "accepted",
        {"help_required": True, "customer_contact.consents_to_sharing": None},
        (False, True, True),
        id="MS-8: not without consent",
    ),
    pytest.param(
        VENDOR, "expired", {"help_required": True}, (False, True, False), id="MS-29: who helps"
    ),
    pytest.param(VENDOR, "accepted", {"visible_to_vendor": None}, None, id="MS-30: a private deal"),
    pytest.param(VENDOR, "draft", {"visible_to_vendor": None}, None, id="MS-30: a draft"),
    pytest.param(OTHER, "accepted", {}, None, id="MS-13: another partner sees nothing"),
    pytest.param(
        OTHER,
        "pending",
        {"shared_with": "omega"},
        (False, True, False),
        id="MS-13: the other partner is asked",
    ),
    pytest.param(
        OTHER,
        "accepted",
        {"shared_with": "omega", "invited_at": NOW},
        (True, True, True),
        id="MS-12: the other partner accepted",
    ),
    pytest.param(
        OTHER,
        "accepted",
        {
            "shared_with": "omega",
            "invited_at": NOW,
            "customer_contact.consents_to_sharing": False,
        },
        None,
        id="MS-8: the other partner, without consent",
    ),
]


@pytest.mark.parametrize(("actor", "stage", "changes", "contacts"), SEEN)
def test_who_sees_contacts(
    actor: Actor, stage: str, changes: dict[str, Any], contacts: tuple[bool, ...] | None
) -> None:
    """Contacts are shared step by step and hidden after expiry (MS-8, MS-9, MS-12, MS-29)."""
    deal = entered(DEAL, stage, **{key.replace(".", "__"): at for key, at in changes.items()})
    found = view(bound(DEAL), deal, actor=actor, at=NOW)
    if contacts is None:
        assert found is None
        return
    assert found is not None
    seen = found.record(deal)
    names = ("customer_contact", "seller_contact", "partner_contact")
    assert tuple(name in seen for name in names) == contacts
    assert ("notes" in seen) is (actor is PARTNER)


class TestSalesStages:
    """Per cent of each; optional for co-sell, in order for assessments (MS-37)."""

    @pytest.mark.parametrize(
        ("name", "stages"),
        [
            (DEAL, dict(zip(ACTIVE, (10, 20, 40, 60, 80), strict=True))),
            (ASSESSMENT, dict(zip(IN_ORDER, (10, 20, 40, 60, 80), strict=True))),
        ],
    )  # fmt: skip
    def test_per_cent(self, name: str, stages: dict[str, int]) -> None:
        """10 when created or accepted, 100 when won (MS-37)."""
        for stage, per_cent in {"pending": 10, "received": 10, **stages, "won": 100}.items():
            assert bound(name).process.stage(stage).probability * 100 == per_cent

    @pytest.mark.parametrize(("source", "target"), [*product(ACTIVE, ACTIVE)])
    def test_those_of_a_co_sell_deal_are_optional(self, source: str, target: str) -> None:
        """From any to any other, and to the win from all of them (MS-37)."""
        triggers = dict(
            zip(ACTIVE[1:], ("qualify", "develop", "propose", "negotiate"), strict=True)
        )
        if target != "accepted":
            assert asked(DEAL, source, triggers[target]).permitted is (source != target)
        assert asked(DEAL, source, "win").permitted

    @pytest.mark.parametrize(("stage", "trigger"), [*product(IN_ORDER, STEPS)])
    def test_those_of_an_assessment_come_in_order(self, stage: str, trigger: str) -> None:
        """Each after the one before it, and the win after the last (MS-37)."""
        decision = asked(ASSESSMENT, stage, trigger)
        assert decision.permitted is (IN_ORDER.index(stage) == STEPS.index(trigger))


class TestRegistration:
    """A won deal with an eligible solution is registered within 30 days (MS-14, MS-15)."""

    @staticmethod
    def won(**changes: Any) -> Any:
        return moved(DEAL, entered(DEAL, "negotiated", **changes), "win")

    def test_the_win_asks_for_it(self) -> None:
        """The deal-registration person is told, and the clock runs (MS-14, MS-15, MS-47)."""
        won = self.won(registrar="p-2")
        assert effects(won) == [("ask_for_registration", "registrar")]
        assert won.effects[0].data["registrar"] == "p-2"
        assert (won.record.registration_status, won.record.won_at) == ("none", NOW)
        assert reading("register", won.record, NOW).due_at == datetime(
            2026, 7, 2, tzinfo=NOW.tzinfo
        )

    @pytest.mark.parametrize("registrable", [False, None])
    def test_without_an_eligible_solution_it_is_not_asked_for(
        self, *, registrable: bool | None
    ) -> None:
        """Nothing is to be registered, and no clock runs (MS-15)."""
        won = self.won(products=[{"id": "x", "registrable": registrable}])
        assert effects(won) == [("start_next_steps", "seller")]
        assert reading("register", won.record, NOW).due_at is None

    def test_thirty_days_from_winning(self) -> None:
        """A week before it is reminded of, and after 30 days it is late (MS-14, MS-48)."""
        won = self.won().record
        quiet = settle(bound(DEAL), won, at=NOW + 22 * DAY)
        assert quiet.effects == ()
        reminded = settle(bound(DEAL), won, at=NOW + 24 * DAY)
        assert effects(reminded) == [("remind_of_registration", "registrar")]
        end = reading("register", won, NOW).due_at
        before = settle(bound(DEAL), won, at=end - SECOND)
        assert ("registration_late", "registrar") not in effects(before)
        late = settle(bound(DEAL), won, at=end)
        assert effects(late)[-1] == ("registration_late", "registrar")
        assert asked(DEAL, "won", "register").permitted

    def test_the_contract_s_owner_registers_it(self) -> None:
        """Win e-mail and next steps follow the registration at once (MS-14, MS-24)."""
        won = self.won().record
        other = Actor("q-9", role="registrar", party="acme")
        assert decide(bound(DEAL), won, "register", actor=other, at=NOW).permitted
        not_ours = entered(DEAL, "won", contract_owner="omega")
        refused = decide(bound(DEAL), not_ours, "register", actor=PARTNER, at=NOW)
        assert obstacles(refused) == ["contract_owner"]
        registered = moved(DEAL, won, "register", actor=REGISTRAR)
        assert effects(registered) == [
            ("create", None),
            ("send_win_mail", "seller"),
            ("send_win_mail", "vendor"),
            ("send_win_mail", "alliance"),
            ("start_next_steps", "seller"),
        ]
        assert (registered.record.stage, registered.record.substatus) == ("registered", "Won")

    def test_the_deal_carries_the_status_of_its_registration(self) -> None:
        """It is looked up once a month, until it is settled (MS-15, MS-20, MS-47)."""
        deal = moved(DEAL, self.won().record, "register", actor=REGISTRAR).record
        asked_for = settle(bound(DEAL), deal, at=NOW + 32 * DAY)
        assert effects(asked_for) == [("check_registration", "registrar")]
        linked = moved(DEAL, deal, "link_registration", actor=REGISTRAR, registration_id="r-1")
        deal = moved(
            DEAL,
            linked.record,
            "update_registration",
            actor=REGISTRAR,
            at=NOW + DAY,
            registration_status="review_pending",
        ).record
        assert (deal.registration_id, deal.registration_checked_at) == ("r-1", NOW + DAY)
        early = {"registration_status": "action_required"}
        found = decide(
            bound(DEAL), deal, "settle_registration", actor=REGISTRAR, at=NOW + DAY, data=early
        )
        assert obstacles(found) == ["final_status"]
        done = moved(
            DEAL,
            deal,
            "settle_registration",
            actor=REGISTRAR,
            at=NOW + DAY,
            registration_status="passed",
        ).record
        assert settle(bound(DEAL), done, at=NOW + 90 * DAY).effects == ()

    def test_solution_assessments_are_never_registered(self) -> None:
        """There is no way to, and winning one asks for nothing (MS-32)."""
        process = bound(ASSESSMENT)
        assert not any("regist" in trigger for trigger in process.triggers)
        won = moved(ASSESSMENT, entered(ASSESSMENT, "presented"), "win")
        assert effects(won) == [("start_next_steps", "seller")]


def test_the_sequence_from_lead_to_registration() -> None:
    """Shared, accepted, teams introduced, signed, closed and registered (MS-43)."""
    deal = draft()
    found = path(bound(DEAL), deal, actor=PARTNER, at=NOW).ways[StageKind.WON]
    assert [step.trigger for step in found] == ["create", "win"]
    stages = []
    for trigger, actor, data in (
        ("share", PARTNER, {}),
        ("receive", VENDOR, {}),
        ("accept", VENDOR, {}),
        ("introduce", VENDOR, {"introduction__representative": "v-1"}),
        ("qualify", PARTNER, {}),
        ("win", PARTNER, {"contract_kind": "ip"}),
        ("register", REGISTRAR, {}),
    ):
        deal = moved(DEAL, deal, trigger, actor=actor, **data).record
        stages.append(deal.stage)
    assert stages == [
        "pending",
        "received",
        "accepted",
        "accepted",
        "qualified",
        "won",
        "registered",
    ]


@pytest.mark.parametrize(
    ("open_for", "at_risk"),
    [(timedelta(hours=72), False), (timedelta(hours=72) - SECOND, True)],
)
def test_a_win_within_72_hours_is_at_risk(open_for: timedelta, *, at_risk: bool) -> None:
    """Its registration is at risk: advice, and no obstacle (MS-34)."""
    found = asked(DEAL, "negotiated", "win", created_at=NOW - open_for)
    assert found.permitted
    assert ("open_long_enough" in advice(found)) is at_risk


@pytest.mark.parametrize("trigger", ["create", "lead", "share", "refer"])
def test_nothing_is_sent_before_a_business_profile_exists(trigger: str) -> None:
    """Nor for the parent account, which transacts nothing (MS-21, MS-39)."""
    data = {"shared_with": "omega"} if trigger == "refer" else {}
    parent = {"location__id": "par-1", "location__has_profile": False}
    found = asked(DEAL, "draft", trigger, data, **parent)
    assert obstacles(found) == ["business_profile", "not_the_parent"]


def test_a_name_is_made_by_the_convention() -> None:
    """Partner, offering, region, sales team, and the CRM's id at the end; checked too (MS-5)."""
    deal = raw(DEAL)
    assert deal.conventional_name == "Acme - joint_solution - Czechia - North - 0061"
    assert raw(DEAL, region=None).conventional_name is None
    assert advice(asked(DEAL, "draft", "share", owner_team="South")) == ["named"]


def test_a_lost_deal_says_why_and_whether_the_vendor_was_engaged() -> None:
    """A reason is required, and the vendor's part can be stated (MS-46)."""
    deal = entered(DEAL, "proposed", vendor_engaged=None)
    refused = decide(bound(DEAL), deal, "lose", actor=PARTNER, at=NOW)
    assert obstacles(refused) == ["input_closed_reason"]
    lost = moved(DEAL, deal, "lose", closed_reason="Budget.", vendor_engaged=False).record
    assert (lost.vendor_engaged, lost.lost_at) == (False, NOW)


def test_the_registration_is_made_with_what_the_deal_says() -> None:
    """It carries what it is judged by; the deal gets its id; there is one (MS-15)."""
    desk = Desk([bound(DEAL), bound(REGISTRATION)], MemoryStore())
    fresh = {"sharing": None, "visible_to_vendor": None, "sourced_by": None}
    deal = raw(DEAL, **fresh, contract_value="150000.01 USD", solution_value="60000 USD")
    desk.open(deal, actor=PARTNER, at=NOW, process=DEAL)
    for trigger in ("lead", "win"):
        desk.move("d-1", trigger, actor=PARTNER, at=NOW)
    effect = desk.move("d-1", "register", actor=REGISTRAR, at=NOW).effects[0]
    made = desk.carry_out(effect, actor=REGISTRAR, at=NOW)[0].record
    assert (made.deal, made.sharing, made.won_at) == ("d-1", "partner_led", NOW)
    assert str(made.contract_value) == "150000.01 USD"
    linked = desk.show("d-1", actor=REGISTRAR, at=NOW)
    assert linked["registration_id"] == made.id
    second = raw(REGISTRATION, id="r-9")
    with pytest.raises(ClaimedError, match="registration:d-1"):
        desk.open(second, actor=REGISTRAR, at=NOW, process=REGISTRATION)


@pytest.mark.parametrize(
    ("place", "said", "rule"),
    [
        pytest.param(None, "identify, refine, share, track, connect", "MS-44", id="MS-44"),
        pytest.param(
            None, "make visible, submit, connect, track", "MS-44", id="MS-44 after the win"
        ),
        pytest.param(None, "after marketing or sales has qualified", "MS-45", id="MS-45"),
        pytest.param(None, "entered one by one or uploaded", "MS-45", id="MS-45 how"),
        pytest.param(None, "lead is identified with the customer", "MS-43", id="MS-43"),
        pytest.param("accepted", "reach out to the other seller", "MS-12", id="MS-12"),
        pytest.param("registered", "rhythm of the review", "MS-47", id="MS-47"),
    ],
)
def test_guidance_is_offered(place: str | None, said: str, rule: str) -> None:
    """Rows marked guidance stand where people read them, with their id."""
    process = bound(DEAL).process
    found = process if place is None else process.stage(place)
    assert said in (found.help or "")
    assert rule in found.cites
