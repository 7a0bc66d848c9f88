"""Write the page of a process: its diagram, and each of its tables with the rules it implements.

Rules:

1. The page is derived from the definition alone, so that it can be compared with it.
2. What a process does not have is not on its page.
3. Each line, the main one and each track, has its diagram and its own tables.

This module does not know where the page is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cosell.definition import Gate, Method, Process, StageKind, Transition, criteria_of
from cosell.definition.approval import ApprovalChain
from cosell.definition.asked import label_of
from cosell.definition.method import LEVELS, Element, weight_of
from cosell.draw.clocks import clock_notes, promise
from cosell.draw.markdown import bullets, code, section, table
from cosell.draw.mermaid import mermaid_of_line
from cosell.draw.telling import Teller, cites_text, flat
from cosell.errors.kinds import tells_kinds
from cosell.rules.explain import shown_constant

__all__ = ["page_of"]


@tells_kinds
def page_of(process: Process) -> str:
    """Return the page of a process, in Markdown.

    Example:
        >>> from cosell import catalog
        >>> print(page_of(catalog.load("qualification").process).splitlines()[0])
        # Qualification-led sales
    """
    teller = Teller(process, process, code)
    head = (
        f"Process {code(process.id)}, version {process.version}, for records {code(process.record)}"
        f" in zone {code(process.zone)}.{cites_text(process.cites)}"
    )
    calendars = f"Calendars to be given: {teller.codes(process.calendars)}."
    parts = (
        section(1, process.label or process.id, process.help or "", head),
        calendars if process.calendars else "",
        *_line(teller, None, 2),
        *_shared(teller),
        *(part for name in process.tracks for part in _track(process, name)),
    )
    return "\n\n".join(filter(None, (part.strip() for part in parts))) + "\n"


def _shared(teller: Teller) -> Iterator[str]:
    """Yield what the main line and all tracks have in common."""
    process = teller.process
    yield section(2, "Who sees what", _rows(("view", "who sees what"), process.views, teller.seen))
    claims = [
        (code(name), kind.label or "", "; ".join(teller.claimed(kind)), *_cites(kind))
        for name, kind in process.claims.items()
    ]
    yield section(2, "Claims", table(("claim", "label", "what holds", "rules"), claims))
    methods = (_method(name, method) for name, method in process.methods.items())
    yield section(2, "Qualification methods", *methods)
    if process.merge is not None:
        merge = process.merge
        said = f"The duplicate takes {code(merge.trigger)}; by {teller.roles(merge.roles)}."
        yield section(2, "Two records that are one", f"{said}{cites_text(merge.cites)}")
    yield section(2, "Roles", _named("role", process.roles))
    constants = {name: code(shown_constant(it)) for name, it in process.parameters.items()}
    yield section(2, "Parameters", _named("parameter", constants))
    yield section(2, "Facts from outside", _named("fact", process.facts))
    yield section(2, "Effects", _named("effect", process.effects))


def _named(kind: str, names: Any) -> str:
    rows = ((code(name), str(said)) for name, said in names.items())
    return table((kind, "value" if kind == "parameter" else "label"), rows)


def _cites(row: Any) -> tuple[str]:
    return (", ".join(row.cites),)


def _rows(head: tuple[str, str], rows: Iterable[Any], tell: Any) -> str:
    """Return a table of rows with id, what they say, and their rules."""
    found = (
        (code(row.id) if row.id else "", row.label or "", tell(row), *_cites(row)) for row in rows
    )
    return table((head[0], "label", head[1], "rules"), found)


def _track(process: Process, name: str) -> Iterator[str]:
    track = process.tracks[name]
    teller = Teller(process, track, code)
    title = f"Track {code(name)}: {track.label or name}"
    led = f"{teller.led(track, name)}{cites_text(track.cites)}"
    yield section(2, title, flat(track.help), led)
    yield from _line(teller, name, 3)


def _line(teller: Teller, track: str | None, level: int) -> Iterator[str]:
    line = teller.line
    yield f"```mermaid\n{mermaid_of_line(line)}\n```"
    yield section(level, "Stages", _stages(teller))
    yield section(level, "Moves", _moves(teller))
    gates = (_gate(teller, track, name, gate, level + 1) for name, gate in line.gates.items())
    yield section(level, "Gates", *gates)
    chains = (_chain(teller, name, it, level + 1) for name, it in line.approvals.items())
    yield section(level, "Approvals", *chains)
    clocks = (
        (code(it.id), it.label or "", promise(teller, it), _clock_said(teller, it), *_cites(it))
        for it in line.clocks
    )
    head = ("clock", "label", "allowance", "what it does", "rules")
    yield section(level, "Clocks", table(head, clocks))
    locks = ((teller.locked(it), it.remedy, *_cites(it)) for it in line.locks)
    yield section(level, "What is locked", table(("what, where", "instead", "rules"), locks))
    edits = _rows(("edit", "who may edit what"), line.edits, teller.edited)
    yield section(level, "Who may edit", edits)


def _clock_said(teller: Teller, clock: Any) -> str:
    return "; ".join(filter(None, (flat(clock.help), *clock_notes(teller, clock))))


def _stages(teller: Teller) -> str:
    rows = (
        (
            code(it.id),
            it.label or "",
            "" if it.kind is StageKind.OPEN else it.kind.value,
            " ".join(filter(None, (flat(it.help), "; ".join(teller.stage_notes(it))))),
            *_cites(it),
        )
        for it in teller.line.stages
    )
    return table(("stage", "label", "end", "what it is for, and what helps", "rules"), rows)


def _moves(teller: Teller) -> str:
    head = ("trigger", "label", "from", "to", "who", "gates", "what it takes and does", "rules")
    rows = (
        (
            code(it.trigger),
            it.label or "",
            teller.stages(it.source),
            teller.moved(it) or "stays",
            teller.roles(it.roles),
            teller.codes(it.gates),
            _move_said(teller, it),
            *_cites(it),
        )
        for it in teller.line.transitions
    )
    return table(head, rows)


def _move_said(teller: Teller, move: Transition) -> str:
    must, may = (teller.inputs(move, required=it) for it in (True, False))
    parts = (
        flat(move.help),
        must and f"fill in {must}",
        may and f"may fill in {may}",
        *teller.notes(move),
    )
    return "; ".join(filter(None, parts))


def _gate(teller: Teller, track: str | None, name: str, gate: Gate, level: int) -> str:
    written = gate.model_copy(update={"approvals": ()})  # rows are shown with their chain
    rows = (
        (code(it.id), teller.asked(it), it.severity.value, it.remedy, *_cites(it))
        for it in criteria_of(teller.process, track, written)
    )
    chains = (f"Everybody approves whom the chain {code(it)} asks." for it in gate.approvals)
    return section(
        level,
        _titled(name, gate.label),
        f"{flat(gate.help)}{cites_text(gate.cites)}".strip(),
        table(("criterion", "what is needed", "severity", "remedy", "rules"), rows),
        bullets(chains),
    )


def _chain(teller: Teller, name: str, chain: ApprovalChain, level: int) -> str:
    rows = (
        (
            str(it.order),
            it.label or it.id,
            teller.roles([it.role]),
            code(flat(it.when)) if it.when else "",
            *_cites(it),
        )
        for it in sorted(chain.rows, key=lambda row: row.order)
    )
    return section(
        level,
        _titled(name, chain.label),
        f"{flat(chain.help)}{cites_text(chain.cites)}".strip(),
        table(("order", "approval", "who", "when", "rules"), rows),
    )


def _method(name: str, method: Method) -> str:
    scores = (
        f"A score of at least {least.normalize():f} for {code(stage)}."
        for stage, least in method.minimum_score.items()
    )
    rows = ((it.label or it.id, flat(it.help), _weighed(it)) for it in method.asked)
    return section(
        3,
        _titled(name, label_of(name, method)),
        f"{flat(method.help)}{cites_text(method.cites)}".strip(),
        bullets(scores),
        table(("element", "what to find out", "weight and level"), rows),
    )


def _titled(name: str, label: str | None) -> str:
    return f"{label} ({code(name)})" if label else code(name)


def _weighed(element: Element) -> str:
    levels = (f", {LEVELS[level]} for {code(stage)}" for stage, level in element.minimum.items())
    return f"{weight_of(element).normalize():f}{''.join(levels)}"
