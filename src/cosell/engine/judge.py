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
from cosell.findings import CheckKind, Finding, Verdict, obstacles_in
from cosell.models.record import Record

__all__ = ["ORDER", "Judged", "judge", "outcome_of"]


class Judged(NamedTuple):
    """One candidate with all that was found about it.

    Attributes:
        move: The candidate.
        findings: Everything that was checked.
        obstacles: The findings that stand in the way and are not overridden.
        overridden: Ids of the criteria that are set aside.
    """

    move: Move
    findings: tuple[Finding, ...]
    obstacles: tuple[Finding, ...]
    overridden: tuple[str, ...]


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
    criteria: tuple[str, ...] = ()
    if question.override:
        criteria = _criteria_in(obstacles_in(findings))
        if criteria and not may_override(move, question):
            findings.append(Finding(override_check(move), Verdict.UNMET, (actor.role,)))
            criteria = ()
    if index:
        findings = [replace(finding, candidate=index) for finding in findings]
    obstacles = obstacles_in(findings)
    if criteria:
        obstacles = tuple(each for each in obstacles if not is_overridden(each, criteria))
    return Judged(move, tuple(findings), obstacles, criteria)


def _criteria_in(obstacles: Sequence[Finding]) -> tuple[str, ...]:
    """Return the ids of the criteria that stand in the way, each once."""
    criteria = (each.id for each in obstacles if each.check.kind is CheckKind.CRITERION)
    return tuple(dict.fromkeys(criteria))


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
