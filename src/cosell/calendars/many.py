"""Many days at once: a list for a list, an array for an array.

Rules that hold for every answer:

1. It is what ``add`` or ``count`` says, one by one; one that cannot be answered raises as they do.
2. An array is anything that NumPy takes for one, such as a column of a data frame. NumPy is never
   needed otherwise: whoever passes an array has it.

This module does not know how an array is worked on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Any, Protocol, overload

from cosell.calendars.arrays import add_array, count_array
from cosell.calendars.counting import BusinessDays
from cosell.errors import CalendarError

__all__ = ["Array", "ManyDays"]


class Array(Protocol):
    """What NumPy takes for an array."""

    def __array__(self) -> Any:
        """Return it as an array of NumPy."""


@dataclass(frozen=True, eq=False)
class ManyDays(BusinessDays):
    """Adds to and counts many days at once."""

    @overload
    def add_many(self, days: Array, n: int | Array) -> Any: ...

    @overload
    def add_many(self, days: Iterable[date], n: int | Iterable[int]) -> list[date]: ...

    def add_many(self, days: Any, n: Any) -> Any:
        """Return the ``n``-th business day after each of ``days``.

        Args:
            days: Dates or moments as for ``add``; or an array of dates (``datetime64``).
            n: How many, for all; or as many numbers as there are days.

        Returns:
            A list; for an array an array of the same shape.

        Raises:
            CalendarError: An array holds times of day or missing dates, or there are not as many
                numbers as days.
            CalendarExhaustedError: An answer, or a day, is not covered.

        Source:
            Time 1, 2 and 5.

        Example:
            >>> from cosell.calendars import Calendar
            >>> prague = Calendar.from_holidays("CZ", tz="Europe/Prague")
            >>> [str(day) for day in prague.add_many([date(2026, 12, 18), date(2026, 12, 19)], 5)]
            ['2026-12-29', '2026-12-29']
        """
        if hasattr(days, "__array__"):
            return add_array(self._days, self.add, days, n)
        return [self.add(day, number) for day, number in _pairs(days, n)]

    @overload
    def count_many(self, a: Array, b: date | Array) -> Any: ...

    @overload
    def count_many(self, a: Iterable[date], b: date | Iterable[date]) -> list[int]: ...

    def count_many(self, a: Any, b: Any) -> Any:
        """Return the number of business days after each of ``a`` and not after that of ``b``.

        Args:
            a: Dates or moments as for ``count``; or an array of dates (``datetime64``).
            b: One date or moment for all; or as many as in ``a``.

        Returns:
            A list; for an array an array of the same shape.

        Raises:
            CalendarError: An array holds times of day or missing dates, or there are not as many
                in ``b`` as in ``a``.
            CalendarExhaustedError: One of the days is not covered.

        Source:
            Time 4.

        Example:
            >>> from cosell.calendars import Calendar
            >>> prague = Calendar.from_holidays("CZ", tz="Europe/Prague")
            >>> prague.count_many([date(2026, 12, 18), date(2026, 12, 21)], date(2026, 12, 29))
            [5, 4]
        """
        if hasattr(a, "__array__"):
            ends = b if isinstance(b, Iterable) else self._local_date(b, "b")
            return count_array(self._days, self.count, a, ends)
        return [self.count(first, last) for first, last in _pairs(a, b)]


def _pairs(days: Iterable[Any], others: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each day with its own other, or with the one for all."""
    if not isinstance(others, Iterable):
        return zip(days, repeat(others), strict=False)
    first, last = tuple(days), tuple(others)
    if len(first) != len(last):
        raise CalendarError(
            f"{len(first)} days were given with {len(last)} values", "Give one for each day."
        )
    return zip(first, last, strict=True)
