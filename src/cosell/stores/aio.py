"""A store that waits in a thread, for hosts that must not wait in their event loop.

This module does not know what kind of store it carries.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Iterable, Sequence
from datetime import datetime

from cosell.events import Commit, Effect, Entry, Event, Kept, Snapshot
from cosell.stores.protocols import FullStore

__all__ = ["AsyncStoreAdapter"]


class AsyncStoreAdapter:
    """The awaitable twin of any store, outbox and ledger: each call runs in a thread.

    A call that is cancelled is still carried out by its thread; only nobody waits for it. Give
    commits a key, and repeat them.

    Args:
        store: What does the work; it must allow calls from any thread, as ``Store`` asks.

    Example:
        >>> import asyncio
        >>> from cosell.stores import MemoryStore
        >>> asyncio.run(AsyncStoreAdapter(MemoryStore()).ids(limit=10))
        []
    """

    def __init__(self, store: FullStore) -> None:
        self.store = store

    async def load(self, record_id: str) -> Snapshot:
        """Do as ``Store.load`` does."""
        return await to_thread(self.store.load, record_id)

    async def kept(self, record_id: str, party: str, key: str) -> Kept | None:
        """Do as ``Store.kept`` does."""
        return await to_thread(self.store.kept, record_id, party, key)

    async def commit(self, commit: Commit) -> None:
        """Do as ``Store.commit`` does."""
        await to_thread(self.store.commit, commit)

    async def history(self, record_id: str, after: int = 0) -> Sequence[Event]:
        """Do as ``Store.history`` does."""
        return await to_thread(self.store.history, record_id, after)

    async def due(self, before: datetime, limit: int) -> Sequence[str]:
        """Do as ``Store.due`` does."""
        return await to_thread(self.store.due, before, limit)

    async def holder(self, key: str) -> str | None:
        """Do as ``Store.holder`` does."""
        return await to_thread(self.store.holder, key)

    async def waiting(self, key: str, limit: int) -> Sequence[str]:
        """Do as ``Store.waiting`` does."""
        return await to_thread(self.store.waiting, key, limit)

    async def ids(
        self,
        *,
        limit: int,
        after: str = "",
        process: str | None = None,
        stage: str | None = None,
        open_only: bool = False,
    ) -> Sequence[str]:
        """Do as ``Store.ids`` does."""
        return await to_thread(
            self.store.ids,
            limit=limit,
            after=after,
            process=process,
            stage=stage,
            open_only=open_only,
        )

    async def lease(self, limit: int, *, until: datetime, at: datetime) -> Sequence[Effect]:
        """Do as ``Outbox.lease`` does."""
        return await to_thread(self.store.lease, limit, until=until, at=at)

    async def acknowledge(self, ids: Iterable[str]) -> None:
        """Do as ``Outbox.acknowledge`` does."""
        await to_thread(self.store.acknowledge, list(ids))

    async def entries(
        self, *, payee: str | None = None, record_id: str | None = None
    ) -> Sequence[Entry]:
        """Do as ``Ledger.entries`` does."""
        return await to_thread(self.store.entries, payee=payee, record_id=record_id)
