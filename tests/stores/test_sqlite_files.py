"""What is SQLite's own: files of all kinds, and how their tables came about."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cosell.stores import SqliteStore, StoreError, _sqlite_schema
from cosell.testing._samples import HOUR, NOON, a_commit, an_entry

HERE = Path(__file__).parent


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deals.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(path) as opened:
        yield opened


def _by_hand(path: Path, *statements: str) -> list[Any]:
    """Run statements past the store, and return what the last one gives."""
    db = sqlite3.connect(path)
    try:
        with db:
            for statement in statements:
                rows = db.execute(statement).fetchall()
        return rows
    finally:
        db.close()


class TestFile:
    """The file and what is in it."""

    def test_everything_is_there_after_the_file_is_opened_again(self, path: Path) -> None:
        """What one store wrote, another reads."""
        commit = a_commit(effects=1, claims=["c"], entries=(an_entry("e"),), key="k", next_at=NOON)
        with SqliteStore(path) as first:
            first.commit(commit)
            first.lease(1, until=NOON + HOUR, at=NOON)
        with SqliteStore(str(path)) as again:
            assert again.load("r-1") == commit.record
            assert again.history("r-1") == list(commit.events)
            assert again.entries() == list(commit.entries)
            assert again.holder("c") == "r-1"
            assert again.due(NOON, 9) == ["r-1"]
            assert again.kept("r-1", "acme", "k") is not None
            assert again.lease(1, until=NOON + HOUR, at=NOON) == []
            assert again.lease(1, until=NOON + HOUR, at=NOON + HOUR) == list(commit.effects)

    def test_a_file_of_the_first_release_loads(self, path: Path) -> None:
        """Rows and events of an older release come back with all they say."""
        db = sqlite3.connect(path)
        db.executescript((HERE / "step_1.sql").read_text(encoding="utf-8"))
        db.close()
        with SqliteStore(path) as store:
            _check_first_release(store)

    def test_an_empty_file_becomes_a_store(self, path: Path) -> None:
        """A file of no length, as ``mktemp`` leaves it, is as good as none."""
        path.touch()
        with SqliteStore(path) as store:
            store.commit(a_commit())

    def test_a_store_in_memory_ends_with_the_object(self) -> None:
        """``:memory:`` leaves no file."""
        with SqliteStore(":memory:") as store:
            store.commit(a_commit())
            assert store.ids(limit=9) == ["r-1"]
        assert not Path(":memory:").exists()

    def test_wal_is_not_switched_on(self, path: Path, store: SqliteStore) -> None:
        """A new file has the plain journal, whose mode is safe in every release of SQLite."""
        store.commit(a_commit())
        assert _by_hand(path, "PRAGMA journal_mode") == [("delete",)]

    def test_a_host_may_have_switched_wal_on(self, path: Path) -> None:
        """The file keeps the mode that it has."""
        SqliteStore(path).close()
        _by_hand(path, "PRAGMA journal_mode = wal")
        with SqliteStore(path) as store:
            store.commit(a_commit())
            assert store._rows("PRAGMA journal_mode", ()) == [("wal",)]

    def test_amounts_are_text(self, path: Path, store: SqliteStore) -> None:
        """An amount is written plainly, with its places, and never as a number."""
        amounts = ("0.10 USD", "1E+3 USD", "-7 USD")
        entries = tuple(an_entry(f"e-{n}", amount=text) for n, text in enumerate(amounts))
        store.commit(a_commit(entries=entries))
        found = _by_hand(path, "SELECT amount, typeof(amount) FROM cosell_entry")
        assert found == [("0.10", "text"), ("1000", "text"), ("-7", "text")]

    def test_tables_are_strict(self, path: Path, store: SqliteStore) -> None:
        """SQLite refuses a value of another type, whoever writes it."""
        store.commit(a_commit())
        with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT"):
            _by_hand(path, "UPDATE cosell_record SET version = 'two'")
        names = _by_hand(path, "SELECT name FROM pragma_table_list WHERE name LIKE 'cosell%'")
        strict = _by_hand(path, "SELECT name FROM pragma_table_list WHERE strict")
        assert sorted(strict) == sorted(names)

    @pytest.mark.parametrize(
        ("ask", "index"),
        [
            pytest.param(lambda s: s.due(NOON, 9), "cosell_record_due", id="what is due"),
            pytest.param(
                lambda s: s.ids(limit=9, open_only=True), "cosell_record_ended", id="open records"
            ),
            pytest.param(
                lambda s: s.ids(limit=9, stage="open"), "cosell_record_stage", id="one stage"
            ),
            pytest.param(lambda s: s.ids(limit=9), "sqlite_autoindex", id="all records"),
            pytest.param(
                lambda s: s.entries(payee="acme"), "cosell_entry_payee", id="entries of a payee"
            ),
            pytest.param(
                lambda s: s.entries(record_id="r-1"), "cosell_entry_record", id="of a record"
            ),
            pytest.param(lambda s: s.history("r-1"), "sqlite_autoindex", id="history"),
            pytest.param(lambda s: s.kept("r-1", "p", "k"), "sqlite_autoindex", id="a kept key"),
            pytest.param(lambda s: s.waiting("c", 9), "cosell_wait_order", id="who waits"),
            pytest.param(lambda s: s.load("r-1"), "sqlite_autoindex", id="one record"),
        ],
    )
    def test_nothing_is_scanned_or_sorted(
        self, store: SqliteStore, ask: Callable[[SqliteStore], object], index: str
    ) -> None:
        """Every question goes through an index that has its order too."""
        plans: list[str] = []
        found = store._rows
        store.commit(a_commit())

        def explained(statement: str, values: Any) -> list[Any]:
            plans.extend(row[3] for row in found(f"EXPLAIN QUERY PLAN {statement}", values))
            return found(statement, values)

        store._rows = explained  # type: ignore[method-assign]  # a spy
        ask(store)
        (plan,) = plans
        assert plan.startswith("SEARCH")
        assert index in plan


def _check_first_release(store: SqliteStore) -> None:
    commit = a_commit(
        effects=2,
        claims=["protection:example.com:core"],
        entries=(an_entry("e-1", amount="1234.50 EUR", reason="Invoice 7, ž"),),
        key="form-881",
        next_at=NOON,
    )
    assert store.load("r-1") == commit.record
    assert store.history("r-1") == list(commit.events)
    assert store.entries() == list(commit.entries)
    assert store.holder("protection:example.com:core") == "r-1"
    assert store.due(NOON, 9) == ["r-1"]
    assert store.due(NOON - timedelta(microseconds=1), 9) == []
    kept = store.kept("r-1", "acme", "form-881")
    assert kept is not None
    assert (kept.command_digest, kept.answer) == ("command 1", "answer 1")
    assert store.lease(9, until=NOON + HOUR, at=NOON) == list(commit.effects)


class TestRefusedFiles:
    """Files that are not a store, or not one that this release can read."""

    def test_a_file_of_something_else_is_refused_and_left_alone(self, path: Path) -> None:
        """A database with other tables is nobody's to write into."""
        _by_hand(path, "CREATE TABLE invoice (id)")
        before = path.read_bytes()
        with pytest.raises(StoreError, match="holds tables of something else") as caught:
            SqliteStore(path)
        assert caught.value.place == str(path)
        assert path.read_bytes() == before

    def test_a_file_of_a_newer_release_is_refused_and_left_alone(self, path: Path) -> None:
        """The error says which step the file is at, and which one is known."""
        SqliteStore(path).close()
        _by_hand(path, "INSERT INTO cosell_schema (step) VALUES (3), (4)")
        before = path.read_bytes()
        with pytest.raises(StoreError, match=r"newer release \(step 4, and this one knows 2\)"):
            SqliteStore(path)
        assert path.read_bytes() == before

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(b"id,stage\n1,won\n" * 99, id="a spreadsheet"),
            pytest.param(b"SQLite format 3\x00" + b"\xff" * 5000, id="a damaged head"),
        ],
    )
    def test_what_is_no_database_is_refused(self, path: Path, content: bytes) -> None:
        """SQLite's own words are passed on, with the path."""
        path.write_bytes(content)
        with pytest.raises(StoreError, match="cannot be used: file is not a database"):
            SqliteStore(path)
        assert path.read_bytes() == content

    def test_a_table_of_our_name_and_another_shape_is_refused(self, path: Path) -> None:
        """A file that only looks like one of ours gives an error of ours."""
        _by_hand(path, "CREATE TABLE cosell_schema (number)")
        with pytest.raises(StoreError, match="no such column: step"):
            SqliteStore(path)

    def test_a_file_whose_steps_were_taken_out_is_refused(self, path: Path) -> None:
        """Steps are never taken twice over tables that are there."""
        SqliteStore(path).close()
        _by_hand(path, "DELETE FROM cosell_schema")
        with pytest.raises(StoreError, match="already exists"):
            SqliteStore(path)

    def test_a_damaged_page_is_reported_when_it_is_read(self, path: Path) -> None:
        """A file that was cut short or written over never answers with half a record."""
        with SqliteStore(path) as store:
            for number in range(50):
                store.commit(a_commit(f"r-{number}", record={"body": "x" * 2000}))
        content = bytearray(path.read_bytes())
        content[4096:] = b"\xa5" * (len(content) - 4096)
        path.write_bytes(content)
        with pytest.raises(StoreError, match="malformed"), SqliteStore(path) as store:
            store.load("r-7")

    @pytest.mark.parametrize(
        ("place", "problem"),
        [
            pytest.param("", "has no path", id="no path at all"),
            pytest.param("missing/deals.db", "unable to open database file", id="no such folder"),
            pytest.param(".", "unable to open database file", id="a folder"),
        ],
    )
    def test_a_path_that_cannot_be_opened_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, problem: str
    ) -> None:
        """The error names the path and says what is wrong with it."""
        monkeypatch.chdir(tmp_path)
        with pytest.raises(StoreError, match=problem) as caught:
            SqliteStore(place)
        assert caught.value.place == place

    def test_an_old_sqlite_is_refused(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Strict tables came with 3.37; the error says so, not a syntax error."""
        monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 9))
        with pytest.raises(StoreError, match=r"needs SQLite 3\.37"):
            SqliteStore(path)
        assert not path.exists()


class TestSteps:
    """How the tables came about."""

    def test_an_older_file_takes_the_steps_that_it_lacks(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Opening is enough, and what was there stays."""
        with SqliteStore(path) as store:
            store.commit(a_commit())
        more = ("ALTER TABLE cosell_record ADD COLUMN note TEXT",)
        monkeypatch.setattr(_sqlite_schema, "STEPS", (*_sqlite_schema.STEPS, more, ()))
        for _ in range(2):
            with SqliteStore(path) as store:
                assert store.load("r-1") == a_commit().record
        assert _by_hand(path, "SELECT step FROM cosell_schema") == [(1,), (2,), (3,), (4,)]

    def test_a_step_that_fails_leaves_the_file_as_it_was(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Steps are taken together or not at all, and another release may try again."""
        wrong = ("CREATE TABLE t (x)", "CREATE TABLE t (x)")
        with monkeypatch.context() as patch:
            patch.setattr(_sqlite_schema, "STEPS", (*_sqlite_schema.STEPS, wrong))
            with pytest.raises(StoreError, match="already exists"):
                SqliteStore(path)
        assert _by_hand(path, "SELECT name FROM sqlite_master") == []
        SqliteStore(path).close()

    def test_the_first_step_is_never_changed(self) -> None:
        """Files in the field depend on it: a change is a step of its own."""
        db = sqlite3.connect(":memory:")
        db.executescript((HERE / "step_1.sql").read_text(encoding="utf-8"))
        released = db.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL").fetchall()
        db.close()
        assert sorted(sql for (sql,) in released) == sorted(_sqlite_schema.STEPS[0])
