"""Opening hours as text: what they mean, and what is refused and why."""

from __future__ import annotations

from datetime import date

import pytest

from cosell.calendars import Calendar
from cosell.calendars.hours import parse_week, parse_windows
from cosell.errors import CalendarError

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        pytest.param("09:00-17:00", [(540, 1020)], id="one window"),
        pytest.param(" 09:00 - 17:00 ", [(540, 1020)], id="spaces do not matter"),
        pytest.param("13:00-17:00,09:00-12:00", [(540, 720), (780, 1020)], id="in any order"),
        pytest.param("00:00-24:00", [(0, 1440)], id="all day"),
        pytest.param("22:00-06:00", [(1320, 1800)], id="past midnight"),
        pytest.param("22:00-00:00", [(1320, 1440)], id="until midnight"),
    ],
)
def test_windows(text: str, windows: list[tuple[int, int]]) -> None:
    """Windows are minutes after midnight, in order."""
    assert list(parse_windows(text)) == windows


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "`` is not opening hours", id="nothing"),
        pytest.param("9-17", "`9-17` is not opening hours", id="hours alone"),
        pytest.param("09:00-17:00;", "is not opening hours", id="another separator"),
        pytest.param("09:00-17:00,", "is not opening hours", id="a window too few"),
        pytest.param("25:00-26:00", "`25:00-26:00` is no time of day", id="no such hour"),
        pytest.param("24:00-06:00", "is no time of day", id="a day has ended at 24:00"),
        pytest.param("09:00-24:01", "is no time of day", id="nor goes on after it"),
        pytest.param("09:60-17:00", "is no time of day", id="no such minute"),
        pytest.param("09:00-17:75", "is no time of day", id="nor this one"),
        pytest.param("09:00-09:00", "the window `09:00-09:00` is empty", id="no length"),
        pytest.param("09:00-12:00, 11:00-17:00", "touch or overlap", id="overlapping"),
        pytest.param("09:00-12:00, 12:00-17:00", "touch or overlap", id="touching"),
        pytest.param("09:00-10:00, 22:00-09:30", "longer than a day", id="round the clock"),
        pytest.param("9" * 5000, "is not opening hours", id="very long"),
    ],
)
def test_refused_windows(text: str, said: str) -> None:
    """What is no opening hours is refused with what to do, and a long text is cut."""
    with pytest.raises(CalendarError) as raised:
        parse_windows(text)

    assert said in raised.value.problem
    assert len(str(raised.value)) < 400


def test_a_week_from_one_text() -> None:
    """One text holds for each day that is not weekend."""
    week = parse_week("09:00-17:00", ["fri", "sat"])

    assert [len(windows) for windows in week] == [1, 1, 1, 1, 0, 0, 1]


def test_a_week_day_by_day() -> None:
    """With a text for each day of the week, those not named are closed, and weekend closes more."""
    hours = {"mon": "09:00-17:00", "wed": "09:00-12:00", "sat": "10:00-12:00"}

    assert [len(windows) for windows in parse_week(hours, ())] == [1, 0, 1, 0, 0, 1, 0]
    assert [len(windows) for windows in parse_week(hours, ["sat"])] == [1, 0, 1, 0, 0, 0, 0]


@pytest.mark.parametrize("weekend", [["sun", "satt"], ["Saturday"]])
def test_a_day_of_the_week_that_is_none(weekend: list[str]) -> None:
    """A misspelled day of the week is refused, with the nearest one."""
    with pytest.raises(CalendarError, match=r"there is no day of the week `[Ss]at"):
        parse_week("09:00-17:00", weekend)


def test_a_calendar_day_by_day() -> None:
    """A calendar with hours for each day of the week is closed on the others."""
    calendar = Calendar.from_dates(
        id="short",
        tz="Europe/Prague",
        covers=YEAR,
        hours={"mon": "09:00-17:00", "sat": "10:00-12:00"},
    )

    assert calendar.add(date(2026, 11, 2), 3) == date(2026, 11, 14)
    assert calendar.close_of(date(2026, 11, 7)).hour == 12


@pytest.mark.parametrize(
    ("covers", "hours", "weekend", "said"),
    [
        pytest.param(YEAR, {}, None, "is open", id="an empty week"),
        pytest.param(
            YEAR,
            "09:00-17:00",
            ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
            "no day from 2026-01-01 to 2026-12-31 is open",
            id="a week of weekend",
        ),
        pytest.param(
            (date(2026, 12, 19), date(2026, 12, 20)),
            "09:00-17:00",
            None,
            "no day from 2026-12-19 to 2026-12-20 is open",
            id="a span of weekend",
        ),
        pytest.param(YEAR[::-1], "09:00-17:00", None, "cannot cover", id="a span turned round"),
        pytest.param(
            (date(1, 1, 1), date(9999, 12, 31)),
            "09:00-17:00",
            None,
            "cannot cover",
            id="all of time",
        ),
    ],
)
def test_a_calendar_that_never_opens(
    covers: tuple[date, date],
    hours: str | dict[str, str],
    weekend: list[str] | None,
    said: str,
) -> None:
    """A calendar without an open day, or without a span, is refused when it is built. Time 5."""
    with pytest.raises(CalendarError, match=said):
        Calendar.from_dates(id="never", tz="UTC", covers=covers, hours=hours, weekend=weekend)


def test_all_days_closed_by_hand() -> None:
    """Closing each day that the week leaves open is refused too."""
    days = [date(2026, 12, 18), date(2026, 12, 21)]

    with pytest.raises(CalendarError, match="is open"):
        Calendar.from_dates(days, id="never", tz="UTC", covers=(days[0], days[1]))
