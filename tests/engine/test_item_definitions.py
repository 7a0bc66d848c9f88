"""What a definition may say of the items of a list, and what is wrong with it otherwise."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

import pytest
from pydantic import Field

from cosell._base import Id, LongText, Model, Name, Text
from cosell.definition import parse_process
from cosell.engine import (
    Outcome,
    apply,
    bind,
    change,
    decide,
    fold,
    open_record,
    options,
)
from cosell.errors import DefinitionError, EditRefusedError, InvalidDataError
from cosell.models import Opportunity, Part
from cosell.models.record import Record
from paper_samples import HOUR, PAPERS, Story, papers
from process_samples import BOSS, NOON, PARTNER, SELLER, TINY, bound_of, process_of

TRACK = """
[tracks.led]
key = "name"
initial = "not_started"
stages = [{ id = "not_started" }, { id = "done", kind = "won" }]
[[tracks.led.transitions]]
trigger = "finish"
source = "not_started"
target = "done"
roles = ["seller"]
"""


class Colour(StrEnum):
    """What some items are named by."""

    RED = "red"


class Item(Part, frozen=True):
    """An item with fields of many kinds."""

    name: Text | None = None
    label: Literal["a", "b"] = "a"
    colour: Colour = Colour.RED
    number: int = 0
    inner: Part = Part()
    texts: tuple[Text, ...] = ()
    odd: float | None = None


class Group(Model, frozen=True):
    """A group that holds a list."""

    items: tuple[Item, ...] = ()


class Held(Record, frozen=True):
    """A record with lists of several kinds."""

    led: tuple[Item, ...] = ()
    group: Group = Group()
    maybe: Group | None = None
    texts: tuple[Text, ...] = ()
    pair: tuple[Item, Item] = (Item(), Item())
    noted: tuple[Item, ...] = Field(default=(), description="Items.")
    part: Item = Item()


class TestLists:
    """Which lists a track can lead, and by which field."""

    @pytest.mark.parametrize(
        ("part", "key", "problem"),
        [
            ("led", "name", None),
            ("led", "label", None),
            ("led", "colour", None),
            ("noted", "name", None),
            ("group.items", "name", None),
            ("led", "nam", "tracks.led.key: `nam` is no text that can name an item of `led`."),
            ("led", "number", "`number` is no text that can name an item of `led`."),
            ("led", "inner", "`inner` is no text that can name an item of `led`."),
            ("led", "texts", "`texts` is no text that can name an item of `led`."),
            ("led", "odd", "`odd` is no text that can name an item of `led`."),
            ("led", "stage", "`stage` is no text that can name an item of `led`."),
            ("maybe.items", "name", "the record has no list `maybe.items` of parts."),
            ("texts", "name", "the record has no list `texts` of parts."),
            ("pair", "name", "the record has no list `pair` of parts."),
            ("part", "name", "the record has no list `part` of parts."),
            ("ledd", "name", "Did you mean `led`?"),
            ("trail", "reason", "the record has no list `trail` of parts."),
        ],
    )
    def test_a_track_leads_lists_of_parts(self, part: str, key: str, problem: str | None) -> None:
        """The list is always there, and its items are named by one text each."""
        text = TINY + TRACK.replace('key = "name"', f'part = "{part}"\nkey = "{key}"')
        process = parse_process(text, file="x.toml")
        if problem is None:
            assert bind(process, record=Held).parts == {"led": f"{part}[{key}]"}
            return
        with pytest.raises(DefinitionError) as caught:
            bind(process, record=Held)
        assert problem in str(caught.value)
        assert "x.toml:" in str(caught.value)

    def test_a_list_without_a_key_is_told_what_is_missing(self) -> None:
        """Which field names the items is for the definition to say."""
        with pytest.raises(DefinitionError, match="Say which of their fields does: `key`"):
            bind(process_of(TINY + TRACK.replace('key = "name"\n', "")), record=Held)

    def test_two_tracks_cannot_lead_one_list(self) -> None:
        """As with a part."""
        other = TRACK.replace("tracks.led", "tracks.other").replace("key", 'part = "led"\nkey')
        with pytest.raises(DefinitionError, match="track `led` leads `led` already"):
            bind(process_of(TINY + TRACK + other), record=Held)

    @pytest.mark.parametrize("part", ["led", "group.items"])
    @pytest.mark.parametrize("key", ["name", "colour", "label"])
    def test_what_names_an_item_may_be_a_label(self, key: str, part: str) -> None:
        """An item is asked for by the text of its label, wherever the list stands."""
        text = TINY + TRACK.replace('key = "name"', f'part = "{part}"\nkey = "{key}"')
        bound = bind(process_of(text), record=Held)
        items = [{"name": "red", "label": "a"}]
        content = {"led": items, "group": {"items": items}, "id": "h-1"}
        opened = open_record(bound, Held.model_validate(content), actor=SELLER, at=NOON)
        name = {"name": "red", "colour": "red", "label": "a"}[key]
        done = apply(bound, opened.record, f"led[{name}].finish", actor=SELLER, at=NOON)
        edited = change(bound, done.record, {f"{part}[{name}].number": 3}, actor=SELLER, at=NOON)
        events = [*opened.events, *done.events, *edited.events]

        assert done.event.track == f"led[{name}]"
        assert fold(Held, events, parts=bound.parts) == edited.record
        found = edited.record.led if part == "led" else edited.record.group.items
        assert (found[0].stage, found[0].number) == ("done", 3)

    @pytest.mark.parametrize(
        ("name", "problem"),
        [
            (None, "led[0].name: an item of `led` has no `name`, which names it. Give it one."),
            ("a b", "led[0].name: `a b` cannot name an item of `led`. Use letters, digits and"),
            ("a]", "led[0].name: `a]` cannot name an item of `led`."),
            ("x" * 201, "cannot name an item of `led`"),
        ],
    )
    def test_a_name_is_an_id(self, name: str | None, problem: str) -> None:
        """What cannot stand in a trigger names no item."""
        bound = bind(process_of(TINY + TRACK), record=Held)
        record = Held.model_validate({"id": "h-1", "led": [{"name": name}]})
        with pytest.raises(InvalidDataError) as caught:
            open_record(bound, record, actor=SELLER, at=NOON)

        assert problem in str(caught.value)

    def test_a_whole_that_holds_the_list_keeps_the_stages(self) -> None:
        """A group that is written anew holds its items where they were."""
        text = TINY + TRACK.replace("key", 'part = "group.items"\nkey')
        bound = bind(process_of(text), record=Held)
        content = {"id": "h-1", "group": {"items": [{"name": "a"}]}}
        opened = open_record(bound, Held.model_validate(content), actor=SELLER, at=NOON)
        done = apply(bound, opened.record, "led[a].finish", actor=SELLER, at=NOON)
        edited = change(
            bound,
            done.record,
            {"group": {"items": [{"name": "b"}, {"name": "a"}]}},
            actor=SELLER,
            at=NOON,
        )
        events = [*opened.events, *done.events, *edited.events]

        assert [item.stage for item in edited.record.group.items] == ["not_started", "done"]
        assert fold(Held, events, parts=bound.parts) == edited.record
        with pytest.raises(InvalidDataError, match="cannot be left out"):
            change(bound, edited.record, {"group": {}}, actor=SELLER, at=NOON)


SENT = 'set = { sent_at = "at" }'


class TestWrites:
    """What a transition may write where a list is led."""

    @pytest.mark.parametrize(
        ("old", "new", "problem"),
        [
            (SENT, 'set = { stage = { literal = "x" } }', "`stage` is written by cosell alone"),
            (SENT, 'set = { id = "actor.id" }', "`id` holds what names the item"),
            (
                SENT,
                'set = { "record.paper_items" = 1 }',
                "`record.paper_items` holds items that a track leads",
            ),
            (SENT, 'clear = ["record.paper_items"]', "holds items that a track leads"),
            (SENT, 'clear = ["id"]', "`id` holds what names the item"),
            (
                'inputs = [{ path = "paper_items" }]',
                'clear = ["paper_items"]',
                "`paper_items` holds items that a track leads",
            ),
            (
                'inputs = [{ path = "paper_items" }]',
                'inputs = [{ path = "paper_items.owner" }]',
                "there is no field `paper_items.owner`",
            ),
            ("entered('sent')", "entered('send')", "there is no stage `send`"),
            ("i.stage in {'signed', 'dropped'}", "i.stage == 'sing'", "sing"),
            ("recorded(owner)", "recorded(ownr)", "there is no field `ownr`"),
            ("recorded(owner)", "stage == 'sended'", "sended"),
            (
                "recorded(record.name)",
                "count(i.stage == 'x' for i in record.paper_items) == 1",
                "x",
            ),
            ('paths = ["document"]', 'paths = ["documnt"]', "there is no field `documnt`"),
        ],
    )
    def test_what_cannot_be_is_refused(self, old: str, new: str, problem: str) -> None:
        """Paths, labels and names are checked when the process is bound."""
        assert PAPERS.count(old) >= 1
        with pytest.raises(DefinitionError) as caught:
            bound_of(PAPERS.replace(old, new))

        assert problem in str(caught.value)

    def test_an_item_comes_with_a_transition_that_appends_one(self) -> None:
        """The new item is at its first stage; the others stay where they are."""
        adds = """
[[transitions]]
trigger = "add"
source = "closing"
target = "stay"
roles = ["seller"]
inputs = [{ path = "paper_items", append = true, required = true, stamp = { owner = "actor.id" } }]
"""
        story = Story("nda", bound=bound_of(PAPERS + adds))
        story.move("paper_items[nda].send", data={"owner": "s-9"})
        story.move("add", data={"paper_items": {"id": "msa"}})
        assert story.stages() == {"nda": "sent", "msa": "not_started"}
        story.move("paper_items[msa].send")
        assert fold(Opportunity, story.events, parts=story.bound.parts) == story.record
        with pytest.raises(InvalidDataError, match="has an item `nda` already"):
            story.move("add", data={"paper_items": {"id": "nda"}})
        with pytest.raises(InvalidDataError, match="`sent` is given"):
            story.move("add", data={"paper_items": {"id": "sow", "stage": "sent"}})

    def test_a_transition_empties_and_appends_in_its_item(self) -> None:
        """Cleared fields and added entries are those of the item."""

        class Noted(Part, frozen=True):
            name: Id
            notes: tuple[Text, ...] = ()
            owner: Text | None = None

        class Deal(Record, frozen=True):
            led: tuple[Noted, ...] = ()

        more = """
[[tracks.led.transitions]]
trigger = "note"
source = "not_started"
target = "stay"
roles = ["seller"]
clear = ["owner"]
inputs = [{ path = "notes", append = true, required = true }]
"""
        bound = bind(process_of(TINY + TRACK + more), record=Deal)
        content = {"id": "d-1", "led": [{"name": each, "owner": "s-1"} for each in "ab"]}
        opened = open_record(bound, Deal.model_validate(content), actor=SELLER, at=NOON)
        once = apply(
            bound, opened.record, "led[b].note", actor=SELLER, at=NOON, data={"notes": "One."}
        )
        twice = apply(
            bound, once.record, "led[b].note", actor=SELLER, at=NOON, data={"notes": "Two."}
        )

        assert once.event.changes == {"led[b].owner": None, "led[b].notes": ("One.",)}
        assert twice.record.led == (
            Noted(name="a", owner="s-1"),
            Noted(name="b", notes=("One.", "Two.")),
        )
        events = [*opened.events, *once.events, *twice.events]
        assert fold(Deal, events, parts=bound.parts) == twice.record
        found = options(bound, twice.record, actor=SELLER, at=NOON)
        assert [each.trigger for each in found if each.trigger.endswith("note")] == [
            "led[a].note",
            "led[b].note",
        ]

    def test_an_item_goes_on_by_itself_where_nothing_stands_in_its_way(self) -> None:
        """An automatic transition of the track is each item's own."""
        accepted = """
[[tracks.paper_items.gates.done.criteria]]
id = "done"
need = "recorded(finished_at)"
remedy = "Say when it was finished."
[[tracks.paper_items.transitions]]
trigger = "close"
source = "sent"
target = "signed"
roles = ["clock"]
automatic = true
gates = ["done"]
"""
        story = Story("nda", "msa", bound=bound_of(PAPERS + accepted))
        for name in ("nda", "msa"):
            story.move(f"paper_items[{name}].send", data={"owner": "s-9"})
        done = story.change({"paper_items[msa].finished_at": NOON})

        assert story.stages() == {"nda": "sent", "msa": "signed"}
        assert [event.track for event in done.events] == [None, "paper_items[msa]"]
        assert fold(Opportunity, story.events, parts=story.bound.parts) == story.record

    def test_a_status_of_an_item_changes_with_its_stage(self) -> None:
        """What a stage holds is written in the item; a new item has that of the first stage."""

        class Shown(Part, frozen=True):
            name: Id
            status: Name | None = None
            detail: LongText | None = None

        class Deal(Record, frozen=True):
            led: tuple[Shown, ...] = ()

        text = (TINY + TRACK).replace(
            'stages = [{ id = "not_started" }, { id = "done", kind = "won" }]',
            'stages = [{ id = "not_started", fields = { status = "waiting" } },'
            ' { id = "done", kind = "won", fields = { detail = "Signed." } }]',
        )
        bound = bind(process_of(text), record=Deal)
        content = {"id": "d-1", "led": [{"name": "a"}]}
        opened = open_record(bound, Deal.model_validate(content), actor=SELLER, at=NOON)
        done = apply(bound, opened.record, "led[a].finish", actor=SELLER, at=NOON)
        both = {"led": [{"name": "a"}, {"name": "b"}]}
        edited = change(bound, done.record, both, actor=SELLER, at=NOON)

        assert opened.record.led == (Shown(name="a", status="waiting"),)
        assert edited.record.led == (
            Shown(name="a", stage="done", detail="Signed."),
            Shown(name="b", status="waiting"),
        )
        events = [*opened.events, *done.events, *edited.events]
        assert fold(Deal, events, parts=bound.parts) == edited.record
        with pytest.raises(InvalidDataError, match=r"led\[b\]\.status: item `b` has `waiting`"):
            change(
                bound,
                done.record,
                {"led": [{"name": "a"}, {"name": "b", "status": "other"}]},
                actor=SELLER,
                at=NOON,
            )
        with pytest.raises(EditRefusedError, match="written by cosell alone"):
            change(bound, edited.record, {"led[b].status": "x"}, actor=SELLER, at=NOON)


EDITS = """
[[edits]]
id = "boss"
paths = ["*"]
roles = ["boss"]
[[tracks.paper_items.edits]]
id = "draft"
paths = ["owner", "redlines"]
roles = ["seller"]
stages = ["not_started"]
when = "record.stage == 'closing' and not recorded(owner)"
[[tracks.paper_items.edits]]
id = "any"
paths = ["*"]
roles = ["partner"]
stages = ["sent"]
[[tracks.paper_items.locks]]
paths = ["redlines"]
once = true
stages = ["sent"]
remedy = "It was sent so."
"""


class TestAccess:
    """Who may edit what, and what is set once, item by item."""

    @pytest.mark.parametrize(
        ("path", "actor", "permitted"),
        [
            pytest.param("paper_items[msa].owner", SELLER, True, id="a field in its stage"),
            pytest.param("paper_items[nda].owner", SELLER, False, id="not in another stage"),
            pytest.param("paper_items[msa].document", SELLER, False, id="no other field"),
            pytest.param("paper_items[nda].redlines", PARTNER, True, id="every field of the item"),
            pytest.param("paper_items[msa].redlines", PARTNER, False, id="of this item alone"),
            pytest.param("paper_items[own].owner", SELLER, False, id="its own condition"),
            pytest.param("name", PARTNER, False, id="nothing of the record"),
            pytest.param("paper_items[nda].redlines", BOSS, True, id="a row of the main line"),
        ],
    )
    def test_a_row_of_the_track_is_about_each_item(
        self,
        path: str,
        actor: Any,
        permitted: bool,  # noqa: FBT001
    ) -> None:
        """Stage and condition are read from the very item."""
        story = Story("nda", "msa", "own", bound=bound_of(PAPERS + EDITS))
        story.change({"paper_items[own].owner": "s-2"}, actor=BOSS)
        story.move("paper_items[nda].send", data={"owner": "s-9"})
        if permitted:
            story.change({path: "x"}, actor=actor)
            return
        with pytest.raises(EditRefusedError):
            story.change({path: "x"}, actor=actor)

    def test_a_whole_list_needs_a_row_of_the_main_line(self) -> None:
        """Editing a whole needs a row that covers the whole."""
        story = Story("nda", bound=bound_of(PAPERS + EDITS))
        with pytest.raises(EditRefusedError):
            story.change({"paper_items": []}, actor=SELLER)
        story.change({"paper_items": [{"id": "nda"}, {"id": "msa"}]}, actor=BOSS)

    def test_a_row_of_the_main_line_that_names_the_list_covers_its_items(self) -> None:
        """So does a lock: whoever may not edit the list may not edit a field of an item."""
        row = """
[[edits]]
id = "papers"
paths = ["paper_items"]
roles = ["seller"]
[[locks]]
paths = ["paper_items"]
stages = ["won", "lost"]
remedy = "It is over."
"""
        story = Story("nda", bound=bound_of(PAPERS + row))
        story.change({"paper_items[nda].owner": "s-1"})
        with pytest.raises(EditRefusedError, match="is not edited by `boss`"):
            story.change({"paper_items[nda].owner": "s-2"}, actor=BOSS)
        story.move("lose")
        with pytest.raises(EditRefusedError, match="is locked while in `lost`"):
            story.change({"paper_items[nda].owner": "s-2"})

    def test_what_is_set_once_stays_in_its_item(self) -> None:
        """By an edit of the field, by one of the list, and by a transition that brings the list."""
        story = Story("nda", "msa", bound=bound_of(PAPERS + EDITS))
        for name in ("nda", "msa"):
            story.change({f"paper_items[{name}].redlines": "All."}, actor=BOSS)
        story.move("paper_items[nda].send", data={"owner": "s-9"})
        with pytest.raises(EditRefusedError, match=r"`paper_items\[nda\]\.redlines` was set"):
            story.change({"paper_items[nda].redlines": "None."}, actor=BOSS)
        with pytest.raises(EditRefusedError, match=r"`paper_items\[nda\]\.redlines` was set"):
            story.change({"paper_items": [{"id": "nda"}, {"id": "msa"}]}, actor=BOSS)
        data = {"paper_items": [{"id": "nda"}, {"id": "msa"}]}
        decision = decide(story.bound, story.record, "win", actor=SELLER, at=NOON, data=data)
        assert "once_paper_items[nda]_redlines" in [each.id for each in decision.obstacles]
        story.change({"paper_items[msa].redlines": "None."}, actor=BOSS)
        story.move("paper_items[nda].again", at=NOON + HOUR)
        story.change({"paper_items[nda].redlines": "None."}, actor=BOSS, at=NOON + HOUR)

    def test_a_text_that_does_not_fit_hides_no_lock(self) -> None:
        """An item that there is not is told as such."""
        story = Story("nda", bound=bound_of(PAPERS + EDITS))
        with pytest.raises(EditRefusedError, match="has no item `ndb`"):
            story.change({"paper_items[ndb].redlines": "x"}, actor=BOSS)


class TestMachines:
    """The graph of an item, for hosts that use ``transitions`` already."""

    def test_it_asks_for_the_item(self) -> None:
        """A host fires it with an object of its own; the gates are those of the item."""

        class Paper:
            stage: str

        story, paper = Story("nda", "msa"), Paper()
        line = papers().line_named("paper_items[nda]", story.record)
        assert line is not None
        assert line.machine is line.machine
        line.machine.add_model(paper, initial="not_started")
        try:
            with pytest.raises(Exception, match=r"`paper_items\[nda\]\.send` is refused"):
                paper.send(record=story.record, actor=SELLER, at=NOON)  # type: ignore[attr-defined]
            ready = story.change({"paper_items[nda].owner": "s-1"}).record
            paper.send(record=ready, actor=SELLER, at=NOON)  # type: ignore[attr-defined]
        finally:
            line.machine.remove_model(paper)
        assert paper.stage == "sent"

    def test_the_graph_of_the_track_moves_no_item(self) -> None:
        """It stands for all of them: which one is asked for is not said."""
        bound = papers()
        track = bound.lines["paper_items"]
        decision = track.ask(
            trigger=track.trigger_of("send"), record=Story("nda").record, actor=SELLER, at=NOON
        )

        assert decision.outcome is Outcome.UNKNOWN_TRIGGER
        assert set(track.machine.events) == {"send", "sign", "drop", "again"}
