"""Merge two records that are found to be one: end the duplicate, and link both.

Rules that hold for every merge:

1. The duplicate ends by a transition of its process, as ever: role, gate and data are checked. An
   event ``merged`` follows, which names the survivor; another one on the survivor names the
   duplicate. Both histories stay as they are, each a chain of its own.
2. Keys that the transition does not release go over to the survivor; so do the duplicate's ids in
   other systems.
3. A merged record moves no more, and is edited no more. What it was merged into can be merged
   itself, so that there are chains, and never a circle.

This module does not know how the two are stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from cosell.engine.apply import apply
from cosell.engine.bound import Bound
from cosell.engine.fold import happened
from cosell.engine.question import NO_DATA
from cosell.engine.settle import settle
from cosell.engine.taking import Applied, event_of
from cosell.errors import MergeRefusedError, Problem
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor, EventKind
from cosell.models.record import Record
from cosell.money import Rates

__all__ = ["merge_away", "merge_into", "pair_key", "problems_with_merge"]

_R = TypeVar("_R", bound=Record)


def pair_key(a: str, b: str) -> str:
    """Return the key that a record claims when it is merged: two records, one direction.

    Example:
        >>> pair_key("o-2", "o-1") == pair_key("o-1", "o-2") == "merged:o-1:o-2"
        True
    """
    first, second = sorted((a, b))
    return f"merged:{first}:{second}"


def problems_with_merge(
    bound: Bound, survivor: Record, duplicate: Record, actor: Actor
) -> Iterator[Problem]:
    """Yield why two records cannot be merged, or not by this actor.

    Args:
        bound: The process of the duplicate.
        survivor: The record that stays.
        duplicate: The record that ends.
        actor: Who asks.
    """
    merge = bound.process.merge
    if merge is None:
        remedy = "Give the definition a table `merge`."
        yield Problem("merge", f"process `{bound.ref.id}` merges no records", remedy)
    elif actor.role not in merge.roles:
        roles = ", ".join(sorted(merge.roles))
        problem = f"role `{actor.role}` may not merge records"
        yield Problem("actor.role", problem, f"Ask one of these to do it: {roles}.")
    if survivor.id == duplicate.id:
        problem = f"`{survivor.id}` cannot be merged into itself"
        yield Problem("duplicate", problem, "Name two records.")
    elif _process_of(survivor) != _process_of(duplicate):
        problem = f"`{duplicate.id}` follows another process than `{survivor.id}`"
        yield Problem("duplicate", problem, "Merge records of one process.")
    for name, record in (("survivor", survivor), ("duplicate", duplicate)):
        into = record.merged_into
        if into is not None:
            problem = f"`{record.id}` was merged into `{into}` before"
            yield Problem(name, problem, f"Work with `{into}`.")


def _process_of(record: Record) -> str | None:
    return record.process.id if record.process is not None else None


@tells_kinds
def merge_away(  # noqa: PLR0913 - the same question as ``apply``, of two records
    bound: Bound,
    duplicate: _R,
    survivor: Record,
    *,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any] = NO_DATA,
    facts: Mapping[str, Any] | None = None,
    rates: Rates | None = None,
    reason: str | None = None,
) -> Applied[_R]:
    """Return ``duplicate`` ended by the process's ``merge`` trigger, and linked to ``survivor``.

    Args:
        bound: The process of the duplicate.
        duplicate: The record that ends.
        survivor: The record that stays.
        actor: Who merges.
        at: When, with a time zone.
        data: Values for the transition's inputs.
        facts: Values from outside the record.
        rates: Dated exchange rates.
        reason: Why.

    Returns:
        The duplicate with the events of the transition and of the merge; the keys that the
        transition left it are given back by the last event, to be taken by the survivor.

    Raises:
        MergeRefusedError: The two cannot be merged, or not by this actor; naming every reason.
        TransitionRefusedError: The duplicate may not be ended so; ``error.decision`` says why.
        InvalidDataError: ``data`` or ``facts`` do not fit.
        OutOfOrderError: ``at`` is before the last move of the record.

    Source:
        BX-1, BX-10.
    """
    problems = list(problems_with_merge(bound, survivor, duplicate, actor))
    merge = bound.process.merge
    if problems or merge is None:
        raise MergeRefusedError(f"merge of `{duplicate.id}` into `{survivor.id}`", problems)
    ended = apply(
        bound, duplicate, merge.trigger, actor=actor, at=at, data=data, facts=facts, rates=rates
    )
    here = ended.record
    changes = {
        "merged_into": survivor.id,
        "claims": (pair_key(duplicate.id, survivor.id),),
    }
    return ended.followed_by(_merged(bound, here, actor, at, reason, changes))


@tells_kinds
def merge_into(
    bound: Bound,
    survivor: _R,
    duplicate: Record,
    *,
    claims: Sequence[str],
    actor: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> Applied[_R]:
    """Return ``survivor`` linked to a duplicate that has ended, with its keys and foreign ids.

    Args:
        bound: The process of the survivor; it is settled first.
        survivor: The record that stays.
        duplicate: The record that ended.
        claims: Keys that went over to the survivor.
        actor: Who merges.
        at: When, with a time zone.
        facts: Values from outside the record, for clocks.
        reason: Why.

    Raises:
        OutOfOrderError: ``at`` is before the last move of the record.

    Source:
        BX-1.
    """
    settled = settle(bound, survivor, at=at, facts=facts)
    here = settled.record
    changes: dict[str, Any] = {"merged": tuple(dict.fromkeys([*here.merged, duplicate.id]))}
    ids = tuple(each for each in duplicate.external_ids if each not in here.external_ids)
    if ids:
        changes["external_ids"] = (*here.external_ids, *ids)
    if claims:
        changes["claims"] = tuple(dict.fromkeys([*here.claims, *claims]))
    if any(key in claims for key in here.waits):
        changes["waits"] = tuple(key for key in here.waits if key not in claims)
    return settled.followed_by(_merged(bound, here, actor, at, reason, changes))


def _merged(
    bound: Bound,
    record: _R,
    actor: Actor,
    at: datetime,
    reason: str | None,
    changes: Mapping[str, Any],
) -> Applied[_R]:
    event = event_of(
        bound, record, EventKind.MERGED, at=at, actor=actor, reason=reason, changes=changes
    )
    after, event = happened(record, event, keys=bound.keys)
    return Applied(after, (event,))
