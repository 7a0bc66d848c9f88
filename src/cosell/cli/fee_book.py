"""Assess the deals of a file one after the other, against a ledger that grows meanwhile.

Rules:

1. A deal goes by its own plan, as ``plan_for`` chooses; where that cannot be said, or the deal was
   accepted on terms that were not given, it is rejected with that reason.
2. Entries of a deal are due once. What an earlier deal of the file brought about counts for the
   caps of a period.
3. What the deals come to is added up by payee and currency. What was earned, payable, paid and
   taken back is told by the ledger with its new entries, whether or not the file has those deals.
4. An earned fee without an amount or a payee gets no entry, and is named with what is missing.
5. Kept are the totals, the ledger, and the fees that come out otherwise than it says.

This module does not know how a result is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final, Protocol

from cosell.cli.deals import Deal
from cosell.cli.fee_account import RunningAccount
from cosell.cli.row import Rejected, Row
from cosell.cli.words import added
from cosell.errors import CosellError, Problem
from cosell.events import Entry
from cosell.fees import (
    Assessment,
    BoundPlan,
    Difference,
    FeeLine,
    assess,
    differences,
    entries_due,
    plan_for,
)
from cosell.money import Money, Rates

__all__ = ["Assessed", "FeeBook", "OpenFee", "PartnerTotal", "ReadsDeals", "assess_rows"]

_NO_PAYEE: Final = "nobody is recorded as its payee"
_NAME_PAYEE: Final = "Record who gets it."


class ReadsDeals(Protocol):
    """What makes deals of rows."""

    def read(self, row: Row) -> Deal | Rejected:
        """Return the deal of a row, or the row rejected."""
        ...


@dataclass(frozen=True, slots=True)
class Assessed:
    """A deal with what it earns.

    Attributes:
        deal: The deal.
        assessment: What it earns.
        entries: What is new in the ledger because of it.
        differences: Its fees that come out otherwise than the ledger says.
    """

    deal: Deal
    assessment: Assessment
    entries: tuple[Entry, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class OpenFee:
    """A fee that is earned, and of which amount or payee is not known.

    Attributes:
        record_id: The deal.
        activity: What it is for.
        problem: What is not known.
        remedy: What to do about it.
    """

    record_id: str
    activity: str
    problem: str
    remedy: str


@dataclass(slots=True)
class PartnerTotal:
    """What one payee gets in one currency.

    Attributes:
        payee: Id of the party.
        currency: The currency.
        eligible: What the deals of the file come to that are eligible.
        earned: What was earned, with adjustments and voids, by the ledger.
        payable: What became payable.
        paid: What was paid.
        taken_back: What was taken back after payment; zero or negative.
    """

    payee: str
    currency: str
    eligible: Decimal = Decimal(0)
    earned: Decimal = Decimal(0)
    payable: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    taken_back: Decimal = Decimal(0)

    @property
    def balance(self) -> Decimal:
        """What is owed; negative where the payee is to give back."""
        return self.payable + self.taken_back - self.paid


@dataclass(slots=True)
class FeeBook:
    """Plans, a ledger, and what the deals of a file came to so far.

    Attributes:
        plans: Every plan and version; the first is the program's.
        at: The moment as of which deals are assessed.
        rates: Exchange rates.
        ledger: Every entry: those that were there, then the new ones.
        known: How many entries were there.
        account: The fold of the ledger.
        read: How many deals were assessed.
        open_fees: Earned fees of which amount or payee is not known.
        differences: Fees that come out otherwise than the ledger says.
    """

    plans: Sequence[BoundPlan]
    at: datetime
    rates: Rates | None
    ledger: list[Entry]
    known: int = field(init=False)
    account: RunningAccount = field(default_factory=RunningAccount)
    read: int = 0
    open_fees: list[OpenFee] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    _of_deal: dict[str, list[Entry]] = field(default_factory=dict)
    _eligible: dict[str, dict[str, Decimal]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Fold the ledger that is there."""
        self.known = len(self.ledger)
        for entry in self.ledger:
            self._index(entry)

    @property
    def new(self) -> Sequence[Entry]:
        """The entries that were not there."""
        return self.ledger[self.known :]

    def take(self, deal: Deal) -> Assessed:
        """Return what a deal earns, and write down what is due.

        Raises:
            TermsMismatchError: It was accepted on other terms than those given.
            UnknownNameError: The plan that it goes by was not given.
        """
        record = deal.record
        plan = plan_for(record, self.plans, at=self.at)
        found = assess(plan, record, at=self.at, account=self.account, rates=self.rates)
        before = self._of_deal.get(record.id, ())
        due, other = entries_due(found, before), differences(found, before)
        self.read += 1
        for entry in due:
            self.ledger.append(entry)
            self._index(entry)
        self.differences += other
        for line in found.lines:
            self._count(record.id, line)
        return Assessed(deal, found, due, other)

    def _index(self, entry: Entry) -> None:
        self.account.add(entry)
        self._of_deal.setdefault(entry.record_id, []).append(entry)

    def _count(self, record_id: str, line: FeeLine) -> None:
        amount = line.amount
        if line.eligible and amount is not None and line.payee is not None:
            added(self._eligible.setdefault(line.payee, {}), amount)
        if line.earned and (amount is None or line.fee_id is None):
            problem, remedy = line.computation.problem, line.computation.remedy
            said = (problem or _NO_PAYEE, remedy or _NAME_PAYEE)
            self.open_fees.append(OpenFee(record_id, line.activity, *said))

    @property
    def totals(self) -> list[PartnerTotal]:
        """What each payee gets in each currency, sorted."""
        found: dict[tuple[str, str], PartnerTotal] = {}

        def of(payee: str, currency: str) -> PartnerTotal:
            return found.setdefault((payee, currency), PartnerTotal(payee, currency))

        for payee, amounts in self._eligible.items():
            for currency, amount in amounts.items():
                of(payee, currency).eligible += amount
        for state in self.account.states.values():
            total = of(state.payee, state.earned.currency)
            total.earned += state.earned.amount
            total.payable += state.payable.amount
            total.paid += state.paid.amount
            total.taken_back += state.clawed_back.amount
        return [found[key] for key in sorted(found)]

    @property
    def new_by_kind(self) -> dict[tuple[str, str], tuple[int, Money]]:
        """How many entries are new, and what they come to, by kind and currency."""
        counts: Counter[tuple[str, str]] = Counter()
        sums: dict[tuple[str, str], Money] = {}
        for entry in self.new:
            key = entry.kind.value, entry.amount.currency
            counts[key] += 1
            sums[key] = sums[key] + entry.amount if key in sums else entry.amount
        return {key: (counts[key], sums[key]) for key in sums}


def assess_rows(
    rows: Iterable[Row | Rejected], reader: ReadsDeals, book: FeeBook, *, file: str
) -> Iterator[Assessed | Rejected]:
    """Yield what is found about each row, in the file's order."""
    for row in rows:
        deal = reader.read(row) if isinstance(row, Row) else row
        if isinstance(deal, Rejected):
            yield deal
            continue
        try:
            yield book.take(deal)
        except CosellError as error:
            problem = Problem("", error.problem, error.remedy, file=file, line=deal.line)
            yield Rejected(deal.line, (problem,), deal.record.id)
