"""The record as a transition would leave it, apart from its stage: what a gate reads.

This module does not know what a gate asks, nor whether the transition is permitted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter, ValidationError

from cosell._base import LongText, problems_from
from cosell.definition.line import SetValue, Written
from cosell.engine.paths import rewritten
from cosell.errors import InvalidDataError, Problem, did_you_mean
from cosell.events import Actor

if TYPE_CHECKING:
    from cosell.engine.bound import Move
    from cosell.models.record import Record

__all__ = ["draft_of", "literal_of", "require_inputs", "require_reason", "writes_of"]

_SET: Final[Mapping[SetValue, Callable[[Actor, datetime], Any]]] = MappingProxyType(
    {
        SetValue.AT: lambda _, at: at,
        SetValue.ACTOR_ID: lambda actor, _: actor.id,
        SetValue.ACTOR_ROLE: lambda actor, _: actor.role,
        SetValue.ACTOR_PARTY: lambda actor, _: actor.party,
        SetValue.ACTOR_PRINCIPAL: lambda actor, _: actor.principal,
    }
)


def literal_of(value: object) -> Any:
    """Return a value that a definition writes out."""
    return value.literal if isinstance(value, Written) else value


def writes_of(move: Move, data: Mapping[str, Any], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return everything a move writes but the stage: its own inputs, then what it sets itself."""
    line, sets = move.line, move.transition.set
    if not (data or sets):
        return {}
    writes = {line.full_path(path): data[path] for path in move.inputs if path in data}
    for path, value in sets.items():
        writes[line.full_path(path)] = (
            _SET[value](actor, at) if isinstance(value, SetValue) else literal_of(value)
        )
    return writes


def draft_of(
    move: Move, record: Record, data: Mapping[str, Any], *, actor: Actor, at: datetime
) -> Record:
    """Return the record with the move's writes in it, validated as one model.

    Raises:
        InvalidDataError: The data do not fit, with every path.
    """
    writes = writes_of(move, data, actor=actor, at=at)
    return rewritten(record, writes, f"data for `{move.trigger}`") if writes else record


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
    known = {path for move in moves for path in move.inputs}
    problems = [
        Problem(path, f"`{path}` is no input of `{moves[0].trigger}`", did_you_mean(path, known))
        for path in data
        if path not in known
    ]
    if problems:
        raise InvalidDataError(f"data for `{moves[0].trigger}`", problems)
