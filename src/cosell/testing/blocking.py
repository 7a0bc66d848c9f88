"""An awaitable store, called from threads: so that one contract serves both kinds.

This module does not know what a contract says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from datetime import datetime
from threading import Thread
from typing import Any, Protocol, TypeVar

from cosell.events import Commit, Effect, Entry, Event, Kept, Snapshot
from cosell.stores import AsyncLedger, AsyncOutbox, AsyncStore

__all__ = ["AsyncFullStore", "BlockingStore"]

_T = TypeVar("_T")


class AsyncFullStore(AsyncStore, AsyncOutbox, AsyncLedger, Protocol):
    """One object that is store, outbox and ledger, awaitable."""


class BlockingStore:
    """An awaitable store whose calls wait, on an event loop in a thread of its own.

    Give it to ``StoreConformance`` to try an ``AsyncStore``. Many threads may call at once: their
    calls run on the one loop, as requests of a server do.

    Args:
        store: What is tried.
    """

    def __init__(self, store: AsyncFullStore) -> None:
        self.store = store
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the loop and its thread."""
        self._wait(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, call: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(call, self._loop).result()

    def load(self, record_id: str) -> Snapshot:
        """Do as ``Store.load`` does."""
        return self._wait(self.store.load(record_id))

    def kept(self, record_id: str, party: str, key: str) -> Kept | None:
        """Do as ``Store.kept`` does."""
        return self._wait(self.store.kept(record_id, party, key))

    def commit(self, commit: Commit) -> None:
        """Do as ``Store.commit`` does."""
        self._wait(self.store.commit(commit))

    def history(self, record_id: str, after: int = 0) -> Sequence[Event]:
        """Do as ``Store.history`` does."""
        return self._wait(self.store.history(record_id, after))

    def due(self, before: datetime, limit: int) -> Sequence[str]:
        """Do as ``Store.due`` does."""
        return self._wait(self.store.due(before, limit))

    def holder(self, key: str) -> str | None:
        """Do as ``Store.holder`` does."""
        return self._wait(self.store.holder(key))

    def waiting(self, key: str, limit: int) -> Sequence[str]:
        """Do as ``Store.waiting`` does."""
        return self._wait(self.store.waiting(key, limit))

    def ids(self, **question: Any) -> Sequence[str]:
        """Do as ``Store.ids`` does."""
        return self._wait(self.store.ids(**question))

    def lease(self, limit: int, *, until: datetime, at: datetime) -> Sequence[Effect]:
        """Do as ``Outbox.lease`` does."""
        return self._wait(self.store.lease(limit, until=until, at=at))

    def acknowledge(self, ids: Iterable[str]) -> None:
        """Do as ``Outbox.acknowledge`` does."""
        self._wait(self.store.acknowledge(ids))

    def entries(self, *, payee: str | None = None, record_id: str | None = None) -> Sequence[Entry]:
        """Do as ``Ledger.entries`` does."""
        return self._wait(self.store.entries(payee=payee, record_id=record_id))
