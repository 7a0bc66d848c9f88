"""The entry that a host or a person writes next for a fee.

Rules:

1. It may follow what was written before, by ``NEXT_KINDS``.
2. Money that is owed or has left is above zero, money that is taken back below. Whatever is not the
   plain course of a fee needs a reason.
3. No more is paid than is owed for the fee, so that a balance is negative only after something was
   taken back (BX-26).

This module does not know what earns a fee, nor where entries are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from cosell.errors import CosellError, require_aware
from cosell.events import Entry, EntryKind
from cosell.fees.account import account_of
from cosell.fees.ledger import entry_id, kinds_after
from cosell.money import Money

__all__ = ["EntryRefusedError", "next_entry"]

#: What the amount of an entry can be.
_SIGNS: Final[Mapping[EntryKind, tuple[frozenset[int], str]]] = MappingProxyType(
    {
        EntryKind.EARNED: (frozenset({1}), "above zero"),
        EntryKind.PAYABLE: (frozenset({1}), "above zero"),
        EntryKind.PAID: (frozenset({1}), "above zero"),
        EntryKind.ADJUSTED: (frozenset({-1, 0, 1}), "any"),
        EntryKind.CLAWED_BACK: (frozenset({-1}), "below zero"),
        EntryKind.DISPUTED: (frozenset({0}), "zero"),
        EntryKind.VOIDED: (frozenset({-1, 0}), "zero or below"),
    }
)
_WITHOUT_REASON: Final = frozenset({EntryKind.EARNED, EntryKind.PAYABLE, EntryKind.PAID})


class EntryRefusedError(CosellError):
    """An entry does not fit the life of its fee; nothing was made.

    Attributes:
        fee: Id of the fee.
        kind: What the entry would say.
    """

    code = "fee.entry_refused"

    def __init__(self, fee: str, kind: EntryKind, problem: str, remedy: str) -> None:
        self.fee = fee
        self.kind = kind
        super().__init__(problem, remedy)


def next_entry(
    history: Sequence[Entry],
    kind: EntryKind,
    amount: Money,
    *,
    at: datetime,
    cause: str,
    reason: str | None = None,
) -> Entry:
    """Return the entry that a host writes next for a fee, such as that money left.

    Args:
        history: The fee's entries so far, oldest first; at least one.
        kind: What happened.
        amount: How much: positive if it is paid, negative if it is taken back.
        at: When it holds from, with a time zone.
        cause: What caused it, such as the id of a payment. The same cause twice is one entry.
        reason: Why; an adjustment, a dispute and whatever takes back need one.

    Raises:
        EntryRefusedError: It may not follow, its sign or currency does not fit, it lacks a reason,
            or more would be paid than is owed.

    Source:
        BX-26, BX-31.

    Example:
        >>> from datetime import UTC
        >>> noon = datetime(2026, 7, 15, 12, tzinfo=UTC)
        >>> earned = Entry(
        ...     id="e1", fee_id="o-1|make|co_selling|acme", record_id="o-1", plan="make@1",
        ...     activity="co_selling", payee="acme", kind=EntryKind.EARNED,
        ...     amount=Money.parse("100 USD"), at=noon, cause="o-1",
        ... )
        >>> next_entry([earned], EntryKind.PAID, Money.parse("100 USD"), at=noon, cause="wire-9")
        Traceback (most recent call last):
        cosell.fees.writing.EntryRefusedError: `paid` may not follow `earned`. Write one of: \
adjusted, disputed, payable, voided.
    """
    require_aware(at)
    last = history[-1]
    _refuse_unfit(history, kind, amount, reason)
    return Entry(
        id=entry_id(last.fee_id, kind, cause),
        fee_id=last.fee_id,
        record_id=last.record_id,
        plan=last.plan,
        activity=last.activity,
        payee=last.payee,
        kind=kind,
        amount=amount,
        at=at,
        occasion=last.occasion,
        cause=cause,
        reason=reason,
    )


def _refuse_unfit(
    history: Sequence[Entry], kind: EntryKind, amount: Money, reason: str | None
) -> None:
    last = history[-1]
    permitted = kinds_after(entry.kind for entry in history)
    signs, said = _SIGNS[kind]
    sign = (amount.amount > 0) - (amount.amount < 0)
    problem = remedy = None
    if kind not in permitted:
        names = ", ".join(sorted(permitted))
        problem = f"`{kind}` may not follow `{last.kind}`"
        remedy = f"Write one of: {names}." if names else "The fee is at its end."
    elif amount.currency != last.amount.currency:
        problem = f"the fee is in {last.amount.currency}, not in {amount.currency}"
        remedy = "Give the amount in the currency of the fee."
    elif sign not in signs:
        problem, remedy = f"{amount} cannot be `{kind}`", f"Give an amount that is {said}."
    elif reason is None and kind not in _WITHOUT_REASON:
        problem, remedy = f"`{kind}` has no reason", "Give one."
    elif kind is EntryKind.PAID and amount > (owed := _owed(history)):
        problem = f"{amount} is more than the {owed} that are owed"
        remedy = "Write down what is owed, or adjust the fee first, with the reason."
    if problem is not None and remedy is not None:
        raise EntryRefusedError(last.fee_id, kind, problem, remedy)


def _owed(history: Sequence[Entry]) -> Money:
    return account_of(history).fees[history[-1].fee_id].balance
