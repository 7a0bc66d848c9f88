"""Read a clock: how it stands at one moment, from what happened to its record until then.

Rules that hold for every reading (numbers of the section "Time" of the design in brackets):

1. A reading is a pure function of definition, calendar, record, facts and moment. [9]
2. In time is up to the end, the end itself included where the clock is inclusive. Breached means
   later than that, and is not undone by a later stop, pause or cancellation. [3, 7]
3. While the clock is paused there is no due date; ``due_if_resumed_now`` says what it would be. [7]
4. Moments that a reading gives are in the clock's zone, with the fixed offset of that moment.
5. A hold is the other way round: in time is from its end on, and breached means earlier.

This module does not know what follows when a clock runs out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from cosell.calendars import in_zone, to_utc
from cosell.clocks.compiled import CompiledClock
from cosell.clocks.explain import lines_of
from cosell.clocks.history import latest_run, next_start
from cosell.clocks.measure import Amount, duration_text
from cosell.clocks.pending import Due, pending_in
from cosell.clocks.rhythm import Rhythm, rhythm_of
from cosell.clocks.run import Pause, Run
from cosell.definition.clock import ClockKind
from cosell.findings import plain
from cosell.models.record import Record
from cosell.money import CONTEXT

__all__ = ["ClockState", "Reading", "read_clock"]

_MICROSECOND: Final = timedelta(microseconds=1)
_PLACES: Final = Decimal("0.0001")
_SHOWN: Final = (
    "clock",
    "track",
    "kind",
    "state",
    "at",
    "started_at",
    "allowance",
    "consumed",
    "remaining",
    "fraction",
    "due_on",
    "due_at",
    "latest_at",
    "overdue",
    "ended_at",
    "pauses",
    "next_step",
    "next_step_at",
    "next_at",
    "provisional",
    "number",
    "missed",
    "cadence",
)


class ClockState(StrEnum):
    """How a clock stands."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"  # what it waited for happened in time; of a hold, its time is over
    BREACHED = "breached"  # it did not, or has not yet; of a hold, it happened too early
    CANCELLED = "cancelled"  # it was called off in time


@dataclass(slots=True, unsafe_hash=True)
class Reading:
    """How a clock stands at one moment. Treat it as frozen.

    Amounts are durations for units of hours and whole numbers for units of days.

    Attributes:
        clock: The clock's id.
        track: The track it belongs to; ``None`` is the main line.
        state: How it stands.
        at: The moment it was read at, in UTC.
        allowance: What it allows, extensions included; ``None`` before it has started, as is all
            that follows from it, and for a clock that only measures.
        consumed: How much of the allowance has passed, pauses left out.
        remaining: How much is left of it.
        due_on: Last day that is in time, of a hold the first one; ``None`` while it is paused.
        due_at: When it ends; ``None`` while it is paused.
        next_step: The next of its steps, while it runs.
        next_at: The next moment, in UTC, at which a step or the breach comes by itself; one that
            has come and is not in the trail yet is the next.
        provisional: Whether the due date depends on an estimated holiday.
    """

    clock: str
    track: str | None
    state: ClockState
    at: datetime
    allowance: Amount | None = None
    consumed: Amount | None = None
    remaining: Amount | None = None
    due_on: date | None = None
    due_at: datetime | None = None
    next_step: str | None = None
    next_at: datetime | None = None
    provisional: bool = False
    _compiled: CompiledClock = field(kw_only=True, repr=False, compare=False)
    _run: Run | None = field(default=None, kw_only=True, repr=False, compare=False)
    _next: Due | None = field(default=None, kw_only=True, repr=False, compare=False)

    @property
    def kind(self) -> ClockKind:
        """Whether what it waits for is in time before its end, or after it."""
        return self._compiled.clock.kind

    @property
    def started_at(self) -> datetime | None:
        """When it was started."""
        return None if self._run is None else _local(self._run.started_at, self._compiled)

    @property
    def ended_at(self) -> datetime | None:
        """When it was stopped or cancelled."""
        return None if self._run is None else _local(self._run.ended_at, self._compiled)

    @property
    def next_step_at(self) -> datetime | None:
        """When the next of its steps comes."""
        return None if self._next is None else _local(self._next.at, self._compiled)

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """When it stood still, and why; an open pause has no end."""
        pauses = () if self._run is None else self._run.all_pauses
        return tuple(
            Pause(in_zone(start, self._compiled.zone), _local(end, self._compiled), reason)
            for start, end, reason in pauses
        )

    @property
    def overdue(self) -> bool:
        """Whether it has run out, be it answered late or not at all; of a hold, broken."""
        return self.state is ClockState.BREACHED

    @property
    def in_time(self) -> bool | None:
        """Whether what it waits for would be in time now; unknown for a hold that never began."""
        if self.kind is ClockKind.DEADLINE:
            return self.state is not ClockState.BREACHED
        return _HOLD_IS_OVER[self.state]

    @property
    def latest_at(self) -> datetime | None:
        """When it ends whatever is paused and added meanwhile, if something says so."""
        run = self._run
        return None if run is None else _local(run.instant_of(run.latest), self._compiled)

    @property
    def measured(self) -> Amount | None:
        """How much time it has measured, pauses left out, past the allowance too.

        Raises:
            CalendarExhaustedError: The calendar does not cover the time since.

        Source:
            BX-47.
        """
        run = self._run
        return None if run is None else _measured(run, run.ended_at or self.at)

    @property
    def number(self) -> int:
        """Which of its runs this is, of a clock that repeats; 0 before the first."""
        return 0 if self._run is None else self._run.number

    @property
    def missed(self) -> int:
        """How many runs of a clock that repeats, in a row before this one, got no answer."""
        return 0 if self._run is None else self._run.missed

    @property
    def cadence(self) -> Rhythm | None:
        """How its cadence stands, if it has one and has started.

        Source:
            MS-7, MK-38.
        """
        return None if self._run is None else rhythm_of(self._run)

    @property
    def fraction(self) -> Decimal | None:
        """Share of the allowance that is consumed, from 0 to 1, rounded down to four places."""
        if self.consumed is None or self.allowance is None:
            return None
        part, whole = _number(self.consumed), _number(self.allowance)
        share = CONTEXT.divide(Decimal(part), Decimal(whole)) if whole else Decimal(1)
        return share.quantize(_PLACES, ROUND_DOWN, CONTEXT)

    @property
    def due_if_resumed_now(self) -> datetime | None:
        """When a paused clock would end if it were resumed at once; ``None`` if it is not paused.

        Raises:
            CalendarExhaustedError: The calendar does not cover that.
        """
        run = self._run
        if run is None or self.state is not ClockState.PAUSED:
            return None
        due = run.instant_of(run.due_mark(resumed_at=to_utc(self.at)))
        return _local(due, self._compiled)

    def explain(self) -> tuple[str, ...]:
        """Return lines that say how the reading comes about: each day counted or skipped, and why.

        Source:
            Time 10.
        """
        return tuple(lines_of(self, self._compiled, self._run))

    def as_dict(self) -> dict[str, Any]:
        """Return the reading as plain values, as JSON has them; durations by ISO 8601."""
        return {name: _plain(getattr(self, name)) for name in _SHOWN}


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
    now = to_utc(at)
    run = latest_run(compiled, record, until=now, facts=facts)
    reading = _not_started(compiled, now) if run is None else _read_run(run, now)
    if run is None or run.ended_at is not None:
        ahead = _next_run_at(compiled, record, run, now, facts)
        if ahead is not None:
            coming = latest_run(compiled, record, until=ahead, facts=facts)
            reading.next_at = _earliest(pending_in(coming))
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
    mark, expiry = run.due_mark(), run.expiry()
    state = _state(run, seen, expiry)
    if mark is None and state is ClockState.BREACHED:
        mark = run.latest
    due = run.instant_of(mark)
    consumed = _consumed(run, seen, state)
    pending = pending_in(run)
    step = next((each for each in pending if each.step is not None and each.at > now), None)
    return Reading(
        clock=compiled.clock.id,
        track=compiled.track,
        state=state,
        at=now,
        allowance=total,
        consumed=consumed,
        remaining=None if total is None else total - consumed,
        due_on=None if mark is None else compiled.measure.day(mark),
        due_at=_local(due, compiled),
        next_step=None if step is None else step.step,
        next_at=_earliest(pending),
        provisional=_is_provisional(run, seen if due is None else due),
        _compiled=compiled,
        _run=run,
        _next=step,
    )


def _consumed(run: Run, seen: datetime, state: ClockState) -> Amount:
    """Return how much of its allowance a run has consumed."""
    if run.total is None:
        return _measured(run, seen)
    used_up = ClockState.MET if run.compiled.is_hold else ClockState.BREACHED
    return run.total if state is used_up else _measured(run, seen)


def _measured(run: Run, seen: datetime) -> Amount:
    """Return what a run has measured; the calendar need not know the pause that it is in."""
    measure = run.compiled.measure
    held = run.held_since
    return run.consumed_to(measure.over(seen) if held is None else measure.over_before(held))


def _state(run: Run, seen: datetime, expiry: datetime | None) -> ClockState:
    past = run.is_past(seen, expiry)
    if run.compiled.is_hold and (past or run.stopped):
        return ClockState.MET if past else ClockState.BREACHED
    if past:
        return ClockState.BREACHED
    if run.ended_at is not None:
        return ClockState.MET if run.stopped else ClockState.CANCELLED
    return ClockState.RUNNING if run.held_since is None else ClockState.PAUSED


#: Whether what a hold keeps back may be done, by how it stands.
_HOLD_IS_OVER: Final[Mapping[ClockState, bool | None]] = MappingProxyType(
    {
        ClockState.NOT_STARTED: None,
        ClockState.RUNNING: False,
        ClockState.PAUSED: False,
        ClockState.MET: True,
        ClockState.BREACHED: False,
        ClockState.CANCELLED: True,
    }
)


def _earliest(pending: Iterable[Due]) -> datetime | None:
    return min((each.comes_at for each in pending), default=None)


def _is_provisional(run: Run, until: datetime) -> bool:
    """Whether an estimated holiday lies where the run counts."""
    calendar, zone = run.compiled.measure.calendar, run.compiled.zone
    if calendar is None or not calendar.provisional_days or not run.compiled.unit.needs_calendar:
        return False
    first = run.started_at.astimezone(zone).date()
    return calendar.is_provisional(first, until.astimezone(zone).date())


def _local(instant: datetime | None, compiled: CompiledClock) -> datetime | None:
    return None if instant is None else in_zone(instant, compiled.zone)


def _number(amount: Amount) -> int:
    """Return an amount as a whole number, of days or of microseconds."""
    return amount // _MICROSECOND if isinstance(amount, timedelta) else int(amount)


def _plain(value: object) -> Any:
    if isinstance(value, Pause):
        return {"start": plain(value.start), "end": plain(value.end), "reason": value.reason}
    if isinstance(value, Rhythm):
        return {each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return duration_text(value) if isinstance(value, timedelta) else plain(value)
