"""Calendars as the command line and a mapping write them: ``CZ`` or ``US,zone=America/New_York``.

Rules:

1. A country whose clocks show one time needs no more than its code. One that lies in several time
   zones is asked for its own.
2. A calendar that nobody names is Monday to Friday, 09:00 to 17:00, without holidays, in the
   process's zone; whoever reads the result is told so.

This module does not know what a calendar is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

from cosell.calendars import COVERS, Calendar, find_zone
from cosell.errors import CalendarError, UnknownNameError, did_you_mean

__all__ = ["parse_calendar", "parse_calendars", "plain_calendar", "zone_of"]

_MONTHS: Final = 12
_OPTIONS: Final = ("zone", "hours", "region")


def parse_calendars(
    texts: Iterable[str],
    written: Mapping[str, Calendar],
    known: Iterable[str],
    zone: str,
) -> tuple[dict[str, Calendar], tuple[str, ...]]:
    """Return a calendar for each name that a process lists, and the names that nobody gave.

    Args:
        texts: Calendars of the command line, as ``vendor=CZ``.
        written: The calendars of the mapping, by name.
        known: The names that the process lists.
        zone: Zone of a calendar that nobody gives.

    Raises:
        CalendarError: A text cannot be read.
        UnknownNameError: The process lists no such name, or there is no such country or zone.
    """
    known = tuple(known)
    made = dict(written)
    for text in texts:
        name, is_pair, spec = text.partition("=")
        if not is_pair:
            raise CalendarError(f"`{text}` is no calendar", "Write it as `vendor=CZ`.")
        if name not in known:
            raise UnknownNameError("calendar", name, known)
        made[name] = parse_calendar(spec)
    missing = tuple(name for name in known if name not in made)
    return made | {name: plain_calendar(name, zone) for name in missing}, missing


def parse_calendar(text: str, *, own: str | None = None) -> Calendar:
    """Return the calendar that a text names.

    Args:
        text: A country's code, and what differs from the usual: ``DE,region=BY``,
            ``US,zone=America/New_York,hours=08:00-16:00``.
        own: The zone that is meant where the country lies in several, and this is one of them.

    Raises:
        CalendarError: The text cannot be read, or the country lies in several zones.
        UnknownNameError: There is no such country, region or zone.

    Example:
        >>> parse_calendar("CZ").tz
        'Europe/Prague'
    """
    code, *parts = (part.strip() for part in text.split(","))
    options = {}
    for part in parts:
        name, _, value = part.partition("=")
        if name not in _OPTIONS or not value:
            raise CalendarError(f"`{part}` is no part of a calendar", did_you_mean(name, _OPTIONS))
        options[name] = value
    return Calendar.from_holidays(
        code,
        tz=options.get("zone") or zone_of(code, own=own),
        subdivision=options.get("region"),
        hours=options.get("hours", "09:00-17:00"),
    )


def plain_calendar(name: str, zone: str) -> Calendar:
    """Return the calendar that stands in for one that nobody gave."""
    return Calendar.from_dates(id=name, tz=zone, covers=COVERS)


def zone_of(code: str, *, own: str | None = None) -> str:
    """Return the time zone of a country whose clocks show one time.

    Args:
        code: The country.
        own: The zone that is meant if it is one of several.

    Raises:
        CalendarError: It lies in several zones, or none is known.
        UnknownNameError: There is no such country or market.

    Example:
        >>> zone_of("CZ")
        'Europe/Prague'
    """
    zones = _zones().get(code, ())
    if zones and all(_offsets(zone) == _offsets(zones[0]) for zone in zones):
        return zones[0]
    if own in zones:
        return str(own)
    if zones:
        raise CalendarError(
            f"`{code}` lies in {len(zones)} time zones",
            f"Say which one, as `{code},zone={zones[0]}`.",
        )
    Calendar.from_holidays(code, tz="UTC")  # says so if there is none
    raise CalendarError(f"no time zone of `{code}` is known", f"Name it, as `{code},zone=UTC`.")


@cache
def _offsets(zone: str) -> tuple[timedelta | None, ...]:
    """Return the offset of a zone at the first of each month that calendars cover."""
    first, last = COVERS
    found = find_zone(zone)
    return tuple(
        datetime(year, month, 1, tzinfo=found).utcoffset()
        for year in range(first.year, last.year + 1)
        for month in range(1, _MONTHS + 1)
    )


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    """Return the zones of each country, as the time zone database has them."""
    found: dict[str, tuple[str, ...]] = {}
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            code, _, zone, *_rest = line.split("\t")
            found[code] = (*found.get(code, ()), zone)
    return found
