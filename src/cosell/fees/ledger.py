"""The life of a fee: what may follow what, and the ids of fees and entries.

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

This module does not know how much a fee is, nor where entries are kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from cosell.errors.kinds import tells_kinds
from cosell.events import EntryKind

__all__ = [
    "FIRST_KINDS",
    "NEXT_KINDS",
    "entry_id",
    "fee_id",
    "kinds_after",
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

_MAX_TEXT: Final = 500


@tells_kinds
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


@tells_kinds
def entry_id(fee: str, kind: EntryKind, cause: str) -> str:
    """Return the id of an entry: the digest of fee, kind and cause."""
    text = json.dumps([fee, kind.value, cause], separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


@tells_kinds
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
