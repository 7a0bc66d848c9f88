"""Say how a reading comes about: each day counted or skipped, and why.

Units that a calendar counts are listed day by day. Of elapsed hours and calendar days every one
counts: there only the pauses are listed.

This module does not know how a clock is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from cosell.calendars import Calendar, day_name, in_zone
from cosell.clocks.run import Pause, Run
from cosell.definition.clock import Unit

if TYPE_CHECKING:
    from cosell.clocks.compiled import CompiledClock
    from cosell.clocks.measure import Amount
    from cosell.clocks.reading import Reading

__all__ = ["duration_text", "lines_of"]

_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)
_SECOND: Final = timedelta(seconds=1)
_ONE_DAY: Final = timedelta(days=1)


def duration_text(duration: timedelta) -> str:
    """Return a duration by ISO 8601, in hours and smaller.

    Example:
        >>> duration_text(timedelta(days=2, minutes=5)), duration_text(timedelta())
        ('PT48H5M', 'PT0S')
    """
    hours, rest = divmod(duration, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    seconds, rest = divmod(rest, _SECOND)
    exactly = f"{seconds}.{rest.microseconds:06}".rstrip("0").rstrip(".")
    parts = (f"{hours}H" if hours else "", f"{minutes}M" if minutes else "")
    return f"PT{''.join(parts)}{f'{exactly}S' if exactly != '0' or not any(parts) else ''}"


def lines_of(reading: Reading, compiled: CompiledClock, run: Run | None) -> Iterator[str]:
    """Yield the lines of an explanation, in order."""
    clock, calendar = compiled.clock, compiled.measure.calendar
    unit = clock.unit.value.replace("_", " ")
    where = "" if calendar is None else f" in calendar `{calendar.id}` ({calendar.tz})"
    yield f"{clock.label or clock.id}: {_allowance(compiled, run)} {unit}{where}"
    if run is None:
        yield "not started"
        return
    first_day = ", and this day does not count" if clock.unit.counts_days else ""
    yield f"{_moment(run.started_at, run)}: started{first_day}"
    if calendar is not None and clock.unit.needs_calendar:
        by_day = _days if clock.unit is Unit.BUSINESS_DAYS else _hours
        yield from by_day(reading, run, calendar)
    else:
        yield from (_pause(pause, run) for pause in run.all_pauses)
    yield from _end(reading, run)


def _allowance(compiled: CompiledClock, run: Run | None) -> str:
    total = _amount(compiled.measure.amount(compiled.units) if run is None else run.total)
    if compiled.in_months:
        total = (
            f"{compiled.units} months of" if run is None else f"{compiled.units} months, {total}"
        )
    return f"{total} (extended by {run.added})" if run is not None and run.extensions else total


def _amount(amount: Amount) -> str:
    """Return an amount without its unit, as far as it is whole."""
    if not isinstance(amount, timedelta):
        return str(amount)
    return duration_text(amount) if amount % _HOUR else str(amount // _HOUR)


def _days(reading: Reading, run: Run, calendar: Calendar) -> Iterator[str]:
    """Yield each day up to the due day, or up to now while there is none."""
    counted, paused = 0, tuple(zip(run.gaps(), run.all_pauses, strict=True))
    last = reading.due_on or min(reading.at.date(), calendar.covers_until)
    for day in calendar.explain(run.mark, max(last, run.mark)):
        why = _pause_over(day.on, paused)
        if day.number is not None and why is None:
            counted += 1
            yield str(day._replace(number=counted))
        else:
            yield f"{day_name(day.on)}: {why}" if day.number is not None else str(day)


def _pause_over(
    day: date, paused: tuple[tuple[tuple[date, date | None], Pause], ...]
) -> str | None:
    """Return why ``day`` is paused, if it is."""
    for (begin, end), pause in paused:
        if begin < day and (end is None or day <= end):
            return f"paused, {pause.reason}"
    return None


def _hours(reading: Reading, run: Run, calendar: Calendar) -> Iterator[str]:
    """Yield each day up to the end with the open time that was consumed on it."""
    end = reading.due_at or reading.at
    day, consumed = calendar.day_of(run.started_at), timedelta()
    while day <= min(calendar.day_of(end), calendar.covers_until):
        until = run.consumed_to(min(calendar.ends_at(day), end))
        if until > consumed:
            day_is = f"{duration_text(until - consumed)}, {duration_text(until)} in all"
        elif calendar.is_business_day(day):
            day_is = "paused or outside opening hours"
        else:
            day_is = f"skipped, {calendar.why(day)}"
        yield f"{day_name(day)}: {day_is}"
        day, consumed = day + _ONE_DAY, until
    yield from (_pause(pause, run) for pause in run.all_pauses)


def _pause(pause: Pause, run: Run) -> str:
    until = "" if pause.end is None else f" until {_moment(pause.end, run)}"
    return f"{_moment(pause.start, run)}: paused{until}, {pause.reason}"


def _end(reading: Reading, run: Run) -> Iterator[str]:
    """Yield when it is due, how it ended, and whether that may change."""
    if reading.due_at is None:
        yield "no due date until it is resumed"
    elif run.compiled.inclusive or not run.compiled.unit.counts_days:
        yield f"{_moment(reading.due_at, run)}: due"
    else:
        yield f"{day_name(reading.due_on or reading.due_at.date())}: the last day in time"
    if run.ended_at is not None:
        yield f"{_moment(run.ended_at, run)}: {'stopped' if run.stopped else 'cancelled'}"
    yield f"{_moment(reading.at, run)}: {reading.state.value.replace('_', ' ')}"
    if reading.provisional:
        yield "provisional: the date of a holiday in between is an estimate"


def _moment(instant: datetime, run: Run) -> str:
    """Return a moment by the clock's zone: ``Friday 2026-12-18 15:00``."""
    local = in_zone(instant, run.compiled.zone)
    return f"{day_name(local.date())} {local:%H:%M}"
