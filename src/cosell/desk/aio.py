"""The awaitable twin of the desk: the same rules, the same plans, awaited.

What a method takes, gives and raises is said in ``cosell.desk.desk``.

This module does not know how anything is stored.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from cosell.clocks import Reading
from cosell.desk.answer import Answer
from cosell.desk.asking import Ask, carried_out_async
from cosell.desk.bulk_commands import AsyncBulkCommands
from cosell.desk.clock_commands import AsyncClockCommands
from cosell.desk.commands import Adopt, Change, Move, Open
from cosell.desk.fee_commands import AsyncFeeCommands
from cosell.desk.knowing import look_up
from cosell.desk.merge_commands import AsyncMergeCommands
from cosell.desk.outside import Facts, RatesFor
from cosell.desk.relaying import AsyncRelaying
from cosell.desk.rounds import run
from cosell.desk.seeing import (
    asked_of,
    decided,
    looked_at,
    moment_of,
    offered,
    read,
    require_moment,
    shown,
    told,
)
from cosell.desk.served import Served, require_store
from cosell.engine import NO_DATA, ApprovalStep, Bound, Decision, Option, Path
from cosell.engine.past import Past
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor, Event
from cosell.fees.bound import BoundPlan
from cosell.models.record import Record
from cosell.money import Rates
from cosell.stores import AsyncStore

__all__ = ["AsyncDesk"]

_T = TypeVar("_T")


@tells_kinds
class AsyncDesk(
    AsyncClockCommands, AsyncBulkCommands, AsyncMergeCommands, AsyncFeeCommands, AsyncRelaying
):
    """The awaitable twin of ``Desk``: the same commands over an ``AsyncStore``.

    Args:
        processes: Every version of every process that the stored records follow, bound.
        store: Where records are kept; with fee plans an ``AsyncLedger`` too.
        fee_plans: Every version of every fee plan, bound; the first is the program's. What they
            have due is written in the commit that brings it about.
        rates_for: Gives the dated exchange rates for fees of a record id, where none are given.

    Example:
        >>> import asyncio
        >>> from datetime import UTC, datetime
        >>> from cosell.stores import AsyncStoreAdapter, MemoryStore
        >>> desk = AsyncDesk([], AsyncStoreAdapter(MemoryStore()))
        >>> asyncio.run(desk.tick(at=datetime(2026, 11, 20, tzinfo=UTC)))
        Ticked(answers=(), failed=())
    """

    def __init__(
        self,
        processes: Iterable[Bound],
        store: AsyncStore,
        *,
        fee_plans: Iterable[BoundPlan] = (),
        rates_for: RatesFor | None = None,
    ) -> None:
        require_store(store, awaited=True)
        self.served = Served.of(processes, fee_plans, rates_for, store)
        self.store = store

    async def open(
        self,
        record: Record,
        *,
        actor: Actor,
        at: datetime,
        process: str | None = None,
        key: str | None = None,
    ) -> Answer[Record]:
        """Do as ``Desk.open`` does."""
        command = Open(actor=actor, at=at, key=key, record=record, process=process)
        return await self._carried_out(run(self.served, record.id, command))

    async def adopt(  # noqa: PLR0913 - what is known of a deal
        self,
        record: Record,
        *,
        stage: str,
        actor: Actor,
        at: datetime,
        trail: Past = (),
        reason: str | None = None,
        process: str | None = None,
        facts: Facts = None,
        rates: Rates | None = None,
        key: str | None = None,
    ) -> Answer[Record]:
        """Do as ``Desk.adopt`` does."""
        command = Adopt(
            actor=actor,
            at=at,
            key=key,
            facts=facts,
            record=record,
            process=process,
            stage=stage,
            trail=tuple(trail),
            reason=reason,
            rates=rates,
        )
        return await self._carried_out(run(self.served, record.id, command))

    async def move(  # noqa: PLR0913 - the same question as ``apply``
        self,
        record_id: str,
        trigger: str,
        *,
        actor: Actor,
        at: datetime,
        data: Mapping[str, Any] = NO_DATA,
        facts: Facts = None,
        rates: Rates | None = None,
        expected_version: int | None = None,
        override: str | None = None,
        key: str | None = None,
    ) -> Answer[Record]:
        """Do as ``Desk.move`` does."""
        command = Move(
            actor=actor,
            at=at,
            key=key,
            facts=facts,
            trigger=trigger,
            data=data,
            rates=rates,
            expected_version=expected_version,
            override=override,
        )
        return await self._carried_out(run(self.served, record_id, command))

    async def change(
        self,
        record_id: str,
        data: Mapping[str, Any],
        *,
        actor: Actor,
        at: datetime,
        reason: str | None = None,
        facts: Facts = None,
        expected_version: int | None = None,
        key: str | None = None,
    ) -> Answer[Record]:
        """Do as ``Desk.change`` does."""
        command = Change(
            actor=actor,
            at=at,
            key=key,
            facts=facts,
            data=data,
            reason=reason,
            expected_version=expected_version,
        )
        return await self._carried_out(run(self.served, record_id, command))

    async def load(self, record_id: str) -> Record:
        """Do as ``Desk.load`` does."""
        return (await self._loaded(record_id))[1]

    async def show(
        self,
        record_id: str,
        *,
        actor: Actor,
        at: datetime,
        facts: Facts = None,
        rates: Rates | None = None,
    ) -> dict[str, Any]:
        """Do as ``Desk.show`` does."""
        question: dict[str, Any] = {"actor": actor, "at": at, "facts": facts, "rates": rates}
        return shown(*(await self._loaded(record_id, question)), **question)

    async def history(
        self,
        record_id: str,
        after: int = 0,
        *,
        actor: Actor | None = None,
        at: datetime | None = None,
        facts: Facts = None,
    ) -> Sequence[Event]:
        """Do as ``Desk.history`` does."""
        if actor is None:
            return await self.store.history(record_id, after)
        question: dict[str, Any] = {"actor": actor, "at": moment_of(at), "facts": facts}
        loaded = await self._loaded(record_id, question)
        return told(*loaded, await self.store.history(record_id, after), **question)

    async def decide(self, record_id: str, trigger: str, **question: Any) -> Decision:
        """Do as ``Desk.decide`` does."""
        known = await self._carried_out(look_up(self.served, record_id, [trigger], question))
        question["holders"] = known.holders
        return decided(known.bound, known.record, trigger, **question)

    async def options(self, record_id: str, **question: Any) -> tuple[Option, ...]:
        """Do as ``Desk.options`` does."""
        known = await self._carried_out(look_up(self.served, record_id, None, question))
        question["holders"] = known.holders
        return offered(known.bound, known.record, **question)

    async def path(self, record_id: str, **question: Any) -> Path:
        """Do as ``Desk.path`` does."""
        return looked_at(*(await self._loaded(record_id, question)), **question)

    async def approvals(self, record_id: str, **question: Any) -> tuple[ApprovalStep, ...]:
        """Do as ``Desk.approvals`` does."""
        return asked_of(*(await self._loaded(record_id, question)), **question)

    async def clocks(
        self,
        record_id: str,
        *,
        at: datetime,
        facts: Facts = None,
        actor: Actor | None = None,
    ) -> tuple[Reading, ...]:
        """Do as ``Desk.clocks`` does."""
        question: dict[str, Any] = {"actor": actor, "at": at, "facts": facts}
        return read(*(await self._loaded(record_id, question)), **question)

    async def _loaded(
        self, record_id: str, question: Mapping[str, Any] = NO_DATA
    ) -> tuple[Bound, Record]:
        require_moment(question)
        return self.served.record_in(await self.store.load(record_id))

    async def _carried_out(self, conversation: Generator[Ask, Any, _T]) -> _T:
        """Await every call of the store that is asked for, and return what it comes to."""
        return await carried_out_async(self.store, conversation)
