"""Two at once: one wins, and the other is told what that left."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest

from cosell.desk import Answer, AsyncDesk, Desk
from cosell.engine import Outcome, TransitionRefusedError
from cosell.errors import ClaimedError, RecordExistsError, VersionConflictError
from cosell.money import Money
from cosell.stores import AsyncStoreAdapter
from desk_kit import (
    GOOD,
    Failing,
    Meeting,
    a_deal,
    accepted,
    at_once,
    opened,
    outcome,
    require_coherent,
    rich,
    waiting,
)
from process_samples import DAY, NOON, OTHER_SELLER, PARTNER, SELLER

REGISTRATION = "registration:beta.example"


def split(outcomes: list[Any], error: type[Exception]) -> tuple[Any, Any]:
    """Return the one answer and the one error of two outcomes."""
    won = [each for each in outcomes if isinstance(each, Answer)]
    lost = [each for each in outcomes if isinstance(each, error)]
    assert (len(won), len(lost)) == (1, 1), outcomes
    return won[0], lost[0]


def test_two_actors_at_once(desk_of: Callable[..., Any], store: Any) -> None:
    """Both saw the deal submitted: one accepts it, the other is refused with the new state."""
    opened(desk_of([rich()], store))
    desk = desk_of([rich()], Meeting(store))
    both = at_once(lambda: accepted(desk, actor=SELLER), lambda: accepted(desk, actor=OTHER_SELLER))
    answer, refused = split(both, TransitionRefusedError)
    assert refused.decision.outcome is Outcome.NOT_FROM_HERE
    assert refused.decision.record == answer.record
    assert store.load("o-1").version == 2
    assert [effect.id for effect in waiting(store)] == ["o-1/2/1", "o-1/2/2"]
    require_coherent(rich(), store, "o-1")


def test_two_actors_of_one_event_loop(store: Any) -> None:
    """What holds for threads holds for tasks: one wins, the other is refused."""
    desk = AsyncDesk([rich()], AsyncStoreAdapter(Meeting(store)))

    async def met() -> list[Any]:
        asked: dict[str, Any] = {"at": NOON + DAY, "data": GOOD}
        both = [
            desk.move("o-1", "accept", actor=actor, **asked) for actor in (SELLER, OTHER_SELLER)
        ]
        return await asyncio.gather(*both, return_exceptions=True)

    opened(Desk([rich()], store))
    answer, refused = split(asyncio.run(met()), TransitionRefusedError)
    assert refused.decision.record == answer.record


def test_two_that_are_both_permitted_are_both_done(desk_of: Callable[..., Any], store: Any) -> None:
    """Two edits of different fields meet: the slower one is decided anew, and written after."""
    opened(desk_of([rich()], store))
    desk = desk_of([rich()], Meeting(store))
    both = at_once(
        lambda: desk.change("o-1", {"acv": "5 USD"}, actor=SELLER, at=NOON),
        lambda: desk.change("o-1", {"name": "Beta"}, actor=OTHER_SELLER, at=NOON),
    )
    assert sorted(answer.record.version for answer in both) == [2, 3]
    record = desk.load("o-1")
    assert (record.acv, record.name) == (Money.parse("5 USD"), "Beta")
    require_coherent(rich(), store, "o-1")


def test_who_said_what_they_saw_is_not_decided_anew(
    desk_of: Callable[..., Any], store: Any
) -> None:
    """With an expected version the slower one is refused as stale, though the gate would open."""
    opened(desk_of([rich()], store))
    desk = desk_of([rich()], Meeting(store))
    both = at_once(
        lambda: accepted(desk, expected_version=1),
        lambda: desk.change("o-1", {"acv": "5 USD"}, actor=OTHER_SELLER, at=NOON + DAY),
    )
    if isinstance(both[0], Answer):  # it was the faster one
        assert [each.record.version for each in both] == [2, 3]
    else:
        assert both[0].decision.outcome is Outcome.STALE_VERSION


def test_two_open_one_id_at_once(desk_of: Callable[..., Any], store: Any) -> None:
    """One record is opened, the other is told that the id is taken."""
    desk = desk_of([rich()], Meeting(store))
    both = at_once(
        lambda: desk.open(a_deal(acv="1 USD"), actor=PARTNER, at=NOON),
        lambda: desk.open(a_deal(acv="2 USD"), actor=PARTNER, at=NOON),
    )
    answer, error = split(both, RecordExistsError)
    assert error.record_id == "o-1"
    assert desk.load("o-1") == answer.record


def test_a_claim_has_one_holder(desk: Any, store: Any) -> None:
    """A second deal for a protected customer is refused, naming who holds the claim (MK-15)."""
    opened(desk, "o-1")
    opened(desk, "o-2")
    assert accepted(desk, "o-1").record.claims == (REGISTRATION,)
    before = store.load("o-2"), waiting(store)
    with pytest.raises(ClaimedError) as caught:
        accepted(desk, "o-2")
    assert (caught.value.key, caught.value.holder) == (REGISTRATION, "o-1")
    assert (store.load("o-2"), waiting(store)) == before


def test_a_released_claim_is_free(desk: Any, store: Any) -> None:
    """A lost deal gives its protection back; the next one may take it."""
    opened(desk, "o-1")
    opened(desk, "o-2")
    accepted(desk, "o-1")
    lost = {"actor": SELLER, "at": NOON + DAY, "data": {"closed_reason": "gone"}}
    assert desk.move("o-1", "lose", **lost).record.claims == ()
    assert store.holder(REGISTRATION) is None
    accepted(desk, "o-2")
    assert store.holder(REGISTRATION) == "o-2"


def test_two_claim_one_key_at_once(desk_of: Callable[..., Any], store: Any) -> None:
    """Two deals for one customer are accepted at once: one gets it, the other hears who did."""
    plain = desk_of([rich()], store)
    opened(plain, "o-1")
    opened(plain, "o-2")
    desk = desk_of([rich()], Meeting(store))
    both = at_once(lambda: accepted(desk, "o-1"), lambda: accepted(desk, "o-2"))
    answer, error = split(both, ClaimedError)
    assert (error.key, error.holder) == (REGISTRATION, answer.id)
    assert store.holder(REGISTRATION) == answer.id
    assert sorted(store.load(each).version for each in ("o-1", "o-2")) == [1, 2]


@pytest.mark.parametrize("losses", range(1, 5), ids="lost {} in a row".format)
def test_a_few_lost_races_are_made_good(
    desk_of: Callable[..., Any], store: Any, losses: int, caplog: pytest.LogCaptureFixture
) -> None:
    """A command that loses a race is tried again; each loss and the commit are one line each."""
    opened(desk_of([rich()], store))
    conflicts = [VersionConflictError("o-1", 1, 2)] * losses
    with caplog.at_level(logging.INFO, "cosell"):
        answer = accepted(desk_of([rich()], Failing(store, conflicts)))
    assert answer.record.version == 2
    lines = [record.getMessage() for record in caplog.records if record.name == "cosell"]
    assert len(lines) == losses + 1
    for number, line in enumerate(lines[:-1], start=1):
        assert line.startswith("move on o-1 lost a race (")
        assert line.endswith(f"try {number}")
    assert lines[-1] == "move on o-1: version 2, 1 event(s)"


def test_always_losing_ends(
    desk_of: Callable[..., Any], store: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """After five lost races the caller is told; nothing was written."""
    opened(desk_of([rich()], store))
    failing = Failing(store, [VersionConflictError("o-1", 1, 2)] * 99)
    with caplog.at_level(logging.INFO, "cosell"):
        error = outcome(lambda: accepted(desk_of([rich()], failing)))
    assert error == VersionConflictError("o-1", 1, 2)
    assert failing.commits == 5
    assert len([record for record in caplog.records if record.name == "cosell"]) == 5
    assert store.load("o-1").version == 1


def test_what_is_no_race_is_not_tried_again(desk_of: Callable[..., Any], store: Any) -> None:
    """Any other error of a commit goes to the caller at once."""
    opened(desk_of([rich()], store))
    failing = Failing(store, [ClaimedError(REGISTRATION, "o-9")])
    with pytest.raises(ClaimedError):
        accepted(desk_of([rich()], failing))
    assert failing.commits == 1


def test_many_writers_lose_nothing(desk_of: Callable[..., Any], store: Any) -> None:
    """Four edit one record at once: every edit is an event of one unbroken chain."""
    opened(desk_of([rich()], store))
    desk = desk_of([rich()], Meeting(store, 4))
    fields = ({"acv": "1 USD"}, {"name": "n"}, {"owner": "s-2"}, {"plan": "enterprise"})
    answers = at_once(
        *[lambda data=data: desk.change("o-1", data, actor=SELLER, at=NOON) for data in fields]
    )
    assert sorted(answer.record.version for answer in answers) == [2, 3, 4, 5]
    require_coherent(rich(), store, "o-1")
