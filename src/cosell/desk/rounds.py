"""One command against one store, as a conversation: what to ask the store, and what came back.

``Desk`` and ``AsyncDesk`` run the same generator; the one calls the store, the other awaits it.

Rules:

1. A kept answer is looked up before anything is decided, and again after a lost race.
2. A lost race is decided anew on what the other command left, a bounded number of times.

This module does not know how anything is stored.
"""

from __future__ import annotations

import logging
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Final

from cosell.desk.answer import Answer, KeptAnswer
from cosell.desk.commands import Command, Loaded, Open, Planned
from cosell.desk.served import Served
from cosell.errors import KeyReusedError, VersionConflictError
from cosell.events import Kept, Snapshot
from cosell.models.record import Record
from cosell.stores import KeyKeptError

__all__ = ["Ask", "Round", "run"]

_LOG: Final = logging.getLogger("cosell")
_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Ask:
    """One call of a store: which method, with what."""

    method: str
    arguments: tuple[Any, ...]


Round = Generator[Ask, Any, Answer[Record]]


def run(served: Served, record_id: str, command: Command, process: str | None = None) -> Round:
    """Yield the calls of the store that ``command`` needs, and return its answer.

    Errors of a call are thrown in at the place where it was asked for.
    """
    for attempt in range(1, _TRIES + 1):
        kept = None
        if command.key is not None:
            kept = yield Ask("kept", (record_id, command.party, command.key))
        if kept is not None:
            return _again(served, record_id, command, kept)
        planned = yield from _plan(served, record_id, command, process)
        try:
            yield Ask("commit", (planned.commit,))
        except (VersionConflictError, KeyKeptError) as error:
            _LOG.info("%s on %s lost a race (%s), try %d", command.word, record_id, error, attempt)
            lost = error
            continue
        _LOG.info(
            "%s on %s: version %d, %d event(s)",
            command.word,
            record_id,
            planned.commit.record.version,
            len(planned.commit.events),
        )
        return planned.answer
    raise lost


def _plan(
    served: Served, record_id: str, command: Command, process: str | None
) -> Generator[Ask, Any, Planned]:
    if isinstance(command, Open):
        bound = served.newest(process)
        return command.plan(Loaded(bound, command.record, None))
    snapshot: Snapshot = yield Ask("load", (record_id,))
    bound, record = served.record_in(snapshot)
    return command.plan(Loaded(bound, record, snapshot))


def _again(served: Served, record_id: str, command: Command, kept: Kept) -> Answer[Record]:
    """Return the first answer, if it was to this very command."""
    if kept.command_digest != command.digest:
        raise KeyReusedError(str(command.key), record_id)
    first = KeptAnswer.model_validate_json(kept.answer)
    model = served.behind(first.process).model
    record = model.model_validate_json(first.body)
    return Answer(record, first.events, first.effects, repeated=True)
