"""Which keys a record would take: what to ask a store before anything is decided.

This module does not know who holds a key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cosell.engine.bound import Bound, Move
from cosell.engine.draft import draft_of
from cosell.engine.question import NO_DATA
from cosell.engine.settle import settle
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor
from cosell.models.record import Record

__all__ = ["keys_wanted"]


@tells_kinds
def keys_wanted(
    bound: Bound,
    record: Record,
    triggers: Iterable[str] | None = None,
    *,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any] = NO_DATA,
    facts: Mapping[str, Any] | None = None,
) -> tuple[str, ...]:
    """Return the keys that ``triggers`` would take from where the record stands, each once.

    Args:
        bound: The process to decide by.
        record: Where the deal stands. It is settled first, and not changed.
        triggers: What would be asked for; by default everything.
        actor: Who would ask.
        at: When, with a time zone.
        data: Values for the transitions' inputs; each is given those that are its own.
        facts: Values from outside the record.

    Raises:
        InvalidDataError: ``data`` or ``facts`` do not fit, with every path.
        NaiveDatetimeError: ``at`` has no time zone.
        WrongProcessError: ``record`` does not follow this process.
    """
    if not bound.main.claims.taken:
        return ()
    here = settle(bound, record, at=at, facts=facts).record
    wanted = None if triggers is None else set(triggers)
    keys: dict[str, None] = {}
    for move in _moves(bound, here):
        if wanted is None or move.trigger in wanted:
            draft = draft_of(move, here, data, actor=actor, at=at)
            keys |= dict.fromkeys(
                key for claim in move.claims for key in claim.keys(draft, move.line)
            )
    return tuple(keys)


def _moves(bound: Bound, record: Record) -> list[Move]:
    """Return every move from where a record stands that takes a claim."""
    return [
        move
        for line in bound.lines_of(record)
        if bound.is_running(line, record)
        for (_, source), moves in line.moves.items()
        if source == line.stage_of(record)
        for move in moves
        if move.claims
    ]
