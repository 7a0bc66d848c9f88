"""Bring a record into a process: open it at the start, or adopt it mid-way.

This module does not know what a store is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from cosell.engine.automatic import follow
from cosell.engine.bound import Bound, WrongProcessError
from cosell.engine.chains import answer_paths
from cosell.engine.claims import standing_keys
from cosell.engine.deputies import problems_with_deputy
from cosell.engine.draft import require_reason
from cosell.engine.facts import read_facts
from cosell.engine.fold import happened
from cosell.engine.held import problems_in_status, with_status
from cosell.engine.items import problems_in_items
from cosell.engine.own import own_paths
from cosell.engine.passed import found_behind
from cosell.engine.past import Past, PastMove, entries_of, problems_in_past, read_past
from cosell.engine.paths import fields_of
from cosell.engine.question import Question, require_actor
from cosell.engine.taking import Applied, event_of, reported
from cosell.errors import (
    EditRefusedError,
    InvalidDataError,
    Problem,
    UnknownNameError,
    did_you_mean,
    require_aware,
)
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor, EventKind
from cosell.models.record import UNOPENED, Record
from cosell.money import Rates

__all__ = ["adopt", "open_record"]

_R = TypeVar("_R", bound=Record)


@tells_kinds
def open_record(
    bound: Bound, record: _R, *, actor: Actor, at: datetime, automatic: bool = True
) -> Applied[_R]:
    """Return ``record`` at the initial stage of the process, with its first event.

    Args:
        bound: The process to enter.
        record: A record that is in no process yet.
        actor: Who opens it.
        at: When, with a time zone.
        automatic: Whether automatic transitions follow.

    Returns:
        The record at version 1, unless more follows. The event holds all its fields.

    Raises:
        NaiveDatetimeError: ``at`` has no time zone.
        WrongProcessError: It is of another model, or was opened before.
        InvalidDataError: The record or a part of it stands at another stage; naming all.
        EditRefusedError: The actor acts for another one whose deputy it is not.

    Example:
        >>> from datetime import UTC, datetime
        >>> from cosell import Actor, Calendar, Opportunity, catalog
        >>> vendor = Calendar.from_holidays("CZ", tz="Europe/Prague")
        >>> make = catalog.load("make").bind(calendars={"vendor": vendor})
        >>> me, now = Actor("ae-3", role="ae", party="vendor"), datetime(2026, 11, 20, tzinfo=UTC)
        >>> deal = open_record(make, Opportunity(id="o-1"), actor=me, at=now).record
        >>> deal.stage, deal.version
        ('identified', 1)
    """
    initial = bound.process.initial
    opened = _entered(bound, record, EventKind.OPENED, initial, actor=actor, at=at)
    return follow(bound, opened, at=at) if automatic else opened


@tells_kinds
def adopt(  # noqa: PLR0913 - what is known of a deal
    bound: Bound,
    record: _R,
    *,
    stage: str,
    actor: Actor,
    at: datetime,
    trail: Past = (),
    reason: str | None = None,
    facts: Mapping[str, Any] | None = None,
    rates: Rates | None = None,
    report: bool = True,
) -> Applied[_R]:
    """Return ``record`` at ``stage``: a deal that was under way before cosell came.

    Gates are not enforced: the event says what those find that the record has behind it.

    Args:
        bound: The process to enter.
        record: A record that is in no process yet.
        stage: Where it stands.
        actor: Who adopts it.
        at: Since when it stands there, as far as is known; with ``trail`` when it is adopted. With
            a time zone.
        trail: The moves that brought it there, oldest first, as far as they are known.
        reason: Where it comes from.
        facts: Values from outside the record, for the gates that are reported.
        rates: Dated exchange rates, for the same.
        report: Whether the gates behind it are examined.

    Returns:
        The record at version 1. The event holds all its fields, the trail that it brought, and
        what the gates behind it find; it is dated ``at``.

    Raises:
        NaiveDatetimeError: ``at`` has no time zone.
        UnknownNameError: The process has no such stage.
        WrongProcessError: It is of another model, or was opened before.
        InvalidDataError: The record or a part of it stands at another stage, or the trail does
            not lead there; naming all.
        EditRefusedError: The actor acts for another one whose deputy it is not.

    Example:
        >>> from datetime import UTC, datetime
        >>> from cosell import Actor, Calendar, Opportunity, catalog
        >>> vendor = Calendar.from_holidays("CZ", tz="Europe/Prague")
        >>> make = catalog.load("make").bind(calendars={"vendor": vendor})
        >>> me, now = Actor("ae-3", role="ae", party="vendor"), datetime(2026, 11, 20, tzinfo=UTC)
        >>> deal = adopt(make, Opportunity(id="o-1"), stage="closing", actor=me, at=now).record
        >>> deal.stage, deal.trail[0].kind.value
        ('closing', 'adopted')
    """
    require_actor(actor)
    require_aware(at)
    if stage not in bound.main.kinds:
        raise UnknownNameError("stage", stage, bound.main.kinds)
    past = read_past(trail, f"record `{record.id}`")
    entered = _entered(
        bound, record, EventKind.ADOPTED, stage, actor=actor, at=at, past=past, reason=reason
    )
    if not report:
        return entered
    given = read_facts(bound.process.facts, facts)
    found = found_behind(bound, entered.record, Question(actor, at, facts=given, rates=rates))
    findings = tuple({"gate": each.gate, **reported(each.finding)} for each in found)
    event = entered.event.model_copy(update={"findings": findings})
    return Applied(entered.record, (event,))


def _entered(
    bound: Bound,
    record: _R,
    kind: EventKind,
    stage: str,
    *,
    actor: Actor,
    at: datetime,
    past: tuple[PastMove, ...] = (),
    reason: str | None = None,
) -> Applied[_R]:
    require_actor(actor)
    require_aware(at)
    why = require_reason(reason, f"record `{record.id}`")
    _require_fresh(bound, record)
    wrong = list(problems_with_deputy(actor, at))
    if wrong:
        raise EditRefusedError(f"record `{record.id}`", wrong)
    problems = list(_misplaced(bound, record, stage, kind))
    problems += problems_in_past(bound, record, past, stage, at)
    if not problems:
        there = with_status(bound, record, stage)
        problems += problems_in_status(bound, record, there, stage)
        record = there
    if problems:
        raise InvalidDataError(f"record `{record.id}`", problems)
    event = event_of(
        bound,
        record,
        kind,
        at=at,
        actor=actor,
        # What has come to its stage by its own trail enters nothing by being adopted.
        source=stage if any(move.track is None for move in past) else None,
        target=stage,
        reason=why,
        changes=_all_fields(record) | _standing(bound, record),
    )
    if not past:
        after, event = happened(record, event)
        return Applied(after, (event,))
    # A record that is not opened yet has no trail of its own; this one is the event's to bring.
    trail = entries_of(past, actor)
    after, event = happened(record.model_copy(update={"trail": trail}), event)
    return Applied(
        after, (event.model_copy(update={"changes": {**event.changes, "trail": trail}}),)
    )


def _require_fresh(bound: Bound, record: Record) -> None:
    """Raise unless a record is of the process's model, and in no process yet."""
    if type(record) is not bound.model or record.process is not None or _written(record):
        raise WrongProcessError(
            record_id=record.id,
            found=f"of model `{type(record).__name__}` at version {record.version}",
            expected=f"a {bound.model.__name__} that is not opened yet",
            remedy="Give a fresh record; load and move the one that was opened.",
        )


def _standing(bound: Bound, record: Record) -> dict[str, Any]:
    """Return the claims that the record holds from now on, if there are some."""
    keys = standing_keys(bound.main.claims, record)
    return {"claims": keys} if keys else {}


def _written(record: Record) -> bool:
    """Whether a record has something that only events write."""
    links = record.merged_into or record.merged
    held = record.claims or record.waits
    return bool(record.version or record.trail or held or links)


def _misplaced(bound: Bound, record: Record, stage: str, kind: EventKind) -> Iterator[Problem]:
    """Yield every item that is not named, and every stage that the record does not enter at.

    Approvals are given in a process: a record that is opened brings none.
    """
    yield from problems_in_items(bound.lists, record)
    if kind is EventKind.OPENED:
        for path in answer_paths(bound.process):
            if getattr(record, path):
                problem = f"`{path}` are given after a record is opened"
                yield Problem(path, problem, "Leave them out, or adopt the record as it stands.")
    for line in bound.lines_of(record):
        given, path = line.stage_of(record), line.stage_path
        if line is bound.main:
            if given not in {UNOPENED, stage}:
                yield Problem(path, f"`{path}` is `{given}`, and not `{stage}`", "Leave it out.")
        elif given not in line.kinds:
            yield Problem(path, f"there is no stage `{given}`", did_you_mean(given, line.kinds))
        elif kind is EventKind.OPENED and given != line.definition.initial:
            begins = f"`{path}` is `{given}`, and begins at `{line.definition.initial}`"
            yield Problem(path, begins, "Leave it out, or adopt the record as it stands.")


def _all_fields(record: Record) -> dict[str, Any]:
    """Return every field that differs from its default, but cosell's own."""
    own, defaults = own_paths(()), _defaults_of(type(record))
    return {
        name: value
        for name, value in fields_of(record).items()
        if name not in own and value is not defaults[name] and value != defaults[name]
    }


@cache
def _defaults_of(model: type[Record]) -> dict[str, Any]:
    """Return the default of every field; asking pydantic costs more than all the rest."""
    return {
        name: field.get_default(call_default_factory=True)
        for name, field in model.model_fields.items()
    }
