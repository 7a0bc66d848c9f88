"""The commands that write one entry of a fee, and the questions about fees, as conversations.

Rules:

1. An entry is what ``next_entry`` allows, after what is due by then was written.
2. It leaves an event in the record's history: two who write at once find out, and the later
   decides anew.
3. Whoever sees the whole record may write any entry. Whoever sees a part of it may dispute a fee
   of their own organisation, and no more; every other fee does not exist for them.
4. The same cause twice is one entry.

This module does not know how anything is stored.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal
from typing import Any, ClassVar

from cosell.desk.asking import Ask
from cosell.desk.commands import Command, Loaded, require_later
from cosell.desk.fees_due import assessed, read_ledger
from cosell.desk.outside import rates_of
from cosell.desk.seeing import require_moment, require_view
from cosell.desk.served import Served
from cosell.engine import Applied, View, settle
from cosell.engine.accounting import account_for
from cosell.errors import EditRefusedError, Problem, UnknownNameError
from cosell.events import Entry, EntryKind
from cosell.fees.account import Account, account_of
from cosell.fees.assessment import Assessment
from cosell.fees.ledger import entry_id
from cosell.fees.statement import Statement, statements_of
from cosell.fees.writing import next_entry
from cosell.models.record import Record
from cosell.money import Money, Rates
from cosell.stores import EntryExistsError

__all__ = ["SettleFees", "WriteEntry", "account", "assessment", "statements"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleFees(Command):
    """Write what is due for a record's fees; nothing else happens to it."""

    word: ClassVar[str] = "settle_fees"
    rates: Rates | None = None

    def applied(self, loaded: Loaded) -> Applied[Record]:
        """Return the settled record."""
        require_later(loaded, self.at)
        return settle(loaded.bound, loaded.record, at=self.at, facts=self.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteEntry(Command):
    """Write one entry of a fee: that it was paid, adjusted, disputed, taken back or voided."""

    word: ClassVar[str] = "write_entry"
    fee_id: str
    kind: EntryKind
    cause: str
    amount: Money | None = None
    reason: str | None = None
    rates: Rates | None = None

    @property
    def content(self) -> dict[str, Any]:
        """Everything that the entry says."""
        return {
            "fee_id": self.fee_id,
            "kind": self.kind.value,
            "amount": self.amount,
            "cause": self.cause,
            "reason": self.reason,
        }

    def applied(self, loaded: Loaded) -> Applied[Record]:
        """Return the record with an event that says what was written."""
        require_later(loaded, self.at)
        amount = "" if self.amount is None else f" {self.amount}"
        said = f"{self.kind.value}{amount} for {self.fee_id}, cause {self.cause}"
        return account_for(
            loaded.bound,
            loaded.record,
            actor=self.actor,
            at=self.at,
            reason=said if self.reason is None else f"{said}: {self.reason}",
            facts=self.facts,
        )

    def entry(self, ledger: Sequence[Entry], seen: View) -> Entry:
        """Return the entry, after those of ``ledger``.

        Raises:
            UnknownNameError: The record has no such fee, or not for who asks (rule 3).
            EditRefusedError: Who asks may dispute a fee alone (rule 3).
            EntryExistsError: The entry was written before (rule 4).
            EntryRefusedError: It may not follow.
        """
        own = [e for e in ledger if not seen.hides or e.payee == self.actor.party]
        history = [entry for entry in own if entry.fee_id == self.fee_id]
        if not history:
            raise UnknownNameError("fee", self.fee_id, {entry.fee_id for entry in own})
        if seen.hides and self.kind is not EntryKind.DISPUTED:
            hidden = Problem("kind", "you may dispute a fee, and no more", "Ask whoever pays it.")
            raise EditRefusedError(f"entry of fee `{self.fee_id}`", [hidden])
        known = entry_id(self.fee_id, self.kind, self.cause)
        if any(entry.id == known for entry in history):
            raise EntryExistsError(known)
        amount = self._amount(history) if self.amount is None else self.amount
        return next_entry(
            history, self.kind, amount, at=self.at, cause=self.cause, reason=self.reason
        )

    def _amount(self, history: Sequence[Entry]) -> Money:
        """Return what an entry without an amount says: a void takes all, anything else nothing."""
        state = account_of(history).fees[self.fee_id]
        if self.kind is EntryKind.VOIDED:
            return -state.earned
        return Money(amount=Decimal(0), currency=state.earned.currency)


def assessment(
    served: Served, record_id: str, rates: Rates | None, question: dict[str, Any]
) -> Generator[Ask, Any, Assessment]:
    """Yield the calls of the store that it needs, and return what a record earns.

    Args:
        served: The processes and the fee plans.
        record_id: The record.
        rates: Dated exchange rates.
        question: ``actor`` (``None`` is the host), ``at`` and ``facts``.

    Raises:
        RecordNotFoundError: There is no such record, or not for the actor.
        EditRefusedError: The actor sees a part of the record alone.
        UnknownNameError: No fee plan is about it.
    """
    require_moment(question)
    bound, record = served.record_in((yield Ask("load", (record_id,))))
    at, facts = question["at"], question["facts"]
    if question["actor"] is not None and require_view(bound, record, **question).hides:
        hidden = Problem("actor", "the whole record is not shown to you", "Ask whoever sees it.")
        raise EditRefusedError(f"an assessment of `{record_id}`", [hidden])
    here = settle(bound, record, at=at, facts=facts).record
    plans = served.plans_about(here)
    if not plans:
        raise UnknownNameError("fee plan about", type(here).__name__, ())
    parts = yield from read_ledger(here)
    rates = rates_of(served.rates_for, record_id, rates)
    found = yield from assessed(plans, here, parts, at, rates)
    return found.assessment


def account(payee: str) -> Generator[Ask, Any, Account]:
    """Yield the call of the store that it needs, and return the account of a payee."""
    return account_of((yield Ask("entries", (), {"payee": payee})))


def statements(
    served: Served, on: date, payee: str | None, zone: tzinfo | None, previous: Sequence[Statement]
) -> Generator[Ask, Any, tuple[Statement, ...]]:
    """Yield the call of the store that it needs, and return statements for a period.

    Raises:
        UnknownNameError: The desk has no fee plan, so it knows no fiscal periods.
    """
    if not served.plans:
        raise UnknownNameError("fee plan", "fee_plans", ())
    program = served.plans[0]
    ledger = yield Ask("entries", (), {"payee": payee})
    return statements_of(
        ledger,
        terms=program.plan.period,
        on=on,
        zone=program.zone if zone is None else zone,
        previous=previous,
    )
