"""Read the rows of a CSV file, one after the other.

Rules:

1. The first line names the columns; each name stands once.
2. Bytes that do not decode reject their row, not the file. A byte-order mark is no part of a name.
3. A row has as many cells as the header. Empty lines are no rows.
4. A quoted cell may hold line breaks. One that is never closed takes the rest of the file with
   it, and is rejected as one row that says so.

This module does not know what a cell means.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Final, TextIO

from cosell.cli.cells import quoted
from cosell.cli.row import (
    DelimiterError,
    FileError,
    Layout,
    Rejected,
    Row,
    rejected,
    require_columns,
)
from cosell.errors import Problem

__all__ = ["read_csv"]

_DELIMITERS: Final = ",;\t|"
_UNDECODED: Final = re.compile("[\udc80-\udcff]")


def read_csv(text: TextIO, file: str, layout: Layout) -> Iterator[Row | Rejected]:
    """Return the rows of a CSV file; its header is read at once.

    Raises:
        FileError: It is empty, or its header cannot be used.
        MissingColumnsError: Columns that the layout names are not in its header.
    """
    reader = csv.reader(text, delimiter=layout.delimiter, strict=True)
    try:
        header = next((row for row in reader if row), None)
    except (csv.Error, UnicodeError) as error:
        raise _unreadable(file, reader.line_num + 1, error) from None
    if header is None:
        raise FileError(f"`{file}` is empty", "Give a file with a header and a row for each deal.")
    names = [name.strip() for name in header]
    _check_header(file, names, layout)
    return _rows(reader, file, names)


def _unreadable(file: str, line: int, error: Exception) -> FileError:
    return FileError(
        f"`{file}` cannot be read from line {line} on: {error}",
        "Name its `encoding` and `delimiter` in the mapping.",
    )


def _check_header(file: str, names: list[str], layout: Layout) -> None:
    if any(_UNDECODED.search(name) or "\x00" in name for name in names):
        raise FileError(
            f"the header of `{file}` is not written in {layout.encoding}",
            "Name the file's `encoding` in the mapping, such as utf-16 or cp1252.",
        )
    wanted = list(dict.fromkeys(layout.columns))
    missing = [name for name in wanted if name not in names]
    if missing and (sign := _other_delimiter(names, layout, none_found=missing == wanted)):
        raise DelimiterError(file, layout.delimiter, sign)
    require_columns(file, names, wanted)


def _other_delimiter(names: list[str], layout: Layout, *, none_found: bool) -> str | None:
    """Return the sign that seems to part the columns, if the named one does not."""
    header = "".join(names)
    sign = max(_DELIMITERS.replace(layout.delimiter, ""), key=header.count)
    return sign if sign in header and (none_found or len(names) == 1) else None


def _rows(reader: csv._reader, file: str, names: list[str]) -> Iterator[Row | Rejected]:  # type: ignore[name-defined]  # the stubs keep the class private
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield rejected(file, line, *_broken(str(error), line, reader.line_num))
            continue
        except UnicodeError as error:
            raise _unreadable(file, line, error) from None
        if cells:
            yield _row(file, line, names, cells)


def _broken(error: str, first: int, last: int) -> tuple[str, str]:
    if "end of data" in error:
        span = f"; lines {first} to {last} were read as one row" if last > first else ""
        return f"a quote is opened and never closed{span}", "Close it, or double it."
    return (
        f"the row cannot be taken apart: {error}",
        "Quote cells that hold quotes, and double them.",
    )


def _row(file: str, line: int, names: list[str], cells: list[str]) -> Row | Rejected:
    problems = [
        Problem(name, f"{quoted(cell)} does not decode", _ENCODE, file=file, line=line)
        for name, cell in zip(names, cells, strict=False)
        if not cell.isascii() and _UNDECODED.search(cell)
    ]
    if len(cells) != len(names):
        kind = "short" if len(cells) < len(names) else "long"
        said = f"the row is too {kind}: it has {len(cells)} cells, and the header {len(names)}"
        problems.insert(0, Problem("", said, "Check its delimiters and quotes.", file, line))
    if problems:
        # Past a cell too many nobody knows which cell is which.
        named = () if len(cells) > len(names) else zip(names, cells, strict=False)
        broken = {problem.path for problem in problems}
        there = {name: cell for name, cell in named if name not in broken}
        return Rejected(line, tuple(problems), cells=there)
    return Row(line, dict(zip(names, cells, strict=True)))


_ENCODE: Final = "Save the file in one encoding, and name it as `encoding` in the mapping."
