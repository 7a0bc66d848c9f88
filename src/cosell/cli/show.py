"""Explain a process to whoever sells by it: stages, moves, gates with remedies, clocks, numbers.

This module does not know how a record moves through a process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from cosell.definition.method import LEVELS, weight_of
from cosell.findings import Severity
from cosell.money import CONTEXT
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
        page.line(_flat(process.help))
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
    _write_line(page, process, process, None)
    if process.methods:
        page.heading("Qualification methods")
    for name, method in process.methods.items():
        _write_method(page, name, method)
    if process.merge is not None:
        page.heading("Two records that are one")
        merge = process.merge
        said = f"the duplicate takes {merge.trigger}; by {roles_text(process, merge.roles)}"
        page.line(f"{said}{cites_text(merge.cites)}", indent=2)
    for name, track in process.tracks.items():
        page.heading(f"Track {name}: {track.label or name}{cites_text(track.cites)}")
        if track.help:
            page.line(_flat(track.help), indent=2)
        _write_line(page, track, process, name)


def _write_method(page: Page, name: str, method: Method) -> None:
    page.line(f"{label_of(name, method)}{cites_text(method.cites)}", indent=2, style="bold")
    if method.help:
        page.line(_flat(method.help), indent=4)
    for stage, least in method.minimum_score.items():
        page.line(f"score of at least {least.normalize():f} for {stage}", indent=4)
    for element in method.asked:
        needed = (f", {LEVELS[level]} for {stage}" for stage, level in element.minimum.items())
        said = f"{element.label or element.id}: weight {weight_of(element).normalize():f}"
        page.line(f"{said}{''.join(needed)}", mark="·", indent=4)
        if element.help:
            page.line(_flat(element.help), indent=6, style="dim")


def _flat(text: str) -> str:
    """Return a text without its line breaks."""
    return " ".join(text.split())


def _write_line(page: Page, line: Line, process: Process, track: str | None) -> None:
    page.heading("Stages, and what leaves them")
    for stage in line.stages:
        _write_stage(page, line, stage, process)
    if line.gates:
        page.heading("Gates")
    for name, gate in line.gates.items():
        written = gate.model_copy(update={"approvals": ()})  # rows are shown with their chain
        _write_gate(page, name, gate, criteria_of(process, track, written))
    if line.approvals:
        page.heading("Approvals")
    for name, chain in line.approvals.items():
        _write_chain(page, name, chain, process)
    if line.clocks:
        page.heading("Clocks")
    for clock in line.clocks:
        _write_clock(page, clock, process)


def _write_stage(page: Page, line: Line, stage: Stage, process: Process) -> None:
    kind = "" if stage.kind is StageKind.OPEN else f" ({stage.kind.value})"
    page.line(f"{stage.label or stage.id}{kind}{cites_text(stage.cites)}", indent=2, style="bold")
    if stage.help:
        page.line(_flat(stage.help), indent=4)
    if likely := _likely(stage):
        page.line(likely, indent=4)
    for transition in line.transitions:
        if stage.id in line.stages_named(transition.source):
            page.line(_move(line, transition, process), mark="→", indent=4)


def _likely(stage: Stage) -> str:
    """Return how likely deals of a stage are won, and in which forecast category they count."""
    share = stage.probability
    parts = (
        "" if share is None else f"Probability {CONTEXT.multiply(share, 100).normalize():f} %",
        stage.forecast and f"Forecast {stage.forecast}",
    )
    return "; ".join(filter(None, parts))


def _move(line: Line, transition: Transition, process: Process) -> str:
    targets: Mapping[str, Stage] = {stage.id: stage for stage in line.stages}
    target = targets.get(transition.target)
    to = "stays here" if target is None else f"to {target.label or target.id}"
    text = f"{transition.label or transition.trigger}: {to}"
    text += f", by {roles_text(process, transition.roles)}"
    if transition.gates:
        text += f"; gate {', '.join(transition.gates)}"
    needed = [given.path for given in transition.inputs if given.required]
    if needed:
        text += f"; fill in {', '.join(needed)}"
    return f"{text}{cites_text(transition.cites)}"


def _write_gate(page: Page, name: str, gate: Gate, criteria: Sequence[Criterion]) -> None:
    page.line(f"{name}: {gate.label or name}{cites_text(gate.cites)}", indent=2, style="bold")
    for criterion in criteria:
        advised = "advised: " if criterion.severity is Severity.ADVISED else ""
        remedy = f"{advised}{criterion.remedy}{cites_text(criterion.cites)}"
        page.line(remedy, mark="·", indent=4)
        page.line(_asked(criterion), indent=6, style="dim")
    for chain in gate.approvals:
        page.line(f"Everybody approves whom the chain `{chain}` asks.", mark="·", indent=4)


def _write_chain(page: Page, name: str, chain: ApprovalChain, process: Process) -> None:
    page.line(f"{name}: {chain.label or name}{cites_text(chain.cites)}", indent=2, style="bold")
    for row in sorted(chain.rows, key=lambda row: row.order):
        when = "" if row.when is None else f" when {_flat(row.when)}"
        asked = f"{row.label or row.id}, by {roles_text(process, [row.role])}{when}"
        page.line(f"{asked}{cites_text(row.cites)}", mark=f"{row.order}.", indent=4)


def _asked(criterion: Criterion) -> str:
    need = criterion.need or f"the host's own check `{criterion.predicate}`"
    when = "" if criterion.when is None else f"when {_flat(criterion.when)}: "
    return f"{criterion.id}: {when}{_flat(need)}"


def _write_clock(page: Page, clock: Clock, process: Process) -> None:
    by = f" of calendar {clock.calendar}" if clock.calendar else ""
    allowance = process.parameters.get(str(clock.allowance), clock.allowance)
    owner = f"; {roles_text(process, [clock.owner])}" if clock.owner else ""
    said = f"{allowance} {clock.unit.value.replace('_', ' ')}{by}{owner}"
    page.line(f"{clock.label or clock.id}: {said}{cites_text(clock.cites)}", indent=2, style="bold")
    if clock.help:
        page.line(_flat(clock.help), indent=4)
    page.line(f"from {', '.join(clock.start)} to {', '.join(clock.stop) or 'its end'}", indent=4)
