"""Business days and hours: adding, counting, and reading a clock, in the Czech calendar.

Every peer is given the same closed days (or has a calendar of its own that agrees over the span
that is measured), compiled once, and the day in the type that it wants. The answer is compared as
a date.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import cycle
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import holidays

from contest import Contest, Goal, Row, gather, peer
from cosell.calendars import Calendar
from cosell.definition import parse_process
from cosell.engine import Bound, apply, bind, open_record, read_clocks
from cosell.events import Actor
from cosell.models.record import Record

__all__ = ["contests"]

ZONE: Final = ZoneInfo("Europe/Prague")
FRIDAY: Final = date(2026, 11, 20)
MORNING: Final = datetime(2026, 11, 20, 10, tzinfo=ZONE)
ADDED, COUNTED = 5, 250

_PRAGUE = Calendar.from_holidays("CZ", tz="Europe/Prague")
_CZECH = holidays.country_holidays("CZ", years=range(2020, 2031))
_CLOSED: Final = sorted(_CZECH)
_SOON: Final = date(2026, 11, 27)
_LATER: Final = date(2027, 11, 19)
_NEXT_MORNING: Final = datetime(2026, 11, 23, 10, tzinfo=ZONE)


class Days(NamedTuple):
    """How a peer adds and counts, and how its answers are read."""

    name: str
    add: Callable[[], Any]
    count: Callable[[], Any]
    as_date: Callable[[Any], date] = lambda found: found
    as_number: Callable[[Any], int] = int

    def adding(self, *goals: Goal) -> Row:
        """Return the row for adding."""
        return Row(self.name, self.add, lambda found: self.as_date(found) == _SOON, goals)

    def counting(self, *goals: Goal) -> Row:
        """Return the row for counting."""
        return Row(self.name, self.count, lambda found: self.as_number(found) == COUNTED, goals)


def contests() -> Iterator[Contest]:
    """Yield adding days, counting days, adding hours, and reading a clock."""
    peers, absent = gather(_PEERS)
    own = Days(
        "cosell",
        lambda: _PRAGUE.add(FRIDAY, ADDED),
        lambda: _PRAGUE.count(FRIDAY, _LATER),
    )
    adding = own.adding(Goal(1 / 10, "numpy"), Goal(1 / 25, "holidays"))
    counting = own.counting(Goal(1 / 15, "numpy"))
    rows = [adding, *(peer.adding() for peer in peers)]
    yield Contest(f"Add {ADDED} business days", own.name, rows, absent)
    rows = [counting, *(peer.counting() for peer in peers)]
    yield Contest(f"Count {COUNTED} business days", own.name, rows, absent)
    hours, absent = gather(_HOURS)
    yield Contest("Add business hours", "cosell, +8 h", [*_own_hours(), *hours], absent)
    yield _clock()


def _own_hours() -> Iterator[Row]:
    eight, many = timedelta(hours=8), timedelta(hours=800)
    yield Row(
        "cosell, +8 h",
        lambda: _PRAGUE.add_hours(MORNING, eight),
        lambda moment: moment == _NEXT_MORNING,
        (Goal(1 / 30, "pandas CustomBusinessHour, +8 h"),),
    )
    yield Row(
        "cosell, +800 h",
        lambda: _PRAGUE.add_hours(MORNING, many),
        lambda moment: _PRAGUE.open_between(MORNING, moment) == many,
        (Goal(1.3, "cosell, +8 h"),),
    )


@peer("numpy")
def _numpy() -> Iterator[Days]:
    import numpy as np

    calendar = np.busdaycalendar(holidays=_CLOSED)

    def add() -> date:
        return np.busday_offset(FRIDAY, ADDED, roll="backward", busdaycal=calendar).item()

    def count() -> int:
        return np.busday_count(FRIDAY, _LATER, busdaycal=calendar).item()

    yield Days("numpy", add, count)


@peer("quantlib")
def _quantlib() -> Iterator[Days]:
    import QuantLib as Ql

    czech, unit = Ql.CzechRepublic(), Ql.Days
    start, later = (Ql.Date(day.day, day.month, day.year) for day in (FRIDAY, _LATER))

    def add() -> Any:
        return czech.advance(start, ADDED, unit)

    def count() -> int:
        return czech.businessDaysBetween(start, later)

    def as_date(found: Any) -> date:
        return date(found.year(), found.month(), found.dayOfMonth())

    yield Days("QuantLib", add, count, as_date)


@peer("holidays")
def _holidays() -> Iterator[Days]:
    def add() -> date:
        return _CZECH.get_nth_working_day(FRIDAY, ADDED)

    def count() -> int:
        # It counts both ends; the first is a Friday that is open.
        return _CZECH.get_working_days_count(FRIDAY, _LATER) - 1

    yield Days("holidays", add, count)


@peer("workalendar")
def _workalendar() -> Iterator[Days]:
    from workalendar.europe import CzechRepublic

    czech = CzechRepublic()

    def add() -> date:
        return czech.add_working_days(FRIDAY, ADDED)

    def count() -> int:
        return czech.get_working_days_delta(FRIDAY, _LATER)

    yield Days("workalendar", add, count)


@peer("pandas")
def _pandas() -> Iterator[Days]:
    import pandas as pd

    start, later = pd.Timestamp(FRIDAY), pd.Timestamp(_LATER)
    step = pd.offsets.CustomBusinessDay(ADDED, holidays=_CLOSED)
    daily = pd.offsets.CustomBusinessDay(holidays=_CLOSED)

    def add() -> Any:
        return start + step

    def count() -> int:
        return len(pd.date_range(start, later, freq=daily)) - 1

    yield Days("pandas CustomBusinessDay", add, count, lambda found: found.date())


@peer("polars")
def _polars() -> Iterator[Days]:
    import polars as pl

    column = pl.Series([FRIDAY])
    ends = pl.DataFrame({"a": [FRIDAY], "b": [_LATER]})
    number = pl.business_day_count("a", "b", holidays=_CLOSED)

    def add() -> Any:
        return column.dt.add_business_days(ADDED, holidays=_CLOSED)

    def count() -> Any:
        return ends.select(number)

    yield Days("polars, a column of one", add, count, _item, _item)


def _item(found: Any) -> Any:
    return found.item()


_PEERS: Final = (_numpy, _quantlib, _holidays, _workalendar, _pandas, _polars)


@peer("pandas")
def _pandas_hours() -> Iterator[Row]:
    import pandas as pd

    start = pd.Timestamp(MORNING)
    step = pd.offsets.CustomBusinessHour(8, start="09:00", end="17:00", holidays=_CLOSED)
    yield Row(
        "pandas CustomBusinessHour, +8 h",
        lambda: start + step,
        lambda moment: moment == _NEXT_MORNING,
    )


@peer("businesstimedelta")
def _businesstimedelta() -> Iterator[Row]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import businesstimedelta as bt
        import pytz

    prague = pytz.timezone("Europe/Prague")
    week = bt.WorkDayRule(time(9), time(17), working_days=[0, 1, 2, 3, 4], tz=prague)
    rules = bt.Rules([week, bt.HolidayRule(_CZECH, tz=prague)])
    start = prague.localize(MORNING.replace(tzinfo=None))
    step = bt.BusinessTimeDelta(rules, hours=8)
    yield Row("businesstimedelta, +8 h", lambda: start + step, lambda it: it == _NEXT_MORNING)


_HOURS: Final = (_pandas_hours, _businesstimedelta)


_WAITING = parse_process("""
id = "waiting"
version = 1
record = "Record"
initial = "open"
calendars = ["vendor"]
roles = { seller = "Seller" }

[[stages]]
id = "open"

[[stages]]
id = "on_hold"

[[stages]]
id = "done"
kind = "closed"

[[transitions]]
trigger = "hold"
source = "open"
target = "on_hold"
roles = ["seller"]

[[transitions]]
trigger = "resume"
source = "on_hold"
target = "open"
roles = ["seller"]

[[transitions]]
trigger = "finish"
source = "*"
target = "done"
roles = ["seller"]

[[clocks]]
id = "answer"
calendar = "vendor"
unit = "business_days"
allowance = 60
start = ["entered('open')"]
stop = ["entered('done')"]
pause_while = ["on_hold"]

[[clocks.steps]]
id = "half"
at = 0.5

[[clocks.steps]]
id = "most"
at = 0.8

[[clocks.steps]]
id = "last"
offset = -2
""")


#: So many records that none of them is still kept by a clock when its turn comes again.
_MANY: Final = 300


def _clock() -> Contest:
    bound = bind(_WAITING, record=Record, calendars={"vendor": _PRAGUE})
    record, at = _paused_thrice(bound), MORNING + timedelta(days=40)
    others = cycle([record.model_copy() for _ in range(_MANY)])

    def is_right(reading: Any) -> bool:
        return len(reading.pauses) == 3 and reading.due_on is not None

    base = "cosell add"
    rows = [
        Row(base, lambda: _PRAGUE.add(FRIDAY, ADDED), lambda day: day == _SOON),
        Row(
            "cosell, reading a clock with three pauses and three steps",
            lambda: read_clocks(bound, next(others), at=at)[0],
            is_right,
            (Goal(100, base),),
        ),
        Row(
            "cosell, the same with the moment of its next step",
            lambda: read_clocks(bound, next(others), at=at)[0].next_at,
            lambda next_at: next_at is not None,
        ),
        Row(
            "cosell, reading the same record again",
            lambda: read_clocks(bound, record, at=at)[0],
            is_right,
            (Goal(100, base),),
        ),
        Row(
            "cosell, the same with the moment of its next step, again",
            lambda: read_clocks(bound, record, at=at)[0].next_at,
            lambda next_at: next_at is not None,
            (Goal(100, base),),
        ),
    ]
    return Contest("Read a clock", base, rows)


def _paused_thrice(bound: Bound) -> Record:
    """Return a record that was on hold three times, two days each."""
    seller = Actor("s-1", role="seller")
    record = open_record(bound, Record(id="r-1"), actor=seller, at=MORNING).record
    for number in range(6):
        trigger = "resume" if number % 2 else "hold"
        at = MORNING + timedelta(days=4 * (number // 2) + 2 * (number % 2) + 3)
        record = apply(bound, record, trigger, actor=seller, at=at).record
    return record
