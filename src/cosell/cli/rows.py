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
from contextlib import AbstractContextManager, contextmanager
from io import TextIOWrapper
from pathlib import Path
from types import MappingProxyType
from typing import Final, TextIO, TypeAlias

from cosell.cli.csv_rows import read_csv
from cosell.cli.excel_rows import open_excel
from cosell.cli.json_rows import read_json, read_json_lines
from cosell.cli.parquet_rows import open_parquet
from cosell.cli.row import FileError, Layout, Rejected, Row, Rows

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

#: What opens a file that is no text; each needs an extra.
_OPENERS: Final[Mapping[str, Callable[[Path, Layout], AbstractContextManager[Rows]]]] = (
    MappingProxyType({".xlsx": open_excel, ".xlsm": open_excel, ".parquet": open_parquet})
)


def open_rows(path: Path, layout: Layout) -> AbstractContextManager[Rows]:
    """Open a file of rows.

    Raises:
        FileError: It cannot be opened, or is of no known kind.
        MissingColumnsError: Columns that the layout names are not in its header.
        MissingExtraError: What reads Excel or Parquet is not installed.
    """
    kind = path.suffix.casefold()
    if kind in _OPENERS:
        return _OPENERS[kind](path, layout)
    if kind in _READERS:
        return _open_text(path, layout, _READERS[kind])
    raise FileError(
        f"`{path}` is of no known kind",
        "Name it .csv, .json (a list of records), .jsonl (a record a line), .xlsx or .parquet.",
    )


@contextmanager
def _open_text(path: Path, layout: Layout, reader: _Reader) -> Iterator[Rows]:
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
