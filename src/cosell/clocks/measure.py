"""The four units as measures: how far a clock has come, and where it is after so much more.

Rules that hold for every measure (numbers of the section "Time" of the design in brackets):

1. A measure goes in marks: units of hours mark instants in UTC, units of days mark local dates.
   Amounts are durations for hours and whole numbers for days; they are never converted. [2]
2. Day 0 is the local date of the start and never counts. With a cut-off, a start from that time of
   day on, or on a closed day, counts as the next business day. [1]
3. A day is over at the following midnight, or when the calendar closes on it. It is consumed if
   the clock runs at its last instant. [3, 7]
4. For a hold a day is over as soon as it begins, and consumed if the clock runs at its first
   instant: what waits for sixty days may be done on the sixtieth.

This module does not know what starts or pauses a clock.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, ClassVar, Final

from cosell.calendars import Calendar, midnight_after, to_utc
from cosell.errors import CalendarError

__all__ = [
    "Amount",
    "BusinessDays",
    "BusinessHours",
    "CalendarDays",
    "ClosingDays",
    "ElapsedHours",
    "Mark",
    "Measure",
    "amount_text",
    "duration_text",
    "told_duration",
]

#: Where a clock has come: an instant in UTC for hours, a local date for days.
Mark = Any
#: How far a clock has come: a duration for hours, a number for days.
Amount = Any

_ONE_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)
_SECOND: Final = timedelta(seconds=1)
_MICROSECOND: Final = timedelta(microseconds=1)
#: So far from the end of Python's calendar that its last midnight still has a name.
_LAST_DAY: Final = date(9999, 12, 29)


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


def told_duration(duration: timedelta) -> str:
    """Return a duration as people say it, in hours and smaller.

    Example:
        >>> told_duration(timedelta(days=2, minutes=5)), told_duration(timedelta())
        ('48 h 5 min', '0 h')
    """
    hours, rest = divmod(duration, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    seconds, rest = divmod(rest, _SECOND)
    exactly = f"{seconds}.{rest.microseconds:06}".rstrip("0").rstrip(".")
    parts = ((str(hours), "h"), (str(minutes), "min"), (exactly, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number != "0") or "0 h"


def amount_text(amount: Amount) -> str:
    """Return an amount without its unit: whole hours as a number, others as a duration."""
    if not isinstance(amount, timedelta):
        return str(amount)
    return told_duration(amount) if amount % _HOUR else str(amount // _HOUR)


class Measure(ABC):
    """What one unit means. Instants that go in and come out are in UTC."""

    zero: ClassVar[Amount]
    counts_days: ClassVar[bool]
    zone: tzinfo
    calendar: Calendar | None

    @abstractmethod
    def amount(self, units: int) -> Amount:
        """Return a number of units as an amount."""

    @abstractmethod
    def mark(self, start: datetime) -> Mark:
        """Return where a clock stands that starts at ``start``."""

    @abstractmethod
    def between(self, a: Mark, b: Mark) -> Amount:
        """Return the amount after ``a`` and not after ``b``."""

    @abstractmethod
    def advance(self, mark: Mark, amount: Amount) -> Mark:
        """Return the first mark at which ``amount`` more has passed."""

    @abstractmethod
    def over(self, instant: datetime) -> Mark:
        """Return the last mark that is over at ``instant``."""

    def over_before(self, instant: datetime) -> Mark:
        """Return the last mark whose last instant lies before ``instant``."""
        return self.over(instant)

    @abstractmethod
    def end(self, mark: Mark) -> datetime:
        """Return when ``mark`` is over."""

    @abstractmethod
    def day(self, mark: Mark) -> date:
        """Return the local date of ``mark``."""


@dataclass(frozen=True)
class _Hours(Measure):
    """What both units of hours have in common: a mark is an instant, and over at once."""

    zero: ClassVar[timedelta] = timedelta()
    counts_days: ClassVar[bool] = False
    zone: tzinfo
    calendar: Calendar | None = None

    def amount(self, units: int) -> timedelta:
        return timedelta(hours=units)

    def mark(self, start: datetime) -> datetime:
        return start

    def over(self, instant: datetime) -> datetime:
        return instant

    def end(self, mark: datetime) -> datetime:
        return mark

    def day(self, mark: datetime) -> date:
        return mark.astimezone(self.zone).date()


class ElapsedHours(_Hours):
    """Every hour counts: 48 hours are 48 hours, also when clocks change."""

    def between(self, a: datetime, b: datetime) -> timedelta:
        """Return the time from ``a`` to ``b``."""
        return b - a

    def advance(self, mark: datetime, amount: timedelta) -> datetime:
        """Return ``mark`` plus ``amount``."""
        _require_representable(mark.date(), amount.days + 1)
        return mark + amount


@dataclass(frozen=True)
class BusinessHours(_Hours):
    """Open time of the calendar counts."""

    zone: tzinfo
    calendar: Calendar

    def between(self, a: datetime, b: datetime) -> timedelta:
        """Return the open time from ``a`` to ``b``."""
        return self.calendar.open_between(a, b)

    def advance(self, mark: datetime, amount: timedelta) -> datetime:
        """Return when ``amount`` of open time has passed: at a close rather than an opening."""
        return to_utc(self.calendar.add_hours(mark, amount))


@dataclass(frozen=True)
class _Days(Measure):
    """What both units of days have in common: a mark is a local date.

    Attributes:
        zone: The zone in which days are days.
        calendar: Which days count, where not every one does.
        at_dawn: Whether a day is over as soon as it begins.
    """

    zero: ClassVar[int] = 0
    counts_days: ClassVar[bool] = True
    zone: tzinfo
    calendar: Calendar | None = None
    at_dawn: bool = False

    def amount(self, units: int) -> int:
        return units

    def mark(self, start: datetime) -> date:
        return start.astimezone(self.zone).date()

    def over(self, instant: datetime) -> date:
        day = instant.astimezone(self.zone).date()
        return day if self.at_dawn else day - _ONE_DAY

    def over_before(self, instant: datetime) -> date:
        if self.at_dawn:
            return (instant - _MICROSECOND).astimezone(self.zone).date()
        # What is over at the end of a day is over before the midnight that follows it.
        return instant.astimezone(self.zone).date() - _ONE_DAY

    def end(self, mark: date) -> datetime:
        return midnight_after(mark - _ONE_DAY if self.at_dawn else mark, self.zone)

    def day(self, mark: date) -> date:
        return mark


class CalendarDays(_Days):
    """Every day counts."""

    def between(self, a: date, b: date) -> int:
        """Return the number of days from ``a`` to ``b``."""
        return (b - a).days

    def advance(self, mark: date, amount: int) -> date:
        """Return ``mark`` plus ``amount`` days."""
        _require_representable(mark, amount)
        return mark + timedelta(days=amount)


@dataclass(frozen=True)
class BusinessDays(_Days):
    """Open days of the calendar count, each until midnight.

    Attributes:
        cutoff: Local time from which a start counts as the next business day.
    """

    zone: tzinfo
    calendar: Calendar
    at_dawn: bool = False
    cutoff: time | None = None

    def mark(self, start: datetime) -> date:
        """Return day 0, the local date of the start, or the business day it counts as."""
        local = start.astimezone(self.zone)
        if self.cutoff is None:
            return local.date()
        late = local.time() >= self.cutoff and self.calendar.is_business_day(local.date())
        return self.calendar.add(local.date(), 1 if late else 0)

    def between(self, a: date, b: date) -> int:
        """Return the number of business days after ``a`` and not after ``b``."""
        return self.calendar.count(a, b)

    def advance(self, mark: date, amount: int) -> date:
        """Return the ``amount``-th business day after ``mark``."""
        return self.calendar.add(mark, amount)


class ClosingDays(BusinessDays):
    """Open days of the calendar count, each until the calendar closes."""

    def over(self, instant: datetime) -> date:
        """Return the last business day that has closed."""
        return self.calendar.last_closed(instant) or date.min

    def over_before(self, instant: datetime) -> date:
        """Return the last business day whose close, its last instant, lies before ``instant``."""
        return self.calendar.last_closed(instant, itself=False) or date.min

    def end(self, mark: date) -> datetime:
        """Return the close of ``mark``."""
        return self.calendar.closes_at(mark)


def _require_representable(day: date, days: int) -> None:
    if days > (_LAST_DAY - day).days:
        raise CalendarError(f"{days} days after {day} have no date", "Allow less time.")
