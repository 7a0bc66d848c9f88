"""Read the events of an iCalendar file: what they are called, and when they happen (RFC 5545).

Rules that hold for every event:

1. It recurs as its rule and its dates say, less the dates it leaves out. A date leaves out what
   begins on it, also where the event has a time of day.
2. An event of whole days without an end is one day long; any other without one has no length.
3. Times are by the clocks of the zone that they name, otherwise by the calendar's.

This module does not know what a calendar is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from cosell.calendars.ical_text import Component, Property, Reading, WrongError
from cosell.calendars.ical_values import (
    Moment,
    length_of,
    moment_of,
    moments,
    periods,
    recurrence_of,
    text_of,
)
from cosell.calendars.ical_zones import Clocks, Zones
from cosell.calendars.recurrence import TooMuchError, occurrences

__all__ = ["Event", "Happening", "events_of", "refuse"]

_ONE_DAY: Final = timedelta(days=1)


class Happening(NamedTuple):
    """One time that an event happens: whole days, or from one instant in UTC to another."""

    begins: Moment
    ends: Moment


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it was read.

    Attributes:
        uid: What tells it from others; a changed recurrence has that of its event.
        name: What it is called.
        line: Where it begins in the file.
        status: ``CONFIRMED``, ``TENTATIVE`` or ``CANCELLED``.
        replaces: Of which recurrence it stands in the place.
        happenings: When it happens, by when it begins.
    """

    uid: str
    name: str
    line: int
    status: str
    replaces: Moment | None
    happenings: dict[Moment, Happening]


def events_of(root: Component, zones: Zones, reading: Reading, last: date) -> Iterator[Event]:
    """Yield the events of a file as far as ``last``; what is wrong with others is noted."""
    reader = _Reader(zones, reading, last)
    for component in (part for calendar in root.parts for part in calendar.parts):
        if component.kind == "VEVENT":
            try:
                yield reader.event(component)
            except WrongError as wrong:
                reading.note(wrong)
            except TooMuchError:
                refuse(component.line, reading)


def refuse(line: int, reading: Reading) -> None:
    """Refuse a file that makes more work than a calendar can need, at the event on ``line``.

    Raises:
        InvalidDataError: Always.
    """
    problem = "with this event the file lists more dates than a calendar needs"
    remedy = "Give the events of the years that are needed, or an end to each recurrence."
    reading.note(WrongError(line, problem, remedy))
    reading.finish()


@dataclass
class _Reader:
    """Reads events as far as they are needed."""

    zones: Zones
    reading: Reading
    last: date

    def event(self, component: Component) -> Event:
        """Return an event.

        Raises:
            TooMuchError: The file lists too many dates.
            WrongError: Something is wrong with it.
        """
        start, replaced = component.one("DTSTART"), component.one("RECURRENCE-ID")
        if start is None:
            raise WrongError(component.line, "the event has no DTSTART", "Say when it begins.")
        for unsupported in component.all("EXRULE"):
            raise unsupported.wrong("is not supported", "List the dates as EXDATE.")
        if replaced is not None and "RANGE" in replaced.parameters:
            raise replaced.wrong("with RANGE is not supported", "Change each recurrence.")
        begins, clocks = moment_of(start), self.zones.clocks_of(start)
        return Event(
            uid=text_of(component.one("UID"), f"line {component.line}"),
            name=text_of(component.one("SUMMARY"), "event"),
            line=component.line,
            status=text_of(component.one("STATUS"), "CONFIRMED").upper(),
            replaces=None if replaced is None else self._replaced(replaced),
            happenings=self._happenings(component, begins, clocks),
        )

    def _happenings(
        self, component: Component, begins: Moment, clocks: Clocks
    ) -> dict[Moment, Happening]:
        starts = [*self._recurring(component, begins, clocks)]
        length = self._length(component, begins, clocks)
        found = {start: Happening(start, start + length) for start in starts}
        for place in component.all("RDATE"):
            dated = self.zones.clocks_of(place)
            for moment, end in periods(place):
                start = _instant(moment, dated)
                ends = start + (end if isinstance(end, timedelta) else length)
                if isinstance(end, date):
                    ends = _instant(end, dated)
                found[start] = Happening(start, ends)
        for place in component.all("EXDATE"):
            dated = self.zones.clocks_of(place)
            for moment in moments(place):
                # A date leaves out what begins on it, also where the event has a time of day.
                is_whole_day = not isinstance(moment, datetime)
                left_out = (
                    _instant(_on(moment, begins), clocks)
                    if is_whole_day
                    else _instant(moment, dated)
                )
                found.pop(left_out, None)
        return found

    def _replaced(self, place: Property) -> Moment:
        return _instant(moment_of(place), self.zones.clocks_of(place))

    def _recurring(self, component: Component, begins: Moment, clocks: Clocks) -> Iterator[Moment]:
        """Yield when an event begins by its rule, or once."""
        place = component.one("RRULE")
        if place is None:
            yield _instant(begins, clocks)
            return
        rule, until = recurrence_of(place)
        for day in occurrences(rule, _day_of(begins), self.last, self.reading.spend):
            start = _instant(_on(day, begins), clocks)
            if until is not None and _is_after(start, until, clocks):
                return
            yield start

    def _length(self, component: Component, begins: Moment, clocks: Clocks) -> timedelta:
        """Return how long an event is; one of whole days without an end is one day long."""
        ends, length = component.one("DTEND"), component.one("DURATION")
        whole = not isinstance(begins, datetime)
        if length is not None:
            found = length_of(length)
        elif ends is not None:
            end = moment_of(ends)
            if isinstance(end, datetime) is whole:
                raise ends.wrong("and DTSTART are not of one kind", "Give both a time, or neither.")
            found = _instant(end, self.zones.clocks_of(ends)) - _instant(begins, clocks)
        else:
            found = timedelta()
        if found < timedelta():
            raise WrongError(component.line, "the event ends before it begins", "Correct its end.")
        return max(found, _ONE_DAY) if whole else found


def _instant(moment: Moment, clocks: Clocks) -> Moment:
    """Return a moment in UTC, or the date that it is."""
    if not isinstance(moment, datetime):
        return moment
    return clocks(moment) if moment.tzinfo is None else moment.astimezone(UTC)


def _day_of(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _on(day: date, begins: Moment) -> Moment:
    """Return ``day`` at the time of day, and in UTC or not, as the event begins."""
    return datetime.combine(day, begins.timetz()) if isinstance(begins, datetime) else day


def _is_after(start: Moment, until: Moment, clocks: Clocks) -> bool:
    if isinstance(start, datetime) and isinstance(until, datetime):
        return start > _instant(until, clocks)
    return _day_of(start) > _day_of(until)
