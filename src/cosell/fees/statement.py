"""Statements: what one payee gets for one fiscal period, in one currency.

Rules that hold for every statement:

1. The opening balance is the closing balance of the statement before it; a statement that was
   issued never changes.
2. An entry belongs to the period of its day. One that was written after its period's statement had
   been issued stands in the next statement, as late.
3. The closing balance is the opening balance and what the entries change it by. What is only
   earned changes nothing yet.
4. What is paid out is the closing balance without what is disputed at its end, or nothing while
   that is negative or below the threshold; the rest is carried (BX-26, BX-31).

This module does not know what earns a fee, nor where a ledger is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from cosell.definition.fee_terms import Period
from cosell.errors import CosellError
from cosell.errors.kinds import tells_kinds
from cosell.events import Entry
from cosell.fees.account import account_of, changes_of
from cosell.fees.periods import FiscalPeriod, period_of
from cosell.money import Money

__all__ = ["Statement", "StatementGapError", "StatementLine", "statement_of", "statements_of"]


class StatementGapError(CosellError):
    """A statement was to follow on one that is not the one before it.

    Attributes:
        previous: The statement that was given.
    """

    code = "fee.statement_gap"

    def __init__(self, previous: Statement, wanted: str) -> None:
        self.previous = previous
        found = f"of {previous.payee} for {previous.period}, in {previous.currency}"
        super().__init__(
            problem=f"the statement {wanted} cannot follow on the one {found}",
            remedy="Give the statement of the period before, or none.",
        )


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry on a statement.

    Attributes:
        entry: The entry.
        on: Its day, in the zone of the statement.
        change: What it changes the balance by; nothing, where a fee is only earned.
        late: Whether its period's statement had been issued before it was written.
    """

    entry: Entry
    on: date
    change: Money
    late: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the line as plain values, as a row of a table has them."""
        entry = self.entry
        return {
            "on": self.on.isoformat(),
            "kind": entry.kind.value,
            "amount": str(entry.amount),
            "change": str(self.change),
            "late": self.late,
            "record_id": entry.record_id,
            "activity": entry.activity,
            "occasion": entry.occasion,
            "plan": entry.plan,
            "cause": entry.cause,
            "reason": entry.reason,
            "entry_id": entry.id,
        }


@dataclass(frozen=True, slots=True)
class Statement:
    """What one payee gets for one period, in one currency.

    Attributes:
        payee: Id of the party.
        currency: The currency of every amount on it.
        period: The period, by dates.
        opening: The balance before it.
        lines: Every entry, in the order in which they were written.
        closing: The balance after it.
        threshold: The least that is paid out, if there is one in this currency.
        counted: How many entries the payee's ledger had when the statement was made.
        disputed: What of the closing balance is not paid out, as somebody objects.
    """

    payee: str
    currency: str
    period: FiscalPeriod
    opening: Money
    lines: tuple[StatementLine, ...]
    closing: Money
    threshold: Money | None
    counted: int
    disputed: Money

    @property
    def payout(self) -> Money:
        """What is to be paid out: what is owed and not disputed, or nothing where that is less."""
        least = self.threshold or _nothing(self.currency)
        undisputed = self.closing - self.disputed
        due = undisputed.amount > 0 and undisputed >= least
        return undisputed if due else _nothing(self.currency)

    @property
    def carried(self) -> Money:
        """What goes on to the next statement; negative where the payee is to give back."""
        return self.closing - self.payout

    def explain(self) -> str:
        """Return the statement in words, as its payee can read it."""
        return "\n".join(self._said())

    def _said(self) -> Iterator[str]:
        yield f"Statement of {self.payee} for {self.period}, in {self.currency}"
        yield f"opening balance: {self.opening}"
        for line in self.lines:
            entry = line.entry
            what = f"{entry.activity} of {entry.record_id}"
            what = what if entry.occasion is None else f"{what} ({entry.occasion})"
            late = ", late" if line.late else ""
            reason = f": {entry.reason}" if entry.reason else ""
            yield f"  {line.on} {entry.kind} {entry.amount} for {what}{late}{reason}"
        yield f"closing balance: {self.closing}"
        if self.disputed.amount:
            yield f"disputed: {self.disputed}, not paid out until that is settled"
        yield f"to be paid out: {self.payout}"
        if self.carried.amount:
            yield f"carried: {self.carried}{self._why_carried()}"

    def _why_carried(self) -> str:
        if self.carried.amount < 0:
            return ", until it is earned back"
        if self.carried <= self.disputed:
            return ", as it is disputed"
        what = "the rest" if self.disputed.amount else "it"
        return f", as {what} is below {self.threshold}"

    def as_dict(self) -> dict[str, Any]:
        """Return the statement as plain values, ready for JSON."""
        return {
            "payee": self.payee,
            "currency": self.currency,
            "first": self.period.first.isoformat(),
            "last": self.period.last.isoformat(),
            "opening": str(self.opening),
            "closing": str(self.closing),
            "disputed": str(self.disputed),
            "payout": str(self.payout),
            "carried": str(self.carried),
            "counted": self.counted,
            "lines": [line.as_dict() for line in self.lines],
        }


@tells_kinds
def statement_of(
    ledger: Sequence[Entry],
    payee: str,
    currency: str,
    *,
    terms: Period,
    on: date,
    zone: tzinfo,
    previous: Statement | None = None,
) -> Statement:
    """Return the statement of a payee for the period that a day lies in.

    Args:
        ledger: Entries, in the order in which they were written; other payees' are left out.
        payee: Id of the party.
        currency: The currency.
        terms: The host's fiscal periods.
        on: A day of the period.
        zone: The time zone in which the moment of an entry is a day.
        previous: The statement that was issued for the period before; without one, whatever lies
            before the period is the opening balance.

    Returns:
        Opening balance, entries, closing balance, and what is to be paid out.

    Raises:
        StatementGapError: ``previous`` is another payee's, or not of the period before.

    Source:
        BX-22, BX-26.

    Example:
        >>> from datetime import UTC
        >>> found = statement_of([], "acme", "USD", terms=Period(), on=date(2026, 8, 1), zone=UTC)
        >>> print(found.explain())
        Statement of acme for 2026-07-01 to 2026-09-30, in USD
        opening balance: 0.00 USD
        closing balance: 0.00 USD
        to be paid out: 0.00 USD
    """
    period = period_of(terms, on)
    if previous is not None:
        _refuse_gap(previous, payee, currency, period)
    own = [entry for entry in ledger if (entry.payee, entry.amount.currency) == (payee, currency)]
    counted = len(own) if previous is None else previous.counted
    opening, closing = _nothing(currency), _nothing(currency)
    lines, until = [], []
    for index, line in enumerate(_lines(own, zone)):
        before = line.on < period.first
        if line.on > period.last:
            continue
        closing += line.change
        until.append(line.entry)
        if before and index < counted:
            opening += line.change
            continue
        lines.append(replace(line, late=before))
    threshold = terms.threshold
    fits = threshold is not None and threshold.currency == currency
    return Statement(
        payee=payee,
        currency=currency,
        period=period,
        opening=opening,
        lines=tuple(lines),
        closing=closing,
        threshold=threshold if fits else None,
        counted=len(own),
        disputed=account_of(until).disputed(payee, currency),
    )


def _refuse_gap(previous: Statement, payee: str, currency: str, period: FiscalPeriod) -> None:
    """Raise unless ``previous`` is the statement on which the next one follows."""
    same = (previous.payee, previous.currency) == (payee, currency)
    if not same or previous.period.last + timedelta(days=1) != period.first:
        raise StatementGapError(previous, f"of {payee} for {period}, in {currency}")


def _lines(own: Sequence[Entry], zone: tzinfo) -> Iterator[StatementLine]:
    """Yield each entry with what it changes the balance of its fee by."""
    for entry, change in changes_of(own):
        yield StatementLine(entry, entry.at.astimezone(zone).date(), change, late=False)


@tells_kinds
def statements_of(
    ledger: Sequence[Entry],
    *,
    terms: Period,
    on: date,
    zone: tzinfo,
    previous: Sequence[Statement] = (),
) -> tuple[Statement, ...]:
    """Return the statement of every payee in every currency, sorted by payee and currency.

    Args:
        ledger: Entries, in the order in which they were written.
        terms: The host's fiscal periods.
        on: A day of the period.
        zone: The time zone in which the moment of an entry is a day.
        previous: The statements that were issued for the period before.

    Raises:
        StatementGapError: One of ``previous`` is not of the period before.
    """
    issued = {(each.payee, each.currency): each for each in previous}
    known = {(entry.payee, entry.amount.currency) for entry in ledger} | issued.keys()
    return tuple(
        statement_of(ledger, *whose, terms=terms, on=on, zone=zone, previous=issued.get(whose))
        for whose in sorted(known)
    )


def _nothing(currency: str) -> Money:
    return Money(amount=Decimal(0), currency=currency)
