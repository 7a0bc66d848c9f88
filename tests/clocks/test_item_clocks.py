"""Clocks of list items: each item has its own, and other clocks may listen to any of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.clocks import ClockState, Correction
from cosell.definition import parse_process
from cosell.engine import (
    Bound,
    Outcome,
    adopt,
    bind,
    decide,
    extend,
    fold,
    next_due_at,
    path,
    pause,
    read_clocks,
    recalculate,
    resume,
    settle,
    time_in_stage,
)
from cosell.errors import ClockRefusedError, DefinitionError, UnknownNameError
from cosell.events import EventKind
from cosell.models import Opportunity
from paper_samples import HOUR, PAPERS, Story, papers, sent
from process_samples import BOSS, NOON, PARTNER, SELLER, bound_of, office

#: Business days, so that a calendar can be corrected.
BY_CALENDAR = PAPERS.replace(
    'initial = "closing"', 'initial = "closing"\ncalendars = ["office"]', 1
).replace(
    'allowance = 48\nunit = "elapsed_hours"',
    'allowance = 2\nunit = "business_days"\ncalendar = "office"',
)

#: A clock of the main line that listens to any item.
LISTENING = """
[[clocks]]
id = "first_answer"
allowance = 100
unit = "elapsed_hours"
start = ["entered('paper_items.sent')"]
stop = ["moved('paper_items.sign')"]
cancel = ["breached('paper_items.signing')"]
restart = ["extended('paper_items.signing')"]
pause_while = ["paper_items.sent"]
"""


def readings(story: Story, at: datetime, bound: Bound | None = None) -> dict[str, Any]:
    """Return the readings of a deal by line and clock."""
    found = read_clocks(bound or story.bound, story.record, at=at)
    return {f"{each.track}.{each.clock}" if each.track else each.clock: each for each in found}


class TestOwnClocks:
    """``entered('sent')`` in the track of a list is that item's own entry."""

    def test_each_item_has_its_own(self) -> None:
        """What happens to one starts, stops and ends nothing of another."""
        story = sent("nda", "msa")
        story.move("paper_items[msa].send", data={"owner": "s-1"}, at=NOON + 10 * HOUR)
        story.move("paper_items[nda].sign", actor=PARTNER, at=NOON + 11 * HOUR)
        found = readings(story, NOON + 20 * HOUR)

        assert found["paper_items[nda].signing"].state is ClockState.MET
        assert found["paper_items[msa].signing"].state is ClockState.RUNNING
        assert found["paper_items[msa].signing"].due_at == NOON + 58 * HOUR
        assert found["paper_items[msa].signing"].consumed == 10 * HOUR
        assert found["paper_items[nda].signing"].track == "paper_items[nda]"

    def test_fields_are_the_items_own(self) -> None:
        """A moment in a field of the item starts its clock; one of the record starts all."""
        story = sent("nda", "msa")
        assert readings(story, NOON + HOUR)["paper_items[nda].prepared"].started_at == NOON
        untouched = readings(story, NOON + HOUR)["paper_items[msa].prepared"]
        assert untouched.state is ClockState.NOT_STARTED
        story.change({"accepted_at": NOON - HOUR})
        assert readings(story, NOON)["paper_items[msa].prepared"].started_at == NOON - HOUR

    def test_facts_start_them_too(self) -> None:
        """A fact is the same for all items."""
        found = read_clocks(papers(), Story("nda").record, at=NOON, facts={"agreed_at": NOON})

        assert found[1].started_at == NOON

    def test_a_clock_stands_still_in_a_stage_of_the_item(self) -> None:
        """Stages of the item and of other tracks hold it, each with its reason."""
        story = sent("nda", "msa")
        story.change({"accepted_at": NOON})
        story.move("security_review.ask", at=NOON + HOUR)
        nda = readings(story, NOON + 2 * HOUR)["paper_items[nda].prepared"]
        msa = readings(story, NOON + 2 * HOUR)["paper_items[msa].prepared"]

        assert nda.pauses[-1].reason == "`security_review` in stage `answering`"
        assert nda.consumed == HOUR
        assert next(pause.reason for pause in msa.pauses) == (
            "`paper_items[msa]` in stage `not_started`"
        )
        assert msa.consumed == timedelta(0)

    def test_an_adopted_item_was_where_it_stands(self) -> None:
        """An item that came in mid-way never was at its first stage."""
        content = {
            "id": "o-1",
            "accepted_at": NOON,
            "paper_items": [{"id": "nda", "stage": "sent"}, {"id": "msa"}],
        }
        record = Opportunity.model_validate(content)
        adopted = adopt(papers(), record, stage="closing", actor=SELLER, at=NOON).record
        found = {
            (each.track, each.clock): each.state
            for each in read_clocks(papers(), adopted, at=NOON + HOUR)
        }

        assert found["paper_items[nda]", "prepared"] is ClockState.RUNNING
        assert found["paper_items[msa]", "prepared"] is ClockState.PAUSED

    def test_a_move_waits_within_the_items_own_clock(self) -> None:
        """The clock of another item that ran out keeps nobody from signing this one."""
        story = sent("nda", "msa")
        story.move("paper_items[msa].send", data={"owner": "s-1"}, at=NOON + 40 * HOUR)
        late = NOON + 50 * HOUR
        question = {"actor": PARTNER, "at": late}

        nda = decide(papers(), story.record, "paper_items[nda].sign", **question)
        msa = decide(papers(), story.record, "paper_items[msa].sign", **question)
        assert (nda.outcome, msa.outcome) == (Outcome.OUT_OF_TIME, Outcome.PERMITTED)
        assert [each.id for each in nda.obstacles] == ["clock_signing"]


class TestSettling:
    """What is due happens to the item, at its own instant."""

    def test_steps_breaches_and_moves_name_the_item(self) -> None:
        """Effects carry the item's fields; the transition is the item's."""
        story = sent("nda", "msa")
        done = settle(papers(), story.record, at=NOON + 48 * HOUR + timedelta(microseconds=1))
        found = [
            (each.kind, each.track, each.clock, each.step, each.at - NOON) for each in done.events
        ]

        assert found == [
            (EventKind.BREACHED, "paper_items[nda]", "prepared", None, 10 * HOUR),
            (EventKind.STEPPED, "paper_items[nda]", "signing", "half", 24 * HOUR),
            (EventKind.BREACHED, "paper_items[nda]", "signing", None, 48 * HOUR),
            (EventKind.MOVED, "paper_items[nda]", "signing", None, 48 * HOUR),
        ]
        assert [(each.to, dict(each.data)) for each in done.effects] == [
            ("seller", {"id": "nda", "owner": "s-9"}),
            (None, {"id": "nda"}),
        ]
        assert [item.stage for item in done.record.paper_items] == ["dropped", "not_started"]

    def test_the_next_moment_is_that_of_any_item(self) -> None:
        """A tick comes when the first of them is due."""
        story = sent("nda", "msa")
        story.move("paper_items[msa].send", data={"owner": "s-1"}, at=NOON + HOUR)
        at = NOON + 2 * HOUR

        assert next_due_at(papers(), story.record, at=at) == NOON + 10 * HOUR + timedelta(
            microseconds=1
        )

    @given(st.lists(st.integers(0, 100), min_size=1, max_size=5), st.integers(0, 100))
    def test_the_order_of_ticks_does_not_matter(self, ticks: list[int], sent_after: int) -> None:
        """Settling is idempotent, whenever somebody ticks, and the events fold to the record."""
        story = sent("nda", "msa")
        story.move("paper_items[msa].send", data={"owner": "s-1"}, at=NOON + sent_after * HOUR / 10)
        once = settle(papers(), story.record, at=NOON + 200 * HOUR).record
        for tick in [*sorted(10 + each for each in ticks), 200]:
            story.took(settle(papers(), story.record, at=NOON + tick * HOUR))

        assert story.record == once
        assert fold(Opportunity, story.events, parts=papers().parts) == once

    def test_items_at_one_instant_come_in_the_order_of_the_list(self) -> None:
        """Of two things due at one instant the first item's comes first."""
        story = sent("nda", "msa")
        story.move("paper_items[msa].send", data={"owner": "s-1"})
        done = settle(papers(), story.record, at=NOON + 11 * HOUR)

        assert [each.track for each in done.events] == ["paper_items[nda]", "paper_items[msa]"]

    def test_the_way_names_the_clocks_that_move_items(self) -> None:
        """Clocks of items whose breach moves them are among those that end something."""
        found = path(papers(), sent("nda", "msa").record, actor=SELLER, at=NOON)

        assert [(each.track, each.clock) for each in found.ended_by] == [
            ("paper_items[nda]", "signing")
        ]


class TestPeople:
    """What people do to the clock of one item."""

    def test_it_is_paused_resumed_and_extended_by_its_name(self) -> None:
        """Another item's clock runs on."""
        story = sent("nda", "msa")
        name = "paper_items[nda].signing"
        story.move("paper_items[msa].send", data={"owner": "s-1"})
        story.took(
            pause(papers(), story.record, name, actor=SELLER, at=NOON + HOUR, reason="Holiday.")
        )
        found = readings(story, NOON + 2 * HOUR)
        assert found[name].state is ClockState.PAUSED
        assert found["paper_items[msa].signing"].state is ClockState.RUNNING
        story.took(resume(papers(), story.record, name, actor=SELLER, at=NOON + 3 * HOUR))
        story.took(
            extend(
                papers(),
                story.record,
                name,
                units=10,
                actor=BOSS,
                at=NOON + 3 * HOUR,
                reason="They asked.",
            )
        )

        assert readings(story, NOON + 4 * HOUR)[name].due_at == NOON + 60 * HOUR
        assert [event.track for event in story.events[-3:]] == ["paper_items[nda]"] * 3
        assert fold(Opportunity, story.events, parts=papers().parts) == story.record

    @pytest.mark.parametrize(
        "name", ["paper_items[ndb].signing", "paper_items.signing", "paper_items[nda].signin"]
    )
    def test_a_clock_that_there_is_not_is_named(self, name: str) -> None:
        """The nearest clock of the items that are there is suggested."""
        with pytest.raises(UnknownNameError, match=r"Did you mean `paper_items\[nda\]\.signing`"):
            pause(papers(), sent("nda").record, name, actor=SELLER, at=NOON, reason="Why.")

    def test_without_a_record_an_item_may_have_any_name(self) -> None:
        """A bound process knows the clocks of items that it has not seen."""
        line, clock = papers().clock("paper_items[new].signing")

        assert (line.name, clock.track, clock.id) == (*["paper_items[new]"] * 2, "signing")
        with pytest.raises(UnknownNameError, match=r"paper_items\[id\]\.signing"):
            papers().clock("paper_items.signing")

    def test_a_refusal_names_the_item(self) -> None:
        """Everything that speaks against it, gates read with the item's fields."""
        story = sent("nda", name="Acme")
        story.change({"paper_items[nda].owner": None})
        with pytest.raises(ClockRefusedError) as caught:
            extend(
                papers(),
                story.record,
                "paper_items[nda].signing",
                units=1,
                actor=SELLER,
                at=NOON,
                reason="Why.",
            )

        assert "clock `paper_items[nda].signing` of record `o-1`" in str(caught.value)
        assert [each.path for each in caught.value.problems] == ["actor.role", "gates.owned.owned"]

    def test_a_clock_that_ended_with_the_record_says_so(self) -> None:
        """The track of the items is cancelled with the main line."""
        story = sent("nda")
        story.move("lose")
        with pytest.raises(ClockRefusedError, match="ended with the record"):
            pause(
                papers(),
                story.record,
                "paper_items[nda].signing",
                actor=SELLER,
                at=NOON,
                reason="Why.",
            )


class TestCorrections:
    """A corrected calendar corrects the clocks of items too."""

    def bound(self, *closed: date, **how: Any) -> Bound:
        """Return the process with an office that is closed on some days."""
        calendar = office().without(closed) if closed else office()
        return bind(
            parse_process(BY_CALENDAR), record=Opportunity, calendars={"office": calendar}, **how
        )

    @pytest.mark.parametrize(
        ("scope", "due"),
        [("keep", None), ("open", date(2026, 11, 25)), ("all", date(2026, 11, 25))],
    )
    def test_the_difference_names_the_item(self, scope: Any, due: date | None) -> None:
        """Which runs go on by the calendar of then is said as for any clock (Time 9)."""
        before = self.bound()
        known = Correction({"office": office()}, NOON + HOUR, scope)
        after = self.bound(date(2026, 11, 23), corrections=[known])
        story = sent("nda", "msa", bound=before)
        found = recalculate(before, after, story.record, at=NOON + 2 * HOUR)

        shifts = {(each.track, each.clock): each.changes for each in found.shifts}
        if due is None:
            assert shifts == {}
        else:
            assert shifts["paper_items[nda]", "signing"]["due_on"] == (date(2026, 11, 24), due)


class TestListening:
    """A clock of another line may name a list: any of its items is meant."""

    def test_any_item_does_what_the_event_says(self) -> None:
        """It starts with the first, is held while one is there, and stops with the first."""
        bound = bound_of(PAPERS + LISTENING)
        story = sent("nda", "msa", bound=bound)
        story.move("paper_items[msa].send", data={"owner": "s-1"}, at=NOON + HOUR)
        held = readings(story, NOON + 2 * HOUR)["first_answer"]
        assert (held.state, held.started_at) == (ClockState.PAUSED, NOON)
        story.move("paper_items[nda].again", at=NOON + 3 * HOUR)
        assert readings(story, NOON + 4 * HOUR)["first_answer"].state is ClockState.PAUSED
        story.move("paper_items[msa].again", at=NOON + 5 * HOUR)
        assert readings(story, NOON + 6 * HOUR)["first_answer"].consumed == HOUR
        story.move("paper_items[msa].send", data={"owner": "s-1"}, at=NOON + 7 * HOUR)
        story.move("paper_items[msa].sign", actor=PARTNER, at=NOON + 8 * HOUR)
        assert readings(story, NOON + 9 * HOUR)["first_answer"].state is ClockState.MET

    def test_so_do_its_clocks(self) -> None:
        """A breach and an extension of any item's clock are heard."""
        bound = bound_of(PAPERS + LISTENING)
        story = sent("nda", "msa", bound=bound)
        story.took(
            extend(
                bound,
                story.record,
                "paper_items[nda].signing",
                units=1,
                actor=BOSS,
                at=NOON + HOUR,
                reason="They asked.",
            )
        )
        assert readings(story, NOON + 2 * HOUR)["first_answer"].started_at == NOON + HOUR
        story.took(settle(bound, story.record, at=NOON + 50 * HOUR))
        assert readings(story, NOON + 51 * HOUR)["first_answer"].state is ClockState.CANCELLED

    def test_it_is_held_by_items_that_were_there_at_adoption(self) -> None:
        """Where an item stood before anything happened holds it too."""
        bound = bound_of(PAPERS + LISTENING.replace("entered('paper_items.sent')", "accepted_at"))
        content = {
            "id": "o-1",
            "accepted_at": NOON,
            "paper_items": [{"id": "nda", "stage": "sent"}, {"id": "msa"}],
        }
        record = Opportunity.model_validate(content)
        adopted = adopt(bound, record, stage="closing", actor=SELLER, at=NOON).record
        reading = read_clocks(bound, adopted, at=NOON + HOUR)[0]

        assert [each.reason for each in reading.pauses] == ["`paper_items[nda]` in stage `sent`"]

    def test_an_item_may_listen_to_all_of_them(self) -> None:
        """With the name of the track before it, a stage is that of any item."""
        text = PAPERS.replace(
            "start = [\"entered('sent')\"]", "start = [\"entered('paper_items.sent')\"]"
        )
        story = sent("nda", "msa", bound=bound_of(text))
        found = readings(story, NOON + HOUR)

        assert found["paper_items[msa].signing"].started_at == NOON

    def test_a_stage_that_there_is_not_is_refused(self) -> None:
        """The names are those of the track."""
        text = PAPERS + LISTENING.replace("paper_items.sent", "paper_items.send")
        with pytest.raises(DefinitionError, match="no stage `send`"):
            bound_of(text)


class TestTimeInStage:
    """How long an item was in a stage (BX-47)."""

    def test_each_item_is_measured_by_itself(self) -> None:
        """Stays of one item are not those of another."""
        story = sent("nda", "msa")
        story.move("paper_items[msa].send", data={"owner": "s-1"}, at=NOON + HOUR)
        story.move("paper_items[nda].again", at=NOON + 3 * HOUR)
        story.move("paper_items[nda].send", at=NOON + 4 * HOUR)
        asked: dict[str, Any] = {"at": NOON + 6 * HOUR, "unit": "elapsed_hours"}
        found = {
            name: time_in_stage(
                papers(), story.record, "sent", track=f"paper_items[{name}]", **asked
            )
            for name in ("nda", "msa")
        }

        assert (found["nda"].total, len(found["nda"].stays)) == (5 * HOUR, 2)
        assert (found["msa"].total, len(found["msa"].stays)) == (5 * HOUR, 1)
        assert found["nda"].track == "paper_items[nda]"

    def test_declared_pauses_are_left_out(self) -> None:
        """A bare stage is the item's; one of the list is that of any item."""
        story = sent("nda", "msa")
        story.move("paper_items[msa].send", data={"owner": "s-1"}, at=NOON + HOUR)
        asked: dict[str, Any] = {
            "at": NOON + 2 * HOUR,
            "unit": "elapsed_hours",
            "track": "paper_items[nda]",
        }

        def total(*pauses: str) -> Any:
            return time_in_stage(papers(), story.record, "sent", pause_while=pauses, **asked).total

        assert total("not_started") == 2 * HOUR
        assert total("sent") == timedelta(0)
        assert total("paper_items.signed") == 2 * HOUR
        assert total("record.closing") == timedelta(0)

    @pytest.mark.parametrize("track", ["paper_items[ndb]", "paper_items", "papers"])
    def test_a_track_that_there_is_not_is_named(self, track: str) -> None:
        """The items that are there are suggested."""
        with pytest.raises(UnknownNameError, match=r"paper_items\[nda\]"):
            time_in_stage(
                papers(), Story("nda").record, "sent", at=NOON, unit="elapsed_hours", track=track
            )
