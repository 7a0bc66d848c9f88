"""One command for each of many records: what is asked, and one result a record.

Rules:

1. Each record is a commit of its own, decided as a single command is, and refused as that is
   (BX-40). One that is refused keeps no other from being done.
2. The key of each is the bulk's key and the record's id. So a run that was cut short is begun
   again with the same key: what was done is answered again, and the rest is done.
3. Records are taken one after the other, as they are given; no more than one is held.

This module does not know how anything is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar

from cosell.desk.answer import Answer
from cosell.desk.asking import Ask
from cosell.desk.commands import Change, Command, Move
from cosell.desk.migration import Migrate
from cosell.desk.outside import FactsFor, facts_of
from cosell.desk.rounds import run
from cosell.desk.seeing import require_view
from cosell.desk.served import Served
from cosell.engine import (
    Bound,
    Decision,
    MigrationPreview,
    TransitionRefusedError,
    preview_migration,
)
from cosell.errors import (
    ClaimedError,
    ClockRefusedError,
    CosellError,
    EditRefusedError,
    InvalidDataError,
    Problem,
    VersionConflictError,
    require_aware,
)
from cosell.events import Actor
from cosell.models.record import Record
from cosell.money import Rates

__all__ = ["Asked", "Bulk", "Request", "Result", "Status", "preview", "several", "tried"]

_T = TypeVar("_T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of one record, where it is something else than of the others.

    Attributes:
        id: The record.
        trigger: What is asked for; ``None`` is what is asked of all.
        data: Its data, instead of those of all.
        expected_version: The version that the asker saw.
        override: The reason for setting criteria aside; ``None`` is that of all.
    """

    id: str
    trigger: str | None = None
    data: Mapping[str, Any] | None = None
    expected_version: int | None = None
    override: str | None = None


class Status(StrEnum):
    """How the command on one record of many went."""

    DONE = "done"
    REPEATED = "repeated"  # it was done by an earlier run with this key
    REFUSED = "refused"  # it is not permitted; the error says why
    CONFLICT = "conflict"  # others were faster, several times in a row
    FAILED = "failed"  # the command is a mistake, or the record cannot be had


_REFUSALS: Final = (
    TransitionRefusedError,
    EditRefusedError,
    ClockRefusedError,
    ClaimedError,
)


@dataclass(frozen=True, slots=True)
class Result(Generic[T_co]):
    """What the command on one record of many came to.

    Attributes:
        id: The record.
        answer: What a single command would have answered; ``None`` if it raised.
        error: What a single command would have raised; ``None`` if it was done.
    """

    id: str
    answer: T_co | None = None
    error: CosellError | None = None

    @property
    def status(self) -> Status:
        """How it went."""
        if self.error is None:
            again = isinstance(self.answer, Answer) and self.answer.repeated
            return Status.REPEATED if again else Status.DONE
        if isinstance(self.error, VersionConflictError):
            return Status.CONFLICT
        return Status.REFUSED if isinstance(self.error, _REFUSALS) else Status.FAILED

    @property
    def decision(self) -> Decision | None:
        """The decision behind a refused move."""
        return self.error.decision if isinstance(self.error, TransitionRefusedError) else None


#: A record, and the conversation with the store that it needs.
Asked = tuple[str, Generator[Ask, Any, _T]]


def tried(record_id: str, conversation: Generator[Ask, Any, _T]) -> Generator[Ask, Any, Result[_T]]:
    """Yield the calls of the store that one record needs, and return what it came to."""
    try:
        answer = yield from conversation
    except CosellError as error:
        return Result(record_id, error=error)
    return Result(record_id, answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """What holds for every record of a bulk: who asks, when, under which key."""

    served: Served
    actor: Actor
    at: datetime
    key: str
    facts_for: FactsFor | None

    def moves(
        self,
        requests: Iterable[str | Request],
        trigger: str | None,
        data: Mapping[str, Any],
        rates: Rates | None,
        override: str | None,
    ) -> Iterator[Asked[Answer[Record]]]:
        """Yield a move for each request."""

        def made(request: Request) -> Command:
            return Move(
                **self._common(request.id),
                trigger=_required(request, trigger),
                data=data if request.data is None else request.data,
                rates=rates,
                expected_version=request.expected_version,
                override=override if request.override is None else request.override,
            )

        return self._asked(map(_request, several(requests)), made)

    def changes(
        self, requests: Iterable[str | Request], data: Mapping[str, Any], reason: str | None
    ) -> Iterator[Asked[Answer[Record]]]:
        """Yield an edit for each request."""

        def made(request: Request) -> Command:
            own = data if request.data is None else request.data
            return Change(
                **self._common(request.id),
                data=own,
                reason=reason,
                expected_version=request.expected_version,
            )

        return self._asked(map(_request, several(requests)), made)

    def migrations(
        self, ids: Iterable[str], after: Bound, stages: Mapping[str, str], reason: str | None
    ) -> Iterator[Asked[Answer[Record]]]:
        """Yield a migration for each record."""

        def made(request: Request) -> Command:
            return Migrate(**self._common(request.id), to=after, stages=stages, reason=reason)

        return self._asked(map(_request, several(ids)), made)

    def _common(self, record_id: str) -> dict[str, Any]:
        return {
            "actor": self.actor,
            "at": self.at,
            "key": f"{self.key}/{record_id}",
            "facts": facts_of(self.facts_for, record_id),
        }

    def _asked(
        self, requests: Iterable[Request], made: Callable[[Request], Command]
    ) -> Iterator[Asked[Answer[Record]]]:
        require_aware(self.at)
        return ((request.id, self._run(request, made)) for request in requests)

    def _run(
        self, request: Request, made: Callable[[Request], Command]
    ) -> Generator[Ask, Any, Answer[Record]]:
        # The command is made in here, so that what is wrong with it is this record's result.
        return (yield from run(self.served, request.id, made(request)))


def several(ids: Iterable[_T]) -> Iterable[_T]:
    """Return what is given for several records.

    Raises:
        InvalidDataError: One text is given: its letters would be taken for ids.
    """
    if isinstance(ids, str):
        said = f"ids are needed, and this is one text: `{ids:.100}`"
        raise InvalidDataError(
            "the records", [Problem("ids", said, f'Give a list: ["{ids:.100}"].')]
        )
    return ids


def preview(
    served: Served,
    record_id: str,
    after: Bound,
    facts_for: FactsFor | None,
    *,
    stages: Mapping[str, str],
    **question: Any,
) -> Generator[Ask, Any, MigrationPreview]:
    """Yield the call of the store that a dry run needs, and return what it shows.

    It shows values of the whole record, so it is for those who see all of it.

    Raises:
        RecordNotFoundError: There is none, or not for the actor.
        EditRefusedError: The actor sees a part of it alone.
    """
    before, record = served.record_in((yield Ask("load", (record_id,))))
    question["facts"] = facts_of(facts_for, record_id)
    if require_view(before, record, **question).hides:
        hidden = Problem("actor", "the whole record is not shown to you", "Ask whoever sees it.")
        raise EditRefusedError(f"a dry run on `{record_id}`", [hidden])
    return preview_migration(before, after, record, stages=stages, **question)


def _request(request: str | Request) -> Request:
    return request if isinstance(request, Request) else Request(id=request)


def _required(request: Request, trigger: str | None) -> str:
    """Return what is asked of a request, or raise ``InvalidDataError`` if nothing is."""
    asked = request.trigger if request.trigger is not None else trigger
    if asked is None:
        nothing = Problem("trigger", "no trigger is given", "Give one for this request or for all.")
        raise InvalidDataError(f"request `{request.id}`", [nothing])
    return asked
