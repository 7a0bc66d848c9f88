"""A clock compiled: its calendar, its parameters and its event texts looked up once.

This module does not know how a definition is compiled, nor what happened to a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import IntEnum, StrEnum
from typing import Final

from dateutil.relativedelta import relativedelta

from cosell.clocks.fields import FieldMoment, PartStep
from cosell.clocks.kept import KeptRuns
from cosell.clocks.measure import Amount, Mark, Measure
from cosell.definition.clock import Clock, ClockKind, CountsFrom, Repeats, Unit
from cosell.definition.effect import PlannedEffect
from cosell.errors import CalendarError, CalendarExhaustedError

__all__ = [
    "Action",
    "CompiledCadence",
    "CompiledClock",
    "CompiledStep",
    "Former",
    "Place",
    "Scope",
    "standing_in",
]

#: A line, by name (``None`` is the main one), and a stage, trigger or clock of it.
Place = tuple[str | None, str]


class Action(IntEnum):
    """What an event does to a clock. Of several at one event the lowest comes first."""

    STOP = 1
    CANCEL = 2
    START = 3
    RESTART = 4
    TOUCH = 5


class Scope(StrEnum):
    """Which runs of clocks a correction concerns."""

    KEEP = "keep"  # those that start after it: what was promised before stays
    OPEN = "open"  # those that were not over when it came, too
    ALL = "all"  # every one


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

    def amount_of(self, total: Amount, zero: Amount) -> Amount:
        """Return how much of an allowance is consumed when it comes: rounded up, 0 or more."""
        share = -(-total * self.part // self.whole) if self.part else zero
        return max(share + self.offset, zero)


@dataclass(frozen=True, slots=True)
class CompiledCadence:
    """What is to be done in a rhythm, with its numbers looked up.

    Attributes:
        least: How many touches make it complete.
        most: How many are enough; ``None`` is any number.
        gap_least: The least amount from one to the next.
        gap_most: The most amount from one to the next.
        span_least: The least amount from the first to the last.
        effects: What the host should do when one is overdue.
    """

    least: int
    most: int | None
    gap_least: Amount | None
    gap_most: Amount | None
    span_least: Amount | None
    effects: tuple[PlannedEffect, ...]


@dataclass(frozen=True)
class Former:
    """A clock as it was compiled before its calendar was corrected.

    Attributes:
        clock: The clock by the calendar of then.
        until: When it was corrected.
        scope: Which runs the correction concerns; the others stay by this clock.
    """

    clock: CompiledClock
    until: datetime
    scope: Scope


@dataclass(frozen=True)
class CompiledClock:
    """A clock ready to be read. Immutable; any number of threads may share it.

    Attributes:
        clock: Its definition.
        track: The track it belongs to; ``None`` is the main line.
        measure: What its unit means.
        units: The allowance as a number, of months or of units; ``None`` if it only measures.
        in_months: Whether the allowance is a number of months.
        at_most: The amount after which it ends whatever was paused and added.
        inclusive: Whether an action at the very instant of the end is in time.
        entered: What coming to a stage does to it.
        left: What going on from a stage does to it.
        moved: What taking a transition does to it.
        breached: What it does to it that a clock ran out.
        extended: What it does to it that a clock was given more time.
        fields: Fields and facts whose moments do something to it.
        pausing: Stages in which it stands still, each with the reason that a pause gives.
        watched: Lines that have such stages.
        parts: Where the part of each such track stands in the record; of a list, each of them.
        of_items: Whether it listens to any item of some list.
        steps: What happens on the way, in the order of the definition.
        breach: What follows when it runs out.
        cadence: What is to be done in a rhythm.
        most_extensions: How often it may be extended; ``None`` is any number of times.
        most_added: How many units extensions may add in all; ``None`` is any number.
        former: How it was compiled before a correction.
        kept: The runs that were folded last, if they are the same for every later moment.
    """

    clock: Clock
    track: str | None
    measure: Measure
    units: int | None
    in_months: bool
    at_most: Amount | None
    inclusive: bool
    entered: Mapping[Place, tuple[Action, ...]]
    left: Mapping[Place, tuple[Action, ...]]
    moved: Mapping[Place, tuple[Action, ...]]
    breached: Mapping[Place, tuple[Action, ...]]
    extended: Mapping[Place, tuple[Action, ...]]
    fields: tuple[tuple[FieldMoment, Action], ...]
    pausing: Mapping[Place, str]
    watched: frozenset[str | None]
    parts: Mapping[str | None, tuple[PartStep, ...]]
    of_items: bool
    steps: tuple[CompiledStep, ...]
    breach: CompiledStep
    cadence: CompiledCadence | None
    most_extensions: int | None
    most_added: int | None
    former: Former | None = None
    kept: KeptRuns | None = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Keep runs, unless they depend on more than the record's trail."""
        changing = self.fields or self.former or self.clock.repeats
        object.__setattr__(self, "kept", None if changing else KeptRuns())

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
    def is_hold(self) -> bool:
        """Whether what it waits for is in time from its end on."""
        return self.clock.kind is _HOLD

    @property
    def repeats(self) -> Repeats | None:
        """From when on it runs anew, if it does."""
        return self.clock.repeats

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

    def located(self, error: CalendarExhaustedError, record_id: str) -> CalendarExhaustedError:
        """Return ``error``, which says then which clock of which record needed the day."""
        name = self.id if self.track is None else f"{self.track}.{self.id}"
        return error.needed_by(name, calendar=self.clock.calendar, record_id=record_id)

    def allowance_from(self, mark: Mark, anchor: Mark = None, number: int = 1) -> Amount | None:
        """Return the allowance of a run that starts at ``mark``, before any extension.

        Args:
            mark: Where it starts.
            anchor: Where the first of a row of runs began that lie end to end, if there is one:
                months are counted from there, so that they clip once and do not drift.
            number: Which one of that row it is, from 1.
        """
        if self.units is None:
            return None
        if not self.in_months:
            return self.measure.amount(self.units)
        begin, months = (mark, self.units) if anchor is None else (anchor, self.units * number)
        try:
            end = begin + relativedelta(months=months)
        except (OverflowError, ValueError):
            raise CalendarError(
                f"{months} months after {begin} have no date", "Allow less time."
            ) from None
        return self.measure.between(mark, end)


def standing_in(line: str | None, stage: str) -> str:
    """Return why a clock stands still in a stage, as a pause says it."""
    return f"in stage `{stage}`" if line is None else f"`{line}` in stage `{stage}`"


_HOLD: Final = ClockKind.HOLD
