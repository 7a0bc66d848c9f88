"""Read the rows of an Excel workbook, one after the other.

Rules:

1. The first row that is not empty names the columns. Empty rows are no rows, and what stands under
   no name belongs to no column.
2. A formula counts by the value that was saved with it. A cell that holds an error, such as
   ``#N/A``, rejects its row.
3. A number is what Excel shows of it at most: fifteen digits, as a decimal. Midnight is a day,
   however the mapping says that dates are written.

It needs the extra ``excel``. This module does not know what a cell means.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from cosell.cli.moments import day_if_midnight
from cosell.cli.row import FileError, Layout, Rejected, Row, Rows, require_columns
from cosell.errors import MissingExtraError, Problem, did_you_mean

__all__ = ["open_excel"]

_ERROR: Final = "e"
_DIGITS: Final = 15


@contextmanager
def open_excel(path: Path, layout: Layout) -> Iterator[Rows]:
    """Open the sheet of a workbook that the layout names, or its first.

    Raises:
        FileError: It cannot be opened, is no workbook, or has no such sheet.
        MissingColumnsError: Columns that the layout names are not in its header.
        MissingExtraError: The extra ``excel`` is not installed.
    """
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise MissingExtraError("excel", f"reading `{path}`") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations that nobody reads here
            book = load_workbook(path, read_only=True, data_only=True)
    except OSError as error:
        raise FileError(
            f"`{path}` cannot be opened: {error.strerror}", "Check its name and your rights."
        ) from None
    except Exception as error:  # noqa: BLE001 - what is damaged fails in as many ways as it has parts
        raise _damaged(path, error) from None
    try:
        sheet = _sheet_of(book, path, layout.sheet)
        size = sheet.max_row
        sheet.reset_dimensions()  # some programs write that a sheet has one cell
        yield Rows(_rows(_numbered(sheet, path), path, layout), size)
    finally:
        book.close()


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


def _numbered(sheet: Any, path: Path) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a sheet with their numbers, empty ones left out."""
    cells = enumerate(sheet.iter_rows(), 1)
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a date that is none becomes an error of its cell
                number, row = next(cells)
        except StopIteration:
            return
        except Exception as error:  # noqa: BLE001 - see above
            raise _damaged(path, error) from None
        if any(cell.value is not None for cell in row):
            yield number, row


def _rows(numbered: Iterator[tuple[int, Any]], path: Path, layout: Layout) -> Iterator[Any]:
    """Return the rows below the header, which is read at once."""
    first = next(numbered, None)
    if first is None:
        raise FileError(f"`{path}` is empty", "Give a header and a row for each deal.")
    names = ["" if cell.value is None else str(cell.value).strip() for cell in first[1]]
    require_columns(str(path), names, layout.columns)
    return (_row(str(path), number, names, row) for number, row in numbered)


def _row(file: str, line: int, names: list[str], row: Any) -> Row | Rejected:
    named = [(name, cell) for name, cell in zip(names, row, strict=False) if name]
    problems = [
        Problem(name, f"the cell holds the error `{cell.value}`", _CORRECT, file=file, line=line)
        for name, cell in named
        if cell.value is not None and cell.data_type == _ERROR
    ]
    if problems:
        return Rejected(line, tuple(problems))
    return Row(line, {name: _plain(cell.value) for name, cell in named})


_CORRECT: Final = "Correct the formula, or save its value instead."


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
