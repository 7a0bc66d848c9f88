"""Many days at once, and business hours in every direction, in the Czech calendar.

What one day costs stands in ``days``. Here a column of a million days is worked on: every peer
is given it in the type that it wants, and the same closed days.

A million is far more than one round needs, so pandas, which takes days one by one, is given a part
of the column; the table shows the time of a million for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import holidays

from contest import Contest, Goal, Row, gather, peer
from cosell.calendars import Calendar

__all__ = ["contests"]

MANY: Final = 1_000_000
#: How many of them a peer is given that takes them one by one.
FEW: Final = 1000
ADDED: Final = 5
START, END = date(2020, 1, 1), date(2029, 6, 30)

_PRAGUE = Calendar.from_holidays("CZ", tz="Europe/Prague")
_CLOSED: Final = sorted(holidays.country_holidays("CZ", years=range(2019, 2032)))
_ZONE: Final = ZoneInfo("Europe/Prague")


def contests() -> Iterator[Contest]:
    """Yield adding to many days, counting many, and moving by business hours."""
    yield from _with_numpy()
    yield _hours()


def _with_numpy() -> Iterator[Contest]:
    """Yield what needs NumPy, which is the peer that the goals are about."""
    try:
        import numpy as np
    except ModuleNotFoundError:
        return
    generator = np.random.default_rng(20261121)
    span = np.datetime64(END) - np.datetime64(START)
    days = np.datetime64(START) + generator.integers(0, span.astype(int), MANY)
    listed = days[:FEW].tolist()
    added = [_PRAGUE.add(day, ADDED) for day in listed]
    counted = [_PRAGUE.count(day, END) for day in listed]

    rows, absent = gather(_PEERS, days, added, counted)
    adding = [row for row, _ in rows]
    own = [
        _column("cosell, array", lambda: _PRAGUE.add_many(days, ADDED), added, Goal(0.2, "numpy")),
        _part("cosell, list", lambda: _PRAGUE.add_many(listed, ADDED), added),
    ]
    yield Contest("Add 5 business days to a million days", "numpy", [*own, *adding], absent, "ms")

    counting = [row for _, row in rows if row is not None]
    own = [
        _column(
            "cosell, array", lambda: _PRAGUE.count_many(days, END), counted, Goal(0.2, "numpy")
        ),
        _part("cosell, list", lambda: _PRAGUE.count_many(listed, END), counted),
    ]
    title = "Count business days from a million days"
    yield Contest(title, "numpy", [*own, *counting], absent, "ms")


def _column(
    name: str,
    call: Callable[[], Any],
    right: list[Any],
    *goals: Goal,
    said: Callable[[Any], list[Any]] = lambda found: found[:FEW].tolist(),
) -> Row:
    """Return a row for a million days at a time; the time is that of the million."""
    return Row(name, call, lambda found: said(found) == right, goals)


def _part(name: str, call: Callable[[], Any], right: list[Any]) -> Row:
    """Return a row for a part of the column, as so much of a million."""
    return Row(name, call, lambda found: list(found) == right, per=FEW / MANY)


Pair = tuple[Row, Row | None]


@peer("numpy")
def _numpy(days: Any, added: list[date], counted: list[int]) -> Iterator[Pair]:
    import numpy as np

    calendar = np.busdaycalendar(holidays=_CLOSED)
    # It counts in [a, b); a day later on both sides is what cosell counts.
    begun, ended = days + 1, np.datetime64(END) + 1
    yield (
        _column(
            "numpy",
            lambda: np.busday_offset(days, ADDED, roll="backward", busdaycal=calendar),
            added,
        ),
        _column("numpy", lambda: np.busday_count(begun, ended, busdaycal=calendar), counted),
    )


@peer("polars")
def _polars(days: Any, added: list[date], counted: list[int]) -> Iterator[Pair]:
    import polars as pl
    from polars import col

    frame = pl.DataFrame({"day": days})
    number = pl.business_day_count(
        col("day") + timedelta(days=1), END + timedelta(days=1), holidays=_CLOSED
    )
    yield (
        _column(
            "polars",
            lambda: frame["day"].dt.add_business_days(ADDED, holidays=_CLOSED, roll="backward"),
            added,
            said=lambda found: found[:FEW].to_list(),
        ),
        _column(
            "polars",
            lambda: frame.select(number).to_series(),
            counted,
            said=lambda found: found[:FEW].to_list(),
        ),
    )


@peer("pandas")
def _pandas(days: Any, added: list[date], _counted: list[int]) -> Iterator[Pair]:
    import warnings

    import pandas as pd

    column = pd.DatetimeIndex(days[:FEW])
    step = pd.offsets.CustomBusinessDay(ADDED, holidays=_CLOSED)

    def add() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pd.errors.PerformanceWarning)
            return column + step

    yield (
        Row("pandas CustomBusinessDay", add, lambda it: list(it.date) == added, per=FEW / MANY),
        None,
    )


_PEERS: Final = (_numpy, _polars, _pandas)


def _hours() -> Contest:
    """Return moving ahead and back, from open and closed moments, near and far."""
    morning = datetime(2026, 11, 20, 10, tzinfo=_ZONE)
    sunday = datetime(2026, 11, 22, 23, tzinfo=_ZONE)
    year = morning + timedelta(days=364)
    base = "cosell, +8 h"
    moves = (
        (base, morning, timedelta(hours=8), ()),
        ("cosell, -8 h", morning, timedelta(hours=-8), (Goal(1.3, base),)),
        ("cosell, +800 h", morning, timedelta(hours=800), (Goal(1.3, base),)),
        ("cosell, -800 h", morning, timedelta(hours=-800), (Goal(1.3, base),)),
        ("cosell, +8 h from a Sunday", sunday, timedelta(hours=8), (Goal(1.3, base),)),
    )
    rows = [_move(*move) for move in moves]
    between = _PRAGUE.open_between(morning, year)
    rows += [
        Row(
            "cosell, open time of a year",
            lambda: _PRAGUE.open_between(morning, year),
            lambda found: _PRAGUE.add_hours(morning, found) == year and found == between,
        ),
        Row(
            "cosell, is it open",
            lambda: _PRAGUE.is_open(sunday),
            lambda found: found is False,
        ),
    ]
    return Contest("Business hours, near and far", base, rows)


def _move(name: str, start: datetime, step: timedelta, goals: tuple[Goal, ...]) -> Row:
    return Row(
        name,
        lambda: _PRAGUE.add_hours(start, step),
        lambda found: _PRAGUE.open_between(start, found) == step,
        goals,
    )
