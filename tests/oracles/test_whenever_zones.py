"""Openings, closes and open time held against `whenever`, which reads zones in its own way."""

from __future__ import annotations

import zoneinfo
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosell.calendars import Calendar
from oracle import oracle

whenever = oracle("whenever")

ONE_DAY = timedelta(days=1)
#: Hours that lie before, in, over and after the times at which clocks change.
WINDOWS = ((0, 1440), (30, 150), (90, 225), (150, 210), (540, 1020), (1380, 1440))
#: Zones of every kind: halves and quarters of hours, no summer time, changes at midnight, by half
#: an hour, before and behind each other by a day.
NOTED = (
    "Europe/Prague",
    "Europe/Dublin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Havana",
    "America/St_Johns",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Chatham",
    "UTC",
)
ZONES = tuple(
    sorted(
        zone
        for zone in zoneinfo.available_timezones()
        if "/" in zone and not zone.startswith(("posix/", "right/", "Etc/"))
    )
)


def clock(minutes: int) -> str:
    """Return minutes after midnight as hours are written."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def instant(day: date, minutes: int, tz: str) -> Any:
    """Return when clocks show a time, by the rule of RFC 5545."""
    if minutes == 1440:
        day, minutes = day + ONE_DAY, 0
    wall = day.year, day.month, day.day, *divmod(minutes, 60)
    zoned = whenever.ZonedDateTime(*wall, tz=tz, disambiguation="compatible")
    return zoned.to_instant()


def agree(tz: str, first: date, days: int) -> None:
    """Hold each window of some days against `whenever`."""
    span = (first - 2 * ONE_DAY, first + (days + 2) * ONE_DAY)
    for opens, closes in WINDOWS:
        calendar = Calendar.from_dates(
            id=tz, tz=tz, covers=span, weekend=(), hours=f"{clock(opens)}-{clock(closes)}"
        )
        for ahead in range(days):
            day = first + ahead * ONE_DAY
            begun, ended = instant(day, opens, tz), instant(day, closes, tz)
            begun = min(begun, ended)  # a window that is skipped has no length

            assert calendar.open_of(day).timestamp() == begun.timestamp()
            assert calendar.close_of(day).timestamp() == ended.timestamp()
            assert calendar.open_between(calendar.open_of(day), calendar.close_of(day)) == (
                timedelta(seconds=ended.timestamp() - begun.timestamp())
            )


@pytest.mark.parametrize("tz", NOTED)
@pytest.mark.parametrize("year", [2018, 2026])
def test_a_year_of_days(tz: str, year: int) -> None:
    """Every day of a year opens and closes when it should, and is as long. Time 2 and 3."""
    agree(tz, date(year, 1, 1), 365)


@settings(max_examples=settings.default.max_examples // 2)
@given(st.sampled_from(ZONES), st.dates(date(1975, 1, 1), date(2037, 12, 1)))
def test_any_zone(tz: str, first: date) -> None:
    """So does any day in any zone that the database knows."""
    agree(tz, first, 8)
