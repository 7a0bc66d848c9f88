"""The service: load, plan, commit, and try again when somebody else was faster.

Rules:

1. One command is one commit: what due clocks did, the command's event, its effects and claims.
2. Repeating a command with its key gives the first answer; the same key for another command is
   an error. A refusal is not kept.
3. When two commands meet, one is committed; the other is decided anew on what that left.

This module does not know how anything is stored.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from cosell.clocks import Reading
from cosell.desk.answer import Answer
from cosell.desk.asking import Ask, carried_out
from cosell.desk.bulk_commands import BulkCommands
from cosell.desk.clock_commands import ClockCommands
from cosell.desk.commands import Adopt, Change, Move, Open
from cosell.desk.fee_commands import FeeCommands
from cosell.desk.knowing import look_up
from cosell.desk.merge_commands import MergeCommands
from cosell.desk.outside import Facts, RatesFor
from cosell.desk.relaying import Relaying
from cosell.desk.rounds import run
from cosell.desk.seeing import (
    asked_of,
    decided,
    looked_at,
    moment_of,
    offered,
    read,
    require_moment,
    shown,
    told,
)
from cosell.desk.served import Served, require_store
from cosell.engine import NO_DATA, ApprovalStep, Bound, Decision, Option, Path
from cosell.engine.past import Past
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor, Event
from cosell.fees.bound import BoundPlan
from cosell.models.record import Record
from cosell.money import Rates
from cosell.stores import Store

__all__ = ["Desk"]

_T = TypeVar("_T")


@tells_kinds
class Desk(ClockCommands, BulkCommands, MergeCommands, FeeCommands, Relaying):
    """Where a host's code meets its records: every change goes through here.

    Args:
        processes: Every version of every process that the stored records follow, bound.
        store: Where records are kept; with fee plans a ``Ledger`` too.
        fee_plans: Every version of every fee plan, bound; the first is the program's. What they
            have due is written in the commit that brings it about.
        rates_for: Gives the dated exchange rates for fees of a record id, where none are given.

    Example:
        >>> from datetime import UTC, datetime
        >>> from cosell import Actor, Lead, MemoryStore, bind, parse_process
        >>> process = parse_process('''
        ... id = "tiny"
        ... version = 1
        ... record = "Lead"
        ... initial = "fresh"
        ... roles = { seller = "Seller" }
        ... stages = [{ id = "fresh" }, { id = "won", kind = "won" }]
        ... [[transitions]]
        ... trigger = "win"
        ... source = "fresh"
        ... target = "won"
        ... roles = ["seller"]
        ... ''')
        >>> desk = Desk([bind(process, record=Lead)], MemoryStore())
        >>> me, now = Actor("s-1", role="seller"), datetime(2026, 11, 20, 9, tzinfo=UTC)
        >>> lead = desk.open(Lead(id="l-1"), actor=me, at=now).record
        >>> desk.move(lead.id, "win", actor=me, at=now, key="req-1").record.stage
        'won'
        >>> desk.move(lead.id, "win", actor=me, at=now, key="req-1").repeated
        True
    """

    def __init__(
        self,
        processes: Iterable[Bound],
        store: Store,
        *,
        fee_plans: Iterable[BoundPlan] = (),
        rates_for: RatesFor | None = None,
    ) -> None:
        require_store(store, awaited=False)
        self.served = Served.of(processes, fee_plans, rates_for, store)
        self.store = store

    def open(
        self,
        record: Record,
        *,
        actor: Actor,
        at: datetime,
        process: str | None = None,
        key: str | None = None,
    ) -> Answer[Record]:
        """Open ``record`` at the start of its process.

        Args:
            record: A record that was not opened before.
            actor: Who opens it.
            at: When, with a time zone.
            process: Which process, where the desk serves several; its newest version is taken.
            key: Idempotency key, scoped to record and party.

        Raises:
            RecordExistsError: The id is taken.
            KeyReusedError: The key was used for another command.
            WrongProcessError: The record is of another model, or was opened before.
            AmbiguousProcessError: The desk serves several processes and none is named.
        """
        command = Open(actor=actor, at=at, key=key, record=record, process=process)
        return self._carried_out(run(self.served, record.id, command))

    def adopt(  # noqa: PLR0913 - what is known of a deal
        self,
        record: Record,
        *,
        stage: str,
        actor: Actor,
        at: datetime,
        trail: Past = (),
        reason: str | None = None,
        process: str | None = None,
        facts: Facts = None,
        rates: Rates | None = None,
        key: str | None = None,
    ) -> Answer[Record]:
        """Bring in a record that was under way before cosell came; gates are not enforced.

        Args:
            record: A record that was not opened before.
            stage: Where it stands.
            actor: Who adopts it.
            at: Since when it stands there; with ``trail`` when it is adopted. With a time zone.
            trail: The moves that brought it there, oldest first, as far as they are known.
            reason: Where it comes from.
            process: Which process, where the desk serves several; its newest version is taken.
            facts: Values from outside the record, for the gates that are reported.
            rates: Dated exchange rates.
            key: Idempotency key, scoped to record and party.

        Raises:
            RecordExistsError: The id is taken.
            UnknownNameError: The process has no such stage.
            InvalidDataError: The trail does not lead there.
            KeyReusedError: The key was used for another command.
            WrongProcessError: The record is of another model, or was opened before.
            AmbiguousProcessError: The desk serves several processes and none is named.
            NaiveDatetimeError: ``at`` has no time zone.
        """
        command = Adopt(
            actor=actor,
            at=at,
            key=key,
            facts=facts,
            record=record,
            process=process,
            stage=stage,
            trail=tuple(trail),
            reason=reason,
            rates=rates,
        )
        return self._carried_out(run(self.served, record.id, command))

    def move(  # noqa: PLR0913 - the same question as ``apply``
        self,
        record_id: str,
        trigger: str,
        *,
        actor: Actor,
        at: datetime,
        data: Mapping[str, Any] = NO_DATA,
        facts: Facts = None,
        rates: Rates | None = None,
        expected_version: int | None = None,
        override: str | None = None,
        key: str | None = None,
    ) -> Answer[Record]:
        """Take a transition, after settling what clocks have due, in one commit.

        Args:
            record_id: The record.
            trigger: What is asked for; in a track with its name, ``poc.approve``.
            actor: Who asks.
            at: When, with a time zone.
            data: Values for the transition's inputs.
            facts: Values from outside the record.
            rates: Dated exchange rates.
            expected_version: The version the asker saw; ``None`` does not check it.
            override: The reason for setting criteria aside.
            key: Idempotency key, scoped to record and party.

        Raises:
            TransitionRefusedError: It is not permitted, or the record is not of the expected
                version; ``error.decision`` says why.
            RecordNotFoundError: There is no such record.
            KeyReusedError: The key was used for another command.
            ClaimedError: Another record holds a key that the transition claims.
            InvalidDataError: ``data`` or ``facts`` do not fit.
            OutOfOrderError: ``at`` is before the record's last event.
            VersionConflictError: Others were faster, five times in a row, whatever was expected.
        """
        command = Move(
            actor=actor,
            at=at,
            key=key,
            facts=facts,
            trigger=trigger,
            data=data,
            rates=rates,
            expected_version=expected_version,
            override=override,
        )
        return self._carried_out(run(self.served, record_id, command))

    def change(
        self,
        record_id: str,
        data: Mapping[str, Any],
        *,
        actor: Actor,
        at: datetime,
        reason: str | None = None,
        facts: Facts = None,
        expected_version: int | None = None,
        key: str | None = None,
    ) -> Answer[Record]:
        """Edit fields without moving.

        Args:
            record_id: The record.
            data: New values by field path.
            actor: Who edits.
            at: When, with a time zone.
            reason: Why.
            facts: Values from outside the record, for clocks that read one.
            expected_version: The version that the editor saw; ``None`` does not check it.
            key: Idempotency key, scoped to record and party.

        Raises:
            EditRefusedError: A field is locked, or the record is of another version; all are named.
            InvalidDataError: A value does not fit; all are named.
            RecordNotFoundError: There is no such record.
            KeyReusedError: The key was used for another command.
            OutOfOrderError: ``at`` is before the record's last event.
            VersionConflictError: Others were faster, five times in a row, whatever was expected.
        """
        command = Change(
            actor=actor,
            at=at,
            key=key,
            facts=facts,
            data=data,
            reason=reason,
            expected_version=expected_version,
        )
        return self._carried_out(run(self.served, record_id, command))

    def load(self, record_id: str) -> Record:
        """Return the whole record as it was last committed, for the host's own code.

        What an actor may see of it is given by ``show``.

        Raises:
            RecordNotFoundError: There is no such record.
        """
        return self._loaded(record_id)[1]

    def show(
        self,
        record_id: str,
        *,
        actor: Actor,
        at: datetime,
        facts: Facts = None,
        rates: Rates | None = None,
    ) -> dict[str, Any]:
        """Return what ``actor`` may see of a record, as plain values, ready for JSON.

        The record is shown as it stands at ``at``, with what clocks have due done; ``version`` is
        the one that is stored. A field that is not recorded is there as ``None``; one that is
        hidden is not there.

        Args:
            record_id: The record.
            actor: Who looks.
            at: When, with a time zone.
            facts: Values from outside the record, where views or clocks read some.
            rates: Dated exchange rates, where views compare amounts.

        Raises:
            RecordNotFoundError: There is no such record, or not for ``actor``.
            InvalidDataError: ``facts`` do not fit.
            NaiveDatetimeError: ``at`` has no time zone.
        """
        question: dict[str, Any] = {"actor": actor, "at": at, "facts": facts, "rates": rates}
        return shown(*self._loaded(record_id, question), **question)

    def history(
        self,
        record_id: str,
        after: int = 0,
        *,
        actor: Actor | None = None,
        at: datetime | None = None,
        facts: Facts = None,
    ) -> Sequence[Event]:
        """Return the record's events numbered above ``after``, oldest first.

        Args:
            record_id: The record.
            after: The number of the last event that is known already.
            actor: Who looks; ``None`` is the host itself, from whom nothing is hidden.
            at: When the actor looks, with a time zone.
            facts: Values from outside the record, where views read some.

        Raises:
            RecordNotFoundError: There is no such record, or not for ``actor``.
            TypeError: An actor looks, and it is not said when.
        """
        if actor is None:
            return self.store.history(record_id, after)
        question: dict[str, Any] = {"actor": actor, "at": moment_of(at), "facts": facts}
        loaded = self._loaded(record_id, question)
        return told(*loaded, self.store.history(record_id, after), **question)

    def decide(self, record_id: str, trigger: str, **question: Any) -> Decision:
        """Return whether a record may take a transition now; see ``cosell.decide``.

        What the actor may not see is masked, here and in the next two.

        Raises:
            RecordNotFoundError: There is no such record, or not for the actor.
        """
        known = self._carried_out(look_up(self.served, record_id, [trigger], question))
        question["holders"] = known.holders
        return decided(known.bound, known.record, trigger, **question)

    def options(self, record_id: str, **question: Any) -> tuple[Option, ...]:
        """Return what can be done with a record now; see ``cosell.options``."""
        known = self._carried_out(look_up(self.served, record_id, None, question))
        question["holders"] = known.holders
        return offered(known.bound, known.record, **question)

    def path(self, record_id: str, **question: Any) -> Path:
        """Return how a record can be won and how it can end; see ``cosell.path``."""
        return looked_at(*self._loaded(record_id, question), **question)

    def approvals(self, record_id: str, **question: Any) -> tuple[ApprovalStep, ...]:
        """Return who is to approve; see ``cosell.engine.preview_approvals``.

        With an ``actor`` it is what that actor may see of it.
        """
        return asked_of(*self._loaded(record_id, question), **question)

    def clocks(
        self,
        record_id: str,
        *,
        at: datetime,
        facts: Facts = None,
        actor: Actor | None = None,
    ) -> tuple[Reading, ...]:
        """Return what every clock of a record says at ``at``; see ``cosell.read_clocks``.

        For an actor, those that hidden fields start or end are left out.
        """
        question: dict[str, Any] = {"actor": actor, "at": at, "facts": facts}
        return read(*self._loaded(record_id, question), **question)

    def _loaded(
        self, record_id: str, question: Mapping[str, Any] = NO_DATA
    ) -> tuple[Bound, Record]:
        require_moment(question)
        return self.served.record_in(self.store.load(record_id))

    def _carried_out(self, conversation: Generator[Ask, Any, _T]) -> _T:
        """Make every call of the store that is asked for, and return what it comes to."""
        return carried_out(self.store, conversation)
