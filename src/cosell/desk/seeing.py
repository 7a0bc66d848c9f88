"""What a desk shows to whom: every question is asked for an actor, and answered through its view.

Rules:

1. Whether the record exists for the actor comes before anything else: what an outsider gets is the
   error of an unknown id, whatever is wrong with the question.
2. Answers and refusals are masked alike. A masked error does not hold on to what it was.
3. Where a calendar ends too soon to tell what clocks did, the record is shown as it is stored:
   nothing is decided by that.

This module does not know what a store is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from cosell.clocks import Reading
from cosell.engine import (
    ApprovalStep,
    Bound,
    Decision,
    Option,
    Path,
    View,
    decide,
    options,
    path,
    preview_approvals,
    read_clocks,
    settle,
    view,
)
from cosell.engine.insiders import row_for, sees_all
from cosell.errors import CalendarExhaustedError, CosellError, RecordNotFoundError, require_aware
from cosell.events import Actor, Event
from cosell.models.record import Record
from cosell.money import Rates

__all__ = [
    "asked_of",
    "decided",
    "is_outsider",
    "looked_at",
    "masked",
    "moment_of",
    "offered",
    "read",
    "require_moment",
    "require_view",
    "shown",
    "told",
]

_T = TypeVar("_T")


def require_moment(question: Mapping[str, Any]) -> None:
    """Raise ``NaiveDatetimeError`` before any store is asked, as for a record that is not there."""
    if question.get("at") is not None:
        require_aware(question["at"])


def moment_of(at: datetime | None) -> datetime:
    """Return when somebody looks.

    Raises:
        TypeError: It is not said.
    """
    if at is None:
        message = "`at` is missing: say when the actor looks."
        raise TypeError(message)
    return at


def require_view(
    bound: Bound,
    record: Record,
    *,
    actor: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    rates: Rates | None = None,
) -> View:
    """Return the actor's view.

    Raises:
        RecordNotFoundError: There is none.
    """
    found = _view(bound, record, actor=actor, at=at, facts=facts, rates=rates)
    if found is None:
        raise RecordNotFoundError(record.id)
    return found


def _view(
    bound: Bound,
    record: Record,
    *,
    actor: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None,
    rates: Rates | None,
) -> View | None:
    if sees_all(bound, actor):
        return View(bound)
    try:
        return view(bound, record, actor=actor, at=at, facts=facts, rates=rates)
    except CosellError:
        # What is wrong with the question is told to those alone for whom the record exists.
        row = row_for(bound, record, actor=actor, at=at)
    return None if row is None else View(bound, row)


def is_outsider(bound: Bound, record: Record, *, actor: Actor, at: datetime) -> bool:
    """Whether the record does not exist for ``actor``, as far as can be told without facts."""
    return _view(bound, record, actor=actor, at=at, facts=None, rates=None) is None


def masked(seen: View, given: Collection[str], ask: Callable[[], _T]) -> _T:
    """Return what ``ask`` returns, or raise its error as the actor may see it."""
    try:
        return ask()
    except CosellError as error:
        told_as = seen.error(error, given)
        if not seen.hides:
            raise
    # What it was raised from may tell what it does not tell itself.
    told_as.__cause__ = told_as.__context__ = None
    raise told_as


def decided(
    bound: Bound, record: Record, trigger: str, *, actor: Actor, at: datetime, **more: Any
) -> Decision:
    """Return the decision as the actor may see it."""
    seen = require_view(bound, record, actor=actor, at=at, **_outside(more))
    found = masked(
        seen,
        more.get("data", ()),
        lambda: decide(bound, record, trigger, actor=actor, at=at, **more),
    )
    return seen.decision(found)


def offered(
    bound: Bound, record: Record, *, actor: Actor, at: datetime, **more: Any
) -> tuple[Option, ...]:
    """Return the options as the actor may see them."""
    seen = require_view(bound, record, actor=actor, at=at, **_outside(more))
    found = masked(
        seen, more.get("data", ()), lambda: options(bound, record, actor=actor, at=at, **more)
    )
    return seen.options(found)


def looked_at(bound: Bound, record: Record, *, actor: Actor, at: datetime, **more: Any) -> Path:
    """Return the ways to an end as the actor may see them."""
    seen = require_view(bound, record, actor=actor, at=at, **_outside(more))
    return seen.path(path(bound, record, actor=actor, at=at, **more))


def shown(
    bound: Bound, record: Record, *, actor: Actor, at: datetime, **outside: Any
) -> dict[str, Any]:
    """Return the settled record as the actor may see it, with the version that is stored."""
    seen = require_view(bound, record, actor=actor, at=at, **outside)
    try:
        here = settle(bound, record, at=at, facts=outside.get("facts")).record
    except CalendarExhaustedError:
        here = record
    return {**seen.record(here), "version": record.version}


def read(
    bound: Bound, record: Record, *, actor: Actor | None, at: datetime, **outside: Any
) -> tuple[Reading, ...]:
    """Return the readings of clocks; of those that the actor may see, if one is named."""
    if actor is None:
        return read_clocks(bound, record, at=at, **outside)
    seen = require_view(bound, record, actor=actor, at=at, **outside)
    return seen.readings(read_clocks(bound, record, at=at, **outside))


def told(
    bound: Bound,
    record: Record,
    events: Sequence[Event],
    *,
    actor: Actor,
    at: datetime,
    **outside: Any,
) -> tuple[Event, ...]:
    """Return events as the actor may see them."""
    return require_view(bound, record, actor=actor, at=at, **outside).events(events)


def asked_of(
    bound: Bound, record: Record, *, at: datetime, actor: Actor | None = None, **outside: Any
) -> tuple[ApprovalStep, ...]:
    """Return who is to approve; as the actor may see it, if one is named."""
    if actor is None:
        return preview_approvals(bound, record, at=at, **outside)
    seen = require_view(bound, record, actor=actor, at=at, **outside)
    return seen.approvals(preview_approvals(bound, record, at=at, **outside))


def _outside(more: Mapping[str, Any]) -> dict[str, Any]:
    """Return what views may read beside the record."""
    return {name: more.get(name) for name in ("facts", "rates")}
