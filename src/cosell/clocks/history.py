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
5. A clock that repeats runs anew at its end, or with the answer, until it is cancelled.
6. A run that a correction of the calendar does not concern counts by the calendar of then. [9]

This module does not know how time is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final

from cosell.clocks.compiled import Action, CompiledClock, Place, Scope, standing_in
from cosell.clocks.fields import Every, Named, PartStep
from cosell.clocks.measure import Mark
from cosell.clocks.pending import owed_by
from cosell.clocks.run import BY_PERSON, Run
from cosell.definition.clock import Repeats
from cosell.errors import CalendarError
from cosell.events import EventKind, TrailEntry
from cosell.models.record import NOT_STARTED, Record

__all__ = ["latest_run", "next_start"]

#: Before and after every number in a trail; what is done at one moment goes by its action.
_FIRST: Final = -1 << 62
_LAST: Final = 1 << 62
_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
#: No clock that repeats has begun so often by itself between two things that happened.
_MOST_RUNS: Final = 10_000
_STOP: Final = Action.STOP
_RESTART: Final = Action.RESTART
_TOUCH: Final = Action.TOUCH
_STARTS: Final = (Action.START, Action.RESTART)
_ENDS: Final = (Action.STOP, Action.CANCEL)
_NOTHING: Final[tuple[Action, ...]] = ()
_ADOPTED: Final = EventKind.ADOPTED
_MIGRATED: Final = EventKind.MIGRATED
#: What comes to a stage without entering it, or may.
_BROUGHT: Final = (_MIGRATED, _ADOPTED)

#: What happened: when, which number, the entry if it stands in the trail, what it does.
_Happened = tuple[datetime, int, TrailEntry | None, tuple[Action, ...]]


def latest_run(
    compiled: CompiledClock, record: Record, *, until: datetime, facts: Mapping[str, Any] | None
) -> Run | None:
    """Return the latest run of a clock that had started by ``until``, as it was then.

    It is shared by all who ask for it, and not changed any more.
    """
    if compiled.kept is not None and (kept := compiled.kept.find(record, until)) is not None:
        return kept.run
    run = _folded(compiled, record, until, facts)
    former = compiled.former
    if run is None or former is None or run.started_at >= former.until:
        return run
    before = latest_run(former.clock, record, until=until, facts=facts)
    if former.scope is Scope.ALL or before is None or before.started_at != run.started_at:
        return run
    return before if former.scope is Scope.KEEP or _was_over(before, former.until) else run


def _was_over(run: Run, at: datetime) -> bool:
    """Whether a run had ended or run out by ``at``."""
    return (run.ended_at is not None and run.ended_at <= at) or run.ran_out(at)


def _folded(
    compiled: CompiledClock, record: Record, until: datetime, facts: Mapping[str, Any] | None
) -> Run | None:
    """Return the latest run as the clock's own calendar has it."""
    happened, in_order = _in_trail(compiled, record)
    if compiled.fields:
        happened += _in_fields(compiled, record, facts)
    if compiled.fields or not in_order:
        happened.sort(key=itemgetter(0, 1))
    last_at = happened[-1][0] if happened else _EARLIEST
    if last_at > until:
        happened = [each for each in happened if each[0] <= until]
    fold = _Fold(compiled, _first_stages(compiled, record))
    for at, _, entry, actions in happened:
        fold.take(at, entry, actions)
    if fold.run is not None and fold.repeats is not None:
        fold.roll(until)
        fold.run.behind = tuple(fold.behind)
    if compiled.kept is not None and last_at <= until:
        compiled.kept.keep(record, last_at, fold.run)
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


def _in_trail(compiled: CompiledClock, record: Record) -> tuple[list[_Happened], bool]:
    """Return the entries of the trail that matter to a clock, and whether they are in order."""
    watched, own, track = compiled.watched, compiled.clock.id, compiled.track
    found: list[_Happened] = []
    in_order, last = True, (_EARLIEST, 0)
    quick = not (compiled.left or compiled.moved or compiled.of_items)
    entered = compiled.entered if quick else None
    for entry in record.trail:
        if entry.target is not None:
            if entered is None or entry.kind in _BROUGHT:
                actions = _actions_of(compiled, entry)
            else:
                actions = entered.get((entry.track, entry.target), _NOTHING)
            matters = actions or entry.track in watched or entry.kind is _ADOPTED
            if compiled.of_items:
                matters = matters or _any(entry.track) in watched
        else:
            actions = _staying(compiled, entry)
            matters = actions or (entry.clock == own and entry.track == track)
        if matters:
            place = entry.instant, entry.seq
            in_order = in_order and last <= place
            last = place
            found.append((*place, entry, actions))
    return found, in_order


def _actions_of(compiled: CompiledClock, entry: TrailEntry) -> tuple[Action, ...]:
    """Return what an entry with a target does to a clock.

    A migration enters nothing: what was entered before it stands in the trail by its new name.
    Nor does the adoption of what came to its stage by the trail that it brought.
    A move that comes back to its stage leaves nothing.
    """
    line, source, target = entry.track, entry.source, entry.target
    if entry.kind is _MIGRATED or (entry.kind is _ADOPTED and source == target):
        return _NOTHING
    found = _done_at(compiled.entered, line, target)
    if compiled.left and source != target:
        found += _done_at(compiled.left, line, source)
    if compiled.moved:
        found += _done_at(compiled.moved, line, entry.trigger)
    return tuple(sorted(found)) if len(found) > 1 else found


def _staying(compiled: CompiledClock, entry: TrailEntry) -> tuple[Action, ...]:
    """Return what an entry without a target does to a clock.

    It is a move that left the stage as it was, or is about a clock, this one or another.
    """
    if compiled.moved and entry.kind is EventKind.MOVED:
        return _done_at(compiled.moved, entry.track, entry.trigger)
    if compiled.breached and entry.kind is EventKind.BREACHED:
        return _done_at(compiled.breached, entry.track, entry.clock)
    if compiled.extended and entry.kind is EventKind.EXTENDED:
        return _done_at(compiled.extended, entry.track, entry.clock)
    return _NOTHING


def _done_at(
    table: Mapping[Place, tuple[Action, ...]], line: str | None, name: str | None
) -> tuple[Action, ...]:
    """Return what a stage, trigger or clock does: of that very line, or of any item of a list."""
    if name is None or not table:
        return _NOTHING
    found = table.get((line, name), _NOTHING)
    if line is not None and line[-1] == "]":
        found += table.get((_any(line), name), _NOTHING)
    return found


def _reason(compiled: CompiledClock, line: str | None, stage: str) -> str | None:
    """Return why a clock stands still while a line is in a stage, if it does."""
    reason = compiled.pausing.get((line, stage))
    if reason is None and compiled.of_items and (_any(line), stage) in compiled.pausing:
        return standing_in(line, stage)
    return reason


def _any(line: str | None) -> str | None:
    """Return a track as one names any of its items: ``paper_items`` for ``paper_items[nda]``."""
    return line.partition("[")[0] if line is not None else None


def _in_fields(
    compiled: CompiledClock, record: Record, facts: Mapping[str, Any] | None
) -> Iterator[_Happened]:
    """Yield the moments in fields and facts that matter to a clock."""
    for field, action in compiled.fields:
        order = _FIRST if action is Action.START else _LAST
        for at in field.read(record, facts, compiled.measure):
            yield at, order + action, None, (action,)


def _first_stages(compiled: CompiledClock, record: Record) -> dict[str | None, str]:
    """Return the pausing stages, with reasons, in which tracks were before anything happened."""
    found: dict[str | None, str] = {}
    for line, steps in compiled.parts.items():
        for track, part in _parts_at(record, line, steps):
            reason = _reason(compiled, track, _first_stage(record, track, part))
            if reason is not None:
                found[track] = reason
    return found


def _parts_at(
    record: Record, line: str | None, steps: tuple[PartStep, ...]
) -> Iterator[tuple[str | None, Any]]:
    """Yield the part that a track leads, with its line; of a list each item."""
    value: Any = record
    for step in steps:
        if isinstance(step, Every):
            yield from ((f"{line}[{getattr(item, step.key)}]", item) for item in value)
            return
        value = step.of(value) if isinstance(step, Named) else getattr(value, step, None)
    yield line, value


def _first_stage(record: Record, track: str | None, part: Any) -> str:
    """Return where a track began: not at its first stage, if the record was adopted."""
    for entry in record.trail:
        if entry.track == track and entry.target is not None:
            return entry.source or NOT_STARTED
    return str(getattr(part, "stage", NOT_STARTED))


class _Fold:
    """What is known of a clock after some of what happened."""

    def __init__(self, compiled: CompiledClock, stages: dict[str | None, str]) -> None:
        self.compiled = compiled
        self.repeats = compiled.clock.repeats
        self.pausing = compiled.pausing
        self.run: Run | None = None
        #: Runs of a clock that repeats which still owe something.
        self.behind: list[Run] = []
        #: Stages that hold the clock, by line, whether it runs or not.
        self.stages = stages

    def take(self, at: datetime, entry: TrailEntry | None, actions: tuple[Action, ...]) -> None:
        """Note one thing that happened."""
        if self.repeats is not None:
            self.roll(at)
        for action in actions:
            if action in _ENDS:
                self._end(at, stopped=action is _STOP)
        if entry is not None:
            if entry.target is not None and self.pausing:
                self._arrive(entry.track, entry.target, at)
            note = _NOTES.get(entry.kind)
            if note is not None and self.run is not None and self._is_own(entry):
                note(self, self.run, entry, at)
        for action in actions:
            if action in _STARTS:
                self._start(at, anew=action is _RESTART)
            elif action is _TOUCH:
                self._touch(at)

    def roll(self, at: datetime) -> None:
        """Begin every run of a clock that repeats which has begun by itself before ``at``."""
        for _ in range(_MOST_RUNS):
            begins = None if self.run is None else self.run.next_begins(at)
            if self.run is None or begins is None:
                return
            self._follow(self.run, *begins)
        raise CalendarError(
            f"clock `{self.compiled.clock.id}` has run {_MOST_RUNS} times by itself",
            "Cancel it when its record ends, or allow more time.",
        )

    def _follow(self, run: Run, at: datetime, mark: Mark) -> None:
        """Put the next run in the place of the one that is over."""
        self.run = run.followed(at, mark, dict(self.stages))
        if owed_by(run):
            self.behind.append(run)

    def _end(self, at: datetime, *, stopped: bool) -> None:
        run = self.run
        if run is None or run.ended_at is not None:
            if run is not None and not stopped:
                # An answer to one run is none to what comes after it.
                run.last = True
            return
        run.end(at, stopped=stopped)
        if stopped and self.repeats is Repeats.FROM_ANSWER:
            self._follow(run, at, self.compiled.measure.mark(at))

    def _start(self, at: datetime, *, anew: bool) -> None:
        if anew or self.run is None or self._is_over(self.run, at):
            self.run = Run.start(self.compiled, at, dict(self.stages))
            self.behind.clear()

    def _is_over(self, run: Run, at: datetime) -> bool:
        """Whether a start begins a new run; one that was answered and repeats goes on by itself."""
        if self.repeats is not None:
            return run.ended_at is not None and (run.last or not run.stopped)
        return run.ended_at is not None or run.ran_out(at)

    def _touch(self, at: datetime) -> None:
        if self.run is not None and self.run.ended_at is None:
            self.run.touches.append(at)

    def _arrive(self, line: str | None, stage: str, at: datetime) -> None:
        """Note that a line came to a stage, which holds the clock or does not."""
        reason = _reason(self.compiled, line, stage)
        if reason is not None:
            self.stages[line] = reason
            if self.run is not None:
                self.run.hold(line, reason, at)
        elif self.stages.pop(line, None) is not None and self.run is not None:
            self.run.release(line, at)

    def _is_own(self, entry: TrailEntry) -> bool:
        """Whether an entry is about this clock, or about the whole record."""
        return entry.clock is None or (
            entry.clock == self.compiled.clock.id and entry.track == self.compiled.track
        )

    def note_passed(self, run: Run, entry: TrailEntry, at: datetime) -> None:
        """Note that a step was passed, by the first run that still owes it."""
        for earlier in self.behind:
            if any(due.step == entry.step for due in owed_by(earlier)):
                earlier.passed[entry.step] = at
                return
        run.passed[entry.step] = at

    def note_adopted(self, run: Run, entry: TrailEntry, at: datetime) -> None:  # noqa: ARG002 # notes are alike
        """Note that the record came in here: what was over before is owed by nobody."""
        run.adopted_ended = run.ended_at is not None
        self.behind.clear()


def _pause(fold: _Fold, run: Run, entry: TrailEntry, at: datetime) -> None:  # noqa: ARG001 # notes are alike
    run.hold(BY_PERSON, entry.reason or "paused", at)


def _resume(fold: _Fold, run: Run, entry: TrailEntry, at: datetime) -> None:  # noqa: ARG001 # notes are alike
    run.release(BY_PERSON, at)


def _extend(fold: _Fold, run: Run, entry: TrailEntry, at: datetime) -> None:  # noqa: ARG001 # notes are alike
    run.extend(entry.allowance or 0, at)


#: What entries of some kinds say about a clock itself, beside what stages and moves do to it.
_NOTES: Final[Mapping[EventKind, Callable[[_Fold, Run, TrailEntry, datetime], None]]] = (
    MappingProxyType(
        {
            EventKind.STEPPED: _Fold.note_passed,
            EventKind.BREACHED: _Fold.note_passed,
            EventKind.ADOPTED: _Fold.note_adopted,
            EventKind.PAUSED: _pause,
            EventKind.RESUMED: _resume,
            EventKind.EXTENDED: _extend,
        }
    )
)
