"""What a role sees of the items of a list: all of them, some fields, or that there are none."""

from __future__ import annotations

from typing import Any

import pytest

from cosell.engine import HIDDEN, View, decide, options, read_clocks, settle, view
from paper_samples import HOUR, PAPERS, Story, sent
from process_samples import NOON, PARTNER, SELLER, bound_of

ROWS = """
[[views]]
id = "whole"
roles = ["seller", "boss"]
[[views]]
id = "shared"
roles = ["partner"]
hide = ["{hidden}"]
"""


def seen(hidden: str, story: Story | None = None) -> tuple[View, Any]:
    """Return what a partner sees of a deal of which one paper was sent, and the deal."""
    bound = bound_of(PAPERS + ROWS.replace("{hidden}", hidden))
    told = story or Story("nda", "msa", bound=bound)
    if story is None:
        told.move("paper_items[nda].send", data={"owner": "s-9"})
    found = view(bound, told.record, actor=PARTNER, at=NOON)
    assert found is not None
    return found, told


def test_a_hidden_field_is_hidden_in_every_item() -> None:
    """In the record, in what events wrote, in findings and in what effects carry."""
    found, story = seen("paper_items.owner")
    record = found.record(story.record)
    sent_event = found.events(story.events)[-1]
    due = settle(story.bound, story.record, at=NOON + 30 * HOUR)
    decision = decide(story.bound, story.record, "paper_items[msa].send", actor=PARTNER, at=NOON)

    assert [sorted(item.keys() & {"id", "owner"}) for item in record["paper_items"]] == [["id"]] * 2
    assert sent_event.changes["paper_items[nda].owner"] == HIDDEN
    assert sent_event.changes["paper_items[nda].sent_at"] != HIDDEN
    (effect,) = [each for each in found.effects(due.effects) if "owner" in each.data]
    assert (effect.data["id"], effect.data["owner"]) == ("nda", HIDDEN)
    masked = {each.id: each.values for each in found.decision(decision).findings}
    assert masked["owned"] == (HIDDEN,)
    assert masked["named"] == ("Acme",)


def test_hidden_items_are_not_there() -> None:
    """Their triggers, clocks and events are those of nobody."""
    found, story = seen("paper_items")
    asked: dict[str, Any] = {"actor": PARTNER, "at": NOON}

    assert "paper_items" not in found.record(story.record)
    assert {each.track for each in found.options(options(story.bound, story.record, **asked))} == {
        None,
        "security_review",
    }
    assert found.readings(read_clocks(story.bound, story.record, at=NOON)) == ()
    assert {each.track for each in found.events(story.events)} == {None}


@pytest.mark.parametrize("trigger", ["paper_items[ndx].send", "paper_items[nd].sign"])
def test_no_hidden_item_is_suggested(trigger: str) -> None:
    """Who mistypes a trigger learns no name that it does not see."""
    found, story = seen("paper_items")
    decision = decide(story.bound, story.record, trigger, actor=PARTNER, at=NOON)
    told = found.decision(decision)

    assert "nda" in decision.obstacles[0].remedy
    assert "nda" not in str(told.as_dict())
    assert told.outcome is decision.outcome


def test_who_sees_everything_sees_the_items() -> None:
    """A row without anything hidden hides nothing."""
    story = sent("nda", bound=bound_of(PAPERS + ROWS.replace("{hidden}", "paper_items")))
    whole = view(story.bound, story.record, actor=SELLER, at=NOON)

    assert whole is not None
    assert whole.record(story.record)["paper_items"][0]["owner"] == "s-9"
    decision = decide(story.bound, story.record, "paper_items[ndx].send", actor=SELLER, at=NOON)
    assert whole.decision(decision) == decision
