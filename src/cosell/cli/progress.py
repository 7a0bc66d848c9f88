"""A progress bar, on a terminal only.

It goes to the standard error, so that a report stays clean, and vanishes when it is done.

This module does not know what is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from cosell.cli.row import Rejected, Row, Rows

__all__ = ["counted"]

_EVERY: Final = 50


def counted(rows: Rows, *, shown: bool, console: Console | None = None) -> Iterator[Row | Rejected]:
    """Yield the rows of a file, and show meanwhile how far it is read.

    Args:
        rows: The rows.
        shown: Whether a bar is wanted.
        console: Where the bar goes; by default the standard error.
    """
    console = console or Console(stderr=True)
    if not shown or not console.is_terminal or console.is_dumb_terminal:
        yield from rows.rows
        return
    columns = (TextColumn("{task.fields[rows]:,} rows"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("reading", total=rows.size, rows=0)
        for number, row in enumerate(rows.rows, 1):
            if number % _EVERY == 0:
                bar.update(task, completed=_done(rows, number), rows=number)
            yield row


def _done(rows: Rows, number: int) -> int:
    """Return how much of a file is read, in what its size is counted in."""
    return number if rows.stream is None else rows.stream.tell()
