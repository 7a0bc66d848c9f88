"""The host's fiscal periods, by dates (BX-22).

This module does not know what happens in a period.
"""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Final, NamedTuple

from cosell.definition.fee_terms import Period
from cosell.errors.kinds import tells_kinds

__all__ = ["FiscalPeriod", "period_of"]

_YEAR: Final = 12


class FiscalPeriod(NamedTuple):
    """One fiscal period, first and last day included.

    Attributes:
        first: Its first day.
        last: Its last day.
    """

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        """Return whether a day lies in it."""
        return isinstance(day, date) and self.first <= day <= self.last

    def __str__(self) -> str:
        """Return the period as people read it, without a year's name that could mean two."""
        return f"{self.first} to {self.last}"


@tells_kinds
def period_of(period: Period, day: date) -> FiscalPeriod:
    """Return the fiscal period that a day lies in.

    Args:
        period: How long periods are, and in which month the fiscal year begins.
        day: The day.

    Example:
        >>> print(period_of(Period(months=3, starts_in=2), date(2027, 1, 31)))
        2026-11-01 to 2027-01-31
    """
    into = (day.month - period.starts_in) % period.months
    months = day.year * _YEAR + day.month - 1 - into
    following = _first_day(months + period.months)
    last = date.max if following is None else following - timedelta(days=1)
    return FiscalPeriod(_first_day(months) or date.min, last)


def _first_day(months: int) -> date | None:
    """Return the first day of a month counted from the year nought; ``None`` out of range."""
    year, month = divmod(months, _YEAR)
    return date(year, month + 1, 1) if MINYEAR <= year <= MAXYEAR else None
