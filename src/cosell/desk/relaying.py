"""What a desk does between records: find one by an id elsewhere, carry effects out, relay them.

``AsyncRelaying`` does the same, awaited.

This module does not know how anything is stored.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Generator, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

from cosell._base import validated
from cosell.definition.claim import EXTERNAL
from cosell.desk.answer import Answer
from cosell.desk.asking import Ask
from cosell.desk.carrying import carries, carry_out
from cosell.desk.served import Served
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor, Effect
from cosell.models.authored import ExternalId
from cosell.models.record import Record
from cosell.stores import AsyncOutbox, Outbox

__all__ = ["AsyncRelaying", "Relayed", "Relaying"]

_LOG: Final = logging.getLogger("cosell")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Relayed:
    """What a relay did.

    Attributes:
        done: Ids of the effects that are done and taken out.
        failed: Those that could not be done, with the reason. They are handed out again when
            their lease is over, and so are the later ones of the same record.
    """

    done: tuple[str, ...]
    failed: tuple[tuple[str, Exception], ...]


@dataclass(slots=True)
class _Round:
    """One page of effects, as far as it is done."""

    done: list[str] = field(default_factory=list)
    failed: list[tuple[str, Exception]] = field(default_factory=list)
    stuck: set[str] = field(default_factory=set)

    def in_turn(self, effects: Iterable[Effect]) -> Iterable[Effect]:
        """Yield each effect of which no earlier one of its record has failed."""
        return (effect for effect in effects if effect.record_id not in self.stuck)

    def fails(self, effect: Effect, error: Exception) -> None:
        """Write down that an effect could not be done."""
        _LOG.warning("effect %s (%s) failed: %s", effect.id, effect.kind, error)
        self.failed.append((effect.id, error))
        self.stuck.add(effect.record_id)

    @property
    def result(self) -> Relayed:
        """What was done."""
        return Relayed(tuple(self.done), tuple(self.failed))


def _found(system: str, value: str, kind: str | None) -> Generator[Ask, Any, str | None]:
    """Yield the call of the store that finds a record, and return its id."""
    given = {"system": system, "value": value, "kind": kind}
    key = validated(ExternalId, given, "the external id").key
    found: str | None = yield Ask("holder", (f"{EXTERNAL}:{key}",))
    return found


@tells_kinds
class Relaying(ABC):
    """The commands of a desk that concern several records."""

    served: Served

    @abstractmethod
    def _carried_out(self, conversation: Generator[Ask, Any, _T]) -> _T:
        """Make every call of the store that is asked for, and return what it comes to."""

    def find(self, system: str, value: str, kind: str | None = None) -> str | None:
        """Return the id of the record with this id in another system, if there is one.

        Args:
            system: The system, such as ``salesforce``.
            value: The id there.
            kind: What it is called there, if the record's external id says so.

        Raises:
            InvalidDataError: It can be no external id.
        """
        return self._carried_out(_found(system, value, kind))

    def carry_out(
        self, effect: Effect, *, actor: Actor, at: datetime
    ) -> tuple[Answer[Record], ...]:
        """Do what an effect of cosell's own asks for; done again, nothing happens.

        ``create`` opens the record and tells the one that asked for it. ``released`` calls the
        next in line for a claim.

        Args:
            effect: What an outbox handed out.
            actor: Who does it; its role must be among those of the transitions that follow.
            at: When, with a time zone.

        Returns:
            What happened to which record; nothing if nobody waits, or somebody has the claim.

        Raises:
            UnknownNameError: It is none of cosell's own, or the desk does not serve its process.
            ClaimedError: The new record would hold what another one holds.
            InvalidDataError: What the effect carries does not fit the new record.
            TransitionRefusedError: The record that asked for it does not take the report.
        """
        return self._carried_out(carry_out(self.served, effect, actor=actor, at=at))

    def relay(
        self,
        outbox: Outbox,
        handle: Callable[[Effect], object],
        *,
        actor: Actor,
        at: datetime,
        until: datetime,
        limit: int = 100,
    ) -> Relayed:
        """Lease effects, do them in order, and take out those that are done.

        Args:
            outbox: Where they wait; usually the desk's store.
            handle: Does those that are not cosell's own. It may be called more than once with one
                effect, and what it raises leaves the effect in the outbox.
            actor: Who carries out cosell's own.
            at: When, with a time zone.
            until: End of the lease.
            limit: How many at most.
        """
        round_ = _Round()
        for effect in round_.in_turn(outbox.lease(limit, until=until, at=at)):
            try:
                if carries(effect):
                    self.carry_out(effect, actor=actor, at=at)
                else:
                    handle(effect)
            except Exception as error:  # noqa: BLE001 - one that fails does not keep the others
                round_.fails(effect, error)
            else:
                outbox.acknowledge([effect.id])
                round_.done.append(effect.id)
        return round_.result


@tells_kinds
class AsyncRelaying(ABC):
    """The awaitable twin of ``Relaying``."""

    served: Served

    @abstractmethod
    async def _carried_out(self, conversation: Generator[Ask, Any, _T]) -> _T:
        """Await every call of the store that is asked for, and return what it comes to."""

    async def find(self, system: str, value: str, kind: str | None = None) -> str | None:
        """Do as ``Desk.find`` does."""
        return await self._carried_out(_found(system, value, kind))

    async def carry_out(
        self, effect: Effect, *, actor: Actor, at: datetime
    ) -> tuple[Answer[Record], ...]:
        """Do as ``Desk.carry_out`` does."""
        return await self._carried_out(carry_out(self.served, effect, actor=actor, at=at))

    async def relay(
        self,
        outbox: AsyncOutbox,
        handle: Callable[[Effect], Awaitable[object]],
        *,
        actor: Actor,
        at: datetime,
        until: datetime,
        limit: int = 100,
    ) -> Relayed:
        """Do as ``Desk.relay`` does, with a ``handle`` that is awaited."""
        round_ = _Round()
        for effect in round_.in_turn(await outbox.lease(limit, until=until, at=at)):
            try:
                if carries(effect):
                    await self.carry_out(effect, actor=actor, at=at)
                else:
                    await handle(effect)
            except Exception as error:  # noqa: BLE001 - one that fails does not keep the others
                round_.fails(effect, error)
            else:
                await outbox.acknowledge([effect.id])
                round_.done.append(effect.id)
        return round_.result
