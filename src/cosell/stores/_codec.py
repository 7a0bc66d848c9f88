"""How what is open in shape becomes text, and moments become numbers that sort.

Both stores that ship with cosell go through here, so that what one gives back is what the other
gives back: an event's or effect's open values return as plain JSON values, and nobody can change
what is stored through a dictionary that he kept.

This module does not know where anything is stored.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from cosell.errors import require_zone
from cosell.events import Effect, Event
from cosell.stores.formats import Kind, as_stored, current

__all__ = ["effect_of", "event_of", "microseconds", "require_limit", "text_of"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
#: The largest number that every database counts to.
_LARGEST: Final = 2**63 - 1


def text_of(value: Event | Effect) -> str:
    """Return ``value`` as JSON; what has its default is left out."""
    return as_stored(value.model_dump_json(exclude_defaults=True))


def event_of(text: str) -> Event:
    """Return the event that was written as ``text``.

    Raises:
        NewerFormatError: It was written by a newer release.
    """
    return Event.model_validate_json(current(Kind.EVENT, text))


def effect_of(text: str) -> Effect:
    """Return the effect that was written as ``text``.

    Raises:
        NewerFormatError: It was written by a newer release.
    """
    return Effect.model_validate_json(current(Kind.EFFECT, text))


def microseconds(at: datetime, name: str) -> int:
    """Return the moment as microseconds since 1970 in UTC, exactly.

    Raises:
        NaiveDatetimeError: ``at``, given as ``name``, has no time zone.

    Example:
        >>> microseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), "at")
        1000000
    """
    return (require_zone(at, name) - _EPOCH) // _MICROSECOND


def require_limit(limit: int) -> int:
    """Return ``limit``, or the largest number that databases know if it is beyond that.

    Raises:
        ValueError: It is below one.
    """
    if limit < 1:
        message = f"limit is {limit}. Ask for one or more."
        raise ValueError(message)
    return min(limit, _LARGEST)
