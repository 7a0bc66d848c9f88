"""Write the next entry of a fee, or refuse it; and find what a ledger holds that does not fit.

Rules that hold for every entry that a person or a host writes:

1. It may follow what was written, by ``NEXT_KINDS``; it is in the fee's currency, in whole minor
   units, with the sign and the reason that its kind asks for.
2. It takes no more than there is: of what was earned, that much becomes payable or is voided; of
   what is payable, that much is paid; of what is left of a fee, that much is taken back. So a
   balance is negative after a clawback, a refund or an adjustment alone, and nothing is paid twice.
3. Nothing is paid before it is payable.
4. A void is the end of a fee, so it takes all that was earned; a part is taken by an adjustment. Of
   a fee that a ledger has voided in part, the rest can be voided.
5. What a ledger holds already is a fact of the past: it counts as it stands, and is pointed out.

This module does not know what earns a fee, nor where entries are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from types import MappingProxyType
from typing import Final

from cosell.errors import CosellError, Problem, require_aware
from cosell.errors.kinds import tells_kinds
from cosell.events import Entry, EntryKind
from cosell.fees.account import FeeState, account_of, opened
from cosell.fees.ledger import entry_id
from cosell.money import Money, minor_digits

__all__ = ["EntryRefusedError", "next_entry", "problems_in_ledger"]

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

#: Of what an entry takes its amount: what that is, what people call it, and what to do where more
#: is wanted. An adjustment takes nothing, it says what there is.
_TAKES_OF: Final[Mapping[EntryKind, tuple[Callable[[FeeState], Money], str, str]]] = (
    MappingProxyType(
        {
            EntryKind.PAYABLE: (lambda state: state.earned, "earned", "Adjust the fee first."),
            EntryKind.PAID: (
                lambda state: state.balance,
                "owed",
                "Write down what is owed. If more has left, adjust the fee first, with the reason.",
            ),
            EntryKind.CLAWED_BACK: (
                lambda state: state.kept,
                "left of the fee",
                "Take back what is left, or nothing.",
            ),
            EntryKind.VOIDED: (lambda state: state.earned, "earned", "Void what was earned."),
        }
    )
)


class EntryRefusedError(CosellError):
    """An entry does not fit the life of its fee; nothing was made.

    Attributes:
        fee: Id of the fee; empty where no entry of it was given.
        kind: What the entry would say.
    """

    code = "fee.entry_refused"

    def __init__(self, fee: str, kind: EntryKind, problem: str, remedy: str) -> None:
        self.fee = fee
        self.kind = kind
        super().__init__(problem, remedy)


@tells_kinds
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
        EntryRefusedError: It may not follow; its sign, currency or minor unit does not fit; it
            takes more than is left of the fee; it is paid before it is payable; it voids a part; it
            lacks a reason; or ``history`` is not that of one fee.

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
    _refuse_mixed(history, kind)
    last = history[-1]
    entry = Entry(
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
    state = account_of(history).fees[last.fee_id]
    for problem, remedy in chain(_wrong_with(entry, state), _voids_a_part(entry, state)):
        raise EntryRefusedError(last.fee_id, kind, problem, remedy)
    return entry


def problems_in_ledger(entries: Iterable[Entry]) -> Iterator[Problem]:
    """Yield what a ledger holds that ``next_entry`` would have refused, such as a second payment.

    What was written is not changed by it: every entry counts as it stands.

    Args:
        entries: A ledger, in its order.

    Returns:
        Problems whose path is the id of the entry.

    Source:
        BX-26.
    """
    fees: dict[str, FeeState] = {}
    for entry in entries:
        state = fees.get(entry.fee_id, opened(entry))
        for problem, remedy in _wrong_with(entry, state):
            said = f"{entry.kind} {entry.amount} of fee `{entry.fee_id}` ({entry.cause}): {problem}"
            yield Problem(entry.id, said, remedy)
            break
        if entry.amount.currency == state.earned.currency:
            fees[entry.fee_id] = state.after(entry)


def _refuse_mixed(history: Sequence[Entry], kind: EntryKind) -> None:
    """Raise unless ``history`` is that of one fee."""
    fees = sorted({entry.fee_id for entry in history})
    if not fees:
        raise EntryRefusedError(
            "", kind, "no entry of the fee is given", "Give all that was written for it so far."
        )
    if len(fees) > 1:
        names = ", ".join(f"`{fee}`" for fee in fees)
        raise EntryRefusedError(
            history[-1].fee_id, kind, f"entries of {names} are given", "Give those of one fee."
        )


def _wrong_with(entry: Entry, state: FeeState) -> Iterator[tuple[str, str]]:
    """Yield why an entry does not fit what became of its fee, with what to do; the worst first."""
    kind, amount, currency = entry.kind, entry.amount, state.earned.currency
    permitted = _permitted(state)
    signs, said = _SIGNS[kind]
    if kind not in permitted:
        names = ", ".join(sorted(permitted))
        follows = f"may not follow `{state.kinds[-1]}`" if state.kinds else "begins no fee"
        yield (
            f"`{kind}` {follows}",
            f"Write one of: {names}." if names else "The fee is at its end.",
        )
    elif amount.currency != currency:
        yield (
            f"the fee is in {currency}, not in {amount.currency}",
            "Give the amount in the currency of the fee.",
        )
    elif (amount.amount > 0) - (amount.amount < 0) not in signs:
        yield f"{amount} cannot be `{kind}`", f"Give an amount that is {said}."
    else:
        yield from _beyond_the_fee(entry, state)


def _permitted(state: FeeState) -> frozenset[EntryKind]:
    """Return what may be written next; of what was voided in part, the rest may be voided."""
    in_part = state.voided_at is not None and state.earned.amount > 0
    return frozenset({EntryKind.VOIDED}) if in_part else state.next_kinds


def _voids_a_part(entry: Entry, state: FeeState) -> Iterator[tuple[str, str]]:
    """Yield that a void leaves something, which nothing may follow (rule 4)."""
    whole = -state.earned
    if entry.kind is EntryKind.VOIDED and entry.amount > whole:
        yield (
            f"{entry.amount} voids a part of the {state.earned} that are earned",
            f"Void all of it, {whole}, or adjust the fee by {entry.amount}.",
        )


def _beyond_the_fee(entry: Entry, state: FeeState) -> Iterator[tuple[str, str]]:
    """Yield how an entry that may follow goes beyond its fee: in units, amount, time or reason."""
    yield from _beyond_minor_unit(entry.amount, state)
    yield from _beyond_what_is_left(entry.kind, entry.amount, state)
    is_paid = entry.kind is EntryKind.PAID
    if is_paid and state.payable_at is not None and entry.at < state.payable_at:
        yield (
            f"it was not payable before {state.payable_at.isoformat()}",
            "Give a moment from then on.",
        )
    if entry.reason is None and entry.kind not in _WITHOUT_REASON:
        yield f"`{entry.kind}` has no reason", "Give one."


def _beyond_minor_unit(amount: Money, state: FeeState) -> Iterator[tuple[str, str]]:
    """Yield that an amount is finer than its currency, unless it mends a fee that is like that."""
    known = (state.earned, state.payable, state.paid, state.clawed_back)
    if _is_whole(amount) or not all(map(_is_whole, known)):
        return
    digits = minor_digits(amount.currency)
    places = f"{digits} decimal places" if digits else "no decimal places"
    yield f"{amount} is too fine: {amount.currency} has {places}", "Round it to the minor unit."


def _is_whole(amount: Money) -> bool:
    return amount.rounded() == amount


def _beyond_what_is_left(
    kind: EntryKind, amount: Money, state: FeeState
) -> Iterator[tuple[str, str]]:
    """Yield that an entry takes more than there is (rule 2)."""
    # A refund is a fee of its own that begins with what it takes back: there is nothing before it.
    refund = kind is EntryKind.CLAWED_BACK and EntryKind.PAYABLE not in state.kinds
    if kind not in _TAKES_OF or refund:
        return
    there_is, called, remedy = _TAKES_OF[kind]
    left, taken = max(there_is(state), amount - amount), max(amount, -amount)
    if taken > left:
        yield f"{taken} is more than the {left} that are {called}", remedy
