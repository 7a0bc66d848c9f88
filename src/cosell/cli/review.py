"""Review one deal: where it stands, what it may do, what is in its way, what is due, what it earns.

Rules:

1. Due clocks are settled first: the answer is that of the review's moment.
2. A move is asked about as each role that may ask for it, for the deal's own partner, and the best
   answer counts: it is permitted if somebody may take it. With a role given, as that role alone.
3. A move that only wants fields filled in is open: whoever takes it brings them.
4. A clock counts as overdue while nobody has answered and its line has not ended.
5. A clock that starts with a stage is not read where nobody recorded since when the deal is in it.

This module does not know how a result is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cosell.calendars import Calendar
from cosell.cli.deals import Deal
from cosell.cli.fees import FeeBook
from cosell.cli.implied import implied_moments
from cosell.clocks import ClockState, Reading
from cosell.definition import CLOCK_ROLE, Stage, StageKind
from cosell.definition.clock import Clock
from cosell.engine import Bound, Decision, read_clocks, settle
from cosell.engine.bound import BoundLine, Move
from cosell.engine.decide import decide_settled
from cosell.engine.facts import read_facts
from cosell.engine.insiders import require_insider
from cosell.engine.question import Question
from cosell.events import Actor
from cosell.fees import Assessment
from cosell.findings import CheckKind, Finding
from cosell.models import Record
from cosell.money import Rates

__all__ = ["Choice", "Promise", "Reviewed", "Reviewer", "asker", "is_input"]

Facts = Mapping[str, Any] | None
_ACTOR: Final = "actor."
_BAD_ENDS: Final = frozenset({StageKind.LOST, StageKind.CLOSED})


@dataclass(frozen=True, slots=True)
class Choice:
    """One move that leaves where a deal stands.

    Attributes:
        trigger: What is asked for; in a track with its name.
        label: What people read.
        track: The track; ``None`` is the main line.
        begun: Whether that line has left its first stage.
        stays: Whether it leaves the line where it stands.
        target: The stage it leads to.
        roles: Who may ask for it.
        decision: What was decided, as the role that comes furthest.
    """

    trigger: str
    label: str
    track: str | None
    begun: bool
    stays: bool
    target: Stage
    roles: tuple[str, ...]
    decision: Decision

    @property
    def permitted(self) -> bool:
        """Whether it may be taken now."""
        return self.decision.permitted

    @property
    def inputs(self) -> tuple[Finding, ...]:
        """The fields that are still to be filled in."""
        return tuple(each for each in self.decision.obstacles if is_input(each))

    @property
    def obstacles(self) -> tuple[Finding, ...]:
        """What else is in the way."""
        return tuple(each for each in self.decision.obstacles if not is_input(each))

    @property
    def open(self) -> bool:
        """Whether nothing is in the way but fields to be filled in."""
        return not self.obstacles

    @property
    def idle(self) -> bool:
        """Whether it only ends a track that never began."""
        return self.track is not None and not self.begun and self.target.kind in _BAD_ENDS

    @property
    def leads_on(self) -> bool:
        """Whether it takes the deal forward: on the main line, to another stage, no bad end."""
        forward = self.target.kind in {StageKind.OPEN, StageKind.WON}
        return self.track is None and forward and not self.stays


def is_input(finding: Finding) -> bool:
    """Whether it asks for a field that whoever moves fills in."""
    return finding.check.kind is CheckKind.INPUT


@dataclass(frozen=True, slots=True)
class Promise:
    """A clock that was started, with how it stands.

    Attributes:
        clock: Its definition.
        reading: How it stands.
        waits: Whether its line goes on, so that somebody may still answer.
    """

    clock: Clock
    reading: Reading
    waits: bool

    @property
    def overdue(self) -> bool:
        """Whether it ran out, and nobody has answered yet."""
        return self.waits and self.reading.overdue and self.reading.ended_at is None

    @property
    def running(self) -> bool:
        """Whether somebody must still act, in time."""
        return self.waits and self.reading.state is ClockState.RUNNING


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A deal with all that was found about it.

    Attributes:
        deal: The deal as it was read.
        record: Its record, settled.
        stage: Where it stands at the moment of the review.
        choices: The moves that leave that stage, and those of its running tracks.
        promises: The clocks that were started.
        fees: What it earns; ``None`` without a fee plan.
        missing_moments: Moments that its stage implies, and the file does not give.
    """

    deal: Deal
    record: Record
    stage: Stage
    choices: tuple[Choice, ...]
    promises: tuple[Promise, ...]
    fees: Assessment | None
    missing_moments: tuple[str, ...] = ()

    @property
    def moved_by_clock(self) -> bool:
        """Whether a clock has moved it on from the stage that the file names."""
        return self.deal.record.stage != self.record.stage

    @property
    def ended(self) -> bool:
        """Whether its main line has ended."""
        return self.stage.kind is not StageKind.OPEN


class Reviewer:
    """Reviews deals of one process at one moment."""

    def __init__(
        self,
        bound: Bound,
        *,
        at: datetime,
        role: str | None = None,
        rates: Rates | None = None,
        fees: FeeBook | None = None,
        assumed: Sequence[str] = (),
    ) -> None:
        self.bound = bound
        self.at = at
        self.role = role
        self.rates = rates
        self.fees = fees
        self.assumed = tuple(assumed)
        self._implied = implied_moments(bound.process.lines[None])
        self._stages = {stage.id: stage for stage in bound.process.stages}

    @property
    def calendars(self) -> dict[str, Calendar]:
        """The calendars by which clocks count."""
        return dict(self.bound.calendars)

    def review(self, deal: Deal) -> Reviewed:
        """Return what is found about a deal.

        Raises:
            CosellError: A clock or a fee cannot be read for this deal.
        """
        record = settle(self.bound, deal.record, at=self.at, facts=deal.facts).record
        facts = read_facts(self.bound.process.facts, deal.facts)
        return Reviewed(
            deal=deal,
            record=record,
            stage=self._stages[record.stage],
            choices=tuple(self._choices(record, facts)),
            promises=tuple(self._promises(record, deal)),
            fees=self.fees.assess(record, at=self.at, rates=self.rates) if self.fees else None,
            missing_moments=tuple(
                name
                for name in self._implied.get(deal.record.stage, ())
                if getattr(deal.record, name) is None
            ),
        )

    def _choices(self, record: Record, facts: Facts) -> Iterator[Choice]:
        for line in self.bound.lines_of(record):
            if self.bound.is_running(line, record):
                stage = line.stage_of(record)
                for trigger, moves in line.leaving.get(stage, ()):
                    roles = _roles_of(moves)
                    if self.role in {None, *roles}:
                        asked = (self.role,) if self.role else roles
                        decision = self._decided(asked, moves, record, facts)
                        yield _choice(line, stage, trigger, moves[0], roles, decision)

    def _decided(
        self, roles: Sequence[str], moves: tuple[Move, ...], record: Record, facts: Facts
    ) -> Decision:
        """Return the decision for the role that comes furthest."""
        decisions: list[Decision] = []
        for role in roles:
            decisions.append(self._ask(role, moves, record, facts))
            if not _depends_on_actor(decisions[-1], moves):
                break
        return min(decisions, key=lambda decision: len(decision.obstacles))

    def _ask(self, role: str, moves: tuple[Move, ...], record: Record, facts: Facts) -> Decision:
        """Return the decision for a role; the record is settled already, once for all of them."""
        actor, at, rates = asker(record, role), self.at, self.rates
        require_insider(self.bound, record, actor=actor, at=at, facts=facts, rates=rates)
        return decide_settled(moves, record, Question(actor, at, facts=facts, rates=rates))

    def _promises(self, record: Record, deal: Deal) -> Iterator[Promise]:
        for reading in read_clocks(self.bound, record, at=self.at, facts=deal.facts):
            if reading.state is not ClockState.NOT_STARTED and not _is_invented(reading, deal):
                name = (
                    reading.clock if reading.track is None else f"{reading.track}.{reading.clock}"
                )
                line, compiled = self.bound.clock(name, record)
                yield Promise(compiled.clock, reading, waits=line.is_open(record))


def _choice(
    line: BoundLine,
    stage: str,
    trigger: str,
    first: Move,
    roles: tuple[str, ...],
    decision: Decision,
) -> Choice:
    transition = (decision.move or first).transition
    target = transition.target_from(stage)
    return Choice(
        trigger=line.trigger_of(trigger),
        label=transition.label or trigger,
        track=line.name,
        begun=stage != line.definition.initial,
        stays=stage == target,
        target=next(each for each in line.definition.stages if each.id == target),
        roles=roles,
        decision=decision,
    )


def _is_invented(reading: Reading, deal: Deal) -> bool:
    """Whether a clock starts at a moment that only stands in for one that is not recorded."""
    return deal.since is None and reading.started_at == deal.record.trail[0].at


def asker(record: Record, role: str) -> Actor:
    """Return who asks about a deal: somebody in ``role``, for the deal's own partner."""
    partner = getattr(record, "partner", None)
    return Actor("reviewer", role=role, party=getattr(partner, "id", None))


def _roles_of(moves: tuple[Move, ...]) -> tuple[str, ...]:
    """Return who may ask, in the order of the definition; clocks ask for themselves."""
    roles = (role for move in moves for role in move.transition.roles if role != CLOCK_ROLE)
    return tuple(dict.fromkeys(roles))


def _depends_on_actor(decision: Decision, moves: tuple[Move, ...]) -> bool:
    """Whether somebody else might get another answer."""
    return not decision.permitted and (
        len(moves) > 1
        or any(
            path.startswith(_ACTOR)
            for finding in decision.obstacles
            for path in finding.check.paths
        )
    )
