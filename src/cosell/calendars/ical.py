"""The days and hours that the events of an iCalendar file close (RFC 5545).

Rules that hold for every file:

1. An event of whole days closes them. Any other closes the hours it takes by the calendar's
   clocks, on whole minutes, and a day of which no hour is left is closed.
2. What one recurrence was changed to stands in its place.
3. What is cancelled counts for nothing; what is tentative is provisional.
4. A file is read as a whole, or refused as a whole with every problem and its line.

This module does not know how days are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Final

from cosell.calendars.hours import without_spans
from cosell.calendars.ical_events import Event, Happening, events_of, refuse
from cosell.calendars.ical_text import Reading, read_components
from cosell.calendars.ical_zones import Zones
from cosell.calendars.recurrence import TooMuchError
from cosell.calendars.timetable import SpecialDay, Timetable
from cosell.calendars.zones import find_zone

__all__ = ["closures"]

_ONE_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)
_MOST_NAMES: Final = 5


def closures(text: str, plan: Timetable, *, file: str | None) -> list[SpecialDay]:
    """Return the days of ``plan`` that the events of a file close, wholly or in part.

    Raises:
        InvalidDataError: The file cannot be read, or asks for more than a calendar needs.
        MissingExtraError: The extra ``ical`` is not installed.
    """
    reading = Reading(file)
    root = read_components(text, reading)
    zone, last = find_zone(plan.tz), plan.covers_until + 2 * _ONE_DAY
    zones = Zones.of(root, default=zone, last=last, reading=reading)
    events = tuple(events_of(root, zones, reading, last))
    reading.finish()
    closing = _Closing(plan, zone, reading)
    for event, happening in _happening(events):
        try:
            closing.add(event, happening)
        except TooMuchError:
            refuse(event.line, reading)
    return list(closing.special_days())


def _happening(events: Iterable[Event]) -> Iterator[tuple[Event, Happening]]:
    """Yield what happens: changed recurrences stand in the place of the original ones."""
    events = tuple(events)
    replaced = {(event.uid, event.replaces) for event in events if event.replaces is not None}
    for event in events:
        if event.status != "CANCELLED":
            for start, happening in event.happenings.items():
                if event.replaces is not None or (event.uid, start) not in replaced:
                    yield event, happening


@dataclass
class _Closed:
    """What is closed of one day.

    Attributes:
        names: The events that close it, in order.
        whole: Whether all of it is closed.
        provisional: Whether an event is tentative.
        spans: Closed minutes after midnight.
    """

    names: dict[str, None] = field(default_factory=dict)
    whole: bool = False
    provisional: bool = False
    spans: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class _Closing:
    """Collects what is closed of each day."""

    plan: Timetable
    zone: tzinfo
    reading: Reading
    days: dict[date, _Closed] = field(default_factory=dict)

    def add(self, event: Event, happening: Happening) -> None:
        """Close what an event takes.

        Raises:
            TooMuchError: The file closes more days than a calendar can have.
        """
        begins, ends = happening
        if isinstance(begins, datetime) and isinstance(ends, datetime):
            self._close_hours(event, self._wall(begins), self._wall(ends))
        else:
            for day in self._days(begins, ends - _ONE_DAY):
                self._note(day, event).whole = True

    def special_days(self) -> Iterator[SpecialDay]:
        """Yield the days that are closed, wholly or in part."""
        for on, closed in sorted(self.days.items()):
            spans = closed.spans
            windows = () if closed.whole else without_spans(self.plan.windows_on(on), spans)
            name = ", ".join(islice(closed.names, _MOST_NAMES))
            yield SpecialDay(on, name, windows, closed.provisional)

    def _close_hours(self, event: Event, begins: datetime, ends: datetime) -> None:
        if begins == ends:
            return
        # Hours that run past midnight belong to the day before.
        for day in self._days(begins.date() - _ONE_DAY, ends.date()):
            midnight = datetime.combine(day, time())
            first, last = (begins - midnight) // _MINUTE, -((midnight - ends) // _MINUTE)
            windows = self.plan.windows_on(day)
            if any(window.opens < last and first < window.closes for window in windows):
                self._note(day, event).spans.append((first, last))

    def _days(self, first: date, last: date) -> Iterator[date]:
        """Yield the known days from ``first`` to ``last``, each paid for."""
        first, last = max(first, self.plan.covers_from), min(last, self.plan.covers_until)
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            self.reading.spend(1)
            yield date.fromordinal(ordinal)

    def _note(self, day: date, event: Event) -> _Closed:
        closed = self.days.setdefault(day, _Closed())
        closed.names[event.name] = None
        closed.provisional |= event.status == "TENTATIVE"
        return closed

    def _wall(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone).replace(tzinfo=None)
