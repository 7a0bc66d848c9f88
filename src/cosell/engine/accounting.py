"""Say in a record's history that an entry of one of its fees was written.

The entry itself stands in the ledger; the event says who wrote it, when and why, and takes a
number, so that two who write at once find out.

This module does not know what an entry says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from cosell.engine.bound import Bound
from cosell.engine.deputies import problems_with_deputy
from cosell.engine.draft import require_reason
from cosell.engine.fold import happened
from cosell.engine.insiders import require_insider
from cosell.engine.settle import require_order, settle
from cosell.engine.taking import Applied, event_of
from cosell.errors import EditRefusedError, require_aware
from cosell.events import Actor, EventKind
from cosell.models.record import Record

__all__ = ["account_for"]

_R = TypeVar("_R", bound=Record)


def account_for(
    bound: Bound,
    record: _R,
    *,
    actor: Actor,
    at: datetime,
    reason: str,
    facts: Mapping[str, Any] | None = None,
) -> Applied[_R]:
    """Return ``record`` with an event that an entry was written; nothing else changes.

    Args:
        bound: The process it follows.
        record: The record; it is settled first.
        actor: Who writes the entry.
        at: When, with a time zone.
        reason: What is written and why, as people read it.
        facts: Values from outside the record.

    Raises:
        EditRefusedError: The actor is a deputy whose time is over, or has not come.
        OutOfOrderError: ``at`` is before the last move of the record.
        NaiveDatetimeError: ``at`` has no time zone.
        RecordNotFoundError: The process has views, and none is the actor's.
    """
    require_aware(at)
    bound.require_own(record)
    require_insider(bound, record, actor=actor, at=at, facts=facts)
    require_order(record, at)
    subject = f"ledger of `{record.id}`"
    why = require_reason(reason, subject)
    problems = tuple(problems_with_deputy(actor, at))
    if problems:
        raise EditRefusedError(subject, problems)
    settled = settle(bound, record, at=at, facts=facts)
    here = settled.record
    event = event_of(bound, here, EventKind.ACCOUNTED, at=at, actor=actor, reason=why)
    after, event = happened(here, event, keys=bound.keys)
    return settled.followed_by(Applied(after, (event,)))
