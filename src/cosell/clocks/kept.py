"""The runs that were folded last, so that a record which is read again is not folded again.

One move reads the same record several times: when it is decided, settled, and to say when it must
be ticked next.

Rules:

1. A run is kept with the moment of the last thing that happened; asked for an earlier moment, it
   is not known. It belongs to that very record, not to one that is equal.
2. Nothing is kept for longer than its record lives, nor for more than so many records.

This module does not know how a run is folded.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import ref

from cosell.models.record import Record

if TYPE_CHECKING:
    from cosell.clocks.run import Run

__all__ = ["Kept", "KeptRuns"]

_MOST: Final = 128


class Kept(NamedTuple):
    """A run that is kept, or that there was none.

    Attributes:
        record: The record; nothing when it is gone.
        last_at: When the last thing happened that is in the run.
        run: The run.
    """

    record: ref[Record]
    last_at: datetime
    run: Run | None


class KeptRuns:
    """The latest runs of one clock. Any number of threads may share it."""

    __slots__ = ("_by_id",)

    def __init__(self) -> None:
        self._by_id: dict[int, Kept] = {}

    def __reduce__(self) -> tuple[type[KeptRuns], tuple[()]]:
        """Copy and pickle without what is kept: it belongs to the records of this process."""
        return KeptRuns, ()

    def find(self, record: Record, until: datetime) -> Kept | None:
        """Return what is kept for ``record``, if it holds for the moment ``until``."""
        kept = self._by_id.get(id(record))
        # An id may come again: another record has it then.
        if kept is None or kept.record() is not record or until < kept.last_at:
            return None
        return kept

    def keep(self, record: Record, last_at: datetime, run: Run | None) -> None:
        """Keep a run; of too many none but the new one is kept."""
        by_id, number = self._by_id, id(record)
        if len(by_id) >= _MOST:
            by_id.clear()
        by_id[number] = Kept(ref(record, lambda _: by_id.pop(number, None)), last_at, run)
