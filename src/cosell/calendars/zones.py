"""Time zones, and the way from wall clocks to instants and back.

Rules that hold for every instant:

1. Computing is done in UTC. Two moments of one zone are never subtracted or compared as they
   stand: Python would compare their wall clocks, and be an hour off when clocks change.
2. A wall-clock time that comes twice means the first time; one that is skipped is read with the
   offset from before the change (RFC 5545, section 3.3.5).
3. A moment that is given back has the fixed offset that its zone has at that instant, so that
   whoever computes with it gets absolute time.
4. A zone is one of the tz database proper. What is another one on each machine, as ``localtime``,
   or counts leap seconds, as ``right/``, is none.

This module does not know what a calendar is.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from cosell.errors import (
    CosellError,
    InvalidDataError,
    MomentOutOfRangeError,
    NaiveDatetimeError,
    Problem,
    UnknownNameError,
    did_you_mean,
    is_in_range,
)

__all__ = [
    "DAY_LONG",
    "EPOCH",
    "MICROSECOND",
    "ZoneDatabaseError",
    "find_zone",
    "in_zone",
    "in_zone_at",
    "known_zones",
    "knows_zone",
    "microseconds",
    "midnight_after",
    "to_utc",
    "unknown_zone",
    "utc_of",
    "wall_to_utc",
    "zone_name",
]

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
_ONE_DAY: Final = timedelta(days=1)
DAY_LONG: Final = _ONE_DAY // MICROSECOND
_MIDNIGHT: Final = time()
_KNOWN_KINDS: Final = frozenset({timezone, zoneinfo.ZoneInfo})
_MAX_LENGTH: Final = 100
#: What lies beside the zones of a database and is not one of them (rule 4).
_NO_ZONES: Final = frozenset({"Factory", "leapseconds", "localtime", "posixrules", "tzdata.zi"})
_SUCH_AS: Final = "Name one of the tz database, such as `Europe/Prague`."
_NO_FOLDERS: Final = ("posix/", "right/")


class ZoneDatabaseError(CosellError):
    """The machine has no time zone database.

    Attributes:
        key: The zone that was asked for.
    """

    code = "time.no_zone_database"

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            problem=f"time zone `{key}` is needed, and this machine has no time zone database",
            remedy="Install one with: pip install tzdata",
        )


def find_zone(key: str) -> tzinfo:
    """Return the time zone called ``key``, such as ``Europe/Prague``.

    ``UTC`` is known on every machine.

    Raises:
        UnknownNameError: There is no such zone.
        ZoneDatabaseError: The machine has no time zone database.
    """
    if key == "UTC":
        return UTC
    try:
        return _zone(key)
    except (ValueError, LookupError, OSError):
        # A name with `..` is a ValueError, a directory of the database an OSError.
        known = known_zones()
    if known:
        raise UnknownNameError("time zone", key, known)
    raise ZoneDatabaseError(key)


def _zone(key: str) -> tzinfo:
    if key in _NO_ZONES or key.startswith(_NO_FOLDERS):
        raise LookupError(key)
    return zoneinfo.ZoneInfo(key[:_MAX_LENGTH])


def zone_name(zone: str | zoneinfo.ZoneInfo) -> str:
    """Return the name of a time zone that is given by name, or itself.

    Raises:
        InvalidDataError: It is neither, or a zone without a name.
    """
    name = zone.key if isinstance(zone, zoneinfo.ZoneInfo) else zone
    if isinstance(name, str):
        return name
    said = f"the name of a time zone is needed, and this is a {type(zone).__name__}"
    raise InvalidDataError("a calendar", [Problem("tz", said, 'Give one such as "Europe/Prague".')])


def knows_zone(key: str) -> bool:
    """Whether there is a time zone called ``key``."""
    try:
        _zone(key)
    except (ValueError, LookupError, OSError):
        return False
    return True


def known_zones() -> AbstractSet[str]:
    """Return the name of every time zone of the machine's database; none without a database."""
    return zoneinfo.available_timezones() - _NO_ZONES


def unknown_zone(key: str) -> tuple[str, str]:
    """Return what is wrong with a name that is no time zone, and what to do about it."""
    known = known_zones()
    if not known:
        error = ZoneDatabaseError(key)
        return error.problem, error.remedy
    near = get_close_matches(key, known, n=1)
    remedy = did_you_mean(key, near) if near else _SUCH_AS
    return f"there is no time zone `{key}`", remedy


def to_utc(moment: datetime, *, name: str = "at") -> datetime:
    """Return ``moment`` in UTC.

    Raises:
        MomentOutOfRangeError: It lies at an end of time.
        NaiveDatetimeError: It has no time zone; ``name`` says which argument it was.
    """
    try:
        found = utc_of(moment, name=name)
    except OverflowError:
        raise MomentOutOfRangeError(name, moment) from None
    if not is_in_range(found):
        raise MomentOutOfRangeError(name, moment)
    return found


def utc_of(moment: datetime, *, name: str) -> datetime:
    """Return what ``to_utc`` does, for those who mind the ends of the calendar themselves.

    Raises:
        NaiveDatetimeError: It has no time zone; ``name`` says which argument it was.
        OverflowError: In UTC it has no date.
    """
    zone = moment.tzinfo
    if zone is UTC:
        return moment
    # These two always know their offset; what a host brings may not.
    if zone.__class__ not in _KNOWN_KINDS and moment.utcoffset() is None:
        raise NaiveDatetimeError(name)
    return moment.astimezone(UTC)


def microseconds(instant: datetime) -> int:
    """Return the microseconds from 1970 to ``instant``."""
    return (instant - EPOCH) // MICROSECOND


def in_zone(instant: datetime, zone: tzinfo) -> datetime:
    """Return ``instant`` by the clocks of ``zone``, with the fixed offset of that moment."""
    local = instant.astimezone(_fixed(instant.astimezone(zone).utcoffset()))
    return local.replace(fold=0) if local.fold else local


@lru_cache(maxsize=1_024)
def _fixed(offset: timedelta | None) -> tzinfo:
    return timezone(offset or timedelta())


def in_zone_at(place: int, zone: tzinfo) -> datetime:
    """Return what ``in_zone`` does, of the instant so many microseconds after 1970."""
    epoch = _epoch_by(zone, place // DAY_LONG)
    if epoch is None:
        return in_zone(EPOCH + place * MICROSECOND, zone)
    return epoch + place * MICROSECOND


@lru_cache(maxsize=4_096)
def _epoch_by(zone: tzinfo, number: int) -> datetime | None:
    """Return 1970 with the offset of a day in UTC; ``None`` if clocks may change on that day."""
    begin = EPOCH + number * _ONE_DAY
    first, last = (
        at.astimezone(zone).utcoffset() for at in (begin, begin + (_ONE_DAY - MICROSECOND))
    )
    return EPOCH.astimezone(_fixed(first)) if first == last else None


def wall_to_utc(day: date, minutes: int, zone: tzinfo) -> datetime:
    """Return the instant at which clocks of ``zone`` show ``minutes`` after midnight of ``day``."""
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 # a time on the wall
    wall = midnight + timedelta(minutes=minutes)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def midnight_after(day: date, zone: tzinfo) -> datetime:
    """Return the end of ``day`` in ``zone``: the midnight that follows it, in UTC."""
    return datetime.combine(day + _ONE_DAY, _MIDNIGHT, zone).astimezone(UTC)
