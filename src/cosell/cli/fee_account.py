"""What all fees come to, while deals are assessed one after the other.

A deal asks about its own fees, about what became payable to a payee in a period, and about nothing
else. So the fees of one deal are folded when it comes, and of all the others only sums are kept:
by payee and currency, and by the day on which something became payable. What this says is what
``account_of`` says of the same entries.

This module does not know what earns a fee.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from decimal import Decimal

from cosell.cli.words import added
from cosell.events import Entry
from cosell.fees import Account, FeeState, FiscalPeriod, account_of
from cosell.money import CONTEXT, Money

__all__ = ["DealAccount", "PartnerTotal", "Sums"]


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
        disputed: What of the balance is not paid out meanwhile, as somebody objects.
    """

    payee: str
    currency: str
    eligible: Decimal = Decimal(0)
    earned: Decimal = Decimal(0)
    payable: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    taken_back: Decimal = Decimal(0)
    disputed: Decimal = Decimal(0)

    @property
    def balance(self) -> Decimal:
        """What is owed; negative where the payee is to give back."""
        return CONTEXT.subtract(CONTEXT.add(self.payable, self.taken_back), self.paid)

    def count(self, state: FeeState, sign: int) -> None:
        """Add what became of a fee, or take it away again with a negative sign."""
        self.earned += sign * state.earned.amount
        self.payable += sign * state.payable.amount
        self.paid += sign * state.paid.amount
        self.taken_back += sign * state.clawed_back.amount
        self.disputed += sign * state.disputed.amount


_Days = dict[date, dict[str, Decimal]]


@dataclass(slots=True)
class Sums:
    """The sums of a ledger.

    Attributes:
        zones: The zones in which somebody may ask about a period.
        totals: What each payee gets in each currency.
        days: What became payable on each day, by zone, payee and activity, in each currency.
    """

    zones: frozenset[tzinfo] = frozenset()
    totals: dict[tuple[str, str], PartnerTotal] = field(default_factory=dict)
    days: dict[tuple[tzinfo, str, str], _Days] = field(default_factory=dict)

    def total(self, payee: str, currency: str) -> PartnerTotal:
        """Return what a payee gets in a currency."""
        return self.totals.setdefault((payee, currency), PartnerTotal(payee, currency))

    def deal(self, entries: Iterable[Entry]) -> DealAccount:
        """Return the account of one deal, from its entries so far, which are counted already."""
        return DealAccount(account_of(entries).fees, self)

    def write(self, account: Account, entries: Iterable[Entry]) -> None:
        """Count entries that one deal gains.

        Args:
            account: The fees of the deal before.
            entries: What is new.
        """
        after = Account(account.fees).after(entries).fees
        for fee_id, state in after.items():
            before = account.find_fee(fee_id)
            if before is not state:
                self._count(before, -1)
                self._count(state, 1)

    def _count(self, state: FeeState | None, sign: int) -> None:
        if state is None:
            return
        self.total(state.payee, state.earned.currency).count(state, sign)
        for zone in self.zones:
            if (day := _day(state, zone)) is not None:
                days = self.days.setdefault((zone, state.payee, state.activity), {})
                added(days.setdefault(day, {}), state.payable if sign > 0 else -state.payable)


@dataclass(frozen=True, slots=True)
class DealAccount(Account):
    """The fees of one deal, which knows what became payable of all the others.

    Attributes:
        sums: The sums of the whole ledger.
    """

    sums: Sums = field(default_factory=Sums)

    def payable_in(
        self, period: FiscalPeriod, payee: str, activity: str, *, zone: tzinfo, beside: str
    ) -> Iterator[Money]:
        """Yield what became payable in a period to a payee for an activity, day by day."""
        days: Mapping[date, dict[str, Decimal]] = self.sums.days.get((zone, payee, activity), {})
        for day, amounts in days.items():
            if day in period:
                for currency, amount in amounts.items():
                    yield Money(amount=amount, currency=currency)
        own = self.find_fee(beside)
        if own is not None and _day(own, zone) in period:
            yield -own.payable


def _day(state: FeeState, zone: tzinfo) -> date | None:
    return None if state.payable_at is None else state.payable_at.astimezone(zone).date()
