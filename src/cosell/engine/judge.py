"""Check everything about the candidates for one trigger, and say which of them is taken.

This module does not settle clocks, and does not know what a decision looks like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from cosell.engine.bound import Move
from cosell.engine.checks import examine_plain_checks
from cosell.engine.decision import Outcome
from cosell.engine.draft import draft_of
from cosell.events import Actor
from cosell.findings import CheckKind, Finding
from cosell.models.record import Record
from cosell.money import Rates

__all__ = ["NO_DATA", "ORDER", "Judged", "Question", "judge", "outcome_of"]

#: Data of a call that brings none.
NO_DATA: Final[Mapping[str, Any]] = MappingProxyType({})


class Question(NamedTuple):
    """What is asked, apart from record and trigger."""

    actor: Actor
    at: datetime
    data: Mapping[str, Any] = NO_DATA
    facts: Mapping[str, Any] | None = None
    rates: Rates | None = None
    expected_version: int | None = None
    override: str | None = None


class Judged(NamedTuple):
    """One candidate with all that was found about it."""

    move: Move
    findings: tuple[Finding, ...]
    overridden: tuple[str, ...]

    @property
    def obstacles(self) -> list[Finding]:
        """What stands in the way and is not overridden."""
        return [
            finding
            for finding in self.findings
            if finding.is_obstacle and finding.id not in self.overridden
        ]


def judge(moves: Sequence[Move], record: Record, question: Question) -> list[Judged]:
    """Return everything that is found about each candidate, in their order."""
    return [_judge(move, record, question, index) for index, move in enumerate(moves)]


def _judge(move: Move, record: Record, question: Question, index: int) -> Judged:
    """Check everything about one candidate."""
    actor, at, data, facts, rates, _, reason = question
    draft = record
    if data or move.reads_writes:
        draft = draft_of(move, record, data, actor=actor, at=at)
    part = move.line.part_of(draft)
    findings = list(examine_plain_checks(move, draft, actor=actor, at=at, data=data, facts=facts))
    for gate in move.gates:
        findings += gate.examine(part, draft, actor, facts, at, rates)
    if index:
        findings = [replace(finding, candidate=index) for finding in findings]
    return Judged(move, tuple(findings), _set_aside(move, actor, reason, findings))


def _set_aside(
    move: Move, actor: Actor, reason: str | None, findings: Sequence[Finding]
) -> tuple[str, ...]:
    """Return the ids of the criteria that an override sets aside."""
    override = move.transition.override
    if not reason or override is None or actor.role not in override.roles:
        return ()
    return tuple(
        finding.id
        for finding in findings
        if finding.is_obstacle and finding.check.kind is CheckKind.CRITERION
    )


ORDER: Final = tuple(Outcome)
#: What an obstacle of this kind makes of a decision; any other kind is just an obstacle.
_OUTCOME_OF: Final = MappingProxyType(
    {
        CheckKind.VERSION: Outcome.STALE_VERSION,
        CheckKind.ROLE: Outcome.WRONG_ROLE,
        CheckKind.CLOCK: Outcome.OUT_OF_TIME,
    }
)


def outcome_of(obstacles: Sequence[Finding]) -> Outcome:
    """Return the first outcome, in the order of the list, that the obstacles come to."""
    outcomes = [_OUTCOME_OF.get(finding.check.kind, Outcome.OBSTACLES) for finding in obstacles]
    return min(outcomes, key=ORDER.index, default=Outcome.PERMITTED)
