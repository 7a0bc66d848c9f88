"""How a deal can be won, and how it can die: the way to each kind of end from here.

This module does not know how a gate is examined.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cosell.clocks import Reading
from cosell.definition.line import StageKind
from cosell.engine.bound import Bound, Move
from cosell.engine.facts import read_facts
from cosell.engine.insiders import require_insider
from cosell.engine.judge import judge
from cosell.engine.question import Question
from cosell.engine.settle import read_clocks, settle
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor
from cosell.findings import Finding
from cosell.models.record import Record
from cosell.money import Rates

__all__ = ["Path", "PathStep", "path"]


@dataclass(frozen=True, slots=True)
class PathStep:
    """One transition on the way, with what its gate finds as the record stands.

    Attributes:
        trigger: What would be asked for.
        source: From where.
        target: To where.
        roles: Who could ask for it.
        findings: What would be found today, role apart.
    """

    trigger: str
    source: str
    target: str
    roles: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def obstacles(self) -> tuple[Finding, ...]:
        """What is still in the way."""
        return tuple(finding for finding in self.findings if finding.is_obstacle)

    @property
    def advice(self) -> tuple[Finding, ...]:
        """What is advised and not met."""
        return tuple(finding for finding in self.findings if finding.is_advice)


@dataclass(frozen=True, slots=True)
class Path:
    """The shortest ways from here, and the clocks that would end the record by themselves.

    Attributes:
        stage: Where the record stands, settled.
        ways: The shortest sequence of transitions to each kind of end that can be reached.
        ended_by: Readings of running clocks whose breach moves the record.
    """

    stage: str
    ways: Mapping[StageKind, tuple[PathStep, ...]]
    ended_by: tuple[Reading, ...]


@tells_kinds
def path(
    bound: Bound,
    record: Record,
    *,
    actor: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    rates: Rates | None = None,
) -> Path:
    """Return how the deal can be won and how it can end otherwise, with all that is missing.

    Args:
        bound: The process to go by.
        record: Where the deal stands. It is settled first, and not changed.
        actor: Who asks; criteria may name the actor, roles are not held against it.
        at: The moment of asking, with a time zone.
        facts: Values from outside the record.
        rates: Dated exchange rates.

    Returns:
        The shortest way to each kind of end, in steps of the main line. Of two ways of one
        length the one that stands first in the file is given.

    Raises:
        InvalidDataError: ``facts`` do not fit.
        NaiveDatetimeError: ``at`` has no time zone.
        WrongProcessError: ``record`` does not follow this process.
        RecordNotFoundError: The process has views, and none is the actor's.

    Source:
        QL-17.

    Example:
        >>> from datetime import UTC, datetime
        >>> from cosell import Actor, Calendar, Opportunity, catalog, open_record
        >>> vendor = Calendar.from_holidays("CZ", tz="Europe/Prague")
        >>> make = catalog.load("make").bind(calendars={"vendor": vendor})
        >>> me, now = Actor("ae-3", role="ae", party="vendor"), datetime(2026, 11, 20, tzinfo=UTC)
        >>> deal = open_record(make, Opportunity(id="o-1"), actor=me, at=now).record
        >>> for end, steps in path(make, deal, actor=me, at=now).ways.items():
        ...     print(end.value, [step.trigger for step in steps])
        lost ['lose']
        closed ['qualify', 'register', 'reject']
        won ['qualify', 'register', ..., 'start_closing', 'win']
    """
    bound.require_own(record)
    require_insider(bound, record, actor=actor, at=at, facts=facts, rates=rates)
    facts = read_facts(bound.process.facts, facts)
    here = settle(bound, record, at=at, facts=facts).record
    question = Question(actor, at, facts=facts, rates=rates)
    ways = {
        kind: tuple(_step(move, here, question) for move in moves)
        for kind, moves in _shortest(bound, bound.main.stage_of(here)).items()
    }
    moving = {
        (clock.track, clock.clock.id)
        for line in bound.lines_of(here)
        for clock in line.clocks
        if clock.breach.trigger is not None
    }
    readings = read_clocks(bound, here, at=at, facts=facts)
    ended_by = tuple(
        reading
        for reading in readings
        if (reading.track, reading.clock) in moving and reading.next_at is not None
    )
    return Path(stage=bound.main.stage_of(here), ways=ways, ended_by=ended_by)


def _shortest(bound: Bound, start: str) -> dict[StageKind, tuple[Move, ...]]:
    """Return the first shortest sequence of moves to each kind of end, breadth first."""
    found: dict[StageKind, tuple[Move, ...]] = {}
    seen = {start}
    queue: deque[tuple[str, tuple[Move, ...]]] = deque([(start, ())])
    while queue:
        stage, way = queue.popleft()
        kind = bound.main.kinds[stage]
        if way and kind is not StageKind.OPEN:
            found.setdefault(kind, way)
        for (_, source), moves in bound.main.moves.items():
            for move in moves:
                if source == stage and move.target not in seen:
                    seen.add(move.target)
                    queue.append((move.target, (*way, move)))
    return found


def _step(move: Move, record: Record, question: Question) -> PathStep:
    (judged,) = judge([move], record, question)
    return PathStep(
        trigger=move.trigger,
        source=move.source,
        target=move.target,
        roles=tuple(sorted(move.roles)),
        findings=tuple(
            finding for finding in judged.findings if finding.check is not move.role_check
        ),
    )
