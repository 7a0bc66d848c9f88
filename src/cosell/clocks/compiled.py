"""A clock compiled: its calendar, its parameters and its event texts looked up once.

This module does not know what happened to a record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time, tzinfo
from decimal import Decimal
from enum import IntEnum
from typing import Any, Final

from dateutil.relativedelta import relativedelta

from cosell.calendars import Calendar, find_zone
from cosell.clocks.fields import FieldMoment
from cosell.clocks.measure import (
    Amount,
    BusinessDays,
    BusinessHours,
    CalendarDays,
    ElapsedHours,
    Mark,
    Measure,
)
from cosell.definition.clock import (
    Breach,
    Clock,
    CountsFrom,
    Ends,
    Step,
    Unit,
    is_count,
    parse_months,
)
from cosell.definition.clock_event import WHOLE, Occasion, parse_clock_event
from cosell.definition.effect import PlannedEffect
from cosell.errors import CalendarError, UnknownNameError

__all__ = ["Action", "CompiledClock", "CompiledStep", "Place", "compile_clock"]

#: A line, by name (``None`` is the main one), and a stage or trigger of it.
Place = tuple[str | None, str]


class Action(IntEnum):
    """What an event does to a clock. Of several at one event the lowest comes first."""

    STOP = 1
    CANCEL = 2
    START = 3
    RESTART = 4


_FIELDS: Final = {
    Action.STOP: "stop",
    Action.CANCEL: "cancel",
    Action.START: "start",
    Action.RESTART: "restart",
}


@dataclass(frozen=True, slots=True)
class CompiledStep:
    """A step, or with no id the breach: when it comes, and what follows.

    Attributes:
        id: The step; ``None`` is the breach.
        part: With ``whole``, the share of the allowance after which it comes.
        whole: See ``part``.
        offset: The amount before (negative) or after that at which it comes.
        effects: What the host should do.
        trigger: The transition that the clock asks for.
    """

    id: str | None
    part: int
    whole: int
    offset: Amount
    effects: tuple[PlannedEffect, ...]
    trigger: str | None

    def amount_of(self, total: Amount) -> Amount:
        """Return how much of an allowance is consumed when it comes: rounded up, 0 or more."""
        amount = -(-total * self.part // self.whole) + self.offset
        zero = total - total
        return max(amount, zero)


@dataclass(frozen=True)
class CompiledClock:
    """A clock ready to be read. Immutable; any number of threads may share it.

    Attributes:
        clock: Its definition.
        track: The track it belongs to; ``None`` is the main line.
        measure: What its unit means.
        units: The allowance as a number, of months or of units.
        in_months: Whether the allowance is a number of months.
        inclusive: Whether an action at the very instant of the end is in time.
        entered: What coming to a stage does to it.
        moved: What taking a transition does to it.
        fields: Fields and facts whose moments do something to it.
        pausing: Stages in which it stands still.
        watched: Lines that have such stages.
        steps: What happens on the way, in the order of the definition.
        breach: What follows when it runs out.
        most_extensions: How often it may be extended; ``None`` is any number of times.
        most_added: How many units extensions may add in all; ``None`` is any number.
    """

    clock: Clock
    track: str | None
    measure: Measure
    units: int
    in_months: bool
    inclusive: bool
    entered: Mapping[Place, tuple[Action, ...]]
    moved: Mapping[Place, tuple[Action, ...]]
    fields: tuple[tuple[FieldMoment, Action], ...]
    pausing: frozenset[Place]
    watched: frozenset[str | None]
    steps: tuple[CompiledStep, ...]
    breach: CompiledStep
    most_extensions: int | None
    most_added: int | None

    @property
    def id(self) -> str:
        """What the clock is called."""
        return self.clock.id

    @property
    def cites(self) -> tuple[str, ...]:
        """Ids of the rules it implements."""
        return self.clock.cites

    @property
    def unit(self) -> Unit:
        """What its allowance counts."""
        return self.clock.unit

    @property
    def zone(self) -> tzinfo:
        """The zone in which its days are days."""
        return self.measure.zone

    @property
    def breach_trigger(self) -> str | None:
        """The transition that it asks for when it runs out."""
        return self.breach.trigger

    @property
    def extends_from_grant(self) -> bool:
        """Whether what an extension adds counts from the moment it was granted."""
        policy = self.clock.extensions
        return policy is not None and policy.counts_from is CountsFrom.GRANT

    @property
    def extends_after_expiry(self) -> bool:
        """Whether an extension sets a clock going again that has run out."""
        policy = self.clock.extensions
        return policy is not None and policy.after_expiry

    def allowance_from(self, mark: Mark) -> Amount:
        """Return the allowance of a run that starts at ``mark``, before any extension."""
        if not self.in_months:
            return self.measure.amount(self.units)
        try:
            end = mark + relativedelta(months=self.units)
        except (OverflowError, ValueError):
            raise CalendarError(
                f"{self.units} months after {mark} have no date", "Allow less time."
            ) from None
        return self.measure.between(mark, end)


def compile_clock(
    clock: Clock,
    *,
    calendar: Calendar | None,
    zone: str,
    parameters: Mapping[str, Any],
    track: str | None = None,
    part: str | None = None,
) -> CompiledClock:
    """Return ``clock`` ready to be read.

    Args:
        clock: A definition without problems.
        calendar: The calendar that it names, if it names one.
        zone: Zone of the process, in which days are days where there is no calendar.
        parameters: Parameters of the process, with their values.
        track: The track it belongs to; ``None`` is the main line.
        part: Path of the part that the track leads; by default the track's name.

    Raises:
        CalendarError: The unit needs a calendar, or the allowance is no number of units.
        ExpressionError: An event text cannot be read.
        UnknownNameError: A parameter or the zone is not known.
        ZoneDatabaseError: The machine has no time zone database.
    """
    units, in_months = _allowance(clock, parameters)
    lookup = _Lookup(track, part or track)
    events = tuple(lookup.events_of(clock))
    measure = _measure(clock, calendar, zone)
    pausing = [lookup.place_of(stage) for stage in clock.pause_while]
    policy = clock.extensions
    return CompiledClock(
        clock=clock,
        track=track,
        measure=measure,
        units=units,
        in_months=in_months,
        # A last day ends at the midnight after it, which is already another day.
        inclusive=clock.inclusive and (not clock.unit.counts_days or clock.ends is Ends.CLOSE),
        entered=_by_place(events, Occasion.ENTERED),
        moved=_by_place(events, Occasion.MOVED),
        fields=tuple(lookup.fields_of(clock)),
        pausing=frozenset(pausing),
        watched=frozenset(line for line, _ in pausing),
        steps=tuple(_step(step, measure) for step in clock.steps),
        breach=_breach(clock.on_breach or Breach(), measure),
        most_extensions=None if policy is None else _limit(policy.count, parameters),
        most_added=None if policy is None else _limit(policy.total, parameters),
    )


def _measure(clock: Clock, calendar: Calendar | None, zone: str) -> Measure:
    if calendar is None:
        if clock.unit.needs_calendar:
            raise CalendarError(
                f"clock `{clock.id}` counts {clock.unit} and was given no calendar",
                "Give bind the calendar that the clock names.",
            )
        plain = CalendarDays if clock.unit.counts_days else ElapsedHours
        return plain(find_zone(zone))
    if clock.unit is Unit.BUSINESS_DAYS:
        cutoff = None if clock.cutoff is None else time.fromisoformat(clock.cutoff)
        return BusinessDays(calendar.zone, calendar, cutoff, clock.ends is Ends.CLOSE)
    if clock.unit is Unit.BUSINESS_HOURS:
        return BusinessHours(calendar.zone, calendar)
    plain = CalendarDays if clock.unit.counts_days else ElapsedHours
    return plain(calendar.zone)


def _step(step: Step, measure: Measure) -> CompiledStep:
    part, whole = (step.at or Decimal(1)).as_integer_ratio()
    offset = measure.amount(step.offset or 0)
    return CompiledStep(step.id, part, whole, offset, step.effects, step.trigger)


def _breach(breach: Breach, measure: Measure) -> CompiledStep:
    return CompiledStep(None, 1, 1, measure.zero, breach.effects, breach.trigger)


def _allowance(clock: Clock, parameters: Mapping[str, Any]) -> tuple[int, bool]:
    """Return the allowance as a number, and whether it is of months."""
    allowance: Any = clock.allowance
    if isinstance(allowance, str) and parse_months(allowance) is None:
        allowance = _parameter(allowance, parameters)
    months = parse_months(allowance)
    if months is not None and clock.unit is Unit.CALENDAR_DAYS:
        return months, True
    if not is_count(allowance):
        raise CalendarError(
            f"clock `{clock.id}` has `{allowance}` as its allowance",
            f"Give a whole number of {clock.unit}.",
        )
    return allowance, False


def _limit(limit: int | str | None, parameters: Mapping[str, Any]) -> int | None:
    return _parameter(limit, parameters) if isinstance(limit, str) else limit


def _parameter(name: str, parameters: Mapping[str, Any]) -> Any:
    if name not in parameters:
        raise UnknownNameError("parameter", name, parameters)
    return parameters[name]


@dataclass(frozen=True, slots=True)
class _Lookup:
    """Resolves names as they are meant on a clock's own line."""

    track: str | None
    part: str | None

    def place_of(self, name: str) -> Place:
        """Return the line and name that a stage or trigger means."""
        line, dot, last = name.rpartition(".")
        if not dot:
            return self.track, name
        return (None if line == WHOLE else line), last

    def events_of(self, clock: Clock) -> Iterator[tuple[Occasion, Place, Action]]:
        for action, field in _FIELDS.items():
            for text in getattr(clock, field):
                event = parse_clock_event(text)
                if event.occasion is not Occasion.FIELD:
                    name = f"{event.line}.{event.name}" if event.line else event.name
                    yield event.occasion, self.place_of(name), action

    def fields_of(self, clock: Clock) -> Iterator[tuple[FieldMoment, Action]]:
        for action, field in _FIELDS.items():
            for text in getattr(clock, field):
                if parse_clock_event(text).occasion is Occasion.FIELD:
                    yield FieldMoment.of(text, self.part), action


def _by_place(
    events: tuple[tuple[Occasion, Place, Action], ...], occasion: Occasion
) -> dict[Place, tuple[Action, ...]]:
    found: dict[Place, tuple[Action, ...]] = {}
    for each, place, action in events:
        if each is occasion:
            found[place] = (*found.get(place, ()), action)
    return found
