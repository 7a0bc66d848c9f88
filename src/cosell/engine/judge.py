"""Check everything about the candidates for one trigger, and say which of them is taken.

This module does not settle clocks, and does not know what a decision looks like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final, NamedTuple

from cosell.engine.bound import Move
from cosell.engine.checks import examine_plain_checks, may_override, override_check
from cosell.engine.decision import Outcome, is_overridden
from cosell.engine.draft import draft_of
from cosell.engine.question import Question
from cosell.findings import CheckKind, Finding, Verdict
from cosell.models.record import Record

__all__ = ["ORDER", "Judged", "judge", "outcome_of"]


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
            if finding.is_obstacle and not is_overridden(finding, self.overridden)
        ]


def judge(moves: Sequence[Move], record: Record, question: Question) -> list[Judged]:
    """Return everything that is found about each candidate, in their order."""
    return [_judge(move, record, question, index) for index, move in enumerate(moves)]


def _judge(move: Move, record: Record, question: Question, index: int) -> Judged:
    """Check everything about one candidate."""
    actor, at, data, facts, rates, *_ = question
    draft = record
    if data or move.reads_writes:
        draft = draft_of(move, record, data, actor=actor, at=at)
    part = move.line.part_of(draft)
    findings = list(examine_plain_checks(move, record, draft, question))
    for gate in move.gates:
        findings += gate.examine(part, draft, actor, facts, at, rates)
    criteria = _overridden(findings)
    may = may_override(move, question)
    if question.override and criteria and not may:
        findings.append(Finding(override_check(move), Verdict.UNMET, (actor.role,)))
    if index:
        findings = [replace(finding, candidate=index) for finding in findings]
    return Judged(move, tuple(findings), criteria if may else ())


def _overridden(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return the ids of the criteria that stand in the way, each once."""
    ids = (
        finding.id
        for finding in findings
        if finding.is_obstacle and finding.check.kind is CheckKind.CRITERION
    )
    return tuple(dict.fromkeys(ids))


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
