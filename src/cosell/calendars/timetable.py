"""What a calendar knows, as plain data: weeks, special days, and for which dates it is known.

Rules that hold for every timetable:

1. A day follows its week, unless it is a special day: a holiday, a half day, a working Saturday.
2. Weeks are dated, because countries move their weekend; a week holds until the next one.
3. Outside ``covers_from`` to ``covers_until`` (both known) nothing is known; nothing is guessed.
4. A timetable has at least one open day.

This module does not know how days are counted.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple

from cosell.calendars.hours import (
    MINUTES_A_DAY,
    Hours,
    Weekend,
    Windows,
    open_minutes,
    parse_week,
)
from cosell.errors import CalendarError

__all__ = [
    "OPEN",
    "REST",
    "SpecialDay",
    "Timetable",
    "Week",
    "amended",
    "day_name",
    "parse_weeks",
    "require_open",
]

#: Why an ordinary open day counts.
OPEN: Final = "open"
#: Why a closed day that is nothing else does not.
REST: Final = "weekly rest"

_USUAL_WEEKEND: Final = ("sat", "sun")
_EARLIEST: Final = date(1900, 1, 1)
_LATEST: Final = date(2299, 12, 31)
# The names are cosell's own: those of `strftime` depend on the machine's locale.
_DAY_NAMES: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)


def day_name(day: date) -> str:
    """Return the day as people read it: ``Friday 2026-12-18``."""
    return f"{_DAY_NAMES[day.weekday()]} {day}"


class Week(NamedTuple):
    """The opening hours of a week, Monday first, from a date on."""

    since: date
    days: tuple[Windows, ...]


class SpecialDay(NamedTuple):
    """A day that differs from its week.

    Attributes:
        on: The day.
        name: Why it differs: the name of the holiday, or a reason.
        windows: When it is open nevertheless; empty is closed.
        provisional: Whether the date is an estimate.
    """

    on: date
    name: str
    windows: Windows = ()
    provisional: bool = False


@dataclass(frozen=True)
class Timetable:
    """What a calendar knows. It holds plain data only, compares by value and is hashable.

    Attributes:
        tz: Name of the time zone that its days and hours are in.
        covers_from: First day that is known.
        covers_until: Last day that is known.
        weeks: Dated weeks, oldest first; the first one holds on ``covers_from``.
        special: Days that differ from their week, by date, each once.
    """

    tz: str
    covers_from: date
    covers_until: date
    weeks: tuple[Week, ...]
    special: tuple[SpecialDay, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a span that is empty or out of bounds, and a timetable that never opens."""
        if not _EARLIEST <= self.covers_from <= self.covers_until <= _LATEST:
            raise CalendarError(
                f"a calendar cannot cover {self.covers_from} to {self.covers_until}",
                f"Cover one day or more between {_EARLIEST} and {_LATEST}.",
            )
        require_open(self.covers_from, self.covers_until, self.open_flags())

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the data alone."""
        return Timetable, (
            self.tz,
            self.covers_from,
            self.covers_until,
            self.weeks,
            self.special,
        )

    @cached_property
    def by_date(self) -> dict[date, SpecialDay]:
        """The special days by date."""
        return {day.on: day for day in self.special}

    @cached_property
    def estimates(self) -> tuple[date, ...]:
        """Special days whose date is an estimate, in order."""
        return tuple(day.on for day in self.special if day.provisional)

    @cached_property
    def spill(self) -> int:
        """Minutes after midnight that the hours of a week which began the day before may run."""
        windows = (windows for week in self.weeks for windows in week.days if windows)
        return max(0, *(each[-1].closes - MINUTES_A_DAY for each in windows), 0)

    @cached_property
    def _since(self) -> list[date]:
        return [week.since for week in self.weeks]

    def amend(self, days: Iterable[SpecialDay]) -> Timetable:
        """Return what is known once ``days`` differ as they say."""
        return replace(self, special=amended(self.special, days))

    def windows_on(self, day: date) -> Windows:
        """Return when ``day`` is open; empty is closed."""
        special = self.by_date.get(day)
        if special is not None:
            return special.windows
        return self._week_on(day)[day.weekday()]

    def usual_windows(self, day: date) -> Windows:
        """Return when the longest day of the week in which ``day`` lies is open."""
        return max(self._week_on(day), key=open_minutes)

    def _week_on(self, day: date) -> tuple[Windows, ...]:
        return self.weeks[max(bisect_right(self._since, day) - 1, 0)].days

    def days(self) -> Iterator[tuple[date, Windows]]:
        """Yield every day that is known with its windows, in order."""
        for ordinal in range(self.covers_from.toordinal(), self.covers_until.toordinal() + 1):
            day = date.fromordinal(ordinal)
            yield day, self.windows_on(day)

    def is_open_on(self, day: date) -> bool:
        """Whether ``day`` is open at any time."""
        return bool(self.windows_on(day))

    def open_flags(self) -> Iterator[tuple[date, bool]]:
        """Yield every day that is known, in order, and whether it is open."""
        return ((day, bool(windows)) for day, windows in self.days())

    def reason(self, day: date) -> str:
        """Return why ``day`` differs from its week, or ``open`` or ``weekly rest``."""
        special = self.by_date.get(day)
        if special is not None:
            return special.name
        return OPEN if self.windows_on(day) else REST


def parse_weeks(hours: Hours, weekend: Weekend | None, covers_from: date) -> tuple[Week, ...]:
    """Return the weeks that hours and weekend make, the first of which holds on ``covers_from``.

    Args:
        hours: Opening hours of every working day, or of each day of the week by name.
        weekend: Closed days of the week, also by the date from which they are; by default
            Saturday and Sunday if ``hours`` is one text.
        covers_from: First day that is known.

    Raises:
        CalendarError: Hours or days of the week cannot be read, or the first weekend is dated
            after ``covers_from``.
    """
    if weekend is None:
        weekend = _USUAL_WEEKEND if isinstance(hours, str) else ()
    dated = weekend if isinstance(weekend, Mapping) else {covers_from: weekend}
    earlier = [since for since in dated if since <= covers_from]
    if not earlier:
        raise CalendarError(
            f"no weekend is stated for {covers_from}", "Date the first one on that day or before."
        )
    first = max(earlier)
    return tuple(
        Week(max(since, covers_from), parse_week(hours, dated[since]))
        for since in sorted(dated)
        if since >= first
    )


def amended(special: tuple[SpecialDay, ...], days: Iterable[SpecialDay]) -> tuple[SpecialDay, ...]:
    """Return special days by date, each once, where the last word on a day holds."""
    by_date = {day.on: day for day in (*special, *days)}
    return tuple(by_date[on] for on in sorted(by_date))


def require_open(first: date, last: date, flags: Iterable[tuple[date, bool]]) -> None:
    """Raise ``CalendarError`` unless one day is open."""
    if not any(opens for _, opens in flags):
        raise CalendarError(
            f"no day from {first} to {last} is open", "Give opening hours for one day at least."
        )
