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
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple

from cosell.calendars.hours import Windows
from cosell.errors import CalendarError

__all__ = ["OPEN", "SpecialDay", "Timetable", "Week", "day_name"]

#: Why an ordinary open day counts.
OPEN: Final = "open"

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
        if not any(windows for _, windows in self.days()):
            raise CalendarError(
                f"no day from {self.covers_from} to {self.covers_until} is open",
                "Give opening hours for one day at least.",
            )

    @cached_property
    def by_date(self) -> dict[date, SpecialDay]:
        """The special days by date."""
        return {day.on: day for day in self.special}

    @cached_property
    def _since(self) -> list[date]:
        return [week.since for week in self.weeks]

    def windows_on(self, day: date) -> Windows:
        """Return when ``day`` is open; empty is closed."""
        special = self.by_date.get(day)
        if special is not None:
            return special.windows
        week = self.weeks[max(bisect_right(self._since, day) - 1, 0)]
        return week.days[day.weekday()]

    def days(self) -> Iterator[tuple[date, Windows]]:
        """Yield every day that is known with its windows, in order."""
        for ordinal in range(self.covers_from.toordinal(), self.covers_until.toordinal() + 1):
            day = date.fromordinal(ordinal)
            yield day, self.windows_on(day)

    def reason(self, day: date) -> str:
        """Return why ``day`` differs from its week, or ``open`` or ``weekly rest``."""
        special = self.by_date.get(day)
        if special is not None:
            return special.name
        return OPEN if self.windows_on(day) else "weekly rest"
