"""Who may know which record holds a claim, and what to tell those who ask.

Rules:

1. A claim that names the roles it is ``known_to`` is told to these: everybody else hears that the
   key is taken, and not by whom. Without such roles everybody is told.
2. Before a transition is decided, the store is asked who holds the keys it would take: the answer
   is given before the move, not only at its commit.

This module does not know how anything is stored.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cosell.definition.claim import claim_name
from cosell.desk.asking import Ask
from cosell.desk.served import Served
from cosell.engine import NO_DATA, Bound, keys_wanted
from cosell.errors import ClaimedError
from cosell.events import Actor
from cosell.models.record import Record

__all__ = ["Known", "look_up", "may_know", "told_of"]


@dataclass(frozen=True, slots=True)
class Known:
    """A record as it is stored, and who holds what it would claim.

    Attributes:
        bound: The process it follows.
        record: The record.
        holders: Keys that others hold, each with the record as far as the asker may know it.
    """

    bound: Bound
    record: Record
    holders: Mapping[str, str | None]


def may_know(bound: Bound, key: str, actor: Actor) -> bool:
    """Whether ``actor`` may know which record holds ``key``."""
    kind = bound.process.claim_kinds.get(claim_name(key))
    return kind is None or kind.known_to is None or actor.role in kind.known_to


def told_of(error: ClaimedError, bound: Bound, actor: Actor) -> ClaimedError:
    """Return ``error`` as ``actor`` may hear it."""
    return error if may_know(bound, error.key, actor) else ClaimedError(error.key, None)


def look_up(
    served: Served, record_id: str, triggers: Iterable[str] | None, question: Mapping[str, Any]
) -> Generator[Ask, Any, Known]:
    """Yield the calls of the store that a question needs, and return what is known then.

    Args:
        served: The processes in force.
        record_id: The record.
        triggers: What is asked about; ``None`` is everything.
        question: Who asks, when and with what, as ``decide`` takes it.
    """
    bound, record = served.record_in((yield Ask("load", (record_id,))))
    keys = keys_wanted(
        bound,
        record,
        triggers,
        actor=question["actor"],
        at=question["at"],
        data=question.get("data", NO_DATA),
        facts=question.get("facts"),
    )
    holders: dict[str, str | None] = {}
    for key in keys:
        holder = yield Ask("holder", (key,))
        if holder not in (None, record_id):
            holders[key] = holder if may_know(bound, key, question["actor"]) else None
    return Known(bound, record, holders)
