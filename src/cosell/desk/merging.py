"""Merge two stored records: two commands in a safe order, and what a desk answers.

Rules:

1. The duplicate comes first: it ends, and in the same commit its keys go over to the survivor, so
   that nobody takes them in between. Then the survivor is told.
2. Whoever merges the same two again finishes what was begun, and changes nothing that is done.
3. Two records are merged in one direction only, however many ask at once: the duplicate claims a
   key for the pair.

This module does not know how anything is stored.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from cosell.desk.answer import Answer
from cosell.desk.asking import Ask
from cosell.desk.commands import Command, Loaded, Planned, require_later
from cosell.desk.rounds import run
from cosell.desk.seeing import require_moment, require_view, told
from cosell.desk.served import Served
from cosell.engine import Applied, Bound
from cosell.engine.draft import require_reason
from cosell.engine.merge import merge_away, merge_into, pair_key, problems_with_merge
from cosell.errors import (
    ClaimedError,
    KeyReusedError,
    MergeRefusedError,
    Problem,
    RecordNotFoundError,
)
from cosell.events import Claim, Event, Kept
from cosell.models.record import Record
from cosell.money import Rates

__all__ = ["MergeAway", "MergeInto", "Merged", "histories", "merge"]


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge came to.

    Attributes:
        survivor: The record that stays, with what happened to it.
        duplicate: The record that ended, with what happened to it.
        handed_over: Keys that went from the one to the other.
    """

    survivor: Answer[Record]
    duplicate: Answer[Record]
    handed_over: tuple[str, ...] = ()

    @property
    def repeated(self) -> bool:
        """Whether both were merged before."""
        return self.survivor.repeated and self.duplicate.repeated


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeAway(Command):
    """End a duplicate."""

    word: ClassVar[str] = "merge_away"
    survivor: Record
    data: Mapping[str, Any] = field(default_factory=dict)
    rates: Rates | None = None
    reason: str | None = None

    @property
    def content(self) -> dict[str, Any]:
        """The survivor, data and reason."""
        return {"survivor": self.survivor.id, "data": dict(self.data), "reason": self.reason}

    def applied(self, loaded: Loaded) -> Applied[Record]:
        """Return the duplicate at its end, linked to the survivor."""
        require_later(loaded, self.at)
        return merge_away(
            loaded.bound,
            loaded.record,
            self.survivor,
            actor=self.actor,
            at=self.at,
            data=self.data,
            facts=self.facts,
            rates=self.rates,
            reason=self.reason,
        )

    def plan(self, loaded: Loaded) -> Planned:
        """Return the commit that ends the duplicate and hands its keys over (rule 1)."""
        planned = Command.plan(self, loaded)
        commit = planned.commit
        handed = tuple(
            Claim(key=key, holder=self.survivor.id)
            for key in _left_with(loaded.record, planned.answer.events[:-1])
        )
        return replace(planned, commit=commit.model_copy(update={"claims": commit.claims + handed}))


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeInto(Command):
    """Tell a survivor of a duplicate that has ended."""

    word: ClassVar[str] = "merge_into"
    duplicate: Record
    claims: tuple[str, ...]
    reason: str | None = None

    @property
    def content(self) -> dict[str, Any]:
        """The duplicate and the reason."""
        return {"duplicate": self.duplicate.id, "reason": self.reason}

    def applied(self, loaded: Loaded) -> Applied[Record]:
        """Return the survivor, linked to the duplicate."""
        require_later(loaded, self.at)
        return merge_into(
            loaded.bound,
            loaded.record,
            self.duplicate,
            claims=self.claims,
            actor=self.actor,
            at=self.at,
            facts=self.facts,
            reason=self.reason,
        )


def _left_with(before: Record, events: Sequence[Event]) -> tuple[str, ...]:
    """Return the keys that a record has after ``events``."""
    written = [event.changes["claims"] for event in events if "claims" in event.changes]
    return tuple(written[-1] if written else before.claims)


def merge(
    served: Served, survivor_id: str, duplicate_id: str, asked: Mapping[str, Any]
) -> Generator[Ask, Any, Merged]:
    """Yield the calls of the store that a merge needs, and return what it came to.

    Args:
        served: The processes.
        survivor_id: The record that stays.
        duplicate_id: The record that ends.
        asked: The fields of ``MergeAway``, without the survivor.
    """
    require_moment(asked)
    survivor = yield from _seen(served, survivor_id, asked)
    duplicate = yield from _seen(served, duplicate_id, asked)
    why = require_reason(asked["reason"], f"merge of `{duplicate_id}` into `{survivor_id}`")
    away = MergeAway(survivor=survivor.record, **{**asked, "reason": why})
    away.require_sound()
    ended = yield from _end(served, survivor, duplicate, away)
    handed = yield from _handed_over(survivor_id, duplicate_id)
    told = yield from _tell(served, survivor_id, ended.record, away, handed)
    return Merged(told, ended, handed)


def _load(served: Served, record_id: str) -> Generator[Ask, Any, Loaded]:
    snapshot = yield Ask("load", (record_id,))
    bound, record = served.record_in(snapshot)
    return Loaded(bound, record, snapshot)


def _seen(served: Served, record_id: str, asked: Mapping[str, Any]) -> Generator[Ask, Any, Loaded]:
    """Return a record that exists for whoever asks."""
    loaded = yield from _load(served, record_id)
    question = {name: asked.get(name) for name in ("facts", "rates")}
    require_view(loaded.bound, loaded.record, actor=asked["actor"], at=asked["at"], **question)
    return loaded


def _end(
    served: Served, survivor: Loaded, duplicate: Loaded, away: MergeAway
) -> Generator[Ask, Any, Answer[Record]]:
    """Return the duplicate at its end; as it is, if it was merged into this survivor before."""
    here, there = duplicate.record, survivor.record
    if here.merged_into == there.id and here.id != there.id:
        yield from _refuse_reused_key(here.id, away)
        return Answer(here, repeated=True)
    problems = list(problems_with_merge(duplicate.bound, there, here, away.actor))
    if problems:
        raise MergeRefusedError(f"merge of `{here.id}` into `{there.id}`", problems)
    require_later(survivor, away.at)
    try:
        return (yield from run(served, here.id, away))
    except ClaimedError as error:
        if error.key != pair_key(here.id, there.id):
            raise
        # The other way round was asked for at the same time, and was first.
        problem = f"`{there.id}` was merged into `{here.id}` before"
        found = Problem("survivor", problem, f"Work with `{here.id}`.")
        raise MergeRefusedError(f"merge of `{here.id}` into `{there.id}`", [found]) from None


def _refuse_reused_key(record_id: str, away: MergeAway) -> Generator[Ask, Any, None]:
    """Raise if the key stands for another command."""
    if away.key is not None:
        kept: Kept | None = yield Ask("kept", (record_id, away.party, away.key))
        if kept is not None and kept.command_digest != away.digest:
            raise KeyReusedError(away.key, record_id)


def _handed_over(survivor_id: str, duplicate_id: str) -> Generator[Ask, Any, tuple[str, ...]]:
    """Return the keys that the duplicate held once and the survivor holds now."""
    events: Sequence[Event] = yield Ask("history", (duplicate_id,))
    keys = dict.fromkeys(key for event in events for key in event.changes.get("claims", ()))
    handed = []
    for key in keys:
        holder = yield Ask("holder", (key,))
        if holder == survivor_id:
            handed.append(key)
    return tuple(handed)


def _tell(
    served: Served,
    survivor_id: str,
    duplicate: Record,
    away: MergeAway,
    handed: tuple[str, ...],
) -> Generator[Ask, Any, Answer[Record]]:
    """Return the survivor linked to the duplicate; as it is, if it was told before."""
    survivor = yield from _load(served, survivor_id)
    if duplicate.id in survivor.record.merged:
        return Answer(survivor.record, repeated=True)
    into = MergeInto(
        actor=away.actor,
        at=away.at,
        key=away.key,
        facts=away.facts,
        duplicate=duplicate,
        claims=handed,
        reason=away.reason,
    )
    return (yield from run(served, survivor_id, into))


def histories(
    served: Served, record_id: str, question: Mapping[str, Any] | None
) -> Generator[Ask, Any, dict[str, Sequence[Event]]]:
    """Return the events of a record and of all that were merged into it, each chain by its id.

    Args:
        served: The processes.
        record_id: The record.
        question: Who looks, when and with what; ``None`` hides nothing.
    """
    found: dict[str, Sequence[Event]] = {}
    wanted = [record_id]
    while wanted:
        each = wanted.pop(0)
        loaded = yield from _load(served, each)
        events = yield Ask("history", (each,))
        try:
            found[each] = events if question is None else told(*_known(loaded), events, **question)
        except RecordNotFoundError:
            # What does not exist for the actor is left out, but for what was asked about.
            if each == record_id:
                raise
        wanted += [other for other in loaded.record.merged if other not in found]
    return found


def _known(loaded: Loaded) -> tuple[Bound, Record]:
    return loaded.bound, loaded.record
