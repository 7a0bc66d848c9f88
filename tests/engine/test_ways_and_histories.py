"""What can be done from here, how a deal can end, and histories that are whole and sealed."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from cosell.definition import StageKind
from cosell.engine import (
    Bound,
    BrokenHistoryError,
    BrokenSealError,
    adopt,
    apply,
    fold,
    open_record,
    options,
    path,
    seal,
    verify_seals,
)
from cosell.errors import InvalidDataError, NaiveDatetimeError
from cosell.events import Event
from cosell.models import Opportunity
from process_samples import BOSS, DAY, NOON, PARTNER, RICH, SELLER, TINY, bound_of


@cache
def rich() -> Bound:
    return bound_of(RICH)


def deal(stage: str, **fields: Any) -> Opportunity:
    """Return a deal that was adopted where the case needs it."""
    content = {"id": "o-1", "acv": "60000 USD", "customer": {"domain": "acme.example"}, **fields}
    record = Opportunity.model_validate(content)
    return adopt(rich(), record, stage=stage, actor=SELLER, at=NOON).record


class TestOptions:
    """What can I do, what is in the way, what must I fill in (BX-42)."""

    @pytest.mark.parametrize(
        ("stage", "triggers"),
        [
            pytest.param(
                "submitted",
                ["accept", "lose", "mdp.draft", "review.finish"],
                id="triggers of clocks are left out",
            ),
            pytest.param(
                "accepted",
                ["advance", "win", "lose", "mdp.draft", "review.finish"],
                id="candidates for one trigger are one option",
            ),
            pytest.param("won", ["board", "review.finish"], id="a cancelled track is left out"),
            pytest.param("onboarding", ["review.finish"], id="nothing leaves the stage"),
        ],
    )
    def test_they_are_what_leaves_the_stage(self, stage: str, triggers: list[str]) -> None:
        """The main line's triggers in file order, then those of the tracks that still run."""
        found = options(rich(), deal(stage), actor=SELLER, at=NOON)

        assert [option.trigger for option in found] == triggers

    def test_they_say_who_they_are(self) -> None:
        """An option has a label, its track, and its decision."""
        accept, *_, finish = options(rich(), deal("submitted"), actor=SELLER, at=NOON)

        assert (accept.label, accept.track) == ("Accept the registration", None)
        assert (finish.label, finish.track, finish.permitted) == (None, "review", True)

    def test_they_have_what_a_form_needs(self) -> None:
        """Each input has its path, its texts and the JSON Schema of its value."""
        accept = options(rich(), deal("submitted"), actor=SELLER, at=NOON)[0]
        owner, reason, plan = accept.inputs

        assert (owner.path, owner.required, owner.fresh) == ("owner", True, False)
        assert (owner.label, owner.help) == ("Owner", "Say who owns it.")
        assert (reason.path, reason.required, reason.fresh) == ("registration.reason", True, True)
        assert (plan.path, plan.required) == ("plan", False)
        assert {"type": "null"} in plan.value_schema["anyOf"]
        assert owner.value_schema["anyOf"][0]["type"] == "string"

    def test_an_input_of_two_candidates_is_asked_for_once(self) -> None:
        """The first candidate's words are taken."""
        bound = bound_of(
            TINY.replace(
                'target = "mid"',
                'target = "mid"\ninputs = [{ path = "plan", label = "Plan" }, { path = "acv" }]',
            )
            + '[[transitions]]\ntrigger = "go"\nsource = "fresh"\ntarget = "won"\n'
            'roles = ["seller"]\ninputs = [{ path = "plan", label = "Other" }]\n'
        )
        (go,) = options(bound, Opportunity(id="o-1", stage="fresh"), actor=SELLER, at=NOON)

        assert [(field.path, field.label) for field in go.inputs] == [
            ("plan", "Plan"),
            ("acv", None),
        ]

    def test_each_transition_is_given_its_own_data(self) -> None:
        """A half-filled form is decided for every trigger, with what that trigger takes."""
        data = {"owner": "s-9", "registration.reason": "A fit.", "closed_reason": "No."}
        found = options(rich(), deal("submitted"), actor=SELLER, at=NOON, data=data)

        assert [(option.trigger, option.permitted) for option in found[:2]] == [
            ("accept", False),
            ("lose", True),
        ]
        assert [each.id for each in found[0].decision.obstacles] == ["other_person"]

    def test_they_are_those_of_the_settled_record(self) -> None:
        """After its clock ran out the deal has other options, whether somebody ticked or not."""
        found = options(rich(), deal("submitted"), actor=SELLER, at=NOON + 40 * DAY)

        assert [option.trigger for option in found] == ["review.finish"]

    def test_facts_are_checked(self) -> None:
        """A fact that is not declared is a mistake."""
        with pytest.raises(InvalidDataError, match="no fact `x`"):
            options(rich(), deal("won"), actor=SELLER, at=NOON, facts={"x": 1})


class TestPath:
    """How the deal can be won, and how it can die (QL-17)."""

    def test_the_shortest_way_to_each_kind_of_end(self) -> None:
        """Of two ways of one length the first in the file is given, clocks' moves included."""
        found = path(rich(), deal("submitted"), actor=SELLER, at=NOON)

        assert found.stage == "submitted"
        assert {kind: [step.trigger for step in steps] for kind, steps in found.ways.items()} == {
            StageKind.LOST: ["lose"],
            StageKind.CLOSED: ["expire"],
            StageKind.WON: ["accept", "advance"],
        }
        assert found.ways[StageKind.CLOSED][0].roles == ("clock",)

    def test_every_gate_on_it_is_found_as_the_record_stands(self) -> None:
        """The role is not held against anybody; everything else is."""
        won = path(rich(), deal("submitted"), actor=PARTNER, at=NOON).ways[StageKind.WON]

        assert [(step.source, step.target) for step in won] == [
            ("submitted", "accepted"),
            ("accepted", "won"),
        ]
        assert [[each.id for each in step.obstacles] for step in won] == [
            ["input_owner", "input_registration_reason", "other_person"],
            ["input_name", "is_big", "plan_started"],
        ]
        assert [[each.id for each in step.advice] for step in won] == [[], ["budget_known"]]
        assert all(found.id != "role" for step in won for found in step.findings)

    def test_from_an_end_it_leads_on(self) -> None:
        """A lost deal can be reopened, and won after that."""
        found = path(rich(), deal("lost"), actor=BOSS, at=NOON)

        assert [step.trigger for step in found.ways[StageKind.WON]] == ["reopen", "advance"]

    def test_from_the_last_stage_there_is_no_way(self) -> None:
        """Nothing leaves it."""
        assert path(rich(), deal("onboarding"), actor=SELLER, at=NOON).ways == {}

    def test_clocks_that_would_move_the_record_are_told(self) -> None:
        """Which clock, and when it would."""
        opened = open_record(rich(), Opportunity(id="o-1"), actor=PARTNER, at=NOON).record
        (reading,) = path(rich(), opened, actor=SELLER, at=NOON).ended_by

        assert reading.clock == "answer"
        assert str(reading.due_on) == "2026-11-27"
        assert path(rich(), deal("accepted"), actor=SELLER, at=NOON).ended_by == ()

    def test_the_moment_and_the_facts_are_checked(self) -> None:
        """A naive moment and an unknown fact are mistakes."""
        with pytest.raises(NaiveDatetimeError):
            path(rich(), deal("won"), actor=SELLER, at=NOON.replace(tzinfo=None))
        with pytest.raises(InvalidDataError, match="no fact `x`"):
            path(rich(), deal("won"), actor=SELLER, at=NOON, facts={"x": 1})


def history() -> tuple[Opportunity, list[Event]]:
    """Return a record of three events, and the events."""
    bound = bound_of(TINY)
    opened = open_record(bound, Opportunity(id="o-1"), actor=SELLER, at=NOON)
    gone = apply(bound, opened.record, "go", actor=SELLER, at=NOON)
    won = apply(bound, gone.record, "win", actor=SELLER, at=NOON)
    return won.record, [*opened.events, *gone.events, *won.events]


class TestFold:
    """A record is the fold of all its events."""

    @pytest.mark.parametrize(
        ("kept", "expected", "found"),
        [
            pytest.param([1, 2], 1, 2, id="the first is missing"),
            pytest.param([0, 2], 2, 3, id="one in the middle is missing"),
            pytest.param([0, 0], 2, 1, id="one is there twice"),
            pytest.param([1, 0], 1, 2, id="they are not in order"),
            pytest.param([], 1, 0, id="there are none"),
        ],
    )
    def test_a_history_with_a_gap_is_refused(
        self, kept: list[int], expected: int, found: int
    ) -> None:
        """The error says which number should come, and which came."""
        events = history()[1]
        with pytest.raises(BrokenHistoryError) as caught:
            fold(Opportunity, [events[index] for index in kept])

        assert (caught.value.expected, caught.value.found) == (expected, found)

    def test_events_of_another_record_are_refused(self) -> None:
        """A history is one record's."""
        events = history()[1]
        stranger = events[1].model_copy(update={"record_id": "o-2"})
        with pytest.raises(BrokenHistoryError) as caught:
            fold(Opportunity, [events[0], stranger])

        assert caught.value.record_id == "o-2"

    def test_the_beginning_of_a_history_is_an_earlier_record(self) -> None:
        """Folding up to a number gives the record at that version."""
        record, events = history()

        assert fold(Opportunity, events) == record
        assert (fold(Opportunity, events[:2]).stage, fold(Opportunity, events[:2]).version) == (
            "mid",
            2,
        )

    def test_what_does_not_fit_is_named(self) -> None:
        """An event that was forged into nonsense is told by number."""
        events = history()[1]
        broken = events[1].model_copy(update={"changes": {"acv": "nonsense"}})
        with pytest.raises(InvalidDataError, match="event 2 of `o-1`"):
            fold(Opportunity, [events[0], broken])
        first = events[0].model_copy(update={"changes": {"acv": "nonsense"}})
        with pytest.raises(InvalidDataError, match="event 1 of `o-1`"):
            fold(Opportunity, [first])


class TestSeals:
    """Events are chained when they are committed."""

    def test_a_chain_goes_on_where_it_stopped(self) -> None:
        """Sealing in parts gives the digests of sealing at once."""
        events = history()[1]
        whole = seal(events)
        first = seal(events[:1])

        assert (*first, *seal(events[1:], str(first[0].digest))) == whole
        verify_seals(whole)
        verify_seals(whole[1:], str(whole[0].digest))
        verify_seals([])

    def test_unsealed_events_do_not_verify(self) -> None:
        """What ``apply`` gives has no seal yet."""
        with pytest.raises(BrokenSealError) as caught:
            verify_seals(history()[1])

        assert caught.value.seq == 1

    def test_clearing_a_field_is_sealed_too(self) -> None:
        """Taking ``None`` out of what an event wrote breaks its seal."""
        (sealed,) = seal([history()[1][0].model_copy(update={"changes": {"acv": None}})])
        verify_seals([sealed])

        with pytest.raises(BrokenSealError):
            verify_seals([sealed.model_copy(update={"changes": {}})])

    def test_a_seal_is_the_same_on_any_machine(self) -> None:
        """The order in which changes were given does not count; their values do."""
        event = history()[1][0]
        one = event.model_copy(update={"changes": {"a": {"x", "y"}, "b": 1}})
        other = event.model_copy(update={"changes": {"b": 1, "a": {"y", "x"}}})

        assert seal([one])[0].digest == seal([other])[0].digest
        assert seal([one])[0].changes == {"a": ["x", "y"], "b": 1}
