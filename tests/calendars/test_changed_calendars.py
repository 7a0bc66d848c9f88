"""What may differ from week to week and day to day: weekends, half days, working days, closures."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.calendars import Calendar
from cosell.calendars.hours import Window, open_minutes, without_spans
from cosell.errors import CalendarError
from drawn_calendars import ONE_DAY, calendars, calendars_and_days

SPAN = (date(2026, 1, 1), date(2026, 12, 31))
PRAGUE = Calendar.from_holidays("CZ", tz="Europe/Prague", covers=SPAN)


class TestDatedWeekends:
    """A weekend holds from the date on which a country changed it. Time 6."""

    @pytest.mark.parametrize(
        ("country", "tz", "last", "first"),
        [
            pytest.param("AE", "Asia/Dubai", "2021-12-31", "2022-01-07", id="Emirates in 2022"),
            pytest.param("SA", "Asia/Riyadh", "2013-06-20", "2013-07-04", id="Arabia in 2013"),
        ],
    )
    def test_a_country_that_changed_it(self, country: str, tz: str, last: str, first: str) -> None:
        """A day of the week that was rest is worked from then on."""
        calendar = Calendar.from_holidays(country, tz=tz)

        assert not calendar.is_business_day(date.fromisoformat(last))
        assert calendar.is_business_day(date.fromisoformat(first))
        assert date.fromisoformat(last).weekday() == date.fromisoformat(first).weekday()
        assert len(calendar.timetable.weeks) == 2

    def test_a_host_dates_its_own(self) -> None:
        """A host's weekend holds from its date; one that has ended before the span is left out."""
        calendar = Calendar.from_dates(
            id="own",
            tz="UTC",
            covers=SPAN,
            weekend={
                date(1950, 1, 1): ["sun"],
                date(2000, 1, 1): ["fri", "sat"],
                date(2026, 6, 1): ["sat", "sun"],
            },
        )

        assert calendar.add(date(2026, 5, 28), 1) == date(2026, 5, 31)
        assert calendar.add(date(2026, 6, 4), 1) == date(2026, 6, 5)
        assert [week.since for week in calendar.timetable.weeks] == [SPAN[0], date(2026, 6, 1)]

    def test_it_overrules_that_of_the_country(self) -> None:
        """A dated weekend may be given for a country too."""
        calendar = Calendar.from_holidays(
            "CZ", tz="Europe/Prague", covers=SPAN, weekend={SPAN[0]: ["sun"]}
        )

        assert calendar.add(date(2026, 11, 6), 1) == date(2026, 11, 7)

    def test_the_first_one_is_missing(self) -> None:
        """A span that begins before the first weekend is refused."""
        with pytest.raises(CalendarError, match="no weekend is stated for 2026-01-01"):
            Calendar.from_dates(
                id="own", tz="UTC", covers=SPAN, weekend={date(2026, 6, 1): ["sun"]}
            )


class TestHalfDays:
    """Half days that `holidays` knows. Time 6."""

    @pytest.mark.parametrize(
        ("country", "tz", "half"),
        [
            pytest.param("XNYS", "America/New_York", date(2026, 11, 27), id="after Thanksgiving"),
            pytest.param("GR", "Europe/Athens", date(2026, 12, 24), id="Christmas Eve in Greece"),
        ],
    )
    def test_they_have_their_own_hours(self, country: str, tz: str, half: date) -> None:
        """With hours for half days they close early; without, they are ordinary days."""
        usual = Calendar.from_holidays(country, tz=tz, covers=SPAN)
        short = Calendar.from_holidays(country, tz=tz, covers=SPAN, half_days="09:00-13:00")

        assert usual.close_of(half).hour == 17
        assert short.close_of(half).hour == 13
        assert short.is_business_day(half)
        assert "half" not in usual.timetable.reason(half)

    def test_a_holiday_is_no_half_day(self) -> None:
        """What is closed in any case stays closed, and so does a weekend."""
        calendar = Calendar.from_holidays("GR", tz="Europe/Athens", half_days="09:00-13:00")
        usual = Calendar.from_holidays("GR", tz="Europe/Athens")

        assert [day for day, opens in calendar.timetable.open_flags() if opens] == [
            day for day, opens in usual.timetable.open_flags() if opens
        ]

    def test_a_country_without_them(self) -> None:
        """Where none is known, hours for them change nothing."""
        assert (
            Calendar.from_holidays("CZ", tz="Europe/Prague", covers=SPAN, half_days="09:00-13:00")
            == PRAGUE
        )


class TestClosuresAndWorkingDays:
    """`without` and `with_open`. Time 6."""

    def test_a_shutdown(self) -> None:
        """Days that are closed too are skipped, by their own names or by one for all."""
        named = PRAGUE.without({date(2026, 12, 28): "shutdown"})
        plain = PRAGUE.without([date(2026, 12, 28), date(2030, 1, 1)], name="stock-taking")

        assert named.add(date(2026, 12, 23), 1) == date(2026, 12, 29)
        assert named.timetable.reason(date(2026, 12, 28)) == "shutdown"
        assert plain.timetable.reason(date(2026, 12, 28)) == "stock-taking"
        assert PRAGUE.without([date(2026, 12, 28)]).id == "CZ"

    def test_a_working_saturday(self) -> None:
        """A day that is open too has the hours of a usual day, or its own."""
        saturday = date(2026, 11, 21)

        assert PRAGUE.with_open([saturday]).close_of(saturday).hour == 17
        assert PRAGUE.with_open({saturday: "fair"}, "09:00-11:00").close_of(saturday).hour == 11
        assert PRAGUE.with_open({saturday: "fair"}).timetable.reason(saturday) == "fair"

    def test_a_working_day_has_the_hours_of_its_week(self) -> None:
        """The usual hours are those of the longest day."""
        hours = {"mon": "09:00-12:00", "tue": "09:00-18:00", "fri": "09:00-10:00, 11:00-12:00"}
        calendar = Calendar.from_dates(id="c", tz="UTC", covers=SPAN, hours=hours)

        assert calendar.with_open([date(2026, 11, 7)]).close_of(date(2026, 11, 7)).hour == 18

    @pytest.mark.parametrize(
        "day",
        [
            pytest.param(datetime(2026, 12, 28, tzinfo=ZoneInfo("UTC")), id="a moment"),
            pytest.param("2026-12-28", id="a text"),
        ],
    )
    def test_days_are_dates(self, day: object) -> None:
        """What is no date is refused."""
        for change in (PRAGUE.without, PRAGUE.with_open):
            with pytest.raises(CalendarError, match=r"`2026-12-28.*` is not a date"):
                change([day])  # type: ignore[list-item] # this is what is refused

    @given(calendars_and_days(days=4))
    def test_they_undo_each_other(self, drawn: tuple[Calendar, list[date]]) -> None:
        """Days opened and then closed again count as days that were closed at once."""
        calendar, days = drawn
        opened = calendar.with_open(days, "09:00-12:00")
        if opened.count(calendar.covers_from, calendar.covers_until) <= len(days) + 1:
            return

        assert all(opened.is_business_day(day) for day in days)
        assert opened.without(days) == calendar.without(days)
        assert not any(opened.without(days).is_business_day(day) for day in days)

    @given(calendars(), st.data())
    def test_the_last_open_day_stays(self, calendar: Calendar, data: st.DataObject) -> None:
        """Closing every day is refused, whatever is not known besides."""
        days = [calendar.covers_from + ahead * ONE_DAY for ahead in range(800)]
        with pytest.raises(CalendarError, match="is open"):
            calendar.without(data.draw(st.permutations(days[-60:])) + days)


SPANS = st.lists(
    st.tuples(st.integers(-600, 2000), st.integers(0, 900)).map(lambda it: (it[0], it[0] + it[1])),
    max_size=4,
)
WINDOWS = st.sampled_from(
    [((540, 1020),), ((480, 720), (780, 1005)), ((1320, 1800),), ((0, 1440),)]
)


@given(WINDOWS, SPANS)
def test_what_is_left_of_a_day(
    pairs: tuple[tuple[int, int], ...], spans: list[tuple[int, int]]
) -> None:
    """A minute is left if it was open and lies in no span that is closed."""
    windows = tuple(Window(*pair) for pair in pairs)
    left = without_spans(windows, spans)
    minutes = {minute for opens, closes in windows for minute in range(opens, closes)}
    closed = {minute for begin, end in spans for minute in range(begin, end)}

    assert {minute for opens, closes in left for minute in range(opens, closes)} == minutes - closed
    assert open_minutes(left) == len(minutes - closed)
    assert list(left) == sorted(left)


class TestMustHold:
    """The dates that issue 3 states. Time 1, 2 and 4."""

    ALWAYS = Calendar.from_dates(
        id="always",
        tz="Europe/Prague",
        hours="00:00-24:00",
        weekend=(),
        covers=(date(2026, 1, 1), date(2027, 12, 31)),
    )
    OFFICE = Calendar.from_dates(id="office", tz="Europe/Prague", covers=SPAN)

    @staticmethod
    def prague(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Prague"))

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            pytest.param("2027-03-27T12:00", "2027-03-29T13:00", id="spring"),
            pytest.param("2026-10-24T12:00", "2026-10-26T11:00", id="autumn"),
        ],
    )
    def test_48_hours_of_an_office_that_never_closes(self, start: str, end: str) -> None:
        """48 open hours are 48 real hours, also when clocks change."""
        answer = self.ALWAYS.add_hours(self.prague(start), timedelta(hours=48))

        assert answer == self.prague(end)
        assert (answer.hour, answer.minute) == (int(end[11:13]), 0)

    def test_business_hours(self) -> None:
        """An hour from Saturday is Monday 10:00; eight from Monday 9:00 end on Monday."""
        hour = timedelta(hours=1)

        assert self.OFFICE.add_hours(self.prague("2026-11-07T16:00"), hour) == self.prague(
            "2026-11-09T10:00"
        )
        assert self.OFFICE.add_hours(self.prague("2026-11-09T09:00"), 8 * hour) == self.prague(
            "2026-11-09T17:00"
        )
