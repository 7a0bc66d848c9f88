"""New entries, in the order in which they came: a few in memory, many in a file that goes away.

This module does not know what brings an entry about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from os import SEEK_END
from tempfile import SpooledTemporaryFile
from typing import Final

from cosell.events import Entry

__all__ = ["EntryPile"]

_IN_MEMORY: Final = 16_000_000


class EntryPile:
    """Entries that are added one after the other, and read any number of times.

    Args:
        in_memory: How many bytes are kept in memory at most.
    """

    def __init__(self, *, in_memory: int = _IN_MEMORY) -> None:
        self._in_memory = in_memory
        self._count = 0

    @cached_property
    def _file(self) -> SpooledTemporaryFile[bytes]:
        return SpooledTemporaryFile(max_size=self._in_memory)

    def add(self, entries: Iterable[Entry]) -> None:
        """Add entries."""
        for entry in entries:
            self._file.seek(0, SEEK_END)
            self._file.write(f"{entry.model_dump_json(exclude_none=True)}\n".encode())
            self._count += 1

    def __len__(self) -> int:
        """Return how many there are."""
        return self._count

    def __iter__(self) -> Iterator[Entry]:
        """Yield each entry."""
        at = 0
        for _ in range(self._count):
            # Two readers do not disturb each other, nor whoever adds meanwhile.
            self._file.seek(at)
            line = self._file.readline()
            at = self._file.tell()
            yield Entry.model_validate_json(line)

    def close(self) -> None:
        """Let the entries go."""
        if self._count:
            self._file.close()
