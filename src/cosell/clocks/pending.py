"""What a run does by itself: its steps and its breach, each with its own instant.

Rules (numbers of the section "Time" of the design in brackets):

1. A step comes at its instant. A breach is dated at the end, and comes when that is past. [3]
2. A hold is not kept when what it waits for came too early: it is breached at that moment.
3. A run that is over still owes what lay before its end, unless the record was adopted after it.
4. What lies behind an open pause has no instant and is not due.

This module does not know what happened to a record, nor how an event is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final, NamedTuple

from cosell.clocks.compiled import CompiledCadence, CompiledStep
from cosell.clocks.rhythm import missing_touches
from cosell.clocks.run import Run
from cosell.definition.effect import PlannedEffect
from cosell.events import EventKind

__all__ = ["Due", "owed_by", "pending_in"]

_MICROSECOND: Final = timedelta(microseconds=1)


class Due(NamedTuple):
    """A step or breach that has come, or will.

    Attributes:
        clock: The clock's id.
        track: The track it belongs to; ``None`` is the main line.
        kind: ``stepped`` or ``breached``.
        step: The step; ``None`` for a breach.
        at: The instant that it is dated at, in UTC.
        comes_at: The first instant, in UTC, at which it is known to have come.
        effects: What the host should do.
        trigger: The transition that the clock asks for.
    """

    clock: str
    track: str | None
    kind: EventKind
    step: str | None
    at: datetime
    comes_at: datetime
    effects: tuple[PlannedEffect, ...]
    trigger: str | None


def pending_in(run: Run | None) -> tuple[Due, ...]:
    """Return all that a run, and those before it, will still do by itself, in order.

    It is worked out once for a run that is folded to its end.
    """
    if run is None:
        return ()
    if run.pending is None:
        found = owed_by(run)
        for earlier in run.behind:
            found += owed_by(earlier)
        if len(found) > 1:
            found.sort(key=attrgetter("at"))
        run.pending = tuple(found)
    return run.pending


def owed_by(run: Run) -> list[Due]:
    """Return all that one run will still do by itself, in the order of the definition."""
    if run.adopted_ended:
        return []
    until, closed = run.ended_at, run.closed_at
    return [
        due
        for due in _in_run(run)
        if (until is None or due.comes_at <= until) and (closed is None or due.at <= closed)
    ]


def _in_run(run: Run) -> Iterator[Due]:
    """Yield what is not in the trail, in the order of the definition, the breach last."""
    compiled, total, passed = run.compiled, run.total, run.passed
    zero = compiled.measure.zero
    for step in compiled.steps:
        if step.id in passed and run.extended_at is None:
            continue
        amount = step.offset if total is None else step.amount_of(total, zero)
        at = run.instant_of(run.reach(amount))
        if at is not None and not run.is_done(step.id, at):
            yield _due(run, step, at, at)
    if compiled.cadence is not None:
        yield from _missing(run, compiled.cadence)
    at = _breached_at(run)
    if at is not None and not run.is_done(None, at):
        yield _due(run, compiled.breach, at, at if compiled.is_hold else _when_past(run, at))


def _missing(run: Run, cadence: CompiledCadence) -> Iterator[Due]:
    for number, at in missing_touches(run, cadence):
        step = CompiledStep(
            f"touch_{number}", 1, 1, run.compiled.measure.zero, cadence.effects, None
        )
        if not run.is_done(step.id, at):
            yield _due(run, step, at, _when_past(run, at))


def _breached_at(run: Run) -> datetime | None:
    """Return when a deadline runs out; for a hold, when what it waits for came too early."""
    expiry = run.expiry()
    if not run.compiled.is_hold:
        return expiry
    ended = run.ended_at if run.stopped else None
    return None if ended is None or run.is_past(ended, expiry) else ended


def _when_past(run: Run, at: datetime) -> datetime:
    return at + _MICROSECOND if run.compiled.inclusive else at


def _due(run: Run, step: CompiledStep, at: datetime, comes_at: datetime) -> Due:
    compiled = run.compiled
    kind = EventKind.BREACHED if step.id is None else EventKind.STEPPED
    return Due(
        compiled.clock.id, compiled.track, kind, step.id, at, comes_at, step.effects, step.trigger
    )
