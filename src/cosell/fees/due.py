"""The entries that an assessment brings about and a ledger does not have yet.

Rules that hold for every fee:

1. An entry is due when its truth holds, amount and payee are known, and ``NEXT_KINDS`` allows it
   next. The host reports what was paid; that is never due by itself.
2. The cause of an entry is the deal, so that there is one of a kind for each fee, whoever writes
   it, and however often.
3. What was written stays. Where the amount comes out otherwise now, nothing more is due for that
   fee until a person has adjusted it; then the ledger's amount counts. ``differences`` names it.

This module does not know where a ledger is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cosell.events import Entry, EntryKind
from cosell.fees.account import Account, FeeState, account_of
from cosell.fees.assessment import Assessment, FeeLine
from cosell.fees.ledger import entry_id, kinds_after
from cosell.fees.truths import TruthName
from cosell.money import Money

__all__ = ["Difference", "differences", "entries_due"]

#: The truth that brings an entry about.
_TRUTH_OF: Final[Mapping[EntryKind, TruthName]] = MappingProxyType(
    {EntryKind.EARNED: TruthName.EARNED, EntryKind.PAYABLE: TruthName.PAYABLE}
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
    return tuple(entry for line in assessment.lines for entry in _due(assessment, line, account))


def differences(assessment: Assessment, ledger: Iterable[Entry]) -> tuple[Difference, ...]:
    """Return the fees of a deal that were written with another amount than they come to now.

    Args:
        assessment: What the deal earns now.
        ledger: What was written before, at least for this deal.
    """
    account = account_of(entry for entry in ledger if entry.record_id == assessment.record_id)
    return tuple(
        Difference(state.fee_id, state.earned, line.amount)
        for line in assessment.lines
        if line.fee_id is not None and line.amount is not None
        if (state := account.find_fee(line.fee_id)) is not None
        if state.next_kinds and _differs(state, line.amount)
    )


def _differs(state: FeeState, amount: Money) -> bool:
    return state.earned != amount


def _due(assessment: Assessment, line: FeeLine, account: Account) -> Iterator[Entry]:
    amount, fee, payee = line.amount, line.fee_id, line.payee
    if amount is None or fee is None or payee is None:
        return
    state = account.find_fee(fee)
    kinds = () if state is None else state.kinds
    if state is not None and _differs(state, amount):
        if EntryKind.ADJUSTED not in kinds:
            return
        amount = state.earned
    for kind, name in _TRUTH_OF.items():
        since = line.truth(name).since if line.truth(name) else None
        if since is None or kind not in kinds_after(kinds) or amount.amount <= 0:
            continue
        kinds = (*kinds, kind)
        yield Entry(
            id=entry_id(fee, kind, assessment.record_id),
            fee_id=fee,
            record_id=assessment.record_id,
            plan=assessment.plan,
            activity=line.activity,
            payee=payee,
            kind=kind,
            amount=amount,
            at=since,
            cause=assessment.record_id,
        )
