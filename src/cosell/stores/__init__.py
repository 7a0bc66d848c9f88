"""Where a host keeps records, events, effects, claims and ledger entries.

The contracts stand in ``protocols``; a store in memory and one in a SQLite file ship with
cosell, and ``AsyncStoreAdapter`` makes either awaitable.

This package does not know what a process, a gate or a desk is.
"""

from __future__ import annotations

from cosell.stores._codec import effect_of, event_of, text_of
from cosell.stores.aio import AsyncStoreAdapter
from cosell.stores.errors import (
    ClaimFreeError,
    EntryExistsError,
    KeyKeptError,
    StoreBusyError,
    StoreError,
)
from cosell.stores.formats import NewerFormatError
from cosell.stores.memory import MemoryStore
from cosell.stores.protocols import (
    AsyncLedger,
    AsyncOutbox,
    AsyncStore,
    FullStore,
    Ledger,
    Outbox,
    Store,
)
from cosell.stores.sqlite import SqliteStore

__all__ = [
    "AsyncLedger",
    "AsyncOutbox",
    "AsyncStore",
    "AsyncStoreAdapter",
    "ClaimFreeError",
    "EntryExistsError",
    "FullStore",
    "KeyKeptError",
    "Ledger",
    "MemoryStore",
    "NewerFormatError",
    "Outbox",
    "SqliteStore",
    "Store",
    "StoreBusyError",
    "StoreError",
    "effect_of",
    "event_of",
    "text_of",
]
