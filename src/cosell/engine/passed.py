"""The gates behind a record and ahead of it, and what they find as the record stands.

Rules:

1. Behind are the gates of the moves that the trail names, as far as the process has them; where
   it does not, and before the trail begins, those of the shortest way.
2. Ahead are the gates of every move that can still be come to.
3. Gates are examined as the record stands now, for whoever asks. They are told, not enforced.

This module does not know why somebody asks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cosell.engine.bound import Bound, BoundLine, Move
from cosell.engine.question import Question
from cosell.events import EventKind, TrailEntry
from cosell.findings import Finding
from cosell.models.record import Record

__all__ = ["Found", "found_ahead", "found_behind"]


class Found(NamedTuple):
    """What one criterion finds.

    Attributes:
        track: The track of its gate; ``None`` is the main line.
        gate: Its gate.
        finding: What it finds.
    """

    track: str | None
    gate: str
    finding: Finding

    @property
    def name(self) -> str:
        """Gate and criterion, in a track with its name: ``poc.approval.goals``."""
        return ".".join(filter(None, (self.track, self.gate, self.finding.id)))


def found_behind(bound: Bound, record: Record, question: Question) -> tuple[Found, ...]:
    """Return what the gates find that the record has behind it, line by line."""
    return tuple(
        found
        for line in bound.lines_of(record)
        for found in _examined(line, _way_behind(line, record), record, question)
    )


def found_ahead(bound: Bound, record: Record, question: Question) -> tuple[Found, ...]:
    """Return what the gates find that the record may still come to, on each line that runs."""
    return tuple(
        found
        for line in bound.lines_of(record)
        if bound.is_running(line, record)
        for found in _examined(line, _moves_ahead(line, record), record, question)
    )


def _examined(
    line: BoundLine, moves: Iterable[Move], record: Record, question: Question
) -> Iterator[Found]:
    names = dict.fromkeys(name for move in moves for name in move.transition.gates)
    part = line.part_of(record)
    for name in names:
        for finding in line.gates[name].examine(
            part, record, question.actor, question.facts, question.at, question.rates
        ):
            yield Found(line.name, name, finding)


def _way_behind(line: BoundLine, record: Record) -> Iterator[Move]:
    """Yield the moves that led a record to its stage, as far as the line has them."""
    here = line.definition.initial
    for entry in record.trail:
        if entry.track != line.name or entry.target is None or entry.kind is EventKind.MIGRATED:
            continue
        source = entry.source if entry.kind is EventKind.MOVED and entry.source else here
        yield from _shortest(line, here, source)
        yield from _taken(line, entry, source)
        here = entry.target
    yield from _shortest(line, here, line.stage_of(record))


def _taken(line: BoundLine, entry: TrailEntry, source: str) -> Iterator[Move]:
    """Yield the move of an entry; the shortest way to its target if the line has none such."""
    candidates = line.moves.get((entry.trigger or "", source), ())
    same = [move for move in candidates if move.target == entry.target]
    yield from same[:1] or _shortest(line, source, str(entry.target))


def _shortest(line: BoundLine, start: str, end: str) -> tuple[Move, ...]:
    """Return the first shortest sequence of moves; none where there is no way."""
    ways: dict[str, tuple[Move, ...]] = {start: ()}
    queue = deque([start])
    while queue and end not in ways:
        stage = queue.popleft()
        for move in _leaving(line, stage):
            if move.target not in ways:
                ways[move.target] = (*ways[stage], move)
                queue.append(move.target)
    return ways.get(end, ())


def _moves_ahead(line: BoundLine, record: Record) -> Iterator[Move]:
    """Yield every move that can still be come to, nearest first."""
    start = line.stage_of(record)
    seen, queue = {start}, deque([start])
    while queue:
        for move in _leaving(line, queue.popleft()):
            yield move
            if move.target not in seen:
                seen.add(move.target)
                queue.append(move.target)


def _leaving(line: BoundLine, stage: str) -> Iterator[Move]:
    for (_, source), moves in line.moves.items():
        if source == stage:
            yield from moves
