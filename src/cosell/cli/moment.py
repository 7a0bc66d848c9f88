"""The moment of a review, as the command line writes it.

This module does not read the clock: whoever calls it gives it the present.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from cosell.calendars import midnight_after
from cosell.errors import SPAN_OF_MOMENTS, CosellError, is_in_range

__all__ = ["MomentError", "not_real", "parse_at", "require_real"]

_MICROSECOND: Final = timedelta(microseconds=1)
#: How Python says that a text is written as a date and that there is none such.
_NOT_REAL: Final = re.compile(r"(year|month|day|hour|minute|second)\b.* (out of range|must be in)")
_OF_A_DAY: Final = ("year", "month", "day")


class MomentError(CosellError):
    """A text is no moment."""

    code = "cli.moment"


def parse_at(text: str, zone: tzinfo) -> datetime:
    """Return the moment that ``text`` means.

    Args:
        text: A date, which means the end of that day: its last microsecond, so that all that
            happened on it has happened. Or a date with a time and an offset.
        zone: The zone in which a date is a day: the process's.

    Raises:
        MomentError: It is neither, a time has no offset, or it lies at an end of time.

    Example:
        >>> from datetime import UTC
        >>> parse_at("2026-11-20", UTC).isoformat()
        '2026-11-20T23:59:59.999999+00:00'
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        moment = _moment(text, zone)
    else:
        moment = _end_of(day, zone)
    if is_in_range(moment):
        return moment
    raise MomentError(f"`{text}` lies at an end of time", f"Give a moment {SPAN_OF_MOMENTS}.")


def _end_of(day: date, zone: tzinfo) -> datetime:
    try:
        return (midnight_after(day, zone) - _MICROSECOND).astimezone(zone)
    except OverflowError:
        return datetime.combine(day, time(), UTC)


def _moment(text: str, zone: tzinfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        require_real(text, error)
        raise MomentError(
            f"`{text}` is no moment", "Write it as 2026-11-20 or 2026-11-20T17:00:00+01:00."
        ) from None
    if moment.tzinfo is None:
        with_offset = moment.replace(tzinfo=zone).isoformat(timespec="minutes")
        raise MomentError(f"`{text}` has no offset", f"Add an offset, as {with_offset}.")
    return moment


def not_real(error: ValueError) -> str | None:
    """Return that there is no such day or time, where that is why a text could not be read.

    Example:
        >>> try:
        ...     date.fromisoformat("2026-11-31")
        ... except ValueError as error:
        ...     print(not_real(error))
        there is no such day
    """
    found = _NOT_REAL.match(str(error))
    if found is None:
        return None
    return f"there is no such {'day' if found[1] in _OF_A_DAY else 'time'}"


def require_real(text: str, error: ValueError) -> None:
    """Raise ``MomentError`` if ``text`` is written as a date or time, and there is none such."""
    why = not_real(error)
    if why is not None:
        raise MomentError(f"`{text}`: {why}", "Correct it.") from None
