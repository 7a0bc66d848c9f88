"""One command against one store, as a conversation: what to ask the store, and what came back.

``Desk`` and ``AsyncDesk`` run the same generator; the one calls the store, the other awaits it.

Rules:

1. A kept answer is looked up before anything is decided, again before a refusal is given, and
   after a lost race.
2. A lost race is decided anew on what the other command left, a bounded number of times.
   So is a command whose claim another record holds, the way its process names for that case; and
   one that would wait for a claim that was given back meanwhile.
   What a record's fees have due goes into the same commit (see ``cosell.desk.fees_due``).
3. Who may not know of a record gets the error of an unknown id, before anything else is said.
4. A record that cannot be ticked does not keep the others from it, and none is ticked twice.
5. A claim that another record holds keeps automatic transitions and moves of clocks from being
   taken, and not the command that comes with them.

This module does not know how anything is stored.
"""

from __future__ import annotations

import logging
from collections.abc import Generator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from cosell.desk.answer import Answer, KeptAnswer, Ticked
from cosell.desk.asking import Ask
from cosell.desk.commands import Command, Loaded, Open, Planned, Tick
from cosell.desk.fees_due import is_room, with_fees
from cosell.desk.knowing import is_known, mind_clocks
from cosell.desk.outside import FactsFor, facts_of
from cosell.desk.seeing import masked, require_view
from cosell.desk.served import Served, read_record
from cosell.engine import CLOCK, Bound, View
from cosell.errors import (
    ClaimedError,
    CosellError,
    KeyReusedError,
    RecordNotFoundError,
    VersionConflictError,
    require_aware,
    require_kind,
)
from cosell.events import EventKind, Kept, Snapshot
from cosell.models.record import Record
from cosell.stores import ClaimFreeError, EntryExistsError, KeyKeptError
from cosell.stores.formats import Kind, current

__all__ = ["Round", "run", "tick"]

_LOG: Final = logging.getLogger("cosell")
_TRIES: Final = 5
#: What the store says where another command was faster, or another record holds a claim.
_NOT_WRITTEN: Final = (
    ClaimedError,
    VersionConflictError,
    KeyKeptError,
    ClaimFreeError,
    EntryExistsError,
)
_BATCH: Final = 500

Round = Generator[Ask, Any, Answer[Record]]


def run(served: Served, record_id: str, command: Command) -> Round:
    """Yield the calls of the store that ``command`` needs, and return its answer.

    Errors of a call are thrown in at the place where it was asked for.
    """
    command.require_sound()
    asked, attempt = command, 0
    while True:
        attempt += 1
        kept = yield from _kept(record_id, command)
        if kept is not None:
            yield from _require_seen(served, record_id, command)
            return _again(served, record_id, command, kept)
        try:
            planned, seen = yield from _plan(served, record_id, command)
        except RecordNotFoundError:
            raise
        except CosellError:
            # The same command may have been committed since its key was looked up.
            kept = yield from _kept(record_id, command)
            if kept is None:
                raise
            return _again(served, record_id, command, kept)
        claimed = None
        try:
            yield Ask("commit", (planned.commit,))
        except _NOT_WRITTEN as error:
            if not isinstance(error, ClaimedError) or is_room(error.key):
                _LOG.info(
                    "%s on %s lost a race (%s), try %d", command.word, record_id, error, attempt
                )
                if attempt == _TRIES:
                    raise
                command = asked
                continue
            claimed = error
        if claimed is not None:
            known = yield from is_known(served, planned.bound, claimed, command)
            told = seen.error(claimed if known else ClaimedError(claimed.key, None))
            command = _other(command, planned, claimed, told, known=known, last=attempt == _TRIES)
            continue
        _LOG.info(
            "%s on %s: version %d, %d event(s)",
            command.word,
            record_id,
            planned.commit.record.version,
            len(planned.commit.events),
        )
        return planned.answer


def _other(
    command: Command,
    planned: Planned,
    claimed: ClaimedError,
    told: Exception,
    *,
    known: bool,
    last: bool,
) -> Command:
    """Return what is tried instead of a command whose claim another record holds.

    Raises ``told`` if there is nothing, or if it was the last try.
    """
    other = _without(command, planned, claimed) or command.after(claimed, known=known)
    if other is None or last:
        raise told
    return other


def _without(command: Command, planned: Planned, claimed: ClaimedError) -> Command | None:
    """Return the command without what happened by itself: that may be what wanted the claim."""
    if planned.followed:
        return replace(command, automatic=False)
    moves = (event for event in planned.commit.events if event.kind is EventKind.MOVED)
    if claimed.key in command.taken or not any(event.actor == CLOCK for event in moves):
        return None
    return replace(command, taken={**command.taken, claimed.key: claimed.holder})


def _kept(record_id: str, command: Command) -> Generator[Ask, Any, Kept | None]:
    """Return what is kept under the command's key, if it has one and something is."""
    if command.key is None:
        return None
    kept: Kept | None = yield Ask("kept", (record_id, command.party, command.key))
    return kept


def _plan(
    served: Served, record_id: str, command: Command
) -> Generator[Ask, Any, tuple[Planned, View]]:
    """Return the plan, and what who asks may see of the record."""
    if isinstance(command, Open):
        bound = served.newest(command.process)
        opened = command.plan(Loaded(bound, command.record, None))
        return (yield from with_fees(served, command, opened, View(bound))), View(bound)
    snapshot: Snapshot = yield Ask("load", (record_id,))
    bound, record = served.record_in(snapshot)
    bound = yield from mind_clocks(bound, record, at=command.at, facts=command.facts)
    seen = _view(bound, record, command)
    loaded = Loaded(bound, record, snapshot, served.plans_about(record))
    plan = masked(seen, command.given, lambda: command.plan(loaded))
    return (yield from with_fees(served, command, plan, seen)), seen


def _require_seen(served: Served, record_id: str, command: Command) -> Generator[Ask, Any, None]:
    """Raise ``RecordNotFoundError`` for an outsider; who opened a record gave it themselves."""
    if served.has_views and not isinstance(command, Open):
        snapshot: Snapshot = yield Ask("load", (record_id,))
        bound, record = served.record_in(snapshot)
        _view(bound, record, command)


def _view(bound: Bound, record: Record, command: Command) -> View:
    """Return the view of who gives a command; only some commands bring rates along."""
    return require_view(
        bound,
        record,
        actor=command.actor,
        at=command.at,
        facts=command.facts,
        rates=getattr(command, "rates", None),
    )


def tick(
    served: Served, *, at: datetime, facts_for: FactsFor | None, limit: int
) -> Generator[Ask, Any, Ticked]:
    """Yield the calls of the store that ticking all due records needs, and return what it did.

    What is still due after it was ticked, or cannot be ticked, is not looked at again.
    """
    require_aware(at)
    require_kind(limit, int, "limit", like="100")
    answers: dict[str, Answer[Record]] = {}
    failed: dict[str, CosellError] = {}
    still_due: set[str] = set()
    while len(answers) < limit:
        wanted = min(_BATCH, limit - len(answers)) + len(still_due)
        due = yield Ask("due", (at, wanted))
        new = [each for each in due if each not in answers and each not in failed]
        for record_id in new[: limit - len(answers)]:
            try:
                facts = facts_of(facts_for, record_id)
                answer = yield from run(served, record_id, Tick(actor=CLOCK, at=at, facts=facts))
                answers[record_id] = answer
            except CosellError as error:
                failed[record_id] = error
        seen = still_due.union(due) - set(new) | failed.keys()
        if not new and seen == still_due:
            break
        still_due = seen
    return Ticked(tuple(answers.values()), tuple(failed.items()))


def _again(served: Served, record_id: str, command: Command, kept: Kept) -> Answer[Record]:
    """Return the first answer, if it was to this very command."""
    if kept.command_digest != command.digest:
        raise KeyReusedError(str(command.key), record_id)
    first = KeptAnswer.model_validate_json(current(Kind.ANSWER, kept.answer))
    record = read_record(served.behind(first.process), record_id, first.body)
    return Answer(
        record,
        first.events,
        first.effects,
        repeated=True,
        instead=first.instead,
        entries=first.entries,
        fee_problem=first.fee_problem,
    )
