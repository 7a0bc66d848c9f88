"""Ticking: what is due is done once, whatever is wrong with a neighbour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from cosell.desk import Desk, FactsError, rounds
from cosell.engine import CLOCK
from cosell.errors import InvalidDataError, NaiveDatetimeError, OutOfOrderError, UnknownNameError
from cosell.events import EventKind
from cosell.stores import MemoryStore
from desk_kit import Around, accepted, opened, require_coherent, rich, tiny, waiting
from process_samples import DAY, NOON, RICH, SELLER, bound_of

LATER = NOON + 30 * DAY
INSTANT = timedelta(microseconds=1)
KINDS = [EventKind.STEPPED, EventKind.BREACHED, EventKind.MOVED]


def opened_many(desk: Any, count: int) -> list[str]:
    """Open deals for as many customers and return their ids."""
    ids = [f"o-{number}" for number in range(count)]
    for each in ids:
        opened(desk, each, f"{each}.example")
    return ids


def test_a_tick_does_what_is_due(desk: Any, store: Any) -> None:
    """Steps, breaches and moves are written by the actor ``clock``, once, with their effects."""
    ids = opened_many(desk, 3)
    accepted(desk, "o-1")
    ticked = desk.tick(at=LATER)
    assert sorted(answer.id for answer in ticked.answers) == ["o-0", "o-2"]
    assert ticked.failed == ()
    for answer in ticked.answers:
        assert [event.kind for event in answer.events] == KINDS
        assert {event.actor for event in answer.events} == {CLOCK}
        assert answer.record.stage == "expired"
    assert len(waiting(store)) == 2 + 2 * 3
    again = desk.tick(at=LATER)
    assert (again.answers, again.failed) == ((), ())
    for each in ids:
        require_coherent(rich(), store, each)


def test_a_moment_without_a_zone_is_named(desk: Any) -> None:
    """The error names the argument of the caller, not what a store calls it."""
    with pytest.raises(NaiveDatetimeError, match="`at`"):
        desk.tick(at=NOON.replace(tzinfo=None))


@pytest.mark.parametrize("facts", [[1], [], "budget_free"], ids=["a list", "an empty list", "text"])
def test_facts_that_name_none_keep_no_other_record_waiting(desk: Any, facts: Any) -> None:
    """What is no mapping is the record's own failure; the others are ticked."""
    opened_many(desk, 3)

    ticked = desk.tick(at=LATER, facts_for=lambda each: facts if each == "o-1" else None)

    assert sorted(answer.id for answer in ticked.answers) == ["o-0", "o-2"]
    assert [(each, type(error)) for each, error in ticked.failed] == [("o-1", InvalidDataError)]


def test_nothing_is_ticked_before_it_is_due(desk: Any) -> None:
    """A step comes at its very moment, a breach once its moment has passed (MK-13)."""
    opened(desk)
    step = datetime.fromisoformat("2026-11-26T16:00:00+00:00")
    assert desk.tick(at=step - INSTANT).answers == ()
    (answer,) = desk.tick(at=step).answers
    assert [event.kind for event in answer.events] == [EventKind.STEPPED]
    assert desk.tick(at=step + DAY).answers == ()
    (answer,) = desk.tick(at=step + DAY + INSTANT).answers
    assert [event.kind for event in answer.events] == [EventKind.BREACHED, EventKind.MOVED]


@pytest.mark.parametrize(
    ("limit", "counts"),
    [
        pytest.param(0, [0, 0], id="none at all"),
        pytest.param(2, [2, 2, 1, 0], id="two at a time"),
        pytest.param(5, [5, 0], id="just as many as there are"),
        pytest.param(9, [5, 0], id="more than there are"),
    ],
)
def test_a_tick_keeps_to_its_limit(desk: Any, limit: int, counts: list[int]) -> None:
    """At most as many records as asked for; calling again does the rest."""
    opened_many(desk, 5)
    assert [len(desk.tick(at=LATER, limit=limit).answers) for _ in counts] == counts


def test_many_records_come_in_batches(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """More records than a store is asked for at once are all ticked, each once."""
    monkeypatch.setattr(rounds, "_BATCH", 2)
    ids = opened_many(desk, 7)
    ticked = desk.tick(at=LATER)
    assert sorted(answer.id for answer in ticked.answers) == ids


def test_a_broken_record_does_not_stop_the_others(
    desk_of: Callable[..., Any], store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records that cannot be ticked are named with the reason, stay due, and stop nobody."""
    monkeypatch.setattr(rounds, "_BATCH", 2)
    ids = opened_many(desk_of([rich()], store), 7)
    broken = {"o-0", "o-1", "o-2", "o-5"}

    class Torn(Around):
        def load(self, record_id: str) -> Any:
            snapshot = self.store.load(record_id)
            bad = snapshot.model_copy(update={"body": '{"id": 7}'})
            return bad if record_id in broken else snapshot

    ticked = desk_of([rich()], Torn(store)).tick(at=LATER)
    assert {each for each, _ in ticked.failed} == broken
    assert {type(error) for _, error in ticked.failed} == {InvalidDataError}
    assert sorted(answer.id for answer in ticked.answers) == sorted({*ids} - broken)
    mended = desk_of([rich()], store).tick(at=LATER)
    assert {answer.id for answer in mended.answers} == broken


def test_a_record_of_a_process_that_is_not_served_fails_alone(
    desk_of: Callable[..., Any], store: Any
) -> None:
    """A desk without the process of a record says so, and ticks the others."""
    other = bound_of(RICH.replace('id = "rich"', 'id = "other"', 1))
    opened(desk_of([rich()], store), "o-1", "a.example")
    opened(desk_of([other], store), "o-2", "b.example")
    ticked = desk_of([rich()], store).tick(at=LATER)
    assert [answer.id for answer in ticked.answers] == ["o-1"]
    ((failed, error),) = ticked.failed
    assert failed == "o-2"
    assert isinstance(error, UnknownNameError)


def test_facts_are_asked_for_each_record(desk: Any) -> None:
    """The host's function is asked once for each due record; what it raises fails that record."""
    opened_many(desk, 3)
    asked: list[str] = []

    def facts_for(record_id: str) -> Mapping[str, Any] | None:
        asked.append(record_id)
        if record_id == "o-1":
            raise OSError("no line")
        return {"budget_free": True} if record_id == "o-2" else None

    ticked = desk.tick(at=LATER, facts_for=facts_for)
    assert sorted(asked) == ["o-0", "o-1", "o-2"]
    assert sorted(answer.id for answer in ticked.answers) == ["o-0", "o-2"]
    ((failed, error),) = ticked.failed
    assert failed == "o-1"
    assert isinstance(error, FactsError)
    assert (error.record_id, "OSError: no line" in error.problem) == ("o-1", True)


def test_facts_that_do_not_fit_fail_that_record(desk: Any) -> None:
    """A fact that the process does not declare is an error of the record, not of the tick."""
    opened(desk)
    ticked = desk.tick(at=LATER, facts_for=lambda _: {"nope": 1})
    assert ticked.answers == ()
    assert isinstance(ticked.failed[0][1], InvalidDataError)


def test_a_tick_from_the_past_is_refused_for_the_record(
    desk_of: Callable[..., Any], store: Any
) -> None:
    """A store that calls a record due too early gets an error for it, and no event."""
    desk = desk_of([rich()], store)
    opened(desk)
    desk.change("o-1", {"acv": "1 USD"}, actor=SELLER, at=NOON + DAY)

    class Hasty(Around):
        def due(self, _before: datetime, _limit: int) -> list[str]:
            return ["o-1"]

    ticked = desk_of([rich()], Hasty(store)).tick(at=NOON)
    assert isinstance(ticked.failed[0][1], OutOfOrderError)


def test_a_record_that_stays_due_is_ticked_once(desk_of: Callable[..., Any], store: Any) -> None:
    """A tick ends, though a store calls the same record due for ever."""
    opened(desk_of([rich()], store))

    class Stubborn(Around):
        def due(self, _before: datetime, _limit: int) -> list[str]:
            return ["o-1"]

    ticked = desk_of([rich()], Stubborn(store)).tick(at=LATER)
    assert [answer.id for answer in ticked.answers] == ["o-1"]


def test_processes_without_clocks_are_never_due() -> None:
    """A process that has no clock gives a tick nothing to do."""
    desk = Desk([tiny()], MemoryStore())
    opened(desk)
    assert desk.tick(at=LATER).answers == ()
