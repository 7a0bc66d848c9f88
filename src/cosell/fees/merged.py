"""The fees of two deals that were found to be one: one deal earns one fee.

Rules that hold for every merge:

1. A deal that was merged into another one is not eligible; the one that stays is assessed.
2. What the duplicate earned and was not paid is voided.
3. What was paid for the duplicate counts as paid for the survivor, as long as the survivor has no
   such fee of its own. Where both have one, the duplicate's is clawed back.
4. Nothing is written anew or taken out: the ledger keeps both, and gains entries.

This module does not know where a ledger is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from cosell.errors import require_aware
from cosell.errors.kinds import tells_kinds
from cosell.events import Entry, EntryKind
from cosell.fees.account import Account, FeeState, account_of
from cosell.fees.ledger import fee_id
from cosell.fees.truths import Reason, TruthName
from cosell.fees.writing import next_entry
from cosell.findings import Check, CheckKind, Finding, Verdict
from cosell.models import Record
from cosell.money import Money

__all__ = ["as_survivors", "entries_of_merge", "merged_away"]

_CHECK: Final = Check(
    id="not_merged",
    kind=CheckKind.CRITERION,
    needed="merged_into is not recorded",
    remedy="Assess the deal that it was merged into.",
    cites=("BX-1",),
    paths=("merged_into",),
    gate=TruthName.ELIGIBLE.value,
    label="not merged into another deal",
)


def merged_away(deal: Record) -> tuple[Finding, Reason] | None:
    """Return that a deal is not eligible since it was merged into another one, if it was."""
    if deal.merged_into is None:
        return None
    finding = Finding(_CHECK, Verdict.UNMET, (deal.merged_into,))
    said = f"this deal was merged into {deal.merged_into}"
    return finding, Reason(TruthName.ELIGIBLE, finding, said)


@tells_kinds
def entries_of_merge(
    ledger: Iterable[Entry], *, survivor: str, duplicate: str, at: datetime
) -> tuple[Entry, ...]:
    """Return the entries that leave one fee, where two deals earned it.

    Args:
        ledger: What was written for both deals, in its order.
        survivor: Id of the deal that stays.
        duplicate: Id of the deal that was merged into it.
        at: When they were merged, with a time zone.

    Returns:
        A void for each fee of the duplicate that was not paid; a clawback for each that was paid
        and that the survivor has too. After they were written there are none. A fee that is
        disputed is left to whoever decides the dispute.

    Raises:
        NaiveDatetimeError: ``at`` has no time zone.

    Source:
        BX-1, BX-26.
    """
    require_aware(at)
    entries = tuple(ledger)
    account = account_of(entries)
    reason = f"merged into {survivor}"
    return tuple(
        next_entry(history, kind, amount, at=at, cause=f"merge:{survivor}", reason=reason)
        for history in _by_fee(entries, duplicate)
        if (state := account.find_fee(history[0].fee_id)) is not None
        for kind in _kinds(history[0], state, account, survivor)
        if kind in state.next_kinds
        for amount in [-state.earned if kind is EntryKind.VOIDED else -_kept(state)]
    )


@tells_kinds
def as_survivors(
    ledger: Iterable[Entry], *, survivor: str, duplicates: Iterable[str]
) -> tuple[Entry, ...]:
    """Return a ledger in which what was paid for duplicates stands for the survivor.

    Assess the survivor by the account of this ledger, and give it to ``entries_due``: then it
    earns what the duplicate was not paid yet, and nothing twice.

    Args:
        ledger: What was written for all these deals, in its order.
        survivor: Id of the deal that stays.
        duplicates: Ids of the deals that were merged into it; a record lists them as ``merged``.

    Source:
        BX-1.
    """
    entries, merged = tuple(ledger), frozenset(duplicates)
    account = account_of(entries)
    return tuple(
        entry.model_copy(update={"record_id": survivor, "fee_id": _twin_of(entry, survivor)})
        if entry.record_id in merged and _counts(entry, account, survivor)
        else entry
        for entry in entries
    )


def _by_fee(entries: Iterable[Entry], record_id: str) -> Iterator[tuple[Entry, ...]]:
    """Yield the entries of each fee of a record."""
    fees: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.record_id == record_id:
            fees.setdefault(entry.fee_id, []).append(entry)
    yield from map(tuple, fees.values())


def _kinds(entry: Entry, state: FeeState, account: Account, survivor: str) -> Iterator[EntryKind]:
    """Yield what becomes of a fee of the duplicate, if anything does."""
    if EntryKind.PAID not in state.kinds:
        if state.earned.amount > 0:
            yield EntryKind.VOIDED
    elif _is_alive(account.find_fee(_twin_of(entry, survivor))) and _kept(state).amount > 0:
        yield EntryKind.CLAWED_BACK


def _counts(entry: Entry, account: Account, survivor: str) -> bool:
    """Whether an entry of a duplicate belongs to a fee that counts as the survivor's."""
    state = account.find_fee(entry.fee_id)
    paid = state is not None and EntryKind.PAID in state.kinds and _kept(state).amount > 0
    return paid and not _is_alive(account.find_fee(_twin_of(entry, survivor)))


def _kept(state: FeeState) -> Money:
    """Return what is owed of a fee after what was taken back."""
    return state.payable + state.clawed_back


def _is_alive(state: FeeState | None) -> bool:
    """Whether a fee was earned, and neither voided nor wholly taken back."""
    if state is None or EntryKind.VOIDED in state.kinds:
        return False
    return (state.earned + state.clawed_back).amount > 0


def _twin_of(entry: Entry, survivor: str) -> str:
    """Return the id that a fee has, earned by the survivor."""
    plan = entry.plan.partition("@")[0]
    return fee_id(survivor, plan, entry.activity, entry.payee, occasion=entry.occasion)
