"""What one row of a file is: found, or rejected; and what an open file of rows is.

This module does not know how a file is read.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from cosell.errors import CosellError, Problem

__all__ = [
    "DelimiterError",
    "FileError",
    "Layout",
    "MissingColumnsError",
    "Rejected",
    "Row",
    "Rows",
    "rejected",
    "require_columns",
]


class FileError(CosellError):
    """A file cannot be read at all."""

    code = "file.unreadable"


class MissingColumnsError(CosellError):
    """Columns that a mapping names are not in the file.

    Attributes:
        missing: The columns.
        found: The columns of the file.
    """

    code = "file.missing_columns"

    def __init__(self, file: str, missing: Collection[str], found: Collection[str]) -> None:
        self.missing = tuple(missing)
        self.found = tuple(found)
        super().__init__(
            problem=f"`{file}` has no column {', '.join(f'`{name}`' for name in self.missing)}",
            remedy=f"It has: {', '.join(self.found)}.",
        )


class DelimiterError(FileError):
    """The cells of a file are parted by another sign than was said.

    Attributes:
        file: The file.
        sign: What seems to part them.
    """

    code = "file.delimiter"

    def __init__(self, file: str, said: str, sign: str, remedy: str | None = None) -> None:
        self.file = file
        self.sign = sign
        shown = {"\t": "a tab"}.get(sign, f"`{sign}`")
        super().__init__(
            f"the header of `{file}` is not parted by `{said}`, but by {shown}",
            remedy or f"Write `delimiter = {json.dumps(sign)}` in the mapping.",
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out.

    Attributes:
        encoding: How its bytes are read.
        delimiter: What parts the cells of a CSV file.
        records: The dotted path of the list of deals in a JSON document.
        columns: The columns that must be in the header of a table.
        sheet: The sheet of a workbook; ``None`` is the first.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    records: str | None = None
    columns: Collection[str] = ()
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was found.

    Attributes:
        line: The line of the file on which it begins, from 1.
        cells: What it holds: by column, or nested as in its record.
        record: Which record of a JSON document it is, from 1: a line may hold all of them.
    """

    line: int
    cells: Mapping[str, Any]
    record: int | None = None

    @property
    def number(self) -> int:
        """What tells it from the other rows: its record, or else its line."""
        return self.line if self.record is None else self.record

    def stands_already(self, shown: str, number: int) -> str:
        """Say that what is ``shown`` stood in an earlier row."""
        place = "on line" if self.record is None else "in record"
        return f"{shown} stands {place} {number} already"

    def problem(self, file: str, column: str, problem: str, remedy: str) -> Problem:
        """Return something that is wrong with it."""
        return Problem(column, problem, remedy, file=file, line=self.line, record=self.record)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be used.

    Attributes:
        line: The line of the file on which it begins, from 1.
        problems: Everything that is wrong with it; the path of each is the column.
        id: The deal, as far as that could be read.
        cells: Those of its cells that are there and whole, to be examined too.
    """

    line: int
    problems: tuple[Problem, ...]
    id: str | None = None
    cells: Mapping[str, Any] = field(default_factory=dict)

    @property
    def record(self) -> int | None:
        """Which record of a JSON document it is, from 1."""
        return self.problems[0].record

    @property
    def within(self) -> str:
        """Which record of its line it is, where a table names the line alone."""
        return "" if self.record is None else f"record {self.record}: "


def rejected(
    file: str, line: int, problem: str, remedy: str, *, record: int | None = None
) -> Rejected:
    """Return a row that is rejected for one reason."""
    return Rejected(line, (Row(line, {}, record).problem(file, "", problem, remedy),))


@dataclass(frozen=True, slots=True)
class Rows:
    """An open file of rows.

    Attributes:
        rows: The rows, to be read once.
        size: How much there is to read: bytes where there is a stream, rows where there is none;
            ``None`` where nobody knows.
        stream: What it is read from; ``tell`` says how far it is.
    """

    rows: Iterator[Row | Rejected]
    size: int | None
    stream: BinaryIO | None = None


def require_columns(file: str, names: Sequence[str], wanted: Collection[str]) -> None:
    """Raise unless each wanted column stands in a header, once.

    Raises:
        FileError: One of them stands in it twice.
        MissingColumnsError: Some do not stand in it.
    """
    if missing := [name for name in dict.fromkeys(wanted) if name not in names]:
        raise MissingColumnsError(file, missing, names)
    counts = Counter(names)
    if unclear := [name for name in dict.fromkeys(wanted) if counts[name] > 1]:
        raise FileError(
            f"`{file}` has the column {', '.join(f'`{name}`' for name in unclear)} twice",
            "Rename one of them.",
        )
