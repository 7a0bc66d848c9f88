"""Move a record to another version of its process, or to another process that continues it.

Rules:

1. Only this moves a record to another version. Until then it stays on the one that it entered.
2. What was due by the version before is done first. Claims, fields and the trail go on.
3. A stage that is called otherwise, or is another one now, is so in the whole trail: clocks count
   on as if it had always been that. A migration enters nothing.
4. Gates are not asked; the dry run, ``preview_migration``, says what they would find.
5. The model is the same, or a subclass of it: a subclass adds fields.

This module does not know what a store is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from cosell._base import validated
from cosell.engine.bound import Bound, WrongProcessError
from cosell.engine.claims import carried_claims
from cosell.engine.deputies import problems_with_deputy
from cosell.engine.draft import require_reason
from cosell.engine.fold import with_event
from cosell.engine.held import status_changes
from cosell.engine.items import problems_in_items
from cosell.engine.paths import fields_of, rewritten
from cosell.engine.question import require_actor
from cosell.engine.settle import require_order, settle
from cosell.engine.stage_map import StageMap, stage_map
from cosell.engine.taking import Applied, event_of
from cosell.errors import EditRefusedError, InvalidDataError, Problem, did_you_mean, require_aware
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor, EventKind
from cosell.models.record import Record

__all__ = ["NO_STAGES", "migrate"]

#: A track, or ``None``, with its stage before and after.
_Move = tuple[str | None, str, str]

NO_STAGES: Final[Mapping[str, str]] = MappingProxyType({})


@tells_kinds
def migrate(
    before: Bound,
    after: Bound,
    record: Record,
    *,
    actor: Actor,
    at: datetime,
    stages: Mapping[str, str] = NO_STAGES,
    reason: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Applied[Record]:
    """Return ``record`` on another version of its process.

    Args:
        before: The process that it follows.
        after: The process that it is to follow.
        record: The record; it is settled first, and not changed itself.
        actor: Who migrates it.
        at: When, with a time zone.
        stages: The stage after, by stage before, wherever the ids differ; in a track with its
            name, ``{"poc.running": "poc.in_work"}``.
        reason: Why.
        facts: Values from outside the record, for clocks that start at one.

    Returns:
        The record and its events: what was due before, the migration, and one for each track
        whose stage is called otherwise.

    Raises:
        InvalidDataError: The map is not total, or the record does not fit; naming everything.
        WrongProcessError: The record does not follow ``before``, follows ``after`` already, or
            its model is none that ``after`` can continue.
        EditRefusedError: The actor acts for another one whose deputy it is not.
        OutOfOrderError: ``at`` is before the last move of the record.
        NaiveDatetimeError: ``at`` has no time zone.

    Example:
        >>> from datetime import UTC, datetime
        >>> from cosell import Actor, Calendar, Opportunity, catalog, open_record
        >>> vendor = Calendar.from_holidays("CZ", tz="Europe/Prague")
        >>> make = catalog.load("make").bind(calendars={"vendor": vendor})
        >>> ours = catalog.parse('''
        ... extends = "make@1"
        ... id = "ours"
        ... version = 1
        ... remove = ["stage:qualified"]
        ... ''').bind(calendars={"vendor": vendor})
        >>> me, now = Actor("ae-3", role="ae", party="vendor"), datetime(2026, 11, 20, tzinfo=UTC)
        >>> deal = open_record(make, Opportunity(id="o-1"), actor=me, at=now).record
        >>> map = {"qualified": "registered"}
        >>> moved = migrate(make, ours, deal, actor=me, at=now, stages=map).record
        >>> moved.stage, moved.process.id, moved.version
        ('identified', 'ours', 2)
    """
    require_actor(actor)
    require_aware(at)
    before.require_own(record)
    require_order(record, at)
    subject = f"record `{record.id}`"
    why = require_reason(reason, subject)
    wrong = list(problems_with_deputy(actor, at))
    if wrong:
        raise EditRefusedError(subject, wrong)
    _require_continued(before, after, record)
    found = stage_map(before, after, stages)
    settled = settle(before, record, at=at, facts=facts)
    return settled.followed_by(
        _carried(before, after, settled.record, found, actor=actor, at=at, reason=why)
    )


def _require_continued(before: Bound, after: Bound, record: Record) -> None:
    """Raise unless records of ``before`` can go on in ``after``."""
    if before.ref == after.ref:
        raise WrongProcessError(
            record_id=record.id,
            found=f"on `{after.ref.id}@{after.ref.version}` already",
            expected="records of another version",
            remedy="Leave it where it is, or name the version that it should go on to.",
        )
    if not issubclass(after.model, before.model):
        raise WrongProcessError(
            record_id=record.id,
            found=f"of model {before.model.__name__}",
            expected=f"the model {after.model.__name__}, which is no subclass of it",
            remedy="Bind the new version with the same model, or with a subclass.",
        )


def _carried(
    before: Bound,
    after: Bound,
    record: Record,
    found: StageMap,
    *,
    actor: Actor,
    at: datetime,
    reason: str | None,
) -> Applied[Record]:
    """Return a settled record on the other version, with the events that say so."""
    here: Record = validated(after.model, fields_of(record), f"record `{record.id}`")
    moves = list(_moves(before, record, found))
    changes = _changes(after, here, found, moves)
    changes |= carried_claims(before.main.claims, after.main.claims, here)
    events = []
    for track, source, target in moves:
        event = event_of(
            after,
            here,
            EventKind.MIGRATED,
            at=at,
            actor=actor,
            track=track,
            source=source,
            target=target,
            reason=reason,
            changes=changes if track is None else {},
        )
        here = with_event(here, event, _stage_path(after, track), keys=after.keys)
        events.append(event)
    return Applied(here, tuple(events))


def _changes(after: Bound, record: Record, found: StageMap, moves: list[_Move]) -> dict[str, Any]:
    """Return what a migration writes beside stages: the trail, and what the stages hold.

    Raises:
        InvalidDataError: A part stands where its new track has no stage.
    """
    stages = {_stage_path(after, track): target for track, _, target in moves}
    there = rewritten(record, stages, f"record `{record.id}`", after.keys)
    problems = list(_astray(after, there))
    if problems:
        raise InvalidDataError(f"record `{record.id}`", problems)
    trail = tuple(map(found.entry, record.trail))
    renamed = {} if trail == record.trail else {"trail": trail}
    return {**renamed, **status_changes(after, there)}


def _moves(before: Bound, record: Record, found: StageMap) -> Iterator[_Move]:
    """Yield the main line, and each track whose stage is called otherwise, with its stages."""
    for line in before.lines_of(record):
        source = line.stage_of(record)
        target = found.stage(line.name, source)
        if line is before.main or source != target:
            yield line.name, source, target


def _stage_path(after: Bound, track: str | None) -> str:
    """Return where the stage of a track stands that both versions have."""
    line = after.line_named(track)
    return "stage" if line is None else line.stage_path


def _astray(after: Bound, record: Record) -> Iterator[Problem]:
    """Yield each item without a name, and each part where its new track has no stage."""
    yield from problems_in_items(after.lists, record)
    for line in after.lines_of(record):
        stage = line.stage_of(record)
        if stage not in line.kinds:
            problem = f"there is no stage `{stage}` in the track `{line.name}`"
            yield Problem(line.stage_path, problem, did_you_mean(stage, line.kinds))
