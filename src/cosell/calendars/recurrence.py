"""On which dates an event of an iCalendar file recurs (RFC 5545, section 3.3.10).

Rules that hold for every recurrence:

1. Days, weeks, months and years recur; hours, minutes and seconds are refused, and so are numbers
   of weeks in a year.
2. The first date is always one of them, and the first that ``COUNT`` counts.
3. Each look at a date is paid for, and listing ends on a stated day: a rule that never comes true
   ends too. That is why ``dateutil`` does not list these dates: it would look until the year 9999.

This module does not know what a calendar or a time of day is.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

__all__ = ["Recurrence", "TooMuchError", "occurrences", "parse_recurrence"]

_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PARTS: Final = frozenset(
    {
        "FREQ",
        "INTERVAL",
        "COUNT",
        "UNTIL",
        "WKST",
        "BYMONTH",
        "BYMONTHDAY",
        "BYYEARDAY",
        "BYDAY",
        "BYSETPOS",
    }
)
_MONTHS: Final = range(1, 13)
#: The most, up or down, that the numbers of a part may be.
_LIMITS: Final = {"BYMONTHDAY": 31, "BYYEARDAY": 366, "BYSETPOS": 366}

Spend = Callable[[int], None]
#: An ordinal such as the last (-1), or ``None`` for each, and a day of the week.
_Weekday = tuple[int | None, int]


class TooMuchError(Exception):
    """More was asked than a calendar needs."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When something recurs. Empty parts mean any."""

    frequency: str
    interval: int = 1
    count: int | None = None
    week_start: int = 0
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    weekdays: frozenset[_Weekday] = frozenset()
    positions: frozenset[int] = frozenset()

    def completed(self, start: date) -> Recurrence:
        """Return the rule with what it leaves to the first date."""
        if self.month_days or self.year_days or self.weekdays or self.frequency == "DAILY":
            return self
        months, month_days, weekdays = self.months, self.month_days, self.weekdays
        if self.frequency == "WEEKLY":
            weekdays = frozenset({(None, start.weekday())})
        else:
            month_days = frozenset({start.day})
            if self.frequency == "YEARLY":
                months = months or frozenset({start.month})
        return Recurrence(
            self.frequency,
            self.interval,
            self.count,
            self.week_start,
            months,
            month_days,
            frozenset(),
            weekdays,
            self.positions,
        )


def parse_recurrence(parts: Mapping[str, Sequence[Any]]) -> Recurrence:
    """Return a rule from its parts, as a parser of iCalendar has them.

    Raises:
        ValueError: A part is not supported, or has a value that it cannot have; the text of the
            error says which.
    """
    unknown = sorted(set(parts) - _PARTS)
    if unknown:
        raise ValueError(f"{unknown[0]} is not supported")
    frequency = str(_one(parts, "FREQ", None))
    if frequency not in _PERIODS:
        raise ValueError(f"FREQ={frequency} is not supported")
    interval, count = int(_one(parts, "INTERVAL", 1)), _one(parts, "COUNT", None)
    if interval < 1 or (count is not None and count < 1):
        raise ValueError("INTERVAL and COUNT are 1 or more")
    months = frozenset(map(int, parts.get("BYMONTH", ())))
    if not months <= set(_MONTHS):
        raise ValueError("BYMONTH is 1 to 12")
    weekdays = frozenset(_weekday(str(text)) for text in parts.get("BYDAY", ()))
    if frequency in {"DAILY", "WEEKLY"} and any(nth is not None for nth, _ in weekdays):
        raise ValueError(f"BYDAY with a number is not for FREQ={frequency}")
    return Recurrence(
        frequency,
        interval,
        count,
        _DAYS.index(str(_one(parts, "WKST", "MO"))),
        months,
        _numbers(parts, "BYMONTHDAY"),
        _numbers(parts, "BYYEARDAY"),
        weekdays,
        _numbers(parts, "BYSETPOS"),
    )


def _one(parts: Mapping[str, Sequence[Any]], name: str, missing: Any) -> Any:
    values = parts.get(name, (missing,))
    if len(values) != 1:
        raise ValueError(f"{name} has {len(values)} values")
    return values[0]


def _numbers(parts: Mapping[str, Sequence[Any]], name: str) -> frozenset[int]:
    numbers = frozenset(map(int, parts.get(name, ())))
    most = _LIMITS[name]
    if any(not 1 <= abs(number) <= most for number in numbers):
        raise ValueError(f"{name} is 1 to {most}, or below zero from the end")
    return numbers


def _weekday(text: str) -> _Weekday:
    nth = text[:-2]
    return (int(nth) if nth else None), _DAYS.index(text[-2:].upper())


def occurrences(rule: Recurrence, start: date, last: date, spend: Spend) -> Iterator[date]:
    """Yield the dates from ``start`` to ``last`` on which ``rule`` comes true, in order.

    Args:
        rule: The rule.
        start: The first date, which is always yielded.
        last: Where to end.
        spend: Called with the number of dates before they are looked at; may raise.
    """
    rule = rule.completed(start)
    left = rule.count
    for day in _from(rule, start, last, spend):
        if left is not None:
            if left == 0:
                return
            left -= 1
        yield day


def _from(rule: Recurrence, start: date, last: date, spend: Spend) -> Iterator[date]:
    if start <= last:
        yield start
    for period in _PERIODS[rule.frequency](rule, start, last):
        spend(len(period))
        found = [day for day in map(date.fromordinal, period) if _comes_true(rule, day)]
        if rule.positions:
            places = {n - 1 if n > 0 else len(found) + n for n in rule.positions}
            found = [day for place, day in enumerate(found) if place in places]
        yield from (day for day in found if start < day <= last)


def _comes_true(rule: Recurrence, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    length = monthrange(day.year, day.month)[1]
    if rule.month_days and not {day.day, day.day - length - 1} & rule.month_days:
        return False
    year_length = 366 if isleap(day.year) else 365
    year_day = day.timetuple().tm_yday
    if rule.year_days and not {year_day, year_day - year_length - 1} & rule.year_days:
        return False
    if not rule.weekdays:
        return True
    in_year = rule.frequency == "YEARLY" and not rule.months
    place, size = (year_day, year_length) if in_year else (day.day, length)
    nths = (None, (place - 1) // 7 + 1, -((size - place) // 7 + 1))
    return any((nth, day.weekday()) in rule.weekdays for nth in nths)


def _years(rule: Recurrence, start: date, last: date) -> Iterator[Sequence[int]]:
    months = sorted(rule.months or _MONTHS)
    for year in range(start.year, last.year + 1, rule.interval):
        yield [ordinal for month in months for ordinal in _month(year, month)]


def _months(rule: Recurrence, start: date, last: date) -> Iterator[Sequence[int]]:
    first, end = start.year * 12 + start.month - 1, last.year * 12 + last.month
    for number in range(first, end, rule.interval):
        yield _month(number // 12, number % 12 + 1)


def _month(year: int, month: int) -> range:
    first = date(year, month, 1).toordinal()
    return range(first, first + monthrange(year, month)[1])


def _weeks(rule: Recurrence, start: date, last: date) -> Iterator[Sequence[int]]:
    first = start - timedelta(days=(start.weekday() - rule.week_start) % 7)
    for ordinal in range(first.toordinal(), last.toordinal() + 1, 7 * rule.interval):
        yield range(ordinal, ordinal + 7)


def _each_day(rule: Recurrence, start: date, last: date) -> Iterator[Sequence[int]]:
    for ordinal in range(start.toordinal(), last.toordinal() + 1, rule.interval):
        yield range(ordinal, ordinal + 1)


#: The dates of each period in which something may recur, by what recurs.
_PERIODS: Final[Mapping[str, Callable[[Recurrence, date, date], Iterator[Sequence[int]]]]] = {
    "YEARLY": _years,
    "MONTHLY": _months,
    "WEEKLY": _weeks,
    "DAILY": _each_day,
}
