"""Moves in a SQLite file, beside the bare database that writes the same rows.

A desk moves open deals on, six stages each: every move is looked up by its key, loaded, decided,
sealed, and committed in a transaction of its own. The bare database is given the finished rows of
the very same moves, and writes them in as many transactions, with the same statements in a file
with the same tables: it looks up, loads, checks and decides nothing.

Both are measured as cosell opens a file, where each commit is on the disk when it returns; and with
waiting for the disk switched off, which leaves the computing alone.
"""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from cosell.desk import Desk
from cosell.engine import bind
from cosell.stores import SqliteStore
from deals import AT, DEAL, PROCESS, SELLER, STAGES, Deal
from report import Outcome, Sheet, figure

__all__ = ["contests"]

DEALS, STEPS = 30, 6
_MOST_ROUNDS: Final = 9
_BOUND = bind(PROCESS, record=Deal)

Statement = tuple[str, Any]


class Recording(sqlite3.Connection):
    """A connection that notes what is written through it."""

    written: list[Statement]

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            self.written.append((sql, values))
        return super().execute(sql, values)


class Moves:
    """The table for one way of waiting for the disk."""

    def __init__(self, title: str, synchronous: str, at_least: float | None = None) -> None:
        self.title = title
        self.synchronous = synchronous
        self.at_least = at_least
        with TemporaryDirectory() as folder:
            self.opened, self.moved = _rows(Path(folder) / "recorded.db")

    def check(self) -> None:
        """Compare what the two leave in their files."""
        with TemporaryDirectory() as folder:
            ours, bare = Path(folder) / "ours.db", Path(folder) / "bare.db"
            self.with_desk(ours, "OFF")
            self.with_nothing(bare, "OFF")
            if _content(ours) != _content(bare):
                raise AssertionError("the two files differ")

    def measure(self, rounds: int) -> Sheet:
        """Run both in turns, each in fresh files, and return the table."""
        seconds: list[tuple[float, float]] = []
        for _ in range(min(rounds, _MOST_ROUNDS)):
            with TemporaryDirectory() as folder:
                bare = self.with_nothing(Path(folder) / "bare.db", self.synchronous)
                ours = self.with_desk(Path(folder) / "ours.db", self.synchronous)
                seconds.append((bare, ours))
        share = statistics.median(bare / ours for bare, ours in seconds)
        said, outcomes = "", []
        if self.at_least is not None:
            goal = f"× bare SQLite: moves per second ({self.title})"
            outcomes = [Outcome(goal, share, self.at_least, least=True)]
            word = "reached" if outcomes[0].reached else "**missed**"
            said = f"≥ {self.at_least}: {word}"
        bare, ours = (statistics.median(column) for column in zip(*seconds, strict=True))
        moves = DEALS * STEPS
        rows = [
            ("bare SQLite, the same rows", figure(moves / bare), "1.00", ""),
            ("cosell, a desk", figure(moves / ours), figure(share), said),
        ]
        header = ("", "moves per second, median", "× bare", "goal")
        return Sheet(self.title, header, rows, outcomes)

    def with_desk(self, path: Path, synchronous: str) -> float:
        """Return the seconds that a desk takes."""
        with SqliteStore(path) as store:
            store._db.execute(f"PRAGMA synchronous = {synchronous}")  # noqa: SLF001 - no host may
            desk = Desk([_BOUND], store)
            _open_all(desk)
            started = time.perf_counter()
            _move_all(desk)
            return time.perf_counter() - started

    def with_nothing(self, path: Path, synchronous: str) -> float:
        """Return the seconds that the bare database takes."""
        SqliteStore(path).close()  # it makes the tables
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute(f"PRAGMA synchronous = {synchronous}")
            _write(db, self.opened)
            started = time.perf_counter()
            _write(db, self.moved)
            return time.perf_counter() - started


def _rows(path: Path) -> tuple[list[list[Statement]], list[list[Statement]]]:
    """Return what opening and moving write, by transaction."""
    with SqliteStore(path) as store:
        store._db.close()  # noqa: SLF001 - its place is taken by one that takes notes
        recording = sqlite3.connect(path, isolation_level=None, factory=Recording)
        store._db = recording  # noqa: SLF001 - the same
        recording.written = []
        recording.execute("PRAGMA synchronous = OFF")
        desk = Desk([_BOUND], store)
        _open_all(desk)
        opened, recording.written = recording.written, []
        _move_all(desk)
        return _in_commits(opened), _in_commits(recording.written)


def _in_commits(written: list[Statement]) -> list[list[Statement]]:
    """Return statements by transaction: each begins with the record's row."""
    commits: list[list[Statement]] = []
    for sql, values in written:
        if " cosell_record " in sql:
            commits.append([])
        commits[-1].append((sql, values))
    return commits


def _write(db: sqlite3.Connection, commits: list[list[Statement]]) -> None:
    for commit in commits:
        db.execute("BEGIN IMMEDIATE")
        for sql, values in commit:
            db.execute(sql, values)
        db.execute("COMMIT")


def _open_all(desk: Desk) -> None:
    for number in range(DEALS):
        deal = Deal.model_validate({**DEAL.__dict__, "id": f"d-{number}", "stage": "unopened"})
        desk.open(deal, actor=SELLER, at=AT, key="open")


def _move_all(desk: Desk) -> None:
    for stage in STAGES[:STEPS]:
        for number in range(DEALS):
            desk.move(f"d-{number}", "advance", actor=SELLER, at=AT, key=stage)


def _content(path: Path) -> list[Any]:
    """Return every row that was written."""
    with closing(sqlite3.connect(path)) as db:
        tables = ("cosell_record", "cosell_event", "cosell_answer")
        return [sorted(db.execute(f"SELECT * FROM {table}")) for table in tables]  # noqa: S608 - ours


def contests() -> Iterator[Moves]:
    """Yield the table with waiting for the disk, and the one without."""
    yield Moves("Moves in a SQLite file", "FULL", at_least=0.6)
    yield Moves("The same without waiting for the disk", "OFF")
