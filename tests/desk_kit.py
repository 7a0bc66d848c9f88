"""Desks of both kinds for tests: one that calls its store, one that awaits it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Barrier, Lock
from typing import Any, Final

from cosell.desk import AsyncDesk, Desk
from cosell.engine import Bound, fold, verify_seals
from cosell.errors import CosellError
from cosell.events import Commit, Effect
from cosell.models import Opportunity
from cosell.stores import AsyncStoreAdapter
from process_samples import DAY, NOON, PARTNER, RICH, SELLER, TINY, bound_of

#: What `accept` of the rich process asks for.
GOOD: Final = {"owner": "s-1", "registration.reason": "fits"}


def _each(results: AsyncIterator[Any]) -> Iterator[Any]:
    """Yield what an asynchronous iterator gives, each when it is asked for."""
    loop = asyncio.new_event_loop()
    try:
        while True:
            try:
                yield loop.run_until_complete(anext(results))
            except StopAsyncIteration:
                return
    finally:
        # Whoever stops listening may be collected inside another loop: nothing is run here.
        loop.close()


class Waited:
    """An ``AsyncDesk`` of which every call is run to its end, so that both kinds read alike."""

    def __init__(self, processes: Iterable[Bound], store: Any, **named: Any) -> None:
        self.awaited = AsyncDesk(processes, AsyncStoreAdapter(store), **named)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self.awaited, name)

        def waited(*arguments: Any, **named: Any) -> Any:
            asked = method(*arguments, **named)
            return _each(asked) if isinstance(asked, AsyncIterator) else asyncio.run(asked)

        return waited


#: The two kinds of desk by name; typed loosely since they are asked alike.
DESKS: Final[dict[str, Callable[..., Any]]] = {"desk": Desk, "awaited desk": Waited}


@cache
def rich() -> Bound:
    """Return the process that has one of everything."""
    return bound_of(RICH)


@cache
def tiny() -> Bound:
    """Return the smallest process."""
    return bound_of(TINY)


def a_deal(
    record_id: str = "o-1", domain: str | None = "beta.example", **values: Any
) -> Opportunity:
    """Return a deal that the rich process can open and accept."""
    customer = {"name": "Beta", "domain": domain}
    registration = {"submitted_by": "p-7"}
    return Opportunity.model_validate(
        {"id": record_id, "customer": customer, "registration": registration, **values}
    )


def opened(
    desk: Any, record_id: str = "o-1", domain: str | None = "beta.example", **values: Any
) -> Any:
    """Open a deal at noon and return the answer."""
    return desk.open(a_deal(record_id, domain, **values), actor=PARTNER, at=NOON)


def accepted(desk: Any, record_id: str = "o-1", **asked: Any) -> Any:
    """Accept a deal a day later and return the answer."""
    question = {"actor": SELLER, "at": NOON + DAY, "data": GOOD, **asked}
    return desk.move(record_id, "accept", **question)


def waiting(store: Any) -> list[Effect]:
    """Return every effect in the outbox, and leave them there."""
    return list(store.lease(1_000, until=NOON, at=NOON))


def require_coherent(bound: Bound, store: Any, record_id: str) -> None:
    """Require of a stored record what holds for every record at every moment."""
    snapshot, history = store.load(record_id), store.history(record_id)
    record = bound.model.model_validate_json(snapshot.body)
    assert record == fold(bound, history)
    verify_seals(history)
    assert snapshot.digest == history[-1].digest
    assert snapshot.last_at == history[-1].at
    assert [event.seq for event in history] == list(range(1, record.version + 1))
    assert snapshot.version == record.version
    assert snapshot.stage == record.stage
    assert {store.holder(key) for key in record.claims} <= {record_id}


def outcome(call: Callable[[], Any]) -> Any:
    """Return what ``call`` returns, or the error of ours that it raises."""
    try:
        return call()
    except CosellError as error:
        return error


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Return the outcomes of all ``calls``, each made in a thread of its own."""
    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(outcome, calls))


class Around:
    """A store around another one; what a subclass does not change is as in that."""

    def __init__(self, store: Any) -> None:
        self.store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


class Meeting(Around):
    """A store whose first commits wait for each other: all have loaded before one is written."""

    def __init__(self, store: Any, commands: int = 2) -> None:
        super().__init__(store)
        self._left = commands
        self._lock = Lock()
        self._barrier = Barrier(commands, timeout=20)

    def commit(self, commit: Commit) -> None:
        with self._lock:
            meets, self._left = self._left > 0, self._left - 1
        if meets:
            self._barrier.wait()
        self.store.commit(commit)


class Failing(Around):
    """A store whose next commits raise the given errors, one each, before they are tried."""

    def __init__(self, store: Any, errors: Iterable[CosellError]) -> None:
        super().__init__(store)
        self._errors = iter(errors)
        self.commits = 0

    def commit(self, commit: Commit) -> None:
        self.commits += 1
        error = next(self._errors, None)
        if error is not None:
            raise error
        self.store.commit(commit)
