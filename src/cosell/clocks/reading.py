"""Read a clock: how it stands at one moment, from what happened to its record until then.

Rules that hold for every reading (numbers of the section "Time" of the design in brackets):

1. A reading is a pure function of definition, calendar, record, facts and moment. [9]
2. In time is up to the end, the end itself included where the clock is inclusive. Breached means
   later than that, and is not undone by a later stop, pause or cancellation. [3, 7]
3. While the clock is paused there is no due date; ``due_if_resumed_now`` says what it would be. [7]
4. Moments that a reading gives are in the clock's zone, with the fixed offset of that moment.
5. A hold is the other way round: in time is from its end on, and breached means earlier.

This module does not know how a reading is made, nor what follows when a clock runs out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from cosell.calendars import in_zone, to_utc
from cosell.clocks.compiled import CompiledClock
from cosell.clocks.explain import lines_of
from cosell.clocks.measure import Amount, duration_text
from cosell.clocks.pending import Due, pending_in
from cosell.clocks.rhythm import Rhythm, rhythm_of
from cosell.clocks.run import Pause, Run, over_at
from cosell.definition.clock import ClockKind
from cosell.errors import CalendarExhaustedError
from cosell.findings import plain
from cosell.money import CONTEXT

__all__ = ["ClockState", "Reading", "local", "measured_by"]

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


#: What equal readings have in common.
_COMPARED: Final = (
    "clock",
    "track",
    "state",
    "at",
    "allowance",
    "consumed",
    "due_on",
    "due_at",
    "next_step_at",
    "next_at",
    "provisional",
)


class ClockState(StrEnum):
    """How a clock stands."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"  # what it waited for happened in time; of a hold, its time is over
    BREACHED = "breached"  # it did not, or has not yet; of a hold, it happened too early
    CANCELLED = "cancelled"  # it was called off in time


@dataclass(slots=True, eq=False)
class Reading:
    """How a clock stands at one moment. Treat it as frozen.

    What comes next, what was measured and how its cadence stands is worked out when it is asked
    for; where the calendar does not reach so far, that raises ``CalendarExhaustedError``.

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
    _compiled: CompiledClock = field(kw_only=True, repr=False)
    _run: Run | None = field(default=None, kw_only=True, repr=False)
    _coming: Run | None = field(default=None, kw_only=True, repr=False)

    def __eq__(self, other: object) -> bool:
        """Compare how the clock stands, and what comes next."""
        if not isinstance(other, Reading):
            return NotImplemented
        return self._values == other._values

    def __hash__(self) -> int:
        """Hash what equal readings have in common."""
        return hash((self.clock, self.track, self.state, self.at, self.due_at))

    @property
    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in _COMPARED)

    @property
    def kind(self) -> ClockKind:
        """Whether what it waits for is in time before its end, or after it."""
        return self._compiled.clock.kind

    @property
    def started_at(self) -> datetime | None:
        """When it was started."""
        return None if self._run is None else local(self._run.started_at, self._compiled)

    @property
    def ended_at(self) -> datetime | None:
        """When it was stopped or cancelled."""
        return None if self._run is None else local(self._run.ended_at, self._compiled)

    def next_of(self, record_id: str) -> datetime | None:
        """Return ``next_at``; where the calendar does not reach so far, the error names the record.

        Raises:
            CalendarExhaustedError: It does not reach so far.
        """
        try:
            return self.next_at
        except CalendarExhaustedError as error:
            raise self._compiled.located(error, record_id)  # noqa: B904 - it is the same error

    @property
    def next_step(self) -> str | None:
        """The next of its steps, while it runs."""
        step = self._next_step
        return None if step is None else step.step

    @property
    def next_step_at(self) -> datetime | None:
        """When the next of its steps comes."""
        step = self._next_step
        return None if step is None else local(step.at, self._compiled)

    @property
    def next_at(self) -> datetime | None:
        """The next moment, in UTC, at which a step or the breach comes by itself.

        One that has come and is not in the trail yet is the next.
        """
        found = pending_in(self._run) + pending_in(self._coming)
        return min([due.comes_at for due in found], default=None)

    @property
    def _next_step(self) -> Due | None:
        found = pending_in(self._run)
        return next((due for due in found if due.step and due.at > self.at), None)

    @property
    def provisional(self) -> bool:
        """Whether the due date depends on an estimated holiday."""
        run = self._run
        if run is None:
            return False
        until = self.due_at or run.ended_at or self.at
        return _is_provisional(run, to_utc(until))

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """When it stood still, and why; an open pause has no end."""
        pauses = () if self._run is None else self._run.all_pauses
        return tuple(
            Pause(in_zone(start, self._compiled.zone), local(end, self._compiled), reason)
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
        return None if run is None else local(run.instant_of(run.latest), self._compiled)

    @property
    def measured(self) -> Amount | None:
        """How much time it has measured, pauses left out, past the allowance too.

        Raises:
            CalendarExhaustedError: The calendar does not cover the time since.

        Source:
            BX-47.
        """
        run = self._run
        return None if run is None else measured_by(run, run.ended_at or self.at)

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
        return local(due, self._compiled)

    def explain(self) -> tuple[str, ...]:
        """Return lines that say how the reading comes about: each day counted or skipped, and why.

        Source:
            Time 10.
        """
        return tuple(lines_of(self, self._compiled, self._run))

    def as_dict(self) -> dict[str, Any]:
        """Return the reading as plain values, as JSON has them; durations by ISO 8601."""
        return {name: _plain(getattr(self, name)) for name in _SHOWN}


def measured_by(run: Run, seen: datetime) -> Amount:
    """Return what a run has measured; the calendar need not know the pause that it is in."""
    return run.consumed_to(over_at(run, seen))


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


def _is_provisional(run: Run, until: datetime) -> bool:
    """Whether an estimated holiday lies where the run counts."""
    calendar, zone = run.compiled.measure.calendar, run.compiled.zone
    if calendar is None or not calendar.provisional_days or not run.compiled.unit.needs_calendar:
        return False
    first = run.started_at.astimezone(zone).date()
    return calendar.is_provisional(first, until.astimezone(zone).date())


def local(instant: datetime | None, compiled: CompiledClock) -> datetime | None:
    """Return a moment by the clocks of a clock's zone; none stays none."""
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
