"""What a desk does about clocks: tick, pause, resume, extend, look at all again.

``AsyncClockCommands`` does the same, awaited.

This module does not know how anything is stored.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable
from datetime import datetime
from typing import Any, TypeVar

from cosell.desk.answer import Answer, Ticked
from cosell.desk.asking import Ask
from cosell.desk.outside import Facts, FactsFor
from cosell.desk.recalculation import Recalculated, recalculate_all
from cosell.desk.rounds import run, tick
from cosell.desk.served import Served
from cosell.desk.timing import Extend, Pause, Resume
from cosell.engine import Bound
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor
from cosell.models.record import Record
from cosell.money import Rates

__all__ = ["AsyncClockCommands", "ClockCommands"]

_T = TypeVar("_T")


@tells_kinds
class ClockCommands(ABC):
    """The commands of a desk that concern clocks."""

    served: Served

    @abstractmethod
    def _carried_out(self, conversation: Generator[Ask, Any, _T]) -> _T:
        """Make every call of the store that is asked for, and return what it comes to."""

    def tick(
        self, *, at: datetime, facts_for: FactsFor | None = None, limit: int = 100_000
    ) -> Ticked:
        """Do everything that clocks have due up to ``at``: steps, breaches, moves; each once.

        A record that cannot be ticked does not keep the others from it.

        Args:
            at: Up to when, with a time zone.
            facts_for: Gives the facts for a record id, where clocks read some.
            limit: How many records at most; call again for the rest.

        Returns:
            What happened to each, and the records that could not be ticked, with the reason.
        """
        return self._carried_out(tick(self.served, at=at, facts_for=facts_for, limit=limit))

    def pause(
        self,
        record_id: str,
        clock: str,
        *,
        actor: Actor,
        at: datetime,
        reason: str,
        facts: Facts = None,
        key: str | None = None,
    ) -> Answer[Record]:
        """Pause a clock; until it is resumed it has no due date.

        Args:
            record_id: The record.
            clock: Which clock; in a track with its name, ``poc.ends``.
            actor: Who pauses it.
            at: From when on, with a time zone.
            reason: Why.
            facts: Values from outside the record, for clocks that start at one.
            key: Idempotency key, scoped to record and party.

        Raises:
            ClockRefusedError: It may not be paused; everything that speaks against it is named.
            UnknownNameError: There is no such clock.
            RecordNotFoundError: There is no such record.
            KeyReusedError: The key was used for another command.
            OutOfOrderError: ``at`` is before the record's last event.
            VersionConflictError: Others were faster, several times in a row.
        """
        command = Pause(actor=actor, at=at, key=key, facts=facts, clock=clock, reason=reason)
        return self._carried_out(run(self.served, record_id, command))

    def resume(
        self,
        record_id: str,
        clock: str,
        *,
        actor: Actor,
        at: datetime,
        reason: str | None = None,
        facts: Facts = None,
        key: str | None = None,
    ) -> Answer[Record]:
        """Let a clock go on that a person paused; see ``pause``.

        Raises:
            CalendarExhaustedError: Its end would lie past what its calendar covers.
        """
        command = Resume(actor=actor, at=at, key=key, facts=facts, clock=clock, reason=reason)
        return self._carried_out(run(self.served, record_id, command))

    def extend(  # noqa: PLR0913 - the same question as ``cosell.extend``
        self,
        record_id: str,
        clock: str,
        *,
        units: int,
        actor: Actor,
        at: datetime,
        reason: str,
        facts: Facts = None,
        rates: Rates | None = None,
        key: str | None = None,
    ) -> Answer[Record]:
        """Give a clock more time; see ``pause``.

        Args:
            record_id: The record.
            clock: Which clock; in a track with its name, ``poc.ends``.
            units: How many units are added, in the clock's own unit; days for months.
            actor: Who grants it.
            at: When, with a time zone.
            reason: Why.
            facts: Values from outside the record.
            rates: Dated exchange rates, for gates of the extension.
            key: Idempotency key, scoped to record and party.

        Raises:
            CalendarExhaustedError: Its end would lie past what its calendar covers.
        """
        command = Extend(
            actor=actor,
            at=at,
            key=key,
            facts=facts,
            clock=clock,
            units=units,
            reason=reason,
            rates=rates,
        )
        return self._carried_out(run(self.served, record_id, command))

    def recalculate(
        self,
        *,
        at: datetime,
        before: Iterable[Bound] = (),
        facts_for: FactsFor | None = None,
        only: Iterable[str] | None = None,
        open_only: bool = True,
    ) -> Recalculated:
        """Look at every record again: after a calendar was corrected, or a fact became known.

        When each must be ticked next is written down anew; nothing happens to a record by it.

        Args:
            at: The moment to read at, with a time zone.
            before: The processes as they were bound before, to compare with.
            facts_for: Gives the facts for a record id, where clocks read some.
            only: The records to look at; by default all of them.
            open_only: Whether records whose main line has ended are left out of all.

        Returns:
            What changes for each record, and the records that could not be looked at.
        """
        conversation = recalculate_all(
            self.served,
            before=before,
            at=at,
            facts_for=facts_for,
            only=only,
            open_only=open_only,
        )
        return self._carried_out(conversation)


@tells_kinds
class AsyncClockCommands(ABC):
    """The awaitable twin of ``ClockCommands``."""

    served: Served

    @abstractmethod
    async def _carried_out(self, conversation: Generator[Ask, Any, _T]) -> _T:
        """Await every call of the store that is asked for, and return what it comes to."""

    async def tick(
        self, *, at: datetime, facts_for: FactsFor | None = None, limit: int = 100_000
    ) -> Ticked:
        """Do as ``Desk.tick`` does."""
        return await self._carried_out(tick(self.served, at=at, facts_for=facts_for, limit=limit))

    async def pause(
        self,
        record_id: str,
        clock: str,
        *,
        actor: Actor,
        at: datetime,
        reason: str,
        facts: Facts = None,
        key: str | None = None,
    ) -> Answer[Record]:
        """Do as ``Desk.pause`` does."""
        command = Pause(actor=actor, at=at, key=key, facts=facts, clock=clock, reason=reason)
        return await self._carried_out(run(self.served, record_id, command))

    async def resume(
        self,
        record_id: str,
        clock: str,
        *,
        actor: Actor,
        at: datetime,
        reason: str | None = None,
        facts: Facts = None,
        key: str | None = None,
    ) -> Answer[Record]:
        """Do as ``Desk.resume`` does."""
        command = Resume(actor=actor, at=at, key=key, facts=facts, clock=clock, reason=reason)
        return await self._carried_out(run(self.served, record_id, command))

    async def extend(  # noqa: PLR0913 - the same question as ``cosell.extend``
        self,
        record_id: str,
        clock: str,
        *,
        units: int,
        actor: Actor,
        at: datetime,
        reason: str,
        facts: Facts = None,
        rates: Rates | None = None,
        key: str | None = None,
    ) -> Answer[Record]:
        """Do as ``Desk.extend`` does."""
        command = Extend(
            actor=actor,
            at=at,
            key=key,
            facts=facts,
            clock=clock,
            units=units,
            reason=reason,
            rates=rates,
        )
        return await self._carried_out(run(self.served, record_id, command))

    async def recalculate(
        self,
        *,
        at: datetime,
        before: Iterable[Bound] = (),
        facts_for: FactsFor | None = None,
        only: Iterable[str] | None = None,
        open_only: bool = True,
    ) -> Recalculated:
        """Do as ``Desk.recalculate`` does."""
        conversation = recalculate_all(
            self.served,
            before=before,
            at=at,
            facts_for=facts_for,
            only=only,
            open_only=open_only,
        )
        return await self._carried_out(conversation)
