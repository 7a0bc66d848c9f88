"""Business days and joint calendars held against QuantLib."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cosell.calendars import WEEKDAYS, Calendar
from oracle import oracle

ql = oracle("QuantLib")

ONE_DAY = timedelta(days=1)
SPAN = (date(2024, 1, 1), date(2027, 12, 31))
QUARTER = settings(max_examples=settings.default.max_examples // 2)
#: QuantLib numbers the days of the week from Sunday, which is 1.
NUMBERS = {name: (place + 1) % 7 + 1 for place, name in enumerate(WEEKDAYS)}

Pair = tuple[Calendar, Any]
made = iter(range(10**9))


def there(day: date) -> Any:
    """Return a date as QuantLib has it."""
    return ql.Date(day.day, day.month, day.year)


def here(day: Any) -> date:
    """Return a date of QuantLib."""
    return date(day.year(), day.month(), day.dayOfMonth())


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    """Draw a calendar, and the same one as QuantLib has it."""
    weekend = draw(st.sets(st.sampled_from(WEEKDAYS), max_size=4))
    closed = draw(st.sets(st.dates(*SPAN), max_size=20))
    # QuantLib shares what calendars of one name know.
    theirs = ql.BespokeCalendar(f"drawn {next(made)}")
    for name in weekend:
        theirs.addWeekend(NUMBERS[name])
    for day in closed:
        theirs.addHoliday(there(day))
    ours = Calendar.from_dates(closed, id="drawn", tz="UTC", covers=SPAN, weekend=weekend)
    return ours, theirs


DAYS = st.dates(date(2024, 6, 1), date(2027, 6, 1))


def agree(ours: Calendar, theirs: Any, day: date, other: date, n: int) -> None:
    """Hold adding, counting and asking against each other."""
    assert ours.is_business_day(day) is theirs.isBusinessDay(there(day))
    # QuantLib counts from a day that it has moved to an open one first; so from an open one.
    assume(ours.count(SPAN[0], day) > 20)
    start = ours.add(day, 0)
    assert ours.add(start, n) == here(theirs.advance(there(start), n, ql.Days))
    assert ours.add(day, 0) == here(theirs.adjust(there(day), ql.Following))
    first, last = sorted((day, other))
    assert ours.count(first, last) == theirs.businessDaysBetween(
        there(first),
        there(last),
        False,
        True,  # it takes no keywords
    )


@QUARTER
@given(pairs(), DAYS, DAYS, st.integers(-15, 15))
def test_days_agree(drawn: Pair, day: date, other: date, n: int) -> None:
    """Adding, counting and asking agree with QuantLib. Time 1, 2 and 4."""
    agree(*drawn, day, other, n)


@QUARTER
@given(pairs(), pairs(), DAYS, DAYS, st.integers(-15, 15))
def test_joint_calendars_agree(one: Pair, two: Pair, day: date, other: date, n: int) -> None:
    """What all or any of two calendars have open agrees with QuantLib. Time 6."""
    both = ql.JointCalendar(one[1], two[1], ql.JoinHolidays)
    either = ql.JointCalendar(one[1], two[1], ql.JoinBusinessDays)
    assume(any(one[0].is_business_day(d) and two[0].is_business_day(d) for d in weeks()))

    agree(one[0].all_of(two[0]), both, day, other, n)
    agree(one[0].any_of(two[0]), either, day, other, n)


def weeks() -> list[date]:
    """Return three weeks of days."""
    return [date(2026, 6, 1) + ahead * ONE_DAY for ahead in range(21)]
