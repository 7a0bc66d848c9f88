"""What a clock does by itself: its steps and its breach, each once, each dated at its own instant.

Rules that hold for everything that is due (numbers of the section "Time" of the design in
brackets):

1. What the trail says has happened is not due again, however often and however late it is asked.
   [9]
2. A step comes at its instant. A breach is dated at the end, and comes when that is past. [3]
3. A run that is over still owes what lay before its end, unless the record was adopted after it.
4. What lies behind an open pause has no instant and is not due.

This module does not know how an event is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Final, NamedTuple

from cosell.calendars import to_utc
from cosell.clocks.compiled import CompiledClock
from cosell.clocks.history import latest_run
from cosell.clocks.run import Run
from cosell.definition.effect import PlannedEffect
from cosell.events import EventKind
from cosell.models.record import Record

__all__ = ["Due", "pending_in", "steps_due"]

_MICROSECOND: Final = timedelta(microseconds=1)


class Due(NamedTuple):
    """A step or breach that has come, or will.

    Attributes:
        clock: The clock's id.
        track: The track it belongs to; ``None`` is the main line.
        kind: ``stepped`` or ``breached``.
        step: The step; ``None`` for a breach.
        at: The instant that it is dated at, in UTC.
        comes_at: The first instant, in UTC, at which it is known to have come.
        effects: What the host should do.
        trigger: The transition that the clock asks for.
    """

    clock: str
    track: str | None
    kind: EventKind
    step: str | None
    at: datetime
    comes_at: datetime
    effects: tuple[PlannedEffect, ...]
    trigger: str | None


def steps_due(
    compiled: CompiledClock,
    record: Record,
    *,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
) -> tuple[Due, ...]:
    """Return the steps and the breach that have come by ``at`` and are not in the trail.

    Args:
        compiled: The clock.
        record: The record it belongs to; its trail and fields are read.
        at: The moment of asking, with a time zone.
        facts: Values from outside the record.

    Returns:
        What is due, in the order of its instants; at one instant in the order of the definition,
        the breach last.

    Raises:
        CalendarExhaustedError: The calendar does not cover what must be counted.
        NaiveDatetimeError: ``at``, or the moment in a field or fact, has no time zone.

    Source:
        Time 9; BX-5.
    """
    now = to_utc(at)
    run = latest_run(compiled, record, until=now, facts=facts)
    return tuple(due for due in pending_in(run) if due.comes_at <= now)


def pending_in(run: Run | None) -> list[Due]:
    """Return all that a run will still do by itself as things stand, in order."""
    if run is None or run.adopted_ended:
        return []
    until = run.ended_at
    pending = [due for due in _in_run(run) if until is None or due.comes_at <= until]
    pending.sort(key=attrgetter("at"))
    return pending


def _in_run(run: Run) -> Iterator[Due]:
    """Yield what is not in the trail, in the order of the definition, the breach last."""
    compiled = run.compiled
    for step in (*compiled.steps, compiled.breach):
        at = run.instant_of(run.reach(step.amount_of(run.total)))
        if at is not None and not run.is_done(step, at):
            kind = EventKind.STEPPED if step.id else EventKind.BREACHED
            comes_at = at if step.id or not compiled.inclusive else at + _MICROSECOND
            place = (compiled.clock.id, compiled.track, kind, step.id)
            yield Due(*place, at, comes_at, step.effects, step.trigger)
