"""A timetable compiled: prefix tables in which adding and counting cost the same however far.

Rules that hold for all tables:

1. ``DayTable`` numbers the open days. Position i is the i-th day that is known.
2. ``HourTable`` numbers the open intervals, in microseconds of UTC, disjoint and in order, and
   keeps the open time before each. An hour is an hour of the wall in no other way: when clocks
   change inside an interval, its true length counts.
3. Identical timetables share one table; tables are never changed.

This module does not know what an error is to a caller: a question outside the table is a
``LookupError``.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate
from typing import Final

from cosell.calendars.hours import MINUTES_A_DAY
from cosell.calendars.timetable import Timetable
from cosell.calendars.zones import find_zone, midnight_after, wall_to_utc

__all__ = [
    "EPOCH",
    "MICROSECOND",
    "CloseTable",
    "DayTable",
    "HourTable",
    "fingerprint_of",
    "microseconds",
]

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
_ONE_DAY: Final = timedelta(days=1)
_SHARED: Final = 64


class DayTable:
    """Open days by number.

    Attributes:
        first: Ordinal of the first day that is known.
        open_days: The open days in order.
        latest: For each known day, the number of the last open day that is not after it; -1
            when there is none.
        earliest: For each known day, the number of the first open day that is not before it.
    """

    __slots__ = ("earliest", "first", "latest", "open_days")

    def __init__(self, timetable: Timetable) -> None:
        open_days: list[date] = []
        latest: list[int] = []
        earliest: list[int] = []
        for day, windows in timetable.days():
            earliest.append(len(open_days))
            if windows:
                open_days.append(day)
            latest.append(len(open_days) - 1)
        self.first = timetable.covers_from.toordinal()
        self.open_days = tuple(open_days)
        self.latest = tuple(latest)
        self.earliest = tuple(earliest)

    @staticmethod
    @lru_cache(maxsize=_SHARED)
    def of(timetable: Timetable) -> DayTable:
        """Return the table of ``timetable``, the same one for equal timetables."""
        return DayTable(timetable)


class HourTable:
    """Open intervals by number, in microseconds since 1970 in UTC.

    Attributes:
        known_from: First instant that is known.
        known_until: End of what is known.
        opens: Beginning of each interval.
        closes: End of each interval.
        before: Open time before each interval.
        until: Open time up to the end of each interval.
    """

    __slots__ = ("before", "closes", "known_from", "known_until", "opens", "until")

    def __init__(self, timetable: Timetable) -> None:
        zone = find_zone(timetable.tz)
        self.known_from = microseconds(_first_instant(timetable, zone))
        self.known_until = microseconds(midnight_after(timetable.covers_until, zone))
        intervals = tuple(_intervals(timetable, zone, self.known_from, self.known_until))
        self.opens = tuple(opens for opens, _ in intervals)
        self.closes = tuple(closes for _, closes in intervals)
        before, until, total = [], [], 0
        for opens, closes in intervals:
            before.append(total)
            total += closes - opens
            until.append(total)
        self.before = tuple(before)
        self.until = tuple(until)

    @staticmethod
    @lru_cache(maxsize=_SHARED)
    def of(timetable: Timetable) -> HourTable:
        """Return the table of ``timetable``, the same one for equal timetables."""
        return HourTable(timetable)

    def number_at(self, instant: int) -> int:
        """Return the number of the last interval that begins at ``instant`` or before, or -1."""
        return bisect_right(self.opens, instant) - 1

    def is_open(self, instant: int) -> bool:
        """Whether ``instant`` lies in an interval."""
        number = self.number_at(instant)
        return number >= 0 and instant < self.closes[number]

    def is_close(self, instant: int) -> bool:
        """Whether ``instant`` is the end of an interval."""
        number = self.number_at(instant)
        return number >= 0 and instant == self.closes[number]

    def measured(self, instant: int) -> int:
        """Return the open time from the beginning of what is known to ``instant``."""
        number = self.number_at(instant)
        if number < 0:
            return 0
        return self.before[number] + min(instant, self.closes[number]) - self.opens[number]

    def first_at(self, measured: int) -> int:
        """Return the first instant at which that much open time has passed: a close, if any."""
        number = bisect_left(self.until, measured)
        return self.closes[number] - (self.until[number] - measured)

    def last_at(self, measured: int) -> int:
        """Return the last instant at which that much open time has passed: an opening, if any."""
        number = bisect_right(self.before, measured) - 1
        if number < 0:
            raise LookupError(measured)
        return self.opens[number] + (measured - self.before[number])

    def next_open(self, instant: int) -> int:
        """Return ``instant`` if it is open, otherwise the next opening."""
        return instant if self.is_open(instant) else self.opens[self.number_at(instant) + 1]


class CloseTable:
    """Closing times of the open days, by the numbers of ``DayTable``, in UTC.

    Attributes:
        closes: When each open day closes for the last time.
        over: When it and every day before it has closed; hours that run past midnight may reach
            beyond the next day's.
    """

    __slots__ = ("closes", "over")

    def __init__(self, timetable: Timetable) -> None:
        zone = find_zone(timetable.tz)
        self.closes = tuple(
            wall_to_utc(day, windows[-1].closes, zone)
            for day, windows in timetable.days()
            if windows
        )
        self.over = tuple(accumulate(self.closes, max))

    @staticmethod
    @lru_cache(maxsize=_SHARED)
    def of(timetable: Timetable) -> CloseTable:
        """Return the table of ``timetable``, the same one for equal timetables."""
        return CloseTable(timetable)


def microseconds(instant: datetime) -> int:
    """Return the microseconds from 1970 to ``instant``."""
    return (instant - EPOCH) // MICROSECOND


def _first_instant(timetable: Timetable, zone: tzinfo) -> datetime:
    """Return the first instant that is known.

    What runs past midnight from the day before the first one is not known.
    """
    longest = max(
        windows[-1].closes for week in timetable.weeks for windows in week.days if windows
    )
    spill = max(0, longest - MINUTES_A_DAY)
    return midnight_after(timetable.covers_from - _ONE_DAY, zone) + timedelta(minutes=spill)


def _intervals(
    timetable: Timetable, zone: tzinfo, known_from: int, known_until: int
) -> Iterator[tuple[int, int]]:
    """Yield open intervals in order; those that meet are one."""
    begun, ended = known_from, known_from
    for day, windows in timetable.days():
        for window in windows:
            opens = microseconds(wall_to_utc(day, window.opens, zone))
            closes = min(microseconds(wall_to_utc(day, window.closes, zone)), known_until)
            if opens > ended:
                if ended > begun:
                    yield begun, ended
                begun = opens
            ended = max(ended, closes)
    if ended > begun:
        yield begun, ended


@lru_cache(maxsize=_SHARED)
def fingerprint_of(timetable: Timetable) -> str:
    """Return a digest of everything that answers depend on.

    That includes what the time zone database says about the span: a machine with other rules for
    the zone gives another fingerprint.
    """
    zone, hours = find_zone(timetable.tz), HourTable.of(timetable)
    content = {
        "tz": timetable.tz,
        "weeks": [(str(since), days) for since, days in timetable.weeks],
        "special": [(str(day.on), *day[1:]) for day in timetable.special],
        "days": [microseconds(midnight_after(day, zone)) for day, _ in timetable.days()],
        "hours": [hours.opens, hours.closes],
    }
    return sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()
