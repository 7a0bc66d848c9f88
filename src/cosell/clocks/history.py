"""Fold what happened to a record into the latest run of a clock.

Rules that hold for every fold (numbers of the section "Time" of the design in brackets):

1. What happened later than the moment of reading has not happened. Order is by moment, then by
   number in the trail; a moment in a field comes before the trail if it starts a clock, and after
   it otherwise.
2. Of one event, stop is looked at before pause, and pause before run. [8]
3. A clock that runs is not started again; one that is over, or has run out, is. A restart starts
   it anew in any case.
4. What a person paused stays paused until it is resumed or the clock starts anew; a stage pauses
   for as long as its line is in it.

This module does not know how time is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final

from cosell.calendars import to_utc
from cosell.clocks.compiled import Action, CompiledClock
from cosell.clocks.run import Run
from cosell.events import EventKind, TrailEntry
from cosell.models.record import NOT_STARTED, Record

__all__ = ["latest_run", "next_start"]

_FIRST: Final = 0
_LAST: Final = 1 << 62
#: No line has this name.
_BY_PERSON: Final = "@person"
_STARTS: Final = (Action.START, Action.RESTART)

#: What happened: when, which number, the entry if it stands in the trail, what it does.
_Happening = tuple[datetime, int, TrailEntry | None, tuple[Action, ...]]


def latest_run(
    compiled: CompiledClock, record: Record, *, until: datetime, facts: Mapping[str, Any] | None
) -> Run | None:
    """Return the latest run of a clock that had started by ``until``, as it was then."""
    fold = _Fold(compiled)
    happenings = [
        happening
        for happening in (*_in_trail(compiled, record), *_in_fields(compiled, record, facts))
        if happening[0] <= until
    ]
    happenings.sort(key=itemgetter(0, 1))
    for at, _, entry, actions in happenings:
        fold.take(at, entry, actions)
    return fold.run


def next_start(
    compiled: CompiledClock, record: Record, *, after: datetime, facts: Mapping[str, Any] | None
) -> datetime | None:
    """Return the next moment after ``after``, already known, at which a field starts the clock."""
    return min(
        (
            at
            for at, _, _, (action,) in _in_fields(compiled, record, facts)
            if at > after and action in _STARTS
        ),
        default=None,
    )


def _in_trail(compiled: CompiledClock, record: Record) -> Iterator[_Happening]:
    """Yield the entries of the trail that matter to a clock."""
    watched, own = compiled.watched, compiled.clock.id
    for entry in record.trail:
        if entry.target is not None:
            actions = _actions_of(compiled, entry)
            if actions or entry.track in watched or entry.kind is EventKind.ADOPTED:
                yield to_utc(entry.at), entry.seq, entry, actions
        elif entry.clock == own and entry.track == compiled.track:
            yield to_utc(entry.at), entry.seq, entry, ()


def _actions_of(compiled: CompiledClock, entry: TrailEntry) -> tuple[Action, ...]:
    """Return what an entry with a target does to a clock.

    A migration that keeps the stage enters nothing.
    """
    line, target = entry.track, entry.target
    if entry.kind is EventKind.MIGRATED and entry.source == target:
        return ()
    entered = compiled.entered.get((line, target), ())  # type: ignore[arg-type] # it has a target
    moved = compiled.moved.get((line, entry.trigger), ()) if entry.trigger else ()
    return tuple(sorted((*entered, *moved))) if entered and moved else entered or moved


def _in_fields(
    compiled: CompiledClock, record: Record, facts: Mapping[str, Any] | None
) -> Iterator[_Happening]:
    """Yield the moments in fields and facts that matter to a clock."""
    for field, action in compiled.fields:
        at = field.read(record, facts, compiled.measure)
        if at is not None:
            yield at, _FIRST if action is Action.START else _LAST, None, (action,)


class _Fold:
    """What is known of a clock after some of what happened."""

    def __init__(self, compiled: CompiledClock) -> None:
        self.compiled = compiled
        self.run: Run | None = None
        #: Stages that hold the clock, by line, whether it runs or not.
        self.stages: dict[str | None, str] = {
            line: _stage_reason(line, stage)
            for line, stage in compiled.pausing
            if stage == NOT_STARTED and line is not None
        }

    def take(self, at: datetime, entry: TrailEntry | None, actions: tuple[Action, ...]) -> None:
        """Note one thing that happened."""
        for action in actions:
            if action not in _STARTS and self.run is not None:
                self.run.end(at, stopped=action is Action.STOP)
        if entry is not None:
            if entry.target is not None:
                self._arrive(entry.track, entry.target, at)
            note = _NOTES.get(entry.kind)
            if note is not None and self.run is not None:
                note(self.run, entry, at)
        for action in actions:
            if action in _STARTS:
                self._start(at, anew=action is Action.RESTART)

    def _start(self, at: datetime, *, anew: bool) -> None:
        run = self.run
        if anew or run is None or run.ended_at is not None or run.ran_out(at):
            self.run = Run.start(self.compiled, at, dict(self.stages))

    def _arrive(self, line: str | None, stage: str, at: datetime) -> None:
        """Note that a line came to a stage, which holds the clock or does not."""
        if (line, stage) in self.compiled.pausing:
            reason = self.stages[line] = _stage_reason(line, stage)
            if self.run is not None:
                self.run.hold(line, reason, at)
        elif self.stages.pop(line, None) is not None and self.run is not None:
            self.run.release(line, at)


def _stage_reason(line: str | None, stage: str) -> str:
    return f"in stage `{stage}`" if line is None else f"`{line}` in stage `{stage}`"


def _pass(run: Run, entry: TrailEntry, at: datetime) -> None:
    run.passed[entry.step] = at


def _adopt(run: Run, entry: TrailEntry, at: datetime) -> None:  # noqa: ARG001 # notes are alike
    run.adopted_ended = run.ended_at is not None


def _pause(run: Run, entry: TrailEntry, at: datetime) -> None:
    run.hold(_BY_PERSON, entry.reason or "paused", at)


def _resume(run: Run, entry: TrailEntry, at: datetime) -> None:  # noqa: ARG001 # notes are alike
    run.release(_BY_PERSON, at)


def _extend(run: Run, entry: TrailEntry, at: datetime) -> None:
    run.extend(entry.allowance or 0, at)


#: What entries of some kinds say about a clock itself, beside what stages and moves do to it.
_NOTES: Final[Mapping[EventKind, Callable[[Run, TrailEntry, datetime], None]]] = MappingProxyType(
    {
        EventKind.STEPPED: _pass,
        EventKind.BREACHED: _pass,
        EventKind.ADOPTED: _adopt,
        EventKind.PAUSED: _pause,
        EventKind.RESUMED: _resume,
        EventKind.EXTENDED: _extend,
    }
)
