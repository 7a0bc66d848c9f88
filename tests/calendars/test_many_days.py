"""Many days at once: what is said of each alone. Arrays are held against NumPy in tests/oracles."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.calendars import Calendar
from cosell.errors import CalendarError, CalendarExhaustedError
from drawn_calendars import calendars_and_days

PRAGUE = Calendar.from_holidays("CZ", tz="Europe/Prague")
FRIDAY, LATER = date(2026, 12, 18), date(2026, 12, 29)


@given(calendars_and_days(days=6), st.integers(-2, 2))
def test_many_are_as_one(drawn: tuple[Calendar, list[date]], n: int) -> None:
    """Many at once are what each is alone, also where that is an error. Time 1, 2 and 4."""
    calendar, days = drawn
    numbers = [n, -n, n + 1, 0, 1, -1]
    try:
        alone = [calendar.add(day, number) for day, number in zip(days, numbers, strict=True)]
    except CalendarExhaustedError as error:
        with pytest.raises(CalendarExhaustedError, match=str(error)):
            calendar.add_many(days, numbers)
    else:
        assert calendar.add_many(days, numbers) == alone
        assert calendar.add_many(iter(days), iter(numbers)) == alone
    assert calendar.count_many(days, days[::-1]) == [
        calendar.count(*pair) for pair in zip(days, days[::-1], strict=True)
    ]


def test_one_for_all() -> None:
    """One number, or one day, stands for all; no day gives no answer."""
    assert PRAGUE.add_many((FRIDAY, FRIDAY), 5) == [LATER, LATER]
    assert PRAGUE.count_many((FRIDAY, LATER), LATER) == [5, 0]
    assert PRAGUE.add_many([], 5) == PRAGUE.count_many([], []) == []


def test_one_for_each() -> None:
    """A list of another length is refused."""
    for ask in (
        lambda: PRAGUE.add_many([FRIDAY], [1, 2]),
        lambda: PRAGUE.count_many([FRIDAY, LATER], [LATER]),
    ):
        with pytest.raises(CalendarError, match=r"days were given with \d values"):
            ask()


def test_lists_need_no_numpy() -> None:
    """NumPy is not imported for lists."""
    program = (
        "import sys; from datetime import date; from cosell.calendars import Calendar;"
        "c = Calendar.from_dates(id='x', tz='UTC', covers=(date(2026, 1, 1), date(2026, 1, 9)));"
        "c.add_many([date(2026, 1, 1)], 1); c.count_many([date(2026, 1, 1)], date(2026, 1, 2));"
        "print({'numpy', 'icalendar', 'holidays'} & set(sys.modules))"
    )
    path = [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}; {program}"]

    assert subprocess.run(path, capture_output=True, text=True, check=True).stdout == "set()\n"
