"""Adding and measuring open time: the laws, clock changes, and the moments people check by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosell.calendars import Calendar
from cosell.errors import CalendarError, CalendarExhaustedError, NaiveDatetimeError
from drawn_calendars import (
    HOURS,
    ONE_DAY,
    calendars,
    calendars_and_moments,
    is_open_slowly,
    minutes_between,
    open_days,
    safe_span,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
PRAGUE_ZONE = ZoneInfo("Europe/Prague")
PRAGUE = Calendar.from_holidays("CZ", tz="Europe/Prague")
IN_THE_DAY = (HOURS[0], HOURS[1], HOURS[2])
ALLOWED = st.integers(1, 60 * 60).map(lambda minutes: minutes * MINUTE)


def prague(text: str) -> datetime:
    """Return a moment by the clocks of Prague."""
    return datetime.fromisoformat(text).replace(tzinfo=PRAGUE_ZONE)


def office(hours: str, *, tz: str = "Europe/Prague") -> Calendar:
    """Return a calendar of 2026 and 2027 without holidays, open from Monday to Friday."""
    return Calendar.from_dates(
        id="office", tz=tz, hours=hours, covers=(date(2026, 1, 1), date(2027, 12, 31))
    )


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        pytest.param("2026-11-07T16:00", 1, "2026-11-09T10:00", id="from Saturday 16:00"),
        pytest.param("2026-11-02T09:00", 8, "2026-11-02T17:00", id="a full day ends at its close"),
        pytest.param("2026-11-02T17:00", 8, "2026-11-03T17:00", id="from a close it is the next"),
        pytest.param("2026-11-02T16:30", 1, "2026-11-03T09:30", id="over one night"),
        pytest.param("2026-12-23T16:00", 2, "2026-12-28T10:00", id="over Christmas"),
        pytest.param("2026-10-23T16:00", 9, "2026-10-26T17:00", id="over a clock change"),
        pytest.param("2026-11-02T12:00", 0, "2026-11-02T12:00", id="nothing, while it is open"),
        pytest.param("2026-11-02T17:00", 0, "2026-11-02T17:00", id="nothing, at a close"),
        pytest.param("2026-11-07T16:00", 0, "2026-11-09T09:00", id="nothing, while it is closed"),
        pytest.param("2026-11-02T17:00", -8, "2026-11-02T09:00", id="back to an opening"),
        pytest.param("2026-11-02T09:00", -8, "2026-10-30T09:00", id="back from an opening"),
        pytest.param("2026-11-07T16:00", -1, "2026-11-06T16:00", id="back from Saturday"),
    ],
)
def test_add_hours(start: str, hours: int, end: str) -> None:
    """Open time is added on the calendar, and lands on a close rather than on an opening."""
    assert PRAGUE.add_hours(prague(start), hours * HOUR) == prague(end)


class TestLaws:
    """The laws of open time. Time 3 and 4."""

    @given(calendars_and_moments(), ALLOWED)
    def test_measuring_undoes_adding(
        self, drawn: tuple[Calendar, list[datetime]], allowed: timedelta
    ) -> None:
        """The open time up to the answer is what was added, ahead and back."""
        calendar, (moment,) = drawn
        for added in (allowed, -allowed):
            try:
                answer = calendar.add_hours(moment, added)
            except CalendarExhaustedError:
                continue
            assert calendar.open_between(moment, answer) == added
            assert (answer > moment) is (added > timedelta())

    @given(calendars_and_moments(), ALLOWED)
    def test_the_answer_is_the_earliest(
        self, drawn: tuple[Calendar, list[datetime]], allowed: timedelta
    ) -> None:
        """A microsecond before the answer less open time has passed: it is no opening."""
        calendar, (moment,) = drawn
        try:
            answer = calendar.add_hours(moment, allowed)
        except CalendarExhaustedError:
            return
        just_before = answer - timedelta(microseconds=1)

        assert calendar.open_between(moment, just_before) < allowed
        assert calendar.is_open(just_before)

    @given(calendars_and_moments(), ALLOWED, ALLOWED)
    def test_adding_twice_is_adding_the_sum(
        self, drawn: tuple[Calendar, list[datetime]], a: timedelta, b: timedelta
    ) -> None:
        """Adding a and then b is adding a + b."""
        calendar, (moment,) = drawn
        try:
            both = calendar.add_hours(moment, a + b)
        except CalendarExhaustedError:
            return

        assert calendar.add_hours(calendar.add_hours(moment, a), b) == both

    @given(calendars_and_moments(moments=3))
    def test_measuring_is_additive_and_antisymmetric(
        self, drawn: tuple[Calendar, list[datetime]]
    ) -> None:
        """Open time over a moment between adds up, and changes its sign when turned round."""
        calendar, (a, b, c) = drawn
        between = calendar.open_between

        assert between(a, b) + between(b, c) == between(a, c)
        assert between(c, a) == -between(a, c)

    @given(calendars_and_moments(), ALLOWED)
    def test_the_zone_of_the_asker_does_not_matter(
        self, drawn: tuple[Calendar, list[datetime]], allowed: timedelta
    ) -> None:
        """The same instant by other clocks has the same answer."""
        calendar, (moment,) = drawn
        elsewhere = moment.astimezone(ZoneInfo("America/St_Johns"))
        try:
            answer = calendar.add_hours(moment, allowed)
        except CalendarExhaustedError:
            return

        assert calendar.add_hours(elsewhere, allowed) == answer
        assert calendar.is_open(elsewhere) is calendar.is_open(moment)
        assert calendar.day_of(elsewhere) == calendar.day_of(moment)

    @settings(max_examples=settings.default.max_examples // 4)
    @given(calendars(hours=IN_THE_DAY), st.integers(0, 59), st.integers(1, 24 * 60))
    def test_open_time_is_the_open_minutes(
        self, calendar: Calendar, ahead: int, minutes: int
    ) -> None:
        """Open time is what a walk from minute to minute counts, also when clocks change."""
        start = safe_span(calendar)[0] + ahead * ONE_DAY * 0.9
        start = start.replace(second=0, microsecond=0)
        end = min(start + minutes * MINUTE, safe_span(calendar)[1])
        walked = sum(is_open_slowly(calendar, each) for each in minutes_between(start, end))

        assert calendar.open_between(start, max(start, end)) == walked * MINUTE

    @given(calendars_and_moments())
    def test_the_next_opening_is_open(self, drawn: tuple[Calendar, list[datetime]]) -> None:
        """What opens next is open, and nothing was open until then."""
        calendar, (moment,) = drawn
        try:
            opening = calendar.next_open(moment)
        except CalendarExhaustedError:
            assert not calendar.is_open(moment)
            return

        assert calendar.is_open(opening)
        assert calendar.open_between(moment, opening) == timedelta()

    @given(calendars())
    def test_days_close_after_they_open(self, calendar: Calendar) -> None:
        """Each open day opens on its own date, and closes after that."""
        for day in open_days(calendar)[:10]:
            assert calendar.day_of(calendar.open_of(day)) == day
            assert calendar.open_of(day) < calendar.close_of(day)
            assert calendar.close_of(day) == calendar.closes_at(day)

    @given(calendars_and_moments())
    def test_the_last_closed_day_has_closed(self, drawn: tuple[Calendar, list[datetime]]) -> None:
        """The last closed day closed by then, and the next business day has not."""
        calendar, (moment,) = drawn
        day = calendar.last_closed(moment)
        days = open_days(calendar)
        closed = [each for each in days if calendar.close_of(each) <= moment]

        assert day == (closed[-1] if closed else None)
        if day is not None:
            assert calendar.last_closed(calendar.close_of(day)) == day
            assert calendar.last_closed(calendar.close_of(day), itself=False) != day


class TestClockChanges:
    """Open time is real time. Time 2."""

    @pytest.mark.parametrize(
        ("tz", "hours", "day", "real"),
        [
            pytest.param("Europe/Prague", "00:00-24:00", "2027-03-28", 23, id="in spring"),
            pytest.param("Europe/Prague", "00:00-24:00", "2026-10-25", 25, id="in autumn"),
            pytest.param("Europe/Prague", "22:00-06:00", "2027-03-27", 7, id="overnight in spring"),
            pytest.param("Europe/Prague", "22:00-06:00", "2026-10-24", 9, id="overnight in autumn"),
            pytest.param("Europe/Prague", "02:00-03:00", "2027-03-28", 0, id="an hour that is not"),
            pytest.param("Europe/Prague", "02:30-04:00", "2027-03-28", 0.5, id="half of one"),
            pytest.param("Europe/Prague", "02:30-03:00", "2027-03-28", 0, id="all within it"),
            pytest.param("Australia/Lord_Howe", "00:00-24:00", "2026-10-04", 23.5, id="by half"),
            pytest.param("Asia/Kathmandu", "00:00-24:00", "2026-10-04", 24, id="never"),
            pytest.param("Africa/Cairo", "00:00-24:00", "2026-04-24", 23, id="at midnight"),
        ],
    )
    def test_the_true_length_counts(self, tz: str, hours: str, day: str, real: float) -> None:
        """A window in which clocks change is as long as it really is."""
        on = date.fromisoformat(day)
        calendar = Calendar.from_dates(
            id="always",
            tz=tz,
            hours=hours,
            weekend=(),
            covers=(on - 3 * ONE_DAY, on + 3 * ONE_DAY),
        )
        midnight = calendar.ends_at(on - ONE_DAY)
        afterwards = calendar.ends_at(on)
        if "22:00" in hours:
            midnight, afterwards = midnight + 12 * HOUR, afterwards + 12 * HOUR

        assert calendar.open_between(midnight, afterwards) == real * HOUR

    def test_a_day_that_clocks_leave_without_hours(self) -> None:
        """A day whose only window is skipped is a business day without open time."""
        on = date(2027, 3, 28)
        calendar = Calendar.from_dates(
            id="gap", tz="Europe/Prague", hours="02:00-03:00", weekend=(), covers=(on, on)
        )
        noon = prague("2027-03-28T12:00")

        assert calendar.is_business_day(on)
        assert calendar.open_of(on) == calendar.close_of(on) == prague("2027-03-28T03:00")
        assert calendar.open_between(prague("2027-03-28T00:00"), noon) == timedelta()
        for ask in (calendar.next_open, lambda moment: calendar.add_hours(moment, -HOUR)):
            with pytest.raises(CalendarError, match="`gap` has no open hour from 2027-03-28"):
                ask(noon)

    def test_an_answer_in_the_hour_that_comes_twice(self) -> None:
        """Open time runs on through the repeated hour, and the offset says which one it is."""
        always = office("00:00-24:00")
        always = always.override(date(2026, 10, 24), "00:00-24:00", name="open")
        always = always.override(date(2026, 10, 25), "00:00-24:00", name="open")
        start = prague("2026-10-25T00:30")

        assert [always.add_hours(start, hours * HOUR).isoformat() for hours in (2, 3)] == [
            "2026-10-25T02:30:00+02:00",
            "2026-10-25T02:30:00+01:00",
        ]


class TestWindows:
    """Breaks, nights and days that differ. Time 6."""

    def test_a_break_is_closed(self) -> None:
        """Between two windows of a day nothing counts."""
        lunch = office("09:00-12:00, 13:00-17:00")

        assert lunch.add_hours(prague("2026-11-02T11:00"), 2 * HOUR) == prague("2026-11-02T14:00")
        assert lunch.add_hours(prague("2026-11-02T11:00"), HOUR) == prague("2026-11-02T12:00")
        assert not lunch.is_open(prague("2026-11-02T12:00"))
        assert lunch.is_open(prague("2026-11-02T13:00"))
        assert lunch.open_of(date(2026, 11, 2)) == prague("2026-11-02T09:00")
        assert lunch.close_of(date(2026, 11, 2)) == prague("2026-11-02T17:00")

    def test_a_night_belongs_to_the_day_on_which_it_began(self) -> None:
        """Friday's night runs into Saturday, which is no business day for that."""
        night = office("22:00-06:00")

        assert night.close_of(date(2026, 11, 6)) == prague("2026-11-07T06:00")
        assert night.is_open(prague("2026-11-07T05:59"))
        assert not night.is_business_day(date(2026, 11, 7))
        assert not night.is_open(prague("2026-11-07T23:00"))
        assert night.last_closed(prague("2026-11-07T05:00")) == date(2026, 11, 5)

    def test_what_runs_in_from_before_the_first_day_is_not_known(self) -> None:
        """The night before the first day may have been open: nothing is said about its end."""
        night = office("22:00-06:00")

        with pytest.raises(CalendarExhaustedError):
            night.is_open(prague("2026-01-01T05:59"))
        assert not night.is_open(prague("2026-01-01T06:00"))

    def test_windows_that_meet_are_one(self) -> None:
        """At midnight between two full days nothing closes."""
        always = Calendar.from_dates(
            id="always",
            tz="Europe/Prague",
            hours="00:00-24:00",
            weekend=(),
            covers=(date(2026, 1, 1), date(2026, 1, 31)),
        )

        assert always.next_open(prague("2026-01-02T00:00")) == prague("2026-01-02T00:00")
        assert always.open_between(prague("2026-01-01T00:00"), prague("2026-02-01T00:00")) == (
            31 * 24 * HOUR
        )

    def test_a_night_may_reach_beyond_the_next_close(self) -> None:
        """A day is over when it and every day before it have closed."""
        calendar = office("22:00-21:00").override(date(2026, 11, 3), "01:00-02:00", name="short")

        assert calendar.close_of(date(2026, 11, 2)) == prague("2026-11-03T21:00")
        assert calendar.last_closed(prague("2026-11-03T12:00")) == date(2026, 10, 30)
        assert calendar.last_closed(prague("2026-11-03T21:00")) == date(2026, 11, 3)


class TestRefusals:
    """What cannot be answered raises an error of cosell. Time 4 and 5."""

    @pytest.mark.parametrize(
        "moment",
        [
            pytest.param("2009-12-31T23:59", id="before what is known"),
            pytest.param("2036-01-01T00:01", id="after what is known"),
        ],
    )
    def test_outside_what_is_known(self, moment: str) -> None:
        """Every question about a moment that is not covered raises."""
        at = prague(moment)
        inside = prague("2026-01-01T00:00")
        for ask in (
            PRAGUE.is_open,
            PRAGUE.next_open,
            PRAGUE.last_closed,
            lambda moment: PRAGUE.add_hours(moment, HOUR),
            lambda moment: PRAGUE.open_between(inside, moment),
            lambda moment: PRAGUE.open_between(moment, inside),
        ):
            with pytest.raises(CalendarExhaustedError) as raised:
                ask(at)
            assert raised.value.day == at.date()

    @pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
    @pytest.mark.parametrize("offset", ["-14:00", "+14:00"])
    def test_the_ends_of_time(self, moment: str, offset: str) -> None:
        """A moment for which some zones have no date is not covered either."""
        at = datetime.fromisoformat(f"{moment}{offset}")
        for ask in (
            PRAGUE.is_open,
            PRAGUE.last_closed,
            PRAGUE.is_business_day,
            lambda moment: PRAGUE.add(moment, 1),
            lambda moment: PRAGUE.count(moment, moment),
            lambda moment: PRAGUE.add_hours(moment, HOUR),
        ):
            with pytest.raises(CalendarExhaustedError):
                ask(at)

    @pytest.mark.parametrize(
        ("hours", "day"),
        [
            pytest.param(10**6, date(2036, 1, 1), id="ahead"),
            pytest.param(-(10**6), date(2009, 12, 31), id="back"),
        ],
    )
    def test_an_answer_outside_what_is_known(self, hours: int, day: date) -> None:
        """The answer must be covered too; how far outside it lies does not matter."""
        with pytest.raises(CalendarExhaustedError) as raised:
            PRAGUE.add_hours(prague("2026-01-01T00:00"), hours * HOUR)

        assert raised.value.day == day

    def test_nothing_opens_any_more(self) -> None:
        """After the last close that is known the next opening is not."""
        with pytest.raises(CalendarExhaustedError):
            PRAGUE.next_open(prague("2035-12-31T18:00"))
        with pytest.raises(CalendarExhaustedError):
            PRAGUE.add_hours(prague("2035-12-31T18:00"), timedelta())

    def test_a_closed_day_has_no_hours(self) -> None:
        """A day that is closed neither opens nor closes; the error names the calendar."""
        for ask in (PRAGUE.open_of, PRAGUE.close_of, PRAGUE.closes_at):
            with pytest.raises(CalendarError, match="calendar `CZ` is closed on 2026-12-25"):
                ask(date(2026, 12, 25))
            for outside in (date(2009, 12, 31), date(2036, 1, 1)):
                with pytest.raises(CalendarExhaustedError):
                    ask(outside)

    def test_moments_have_a_zone(self) -> None:
        """A naive moment is refused."""
        naive = datetime(2026, 11, 2, 9)  # noqa: DTZ001 # this is what is refused
        for ask in (PRAGUE.is_open, PRAGUE.next_open, PRAGUE.last_closed):
            with pytest.raises(NaiveDatetimeError):
                ask(naive)

    def test_a_moment_stands_for_its_day(self) -> None:
        """Asked for the close of a moment, a calendar takes its local date."""
        late = datetime(2026, 12, 28, 23, 30, tzinfo=UTC)

        assert PRAGUE.close_of(late) == prague("2026-12-29T17:00")
        assert PRAGUE.open_of(late) == prague("2026-12-29T09:00")
