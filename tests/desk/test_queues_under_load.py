"""Many hands on one claim: never two holders, and each that waited comes up once (BX-2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from cosell.desk import Desk
from cosell.errors import CosellError
from cosell.stores import MemoryStore, SqliteStore
from desk_kit import at_once, require_coherent
from process_samples import DAY, NOON
from several_samples import MANAGER, RELAY, a_registration, approve, several

KEY = "registration:gamma.example:core"
_CALLERS = 4
_RECORDS = [f"r-{number}" for number in range(8)]


@pytest.fixture(params=["memory", "file"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Any]]:
    """Give one handle for each caller: of one store in memory, or of one file."""
    if request.param == "memory":
        yield [MemoryStore()] * _CALLERS
        return
    with ExitStack() as opened:
        path = tmp_path / "deals.db"
        yield [opened.enter_context(SqliteStore(path)) for _ in range(_CALLERS)]


def each(desks: list[Desk], do: Callable[[Desk, int], object]) -> list[Any]:
    """Have every desk do something at once, and return the outcomes."""
    calls = [lambda desk=desk, n=n: do(desk, n) for n, desk in enumerate(desks)]
    return at_once(*calls)


def relayed_once(desk: Desk, store: Any, hour: int) -> None:
    """Relay what waits; what fails is tried again in the next round."""
    at, until = NOON + (hour + 1) * DAY, NOON + (hour + 2) * DAY
    desk.relay(store, lambda _: None, actor=RELAY, at=at, until=until)


def test_each_comes_up_once_and_alone(stores: list[Any]) -> None:
    """Eight ask for one protection, four at a time; each has it in the end, one after the other."""
    desks = [Desk(several(), store) for store in stores]
    for record_id in _RECORDS:
        desks[0].open(a_registration(record_id), actor=MANAGER, at=NOON, process="registration")
    share = len(_RECORDS) // _CALLERS

    def ask(desk: Desk, number: int) -> None:
        for record_id in _RECORDS[number * share : (number + 1) * share]:
            approve(desk, record_id, at=NOON)

    assert each(desks, ask) == [None] * _CALLERS
    first = stores[0].holder(KEY)
    in_line = list(stores[0].waiting(KEY, 99))
    assert sorted([first, *in_line]) == _RECORDS

    came_up = [first]
    for hour in range(len(_RECORDS) - 1):
        holder = stores[0].holder(KEY)
        desks[0].move(holder, "expire", actor=MANAGER, at=NOON + (hour + 1) * DAY)
        outcomes = each(desks, lambda desk, n, hour=hour: relayed_once(desk, stores[n], hour))
        assert not any(isinstance(outcome, CosellError) for outcome in outcomes)
        relayed_once(desks[0], stores[0], hour)
        came_up.append(stores[0].holder(KEY))
    assert came_up == [first, *in_line]

    for record_id in _RECORDS:
        events = stores[0].history(record_id)
        assert [event.target for event in events].count("approved") == 1
        (bound,) = (it for it in several() if it.ref.id == "registration")
        require_coherent(bound, stores[0], record_id)
    assert len(list(stores[0].ids(limit=99, process="conflict"))) == len(_RECORDS) - 1


def test_approvals_and_releases_at_once_leave_nobody_waiting_for_nothing(
    stores: list[Any],
) -> None:
    """While some ask, others give back and relay: who waits in the end waits for a holder."""
    desks = [Desk(several(), store) for store in stores]
    for record_id in _RECORDS:
        desks[0].open(a_registration(record_id), actor=MANAGER, at=NOON, process="registration")
    approve(desks[0], _RECORDS[0], at=NOON)

    def hand(desk: Desk, number: int) -> None:
        if number % 2:
            for record_id in _RECORDS[number : number + 3]:
                approve(desk, record_id, at=NOON + DAY)
            return
        holder = stores[number].holder(KEY)
        desk.move(holder, "expire", actor=MANAGER, at=NOON + DAY)
        relayed_once(desk, stores[number], 0)

    each(desks, hand)
    for hour in range(1, 4):
        relayed_once(desks[0], stores[0], hour)
    if list(stores[0].waiting(KEY, 99)):
        assert stores[0].holder(KEY) is not None
    approved = [it for it in _RECORDS if desks[0].load(it).stage == "approved"]
    assert approved == [stores[0].holder(KEY)] * len(approved)
