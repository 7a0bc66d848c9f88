"""Idempotency keys: a command that is repeated is answered again, and done once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosell.desk import AsyncDesk, Desk
from cosell.engine import TransitionRefusedError
from cosell.errors import InvalidDataError, KeyReusedError
from cosell.events import Actor, Commit
from cosell.stores import AsyncStoreAdapter, KeyKeptError, MemoryStore
from desk_kit import (
    DESKS,
    GOOD,
    Around,
    Failing,
    Meeting,
    a_deal,
    accepted,
    at_once,
    opened,
    outcome,
    rich,
    tiny,
    waiting,
)
from process_samples import BOSS, DAY, NOON, OTHER_SELLER, PARTNER, SELLER

COMMANDS = [
    pytest.param(lambda desk: desk.open(a_deal(), actor=PARTNER, at=NOON, key="k"), id="open"),
    pytest.param(
        lambda desk: desk.adopt(a_deal(), stage="submitted", actor=PARTNER, at=NOON, key="k"),
        id="adopt",
    ),
    pytest.param(lambda desk: accepted(desk, key="k"), id="move"),
    pytest.param(
        lambda desk: desk.change("o-1", {"acv": "5 USD"}, actor=SELLER, at=NOON, key="k"),
        id="change",
    ),
]
OPENING = [param.values[0] for param in COMMANDS[:2]]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_repeated_command_gets_the_first_answer(desk: Any, store: Any, command: Any) -> None:
    """Same key and same command: the same answer, also when the record has moved on since."""
    if command not in OPENING:
        opened(desk)
    first = command(desk)
    later = {"actor": SELLER, "at": NOON + 2 * DAY, "data": {"closed_reason": "gone"}}
    desk.move("o-1", "lose", **later)
    before = store.load("o-1"), waiting(store)
    again = command(desk)
    assert again.repeated
    assert (again.record, again.events, again.effects) == (
        first.record,
        first.events,
        first.effects,
    )
    assert (store.load("o-1"), waiting(store)) == before


def test_a_repeated_command_may_come_later_and_know_more(desk: Any) -> None:
    """Moment, facts and expected version are no part of what is asked: a retry is the same."""
    opened(desk)
    first = accepted(desk, key="k", expected_version=1)
    later = {"at": NOON + 3 * DAY, "facts": {"budget_free": True}}
    for version in (None, 1, first.record.version, 99):
        again = accepted(desk, key="k", expected_version=version, **later)
        assert (again.repeated, again.record) == (True, first.record)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(
            lambda desk: accepted(desk, key="k", data={**GOOD, "owner": "s-9"}), id="other data"
        ),
        pytest.param(lambda desk: accepted(desk, key="k", actor=OTHER_SELLER), id="another actor"),
        pytest.param(lambda desk: accepted(desk, key="k", override="so be it"), id="an override"),
        pytest.param(
            lambda desk: desk.move("o-1", "lose", actor=SELLER, at=NOON + DAY, key="k"),
            id="another trigger",
        ),
        pytest.param(
            lambda desk: desk.change("o-1", GOOD, actor=SELLER, at=NOON + DAY, key="k"),
            id="another word",
        ),
        pytest.param(
            lambda desk: accepted(desk, key="k", data={**GOOD, "owner": "\ud800"}),
            id="data that are no text",
        ),
    ],
)
def test_a_key_stands_for_one_command(desk: Any, other: Any) -> None:
    """Same key, other command: an error that names both key and record; nothing is done."""
    opened(desk)
    accepted(desk, key="k")
    with pytest.raises(KeyReusedError) as caught:
        other(desk)
    assert (caught.value.key, caught.value.record_id) == ("k", "o-1")
    assert desk.load("o-1").version == 2


def test_a_refusal_is_not_kept(desk: Any) -> None:
    """After a refusal the same key may be used again, when what was missing is there."""
    opened(desk, domain=None)
    with pytest.raises(TransitionRefusedError):
        accepted(desk, key="k")
    desk.change("o-1", {"customer.domain": "beta.example"}, actor=SELLER, at=NOON + DAY)
    answer = accepted(desk, key="k")
    assert (answer.record.stage, answer.repeated) == ("accepted", False)


@pytest.mark.parametrize(
    ("theirs", "whose"),
    [
        pytest.param(Actor("p-1", role="partner", party="other"), "another party", id="a party"),
        pytest.param(Actor("p-1", role="partner"), "a person", id="an actor without a party"),
    ],
)
def test_keys_are_scoped_to_the_party(desk: Any, theirs: Actor, whose: str) -> None:
    """The same key of somebody else is another key: their command is done, for them."""
    opened(desk)
    accepted(desk, key="k")
    why = {"closed_reason": whose}
    answer = desk.move("o-1", "lose", actor=theirs, at=NOON + DAY, data=why, key="k")
    assert (answer.record.stage, answer.repeated) == ("lost", False)
    assert desk.move("o-1", "lose", actor=theirs, at=NOON, data=why, key="k").repeated


def test_keys_are_scoped_to_the_record(desk: Any) -> None:
    """The same key on another record is another key."""
    opened(desk, "o-1", "a.example")
    opened(desk, "o-2", "b.example")
    assert not accepted(desk, "o-1", key="k").repeated
    assert not accepted(desk, "o-2", key="k").repeated


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("", id="empty"),
        pytest.param("x" * 501, id="too long"),
        pytest.param("a\x00b", id="with a NUL"),
        pytest.param("\ud800", id="no text"),
        pytest.param(3, id="a number"),
    ],
)
def test_a_key_that_cannot_be_kept_is_refused(desk: Any, key: Any) -> None:
    """A key is a text of one to 500 characters; anything else is a typed error."""
    opened(desk)
    with pytest.raises(InvalidDataError):
        accepted(desk, key=key)
    assert desk.load("o-1").version == 1


def test_one_command_sent_twice_at_once_is_done_once(
    desk_of: Callable[..., Any], store: Any
) -> None:
    """Two identical commands meet: both get the same answer, one of them as repeated."""
    opened(desk_of([rich()], store))
    desk = desk_of([rich()], Meeting(store))
    one, two = at_once(*[lambda: accepted(desk, key="k")] * 2)
    assert sorted([one.repeated, two.repeated]) == [False, True]
    assert one.record == two.record
    assert store.load("o-1").version == 2


def test_one_opening_sent_twice_at_once_is_done_once(
    desk_of: Callable[..., Any], store: Any
) -> None:
    """Two identical openings meet: the slower one is answered, not told that the id is taken."""
    desk = desk_of([rich()], Meeting(store))
    both = at_once(*[lambda: desk.open(a_deal(), actor=PARTNER, at=NOON, key="k")] * 2)
    assert sorted(answer.repeated for answer in both) == [False, True]


def test_two_commands_under_one_key_at_once(desk_of: Callable[..., Any], store: Any) -> None:
    """Two different commands meet under one key: one is done, the other is told so."""
    opened(desk_of([rich()], store))
    desk = desk_of([rich()], Meeting(store))
    change = {"actor": SELLER, "at": NOON, "key": "k"}
    both = at_once(
        lambda: desk.change("o-1", {"acv": "1 USD"}, **change),
        lambda: desk.change("o-1", {"acv": "2 USD"}, **change),
    )
    assert [type(each) for each in both].count(KeyReusedError) == 1
    assert store.load("o-1").version == 2


def test_a_store_that_keeps_a_key_and_does_not_show_it(
    desk_of: Callable[..., Any], store: Any
) -> None:
    """A store that says a key is kept and never gives the answer is given up on, typed."""
    opened(desk_of([rich()], store))
    broken = Failing(store, [KeyKeptError("o-1", "vendor", "k")] * 99)
    with pytest.raises(KeyKeptError):
        accepted(desk_of([rich()], broken), key="k")
    assert broken.commits == 5


@settings(max_examples=max(10, settings.default.max_examples // 4))
@given(
    words=st.lists(st.sampled_from(["go", "win", "name", "acv"]), max_size=6),
    repeats=st.lists(st.integers(0, 5), max_size=8),
)
def test_repeating_anything_changes_nothing(words: list[str], repeats: list[int]) -> None:
    """Whatever was done under keys, doing any of it again gives its own answer and no event."""
    store = MemoryStore()
    desk = Desk([tiny()], store)
    desk.open(a_deal(), actor=BOSS, at=NOON)

    def done(number: int) -> Any:
        word, key = words[number], f"k-{number}"
        if word in ("go", "win"):
            return desk.move("o-1", word, actor=SELLER, at=NOON, key=key)
        data = {"name": f"n {number}", "acv": f"{number} EUR"}
        return desk.change("o-1", {word: data[word]}, actor=SELLER, at=NOON, key=key)

    firsts = [outcome(partial(done, number)) for number in range(len(words))]
    before = store.load("o-1")
    for number in [each for each in repeats if each < len(words)]:
        if isinstance(firsts[number], TransitionRefusedError):
            continue
        again = done(number)
        assert again.repeated
        assert (again.record, again.events) == (firsts[number].record, firsts[number].events)
        assert store.load("o-1") == before


def test_twins_share_their_keys(store: Any) -> None:
    """What one kind of desk kept, the other gives again: they are the same rules."""
    calls, awaits = DESKS["desk"]([rich()], store), DESKS["awaited desk"]([rich()], store)
    opened(calls)
    first = accepted(calls, key="k")
    again = accepted(awaits, key="k")
    assert (again.repeated, again.record, again.events) == (True, first.record, first.events)


def test_a_cancelled_command_can_be_repeated(store: Any) -> None:
    """Who stops waiting while a commit is written asks again with its key; it is done once."""
    writing, go_on = Event(), Event()

    class Slow(Around):
        def commit(self, commit: Commit) -> None:
            writing.set()
            assert go_on.wait(20)
            self.store.commit(commit)

    opened(Desk([rich()], store))
    desk = AsyncDesk([rich()], AsyncStoreAdapter(Slow(store)))

    async def cancelled_and_repeated() -> Any:
        command: dict[str, Any] = {"actor": SELLER, "at": NOON + DAY, "data": GOOD, "key": "k"}
        task = asyncio.create_task(desk.move("o-1", "accept", **command))
        assert await asyncio.to_thread(writing.wait, 20)
        task.cancel()
        (error,) = await asyncio.gather(task, return_exceptions=True)
        assert isinstance(error, asyncio.CancelledError)
        go_on.set()
        return await desk.move("o-1", "accept", **command)

    assert asyncio.run(cancelled_and_repeated()).record.stage == "accepted"
    assert store.load("o-1").version == 2
    assert len(waiting(store)) == 2


def test_a_command_done_since_its_key_was_looked_up_is_not_refused(store: Any) -> None:
    """Who finds the record moved by the very same command gets its answer, not a refusal."""

    class Late(Around):
        looked = 0

        def kept(self, record_id: str, party: str, key: str) -> Any:
            self.looked += 1
            return self.store.kept(record_id, party, key) if self.looked > 1 else None

    desk = Desk([rich()], store)
    opened(desk)
    command: dict[str, Any] = {"actor": SELLER, "at": NOON + DAY, "data": GOOD, "key": "k"}
    first = desk.move("o-1", "accept", **command)

    again = Desk([rich()], Late(store)).move("o-1", "accept", **command)

    assert (again.repeated, again.record) == (True, first.record)
    assert store.load("o-1").version == 2
