"""The hours of a timetable as stretches of time, each with the day it belongs to.

Rules that hold for all stretches:

1. A window begins on its day and belongs to it, also where it runs past midnight.
2. A window that is skipped where clocks change has no length, at the time at which it closes.
3. How stretches of several calendars compose stands in ``joint``.

Moments are microseconds of UTC. This module does not know how time is measured.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import reduce
from itertools import islice
from operator import attrgetter
from typing import Final, NamedTuple

from cosell.calendars.hours import Windows
from cosell.calendars.joint import Joint, Mode, Plan
from cosell.calendars.timetable import Timetable
from cosell.calendars.zones import (
    EPOCH,
    MICROSECOND,
    find_zone,
    microseconds,
    midnight_after,
    wall_to_utc,
)

__all__ = ["Stretch", "known_instants", "merged", "stretches_of"]

_ONE_DAY: Final = timedelta(days=1)
_OPENS: Final = attrgetter("opens")


class Stretch(NamedTuple):
    """One stretch of open time, from ``opens`` to ``closes``, of the day ``on``."""

    on: date
    opens: int
    closes: int


def known_instants(plan: Plan) -> tuple[int, int]:
    """Return the first instant that is known, and the end of what is known.

    What runs past midnight from the day before the first one is not known.
    """
    zone = find_zone(plan.tz)
    first = microseconds(midnight_after(plan.covers_from - _ONE_DAY, zone))
    end = microseconds(midnight_after(plan.covers_until, zone))
    if isinstance(plan, Timetable):
        return first + timedelta(minutes=plan.spill) // MICROSECOND, end
    parts = [known_instants(part.plan) for part in plan.parts]
    return max(first, *(begin for begin, _ in parts)), min(end, *(until for _, until in parts))


def stretches_of(plan: Plan) -> list[Stretch]:
    """Return the stretches of a timetable in the order in which they open.

    Those of a joint one may overlap.
    """
    zone = find_zone(plan.tz)
    if isinstance(plan, Timetable):
        found = [each for day, windows in plan.days() for each in _on_day(day, windows, zone)]
    else:
        found = [each for each in _composed(plan, zone) if each.on not in plan.by_date]
        found += [each for day in plan.special for each in _on_day(day.on, day.windows, zone)]
    return sorted(found, key=_OPENS)


def merged(stretches: Iterable[Stretch], begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the open intervals from ``begin`` to ``end`` in order; those that meet are one."""
    begun, ended = begin, begin
    for _, opens, closes in stretches:
        if opens > ended:
            if ended > begun:
                yield begun, ended
            begun = ended = opens
        ended = max(ended, min(closes, end))
    if ended > begun:
        yield begun, ended


def _on_day(day: date, windows: Windows, zone: tzinfo) -> Iterator[Stretch]:
    for window in windows:
        opens = microseconds(wall_to_utc(day, window.opens, zone))
        closes = microseconds(wall_to_utc(day, window.closes, zone))
        yield Stretch(day, min(opens, closes), closes)


def _composed(joint: Joint, zone: tzinfo) -> Iterable[Stretch]:
    parts = [_led(part.plan, joint.tz, zone) for part in joint.parts]
    if joint.mode is Mode.ALL:
        return reduce(_met, parts)
    return [each for part in parts for each in part]


def _led(plan: Plan, tz: str, zone: tzinfo) -> list[Stretch]:
    """Return the stretches of a part by the days of the lead zone."""
    own = stretches_of(plan)
    if plan.tz == tz:
        return own
    return [piece for each in own for piece in _cut(each, zone)]


def _cut(stretch: Stretch, zone: tzinfo) -> Iterator[Stretch]:
    """Yield a stretch in pieces that end at the midnights of ``zone``, by its days."""
    opens, day = stretch.opens, _local_date(stretch.opens, zone)
    while opens < stretch.closes:
        closes = min(stretch.closes, microseconds(midnight_after(day, zone)))
        # Where clocks go back over midnight, the end of a day may come again after it is over.
        if opens < closes:
            yield Stretch(day, opens, closes)
            opens = closes
        day += _ONE_DAY


def _local_date(instant: int, zone: tzinfo) -> date:
    moment: datetime = EPOCH + instant * MICROSECOND
    return moment.astimezone(UTC).astimezone(zone).date()


def _met(ours: list[Stretch], theirs: list[Stretch]) -> list[Stretch]:
    """Return where two lists of stretches are open at once."""
    longest = max((each.closes - each.opens for each in theirs), default=0)
    found = []
    for mine in ours:
        first = bisect_left(theirs, mine.opens - longest, key=_OPENS)
        last = bisect_left(theirs, mine.closes, key=_OPENS)
        for other in islice(theirs, first, last):
            opens, closes = max(mine.opens, other.opens), min(mine.closes, other.closes)
            if opens < closes:
                found.append(Stretch(min(mine.on, other.on), opens, closes))
    return sorted(found, key=_OPENS)
