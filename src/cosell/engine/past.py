"""What is known of a record from before cosell came: the moves that it brings along.

Rules:

1. Moves are given oldest first, each with its moment and the stage that it came to; none is later
   than the adoption.
2. On each line a move leaves the stage that the one before came to, and the last one came to
   where the record, or its part, stands.
3. Stages, triggers and tracks are the process's. Everything that is wrong is named at once.
4. They are lines of the trail, so clocks, time in stage and "who did it" read them as any other.

This module does not know what a gate is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import Field, TypeAdapter, ValidationError

from cosell._base import Instant, LongText, Model, Name, Text, problems_from
from cosell.engine.bound import Bound, BoundLine
from cosell.errors import InvalidDataError, Problem, did_you_mean
from cosell.events import Actor, EventKind, TrailEntry
from cosell.models.record import Record

__all__ = ["Past", "PastMove", "entries_of", "problems_in_past", "read_past"]


class PastMove(Model, frozen=True):
    """A move that a record made before cosell came, as a host brings it along.

    Attributes:
        at: When.
        target: The stage that it came to.
        source: The stage that it left; by default the one that the move before came to.
        trigger: The transition's trigger, where it is known.
        track: The part that moved; ``None`` is the main line.
        actor: Who did it; by default who adopts the record.
        reason: Why, as far as it was given.
    """

    at: Instant
    target: Name
    source: Name | None = None
    trigger: Name | None = None
    track: Text | None = None
    actor: Actor | None = None
    reason: LongText | None = None


#: Moves as a host gives them: models, or tables with their fields.
Past = Iterable[PastMove | Mapping[str, Any]]

_MOVES: Final[TypeAdapter[tuple[PastMove, ...]]] = TypeAdapter(
    Annotated[tuple[PastMove, ...], Field(max_length=10_000)]
)


def read_past(trail: Past, subject: str) -> tuple[PastMove, ...]:
    """Return moves as models.

    Raises:
        InvalidDataError: They do not fit, with every path.
    """
    try:
        return _MOVES.validate_python(tuple(trail))
    except ValidationError as error:
        raise InvalidDataError(subject, problems_from(error, "trail")) from None


def problems_in_past(
    bound: Bound, record: Record, past: tuple[PastMove, ...], stage: str, at: datetime
) -> Iterator[Problem]:
    """Yield everything that is wrong with the moves that ``record`` brings along.

    Args:
        bound: The process that it enters.
        record: The record.
        past: Its moves, oldest first.
        stage: Where it stands on the main line.
        at: When it is adopted.
    """
    here: dict[str | None, str] = {}
    for index, move in enumerate(past):
        place = f"trail.{index}"
        later = past[index + 1].at if index + 1 < len(past) else at
        if move.at > later:
            problem = f"{move.at.isoformat()} is after {later.isoformat()}, which comes later"
            yield Problem(f"{place}.at", problem, "Give moves oldest first, before the adoption.")
        line = bound.line_named(move.track, record)
        if line is None:
            known = [each.name for each in bound.lines_of(record) if each.name is not None]
            problem = f"there is no track `{move.track}`"
            yield Problem(f"{place}.track", problem, did_you_mean(str(move.track), known))
            continue
        yield from _unknown(line, move, place)
        if move.source is not None and here.get(move.track, move.source) != move.source:
            problem = f"it leaves `{move.source}`, and was in `{here[move.track]}`"
            yield Problem(f"{place}.source", problem, "Give the moves between, or leave it out.")
        here[move.track] = move.target
    for track, last in here.items():
        line = bound.line_named(track, record)
        stands = stage if line is None or line is bound.main else line.stage_of(record)
        if last != stands:
            name = "the record" if track is None else f"`{track}`"
            problem = f"the last move came to `{last}`, and {name} stands in `{stands}`"
            yield Problem("trail", problem, "Give the last move too, or correct the stage.")


def _unknown(line: BoundLine, move: PastMove, place: str) -> Iterator[Problem]:
    """Yield the stages and the trigger that a line does not have."""
    triggers = {trigger for trigger, _ in line.moves}
    for name, value, kind, known in (
        ("source", move.source, "stage", line.kinds.keys()),
        ("target", move.target, "stage", line.kinds.keys()),
        ("trigger", move.trigger, "trigger", triggers),
    ):
        if value is not None and value not in known:
            problem = f"there is no {kind} `{value}`"
            yield Problem(f"{place}.{name}", problem, did_you_mean(value, known))


def entries_of(past: tuple[PastMove, ...], actor: Actor) -> tuple[TrailEntry, ...]:
    """Return lines of the trail for moves; who made one is ``actor`` where it is not said."""
    here: dict[str | None, str] = {}
    entries = []
    for move in past:
        source = move.source if move.source is not None else here.get(move.track)
        here[move.track] = move.target
        entries.append(
            TrailEntry(
                seq=1,
                kind=EventKind.MOVED,
                at=move.at,
                actor=move.actor or actor,
                track=move.track,
                trigger=move.trigger,
                source=source,
                target=move.target,
                reason=move.reason,
            )
        )
    return tuple(entries)
