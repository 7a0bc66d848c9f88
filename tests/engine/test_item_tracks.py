"""Each item of a list runs by itself: its triggers, events, effects and claims."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cosell.engine import (
    CLOCK,
    NO_DATA,
    Outcome,
    TransitionRefusedError,
    adopt,
    apply,
    decide,
    fold,
    migrate,
    open_record,
    options,
    path,
    read_clocks,
    seal,
    settle,
    verify_seals,
)
from cosell.errors import InvalidDataError, UnknownNameError
from cosell.events import Event
from cosell.models import Opportunity, PaperItem
from paper_samples import HOUR, PAPERS, Story, papers, sent
from process_samples import BOSS, DAY, NOON, PARTNER, SELLER, bound_of


class TestMoves:
    """Triggers, events and fields of one item."""

    def test_an_item_moves_by_its_name(self) -> None:
        """The others stay where they are."""
        story = sent("nda", "msa")

        assert story.stages() == {"nda": "sent", "msa": "not_started"}

    def test_its_event_names_the_item_and_its_fields(self) -> None:
        """The track is the item's, and so are the paths of what was written."""
        event = sent("nda", "msa").events[-1]

        assert (event.track, event.trigger, event.source, event.target) == (
            "paper_items[nda]",
            "send",
            "not_started",
            "sent",
        )
        assert event.changes == {
            "paper_items[nda].owner": "s-9",
            "paper_items[nda].sent_at": NOON,
            "claims": ("paper:Acme:nda",),
        }
        assert sent("nda").record.trail[-1].track == "paper_items[nda]"

    def test_its_effects_carry_the_fields_of_the_item(self) -> None:
        """Names in the data of an effect are the item's, and the record's after ``record.``."""
        moved = Story("nda", "msa").move("paper_items[msa].send", data={"owner": "s-9"})

        assert [(each.id, dict(each.data)) for each in moved.effects] == [
            ("o-1/2/1", {"id": "msa", "owner": "s-9", "record.name": "Acme"})
        ]

    def test_it_may_write_the_record(self) -> None:
        """An input after ``record.`` is the whole record's."""
        story = Story("nda")
        story.move("paper_items[nda].send", data={"owner": "s-9", "record.plan": "gold"})

        assert story.record.plan == "gold"

    @pytest.mark.parametrize(
        "name", ["nda", "NDA", "v1.2", "a@b", "m:1/2", "9", "a=b+c-d", "x" * 200]
    )
    def test_any_id_may_be_a_name(self, name: str) -> None:
        """A name may hold what an id may hold, dots too."""
        story = sent(name, "other")

        assert story.stages() == {name: "sent", "other": "not_started"}
        assert fold(papers(), story.events) == story.record

    @pytest.mark.parametrize(
        ("trigger", "remedy"),
        [
            pytest.param(
                "paper_items[ndb].send", "Did you mean `paper_items[nda].send`?", id="no such item"
            ),
            pytest.param(
                "paper_items[nda].sent", "Did you mean `paper_items[nda].send`?", id="no such move"
            ),
            pytest.param(
                "paper_items.send", "Did you mean `paper_items[nda].send`?", id="no item is named"
            ),
            pytest.param(
                "paper_items[id].send", "Did you mean `paper_items[nda].send`?", id="the key field"
            ),
            pytest.param(
                "security_review[nda].ask", "Did you mean `security_review.ask`?", id="no list"
            ),
            pytest.param("paper_items[nda]", "Did you mean", id="no trigger"),
            pytest.param(
                "papers[nda].send", "Did you mean `paper_items[nda].send`?", id="no track"
            ),
        ],
    )
    def test_what_there_is_not_is_an_unknown_trigger(self, trigger: str, remedy: str) -> None:
        """The nearest trigger of the items that are there is suggested (BX-41)."""
        decision = decide(papers(), Story("nda").record, trigger, actor=SELLER, at=NOON)

        assert decision.outcome is Outcome.UNKNOWN_TRIGGER
        assert decision.obstacles[0].remedy.startswith(remedy)

    def test_a_refusal_names_the_item(self) -> None:
        """Role, inputs and gate are found for that very item (BX-40, BX-41)."""
        story = sent("nda", "msa")
        decision = decide(papers(), story.record, "paper_items[msa].send", actor=PARTNER, at=NOON)

        assert [each.id for each in decision.obstacles] == ["role", "input_owner", "owned"]
        with pytest.raises(TransitionRefusedError, match=r"`paper_items\[msa\]\.send` is refused"):
            apply(papers(), story.record, "paper_items[msa].send", actor=PARTNER, at=NOON)

    def test_from_another_stage_it_says_where_the_item_is(self) -> None:
        """The stage of the item is found, not that of the record."""
        decision = decide(
            papers(), Story("nda").record, "paper_items[nda].sign", actor=PARTNER, at=NOON
        )

        assert decision.outcome is Outcome.NOT_FROM_HERE
        assert decision.obstacles[0].check.paths == ("paper_items[nda].stage",)
        assert decision.obstacles[0].values == ("not_started",)

    def test_an_item_that_has_ended_is_terminal(self) -> None:
        """Its end is its own."""
        story = sent("nda")
        story.move("paper_items[nda].sign", actor=PARTNER)
        decision = decide(papers(), story.record, "paper_items[nda].send", actor=SELLER, at=NOON)

        assert decision.outcome is Outcome.TERMINAL


class TestOptions:
    """What can be done is listed item by item (BX-42)."""

    def test_each_item_has_its_triggers(self) -> None:
        """The main line first, then the items in the order of the list, then the next track."""
        story = sent("nda", "msa")
        found = options(papers(), story.record, actor=SELLER, at=NOON)

        assert [(each.trigger, each.track) for each in found] == [
            ("win", None),
            ("lose", None),
            ("paper_items[nda].sign", "paper_items[nda]"),
            ("paper_items[nda].drop", "paper_items[nda]"),
            ("paper_items[nda].again", "paper_items[nda]"),
            ("paper_items[msa].send", "paper_items[msa]"),
            ("security_review.ask", "security_review"),
            ("security_review.pass", "security_review"),
        ]
        assert found[5].label == "Send it"
        assert [field.path for field in found[5].inputs] == ["owner", "due_on", "record.plan"]
        assert found[5].inputs[0].value_schema["anyOf"][0]["type"] == "string"

    @pytest.mark.parametrize("hours", [0, 9, 11, 30, 47, 49, 300])
    @pytest.mark.parametrize("actor", [SELLER, PARTNER, BOSS], ids=lambda each: each.role)
    def test_each_is_the_decision_that_one_would_get(self, hours: int, actor: Any) -> None:
        """Whatever clocks did meanwhile, an option says what ``decide`` says."""
        story = sent("nda", "msa")
        story.move("paper_items[msa].send", data={"owner": "s-1"}, at=NOON + HOUR)
        asked: dict[str, Any] = {"actor": actor, "at": NOON + hours * HOUR}
        data = {"owner": "s-2", "record.plan": "gold"}
        found = options(papers(), story.record, data=data, **asked)

        for option in found:
            own = {field.path: data[field.path] for field in option.inputs if field.path in data}
            here = settle(papers(), story.record, at=asked["at"]).record
            decision = decide(papers(), here, option.trigger, data=own, **asked)
            assert option.decision == decision

    def test_triggers_are_those_of_the_record(self) -> None:
        """Without a record the field that names the items stands in their place."""
        story = Story("nda")

        assert "paper_items[id].send" in papers().triggers
        assert "paper_items[nda].send" in papers().triggers_of(story.record)
        assert "paper_items[id].send" not in papers().triggers_of(story.record)

    def test_a_record_without_items_has_none(self) -> None:
        """A list may be empty."""
        found = options(papers(), Story().record, actor=SELLER, at=NOON)

        assert [each.track for each in found] == [None, None, "security_review", "security_review"]


class TestJoins:
    """Two tracks in parallel, and a gate that waits for both."""

    def test_the_gate_waits_for_every_item_and_the_part(self) -> None:
        """Each track that is not through is an obstacle of its own (QL-15)."""
        story = sent("nda", "msa")

        def obstacles() -> list[str]:
            decision = decide(papers(), story.record, "win", actor=SELLER, at=NOON)
            return [each.id for each in decision.obstacles]

        assert obstacles() == ["signed", "reviewed"]
        story.move("security_review.ask")
        story.move("paper_items[nda].sign", actor=PARTNER)
        assert obstacles() == ["signed", "reviewed"]
        story.move("security_review.pass")
        story.move("paper_items[msa].send", data={"owner": "s-1"})
        assert obstacles() == ["signed"]
        story.move("paper_items[msa].drop")
        assert obstacles() == []
        assert story.move("win").record.stage == "won"

    def test_no_item_is_not_all_of_them(self) -> None:
        """An empty list does not open the gate."""
        story = Story()
        story.move("security_review.pass")
        decision = decide(papers(), story.record, "win", actor=SELLER, at=NOON)

        assert [each.id for each in decision.obstacles] == ["some"]

    def test_items_that_come_with_the_transition_are_asked_too(self) -> None:
        """A gate reads the record with the data in it; a new item is at its first stage."""
        story = sent("nda")
        story.move("paper_items[nda].sign", actor=PARTNER)
        story.move("security_review.pass")
        more = {"paper_items": [{"id": "nda"}, {"id": "msa"}]}
        decision = decide(papers(), story.record, "win", actor=SELLER, at=NOON, data=more)

        assert [each.id for each in decision.obstacles] == ["signed"]
        same = {"paper_items": [{"id": "nda", "document": "https://a.example/nda"}]}
        won = story.move("win", data=same).record
        assert (won.stage, story.stages()) == ("won", {"nda": "signed"})
        assert fold(Opportunity, story.events, parts=papers().parts) == won


class TestEnds:
    """What becomes of the items when the main line ends."""

    @pytest.mark.parametrize(
        ("text", "moves"),
        [
            pytest.param(PAPERS, False, id="they are cancelled with it"),
            pytest.param(
                PAPERS.replace('key = "id"', 'key = "id"\nat_end = "continue"'),
                True,
                id="or go on",
            ),
        ],
    )
    def test_the_track_says_it(self, text: str, moves: bool) -> None:  # noqa: FBT001
        """Moves, options and clocks of the items end with the record, or do not."""
        bound = bound_of(text)
        story = sent("nda", bound=bound)
        story.move("lose")
        decision = decide(bound, story.record, "paper_items[nda].drop", actor=SELLER, at=NOON)
        found = options(bound, story.record, actor=SELLER, at=NOON)
        settled = settle(bound, story.record, at=NOON + 30 * DAY)

        assert decision.permitted is moves
        assert decision.outcome is (Outcome.PERMITTED if moves else Outcome.TERMINAL)
        assert bool(found) is moves
        assert bool(settled.events) is moves
        assert [each.track for each in settled.events] == ["paper_items[nda]"] * 4 * moves


class TestHistories:
    """The record is the fold of its events."""

    def story(self) -> Story:
        """Return a history in which items come, go, move and are moved by clocks."""
        story = sent("nda", "msa", "sow")
        story.change({"paper_items": [{"id": "msa"}, {"id": "nda"}, {"id": "form"}]})
        story.change({"paper_items[form].owner": "s-2", "paper_items[nda].redlines": "All."})
        story.move("paper_items[msa].send", data={"owner": "s-3"}, at=NOON + HOUR)
        story.move("paper_items[msa].sign", actor=PARTNER, at=NOON + 2 * HOUR)
        story.took(settle(papers(), story.record, at=NOON + 60 * HOUR))
        return story

    def test_unsealed_sealed_and_stored(self) -> None:
        """Events that went through JSON add up to the same record."""
        story = self.story()
        sealed = seal(story.events)
        stored = [Event.model_validate_json(event.model_dump_json()) for event in sealed]

        assert story.stages() == {"msa": "signed", "nda": "dropped", "form": "not_started"}
        for events in (story.events, sealed, stored):
            assert fold(Opportunity, events, parts=papers().parts) == story.record
        verify_seals(stored)
        read = Opportunity.model_validate_json(story.record.model_dump_json())
        assert read == story.record

    def test_a_model_alone_needs_the_parts(self) -> None:
        """Neither events nor model say which field names the items; the bound process does."""
        with pytest.raises(
            InvalidDataError, match=r"Give the bound process: fold\(bound, events\)"
        ):
            fold(Opportunity, self.story().events)
        with pytest.raises(InvalidDataError, match="nothing says which field"):
            fold(papers(), self.story().events, parts={})
        assert fold(papers(), self.story().events) == self.story().record

    def test_every_beginning_of_a_history_folds(self) -> None:
        """Whatever came first can be folded without what came later."""
        events = self.story().events
        for length in range(1, len(events) + 1):
            record = fold(Opportunity, events[:length], parts=papers().parts)
            assert record.version == length


class TestNames:
    """Each item has one name, and no two have the same."""

    @pytest.mark.parametrize(
        ("items", "problem"),
        [
            pytest.param(
                ["nda", "msa", "nda"], "paper_items[2].id: `paper_items` has an item", id="twice"
            ),
        ],
    )
    def test_a_record_enters_with_names(self, items: list[str], problem: str) -> None:
        """Opening and adopting are refused with every item that has none."""
        record = Opportunity.model_validate(
            {"id": "o-1", "paper_items": [{"id": each} for each in items]}
        )
        for refused in (
            lambda: open_record(papers(), record, actor=SELLER, at=NOON),
            lambda: adopt(papers(), record, stage="closing", actor=SELLER, at=NOON),
        ):
            with pytest.raises(InvalidDataError) as caught:
                refused()
            assert problem in str(caught.value)

    def test_a_record_that_is_put_together_is_checked_too(self) -> None:
        """Whatever is asked of a record with two items of one name is a mistake."""
        record = Story("nda").record
        twice = record.model_copy(update={"paper_items": record.paper_items * 2})
        asked: dict[str, Any] = {"actor": SELLER, "at": NOON}

        for refused in (
            lambda: decide(papers(), twice, "win", **asked),
            lambda: options(papers(), twice, **asked),
            lambda: path(papers(), twice, **asked),
            lambda: settle(papers(), twice, at=NOON),
        ):
            with pytest.raises(InvalidDataError, match="has an item `nda` already"):
                refused()

    def test_a_stage_that_there_is_not_is_named(self) -> None:
        """An item of a stored record at a stage of another definition is a mistake."""
        record = Story("nda").record
        odd = record.model_copy(update={"paper_items": (PaperItem(id="nda", stage="lost"),)})
        with pytest.raises(UnknownNameError, match="no stage `lost`"):
            decide(papers(), odd, "win", actor=SELLER, at=NOON)

    def test_an_opened_item_begins_at_the_beginning(self) -> None:
        """A record that was under way is adopted; then its items may stand anywhere."""
        record = Opportunity.model_validate(
            {"id": "o-1", "name": "Acme", "paper_items": [{"id": "nda", "stage": "sent"}]}
        )
        with pytest.raises(InvalidDataError, match="begins at `not_started`"):
            open_record(papers(), record, actor=SELLER, at=NOON)
        adopted = adopt(papers(), record, stage="closing", actor=SELLER, at=NOON).record
        moved = apply(papers(), adopted, "paper_items[nda].sign", actor=PARTNER, at=NOON).record

        assert moved.paper_items[0].stage == "signed"


class TestWriting:
    """A list is written anew, and cosell keeps what is its own (BX-43)."""

    def test_an_item_that_stays_keeps_its_stage(self) -> None:
        """Data without stages leave them as they are; a new item is at the first one."""
        story = sent("nda")
        done = story.change({"paper_items": [{"id": "msa"}, {"id": "nda", "due_on": "2026-12-01"}]})

        assert story.stages() == {"msa": "not_started", "nda": "sent"}
        assert story.record.paper_items[1] == PaperItem(
            id="nda", stage="sent", due_on=date(2026, 12, 1)
        )
        assert done.event.changes == {"paper_items": story.record.paper_items}

    def test_the_items_of_the_record_may_be_given_back(self) -> None:
        """A stage that is given and is the right one is no edit."""
        story = sent("nda")
        back = [item.model_dump() for item in story.record.paper_items]
        story.change({"paper_items": [*back, PaperItem(id="msa")]})

        assert story.stages() == {"nda": "sent", "msa": "not_started"}

    @pytest.mark.parametrize(
        ("items", "problems"),
        [
            pytest.param(
                [{"id": "nda", "stage": "signed"}, {"id": "msa"}],
                ["paper_items[nda].stage: item `nda` has `sent` there, and `signed`"],
                id="another stage",
            ),
            pytest.param(
                [{"id": "nda", "stage": "not_started"}, {"id": "msa"}],
                ["paper_items[nda].stage: item `nda` has `sent` there, and `not_started`"],
                id="a stage of before",
            ),
            pytest.param(
                [{"id": "nda"}, {"id": "new", "stage": "sent"}],
                ["paper_items[new].stage: item `new` has `not_started` there, and `sent`"],
                id="a new item mid-way",
            ),
            pytest.param(
                [{"id": "msa"}],
                ["paper_items[nda]: item `nda` is at `sent`, and cannot be left out."],
                id="an item vanishes that has begun",
            ),
            pytest.param(
                [{"id": "msa", "stage": "sent"}, {"id": "msa"}, {"id": "new", "stage": "x"}],
                [
                    "paper_items[1].id: `paper_items` has an item `msa` already.",
                    "paper_items[nda]: item `nda` is at `sent`, and cannot be left out.",
                    "paper_items[msa].stage: item `msa` has `not_started` there, and `sent`",
                    "paper_items[new].stage: item `new` has `not_started` there, and `x`",
                ],
                id="everything at once",
            ),
        ],
    )
    def test_what_is_cosells_own_is_refused(self, items: list[Any], problems: list[str]) -> None:
        """By an edit and by the inputs of a transition alike (BX-40)."""
        story = sent("nda", "msa")
        data = {"paper_items": items}
        for refused in (
            lambda: story.change(data),
            lambda: decide(papers(), story.record, "win", actor=SELLER, at=NOON, data=data),
            lambda: story.move("win", data=data),
        ):
            with pytest.raises(InvalidDataError) as caught:
                refused()
            said = [str(each) for each in caught.value.problems]
            assert [
                each.startswith(wanted) for each, wanted in zip(said, problems, strict=True)
            ] == [True] * len(problems)

    def test_an_item_that_has_not_begun_may_go(self) -> None:
        """Nothing happened to it, so nothing is lost."""
        story = sent("nda", "msa")
        story.change({"paper_items": [{"id": "nda"}]})

        assert story.stages() == {"nda": "sent"}

    def test_an_item_that_came_back_to_its_beginning_stays(self) -> None:
        """Its history is its name's: another item of that name would inherit it."""
        story = sent("nda")
        story.move("paper_items[nda].again")
        with pytest.raises(InvalidDataError, match="is at `not_started`, and cannot be left out"):
            story.change({"paper_items": []})

    @pytest.mark.parametrize(
        ("path", "problem"),
        [
            ("paper_items[nda].stage", "`paper_items[nda].stage` is written by cosell alone"),
            ("paper_items[nda].id", "`paper_items[nda].id` names the item"),
            ("paper_items[nda]", "`paper_items[nda]` is an item, and no field"),
            ("paper_items[ndb].owner", "`paper_items` has no item `ndb`. Did you mean `nda`?"),
            ("paper_items[nda].ownr", "Did you mean `paper_items[nda].owner`?"),
            ("paper_items[nda].owner.x", "there is no field"),
            ("paper_items[nda", "there is no field `paper_items[nda`"),
            ("paper_items[].owner", "`paper_items` has no item ``"),
            ("paper_items.owner", "there is no field `paper_items.owner`"),
            ("invoices[i-1].amount", "`invoices` is no list whose items have names"),
            ("security_review[x].stage", "`security_review` is no list"),
        ],
    )
    def test_a_path_that_cannot_be_edited_is_named(self, path: str, problem: str) -> None:
        """What it is instead is said (BX-41)."""
        with pytest.raises(Exception, match="edit of `o-1` has 1 problem") as caught:
            Story("nda").change({path: "x"})

        assert problem in str(caught.value)

    def test_the_whole_and_an_item_of_it_are_not_written_at_once(self) -> None:
        """Which of the two is meant cannot be told."""
        with pytest.raises(InvalidDataError, match="holds it"):
            Story("nda").change({"paper_items": [{"id": "nda"}], "paper_items[nda].owner": "s-2"})

    @pytest.mark.parametrize(
        ("data", "refused"),
        [
            ({"paper_items[nda].document": "https://a.example/2"}, True),
            ({"paper_items[msa].document": "https://a.example/2"}, False),
            ({"paper_items": [{"id": "nda", "document": "https://a.example/2"}]}, True),
            ({"paper_items": [{"id": "nda"}]}, True),
            ({"paper_items": [{"id": "nda", "document": "https://a.example/1"}]}, False),
        ],
        ids=[
            "a locked field of the item",
            "the same field of another item",
            "the list with another value in it",
            "the list without the value",
            "the list with the same value",
        ],
    )
    def test_a_lock_holds_for_what_changes(self, data: dict[str, Any], refused: bool) -> None:  # noqa: FBT001
        """Other items can be added while a field of one is locked; its value stays."""
        story = Story("nda", "msa")
        story.change({"paper_items[nda].document": "https://a.example/1"})
        story.move("paper_items[nda].send", data={"owner": "s-9"})
        if not refused:
            story.change(data)
            return
        with pytest.raises(Exception, match=r"`paper_items\[nda\]\.document` is locked while in"):
            story.change(data)
        story.change(data, actor=BOSS)


class TestBound:
    """What a bound process says about the lines of items."""

    def test_a_line_is_found_by_the_name_in_events(self) -> None:
        """The line of an item is the same whoever asks for it."""
        bound, record = papers(), Story("nda").record
        line = bound.line_named("paper_items[nda]", record)

        assert line is bound.line_named("paper_items[nda]")
        assert line is not None
        assert (line.name, line.part, line.item) == ("paper_items[nda]",) * 2 + ("nda",)
        assert bound.line_named("paper_items[msa]", record) is None
        assert bound.line_named("paper_items[msa]") is not None
        assert bound.line_named("paper_items") is None
        assert bound.line_named("security_review[x]") is None
        assert bound.line_named("nothing") is None
        assert bound.line_named(None) is bound.main

    def test_the_graph_of_an_item_is_that_of_its_track(self) -> None:
        """Stages and moves are the track's; what is asked for has the item's name."""
        bound = papers()
        track, line = bound.lines["paper_items"], bound.line_named("paper_items[nda]")

        assert line is not None
        assert set(line.moves) == set(track.moves)
        assert all(
            move.trigger == f"paper_items[nda].{name}" and move.line is line
            for (name, _), moves in line.moves.items()
            for move in moves
        )

    def test_the_actor_of_a_clock_is_the_clock(self) -> None:
        """What a clock does to an item is done as the actor ``clock``."""
        story = sent("nda")
        done = settle(papers(), story.record, at=NOON + 60 * HOUR)

        assert {event.actor for event in done.events} == {CLOCK}
        assert NO_DATA == {}


class TestVersions:
    """Items go on to another version with their record."""

    OTHER = PAPERS.replace("version = 1", "version = 2")

    def test_a_stage_that_is_called_otherwise_is_so_for_each_item(self) -> None:
        """The map names the track once; each item that stands there has an event of its own."""
        renamed = self.OTHER.replace('"sent"', '"out"').replace("'sent'", "'out'")
        after, story = bound_of(renamed), sent("nda", "msa")
        story.took(
            migrate(
                papers(),
                after,
                story.record,
                actor=SELLER,
                at=NOON,
                stages={"paper_items.sent": "paper_items.out"},
            )
        )

        assert story.stages() == {"nda": "out", "msa": "not_started"}
        assert [(each.track, each.target) for each in story.events[-2:]] == [
            (None, "closing"),
            ("paper_items[nda]", "out"),
        ]
        assert fold(Opportunity, story.events, parts=after.parts) == story.record
        clock = read_clocks(after, story.record, at=NOON + HOUR)[0]
        assert (clock.track, clock.consumed) == ("paper_items[nda]", HOUR)

    def test_a_list_that_is_led_anew_has_names(self) -> None:
        """Two items of one name cannot go on to a version whose track leads their list."""
        head, rest = PAPERS.split("[tracks.paper_items]")
        before = bound_of(
            head + "[tracks.security_review]" + rest.split("[tracks.security_review]")[1]
        )
        items = [{"id": "nda"}, {"id": "nda"}]
        deal = Opportunity.model_validate({"id": "o-1", "paper_items": items})
        record = open_record(before, deal, actor=SELLER, at=NOON).record
        with pytest.raises(InvalidDataError, match="has an item `nda` already"):
            migrate(before, bound_of(self.OTHER), record, actor=SELLER, at=NOON)
