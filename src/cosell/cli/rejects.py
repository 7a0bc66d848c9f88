"""The rows of a file that were rejected: how many, and the first of them or all.

They lie outside of memory: where all are wanted, a file may be full of them.

This module does not know why a row is rejected.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from cosell.cli.pile import Pile
from cosell.cli.row import Rejected
from cosell.errors import Problem

__all__ = ["Rejects"]


class Rejects:
    """Rows that were rejected, in the order in which they came.

    Args:
        most: How many are kept; ``None`` is all.

    Attributes:
        count: How many there were.
    """

    def __init__(self, most: int | None) -> None:
        self.count = 0
        self._most = most
        # As JSON in ASCII, which holds whatever a problem quotes: half a character too.
        self._texts = Pile(str)

    def add(self, row: Rejected) -> None:
        """Count a row, and keep it if it is one of the first."""
        self.count += 1
        if self._most is None or len(self._texts) < self._most:
            self._texts.add([json.dumps(asdict(row))])

    @property
    def more(self) -> int:
        """How many are not kept."""
        return self.count - len(self._texts)

    def __iter__(self) -> Iterator[Rejected]:
        """Yield each row that is kept."""
        for text in self._texts:
            row = json.loads(text)
            problems = tuple(Problem(**problem) for problem in row["problems"])
            yield Rejected(row["line"], problems, row["id"])
