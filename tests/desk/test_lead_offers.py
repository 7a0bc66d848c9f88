"""A lead is offered to a person, a partner or several; the first to accept has it (SF-17)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cosell.desk import Answer
from cosell.engine import Outcome, TransitionRefusedError
from cosell.events import Actor
from cosell.models import Lead
from desk_kit import Meeting, at_once, outcome
from process_samples import DAY, NOON
from several_samples import ACME, BETA, LEAD, MANAGER, several


@pytest.fixture
def desk(desk_of: Callable[..., Any], store: Any) -> Any:
    """Give a desk that serves leads."""
    return desk_of(several(LEAD), store)


def offer(desk: Any, *parties: str, **values: Any) -> Any:
    """Open the lead if need be, offer it to each of the parties, and return the last answer."""
    if isinstance(outcome(lambda: desk.load("l-1")), Exception):
        desk.open(Lead(id="l-1"), actor=MANAGER, at=NOON)
    answer = None
    for party in parties:
        data = {"offers": {"party": party, **values}}
        answer = desk.move("l-1", "offer", actor=MANAGER, at=NOON, data=data)
    return answer


def accept(desk: Any, actor: Actor) -> Any:
    """Accept the lead a day later."""
    return desk.move("l-1", "accept", actor=actor, at=NOON + DAY)


class TestOffers:
    """To whom a lead is offered."""

    def test_each_offer_is_an_item_with_its_moment(self, desk: Any) -> None:
        """Offers are added, never written over; the transition stamps when (SF-17)."""
        lead = offer(desk, "acme", "beta").record
        assert [(it.party, it.offered_at) for it in lead.offers] == [("acme", NOON), ("beta", NOON)]

    def test_a_partner_that_was_offered_it_may_accept(self, desk: Any) -> None:
        """Anyone of that partner; the lead says whose it is (SF-17, MS-1)."""
        offer(desk, "acme")
        assert accept(desk, ACME).record.accepted_by == "acme"

    @pytest.mark.parametrize(
        ("actor", "permitted"),
        [
            pytest.param(ACME, True, id="the person itself"),
            pytest.param(Actor("p-9", role="partner", party="acme"), False, id="a colleague"),
            pytest.param(BETA, False, id="another partner"),
        ],
    )
    def test_an_offer_to_a_person_is_for_that_person(
        self, desk: Any, actor: Actor, *, permitted: bool
    ) -> None:
        """A lead that is mapped to a representative is accepted by that one alone (SF-17)."""
        offer(desk, "acme", representative=ACME.id)
        decision = desk.decide("l-1", "accept", actor=actor, at=NOON)
        assert decision.permitted is permitted
        assert [found.id for found in decision.obstacles] == ([] if permitted else ["was_offered"])

    def test_who_was_not_offered_it_may_not_accept(self, desk: Any) -> None:
        """Its party stands in no offer (SF-17)."""
        offer(desk, "acme")
        refused = outcome(lambda: accept(desk, BETA))
        assert [found.id for found in refused.decision.obstacles] == ["was_offered"]


class TestFirstToAccept:
    """Exactly one wins, whatever the load (SF-17)."""

    def test_the_late_one_hears_the_new_state(self, desk: Any) -> None:
        """It is refused with where the lead stands now (SF-17, BX-41)."""
        offer(desk, "acme", "beta")
        won = accept(desk, ACME)
        refused = outcome(lambda: accept(desk, BETA))
        assert refused.decision.outcome is Outcome.NOT_FROM_HERE
        assert refused.decision.record == won.record

    def test_many_at_once_and_one_has_it(self, desk_of: Callable[..., Any], store: Any) -> None:
        """Of eight partners that accept at once one wins, and seven are refused (SF-17)."""
        parties = [f"partner-{number}" for number in range(8)]
        plain = desk_of(several(LEAD), store)
        offer(plain, *parties)
        desk = desk_of(several(LEAD), Meeting(store, 8))
        actors = [Actor(f"p-{each}", role="partner", party=each) for each in parties]
        outcomes = at_once(*[lambda actor=actor: accept(desk, actor) for actor in actors])
        won = [each for each in outcomes if isinstance(each, Answer)]
        lost = [each for each in outcomes if isinstance(each, TransitionRefusedError)]
        assert (len(won), len(lost)) == (1, 7)
        assert {each.decision.record.accepted_by for each in lost} == {won[0].record.accepted_by}
        assert plain.load("l-1") == won[0].record

    def test_the_others_are_told(self, desk: Any) -> None:
        """One effect for each other offer, addressed to its party, with what it names (SF-17)."""
        offer(desk, "acme", "beta", "gamma")
        effects = accept(desk, BETA).effects
        assert [(it.kind, it.to, it.party) for it in effects] == [
            ("gone", "partner", "acme"),
            ("gone", "partner", "gamma"),
        ]
        told = {"lead": "l-1", "since": "2026-11-21T12:00:00+00:00"}
        assert [dict(it.data) for it in effects] == [told, told]
        assert [it.id.rpartition("/")[2] for it in effects] == ["1", "2"]

    def test_nobody_else_is_nobody_told(self, desk: Any) -> None:
        """For an empty list there is no effect."""
        offer(desk, "acme")
        assert accept(desk, ACME).effects == ()


class TestRedistribution:
    """Never back to the same partner by accident (SF-20)."""

    def test_another_partner_is_offered_it_next(self, desk: Any) -> None:
        """The lead goes on to one that did not have it (SF-20)."""
        assert len(offer(desk, "acme", "beta").record.offers) == 2

    def test_the_same_partner_is_refused(self, desk: Any) -> None:
        """The obstacle says what to do instead; nothing is written (SF-20)."""
        offer(desk, "acme", "beta")
        refused = outcome(lambda: offer(desk, "acme"))
        (found,) = refused.decision.obstacles
        assert (found.id, found.cites) == ("another_partner", ("SF-20",))
        assert len(desk.load("l-1").offers) == 2

    def test_on_purpose_it_is_an_override(self, desk: Any) -> None:
        """The channel manager may, with a reason, which the trail keeps (SF-20, BX-40)."""
        offer(desk, "acme")
        answer = desk.move(
            "l-1",
            "offer",
            actor=MANAGER,
            at=NOON,
            data={"offers": {"party": "acme"}},
            override="They have a new representative.",
        )
        assert answer.events[-1].overridden == ("another_partner",)
        assert answer.events[-1].reason == "They have a new representative."
        assert len(answer.record.offers) == 2
