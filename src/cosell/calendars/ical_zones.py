"""Which time zone a moment in an iCalendar file is in.

Rules that hold for every zone:

1. A name that the time zone database knows means that zone, whatever the file says of its rules:
   the database is kept up to date, files are not. So do the names that Windows uses.
2. Any other name must be explained in the file by a ``VTIMEZONE``, whose changes are listed as far
   as they are needed.
3. A wall-clock time that comes twice means the first time; one that is skipped is read with the
   offset from before the change (RFC 5545, section 3.3.5).

This module does not know what an event is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from operator import attrgetter
from typing import Any, Final, NamedTuple

from cosell.calendars.ical_text import Component, Property, Reading, WrongError
from cosell.calendars.ical_values import moment_of, moments, recurrence_of
from cosell.calendars.recurrence import occurrences
from cosell.calendars.zones import find_zone, knows_zone

__all__ = ["Clocks", "Zones"]

_NAMED: Final = "TZID"
_WALL: Final = attrgetter("wall")

#: What turns a time on the wall into UTC.
Clocks = Callable[[datetime], datetime]


class _Change(NamedTuple):
    """A change of clocks: what they show when it comes, and the offsets before and after."""

    wall: datetime
    before: timedelta
    after: timedelta


@dataclass
class Zones:
    """The zones of one file.

    Attributes:
        default: Zone of moments that name none.
        last: How far zones have to be known.
        reading: What is read.
        described: The ``VTIMEZONE`` components by name.
    """

    default: tzinfo
    last: date
    reading: Reading
    described: dict[str, Component]
    _known: dict[str, Clocks | None] = field(default_factory=dict)

    @classmethod
    def of(cls, file: Component, *, default: tzinfo, last: date, reading: Reading) -> Zones:
        """Return the zones that a file describes."""
        described = {
            name.value: part
            for calendar in file.parts
            for part in calendar.parts
            if part.kind == "VTIMEZONE"
            for name in part.all(_NAMED)
        }
        return cls(default, last, reading, described)

    def clocks_of(self, place: Property) -> Clocks:
        """Return the clocks by which a property tells times.

        Raises:
            WrongError: The zone is neither known nor described.
        """
        name = place.parameters.get(_NAMED)
        if name is None:
            return partial(_to_utc, self.default)
        name = str(name)
        if name not in self._known:
            self._known[name] = self._find(name)
        found = self._known[name]
        if found is None:
            raise place.wrong(
                f"is in a time zone `{name[:60]}` that is neither known nor described",
                "Name one such as Europe/Prague, or add its VTIMEZONE.",
            )
        return found

    def _find(self, name: str) -> Clocks | None:
        from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

        described = self.described.get(name)
        aliases = [] if described is None else [it.value for it in described.all("X-LIC-LOCATION")]
        tail = name.split("/")[-3:]
        paths = ["/".join(tail[number:]) for number in range(len(tail) - 1)]
        for candidate in (name, WINDOWS_TO_OLSON.get(name, name), *aliases, *paths):
            if knows_zone(candidate):
                return partial(_to_utc, find_zone(candidate))
        return None if described is None else self._listed(described)

    def _listed(self, described: Component) -> Clocks | None:
        """Return the clocks that a ``VTIMEZONE`` describes; ``None`` if it does not."""
        changes = sorted(
            change for part in described.parts for change in self._changes(part) if part.properties
        )
        return partial(_by_changes, changes) if changes else None

    def _changes(self, part: Component) -> Iterator[_Change]:
        before, after = _offset(part, "TZOFFSETFROM"), _offset(part, "TZOFFSETTO")
        start = part.one("DTSTART")
        if start is None:
            raise WrongError(part.line, f"{part.kind} has no DTSTART", "Say since when it holds.")
        begins = moment_of(start)
        if not isinstance(begins, datetime):
            raise start.wrong("has no time", "Give date and time.")
        walls = {begins.replace(tzinfo=None)}
        for place in part.all("RRULE"):
            days = occurrences(
                recurrence_of(place)[0], begins.date(), self.last, self.reading.spend
            )
            walls.update(datetime.combine(day, begins.time()) for day in days)
        for place in part.all("RDATE"):
            walls.update(_wall(moment) for moment in moments(place))
        for wall in walls:
            yield _Change(wall, before, after)


def _wall(moment: Any) -> datetime:
    plain = (
        moment if isinstance(moment, datetime) else datetime.combine(moment, datetime.min.time())
    )
    return plain.replace(tzinfo=None)


def _offset(part: Component, name: str) -> timedelta:
    from icalendar import vUTCOffset

    place = part.one(name)
    if place is None:
        raise WrongError(part.line, f"{part.kind} has no {name}", "Say how far it is from UTC.")
    try:
        offset: timedelta = vUTCOffset.from_ical(place.value)
    except ValueError:
        raise place.wrong(f"`{place.value[:20]}` is no offset", "Write it as +0100.") from None
    return offset


def _to_utc(zone: tzinfo, wall: datetime) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _by_changes(changes: list[_Change], wall: datetime) -> datetime:
    """Return a time on the wall in UTC, by the last change before it."""
    number = bisect_right(changes, wall, key=_WALL) - 1
    if number < 0:
        offset = changes[0].before
    else:
        _, before, after = changes[number]
        skipped = wall < changes[number].wall + (after - before)
        offset = before if skipped else after
    return (wall - offset).replace(tzinfo=UTC)
