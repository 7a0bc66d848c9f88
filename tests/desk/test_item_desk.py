"""Items through the desk: both kinds of desk, both stores, the same rules."""

from __future__ import annotations

from typing import Any

import pytest

from cosell.engine import TransitionRefusedError, fold
from cosell.errors import InvalidDataError
from cosell.models import Opportunity
from desk_kit import require_coherent, waiting
from paper_samples import HOUR, PAPERS, papers
from process_samples import BOSS, NOON, PARTNER, SELLER, bound_of

ITEMS = [{"id": "nda"}, {"id": "msa"}]


@pytest.fixture
def desk(desk_of: Any, store: Any) -> Any:
    """Give a desk that serves the process of papers, with a deal in it."""
    desk = desk_of([papers()], store)
    deal = Opportunity.model_validate({"id": "o-1", "name": "Acme", "paper_items": ITEMS})
    desk.open(deal, actor=SELLER, at=NOON)
    return desk


def test_a_deal_runs_through_its_papers(desk: Any, store: Any) -> None:
    """Moves, edits, ticks and commands about clocks are commits like all others."""
    send = {"actor": SELLER, "at": NOON, "data": {"owner": "s-9"}}
    first = desk.move("o-1", "paper_items[nda].send", key="k-1", **send)
    again = desk.move("o-1", "paper_items[nda].send", key="k-1", **send)
    assert (again.repeated, again.record) == (True, first.record)
    desk.change("o-1", {"paper_items": [*ITEMS, {"id": "sow"}]}, actor=SELLER, at=NOON)
    desk.change("o-1", {"paper_items[sow].owner": "s-2"}, actor=SELLER, at=NOON)
    desk.move("o-1", "paper_items[sow].send", actor=SELLER, at=NOON + HOUR)
    clock = "paper_items[sow].signing"
    desk.pause("o-1", clock, actor=SELLER, at=NOON + HOUR, reason="Holiday.")
    ticked = desk.tick(at=NOON + 60 * HOUR)
    assert not ticked.failed
    assert {event.track for event in ticked.answers[0].events} == {
        "paper_items[nda]",
        "paper_items[sow]",
    }
    late = NOON + 60 * HOUR
    desk.resume("o-1", clock, actor=SELLER, at=late)
    desk.extend("o-1", clock, units=1, actor=BOSS, at=late, reason="They asked.")
    desk.move("o-1", "paper_items[sow].sign", actor=PARTNER, at=late)

    record = desk.load("o-1")
    assert [(item.id, item.stage) for item in record.paper_items] == [
        ("nda", "dropped"),
        ("msa", "not_started"),
        ("sow", "signed"),
    ]
    require_coherent(papers(), store, "o-1")
    assert fold(Opportunity, desk.history("o-1"), parts=papers().parts) == record
    assert record.claims == ("paper:Acme:nda", "paper:Acme:sow")
    assert {effect.data.get("id") for effect in waiting(store)} == {"nda", "sow"}
    assert not desk.recalculate(at=late).failed


def test_a_refusal_is_that_of_the_engine(desk: Any) -> None:
    """The same illegal move is refused alike, and nothing is written (BX-40)."""
    with pytest.raises(TransitionRefusedError) as caught:
        desk.move("o-1", "paper_items[nda].sign", actor=PARTNER, at=NOON)
    asked = desk.decide("o-1", "paper_items[nda].sign", actor=PARTNER, at=NOON)
    assert caught.value.decision == asked
    given = {"paper_items": [{"id": "nda", "stage": "sent"}]}
    with pytest.raises(InvalidDataError, match="stage"):
        desk.change("o-1", given, actor=SELLER, at=NOON)
    many = desk.move_many(["o-1"], "paper_items[nda].sign", actor=PARTNER, at=NOON, key="bulk")
    assert [result.decision for result in many] == [asked]
    edits = list(desk.change_many(["o-1"], given, actor=SELLER, at=NOON, key="edits"))
    assert "`sent` is given" in str(edits[0].error)
    assert desk.load("o-1").version == 1


def test_what_can_be_done_is_listed_item_by_item(desk: Any) -> None:
    """Options and clocks of a stored record are those of its items (BX-42)."""
    found = desk.options("o-1", actor=SELLER, at=NOON)
    clocks = desk.clocks("o-1", at=NOON)

    assert [option.track for option in found if option.permitted] == [
        None,
        "security_review",
        "security_review",
    ]
    assert {option.track for option in found} >= {"paper_items[nda]", "paper_items[msa]"}
    assert [reading.track for reading in clocks] == ["paper_items[nda]"] * 2 + [
        "paper_items[msa]"
    ] * 2


def test_a_claim_of_an_item_is_its_records(desk: Any, store: Any) -> None:
    """A key that is made of the fields of an item is held by the record that it is in."""
    desk.move("o-1", "paper_items[nda].send", actor=SELLER, at=NOON, data={"owner": "s-9"})

    assert store.holder("paper:Acme:nda") == "o-1"


def test_a_clock_is_refused_as_anybody_is(desk_of: Any, store: Any) -> None:
    """Where the gate of its transition does not open the item stays, and the breach stands."""
    shut = """
[[tracks.paper_items.gates.shut.criteria]]
id = "never"
need = "owner == 'nobody'"
remedy = "Give it to nobody."
"""
    text = PAPERS.replace(
        'trigger = "drop"\nsource = "sent"', 'trigger = "drop"\ngates = ["shut"]\nsource = "sent"'
    )
    bound = bound_of(text + shut)
    desk = desk_of([bound], store)
    deal = Opportunity.model_validate({"id": "o-1", "name": "Acme", "paper_items": ITEMS})
    desk.open(deal, actor=SELLER, at=NOON)
    desk.move("o-1", "paper_items[nda].send", actor=SELLER, at=NOON, data={"owner": "s-9"})
    events = desk.tick(at=NOON + 60 * HOUR).answers[0].events
    asked = desk.decide("o-1", "paper_items[nda].drop", actor=SELLER, at=NOON + 60 * HOUR)

    assert [event.kind.value for event in events] == ["breached", "stepped", "breached"]
    assert desk.load("o-1").paper_items[0].stage == "sent"
    assert [finding.id for finding in asked.obstacles] == ["never"]
    assert not desk.tick(at=NOON + 61 * HOUR).answers
