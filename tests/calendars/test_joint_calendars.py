"""Several calendars as one: the laws, and two offices in different time zones. Time 5 and 6."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from cosell.calendars import Calendar
from cosell.errors import CalendarError, CalendarExhaustedError, CosellError
from drawn_calendars import HOURS, ONE_DAY, ZONES, calendars

HOUR = timedelta(hours=1)
SOME = settings(max_examples=settings.default.max_examples // 4)
SPAN = (date(2026, 1, 1), date(2027, 12, 31))
PRAGUE = Calendar.from_holidays("CZ", tz="Europe/Prague", covers=SPAN)
BOSTON = Calendar.from_holidays("US", subdivision="MA", tz="America/New_York", covers=SPAN)


def office(
    name: str, tz: str, hours: str = "09:00-17:00", closed: tuple[date, ...] = ()
) -> Calendar:
    """Return a calendar of 2026 and 2027, open from Monday to Friday."""
    return Calendar.from_dates(closed, id=name, tz=tz, hours=hours, covers=SPAN)


def at(tz: str, text: str) -> datetime:
    """Return a moment by the clocks of a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz))


@st.composite
def pairs(draw: st.DrawFn, *, same_zone: bool = False) -> tuple[Calendar, Calendar, str]:
    """Draw two calendars with a day in common, and a lead zone."""
    first = draw(calendars())
    tz = first.tz if same_zone else draw(st.sampled_from(ZONES))
    begin = first.covers_from + draw(st.integers(-20, 20)) * ONE_DAY
    second = Calendar.from_dates(
        [begin + ahead * ONE_DAY for ahead in draw(st.sets(st.integers(0, 60), max_size=5))],
        id="second",
        tz=tz,
        covers=(begin, begin + draw(st.integers(60, 400)) * ONE_DAY),
        hours=draw(st.sampled_from(HOURS)),
        weekend=draw(st.sets(st.sampled_from(("fri", "sat", "sun")))),
    )
    return first, second, draw(st.sampled_from((first.tz, tz, "UTC")))


def joined(first: Calendar, second: Calendar, lead: str) -> tuple[Calendar, Calendar]:
    """Return both ways of joining two calendars, or reject what has no open day in common."""
    try:
        return first.all_of(second, lead=lead), first.any_of(second, lead=lead)
    except CalendarError:
        reject()


def known_days(calendar: Calendar) -> list[date]:
    """Return every day that a calendar covers."""
    span = (calendar.covers_until - calendar.covers_from).days
    return [calendar.covers_from + ahead * ONE_DAY for ahead in range(span + 1)]


class TestLaws:
    """How days and hours compose."""

    @SOME
    @given(pairs())
    def test_days_compose_on_dates(self, drawn: tuple[Calendar, Calendar, str]) -> None:
        """A date counts in all of them if it counts in each, in any of them if in one."""
        first, second, lead = drawn
        both, either = joined(first, second, lead)

        for day in known_days(both):
            a, b = first.is_business_day(day), second.is_business_day(day)
            assert both.is_business_day(day) is (a and b)
            assert either.is_business_day(day) is (a or b)

    @SOME
    @given(pairs(), st.data())
    def test_hours_compose_on_instants(
        self, drawn: tuple[Calendar, Calendar, str], data: st.DataObject
    ) -> None:
        """A moment is open in all of them if it is in each, in any of them if in one."""
        first, second, lead = drawn
        both, either = joined(first, second, lead)
        begin = datetime.combine(both.covers_from, datetime.min.time(), UTC) + 2 * ONE_DAY
        end = datetime.combine(both.covers_until, datetime.min.time(), UTC) - 2 * ONE_DAY
        assume(begin < end)
        for ahead in data.draw(st.lists(st.integers(0, (end - begin) // HOUR * 4), max_size=40)):
            moment = begin + ahead * HOUR / 4
            a, b = first.is_open(moment), second.is_open(moment)
            assert both.is_open(moment) is (a and b)
            assert either.is_open(moment) is (a or b)

    @SOME
    @given(pairs())
    def test_open_time_adds_up(self, drawn: tuple[Calendar, Calendar, str]) -> None:
        """What both are open and what either is open is together what each is open."""
        first, second, lead = drawn
        both, either = joined(first, second, lead)
        a = datetime.combine(both.covers_from, datetime.min.time(), UTC) + 2 * ONE_DAY
        b = datetime.combine(both.covers_until, datetime.min.time(), UTC) - 2 * ONE_DAY
        assume(a < b)

        assert both.open_between(a, b) + either.open_between(a, b) == (
            first.open_between(a, b) + second.open_between(a, b)
        )

    @SOME
    @given(pairs())
    def test_the_order_does_not_matter(self, drawn: tuple[Calendar, Calendar, str]) -> None:
        """Joined the other way round, days and hours are the same."""
        first, second, lead = drawn
        for one, other in zip(
            joined(first, second, lead), joined(second, first, lead), strict=True
        ):
            assert (one.covers_from, one.covers_until) == (other.covers_from, other.covers_until)
            assert one._days.open_days == other._days.open_days
            assert one._hours.opens == other._hours.opens
            assert one._hours.day_closes == other._hours.day_closes

    @SOME
    @given(calendars())
    def test_joined_with_itself_it_stays_the_same(self, calendar: Calendar) -> None:
        """A calendar joined with itself answers as it did before, to the last close."""
        for same in (calendar.all_of(calendar), calendar.any_of(calendar), calendar.all_of()):
            assert same._days.open_days == calendar._days.open_days
            assert same._hours.opens == calendar._hours.opens
            assert same._hours.closes == calendar._hours.closes
            assert same._hours.day_closes == calendar._hours.day_closes
            assert same._hours.day_opens == calendar._hours.day_opens

    @SOME
    @given(pairs())
    def test_nothing_is_known_that_one_does_not_know(
        self, drawn: tuple[Calendar, Calendar, str]
    ) -> None:
        """What a joint calendar covers, every part covers, to the first and last instant."""
        first, second, lead = drawn
        for joint in joined(first, second, lead):
            for part in (first, second):
                assert part.covers_from <= joint.covers_from
                assert joint.covers_until <= part.covers_until
                assert part.ends_at(part.covers_from - ONE_DAY) <= joint.ends_at(
                    joint.covers_from - ONE_DAY
                )
                assert joint.ends_at(joint.covers_until) <= part.ends_at(part.covers_until)

    @SOME
    @given(pairs(same_zone=True))
    def test_coverage_in_one_zone_is_the_intersection(
        self, drawn: tuple[Calendar, Calendar, str]
    ) -> None:
        """In one zone, a day that each part knows is known, but for a last night that is not."""
        first, second, _ = drawn
        both, _ = joined(first, second, first.tz)
        shared = min(first.covers_until, second.covers_until)

        assert both.covers_from == max(first.covers_from, second.covers_from)
        assert both.covers_until in {shared, shared - ONE_DAY}
        if not (first.timetable.spill or second.timetable.spill):
            assert both.covers_until == shared

    @SOME
    @given(pairs())
    def test_days_close_in_order(self, drawn: tuple[Calendar, Calendar, str]) -> None:
        """Every business day opens and closes, and not before the day begins."""
        first, second, lead = drawn
        for joint in joined(first, second, lead):
            for day in joint._days.open_days[:20]:
                assert joint.ends_at(day - ONE_DAY) <= joint.open_of(day) <= joint.close_of(day)


class TestTwoOffices:
    """Both offices open, across time zones. Time 6."""

    BOTH = PRAGUE.all_of(BOSTON, lead="Europe/Prague")

    def test_the_hours_in_common(self) -> None:
        """Prague and Boston are both open from 15:00 to 17:00 in Prague."""
        assert self.BOTH.open_of(date(2026, 11, 2)) == at("Europe/Prague", "2026-11-02T15:00")
        assert self.BOTH.close_of(date(2026, 11, 2)) == at("Europe/Prague", "2026-11-02T17:00")
        assert self.BOTH.add_hours(at("Europe/Prague", "2026-11-02T12:00"), 5 * HOUR) == at(
            "Europe/Prague", "2026-11-04T16:00"
        )

    def test_clocks_change_on_different_days(self) -> None:
        """Between the clock changes of Europe and America they have three hours in common."""
        for day in (date(2026, 10, 26), date(2026, 10, 30), date(2027, 3, 15)):
            assert self.BOTH.open_of(day).hour == 14

    def test_a_holiday_of_either_closes_both(self) -> None:
        """Thanksgiving and the Czech 28 October are no joint business days, and it says whose."""
        assert self.BOTH.add(date(2026, 10, 27), 1) == date(2026, 10, 29)
        assert self.BOTH.add(date(2026, 11, 25), 1) == date(2026, 11, 27)
        assert [str(day) for day in self.BOTH.explain_add(date(2026, 12, 23), 1)] == [
            "Thursday 2026-12-24: skipped, CZ: Christmas Eve",
            "Friday 2026-12-25: skipped, CZ: Christmas Day; US-MA: Christmas Day",
            "Saturday 2026-12-26: skipped, CZ: Second Day of Christmas; US-MA: weekly rest",
            "Sunday 2026-12-27: skipped, weekly rest",
            "Monday 2026-12-28: day 1",
        ]

    def test_either_office(self) -> None:
        """One of them answers on a holiday of the other, and it says which."""
        either = PRAGUE.any_of(BOSTON, lead="Europe/Prague")

        assert either.id == "CZ or US-MA"
        assert either.close_of(date(2026, 11, 2)) == at("Europe/Prague", "2026-11-02T23:00")
        assert str(either.explain_add(date(2026, 11, 25), 1)[0]) == (
            "Thursday 2026-11-26: day 1, open in CZ"
        )
        assert either.timetable.reason(date(2026, 12, 25)) == (
            "CZ: Christmas Day; US-MA: Christmas Day"
        )

    def test_the_lead_zone_says_which_day_it_is(self) -> None:
        """Monday afternoon in Los Angeles is Tuesday morning in Sydney: one stretch, two dates."""
        sydney, angeles = office("s", "Australia/Sydney"), office("a", "America/Los_Angeles")
        here = sydney.all_of(angeles, lead="Australia/Sydney")
        there = sydney.all_of(angeles, lead="America/Los_Angeles")

        assert here.open_of(date(2026, 11, 3)) == at("Australia/Sydney", "2026-11-03T09:00")
        assert there.open_of(date(2026, 11, 2)) == at("America/Los_Angeles", "2026-11-02T14:00")
        assert here.close_of(date(2026, 11, 3)) == there.close_of(date(2026, 11, 2))

    def test_a_day_without_a_common_hour(self) -> None:
        """A business day on which no hour is in common ends at its midnight."""
        both = office("p", "Europe/Prague").all_of(
            office("a", "America/Los_Angeles"), lead="Europe/Prague"
        )
        monday = date(2026, 11, 2)

        assert both.add(date(2026, 10, 30), 1) == monday
        assert both.open_of(monday) == both.close_of(monday) == both.ends_at(monday)
        with pytest.raises(CalendarError, match="`p and a` has no open hour from 2026-01-02"):
            both.next_open(at("UTC", "2026-11-02T12:00"))

    def test_a_night_is_kept_whole(self) -> None:
        """A night shift and an office that never closes are both open until the morning."""
        night = office("night", "Europe/Prague", "22:00-06:00")
        always = Calendar.from_dates(
            id="always", tz="Europe/Prague", hours="00:00-24:00", weekend=(), covers=SPAN
        )
        for both in (night.all_of(always), always.all_of(night)):
            assert both.close_of(date(2026, 11, 6)) == at("Europe/Prague", "2026-11-07T06:00")
            assert both.covers_until == date(2027, 12, 30)  # the last night is not known whole

    def test_a_zone_of_nobody_leads(self) -> None:
        """The lead zone need not be that of a part: hours are parted at its midnights."""
        always = [
            Calendar.from_dates(id=tz, tz=tz, hours="00:00-24:00", weekend=(), covers=SPAN)
            for tz in ("Asia/Kolkata", "Europe/Prague")
        ]
        both = always[0].all_of(always[1], lead="UTC")

        assert both.open_of(date(2026, 6, 1)) == at("UTC", "2026-06-01T00:00")
        assert both.close_of(date(2026, 6, 1)) == at("UTC", "2026-06-02T00:00")

    def test_an_end_of_day_that_comes_twice(self) -> None:
        """Where clocks go back over midnight, hours after the first midnight are the next day's."""
        tz = "America/St_Johns"  # until 2011 at one minute past midnight
        span = (date(2010, 11, 1), date(2010, 11, 12))
        here = Calendar.from_dates(id="h", tz=tz, hours="00:00-24:00", weekend=(), covers=span)
        there = Calendar.from_dates(id="t", tz="UTC", hours="02:45-03:15", weekend=(), covers=span)
        both = there.any_of(there, lead=tz)

        assert here.all_of(there, lead=tz)._hours.opens
        assert both.close_of(date(2010, 11, 6)) == at("UTC", "2010-11-06T03:15")


class TestValue:
    """A joint calendar is a calendar like any other."""

    BOTH = PRAGUE.all_of(BOSTON, lead="Europe/Prague")

    def test_it_is_a_value(self) -> None:
        """It compares, hashes and pickles by what it knows, and has a name."""
        again = PRAGUE.all_of(BOSTON, lead="Europe/Prague")

        assert again == self.BOTH == pickle.loads(pickle.dumps(self.BOTH))  # noqa: S301 # our own
        assert hash(again) == hash(self.BOTH)
        assert again.id == "CZ and US-MA"
        assert PRAGUE.all_of(BOSTON, lead="UTC", id="both").id == "both"

    def test_the_fingerprint_tells_apart(self) -> None:
        """Mode, lead zone, parts, their names and special days are in the fingerprint."""
        renamed = Calendar("Boston", BOSTON.timetable)
        prints = [
            self.BOTH.fingerprint,
            PRAGUE.any_of(BOSTON, lead="Europe/Prague").fingerprint,
            PRAGUE.all_of(BOSTON, lead="America/New_York").fingerprint,
            PRAGUE.all_of(renamed, lead="Europe/Prague").fingerprint,
            PRAGUE.all_of(lead="Europe/Prague").fingerprint,
            self.BOTH.without([date(2026, 11, 2)]).fingerprint,
        ]

        assert len(set(prints)) == len(prints)

    def test_it_can_be_joined_again(self) -> None:
        """A joint calendar is a part like any other."""
        tokyo = Calendar.from_holidays("JP", tz="Asia/Tokyo", covers=SPAN, hours="08:00-24:00")
        three = self.BOTH.all_of(tokyo, lead="Europe/Prague")

        assert three.id == "CZ and US-MA and JP"
        assert three.open_of(date(2026, 10, 26)) == at("Europe/Prague", "2026-10-26T14:00")
        assert three.close_of(date(2026, 10, 26)) == at("Europe/Prague", "2026-10-26T16:00")
        assert not three.is_business_day(date(2026, 11, 3))  # Culture Day

    def test_single_days_may_differ(self) -> None:
        """An override, a closure and a working day stand above the parts."""
        joint = self.BOTH.override(date(2026, 11, 7), "10:00-12:00", name="fair")
        joint = joint.without({date(2026, 11, 9): "move"})
        joint = joint.with_open([date(2026, 11, 8)], "10:00-11:00")

        assert joint.add(date(2026, 11, 6), 1) == date(2026, 11, 7)
        assert joint.open_of(date(2026, 11, 7)) == at("Europe/Prague", "2026-11-07T10:00")
        assert [str(day) for day in joint.explain_add(date(2026, 11, 7), 2)] == [
            "Sunday 2026-11-08: day 1, working day",
            "Monday 2026-11-09: skipped, move",
            "Tuesday 2026-11-10: day 2",
        ]
        assert (
            joint.open_between(at("UTC", "2026-11-07T00:00"), at("UTC", "2026-11-10T00:00"))
            == 3 * HOUR
        )

    def test_estimates_of_any_part(self) -> None:
        """An estimate of a part, or of its own, makes an answer around it provisional. Time 5."""
        part = Calendar.from_dates(
            id="estimated",
            tz="Europe/Prague",
            covers=SPAN,
            provisional=[date(2026, 5, 4), date(2027, 5, 4)],
        )
        short = Calendar.from_dates(
            id="short", tz="Europe/Prague", covers=(SPAN[0], date(2026, 12, 31))
        )

        assert part.all_of(short).provisional_days == (date(2026, 5, 4),)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        pytest.param(
            lambda: PRAGUE.all_of(BOSTON),
            "lie in several time zones: America/New_York, Europe/Prague. Say whose dates count, "
            'such as lead="America/New_York".',
            id="the lead zone is missing",
        ),
        pytest.param(
            lambda: PRAGUE.all_of(
                Calendar.from_dates(
                    id="old", tz="Europe/Prague", covers=(date(2020, 1, 1), date(2025, 12, 31))
                )
            ),
            "there is no day for which `CZ` and `old` are known",
            id="no day is known to both",
        ),
        pytest.param(
            lambda: PRAGUE.any_of(
                Calendar.from_dates(
                    id="old", tz="Europe/Prague", covers=(date(2020, 1, 1), date(2025, 12, 31))
                )
            ),
            "there is no day for which `CZ` or `old` are known",
            id="nor to either",
        ),
        pytest.param(
            lambda: office("week", "UTC").all_of(
                Calendar.from_dates(id="end", tz="UTC", covers=SPAN, hours={"sat": "09:00-12:00"})
            ),
            "no day from 2026-01-01 to 2027-12-31 is open",
            id="no day is open in both",
        ),
        pytest.param(
            lambda: PRAGUE.all_of(BOSTON, lead="Europe/Prag"),
            "there is no time zone `Europe/Prag`",
            id="no such lead zone",
        ),
        pytest.param(
            lambda: TestValue.BOTH.with_open([date(2026, 11, 7)]),
            "a joint calendar has no usual hours",
            id="a joint working day without hours",
        ),
    ],
)
def test_refusals(ask: Callable[[], Calendar], said: str) -> None:
    """What cannot be joined is refused, with what to do about it."""
    with pytest.raises(CosellError, match=re.escape(said)):
        ask()


def test_leaving_what_is_known_raises() -> None:
    """A joint calendar ends where its shortest part does, a day sooner in a zone further west."""
    joint = PRAGUE.all_of(BOSTON, lead="America/New_York")

    assert (joint.covers_from, joint.covers_until) == (SPAN[0], SPAN[1] - ONE_DAY)
    with pytest.raises(CalendarExhaustedError):
        joint.add(SPAN[1], 1)
