"""A store in one SQLite file, with the standard library alone.

Rules that hold for every call:

1. A commit is one transaction that takes the write lock before it looks (``BEGIN IMMEDIATE``):
   what was checked is what is written, whoever else has the file open.
2. One connection, one lock: threads of a process take turns, other processes wait for each
   other up to ``wait_seconds``. After a fork, the new process opens its own store.
3. The file keeps the journal mode that it has. WAL is never switched on here: SQLite before
   3.51.3 can corrupt a database in that mode.
4. Whatever SQLite has against a file is a ``StoreError`` that names the file.

This module does not know what a process or a desk is.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import Any, Final, Self

from cosell.errors import RecordNotFoundError
from cosell.errors.kinds import tells_kinds
from cosell.events import Commit, Effect, Entry, Event, Kept, Snapshot
from cosell.stores._codec import effect_of, event_of, microseconds, require_limit
from cosell.stores._sqlite_rows import entry_of, snapshot_of, write_commit
from cosell.stores._sqlite_schema import FIND, WRITE, filtered, prepare
from cosell.stores.errors import StoreBusyError, StoreError

__all__ = ["SqliteStore"]

#: The first release with strict tables.
_OLDEST_SQLITE: Final = (3, 37, 0)
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_PRIMARY_CODE: Final = 0xFF


class SqliteStore:
    """Store, outbox and ledger in one file, for any number of threads and processes.

    The file is made if there is none. Close the store when it is no longer needed, or use it as
    a context manager.

    Args:
        path: The file; ``:memory:`` is a store that ends with the object.
        wait_seconds: How long a call waits for other processes before it gives up.

    Raises:
        StoreError: The file cannot be opened, is of a newer release, or holds something else.

    Example:
        >>> with SqliteStore(":memory:") as store:
        ...     store.ids(limit=10)
        []
    """

    @tells_kinds
    def __init__(self, path: str | os.PathLike[str], *, wait_seconds: float = 10.0) -> None:
        self.place: Final = os.fsdecode(path)
        self._lock = Lock()
        self._process = os.getpid()
        with _named(self.place):
            self._db = _opened(self.place, wait_seconds)

    def __enter__(self) -> Self:
        """Return the store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Let go of the file. Closing twice is fine; any other call then is a ``StoreError``."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _session(self) -> Iterator[sqlite3.Connection]:
        """Give the connection to one thread; what SQLite raises names the file."""
        if os.getpid() != self._process:
            raise StoreError(
                self.place, "was opened before the process forked", "Open one in each process."
            )
        with self._lock, _named(self.place):
            yield self._db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection inside a transaction that is written whole or not at all."""
        with self._session() as db, db:
            db.execute("BEGIN IMMEDIATE")
            yield db

    def _rows(self, statement: str, values: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
        # All rows are fetched at once: a statement left open would keep others from writing.
        with self._session() as db:
            try:
                return db.execute(statement, values).fetchall()
            except (UnicodeEncodeError, OverflowError):
                return []  # what the file cannot hold is not in it

    def load(self, record_id: str) -> Snapshot:
        """Return the record as it was last committed."""
        rows = self._rows(FIND.record, (record_id,))
        if not rows:
            raise RecordNotFoundError(record_id)
        return snapshot_of(record_id, rows[0])

    def kept(self, record_id: str, party: str, key: str) -> Kept | None:
        """Return what was committed under this key for this record and party, if anything."""
        rows = self._rows(FIND.answer, (record_id, party, key))
        return next((Kept(command_digest=digest, answer=text) for digest, text in rows), None)

    def commit(self, commit: Commit) -> None:
        """Write everything in ``commit``, or nothing."""
        with self._writing() as db:
            write_commit(db, commit)

    def history(self, record_id: str, after: int = 0) -> Sequence[Event]:
        """Return the record's events numbered above ``after``, oldest first."""
        rows = self._rows(FIND.events, (record_id, max(after, 0)))
        if not rows:
            self.load(record_id)
        return [event_of(body) for (body,) in rows]

    def due(self, before: datetime, limit: int) -> Sequence[str]:
        """Return ids of records to be ticked by ``before``, soonest first."""
        values = (microseconds(before, "before"), require_limit(limit))
        return [record_id for (record_id,) in self._rows(FIND.due, values)]

    def holder(self, key: str) -> str | None:
        """Return the id of the record that holds the claim on ``key``, if one does."""
        return next((holder for (holder,) in self._rows(FIND.holder, (key,))), None)

    def waiting(self, key: str, limit: int) -> Sequence[str]:
        """Return ids of the records that wait for ``key``, longest waiting first."""
        rows = self._rows(FIND.waiting, (key, require_limit(limit)))
        return [record_id for (record_id,) in rows]

    def ids(
        self,
        *,
        limit: int,
        after: str = "",
        process: str | None = None,
        stage: str | None = None,
        open_only: bool = False,
    ) -> Sequence[str]:
        """Return ids of records, by code point, that come after ``after``."""
        columns = {"process_id": process, "stage": stage, "ended": 0 if open_only else None}
        values = {**columns, "after": after, "limit": require_limit(limit)}
        return [record_id for (record_id,) in self._rows(filtered(FIND.ids, columns), values)]

    def lease(self, limit: int, *, until: datetime, at: datetime) -> Sequence[Effect]:
        """Hand out effects that wait, longest waiting first; ``until`` is exclusive."""
        now, end, limit = microseconds(at, "at"), microseconds(until, "until"), require_limit(limit)
        with self._writing() as db:
            rows = db.execute(FIND.effects, (now, limit)).fetchall()
            db.executemany(WRITE.lease, [(end, position) for position, _ in rows])
        return [effect_of(body) for _, body in rows]

    def acknowledge(self, ids: Iterable[str]) -> None:
        """Take done effects out, whoever has them on lease."""
        done = [(effect_id,) for effect_id in ids if _can_be_held(effect_id)]
        with self._writing() as db:
            db.executemany(WRITE.acknowledge, done)

    def entries(self, *, payee: str | None = None, record_id: str | None = None) -> Sequence[Entry]:
        """Return the entries of that payee and that record, in the order they were written."""
        columns = {"payee": payee, "record_id": record_id}
        return [entry_of(row) for row in self._rows(filtered(FIND.entries, columns), columns)]


def _opened(place: str, wait_seconds: float) -> sqlite3.Connection:
    """Return a connection to a file that has all its tables."""
    if not place:  # SQLite would take it for a file that is deleted when it is closed
        raise StoreError(place, "has no path", "Name a file, or `:memory:` to keep nothing.")
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StoreError(
            place,
            f"needs SQLite 3.37, and this Python has {sqlite3.sqlite_version}",
            "Use a Python with a later SQLite.",
        )
    db = sqlite3.connect(place, timeout=wait_seconds, isolation_level=None, check_same_thread=False)
    try:
        prepare(db, place)
    except BaseException:
        db.close()
        raise
    return db


@contextmanager
def _named(place: str) -> Iterator[None]:
    """Turn what SQLite raises into an error that names the file."""
    try:
        yield
    except (sqlite3.Error, OverflowError) as error:
        if getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE in _BUSY:
            raise StoreBusyError(place) from error
        if isinstance(error, sqlite3.ProgrammingError) and "closed" in str(error):
            raise StoreError(place, "is closed", "Open it again, and close it last.") from error
        raise StoreError(
            place,
            f"cannot be used: {str(error).rstrip('.')}",
            "Check that the path is a file of cosell's that you may write to.",
        ) from error


def _can_be_held(text: str) -> bool:
    """Return whether ``text`` has no lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
