"""The life of a fee: what may follow what, and the entry that says so.

Rules that hold for every fee:

1. A fee has an id made of record, plan, activity, payee and occasion. The plan's version is no part
   of it: a deal that is assessed under two versions still earns one fee.
2. An entry's id is the digest of fee, kind and cause. A store refuses a second one, so that two
   runs at once pay nothing twice.
3. A fee is earned before it is payable, and payable before it is paid. ``NEXT_KINDS`` says what may
   follow; an adjustment or a dispute changes nothing about where the fee stands. A refund is a fee
   of its own that begins with what it takes back.
4. While a fee is disputed nothing is paid, until a person adjusts it, by nothing if it stands, or
   voids it.

This module does not know what earns a fee, nor where entries are kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from cosell.errors import CosellError, require_aware
from cosell.events import Entry, EntryKind
from cosell.money import Money

__all__ = [
    "FIRST_KINDS",
    "NEXT_KINDS",
    "EntryRefusedError",
    "entry_id",
    "fee_id",
    "kinds_after",
    "next_entry",
]

#: With what the life of a fee begins: it is earned, or takes back what another one earned.
FIRST_KINDS: Final = frozenset({EntryKind.EARNED, EntryKind.CLAWED_BACK})

#: Where a fee stands that has nothing but remarks.
_STANDING: Final = EntryKind.EARNED

#: What may follow what. A final kind has an empty row, so that a missing row is a mistake.
NEXT_KINDS: Final[Mapping[EntryKind, frozenset[EntryKind]]] = MappingProxyType(
    {
        EntryKind.EARNED: frozenset(
            {EntryKind.PAYABLE, EntryKind.ADJUSTED, EntryKind.DISPUTED, EntryKind.VOIDED}
        ),
        EntryKind.PAYABLE: frozenset(
            {EntryKind.PAID, EntryKind.ADJUSTED, EntryKind.DISPUTED, EntryKind.VOIDED}
        ),
        EntryKind.PAID: frozenset(
            {EntryKind.PAID, EntryKind.ADJUSTED, EntryKind.CLAWED_BACK, EntryKind.DISPUTED}
        ),
        EntryKind.CLAWED_BACK: frozenset(
            {EntryKind.CLAWED_BACK, EntryKind.ADJUSTED, EntryKind.DISPUTED}
        ),
        # What an adjustment leaves open is what was open before it (rule 3).
        EntryKind.ADJUSTED: frozenset(EntryKind) - {EntryKind.EARNED},
        EntryKind.DISPUTED: frozenset({EntryKind.ADJUSTED, EntryKind.VOIDED}),
        EntryKind.VOIDED: frozenset(),
    }
)

#: Entries that change nothing about where a fee stands.
_REMARKS: Final = frozenset({EntryKind.ADJUSTED, EntryKind.DISPUTED})

#: What the amount of an entry can be: money that is owed or has left is above zero, money that is
#: taken back below. Whatever is not the plain course of a fee needs a reason.
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
_MAX_TEXT: Final = 500


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


def fee_id(
    record_id: str, plan_id: str, activity: str, payee: str, *, occasion: str | None = None
) -> str:
    """Return the id of a fee: its parts, or a digest of them when they are too long for a text.

    Example:
        >>> fee_id("o-1", "make", "co_selling", "acme")
        'o-1|make|co_selling|acme'
    """
    parts = [record_id, plan_id, activity, payee]
    # Ids hold no bar, and the occasion comes last: no two fees have the same text.
    text = "|".join(parts if occasion is None else [*parts, occasion])
    return text if len(text) <= _MAX_TEXT else f"sha256:{sha256(text.encode()).hexdigest()}"


def entry_id(fee: str, kind: EntryKind, cause: str) -> str:
    """Return the id of an entry: the digest of fee, kind and cause."""
    text = json.dumps([fee, kind.value, cause], separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def kinds_after(history: Iterable[EntryKind]) -> frozenset[EntryKind]:
    """Return what may come next in the life of a fee.

    Args:
        history: The kinds of its entries so far, oldest first.

    Example:
        >>> sorted(kinds_after([EntryKind.EARNED, EntryKind.DISPUTED]))
        [<EntryKind.ADJUSTED: 'adjusted'>, <EntryKind.VOIDED: 'voided'>]
    """
    kinds = tuple(history)
    if not kinds:
        return FIRST_KINDS
    standing = next((kind for kind in reversed(kinds) if kind not in _REMARKS), _STANDING)
    return NEXT_KINDS[kinds[-1]] & NEXT_KINDS[standing]


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
        EntryRefusedError: It may not follow, its sign or currency does not fit, or it lacks a
            reason.

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
        cosell.fees.ledger.EntryRefusedError: `paid` may not follow `earned`. Write one of: \
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
    if problem is not None and remedy is not None:
        raise EntryRefusedError(last.fee_id, kind, problem, remedy)
