"""Change fields without moving: refused as a whole where one of them is locked.

Rules:

1. What a lock names, and everything below it, may not be edited in the lock's stages. What was
   set under a lock with ``once`` stays.
2. cosell's own fields (id, version, process, stage, trail, claims, waits) are never edited.
3. Where the process says who may edit what, nobody else may (see ``cosell.engine.access``).
4. Where a list is written whose items have a track, a lock of an item holds for what changes.
5. Nobody edits what is hidden from them.
6. Who says which version they saw edits no other one.
7. A forbidden edit is refused with every field named; nothing is silently ignored.

This module does not know what a store is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from cosell.definition.effect import overlap
from cosell.engine.access import EditAsked, problems_with_edit, problems_with_switches
from cosell.engine.automatic import follow
from cosell.engine.bound import Bound, BoundLine
from cosell.engine.claims import standing_changes
from cosell.engine.deputies import problems_with_deputy
from cosell.engine.draft import require_reason
from cosell.engine.facts import read_facts
from cosell.engine.fold import happened
from cosell.engine.insiders import require_insider
from cosell.engine.items import kept
from cosell.engine.own import is_own
from cosell.engine.paths import field_at, item_model_of
from cosell.engine.question import require_data
from cosell.engine.readable import paths_of
from cosell.engine.settle import require_order, settle
from cosell.engine.sight import Sight
from cosell.engine.taking import Applied, event_of
from cosell.errors import EditRefusedError, InvalidDataError, Problem, did_you_mean, require_aware
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor, EventKind
from cosell.models.record import Record

__all__ = ["change"]

_R = TypeVar("_R", bound=Record)


@tells_kinds
def change(  # noqa: PLR0913 - an edit has this many parts
    bound: Bound,
    record: _R,
    data: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
    reason: str | None = None,
    facts: Mapping[str, Any] | None = None,
    expected_version: int | None = None,
    automatic: bool = True,
) -> Applied[_R]:
    """Return ``record`` with ``data`` written, and the event that says so.

    Args:
        bound: The process whose locks hold.
        record: The record to edit; it is settled first, and not changed itself.
        data: New values by field path from the record: ``customer.domain``, ``poc.scope``.
        actor: Who edits.
        at: When, with a time zone.
        reason: Why.
        facts: Values from outside the record.
        expected_version: The version that the editor saw; ``None`` does not check it.
        automatic: Whether automatic transitions follow.

    Returns:
        The re-validated record and its events.

    Raises:
        EditRefusedError: A field is locked, cosell's own, or not the actor's to edit, or the
            record is of another version; naming all of them.
        InvalidDataError: A value does not fit; naming all of them.
        OutOfOrderError: ``at`` is before the last move of the record.
        NaiveDatetimeError: ``at`` has no time zone.
        WrongProcessError: ``record`` does not follow this process.
        RecordNotFoundError: The process has views, and none is the actor's.

    Source:
        BX-43.

    Example:
        >>> from datetime import UTC, datetime
        >>> from cosell import Actor, Calendar, Opportunity, catalog, open_record
        >>> vendor = Calendar.from_holidays("CZ", tz="Europe/Prague")
        >>> make = catalog.load("make").bind(calendars={"vendor": vendor})
        >>> me, now = Actor("ae-3", role="ae", party="vendor"), datetime(2026, 11, 20, tzinfo=UTC)
        >>> deal = open_record(make, Opportunity(id="o-1"), actor=me, at=now).record
        >>> edited = change(make, deal, {"customer.employees": 600}, actor=me, at=now)
        >>> edited.record.customer.employees, edited.record.version
        (600, 2)
    """
    require_aware(at)
    require_data(data)
    bound.require_own(record)
    row = require_insider(bound, record, actor=actor, at=at, facts=facts)
    require_order(record, at)
    subject = f"edit of `{record.id}`"
    why = require_reason(reason, subject)
    settled = settle(bound, record, at=at, facts=facts)
    here = settled.record
    problems = [*problems_with_deputy(actor, at), *_merged_away(here)]
    problems += _overtaken(record, expected_version)
    asked = EditAsked(actor, at, why, read_facts(bound.process.facts, facts))
    problems += [found for path in data for found in _problems(bound, here, path, asked)]
    problems += problems_with_switches(bound.switches, here, data, actor, bound.keys)
    problems += [] if row is None else _unseen(Sight(bound.model, row), data)
    if problems:
        raise EditRefusedError(subject, problems)
    if not data:
        nothing = Problem("", "nothing is given to change", "Give one field or more.")
        raise InvalidDataError(subject, [nothing])
    twice = list(_given_twice(data))
    if twice:
        raise InvalidDataError(subject, twice)
    changes = kept(bound.lists, here, data, subject, bound.keys)
    changes |= standing_changes(bound.main, here, changes, subject)
    event = event_of(
        bound, here, EventKind.CHANGED, at=at, actor=actor, reason=why, changes=changes
    )
    after, event = happened(here, event, keys=bound.keys, subject=subject)
    problems = list(_in_items(bound, here, after, actor))
    if problems:
        raise EditRefusedError(subject, problems)
    done = settled.followed_by(Applied(after, (event,)))
    return follow(bound, done, at=at, facts=asked.facts) if automatic else done


def _overtaken(record: Record, expected: int | None) -> Iterator[Problem]:
    """Yield that the editor saw another version, if so."""
    if expected is not None and expected != record.version:
        problem = f"the record is at version {record.version}, and not at {expected}"
        yield Problem("version", problem, "Load the record again and edit anew.")


def _unseen(sight: Sight, data: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield every path that the actor does not see."""
    for path in data:
        if not sight.sees(path):
            yield Problem(path, f"`{path}` is not for you to see", "Ask somebody who sees it.")


def _merged_away(record: Record) -> Iterator[Problem]:
    if record.merged_into is not None:
        into = f"`{record.merged_into}`"
        yield Problem("merged_into", f"it was merged into {into}", f"Edit {into} instead.")


def _given_twice(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield every path of which a whole that holds it is given too."""
    for path in data:
        whole = path
        while (end := max(whole.rfind("."), whole.rfind("["))) > 0:
            whole = whole[:end]
            if whole in data:
                yield Problem(path, f"`{whole}` is given too, and holds it", "Give one of the two.")


def _problems(bound: Bound, record: Record, path: str, asked: EditAsked) -> Iterator[Problem]:
    """Yield why it is not possible to edit ``path`` now, or not for who asks."""
    if "[" in path and (wrong := list(_unnamed(bound, record, path))):
        yield from wrong
        return
    if field_at(bound.model, path) is None:
        remedy = did_you_mean(path, _fields_near(bound, path))
        yield Problem(path, f"there is no field `{path}`", remedy)
    elif any(is_own(path, own) for own in bound.own_paths):
        yield Problem(path, f"`{path}` is written by cosell alone", "Ask for a transition.")
    else:
        yield from problems_with_edit(bound.edits, record, path, asked)
    for line in bound.lines_of(record):
        yield from _locked(line, record, path, asked.actor)


def _fields_near(bound: Bound, path: str) -> list[str]:
    """Return what else there is to edit: fields of the record, or of the item."""
    place, bracket, rest = path.partition("[")
    whole = field_at(bound.model, place) if bracket else None
    model = None if whole is None else item_model_of(whole.annotation)
    if model is None:
        return paths_of(bound.model)
    return [f"{place}[{rest.partition(']')[0]}].{each}" for each in paths_of(model)]


def _unnamed(bound: Bound, record: Record, path: str) -> Iterator[Problem]:
    """Yield why ``path`` leads to no field of an item of the record."""
    place, _, rest = path.partition("[")
    name = rest.partition("]")[0]
    items = next((each for each in bound.lists if each.path == place), None)
    if items is None:
        problem = f"`{place}` is no list whose items have names"
        yield Problem(path, problem, "Give the whole list.")
    elif name not in (known := items.items_in(record)):
        yield Problem(path, f"`{place}` has no item `{name}`", did_you_mean(name, known))
    elif path.endswith("]"):
        remedy = f"Give its fields, as `{path}.{items.key}`, or the whole list."
        yield Problem(path, f"`{path}` is an item, and no field", remedy)
    elif path == f"{items.place_of(name)}.{items.key}":
        yield Problem(path, f"`{path}` names the item", "It keeps its name; add another one.")


def _in_items(bound: Bound, before: Record, after: Record, actor: Actor) -> Iterator[Problem]:
    """Yield every locked field of an item that is another one, where a list was written anew."""
    for line in bound.lines_of(before) if bound.lists else ():
        if line.item is None:
            continue
        stage = line.stage_of(before)
        for lock in line.locked[stage]:
            for path in () if actor.role in lock.except_roles else lock.paths:
                if line.read(before, path) != line.read(after, path):
                    locked = line.full_path(path)
                    yield Problem(locked, f"`{locked}` is locked while in `{stage}`", lock.remedy)


def _locked(line: BoundLine, record: Record, path: str, actor: Actor) -> Iterator[Problem]:
    stage = line.stage_of(record)
    for lock in line.locked[stage]:
        hit = any(_hits(line.full_path(locked), path) for locked in lock.paths)
        if hit and actor.role not in lock.except_roles:
            yield Problem(path, f"`{path}` is locked while in `{stage}`", lock.remedy)


def _hits(locked: str, path: str) -> bool:
    """Whether writing ``path`` writes a locked field; of a list written anew that is seen later."""
    return overlap(locked, path) and ("[" in path or "[" not in locked)
