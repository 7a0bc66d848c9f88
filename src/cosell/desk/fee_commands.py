"""What a desk does about fees: entries that people write, and questions.

``AsyncFeeCommands`` does the same, awaited. What is due by a plan needs no command of its own: it
is written with whatever brings it about.

This module does not know how anything is stored.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Sequence
from datetime import date, datetime, tzinfo
from typing import Any, Required, TypedDict, TypeVar, Unpack

from cosell.desk.answer import Answer
from cosell.desk.asking import Ask
from cosell.desk.entering import SettleFees, WriteEntry, account, assessment, statements
from cosell.desk.outside import Facts
from cosell.desk.rounds import run
from cosell.desk.served import Served
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor, EntryKind
from cosell.fees.account import Account
from cosell.fees.assessment import Assessment
from cosell.fees.statement import Statement
from cosell.models.record import Record
from cosell.money import Money, Rates

__all__ = ["AsyncFeeCommands", "EntryAsked", "FeeCommands"]

_T = TypeVar("_T")


class EntryAsked(TypedDict, total=False):
    """What is said about every entry that a person writes.

    Attributes:
        actor: Who writes it.
        at: When it holds from, and is written; with a time zone.
        cause: What caused it, such as the id of a payment. The same cause twice is one entry.
        reason: Why; whatever is not the plain course of a fee needs one.
        facts: Values from outside the record, where clocks or views read some.
        rates: Dated exchange rates, for what else is due.
        key: Idempotency key, scoped to record and party.
    """

    actor: Required[Actor]
    at: Required[datetime]
    cause: Required[str]
    reason: str | None
    facts: Facts
    rates: Rates | None
    key: str | None


@tells_kinds
class FeeCommands(ABC):
    """The commands of a desk that concern fees."""

    served: Served

    @abstractmethod
    def _carried_out(self, conversation: Generator[Ask, Any, _T]) -> _T:
        """Make every call of the store that is asked for, and return what it comes to."""

    def write_entry(
        self,
        record_id: str,
        fee_id: str,
        kind: EntryKind,
        amount: Money | None = None,
        **asked: Unpack[EntryAsked],
    ) -> Answer[Record]:
        """Write one entry of a fee, after what is due by then, in one commit with an event.

        Args:
            record_id: The record whose fee it is.
            fee_id: The fee, as entries and the lines of an assessment name it.
            kind: What happened: paid, adjusted, disputed, clawed back or voided.
            amount: How much: above zero if it is paid, below if it is taken back. Without one a
                void takes all that was earned, as it must, and anything else changes nothing.
            **asked: See ``EntryAsked``.

        Returns:
            The record with the event; ``entries`` has the entry, and what else was due.

        Raises:
            EntryRefusedError: It may not follow what was written, or its amount does not fit.
            EntryExistsError: The same cause was written before, without this key.
            UnknownNameError: The record has no such fee, or not for the actor.
            EditRefusedError: The actor sees a part of the record alone, and may only dispute.
            RecordNotFoundError: There is no such record, or not for the actor.
            KeyReusedError: The key was used for another command.
            OutOfOrderError: ``at`` is before the record's last event.
            VersionConflictError: Others were faster, several times in a row.

        Source:
            BX-26, BX-31.
        """
        command = WriteEntry(fee_id=fee_id, kind=kind, amount=amount, **asked)
        return self._carried_out(run(self.served, record_id, command))

    def record_payment(
        self, record_id: str, fee_id: str, amount: Money, **asked: Unpack[EntryAsked]
    ) -> Answer[Record]:
        """Write down that money left; it may come in parts. See ``write_entry``."""
        return self.write_entry(record_id, fee_id, EntryKind.PAID, amount, **asked)

    def adjust(
        self, record_id: str, fee_id: str, amount: Money, **asked: Unpack[EntryAsked]
    ) -> Answer[Record]:
        """Correct a fee by an amount above or below zero. See ``write_entry``."""
        return self.write_entry(record_id, fee_id, EntryKind.ADJUSTED, amount, **asked)

    def claw_back(
        self, record_id: str, fee_id: str, amount: Money, **asked: Unpack[EntryAsked]
    ) -> Answer[Record]:
        """Take back what was paid: an amount below zero (BX-26). See ``write_entry``."""
        return self.write_entry(record_id, fee_id, EntryKind.CLAWED_BACK, amount, **asked)

    def dispute(self, record_id: str, fee_id: str, **asked: Unpack[EntryAsked]) -> Answer[Record]:
        """Object to a fee; nothing of it is paid until that is settled. See ``write_entry``."""
        return self.write_entry(record_id, fee_id, EntryKind.DISPUTED, None, **asked)

    def settle_dispute(
        self, record_id: str, fee_id: str, change: Money | None = None, **asked: Unpack[EntryAsked]
    ) -> Answer[Record]:
        """Settle a dispute: the fee changes by an amount, or stands. See ``write_entry``."""
        return self.write_entry(record_id, fee_id, EntryKind.ADJUSTED, change, **asked)

    def void(self, record_id: str, fee_id: str, **asked: Unpack[EntryAsked]) -> Answer[Record]:
        """Cancel an unpaid fee, all of it; ``adjust`` takes a part. See ``write_entry``."""
        return self.write_entry(record_id, fee_id, EntryKind.VOIDED, None, **asked)

    def settle_fees(
        self,
        record_id: str,
        *,
        actor: Actor,
        at: datetime,
        facts: Facts = None,
        rates: Rates | None = None,
        key: str | None = None,
    ) -> Answer[Record]:
        """Write what is due for a record's fees: after a rate was given, or a plan was mended.

        Every other command does the same for its record; asked again there is nothing left.

        Args:
            record_id: The record.
            actor: Who asks.
            at: Up to when, with a time zone.
            facts: Values from outside the record, where clocks read some.
            rates: Dated exchange rates.
            key: Idempotency key, scoped to record and party.

        Returns:
            The record; ``entries`` has what was written, ``fee_problem`` why nothing could be.

        Raises:
            RecordNotFoundError: There is no such record, or not for the actor.
            KeyReusedError: The key was used for another command.
            OutOfOrderError: ``at`` is before the record's last event.
        """
        command = SettleFees(actor=actor, at=at, facts=facts, rates=rates, key=key)
        return self._carried_out(run(self.served, record_id, command))

    def assess(
        self,
        record_id: str,
        *,
        at: datetime,
        actor: Actor | None = None,
        facts: Facts = None,
        rates: Rates | None = None,
    ) -> Assessment:
        """Return what a record earns, by its plan and by what its ledger says; nothing is written.

        Args:
            record_id: The record; it is read as it stands at ``at``.
            at: As of when, with a time zone.
            actor: Who looks; ``None`` is the host itself, from whom nothing is hidden.
            facts: Values from outside the record, where clocks or views read some.
            rates: Dated exchange rates.

        Raises:
            RecordNotFoundError: There is no such record, or not for ``actor``.
            EditRefusedError: The actor sees a part of the record alone.
            UnknownNameError: The plan that it goes by is not one of this desk.
            TermsMismatchError: It was accepted on another wording of its plan.

        Source:
            BX-20 to BX-30.
        """
        question: dict[str, Any] = {"actor": actor, "at": at, "facts": facts}
        return self._carried_out(assessment(self.served, record_id, rates, question))

    def account(self, payee: str) -> Account:
        """Return what became of every fee of a payee, and what it is owed; for the host itself.

        Args:
            payee: Id of the party.
        """
        return self._carried_out(account(payee))

    def statements(
        self,
        on: date,
        *,
        payee: str | None = None,
        zone: tzinfo | None = None,
        previous: Sequence[Statement] = (),
    ) -> tuple[Statement, ...]:
        """Return what each payee gets for the fiscal period that a day lies in; for the host.

        Args:
            on: A day of the period.
            payee: One payee; by default all of them.
            zone: The time zone in which a moment is a day; by default that of the first fee plan,
                which also says the periods.
            previous: The statements that were issued for the period before.

        Raises:
            UnknownNameError: The desk has no fee plan.
            StatementGapError: One of ``previous`` is not of the period before.
        """
        return self._carried_out(statements(self.served, on, payee, zone, previous))


@tells_kinds
class AsyncFeeCommands(ABC):
    """The awaitable twin of ``FeeCommands``."""

    served: Served

    @abstractmethod
    async def _carried_out(self, conversation: Generator[Ask, Any, _T]) -> _T:
        """Await every call of the store that is asked for, and return what it comes to."""

    async def write_entry(
        self,
        record_id: str,
        fee_id: str,
        kind: EntryKind,
        amount: Money | None = None,
        **asked: Unpack[EntryAsked],
    ) -> Answer[Record]:
        """Do as ``Desk.write_entry`` does."""
        command = WriteEntry(fee_id=fee_id, kind=kind, amount=amount, **asked)
        return await self._carried_out(run(self.served, record_id, command))

    async def record_payment(
        self, record_id: str, fee_id: str, amount: Money, **asked: Unpack[EntryAsked]
    ) -> Answer[Record]:
        """Do as ``Desk.record_payment`` does."""
        return await self.write_entry(record_id, fee_id, EntryKind.PAID, amount, **asked)

    async def adjust(
        self, record_id: str, fee_id: str, amount: Money, **asked: Unpack[EntryAsked]
    ) -> Answer[Record]:
        """Do as ``Desk.adjust`` does."""
        return await self.write_entry(record_id, fee_id, EntryKind.ADJUSTED, amount, **asked)

    async def claw_back(
        self, record_id: str, fee_id: str, amount: Money, **asked: Unpack[EntryAsked]
    ) -> Answer[Record]:
        """Do as ``Desk.claw_back`` does."""
        return await self.write_entry(record_id, fee_id, EntryKind.CLAWED_BACK, amount, **asked)

    async def dispute(
        self, record_id: str, fee_id: str, **asked: Unpack[EntryAsked]
    ) -> Answer[Record]:
        """Do as ``Desk.dispute`` does."""
        return await self.write_entry(record_id, fee_id, EntryKind.DISPUTED, None, **asked)

    async def settle_dispute(
        self, record_id: str, fee_id: str, change: Money | None = None, **asked: Unpack[EntryAsked]
    ) -> Answer[Record]:
        """Do as ``Desk.settle_dispute`` does."""
        return await self.write_entry(record_id, fee_id, EntryKind.ADJUSTED, change, **asked)

    async def void(
        self, record_id: str, fee_id: str, **asked: Unpack[EntryAsked]
    ) -> Answer[Record]:
        """Do as ``Desk.void`` does."""
        return await self.write_entry(record_id, fee_id, EntryKind.VOIDED, None, **asked)

    async def settle_fees(
        self,
        record_id: str,
        *,
        actor: Actor,
        at: datetime,
        facts: Facts = None,
        rates: Rates | None = None,
        key: str | None = None,
    ) -> Answer[Record]:
        """Do as ``Desk.settle_fees`` does."""
        command = SettleFees(actor=actor, at=at, facts=facts, rates=rates, key=key)
        return await self._carried_out(run(self.served, record_id, command))

    async def assess(
        self,
        record_id: str,
        *,
        at: datetime,
        actor: Actor | None = None,
        facts: Facts = None,
        rates: Rates | None = None,
    ) -> Assessment:
        """Do as ``Desk.assess`` does."""
        question: dict[str, Any] = {"actor": actor, "at": at, "facts": facts}
        return await self._carried_out(assessment(self.served, record_id, rates, question))

    async def account(self, payee: str) -> Account:
        """Do as ``Desk.account`` does."""
        return await self._carried_out(account(payee))

    async def statements(
        self,
        on: date,
        *,
        payee: str | None = None,
        zone: tzinfo | None = None,
        previous: Sequence[Statement] = (),
    ) -> tuple[Statement, ...]:
        """Do as ``Desk.statements`` does."""
        return await self._carried_out(statements(self.served, on, payee, zone, previous))
