"""Take a transition: the moved record, its event, its effects. Pure; nothing is stored.

Rules:

1. The given record is untouched; the new one has been validated as one model.
2. What due clocks did comes first, each dated at its own instant; what follows by itself last.
3. Events are unsealed; the desk seals them when it commits.

This module does not know what a store is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from cosell.engine.automatic import follow
from cosell.engine.bound import Bound
from cosell.engine.decide import decide_fully, decide_quickly
from cosell.engine.decision import Outcome, TransitionRefusedError
from cosell.engine.facts import read_facts
from cosell.engine.question import NO_DATA
from cosell.engine.settle import require_order, settle
from cosell.engine.taking import Applied, take
from cosell.errors.kinds import STUMBLES, blame
from cosell.events import Actor
from cosell.models.record import Record
from cosell.money import Rates

__all__ = ["apply"]

_R = TypeVar("_R", bound=Record)
_PERMITTED: Final = Outcome.PERMITTED


def apply(  # noqa: PLR0913 - the same question as ``decide``
    bound: Bound,
    record: _R,
    trigger: str,
    *,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any] = NO_DATA,
    facts: Mapping[str, Any] | None = None,
    rates: Rates | None = None,
    expected_version: int | None = None,
    override: str | None = None,
    automatic: bool = True,
) -> Applied[_R]:
    """Return the record after ``trigger``, with its events and effects.

    Args:
        bound: The process to move in.
        record: Where the deal stands; it is not changed.
        trigger: What the actor asks for; in a track with its name, ``poc.approve``.
        actor: Who asks, and in what capacity.
        at: The moment of the move, with a time zone.
        data: Values for the transition's inputs, by field path.
        facts: Values from outside the record, by the names that the process declares.
        rates: Dated exchange rates.
        expected_version: The version the asker saw; ``None`` does not check it.
        override: The reason for setting criteria aside, if the asker may and wants to.
        automatic: Whether automatic transitions follow.

    Returns:
        The re-validated record; its events: what due clocks did before, this move, and what
        followed by itself; its effects; and the decision.

    Raises:
        TransitionRefusedError: It is not permitted; ``error.decision`` says why.
        InvalidDataError: ``data`` or ``facts`` do not fit, with every path.
        OutOfOrderError: ``at`` is before the last move of the record.
        NaiveDatetimeError: ``at`` has no time zone.
        WrongProcessError: ``record`` does not follow this process.
        RecordNotFoundError: The process has views, and none is the actor's.

    Source:
        BX-40.

    Example:
        >>> from datetime import UTC, datetime
        >>> from cosell import Actor, Calendar, Opportunity, catalog, open_record
        >>> vendor = Calendar.from_holidays("CZ", tz="Europe/Prague")
        >>> make = catalog.load("make").bind(calendars={"vendor": vendor})
        >>> me, now = Actor("ae-3", role="ae", party="vendor"), datetime(2026, 11, 20, tzinfo=UTC)
        >>> deal = open_record(make, Opportunity(id="o-1"), actor=me, at=now).record
        >>> lost = apply(make, deal, "lose", actor=me, at=now, data={"closed_reason": "No fit."})
        >>> lost.record.stage, lost.event.changes["closed_reason"], deal.stage
        ('closed_lost', 'No fit.', 'identified')
    """
    try:
        decision = decide_quickly(
            bound, record, trigger, actor, at, data, facts, rates, expected_version, override
        )
        if decision is None:
            decision = decide_fully(
                bound, record, trigger, actor, at, data, facts, rates, expected_version, override
            )
    except STUMBLES as error:
        # As ``tells_kinds`` does it, whose call of a call would take part of the time of a move.
        blame(error, apply, (bound, record, trigger), {"actor": actor, "at": at, "data": data})
        raise
    require_order(record, at)
    if decision.outcome is not _PERMITTED or decision.move is None:
        raise TransitionRefusedError(decision)
    settled = settle(bound, record, at=at, facts=facts) if bound.clocked else None
    moved = take(
        decision.move,
        record if settled is None else settled.record,
        actor,
        at,
        data,
        override or None,
        decision,
    )
    done = moved if settled is None else settled.followed_by(moved)
    if not (automatic and bound.automatic):
        return done
    facts = read_facts(bound.process.facts, facts)
    return follow(bound, done, at=at, facts=facts, rates=rates)
