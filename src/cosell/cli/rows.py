"""The rows of a file, as a stream: each as it was found, or rejected with every reason.

Rules:

1. What is read and what is rejected add up to the rows of the file: a row is one or the other.
2. A row that cannot be used is rejected with file, line, column and reason, all its problems at
   once, and the others are read.
3. Bytes that do not decode stand out in the text of their row, and reject that row alone.
4. Lines are those of the file: a cell may span several, and the row stands on the first.

This module does not know what a mapping says about a column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final, TextIO, TypeAlias

from cosell.cli.csv_rows import read_csv
from cosell.cli.json_rows import read_json, read_json_lines
from cosell.cli.row import FileError, Layout, Rejected, Row

__all__ = ["Rows", "open_rows"]

_Reader: TypeAlias = Callable[[TextIO, str, Layout], Iterator[Row | Rejected]]

#: Encodings whose byte-order mark Python would leave in the text.
_MARKED: Final = frozenset({"utf-8", "utf8", "utf_8"})
#: What reads a file, by the end of its name.
_READERS: Final[Mapping[str, _Reader]] = MappingProxyType(
    {
        ".csv": read_csv,
        ".tsv": read_csv,
        ".txt": read_csv,
        ".json": read_json,
        ".jsonl": read_json_lines,
        ".ndjson": read_json_lines,
    }
)


@dataclass(frozen=True, slots=True)
class Rows:
    """An open file of rows.

    Attributes:
        rows: The rows, to be read once.
        size: How many bytes the file has.
        stream: What it is read from; ``tell`` says how far it is.
    """

    rows: Iterator[Row | Rejected]
    size: int
    stream: BinaryIO


@contextmanager
def open_rows(path: Path, layout: Layout) -> Iterator[Rows]:
    """Open a file of rows.

    Raises:
        FileError: It cannot be opened, or is of no known kind.
        MissingColumnsError: Columns that the layout names are not in its header.
    """
    reader = _READERS.get(path.suffix.casefold())
    if reader is None:
        raise FileError(
            f"`{path}` is of no known kind",
            "Name it .csv, .json (a list of records) or .jsonl (a record a line).",
        )
    try:
        stream = path.open("rb")
    except OSError as error:
        raise FileError(
            f"`{path}` cannot be opened: {error.strerror}", "Check its name and your rights."
        ) from None
    marked = layout.encoding.casefold() in _MARKED
    with TextIOWrapper(
        stream,
        encoding="utf-8-sig" if marked else layout.encoding,
        errors="surrogateescape",
        newline="",
    ) as text:
        yield Rows(reader(text, str(path), layout), path.stat().st_size, stream)
