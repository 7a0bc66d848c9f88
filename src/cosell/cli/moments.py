"""Read a cell that holds a date or a moment.

Rules:

1. How dates are written is said by the mapping: ``iso``, ``unix`` (seconds), ``unix_ms``, or a
   pattern as ``strptime`` takes it; several are tried in order.
2. A time without a zone is in the zone of the file. A date without an hour is at noon there: that
   is the same day for customer, partner and vendor, wherever within eleven hours they are.
3. Midnight without a zone is a date without an hour, in every kind of file: a workbook and most
   tables of data have no other way to write a day. With a zone it is midnight.

This module does not know which field a date is for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import Any, Final
from warnings import catch_warnings, simplefilter

from cosell.cli.cells import CellError, quoted, text_of
from cosell.cli.moment import not_real
from cosell.errors import SPAN_OF_MOMENTS, is_in_range

__all__ = ["NAMED_DATES", "Dates", "date_pattern_problem", "day_if_midnight"]

_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")
_NOON: Final = time(12)
_MIDNIGHT: Final = time(0)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TIMES: Final = ("%H", "%I", "%c", "%X")
_SAMPLE: Final = datetime(2026, 11, 20, 13, 14, 15, tzinfo=UTC)


def _iso(text: str) -> date | datetime:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return datetime.fromisoformat(text)


def _unix(text: str, unit: timedelta = timedelta(seconds=1)) -> datetime:
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    return _EPOCH + int(text) * unit


def _unix_ms(text: str) -> datetime:
    return _unix(text, timedelta(milliseconds=1))


#: Ways to write dates that have a name, with an example of each.
NAMED_DATES: Final[Mapping[str, tuple[Callable[[str], date | datetime], str]]] = MappingProxyType(
    {
        "iso": (_iso, "2026-11-20 or 2026-11-20T09:30:00+01:00"),
        "unix": (_unix, "1795165200"),
        "unix_ms": (_unix_ms, "1795165200000"),
    }
)


def date_pattern_problem(pattern: str) -> str | None:
    """Return what is wrong with a way to write dates, if anything is."""
    if pattern in NAMED_DATES:
        return None
    with catch_warnings():
        # From Python 3.13 on a pattern without a year warns; here it is refused anyway.
        simplefilter("ignore", DeprecationWarning)
        try:
            found = datetime.strptime(_SAMPLE.strftime(pattern), pattern)  # noqa: DTZ007  # it is not kept
        except ValueError:
            return "it cannot be read"
    return None if found.date() == _SAMPLE.date() else "it does not hold day, month and year"


def day_if_midnight(found: date | datetime) -> date | datetime:
    """Return midnight without a zone as its day, and all else as it is (rule 3).

    Example:
        >>> day_if_midnight(datetime.fromisoformat("2026-07-01T00:00"))
        datetime.date(2026, 7, 1)
    """
    if isinstance(found, datetime) and found.tzinfo is None and found.time() == _MIDNIGHT:
        return found.date()
    return found


@dataclass(frozen=True)
class Dates:
    """How dates are written.

    Attributes:
        patterns: Named ways or patterns, tried in order.
        zone: The zone of times without one.
        at: The hour of dates without one.
    """

    patterns: tuple[str, ...]
    zone: tzinfo
    at: time = _NOON

    def read(self, cell: Any) -> date | datetime:
        """Return a date, or a moment where the cell has an hour other than midnight.

        Raises:
            CellError: It is neither.
        """
        if isinstance(cell, date):
            return day_if_midnight(cell)
        text, why = text_of(cell, signed=True), None
        for pattern in self.patterns:
            try:
                return day_if_midnight(_read(text, pattern))
            except OverflowError:
                continue
            except ValueError as error:
                why = why or not_real(error)
        if why is not None:
            raise CellError(f"{quoted(text)}: {why}", "Correct it, or name its pattern in `dates`.")
        written = " or ".join(NAMED_DATES.get(each, (None, each))[1] for each in self.patterns)
        raise CellError(
            f"{quoted(text)} is no date", f"Write it as {written}, or name its pattern in `dates`."
        )

    def read_day(self, cell: Any) -> date:
        """Return a day; of a moment the one that it is in the zone of the file.

        Raises:
            CellError: It is no date, or a moment at an end of time.
        """
        found = self.read(cell)
        return self.aware(found).date() if isinstance(found, datetime) else found

    def read_instant(self, cell: Any) -> datetime:
        """Return a moment.

        Raises:
            CellError: It is no date, or lies at an end of time.
        """
        return self.aware(self.read(cell))

    def aware(self, found: date | datetime) -> datetime:
        """Return a date or a time as a moment in the zone of the file.

        Raises:
            CellError: It lies at an end of time.
        """
        if not isinstance(found, datetime):
            moment = datetime.combine(found, self.at, self.zone)
        elif found.tzinfo is None:
            moment = found.replace(tzinfo=self.zone)
        else:
            moment = found
        if is_in_range(moment):
            return moment.astimezone(self.zone)
        raise CellError(
            f"{quoted(found.isoformat())} lies at an end of time",
            f"Write a moment {SPAN_OF_MOMENTS}, or leave the cell empty where it means never.",
        )


def _read(text: str, pattern: str) -> date | datetime:
    if pattern in NAMED_DATES:
        return NAMED_DATES[pattern][0](text)
    found = datetime.strptime(text, pattern)  # noqa: DTZ007  # the file's zone is put in by whoever asks
    return found if any(each in pattern for each in _TIMES) else found.date()
