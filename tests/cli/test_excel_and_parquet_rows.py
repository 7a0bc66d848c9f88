"""Workbooks and Parquet files are read as CSV is: each row is read or rejected, none is lost."""

from __future__ import annotations

import datetime as dt
import sys
import warnings
from collections.abc import Sequence
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from rich.console import Console

from cli_kit import MAP, reader
from cosell.cli.deals import Deal
from cosell.cli.excel_rows import _plain
from cosell.cli.progress import counted
from cosell.cli.row import FileError, Layout, MissingColumnsError, Rejected, Row
from cosell.cli.rows import open_rows
from cosell.errors import MissingExtraError
from extras import needs_extra

needs_extra("excel", "openpyxl")
needs_extra("parquet", "pyarrow")

UTC = dt.UTC
#: A cell of a workbook has no zone.
MORNING = dt.datetime(2026, 11, 20, 9, 30, tzinfo=UTC).replace(tzinfo=None)
MIDNIGHT = MORNING.replace(hour=0, minute=0)


def workbook(path: Path, *rows: Sequence[Any], title: str = "Deals", **sheets: Any) -> Path:
    """Write a workbook; other sheets are given by their titles."""
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for other, cells in sheets.items():
        sheet = book.create_sheet(other)
        for row in cells:
            sheet.append(row)
    book.save(path)
    return path


def parquet(path: Path, rows: list[dict[str, Any]], **kinds: Any) -> Path:
    """Write a Parquet file."""
    import pyarrow as pa
    from pyarrow.parquet import write_table

    table = pa.Table.from_pylist(rows)
    for name, kind in kinds.items():
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, table.column(name).cast(kind))
    write_table(table, path)
    return path


def rows_of(path: Path, **layout: Any) -> list[Row | Rejected]:
    """Return the rows of a file."""
    with open_rows(path, Layout(**layout)) as rows:
        return list(rows.rows)


class TestExcel:
    """Rules of ``cosell.cli.excel_rows``."""

    def test_values_come_as_the_sheet_shows_them(self, tmp_path: Path) -> None:
        """Numbers are decimals of fifteen digits, days are days, and moments are moments."""
        path = workbook(
            tmp_path / "d.xlsx",
            [],
            ["id", " acv ", "on", "at", "ok", "hour", None],
            ["a", 0.1 + 0.2, MIDNIGHT, MORNING, True],
            [],
            [1, 42000.0, None, None, False, dt.time(9, 30), "a note beside the table"],
        )

        first, second = rows_of(path, columns=["id", "acv"])

        assert isinstance(first, Row)
        assert isinstance(second, Row)
        assert (first.line, second.line) == (3, 5)
        assert first.cells == {
            "id": "a",
            "acv": Decimal("0.3"),
            "on": dt.date(2026, 11, 20),
            "at": MORNING,
            "ok": True,
        }
        assert second.cells["id"] == 1
        assert second.cells["acv"] == 42000
        assert isinstance(second.cells["acv"], int)
        assert second.cells["hour"] == "09:30:00"

    def test_a_day_is_read_however_dates_are_written(self, tmp_path: Path) -> None:
        """A true date needs no pattern, and an amount that is a number no separators."""
        path = workbook(
            tmp_path / "d.xlsx",
            ["id", "stage", "since", "value", "customer"],
            ["d-1", "asked", MIDNIGHT, 60000.5, "Acme"],
        )
        read = reader(MAP.replace("zone = ", 'dates = "%d.%m.%Y"\nthousands = ","\nzone = '))

        (row,) = rows_of(path)
        assert isinstance(row, Row)
        deal = read.read(row)

        assert isinstance(deal, Deal)
        assert str(getattr(deal.record, "acv", None)) == "60000.50 USD"
        assert deal.since is not None
        assert deal.since.date() == dt.date(2026, 11, 20)

    def test_a_cell_with_an_error_rejects_its_row(self, tmp_path: Path) -> None:
        """``#N/A`` is no value; every such cell is named, and other rows are read."""
        path = workbook(tmp_path / "d.xlsx", ["id", "acv"], ["#N/A", "#REF!"], ["b", 1])

        wrong, right = rows_of(path)

        assert isinstance(wrong, Rejected)
        assert [(it.path, it.problem, it.line) for it in wrong.problems] == [
            ("id", "the cell holds the error `#N/A`", 2),
            ("acv", "the cell holds the error `#REF!`", 2),
        ]
        assert isinstance(right, Row)

    def test_a_formula_without_a_saved_value_rejects_its_row(self, tmp_path: Path) -> None:
        """What no spreadsheet has calculated yet is no empty cell: it is told, where it is read."""
        path = workbook(
            tmp_path / "d.xlsx",
            ["id", "acv", "note"],
            ["a", "=B3*2", "b"],
            [],
            ["b", 5, "=1+1"],
            ["=A2", "=B3", None],
        )

        first, second, third = rows_of(path, columns=["id", "acv"])

        assert isinstance(first, Rejected)
        (problem,) = first.problems
        assert (problem.path, problem.line) == ("acv", 2)
        assert problem.problem == "the cell holds a formula that no value was saved with"
        assert isinstance(second, Row)
        assert second.cells["acv"] == 5
        assert isinstance(third, Rejected)
        assert [each.path for each in third.problems] == ["id", "acv"]

    def test_a_formula_counts_by_the_value_that_was_saved(self, tmp_path: Path) -> None:
        """An empty text is a value that a formula may have, as ``=IF(A1="","",A1)`` does."""
        path = workbook(tmp_path / "d.xlsx", ["id", "acv", "name"], ["a", "=1+1", '=""'])
        part = "xl/worksheets/sheet1.xml"
        with ZipFile(path) as book:
            parts = {name: book.read(name) for name in book.namelist()}
        sheet = parts[part].replace(b'"B2"><f>1+1</f><v />', b'"B2"><f>1+1</f><v>2</v>')
        parts[part] = sheet.replace(b'"C2"><f>""</f><v />', b'"C2" t="str"><f>""</f><v></v>')
        with ZipFile(path, "w") as book:
            for name, content in parts.items():
                book.writestr(name, content)

        (row,) = rows_of(path, columns=["id", "acv", "name"])

        assert isinstance(row, Row)
        assert row.cells == {"id": "a", "acv": 2, "name": None}

    def test_the_sheet_is_the_first_or_the_one_named(self, tmp_path: Path) -> None:
        """A mapping may name a sheet; one that is not there is told with those that are."""
        path = workbook(tmp_path / "d.xlsx", ["id"], ["a"], Archive=[["id"], ["b"]])

        assert [row.cells for row in rows_of(path) if isinstance(row, Row)] == [{"id": "a"}]
        assert [row.cells for row in rows_of(path, sheet="Archive") if isinstance(row, Row)] == [
            {"id": "b"}
        ]
        with pytest.raises(FileError, match="has no sheet `Archiv`") as caught:
            rows_of(path, sheet="Archiv")
        assert "Archive" in caught.value.remedy

    def test_columns_must_be_there_once(self, tmp_path: Path) -> None:
        """Columns that are missing are named together, and one that stands twice is unclear."""
        path = workbook(tmp_path / "d.xlsx", ["id", "name", "name"], ["a", "b", "c"])

        with pytest.raises(MissingColumnsError) as caught:
            rows_of(path, columns=["id", "acv", "on"])
        assert caught.value.missing == ("acv", "on")
        with pytest.raises(FileError, match="has the column `name` twice"):
            rows_of(path, columns=["name"])

    def test_what_is_no_workbook(self, tmp_path: Path) -> None:
        """A file that is damaged, empty, away or without a sheet is told in words."""
        damaged = tmp_path / "damaged.xlsx"
        damaged.write_bytes(b"PK\x03\x04 nothing")
        with pytest.raises(FileError, match="cannot be read as a workbook"):
            rows_of(damaged)
        with pytest.raises(FileError, match="is empty"):
            rows_of(workbook(tmp_path / "empty.xlsx"))
        with pytest.raises(FileError, match="cannot be opened"):
            rows_of(tmp_path / "away.xlsx")

    def test_a_sheet_that_breaks_off(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A sheet that cannot be read to its end is no row, but an error of the file."""
        from openpyxl.worksheet._read_only import ReadOnlyWorksheet

        def breaks(_: object) -> Any:
            raise KeyError("row")
            yield

        path = workbook(tmp_path / "d.xlsx", ["id"], ["a"])
        monkeypatch.setattr(ReadOnlyWorksheet, "iter_rows", breaks)

        with pytest.raises(FileError, match="cannot be read as a workbook: KeyError"):
            rows_of(path)

    def test_a_workbook_without_a_sheet_of_cells(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A workbook of charts alone has no rows to read."""
        from openpyxl import Workbook

        path = workbook(tmp_path / "d.xlsx", ["id"])
        monkeypatch.setattr(Workbook, "worksheets", property(lambda _: []))

        with pytest.raises(FileError, match="has no sheet"):
            rows_of(path)

    def test_numbers_that_are_none(self) -> None:
        """An infinite number is left to whoever reads the cell, as text."""
        assert [_plain(float(text)) for text in ("inf", "nan")] == ["inf", "nan"]
        assert _plain(dt.timedelta(hours=1)) == "1:00:00"


class TestParquet:
    """Rules of ``cosell.cli.parquet_rows``."""

    def test_values_come_as_json_would_have_them(self, tmp_path: Path) -> None:
        """Numbers with a point are decimals, nested columns tables, bytes text."""
        at = dt.datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
        path = parquet(
            tmp_path / "d.parquet",
            [
                {
                    "id": 2001.0,
                    "acv": 0.1,
                    "exact": Decimal("12.50"),
                    "at": at,
                    "on": at.date(),
                    "raw": b"Pr\xc5\xaf\xf9",
                    "partner": {"id": "acme", "levels": [1.5, float("nan")]},
                },
                {"id": None},
            ],
        )

        first, second = rows_of(path, columns=["id", "partner.id", "partner.levels.0"])

        assert isinstance(first, Row)
        assert isinstance(second, Row)
        assert (first.line, second.line) == (1, 2)
        assert first.cells == {
            "id": 2001,
            "acv": Decimal("0.1"),
            "exact": Decimal("12.50"),
            "at": at,
            "on": at.date(),
            "raw": "Prů\udcf9",
            "partner": {"id": "acme", "levels": [Decimal("1.5"), "nan"]},
        }
        assert second.cells["id"] is None

    def test_an_hour_alone_is_text(self, tmp_path: Path) -> None:
        """A time of day is no moment; it is read as in a workbook."""
        path = parquet(tmp_path / "d.parquet", [{"id": "a", "hour": dt.time(9, 30)}])

        (row,) = rows_of(path)

        assert isinstance(row, Row)
        assert row.cells["hour"] == "09:30:00"

    def test_columns_that_are_missing(self, tmp_path: Path) -> None:
        """Columns that the layout names are in the file, or in a nested column of it."""
        path = parquet(tmp_path / "d.parquet", [{"id": "a", "partner": {"id": "b"}}])

        with pytest.raises(MissingColumnsError) as caught:
            rows_of(path, columns=["id", "partner.id", "customer.name"])

        assert caught.value.missing == ("customer.name",)

    def test_what_is_no_parquet(self, tmp_path: Path) -> None:
        """A file that is damaged or away is told in words."""
        damaged = tmp_path / "damaged.parquet"
        damaged.write_bytes(b"PAR1 nothing PAR1")
        with pytest.raises(FileError, match="is no Parquet file"):
            rows_of(damaged)
        with pytest.raises(FileError, match="cannot be opened"):
            rows_of(tmp_path / "away.parquet")

    def test_a_file_that_breaks_off(self, tmp_path: Path) -> None:
        """From where a file cannot be read, it is an error that says so."""
        path = parquet(tmp_path / "d.parquet", [{"id": f"d-{n}" * 40} for n in range(3000)])
        content = bytearray(path.read_bytes())
        content[4:2000] = bytes(1996)
        path.write_bytes(content)

        with pytest.raises(FileError, match="cannot be read from row 1 on"):
            rows_of(path)


@pytest.mark.parametrize(
    ("name", "package", "extra"),
    [("d.xlsx", "openpyxl", "excel"), ("d.parquet", "pyarrow", "parquet")],
)
def test_a_missing_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, package: str, extra: str
) -> None:
    """Without its package a kind of file is refused with what to install."""
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(MissingExtraError, match=rf"pip install 'cosell\[{extra}\]'"):
        rows_of(tmp_path / name)


@pytest.mark.parametrize("name", ["d.xlsx", "d.parquet"])
def test_progress_counts_rows(tmp_path: Path, name: str) -> None:
    """A file that is no stream of bytes is done by the number of its rows."""
    path = tmp_path / name
    if name.endswith("xlsx"):
        workbook(path, ["id"], *[[f"d-{n}"] for n in range(120)])
    else:
        parquet(path, [{"id": f"d-{n}"} for n in range(120)])
    console = Console(file=StringIO(), force_terminal=True, width=80)

    with open_rows(path, Layout()) as rows:
        found = list(counted(rows, shown=True, console=console))

    assert len(found) == 120
    assert rows.size in {120, 121}


def test_a_style_that_openpyxl_warns_about_is_no_error(tmp_path: Path) -> None:
    """What openpyxl says about parts that nobody reads here is left out."""
    from openpyxl import load_workbook

    path = workbook(tmp_path / "d.xlsx", ["id"], ["a"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(rows_of(path)) == 1
    assert load_workbook(path).active is not None
