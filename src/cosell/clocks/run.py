"""One run of a clock: from its start to its end, with what was paused and added meanwhile.

Rules that hold for every run (numbers of the section "Time" of the design in brackets):

1. Due is the earliest instant at which the measured time minus the pauses reaches the allowance.
2. A pause is half-open. While one is open there is no due date, unless it was reached before. [7]
3. A run that ran out stays so, whatever happens later; only an extension under a policy that says
   so sets it going again. [7]
4. Whatever is paused and added, a run ends at the latest when ``at_most`` has passed since its
   start, and that is known while it is paused too.

This module does not know what happened to a record, nor in what order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from cosell.clocks.compiled import CompiledClock
from cosell.clocks.measure import Amount, Mark

if TYPE_CHECKING:
    from cosell.clocks.pending import Due

__all__ = ["BY_PERSON", "Pause", "Run", "Stretch", "over_at"]

#: What holds a run that a person paused; no line has this name.
BY_PERSON: Final = "@person"


class Pause(NamedTuple):
    """A time in which a clock stood still.

    Attributes:
        start: From when, itself included.
        end: Until when, itself not included; ``None`` is until now.
        reason: Why.
    """

    start: datetime
    end: datetime | None
    reason: str


#: A stretch of a run between two pauses: the mark after which it consumes, how much is consumed
#: before it, and how much at its end; ``None`` while it has none.
Stretch = tuple[Mark, Amount, Amount | None]


@dataclass(slots=True)
class Run:
    """One run of a clock. Instants are in UTC.

    Attributes:
        compiled: The clock.
        started_at: When it was started.
        mark: Where it started: day 0, or the instant.
        total: The allowance, extensions included; ``None`` for a clock that only measures.
        held: What holds it now, with reasons.
        held_since: Since when something holds it.
        pauses: Start, end and reason of the pauses that are over, in order.
        passed: Steps that the trail says were passed, and when; ``None`` is the breach.
        touches: When what its cadence asks for was done.
        ended_at: When it was stopped or cancelled.
        stopped: Whether what it waited for happened.
        last: Whether none begins after it by itself, although it was answered: it was cancelled.
        extensions: How often it was extended.
        added: Units that extensions added.
        extended_at: When it was extended last.
        adopted_ended: Whether it had ended before the record was adopted.
        number: Which one it is, of a clock that repeats.
        missed: How many of those before it, in a row, got no answer in time.
        closed_at: When the one after it began.
        anchor: Where the first of the row began that lie end to end, and which one of it this is.
        behind: Those before it that still owe something to the trail.
        pending: What it, and those, will still do by itself, once that was worked out.
    """

    compiled: CompiledClock
    started_at: datetime
    mark: Mark
    total: Amount | None
    held: dict[str | None, str]
    held_since: datetime | None = None
    pauses: list[tuple[datetime, datetime, str]] = field(default_factory=list)
    passed: dict[str | None, datetime] = field(default_factory=dict)
    touches: list[datetime] = field(default_factory=list)
    ended_at: datetime | None = None
    stopped: bool = False
    last: bool = False
    extensions: int = 0
    added: int = 0
    extended_at: datetime | None = None
    adopted_ended: bool = False
    number: int = 1
    missed: int = 0
    closed_at: datetime | None = None
    anchor: tuple[Mark, int] | None = None
    behind: tuple[Run, ...] = ()
    pending: tuple[Due, ...] | None = None
    _stretches: tuple[Stretch, ...] | None = None
    _soonest: datetime | None = None
    _ends: tuple[Mark | None, datetime | None] | None = None

    @classmethod
    def start(cls, compiled: CompiledClock, at: datetime, held: dict[str | None, str]) -> Run:
        """Return a run that starts at ``at``, held by what holds its clock already."""
        mark = compiled.measure.mark(at)
        return cls(compiled, at, mark, compiled.allowance_from(mark), held, at if held else None)

    def followed(self, at: datetime, mark: Mark, held: dict[str | None, str]) -> Run:
        """Return the run after this one, of a clock that repeats, and close this one.

        Args:
            at: When it begins.
            mark: Where it begins.
            held: What holds its clock then.
        """
        compiled = self.compiled
        anchor, number = self.anchor or (self.mark, 1)
        # A row that was paused, or answered early, begins anew where it went on.
        regular = not self.pauses and mark == self.reach(self.total)
        begin, nth = (anchor, number + 1) if regular else (mark, 1)
        total = compiled.allowance_from(mark, begin, nth)
        self.closed_at = at
        return Run(
            compiled,
            at,
            mark,
            total,
            held,
            at if held else None,
            number=self.number + 1,
            missed=0 if self.stopped else self.missed + 1,
            anchor=(begin, nth),
        )

    def hold(self, by: str | None, reason: str, at: datetime) -> None:
        """Note that something holds the run from ``at`` on; one that is over, nothing holds."""
        if self.ended_at is not None:
            return
        if self.held_since is None:
            self.held_since = at
            self._stretches = self._ends = None
        self.held[by] = reason

    def release(self, by: str | None, at: datetime) -> None:
        """Note that something no longer holds the run."""
        reason = self.held.pop(by, None)
        if reason is not None and self.held_since is not None and not self.held:
            self.pauses.append((self.held_since, at, reason))
            self.held_since = None
            self._stretches = self._ends = None

    def end(self, at: datetime, *, stopped: bool) -> None:
        """Note that a run that is not over was stopped, or else cancelled."""
        for by in tuple(self.held):
            self.release(by, at)
        self.ended_at = at
        self.stopped = stopped

    def extend(self, units: int, at: datetime) -> None:
        """Raise the allowance, unless the run is over, or ran out and must not be set going."""
        too_late = not self.compiled.extends_after_expiry and self.ran_out(at)
        if self.ended_at is not None or too_late:
            return
        self.total = self.total_with(units, at)
        self._soonest = self._ends = None
        self.extensions += 1
        self.added += units
        self.extended_at = at

    def total_with(self, units: int, at: datetime) -> Amount | None:
        """Return what the allowance would be with so many units more, granted at ``at``."""
        if self.total is None:
            return None
        measure = self.compiled.measure
        from_grant = self.compiled.extends_from_grant
        base = self.consumed_to(measure.mark(at)) if from_grant else self.total
        return base + measure.amount(units)

    @property
    def all_pauses(self) -> tuple[Pause, ...]:
        """The pauses that are over, and the one that is not."""
        pauses = [Pause(*pause) for pause in self.pauses]
        if self.held_since is not None:
            pauses.append(Pause(self.held_since, None, next(iter(self.held.values()))))
        return tuple(pauses)

    def gaps(self, resumed_at: datetime | None = None) -> Iterator[tuple[Mark, Mark | None]]:
        """Yield the marks after which and up to which each pause consumes nothing.

        Args:
            resumed_at: When an open pause is taken to end; ``None`` leaves it open.
        """
        over_before = self.compiled.measure.over_before
        for start, end, _ in self.pauses:
            yield over_before(start), over_before(end)
        if self.held_since is not None:
            yield over_before(self.held_since), resumed_at and over_before(resumed_at)

    def stretches(self, resumed_at: datetime | None = None) -> tuple[Stretch, ...]:
        """Return the stretches between pauses; the last one has no end, unless it is paused."""
        between = self.compiled.measure.between
        after, consumed = self.mark, self.compiled.measure.zero
        found: list[Stretch] = []
        for begin, end in self.gaps(resumed_at):
            if begin > after:
                until = consumed + between(after, begin)
                found.append((after, consumed, until))
                consumed = until
            if end is None:
                return tuple(found)
            after = max(after, end)
        return (*found, (after, consumed, None))

    def reach(self, amount: Amount | None, resumed_at: datetime | None = None) -> Mark | None:
        """Return the first mark at which ``amount`` is consumed.

        Args:
            amount: How much of the allowance; ``None`` is never reached.
            resumed_at: When an open pause is taken to end; ``None`` leaves it open.

        Returns:
            ``None`` when an open pause is in the way.
        """
        if amount is None:
            return None
        for after, before, until in self._known(resumed_at):
            if until is None or until >= amount:
                return self.compiled.measure.advance(after, amount - before)
        return None

    def consumed_to(self, mark: Mark) -> Amount:
        """Return how much is consumed when ``mark`` is over."""
        measure = self.compiled.measure
        for after, before, until in reversed(self._known(None)):
            if mark > after:
                consumed = before + measure.between(after, mark)
                return consumed if until is None else min(consumed, until)
        return measure.zero

    def _known(self, resumed_at: datetime | None) -> tuple[Stretch, ...]:
        """Return the stretches, computed once for as long as no pause is added."""
        if resumed_at is not None:
            return self.stretches(resumed_at)
        if self._stretches is None:
            self._stretches = self.stretches()
        return self._stretches

    @property
    def latest(self) -> Mark | None:
        """The mark at which it ends whatever was paused and added; ``None`` is none."""
        compiled = self.compiled
        if compiled.at_most is None:
            return None
        return compiled.measure.advance(self.mark, compiled.at_most)

    def due_mark(self, resumed_at: datetime | None = None) -> Mark | None:
        """Return the mark at which it ends; ``None`` when an open pause is in the way."""
        mark, latest = self.reach(self.total, resumed_at), self.latest
        return mark if mark is None or latest is None else min(mark, latest)

    def ends(self) -> tuple[Mark | None, datetime | None]:
        """Return where and when it runs out as things stand, an open pause included.

        Both are ``None`` if nothing says when; computed once for as long as nothing changes.
        """
        if self._ends is None:
            mark = self.due_mark()
            if mark is None:
                mark = self.latest
            self._ends = mark, self.instant_of(mark)
        return self._ends

    def expiry(self) -> datetime | None:
        """Return when it runs out as things stand, an open pause included; ``None`` is never."""
        return self.ends()[1]

    def instant_of(self, mark: Mark | None) -> datetime | None:
        """Return when ``mark`` is over, but not before the start."""
        if mark is None:
            return None
        end = self.compiled.measure.end(mark)
        return end if end > self.started_at else self.started_at  # noqa: FURB136 - `max` takes twice as long

    def ran_out(self, at: datetime) -> bool:
        """Whether its end is past at ``at``: too late for a deadline, not too early for a hold."""
        if self._soonest is None and self.total is not None and self.compiled.at_most is None:
            end = self.compiled.measure.advance(self.mark, self.total)
            self._soonest = self.instant_of(end)
        # No pause brings an end forward.
        if self._soonest is not None and at < self._soonest:
            return False
        return self.is_past(at, self.expiry())

    def is_past(self, at: datetime, due: datetime | None) -> bool:
        """Whether ``at`` is later than ``due``, or at it where that is past already."""
        if due is None:
            return False
        return at > due or (at == due and not self.compiled.inclusive)

    def is_done(self, step: str | None, at: datetime) -> bool:
        """Whether the trail says that a step which comes at ``at`` was passed.

        An extension that moves a step ahead again makes it come again.
        """
        passed = self.passed.get(step)
        if passed is None:
            return False
        return self.extended_at is None or passed > self.extended_at or at <= self.extended_at

    def next_begins(self, at: datetime) -> tuple[datetime, Mark] | None:
        """Return when and where the run after this one began by itself, if it had by ``at``."""
        ends = self.ends_by_itself()
        return ends if ends is not None and self.is_past(at, ends[0]) else None

    def ends_by_itself(self) -> tuple[datetime, Mark] | None:
        """Return when and where the run after this one begins by itself, if one does."""
        cancelled = self.ended_at is not None and not self.stopped
        if self.compiled.repeats is None or cancelled or self.last:
            return None
        mark = self.due_mark()
        end = self.instant_of(mark)
        return None if end is None else (end, mark)


def over_at(run: Run, seen: datetime) -> Mark:
    """Return the last mark that can count at ``seen``; the calendar need not know an open pause."""
    measure, held = run.compiled.measure, run.held_since
    return measure.over(seen) if held is None else measure.over_before(held)
