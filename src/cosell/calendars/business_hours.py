"""Business hours: adding and measuring open time, and when a day opens and closes.

Rules that hold for every answer (numbers of the section "Time" of the design in brackets):

1. Open time is real time inside the opening hours; when clocks change, the true length counts. [2]
2. Intervals are half-open: a calendar is open at its opening and closed at its close. [3]
3. Adding lands on a close, never on the opening that follows it; going back lands on an opening,
   never on the close before it. [4]
4. Adding nothing gives the moment itself if it is open or a close, otherwise the next opening.

Answers have the fixed offset that the zone has at that moment. Adding and measuring take the same
time however far they go. This module does not know what a deadline is.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NoReturn

from cosell.calendars.counting import BusinessDays
from cosell.calendars.zones import (
    EPOCH,
    MICROSECOND,
    in_zone,
    in_zone_at,
    microseconds,
    utc_of,
)
from cosell.errors import CalendarError, require_zone

__all__ = ["BusinessHours"]


@dataclass(frozen=True, eq=False)
class BusinessHours(BusinessDays):
    """Measures open time."""

    def open_of(self, day: date) -> datetime:
        """Return when ``day`` opens.

        Raises:
            CalendarError: It is closed all day.
            CalendarExhaustedError: The calendar does not cover it.
        """
        return in_zone(self._hours.day_opens[self._number_of(day)], self.zone)

    def close_of(self, day: date) -> datetime:
        """Return when ``day`` closes for the last time; after midnight if its hours run past it.

        Raises:
            CalendarError: It is closed all day.
            CalendarExhaustedError: The calendar does not cover it.

        Example:
            >>> from cosell.calendars import Calendar
            >>> prague = Calendar.from_holidays("CZ", tz="Europe/Prague")
            >>> prague.close_of(date(2026, 12, 29)).isoformat()
            '2026-12-29T17:00:00+01:00'
        """
        return in_zone(self.closes_at(day), self.zone)

    def closes_at(self, day: date) -> datetime:
        """Return what ``close_of`` does, in UTC.

        Raises:
            CalendarError: It is closed all day.
            CalendarExhaustedError: The calendar does not cover it.
        """
        return self._hours.day_closes[self._number_of(day)]

    def _number_of(self, day: date) -> int:
        """Return the number of an open day."""
        if type(day) is not date:
            day = self._local_date(day)
        table = self._days
        place = day.toordinal() - table.first
        if not 0 <= place < len(table.latest):
            raise self._exhausted(day)
        number = table.latest[place]
        if number != table.earliest[place]:
            raise CalendarError(
                f"calendar `{self.id}` is closed on {day}", "Ask for a business day."
            )
        return number

    def last_closed(self, instant: datetime, *, itself: bool = True) -> date | None:
        """Return the last business day that has closed by ``instant``; ``None`` if none has yet.

        Args:
            instant: A moment with a time zone.
            itself: Whether a close at that very instant counts.

        Raises:
            CalendarExhaustedError: The calendar does not cover ``instant``.
            NaiveDatetimeError: It has no time zone.
        """
        require_zone(instant, "instant")
        over = self._hours.over
        number = bisect_right(over, instant) if itself else bisect_left(over, instant)
        if number == 0 or number == len(over):
            self.require_known(self.day_of(instant))
        return self._days.open_days[number - 1] if number else None

    def is_open(self, instant: datetime) -> bool:
        """Whether ``instant`` lies in the opening hours.

        Raises:
            CalendarExhaustedError: The calendar does not cover it.
            NaiveDatetimeError: It has no time zone.
        """
        return self._hours.is_open(self._place(instant))

    def next_open(self, instant: datetime) -> datetime:
        """Return ``instant`` if it is open, otherwise the next opening.

        Raises:
            CalendarExhaustedError: The calendar does not cover it or the answer.
            NaiveDatetimeError: It has no time zone.
        """
        place = self._place(instant)
        try:
            return self._moment(self._hours.next_open(place))
        except LookupError:
            return self._out_of_hours(ahead=True)

    def add_hours(self, instant: datetime, open_time: timedelta) -> datetime:
        """Return the moment at which ``open_time`` of opening hours has passed.

        Args:
            instant: Where to start, with a time zone.
            open_time: How much open time; a negative one goes back.

        Returns:
            A moment in the calendar's zone, on a close rather than on the opening after it.

        Raises:
            CalendarExhaustedError: The calendar does not cover the moment or the answer.
            NaiveDatetimeError: ``instant`` has no time zone.

        Source:
            Time 4.

        Example:
            >>> from cosell.calendars import Calendar
            >>> from zoneinfo import ZoneInfo
            >>> prague = Calendar.from_holidays("CZ", tz="Europe/Prague")
            >>> monday = datetime(2026, 11, 2, 9, tzinfo=ZoneInfo("Europe/Prague"))
            >>> prague.add_hours(monday, timedelta(hours=8)).isoformat()
            '2026-11-02T17:00:00+01:00'
        """
        table, length = self._hours, open_time // MICROSECOND
        place = self._place(instant)
        try:
            if length > 0:
                return table.first_after(place, length)
            if length < 0:
                return self._moment(table.last_before(place, length))
        except LookupError:
            return self._out_of_hours(ahead=length > 0)
        return self.next_open(instant) if not table.is_close(place) else self._moment(place)

    def open_between(self, a: datetime, b: datetime) -> timedelta:
        """Return the open time from ``a`` to ``b``; negative if ``b`` lies before ``a``.

        Raises:
            CalendarExhaustedError: The calendar does not cover one of them.
            NaiveDatetimeError: One of them has no time zone.

        Example:
            >>> from cosell.calendars import Calendar
            >>> from datetime import UTC
            >>> prague = Calendar.from_holidays("CZ", tz="Europe/Prague")
            >>> friday = datetime(2026, 11, 6, tzinfo=UTC)
            >>> prague.open_between(friday, datetime(2026, 11, 9, tzinfo=UTC))
            datetime.timedelta(seconds=28800)
        """
        table = self._hours
        return MICROSECOND * (table.measured(self._place(b)) - table.measured(self._place(a)))

    def _out_of_hours(self, *, ahead: bool) -> NoReturn:
        """Raise for a moment past the first or last open hour that is known."""
        if self._hours.opens:
            self._beyond(ahead=ahead)
        raise CalendarError(
            f"calendar `{self.id}` has no open hour from {self.covers_from} to {self.covers_until}",
            "Ask for days, or join calendars that are open at the same time.",
        )

    def _place(self, instant: datetime) -> int:
        """Return the place of ``instant`` in the table of hours."""
        table = self._hours
        try:
            place = (instant - EPOCH) // MICROSECOND
        except TypeError:
            place = microseconds(utc_of(instant, name="instant"))
        if table.known_from <= place <= table.known_until:
            return place
        raise self._exhausted(self.day_of(instant))

    def _moment(self, place: int) -> datetime:
        return in_zone_at(place, self.zone)
