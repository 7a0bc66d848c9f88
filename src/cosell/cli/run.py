"""Review a whole file, row by row, and hand each result on.

Nothing is kept in memory but the totals and the most urgent deals: a file may be larger than
memory.

This module does not know how a result is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from cosell.cli.rejects import Rejects
from cosell.cli.review import Reviewed
from cosell.cli.row import Rejected
from cosell.cli.top import Top
from cosell.cli.totals import Totals
from cosell.cli.urgency import rank_of

__all__ = ["Sink", "Summary", "review_file"]


class Sink(Protocol):
    """What takes results as they come."""

    def deal(self, reviewed: Reviewed) -> None:
        """Take a deal."""
        ...

    def rejected(self, row: Rejected) -> None:
        """Take a row that was rejected."""
        ...


class Summary:
    """A sink that counts, and keeps the most urgent deals and the first rejected rows."""

    def __init__(self, *, top: int, most_rejected: int | None) -> None:
        self.totals = Totals()
        self.top = Top(top, by=rank_of)
        self.rows = Rejects(most_rejected)

    def deal(self, reviewed: Reviewed) -> None:
        """Count a deal."""
        self.totals.add(reviewed)
        self.top.add(reviewed)

    def rejected(self, row: Rejected) -> None:
        """Count a row that was rejected."""
        self.totals.rejected += 1
        self.rows.add(row)


def review_file(results: Iterable[Reviewed | Rejected], sinks: Iterable[Sink]) -> None:
    """Hand each result to every sink."""
    sinks = tuple(sinks)
    for result in results:
        for sink in sinks:
            if isinstance(result, Rejected):
                sink.rejected(result)
            else:
                sink.deal(result)
