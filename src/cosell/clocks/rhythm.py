"""How a cadence stands: what was done, when the next is due, and whether it is complete.

Rules:

1. Distances are measured as the clock measures time, from one touch to the next; pauses do not
   count. In days they go by local dates.
2. The first touch of a run is never overdue by itself: the clock's own end holds it.
3. A cadence is complete with the least number of touches over the least span. From then on, or
   when there were enough of them, or when the clock has run out, no further one is overdue.

This module does not know what counts as a touch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from cosell.calendars import in_zone
from cosell.clocks.compiled import CompiledCadence
from cosell.clocks.measure import Amount, amount_text
from cosell.clocks.run import Run

__all__ = ["Missing", "Rhythm", "missing_touches", "rhythm_of"]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How the cadence of a clock stands at one moment. Moments are in the clock's zone.

    Attributes:
        touches: When it was done, in order.
        least: How often makes it complete.
        most: How often is enough; ``None`` is any number of times.
        complete: Whether it was done often enough and for long enough.
        next_from: From when the next is not too soon; ``None`` before the first one.
        next_by: Until when the next is not too late; ``None`` where nothing says so.
        breaks: What is not in rhythm, each a sentence.
    """

    touches: tuple[datetime, ...]
    least: int
    most: int | None
    complete: bool
    next_from: datetime | None
    next_by: datetime | None
    breaks: tuple[str, ...]


class Missing(NamedTuple):
    """A touch that did not come in time.

    Attributes:
        number: Which one, from 1.
        at: Until when it would have been in time, in UTC.
    """

    number: int
    at: datetime


def rhythm_of(run: Run) -> Rhythm | None:
    """Return how the cadence of a run stands, if its clock has one."""
    cadence = run.compiled.cadence
    if cadence is None:
        return None
    places = _places(run)
    return Rhythm(
        touches=tuple(in_zone(touch, run.compiled.zone) for touch in run.touches),
        least=cadence.least,
        most=cadence.most,
        complete=_is_complete(cadence, places),
        next_from=_reached(run, places, cadence.gap_least),
        next_by=_reached(run, places, cadence.gap_most if _asks_on(cadence, places) else None),
        breaks=tuple(_breaks(run, cadence, places)),
    )


def missing_touches(run: Run, cadence: CompiledCadence) -> Iterator[Missing]:
    """Yield each touch that would have to come before a moment that is known, unless it did."""
    if cadence.gap_most is None:
        return
    places, expiry = _places(run), run.expiry()
    for number, place in enumerate(places, start=2):
        by = run.instant_of(run.reach(place + cadence.gap_most))
        if by is None or (expiry is not None and by > expiry):
            continue
        if number > len(places):
            came_late = _asks_on(cadence, places)
        else:
            came_late = run.is_past(run.touches[number - 1], by)
        if came_late:
            yield Missing(number, by)


def _places(run: Run) -> list[Amount]:
    """Return how much was consumed at each touch."""
    mark = run.compiled.measure.mark
    return [run.consumed_to(mark(touch)) for touch in run.touches]


def _is_complete(cadence: CompiledCadence, places: list[Amount]) -> bool:
    if len(places) < cadence.least:
        return False
    if cadence.span_least is None:
        return True
    return bool(places) and bool(places[-1] - places[0] >= cadence.span_least)


def _asks_on(cadence: CompiledCadence, places: list[Amount]) -> bool:
    """Whether there should be one more."""
    enough = cadence.most is not None and len(places) >= cadence.most
    return not enough and not _is_complete(cadence, places)


def _reached(run: Run, places: list[Amount], gap: Amount | None) -> datetime | None:
    """Return when ``gap`` has passed since the last touch."""
    if gap is None or not places:
        return None
    at = run.instant_of(run.reach(places[-1] + gap))
    return None if at is None else in_zone(at, run.compiled.zone)


def _breaks(run: Run, cadence: CompiledCadence, places: list[Amount]) -> Iterator[str]:
    unit = run.compiled.unit.value.replace("_", " ")
    for number, (before, place) in enumerate(pairwise(places), start=2):
        gap, least, most = place - before, cadence.gap_least, cadence.gap_most
        came = f"touch {number} came after {amount_text(gap)} {unit}"
        if least is not None and gap < least:
            yield f"{came}; {amount_text(least)} is the least"
        if most is not None and gap > most:
            yield f"{came}; {amount_text(most)} is the most"
    if cadence.most is not None and len(places) > cadence.most:
        yield f"there were {len(places)} touches; {cadence.most} is the most"
