"""Write one deal as a person reads it: where it stands, what is due, what it may do, what it earns.

Rules:

1. What is due stands first, then what may be done, then what is in the way, each with its remedy.
2. Moves that the same things stop are written together.
3. Moves that leave the deal where it stands share one line.
4. Tracks that have not begun share one line; ending what never began is left out. ``explain``
   shows what stands before their first move.

This module does not know where a deal comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Final

from cosell.cli.page import Page
from cosell.cli.review import Choice, Promise, Reviewed
from cosell.cli.urgency import Urgency, urgency_of
from cosell.cli.words import (
    amount_text,
    cites_text,
    count_text,
    day_text,
    inputs_text,
    moment_text,
    obstacle_text,
    roles_text,
    stage_text,
)
from cosell.clocks import ClockState
from cosell.definition import Process
from cosell.engine.items import split_name
from cosell.fees import Assessment, FeeLine, Truth
from cosell.findings import Finding, Verdict

__all__ = ["write_deal"]

_URGENT: Final = frozenset({Urgency.OVERDUE, Urgency.DUE, Urgency.PAYABLE})


def write_deal(
    page: Page, reviewed: Reviewed, process: Process, *, number: int | None = None
) -> None:
    """Write one deal.

    Args:
        page: Where to.
        reviewed: The deal.
        process: Its process, for the names of roles.
        number: Its place in a list.
    """
    page.raw("")
    page.line(_head(reviewed), mark=f"{number}." if number else "", style="bold")
    page.line(_place(reviewed), indent=3)
    for promise in reviewed.promises:
        write_promise(page, promise, process)
    _write_choices(page, reviewed, process)
    if reviewed.fees is not None:
        write_fees(page, reviewed.fees)


def _head(reviewed: Reviewed) -> str:
    record = reviewed.record
    customer = getattr(getattr(record, "customer", None), "name", None)
    names = [record.id, getattr(record, "name", None) or customer]
    value = getattr(record, "acv", None) or getattr(record, "value", None)
    worth = amount_text(value.amount, value.currency) if value is not None else "value not recorded"
    return " · ".join([*filter(None, names), worth])


def _place(reviewed: Reviewed) -> str:
    since = reviewed.deal.since
    when = (
        f" since {day_text(since.date())}" if since is not None else ", since when is not recorded"
    )
    text = f"{stage_text(reviewed.stage)}{when}"
    if reviewed.moved_by_clock:
        moved = reviewed.record.trail[-1]
        day = day_text(moved.at.date())
        text += f"; a clock moved it on from {reviewed.deal.record.stage} on {day}"
    urgency, _ = urgency_of(reviewed)
    return f"{text} ({urgency.value})" if urgency in _URGENT else text


def write_promise(page: Page, promise: Promise, process: Process) -> None:
    """Write how a clock stands."""
    clock, reading = promise.clock, promise.reading
    name = f"{clock.label or clock.id}{cites_text(clock.cites)}"
    owner = f"; {roles_text(process, [clock.owner])}" if clock.owner else ""
    if promise.overdue:
        page.line(
            f"OVERDUE {name}: was due {_moment(reading.due_at)}{owner}",
            mark="●",
            indent=3,
            style="bold red",
        )
    elif promise.running:
        page.line(
            f"due {_moment(reading.due_at)}: {name}{owner}", mark="●", indent=3, style="yellow"
        )
    elif reading.state is ClockState.PAUSED:
        page.line(f"paused, no due date: {name}{owner}", mark="●", indent=3)
    else:
        ended = f" on {_moment(reading.ended_at)}" if reading.ended_at is not None else ""
        page.line(f"{reading.state.value.replace('_', ' ')}{ended}: {name}", mark="●", indent=3)


def _moment(moment: datetime | None) -> str:
    return "at no known moment" if moment is None else moment_text(moment)


def _write_choices(page: Page, reviewed: Reviewed, process: Process) -> None:
    kept = [choice for choice in reviewed.choices if not choice.idle]
    waiting = [choice for choice in kept if choice.track is not None and not choice.begun]
    beside = [choice for choice in kept if choice.stays and choice not in waiting]
    moves = [choice for choice in kept if choice not in waiting and choice not in beside]
    for choice in moves:
        if choice.open:
            page.line(_may(choice, process), mark="✓", indent=3, style="green")
            _write_findings(page, choice.decision.advice, "advised: ")
    for group in _alike([it for it in (*moves, *beside) if not it.open]):
        page.line(_may_not(group, process), mark="✗", indent=3)
        _write_findings(page, group[0].obstacles)
        _write_findings(page, group[0].decision.advice, "advised: ")
    if also := ", ".join(_named(choice) for choice in beside if choice.open):
        page.line(f"Also here: {also}", mark="·", indent=3)
    if waiting and not reviewed.ended:
        page.line(f"Not begun: {', '.join(_waits(waiting, process))}", mark="·", indent=3)


def _alike(choices: Iterable[Choice]) -> Iterator[list[Choice]]:
    """Yield choices together that the same things stop."""
    groups: dict[object, list[Choice]] = {}
    for choice in choices:
        stopped = tuple((finding.check.gate, finding.id) for finding in choice.obstacles)
        groups.setdefault((choice.track, choice.roles, stopped), []).append(choice)
    yield from groups.values()


def _may(choice: Choice, process: Process) -> str:
    fill = f"; {inputs_text(choice.inputs)}" if choice.inputs else ""
    return f"{_named(choice)} ({roles_text(process, choice.roles)}){fill}"


def _may_not(group: list[Choice], process: Process) -> str:
    first = group[0]
    names = ", or ".join(_named(choice) for choice in group)
    count = count_text(len(first.obstacles), "obstacle")
    return f"{names} ({roles_text(process, first.roles)}): {count}"


def _waits(waiting: Iterable[Choice], process: Process) -> Iterator[str]:
    """Yield each track that has not begun, and how far its first moves are."""
    for name, choices in groupby(waiting, key=lambda choice: choice.track or ""):
        track, item = split_name(name)
        label = process.tracks[track].label or track
        firsts = "; ".join(f"{choice.label}: {_far(choice)}" for choice in choices)
        yield f"{label}{f' {item}' if item else ''} ({firsts})"


def _far(choice: Choice) -> str:
    return count_text(len(choice.obstacles), "obstacle") if choice.obstacles else "open"


def _named(choice: Choice) -> str:
    _, item = split_name(choice.track or "")
    leads = "" if choice.stays else f" → {stage_text(choice.target)}"
    return f"{choice.label}{f' {item}' if item else ''}{leads}"


def _write_findings(page: Page, findings: Iterable[Finding], before: str = "") -> None:
    for finding in findings:
        page.line(f"{before}{obstacle_text(finding)}", mark="·", indent=5)


def write_fees(page: Page, fees: Assessment) -> None:
    """Write what a deal earns: what holds up every fee once, then each fee with its truths."""
    every = [_reasons(line) for line in fees.lines]
    shared = [reason for reason in every[0] if all(reason in each for each in every)]
    if shared:
        page.line("No fee is payable before this:", mark="$", indent=3)
    for reason in shared:
        page.line(reason, mark="·", indent=5)
    for line, reasons in zip(fees.lines, every, strict=True):
        own = [reason for reason in reasons if reason not in shared]
        page.line(_fee(line), mark="$", indent=3, style="green" if line.payable else None)
        for reason in own:
            page.line(reason, mark="·", indent=5)


def _fee(line: FeeLine) -> str:
    amount = line.amount
    worth = "amount not known" if amount is None else amount_text(amount.amount, amount.currency)
    truths = ", ".join(_truth(truth) for truth in line.truths[:-1])
    return f"{line.label}, {worth}: {truths}"


def _reasons(line: FeeLine) -> list[str]:
    """Return why a fee is not payable, and why its amount is not known."""
    reasons = [
        f"{reason.text}{cites_text(reason.finding.cites)}" for reason in line.payable.reasons
    ]
    if line.computation.problem is not None:
        reasons.append(f"{line.computation.problem}. {line.computation.remedy}")
    return reasons


def _truth(truth: Truth) -> str:
    if truth:
        return truth.name.value
    return (
        f"{'not known whether' if truth.verdict is Verdict.UNKNOWN else 'not'} {truth.name.value}"
    )
