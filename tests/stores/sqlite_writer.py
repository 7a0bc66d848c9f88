"""A process of its own that writes to a store: ``sqlite_writer.py WHAT PATH``.

``count``   adds 10 events to record r-1, one a commit, trying again when another was faster.
``endless`` adds commits of two events, an effect and a claim to r-1 until it is killed.
``die``     is killed in the middle of a commit, after its pages were written to the disk.
"""

from __future__ import annotations

import os
import signal
import sys
from unittest.mock import patch

from cosell.errors import VersionConflictError
from cosell.stores import SqliteStore, _sqlite_rows
from cosell.testing._samples import a_commit


def count(store: SqliteStore) -> None:
    """Add ten events."""
    added = 0
    while added < 10:
        version = store.load("r-1").version
        try:
            store.commit(a_commit(expected=version, effects=1))
        except VersionConflictError:
            continue
        added += 1


def endless(store: SqliteStore) -> None:
    """Add events, and say so on the first."""
    version = store.load("r-1").version
    while True:
        version += 2
        claims = [f"c-{version}"]
        store.commit(a_commit(expected=version - 2, events=2, effects=1, claims=claims))
        sys.stdout.write(".")
        sys.stdout.flush()


def die(store: SqliteStore) -> None:
    """Write half a commit, more than fits the cache, and be killed."""
    store._db.execute("PRAGMA cache_size = 1")

    version = store.load("r-1").version
    body = {"body": "x" * 1_000_000}
    with patch.object(_sqlite_rows, "_write_stream", _be_killed):
        store.commit(a_commit(expected=version, claims=["c-died"], record=body))


def _be_killed(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    _, what, path = sys.argv
    with SqliteStore(path) as opened:
        {"count": count, "endless": endless, "die": die}[what](opened)
