"""Read the values of an iCalendar file: dates, moments, lengths of time and recurrences.

This module does not know what a component or a time zone is.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from cosell.calendars.ical_text import Property
from cosell.calendars.recurrence import Recurrence, parse_recurrence

__all__ = ["length_of", "moment_of", "moments", "periods", "recurrence_of", "text_of"]

#: A date, or a date and time: naive by some clocks, or in UTC.
Moment = date
_SHOWN: Final = 40
_NAME: Final = 200
#: Years of which every date and moment can be computed with; some programs begin zones in 1601.
_YEARS: Final = range(1600, 2900)
_LONGEST: Final = timedelta(days=3660)


def moment_of(place: Property) -> Moment:
    """Return the one date or moment of a property.

    Raises:
        WrongError: It cannot be read, or there are several.
    """
    found = moments(place)
    if len(found) > 1:
        raise place.wrong("has several values", "Give one.")
    return found[0]


def moments(place: Property) -> list[Moment]:
    """Return the dates and moments that a property lists; of periods, their beginnings.

    Raises:
        WrongError: One cannot be read.
    """
    return [begin for begin, _ in periods(place)]


def periods(place: Property) -> list[tuple[Moment, Moment | timedelta | None]]:
    """Return the moments that a property lists, and for periods their end or length.

    Raises:
        WrongError: One cannot be read.
    """
    found = []
    for text in place.value.split(","):
        value = _value(place, text)
        begin, end = value if isinstance(value, tuple) else (value, None)
        if not isinstance(begin, date) or begin.year not in _YEARS:
            raise place.wrong(f"`{text[:_SHOWN]}` is no date", "Write it as 20260803.")
        found.append((begin, end))
    return found


def length_of(place: Property) -> timedelta:
    """Return a length of time.

    Raises:
        WrongError: It cannot be read.
    """
    value = _value(place, place.value)
    if not isinstance(value, timedelta):
        raise place.wrong(f"`{place.value[:_SHOWN]}` is no length of time", "Write it as PT8H.")
    if value > _LONGEST:
        raise place.wrong("is longer than ten years", "Give the time that is needed.")
    return value


def recurrence_of(place: Property) -> tuple[Recurrence, Moment | None]:
    """Return a rule of recurrence, and when it ends.

    Raises:
        WrongError: It cannot be read, or is not supported.
    """
    from icalendar import vRecur

    try:
        parts = {str(key).upper(): values for key, values in vRecur.from_ical(place.value).items()}
        rule = parse_recurrence(parts)
    except ValueError as error:
        raise place.wrong(
            f"cannot be used: {error}", "List the dates as RDATE, or write another rule."
        ) from None
    return rule, parts.get("UNTIL", [None])[0]


def text_of(place: Property | None, missing: str) -> str:
    """Return a text on one line, without what cannot be printed."""
    text = "" if place is None else place.value
    printable = "".join(letter if letter.isprintable() else " " for letter in text[:_NAME])
    return " ".join(printable.split()) or missing


def _value(place: Property, text: str) -> Any:
    from icalendar import vDDDTypes

    try:
        return vDDDTypes.from_ical(text.strip())
    except (ValueError, OverflowError):
        raise place.wrong(f"`{text[:_SHOWN]}` cannot be read") from None
