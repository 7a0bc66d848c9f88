"""The ledger entries that go into the same commit as the command that brings them about.

Rules:

1. After every command the record's fees are assessed as of its moment; what is due and was not
   written is written in its commit. Two at once find the same ids, and the later decides anew.
2. A plan that cannot assess a record stops no command and loses no entry: the answer says why, and
   the record stays due, so that each tick tries again.
3. A fee that is held is due by time alone, and so is one that is taken back on a day to come: the
   record is to be ticked at that moment, and the entry is dated so.
4. One deal earns one fee. What was earned by a record that was merged away is voided or clawed
   back; what was paid for it counts as paid for the record that stays.
5. Where a period has a cap, the payee's ledger is read too, and each entry takes the next number of
   that period as a claim: of two records that want the same room, the later decides anew.

This module does not know how anything is stored.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from cosell.desk.asking import Ask
from cosell.desk.outside import rates_of
from cosell.desk.planning import FeesDue, Planned, with_entries
from cosell.desk.served import Served
from cosell.errors import CosellError
from cosell.events import Entry, EntryKind
from cosell.fees.account import account_of
from cosell.fees.assess import assess
from cosell.fees.assessment import Assessment
from cosell.fees.bound import BoundPlan
from cosell.fees.due import entries_due
from cosell.fees.merged import as_survivors, entries_of_merge
from cosell.fees.occasions import day_of
from cosell.fees.periods import period_of
from cosell.fees.terms import plan_for
from cosell.models.record import Record
from cosell.money import Rates

if TYPE_CHECKING:
    from cosell.desk.commands import Command
    from cosell.engine import View

__all__ = [
    "Assessed",
    "LedgerParts",
    "WritesEntry",
    "assessed",
    "is_room",
    "read_ledger",
    "with_fees",
]

_ROOM: Final = "fee-room"


@dataclass(frozen=True, slots=True)
class LedgerParts:
    """The parts of the ledger that are about one record.

    Attributes:
        own: Its own entries.
        beside: Those of the records that it was merged with.
        merged: Ids of the records that were merged into it, and of those merged into these.
        payees: Those of the payees whose fees have a cap for a period.
    """

    own: tuple[Entry, ...] = ()
    beside: tuple[Entry, ...] = ()
    merged: tuple[str, ...] = ()
    payees: tuple[Entry, ...] = ()

    def after(self, entries: Iterable[Entry]) -> LedgerParts:
        """Return the parts with more entries of the record itself."""
        return replace(self, own=(*self.own, *entries))

    def ledger(self, record: Record) -> tuple[Entry, ...]:
        """Return the ledger by which a record is assessed (rule 4)."""
        if not self.merged:
            return self.own
        both = (*self.own, *self.beside)
        return as_survivors(both, survivor=record.id, duplicates=self.merged)


@runtime_checkable
class WritesEntry(Protocol):
    """A command that writes an entry of its own, beside what is due."""

    def entry(self, ledger: Sequence[Entry], seen: View) -> Entry:
        """Return the entry, after those of ``ledger``, or raise why it cannot be written."""
        ...


def is_room(key: str) -> bool:
    """Whether a claim is a number of a period that has a cap (rule 5)."""
    return key.partition(":")[0] == _ROOM


def with_fees(
    served: Served, command: Command, planned: Planned, seen: View
) -> Generator[Ask, Any, Planned]:
    """Yield the calls of the store that a record's fees need, and return the plan with entries.

    Raises:
        EntryRefusedError: The command writes an entry that does not fit the life of its fee.
        EntryExistsError: The very entry was written before.
        UnknownNameError: The record has no such fee.
    """
    record = planned.answer.record
    plans = served.plans_about(record)
    if not plans and not isinstance(command, WritesEntry):
        return planned
    parts = yield from read_ledger(record)
    found = yield from _due(served, plans, record, parts, command)
    if isinstance(command, WritesEntry):
        before = parts.after(found.entries)
        written = (*found.entries, command.entry(before.own, seen))
        later = yield from _due(served, plans, record, parts.after(written), command)
        found = replace(
            later,
            entries=(*written, *later.entries),
            claims=(*found.claims, *later.claims),
        )
    return with_entries(command, planned, found)


def read_ledger(record: Record) -> Generator[Ask, Any, LedgerParts]:
    """Yield the calls of the store that the ledger of a record needs, and return it."""
    own = yield Ask("entries", (), {"record_id": record.id})
    merged = yield from _merged_into(record)
    others = merged if record.merged_into is None else (*merged, record.merged_into)
    beside: list[Entry] = []
    for other in others:
        beside += yield Ask("entries", (), {"record_id": other})
    return LedgerParts(tuple(own), tuple(beside), merged)


def _merged_into(record: Record) -> Generator[Ask, Any, tuple[str, ...]]:
    """Return the ids of all that was merged into a record, and into those."""
    found: dict[str, None] = dict.fromkeys(record.merged)
    for other in record.merged:
        events = yield Ask("history", (other,))
        lists = [event.changes["merged"] for event in events if "merged" in event.changes]
        found |= dict.fromkeys(each for merged in lists for each in merged)
    return tuple(found)


def _due(
    served: Served,
    plans: Sequence[BoundPlan],
    record: Record,
    parts: LedgerParts,
    command: Command,
) -> Generator[Ask, Any, FeesDue]:
    """Return what is due for a record's fees, or why that cannot be said (rule 2)."""
    undone: tuple[Entry, ...] = ()
    if record.merged_into is not None:
        both, stays = (*parts.own, *parts.beside), record.merged_into
        undone = entries_of_merge(both, survivor=stays, duplicate=record.id, at=command.at)
    if not plans:
        return FeesDue(undone)
    try:
        rates = rates_of(served.rates_for, record.id, getattr(command, "rates", None))
        found = yield from assessed(plans, record, parts.after(undone), command.at, rates)
    except CosellError as error:
        return FeesDue(undone, command.at, str(error))
    due = _one_by_one(found, rates) if found.capped else _at_once(found)
    return replace(due, entries=(*undone, *due.entries))


@dataclass(frozen=True, slots=True)
class Assessed:
    """A record's fees, with all that they were assessed by.

    Attributes:
        plan: The plan that it goes by.
        record: The record.
        parts: What the ledger says.
        assessment: What it earns.
        capped: The activities of it that have a cap for a period.
    """

    plan: BoundPlan
    record: Record
    parts: LedgerParts
    assessment: Assessment
    capped: frozenset[str] = frozenset()

    @property
    def due(self) -> tuple[Entry, ...]:
        """The entries that are missing."""
        return entries_due(self.assessment, self.parts.ledger(self.record))

    def after(self, entries: Iterable[Entry], rates: Rates | None) -> Assessed:
        """Return the same once these entries are written."""
        parts = self.parts.after(entries)
        return replace(self, parts=parts, assessment=self._again(parts, rates))

    def with_payees(self, entries: Iterable[Entry], rates: Rates | None) -> Assessed:
        """Return the same by what else the payees got."""
        parts = replace(self.parts, payees=tuple(entries))
        return replace(self, parts=parts, assessment=self._again(parts, rates))

    def _again(self, parts: LedgerParts, rates: Rates | None) -> Assessment:
        return _assess(self.plan, self.record, parts, self.assessment.at, rates)


def assessed(
    plans: Sequence[BoundPlan],
    record: Record,
    parts: LedgerParts,
    at: datetime,
    rates: Rates | None,
) -> Generator[Ask, Any, Assessed]:
    """Yield the calls of the store that it needs, and return what a record earns.

    Raises:
        UnknownNameError: The plan that it goes by is not among ``plans``.
        TermsMismatchError: It was accepted on another wording of the plan.
    """
    plan = plan_for(record, plans, at=at)
    found = Assessed(plan, record, parts, _assess(plan, record, parts, at, rates))
    capped = _capped(plan, found.assessment)
    if not capped:
        return found
    payees = yield from _of_payees(found.assessment, capped)
    return replace(found.with_payees(payees, rates), capped=capped)


def _assess(
    plan: BoundPlan, record: Record, parts: LedgerParts, at: datetime, rates: Rates | None
) -> Assessment:
    ledger = parts.ledger(record)
    known = {entry.id for entry in ledger}
    others = [entry for entry in parts.payees if entry.id not in known]
    return assess(plan, record, at=at, account=account_of([*others, *ledger]), rates=rates)


def _at_once(found: Assessed) -> FeesDue:
    """Return everything that is due."""
    return FeesDue(found.due, _next_at(found.assessment))


def _next_at(found: Assessment) -> datetime | None:
    """Return when a truth of a fee holds next, or all are taken back, by time alone (rule 3)."""
    moments = [
        truth.since
        for line in found.lines
        for truth in (line.earned, line.payable)
        if truth.since is not None and truth.since > found.at
    ]
    if found.clawback_to_come is not None:
        moments.append(found.clawback_to_come.since)
    return min(moments, default=None)


# --- Caps of a period (rule 5) --------------------------------------------------------------------


def _capped(plan: BoundPlan, found: Assessment) -> frozenset[str]:
    """Return the activities of a deal that have a cap for a period."""
    capped = {
        activity.terms.id
        for activity in plan.activities
        if activity.terms.amount.period_cap is not None
    }
    return frozenset(capped & {line.activity for line in found.lines})


def _of_payees(found: Assessment, capped: frozenset[str]) -> Generator[Ask, Any, tuple[Entry, ...]]:
    """Return the ledgers of the payees of what has a cap."""
    payees = {line.payee for line in found.lines if line.activity in capped and line.payee}
    entries: list[Entry] = []
    for payee in sorted(payees):
        entries += yield Ask("entries", (), {"payee": payee})
    return tuple(entries)


def _one_by_one(found: Assessed, rates: Rates | None) -> FeesDue:
    """Return what is due, each entry with what those before it leave room for."""
    written: tuple[Entry, ...] = ()
    claims: list[str] = []
    while due := found.due:
        taken = tuple(_up_to_cap(due, found.capped))
        if _takes_room(taken[-1], found.capped):
            claims.append(_room_key(found.plan, found.parts, taken[-1]))
        found, written = found.after(taken, rates), (*written, *taken)
    return FeesDue(written, _next_at(found.assessment), None, tuple(claims))


def _up_to_cap(due: Sequence[Entry], capped: frozenset[str]) -> Iterator[Entry]:
    """Yield the entries up to the first that takes room below a cap."""
    for entry in due:
        yield entry
        if _takes_room(entry, capped):
            return


def _takes_room(entry: Entry, capped: frozenset[str]) -> bool:
    return entry.activity in capped and entry.kind is EntryKind.PAYABLE


def _room_key(plan: BoundPlan, parts: LedgerParts, entry: Entry) -> str:
    """Return the claim on the next number of the period that an entry falls into."""
    period = period_of(plan.plan.period, day_of(entry.at, plan.zone))
    used = {
        other.id
        for other in (*parts.payees, *parts.own)
        if other.kind is EntryKind.PAYABLE
        and (other.payee, other.activity) == (entry.payee, entry.activity)
        and day_of(other.at, plan.zone) in period
    }
    return f"{_ROOM}:{entry.payee}:{entry.activity}:{period.first}:{len(used)}"
