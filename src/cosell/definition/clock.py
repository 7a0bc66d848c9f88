"""Clocks of a definition: what starts, stops and pauses them, how long they run, what follows.

Rules that hold for every clock:

1. An allowance is a whole number of one of four units, which are never converted into each
   other; calendar days may also be written in months, which clip at the end of a month.
2. What happens to a clock is named by event texts (see ``clock_event``).
3. A step is placed by a fraction of the allowance, or by a number of units before or after its
   end.
4. Everything wrong with a clock is found at once, as problems, not as errors.

This module does not know what a calendar is, nor how a clock is read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints

from cosell._base import LongText, Model, Name, Text
from cosell.definition.clock_event import WHOLE, ClockEvent, Occasion, parse_clock_event
from cosell.definition.effect import PlannedEffect
from cosell.errors import ExpressionError, Problem, did_you_mean

__all__ = [
    "Breach",
    "Clock",
    "CountsFrom",
    "Ends",
    "Extensions",
    "Step",
    "Unit",
    "is_count",
    "parse_months",
    "problems_in_clock",
]


#: No allowance, limit or offset has more units than this.
MOST_UNITS: Final = 1_000_000
_MONTHS: Final = re.compile(r"([0-9]{1,4}) months?")


class Unit(StrEnum):
    """What an allowance counts."""

    ELAPSED_HOURS = "elapsed_hours"  # 48 of them stay 48, also when clocks change
    BUSINESS_HOURS = "business_hours"  # open time of the calendar
    CALENDAR_DAYS = "calendar_days"  # every day
    BUSINESS_DAYS = "business_days"  # open days of the calendar

    @property
    def counts_days(self) -> bool:
        """Whether whole days are counted."""
        return self in _DAY_UNITS

    @property
    def needs_calendar(self) -> bool:
        """Whether a calendar says what counts."""
        return self in _CALENDAR_UNITS


_DAY_UNITS: Final = frozenset({Unit.CALENDAR_DAYS, Unit.BUSINESS_DAYS})
_CALENDAR_UNITS: Final = frozenset({Unit.BUSINESS_HOURS, Unit.BUSINESS_DAYS})


class Ends(StrEnum):
    """When the last day of an allowance in days is over."""

    DAY = "day"  # at the following midnight, which is too late
    CLOSE = "close"  # when the calendar closes on that day


class CountsFrom(StrEnum):
    """Where what an extension adds is counted from."""

    END = "end"  # the end that it moves
    GRANT = "grant"  # the moment it was granted


EventText = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Units = Annotated[int, Field(strict=True, ge=0, le=MOST_UNITS)]
#: ``"6 months"``, of calendar days.
Months = Annotated[str, StringConstraints(max_length=12, pattern=r"^[0-9]{1,4} months?$")]
#: A stage, or a stage of a track: ``poc.in_review``.
StageName = Annotated[
    str, StringConstraints(max_length=200, pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")
]


class Step(Model, frozen=True):
    """Something that happens on the way, or after the end while the clock still runs.

    Attributes:
        id: What it is called in the trail.
        at: Which fraction of the allowance has passed: ``0.8``; above 1 is after the end.
        offset: How many units before (negative) or after the end, instead of ``at``.
        effects: What the host should do.
        trigger: The transition that the clock asks for.
        label: What people read.
        cites: Ids of the rules it implements.
    """

    id: Name
    at: Annotated[Decimal, Field(gt=0, max_digits=8, decimal_places=4)] | None = None
    offset: Annotated[int, Field(ge=-MOST_UNITS, le=MOST_UNITS)] | None = None
    effects: tuple[PlannedEffect, ...] = ()
    trigger: Name | None = None
    label: Text | None = None
    cites: tuple[Text, ...] = ()


class Breach(Model, frozen=True):
    """What follows when a clock runs out.

    Attributes:
        effects: What the host should do.
        trigger: The transition that the clock asks for.
    """

    effects: tuple[PlannedEffect, ...] = ()
    trigger: Name | None = None


class Extensions(Model, frozen=True):
    """Under which conditions the allowance of a running clock may be raised.

    Attributes:
        count: How often at most; without it, any number of times.
        total: How many units in all at most; without it, any number.
        after_expiry: Whether also after the clock has run out; it then runs again.
        counts_from: Where what is added is counted from.
    """

    count: Units | Name | None = None
    total: Units | Name | None = None
    after_expiry: bool = False
    counts_from: CountsFrom = CountsFrom.END


class Clock(Model, frozen=True):
    """A running promise: who must have done what by when.

    Attributes:
        id: What it is called.
        calendar: Which of the calendars given to ``bind`` counts; elapsed hours and calendar
            days need none and then use the zone of the process.
        allowance: How many units, ``"6 months"`` of calendar days, or the parameter that says so.
        unit: What is counted.
        ends: When the last day is over, for units of days.
        inclusive: Whether an action at the very instant of the end is in time.
        cutoff: Time of day, ``15:00``, from which a start counts as the next business day.
        start: What starts it. A running clock is not started again.
        stop: What it waits for.
        cancel: What ends it without an answer.
        restart: What starts it anew, with the whole allowance, even while it runs.
        pause_while: Stages, of the line or of tracks, in which it stands still.
        steps: What happens on the way.
        on_breach: What follows when it runs out.
        owner: The role that must act.
        extensions: Whether and how it may be extended; without it, it may not.
        label: What people read.
        help: What it is for.
        cites: Ids of the rules it implements.
    """

    id: Name
    calendar: Name | None = None
    allowance: Units | Months | Name
    unit: Unit
    ends: Ends = Ends.DAY
    inclusive: bool = True
    cutoff: Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] | None = (
        None
    )
    start: tuple[EventText, ...] = Field(min_length=1)
    stop: tuple[EventText, ...] = ()
    cancel: tuple[EventText, ...] = ()
    restart: tuple[EventText, ...] = ()
    pause_while: tuple[StageName, ...] = ()
    steps: tuple[Step, ...] = ()
    on_breach: Breach | None = None
    owner: Name | None = None
    extensions: Extensions | None = None
    label: Text | None = None
    help: LongText | None = None
    cites: tuple[Text, ...] = ()


def parse_months(allowance: object) -> int | None:
    """Return how many months ``"6 months"`` is, or ``None`` for what is not written in months."""
    found = _MONTHS.fullmatch(allowance) if isinstance(allowance, str) else None
    return int(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class _Names:
    """What the definition around a clock defines."""

    stages: Collection[str]
    triggers: Collection[str]
    tracks: Mapping[str, Collection[str]]

    def problems_in(self, event: ClockEvent, path: str) -> Iterator[Problem]:
        if event.occasion is Occasion.FIELD:
            return
        if event.line is not None:
            yield from self._elsewhere(event, path)
            return
        is_stage = event.occasion is Occasion.ENTERED
        kind, known = ("stage", self.stages) if is_stage else ("trigger", self.triggers)
        yield from _unknown(kind, event.name, known, path)

    def _elsewhere(self, event: ClockEvent, path: str) -> Iterator[Problem]:
        """Yield what is wrong with a name of another line; those of the main line are not known."""
        line = event.line or ""
        if line == WHOLE:
            return
        yield from _unknown("track", line, self.tracks, path)
        if line in self.tracks and event.occasion is Occasion.ENTERED:
            yield from _unknown("stage", event.name, self.tracks[line], path)


def _unknown(kind: str, name: str, known: Collection[str], path: str) -> Iterator[Problem]:
    if name not in known:
        yield Problem(path, f"there is no {kind} `{name}`", did_you_mean(name, known))


def problems_in_clock(
    clock: Clock,
    *,
    stages: Collection[str],
    triggers: Collection[str],
    parameters: Mapping[str, Any],
    calendars: Collection[str],
    tracks: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> Iterator[Problem]:
    """Yield everything that is wrong with a clock where it stands; paths begin at the clock.

    Args:
        clock: The clock.
        stages: Stages of the line that it stands in.
        triggers: Triggers of that line.
        parameters: Parameters of the process with their values.
        calendars: Names of the calendars that the process asks for.
        tracks: Stages of each track of the process.
    """
    names = _Names(stages, triggers, tracks)
    yield from _in_events(clock, names)
    yield from _in_allowance(clock, parameters)
    yield from _in_unit(clock, calendars)
    yield from _in_steps(clock)
    yield from _in_triggers(clock, triggers)
    yield from _in_extensions(clock, parameters)


def _in_events(clock: Clock, names: _Names) -> Iterator[Problem]:
    for field in ("start", "stop", "cancel", "restart"):
        for index, text in enumerate(getattr(clock, field)):
            path = f"{field}[{index}]"
            try:
                yield from names.problems_in(parse_clock_event(text), path)
            except ExpressionError as error:
                yield Problem(
                    path, error.problem, error.remedy, column=error.column, excerpt=error.excerpt
                )
    for index, stage in enumerate(clock.pause_while):
        line, _, name = stage.rpartition(".")
        event = ClockEvent(Occasion.ENTERED, line or None, name)
        yield from names.problems_in(event, f"pause_while[{index}]")


def _in_allowance(clock: Clock, parameters: Mapping[str, Any]) -> Iterator[Problem]:
    allowance: Any = clock.allowance
    if isinstance(allowance, str) and parse_months(allowance) is None:
        if allowance not in parameters:
            yield from _unknown("parameter", allowance, parameters, "allowance")
            return
        allowance = parameters[allowance]
    if parse_months(allowance) is not None:
        if clock.unit is not Unit.CALENDAR_DAYS:
            yield Problem(
                "allowance", f"months are not counted in {clock.unit}", "Use calendar_days."
            )
    elif not is_count(allowance):
        yield Problem(
            "allowance", f"`{allowance}` is not an allowance", "Give a whole number, 0 or more."
        )


def is_count(value: object) -> bool:
    """Whether ``value`` is a whole number of units, 0 or more."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_UNITS


def _in_unit(clock: Clock, calendars: Collection[str]) -> Iterator[Problem]:
    if clock.calendar is not None:
        yield from _unknown("calendar", clock.calendar, calendars, "calendar")
    elif clock.unit.needs_calendar:
        yield Problem(
            "calendar", f"{clock.unit} need a calendar", "Name one of the process's calendars."
        )
    days = Unit.BUSINESS_DAYS
    if clock.ends is Ends.CLOSE and clock.unit is not days:
        yield Problem(
            "ends", f"{clock.unit} do not end at a close", f"Use {days}, or leave it out."
        )
    if clock.cutoff is not None and clock.unit is not days:
        yield Problem("cutoff", f"{clock.unit} have no cut-off", f"Use {days}, or leave it out.")


def _in_steps(clock: Clock) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, step in enumerate(clock.steps):
        if (step.at is None) == (step.offset is None):
            yield Problem(
                f"steps[{index}]",
                f"step `{step.id}` is placed {'nowhere' if step.at is None else 'twice'}",
                "Give `at`, a fraction of the allowance, or `offset`, units from the end.",
            )
        if step.id in seen:
            yield Problem(
                f"steps[{index}].id", f"step `{step.id}` is defined twice", "Rename one of them."
            )
        seen.add(step.id)


def _in_triggers(clock: Clock, triggers: Collection[str]) -> Iterator[Problem]:
    for index, step in enumerate(clock.steps):
        if step.trigger is not None:
            yield from _unknown("trigger", step.trigger, triggers, f"steps[{index}].trigger")
    if clock.on_breach is not None and clock.on_breach.trigger is not None:
        yield from _unknown("trigger", clock.on_breach.trigger, triggers, "on_breach.trigger")


def _in_extensions(clock: Clock, parameters: Mapping[str, Any]) -> Iterator[Problem]:
    policy = clock.extensions
    for field in ("count", "total") if policy is not None else ():
        limit = getattr(policy, field)
        if isinstance(limit, str) and not is_count(parameters.get(limit)):
            yield Problem(
                f"extensions.{field}",
                f"`{limit}` is not a parameter that holds a whole number",
                did_you_mean(limit, [name for name in parameters if is_count(parameters[name])]),
            )
