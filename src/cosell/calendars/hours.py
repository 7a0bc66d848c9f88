"""Opening hours as text: ``09:00-17:00``, several windows a day, a week of them.

Rules that hold for all opening hours:

1. A window begins on its day and is half-open: open at its beginning, closed at its end.
2. A window that ends at or before midnight ends on its day; one whose end is earlier than its
   beginning runs past midnight, and belongs to the day on which it began.
3. The windows of a day neither touch nor overlap, and none is empty.

This module does not know what a special day or a time zone is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from cosell.errors import CalendarError, did_you_mean, require_kind

__all__ = [
    "MINUTES_A_DAY",
    "WEEKDAYS",
    "Hours",
    "Weekend",
    "Window",
    "Windows",
    "open_minutes",
    "parse_week",
    "parse_windows",
    "without_spans",
]

#: Names of the days of the week as data has them, Monday first.
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY: Final = 24 * 60

_WINDOW: Final = re.compile(r"\s*([0-9]{2}):([0-9]{2})\s*-\s*([0-9]{2}):([0-9]{2})\s*")
_MAX_LENGTH: Final = 200


class Window(NamedTuple):
    """One stretch of opening hours, in minutes after the day's midnight."""

    opens: int
    closes: int


Windows = tuple[Window, ...]
#: ``"09:00-17:00"`` for every working day, or such a text for each day of the week.
Hours = str | Mapping[str, str]
#: Closed days of the week, or, where a country changed them, the closed days from each date on.
Weekend = Iterable[str] | Mapping[date, Iterable[str]]


def open_minutes(windows: Windows) -> int:
    """Return how many minutes the windows of a day are open."""
    return sum(window.closes - window.opens for window in windows)


def without_spans(windows: Windows, spans: Iterable[tuple[int, int]]) -> Windows:
    """Return what is left of windows where ``spans``, in minutes after midnight, are closed.

    Example:
        >>> without_spans((Window(540, 1020),), [(720, 780)])
        (Window(opens=540, closes=720), Window(opens=780, closes=1020))
    """
    left = list(windows)
    for begin, end in spans:
        parts = [
            part
            for opens, closes in left
            for part in (Window(opens, min(closes, begin)), Window(max(opens, end), closes))
        ]
        left = [part for part in dict.fromkeys(parts) if part.opens < part.closes]
    return tuple(left)


def parse_windows(text: str) -> Windows:
    """Return the windows written as ``"09:00-12:00, 13:00-17:00"``, in order.

    Raises:
        CalendarError: The text is not a list of windows, or they break rule 3.

    Example:
        >>> parse_windows("13:00-17:00, 09:00-12:00")
        (Window(opens=540, closes=720), Window(opens=780, closes=1020))
    """
    windows = tuple(sorted(_parse_window(part, text) for part in text[:_MAX_LENGTH].split(",")))
    for earlier, later in pairwise(windows):
        if later.opens <= earlier.closes:
            raise CalendarError(
                f"the windows of `{text}` touch or overlap", "Leave a break, or make them one."
            )
    if windows[-1].closes > windows[0].opens + MINUTES_A_DAY:
        raise CalendarError(
            f"the windows of `{text}` are longer than a day", "Close before the first one opens."
        )
    return windows


def _parse_window(part: str, text: str) -> Window:
    found = _WINDOW.fullmatch(part)
    if found is None:
        raise CalendarError(
            f"`{text[:_MAX_LENGTH]}` is not opening hours", "Write them as `09:00-17:00`."
        )
    first_hour, first_minute, last_hour, last_minute = map(int, found.groups())
    opens, closes = first_hour * 60 + first_minute, last_hour * 60 + last_minute
    too_late = opens >= MINUTES_A_DAY or closes > MINUTES_A_DAY
    if too_late or max(first_minute, last_minute) >= 60:  # noqa: PLR2004 # minutes of an hour
        raise CalendarError(
            f"`{part.strip()}` is no time of day", "Use 00:00 to 23:59, or 24:00 to end a day."
        )
    if opens == closes:
        raise CalendarError(f"the window `{part.strip()}` is empty", "Close later than you open.")
    return Window(opens, closes if closes > opens else closes + MINUTES_A_DAY)


def parse_week(hours: Hours, weekend: Iterable[str]) -> tuple[Windows, ...]:
    """Return the windows of each day of a week, Monday first.

    Args:
        hours: One text for all days that are not weekend, or a text for each day of the week;
            a day that is not named is closed.
        weekend: Days that are closed in any case.

    Raises:
        CalendarError: A text is not opening hours, or a day of the week is not known.
    """
    require_kind(hours, (str, Mapping), "hours", like='"09:00-17:00", or a text for each day')
    closed = frozenset(map(_weekday, weekend))
    if isinstance(hours, str):
        windows = dict.fromkeys(range(len(WEEKDAYS)), parse_windows(hours))
    else:
        windows = {_weekday(name): parse_windows(text) for name, text in hours.items()}
    return tuple(
        () if number in closed else windows.get(number, ()) for number in range(len(WEEKDAYS))
    )


def _weekday(name: str) -> int:
    if name not in WEEKDAYS:
        raise CalendarError(f"there is no day of the week `{name}`", did_you_mean(name, WEEKDAYS))
    return WEEKDAYS.index(name)
