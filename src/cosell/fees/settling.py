"""What the ledger says about one fee: that it is over, what is payable of it, and what was paid.

Rules that hold for every fee:

1. What was taken back or voided as a whole is not earned, and nothing of it is to be paid.
2. What is payable is what was written, with adjustments and without what was taken back. Before
   that it is what the plan says, or what a person has adjusted it to.
3. It is paid once nothing is left to pay; a fee of nothing is paid as soon as it is payable. A part
   that was paid is said as a part, and while a fee is disputed nothing is to be paid (BX-31).

This module does not know what earns a fee.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

from cosell.events import EntryKind
from cosell.fees.account import FeeState
from cosell.fees.amounts import Step
from cosell.fees.clawback import TakenBack
from cosell.fees.truths import Reason, Truth, TruthName
from cosell.findings import Check, CheckKind, Finding, Verdict
from cosell.money import Money

__all__ = ["counting_amount", "end_of", "ended", "paid_truth", "payable_amount"]


class _Settles(NamedTuple):
    """How a kind of entry settles a fee.

    Attributes:
        check: What is asked of the ledger.
        not_yet: What is said where that is not so.
        since: Gives the moment from which nothing is left, if nothing is.
        is_nothing: Whether of an amount there is nothing to settle.
    """

    check: Check
    not_yet: str
    since: Callable[[FeeState], datetime | None]
    is_nothing: Callable[[Decimal], bool]


#: What settles a fee: a payment, or what is taken back where it takes back a share of another one.
_SETTLED_BY: Final[Mapping[EntryKind, _Settles]] = MappingProxyType(
    {
        EntryKind.PAID: _Settles(
            check=Check(
                id="paid_out",
                kind=CheckKind.CRITERION,
                needed="paid >= payable",
                remedy="Pay what is payable, and write down that it was paid.",
                paths=("paid", "payable"),
                gate=TruthName.PAID.value,
                label="paid out",
            ),
            not_yet="not paid out yet",
            since=lambda state: state.paid_at if state.balance.amount <= 0 else None,
            is_nothing=lambda amount: amount <= 0,  # as where a fee was adjusted below zero
        ),
        EntryKind.CLAWED_BACK: _Settles(
            check=Check(
                id="taken_back",
                kind=CheckKind.CRITERION,
                needed="clawed_back < 0",
                remedy="Write down that it was taken back.",
                paths=("clawed_back", "earned"),
                gate=TruthName.PAID.value,
                label="taken back",
            ),
            not_yet="not taken back yet",
            since=lambda state: state.clawed_back_at,
            is_nothing=lambda amount: not amount,
        ),
    }
)
#: What holds of a fee until an entry ends it, or the plan does.
_STANDS: Final = Check(
    id="not_taken_back",
    kind=CheckKind.CRITERION,
    needed="neither taken back nor voided",
    remedy="Pay nothing of it; what was paid is to be returned.",
    cites=("BX-26",),
    gate=TruthName.EARNED.value,
    label="not taken back",
)


def end_of(
    taken: TakenBack | None, state: FeeState | None, *, takes_back: bool, zone: tzinfo
) -> Reason | None:
    """Return why nothing of a fee is to be paid any more; ``None`` where that is not so.

    Args:
        taken: What takes the deal's fees back by now, if anything does.
        state: What became of the fee.
        takes_back: Whether the fee itself takes back a share of another one.
        zone: The plan's time zone.
    """
    check = _STANDS
    if taken is not None:
        check = replace(check, cites=taken.cites or check.cites)
        said = f"taken back since {taken.since.date()}: {taken.reason}"
    elif state is None or takes_back:
        return None
    elif state.voided_at is not None:
        said = f"voided on {_day(state.voided_at, zone)}"
        if state.balance.amount > 0:
            rest = f"Void the rest too: {state.balance} is still owed by the ledger."
            return Reason(TruthName.EARNED, Finding(check, Verdict.UNMET, own_remedy=rest), said)
    elif state.clawed_back_at is not None and state.kept.amount <= 0:
        said = f"taken back on {_day(state.clawed_back_at, zone)}"
    else:
        return None
    return Reason(TruthName.EARNED, Finding(check, Verdict.UNMET), said)


def _day(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).date().isoformat()


def ended(earned: Truth, payable: Truth, end: Reason) -> tuple[Truth, Truth]:
    """Return that a fee is neither earned nor payable any more."""
    reasons = (*earned.reasons, end)
    return (
        Truth(earned.name, Verdict.UNMET, None, (*earned.findings, end.finding), reasons),
        Truth(payable.name, Verdict.UNMET, None, payable.findings, reasons),
    )


def counting_amount(
    state: FeeState | None, amount: Money | None, *, takes_back: bool
) -> Money | None:
    """Return what a fee comes to: what the plan says, or what a person has adjusted it to."""
    if state is None or takes_back or EntryKind.ADJUSTED not in state.kinds:
        return amount
    return state.earned


def payable_amount(
    state: FeeState | None, amount: Money | None, limited: Step | None
) -> Money | None:
    """Return what of a fee is payable, by the ledger where that says it.

    Args:
        state: What became of the fee.
        amount: What it comes to.
        limited: What the cap of a period leaves of that, if it is less.
    """
    if state is not None and EntryKind.PAYABLE in state.kinds:
        return state.kept
    return amount if limited is None else Money(amount=limited.amount, currency=limited.currency)


def paid_truth(
    state: FeeState | None, payable: Truth, due: Money | None, *, takes_back: bool
) -> Truth:
    """Return whether everything that became payable was paid, by the ledger alone.

    Args:
        state: What became of the fee.
        payable: Whether it is payable.
        due: What of it is payable.
        takes_back: Whether it takes back a share of another fee.
    """
    settles = _SETTLED_BY[EntryKind.CLAWED_BACK if takes_back else EntryKind.PAID]
    check = settles.check
    values: tuple[Money | None, ...] = (None, None)
    since = None
    if state is not None:
        values = tuple(getattr(state, path) for path in check.paths)
        since = settles.since(state)
    if since is None and payable and due is not None and settles.is_nothing(due.amount):
        since = payable.since
    if since is not None:
        finding = Finding(check, Verdict.MET, values)
        return Truth(TruthName.PAID, Verdict.MET, since, (finding,), ())
    said, remedy = (settles.not_yet, None) if takes_back else _why_unpaid(state, due)
    finding = Finding(check, Verdict.UNMET, values, own_remedy=remedy)
    reasons = (Reason(TruthName.PAID, finding, said),) if payable else payable.reasons
    return Truth(TruthName.PAID, Verdict.UNMET, None, (finding,), reasons)


def _why_unpaid(state: FeeState | None, due: Money | None) -> tuple[str, str | None]:
    """Return in words why a payable fee is not paid, and what to do where that is not as usual."""
    if state is not None and state.is_disputed:
        return (
            "disputed: nothing is paid meanwhile",
            "Settle the dispute: adjust the fee, by nothing if it stands, or void it.",
        )
    if state is not None and state.paid.amount:
        rest = f"Pay the rest, {state.balance}, and write down that it was paid."
        return f"paid {state.paid} of {due}", rest
    return _SETTLED_BY[EntryKind.PAID].not_yet, None
