"""Apply what clocks have due: steps, breaches, and the moves they cause, each at its own instant.

Rules:

1. Settling is idempotent: what was applied stands in the trail, and is not applied again.
2. Of several things due the earliest comes first; of two at one instant, in file order.
3. A clock asks for its transition as the actor ``clock``. If the gate does not open, or a key is
   known to be held by another record, the breach stands and the record stays where it is.
4. Settling ends: more than a bounded number of steps at once is an error, not a hang.

This module does not know who asked, and reads no clock of the machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from cosell.calendars import to_utc
from cosell.clocks import Due, Reading, read_clock, steps_due
from cosell.engine.automatic import follow
from cosell.engine.bound import Bound, BoundLine
from cosell.engine.effects import effects_of
from cosell.engine.facts import read_facts
from cosell.engine.fold import with_event
from cosell.engine.judge import judge
from cosell.engine.question import Question
from cosell.engine.taking import Applied, event_of, take
from cosell.errors import CosellError, OutOfOrderError, require_aware
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor
from cosell.models.record import Record

__all__ = ["CLOCK", "next_due_at", "read_clocks", "require_order", "settle"]

_R = TypeVar("_R", bound=Record)

#: Who acts when a clock does.
CLOCK: Final = Actor("clock", role="clock")
_MOST: Final = 1_000


class RunawayClocksError(CosellError):
    """The clocks of a process keep setting each other off.

    Attributes:
        record_id: The record in question.
        at: The moment at which they went on.
    """

    code = "clock.runaway"

    def __init__(self, record_id: str, at: datetime) -> None:
        self.record_id = record_id
        self.at = at
        super().__init__(
            problem=f"clocks of record `{record_id}` made {_MOST} steps up to {at.isoformat()}",
            remedy=(
                "Look for clocks of the process whose transitions start each other; if nobody"
                " ticked for years, tick up to an earlier moment first."
            ),
        )


def require_order(record: Record, at: datetime) -> None:
    """Raise ``OutOfOrderError`` if ``at`` is before the last move of the record."""
    trail = record.trail
    if trail and at < trail[-1].at:
        raise OutOfOrderError(record.id, at, trail[-1].at)


@tells_kinds
def settle(
    bound: Bound, record: _R, *, at: datetime, facts: Mapping[str, Any] | None = None
) -> Applied[_R]:
    """Return ``record`` after everything its clocks have due up to ``at``.

    Args:
        bound: The process it follows.
        record: The record; it is not changed.
        at: Up to when, with a time zone.
        facts: Values from outside the record, for clocks that start at one.

    Returns:
        The record with the events and effects of the clocks; both empty if nothing was due.

    Raises:
        NaiveDatetimeError: ``at`` has no time zone.
        CalendarExhaustedError: A clock needs a day that its calendar does not know.
        RunawayClocksError: Clocks keep setting each other off.

    Example:
        >>> from datetime import UTC, datetime
        >>> from cosell import Actor, Calendar, Opportunity, catalog, adopt
        >>> vendor = Calendar.from_holidays("CZ", tz="Europe/Prague")
        >>> make = catalog.load("make").bind(calendars={"vendor": vendor})
        >>> me, now = Actor("ae-3", role="ae", party="vendor"), datetime(2026, 11, 20, tzinfo=UTC)
        >>> deal = adopt(make, Opportunity(id="o-1"), stage="identified", actor=me, at=now).record
        >>> settle(make, deal, at=now).events
        ()
    """
    require_aware(at)
    bound.require_own(record)
    facts = read_facts(bound.process.facts, facts)
    done = Applied(record)
    if not bound.clocked:
        return done
    for _ in range(_MOST):
        due = min(_due(bound, done.record, at, facts), key=lambda each: each[1].at, default=None)
        if due is None:
            return done
        done = done.followed_by(_apply(bound, done.record, *due, facts))
    raise RunawayClocksError(record.id, at)


def _due(
    bound: Bound, record: Record, at: datetime, facts: Mapping[str, Any] | None
) -> Iterator[tuple[BoundLine, Due]]:
    for line in bound.lines_of(record):
        if line.clocks and bound.is_running(line, record):
            for clock in line.clocks:
                for due in steps_due(clock, record, at=at, facts=facts):
                    yield line, due


def _apply(
    bound: Bound,
    record: _R,
    line: BoundLine,
    due: Due,
    facts: Mapping[str, Any] | None,
) -> Applied[_R]:
    """Return the record after one step or breach, and after the move it asks for."""
    event = event_of(
        bound,
        record,
        due.kind,
        at=due.at,
        actor=CLOCK,
        track=line.name,
        clock=due.clock,
        step=due.step,
    )
    after = with_event(record, event)
    done = Applied(after, (event,), effects_of(due.effects, line, after, event))
    if due.trigger is None:
        return done
    moves = line.moves.get((due.trigger, line.stage_of(after)), ())
    for judged in judge(moves, after, Question(CLOCK, due.at, facts=facts, holders=bound.taken)):
        if not judged.obstacles:
            moved = take(judged.move, after, actor=CLOCK, at=due.at, clock=due.clock)
            return follow(bound, done.followed_by(moved), at=due.at, facts=facts)
    return done


@tells_kinds
def read_clocks(
    bound: Bound, record: Record, *, at: datetime, facts: Mapping[str, Any] | None = None
) -> tuple[Reading, ...]:
    """Return what every clock of the record says at ``at``.

    Args:
        bound: The process it follows.
        record: The record.
        at: The moment to read at, with a time zone.
        facts: Values from outside the record, for clocks that start at one.

    Returns:
        A reading for each clock of the main line in file order, then for those of the tracks
        that still run, item by item.

    Raises:
        NaiveDatetimeError: ``at`` has no time zone.
        CalendarExhaustedError: A clock needs a day that its calendar does not know.

    Example:
        >>> from datetime import UTC, datetime
        >>> from cosell import Actor, Calendar, Opportunity, catalog, open_record
        >>> vendor = Calendar.from_holidays("CZ", tz="Europe/Prague")
        >>> make = catalog.load("make").bind(calendars={"vendor": vendor})
        >>> me, now = Actor("ae-3", role="ae", party="vendor"), datetime(2026, 11, 20, tzinfo=UTC)
        >>> deal = open_record(make, Opportunity(id="o-1"), actor=me, at=now).record
        >>> answer, *_ = read_clocks(make, deal, at=now)
        >>> answer.clock, answer.state.value
        ('answer', 'not_started')
    """
    require_aware(at)
    bound.require_own(record)
    facts = read_facts(bound.process.facts, facts)
    now = to_utc(at)
    return tuple(
        [
            read_clock(clock, record, at=now, facts=facts)
            for line in bound.lines_of(record)
            if line.clocks and bound.is_running(line, record)
            for clock in line.clocks
        ]
    )


@tells_kinds
def next_due_at(
    bound: Bound, record: Record, *, at: datetime, facts: Mapping[str, Any] | None = None
) -> datetime | None:
    """Return when the record must be ticked next, or ``None`` if never."""
    readings = read_clocks(bound, record, at=at, facts=facts)
    moments = [reading.next_of(record.id) for reading in readings]
    return min((moment for moment in moments if moment is not None), default=None)
