"""The account of a ledger that grows while deals are assessed, in constant time for each entry.

What it says is what ``account_of`` says of the same entries. What became payable on each day is
added up, so that the cap of a period is looked up and not summed over every fee.

This module does not know what earns a fee.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, tzinfo
from decimal import Decimal

from cosell.cli.words import added
from cosell.events import Entry
from cosell.fees import Account, FeeState, FiscalPeriod
from cosell.money import Money

__all__ = ["RunningAccount"]

_Days = dict[tuple[str, str], dict[date, dict[str, Decimal]]]


@dataclass(frozen=True, slots=True)
class RunningAccount(Account):
    """An account that entries are added to.

    Attributes:
        states: What became of each fee, by its id.
        days: What became payable, by zone, payee and activity, day and currency; a zone is there
            once somebody asked about a period in it.
    """

    states: dict[str, FeeState] = field(default_factory=dict)
    days: dict[tzinfo, _Days] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let both names mean one mapping."""
        object.__setattr__(self, "fees", self.states)

    def add(self, entry: Entry) -> None:
        """Add an entry."""
        before = self.states.get(entry.fee_id)
        known = {} if before is None else {entry.fee_id: before}
        after = self.states[entry.fee_id] = Account(known).after([entry]).fees[entry.fee_id]
        for zone, days in self.days.items():
            if before is not None:
                _count(days, before, zone, sign=-1)
            _count(days, after, zone)

    def payable_in(
        self, period: FiscalPeriod, payee: str, activity: str, *, zone: tzinfo, beside: str
    ) -> Iterator[Money]:
        """Yield what became payable in a period to a payee for an activity, day by day."""
        if zone not in self.days:
            self.days[zone] = {}
            for state in self.states.values():
                _count(self.days[zone], state, zone)
        for day, amounts in self.days[zone].get((payee, activity), {}).items():
            if day in period:
                for currency, amount in amounts.items():
                    yield Money(amount=amount, currency=currency)
        own = self.states.get(beside)
        if own is not None and _day(own, zone) in period:
            yield -own.payable


def _day(state: FeeState, zone: tzinfo) -> date | None:
    return None if state.payable_at is None else state.payable_at.astimezone(zone).date()


def _count(days: _Days, state: FeeState, zone: tzinfo, *, sign: int = 1) -> None:
    """Add what became payable of a fee to its day, or take it away again."""
    day = _day(state, zone)
    if day is not None:
        amounts = days.setdefault((state.payee, state.activity), {}).setdefault(day, {})
        added(amounts, state.payable if sign > 0 else -state.payable)
