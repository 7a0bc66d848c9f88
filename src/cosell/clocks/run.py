"""One run of a clock: from its start to its end, with what was paused and added meanwhile.

Rules that hold for every run (numbers of the section "Time" of the design in brackets):

1. Due is the earliest instant at which the measured time minus the pauses reaches the allowance.
2. A pause is half-open. While one is open there is no due date, unless it was reached before. [7]
3. A run that ran out stays so, whatever happens later; only an extension under a policy that says
   so sets it going again. [7]

This module does not know what happened to a record, nor in what order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from cosell.clocks.compiled import CompiledClock, CompiledStep
from cosell.clocks.measure import Amount, Mark

__all__ = ["Pause", "Run"]


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a clock stood still.

    Attributes:
        start: From when, itself included.
        end: Until when, itself not included; ``None`` is until now.
        reason: Why.
    """

    start: datetime
    end: datetime | None
    reason: str


@dataclass(slots=True)
class Run:
    """One run of a clock. Instants are in UTC.

    Attributes:
        compiled: The clock.
        started_at: When it was started.
        mark: Where it started: day 0, or the instant.
        total: The allowance, extensions included.
        pauses: Pauses that are over, in order.
        held: What holds it now, with reasons.
        held_since: Since when something holds it.
        ended_at: When it was stopped or cancelled.
        stopped: Whether what it waited for happened.
        extensions: How often it was extended.
        added: Units that extensions added.
        extended_at: When it was extended last.
        passed: Steps that the trail says were passed, and when; ``None`` is the breach.
        adopted_ended: Whether it had ended before the record was adopted.
    """

    compiled: CompiledClock
    started_at: datetime
    mark: Mark
    total: Amount
    pauses: list[Pause] = field(default_factory=list)
    held: dict[str | None, str] = field(default_factory=dict)
    held_since: datetime | None = None
    ended_at: datetime | None = None
    stopped: bool = False
    extensions: int = 0
    added: int = 0
    extended_at: datetime | None = None
    passed: dict[str | None, datetime] = field(default_factory=dict)
    adopted_ended: bool = False

    @classmethod
    def start(cls, compiled: CompiledClock, at: datetime, held: dict[str | None, str]) -> Run:
        """Return a run that starts at ``at``, held by what holds its clock already."""
        mark = compiled.measure.mark(at)
        total = compiled.allowance_from(mark)
        return cls(compiled, at, mark, total, held=held, held_since=at if held else None)

    def hold(self, by: str | None, reason: str, at: datetime) -> None:
        """Note that something holds the run from ``at`` on."""
        if not self.held:
            self.held_since = at
        self.held[by] = reason

    def release(self, by: str | None, at: datetime) -> None:
        """Note that something no longer holds the run."""
        if by in self.held:
            pause = self.open_pause
            del self.held[by]
            if not self.held and pause is not None:
                self.held_since = None
                self.pauses.append(Pause(pause.start, at, pause.reason))

    @property
    def all_pauses(self) -> tuple[Pause, ...]:
        """The pauses that are over, and the one that is not."""
        pause = self.open_pause
        return tuple(self.pauses) if pause is None else (*self.pauses, pause)

    @property
    def open_pause(self) -> Pause | None:
        """The pause that is not over, with the reason of what has held the run longest."""
        if self.held_since is None:
            return None
        return Pause(self.held_since, None, next(iter(self.held.values())))

    def end(self, at: datetime, *, stopped: bool) -> None:
        """Note that the run was stopped, or else cancelled; what held it holds it no longer."""
        for by in tuple(self.held):
            self.release(by, at)
        self.ended_at = at
        self.stopped = stopped

    def extend(self, units: int, at: datetime) -> None:
        """Raise the allowance, unless the run is over or its policy does not reach that far."""
        measure, compiled = self.compiled.measure, self.compiled
        if self.ended_at is not None or (self.ran_out(at) and not compiled.extends_after_expiry):
            return
        base = self.consumed_to(measure.mark(at)) if compiled.extends_from_grant else self.total
        self.total = base + measure.amount(units)
        self.extensions += 1
        self.added += units
        self.extended_at = at

    def excluded(self, resumed_at: datetime | None = None) -> Iterator[tuple[Mark, Mark | None]]:
        """Yield the marks after which and up to which nothing is consumed, in order.

        Args:
            resumed_at: When an open pause is taken to end; ``None`` leaves it open.
        """
        over_before = self.compiled.measure.over_before
        for pause in self.pauses:
            yield over_before(pause.start), over_before(pause.end)  # type: ignore[arg-type] # these are over
        if self.held_since is not None:
            end = None if resumed_at is None else over_before(resumed_at)
            yield over_before(self.held_since), end

    def reach(self, amount: Amount, resumed_at: datetime | None = None) -> Mark | None:
        """Return the first mark at which ``amount`` is consumed.

        Args:
            amount: How much of the allowance.
            resumed_at: When an open pause is taken to end; ``None`` leaves it open.

        Returns:
            ``None`` when an open pause is in the way.
        """
        measure = self.compiled.measure
        position = self.mark
        for begin, end in self.excluded(resumed_at) if amount else ():
            if begin > position:
                consumed = measure.between(position, begin)
                if consumed >= amount:
                    break
                amount -= consumed
            if end is None:
                return None
            position = max(position, end)
        return measure.advance(position, amount)

    def consumed_to(self, mark: Mark) -> Amount:
        """Return how much is consumed when ``mark`` is over."""
        measure = self.compiled.measure
        position, consumed = self.mark, measure.zero
        for begin, end in self.excluded():
            if begin >= mark:
                break
            if begin > position:
                consumed += measure.between(position, begin)
            if end is None:
                return consumed
            position = max(position, end)
        return consumed + measure.between(position, mark) if mark > position else consumed

    def instant_of(self, mark: Mark | None) -> datetime | None:
        """Return when ``mark`` is over, but not before the start."""
        if mark is None:
            return None
        return max(self.compiled.measure.end(mark), self.started_at)

    def ran_out(self, at: datetime) -> bool:
        """Whether an action at ``at`` is too late."""
        return self.is_late(at, self.instant_of(self.reach(self.total)))

    def is_late(self, at: datetime, due: datetime | None) -> bool:
        """Whether ``at`` is later than ``due``, or at it where that is too late."""
        if due is None:
            return False
        return at > due or (at == due and not self.compiled.inclusive)

    def target_of(self, step: CompiledStep) -> Amount:
        """Return how much is consumed when a step comes."""
        measure = self.compiled.measure
        if step.fraction is not None:
            return measure.share(self.total, step.fraction)
        return max(self.total + measure.amount(step.offset), measure.zero)

    def is_done(self, step: CompiledStep, at: datetime) -> bool:
        """Whether the trail says that a step which comes at ``at`` was passed.

        An extension that moves a step ahead again makes it come again.
        """
        passed = self.passed.get(step.id)
        if passed is None:
            return False
        return self.extended_at is None or passed > self.extended_at or at <= self.extended_at
