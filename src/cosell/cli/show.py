"""Explain a process to whoever sells by it: stages, moves, gates, clocks, who sees and edits what.

This module does not know how a record moves through a process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cosell.cli.page import Page
from cosell.cli.words import cites_text, roles_text
from cosell.definition import (
    ApprovalChain,
    Gate,
    Line,
    Method,
    Process,
    Stage,
    StageKind,
    Transition,
    criteria_of,
)
from cosell.definition.asked import label_of
from cosell.definition.clock import Clock
from cosell.definition.line import ANY_OPEN
from cosell.definition.method import LEVELS, weight_of
from cosell.draw.clocks import clock_notes, promise
from cosell.draw.telling import Teller, flat
from cosell.findings import Severity
from cosell.rules import Criterion
from cosell.rules.explain import shown_constant

__all__ = ["process_as_dict", "write_process"]


def process_as_dict(process: Process) -> dict[str, Any]:
    """Return a definition as plain values, with its digest."""
    return process.model_dump(mode="json", exclude_defaults=True) | {"digest": process.digest}


def write_process(page: Page, process: Process) -> None:
    """Write a whole process."""
    page.line(
        f"{process.label or process.id} ({process.id}, version {process.version})", style="bold"
    )
    if process.help:
        page.line(flat(process.help))
    page.line(f"Records: {process.record}. Zone: {process.zone}.{cites_text(process.cites)}")
    if process.calendars:
        page.line(f"Calendars to be given: {', '.join(process.calendars)}.")
    page.heading("Roles")
    page.table(list(process.roles.items()))
    if process.parameters:
        page.heading("Numbers and names that can be changed")
        page.table([(name, shown_constant(value)) for name, value in process.parameters.items()])
    if process.facts:
        page.heading("Facts from outside")
        page.table(list(process.facts.items()))
    _write_line(page, Teller(process, process), None)
    _write_shared(page, Teller(process, process))
    for name, track in process.tracks.items():
        teller = Teller(process, track)
        page.heading(f"Track {name}: {track.label or name}{cites_text(track.cites)}")
        if track.help:
            page.line(flat(track.help), indent=2)
        page.line(teller.led(track, name), indent=2)
        _write_line(page, teller, name)


def _write_shared(page: Page, teller: Teller) -> None:
    """Write what the main line and all tracks have in common."""
    process = teller.process
    _write_rows(
        page,
        "Who sees what",
        (
            (f"{view.label}: " * bool(view.label) + teller.seen(view), view.help, view.cites)
            for view in process.views
        ),
    )
    _write_rows(
        page,
        "Claims: what one record alone may hold",
        (
            (": ".join(filter(None, (name, it.label))), "; ".join(teller.claimed(it)), it.cites)
            for name, it in process.claims.items()
        ),
    )
    if process.methods:
        page.heading("Qualification methods")
    for name, method in process.methods.items():
        _write_method(page, name, method)
    if process.merge is not None:
        page.heading("Two records that are one")
        merge = process.merge
        said = f"the duplicate takes {merge.trigger}; by {roles_text(process, merge.roles)}"
        page.line(f"{said}{cites_text(merge.cites)}", indent=2)


def _write_rows(
    page: Page, title: str, rows: Iterable[tuple[str, str | None, tuple[str, ...]]]
) -> None:
    """Write rows under a heading: what each says, what else there is to say, and its rules."""
    for index, (said, more, cites) in enumerate(rows):
        if index == 0:
            page.heading(title)
        page.line(f"{said}{cites_text(cites)}", mark="·", indent=2)
        if more:
            page.line(flat(more), indent=4, style="dim")


def _write_method(page: Page, name: str, method: Method) -> None:
    page.line(f"{label_of(name, method)}{cites_text(method.cites)}", indent=2, style="bold")
    if method.help:
        page.line(flat(method.help), indent=4)
    for stage, least in method.minimum_score.items():
        page.line(f"score of at least {least.normalize():f} for {stage}", indent=4)
    for element in method.asked:
        needed = (f", {LEVELS[level]} for {stage}" for stage, level in element.minimum.items())
        said = f"{element.label or element.id}: weight {weight_of(element).normalize():f}"
        page.line(f"{said}{''.join(needed)}", mark="·", indent=4)
        if element.help:
            page.line(flat(element.help), indent=6, style="dim")


def _write_line(page: Page, teller: Teller, track: str | None) -> None:
    process, line = teller.process, teller.line
    page.heading("Stages, and what leaves them")
    for stage in line.stages:
        _write_stage(page, teller, stage)
    everywhere = [it for it in line.transitions if ANY_OPEN in it.source]
    if everywhere:
        page.line("Every open stage", indent=2, style="bold")
    for transition in everywhere:
        page.line(_move(teller, transition), mark="→", indent=4)
    if line.gates:
        page.heading("Gates")
    for name, gate in line.gates.items():
        written = gate.model_copy(update={"approvals": ()})  # rows are shown with their chain
        _write_gate(page, teller, (name, gate), criteria_of(process, track, written))
    if line.approvals:
        page.heading("Approvals")
    for name, chain in line.approvals.items():
        _write_chain(page, name, chain, process)
    if line.clocks:
        page.heading("Clocks")
    for clock in line.clocks:
        _write_clock(page, clock, teller)
    _write_access(page, teller, line)


def _write_access(page: Page, teller: Teller, line: Line) -> None:
    locks = ((teller.locked(it), it.remedy, it.cites) for it in line.locks)
    _write_rows(page, "What is locked", locks)
    edits = (
        (f"{it.label}: " * bool(it.label) + teller.edited(it), it.remedy, it.cites)
        for it in line.edits
    )
    _write_rows(page, "Who may edit without a move", edits)


def _write_stage(page: Page, teller: Teller, stage: Stage) -> None:
    kind = "" if stage.kind is StageKind.OPEN else f" ({stage.kind.value})"
    page.line(f"{stage.label or stage.id}{kind}{cites_text(stage.cites)}", indent=2, style="bold")
    if stage.help:
        page.line(flat(stage.help), indent=4)
    if notes := "; ".join(teller.stage_notes(stage)):
        page.line(notes, indent=4)
    for transition in teller.line.transitions:
        if stage.id in transition.source:
            page.line(_move(teller, transition), mark="→", indent=4)


def _move(teller: Teller, transition: Transition) -> str:
    to = teller.moved(transition)
    text = f"{transition.label or transition.trigger}: {f'to {to}' if to else 'stays here'}"
    parts = (f"{text}, by {teller.roles(transition.roles)}", *_asked_of(teller, transition))
    return f"{'; '.join(parts)}{cites_text(transition.cites)}"


def _asked_of(teller: Teller, transition: Transition) -> Iterator[str]:
    if transition.gates:
        yield f"gate {', '.join(transition.gates)}"
    if needed := teller.inputs(transition, required=True):
        yield f"fill in {needed}"
    yield from teller.notes(transition)


def _write_gate(
    page: Page, teller: Teller, named: tuple[str, Gate], criteria: Iterable[Criterion]
) -> None:
    name, gate = named
    page.line(f"{name}: {gate.label or name}{cites_text(gate.cites)}", indent=2, style="bold")
    for criterion in criteria:
        advised = "advised: " if criterion.severity is Severity.ADVISED else ""
        remedy = f"{advised}{criterion.remedy}{cites_text(criterion.cites)}"
        page.line(remedy, mark="·", indent=4)
        page.line(f"{criterion.id}: {teller.asked(criterion)}", indent=6, style="dim")
    for chain in gate.approvals:
        page.line(f"Everybody approves whom the chain `{chain}` asks.", mark="·", indent=4)


def _write_chain(page: Page, name: str, chain: ApprovalChain, process: Process) -> None:
    page.line(f"{name}: {chain.label or name}{cites_text(chain.cites)}", indent=2, style="bold")
    for row in sorted(chain.rows, key=lambda row: row.order):
        when = "" if row.when is None else f" when {flat(row.when)}"
        asked = f"{row.label or row.id}, by {roles_text(process, [row.role])}{when}"
        page.line(f"{asked}{cites_text(row.cites)}", mark=f"{row.order}.", indent=4)


def _write_clock(page: Page, clock: Clock, teller: Teller) -> None:
    said = f"{clock.label or clock.id}: {promise(teller, clock)}"
    page.line(f"{said}{cites_text(clock.cites)}", indent=2, style="bold")
    if clock.help:
        page.line(flat(clock.help), indent=4)
    for note in clock_notes(teller, clock):
        page.line(note, indent=4)
