"""Compile a clock of a definition: look its parameters up, read its event texts, place its steps.

This module does not know what happened to a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from types import MappingProxyType
from typing import Any, Final, Literal

from cosell.calendars import Calendar, find_zone, to_utc
from cosell.clocks.compiled import (
    Action,
    CompiledCadence,
    CompiledClock,
    CompiledStep,
    Former,
    Place,
    Scope,
    standing_in,
)
from cosell.clocks.fields import Every, FieldMoment, PartStep
from cosell.clocks.measure import (
    BusinessDays,
    BusinessHours,
    CalendarDays,
    ClosingDays,
    ElapsedHours,
    Measure,
)
from cosell.definition.clock import (
    Breach,
    Cadence,
    Clock,
    ClockKind,
    Ends,
    Step,
    Unit,
    is_count,
    parse_months,
)
from cosell.definition.clock_event import WHOLE, Occasion, parse_clock_event
from cosell.errors import CalendarError, UnknownNameError

__all__ = ["Correction", "compile_clock"]

_KEYS: Final[Mapping[str, Action]] = MappingProxyType(
    {
        "stop": Action.STOP,
        "cancel": Action.CANCEL,
        "start": Action.START,
        "restart": Action.RESTART,
        "cadence.touches": Action.TOUCH,
    }
)


_NO_PARTS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Correction:
    """That a calendar was wrong, or is no longer right, and from when on that was known.

    Attributes:
        calendars: The calendars as they were, by name; those that are not named did not change.
        at: When they were corrected, with a time zone.
        scope: Which runs of clocks count by the corrected ones; its word is enough.

    Raises:
        UnknownNameError: There is no such scope.
    """

    calendars: Mapping[str, Calendar]
    at: datetime
    scope: Scope | Literal["keep", "open", "all"] = Scope.OPEN

    def __post_init__(self) -> None:
        """Refuse a scope that is none."""
        if self.scope not in set(Scope):
            raise UnknownNameError("scope", str(self.scope), tuple(Scope))


def compile_clock(
    clock: Clock,
    *,
    calendar: Calendar | None,
    zone: str,
    parameters: Mapping[str, Any],
    track: str | None = None,
    part: str | None = None,
    parts: Mapping[str, str] = _NO_PARTS,
    corrections: Sequence[Correction] = (),
) -> CompiledClock:
    """Return ``clock`` ready to be read.

    Args:
        clock: A definition without problems.
        calendar: The calendar that it names, if it names one.
        zone: Zone of the process, in which days are days where there is no calendar.
        parameters: Parameters of the process, with their values.
        track: The track it belongs to; ``None`` is the main line.
        part: Path of the part that the track leads; by default the track's name.
        parts: Paths of the parts of all tracks, by track; by default their names. That of a list
            has the field that names its items in brackets, ``paper_items[kind]``.
        corrections: How its calendar was corrected, oldest first.

    Raises:
        CalendarError: The unit needs a calendar, or the allowance is no number of units.
        ExpressionError: An event text cannot be read.
        NaiveDatetimeError: The moment of a correction has no time zone.
        UnknownNameError: A parameter or the zone is not known.
        ZoneDatabaseError: The machine has no time zone database.
    """
    compiling = _Compiling(clock, parameters, track, part or track, parts)
    compiled = compiling.compiled(_measure(clock, calendar, zone))
    former: Former | None = None
    for correction in corrections:
        before = correction.calendars.get(clock.calendar or "")
        if before is not None:
            then = replace(compiling.compiled(_measure(clock, before, zone)), former=former)
            former = Former(then, to_utc(correction.at), Scope(correction.scope))
    return compiled if former is None else replace(compiled, former=former)


def _measure(clock: Clock, calendar: Calendar | None, zone: str) -> Measure:
    at_dawn = clock.kind is ClockKind.HOLD
    if calendar is None:
        if clock.unit.needs_calendar:
            raise CalendarError(
                f"clock `{clock.id}` counts {clock.unit} and was given no calendar",
                "Give bind the calendar that the clock names.",
            )
        return _plain(clock.unit, find_zone(zone), at_dawn=at_dawn)
    if clock.unit is Unit.BUSINESS_DAYS:
        cutoff = None if clock.cutoff is None else time.fromisoformat(clock.cutoff)
        days = ClosingDays if clock.ends is Ends.CLOSE else BusinessDays
        return days(calendar.zone, calendar, at_dawn, cutoff)
    if clock.unit is Unit.BUSINESS_HOURS:
        return BusinessHours(calendar.zone, calendar)
    return _plain(clock.unit, calendar.zone, at_dawn=at_dawn)


def _plain(unit: Unit, zone: Any, *, at_dawn: bool) -> Measure:
    return CalendarDays(zone, at_dawn=at_dawn) if unit.counts_days else ElapsedHours(zone)


@dataclass(frozen=True, slots=True)
class _Compiling:
    """A clock with what its names mean where it stands."""

    clock: Clock
    parameters: Mapping[str, Any]
    track: str | None
    part: str | None
    parts: Mapping[str, str]

    def compiled(self, measure: Measure) -> CompiledClock:
        """Return the clock as it is measured by ``measure``."""
        clock, policy = self.clock, self.clock.extensions
        units, in_months = self._allowance()
        events = tuple(self._events())
        places = [self._place_of(stage) for stage in clock.pause_while]
        pausing = {place: standing_in(*place) for place in places}
        return CompiledClock(
            clock=clock,
            track=self.track,
            measure=measure,
            units=units,
            in_months=in_months,
            at_most=self._amount(clock.at_most, measure),
            # A last day ends at the midnight after it, which is already another day; a hold is
            # over at its very end.
            inclusive=clock.inclusive
            and clock.kind is not ClockKind.HOLD
            and (not clock.unit.counts_days or clock.ends is Ends.CLOSE),
            entered=_by_place(events, Occasion.ENTERED),
            left=_by_place(events, Occasion.LEFT),
            moved=_by_place(events, Occasion.MOVED),
            breached=_by_place(events, Occasion.BREACHED),
            extended=_by_place(events, Occasion.EXTENDED),
            fields=tuple(self._fields()),
            pausing=pausing,
            watched=frozenset(line for line, _ in pausing),
            parts={line: self._steps_to(line) for line, _ in pausing if line is not None},
            of_items=any(
                "[" in self.parts.get(line or "", "")
                for line, _ in (*places, *(place for _, place, _ in events))
            ),
            steps=tuple(self._step(step, measure) for step in clock.steps),
            breach=_breach(clock.on_breach or Breach(), measure),
            cadence=None if clock.cadence is None else self._cadence(clock.cadence, measure),
            most_extensions=None if policy is None else self._number(policy.count),
            most_added=None if policy is None else self._number(policy.total),
        )

    def _steps_to(self, line: str) -> tuple[PartStep, ...]:
        """Return where the part of a track stands, or every item of its list."""
        own = self.part if line == self.track else None
        path, bracket, rest = (own or self.parts.get(line, line)).partition("[")
        every = (Every(rest.removesuffix("]")),) if bracket else ()
        return (*path.split("."), *every)

    def _place_of(self, name: str) -> Place:
        """Return the line and name that a stage, trigger or clock means."""
        line, dot, last = name.rpartition(".")
        if not dot:
            return self.track, name
        return (None if line == WHOLE else line), last

    def _events(self) -> Iterator[tuple[Occasion, Place, Action]]:
        for key, action in _KEYS.items():
            for text in self.clock.events[key]:
                event = parse_clock_event(text)
                if event.occasion is not Occasion.FIELD:
                    name = f"{event.line}.{event.name}" if event.line else event.name
                    yield event.occasion, self._place_of(name), action

    def _fields(self) -> Iterator[tuple[FieldMoment, Action]]:
        for key, action in _KEYS.items():
            for text in self.clock.events[key]:
                if parse_clock_event(text).occasion is Occasion.FIELD:
                    yield FieldMoment.of(text, self.part), action

    def _step(self, step: Step, measure: Measure) -> CompiledStep:
        part, whole, offset = 1, 1, step.offset
        if step.at is not None:
            part, whole = step.at.as_integer_ratio()
        elif step.after is not None:
            part, offset = 0, step.after
        amount = measure.amount(self._number(offset) or 0)
        return CompiledStep(step.id, part, whole, amount, step.effects, step.trigger)

    def _cadence(self, cadence: Cadence, measure: Measure) -> CompiledCadence:
        return CompiledCadence(
            least=self._number(cadence.least) or 0,
            most=self._number(cadence.most),
            gap_least=self._amount(cadence.gap_least, measure),
            gap_most=self._amount(cadence.gap_most, measure),
            span_least=self._amount(cadence.span_least, measure),
            effects=cadence.effects,
        )

    def _allowance(self) -> tuple[int | None, bool]:
        """Return the allowance as a number, and whether it is of months."""
        allowance: Any = self.clock.allowance
        if allowance is None:
            return None, False
        if isinstance(allowance, str) and parse_months(allowance) is None:
            allowance = self._parameter(allowance)
        months = parse_months(allowance)
        if months is not None and self.clock.unit is Unit.CALENDAR_DAYS:
            return months, True
        if not is_count(allowance):
            raise CalendarError(
                f"clock `{self.clock.id}` has `{allowance}` as its allowance",
                f"Give a whole number of {self.clock.unit}.",
            )
        return allowance, False

    def _amount(self, count: int | str | None, measure: Measure) -> Any:
        number = self._number(count)
        return None if number is None else measure.amount(number)

    def _number(self, count: int | str | None) -> int | None:
        return self._parameter(count) if isinstance(count, str) else count

    def _parameter(self, name: str) -> Any:
        if name not in self.parameters:
            raise UnknownNameError("parameter", name, self.parameters)
        return self.parameters[name]


def _by_place(
    events: Iterable[tuple[Occasion, Place, Action]], occasion: Occasion
) -> dict[Place, tuple[Action, ...]]:
    """Return what each place does, of several things the first to be done first."""
    found: dict[Place, tuple[Action, ...]] = {}
    for each, place, action in events:
        if each is occasion:
            found[place] = tuple(sorted((*found.get(place, ()), action)))
    return found


def _breach(breach: Breach, measure: Measure) -> CompiledStep:
    return CompiledStep(None, 1, 1, measure.zero, breach.effects, breach.trigger)
