"""A calendar: which days and hours count, in its own time zone, and for which dates it is known.

Rules that hold for every calendar:

1. It is plain data with an id; it is compiled when the first question is asked.
2. It states from when to when it is known, and leaving that raises.
3. The same call gives the same calendar in any year: no default depends on the date.

How it counts days and hours stands in ``counting`` and ``business_hours``, whose methods it
inherits. This module does not know what a clock of a process is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from cosell.calendars.business_hours import BusinessHours
from cosell.calendars.hours import Hours, parse_week, parse_windows
from cosell.calendars.national import Country, national_timetable
from cosell.calendars.timetable import SpecialDay, Timetable, Week

__all__ = ["COVERS", "Calendar"]

#: What a national calendar covers unless it is told otherwise: a fixed span, because the same
#: call must give the same calendar in any year.
COVERS: Final = (date(2010, 1, 1), date(2035, 12, 31))
_USUAL_HOURS: Final = "09:00-17:00"
_USUAL_WEEKEND: Final = ("sat", "sun")


@dataclass(frozen=True, eq=False)
class Calendar(BusinessHours):
    """Which days and hours count. Immutable, hashable, picklable; compiled once, when asked.

    Make one with ``from_holidays`` or ``from_dates``. Calendars are equal when their ids and
    fingerprints are.

    Example:
        >>> prague = Calendar.from_holidays("CZ", tz="Europe/Prague")
        >>> prague.add(date(2026, 12, 18), 5)
        datetime.date(2026, 12, 29)
        >>> prague.close_of(date(2026, 12, 29)).isoformat()
        '2026-12-29T17:00:00+01:00'
    """

    @classmethod
    def from_holidays(
        cls,
        country: str,
        *,
        tz: str,
        subdivision: str | None = None,
        categories: Iterable[str] | None = None,
        hours: Hours = _USUAL_HOURS,
        weekend: Iterable[str] | None = None,
        covers: tuple[date, date] = COVERS,
        id: str | None = None,  # noqa: A002 # the name of the attribute
    ) -> Calendar:
        """Return the calendar of a country or financial market.

        Args:
            country: ISO 3166 code of the country (``CZ``), or code of a market (``XNYS``).
            tz: Name of the time zone.
            subdivision: Code of a state or province.
            categories: Kinds of holidays that close, as the package ``holidays`` calls them.
            hours: Opening hours of every working day, or of each day of the week by name.
            weekend: Closed days of the week (``"sat"``); by default the country's own, from the
                dates on which it changed them, if ``hours`` is one text.
            covers: First and last day; cut to the years that ``holidays`` knows.
            id: What it is called; by default the country, with its subdivision.

        Raises:
            UnknownNameError: There is no such country, subdivision, category or zone.
            CalendarError: The hours cannot be read, or the span is not known or never open.

        Example:
            >>> Calendar.from_holidays("DE", subdivision="BY", tz="Europe/Berlin").id
            'DE-BY'
        """
        kinds = None if categories is None else tuple(categories)
        timetable = national_timetable(
            Country(country, subdivision, kinds),
            tz=tz,
            hours=hours,
            weekend=weekend,
            covers=covers,
        )
        return cls(id or "-".join(filter(None, (country, subdivision))), timetable)

    @classmethod
    def from_dates(
        cls,
        closed: Mapping[date, str] | Iterable[date] = (),
        *,
        id: str,  # noqa: A002 # the name of the attribute
        tz: str,
        covers: tuple[date, date],
        hours: Hours = _USUAL_HOURS,
        weekend: Iterable[str] | None = None,
        provisional: Iterable[date] = (),
    ) -> Calendar:
        """Return a calendar of a host's own closed days.

        Args:
            closed: Closed days with their names, or days alone. Those outside ``covers`` count
                for nothing.
            id: What it is called.
            tz: Name of the time zone.
            covers: First and last day that is known.
            hours: Opening hours of every working day, or of each day of the week by name.
            weekend: Closed days of the week; by default Saturday and Sunday if ``hours`` is one
                text.
            provisional: Closed days whose date is an estimate.

        Raises:
            UnknownNameError: There is no such zone.
            CalendarError: The hours cannot be read, or the span is empty or never open.

        Example:
            >>> office = Calendar.from_dates(
            ...     {date(2026, 5, 1): "Labour Day"},
            ...     id="office",
            ...     tz="Europe/Prague",
            ...     covers=(date(2026, 1, 1), date(2026, 12, 31)),
            ... )
            >>> office.add(date(2026, 4, 30), 1)
            datetime.date(2026, 5, 4)
        """
        names = closed if isinstance(closed, Mapping) else dict.fromkeys(closed, "closed day")
        estimates = frozenset(provisional)
        if weekend is None:
            weekend = _USUAL_WEEKEND if isinstance(hours, str) else ()
        special = tuple(
            SpecialDay(day, names.get(day, "closed day"), provisional=day in estimates)
            for day in sorted({*names, *estimates})
            if covers[0] <= day <= covers[1]
        )
        week = Week(covers[0], parse_week(hours, weekend))
        return cls(id, Timetable(tz, covers[0], covers[1], (week,), special))

    def override(self, day: date, hours: str | None, *, name: str) -> Calendar:
        """Return a calendar in which one day differs: a half day, a working Saturday, a closure.

        Args:
            day: The day, within what the calendar covers.
            hours: Its opening hours; ``None`` closes it.
            name: Why it differs.

        Raises:
            CalendarError: The hours cannot be read, or nothing would be open.
            CalendarExhaustedError: The calendar does not cover the day.

        Example:
            >>> prague = Calendar.from_holidays("CZ", tz="Europe/Prague")
            >>> half = prague.override(date(2026, 12, 31), "09:00-12:00", name="New Year's Eve")
            >>> half.close_of(date(2026, 12, 31)).isoformat()
            '2026-12-31T12:00:00+01:00'
        """
        self.require_known(day)
        windows = () if hours is None else parse_windows(hours)
        others = (special for special in self.timetable.special if special.on != day)
        special = tuple(sorted((*others, SpecialDay(day, name, windows)), key=lambda s: s.on))
        return Calendar(self.id, replace(self.timetable, special=special))

    def __eq__(self, other: object) -> bool:
        """Compare by id and timetable."""
        if not isinstance(other, Calendar):
            return NotImplemented
        return self.id == other.id and self.timetable == other.timetable

    def __hash__(self) -> int:
        """Hash by id and span, which is enough to tell most calendars apart."""
        return hash((self.id, self.tz, self.covers_from, self.covers_until))

    def __reduce__(self) -> tuple[type[Calendar], tuple[str, Timetable]]:
        """Pickle what it knows, not its tables."""
        return Calendar, (self.id, self.timetable)

    def __repr__(self) -> str:
        """Return id, zone and span."""
        return f"Calendar({self.id!r}, {self.tz!r}, {self.covers_from} to {self.covers_until})"
