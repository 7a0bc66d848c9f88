"""Who may know which record holds a claim, and what to tell those who ask.

Rules:

1. A claim that names the roles it is ``known_to`` is told to these: everybody else hears that the
   key is taken, and not by whom. Without such roles everybody is told for whom the record that
   holds it exists.
2. Before a transition is decided, the store is asked who holds the keys it would take: the answer
   is given before the move, not only at its commit.

This module does not know how anything is stored.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cosell.definition.claim import claim_name
from cosell.desk.asking import Ask
from cosell.desk.seeing import is_outsider, masked, require_moment, require_view
from cosell.desk.served import Served
from cosell.engine import NO_DATA, Bound, keys_wanted, settle
from cosell.errors import ClaimedError, CosellError
from cosell.events import Actor
from cosell.models.record import Record

if TYPE_CHECKING:
    from cosell.desk.commands import Command

__all__ = ["Known", "is_known", "look_up", "may_know", "mind_clocks"]


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


def is_known(
    served: Served, bound: Bound, error: ClaimedError, command: Command
) -> Generator[Ask, Any, bool]:
    """Yield the calls of the store that it takes, and return whether the holder may be named."""
    if error.holder is None or not may_know(bound, error.key, command.actor):
        return False
    return (yield from _exists(served, error.holder, command.actor, command.at))


def _exists(served: Served, holder: str, actor: Actor, at: datetime) -> Generator[Ask, Any, bool]:
    """Return whether a record exists for ``actor``; one that cannot be read does not."""
    if not served.has_views:
        return True
    try:
        bound, record = served.record_in((yield Ask("load", (holder,))))
        return not is_outsider(bound, record, actor=actor, at=at)
    except CosellError:
        return False


def mind_clocks(
    bound: Bound, record: Record, *, at: datetime, facts: Mapping[str, Any] | None
) -> Generator[Ask, Any, Bound]:
    """Yield the calls that tell which keys clocks cannot take, and return the process with them.

    So that nobody is refused for a move that a clock would have made, and could not.
    """
    if not bound.main.claims.by_clock:
        return bound
    try:
        settled = settle(bound, record, at=at, facts=facts).record
    except CosellError:
        return bound  # whatever is asked says the same
    taken: dict[str, str | None] = {}
    for key in settled.claims:
        if key not in record.claims:
            holder = yield Ask("holder", (key,))
            if holder not in (None, record.id):
                taken[key] = holder
    return bound.knowing(taken)


def look_up(
    served: Served, record_id: str, triggers: Iterable[str] | None, question: Mapping[str, Any]
) -> Generator[Ask, Any, Known]:
    """Yield the calls of the store that a question needs, and return what is known then.

    Args:
        served: The processes in force.
        record_id: The record.
        triggers: What is asked about; ``None`` is everything.
        question: Who asks, when and with what, as ``decide`` takes it.

    Raises:
        RecordNotFoundError: There is no such record, or not for the actor.
    """
    require_moment(question)
    bound, record = served.record_in((yield Ask("load", (record_id,))))
    asked: dict[str, Any] = {name: question.get(name) for name in ("actor", "at", "facts")}
    bound = yield from mind_clocks(bound, record, at=asked["at"], facts=asked["facts"])
    data = question.get("data", NO_DATA)
    seen = require_view(bound, record, **asked, rates=question.get("rates"))
    keys = masked(seen, data, lambda: keys_wanted(bound, record, triggers, data=data, **asked))
    holders: dict[str, str | None] = {}
    for key in keys:
        holder = yield Ask("holder", (key,))
        if holder not in (None, record_id):
            known = may_know(bound, key, question["actor"]) and (
                yield from _exists(served, holder, question["actor"], question["at"])
            )
            holders[key] = holder if known else None
    return Known(bound, record, holders)
