"""Explain one deal in depth: every check, the ways to its ends, each clock day by day, each fee.

This module does not know how a deal is found in a file.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from cosell.cli.deal_page import write_deal
from cosell.cli.page import Page
from cosell.cli.plain import deal_as_dict
from cosell.cli.review import Choice, Reviewed, Reviewer, asker, is_input
from cosell.cli.words import (
    cites_text,
    count_text,
    inputs_text,
    moment_text,
    obstacle_text,
    roles_text,
)
from cosell.definition import Process, StageKind
from cosell.engine import Path, PathStep, path
from cosell.findings import Finding, Verdict, seen_in

__all__ = ["best_path", "explanation_as_dict", "write_explanation"]

_MARKS: Final = {
    Verdict.MET: "✓",
    Verdict.UNMET: "✗",
    Verdict.UNKNOWN: "?",
    Verdict.NOT_APPLICABLE: "·",
}
#: Which criterion of which gate a finding is about.
_Key: TypeAlias = tuple[str | None, str]
_ENDS: Final = {
    StageKind.WON: "is won",
    StageKind.LOST: "is lost",
    StageKind.CLOSED: "is closed",
}


def best_path(reviewer: Reviewer, reviewed: Reviewed) -> Path:
    """Return the ways from here, as the role sees them for whom the least stands in the way."""
    roles = (reviewer.role,) if reviewer.role else tuple(reviewer.bound.process.roles)
    paths = [
        path(
            reviewer.bound,
            reviewed.record,
            actor=asker(reviewed.record, role),
            at=reviewer.at,
            facts=reviewed.deal.facts,
            rates=reviewer.rates,
        )
        for role in roles
    ]
    return min(
        paths, key=lambda found: sum(len(it.obstacles) for way in found.ways.values() for it in way)
    )


def write_explanation(page: Page, reviewer: Reviewer, reviewed: Reviewed) -> None:
    """Write everything about one deal."""
    process = reviewer.bound.process
    write_deal(page, reviewed, process)
    _write_ways(page, best_path(reviewer, reviewed), reviewed, process)
    page.heading("Every check of every move")
    for choice in reviewed.choices:
        _write_checks(page, choice)
    if reviewed.promises:
        page.heading("Clocks, day by day")
    for promise in reviewed.promises:
        for line in promise.reading.explain():
            page.line(line, indent=2)
    if reviewed.fees is not None:
        page.heading("Fees, step by step")
        for text in reviewed.fees.explain().splitlines():
            page.line(text.strip(), indent=2 + len(text) - len(text.lstrip()))


def _write_ways(page: Page, found: Path, reviewed: Reviewed, process: Process) -> None:
    here = reviewed.stage.kind
    page.heading("Where it can go")
    if here in _ENDS:
        page.line(f"It {_ENDS[here]}.", indent=2)
    elif not found.ways:
        page.line("Nowhere: no move leads to an end.", indent=2)
    told: set[_Key] = set()
    for kind in (kind for kind in _ENDS if kind in found.ways and kind is not here):
        way = found.ways[kind]
        count = count_text(len(way), "step")
        page.line(f"The shortest way on which it {_ENDS[kind]} ({count}):", indent=2, style="bold")
        for number, step in enumerate(way, 1):
            _write_step(page, number, step, process, told)
        told |= {_key(finding) for step in way for finding in step.findings}
    timed = [(it.clock, it.due_at) for it in found.ended_by if it.due_at is not None]
    for clock, due_at in timed:
        page.line(f"Clock {clock} moves it by itself {moment_text(due_at)}.", indent=2)


def _key(finding: Finding) -> _Key:
    return finding.check.gate, finding.id


def _write_step(page: Page, number: int, step: PathStep, process: Process, told: set[_Key]) -> None:
    """Write a step; what stands in its way is left out where a way before has told it."""
    who = roles_text(process, step.roles)
    page.line(f"{step.trigger}: {step.source} → {step.target} ({who})", mark=f"{number}.", indent=4)
    inputs = [finding for finding in step.obstacles if is_input(finding)]
    others = [finding for finding in step.obstacles if finding not in inputs]
    if inputs:
        page.line(inputs_text(inputs), mark="·", indent=7)
    for finding in others:
        if _key(finding) not in told:
            page.line(obstacle_text(finding), mark="✗", indent=7)
    if again := sum(_key(finding) in told for finding in others):
        page.line(f"{count_text(again, 'obstacle')} as above", mark="✗", indent=7)
    for finding in step.advice:
        if _key(finding) not in told:
            page.line(f"advised: {obstacle_text(finding)}", mark="·", indent=7)


def _write_checks(page: Page, choice: Choice) -> None:
    decision = choice.decision
    only_inputs = choice.open and not choice.permitted
    outcome = inputs_text(choice.inputs) if only_inputs else decision.outcome.replace("_", " ")
    page.line(f"{choice.trigger} → {choice.target.id}: {outcome}", indent=2, style="bold")
    for finding in decision.findings:
        page.line(_check(finding), mark=_MARKS[finding.verdict], indent=4)


def _check(finding: Finding) -> str:
    sentences = ", ".join(seen_in(finding))
    seen = f" ({sentences})" if sentences else ""
    cured = "" if finding.passes else f" {finding.remedy}"
    verdict = finding.verdict.value.replace("_", " ")
    return (
        f"{finding.id}, {verdict}: {finding.check.needed}{seen}.{cured}{cites_text(finding.cites)}"
    )


def explanation_as_dict(reviewer: Reviewer, reviewed: Reviewed) -> dict[str, Any]:
    """Return everything about one deal as plain values."""
    found = best_path(reviewer, reviewed)
    return deal_as_dict(reviewed) | {
        "checks": {
            choice.trigger: [finding.as_dict() for finding in choice.decision.findings]
            for choice in reviewed.choices
        },
        "ways": {
            kind.value: [
                {
                    "trigger": step.trigger,
                    "source": step.source,
                    "target": step.target,
                    "roles": list(step.roles),
                    "obstacles": [finding.as_dict() for finding in step.obstacles],
                    "advice": [finding.as_dict() for finding in step.advice],
                }
                for step in way
            ]
            for kind, way in found.ways.items()
        },
        "explained": {
            promise.clock.id: list(promise.reading.explain()) for promise in reviewed.promises
        },
    }
