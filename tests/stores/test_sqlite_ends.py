"""What is SQLite's own: sudden ends, and other processes and threads at the same file."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from cosell.errors import CosellError
from cosell.events import ProcessRef
from cosell.stores import SqliteStore, StoreBusyError, StoreError, _sqlite_rows
from cosell.testing._kit import race
from cosell.testing._samples import NOON, a_commit, an_entry

HERE = Path(__file__).parent


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deals.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(path) as opened:
        yield opened


def _writer(what: str, path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, str(HERE / "sqlite_writer.py"), what, str(path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


class TestSuddenEnds:
    """Whatever happens in the middle, a commit is there whole or not at all."""

    @pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, RuntimeError])
    @pytest.mark.parametrize("where", ["_write_entries", "_write_record", "_write_stream"])
    def test_an_error_in_the_middle_leaves_nothing(
        self,
        store: SqliteStore,
        monkeypatch: pytest.MonkeyPatch,
        error: type[BaseException],
        where: str,
    ) -> None:
        """The store goes on as if the commit had never been tried."""
        commit = a_commit(effects=1, claims=["c"], entries=(an_entry("e"),), key="k")

        def fails(*_: object) -> None:
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(_sqlite_rows, where, fails)
            with pytest.raises(error):
                store.commit(commit)
        assert store.ids(limit=9) == []
        assert store.holder("c") is None
        store.commit(commit)

    def test_a_full_disk_leaves_nothing(self, store: SqliteStore) -> None:
        """The error is one of ours, and smaller commits are still written."""
        store.commit(a_commit())
        ((pages,),) = store._rows("PRAGMA page_count", ())
        store._rows(f"PRAGMA max_page_count = {pages + 5}", ())
        with pytest.raises(StoreError, match="full"):
            store.commit(a_commit("r-2", record={"body": "x" * 1_000_000}, claims=["c"]))
        assert (store.ids(limit=9), store.holder("c")) == (["r-1"], None)
        store.commit(a_commit(expected=1))

    def test_a_file_that_may_only_be_read_can_be_read(self, store: SqliteStore) -> None:
        """Writing is refused with an error of ours."""
        store.commit(a_commit())
        store._rows("PRAGMA query_only = 1", ())
        with pytest.raises(StoreError, match="readonly"):
            store.commit(a_commit(expected=1))
        assert store.load("r-1").version == 1

    def test_a_number_that_no_file_can_hold_is_refused(self, store: SqliteStore) -> None:
        """Nothing is written, and nothing is cut off."""
        huge = ProcessRef(id="make", version=2**63)
        with pytest.raises(StoreError, match="too large"):
            store.commit(a_commit(claims=["c"], record={"process": huge}))
        assert (store.ids(limit=9), store.holder("c")) == ([], None)

    def test_a_process_that_is_killed_in_the_middle_leaves_nothing(self, path: Path) -> None:
        """Half of the commit was on the disk; who opens the file next takes it back."""
        with SqliteStore(path) as store:
            store.commit(a_commit())
        with _writer("die", path) as process:
            assert process.wait(60) == -9
        assert path.with_name("deals.db-journal").stat().st_size > 0
        with SqliteStore(path) as store:
            assert store.load("r-1") == a_commit().record
            assert len(store.history("r-1")) == 1
            assert store.holder("c-died") is None
            store.commit(a_commit(expected=1))

    def test_a_process_that_is_killed_anywhere_leaves_whole_commits(self, path: Path) -> None:
        """Events, effects and claims of each commit are there together, or none of them."""
        with SqliteStore(path) as store:
            store.commit(a_commit(events=2))
        for _ in range(4):
            with _writer("endless", path) as process:
                assert process.stdout is not None
                process.stdout.read(20)
                process.kill()
        with SqliteStore(path) as store:
            version = store.load("r-1").version
            written = range(4, version + 1, 2)
            assert version >= 2 + 4 * 20 * 2
            assert [event.seq for event in store.history("r-1")] == list(range(1, version + 1))
            effects = store.lease(10_000, until=NOON, at=NOON)
            assert [effect.id for effect in effects] == [f"r-1/{number}/1" for number in written]
            assert all(store.holder(f"c-{number}") == "r-1" for number in written)
            assert store.holder(f"c-{version + 2}") is None


class TestOthers:
    """Other processes and threads at the same file."""

    def test_processes_take_turns(self, path: Path) -> None:
        """Three processes add ten events each to one record: thirty, without a gap."""
        with SqliteStore(path) as store:
            store.commit(a_commit(effects=1))
            processes = [_writer("count", path) for _ in range(3)]
            assert [process.wait(60) for process in processes] == [0, 0, 0]
            for process in processes:
                process.communicate()
            assert [event.seq for event in store.history("r-1")] == list(range(1, 32))
            assert len(store.lease(99, until=NOON, at=NOON)) == 31

    def test_a_new_file_may_be_opened_by_many_at_once(self, tmp_path: Path) -> None:
        """One makes the tables, and the others wait for them."""
        for number in range(10):
            opened = race([partial(SqliteStore, tmp_path / f"{number}.db")] * 6)
            assert [store.ids(limit=1) for store in opened] == [[]] * 6
            for store in opened:
                store.close()

    def test_a_file_that_stays_busy_is_an_error(self, path: Path) -> None:
        """Who waited long enough is told so, and may try again."""
        with SqliteStore(path, wait_seconds=0.01) as store:
            other = sqlite3.connect(path, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreBusyError, match=r"is busy\. Try again"):
                store.commit(a_commit())
            assert store.ids(limit=9) == []
            other.close()
            store.commit(a_commit())

    def test_a_reader_who_stays_makes_a_commit_give_up_whole(self, path: Path) -> None:
        """What cannot be made final is taken back, and not left to the next commit."""
        with SqliteStore(path, wait_seconds=0.01) as store:
            store.commit(a_commit())
            other = sqlite3.connect(path, isolation_level=None)
            other.execute("BEGIN")
            other.execute("SELECT * FROM cosell_record").fetchall()
            with pytest.raises(StoreBusyError):
                store.commit(a_commit(expected=1, claims=["c"]))
            other.close()
            assert (store.load("r-1").version, store.holder("c")) == (1, None)
            store.commit(a_commit(expected=1))

    def test_a_store_is_not_carried_over_a_fork(
        self, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """SQLite forbids it; the error says what to do instead."""
        monkeypatch.setattr(os, "getpid", lambda: -1)
        with pytest.raises(StoreError, match="before the process forked"):
            store.ids(limit=1)

    @pytest.mark.parametrize(
        "call",
        [
            pytest.param(lambda s: s.load("r-1"), id="load"),
            pytest.param(lambda s: s.commit(a_commit()), id="commit"),
            pytest.param(lambda s: s.lease(1, until=NOON, at=NOON), id="lease"),
        ],
    )
    def test_a_closed_store_answers_nothing(
        self, path: Path, call: Callable[[SqliteStore], object]
    ) -> None:
        """Every call is an error of ours; closing again is not."""
        store = SqliteStore(path)
        store.close()
        store.close()
        with pytest.raises(CosellError, match="is closed"):
            call(store)
