"""A timetable compiled: prefix tables in which adding and counting cost the same however far.

Rules that hold for all tables:

1. ``DayTable`` numbers the open days. Position i is the i-th day that is known.
2. ``HourTable`` numbers the open intervals, in microseconds of UTC, disjoint and in order, and
   keeps the open time before each. An hour is an hour of the wall in no other way: when clocks
   change inside an interval, its true length counts.
3. Identical timetables share one table; what a table knows never changes. Closes by the clocks of
   the zone are kept once somebody asked for them.

This module does not know what an error is to a caller: a question outside the table is a
``LookupError``.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate
from typing import Any, Final

from cosell.calendars.joint import Plan
from cosell.calendars.stretches import Stretch, known_instants, merged, stretches_of
from cosell.calendars.timetable import SpecialDay, Timetable
from cosell.calendars.zones import (
    DAY_LONG,
    EPOCH,
    MICROSECOND,
    find_zone,
    in_zone_at,
    microseconds,
    midnight_after,
)

__all__ = ["DayTable", "HourTable", "fingerprint_of"]

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

    def __init__(self, plan: Plan) -> None:
        open_days: list[date] = []
        latest: list[int] = []
        earliest: list[int] = []
        for day, opens in plan.open_flags():
            earliest.append(len(open_days))
            if opens:
                open_days.append(day)
            latest.append(len(open_days) - 1)
        self.first = plan.covers_from.toordinal()
        self.open_days = tuple(open_days)
        self.latest = tuple(latest)
        self.earliest = tuple(earliest)

    @staticmethod
    @lru_cache(maxsize=_SHARED)
    def of(plan: Plan) -> DayTable:
        """Return the table of ``plan``, the same one for equal timetables."""
        return DayTable(plan)


class HourTable:
    """Open intervals by number, in microseconds since 1970 in UTC, and the days they belong to.

    Attributes:
        known_from: First instant that is known.
        known_until: End of what is known.
        opens: Beginning of each interval.
        closes: End of each interval.
        before: Open time before each interval.
        until: Open time up to the end of each interval.
        day_opens: When each open day, by its number in ``DayTable``, opens for the first time.
        day_closes: When it closes for the last time.
        over: When it and every day before it have closed; hours that run past midnight may reach
            beyond the next day's.
    """

    __slots__ = (
        "_shown",
        "_zone",
        "before",
        "closes",
        "day_closes",
        "day_opens",
        "known_from",
        "known_until",
        "opens",
        "over",
        "until",
    )

    def __init__(self, plan: Plan) -> None:
        stretches = stretches_of(plan)
        self.known_from, self.known_until = known_instants(plan)
        intervals = tuple(merged(stretches, self.known_from, self.known_until))
        self.opens = tuple(opens for opens, _ in intervals)
        self.closes = tuple(closes for _, closes in intervals)
        self.until = tuple(accumulate(closes - opens for opens, closes in intervals))
        self.before = (0, *self.until[:-1])[: len(intervals)]
        self._zone = find_zone(plan.tz)
        self._shown: dict[int, datetime] = {}
        spans = _day_spans(plan, stretches)
        self.day_opens = tuple(opens for opens, _ in spans)
        self.day_closes = tuple(closes for _, closes in spans)
        self.over = tuple(accumulate(self.day_closes, max))

    @staticmethod
    @lru_cache(maxsize=_SHARED)
    def of(plan: Plan) -> HourTable:
        """Return the table of ``plan``, the same one for equal timetables."""
        return HourTable(plan)

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
        number = bisect_right(self.opens, instant) - 1
        if number < 0:
            return 0
        close = self.closes[number]
        if instant < close:
            return self.before[number] + instant - self.opens[number]
        return self.until[number]

    def first_after(self, instant: int, length: int) -> datetime:
        """Return the first moment at which ``length`` of open time has passed: a close, if any.

        It has the fixed offset that the zone has then.
        """
        until = self.until
        measured = self.measured(instant) + length
        number = bisect_left(until, measured)
        left = until[number] - measured
        close = self._shown.get(number)
        if close is None:
            self._show(number)
            return in_zone_at(self.closes[number] - left, self._zone)
        return close - left * MICROSECOND if left else close

    def _show(self, number: int) -> None:
        """Keep a close by the clocks of the zone, unless they change in its interval."""
        opens, closes = self.opens[number], self.closes[number]
        close = in_zone_at(closes, self._zone)
        alike = in_zone_at(opens, self._zone).utcoffset() == close.utcoffset()
        if alike and closes - opens <= DAY_LONG:
            self._shown[number] = close

    def last_before(self, instant: int, length: int) -> int:
        """Return the last instant at which that much (less) has passed: an opening, if any."""
        measured = self.measured(instant) + length
        number = bisect_right(self.before, measured) - 1
        if number < 0:
            raise LookupError(measured)
        return self.opens[number] + (measured - self.before[number])

    def next_open(self, instant: int) -> int:
        """Return ``instant`` if it is open, otherwise the next opening."""
        return instant if self.is_open(instant) else self.opens[self.number_at(instant) + 1]


def _day_spans(plan: Plan, stretches: Iterable[Stretch]) -> list[tuple[datetime, datetime]]:
    """Return when each open day opens first and closes last.

    One to which no stretch belongs opens and closes at its end.
    """
    spans: dict[date, tuple[int, int]] = {}
    for on, opens, closes in stretches:
        begun, ended = spans.get(on, (opens, closes))
        spans[on] = min(begun, opens), max(ended, closes)
    zone, found = find_zone(plan.tz), []
    for day in DayTable.of(plan).open_days:
        if day in spans:
            begun, ended = spans[day]
            found.append((EPOCH + begun * MICROSECOND, EPOCH + ended * MICROSECOND))
        else:
            found.append((midnight_after(day, zone),) * 2)
    return found


@lru_cache(maxsize=_SHARED)
def fingerprint_of(plan: Plan) -> str:
    """Return a digest of everything that answers depend on.

    That includes what the time zone database says about the span: a machine with other rules for
    the zone gives another fingerprint.
    """
    zone, hours = find_zone(plan.tz), HourTable.of(plan)
    content = {
        **_data_of(plan),
        "days": [microseconds(midnight_after(day, zone)) for day, _ in plan.open_flags()],
        "hours": [hours.opens, hours.closes],
    }
    return sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


def _data_of(plan: Plan) -> dict[str, Any]:
    """Return what a timetable holds as JSON has it."""
    if isinstance(plan, Timetable):
        return {
            "tz": plan.tz,
            "weeks": [(str(since), days) for since, days in plan.weeks],
            "special": _listed(plan.special),
        }
    return {
        "tz": plan.tz,
        "mode": plan.mode,
        "parts": [(name, _data_of(part)) for name, part in plan.parts],
        "special": _listed(plan.special),
    }


def _listed(special: Iterable[SpecialDay]) -> list[tuple[Any, ...]]:
    return [(str(day.on), *day[1:]) for day in special]
