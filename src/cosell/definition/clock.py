"""Clocks of a definition: what starts, stops and pauses them, how long they run, what follows.

Rules that hold for every clock:

1. An allowance is a whole number of one of four units, which are never converted into each
   other; calendar days may also be written in months, which clip at the end of a month.
2. What happens to a clock is named by event texts (see ``clock_event``).
3. A step is placed by a fraction of the allowance, by a number of units before or after its end,
   or by a number of units after the start.
4. Every number may be the name of a parameter that holds one, but a fraction.

Whether the parts of a clock fit together is ``clock_check``'s business. This module does not know
what a calendar is, nor how a clock is read.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from cosell._base import LongText, Model, Name, Text, told_pattern
from cosell.definition.effect import PlannedEffect

__all__ = [
    "MOST_UNITS",
    "Breach",
    "Cadence",
    "Clock",
    "ClockKind",
    "CountsFrom",
    "Ends",
    "Extensions",
    "Pauses",
    "Repeats",
    "Step",
    "Unit",
    "is_count",
    "parse_months",
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


class ClockKind(StrEnum):
    """Whether a clock waits for something before its end, or after it."""

    DEADLINE = "deadline"  # what it waits for is in time up to its end
    HOLD = "hold"  # what it waits for is in time from its end on


class Ends(StrEnum):
    """When the last day of an allowance in days is over."""

    DAY = "day"  # at the following midnight, which is too late
    CLOSE = "close"  # when the calendar closes on that day


class CountsFrom(StrEnum):
    """Where what an extension adds is counted from."""

    END = "end"  # the end that it moves
    GRANT = "grant"  # the moment it was granted


class Repeats(StrEnum):
    """When a clock that repeats runs anew. Without an answer both do so at its end."""

    FROM_ANSWER = "from_answer"  # with the answer
    FROM_END = "from_end"  # at its end, however early the answer came


TimeOfDay = Annotated[
    str,
    StringConstraints(
        pattern=told_pattern(r"^([01][0-9]|2[0-3]):[0-5][0-9]$", "be a time of day, as 15:00")
    ),
]
EventText = Annotated[
    str,
    StringConstraints(
        max_length=200, pattern=told_pattern(r"^[^\x00-\x1f]+$", "be in one line, and not empty")
    ),
]
EventTexts = Annotated[tuple[EventText, ...], Field(max_length=100)]
Units = Annotated[int, Field(strict=True, ge=0, le=MOST_UNITS)]
#: A number, or the parameter that says so.
Count = Units | Name
#: The same, and it may be below zero.
Offset = Annotated[int, Field(strict=True, ge=-MOST_UNITS, le=MOST_UNITS)] | Name
#: ``"6 months"``, of calendar days.
Months = Annotated[
    str,
    StringConstraints(
        max_length=12, pattern=told_pattern(r"^[0-9]{1,4} months?$", "be months, as 6 months")
    ),
]
#: A stage, or a stage of a track: ``poc.in_review``.
StageName = Annotated[
    str,
    StringConstraints(
        max_length=200,
        pattern=told_pattern(
            r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$", "be a stage, as won or poc.in_review"
        ),
    ),
]
Roles = Annotated[tuple[Name, ...], Field(max_length=100)]
Effects = Annotated[tuple[PlannedEffect, ...], Field(max_length=100)]


class Step(Model, frozen=True):
    """Something that happens on the way, or after the end while the clock still runs.

    It has one of ``at``, ``offset`` and ``after``.

    Attributes:
        id: What it is called in the trail.
        at: Which fraction of the allowance has passed: ``0.8``; above 1 is after the end.
        offset: How many units before (negative) or after the end.
        after: How many units after the start.
        effects: What the host should do.
        trigger: The transition that the clock asks for.
        label: What people read.
        cites: Ids of the rules it implements.
    """

    id: Name
    at: Annotated[Decimal, Field(gt=0, max_digits=8, decimal_places=4)] | None = None
    offset: Offset | None = None
    after: Count | None = None
    effects: Effects = ()
    trigger: Name | None = None
    label: Text | None = None
    cites: tuple[Text, ...] = ()


class Breach(Model, frozen=True):
    """What follows when a clock runs out, or when a hold is not kept.

    Attributes:
        effects: What the host should do.
        trigger: The transition that the clock asks for.
    """

    effects: Effects = ()
    trigger: Name | None = None


class Pauses(Model, frozen=True):
    """That people may pause a clock, with a reason, and let it go on.

    Attributes:
        roles: Who may.
        cites: Ids of the rules it implements.
    """

    roles: Roles = Field(min_length=1)
    cites: tuple[Text, ...] = ()


class Extensions(Model, frozen=True):
    """Under which conditions the allowance of a running clock may be raised.

    Attributes:
        roles: Who may grant one; a reason is always required.
        gates: Gates of the line that must open, such as one that asks for evidence.
        count: How often at most; without it, any number of times.
        total: How many units in all at most; without it, any number.
        after_expiry: Whether also after the clock has run out; it then runs again.
        counts_from: Where what is added is counted from.
        cites: Ids of the rules it implements.
    """

    roles: Roles = ()
    gates: Roles = ()
    count: Count | None = None
    total: Count | None = None
    after_expiry: bool = False
    counts_from: CountsFrom = CountsFrom.END
    cites: tuple[Text, ...] = ()


class Cadence(Model, frozen=True):
    """Something that is to be done again and again while a clock runs, in a rhythm.

    Distances are in the clock's own unit. That a touch is overdue is a step of the clock:
    ``touch_3`` where the third one did not come within ``gap_most`` of the second.

    Attributes:
        touches: What counts as one: event texts, or fields that hold several moments.
        least: How many make it complete.
        most: How many are enough.
        gap_least: The least distance from one to the next.
        gap_most: The most distance from one to the next.
        span_least: The least distance from the first to the last that makes it complete.
        effects: What the host should do when one is overdue.
    """

    touches: EventTexts = Field(min_length=1)
    least: Count = 1
    most: Count | None = None
    gap_least: Count | None = None
    gap_most: Count | None = None
    span_least: Count | None = None
    effects: Effects = ()


class Clock(Model, frozen=True):
    """A running promise: who must have done what by when.

    Attributes:
        id: What it is called.
        kind: Whether what it waits for is in time before its end, or after it.
        calendar: Which of the calendars given to ``bind`` counts; elapsed hours and calendar
            days need none and then use the zone of the process.
        allowance: How many units, ``"6 months"`` of calendar days, or the parameter that says so.
            Without it the clock only measures, and never runs out.
        unit: What is counted.
        at_most: How many units after the start it ends at the latest, whatever was paused and
            added meanwhile.
        ends: When the last day is over, for units of days.
        inclusive: Whether an action at the very instant of the end is in time.
        cutoff: Time of day, ``15:00``, from which a start counts as the next business day.
        start: What starts it, such as a submission or an approval (BX-3). A running clock is not
            started again.
        stop: What it waits for.
        cancel: What ends it without an answer.
        restart: What starts it anew, with the whole allowance, even while it runs.
        repeats: Whether it runs again and again, until it is cancelled, and from when on.
        pause_while: Stages, of the line or of tracks, in which it stands still.
        pauses: Whether people may pause it; without it, they may not.
        steps: What happens on the way.
        on_breach: What follows when it runs out.
        owner: The role that must act.
        extensions: Whether and how it may be extended; without it, it may not.
        cadence: What is to be done in a rhythm while it runs.
        label: What people read.
        help: What it is for.
        cites: Ids of the rules it implements.
    """

    id: Name
    kind: ClockKind = ClockKind.DEADLINE
    calendar: Name | None = None
    allowance: Units | Months | Name | None = None
    unit: Unit
    at_most: Count | None = None
    ends: Ends = Ends.DAY
    inclusive: bool = True
    cutoff: TimeOfDay | None = None
    start: EventTexts = Field(min_length=1)
    stop: EventTexts = ()
    cancel: EventTexts = ()
    restart: EventTexts = ()
    repeats: Repeats | None = None
    pause_while: Annotated[tuple[StageName, ...], Field(max_length=1_000)] = ()
    pauses: Pauses | None = None
    steps: Annotated[tuple[Step, ...], Field(max_length=100)] = ()
    on_breach: Breach | None = None
    owner: Name | None = None
    extensions: Extensions | None = None
    cadence: Cadence | None = None
    label: Text | None = None
    help: LongText | None = None
    cites: tuple[Text, ...] = ()

    @property
    def events(self) -> dict[str, tuple[str, ...]]:
        """Event texts by the key that they stand under."""
        return {
            "start": self.start,
            "stop": self.stop,
            "cancel": self.cancel,
            "restart": self.restart,
            "cadence.touches": () if self.cadence is None else self.cadence.touches,
        }


def parse_months(allowance: object) -> int | None:
    """Return how many months ``"6 months"`` is, or ``None`` for what is not written in months."""
    found = _MONTHS.fullmatch(allowance) if isinstance(allowance, str) else None
    return int(found[1]) if found else None


def is_count(value: object) -> bool:
    """Whether ``value`` is a whole number of units, 0 or more."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_UNITS
