"""The fold of a ledger: what became of each fee, and what each payee is owed.

Rules that hold for every account:

1. It is the fold of its entries, in their order; nothing else changes it.
2. What becomes payable raises the balance, what is paid lowers it, and what is clawed back is a
   negative entry that lowers it too. What is only earned is not owed yet.
3. An adjustment or a void changes the balance once the fee is payable; before that it changes what
   is earned. What a cap kept from being payable is voided first, since nobody owes it.
4. A balance may be negative; it is carried, and nothing is paid out until it is positive (BX-26).
5. What is owed of a fee that is disputed stays in the balance, and is not paid out until that is
   settled (BX-31).

This module does not know what earns a fee.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from cosell.errors.kinds import tells_kinds
from cosell.events import Entry, EntryKind
from cosell.fees.ledger import kinds_after
from cosell.fees.periods import FiscalPeriod
from cosell.money import Money, total_of

__all__ = ["EMPTY", "Account", "FeeState", "account_of", "changes_of", "opened"]


class _Does(NamedTuple):
    """What an entry does to its fee.

    Attributes:
        adds_to: The total that its amount is added to.
        says: The moment that it says.
        payable_too: Whether it changes what is payable as well, once there is something.
    """

    adds_to: str | None = None
    says: str | None = None
    payable_too: bool = False


#: What each kind of entry does.
_DOES: Final[Mapping[EntryKind, _Does]] = MappingProxyType(
    {
        EntryKind.EARNED: _Does("earned"),
        EntryKind.PAYABLE: _Does("payable", "payable_at"),
        EntryKind.PAID: _Does("paid", "paid_at"),
        EntryKind.ADJUSTED: _Does("earned", payable_too=True),
        EntryKind.CLAWED_BACK: _Does("clawed_back", "clawed_back_at"),
        EntryKind.DISPUTED: _Does(),
        EntryKind.VOIDED: _Does("earned", "voided_at", payable_too=True),
    }
)


@dataclass(frozen=True, slots=True)
class FeeState:
    """What became of one fee so far.

    Attributes:
        fee_id: The fee.
        payee: Who gets it.
        activity: What it is for.
        kinds: The kinds of its entries, oldest first.
        earned: What it earned, with adjustments and voids.
        payable: What became payable, with adjustments and voids since.
        paid: What was paid.
        clawed_back: What was taken back after payment; zero or negative.
        payable_at: The moment from which it was payable.
        paid_at: The moment of the last payment.
        clawed_back_at: The moment of the last clawback.
        voided_at: The moment from which it was void.
    """

    fee_id: str
    payee: str
    activity: str
    kinds: tuple[EntryKind, ...]
    earned: Money
    payable: Money
    paid: Money
    clawed_back: Money
    payable_at: datetime | None = None
    paid_at: datetime | None = None
    clawed_back_at: datetime | None = None
    voided_at: datetime | None = None

    @property
    def next_kinds(self) -> frozenset[EntryKind]:
        """What may come next."""
        return kinds_after(self.kinds)

    @property
    def balance(self) -> Money:
        """What is still owed of it; negative when more was paid than is owed."""
        return self.kept - self.paid

    @property
    def kept(self) -> Money:
        """What it comes to once what was taken back is taken off, whether or not it was paid."""
        return self.payable + self.clawed_back

    @property
    def disputed(self) -> Money:
        """What is owed of it and not paid out meanwhile, as somebody objects (BX-31)."""
        nothing = self.paid - self.paid
        return max(self.balance, nothing) if self.is_disputed else nothing

    @property
    def is_disputed(self) -> bool:
        """Whether somebody objects, and nobody has settled that yet."""
        return bool(self.kinds) and self.kinds[-1] is EntryKind.DISPUTED

    def after(self, entry: Entry) -> FeeState:
        """Return what has become of the fee with one more entry."""
        does = _DOES[entry.kind]
        changed: dict[str, Any] = {"kinds": (*self.kinds, entry.kind)}
        if does.adds_to is not None:
            changed[does.adds_to] = getattr(self, does.adds_to) + entry.amount
        if does.payable_too and EntryKind.PAYABLE in self.kinds:
            changed["payable"] = self.payable + self._of_payable(entry)
        if does.says is not None:
            changed[does.says] = entry.at
        return replace(self, **changed)

    def _of_payable(self, entry: Entry) -> Money:
        """Return what an entry changes of what is payable: a void first takes what never was."""
        if entry.kind is not EntryKind.VOIDED:
            return entry.amount
        nothing = self.paid - self.paid
        never = max(self.earned - self.payable, nothing)
        return min(entry.amount + never, nothing)


def opened(entry: Entry) -> FeeState:
    """Return the fee of ``entry`` before anything became of it."""
    nothing = Money(amount=Decimal(0), currency=entry.amount.currency)
    fee = entry.fee_id, entry.payee, entry.activity
    return FeeState(*fee, (), nothing, nothing, nothing, nothing)


@dataclass(frozen=True, slots=True)
class Account:
    """What became of every fee in a ledger, and what each payee is owed.

    Attributes:
        fees: Each fee, by its id.

    Example:
        >>> EMPTY.balance("acme", "USD")
        Money(amount=Decimal('0'), currency='USD')
    """

    fees: Mapping[str, FeeState] = field(default_factory=dict)

    def find_fee(self, fee_id: str) -> FeeState | None:
        """Return what became of a fee, or ``None`` when nothing did."""
        return self.fees.get(fee_id)

    def payable_in(
        self, period: FiscalPeriod, payee: str, activity: str, *, zone: tzinfo, beside: str
    ) -> Iterator[Money]:
        """Yield what became payable in a period to a payee for an activity.

        Args:
            period: The period, by dates in ``zone``.
            payee: Id of the party.
            activity: The activity.
            zone: The plan's time zone.
            beside: Id of the fee that is left out: its own amount takes no room from itself.
        """
        for fee in self.fees.values():
            if fee.payee != payee or fee.activity != activity or fee.fee_id == beside:
                continue
            if fee.payable_at is not None and fee.payable_at.astimezone(zone).date() in period:
                yield fee.payable

    def balance(self, payee: str, currency: str) -> Money:
        """Return what ``payee`` is owed in ``currency``; negative when it is to give back."""
        owed = (fee.balance for fee in self.fees.values() if fee.payee == payee)
        return total_of(owed).get(currency, Money(amount=Decimal(0), currency=currency))

    @property
    def balances(self) -> dict[tuple[str, str], Money]:
        """What each payee is owed in each currency, sorted."""
        owners: dict[str, list[Money]] = {}
        for fee in self.fees.values():
            owners.setdefault(fee.payee, []).append(fee.balance)
        return {
            (payee, currency): total
            for payee, owed in sorted(owners.items())
            for currency, total in sorted(total_of(owed).items())
        }

    def due_to(self, payee: str, currency: str) -> Money:
        """Return what may be paid out now: the balance without what is disputed (BX-26, BX-31).

        It is nothing while that is negative.
        """
        due = self.balance(payee, currency) - self.disputed(payee, currency)
        return max(due, Money(amount=Decimal(0), currency=currency))

    def disputed(self, payee: str, currency: str) -> Money:
        """Return what ``payee`` is owed in ``currency``, and is not paid as it is disputed."""
        held = (fee.disputed for fee in self.fees.values() if fee.payee == payee)
        return total_of(held).get(currency, Money(amount=Decimal(0), currency=currency))

    def after(self, entries: Iterable[Entry]) -> Account:
        """Return the account with more entries.

        Args:
            entries: What was written since, in its order.
        """
        fees = dict(self.fees)
        for entry in entries:
            fees[entry.fee_id] = fees.get(entry.fee_id, opened(entry)).after(entry)
        return Account(fees)


#: The account of a ledger without entries.
EMPTY: Final = Account()


@tells_kinds
def account_of(entries: Iterable[Entry]) -> Account:
    """Return the fold of ``entries``.

    Args:
        entries: A ledger, or the part of it that one record or one payee has, in its order.

    Returns:
        What became of each fee, and what each payee is owed.

    Source:
        BX-26.
    """
    return EMPTY.after(entries)


def changes_of(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Money]]:
    """Yield each entry with what it changes the balance of its fee by.

    Args:
        entries: A ledger, or a part of it, in its order.
    """
    fees: dict[str, FeeState] = {}
    for entry in entries:
        before = fees.get(entry.fee_id, opened(entry))
        after = fees[entry.fee_id] = before.after(entry)
        yield entry, after.balance - before.balance
