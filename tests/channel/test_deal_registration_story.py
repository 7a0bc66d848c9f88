"""The process `salesforce_deal_registration`: who hears what, the clocks, conflicts, extensions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from channel_deals import (
    ANN,
    BOB,
    CHANNEL,
    CONFLICT,
    DAY,
    HOUR,
    MEMBERSHIP,
    NOW,
    QUALIFIED,
    REGISTRATION,
    RELAY,
    WIRE,
    channel,
    everything,
)
from cosell import catalog
from cosell.desk import Answer
from cosell.engine import TransitionRefusedError, fold
from cosell.errors import ClockRefusedError, EditRefusedError, RecordNotFoundError
from cosell.events import Actor
from cosell.identity import KeyedCustomer
from cosell.models import Opportunity
from desk_kit import Meeting, at_once, outcome
from several_samples import relayed

PRAGUE: Final = ZoneInfo("Europe/Prague")
REVIEWED: Final = {
    "registration.existing_deal_found": False,
    "registration.information_complete": True,
}
MICROSECOND: Final = timedelta(microseconds=1)


def deal(record_id: str, party: str = "acme", **values: Any) -> Opportunity:
    """Return a deal that a partner has sourced and qualified, and not registered yet."""
    partner = {"id": party, "name": party.title(), "memberships": [MEMBERSHIP]}
    return Opportunity.model_validate({**QUALIFIED, "id": record_id, "partner": partner, **values})


def registered(
    desk: Any, record_id: str = "d-1", actor: Actor = ANN, at: datetime = NOW, **values: Any
) -> Any:
    """Open and register a deal, through the channel that is the actor's, and return the answer."""
    desk.open(deal(record_id, str(actor.party), **values), actor=actor, at=at, process=REGISTRATION)
    through = "connection" if actor.role == "connection" else "partner_portal"
    return desk.move(
        record_id, "register", actor=actor, at=at, data={"registration.channel": through}
    )


def approved(desk: Any, record_id: str = "d-1", at: datetime = NOW, **asked: Any) -> Any:
    """Approve a deal after a review that found nothing, and return the answer."""
    question = {"actor": CHANNEL, "at": at, "data": REVIEWED, **asked}
    return desk.move(record_id, "approve", **question)


def reading(desk: Any, clock: str, at: datetime, record_id: str = "d-1") -> Any:
    """Return how a clock stands."""
    return next(each for each in desk.clocks(record_id, at=at) if each.clock == clock)


def told(answer: Any) -> list[tuple[str, str | None]]:
    """Return which effects an answer has, and for whom."""
    return [(effect.kind, effect.party or effect.to) for effect in answer.effects]


def seen_by(desk: Any, actor: Actor) -> dict[str, Any]:
    """Return what somebody sees of the deal."""
    return dict(desk.show("d-1", actor=actor, at=NOW))


class TestRegistration:
    """Two channels, one record; a receipt, a promise, a notice."""

    def test_both_channels_give_the_same_record(self, desk: Any) -> None:
        """Portal and connection write the same fields; the channel alone tells them (SF-4)."""
        portal = registered(desk, "d-1", ANN).record
        wire = registered(desk, "d-2", WIRE, products=[{"id": "other"}]).record
        own = {"id", "version", "trail", "products", "registration"}
        assert portal.model_dump(exclude=own) == wire.model_dump(exclude=own)
        assert (portal.registration.channel, wire.registration.channel) == (
            "partner_portal",
            "connection",
        )
        differs = {"channel", "submitted_by", "submissions"}
        assert portal.registration.model_dump(exclude=differs) == wire.registration.model_dump(
            exclude=differs
        )

    @pytest.mark.parametrize(
        ("actor", "through"), [(ANN, "connection"), (WIRE, "partner_portal"), (ANN, "import")]
    )
    def test_a_channel_is_for_those_who_come_through_it(
        self, desk: Any, actor: Actor, through: str
    ) -> None:
        """People use the portal, systems the connection (SF-4)."""
        desk.open(deal("d-1"), actor=actor, at=NOW, process=REGISTRATION)
        data = {"registration.channel": through}
        decision = desk.decide("d-1", "register", actor=actor, at=NOW, data=data)
        assert [found.id for found in decision.obstacles] == ["channel"]

    def test_one_deal_that_comes_through_both_is_one_record(self, desk: Any) -> None:
        """What has its id of the partner's system already is found by it (SF-4)."""
        ids = [{"system": "acme_crm", "value": "77"}]
        registered(desk, "d-1", WIRE, external_ids=ids)
        again = outcome(lambda: registered(desk, "d-2", ANN, external_ids=ids))
        assert (again.key, again.holder) == ("external:acme_crm:77", "d-1")
        assert desk.find("acme_crm", "77") == "d-1"

    def test_receipt_and_notice_go_out_at_once(self, desk: Any) -> None:
        """The partner gets a receipt, the channel manager a notice (SF-5, SF-6)."""
        assert told(registered(desk)) == [
            ("send_receipt", "acme"),
            ("notify_channel_manager", "channel_manager"),
        ]

    def test_a_partner_registers_for_itself(self, desk: Any) -> None:
        """A deal of another partner does not exist for it (SF-4)."""
        desk.open(deal("d-1", "acme"), actor=ANN, at=NOW, process=REGISTRATION)
        with pytest.raises(RecordNotFoundError):
            desk.move("d-1", "register", actor=BOB, at=NOW)


class TestPromise:
    """The answer comes within 48 hours that pass by the clock."""

    def test_the_hour_counts_to_the_instant(self, desk: Any) -> None:
        """At the very hour it is in time, an instant later it is not (SF-5)."""
        registered(desk)
        due = NOW + 48 * HOUR
        assert reading(desk, "answer", NOW).due_at == due
        assert not reading(desk, "answer", due).overdue
        assert desk.tick(at=due).answers == ()
        (late,) = desk.tick(at=due + MICROSECOND).answers
        assert told(late) == [("warn_channel_manager", "channel_manager")]
        assert late.record.stage == "submitted"

    @pytest.mark.parametrize(
        ("start", "due"),
        [
            pytest.param("2026-03-28T12:00", "2026-03-30T13:00", id="an hour is left out"),
            pytest.param("2026-10-24T12:00", "2026-10-26T11:00", id="an hour comes twice"),
            pytest.param("2026-12-24T12:00", "2026-12-26T12:00", id="holidays count"),
        ],
    )
    def test_hours_pass_when_clocks_change(self, desk: Any, start: str, due: str) -> None:
        """48 hours are 48 hours over a change of clocks and over holidays (SF-5)."""
        at = datetime.fromisoformat(start).replace(tzinfo=PRAGUE)
        registered(desk, at=at)
        found = reading(desk, "answer", at).due_at.astimezone(PRAGUE)
        assert found == datetime.fromisoformat(due).replace(tzinfo=PRAGUE)

    @pytest.mark.parametrize("trigger", ["approve", "reject"])
    def test_any_answer_keeps_the_promise(self, desk: Any, trigger: str) -> None:
        """Approved or rejected: the partner heard back (SF-5)."""
        registered(desk)
        data: dict[str, Any] = dict(REVIEWED)
        if trigger == "reject":
            data = {"registration.answers": {"reason": "Which product?"}}
        desk.move("d-1", trigger, actor=CHANNEL, at=NOW + HOUR, data=data)
        assert reading(desk, "answer", NOW + 90 * HOUR).state == "met"

    def test_a_resubmission_is_promised_an_answer_anew(self, desk: Any) -> None:
        """Each attempt has its own 48 hours (SF-5, SF-9)."""
        registered(desk)
        rejected(desk)
        resubmitted(desk, at=NOW + 3 * DAY)
        assert reading(desk, "answer", NOW + 3 * DAY).due_at == NOW + 5 * DAY


def rejected(desk: Any, reason: str = "Which product is it about?", at: datetime = NOW) -> Any:
    """Reject a deal as incomplete."""
    data = {
        "registration.information_complete": False,
        "registration.answers": {"reason": reason},
    }
    return desk.move("d-1", "reject", actor=CHANNEL, at=at, data=data)


def resubmitted(desk: Any, at: datetime = NOW) -> Any:
    """Resubmit a deal."""
    data = {"registration.submissions": {"added": "It is about the core."}}
    return desk.move("d-1", "resubmit", actor=ANN, at=at, data=data)


class TestRejection:
    """Always with an explanation, and not for ever."""

    @pytest.mark.parametrize(
        "data", [{}, {"registration.answers": {}}, {"registration.answers": {"reason": None}}]
    )
    def test_without_an_explanation_it_is_refused(self, desk: Any, data: dict[str, Any]) -> None:
        """The refusal names what is missing, and nothing is written (SF-8)."""
        registered(desk)
        review = {"registration.information_complete": False, **data}
        decision = desk.decide("d-1", "reject", actor=CHANNEL, at=NOW, data=review)
        assert "input_registration_answers_reason" in {it.id for it in decision.obstacles}
        assert "Explain why" in decision.obstacles[0].remedy

    def test_the_partner_reads_the_explanation(self, desk: Any) -> None:
        """It is sent, and stands in the record that the partner sees (SF-8)."""
        registered(desk)
        assert told(rejected(desk)) == [("send_explanation", "acme")]
        (answer,) = seen_by(desk, ANN)["registration"]["answers"]
        assert (answer["outcome"], answer["reason"], answer["decided_by"]) == (
            "rejected",
            "Which product is it about?",
            "cm-1",
        )

    def test_a_resubmission_keeps_the_history(self, desk: Any) -> None:
        """Every attempt and every answer stays, oldest first (SF-9)."""
        registered(desk)
        rejected(desk, at=NOW + HOUR)
        again = resubmitted(desk, at=NOW + 2 * HOUR)
        assert again.record.registration.information_complete is None
        assert told(again) == [
            ("send_receipt", "acme"),
            ("notify_channel_manager", "channel_manager"),
        ]
        approved(desk, at=NOW + 3 * HOUR)
        form = desk.load("d-1").registration
        assert [(it.submitted_at, it.added) for it in form.submissions] == [
            (NOW, None),
            (NOW + 2 * HOUR, "It is about the core."),
        ]
        assert [it.outcome for it in form.answers] == ["rejected", "approved"]

    def test_a_resubmission_says_what_is_added(self, desk: Any) -> None:
        """Without additional information there is nothing to look at anew (SF-9)."""
        registered(desk)
        rejected(desk)
        data: dict[str, Any] = {"registration.submissions": {}}
        decision = desk.decide("d-1", "resubmit", actor=ANN, at=NOW, data=data)
        assert [it.id for it in decision.obstacles] == ["input_registration_submissions_added"]

    def test_a_rejected_deal_is_filled_in_and_a_submitted_one_is_not(self, desk: Any) -> None:
        """Under review it stays as it was handed in (SF-7, SF-9)."""
        registered(desk)
        edit = {"products": [{"id": "more"}]}
        with pytest.raises(EditRefusedError):
            desk.change("d-1", edit, actor=ANN, at=NOW)
        rejected(desk)
        assert desk.change("d-1", edit, actor=ANN, at=NOW).record.products[0].id == "more"


class TestConflict:
    """Two partners register one customer's deal: the first approved has it."""

    def test_the_review_is_told_of_the_other_deal(self, desk: Any) -> None:
        """The channel manager sees which record has the customer and product (SF-7, BX-1)."""
        registered(desk, "d-1", ANN)
        registered(desk, "d-2", BOB, customer={"name": "Gamma Ltd", "domain": "WWW.Gamma.Example"})
        approved(desk, "d-1")
        decision = desk.decide("d-2", "approve", actor=CHANNEL, at=NOW, data=REVIEWED)
        (found,) = decision.obstacles
        assert (found.id, found.actual) == ("claim_registration", {"claims.registration": "d-1"})

    def test_the_first_approved_wins_not_the_first_registered(self, desk: Any) -> None:
        """The later approval is a rejection, whose explanation names the rule (SF-8, SF-14)."""
        registered(desk, "d-1", ANN)
        registered(desk, "d-2", BOB)
        assert approved(desk, "d-2").record.stage == "approved"
        answer = approved(desk, "d-1")
        assert (answer.record.stage, answer.instead.holder) == ("rejected", "d-2")
        assert told(answer)[0] == ("send_explanation", "acme")
        seen = seen_by(desk, ANN)["registration"]
        assert "the first approved has it" in seen["answers"][-1]["reason"]
        assert {"blocked_by", "blocked_key"} & set(seen) == set()
        assert desk.load("d-1").registration.blocked_by == "d-2"

    def test_the_conflict_is_kept_with_its_rule(self, desk: Any, store: Any) -> None:
        """A record of its own names both, and the rule that decided (SF-14, BX-9)."""
        registered(desk, "d-1", ANN)
        registered(desk, "d-2", BOB)
        approved(desk, "d-1")
        approved(desk, "d-2")
        relayed(desk, store, at=NOW, actor=RELAY)
        (conflict_id,) = store.ids(limit=9, process=CONFLICT)
        conflict = desk.load(conflict_id)
        assert (conflict.holder, conflict.challenger, conflict.challenger_party) == (
            "d-1",
            "d-2",
            "beta",
        )
        assert conflict.rule == "first approved"

    @pytest.mark.parametrize(
        "otherwise",
        [
            pytest.param({"products": [{"id": "more"}]}, id="another product"),
            pytest.param({"customer": {"name": "G", "domain": "g.example"}}, id="another customer"),
        ],
    )
    def test_what_is_no_duplicate_is_approved(self, desk: Any, otherwise: dict[str, Any]) -> None:
        """The same customer and a common product make a duplicate, nothing less (SF-7, BX-1)."""
        registered(desk, "d-1", ANN)
        registered(desk, "d-2", BOB, **otherwise)
        approved(desk, "d-1")
        assert approved(desk, "d-2").record.stage == "approved"

    def test_one_common_product_is_enough(self, desk: Any) -> None:
        """Of several products one is enough to meet (BX-1)."""
        registered(desk, "d-1", ANN, products=[{"id": "a"}, {"id": "b"}])
        registered(desk, "d-2", BOB, products=[{"id": "b"}, {"id": "c"}])
        approved(desk, "d-1")
        assert approved(desk, "d-2").record.stage == "rejected"

    def test_two_approvals_at_once_protect_one(
        self, desk_of: Callable[..., Any], store: Any
    ) -> None:
        """Whoever is written first has it, whatever the load (SF-14, BX-2)."""
        plain = desk_of(everything(), store)
        registered(plain, "d-1", ANN)
        registered(plain, "d-2", BOB)
        busy = desk_of(everything(), Meeting(store, 2))
        answers = at_once(lambda: approved(busy, "d-1"), lambda: approved(busy, "d-2"))
        assert all(isinstance(each, Answer) for each in answers)
        assert sorted(each.record.stage for each in answers) == ["approved", "rejected"]

    def test_a_program_may_let_them_wait_in_line(
        self, desk_of: Callable[..., Any], store: Any
    ) -> None:
        """By a parameter later ones are queued with a reason, and come up when it ends (BX-2)."""
        ours = catalog.parse(
            'extends = "salesforce_deal_registration@1"\nid = "ours"\nversion = 1\n'
            'parameters = { duplicates = "queue" }\n'
        )
        desk = desk_of([ours.bind(), channel(CONFLICT)], store)
        for record_id, actor in (("d-1", ANN), ("d-2", BOB)):
            desk.open(deal(record_id, str(actor.party)), actor=actor, at=NOW, process="ours")
            data = {"registration.channel": "partner_portal"}
            desk.move(record_id, "register", actor=actor, at=NOW, data=data)
        approved(desk, "d-1")
        answer = approved(desk, "d-2")
        assert (answer.record.stage, told(answer)[0]) == ("queued", ("tell_queued", "beta"))
        assert "next in line" in answer.record.registration.answers[-1].reason
        desk.move("d-1", "lose", actor=ANN, at=NOW, data={"closed_reason": "No budget."})
        relayed(desk, store, at=NOW, actor=RELAY)
        assert desk.load("d-2").stage == "approved"

    def test_a_host_may_know_customers_better(
        self, desk_of: Callable[..., Any], store: Any
    ) -> None:
        """With keyed customers subdomains and countries are one customer (SF-7, BX-1)."""

        class Keyed(Opportunity, frozen=True):
            customer: KeyedCustomer = KeyedCustomer()

        process = catalog.load(REGISTRATION).bind(record=Keyed)
        desk = desk_of([process, channel(CONFLICT)], store)
        for record_id, domain in (("d-1", "shop.gamma.com"), ("d-2", "gamma.co.uk")):
            values = deal(record_id, customer={"name": "Gamma", "domain": domain}).model_dump()
            record = Keyed.model_validate(values)
            desk.open(record, actor=ANN, at=NOW, process=REGISTRATION)
            data = {"registration.channel": "partner_portal"}
            desk.move(record_id, "register", actor=ANN, at=NOW, data=data)
        approved(desk, "d-1")
        assert approved(desk, "d-2").record.stage == "rejected"


#: The time frame of a deal that was approved on 1 June: ninety days, by dates in UTC.
END: Final = datetime(2026, 8, 31, tzinfo=UTC)
FILED: Final = {"registration.extension_requests": {"reason": "Holidays.", "evidence": "Mails."}}


def filed(desk: Any, at: datetime) -> Any:
    """File for an extension."""
    return desk.move("d-1", "request_extension", actor=ANN, at=at, data=FILED)


class TestTimeFrame:
    """The deal is the partner's for a time."""

    def test_it_is_set_with_the_approval(self, desk: Any) -> None:
        """Ninety days, unless the program says otherwise (SF-10)."""
        registered(desk)
        answer = approved(desk)
        assert told(answer) == [("send_approval", "acme")]
        assert answer.record.registration.protected_from == NOW
        found = reading(desk, "time_frame", NOW)
        assert (str(found.due_on), found.due_at) == ("2026-08-30", END)

    def test_its_length_is_the_programs(self, desk_of: Callable[..., Any], store: Any) -> None:
        """Its days are a parameter, and so are the hours of the promise (SF-5, SF-10)."""
        ours = catalog.parse(
            'extends = "salesforce_deal_registration@1"\nid = "ours"\nversion = 1\n'
            "parameters = { protection_days = 30, answer_hours = 24 }\n"
        )
        desk = desk_of([ours.bind(), channel(CONFLICT)], store)
        desk.open(deal("d-1"), actor=ANN, at=NOW, process="ours")
        data = {"registration.channel": "partner_portal"}
        desk.move("d-1", "register", actor=ANN, at=NOW, data=data)
        assert reading(desk, "answer", NOW).due_at == NOW + 24 * HOUR
        approved(desk)
        assert str(reading(desk, "time_frame", NOW).due_on) == "2026-07-01"

    def test_it_expires_after_its_last_day(self, desk: Any) -> None:
        """Reminded two weeks before; over at the midnight, told what to do (SF-11, BX-5)."""
        registered(desk)
        approved(desk)
        (soon,) = desk.tick(at=END - 14 * DAY).answers
        assert told(soon) == [("remind_partner", "acme")]
        assert desk.tick(at=END - MICROSECOND).answers == ()
        (over,) = desk.tick(at=END).answers
        assert over.record.stage == "expired"
        assert told(over)[0] == ("tell_expired", "acme")
        assert over.record.claims == ()

    def test_a_won_deal_does_not_expire(self, desk: Any) -> None:
        """Who closed in time has closed (SF-11, SF-13)."""
        registered(desk)
        approved(desk)
        desk.move("d-1", "negotiate", actor=ANN, at=NOW)
        desk.move("d-1", "win", actor=ANN, at=END - MICROSECOND, data={"acv": "20000 USD"})
        assert desk.tick(at=END + 9 * DAY).answers == ()

    def test_an_expired_deal_is_resubmitted(self, desk: Any) -> None:
        """The whole time frame begins anew with the next approval (SF-11)."""
        registered(desk)
        approved(desk)
        desk.tick(at=END)
        member = {**MEMBERSHIP, "valid_until": "2027-12-31"}
        desk.change("d-1", {"partner.memberships": [member]}, actor=CHANNEL, at=END)
        assert resubmitted(desk, at=END + DAY).record.stage == "submitted"
        approved(desk, at=END + 2 * DAY)
        assert reading(desk, "time_frame", END + 2 * DAY).due_at == END + 93 * DAY

    def test_the_channel_manager_extends_what_was_filed(self, desk: Any) -> None:
        """Nothing is extended unasked, and each wish is answered once (SF-11, BX-4)."""
        registered(desk)
        approved(desk)
        asking = {"actor": CHANNEL, "at": END - DAY, "units": 30, "reason": "They are close."}
        with pytest.raises(ClockRefusedError, match="Wait until the partner files"):
            desk.extend("d-1", "time_frame", **asking)
        assert told(filed(desk, END - DAY))[-1] == ("notify_channel_manager", "channel_manager")
        desk.extend("d-1", "time_frame", **asking)
        assert reading(desk, "time_frame", END - DAY).due_at == END + 30 * DAY
        with pytest.raises(ClockRefusedError, match="Wait until the partner files"):
            desk.extend("d-1", "time_frame", **asking)

    def test_a_partner_does_not_extend_its_own_time(self, desk: Any) -> None:
        """It files, and the channel manager decides (SF-11)."""
        registered(desk)
        approved(desk)
        filed(desk, NOW)
        with pytest.raises(ClockRefusedError, match="may not extend"):
            desk.extend("d-1", "time_frame", actor=ANN, at=NOW, units=30, reason="More.")

    def test_a_wish_is_denied_with_a_reason(self, desk: Any) -> None:
        """A denial answers the wish too (SF-11)."""
        registered(desk)
        approved(desk)
        data = {"registration.answers": {"reason": "Nothing happened since June."}}
        asking = {"actor": CHANNEL, "at": NOW, "data": data}
        early = desk.decide("d-1", "deny_extension", **asking)
        assert [it.id for it in early.obstacles] == ["filed_before"]
        filed(desk, NOW)
        bare = desk.decide("d-1", "deny_extension", actor=CHANNEL, at=NOW)
        assert "input_registration_answers_reason" in {it.id for it in bare.obstacles}
        assert told(desk.move("d-1", "deny_extension", **asking)) == [
            ("tell_extension_answer", "acme")
        ]
        assert not desk.decide("d-1", "deny_extension", **asking).permitted

    def test_after_the_expiry_too_by_default(self, desk: Any) -> None:
        """The claim is taken again; the added days count from the grant (SF-11, BX-4)."""
        registered(desk)
        approved(desk)
        late = END + 10 * DAY
        desk.tick(at=late)
        early = desk.decide("d-1", "reinstate", actor=CHANNEL, at=late)
        assert [it.id for it in early.obstacles] == ["within_time_frame"]
        filed(desk, late)
        desk.extend("d-1", "time_frame", actor=CHANNEL, at=late, units=30, reason="Close.")
        answer = desk.move("d-1", "reinstate", actor=CHANNEL, at=late)
        assert (answer.record.stage, answer.record.claims) == (
            "approved",
            ("registration:gamma.example:core",),
        )
        assert reading(desk, "time_frame", late).due_at == late.replace(hour=0) + 31 * DAY

    def test_who_came_first_meanwhile_keeps_it(self, desk: Any) -> None:
        """An expired deal comes back only while nobody else has the customer (SF-11, SF-14)."""
        registered(desk)
        approved(desk)
        desk.tick(at=END)
        registered(desk, "d-2", BOB, at=END)
        approved(desk, "d-2", at=END)
        filed(desk, END)
        desk.extend("d-1", "time_frame", actor=CHANNEL, at=END, units=30, reason="Close.")
        decision = desk.decide("d-1", "reinstate", actor=CHANNEL, at=END)
        assert [it.id for it in decision.obstacles] == ["claim_registration"]

    def test_a_program_may_extend_only_before_the_expiry(
        self, desk_of: Callable[..., Any], store: Any
    ) -> None:
        """By a parameter an expired deal can only be resubmitted (SF-11)."""
        ours = catalog.parse(
            'extends = "salesforce_deal_registration@1"\nid = "ours"\nversion = 1\n'
            "parameters = { extend_after_expiry = false }\n"
        )
        desk = desk_of([ours.bind(), channel(CONFLICT)], store)
        desk.open(deal("d-1"), actor=ANN, at=NOW, process="ours")
        data = {"registration.channel": "partner_portal"}
        desk.move("d-1", "register", actor=ANN, at=NOW, data=data)
        approved(desk)
        asking = {"actor": ANN, "data": FILED}
        assert desk.decide("d-1", "request_extension", at=END - MICROSECOND, **asking).permitted
        desk.tick(at=END)
        refused = desk.decide("d-1", "request_extension", at=END, **asking)
        assert [it.id for it in refused.obstacles] == ["before_expiry"]
        assert "Resubmit the deal" in refused.obstacles[0].remedy

    def test_how_often_and_how_long_is_limited(self, desk: Any) -> None:
        """Two extensions, ninety days in all; one more is one too many (SF-11, BX-4)."""
        registered(desk)
        approved(desk)
        asking = {"actor": CHANNEL, "at": NOW, "reason": "Close."}
        filed(desk, NOW)
        with pytest.raises(ClockRefusedError, match="At most 90 are left"):
            desk.extend("d-1", "time_frame", units=91, **asking)
        desk.extend("d-1", "time_frame", units=60, **asking)
        filed(desk, NOW)
        desk.extend("d-1", "time_frame", units=30, **asking)
        filed(desk, NOW)
        with pytest.raises(ClockRefusedError, match="2 times at most"):
            desk.extend("d-1", "time_frame", units=1, **asking)


class TestWork:
    """One record for both sides, to the proof of performance."""

    def test_a_partner_reads_its_deal_and_price_book(self, desk: Any) -> None:
        """Its own, without the vendor's notes; another partner's does not exist (SF-12)."""
        registered(desk)
        approved(desk)
        notes = {"quote.price_book": "EU 2026", "notes": [{"text": "They like us."}]}
        desk.change("d-1", notes, actor=CHANNEL, at=NOW)
        seen = seen_by(desk, ANN)
        assert (seen["quote"]["price_book"], seen["customer"]["name"]) == ("EU 2026", "Gamma")
        assert "notes" not in seen
        with pytest.raises(RecordNotFoundError):
            seen_by(desk, BOB)

    def test_the_vendor_sees_it_as_it_is_now(self, desk: Any) -> None:
        """What the partner writes is there in the same commit (SF-22)."""
        registered(desk)
        approved(desk)
        desk.change("d-1", {"next_steps.text": "Demo in July."}, actor=ANN, at=NOW)
        desk.move("d-1", "negotiate", actor=ANN, at=NOW)
        seen = seen_by(desk, CHANNEL)
        assert (seen["stage"], seen["next_steps"]["text"]) == ("negotiation", "Demo in July.")

    def test_one_record_takes_every_interaction(self, desk: Any, store: Any) -> None:
        """Both sides log on it; its history alone gives it again (SF-22)."""
        registered(desk)
        approved(desk)
        for actor, kind in ((ANN, "meeting"), (CHANNEL, "check_in"), (WIRE, "touch")):
            desk.move("d-1", "log", actor=actor, at=NOW, data={"activities": {"kind": kind}})
        record = desk.load("d-1")
        assert [(it.kind, it.by, it.party) for it in record.activities] == [
            ("meeting", "ann", "acme"),
            ("check_in", "cm-1", "vendor"),
            ("touch", "acme-crm", "acme"),
        ]
        assert fold(Opportunity, store.history("d-1")) == record

    def test_no_proof_no_credit(self, desk: Any) -> None:
        """The margin is credited once the proof of performance is there (SF-13)."""
        registered(desk)
        approved(desk)
        desk.move("d-1", "negotiate", actor=ANN, at=NOW)
        won = desk.move("d-1", "win", actor=ANN, at=NOW, data={"acv": "20000 USD"})
        assert told(won)[0] == ("ask_for_proof", "acme")
        with pytest.raises(TransitionRefusedError, match="without it there is no credit"):
            desk.move("d-1", "credit", actor=CHANNEL, at=NOW)
        bare = desk.decide("d-1", "submit_proof", actor=ANN, at=NOW)
        assert [it.id for it in bare.obstacles] == ["input_proof"]
        proof = desk.move("d-1", "submit_proof", actor=ANN, at=NOW, data={"proof": "The order."})
        assert proof.record.proof_submitted_at == NOW
        answer = desk.move("d-1", "credit", actor=CHANNEL, at=NOW)
        assert (answer.record.stage, told(answer)) == ("credited", [("credit_margin", "acme")])

    def test_nobody_credits_what_is_not_won(self, desk: Any) -> None:
        """A proof alone earns nothing before the deal is closed (SF-13)."""
        registered(desk)
        approved(desk)
        desk.move("d-1", "negotiate", actor=ANN, at=NOW)
        desk.move("d-1", "submit_proof", actor=ANN, at=NOW, data={"proof": "The order."})
        assert not desk.decide("d-1", "credit", actor=CHANNEL, at=NOW).permitted
