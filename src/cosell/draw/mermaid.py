"""Draw a process as a Mermaid diagram of its stages, tracks and all.

This module does not know how a definition is read.
"""

from __future__ import annotations

from collections.abc import Iterator

from cosell.definition import CLOCK_ROLE, Line, Process, StageKind
from cosell.definition.line import STAY
from cosell.errors.kinds import tells_kinds

__all__ = ["mermaid_of", "mermaid_of_line"]


@tells_kinds
def mermaid_of(process: Process) -> str:
    """Return a ``stateDiagram-v2`` of a process.

    Moves that a clock makes are marked with an hourglass; each track stands in a box of its own.

    Example:
        >>> from cosell import catalog
        >>> print(mermaid_of(catalog.load("qualification").process).splitlines()[1].strip())
        state "Discovery" as discovery
    """
    lines = ["stateDiagram-v2", *_line(process, "", "    ")]
    for name, track in process.tracks.items():
        lines.append(f'    state "{_quoted(track.label or name)}" as track_{name} {{')
        lines += _line(track, f"{name}_", "        ")
        lines.append("    }")
    return "\n".join(lines)


@tells_kinds
def mermaid_of_line(line: Line) -> str:
    """Return a ``stateDiagram-v2`` of one line: the main one without tracks, or a track.

    Moves that stay where they are, are left out.
    """
    return "\n".join(["stateDiagram-v2", *_line(line, "", "    ", stays=False)])


def _line(line: Line, before: str, indent: str, *, stays: bool = True) -> Iterator[str]:
    for stage in line.stages:
        yield f'{indent}state "{_quoted(stage.label or stage.id)}" as {before}{stage.id}'
    yield f"{indent}[*] --> {before}{line.initial}"
    drawn = [it for it in line.transitions if stays or it.target != STAY]
    for transition in drawn:
        by_clock = " ⧗" if set(transition.roles) == {CLOCK_ROLE} else ""
        for source in line.stages_named(transition.source):
            move = f"{before}{source} --> {before}{transition.target_from(source)}"
            yield f"{indent}{move}: {transition.trigger}{by_clock}"
    left = {source for it in line.transitions for source in line.stages_named(it.source)}
    for stage in line.stages:
        if stage.kind is not StageKind.OPEN and stage.id not in left:
            yield f"{indent}{before}{stage.id} --> [*]"


def _quoted(text: str) -> str:
    return " ".join(text.replace('"', "'").split())
