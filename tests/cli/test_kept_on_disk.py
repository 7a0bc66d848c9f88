"""What grows with a file lies on a disk, is found again, and is gone at the end."""

from __future__ import annotations

import gc
import json
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli_kit import environment, reader, reviewed
from cosell.cli.deals import Deal
from cosell.cli.due_found import DueFound, DueWishes
from cosell.cli.fee_book import OpenFee
from cosell.cli.ledger_file import new_pile
from cosell.cli.pile import Pile
from cosell.cli.ranked import Ranked
from cosell.cli.rejects import Rejects
from cosell.cli.row import FileError, Rejected, Row
from cosell.cli.scratch import Scratch, SeenIds
from cosell.cli.whole_deals import WholeDealReader
from cosell.errors import Problem
from cosell.events import Entry, EntryKind
from cosell.fees import Difference, Statement
from cosell.models import Opportunity
from fee_samples import an_entry, usd

#: Too little for anything: all of it goes to the disk at once.
NOTHING: Final = 1
EARNED = an_entry(EntryKind.EARNED, "100")
PAYABLE = an_entry(EntryKind.PAYABLE, "100")
OPEN_FILES: Final = Path("/proc/self/fd")
WON: Final = Path(__file__).parents[2] / "examples" / "fees" / "deals.jsonl"

#: No id holds half a character; whatever else it holds does not matter here.
IDS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)

needs_open_files = pytest.mark.skipif(
    not OPEN_FILES.exists(), reason="only Linux lists the files that a process has open"
)


def temporary() -> set[str]:
    """Return the temporary files of SQLite that this process has open."""
    links = [str(each.readlink()) for each in OPEN_FILES.iterdir() if each.is_symlink()]
    return {link for link in links if "etilqs" in link}


def grown(work: Callable[[], object]) -> int:
    """Return how many bytes of Python's memory are in use more after some work."""
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        work()
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
        return after - before
    finally:
        tracemalloc.stop()


class TestSeenIds:
    """Ids with the line that each was first seen on: ``cosell.cli.scratch``."""

    @given(rows=st.lists(st.tuples(IDS, st.integers(1, 10**12)), max_size=60))
    def test_they_are_a_dictionary(self, rows: list[tuple[str, int]]) -> None:
        """Law: of any ids in any order, what is known is what a dictionary knows."""
        seen, known = SeenIds(in_memory=NOTHING), dict[str, int]()

        for record_id, line in rows:
            assert seen.line_of(record_id) == known.get(record_id)
            if record_id not in known:
                seen.add(record_id, line)
                known[record_id] = line

        assert len(seen) == len(known)
        assert {each: seen.line_of(each) for each in known} == known

    def test_none_is_held_in_memory(self) -> None:
        """Ten thousand ids more take no memory of Python's, and SQLite's has a bound."""
        seen = SeenIds(in_memory=NOTHING)

        def add(numbers: range) -> None:
            for number in numbers:
                seen.add(f"o-{number}", number)

        add(range(100))  # what the first ones take is taken once
        assert grown(lambda: add(range(100, 10_100))) < 40_000  # a dictionary takes a million
        assert seen.line_of("o-99") == 99
        assert seen.line_of("o-10099") == 10_099

    @needs_open_files
    def test_they_go_to_a_file_without_a_name(self) -> None:
        """What does not fit is in a file that is deleted already, and closed with its owner."""
        others = temporary()
        seen = SeenIds(in_memory=NOTHING)
        seen.add("o-0", 1)
        assert temporary() == others  # a few ids need no file

        for number in range(1, 2_000):
            seen.add(f"o-{number}", number)
        (own,) = temporary() - others
        assert own.endswith("(deleted)")

        del seen
        assert temporary() == others


class TestPiles:
    """Things in the order in which they came: ``cosell.cli.pile``."""

    def test_a_pile_gives_back_what_was_added(self) -> None:
        """Read twice, or while more is added, it is the same."""
        pile = Pile(Entry, in_memory=NOTHING)
        pile.add([EARNED])
        first = iter(pile)
        assert next(first) == EARNED
        pile.add([PAYABLE])

        assert list(pile) == [EARNED, PAYABLE] == list(pile)
        assert list(first) == [PAYABLE]
        assert len(pile) == 2

    @given(rows=st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), max_size=30))
    def test_things_are_found_by_what_was_said_beforehand(
        self, rows: list[tuple[str, int]]
    ) -> None:
        """Law: the values are those of the things, sorted; the things of each keep their order."""
        pile = Pile(OpenFee, "record_id", "activity", in_memory=NOTHING)
        things = [OpenFee(f"o-{number}", activity, "p", "r") for activity, number in rows]
        half = len(things) // 2

        pile.add(things[:half])
        assert list(pile.values("activity")) == sorted({it.activity for it in things[:half]})
        pile.add(things[half:])

        assert list(pile.values("activity")) == sorted({it.activity for it in things})
        for record_id in pile.values("record_id"):
            own = [it for it in things if it.record_id == record_id]
            assert list(pile.having("record_id", record_id)) == own
        assert list(pile.having("activity", "d")) == []

    @pytest.mark.parametrize(
        ("kind", "thing"),
        [
            pytest.param(str, '{"id": "\\u017d"}', id="a_text"),
            pytest.param(OpenFee, OpenFee("o-1", "referral", "no rate", "Give it."), id="a_fee"),
            pytest.param(Difference, Difference("f", usd("0.10"), usd("1E+3")), id="a_difference"),
        ],
    )
    def test_whatever_is_piled_comes_back(self, kind: type[Any], thing: object) -> None:
        """Nothing is lost on the way: no digit of an amount, and no character."""
        pile = Pile(kind)
        pile.add([thing])

        assert [repr(it) for it in pile] == [repr(thing)]

    def test_an_empty_one_has_nothing(self) -> None:
        """Nothing is there, and nothing is found."""
        pile = new_pile()

        assert not pile
        assert list(pile) == list(pile.values("payee")) == list(pile.having("payee", "a")) == []
        assert list(Pile(Statement)) == []

    def test_a_disk_that_is_full(self) -> None:
        """It is told in words, with what to do."""
        scratch = Scratch("number INTEGER", in_memory=NOTHING)
        scratch.ask("PRAGMA temp.max_page_count = 4")

        def fill() -> None:
            for number in range(100_000):
                scratch.put("INSERT INTO kept VALUES (?)", (number,))

        with pytest.raises(FileError, match=r"temporary file cannot be written.* full") as caught:
            fill()

        assert "SQLITE_TMPDIR" in caught.value.remedy


class TestRanked:
    """Texts in the order of their ranks: ``cosell.cli.ranked``."""

    @given(rows=st.lists(st.tuples(st.sampled_from("abc"), st.text("xyz", max_size=2))))
    def test_they_are_sorted(self, rows: list[tuple[str, str]]) -> None:
        """Law: what is added in any order is read sorted; among equals as it came."""
        ranked, half = Ranked(in_memory=NOTHING), len(rows) // 2

        for part in (rows[:half], rows[half:]):
            for rank, text in part:
                ranked.add(rank, text)
            list(ranked)  # reading in between changes nothing

        assert list(ranked) == [text for _, text in sorted(rows, key=lambda row: row[0])]

    def test_many_of_one_rank_are_all_read(self) -> None:
        """A rank may have more texts than are read at once."""
        ranked = Ranked()
        for number in range(350):
            ranked.add("a", str(number))

        assert list(ranked) == [str(number) for number in range(350)]


def test_what_waits_is_not_held_in_memory() -> None:
    """Of many promises those of the page are kept, and of all others what the disk has."""
    late = reviewed(id="d-1", stage="asked", since="2026-11-02")
    row = Rejected(3, (Problem("acv", "it is no amount", "Give one."),), "d-2")
    found = DueFound(DueWishes(Decimal("0.75"), top=3, every=True, most_rejected=None))

    def more(count: int) -> None:
        for _ in range(count):
            found.deal(late)
            found.rejected(row)

    more(100)  # what the first ones take is taken once
    assert grown(lambda: more(400)) < 100_000  # a list of them takes a million
    assert (found.counts.total(), found.read, found.rows.count) == (500, 500, 500)
    assert len(found.top) == 3
    assert len(list(found.every_as_json)) == len(list(found.rejected_as_json)) == 500


@pytest.mark.parametrize(
    ("most", "kept"),
    [pytest.param(None, 3, id="all"), pytest.param(2, 2, id="the first"), (0, 0)],
)
def test_rejected_rows_come_back(most: int | None, kept: int) -> None:
    """Each is as it was, with whatever its problems quote; the others are counted."""
    rows = [
        Rejected(2, (Problem("acv", "`\ud800` is no amount", "Give one.", "f.csv", 2, 7, "^"),)),
        Rejected(3, (Problem("a", "b", "c", record=4), Problem("d", "e", "f")), "d-2"),
        Rejected(5, (Problem("", "`\N{SNOWMAN}`", "Mend it."),)),
    ]
    rejects = Rejects(most)
    for row in rows:
        rejects.add(row)

    assert list(rejects) == rows[:kept]
    assert (rejects.count, rejects.more) == (3, 3 - kept)


DEAL: Final = WON.read_text(encoding="utf-8").partition("\n")[0]


@pytest.mark.parametrize(
    ("read", "cells"),
    [
        pytest.param(reader().read, {"stage": "fresh"}, id="mapped_rows"),
        pytest.param(
            WholeDealReader(Opportunity, file="deals.jsonl").read,
            json.loads(DEAL),
            id="whole_deals",
        ),
    ],
)
def test_a_deal_that_stands_twice_names_its_first_line(
    read: Callable[[Row], object], cells: dict[str, Any]
) -> None:
    """The second row of an id is found however far it is from the first, which stays."""
    for number in range(500):
        assert isinstance(read(Row(number + 2, cells | {"id": f"o-{number}"})), Deal)

    for number in (0, 250, 499):
        found = read(Row(9_000, cells | {"id": f"o-{number}"}))
        assert isinstance(found, Rejected)
        (problem,) = found.problems
        assert problem.problem == f"`o-{number}` stands on line {number + 2} already"


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_no_file_is_left_however_a_run_ends(tmp_path: Path, end: signal.Signals) -> None:
    """After Ctrl-C or a kill, in the middle of its work, nothing of it is on the disk."""
    work = (
        "import signal\n"
        "from cosell.cli.scratch import SeenIds\n"
        # Whoever runs the tests in the background has it ignored, and children inherit that.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "seen = SeenIds(in_memory=1)\n"
        "for number in range(3_000_000):\n"
        "    seen.add(f'o-{number}', number)\n"
        "    if number == 5_000: print('begun', flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", work],
        env=environment(SQLITE_TMPDIR=str(tmp_path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"begun\n"
        run.send_signal(end)

    assert run.returncode != 0
    assert list(tmp_path.iterdir()) == []
