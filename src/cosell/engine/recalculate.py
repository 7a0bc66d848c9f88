"""What a corrected calendar or a corrected trail changes: readings before and after, side by side.

Rules:

1. A reading is worked out anew each time. So a corrected calendar or trail corrects it by itself,
   and nothing is written for that; which clocks go on counting by the calendar of then is said by
   the corrections that the process is bound with.
2. What was written stays. A step or a breach that a clock wrote is not written again, nor is it
   taken back: the difference says so.

This module does not know what a store is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cosell.clocks import Reading
from cosell.engine.bound import Bound
from cosell.engine.settle import next_due_at, read_clocks
from cosell.errors.kinds import tells_kinds
from cosell.models.record import Record

__all__ = ["Recalculation", "Shift", "recalculate", "shifts_of"]

#: What a difference is told of.
_COMPARED: Final = (
    "state",
    "started_at",
    "ended_at",
    "allowance",
    "consumed",
    "remaining",
    "due_on",
    "due_at",
    "latest_at",
    "next_step_at",
    "next_at",
    "provisional",
)


@dataclass(frozen=True, slots=True)
class Shift:
    """One clock whose reading is another one now.

    Attributes:
        clock: The clock's id.
        track: The track it belongs to; ``None`` is the main line.
        before: How it stood; ``None`` if there was no such clock.
        after: How it stands; ``None`` if there is no such clock any more.
    """

    clock: str
    track: str | None
    before: Reading | None
    after: Reading | None

    @property
    def changes(self) -> dict[str, tuple[Any, Any]]:
        """What changed, by attribute of the reading: what it was and what it is."""
        pairs = {
            name: (getattr(self.before, name, None), getattr(self.after, name, None))
            for name in _COMPARED
        }
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    def as_dict(self) -> dict[str, Any]:
        """Return the difference as plain values, as JSON has them."""
        plain = [None if each is None else each.as_dict() for each in (self.before, self.after)]
        before, after = ({} if each is None else each for each in plain)
        return {
            "clock": self.clock,
            "track": self.track,
            "changes": {
                name: {"before": before.get(name), "after": after.get(name)}
                for name in self.changes
            },
        }

    def __str__(self) -> str:
        """Return one line: ``answer: due_on 2026-12-29 -> 2026-12-30``."""
        name = self.clock if self.track is None else f"{self.track}.{self.clock}"
        changed = ", ".join(
            f"{each} {_shown(was)} -> {_shown(now)}" for each, (was, now) in self.changes.items()
        )
        return f"{name}: {changed}"


@dataclass(frozen=True, slots=True)
class Recalculation:
    """What a correction changes for one record.

    Attributes:
        record_id: The record.
        shifts: The clocks whose readings change, in the order of the definition.
        next_at: When the record must be ticked next; ``None`` is never.
    """

    record_id: str
    shifts: tuple[Shift, ...]
    next_at: datetime | None


@tells_kinds
def recalculate(
    before: Bound,
    after: Bound,
    record: Record,
    *,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    corrected: Record | None = None,
) -> Recalculation:
    """Return which readings of a record change, from what to what.

    Args:
        before: The process as it was bound before its calendar was corrected.
        after: The process as it is bound now; the same, if it is the trail that was corrected.
        record: The record; it is not changed.
        at: The moment to read at, with a time zone.
        facts: Values from outside the record, for clocks that start at one.
        corrected: The record with its corrected trail, if it is the trail that was corrected.

    Returns:
        The differences, and when the record must be ticked next. What would be due by now is in
        ``next_at``: settling or ticking writes it.

    Raises:
        CalendarExhaustedError: A clock needs a day that its calendar does not know.
        NaiveDatetimeError: ``at`` has no time zone.
        WrongProcessError: The record does not follow this process.

    Source:
        Time 9.
    """
    now = record if corrected is None else corrected
    shifts = shifts_of(
        read_clocks(before, record, at=at, facts=facts),
        read_clocks(after, now, at=at, facts=facts),
    )
    return Recalculation(now.id, tuple(shifts), next_due_at(after, now, at=at, facts=facts))


def shifts_of(before: tuple[Reading, ...], after: tuple[Reading, ...]) -> Iterator[Shift]:
    """Yield every clock whose reading is another one, in the order of the readings after."""
    was = {(each.track, each.clock): each for each in before}
    now = {(each.track, each.clock): each for each in after}
    for track, clock in {**now, **was}:
        shift = Shift(clock, track, was.get((track, clock)), now.get((track, clock)))
        if shift.changes:
            yield shift


def _shown(value: object) -> str:
    return "none" if value is None else str(value)
