"""Business days held against NumPy: all countries and markets, one by one and as arrays."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime, timedelta

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosell.calendars import Calendar
from cosell.errors import CalendarError, CalendarExhaustedError
from drawn_calendars import calendars
from oracle import oracle

np = oracle("numpy")

ONE_DAY = timedelta(days=1)
#: Leap days, turns of years, and the days on which countries changed their weekends.
SPAN = (date(2012, 1, 1), date(2028, 12, 31))
INSIDE = st.integers(0, 5800)
PRAGUE = Calendar.from_holidays("CZ", tz="Europe/Prague")
CODES = (*holidays.list_supported_countries(), *holidays.list_supported_financial())


def theirs(calendar: Calendar, closed: list[date]) -> object:
    """Return a calendar of NumPy that knows closed days and no weekend."""
    outside = [calendar.covers_from - ONE_DAY, calendar.covers_until + ONE_DAY]
    return np.busdaycalendar(weekmask="1111111", holidays=sorted({*closed, *outside}))


def all_days(first: date, last: date) -> list[date]:
    """Return every day of a span."""
    return [first + ahead * ONE_DAY for ahead in range((last - first).days + 1)]


@pytest.mark.parametrize("code", sorted(set(CODES)))
def test_all_countries(code: str) -> None:
    """Adding and counting agree with NumPy over what `holidays` calls working days. Time 1 to 6."""
    calendar = Calendar.from_holidays(code, tz="UTC", covers=SPAN)
    first, last = calendar.covers_from, calendar.covers_until
    known = getattr(holidays, code)(years=range(first.year - 1, last.year + 2))
    days = all_days(first, last)
    closed = [day for day in days if not known.is_working_day(day)]
    independent = theirs(calendar, closed)
    starts = np.array(days[40:-40:3], "datetime64[D]")
    begun, ended = starts[:-200], starts[200:]

    # From a closed day NumPy steps back first, so that day 1 is the next open one.
    for n in (1, 5, 10):
        expected = np.busday_offset(starts, n, roll="backward", busdaycal=independent)
        assert (calendar.add_many(starts, n) == expected).all()
    for n in (0, -1, -7):
        expected = np.busday_offset(starts, n, roll="forward", busdaycal=independent)
        assert (calendar.add_many(starts, n) == expected).all()
    # NumPy counts in [a, b), cosell in (a, b]: a day later on both sides is the same.
    expected = np.busday_count(begun + 1, ended + 1, busdaycal=independent)
    assert (calendar.count_many(begun, ended) == expected).all()
    assert (calendar.count_many(ended, begun) == -expected).all()


def test_all_countries_are_there() -> None:
    """There are more than two hundred of them, markets among them."""
    assert len(CODES) > 200
    assert "XNYS" in CODES


@settings(max_examples=settings.default.max_examples // 2)
@given(calendars(), st.lists(st.integers(-3, 800), min_size=1, max_size=8), st.integers(-12, 12))
def test_arrays_are_lists(calendar: Calendar, aheads: list[int], n: int) -> None:
    """An array has the answers of a list, and its errors too."""
    days = [calendar.covers_from + ahead * ONE_DAY for ahead in aheads]
    array = np.array(days, "datetime64[D]")
    numbers = [n + place for place in range(len(days))]
    questions = (
        (calendar.add_many, (days, n), (array, n)),
        (calendar.add_many, (days, numbers), (array, np.array(numbers))),
        (calendar.count_many, (days, days[0]), (array, days[0])),
        (calendar.count_many, (days, days[::-1]), (array, array[::-1])),
    )
    for ask, lists, arrays in questions:
        try:
            expected = ask(*lists)
        except CalendarExhaustedError:
            with pytest.raises(CalendarExhaustedError):
                ask(*arrays)
        else:
            assert ask(*arrays).tolist() == expected


class TestArrays:
    """What is taken for an array, and what is not."""

    DAYS = np.array(["2026-12-18", "2026-12-19", "2026-12-24", "2026-12-30"], "datetime64[D]")

    def test_shapes_and_kinds(self) -> None:
        """Any shape, order and unit that holds dates is taken; the given array is not changed."""
        expected = PRAGUE.add_many(self.DAYS, 5)
        given = copy.copy(self.DAYS)

        assert (PRAGUE.add_many(self.DAYS.reshape(2, 2), 5) == expected.reshape(2, 2)).all()
        assert (PRAGUE.add_many(self.DAYS[::-1], 5) == expected[::-1]).all()
        assert (PRAGUE.add_many(self.DAYS.astype("datetime64[ns]"), 5) == expected).all()
        assert (PRAGUE.add_many(self.DAYS.astype(object), 5) == expected).all()
        assert (PRAGUE.add_many(self.DAYS, np.int64(5)) == expected).all()
        assert (PRAGUE.add_many(self.DAYS, [5, 5, 5, 5]) == expected).all()
        assert PRAGUE.add_many(self.DAYS[:0], 5).shape == (0,)
        assert PRAGUE.add_many(self.DAYS[0], 5) == np.datetime64("2026-12-29")
        assert (given == self.DAYS).all()

    def test_moments_are_taken_one_by_one(self) -> None:
        """Python's own moments in an array mean their local dates."""
        moments = np.array([datetime(2026, 12, 17, 23, 30, tzinfo=UTC)], object)

        assert PRAGUE.add_many(moments, 5).tolist() == [date(2026, 12, 29)]
        assert PRAGUE.count_many(moments, date(2026, 12, 29)).tolist() == [5]
        assert PRAGUE.count_many(self.DAYS[:1], moments + 11 * ONE_DAY).tolist() == [5]
        assert PRAGUE.count_many(self.DAYS[:1], [date(2026, 12, 29)]).tolist() == [5]
        assert PRAGUE.count_many(self.DAYS[:0], date(2040, 1, 1)).shape == (0,)
        assert PRAGUE.count_many(self.DAYS[:1], moments[0] + 11 * ONE_DAY).tolist() == [5]

    def test_many(self) -> None:
        """A million days are added to in pieces."""
        days = np.datetime64("2012-01-01") + np.arange(100_000) % 7000
        expected = PRAGUE.add_many(days[:7000], 5)

        assert (PRAGUE.add_many(days, 5)[:7000] == expected).all()
        assert (PRAGUE.add_many(days, 5)[7000:14000] == expected).all()

    @pytest.mark.parametrize(
        ("days", "n", "said"),
        [
            pytest.param(["2026-12-18", "NaT"], 1, "no date at place 1", id="a missing date"),
            pytest.param(["2026-12-18T09:00"], 1, "holds times of day", id="times of day"),
            pytest.param(["2026-12-18"], [1, 2], "1 days were given with 2 values", id="lengths"),
            pytest.param(["2026-12-18"], [0.5], "not whole numbers", id="half a day"),
            pytest.param(["2036-01-01"], 1, "2036-01-01 is needed", id="a day that is not covered"),
            pytest.param(["2035-12-31"], 1, "2036-01-01 is needed", id="nor its answer"),
            pytest.param(["2009-12-31"], [1], "2009-12-31 is needed", id="or before the first"),
            pytest.param(["2026-12-18"], 10**30, "2036-01-01 is needed", id="a huge number"),
            pytest.param(["2026-12-18"], [-(2**62)], "2009-12-31 is needed", id="a huge step back"),
        ],
    )
    def test_refusals(self, days: list[str], n: int | list[int], said: str) -> None:
        """What has no answer is refused as it is for one day. Time 4 and 5."""
        with pytest.raises(CalendarError, match=said):
            PRAGUE.add_many(np.array(days, "datetime64"), n)

    def test_counting_refuses_alike(self) -> None:
        """Counting from or to what is not known or missing is refused."""
        for other in ("2036-01-01", "NaT"):
            array = np.array([other] * 4, "datetime64[D]")
            for pair in ((self.DAYS, array), (array, self.DAYS)):
                with pytest.raises(CalendarError):
                    PRAGUE.count_many(*pair)
        with pytest.raises(CalendarError, match="with 3 values"):
            PRAGUE.count_many(self.DAYS, self.DAYS[:3])
