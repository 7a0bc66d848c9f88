"""A calendar: which days and hours count, in its own time zone, and for which dates it is known.

Rules that hold for every calendar:

1. It is plain data with an id; it is compiled when the first question is asked.
2. It states from when to when it is known, and leaving that raises.
3. The same call gives the same calendar in any year: no default depends on the date.

How it counts days and hours stands in ``counting``, ``many`` and ``business_hours``, whose methods
it inherits; how calendars compose in ``joint``. This module does not know what a clock of a process
is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from cosell.calendars.business_hours import BusinessHours
from cosell.calendars.hours import Hours, Weekend, parse_windows
from cosell.calendars.joint import Joint, Mode, Part, Plan
from cosell.calendars.many import ManyDays
from cosell.calendars.national import Country, national_timetable
from cosell.calendars.timetable import SpecialDay, Timetable, amended, parse_weeks
from cosell.calendars.zones import zone_name
from cosell.errors import CalendarError, require_kind
from cosell.errors.kinds import tells_kinds

__all__ = ["COVERS", "Calendar"]

#: What a national calendar covers unless it is told otherwise: a fixed span, because the same
#: call must give the same calendar in any year.
COVERS: Final = (date(2010, 1, 1), date(2035, 12, 31))
_USUAL_HOURS: Final = "09:00-17:00"
_CLOSED: Final = "closed day"

#: Days with their names, or days alone.
Days = Mapping[date, str] | Iterable[date]


@dataclass(frozen=True, eq=False)
class Calendar(BusinessHours, ManyDays):
    """Which days and hours count. Immutable, hashable, picklable; compiled once, when asked.

    Make one with ``from_holidays``, ``from_dates`` or ``from_ical``, and change or join it with
    ``override``, ``without``, ``with_open``, ``all_of`` and ``any_of``. Calendars are equal when
    their ids and what they know are.

    Example:
        >>> prague = Calendar.from_holidays("CZ", tz="Europe/Prague")
        >>> prague.add(date(2026, 12, 18), 5)
        datetime.date(2026, 12, 29)
        >>> prague.close_of(date(2026, 12, 29)).isoformat()
        '2026-12-29T17:00:00+01:00'
    """

    @classmethod
    @tells_kinds
    def from_holidays(  # noqa: PLR0913 # what a country's calendar may differ in
        cls,
        country: str,
        *,
        tz: str | ZoneInfo,
        subdivision: str | None = None,
        categories: Iterable[str] | None = None,
        hours: Hours = _USUAL_HOURS,
        weekend: Weekend | None = None,
        half_days: str | None = None,
        covers: tuple[date, date] = COVERS,
        id: str | None = None,  # noqa: A002 # the name of the attribute
    ) -> Calendar:
        """Return the calendar of a country or financial market.

        Args:
            country: ISO 3166 code of the country (``CZ``), or code of a market (``XNYS``).
            tz: The time zone, by name or itself.
            subdivision: Code of a state or province.
            categories: Kinds of holidays that close, as the package ``holidays`` calls them.
            hours: Opening hours of every working day, or of each day of the week by name.
            weekend: Closed days of the week (``"sat"``), also by the date from which they are; by
                default the country's own, from the dates on which it changed them, if ``hours`` is
                one text.
            half_days: Opening hours of the half days that ``holidays`` knows; by default they are
                ordinary days.
            covers: First and last day; cut to the years that ``holidays`` knows.
            id: What it is called; by default the country, with its subdivision.

        Raises:
            UnknownNameError: There is no such country, subdivision, category or zone.
            CalendarError: The hours cannot be read, or the span is not known or never open.

        Source:
            Time 5 and 6.

        Example:
            >>> Calendar.from_holidays("DE", subdivision="BY", tz="Europe/Berlin").id
            'DE-BY'
        """
        timetable = national_timetable(
            Country(country, subdivision, None if categories is None else tuple(categories)),
            tz=zone_name(tz),
            hours=hours,
            weekend=weekend,
            half_days=half_days,
            covers=covers,
        )
        return cls(id or "-".join(filter(None, (country, subdivision))), timetable)

    @classmethod
    @tells_kinds
    def from_dates(
        cls,
        closed: Days = (),
        *,
        id: str,  # noqa: A002 # the name of the attribute
        tz: str | ZoneInfo,
        covers: tuple[date, date],
        hours: Hours = _USUAL_HOURS,
        weekend: Weekend | None = None,
        provisional: Iterable[date] = (),
    ) -> Calendar:
        """Return a calendar of a host's own closed days.

        Args:
            closed: Closed days with their names, or days alone. Those outside ``covers`` count
                for nothing.
            id: What it is called.
            tz: The time zone, by name or itself.
            covers: First and last day that is known.
            hours: Opening hours of every working day, or of each day of the week by name.
            weekend: Closed days of the week, also by the date from which they are; by default
                Saturday and Sunday if ``hours`` is one text.
            provisional: Closed days whose date is an estimate.

        Raises:
            UnknownNameError: There is no such zone.
            CalendarError: The hours cannot be read, or the span is empty or never open.

        Source:
            Time 5 and 6.

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
        require_kind(covers, (tuple, list), "covers", like="(date(2026, 1, 1), date(2026, 12, 31))")
        names = _named(closed, _CLOSED)
        estimates = frozenset(provisional)
        days = (
            SpecialDay(day, names.get(day, _CLOSED), provisional=day in estimates)
            for day in {*names, *estimates}
        )
        weeks = parse_weeks(hours, weekend, covers[0])
        special = amended((), (day for day in days if covers[0] <= day.on <= covers[1]))
        return cls(id, Timetable(zone_name(tz), covers[0], covers[1], weeks, special))

    @classmethod
    @tells_kinds
    def from_ical(
        cls,
        text: str,
        *,
        id: str,  # noqa: A002 # the name of the attribute
        tz: str | ZoneInfo,
        covers: tuple[date, date],
        hours: Hours = _USUAL_HOURS,
        weekend: Weekend | None = None,
        file: str | None = None,
    ) -> Calendar:
        """Return a calendar that is closed during the events of an iCalendar file.

        An event of whole days closes them; any other closes the hours it takes, on whole minutes.
        Events that are cancelled count for nothing; one that is tentative is provisional. Whether
        an event is marked as free time (``TRANSP``) is not looked at: many holidays are. Needs
        the extra ``ical``.

        Args:
            text: The file's content; cosell reads no file.
            id: What it is called.
            tz: The time zone, by name or itself; also of what the file names none for.
            covers: First and last day that is known.
            hours: Opening hours of every working day, or of each day of the week by name.
            weekend: Closed days of the week, also by the date from which they are; by default
                Saturday and Sunday if ``hours`` is one text.
            file: Name of the file, for errors.

        Raises:
            InvalidDataError: The file cannot be read, or asks for more than a calendar needs;
                every problem has its line.
            MissingExtraError: The extra is not installed.
            UnknownNameError: There is no such zone.
            CalendarError: The hours cannot be read, or nothing is open.

        Source:
            Time 6; RFC 5545.

        Example:
            >>> plant = Calendar.from_ical(
            ...     '''BEGIN:VCALENDAR
            ... BEGIN:VEVENT
            ... UID:1
            ... SUMMARY:Plant holidays
            ... DTSTART;VALUE=DATE:20260803
            ... DTEND;VALUE=DATE:20260815
            ... END:VEVENT
            ... END:VCALENDAR''',
            ...     id="plant",
            ...     tz="Europe/Prague",
            ...     covers=(date(2026, 1, 1), date(2026, 12, 31)),
            ... )
            >>> plant.add(date(2026, 7, 31), 1)
            datetime.date(2026, 8, 17)
        """
        from cosell.calendars.ical import closures

        weeks = parse_weeks(hours, weekend, covers[0])
        open_plan = Timetable(zone_name(tz), covers[0], covers[1], weeks)
        days = closures(text, open_plan, file=file)
        return cls(id, open_plan.amend(days))

    def all_of(
        self,
        *others: Calendar,
        lead: str | None = None,
        id: str | None = None,  # noqa: A002 # the name of the attribute
    ) -> Calendar:
        """Return a calendar that is open when this one and all the others are.

        Days are compared by date, each calendar by its own; hours by instant. It is known where
        all of them are.

        Args:
            others: Any number.
            lead: The zone whose dates are the days; needed when the calendars lie in several.
            id: What it is called; by default the ids of the calendars.

        Raises:
            CalendarError: No day is open or known in all of them, or the lead zone is missing.

        Source:
            Time 5 and 6.

        Example:
            >>> prague = Calendar.from_holidays("CZ", tz="Europe/Prague")
            >>> boston = Calendar.from_holidays("US", subdivision="MA", tz="America/New_York")
            >>> both = prague.all_of(boston, lead="Europe/Prague")
            >>> thanksgiving = date(2026, 11, 26)
            >>> str(both.add(thanksgiving, 0)), both.open_of(date(2026, 11, 27)).isoformat()
            ('2026-11-27', '2026-11-27T15:00:00+01:00')
        """
        return _joined(Mode.ALL, (self, *others), lead, id)

    def any_of(
        self,
        *others: Calendar,
        lead: str | None = None,
        id: str | None = None,  # noqa: A002 # the name of the attribute
    ) -> Calendar:
        """Return a calendar that is open when this one or any of the others is.

        See ``all_of``.

        Source:
            Time 5 and 6.
        """
        return _joined(Mode.ANY, (self, *others), lead, id)

    def override(self, day: date, hours: str | None, *, name: str) -> Calendar:
        """Return a calendar in which one day differs: a half day, a working Saturday, a closure.

        Args:
            day: The day, within what the calendar covers.
            hours: Its opening hours; ``None`` closes it.
            name: Why it differs.

        Raises:
            CalendarError: The hours cannot be read, or nothing would be open.
            CalendarExhaustedError: The calendar does not cover the day.

        Source:
            Time 6.

        Example:
            >>> prague = Calendar.from_holidays("CZ", tz="Europe/Prague")
            >>> half = prague.override(date(2026, 12, 31), "09:00-12:00", name="New Year's Eve")
            >>> half.close_of(date(2026, 12, 31)).isoformat()
            '2026-12-31T12:00:00+01:00'
        """
        self.require_known(day)
        windows = () if hours is None else parse_windows(hours)
        return self._amended([SpecialDay(day, name, windows)])

    def without(self, days: Days, *, name: str = _CLOSED) -> Calendar:
        """Return a calendar in which ``days`` are closed too.

        Args:
            days: Days with their names, or days alone. Those that the calendar does not cover
                count for nothing.
            name: Why days that have no name of their own are closed.

        Raises:
            CalendarError: Nothing would be open.

        Source:
            Time 6.

        Example:
            >>> prague = Calendar.from_holidays("CZ", tz="Europe/Prague")
            >>> prague.without({date(2026, 12, 28): "shutdown"}).add(date(2026, 12, 23), 1)
            datetime.date(2026, 12, 29)
        """
        return self._amended(SpecialDay(day, why) for day, why in _named(days, name).items())

    def with_open(
        self, days: Days, hours: str | None = None, *, name: str = "working day"
    ) -> Calendar:
        """Return a calendar in which ``days`` are open too, such as working Saturdays.

        Args:
            days: Days with their names, or days alone. Those that the calendar does not cover
                count for nothing.
            hours: Their opening hours; by default those of the longest day of the same week.
            name: Why days that have no name of their own are open.

        Raises:
            CalendarError: The hours cannot be read, or a joint calendar was given none.

        Source:
            Time 6.

        Example:
            >>> prague = Calendar.from_holidays("CZ", tz="Europe/Prague")
            >>> prague.with_open([date(2026, 11, 21)]).add(date(2026, 11, 20), 1)
            datetime.date(2026, 11, 21)
        """
        windows = None if hours is None else parse_windows(hours)
        return self._amended(
            SpecialDay(day, why, windows or self.timetable.usual_windows(day))
            for day, why in _named(days, name).items()
        )

    def _amended(self, days: Iterable[SpecialDay]) -> Calendar:
        known = (day for day in days if self.covers_from <= day.on <= self.covers_until)
        return Calendar(self.id, self.timetable.amend(known))

    def __eq__(self, other: object) -> bool:
        """Compare by id and timetable."""
        if not isinstance(other, Calendar):
            return NotImplemented
        return self.id == other.id and self.timetable == other.timetable

    def __hash__(self) -> int:
        """Hash by id and span, which is enough to tell most calendars apart."""
        return hash((self.id, self.tz, self.covers_from, self.covers_until))

    def __reduce__(self) -> tuple[type[Calendar], tuple[str, Plan]]:
        """Pickle what it knows, not its tables."""
        return Calendar, (self.id, self.timetable)

    def __repr__(self) -> str:
        """Return id, zone and span."""
        return f"Calendar({self.id!r}, {self.tz!r}, {self.covers_from} to {self.covers_until})"


def _named(days: Days, name: str) -> Mapping[date, str]:
    named = days if isinstance(days, Mapping) else dict.fromkeys(days, name)
    for day in named:
        if isinstance(day, datetime) or not isinstance(day, date):
            raise CalendarError(f"`{day}` is not a date", "Give the dates of days, without times.")
    return named


def _joined(
    mode: Mode, calendars: tuple[Calendar, ...], lead: str | None, name: str | None
) -> Calendar:
    zones = sorted({calendar.tz for calendar in calendars})
    if lead is None and len(zones) > 1:
        raise CalendarError(
            f"the calendars lie in several time zones: {', '.join(zones)}",
            f'Say whose dates count, such as lead="{zones[0]}".',
        )
    parts = tuple(Part(calendar.id, calendar.timetable) for calendar in calendars)
    name = name or mode.between.join(part.name for part in parts)
    return Calendar(name, Joint(lead or zones[0], mode, parts))
