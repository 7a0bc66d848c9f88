"""What a desk does to many records: move, edit, migrate, one result a record; and one migration.

``AsyncBulkCommands`` does the same, awaited. Nothing is done until the results are asked for, one
after the other.

This module does not know how anything is stored.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Generator, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from cosell.desk.answer import Answer
from cosell.desk.asking import Ask
from cosell.desk.bulk import Asked, Bulk, Request, Result, preview, several, tried
from cosell.desk.migration import Migrate
from cosell.desk.outside import Facts, FactsFor
from cosell.desk.rounds import run
from cosell.desk.served import Served
from cosell.engine import NO_DATA, NO_STAGES, MigrationPreview
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor
from cosell.models.record import Record
from cosell.money import Rates

__all__ = ["AsyncBulkCommands", "BulkCommands"]

_T = TypeVar("_T")


@tells_kinds
class BulkCommands(ABC):
    """The commands of a desk that concern many records, and versions."""

    served: Served

    @abstractmethod
    def _carried_out(self, conversation: Generator[Ask, Any, _T]) -> _T:
        """Make every call of the store that is asked for, and return what it comes to."""

    def _results(self, asked: Iterable[Asked[_T]]) -> Iterator[Result[_T]]:
        for record_id, conversation in asked:
            yield self._carried_out(tried(record_id, conversation))

    def move_many(  # noqa: PLR0913 - the same question as ``move``
        self,
        requests: Iterable[str | Request],
        trigger: str | None = None,
        *,
        actor: Actor,
        at: datetime,
        key: str,
        data: Mapping[str, Any] = NO_DATA,
        facts_for: FactsFor | None = None,
        rates: Rates | None = None,
        override: str | None = None,
    ) -> Iterator[Result[Answer[Record]]]:
        """Take a transition of each of many records, each in a commit of its own.

        Args:
            requests: Ids of records, or what is asked of each; each record once.
            trigger: What is asked for, where a request does not say it.
            actor: Who asks.
            at: When, with a time zone.
            key: Idempotency key of the whole. Begun again with it, what was done is not repeated.
            data: Values for inputs, where a request does not have its own.
            facts_for: Gives the facts for a record id.
            rates: Dated exchange rates.
            override: The reason for setting criteria aside, where a request has none of its own.

        Returns:
            A result for each request, in their order, each made when it is asked for. What a single
            ``move`` would raise is in the result.

        Raises:
            NaiveDatetimeError: ``at`` has no time zone.

        Source:
            BX-40.
        """
        bulk = Bulk(served=self.served, actor=actor, at=at, key=key, facts_for=facts_for)
        return self._results(bulk.moves(requests, trigger, data, rates, override))

    def change_many(
        self,
        requests: Iterable[str | Request],
        data: Mapping[str, Any] = NO_DATA,
        *,
        actor: Actor,
        at: datetime,
        key: str,
        reason: str | None = None,
        facts_for: FactsFor | None = None,
    ) -> Iterator[Result[Answer[Record]]]:
        """Edit fields of each of many records, each in a commit of its own; see ``move_many``.

        Args:
            requests: Ids of records, or a request with data of its own; each record once.
            data: New values by field path, where a request does not have its own.
            actor: Who edits.
            at: When, with a time zone.
            key: Idempotency key of the whole.
            reason: Why.
            facts_for: Gives the facts for a record id.

        Raises:
            NaiveDatetimeError: ``at`` has no time zone.

        Source:
            BX-40, BX-43.
        """
        bulk = Bulk(served=self.served, actor=actor, at=at, key=key, facts_for=facts_for)
        return self._results(bulk.changes(requests, data, reason))

    def migrate(
        self,
        record_id: str,
        *,
        to: str,
        actor: Actor,
        at: datetime,
        stages: Mapping[str, str] = NO_STAGES,
        reason: str | None = None,
        facts: Facts = None,
        key: str | None = None,
    ) -> Answer[Record]:
        """Let a record go on to another version that this desk serves; see ``cosell.engine``.

        Args:
            record_id: The record.
            to: The version, as ``make@2``.
            actor: Who migrates it.
            at: When, with a time zone.
            stages: The stage after, by stage before, wherever the ids differ.
            reason: Why.
            facts: Values from outside the record, for clocks that start at one.
            key: Idempotency key, scoped to record and party.

        Raises:
            UnknownNameError: The desk does not serve that version.
            InvalidDataError: The map is not total, or the record does not fit.
            WrongProcessError: It is on that version already, or its model does not fit.
            RecordNotFoundError: There is no such record.
            KeyReusedError: The key was used for another command.
            OutOfOrderError: ``at`` is before the record's last event.
            VersionConflictError: Others were faster, several times in a row.
        """
        command = Migrate(
            actor=actor,
            at=at,
            key=key,
            facts=facts,
            to=self.served.named(to),
            stages=stages,
            reason=reason,
        )
        return self._carried_out(run(self.served, record_id, command))

    def migrate_many(
        self,
        ids: Iterable[str],
        *,
        to: str,
        actor: Actor,
        at: datetime,
        key: str,
        stages: Mapping[str, str] = NO_STAGES,
        reason: str | None = None,
        facts_for: FactsFor | None = None,
    ) -> Iterator[Result[Answer[Record]]]:
        """Let each of many records go on to another version; see ``migrate`` and ``move_many``.

        Raises:
            UnknownNameError: The desk does not serve that version.
            NaiveDatetimeError: ``at`` has no time zone.
        """
        bulk = Bulk(served=self.served, actor=actor, at=at, key=key, facts_for=facts_for)
        return self._results(bulk.migrations(ids, self.served.named(to), stages, reason))

    def preview_migrations(
        self,
        ids: Iterable[str],
        *,
        to: str,
        actor: Actor,
        at: datetime,
        stages: Mapping[str, str] = NO_STAGES,
        facts_for: FactsFor | None = None,
        rates: Rates | None = None,
    ) -> Iterator[Result[MigrationPreview]]:
        """Say what ``migrate_many`` would do to each record; nothing is written.

        Returns:
            A result for each record: what would newly fail, which clocks would read otherwise.

        Raises:
            UnknownNameError: The desk does not serve that version.
        """
        after = self.served.named(to)
        question: dict[str, Any] = {"actor": actor, "at": at, "stages": stages, "rates": rates}
        return self._results(
            (each, preview(self.served, each, after, facts_for, **question))
            for each in several(ids)
        )


@tells_kinds
class AsyncBulkCommands(ABC):
    """The awaitable twin of ``BulkCommands``: its results are asked for with ``async for``."""

    served: Served

    @abstractmethod
    async def _carried_out(self, conversation: Generator[Ask, Any, _T]) -> _T:
        """Await every call of the store that is asked for, and return what it comes to."""

    async def _results(self, asked: Iterable[Asked[_T]]) -> AsyncIterator[Result[_T]]:
        for record_id, conversation in asked:
            yield await self._carried_out(tried(record_id, conversation))

    def move_many(  # noqa: PLR0913 - the same question as ``move``
        self,
        requests: Iterable[str | Request],
        trigger: str | None = None,
        *,
        actor: Actor,
        at: datetime,
        key: str,
        data: Mapping[str, Any] = NO_DATA,
        facts_for: FactsFor | None = None,
        rates: Rates | None = None,
        override: str | None = None,
    ) -> AsyncIterator[Result[Answer[Record]]]:
        """Do as ``Desk.move_many`` does."""
        bulk = Bulk(served=self.served, actor=actor, at=at, key=key, facts_for=facts_for)
        return self._results(bulk.moves(requests, trigger, data, rates, override))

    def change_many(
        self,
        requests: Iterable[str | Request],
        data: Mapping[str, Any] = NO_DATA,
        *,
        actor: Actor,
        at: datetime,
        key: str,
        reason: str | None = None,
        facts_for: FactsFor | None = None,
    ) -> AsyncIterator[Result[Answer[Record]]]:
        """Do as ``Desk.change_many`` does."""
        bulk = Bulk(served=self.served, actor=actor, at=at, key=key, facts_for=facts_for)
        return self._results(bulk.changes(requests, data, reason))

    async def migrate(
        self,
        record_id: str,
        *,
        to: str,
        actor: Actor,
        at: datetime,
        stages: Mapping[str, str] = NO_STAGES,
        reason: str | None = None,
        facts: Facts = None,
        key: str | None = None,
    ) -> Answer[Record]:
        """Do as ``Desk.migrate`` does."""
        command = Migrate(
            actor=actor,
            at=at,
            key=key,
            facts=facts,
            to=self.served.named(to),
            stages=stages,
            reason=reason,
        )
        return await self._carried_out(run(self.served, record_id, command))

    def migrate_many(
        self,
        ids: Iterable[str],
        *,
        to: str,
        actor: Actor,
        at: datetime,
        key: str,
        stages: Mapping[str, str] = NO_STAGES,
        reason: str | None = None,
        facts_for: FactsFor | None = None,
    ) -> AsyncIterator[Result[Answer[Record]]]:
        """Do as ``Desk.migrate_many`` does."""
        bulk = Bulk(served=self.served, actor=actor, at=at, key=key, facts_for=facts_for)
        return self._results(bulk.migrations(ids, self.served.named(to), stages, reason))

    def preview_migrations(
        self,
        ids: Iterable[str],
        *,
        to: str,
        actor: Actor,
        at: datetime,
        stages: Mapping[str, str] = NO_STAGES,
        facts_for: FactsFor | None = None,
        rates: Rates | None = None,
    ) -> AsyncIterator[Result[MigrationPreview]]:
        """Do as ``Desk.preview_migrations`` does."""
        after = self.served.named(to)
        question: dict[str, Any] = {"actor": actor, "at": at, "stages": stages, "rates": rates}
        return self._results(
            (each, preview(self.served, each, after, facts_for, **question))
            for each in several(ids)
        )
