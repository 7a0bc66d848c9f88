"""Read the rows of a Parquet file, some at a time.

Rules:

1. A row is numbered from 1. Nested columns are found by their dotted path, as in JSON.
2. A number with a point is the decimal that it is written as; a whole one is a whole number, since
   a column of whole numbers with gaps is often stored as one of numbers with a point.
3. Midnight without a zone is a day, as in a workbook.

It needs the extra ``parquet``. This module does not know what a value means.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from cosell.cli.moments import day_if_midnight
from cosell.cli.row import FileError, Layout, Rejected, Row, Rows, require_columns
from cosell.errors import SPAN_OF_MOMENTS, MissingExtraError, Problem

__all__ = ["open_parquet"]

_AT_ONCE: Final = 1000


@contextmanager
def open_parquet(path: Path, layout: Layout) -> Iterator[Rows]:
    """Open a Parquet file.

    Raises:
        FileError: It cannot be opened, or is no Parquet file.
        MissingColumnsError: Columns that the layout names are not in it.
        MissingExtraError: The extra ``parquet`` is not installed.
    """
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise MissingExtraError("parquet", f"reading `{path}`") from None
    try:
        file = ParquetFile(path)
    except OSError as error:
        raise FileError(
            f"`{path}` cannot be opened: {error.strerror or error}",
            "Check its name and your rights.",
        ) from None
    except ArrowException:
        raise FileError(f"`{path}` is no Parquet file", "Export it as Parquet again.") from None
    with file:
        names = file.schema_arrow.names
        require_columns(str(path), names, [_top(name, names) for name in layout.columns])
        yield Rows(_rows(file, path, ArrowException), file.metadata.num_rows)


def _top(name: str, names: list[str]) -> str:
    """Return the column in which a dotted path begins, or the path where none does."""
    parts = name.split(".")
    heads = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((head for head in heads if head in names), name)


def _rows(file: Any, path: Path, broken: type[Exception]) -> Iterator[Row | Rejected]:
    line = 0
    try:
        for batch in file.iter_batches(batch_size=_AT_ONCE):
            for row in _batch(batch, line, str(path)):
                line += 1
                yield row
    except (broken, OSError, ValueError) as error:
        raise FileError(
            f"`{path}` cannot be read from row {line + 1} on: {error}",
            "Export it as Parquet again.",
        ) from None


def _batch(batch: Any, before: int, file: str) -> Iterator[Row | Rejected]:
    try:
        rows = batch.to_pylist()
    except OverflowError:
        # A moment past the year 9999: which one it is only its cell can say.
        return (_one(batch, number, before + number + 1, file) for number in range(batch.num_rows))
    return (Row(line, _plain(found)) for line, found in enumerate(rows, before + 1))


def _one(batch: Any, number: int, line: int, file: str) -> Row | Rejected:
    """Return one row, cell by cell."""
    cells, problems = {}, []
    for name in batch.schema.names:
        try:
            cells[name] = _plain(batch.column(name)[number].as_py())
        except OverflowError:
            remedy = f"Write a moment {SPAN_OF_MOMENTS}, or leave it empty where it means never."
            problems.append(Problem(name, "it lies past an end of time", remedy, file, line))
    return Rejected(line, tuple(problems), cells=cells) if problems else Row(line, cells)


def _plain(value: Any) -> Any:
    """Return a value as a JSON record would hold it."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return day_if_midnight(value)
    if isinstance(value, time | timedelta):
        return str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return _number(value) if isinstance(value, float) else value


def _number(value: float) -> Decimal | int | str:
    if not math.isfinite(value):
        return str(value)
    return int(value) if value.is_integer() else Decimal(repr(value))
