"""Show a calendar as people read it: month by month, what is closed and why.

Rules:

1. An open day stands as its number, one that does not count as a dot before it, one that differs
   and counts as a plus. Nothing is said by colour.
2. Weeks begin on Monday, and names of days are cosell's own, on any machine.

This module does not know what was asked for.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from cosell.calendars import Calendar, day_name
from cosell.calendars.timetable import OPEN, REST
from cosell.cli.page import Page
from cosell.cli.words import MONTHS

__all__ = ["calendar_as_dict", "write_calendar"]

_ONE_DAY: Final = timedelta(days=1)
_HEAD: Final = "  Mo  Tu  We  Th  Fr  Sa  Su"
_SHOWN: Final = 12


def write_calendar(page: Page, calendar: Calendar, first: date, last: date) -> None:
    """Write the days from ``first`` to ``last`` of a calendar, month by month.

    Raises:
        CalendarExhaustedError: The calendar does not cover one of them.
    """
    for day in (first, last):
        calendar.require_known(day)  # before anything is written
    page.line(f"{calendar.id}: {_span(calendar)}", style="bold")
    page.line(f"fingerprint {calendar.fingerprint[:_SHOWN]}")
    month = first.replace(day=1)
    while month <= last:
        days = monthrange(month.year, month.month)[1]
        end = month.replace(day=days)
        _write_month(page, calendar, max(month, first), min(end, last))
        month = end + _ONE_DAY
    page.raw("")
    page.line("A dot stands before a day that does not count, a plus before one that differs.")


def _span(calendar: Calendar) -> str:
    return f"{calendar.tz}, known from {calendar.covers_from} to {calendar.covers_until}"


def _write_month(page: Page, calendar: Calendar, first: date, last: date) -> None:
    page.heading(f"{MONTHS[first.month - 1]} {first.year}")
    page.raw(_HEAD)
    cells = [" " * 4] * first.weekday() + [_cell(calendar, day) for day in _days(first, last)]
    for begin in range(0, len(cells), 7):
        page.raw("".join(cells[begin : begin + 7]).rstrip())
    for day in _days(first, last):
        if (why := calendar.timetable.reason(day)) not in {OPEN, REST}:
            page.line(_said(calendar, day, why), mark=f"{day_name(day)}:", indent=2)
    opens = calendar.is_business_day(first)
    page.line(f"business days: {calendar.count(first, last) + opens}", indent=2)


def _said(calendar: Calendar, day: date, why: str) -> str:
    hours = f", open {_hours(calendar, day)}" if calendar.is_business_day(day) else ""
    provisional = ", an estimate" if day in calendar.provisional_days else ""
    return f"{why}{hours}{provisional}"


def _hours(calendar: Calendar, day: date) -> str:
    return f"{calendar.open_of(day):%H:%M}-{calendar.close_of(day):%H:%M}"


def _cell(calendar: Calendar, day: date) -> str:
    if not calendar.is_business_day(day):
        return f"{f'.{day.day}':>4}"
    differs = calendar.timetable.reason(day) != OPEN
    return f"{f'+{day.day}' if differs else day.day:>4}"


def _days(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def calendar_as_dict(calendar: Calendar, first: date, last: date) -> dict[str, Any]:
    """Return the days from ``first`` to ``last`` of a calendar as plain values.

    Raises:
        CalendarExhaustedError: The calendar does not cover one of them.
    """
    return {
        "id": calendar.id,
        "zone": calendar.tz,
        "known_from": str(calendar.covers_from),
        "known_until": str(calendar.covers_until),
        "fingerprint": calendar.fingerprint,
        "days": [_day_as_dict(calendar, day) for day in _days(first, last)],
    }


def _day_as_dict(calendar: Calendar, day: date) -> dict[str, Any]:
    opens = calendar.is_business_day(day)
    return {
        "on": str(day),
        "counts": opens,
        "why": calendar.timetable.reason(day),
        "opens": calendar.open_of(day).isoformat() if opens else None,
        "closes": calendar.close_of(day).isoformat() if opens else None,
        "provisional": day in calendar.provisional_days,
    }
