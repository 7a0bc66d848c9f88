"""Notes for one's own side, and notes that both sides may read, are two lists."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

import pytest

from cosell.engine import Bound, TransitionRefusedError
from cosell.errors import EditRefusedError
from cosell.models import Opportunity
from process_samples import DAY, NOON, PARTNER, SELLER, bound_of

NOTED: Final = """
id = "noted"
version = 1
record = "Opportunity"
initial = "fresh"
roles = { seller = "Seller", partner = "Partner" }
stages = [{ id = "fresh" }, { id = "won", kind = "won" }]

[[transitions]]
trigger = "note"
source = "*"
target = "stay"
roles = ["seller"]
[[transitions.inputs]]
path = "notes"
append = true
required = true
stamp = { by = "actor.id", at = "at" }

[[transitions]]
trigger = "share_note"
source = "*"
target = "stay"
roles = ["seller", "partner"]
[[transitions.inputs]]
path = "shared_notes"
append = true
required = true
stamp = { by = "actor.id", at = "at" }

[[transitions]]
trigger = "win"
source = "fresh"
target = "won"
roles = ["seller"]

[[edits]]
id = "all_but_notes"
roles = ["seller", "partner"]
paths = ["name", "next_steps"]

[[views]]
id = "vendor"
roles = ["seller"]
[[views]]
id = "shared"
roles = ["partner"]
hide = ["notes"]
"""


@cache
def noted() -> Bound:
    """Return the process of this page."""
    return bound_of(NOTED)


@pytest.fixture
def desk(desk_of: Callable[..., Any], store: Any) -> Any:
    """Give a desk with a deal."""
    desk = desk_of([noted()], store)
    desk.open(Opportunity(id="o-1"), actor=SELLER, at=NOON)
    return desk


def test_notes_stand_apart(desk: Any) -> None:
    """An internal note is in one list, a shared one in the other, each with who and when."""
    data = {"notes": {"text": "They will pay more.", "topic": "price"}}
    desk.move("o-1", "note", actor=SELLER, at=NOON, data=data)
    for number, actor in enumerate((PARTNER, SELLER), 1):
        shared = {"shared_notes": {"text": f"note {number}"}}
        desk.move("o-1", "share_note", actor=actor, at=NOON + number * DAY, data=shared)
    record = desk.load("o-1")

    assert [(note.text, note.topic, note.by, note.at) for note in record.notes] == [
        ("They will pay more.", "price", SELLER.id, NOON)
    ]
    assert [(note.text, note.by, note.at) for note in record.shared_notes] == [
        ("note 1", PARTNER.id, NOON + DAY),
        ("note 2", SELLER.id, NOON + 2 * DAY),
    ]
    assert record.stage == "fresh"


def test_a_partner_writes_no_internal_note(desk: Any) -> None:
    """Who may add a note to which list is said by the roles of its transition."""
    with pytest.raises(TransitionRefusedError, match="wrong role"):
        desk.move("o-1", "note", actor=PARTNER, at=NOON, data={"notes": {"text": "x"}})


@pytest.mark.parametrize("path", ["notes", "shared_notes"])
def test_no_note_is_rewritten(desk: Any, path: str) -> None:
    """Where no row permits it, an edit cannot change what somebody noted."""
    with pytest.raises(EditRefusedError, match=path):
        desk.change("o-1", {path: []}, actor=SELLER, at=NOON)


def test_an_ended_deal_takes_no_note(desk: Any) -> None:
    """`*` is every open stage: a process that wants notes later names the ends too."""
    desk.move("o-1", "win", actor=SELLER, at=NOON)

    with pytest.raises(TransitionRefusedError, match="terminal"):
        desk.move("o-1", "note", actor=SELLER, at=NOON, data={"notes": {"text": "x"}})


def test_the_other_side_sees_what_is_shared_alone(desk: Any) -> None:
    """A view that hides the internal notes hides them in the record and in its history."""
    data = {"notes": {"text": "They will pay more."}}
    desk.move("o-1", "note", actor=SELLER, at=NOON, data=data)
    data = {"shared_notes": {"text": "The offer comes on Monday."}}
    desk.move("o-1", "share_note", actor=SELLER, at=NOON, data=data)

    ours, theirs = (desk.show("o-1", actor=actor, at=NOON) for actor in (SELLER, PARTNER))
    told = str(theirs) + str(desk.history("o-1", actor=PARTNER, at=NOON))

    assert [note["text"] for note in ours["notes"]] == ["They will pay more."]
    assert [note["text"] for note in theirs["shared_notes"]] == ["The offer comes on Monday."]
    assert "notes" not in theirs
    assert "pay more" not in told
