"""Calendars of countries and markets, held against what ``holidays`` itself answers."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.calendars import COVERS, Calendar
from cosell.errors import CalendarError, UnknownNameError

ONE_DAY = timedelta(days=1)
#: Country or market, subdivision, zone: weekends on other days, changed ones, moved working days,
#: holidays observed before the turn of the year, estimated ones, and none of all that.
PLACES = (
    ("CZ", None, "Europe/Prague"),
    ("US", "CA", "America/Los_Angeles"),
    ("DE", "BY", "Europe/Berlin"),
    ("AE", None, "Asia/Dubai"),
    ("SA", None, "Asia/Riyadh"),
    ("IL", None, "Asia/Jerusalem"),
    ("CN", None, "Asia/Shanghai"),
    ("HU", None, "Europe/Budapest"),
    ("NP", None, "Asia/Kathmandu"),
    ("JP", None, "Asia/Tokyo"),
    ("BR", None, "America/Sao_Paulo"),
    ("MY", "01", "Asia/Kuala_Lumpur"),
    ("XNYS", None, "America/New_York"),
)
SPAN = (date(2019, 1, 1), date(2027, 12, 31))
DAYS = st.dates(SPAN[0] + 60 * ONE_DAY, SPAN[1] - 60 * ONE_DAY)


def theirs(code: str, subdivision: str | None) -> holidays.HolidayBase:
    """Return what ``holidays`` knows."""
    model = getattr(holidays, code)
    known: holidays.HolidayBase = model(subdiv=subdivision, years=range(2018, 2029))
    return known


CALENDARS = [
    pytest.param(
        Calendar.from_holidays(code, subdivision=subdivision, tz=tz, covers=SPAN),
        theirs(code, subdivision),
        id=code,
    )
    for code, subdivision, tz in PLACES
]


@pytest.mark.parametrize(("calendar", "known"), CALENDARS)
def test_working_days_agree(calendar: Calendar, known: holidays.HolidayBase) -> None:
    """Each day is open exactly if ``holidays`` calls it a working day."""
    days = [SPAN[0] + ahead * ONE_DAY for ahead in range((SPAN[1] - SPAN[0]).days + 1)]

    assert [day for day in days if calendar.is_business_day(day) != known.is_working_day(day)] == []


@pytest.mark.parametrize(("calendar", "known"), CALENDARS)
def test_counting_agrees(calendar: Calendar, known: holidays.HolidayBase) -> None:
    """Adding working days agrees with ``holidays`` wherever both count from."""

    @given(DAYS, st.integers(1, 15))
    def agree(day: date, n: int) -> None:
        assert calendar.add(day, n) == known.get_nth_working_day(day, n)

    agree()


def test_a_weekend_that_was_moved() -> None:
    """The Emirates rest on Saturday and Sunday since 2022, and rested on Friday and Saturday."""
    calendar = Calendar.from_holidays("AE", tz="Asia/Dubai")

    assert calendar.add(date(2021, 11, 4), 1) == date(2021, 11, 7)
    assert calendar.add(date(2022, 11, 3), 1) == date(2022, 11, 4)
    # 1 January 2022 was a Saturday, which is weekend by both rules.
    assert [week.since for week in calendar.timetable.weeks] == [COVERS[0], date(2022, 1, 2)]


def test_own_weekend_and_hours() -> None:
    """A weekend or hours for each day of the week overrule those of the country."""
    six_days = Calendar.from_holidays("CZ", tz="Europe/Prague", weekend=["sun"])
    four_days = Calendar.from_holidays(
        "CZ", tz="Europe/Prague", hours=dict.fromkeys(("mon", "tue", "wed", "thu"), "08:00-18:00")
    )

    assert six_days.add(date(2026, 11, 6), 1) == date(2026, 11, 7)
    assert four_days.add(date(2026, 11, 5), 1) == date(2026, 11, 9)


def test_a_working_day_that_was_moved_to_a_weekend() -> None:
    """China works on some Saturdays; the calendar says why such a day counts."""
    calendar = Calendar.from_holidays("CN", tz="Asia/Shanghai")

    assert [str(day) for day in calendar.explain_add(date(2024, 2, 2), 1)] == [
        "Saturday 2024-02-03: skipped, weekly rest",
        "Sunday 2024-02-04: day 1, working day moved to the weekend",
    ]
    assert calendar.close_of(date(2024, 2, 4)).hour == 17


def test_a_holiday_of_another_year() -> None:
    """New Year's Day on a Saturday is observed on 31 December, in the last year too."""
    calendar = Calendar.from_holidays(
        "US", tz="America/New_York", covers=(date(2020, 1, 1), date(2021, 12, 31))
    )

    assert not calendar.is_business_day(date(2021, 12, 31))


def test_estimated_holidays_are_provisional() -> None:
    """A holiday by the moon is an estimate; an answer around it is provisional. Time 5."""
    calendar = Calendar.from_holidays("AE", tz="Asia/Dubai")
    estimate = date(2030, 2, 4)  # Eid al-Fitr

    assert estimate in calendar.provisional_days
    assert calendar.is_provisional(estimate, estimate)
    assert calendar.is_provisional(estimate + ONE_DAY, estimate + 9 * ONE_DAY)
    assert not calendar.is_provisional(date(2030, 3, 1), date(2030, 3, 20))
    assert not Calendar.from_holidays("CZ", tz="Europe/Prague").is_provisional(*COVERS)


@pytest.mark.parametrize(
    ("code", "covers_from"),
    [
        pytest.param("CZ", date(2010, 1, 1), id="the span by default"),
        pytest.param("BQ", date(2011, 1, 1), id="cut to what is known"),
    ],
)
def test_coverage(code: str, covers_from: date) -> None:
    """The span is stated, the same in any year, and cut to what ``holidays`` knows. Time 5."""
    calendar = Calendar.from_holidays(code, tz="UTC")

    assert (calendar.covers_from, calendar.covers_until) == (covers_from, date(2035, 12, 31))


def test_a_span_that_is_not_known() -> None:
    """A span of which ``holidays`` knows nothing is refused."""
    with pytest.raises(CalendarError, match="holidays of `CZ` are known from 1952 to 2100"):
        Calendar.from_holidays(
            "CZ", tz="Europe/Prague", covers=(date(2101, 1, 1), date(2102, 12, 31))
        )


def test_categories() -> None:
    """A host may say which kinds of holidays close."""
    public = Calendar.from_holidays("BG", tz="Europe/Sofia")
    both = Calendar.from_holidays("BG", tz="Europe/Sofia", categories=["public", "school"])

    assert len(both.timetable.special) > len(public.timetable.special)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param({"country": "CX9"}, "there is no country or market `CX9`", id="country"),
        pytest.param(
            {"country": "DE", "subdivision": "BYY"},
            "there is no subdivision `BYY`",
            id="subdivision",
        ),
        pytest.param(
            {"country": "CZ", "categories": ["publik"]},
            "there is no holiday category `publik`. Did you mean `public`?",
            id="category",
        ),
        pytest.param({"country": "CZ", "tz": "Europe/Prag"}, "`Europe/Prague`?", id="zone"),
    ],
)
def test_unknown_names(arguments: dict[str, object], said: str) -> None:
    """A name that is not known is refused with the nearest one."""
    with pytest.raises(UnknownNameError) as raised:
        Calendar.from_holidays(**{"tz": "Europe/Prague", **arguments})  # type: ignore[arg-type] # a table of wrong calls

    assert said in str(raised.value)


def test_holidays_is_imported_on_first_use() -> None:
    """A calendar of a host's own dates does not import the package."""
    program = (
        "import sys; from datetime import date; from cosell.calendars import Calendar;"
        "Calendar.from_dates(id='x', tz='UTC', covers=(date(2026, 1, 1), date(2026, 1, 9)))"
        ".add(date(2026, 1, 1), 1); print('holidays' in sys.modules)"
    )
    path = [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}; {program}"]

    assert subprocess.run(path, capture_output=True, text=True, check=True).stdout == "False\n"
