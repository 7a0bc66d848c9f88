"""What is found of a file of deals that waits: the most pressing of it, or all.

Rules:

1. In memory are the counts, and as many promises as the page has. All of them, where they are
   wanted, lie on a disk meanwhile: a file may be larger than memory.
2. What is not wanted in full is not explained in full, which takes longer than to find it.

This module does not know how a result is written.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cosell.cli.due_lines import DueClass, DueLine, due_lines, line_as_dict
from cosell.cli.plain import rejected_as_dict
from cosell.cli.ranked import Ranked
from cosell.cli.rejects import Rejects
from cosell.cli.review import Reviewed
from cosell.cli.row import Rejected
from cosell.cli.top import Top

__all__ = ["DueFound", "DueWishes"]


@dataclass(frozen=True, slots=True)
class DueWishes:
    """What is wanted.

    Attributes:
        risk: From which share of its time on a promise is at risk.
        owner: The role whose promises are wanted; ``None`` is everybody's.
        top: How many of the most pressing ones.
        every: Whether all of them, as plain values.
        most_rejected: How many rejected rows; ``None`` is all.
    """

    risk: Decimal
    owner: str | None = None
    top: int = 50
    every: bool = False
    most_rejected: int | None = 50


@dataclass(slots=True)
class DueFound:
    """A sink that counts the promises that still wait, and keeps those that are wanted.

    Attributes:
        wishes: What is wanted.
        counts: How many promises stand in each class.
        read: How many deals there were.
        rows: The rows that were rejected.
    """

    wishes: DueWishes
    counts: Counter[DueClass] = field(default_factory=Counter)
    read: int = 0
    rows: Rejects = field(init=False)
    _top: Top[DueLine] = field(init=False)
    _every: Ranked = field(default_factory=Ranked)

    def __post_init__(self) -> None:
        """Prepare to keep what is wanted."""
        self.rows = Rejects(self.wishes.most_rejected)
        self._top = Top(self.wishes.top, by=lambda line: line.rank)

    def deal(self, reviewed: Reviewed) -> None:
        """Keep what a deal waits for."""
        self.read += 1
        for line in due_lines(reviewed, self.wishes.risk):
            if self.wishes.owner in {None, line.promise.clock.owner}:
                self.counts[line.due] += 1
                self._top.add(line)
                if self.wishes.every:
                    self._every.add(line.rank, json.dumps(line_as_dict(line)))

    def rejected(self, row: Rejected) -> None:
        """Count a row that was rejected."""
        self.rows.add(row)

    @property
    def top(self) -> tuple[DueLine, ...]:
        """The most pressing promises, the most pressing first."""
        return self._top.first

    @property
    def every_as_json(self) -> Iterable[str]:
        """Every promise as JSON, the most pressing first."""
        return self._every

    def every_as_dict(self) -> Iterator[dict[str, Any]]:
        """Yield every promise as plain values, the most pressing first."""
        return map(json.loads, self._every)

    @property
    def rejected_as_json(self) -> Iterable[str]:
        """The rows that were rejected, as JSON."""
        return (json.dumps(rejected_as_dict(row)) for row in self.rows)
