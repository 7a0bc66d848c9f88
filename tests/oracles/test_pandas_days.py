"""Business days, business hours and columns held against pandas."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosell.calendars import WEEKDAYS, Calendar
from oracle import oracle

pd = oracle("pandas")

SPAN = (date(2025, 1, 1), date(2027, 12, 31))
HALF = settings(max_examples=settings.default.max_examples // 2)
HOURS = st.sampled_from(("09:00-17:00", "08:30-12:00", "22:00-23:30"))
CLOSED = st.sets(st.dates(date(2025, 12, 1), date(2026, 12, 31)), max_size=12)
WEEKENDS = st.sets(st.sampled_from(WEEKDAYS), max_size=4)


def mask(weekend: set[str]) -> str:
    """Return the open days of the week as pandas writes them."""
    return " ".join(name.capitalize() for name in WEEKDAYS if name not in weekend)


@HALF
@given(CLOSED, WEEKENDS, st.dates(date(2026, 2, 1), date(2026, 11, 1)), st.integers(1, 30))
def test_days_agree(closed: set[date], weekend: set[str], day: date, n: int) -> None:
    """Adding days agrees with CustomBusinessDay. Time 1 and 2."""
    ours = Calendar.from_dates(closed, id="drawn", tz="UTC", covers=SPAN, weekend=weekend)
    theirs = pd.offsets.CustomBusinessDay(n, weekmask=mask(weekend), holidays=sorted(closed))

    assert ours.add(day, n) == (pd.Timestamp(day) + theirs).date()


@HALF
@given(
    CLOSED,
    WEEKENDS,
    HOURS,
    st.datetimes(datetime(2026, 2, 1), datetime(2026, 11, 1)),  # noqa: DTZ001 # on the wall
    st.integers(-30, 30).filter(bool),
)
def test_hours_agree(
    closed: set[date], weekend: set[str], hours: str, wall: datetime, n: int
) -> None:
    """Adding open hours, ahead and back, agrees with CustomBusinessHour. Time 4.

    pandas goes on from a close to the next opening, and back from an opening to the close before.
    Nothing is open between these two, so the answers may differ by closed time only.
    """
    ours = Calendar.from_dates(
        closed, id="drawn", tz="UTC", covers=SPAN, weekend=weekend, hours=hours
    )
    opens, closes = hours.split("-")
    theirs = pd.offsets.CustomBusinessHour(
        n, weekmask=mask(weekend), holidays=sorted(closed), start=opens, end=closes
    )
    moment = wall.replace(second=0, microsecond=0)
    expected = (pd.Timestamp(moment) + theirs).to_pydatetime().replace(tzinfo=UTC)
    answer = ours.add_hours(moment.replace(tzinfo=UTC), timedelta(hours=n))

    assert ours.open_between(answer, expected) == timedelta()
    assert answer <= expected if n > 0 else answer >= expected


@pytest.mark.parametrize("tz", ["Europe/Prague", "America/St_Johns", "Asia/Kathmandu"])
def test_hours_agree_over_clock_changes(tz: str) -> None:
    """Daytime hours agree with CustomBusinessHour through a whole year of local time. Time 2."""
    ours = Calendar.from_dates(id="office", tz=tz, covers=SPAN)
    theirs = pd.offsets.CustomBusinessHour(12, start="09:00", end="17:00")
    zone = ZoneInfo(tz)
    for ahead in range(0, 360, 5):
        day = date(2026, 1, 5) + timedelta(days=ahead)
        moment = datetime.combine(day, time(11, 15), zone)
        expected = pd.Timestamp(moment.replace(tzinfo=None)) + theirs

        answer = ours.add_hours(moment, timedelta(hours=12))
        assert answer.replace(tzinfo=None) == expected.to_pydatetime()


def test_columns() -> None:
    """A column of dates is an array; one with a zone is taken by local dates. Time 1."""
    prague = Calendar.from_holidays("CZ", tz="Europe/Prague")
    column = pd.Series(pd.to_datetime(["2026-12-18", "2026-12-19"]))
    zoned = pd.Series(pd.to_datetime(["2026-12-17T23:30:00Z"]))

    assert prague.add_many(column, 5).tolist() == [date(2026, 12, 29)] * 2
    assert prague.add_many(zoned, 5).tolist() == [date(2026, 12, 29)]
