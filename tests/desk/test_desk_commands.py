"""One command, one commit: what a desk writes, answers and refuses, on every store."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest

from cosell.clocks import ClockState
from cosell.definition import StageKind
from cosell.desk import Desk
from cosell.desk.commands import Command, Loaded
from cosell.desk.served import Served
from cosell.engine import Outcome, TransitionRefusedError, WrongProcessError
from cosell.errors import (
    CosellError,
    EditRefusedError,
    InvalidDataError,
    NaiveDatetimeError,
    OutOfOrderError,
    RecordExistsError,
    RecordNotFoundError,
    UnknownNameError,
)
from cosell.events import EventKind
from cosell.money import Money
from desk_kit import GOOD, a_deal, accepted, opened, outcome, require_coherent, rich, waiting
from process_samples import DAY, NOON, OTHER_SELLER, PARTNER, SELLER

SECOND = timedelta(seconds=1)


def test_an_opened_record_is_what_is_loaded(desk: Any) -> None:
    """Opening answers with the record at the first stage, and that is what is stored (BX-40)."""
    answer = opened(desk, acv="10 USD")
    assert (answer.id, answer.record.stage, answer.record.version) == ("o-1", "submitted", 1)
    assert [event.kind for event in answer.events] == [EventKind.OPENED]
    assert not answer.repeated
    assert desk.load("o-1") == answer.record
    assert desk.load("o-1").acv == Money.parse("10 USD")


def test_an_adopted_record_stands_where_it_stood(desk: Any, store: Any) -> None:
    """A deal that was under way comes in at its stage, without a gate, and goes on from there."""
    answer = desk.adopt(
        a_deal(), stage="accepted", actor=SELLER, at=NOON, reason="moved over", key="k"
    )
    assert (answer.record.stage, answer.record.version) == ("accepted", 1)
    (event,) = answer.events
    assert (event.kind, event.reason) == (EventKind.ADOPTED, "moved over")
    assert desk.load("o-1") == answer.record
    lost = desk.move("o-1", "lose", actor=SELLER, at=NOON, data={"closed_reason": "gone"})
    assert lost.record.stage == "lost"
    require_coherent(rich(), store, "o-1")


def test_an_unknown_stage_cannot_be_adopted(desk: Any, store: Any) -> None:
    """A stage that the process does not have is named, and nothing is stored."""
    with pytest.raises(UnknownNameError) as caught:
        desk.adopt(a_deal(), stage="acepted", actor=SELLER, at=NOON)
    assert (caught.value.kind, caught.value.name) == ("stage", "acepted")
    assert store.ids(limit=1) == []


def test_a_command_that_does_nothing_leaves_no_event(store: Any) -> None:
    """A plan without an event keeps version, digest and moment of the record."""
    opened(Desk([rich()], store))
    snapshot = store.load("o-1")
    bound, record = Served.of([rich()]).record_in(snapshot)
    planned = Command(actor=SELLER, at=NOON + DAY).plan(Loaded(bound, record, snapshot))
    assert planned.commit.record == snapshot
    assert (planned.commit.events, planned.answer.record) == ((), record)
    store.commit(planned.commit)
    require_coherent(rich(), store, "o-1")


def test_a_move_is_written_with_its_event_and_effects(desk: Any, store: Any) -> None:
    """A move answers with record, event and effects, and the store has all three (MK-15)."""
    opened(desk)
    answer = accepted(desk)
    assert (answer.record.stage, answer.record.owner) == ("accepted", "s-1")
    assert [event.trigger for event in answer.events] == ["accept"]
    assert desk.load("o-1") == answer.record
    assert desk.history("o-1", 1) == list(answer.events)
    assert [effect.kind for effect in answer.effects] == ["tell", "warn"]
    assert waiting(store) == list(answer.effects)
    require_coherent(rich(), store, "o-1")


def test_a_change_is_an_event_of_its_own(desk: Any, store: Any) -> None:
    """An edit is written with who, when and why (BX-43)."""
    opened(desk)
    answer = desk.change("o-1", {"acv": "7 USD"}, actor=SELLER, at=NOON + DAY, reason="typo")
    assert answer.record.acv == Money.parse("7 USD")
    (event,) = answer.events
    assert (event.kind, event.actor, event.reason) == (EventKind.CHANGED, SELLER, "typo")
    assert desk.load("o-1") == answer.record
    require_coherent(rich(), store, "o-1")


def test_what_was_due_is_settled_in_the_same_commit(desk: Any, store: Any) -> None:
    """A command after the deadline first writes what the clocks did, each at its own instant."""
    opened(desk)
    answer = desk.change("o-1", {"acv": "7 USD"}, actor=SELLER, at=NOON + 30 * DAY)
    kinds = [EventKind.STEPPED, EventKind.BREACHED, EventKind.MOVED, EventKind.CHANGED]
    assert [event.kind for event in answer.events] == kinds
    assert answer.record.stage == "expired"
    assert [effect.id for effect in waiting(store)] == ["o-1/2/1", "o-1/3/1", "o-1/4/1"]
    require_coherent(rich(), store, "o-1")


def test_history_is_what_happened_after_a_number(desk: Any) -> None:
    """Events come oldest first, from the one after the number that is given."""
    opened(desk)
    accepted(desk)
    assert [event.seq for event in desk.history("o-1")] == [1, 2]
    assert [event.seq for event in desk.history("o-1", 1)] == [2]
    assert list(desk.history("o-1", 2)) == []


def test_questions_are_answered_and_change_nothing(desk: Any, store: Any) -> None:
    """Decisions, options, paths and clocks are read off the stored record."""
    opened(desk)
    before = store.load("o-1")
    asked = {"actor": SELLER, "at": NOON + DAY}
    decision = desk.decide("o-1", "accept", data=GOOD, **asked)
    assert (decision.outcome, decision.target) == (Outcome.PERMITTED, "accepted")
    assert "accept" in {option.trigger for option in desk.options("o-1", **asked)}
    assert StageKind.WON in desk.path("o-1", **asked).ways
    states = {reading.clock: reading.state for reading in desk.clocks("o-1", at=NOON + DAY)}
    assert states == {"answer": ClockState.RUNNING, "draft_age": ClockState.NOT_STARTED}
    assert store.load("o-1") == before


@pytest.mark.parametrize(
    ("method", "arguments", "named"),
    [
        pytest.param("load", (), {}, id="load"),
        pytest.param("history", (), {}, id="history"),
        pytest.param("move", ("accept",), {"actor": SELLER, "at": NOON}, id="move"),
        pytest.param("change", ({},), {"actor": SELLER, "at": NOON}, id="change"),
        pytest.param("decide", ("accept",), {"actor": SELLER, "at": NOON}, id="decide"),
        pytest.param("options", (), {"actor": SELLER, "at": NOON}, id="options"),
        pytest.param("path", (), {"actor": SELLER, "at": NOON}, id="path"),
        pytest.param("clocks", (), {"at": NOON}, id="clocks"),
    ],
)
def test_a_record_that_is_not_there_is_named(
    desk: Any, method: str, arguments: tuple[Any, ...], named: dict[str, Any]
) -> None:
    """Whatever is asked of an unknown record is a typed error that names it."""
    with pytest.raises(RecordNotFoundError) as caught:
        getattr(desk, method)("o-9", *arguments, **named)
    assert caught.value.record_id == "o-9"


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        pytest.param(
            lambda desk: desk.move("o-1", "accept", actor=PARTNER, at=NOON + DAY),
            TransitionRefusedError,
            id="the gate does not open",
        ),
        pytest.param(
            lambda desk: desk.move("o-1", "accept", actor=SELLER, at=NOON, data={"nope": 1}),
            InvalidDataError,
            id="the data are not asked for",
        ),
        pytest.param(
            lambda desk: desk.change(
                "o-1", {"registration.submitted_by": "x"}, actor=SELLER, at=NOON
            ),
            EditRefusedError,
            id="a field is locked",
        ),
        pytest.param(
            lambda desk: desk.change("o-1", {"acv": "much"}, actor=SELLER, at=NOON),
            InvalidDataError,
            id="a value does not fit",
        ),
        pytest.param(opened, RecordExistsError, id="the id is taken"),
        pytest.param(
            lambda desk: desk.open(desk.load("o-1"), actor=PARTNER, at=NOON),
            WrongProcessError,
            id="the record was opened before",
        ),
    ],
)
def test_what_is_refused_leaves_no_trace(
    desk: Any, store: Any, ask: Any, error: type[CosellError]
) -> None:
    """A refused command writes nothing: no event, no effect, no version."""
    opened(desk)
    before = store.load("o-1"), store.history("o-1"), waiting(store)
    with pytest.raises(error):
        ask(desk)
    assert (store.load("o-1"), store.history("o-1"), waiting(store)) == before


def test_a_refusal_says_why(desk: Any) -> None:
    """A refused move carries the decision with every obstacle (MK-12)."""
    desk.open(a_deal(customer={"name": "Beta"}), actor=PARTNER, at=NOON)
    with pytest.raises(TransitionRefusedError) as caught:
        accepted(desk)
    decision = caught.value.decision
    assert decision.outcome is Outcome.OBSTACLES
    assert "named" in {finding.id for finding in decision.obstacles}


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda desk, at: accepted(desk, at=at), id="move"),
        pytest.param(
            lambda desk, at: desk.change("o-1", {"acv": "1 USD"}, actor=SELLER, at=at), id="change"
        ),
    ],
)
def test_what_comes_out_of_order_is_refused(desk: Any, ask: Any) -> None:
    """A command dated before the last event is refused with both moments, a change included."""
    opened(desk)
    last = NOON + DAY
    desk.change("o-1", {"acv": "2 USD"}, actor=SELLER, at=last)
    with pytest.raises(OutOfOrderError) as caught:
        ask(desk, last - SECOND)
    assert (caught.value.at, caught.value.last_at) == (last - SECOND, last)
    assert ask(desk, last).record.version == 3


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda desk, at: desk.open(a_deal("o-2"), actor=PARTNER, at=at), id="open"),
        pytest.param(lambda desk, at: accepted(desk, at=at), id="move"),
        pytest.param(lambda desk, at: desk.change("o-1", {}, actor=SELLER, at=at), id="change"),
        pytest.param(lambda desk, at: desk.tick(at=at), id="tick"),
        pytest.param(lambda desk, at: desk.clocks("o-1", at=at), id="clocks"),
    ],
)
def test_a_moment_without_a_zone_is_refused(desk: Any, ask: Any) -> None:
    """No command guesses a time zone."""
    opened(desk)
    with pytest.raises(NaiveDatetimeError):
        ask(desk, NOON.replace(tzinfo=None))


def test_a_version_that_was_overtaken_is_refused(desk: Any) -> None:
    """Who gives the version they saw is refused once it is another."""
    opened(desk)
    desk.change("o-1", {"acv": "2 USD"}, actor=OTHER_SELLER, at=NOON)
    refused = outcome(lambda: accepted(desk, expected_version=1))
    assert refused.decision.outcome is Outcome.STALE_VERSION
    assert accepted(desk, expected_version=2).record.version == 3


def test_an_edit_of_a_version_that_was_overtaken_is_refused(desk: Any) -> None:
    """Nobody writes over what somebody else wrote meanwhile, if they say what they saw."""
    opened(desk)
    desk.change("o-1", {"acv": "2 USD"}, actor=OTHER_SELLER, at=NOON)
    asked: dict[str, Any] = {"actor": SELLER, "at": NOON + DAY}
    refused = outcome(lambda: desk.change("o-1", {"acv": "3 USD"}, expected_version=1, **asked))
    assert isinstance(refused, EditRefusedError)
    assert [(it.path, it.problem) for it in refused.problems] == [
        ("version", "the record is at version 2, and not at 1")
    ]
    assert desk.load("o-1").version == 2
    edited = desk.change("o-1", {"acv": "3 USD"}, expected_version=2, **asked)
    assert edited.record.version == 3


def test_each_commit_leaves_one_line(desk: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Each commit is one line at the logger ``cosell``; a refusal and a question leave none."""
    with caplog.at_level(logging.INFO, "cosell"):
        opened(desk)
        accepted(desk)
        outcome(lambda: accepted(desk))
        desk.options("o-1", actor=SELLER, at=NOON + DAY)
    lines = [record.getMessage() for record in caplog.records if record.name == "cosell"]
    assert lines == ["open on o-1: version 1, 1 event(s)", "move on o-1: version 2, 1 event(s)"]
