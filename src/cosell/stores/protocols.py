"""What a host's store must do for a desk: contracts that a type checker cannot see.

Rules that hold for every store:

1. A store never decides. It does not look inside a body, an event, an effect's data or an
   answer, and gives each back as it came.
2. A commit is written whole or not at all, and what it was refused for is a typed error.
3. Nothing is guessed from the order of calls: moments are arguments, and naive ones are refused
   with ``NaiveDatetimeError``.
4. Any number of threads may call at once; processes too, where they share the data.

What is open in an event or effect (``changes``, ``findings``, ``data``) is kept as JSON: it comes
back as plain values, amounts and moments as text.

Any class with these methods will do; there is nothing to inherit from. Subclass
``cosell.testing.StoreConformance`` against yours: it is this contract as tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from cosell.events import Commit, Effect, Entry, Event, Kept, Snapshot

__all__ = [
    "AsyncLedger",
    "AsyncOutbox",
    "AsyncStore",
    "FullStore",
    "Ledger",
    "Outbox",
    "Store",
]


class Store(Protocol):
    """Where a host keeps its records and their events."""

    def load(self, record_id: str) -> Snapshot:
        """Return the record as it was last committed.

        Raise ``RecordNotFoundError`` if there is none.
        """
        ...

    def kept(self, record_id: str, party: str, key: str) -> Kept | None:
        """Return what was committed under this key for this record and party, if anything."""
        ...

    def commit(self, commit: Commit) -> None:
        """Write everything in ``commit``, or nothing.

        Checks come in this order, and the first that fails is raised:

        1. ``KeyKeptError``: ``commit.key`` is kept for this record and party already. It comes
           first, so that a command repeated at once finds its answer and not a conflict.
        2. ``RecordExistsError``: the expected version is 0 and the record exists.
           ``RecordNotFoundError``: it is not 0 and the record does not exist.
           ``VersionConflictError``: it is not the version that is stored.
        3. ``ClaimedError``, for the first such claim: another record holds the key. A claim that
           this record holds already is fine.
        4. ``ClaimFreeError``, for the first key of ``waits``: no other record holds any of them.
           Whoever waits for what is free would never be called.
        5. ``EntryExistsError``, for the first such entry: the ledger has one with its id, or the
           commit brings two.

        Releases come before claims: a key in both is held afterwards, by the record that the claim
        names; so a record hands a key over to another one. Releasing a key that this
        record does not hold changes nothing; another's claim is never freed.

        ``leaves`` come before ``waits``. A record that waits for a key already keeps its place;
        one that leaves and waits at once goes to the end. Leaving a key that it does not wait
        for changes nothing.

        ``next_at`` replaces the moment kept before; ``None`` is never. When ``key`` is not
        ``None``, command digest and answer are kept under it, for ever. Effects join the outbox,
        in order, after all that stand there for the record.
        """
        ...

    def history(self, record_id: str, after: int = 0) -> Sequence[Event]:
        """Return the record's events numbered above ``after``, oldest first.

        Raise ``RecordNotFoundError`` if there is no such record.
        """
        ...

    def due(self, before: datetime, limit: int) -> Sequence[str]:
        """Return ids of records to be ticked: ``next_at`` is ``before`` or earlier.

        Soonest first, ties by id, at most ``limit``. The cost does not grow with the number of
        records that are not due. Raise ``ValueError`` if ``limit`` is below one.
        """
        ...

    def holder(self, key: str) -> str | None:
        """Return the id of the record that holds the claim on ``key``, if one does."""
        ...

    def waiting(self, key: str, limit: int) -> Sequence[str]:
        """Return ids of the records that wait for ``key``, longest waiting first.

        At most ``limit``. Raise ``ValueError`` if ``limit`` is below one.
        """
        ...

    def ids(
        self,
        *,
        limit: int,
        after: str = "",
        process: str | None = None,
        stage: str | None = None,
        open_only: bool = False,
    ) -> Sequence[str]:
        """Return ids of records, by code point, at most ``limit``: a page of a list.

        The next page is what comes after the last id of this one. ``process`` is a process's id,
        in any version; ``open_only`` leaves out records that have ended, at no cost for them.
        Raise ``ValueError`` if ``limit`` is below one.
        """
        ...


class Outbox(Protocol):
    """Where effects wait until they are done: at least once, in order for each record."""

    def lease(self, limit: int, *, until: datetime, at: datetime) -> Sequence[Effect]:
        """Hand out effects that wait, longest waiting first, at most ``limit``.

        They are the caller's until ``until``, exclusive; what is not acknowledged by then is
        handed out again. While one effect of a record is on lease, no other of that record is
        handed out: effects of a record are done in the order in which they were committed.
        What one call hands out holds no gap. Raise ``ValueError`` if ``limit`` is below one.
        """
        ...

    def acknowledge(self, ids: Iterable[str]) -> None:
        """Take done effects out, whoever has them on lease; unknown ids are ignored."""
        ...


class Ledger(Protocol):
    """Where fee entries stay for ever. They are written by ``Store.commit`` alone."""

    def entries(self, *, payee: str | None = None, record_id: str | None = None) -> Sequence[Entry]:
        """Return the entries of that payee and that record, in the order they were written.

        ``None`` is any.
        """
        ...


class FullStore(Store, Outbox, Ledger, Protocol):
    """One object that is store, outbox and ledger."""


class AsyncStore(Protocol):
    """The awaitable twin of ``Store``: the same contract, word for word.

    A call that is cancelled while it waits may have been carried out or not; a commit with a key
    can be repeated.
    """

    async def load(self, record_id: str) -> Snapshot:
        """Do as ``Store.load`` does."""
        ...

    async def kept(self, record_id: str, party: str, key: str) -> Kept | None:
        """Do as ``Store.kept`` does."""
        ...

    async def commit(self, commit: Commit) -> None:
        """Do as ``Store.commit`` does."""
        ...

    async def history(self, record_id: str, after: int = 0) -> Sequence[Event]:
        """Do as ``Store.history`` does."""
        ...

    async def due(self, before: datetime, limit: int) -> Sequence[str]:
        """Do as ``Store.due`` does."""
        ...

    async def holder(self, key: str) -> str | None:
        """Do as ``Store.holder`` does."""
        ...

    async def waiting(self, key: str, limit: int) -> Sequence[str]:
        """Do as ``Store.waiting`` does."""
        ...

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
        ...


class AsyncOutbox(Protocol):
    """The awaitable twin of ``Outbox``: the same contract, word for word."""

    async def lease(self, limit: int, *, until: datetime, at: datetime) -> Sequence[Effect]:
        """Do as ``Outbox.lease`` does."""
        ...

    async def acknowledge(self, ids: Iterable[str]) -> None:
        """Do as ``Outbox.acknowledge`` does."""
        ...


class AsyncLedger(Protocol):
    """The awaitable twin of ``Ledger``: the same contract, word for word."""

    async def entries(
        self, *, payee: str | None = None, record_id: str | None = None
    ) -> Sequence[Entry]:
        """Do as ``Ledger.entries`` does."""
        ...
