"""Business days: adding, counting, and saying why.

Rules that hold for every answer (numbers of the section "Time" of the design in brackets):

1. The day from which is counted never counts. From a closed day, day 1 is the next open day. [1]
2. ``add(day, 0)`` is the day itself if it is open, otherwise the next open day. [2]
3. ``count(a, b)`` counts the business days in (a, b]; it is additive and antisymmetric. [4]
4. ``count(day, add(day, n))`` is n for n of one or more.

Adding and counting take the same time however far they go. This module does not know what an hour
is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from cosell.calendars.span import KnownSpan
from cosell.calendars.timetable import OPEN, day_name
from cosell.errors import WrongKindError

__all__ = ["BusinessDays", "CountedDay"]

_ONE_DAY: Final = timedelta(days=1)


class CountedDay(NamedTuple):
    """One day that was looked at while counting.

    Attributes:
        on: The day.
        number: Which one it is among the days that count; ``None`` if it was skipped.
        why: ``open``, ``weekly rest``, the name of the holiday, or the reason it differs.
    """

    on: date
    number: int | None
    why: str

    def __str__(self) -> str:
        """Return one line: ``Thursday 2026-12-24: skipped, Christmas Eve``."""
        if self.number is None:
            return f"{day_name(self.on)}: skipped, {self.why}"
        why = "" if self.why == OPEN else f", {self.why}"
        return f"{day_name(self.on)}: day {self.number}{why}"


@dataclass(frozen=True, eq=False)
class BusinessDays(KnownSpan):
    """Counts business days."""

    def is_business_day(self, day: date) -> bool:
        """Whether ``day`` is open at any time.

        Args:
            day: A date, or a moment with a time zone, which means its local date here.

        Raises:
            CalendarExhaustedError: The calendar does not cover the day.
        """
        if type(day) is not date:
            day = self._local_date(day)
        table = self._days
        number = self.require_known(day).toordinal() - table.first
        return table.latest[number] == table.earliest[number]

    def why(self, day: date) -> str:
        """Return why ``day`` counts or not: ``open``, ``weekly rest``, or what it is called.

        Raises:
            CalendarExhaustedError: The calendar does not cover the day.

        Example:
            >>> from cosell.calendars import Calendar
            >>> Calendar.from_holidays("CZ", tz="Europe/Prague").why(date(2026, 12, 24))
            'Christmas Eve'
        """
        return self.timetable.reason(self.require_known(self._local_date(day)))

    def add(self, day: date, n: int) -> date:
        """Return the ``n``-th business day after ``day``.

        Args:
            day: A date, or a moment with a time zone, which means its local date here. It never
                counts itself.
            n: How many; 0 gives ``day`` if it is open, otherwise the next open day; a negative
                number goes back.

        Raises:
            CalendarExhaustedError: The answer, or ``day``, is not covered.

        Source:
            Time 1, 2 and 5.

        Example:
            >>> from cosell.calendars import Calendar
            >>> prague = Calendar.from_holidays("CZ", tz="Europe/Prague")
            >>> thursday = date(2027, 3, 25)  # before Good Friday
            >>> str(prague.add(thursday, 5)), str(prague.add(thursday, -1))
            ('2027-04-05', '2027-03-24')
        """
        if type(day) is not date:
            day = self._local_date(day)
        table = self._days
        number = day.toordinal() - table.first
        # A tuple takes a number below zero for one from its end: each is looked at first.
        if number >= 0:
            try:
                if n > 0:
                    return table.open_days[table.latest[number] + n]
                found = table.earliest[number] + n
                if found >= 0:
                    return table.open_days[found]
            except IndexError:
                pass
            except TypeError:
                raise WrongKindError("n", n, "a whole number, such as 5") from None
        self.require_known(day)
        return self._beyond(ahead=n >= 0)

    def count(self, a: date, b: date) -> int:
        """Return the number of business days after ``a`` and not after ``b``.

        Args:
            a: A date, or a moment with a time zone, which means its local date here.
            b: The same; if it lies before ``a``, the answer is ``-count(b, a)``.

        Raises:
            CalendarExhaustedError: One of the days is not covered.

        Source:
            Time 4.

        Example:
            >>> from cosell.calendars import Calendar
            >>> prague = Calendar.from_holidays("CZ", tz="Europe/Prague")
            >>> prague.count(date(2026, 12, 18), date(2026, 12, 29))
            5
        """
        if type(a) is not date:
            a = self._local_date(a, "a")
        if type(b) is not date:
            b = self._local_date(b, "b")
        table = self._days
        first, last = a.toordinal() - table.first, b.toordinal() - table.first
        if first >= 0 and last >= 0:
            try:
                return table.latest[last] - table.latest[first]
            except IndexError:
                pass
        self.require_known(a)
        raise self._exhausted(b)

    def explain(self, after: date, until: date) -> tuple[CountedDay, ...]:
        """Return each day after ``after`` and not after ``until``, and why it counts or not.

        Raises:
            CalendarExhaustedError: One of the days is not covered.

        Source:
            Time 10.
        """
        self.require_known(after)
        self.require_known(until)
        return tuple(self._walk(after + _ONE_DAY, until, number=0, step=1))

    def explain_add(self, day: date, n: int) -> tuple[CountedDay, ...]:
        """Return each day that ``add(day, n)`` looks at, in the order it does, and why.

        The last one is the answer. Going back, the nearest day comes first.

        Raises:
            CalendarExhaustedError: The answer, or ``day``, is not covered.

        Source:
            Time 10.

        Example:
            >>> from cosell.calendars import Calendar
            >>> prague = Calendar.from_holidays("CZ", tz="Europe/Prague")
            >>> for line in prague.explain_add(date(2026, 12, 23), 1):
            ...     print(line)
            Thursday 2026-12-24: skipped, Christmas Eve
            Friday 2026-12-25: skipped, Christmas Day
            Saturday 2026-12-26: skipped, Second Day of Christmas
            Sunday 2026-12-27: skipped, weekly rest
            Monday 2026-12-28: day 1
        """
        start, end = self._local_date(day), self.add(day, n)
        step = 1 if n >= 0 else -1
        first, number = (start, -1) if n == 0 else (start + step * _ONE_DAY, 0)
        return tuple(self._walk(first, end, number=number, step=step))

    def _walk(self, first: date, last: date, *, number: int, step: int) -> Iterator[CountedDay]:
        """Yield the days from ``first`` to ``last``; those that count are numbered on."""
        for ordinal in range(first.toordinal(), last.toordinal() + step, step):
            day = date.fromordinal(ordinal)
            opens = self.is_business_day(day)
            number += step * opens
            yield CountedDay(day, number if opens else None, self.why(day))
