"""Texts in the order of their ranks, outside of memory.

Rules:

1. Among equal ranks the order in which they came stays.
2. They can be read any number of times, a few at once; nothing is sorted before.

This module does not know what the texts are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cosell.cli.scratch import IN_MEMORY, Scratch

__all__ = ["Ranked"]

_AT_ONCE: Final = 100


class Ranked:
    """Texts that are added in any order, and read in that of their ranks.

    Args:
        in_memory: How many bytes are kept in memory at most.
    """

    def __init__(self, *, in_memory: int = IN_MEMORY) -> None:
        columns = "number INTEGER PRIMARY KEY, rank TEXT, text TEXT"
        self._scratch = Scratch(columns, in_memory=in_memory)

    def add(self, rank: str, text: str) -> None:
        """Add a text.

        Raises:
            FileError: There is no room for it.
        """
        self._scratch.put("INSERT INTO kept (rank, text) VALUES (?, ?)", (rank, text))

    def __iter__(self) -> Iterator[str]:
        """Yield each text, the one with the lowest rank first."""
        self._scratch.put("CREATE INDEX IF NOT EXISTS by_rank ON kept (rank)", ())
        find = (
            "SELECT rank, number, text FROM kept WHERE (rank, number) > (?, ?)"
            " ORDER BY rank, number LIMIT ?"
        )
        rank, number = "", 0
        while found := self._scratch.ask(find, (rank, number, _AT_ONCE)):
            yield from (text for _, _, text in found)
            rank, number, _ = found[-1]
