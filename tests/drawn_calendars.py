"""Draws calendars, days and moments, and counts them the slow way: the one place that knows how."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from cosell.calendars import WEEKDAYS, Calendar

ONE_DAY = timedelta(days=1)

#: Clocks change at 2:00, at midnight, by half an hour, the other way round, or never.
ZONES = (
    "Europe/Prague",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Australia/Adelaide",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Africa/Casablanca",
    "Pacific/Kiritimati",
    "UTC",
)
HOURS = (
    "09:00-17:00",
    "00:00-24:00",
    "08:30-12:00, 13:00-16:45",
    "00:00-02:30",
    "01:15-03:45, 23:00-24:00",
    "22:00-06:00",
    "18:00-02:00, 03:00-09:00",
)

FIRST_DAYS = st.dates(date(2008, 1, 1), date(2030, 12, 31))


@st.composite
def calendars(draw: st.DrawFn, hours: tuple[str, ...] = HOURS) -> Calendar:
    """Draw a calendar of two months to two years with at least one open day."""
    first = draw(FIRST_DAYS)
    last = first + timedelta(days=draw(st.integers(60, 730)))
    weekend = draw(st.sets(st.sampled_from(WEEKDAYS), max_size=6))
    closed = draw(st.sets(st.integers(0, (last - first).days), max_size=5))
    return Calendar.from_dates(
        {first + timedelta(days=ahead): f"holiday {ahead}" for ahead in closed},
        id="drawn",
        tz=draw(st.sampled_from(ZONES)),
        covers=(first, last),
        hours=draw(st.sampled_from(hours)),
        weekend=weekend,
    )


@st.composite
def calendars_and_days(draw: st.DrawFn, days: int = 1) -> tuple[Calendar, list[date]]:
    """Draw a calendar and days that it covers, in order."""
    calendar = draw(calendars())
    covered = st.dates(calendar.covers_from, calendar.covers_until)
    return calendar, sorted(draw(st.lists(covered, min_size=days, max_size=days)))


@st.composite
def calendars_and_moments(draw: st.DrawFn, moments: int = 1) -> tuple[Calendar, list[datetime]]:
    """Draw a calendar and moments well inside what it covers, in order, to the minute, in UTC."""
    calendar = draw(calendars())
    begin, end = safe_span(calendar)
    minutes = st.integers(0, (end - begin) // timedelta(minutes=1))
    drawn = draw(st.lists(minutes, min_size=moments, max_size=moments))
    return calendar, [begin + timedelta(minutes=each) for each in sorted(drawn)]


def safe_span(calendar: Calendar) -> tuple[datetime, datetime]:
    """Return the first and last moment that are covered in any zone and with any hours."""
    begin = datetime.combine(calendar.covers_from, datetime.min.time(), UTC)
    end = datetime.combine(calendar.covers_until, datetime.min.time(), UTC)
    return begin + 2 * ONE_DAY, end - 2 * ONE_DAY


def open_days(calendar: Calendar) -> list[date]:
    """Return the open days of a drawn calendar by walking through all of them."""
    return [day for day, windows in calendar.timetable.days() if windows]


def is_open_slowly(calendar: Calendar, moment: datetime) -> bool:
    """Return whether a moment is open by looking at the wall, one window at a time.

    Good for zones and windows in which no window begins or ends where clocks change.
    """
    wall = moment.astimezone(zone_of(calendar)).replace(tzinfo=None)
    for day in (wall.date(), wall.date() - ONE_DAY):
        if calendar.covers_from <= day <= calendar.covers_until:
            midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 # a time on the wall
            minutes = (wall - midnight) / timedelta(minutes=1)
            for window in calendar.timetable.windows_on(day):
                if window.opens <= minutes < window.closes:
                    return True
    return False


def zone_of(calendar: Calendar) -> ZoneInfo:
    """Return the zone of a calendar as Python knows it."""
    return ZoneInfo(calendar.tz)


def minutes_between(a: datetime, b: datetime) -> Iterator[datetime]:
    """Yield the minutes from ``a`` to ``b``, which is left out."""
    for ahead in range((b - a) // timedelta(minutes=1)):
        yield a + timedelta(minutes=ahead)
