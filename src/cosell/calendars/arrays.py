"""Business days of whole arrays, with NumPy.

Rules that hold for every answer:

1. An array holds dates (``datetime64``). Times of day in it have no zone and are refused, and so
   are missing dates. An array of Python's own dates is taken one by one.
2. Where one of the answers cannot be given, the question about that one day is asked alone, so
   that it raises what it always raises.

NumPy is imported when an array is given. This module does not know how a table is made.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from operator import index
from typing import Any, Final, NamedTuple

from cosell.calendars.tables import DayTable
from cosell.errors import CalendarError

__all__ = ["add_array", "count_array"]

#: So many days are looked up at a time that they stay close to the processor.
_AT_ONCE: Final = 1 << 15
_KEPT: Final = 64
_UNIX: Final = date(1970, 1, 1).toordinal()
#: No answer. NumPy takes it for no date.
_NONE: Final = -(1 << 63)
#: More days than any calendar has.
_FAR: Final = 1 << 24


class _Numbers(NamedTuple):
    """A table of days as arrays that begin and end with a place for what is not known.

    Attributes:
        first: The day of the first place, in days since 1970.
        open_days: The open days, in days since 1970.
        latest: See ``DayTable``.
        earliest: See ``DayTable``.
    """

    first: int
    open_days: Any
    latest: Any
    earliest: Any


def add_array(table: DayTable, add: Callable[[date, int], date], days: Any, n: Any) -> Any:
    """Return the ``n``-th business day after each day of an array; ``add`` says it for one."""
    import numpy as np

    given = np.asarray(days)
    numbers = _whole(n) if np.ndim(n) else index(n)
    if given.dtype.kind != "M":
        pairs = zip(_one_by_one(given), _beside(given, numbers).tolist(), strict=True)
        found = [add(*pair) for pair in pairs]
        return np.array(found, dtype="datetime64[D]").reshape(given.shape)
    dates = _dates(given)
    if np.ndim(n):
        answers = _each_added(_numbers(table), dates, _beside(given, numbers).reshape(given.shape))
    else:
        answers = _looked_up(_numbers(table).first, _answers(table, numbers), dates)
    if answers.size and answers.min() == _NONE:
        place = int(answers.argmin())
        _refuse_missing(dates, place)
        add(dates.ravel()[place].item(), int(_beside(given, numbers)[place]))
    return answers.view("datetime64[D]")


def count_array(table: DayTable, count: Callable[[date, date], int], a: Any, b: Any) -> Any:
    """Return the number of business days from each day of an array; ``count`` says it for one."""
    import numpy as np

    given, ends = np.asarray(a), np.asarray(b)
    one_for_all = isinstance(b, date)
    if given.dtype.kind != "M" or (ends.dtype.kind != "M" and not one_for_all):
        pairs = zip(_one_by_one(given), _one_by_one(_beside(given, ends)), strict=True)
        return np.array([count(*pair) for pair in pairs]).reshape(given.shape)
    if one_for_all:  # it is looked up once
        last = np.asarray(b, "datetime64[D]")
    else:
        last = _dates(_beside(given, ends).reshape(given.shape))
    numbers, first = _numbers(table), _dates(given)
    begun, ended = (_looked_up(numbers.first, numbers.latest, each) for each in (first, last))
    for days, found in ((first, begun), (last, ended)):
        if given.size and found.min() == _NONE:
            place = int(found.argmin())
            _refuse_missing(days, place)
            pair = (np.broadcast_to(each, given.shape).ravel() for each in (first, last))
            count(*(each[place].item() for each in pair))
    return ended - begun


@lru_cache(maxsize=_KEPT)
def _numbers(table: DayTable) -> _Numbers:
    import numpy as np

    open_days = np.fromiter((day.toordinal() for day in table.open_days), "i8") - _UNIX
    latest, earliest = (
        np.array([_NONE, *places, _NONE], "i8") for places in (table.latest, table.earliest)
    )
    return _Numbers(table.first - _UNIX - 1, open_days, latest, earliest)


@lru_cache(maxsize=_KEPT)
def _answers(table: DayTable, n: int) -> Any:
    """Return the ``n``-th business day after every day that a table knows."""
    numbers = _numbers(table)
    # A number beyond any calendar leads out of it within what a machine word holds.
    bounded = max(min(n, _FAR), -_FAR)
    return _found(numbers, numbers.latest if n > 0 else numbers.earliest, bounded)


def _each_added(numbers: _Numbers, dates: Any, n: Any) -> Any:
    """Return what a different number for each date leads to."""
    import numpy as np

    ahead = _looked_up(numbers.first, numbers.latest, dates)
    back = _looked_up(numbers.first, numbers.earliest, dates)
    return _found(numbers, np.where(n > 0, ahead, back), np.clip(n, -_FAR, _FAR))


def _found(numbers: _Numbers, places: Any, n: Any) -> Any:
    """Return the open days ``n`` after ``places``."""
    import numpy as np

    most = len(numbers.open_days)
    wanted = np.where(places == _NONE, -most - 1, places) + n
    inside = (wanted >= 0) & (wanted < most) & (places != _NONE)
    return np.where(inside, numbers.open_days[np.where(inside, wanted, 0)], _NONE)


def _looked_up(first: int, table: Any, dates: Any) -> Any:
    """Return what a table says about each date."""
    import numpy as np

    days = np.ascontiguousarray(dates).reshape(-1).view("i8")
    found: Any = np.empty(len(days), "i8")
    places: Any = np.empty(min(len(days), _AT_ONCE), "i8")
    for begin in range(0, len(days), _AT_ONCE):
        part = days[begin : begin + _AT_ONCE]
        place = np.subtract(part, first, out=places[: len(part)])
        table.take(place, mode="clip", out=found[begin : begin + _AT_ONCE])
    return found.reshape(dates.shape)


def _one_by_one(given: Any) -> list[Any]:
    """Return what an array holds as Python's own dates and moments."""
    found: list[Any] = (_dates(given) if given.dtype.kind == "M" else given).ravel().tolist()
    return found


def _dates(given: Any) -> Any:
    """Return an array of dates.

    Raises:
        CalendarError: It holds times of day.
    """
    import numpy as np

    dates = given.astype("datetime64[D]", copy=False)
    if dates is not given and ((dates != given) & ~np.isnat(given)).any():
        raise CalendarError(
            "the array holds times of day without a time zone", "Give dates (datetime64[D])."
        )
    return dates


def _whole(n: Any) -> Any:
    """Return an array of whole numbers.

    Raises:
        CalendarError: It holds others.
    """
    import numpy as np

    numbers = np.asarray(n)
    if numbers.dtype.kind not in "iu":
        raise CalendarError(
            "the numbers of days are not whole numbers", "Give an array of integers."
        )
    return numbers


def _beside(given: Any, values: Any) -> Any:
    """Return one value for each place of an array, in one row.

    Raises:
        CalendarError: There are more or fewer.
    """
    import numpy as np

    if np.ndim(values) and np.shape(values) != given.shape:
        raise CalendarError(
            f"{given.size} days were given with {np.size(values)} values", "Give one for each day."
        )
    return np.broadcast_to(values, given.shape).ravel()


def _refuse_missing(dates: Any, place: int) -> None:
    import numpy as np

    if np.isnat(dates.ravel()[place]):
        raise CalendarError(
            f"the array has no date at place {place}", "Leave out what has no date."
        )
