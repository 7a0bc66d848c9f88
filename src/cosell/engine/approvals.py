"""Who will be asked to approve, in which order, and what was answered already.

Rules:

1. A row that surely does not apply is left out; one of which that is not known is shown, with
   what is missing.
2. Only answers that stand count: one that was given for other values is shown as void.
3. A row can be answered in the stages of its chain, when all that come before it have approved and
   nothing is rejected.

This module does not know who asks, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from cosell.engine.bound import Bound, BoundLine
from cosell.engine.chains import BoundChain
from cosell.engine.facts import read_facts
from cosell.engine.settle import CLOCK, settle
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor
from cosell.findings import Finding, Verdict
from cosell.models.approval import Approval
from cosell.models.record import Record
from cosell.money import Rates

__all__ = ["ApprovalState", "ApprovalStep", "preview_approvals"]

#: Nobody: who is asked does not depend on who looks.
_NOBODY: Final[Actor] = CLOCK


class ApprovalState(StrEnum):
    """Where one row of a chain stands."""

    APPROVED = "approved"
    REJECTED = "rejected"
    OPEN = "open"  # it can be answered now
    WAITING = "waiting"  # others come first, something is rejected, or the stage is another one
    UNKNOWN = "unknown"  # whether it is asked is not known


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """One row of a chain, for one record.

    Attributes:
        chain: The chain; in a track with its name, ``poc.scope``.
        row: Id of the row.
        role: Who is asked.
        order: Rows of a lower order come first; rows of one order are asked side by side.
        label: What people read.
        state: Where it stands.
        finding: Whether it is approved, with the values that were read: what is missing, where
            it is not known whether it is asked.
        answer: The answer that stands, if there is one.
        void: The last answer that counts no more, because what it was given for has changed.
        triggers: What asks for an approval of it, and for a rejection.
    """

    chain: str
    row: str
    role: str
    order: int
    label: str | None
    state: ApprovalState
    finding: Finding
    answer: Approval | None
    void: Approval | None
    triggers: tuple[str, str]


@tells_kinds
def preview_approvals(
    bound: Bound,
    record: Record,
    *,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    rates: Rates | None = None,
) -> tuple[ApprovalStep, ...]:
    """Return who will be asked to approve, in order, and what was answered.

    Args:
        bound: The process.
        record: Where the deal stands. It is settled first, and not changed.
        at: The moment of asking, with a time zone.
        facts: Values from outside the record.
        rates: Dated exchange rates.

    Returns:
        A step for each row that applies, or may; the chains of the main line first, each with
        rows of a lower order first.

    Raises:
        InvalidDataError: ``facts`` do not fit.
        NaiveDatetimeError: ``at`` has no time zone.
        WrongProcessError: ``record`` does not follow this process.

    Source:
        BX-8.

    Example:
        >>> from datetime import UTC, datetime
        >>> from cosell import Actor, Opportunity, bind, open_record, parse_process
        >>> process = parse_process('''
        ... id = "small"
        ... version = 1
        ... record = "Opportunity"
        ... initial = "asked"
        ... roles = { manager = "Manager" }
        ... stages = [{ id = "asked" }, { id = "won", kind = "won" }]
        ... gates = { approved = { approvals = ["deal"] } }
        ... [approvals.deal]
        ... source = "asked"
        ... rows = [{ id = "large", role = "manager", when = "acv > '1 USD'" }]
        ... [[transitions]]
        ... trigger = "win"
        ... source = "asked"
        ... target = "won"
        ... roles = ["manager"]
        ... gates = ["approved"]
        ... ''')
        >>> small = bind(process, record=Opportunity)
        >>> me, now = Actor("m-1", role="manager"), datetime(2026, 11, 20, tzinfo=UTC)
        >>> deal = open_record(small, Opportunity(id="o-1"), actor=me, at=now).record
        >>> [(step.role, step.state.value) for step in preview_approvals(small, deal, at=now)]
        [('manager', 'unknown')]
    """
    bound.require_own(record)
    facts = read_facts(bound.process.facts, facts)
    here = settle(bound, record, at=at, facts=facts).record
    found: list[ApprovalStep] = []
    for line in bound.lines.values():
        for chain in line.chains.values():
            part = line.part_of(here)
            findings = chain.gate.examine(part, here, _NOBODY, facts, at, rates)
            now = bound.is_running(line, here) and line.stage_of(here) in chain.stages
            found += _steps(line, chain, here, findings, now=now)
    return tuple(found)


def _steps(
    line: BoundLine,
    chain: BoundChain,
    record: Record,
    findings: tuple[Finding, ...],
    *,
    now: bool,
) -> Iterator[ApprovalStep]:
    """Yield the rows of a chain that apply, or may; ``now`` is whether it can be answered now."""
    given = [it for it in getattr(record, "approvals", ()) if it.chain == chain.name.full]
    standing = [it for it in given if it.stands_on(record)]
    void = {it.row: it for it in given if it not in standing}
    answers = {it.row: it for it in standing}
    rejected = any(it.outcome == "rejected" for it in standing)
    approve, reject = chain.name.triggers
    rows = [
        (row, finding)
        for row, finding in zip(chain.rows, findings, strict=True)
        if finding.verdict is not Verdict.NOT_APPLICABLE
    ]
    for row, finding in rows:
        first = any(earlier.order < row.order and not verdict.passes for earlier, verdict in rows)
        yield ApprovalStep(
            chain=chain.name.full,
            row=row.id,
            role=row.role,
            order=row.order,
            label=row.label,
            state=_state(answers.get(row.id), finding, waits=first or rejected or not now),
            finding=finding,
            answer=answers.get(row.id),
            void=void.get(row.id),
            triggers=(line.trigger_of(approve), line.trigger_of(reject)),
        )


def _state(answer: Approval | None, finding: Finding, *, waits: bool) -> ApprovalState:
    if answer is not None:
        return ApprovalState(answer.outcome)
    if finding.verdict is Verdict.UNKNOWN:
        return ApprovalState.UNKNOWN
    return ApprovalState.WAITING if waits else ApprovalState.OPEN
