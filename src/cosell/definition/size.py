"""Refuse a process that is too large as a whole, though each of its lists is within its bound.

What a list may hold is said where its field is. Here is what lists come to together: binding a
process, proving it and drawing it take time for each of these.

This module does not know what any part of a process means.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from cosell.definition.asked import asked_by
from cosell.definition.known import Resting
from cosell.definition.process import Process
from cosell.errors import Problem

__all__ = ["MOST_CRITERIA", "MOST_MOVES", "moves_in", "problems_in_size"]

#: So many moves has a process at most, those of its tracks among them: each transition counts
#: once for each stage that it leaves. The largest that ships has some 120.
MOST_MOVES: Final = 20_000
#: So many criteria have the gates of a process at most, those that stand for methods and approval
#: chains among them. Of those that ship, the one with most has some 270.
MOST_CRITERIA: Final = 2_000


def moves_in(process: Process) -> dict[str | None, int]:
    """Return how many moves each line has: its transitions, from each stage that they leave."""
    return {
        name: sum(len(line.stages_named(each.source)) for each in line.transitions)
        for name, line in process.lines.items()
    }


def problems_in_size(process: Process) -> Iterator[Problem]:
    """Yield that a process has more moves or more criteria than it may."""
    yield from _in_moves(process)
    yield from _in_criteria(process)


def _in_moves(process: Process) -> Iterator[Problem]:
    """Yield that there are too many moves, at the line that has most of them."""
    moves = moves_in(process)
    total = sum(moves.values())
    if total <= MOST_MOVES:
        return
    most = max(moves, key=lambda name: moves[name])
    here = len(process.lines[most].transitions)
    yield Resting(
        "transitions" if most is None else f"tracks.{most}.transitions",
        f"the process has {total:,} moves, and may have {MOST_MOVES:,}: a transition is one for"
        f" each stage that it leaves, and the {here:,} of this line come to {moves[most]:,}",
        "In `source` name the stages that each of them really leaves, instead of `*`;"
        " or make it several processes.",
        on=("transitions", "stages"),
    )


def _in_criteria(process: Process) -> Iterator[Problem]:
    """Yield that there are too many criteria, at the gate that has the first one too many."""
    places = (
        f"gates.{gate}" if name is None else f"tracks.{name}.gates.{gate}"
        for name, line in process.lines.items()
        for gate in line.gates
        for _ in asked_by(process, name, line.gates[gate])
    )
    # Rows stand for more than anybody could write out: nothing after the first is counted.
    for place in islice(places, MOST_CRITERIA, MOST_CRITERIA + 1):
        yield Resting(
            place,
            f"the gates of a process may ask {MOST_CRITERIA:,} criteria together, and these are"
            " more, with those that methods and approval chains stand for",
            "Let transitions share a gate, ask for fewer, or make it several processes.",
            on=("gates", "approvals", "methods"),
        )
