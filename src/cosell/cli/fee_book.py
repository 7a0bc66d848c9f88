"""Assess the deals of a file one after the other, against a ledger that grows meanwhile.

Rules:

1. A deal goes by its own plan, as ``plan_for`` chooses; where that cannot be said, or the deal was
   accepted on terms that were not given, it is rejected with that reason.
2. Entries of a deal are due once. What an earlier deal of the file brought about counts for the
   caps of a period.
3. What the deals come to is added up by payee and currency. What was earned, payable, paid and
   taken back is told by the ledger with its new entries, whether or not the file has those deals.
4. An earned fee without an amount or a payee gets no entry, and is named with what is missing.
5. Kept in memory are the sums alone: by payee, and by day. The ledger so far, new entries and the
   fees that are listed at the end lie on a disk meanwhile: a file may be larger than memory.

This module does not know how a result is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from cosell.cli.deals import Deal
from cosell.cli.fee_account import PartnerTotal, Sums
from cosell.cli.ledger_file import new_pile
from cosell.cli.pile import Pile
from cosell.errors import Problem
from cosell.events import Entry
from cosell.fees import (
    EMPTY,
    Assessment,
    BoundPlan,
    Difference,
    FeeLine,
    assess,
    differences,
    entries_due,
    plan_for,
    problems_in_ledger,
)
from cosell.money import Money, Rates

__all__ = ["Assessed", "FeeBook", "OpenFee"]

_NO_PAYEE: Final = "nobody is recorded as its payee"
_NAME_PAYEE: Final = "Record who gets it."


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
class FeeBook:
    """Plans, a ledger, and what the deals of a file came to so far.

    Attributes:
        plans: Every plan and version; the first is the program's.
        at: The moment as of which deals are assessed.
        rates: Exchange rates.
        known: The entries that were there.
        new: The entries that were not.
        sums: What all entries come to.
        new_by_kind: How many entries are new, and what they come to, by kind and currency.
        read: How many deals were assessed.
        open_fees: Earned fees of which amount or payee is not known.
        differences: Fees that come out otherwise than the ledger says.
        doubts: What the entries that were there hold that does not fit; it counts all the same.
    """

    plans: Sequence[BoundPlan]
    at: datetime
    rates: Rates | None
    known: Pile[Entry]
    new: Pile[Entry] = field(default_factory=new_pile)
    sums: Sums = field(default_factory=Sums)
    new_by_kind: dict[tuple[str, str], tuple[int, Money]] = field(default_factory=dict)
    read: int = 0
    open_fees: Pile[OpenFee] = field(default_factory=lambda: Pile(OpenFee))
    differences: Pile[Difference] = field(default_factory=lambda: Pile(Difference))
    doubts: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Fold the ledger that is there, deal by deal."""
        self.sums.zones = frozenset(plan.zone for plan in self.plans if _has_caps(plan))
        for record_id in self.known.values("record_id"):
            entries = tuple(self.known.having("record_id", record_id))
            self.doubts += (replace(found, path="") for found in problems_in_ledger(entries))
            self.sums.write(EMPTY, entries)

    @property
    def totals(self) -> list[PartnerTotal]:
        """What each payee gets in each currency, sorted."""
        return [self.sums.totals[key] for key in sorted(self.sums.totals)]

    def take(self, deal: Deal) -> Assessed:
        """Return what a deal earns, and write down what is due.

        Raises:
            TermsMismatchError: It was accepted on other terms than those given.
            UnknownNameError: The plan that it goes by was not given.
        """
        record = deal.record
        plan = plan_for(record, self.plans, at=self.at)
        before = tuple(self.known.having("record_id", record.id))
        account = self.sums.deal(before)
        found = assess(plan, record, at=self.at, account=account, rates=self.rates)
        due, other = entries_due(found, before), differences(found, before)
        self.read += 1
        self.new.add(due)
        self.sums.write(account, due)
        self.differences.add(other)
        for entry in due:
            self._count_new(entry)
        for line in found.lines:
            self._count(record.id, line)
        return Assessed(deal, found, due, other)

    def _count_new(self, entry: Entry) -> None:
        key = entry.kind.value, entry.amount.currency
        count, total = self.new_by_kind.get(key, (0, None))
        self.new_by_kind[key] = count + 1, entry.amount if total is None else total + entry.amount

    def _count(self, record_id: str, line: FeeLine) -> None:
        amount = line.amount
        if line.eligible and amount is not None and line.payee is not None:
            self.sums.total(line.payee, amount.currency).eligible += amount.amount
        if line.earned and (amount is None or line.fee_id is None):
            problem, remedy = line.computation.problem, line.computation.remedy
            said = (problem or _NO_PAYEE, remedy or _NAME_PAYEE)
            self.open_fees.add([OpenFee(record_id, line.activity, *said)])


def _has_caps(plan: BoundPlan) -> bool:
    return any(activity.terms.amount.period_cap is not None for activity in plan.activities)
