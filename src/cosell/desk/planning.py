"""What a command works on, and the commit that it comes to.

This module does not know what the command is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from cosell.definition import StageKind
from cosell.desk.answer import Answer, KeptAnswer
from cosell.desk.coming_back import require_return
from cosell.engine import Applied, Bound, next_due_at
from cosell.engine.seal import FIRST
from cosell.events import Claim, Commit, Entry, Event, Snapshot
from cosell.fees.bound import BoundPlan
from cosell.findings import plain
from cosell.models.record import Record
from cosell.stores.formats import as_stored

if TYPE_CHECKING:
    from cosell.desk.commands import Command

__all__ = ["FeesDue", "Loaded", "Planned", "planned", "with_entries"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a command works on.

    Attributes:
        bound: The process in force.
        record: The record as it is stored; for ``Open`` the one that is given.
        snapshot: How it is stored; ``None`` for a record that is not.
        plans: The fee plans that may be about it.
    """

    bound: Bound
    record: Record
    snapshot: Snapshot | None
    plans: tuple[BoundPlan, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """A commit with the answer it stands for, and the process that was in force.

    Attributes:
        commit: What is to be written.
        answer: What the asker hears.
        bound: The process.
        followed: Whether automatic transitions are part of it.
    """

    commit: Commit
    answer: Answer[Record]
    bound: Bound
    followed: bool = False


@dataclass(frozen=True, slots=True)
class FeesDue:
    """What a commit takes along for the fees of its record.

    Attributes:
        entries: Ledger entries, in the order in which they are written.
        next_at: When the next fee comes due by time alone, if one does.
        problem: Why the fees could not be assessed, if they could not.
        claims: Keys that keep two records from taking the same room below a cap.
    """

    entries: tuple[Entry, ...] = ()
    next_at: datetime | None = None
    problem: str | None = None
    claims: tuple[str, ...] = ()


def with_entries(command: Command, planned: Planned, due: FeesDue) -> Planned:
    """Return a plan with ledger entries in the same commit, and in the answer."""
    commit = planned.commit
    answer = replace(planned.answer, entries=due.entries, fee_problem=due.problem)
    moments = [at for at in (commit.next_at, due.next_at) if at is not None]
    update = {
        "entries": due.entries,
        "claims": (*commit.claims, *(Claim(key=key, holder=answer.id) for key in due.claims)),
        "next_at": min(moments, default=None),
        "answer": _kept(answer, commit.record) if command.key else "",
    }
    return replace(planned, commit=commit.model_copy(update=update), answer=answer)


def planned(command: Command, loaded: Loaded, applied: Applied[Record]) -> Planned:
    """Return the commit that carries ``command`` out, given what it comes to, with its answer."""
    before, after, stored = loaded.record, applied.record, loaded.snapshot
    events = applied.sealed(stored.digest if stored else FIRST)
    effects = tuple(
        effect.model_copy(update={"data": plain(effect.data)}) for effect in applied.effects
    )
    answer = Answer(after, events, effects, instead=command.instead(loaded))
    snapshot = _snapshot(loaded, after, events)
    commit = Commit(
        record=snapshot,
        expected_version=before.version,
        events=events,
        effects=effects,
        claims=tuple(
            Claim(key=key, holder=after.id) for key in after.claims if key not in before.claims
        ),
        releases=tuple(key for key in before.claims if key not in after.claims),
        waits=tuple(key for key in after.waits if key not in before.waits),
        leaves=tuple(key for key in before.waits if key not in after.waits),
        next_at=next_due_at(loaded.bound, after, at=command.at, facts=command.facts),
        key=command.key,
        party=command.party,
        command_digest=command.digest,
        answer=_kept(answer, snapshot) if command.key else "",
    )
    return Planned(commit, answer, loaded.bound, followed=applied.followed > 0)


def _snapshot(loaded: Loaded, after: Record, events: tuple[Event, ...]) -> Snapshot:
    """Return the record as it is to be stored.

    Raises:
        InvalidDataError: A field would not come back as it is.
    """
    stored = loaded.snapshot
    moments = [event.at for event in events] + ([stored.last_at] if stored else [])
    # Without computed fields, which the model does not read.
    body = as_stored(after.model_dump_json(round_trip=True))
    before = loaded.record if stored and type(loaded.record) is type(after) else None
    require_return(loaded.bound, before, after, events, body)
    digest = events[-1].digest if events else stored.digest if stored else FIRST
    return Snapshot(
        id=after.id,
        version=after.version,
        process=loaded.bound.ref,
        stage=after.stage,
        ended=loaded.bound.main.kinds[after.stage] is not StageKind.OPEN,
        digest=digest or FIRST,
        last_at=max(moments),
        body=body,
    )


def _kept(answer: Answer[Record], snapshot: Snapshot) -> str:
    kept = KeptAnswer(
        process=snapshot.process,
        body=snapshot.body,
        events=answer.events,
        effects=answer.effects,
        instead=answer.instead,
        entries=answer.entries,
        fee_problem=answer.fee_problem,
    )
    return as_stored(kept.model_dump_json())
