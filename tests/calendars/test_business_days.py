"""Adding and counting business days: the laws, and the dates that people check by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.calendars import Calendar
from cosell.errors import CalendarError, CalendarExhaustedError, NaiveDatetimeError
from drawn_calendars import ONE_DAY, calendars, calendars_and_days, open_days

PRAGUE = Calendar.from_holidays("CZ", tz="Europe/Prague")
SOME = st.integers(1, 12)


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        pytest.param("2026-12-18", 5, "2026-12-29", id="MK-13: five days over Christmas"),
        pytest.param("2027-03-25", 5, "2027-04-05", id="MK-13: five days over Easter"),
        pytest.param("2026-10-22", 5, "2026-10-30", id="five days over 28 October"),
        pytest.param("2026-12-19", 1, "2026-12-21", id="from a Saturday day 1 is Monday"),
        pytest.param("2026-12-24", 1, "2026-12-28", id="from a holiday day 1 is the next open day"),
        pytest.param("2026-12-18", 0, "2026-12-18", id="zero days from an open day is that day"),
        pytest.param("2026-12-19", 0, "2026-12-21", id="zero days from a closed day is the next"),
        pytest.param("2026-12-21", -1, "2026-12-18", id="one day back from Monday is Friday"),
        pytest.param("2026-12-20", -1, "2026-12-18", id="one day back from Sunday is Friday"),
        pytest.param("2028-02-28", 1, "2028-02-29", id="a leap day is a day"),
        pytest.param("2027-02-26", 1, "2027-03-01", id="a year without leap day has none"),
        pytest.param("2026-12-30", 2, "2027-01-04", id="counting goes over the end of the year"),
        pytest.param("2027-01-04", -2, "2026-12-30", id="and back over it"),
    ],
)
def test_add(start: str, n: int, due: str) -> None:
    """The day of the start never counts; closed days are skipped in both directions."""
    assert PRAGUE.add(date.fromisoformat(start), n) == date.fromisoformat(due)


class TestLaws:
    """The laws of adding and counting. Time 1, 2 and 4."""

    @given(calendars_and_days(), SOME)
    def test_count_undoes_add(self, drawn: tuple[Calendar, list[date]], n: int) -> None:
        """Counting from a day to the n-th business day after it gives n."""
        calendar, (day,) = drawn
        try:
            due = calendar.add(day, n)
        except CalendarExhaustedError:
            assert calendar.count(day, calendar.covers_until) < n
        else:
            assert calendar.count(day, due) == n
            assert calendar.is_business_day(due)

    @given(calendars_and_days(), SOME, SOME)
    def test_adding_twice_is_adding_the_sum(
        self, drawn: tuple[Calendar, list[date]], a: int, b: int
    ) -> None:
        """Adding a and then b days is adding a + b, for one or more of each."""
        calendar, (day,) = drawn
        if calendar.count(day, calendar.covers_until) >= a + b:
            assert calendar.add(calendar.add(day, a), b) == calendar.add(day, a + b)

    @given(calendars_and_days(), st.integers(-12, 12))
    def test_add_agrees_with_walking(self, drawn: tuple[Calendar, list[date]], n: int) -> None:
        """The answer is the one that a walk from day to day finds, or an error if it finds none."""
        calendar, (day,) = drawn
        days = open_days(calendar)
        if n > 0:
            ahead = [each for each in days if each > day][n - 1 : n]
        elif n == 0:
            ahead = [each for each in days if each >= day][:1]
        else:
            ahead = [each for each in reversed(days) if each < day][-n - 1 : -n]
        try:
            assert [calendar.add(day, n)] == ahead
        except CalendarExhaustedError:
            assert ahead == []

    @given(calendars_and_days(days=2), SOME)
    def test_later_and_longer_is_never_earlier(
        self, drawn: tuple[Calendar, list[date]], n: int
    ) -> None:
        """A later start or one day more never gives an earlier answer."""
        calendar, (sooner, later) = drawn
        if calendar.count(later, calendar.covers_until) > n:
            assert calendar.add(sooner, n) <= calendar.add(later, n)
            assert calendar.add(later, n) < calendar.add(later, n + 1)

    @given(calendars_and_days(days=3))
    def test_count_is_additive_and_antisymmetric(self, drawn: tuple[Calendar, list[date]]) -> None:
        """Counting over a day between adds up, and counting back changes the sign."""
        calendar, (a, b, c) = drawn

        assert calendar.count(a, b) + calendar.count(b, c) == calendar.count(a, c)
        assert calendar.count(c, a) == -calendar.count(a, c)

    @given(calendars_and_days(days=2))
    def test_count_agrees_with_walking(self, drawn: tuple[Calendar, list[date]]) -> None:
        """The count is the number of open days after the first day and not after the second."""
        calendar, (a, b) = drawn

        assert calendar.count(a, b) == sum(a < day <= b for day in open_days(calendar))

    @given(calendars_and_days(), SOME)
    def test_going_back_undoes_going_ahead(
        self, drawn: tuple[Calendar, list[date]], n: int
    ) -> None:
        """From an open day, n days ahead and n days back lead to the same day."""
        calendar, (day,) = drawn
        start = calendar.add(day, 0) if day <= open_days(calendar)[-1] else open_days(calendar)[-1]
        if calendar.count(start, calendar.covers_until) >= n:
            assert calendar.add(calendar.add(start, n), -n) == start

    @given(calendars_and_days(), st.integers(-6, 6))
    def test_an_explanation_ends_with_the_answer(
        self, drawn: tuple[Calendar, list[date]], n: int
    ) -> None:
        """The last day of an explanation is the answer, and it alone has its number. Time 10."""
        calendar, (day,) = drawn
        try:
            due = calendar.add(day, n)
        except CalendarExhaustedError:
            return
        explained = calendar.explain_add(day, n)

        assert explained[-1].on == due
        assert [each.number for each in explained].count(n) == 1
        assert explained[-1].number == n
        for each in explained:
            assert calendar.is_business_day(each.on) is (each.number is not None)


class TestCoverage:
    """Leaving what is known raises; nothing is guessed. Time 5."""

    YEAR = Calendar.from_holidays(
        "CZ", tz="Europe/Prague", covers=(date(2026, 1, 1), date(2026, 12, 31)), id="year"
    )

    @pytest.mark.parametrize(
        ("start", "n", "needed"),
        [
            pytest.param("2026-12-26", 5, "2027-01-01", id="the answer lies after the end"),
            pytest.param("2026-12-26", 10**9, "2027-01-01", id="a huge allowance"),
            pytest.param("2026-12-26", 10**30, "2027-01-01", id="one that no machine word holds"),
            pytest.param("2026-01-04", -2, "2025-12-31", id="the answer lies before the beginning"),
            pytest.param("2026-01-04", -(10**30), "2025-12-31", id="a huge step back"),
            pytest.param("2025-12-31", 1, "2025-12-31", id="the start lies before the beginning"),
            pytest.param("2025-12-31", -1, "2025-12-31", id="and goes further back"),
            pytest.param("2025-12-31", 0, "2025-12-31", id="or nowhere"),
            pytest.param("2027-01-01", 1, "2027-01-01", id="the start lies after the end"),
            pytest.param("2027-01-01", 0, "2027-01-01", id="and goes nowhere"),
            pytest.param("2027-01-01", -1, "2027-01-01", id="or comes back"),
        ],
    )
    def test_add_raises(self, start: str, n: int, needed: str) -> None:
        """The error names the day that would be needed."""
        with pytest.raises(CalendarExhaustedError) as raised:
            self.YEAR.add(date.fromisoformat(start), n)

        assert raised.value.day == date.fromisoformat(needed)
        assert raised.value.covers_until == date(2026, 12, 31)
        assert "calendar `year` is known from 2026-01-01 to 2026-12-31" in str(raised.value)

    def test_the_last_known_days_can_be_reached(self) -> None:
        """An answer on the last day that is known is known."""
        assert self.YEAR.add(date(2026, 12, 26), 4) == date(2026, 12, 31)
        assert self.YEAR.add(date(2026, 1, 5), -1) == date(2026, 1, 2)

    def test_no_open_day_is_left(self) -> None:
        """Zero days from a closed day at the end of what is known leads out of it."""
        short = Calendar.from_dates(
            id="short", tz="UTC", covers=(date(2026, 12, 18), date(2026, 12, 20))
        )

        with pytest.raises(CalendarExhaustedError):
            short.add(date(2026, 12, 19), 0)

    @pytest.mark.parametrize(
        ("a", "b"),
        [
            pytest.param("2025-12-31", "2026-06-01", id="from before"),
            pytest.param("2026-06-01", "2025-12-31", id="to before"),
            pytest.param("2027-01-01", "2026-06-01", id="from after"),
            pytest.param("2026-06-01", "2027-01-01", id="to after"),
        ],
    )
    def test_count_raises(self, a: str, b: str) -> None:
        """Both days must be known."""
        with pytest.raises(CalendarExhaustedError):
            self.YEAR.count(date.fromisoformat(a), date.fromisoformat(b))
        with pytest.raises(CalendarExhaustedError):
            self.YEAR.explain(date.fromisoformat(a), date.fromisoformat(b))

    @pytest.mark.parametrize("day", ["2025-12-31", "2027-01-01"])
    def test_whether_a_day_is_open_raises(self, day: str) -> None:
        """Nothing is said about a day that is not known."""
        with pytest.raises(CalendarExhaustedError):
            self.YEAR.is_business_day(date.fromisoformat(day))
        with pytest.raises(CalendarExhaustedError):
            self.YEAR.why(date.fromisoformat(day))

    def test_errors_come_at_once(self) -> None:
        """An allowance of 10⁹ days takes under a millisecond to be refused, once compiled."""
        self.YEAR.count(date(2026, 1, 1), date(2026, 1, 1))
        fastest = min(self._seconds_to_refuse() for _ in range(10))

        assert fastest < 0.001

    def _seconds_to_refuse(self) -> float:
        begin = perf_counter()
        with pytest.raises(CalendarExhaustedError):
            self.YEAR.add(date(2026, 12, 26), 10**9)
        return perf_counter() - begin


_NAIVE = datetime(2026, 12, 18, 9)  # noqa: DTZ001 - the mistake that is tested


@pytest.mark.parametrize(
    ("ask", "name"),
    [
        pytest.param(lambda: PRAGUE.add(_NAIVE, 5), "day", id="add"),
        pytest.param(lambda: PRAGUE.why(_NAIVE), "day", id="why"),
        pytest.param(lambda: PRAGUE.explain_add(_NAIVE, 5), "day", id="explain_add"),
        pytest.param(lambda: PRAGUE.count(_NAIVE, date(2026, 12, 18)), "a", id="count, the first"),
        pytest.param(lambda: PRAGUE.count(date(2026, 12, 18), _NAIVE), "b", id="count, the second"),
        pytest.param(lambda: PRAGUE.day_of(_NAIVE), "instant", id="day_of"),
    ],
)
def test_the_argument_of_the_caller_is_named(ask: Callable[[], object], name: str) -> None:
    """A moment without a zone is said to be the argument that the caller wrote."""
    with pytest.raises(NaiveDatetimeError, match=f"`{name}` has no time zone"):
        ask()


class TestMoments:
    """A moment means its local date in the calendar's zone. Time 1 and 4."""

    LATE = datetime(2026, 12, 17, 16, tzinfo=ZoneInfo("America/Los_Angeles"))

    def test_thursday_in_los_angeles_is_friday_in_prague(self) -> None:
        """A partner's Thursday 16:00 in Los Angeles is the calendar's Friday in Prague."""
        assert PRAGUE.day_of(self.LATE) == date(2026, 12, 18)
        assert PRAGUE.add(self.LATE, 5) == date(2026, 12, 29)
        assert PRAGUE.is_business_day(self.LATE)
        assert PRAGUE.count(self.LATE, self.LATE + timedelta(days=3)) == 1
        assert PRAGUE.explain_add(self.LATE, 1)[-1].on == date(2026, 12, 21)

    def test_a_moment_without_a_zone_is_refused(self) -> None:
        """Nobody knows which day a naive moment is on."""
        naive = datetime(2026, 12, 17, 16)  # noqa: DTZ001 # this is what is refused

        for ask in (PRAGUE.day_of, PRAGUE.is_business_day, lambda day: PRAGUE.add(day, 1)):
            with pytest.raises(NaiveDatetimeError):
                ask(naive)

    def test_what_is_no_date_is_refused(self) -> None:
        """Text is not taken for a date."""
        with pytest.raises(CalendarError, match="`2026-12-17` is not a date"):
            PRAGUE.add("2026-12-17", 1)  # type: ignore[arg-type] # this is what is refused

    def test_a_kind_of_date_is_a_date(self) -> None:
        """A host's own class of dates is taken as one."""

        class Day(date):
            """A date of a host."""

        assert PRAGUE.add(Day(2026, 12, 18), 5) == date(2026, 12, 29)


class TestExplanations:
    """Each day counted and skipped, and why. Time 10."""

    def test_christmas(self) -> None:
        """Weekly rest and each holiday by its name stand beside the days that count. MK-13."""
        assert [str(day) for day in PRAGUE.explain_add(date(2026, 12, 18), 5)] == [
            "Saturday 2026-12-19: skipped, weekly rest",
            "Sunday 2026-12-20: skipped, weekly rest",
            "Monday 2026-12-21: day 1",
            "Tuesday 2026-12-22: day 2",
            "Wednesday 2026-12-23: day 3",
            "Thursday 2026-12-24: skipped, Christmas Eve",
            "Friday 2026-12-25: skipped, Christmas Day",
            "Saturday 2026-12-26: skipped, Second Day of Christmas",
            "Sunday 2026-12-27: skipped, weekly rest",
            "Monday 2026-12-28: day 4",
            "Tuesday 2026-12-29: day 5",
        ]

    def test_zero_and_back(self) -> None:
        """Zero looks ahead from the day itself; going back numbers the days below zero."""
        assert [(day.on.day, day.number) for day in PRAGUE.explain_add(date(2026, 12, 26), 0)] == [
            (26, None),
            (27, None),
            (28, 0),
        ]
        assert [(day.on.day, day.number) for day in PRAGUE.explain_add(date(2026, 12, 28), -1)] == [
            (27, None),
            (26, None),
            (25, None),
            (24, None),
            (23, -1),
        ]

    def test_a_day_that_differs_says_why(self) -> None:
        """A half day counts and still says why it differs."""
        half = PRAGUE.override(date(2026, 12, 31), "09:00-12:00", name="early close")

        assert str(half.explain_add(date(2026, 12, 30), 1)[0]) == (
            "Thursday 2026-12-31: day 1, early close"
        )


@given(calendars())
def test_each_day_is_open_or_explained(calendar: Calendar) -> None:
    """Every known day but the first is listed once between the ends of what is known."""
    listed = calendar.explain(calendar.covers_from, calendar.covers_until)

    assert [day.on for day in listed] == [
        day for day, _ in calendar.timetable.days() if day > calendar.covers_from
    ]
    assert [day.on for day in listed if day.number] == [
        day for day in open_days(calendar) if day > calendar.covers_from
    ]
    assert listed[0].on == calendar.covers_from + ONE_DAY
