"""Files of fees: ledgers that are read whole and only grow, sheets that go on, sums of a ledger."""

from __future__ import annotations

import errno
import os
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.cli import ledger_file
from cosell.cli.fee_account import Sums
from cosell.cli.ledger_file import append_ledger, create_ledger, read_ledger
from cosell.cli.row import FileError
from cosell.cli.tables_out import open_workbook
from cosell.errors import InvalidDataError
from cosell.events import Entry, EntryKind
from cosell.fees import Account, FiscalPeriod, account_of
from cosell.money import total_of
from extras import needs_extra
from fee_samples import an_entry, noon, usd

needs_extra("excel", "openpyxl")

EARNED = an_entry(EntryKind.EARNED, "100")
PAYABLE = an_entry(EntryKind.PAYABLE, "100")


class TestLedgers:
    """Rules of ``cosell.cli.ledger_file``."""

    def test_what_is_written_is_read_again(self, tmp_path: Path) -> None:
        """Entries keep their order, and later ones go below."""
        path = tmp_path / "l.jsonl"
        create_ledger(path, [EARNED])
        append_ledger(path, [PAYABLE])

        assert tuple(read_ledger(path)) == (EARNED, PAYABLE)

    def test_a_last_line_without_its_end_is_ended(self, tmp_path: Path) -> None:
        """A ledger that an editor saved without a line break does not run two entries together."""
        path = tmp_path / "l.jsonl"
        path.write_text(EARNED.model_dump_json(), encoding="utf-8")

        append_ledger(path, [PAYABLE])

        assert tuple(read_ledger(path)) == (EARNED, PAYABLE)

    def test_an_entry_that_stands_twice_counts_once(self, tmp_path: Path) -> None:
        """Two runs at once may both add an entry; it is one."""
        path = tmp_path / "l.jsonl"
        append_ledger(path, [EARNED, PAYABLE])
        append_ledger(path, [PAYABLE])

        assert tuple(read_ledger(path)) == (EARNED, PAYABLE)

    def test_everything_wrong_is_said_at_once(self, tmp_path: Path) -> None:
        """No line is left out: with an entry missing, a fee could be paid twice."""
        path = tmp_path / "l.jsonl"
        other = EARNED.model_copy(update={"amount": usd(99)})
        append_ledger(path, [EARNED, other])
        with path.open("a", encoding="utf-8") as file:
            file.write('{"id": "e-1"}\n{"id": \n')

        with pytest.raises(InvalidDataError) as caught:
            read_ledger(path)

        said = [(it.line, it.path) for it in caught.value.problems]
        assert (2, "id") in said
        assert (3, "amount") in said
        assert (4, "") in said
        assert "says otherwise" in str(caught.value)

    def test_a_file_that_is_no_ledger_is_told_in_one_line(self, tmp_path: Path) -> None:
        """Deals in place of a ledger are one mistake, and not one for each field of each line."""
        path = tmp_path / "deals.jsonl"
        path.write_text('{"id": "o-1", "stage": "new"}\n' * 40, encoding="utf-8")

        with pytest.raises(FileError, match="is no ledger: none of its lines is an entry"):
            read_ledger(path)

    def test_the_one_line_of_a_ledger_is_told_in_full(self, tmp_path: Path) -> None:
        """A ledger that has just begun and was damaged is still one."""
        path = tmp_path / "l.jsonl"
        path.write_text(EARNED.model_dump_json().replace("earned", "urned"), encoding="utf-8")

        with pytest.raises(InvalidDataError, match=r"l\.jsonl:1: kind: "):
            read_ledger(path)

    def test_all_entries_are_written_or_none(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A disk that is full leaves the ledger as it was."""
        path = tmp_path / "l.jsonl"
        append_ledger(path, [EARNED])

        def full(_: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(ledger_file.os, "fsync", full)
        with pytest.raises(FileError, match="No space left"):
            append_ledger(path, [PAYABLE])

        assert tuple(read_ledger(path)) == (EARNED,)


class TestSheets:
    """Rules of ``cosell.cli.tables_out``."""

    def test_a_full_sheet_goes_on_in_another(self, tmp_path: Path) -> None:
        """Each sheet has the header, and no row is lost."""
        from openpyxl import load_workbook

        path = tmp_path / "b.xlsx"
        with open_workbook(path) as book:
            write = book.sheet("Fees", ["n", "text"], most=3)
            for number in range(5):
                write({"n": number, "text": f"row\x07 {number}"})

        found = load_workbook(path)
        assert found.sheetnames == ["Fees", "Fees 2", "Fees 3"]
        rows = [[cell.value for cell in row] for sheet in found for row in sheet]
        assert rows.count(["n", "text"]) == 3
        assert [row[0] for row in rows if row[0] != "n"] == [0, 1, 2, 3, 4]
        assert rows[1][1] == r"row\x07 0"

    def test_where_the_work_fails_there_is_no_workbook(self, tmp_path: Path) -> None:
        """A run that fails leaves nothing that looks like a result."""
        path = tmp_path / "b.xlsx"

        def fail() -> None:
            with open_workbook(path) as book:
                book.sheet("Fees", ["n"])({"n": 1})
                raise KeyError

        with pytest.raises(KeyError):
            fail()

        assert not path.exists()

    def test_one_that_was_there_stays(self, tmp_path: Path) -> None:
        """A workbook of an earlier run is kept where this one fails."""
        path = tmp_path / "b.xlsx"
        path.write_bytes(b"earlier")

        with pytest.raises(KeyError), open_workbook(path):
            raise KeyError

        assert path.read_bytes() == b"earlier"

    def test_a_disk_that_is_full(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A workbook that cannot be saved is told in words."""
        from openpyxl import Workbook

        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(Workbook, "save", full)
        with (
            pytest.raises(FileError, match="No space left"),
            open_workbook(tmp_path / "b.xlsx") as book,
        ):
            book.sheet("Fees", ["n"])


_KINDS = st.sampled_from([EntryKind.EARNED, EntryKind.PAYABLE, EntryKind.PAID, EntryKind.ADJUSTED])
_DAYS = st.sampled_from(["2026-06-30", "2026-07-01", "2026-09-30", "2026-10-01"])


@st.composite
def ledgers(draw: st.DrawFn) -> list[Entry]:
    """Draw entries of a few fees of two payees, in any order that an account takes."""
    made: list[Entry] = []
    for number in range(draw(st.integers(0, 12))):
        payee = draw(st.sampled_from(["acme", "zeta"]))
        deal = draw(st.sampled_from(["o-1", "o-2"]))
        made.append(
            an_entry(
                draw(_KINDS),
                usd(draw(st.integers(-50, 50))),
                fee=f"{deal}|tiny|referral|{payee}",
                payee=payee,
                record_id=deal,
                cause=str(number),
                at=noon(draw(_DAYS)),
            )
        )
    return made


@given(entries=ledgers())
def test_the_sums_are_those_of_the_whole_ledger(entries: list[Entry]) -> None:
    """Law: totals and periods say what ``account_of`` says, deal by deal or all at once."""
    period = FiscalPeriod(date(2026, 7, 1), date(2026, 9, 30))
    sums = Sums(frozenset({UTC}))
    own: dict[str, list[Entry]] = {"o-1": [], "o-2": []}

    def room(account: Account, payee: str, beside: str) -> Any:
        kept = account.payable_in(period, payee, "referral", zone=UTC, beside=beside)
        return {name: it for name, it in total_of(kept).items() if it.amount}

    for entry in entries:
        sums.write(sums.deal(own[entry.record_id]), [entry])
        own[entry.record_id].append(entry)

    whole = account_of(entries)
    assert {key: usd(it.balance) for key, it in sums.totals.items()} == whole.balances
    assert {key: usd(it.disputed) for key, it in sums.totals.items()} == {
        key: whole.disputed(*key) for key in whole.balances
    }
    for payee in ("acme", "zeta"):
        for deal, found in own.items():
            for beside in ("", f"{deal}|tiny|referral|{payee}"):
                assert room(sums.deal(found), payee, beside) == room(whole, payee, beside)
