"""The process `salesforce_lead_distribution`: offered, accepted by one, worked, redistributed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from channel_deals import (
    AMY,
    ANN,
    BOB,
    CHANNEL,
    DAY,
    LEADS,
    NOW,
    QUALIFIED,
    REGISTRATION,
    RELAY,
    SIGNED_UP,
    VENDOR,
    everything,
)
from cosell.desk import Answer
from cosell.engine import TransitionRefusedError
from cosell.errors import ClockRefusedError, RecordNotFoundError
from cosell.events import Actor
from cosell.models import Lead
from desk_kit import Meeting, at_once, outcome
from several_samples import relayed

MICROSECOND: Final = timedelta(microseconds=1)
#: An offer of 1 June is open for five days, by dates in UTC.
OFFER_ENDS: Final = datetime(2026, 6, 7, tzinfo=UTC)


def told(answer: Any) -> list[tuple[str, str | None]]:
    """Return which effects an answer has, and for whom."""
    return [(effect.kind, effect.party or effect.to) for effect in answer.effects]


def qualified(desk: Any, **values: Any) -> Any:
    """Open and qualify a lead of the vendor."""
    record = Lead.model_validate({**QUALIFIED, "id": "l-1", "value": "20000 USD", **values})
    desk.open(record, actor=VENDOR, at=NOW, process=LEADS)
    return desk.move("l-1", "qualify", actor=VENDOR, at=NOW)


def offered(desk: Any, *parties: str, at: datetime = NOW, **asked: Any) -> Any:
    """Offer the lead to the first party, and to the others beside it; return the last answer."""
    answer = None
    for trigger, party in zip(("offer", *["offer_also"] * len(parties)), parties, strict=False):
        data = {"offers": {"party": party}}
        question = {"actor": CHANNEL, "at": at, "data": data, "facts": SIGNED_UP, **asked}
        answer = desk.move("l-1", trigger, **question)
    return answer


def accepted(desk: Any, actor: Actor = ANN, at: datetime = NOW) -> Any:
    """Accept the lead."""
    return desk.move("l-1", "accept", actor=actor, at=at)


def converted(desk: Any, store: Any, actor: Actor = ANN, at: datetime = NOW) -> Any:
    """Make a deal of an accepted lead, and return the deal."""
    data = {"interest_confirmed": True}
    desk.move("l-1", "requalify", actor=actor, at=at, data=data)
    desk.move("l-1", "convert", actor=actor, at=at)
    relayed(desk, store, at=at, actor=RELAY)
    return desk.load(desk.load("l-1").converted_to)


class TestOffering:
    """A representative, a partner, or a group."""

    def test_the_partner_is_notified_of_its_own_offer(self, desk: Any) -> None:
        """Each offer is told to whom it goes, and once (SF-17, SF-18)."""
        qualified(desk)
        assert told(offered(desk, "acme")) == [("tell_offered", "acme")]
        data = {"offers": {"party": "beta", "representative": "bob"}}
        also = desk.move("l-1", "offer_also", actor=CHANNEL, at=NOW, data=data, facts=SIGNED_UP)
        assert told(also) == [("tell_offered", "beta")]
        assert also.effects[0].data["representative"] == "bob"

    def test_it_is_seen_on_logging_in(self, desk: Any) -> None:
        """Without the customer's people and the other partners, and by none but those (SF-18)."""
        qualified(desk, stakeholders=[{"first_name": "Zoe"}])
        offered(desk, "acme")
        seen = desk.show("l-1", actor=ANN, at=NOW)
        assert seen["customer"]["name"] == "Gamma"
        assert {"offers", "answers", "stakeholders", "notes"} & set(seen) == set()
        with pytest.raises(RecordNotFoundError):
            desk.show("l-1", actor=BOB, at=NOW)

    def test_who_is_not_signed_up_is_not_offered_it(self, desk: Any) -> None:
        """The partner is in the referral program, and somebody says so (SF-15)."""
        qualified(desk)
        for facts in ({"partner_signed_up": False}, None):
            data = {"offers": {"party": "acme"}}
            asking = {"actor": CHANNEL, "at": NOW, "data": data, "facts": facts}
            decision = desk.decide("l-1", "offer", **asking)
            assert [it.id for it in decision.obstacles] == ["signed_up"]

    def test_a_decline_has_a_reason_and_ends_nothing(self, desk: Any) -> None:
        """The channel manager hears why; the others may still accept (SF-18)."""
        qualified(desk)
        offered(desk, "acme", "beta")
        bare = desk.decide("l-1", "decline", actor=BOB, at=NOW)
        assert "input_answers_reason" in {it.id for it in bare.obstacles}
        data = {"answers": {"reason": "No capacity."}}
        answer = desk.move("l-1", "decline", actor=BOB, at=NOW, data=data)
        assert (answer.record.stage, told(answer)) == (
            "offered",
            [("notify_channel_manager", "channel_manager")],
        )
        assert accepted(desk).record.accepted_by == "acme"


class TestSharkTank:
    """Of a group the first to accept has it."""

    def test_the_others_are_told(self, desk: Any) -> None:
        """Each other partner of the group hears that the lead is gone (SF-17)."""
        qualified(desk)
        offered(desk, "acme", "beta", "gamma")
        answer = accepted(desk, BOB)
        assert told(answer) == [
            ("tell_gone", "acme"),
            ("tell_gone", "gamma"),
            ("notify_channel_manager", "channel_manager"),
        ]
        record = answer.record
        assert (record.accepted_by, record.partner.id, record.owner) == ("beta", "beta", "bob")
        assert [(it.party, it.accepted) for it in record.answers] == [("beta", True)]

    def test_the_late_one_hears_that_it_is_gone(self, desk: Any) -> None:
        """It is refused, and sees no more than that (SF-17)."""
        qualified(desk)
        offered(desk, "acme", "beta")
        accepted(desk, BOB)
        late = outcome(lambda: accepted(desk))
        assert isinstance(late, TransitionRefusedError)
        seen = desk.show("l-1", actor=ANN, at=NOW)
        assert (seen["stage"], "customer" in seen) == ("accepted", False)

    def test_exactly_one_wins_under_load(self, desk_of: Callable[..., Any], store: Any) -> None:
        """Of eight that accept at once one has it, and seven are refused (SF-17)."""
        parties = [f"partner-{number}" for number in range(8)]
        plain = desk_of(everything(), store)
        qualified(plain)
        offered(plain, *parties)
        busy = desk_of(everything(), Meeting(store, 8))
        actors = [Actor(f"p-{each}", role="partner", party=each) for each in parties]
        outcomes = at_once(*[lambda actor=actor: accepted(busy, actor) for actor in actors])
        won = [each for each in outcomes if isinstance(each, Answer)]
        lost = [each for each in outcomes if isinstance(each, TransitionRefusedError)]
        assert (len(won), len(lost)) == (1, 7)
        assert sum(kind == "tell_gone" for kind, _ in told(won[0])) == 7
        assert plain.load("l-1") == won[0].record

    def test_another_partner_does_not_work_it(self, desk: Any) -> None:
        """Who was offered it too may not go on with what somebody else accepted (SF-19)."""
        qualified(desk)
        offered(desk, "acme", "beta")
        accepted(desk, BOB)
        decision = desk.decide("l-1", "convert", actor=ANN, at=NOW)
        assert "own_lead" in {it.id for it in decision.obstacles}


class TestWork:
    """The partner qualifies the lead again, and makes a deal of it."""

    def test_it_is_qualified_again_before_it_is_a_deal(self, desk: Any) -> None:
        """Unconfirmed interest is named, with what was not done (SF-19)."""
        qualified(desk)
        offered(desk, "acme")
        accepted(desk)
        refused = desk.decide("l-1", "convert", actor=ANN, at=NOW)
        assert {it.id for it in refused.obstacles} == {"requalified", "interest"}
        data = {"interest_confirmed": False, "time_frame": "Next year."}
        desk.move("l-1", "requalify", actor=ANN, at=NOW, data=data)
        refused = desk.decide("l-1", "convert", actor=ANN, at=NOW)
        assert [it.id for it in refused.obstacles] == ["interest"]

    def test_the_deal_is_the_partners_at_once(self, desk: Any, store: Any) -> None:
        """It is protected like a registered one, needs no approval, and has its time (SF-19)."""
        qualified(desk)
        offered(desk, "acme")
        accepted(desk)
        deal = converted(desk, store)
        assert (deal.stage, deal.partner.id, deal.origin.id) == ("approved", "acme", "l-1")
        assert str(deal.acv) == "20000.00 USD"
        assert set(deal.claims) == {"converted:l-1:acme", "registration:gamma.example:core"}
        frame = next(it for it in desk.clocks(deal.id, at=NOW) if it.clock == "time_frame")
        assert frame.state == "running"
        for trigger, data in (
            ("negotiate", {}),
            ("win", {}),
            ("submit_proof", {"proof": "Order."}),
        ):
            desk.move(deal.id, trigger, actor=ANN, at=NOW, data=data)
        assert desk.move(deal.id, "credit", actor=CHANNEL, at=NOW).record.stage == "credited"

    def test_what_another_partner_registered_waits_for_the_review(
        self, desk: Any, store: Any
    ) -> None:
        """A lead does not go around the protection of a registered deal (SF-14, SF-19)."""
        member = {"program": "deal_registration", "valid_from": "2026-01-01", "open_ended": True}
        other = {**QUALIFIED, "id": "d-9", "partner": {"id": "beta", "memberships": [member]}}
        model = next(it for it in everything() if it.ref.id == REGISTRATION).model
        desk.open(model.model_validate(other), actor=BOB, at=NOW, process=REGISTRATION)
        through = {"registration.channel": "partner_portal"}
        desk.move("d-9", "register", actor=BOB, at=NOW, data=through)
        review = {
            "registration.existing_deal_found": False,
            "registration.information_complete": True,
        }
        desk.move("d-9", "approve", actor=CHANNEL, at=NOW, data=review)
        qualified(desk)
        offered(desk, "acme")
        accepted(desk)
        assert converted(desk, store).stage == "draft"

    def test_a_deal_that_is_opened_by_hand_is_registered(self, desk: Any) -> None:
        """Only what came from a lead of the distribution is taken over (SF-19)."""
        model = next(it for it in everything() if it.ref.id == REGISTRATION).model
        values = {**QUALIFIED, "id": "d-9", "partner": {"id": "acme"}}
        deal = desk.open(model.model_validate(values), actor=ANN, at=NOW, process=REGISTRATION)
        assert deal.record.stage == "draft"


class TestTimeExpires:
    """Extended, or redistributed; never back by accident."""

    def test_the_offer_ends_after_its_last_day(self, desk: Any) -> None:
        """At the midnight that follows; partner and channel manager are told (SF-20)."""
        qualified(desk)
        offered(desk, "acme")
        assert desk.decide("l-1", "accept", actor=ANN, at=OFFER_ENDS - MICROSECOND).permitted
        assert desk.tick(at=OFFER_ENDS - MICROSECOND).answers == ()
        (over,) = desk.tick(at=OFFER_ENDS).answers
        assert (over.record.stage, told(over)) == (
            "expired",
            [("tell_expired", "acme"), ("notify_channel_manager", "channel_manager")],
        )

    def test_more_of_a_group_do_not_move_the_end(self, desk: Any) -> None:
        """The time runs from the first offer of a round (SF-20)."""
        qualified(desk)
        offered(desk, "acme")
        later = {"actor": CHANNEL, "at": NOW + 3 * DAY, "facts": SIGNED_UP}
        desk.move("l-1", "offer_also", data={"offers": {"party": "beta"}}, **later)
        (clock, _) = desk.clocks("l-1", at=NOW + 3 * DAY)
        assert clock.due_at == OFFER_ENDS

    def test_an_expired_offer_goes_on_with_more_time(self, desk: Any) -> None:
        """The channel manager extends it, and the partner may accept again (SF-20)."""
        qualified(desk)
        offered(desk, "acme")
        desk.tick(at=OFFER_ENDS)
        early = desk.decide("l-1", "go_on", actor=CHANNEL, at=OFFER_ENDS)
        assert "within_offer" in {it.id for it in early.obstacles}
        asking = {"at": OFFER_ENDS, "units": 3, "reason": "They were at the fair."}
        with pytest.raises(ClockRefusedError, match="may not extend"):
            desk.extend("l-1", "offer", actor=ANN, **asking)
        desk.extend("l-1", "offer", actor=CHANNEL, **asking)
        assert desk.move("l-1", "go_on", actor=CHANNEL, at=OFFER_ENDS).record.stage == "offered"
        assert accepted(desk, at=OFFER_ENDS + 3 * DAY).record.stage == "accepted"

    def test_a_lead_in_work_goes_on_with_more_time(self, desk: Any) -> None:
        """It stays with its partner (SF-20)."""
        qualified(desk)
        offered(desk, "acme")
        accepted(desk)
        late = NOW + 40 * DAY
        (over,) = desk.tick(at=late).answers
        assert told(over)[0] == ("tell_expired", "acme")
        desk.extend("l-1", "work", actor=CHANNEL, at=late, units=9, reason="A month more.")
        answer = desk.move("l-1", "go_on", actor=CHANNEL, at=late)
        assert (answer.record.stage, answer.record.accepted_by) == ("accepted", "acme")

    def test_it_is_redistributed_to_another(self, desk: Any) -> None:
        """The new partner has the whole time, and the earlier one is out (SF-20)."""
        qualified(desk)
        offered(desk, "acme")
        accepted(desk)
        late = NOW + 40 * DAY
        answer = offered(desk, "beta", at=late)
        assert (answer.record.stage, answer.record.accepted_by) == ("offered", None)
        clock = next(it for it in desk.clocks("l-1", at=late) if it.clock == "offer")
        assert clock.due_at == late.replace(hour=0) + 6 * DAY
        with pytest.raises(RecordNotFoundError):
            accepted(desk, ANN, late)
        taken = accepted(desk, BOB, late)
        assert told(taken) == [("notify_channel_manager", "channel_manager")]
        work = next(it for it in desk.clocks("l-1", at=late) if it.clock == "work")
        assert work.due_at == late.replace(hour=0) + 31 * DAY

    def test_never_back_to_the_same_one_by_accident(self, desk: Any) -> None:
        """It is refused; on purpose it is an override, with the reason in the trail (SF-20)."""
        qualified(desk)
        offered(desk, "acme")
        late = NOW + 9 * DAY
        refused = outcome(lambda: offered(desk, "acme", at=late))
        assert [it.id for it in refused.decision.obstacles] == ["another_partner"]
        answer = offered(desk, "acme", at=late, override="They have a new representative.")
        assert answer.events[-1].overridden == ("another_partner",)
        assert answer.events[-1].reason == "They have a new representative."
        assert offered_also(desk, "beta", late).record.stage == "offered"

    def test_a_representative_does_not_get_it_twice_either(self, desk: Any) -> None:
        """Another person of the same partner is the same partner (SF-20)."""
        qualified(desk)
        offered(desk, "acme")
        data = {"offers": {"party": "acme", "representative": AMY.id}}
        asking = {"actor": CHANNEL, "at": NOW, "data": data, "facts": SIGNED_UP}
        decision = desk.decide("l-1", "offer_also", **asking)
        assert [it.id for it in decision.obstacles] == ["another_partner"]

    def test_a_deal_whose_time_is_over_gives_its_lead_back(self, desk: Any, store: Any) -> None:
        """Taken back with a reason, it goes on to another partner and its deal (SF-20)."""
        qualified(desk)
        offered(desk, "acme")
        accepted(desk)
        first = converted(desk, store)
        late = NOW + 100 * DAY
        desk.tick(at=late)
        assert desk.load(first.id).stage == "expired"
        bare = desk.decide("l-1", "take_back", actor=CHANNEL, at=late)
        assert [it.id for it in bare.obstacles] == ["input_reopened_reason"]
        why = {"reopened_reason": "The deal expired."}
        desk.move("l-1", "take_back", actor=CHANNEL, at=late, data=why)
        again = outcome(lambda: offered(desk, "acme", at=late))
        assert [it.id for it in again.decision.obstacles] == ["another_partner"]
        offered(desk, "beta", at=late)
        accepted(desk, BOB, late)
        second = converted(desk, store, BOB, late)
        assert (second.stage, second.partner.id, second.id != first.id) == (
            "approved",
            "beta",
            True,
        )


def offered_also(desk: Any, party: str, at: datetime) -> Any:
    """Offer the lead to one more."""
    data = {"offers": {"party": party}}
    asking = {"actor": CHANNEL, "at": at, "data": data, "facts": SIGNED_UP}
    return desk.move("l-1", "offer_also", **asking)


def test_the_vendor_sees_the_state_as_it_is_now(desk: Any) -> None:
    """Who has it, and where it stands, in the same commit (SF-22)."""
    qualified(desk)
    offered(desk, "acme")
    accepted(desk)
    seen = desk.show("l-1", actor=VENDOR, at=NOW)
    assert (seen["stage"], seen["accepted_by"], len(seen["offers"])) == ("accepted", "acme", 1)


def test_a_lead_is_dropped_with_a_reason(desk: Any) -> None:
    """What comes to nothing ends, and says why (SF-16)."""
    qualified(desk)
    bare = desk.decide("l-1", "drop", actor=VENDOR, at=NOW)
    assert [it.id for it in bare.obstacles] == ["input_closed_reason"]
    data = {"closed_reason": "Out of business."}
    assert desk.move("l-1", "drop", actor=VENDOR, at=NOW, data=data).record.stage == "dropped"
