"""The entries that an assessment brings about and a ledger does not have yet.

Rules that hold for every fee:

1. An entry is due when its truth holds, amount and payee are known, and ``NEXT_KINDS`` allows it
   next. The host reports what was paid; that is never due by itself.
2. The cause of an entry is the deal, so that there is one of a kind for each fee, whoever writes
   it, and however often.
3. What was written stays. Where the amount comes out otherwise now, nothing more is due for that
   fee until a person has adjusted it; then the ledger's amount counts. ``differences`` names it.
4. What takes a share back has one entry, ``clawed_back``, once what it takes back is payable.
5. Where the deal's fees are taken back, what was paid is clawed back and the rest is voided; what
   has no entry yet gets none (BX-26).

This module does not know where a ledger is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from cosell.errors.kinds import tells_kinds
from cosell.events import Entry, EntryKind
from cosell.fees.account import Account, FeeState, account_of
from cosell.fees.assessment import Assessment, FeeLine
from cosell.fees.clawback import TakenBack
from cosell.fees.ledger import entry_id, kinds_after
from cosell.fees.truths import TruthName
from cosell.money import Money

__all__ = ["Difference", "differences", "entries_due"]

#: The truth that brings an entry about.
_TRUTH_OF: Final[Mapping[EntryKind, TruthName]] = MappingProxyType(
    {EntryKind.EARNED: TruthName.EARNED, EntryKind.PAYABLE: TruthName.PAYABLE}
)
#: The truth that brings about that a share is taken back.
_TAKES_BACK: Final[Mapping[EntryKind, TruthName]] = MappingProxyType(
    {EntryKind.CLAWED_BACK: TruthName.PAYABLE}
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A fee whose amount comes out otherwise than what its ledger says.

    Attributes:
        fee_id: The fee.
        written: What it earned by the ledger, with adjustments.
        assessed: What it comes to now.
    """

    fee_id: str
    written: Money
    assessed: Money


@tells_kinds
def entries_due(assessment: Assessment, ledger: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries that are missing in ``ledger``, in the order in which to write them.

    Args:
        assessment: What the deal earns now.
        ledger: What was written before, at least for this deal.

    Returns:
        Entries of the kinds earned and payable, each dated at the moment from which it holds.
        After they were written there are none.

    Source:
        BX-20, MK-33.
    """
    account = account_of(entry for entry in ledger if entry.record_id == assessment.record_id)
    if assessment.clawback is not None:
        return tuple(_all_taken_back(assessment, assessment.clawback, account))
    return tuple(entry for line in assessment.lines for entry in _due(assessment, line, account))


@tells_kinds
def differences(assessment: Assessment, ledger: Iterable[Entry]) -> tuple[Difference, ...]:
    """Return the fees of a deal that were written with another amount than they come to now.

    Args:
        assessment: What the deal earns now.
        ledger: What was written before, at least for this deal.
    """
    account = account_of(entry for entry in ledger if entry.record_id == assessment.record_id)
    return tuple(
        Difference(state.fee_id, _written(line, state), line.amount)
        for line in assessment.lines
        if line.fee_id is not None and line.amount is not None
        if (state := account.find_fee(line.fee_id)) is not None
        if state.next_kinds and _written(line, state) != line.amount
    )


def _written(line: FeeLine, state: FeeState) -> Money:
    """Return what the ledger says that a fee comes to, with adjustments."""
    return state.clawed_back if line.takes_back else state.earned


def _due(assessment: Assessment, line: FeeLine, account: Account) -> Iterator[Entry]:
    amount, fee = line.amount, line.fee_id
    if amount is None or fee is None:
        return
    state = account.find_fee(fee)
    kinds = () if state is None else state.kinds
    if state is not None and (written := _written(line, state)) != amount:
        if EntryKind.ADJUSTED not in kinds:
            return
        amount = written
    amounts = dict.fromkeys(EntryKind, amount)
    amounts[EntryKind.PAYABLE] = min(amount, line.payable_amount or amount)
    for kind, name in _kinds_of(line).items():
        since = line.truth(name).since if line.truth(name) else None
        if since is None or kind in kinds or kind not in kinds_after(kinds):
            continue
        if amounts[kind].amount:
            kinds = (*kinds, kind)
            reason = "taken back" if line.takes_back else None
            yield _entry(assessment, line, kind, amounts[kind], since, reason)


def _kinds_of(line: FeeLine) -> Mapping[EntryKind, TruthName]:
    """Return the entries that a line brings about, and the truth that does."""
    return _TAKES_BACK if line.takes_back else _TRUTH_OF


def _all_taken_back(assessment: Assessment, taken: TakenBack, account: Account) -> Iterator[Entry]:
    """Yield what takes a deal's fees back: all that was paid, and all that was not."""
    states = [
        (line, state)
        for line in assessment.lines
        if line.fee_id is not None and (state := account.find_fee(line.fee_id)) is not None
    ]
    # What refunds took back already is not taken twice.
    before: dict[tuple[str, str | None], Money] = {}
    for line, state in states:
        if line.takes_back:
            key = line.activity, line.payee
            before[key] = before[key] + state.clawed_back if key in before else state.clawed_back
    for line, state in states:
        paid = EntryKind.PAID in state.kinds
        kind = EntryKind.CLAWED_BACK if paid else EntryKind.VOIDED
        amount = -(state.payable + state.clawed_back) if paid else -state.earned
        key = line.activity, line.payee
        if line.takes_back or amount.amount >= 0 or kind not in state.next_kinds:
            continue
        if key in before:
            refunded = max(before[key], amount)
            amount, before[key] = amount - refunded, before[key] - refunded
        if amount.amount < 0:
            yield _entry(assessment, line, kind, amount, taken.since, taken.reason)


def _entry(
    assessment: Assessment,
    line: FeeLine,
    kind: EntryKind,
    amount: Money,
    at: datetime,
    reason: str | None,
) -> Entry:
    fee, payee, cause = line.fee_id or "", line.payee or "", assessment.record_id
    return Entry(
        id=entry_id(fee, kind, cause),
        fee_id=fee,
        record_id=assessment.record_id,
        plan=assessment.plan,
        activity=line.activity,
        payee=payee,
        kind=kind,
        amount=amount,
        at=at,
        occasion=line.occasion,
        cause=cause,
        reason=reason,
    )
