"""Read the rows of an Excel workbook, one after the other.

Rules:

1. The first row that is not empty names the columns. Empty rows are no rows, and what stands under
   no name belongs to no column.
2. A formula counts by the value that was saved with it. Where none was, as in a workbook that no
   spreadsheet has opened yet, a formula in a column that is read rejects its row; so does an error
   such as ``#N/A``.
3. A number is what Excel shows of it at most: fifteen digits, as a decimal. Midnight is a day,
   however the mapping says that dates are written.

It needs the extra ``excel``. This module does not know what a cell means.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import repeat
from pathlib import Path
from typing import Any, Final, NamedTuple
from zipfile import ZipFile

from cosell.cli.moments import day_if_midnight
from cosell.cli.row import FileError, Layout, Rejected, Row, Rows, require_columns
from cosell.errors import MissingExtraError, Problem, did_you_mean

__all__ = ["open_excel"]

_ERROR: Final = "e"
_FORMULA: Final = "f"
_SAVED_TEXT: Final = "str"
_SHEETS: Final = "xl/worksheets/"
_FORMULA_BEGINS: Final = re.compile(rb"<(\w+:)?f[\s>/]")
_AT_ONCE: Final = 1 << 20
_OVERLAP: Final = 80
_DIGITS: Final = 15


@contextmanager
def open_excel(path: Path, layout: Layout) -> Iterator[Rows]:
    """Open the sheet of a workbook that the layout names, or its first.

    Raises:
        FileError: It cannot be opened, is no workbook, or has no such sheet.
        MissingColumnsError: Columns that the layout names are not in its header.
        MissingExtraError: The extra ``excel`` is not installed.
    """
    with closing(_book(path, saved=True)) as book:
        sheet = _sheet_of(book, path, layout.sheet)
        size = sheet.max_row
        if not _holds_formulas(path):
            yield Rows(_rows(_numbered(_cells(sheet), path), path, layout), size)
            return
        with closing(_book(path, saved=False)) as written:
            formulas = _cells(written[sheet.title])
            yield Rows(_rows(_numbered(_cells(sheet), path, formulas), path, layout), size)


def _book(path: Path, *, saved: bool) -> Any:
    """Return a workbook, with the values that were saved with formulas, or with the formulas."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise MissingExtraError("excel", f"reading `{path}`") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations that nobody reads here
            return load_workbook(path, read_only=True, data_only=saved)
    except OSError as error:
        raise FileError(
            f"`{path}` cannot be opened: {error.strerror}", "Check its name and your rights."
        ) from None
    except Exception as error:  # noqa: BLE001 - what is damaged fails in as many ways as it has parts
        raise _damaged(path, error) from None


def _holds_formulas(path: Path) -> bool:
    """Whether any sheet holds a formula: only then is the workbook read a second time for them."""
    with ZipFile(path) as parts:
        for name in parts.namelist():
            if name.startswith(_SHEETS):
                with parts.open(name) as part:
                    before = b""
                    while found := part.read(_AT_ONCE):
                        if _FORMULA_BEGINS.search(before + found):
                            return True
                        before = found[-_OVERLAP:]
    return False


def _damaged(path: Path, error: Exception) -> FileError:
    return FileError(
        f"`{path}` cannot be read as a workbook: {type(error).__name__}",
        "Open it in Excel, save it as .xlsx, and try again.",
    )


def _sheet_of(book: Any, path: Path, name: str | None) -> Any:
    titles = [sheet.title for sheet in book.worksheets]
    if name is None and titles:
        return book.worksheets[0]
    if name in titles:
        return book[name]
    said = "no sheet" if name is None else f"no sheet `{name}`"
    raise FileError(f"`{path}` has {said}", did_you_mean(name or "", titles))


class _Unsaved(NamedTuple):
    """Stands for a cell with a formula that no value was saved with."""

    value: str
    data_type: str = _FORMULA


def _cells(sheet: Any) -> Iterator[Any]:
    """Return the rows of a sheet, of which some programs write that it has one cell."""
    sheet.reset_dimensions()
    return iter(sheet.iter_rows())


def _numbered(
    rows: Iterator[Any], path: Path, formulas: Iterator[Any] | None = None
) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a sheet with their numbers, empty ones left out."""
    cells = enumerate(zip(rows, formulas or repeat(()), strict=False), 1)
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a date that is none becomes an error of its cell
                number, (row, written) = next(cells)
        except StopIteration:
            return
        except Exception as error:  # noqa: BLE001 - see above
            raise _damaged(path, error) from None
        if written:
            row = list(map(_with_formula, row, written))
        if any(cell.value is not None for cell in row):
            yield number, row


def _with_formula(cell: Any, written: Any) -> Any:
    """Return a cell, or that it holds a formula without a value; an empty text is a value."""
    if cell.value is None and cell.data_type != _SAVED_TEXT and written.data_type == _FORMULA:
        return _Unsaved(str(written.value))
    return cell


def _rows(numbered: Iterator[tuple[int, Any]], path: Path, layout: Layout) -> Iterator[Any]:
    """Return the rows below the header, which is read at once."""
    first = next(numbered, None)
    if first is None:
        raise FileError(f"`{path}` is empty", "Give a header and a row for each deal.")
    names = ["" if cell.value is None else str(cell.value).strip() for cell in first[1]]
    require_columns(str(path), names, layout.columns)
    wanted = frozenset(layout.columns)
    return (_row(str(path), number, names, row, wanted) for number, row in numbered)


def _row(
    file: str, line: int, names: list[str], row: Any, wanted: frozenset[str]
) -> Row | Rejected:
    named = [(name, cell) for name, cell in zip(names, row, strict=False) if name]
    problems = [
        Problem(name, *said, file=file, line=line)
        for name, cell in named
        if (said := _unusable(cell, wanted=name in wanted)) is not None
    ]
    if problems:
        broken = {problem.path for problem in problems}
        there = {name: _plain(cell.value) for name, cell in named if name not in broken}
        return Rejected(line, tuple(problems), cells=there)
    return Row(line, {name: _plain(cell.value) for name, cell in named})


def _unusable(cell: Any, *, wanted: bool) -> tuple[str, str] | None:
    """Return why a cell has no value that counts, and what to do, if that is so."""
    if cell.data_type == _ERROR and cell.value is not None:
        said = f"the cell holds the error `{cell.value}`"
        return said, "Correct the formula, or save its value instead."
    if cell.data_type == _FORMULA and wanted:
        return "the cell holds a formula that no value was saved with", _SAVE
    return None


_SAVE: Final = "Open the file in a spreadsheet and save it, or write the value itself."


def _plain(value: Any) -> Any:
    """Return the value of a cell, with decimals and days."""
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, date):
        return day_if_midnight(value)
    if isinstance(value, time | timedelta):
        return str(value)
    return value


def _number(value: float) -> Decimal | int | str:
    if not math.isfinite(value):
        return str(value)
    return int(value) if value.is_integer() else Decimal(f"{value:.{_DIGITS}g}")
