"""Every call to a store that threads share is made under its one lock, and lets go of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Any

import pytest

from cosell.errors import CosellError
from cosell.stores import MemoryStore, SqliteStore
from cosell.testing._samples import HOUR, NOON, a_commit

Shared = MemoryStore | SqliteStore

CALLS: dict[str, Callable[[Shared], object]] = {
    "load": lambda store: store.load("r-1"),
    "kept": lambda store: store.kept("r-1", "acme", "k"),
    "commit": lambda store: store.commit(a_commit()),
    "history": lambda store: store.history("r-1"),
    "due": lambda store: store.due(NOON, 9),
    "holder": lambda store: store.holder("c"),
    "ids": lambda store: store.ids(limit=9),
    "lease": lambda store: store.lease(9, until=NOON + HOUR, at=NOON),
    "acknowledge": lambda store: store.acknowledge(["e"]),
    "entries": lambda store: store.entries(),
    "close": lambda store: store.close() if isinstance(store, SqliteStore) else store.entries(),
}


class _Counted:
    """A lock that counts."""

    def __init__(self) -> None:
        self.taken = 0
        self.lock = Lock()

    def __enter__(self) -> None:
        self.lock.acquire()
        self.taken += 1

    def __exit__(self, *_: object) -> None:
        self.lock.release()


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("kind", [MemoryStore, lambda: SqliteStore(":memory:")])
def test_a_call_takes_the_lock_and_lets_go(
    kind: Callable[[], Shared], call: Callable[[Shared], object]
) -> None:
    """Answered or refused, a call holds the lock once at a time, and never after."""
    store: Any = kind()
    lock = store._lock = _Counted()
    with suppress(CosellError):
        call(store)
    assert lock.taken >= 1
    assert not lock.lock.locked()
    getattr(store, "close", lambda: None)()
