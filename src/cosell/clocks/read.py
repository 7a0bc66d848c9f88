"""Read a clock: how it stands at one moment, from what happened to its record until then.

The rules that hold for readings stand in ``reading``. This module does not know what follows when
a clock runs out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from cosell.calendars import to_utc
from cosell.clocks.compiled import CompiledClock
from cosell.clocks.history import latest_run, next_start
from cosell.clocks.measure import Amount
from cosell.clocks.reading import ClockState, Reading, local, measured_by
from cosell.clocks.run import Run
from cosell.errors import CalendarExhaustedError
from cosell.models.record import Record

__all__ = ["read_clock"]

_MICROSECOND: Final = timedelta(microseconds=1)


def read_clock(
    compiled: CompiledClock,
    record: Record,
    *,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
) -> Reading:
    """Return how a clock stands at ``at``.

    Args:
        compiled: The clock.
        record: The record it belongs to; its trail and fields are read.
        at: The moment of reading, with a time zone. What happened later is left out.
        facts: Values from outside the record.

    Returns:
        The state of the latest run. A clock that a known moment will start has not started, and
        its ``next_at`` looks ahead to that run.

    Raises:
        CalendarError: A field or fact that should hold a moment holds something else.
        CalendarExhaustedError: The calendar does not cover what must be counted.
        NaiveDatetimeError: ``at``, or the moment in a field or fact, has no time zone.

    Source:
        Time 1 to 10.
    """
    try:
        return _read(compiled, record, to_utc(at), facts)
    except CalendarExhaustedError as error:
        raise compiled.located(error, record.id)  # noqa: B904 - it is the same error


def _read(
    compiled: CompiledClock, record: Record, now: datetime, facts: Mapping[str, Any] | None
) -> Reading:
    run = latest_run(compiled, record, until=now, facts=facts)
    reading = _not_started(compiled, now) if run is None else _read_run(run, now)
    if run is None or run.ended_at is not None:
        ahead = _next_run_at(compiled, record, run, now, facts)
        if ahead is not None:
            # A reading is put together here, and nowhere else.
            reading._coming = latest_run(compiled, record, until=ahead, facts=facts)  # noqa: SLF001
    return reading


def _next_run_at(
    compiled: CompiledClock,
    record: Record,
    run: Run | None,
    now: datetime,
    facts: Mapping[str, Any] | None,
) -> datetime | None:
    """Return when the next run begins, of a clock that does not run, if that is known."""
    known = next_start(compiled, record, after=now, facts=facts) if compiled.fields else None
    itself = None if run is None else run.ends_by_itself()
    if itself is None:
        return known
    begins = itself[0] + _MICROSECOND
    return begins if known is None else min(known, begins)


def _not_started(compiled: CompiledClock, now: datetime) -> Reading:
    return Reading(
        clock=compiled.id,
        track=compiled.track,
        state=ClockState.NOT_STARTED,
        at=now,
        _compiled=compiled,
    )


def _read_run(run: Run, now: datetime) -> Reading:
    """Return how a run stands."""
    compiled, seen, total = run.compiled, run.ended_at or now, run.total
    mark, due = run.ends()
    state = _state(run, seen, due)
    if state is ClockState.PAUSED:
        mark = run.due_mark()
        due = run.instant_of(mark)
    consumed = _consumed(run, seen, state)
    return Reading(
        clock=compiled.clock.id,
        track=compiled.track,
        state=state,
        at=now,
        allowance=total,
        consumed=consumed,
        remaining=None if total is None else total - consumed,
        due_on=None if mark is None else compiled.measure.day(mark),
        due_at=local(due, compiled),
        _compiled=compiled,
        _run=run,
    )


def _consumed(run: Run, seen: datetime, state: ClockState) -> Amount:
    """Return how much of its allowance a run has consumed."""
    if run.total is None:
        return measured_by(run, seen)
    used_up = ClockState.MET if run.compiled.is_hold else ClockState.BREACHED
    return run.total if state is used_up else measured_by(run, seen)


def _state(run: Run, seen: datetime, expiry: datetime | None) -> ClockState:
    past = run.is_past(seen, expiry)
    if run.compiled.is_hold and (past or run.stopped):
        return ClockState.MET if past else ClockState.BREACHED
    if past:
        return ClockState.BREACHED
    if run.ended_at is not None:
        return ClockState.MET if run.stopped else ClockState.CANCELLED
    return ClockState.RUNNING if run.held_since is None else ClockState.PAUSED
