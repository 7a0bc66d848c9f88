"""A place for what grows with a file: on a disk, outside of memory, and gone at the end.

Rules:

1. A few megabytes of it are in memory at most, whatever is put there.
2. What does not fit lies in a temporary file without a name. The system removes it when the run
   ends, also where that is an error, Ctrl-C or a kill; where little is put there is none.

This module does not know what is put there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from weakref import finalize

from cosell.cli.row import FileError

__all__ = ["IN_MEMORY", "Scratch", "SeenIds"]

#: How many bytes of one place are in memory at most.
IN_MEMORY: Final = 4_000_000


class Scratch:
    """A database of its own for whoever made it; it goes when its owner does.

    Args:
        columns: The columns of its one table, ``kept``, as SQL.
        options: What follows them.
        in_memory: How many bytes are kept in memory at most.
    """

    def __init__(self, columns: str, options: str = "", *, in_memory: int = IN_MEMORY) -> None:
        self._db = sqlite3.connect(":memory:", isolation_level=None)
        finalize(self, self._db.close)
        # A temporary table moves to a file once its pages do not fit. Nobody waits for a commit,
        # and nothing is ever taken back, so there is one transaction and no journal.
        self._db.executescript(
            "PRAGMA temp_store = FILE;"
            f"CREATE TEMPORARY TABLE kept ({columns}) {options};"
            f"PRAGMA temp.cache_size = -{max(in_memory // 1024, 1)};"
            "PRAGMA temp.journal_mode = OFF;"
            "BEGIN"
        )

    def put(self, statement: str, cells: Sequence[Any]) -> None:
        """Change what is kept.

        Raises:
            FileError: There is no room for it.
        """
        with _told():
            self._db.execute(statement, cells)

    def ask(self, statement: str, cells: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of an answer.

        Raises:
            FileError: There is no room to work it out.
        """
        with _told():
            return self._db.execute(statement, cells).fetchall()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise FileError(
            f"a temporary file cannot be written: {error}",
            "Make room on its disk, or name a folder on another one in SQLITE_TMPDIR.",
        ) from None


class SeenIds:
    """Ids that were seen, each with the line or number that it was first seen on."""

    def __init__(self, *, in_memory: int = IN_MEMORY) -> None:
        columns = "id TEXT PRIMARY KEY, line INTEGER"
        self._scratch = Scratch(columns, "WITHOUT ROWID", in_memory=in_memory)
        self._count = 0

    def __len__(self) -> int:
        """Return how many there are."""
        return self._count

    def line_of(self, seen: str) -> int | None:
        """Return the line of an id, or ``None`` where it was not seen."""
        found = self._scratch.ask("SELECT line FROM kept WHERE id = ?", (seen,))
        return found[0][0] if found else None

    def add(self, seen: str, line: int) -> None:
        """Add an id that was not seen before."""
        self._scratch.put("INSERT INTO kept VALUES (?, ?)", (seen, line))
        self._count += 1
