"""Say how a reading comes about: each day counted or skipped, and why.

Rules (numbers of the section "Time" of the design in brackets):

1. Units that a calendar counts are listed day by day. Of elapsed hours and calendar days every one
   counts: there only the pauses are listed, and days that a zone left out. [10]
2. The list ends where counting did: at the end of a clock that was answered later or not at all, at
   the stop of one that was answered before, and else at the moment of reading.
3. Where a cut-off puts the start off to a later day, every day on the way there has its line. [1]

This module does not know how a clock is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from cosell.calendars import Calendar, day_name, in_zone, midnight_after, to_utc
from cosell.clocks.measure import amount_text, told_duration
from cosell.clocks.run import Pause, Run, over_at
from cosell.definition.clock import Unit

if TYPE_CHECKING:
    from cosell.clocks.compiled import CompiledClock
    from cosell.clocks.reading import Reading

__all__ = ["lines_of"]

_ONE_DAY: Final = timedelta(days=1)
#: So many days of a clock are looked at for one that its zone left out.
_MOST_DAYS: Final = 4_000


def lines_of(reading: Reading, compiled: CompiledClock, run: Run | None) -> Iterator[str]:
    """Yield the lines of an explanation, in order."""
    clock, calendar = compiled.clock, compiled.measure.calendar
    unit = clock.unit.value.replace("_", " ")
    where = "" if calendar is None else f" in calendar `{calendar.id}` ({calendar.tz})"
    yield f"{clock.label or clock.id}: {_allowance(compiled, run)}{unit}{where}"
    if run is None:
        yield "not started"
        return
    if run.number > 1:
        missed = f", {run.missed} before it without an answer" if run.missed else ""
        yield f"run {run.number}{missed}"
    yield f"{_moment(run.started_at, run)}: started{_first_day(run)}"
    if calendar is not None and clock.unit.needs_calendar:
        by_day = _days if clock.unit is Unit.BUSINESS_DAYS else _hours
        yield from by_day(reading, run, calendar)
    else:
        yield from _skipped_days(reading, run)
        yield from (_pause(pause, run) for pause in run.all_pauses)
    yield from _touches(reading, run)
    yield from _end(reading, run)


def _allowance(compiled: CompiledClock, run: Run | None) -> str:
    """Return the allowance with a blank after it."""
    if compiled.units is None:
        return "measures "
    if run is None:
        if compiled.in_months:
            return f"{compiled.units} months of "
        return f"{amount_text(compiled.measure.amount(compiled.units))} "
    total = amount_text(run.total)
    if compiled.in_months:
        total = f"{compiled.units} months, {total}"
    if run.extensions:
        total = f"{total} (extended by {run.added})"
    if compiled.at_most is not None:
        total = f"{total}, {amount_text(compiled.at_most)} at the latest,"
    return f"{total} "


def _first_day(run: Run) -> str:
    """Return that the day of the start does not count, and why the day after may not either."""
    compiled, start = run.compiled, in_zone(run.started_at, run.compiled.zone)
    if not compiled.unit.counts_days or run.mark < start.date():
        return ""
    if run.mark == start.date():
        return ", and this day does not count"
    calendar, cutoff = compiled.measure.calendar, compiled.clock.cutoff
    if calendar is not None and not calendar.is_business_day(start.date()):
        return f" on a closed day ({calendar.why(start.date())}), and this day does not count"
    late = "at" if f"{start:%H:%M:%S.%f}" == f"{cutoff}:00.000000" else "after"
    return f" {late} the cut-off of {cutoff}, and this day does not count"


def _stopped_at(reading: Reading, run: Run) -> datetime | None:
    """Return when it was stopped or cancelled, if that was not after its end."""
    ended, due = run.ended_at, reading.due_at
    return ended if ended is not None and (due is None or ended <= due) else None


def _last_day(reading: Reading, run: Run) -> date:
    """Return the day on which the list ends, by the clocks of its zone."""
    stopped = _stopped_at(reading, run)
    if stopped is None and reading.due_on is not None:
        return reading.due_on
    return in_zone(stopped or reading.at, run.compiled.zone).date()


def _days(reading: Reading, run: Run, calendar: Calendar) -> Iterator[str]:
    """Yield each day up to the last one that is listed."""
    last = min(_last_day(reading, run), calendar.covers_until)
    yield from _put_off(run, calendar, last)
    counted, paused = 0, tuple(zip(run.gaps(), run.all_pauses, strict=True))
    stopped = _stopped_at(reading, run)
    counts_to = last
    if stopped is not None or reading.due_on is None:
        counts_to = over_at(run, to_utc(stopped or reading.at))
    for day in calendar.explain(run.mark, max(last, run.mark)):
        why = _pause_over(day.on, paused)
        if day.number is None:
            yield str(day)
        elif why is not None:
            yield f"{day_name(day.on)}: {why}"
        elif day.on > counts_to:
            yield f"{day_name(day.on)}: {'ended before it was over' if stopped else 'not over yet'}"
        else:
            counted += 1
            yield f"{day._replace(number=counted)}{_left_out(day.on, run)}"


def _put_off(run: Run, calendar: Calendar, last: date) -> Iterator[str]:
    """Yield the days after the start up to the one as which it counts, where that is later."""
    start = in_zone(run.started_at, run.compiled.zone).date()
    for ordinal in range(start.toordinal() + 1, min(run.mark, last).toordinal() + 1):
        day = date.fromordinal(ordinal)
        day_is = "day 0, as which the start counts"
        yield f"{day_name(day)}: {day_is if day == run.mark else f'skipped, {calendar.why(day)}'}"


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
    end = _stopped_at(reading, run) or reading.due_at or reading.at
    day, consumed = calendar.day_of(run.started_at), timedelta()
    while day <= min(calendar.day_of(end), calendar.covers_until):
        until = run.consumed_to(min(calendar.ends_at(day), end))
        if until > consumed:
            day_is = f"{told_duration(until - consumed)}, {told_duration(until)} in all"
        elif calendar.is_business_day(day):
            day_is = "paused or outside opening hours"
        else:
            day_is = f"skipped, {calendar.why(day)}"
        yield f"{day_name(day)}: {day_is}"
        day, consumed = day + _ONE_DAY, until
    yield from (_pause(pause, run) for pause in run.all_pauses)


def _skipped_days(reading: Reading, run: Run) -> Iterator[str]:
    """Yield the days that count and that the clocks of the zone left out, as Samoa did once."""
    if not run.compiled.unit.counts_days:
        return
    last = _last_day(reading, run)
    for number in range(1, min((last - run.mark).days, _MOST_DAYS) + 1):
        day = run.mark + number * _ONE_DAY
        left_out = _left_out(day, run)
        if left_out:
            yield f"{day_name(day)}: day {number}{left_out}"


def _left_out(day: date, run: Run) -> str:
    """Return that ``day`` did not exist in the clock's zone; it counts, and takes no time."""
    zone = run.compiled.zone
    if midnight_after(day, zone) > midnight_after(day - _ONE_DAY, zone):
        return ""
    return f", which clocks of {zone} left out"


def _pause(pause: Pause, run: Run) -> str:
    until = "" if pause.end is None else f" until {_moment(pause.end, run)}"
    return f"{_moment(pause.start, run)}: paused{until}, {pause.reason}"


def _touches(reading: Reading, run: Run) -> Iterator[str]:
    """Yield what was done in the clock's cadence, and what is not in rhythm."""
    rhythm = reading.cadence
    if rhythm is None:
        return
    for number, touch in enumerate(rhythm.touches, start=1):
        yield f"{_moment(touch, run)}: touch {number}"
    yield from rhythm.breaks
    done = "complete" if rhythm.complete else f"not complete, {rhythm.least} at least"
    yield f"{len(rhythm.touches)} touches: {done}"
    if rhythm.next_by is not None:
        yield f"{_moment(rhythm.next_by, run)}: the next touch is due"


def _end(reading: Reading, run: Run) -> Iterator[str]:
    """Yield when it is due, how it ended, and whether that may change."""
    if reading.due_at is not None:
        yield _due(reading, reading.due_at, run)
    elif run.total is not None:
        yield "no due date until it is resumed"
        if reading.latest_at is not None:
            yield f"{_moment(reading.latest_at, run)}: due at the latest"
    if run.ended_at is not None:
        yield f"{_moment(run.ended_at, run)}: {'stopped' if run.stopped else 'cancelled'}"
    yield f"{_moment(reading.at, run)}: {reading.state.value.replace('_', ' ')}"
    if reading.provisional:
        yield "provisional: the date of a holiday in between is an estimate"


def _due(reading: Reading, due_at: datetime, run: Run) -> str:
    compiled = run.compiled
    if compiled.is_hold:
        return f"{_moment(due_at, run)}: over"
    if compiled.inclusive or not compiled.unit.counts_days:
        return f"{_moment(due_at, run)}: due"
    return f"{day_name(reading.due_on or due_at.date())}: the last day in time"


def _moment(instant: datetime, run: Run) -> str:
    """Return a moment by the clock's zone: ``Friday 2026-12-18 15:00``."""
    local = in_zone(instant, run.compiled.zone)
    return f"{day_name(local.date())} {local:%H:%M}"
