"""Where tables go: CSV files, and sheets of an Excel workbook.

Rules:

1. No cell can be taken for a formula by a spreadsheet: text that begins as one does gets an
   apostrophe in front, in Excel too.
2. Amounts and days are numbers and days in Excel, so that they can be added up and sorted; in CSV
   they are decimals and ISO days.
3. Rows are written as they come. A sheet that is full goes on in another one.
4. A workbook is written when all of it is known; where something fails before, there is none.

This module does not know what a table is about.
"""

from __future__ import annotations

import csv
import errno
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeAlias

from cosell.cli.page import printable
from cosell.cli.plain import safe_cell
from cosell.cli.row import FileError
from cosell.errors import MissingExtraError

__all__ = ["Cell", "Workbook", "open_csv", "open_workbook"]

#: What a cell of a table holds.
Cell: TypeAlias = str | int | Decimal | date | None

_MOST_ROWS: Final = 1_048_576
_DAY: Final = "yyyy-mm-dd"
_WIDTH: Final = 16
_WIDE: Final = 60
_WIDE_COLUMNS: Final = frozenset({"problems", "reason", "reasons", "steps", "value"})


def _refused(path: Path, error: OSError) -> FileError:
    return FileError(
        f"`{path}` cannot be written: {error.strerror}",
        "Name a file in a folder that you may write to.",
    )


@contextmanager
def open_csv(
    path: Path, columns: Sequence[str]
) -> Iterator[Callable[[Mapping[str, Cell]], object]]:
    """Open a CSV in UTF-8 with a byte-order mark, and give what writes a row to it.

    Raises:
        FileError: It cannot be written.
    """
    try:
        file = path.open("w", encoding="utf-8-sig", newline="")
    except OSError as error:
        raise _refused(path, error) from None
    with file:
        writer = csv.writer(file)
        writer.writerow(columns)
        yield lambda row: writer.writerow(_text(row.get(name)) for name in columns)


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return "" if cell is None else safe_cell(str(cell))


class Workbook:
    """A workbook whose sheets are filled row by row.

    Args:
        book: What openpyxl writes.
    """

    def __init__(self, book: Any) -> None:
        self._book = book

    def sheet(
        self, title: str, columns: Sequence[str], *, most: int = _MOST_ROWS
    ) -> Callable[[Mapping[str, Cell]], None]:
        """Return what writes a row to a sheet, or to the next one where it is full.

        Args:
            title: The title of the sheet.
            columns: Heads of its columns, which are the keys of a row.
            most: How many rows a sheet takes, the header included.
        """
        number, sheet, rows = 1, self._headed(title, columns), 1

        def write(row: Mapping[str, Cell]) -> None:
            nonlocal number, sheet, rows
            if rows == most:
                number, rows = number + 1, 1
                sheet = self._headed(f"{title} {number}", columns)
            sheet.append([self._cell(sheet, row.get(name)) for name in columns])
            rows += 1

        return write

    def _headed(self, title: str, columns: Sequence[str]) -> Any:
        """Return a new sheet with its header, which stays in sight and can be filtered by."""
        from openpyxl.styles import Font
        from openpyxl.utils import get_column_letter

        sheet = self._book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for at, name in enumerate(columns, 1):
            width = _WIDE if name in _WIDE_COLUMNS else _WIDTH
            sheet.column_dimensions[get_column_letter(at)].width = width
        heads = [self._cell(sheet, name.replace("_", " ")) for name in columns]
        for head in heads:
            head.font = Font(bold=True)
        sheet.append(heads)
        return sheet

    @staticmethod
    def _cell(sheet: Any, value: Cell) -> Any:
        from openpyxl.cell import WriteOnlyCell

        if isinstance(value, str):
            return WriteOnlyCell(sheet, safe_cell(printable(value)))
        cell = WriteOnlyCell(sheet, value)
        if isinstance(value, Decimal):
            digits = max(0, -int(value.as_tuple().exponent))
            cell.number_format = f"#,##0.{'0' * digits}".rstrip(".")
        elif isinstance(value, date):
            cell.number_format = _DAY
        return cell


@contextmanager
def open_workbook(path: Path) -> Iterator[Workbook]:
    """Make a workbook, and write it to ``path`` once all of it is known.

    Raises:
        FileError: It cannot be written.
        MissingExtraError: The extra ``excel`` is not installed.
    """
    try:
        from openpyxl import Workbook as Book
    except ImportError:
        raise MissingExtraError("excel", f"writing `{path}`") from None
    if path.suffix.casefold() != ".xlsx":
        raise FileError(f"`{path}` is not named as a workbook is", "Name it .xlsx.")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        # Found out before the work, not after it.
        raise _refused(path, OSError(errno.EACCES, "no such folder, or no right to write there"))
    book = Book(write_only=True)
    try:
        yield Workbook(book)
        _save(book, path)
    finally:
        for sheet in book.worksheets:
            if not sheet.closed:
                sheet.close()  # what is abandoned while open makes a noise when it is collected


def _save(book: Any, path: Path) -> None:
    try:
        book.save(path)
    except OSError as error:
        raise _refused(path, error) from None
