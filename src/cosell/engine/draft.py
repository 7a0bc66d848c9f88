"""The record as a transition would leave it, apart from its stage: what a gate reads.

This module does not know what a gate asks, nor whether the transition is permitted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter, ValidationError

from cosell._base import LongText, problems_from
from cosell.engine.append import set_value
from cosell.engine.items import kept
from cosell.engine.paths import read_path, rewritten
from cosell.engine.question import require_data
from cosell.errors import InvalidDataError, Problem, did_you_mean
from cosell.events import Actor

if TYPE_CHECKING:
    from cosell.engine.bound import Move
    from cosell.models.record import Record

__all__ = ["draft_of", "require_inputs", "require_reason", "writes_of"]


def writes_of(
    move: Move, record: Record, data: Mapping[str, Any], *, actor: Actor, at: datetime
) -> dict[str, Any]:
    """Return everything a move writes but the stage: its own inputs, then what it sets itself.

    Raises:
        InvalidDataError: An item that is to be added to a list does not fit, or an item that a
            track leads is given another stage, or would vanish.
    """
    line, sets = move.line, move.transition.set
    if not (data or sets or move.clears or move.appends):
        return {}
    writes = {line.full_path(path): data[path] for path in move.inputs if path in data}
    for path, value in sets.items():
        writes[line.full_path(path)] = set_value(value, actor, at)
    writes |= {
        path: blank
        for path, blank in move.clears
        if read_path(record, path, line.keys) not in (None, blank)
    }
    for append in move.appends:
        writes.pop(append.path, None)
        new = append.new_item(record, data, f"data for `{move.trigger}`", actor=actor, at=at)
        if new:
            writes[append.path] = (*(read_path(record, append.path, line.keys) or ()), *new)
    if line.lists:
        return kept(line.lists, record, writes, f"data for `{move.trigger}`", line.keys)
    return writes


def draft_of(
    move: Move, record: Record, data: Mapping[str, Any], *, actor: Actor, at: datetime
) -> Record:
    """Return the record with the move's writes in it, validated as one model.

    Raises:
        InvalidDataError: The data do not fit, with every path.
    """
    writes = writes_of(move, record, data, actor=actor, at=at)
    if not writes:
        return record
    return rewritten(record, writes, f"data for `{move.trigger}`", move.line.keys)


def require_reason(reason: str | None, what: str) -> str | None:
    """Return a reason as an event can keep it; an empty one is none.

    Raises:
        InvalidDataError: It is no text, or too long a one.
    """
    if not reason:
        return None
    try:
        return _REASON.validate_python(reason)
    except ValidationError as error:
        raise InvalidDataError(what, problems_from(error, "reason")) from None


_REASON: Final[TypeAdapter[str]] = TypeAdapter(LongText)


def require_inputs(moves: Sequence[Move], data: Mapping[str, Any]) -> None:
    """Raise ``InvalidDataError`` if ``data`` holds what no candidate has among its inputs."""
    require_data(data)
    known = {path for move in moves for path in move.inputs}
    problems = [
        Problem(path, f"`{path}` is no input of `{moves[0].trigger}`", did_you_mean(path, known))
        for path in data
        if path not in known
    ]
    if problems:
        raise InvalidDataError(f"data for `{moves[0].trigger}`", problems)
