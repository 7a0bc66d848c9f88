"""How long a record or part was in a stage, in working time (BX-47).

Rules:

1. Each stay in the stage is measured as a clock would measure it that starts with the entry and
   stops with the leaving; the time in the stage is the sum of the stays. A move that comes back to
   the stage, or stays in it, does not end a stay.
2. What does not count is declared as for a clock: closed time of the calendar, and the stages of
   any line in ``pause_while``.
3. Of business days the day of the entry never counts, and a day counts that was open and over
   before the leaving: who leaves on the day of the entry was there for no day.

This module does not know what a clock of the definition is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from cosell.clocks import (
    CompiledClock,
    Reading,
    amount_text,
    clock_of_item,
    compile_clock,
    read_clock,
)
from cosell.clocks.measure import Amount
from cosell.definition.clock import Clock, Unit
from cosell.definition.clock_event import WHOLE
from cosell.engine.bound import Bound, BoundLine
from cosell.errors import UnknownNameError, require_aware
from cosell.errors.kinds import tells_kinds
from cosell.models.record import Record

__all__ = ["StageTime", "time_in_stage"]

_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class StageTime:
    """How long a record or part was in a stage.

    Attributes:
        stage: The stage.
        track: The track it belongs to; ``None`` is the main line.
        unit: What was counted.
        stays: A reading for each stay, oldest first: ``started_at``, ``ended_at``, ``measured``,
            ``pauses``.
        total: All stays together: a duration of hours, or a number of days.
    """

    stage: str
    track: str | None
    unit: Unit
    stays: tuple[Reading, ...]
    total: Amount

    def explain(self) -> tuple[str, ...]:
        """Return lines that say how it comes about: stay by stay, each day counted or skipped."""
        unit = self.unit.value.replace("_", " ")
        count = f"{len(self.stays)} stay{'' if len(self.stays) == 1 else 's'}"
        lines = [f"{amount_text(self.total)} {unit} in {count}"]
        for stay in self.stays:
            lines += stay.explain()
        return tuple(lines)


@tells_kinds
def time_in_stage(
    bound: Bound,
    record: Record,
    stage: str,
    *,
    at: datetime,
    unit: Unit | str,
    calendar: str | None = None,
    track: str | None = None,
    pause_while: Sequence[str] = (),
) -> StageTime:
    """Return how long ``record`` was in ``stage`` up to ``at``, by its trail.

    Args:
        bound: The process it follows.
        record: The record; it is not settled first.
        stage: A stage of the main line, or of ``track``.
        at: Up to when, with a time zone. What happened later is left out.
        unit: ``business_hours``, ``business_days``, ``elapsed_hours`` or ``calendar_days``.
        calendar: Which of the process's calendars counts; business units need one.
        track: The track whose stage it is; of an item ``paper_items[nda]``.
        pause_while: Stages, of the line or of tracks as ``poc.running``, in which no time counts.

    Returns:
        Every stay with what it measured, and their sum; nothing for a stage it never came to. A
        part's first stage has no entry, and is not measured.

    Raises:
        CalendarError: The unit needs a calendar.
        CalendarExhaustedError: The calendar does not cover the time.
        NaiveDatetimeError: ``at`` has no time zone.
        UnknownNameError: There is no such stage, track, calendar or unit.
        WrongProcessError: ``record`` does not follow this process.

    Source:
        BX-47.

    Example:
        >>> from datetime import UTC, datetime
        >>> from cosell import Actor, Calendar, Opportunity, catalog, open_record
        >>> vendor = Calendar.from_holidays("CZ", tz="Europe/Prague", hours="09:00-17:00")
        >>> make = catalog.load("make").bind(calendars={"vendor": vendor})
        >>> me, friday = Actor("ae-3", role="ae"), datetime(2026, 11, 20, 14, tzinfo=UTC)
        >>> deal = open_record(make, Opportunity(id="o-1"), actor=me, at=friday).record
        >>> monday = datetime(2026, 11, 23, 9, tzinfo=UTC)
        >>> asked = {"at": monday, "unit": "business_hours", "calendar": "vendor"}
        >>> for line in time_in_stage(make, deal, "identified", **asked).explain():
        ...     print(line)
        3 business hours in 1 stay
        ...
    """
    require_aware(at)
    bound.require_own(record)
    line = bound.line_named(track, record)
    if line is None:
        known = [each.name for each in bound.lines_of(record) if each.name is not None]
        raise UnknownNameError("track", str(track), known)
    _known("stage", stage, line.kinds)
    unit = _known("unit", str(unit), {each.value: each for each in Unit})
    for name in pause_while:
        head, _, paused = name.rpartition(".")
        other = None if head == WHOLE else head
        _known("stage", paused, _known("track", other, bound.lines).kinds if head else line.kinds)
    clock = Clock(
        id="stage_time",
        unit=unit,
        calendar=calendar,
        start=(f"entered('{stage}')",),
        stop=(f"left('{stage}')",),
        pause_while=tuple(pause_while),
        label=f"Time in `{stage}`",
    )
    compiled = _compiled(bound, line, clock)
    zero = compiled.measure.zero
    stays = {
        reading.started_at: reading
        for moment in _ends(record, stage, track, at)
        if (reading := read_clock(compiled, record, at=moment)).started_at is not None
    }
    total = sum((each.measured or zero for each in stays.values()), zero)
    return StageTime(stage, track, unit, tuple(stays.values()), total)


def _compiled(bound: Bound, line: BoundLine, clock: Clock) -> CompiledClock:
    """Return a clock for a line of a record."""
    name, items, item = line.name, line.items, line.item
    counts = clock.calendar
    compiled = compile_clock(
        clock,
        calendar=None if counts is None else _known("calendar", counts, bound.calendars),
        zone=bound.process.zone,
        parameters={},
        track=name,
        part=(line.part if items is None else items.path) or None,
        parts=bound.parts,
    )
    if name is None or items is None or item is None:
        return compiled
    return clock_of_item(compiled, name, part=items.path, key=items.key, item=item)


def _ends(record: Record, stage: str, track: str | None, at: datetime) -> Iterator[datetime]:
    """Yield the moments at which a stay ended, and then ``at``, where one may go on."""
    for entry in record.trail:
        left = entry.source == stage and entry.target not in (None, stage)
        if left and entry.track == track and entry.at <= at:
            yield entry.at
    yield at


def _known(kind: str, name: _K, known: Mapping[_K, _V]) -> _V:
    if name not in known:
        raise UnknownNameError(kind, str(name), [str(each) for each in known])
    return known[name]
