"""What is the same for all questions to a calendar: its name, its zone, and what it knows.

Rules:

1. A moment has a time zone; where a day is asked for, a moment means its local date here.
2. A question about a day outside what is known raises; nothing is guessed.

This module does not know how days or hours are counted.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from typing import Final, NoReturn

from cosell.calendars.joint import Plan
from cosell.calendars.tables import DayTable, HourTable, fingerprint_of
from cosell.calendars.zones import find_zone, midnight_after, utc_of
from cosell.errors import CalendarError, CalendarExhaustedError

__all__ = ["KnownSpan"]

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class KnownSpan:
    """A named timetable that answers for the days it knows, and for no others.

    Attributes:
        id: What the calendar is called in answers and errors.
        timetable: What it knows, as plain data.
    """

    id: str
    timetable: Plan

    def __post_init__(self) -> None:
        """Refuse a zone that this machine does not know."""
        find_zone(self.timetable.tz)

    @property
    def tz(self) -> str:
        """Name of the time zone that its days and hours are in."""
        return self.timetable.tz

    @property
    def covers_from(self) -> date:
        """First day that is known."""
        return self.timetable.covers_from

    @property
    def covers_until(self) -> date:
        """Last day that is known."""
        return self.timetable.covers_until

    @property
    def provisional_days(self) -> tuple[date, ...]:
        """Holidays whose date is an estimate, in order."""
        return self.timetable.estimates

    @cached_property
    def zone(self) -> tzinfo:
        """The time zone that its days and hours are in."""
        return find_zone(self.timetable.tz)

    @cached_property
    def fingerprint(self) -> str:
        """Digest of all that answers depend on, the zone's rules included; not of the id.

        The same question to calendars with the same fingerprint has the same answer.
        """
        return fingerprint_of(self.timetable)

    @cached_property
    def _days(self) -> DayTable:
        return DayTable.of(self.timetable)

    @cached_property
    def _hours(self) -> HourTable:
        return HourTable.of(self.timetable)

    def day_of(self, instant: datetime, *, name: str = "instant") -> date:
        """Return the local date of ``instant`` in the calendar's zone.

        Raises:
            CalendarExhaustedError: It lies at an end of time, where zones have no date for it.
            NaiveDatetimeError: ``instant`` has no time zone; ``name`` is what the error calls it.

        Source:
            Time 1 and 4.
        """
        try:
            return utc_of(instant, name=name).astimezone(self.zone).date()
        except OverflowError:
            raise self._exhausted(instant.date()) from None

    def ends_at(self, day: date) -> datetime:
        """Return the midnight that follows ``day`` in the calendar's zone, in UTC."""
        return midnight_after(day, self.zone)

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether an answer that spans ``first`` to ``last`` depends on an estimated holiday.

        An estimated holiday may come a day earlier or later, so one day around the span counts.

        Source:
            Time 5.
        """
        estimates = self.provisional_days
        number = bisect_left(estimates, first - _ONE_DAY)
        return number < len(estimates) and estimates[number] <= last + _ONE_DAY

    def require_known(self, day: date) -> date:
        """Return ``day`` if the calendar covers it.

        Raises:
            CalendarExhaustedError: It does not.
        """
        if self.covers_from <= day <= self.covers_until:
            return day
        raise self._exhausted(day)

    def _exhausted(self, day: date) -> CalendarExhaustedError:
        return CalendarExhaustedError(self.id, day, self.covers_from, self.covers_until)

    def _beyond(self, *, ahead: bool) -> NoReturn:
        """Raise for an answer that lies past one end of what is known."""
        raise self._exhausted(
            self.covers_until + _ONE_DAY if ahead else self.covers_from - _ONE_DAY
        )

    def _local_date(self, day: date, name: str = "day") -> date:
        """Return the plain date that ``day``, given as ``name``, means here.

        Raises:
            CalendarError: It is no date at all.
            NaiveDatetimeError: It is a moment without a time zone.
        """
        if isinstance(day, datetime):
            return self.day_of(day, name=name)
        if isinstance(day, date):
            return day
        raise CalendarError(f"`{day}` is not a date", "Give a date, or a moment with a time zone.")
