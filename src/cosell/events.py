"""What happened: events, the trail, effects, claims and ledger entries.

Rules that hold for every event:

1. Events of a record are numbered from 1 without a gap; the number of the last one is the
   record's version. Order is by number, never by time.
2. A record equals the fold of its events. ``changes`` holds what the event wrote, by field path;
   stage, trail and version follow from the event itself.
3. An event is sealed when it is committed: ``digest`` covers its content and ``previous``, the
   digest of the event before it. ``apply`` gives unsealed events.

This module does not know what a gate, a store or a model of the field is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from pydantic import Field, model_validator

from cosell._base import FieldPath, Id, Instant, LongText, Model, Name, Text
from cosell.calendars import to_utc
from cosell.money import Money

__all__ = [
    "CREATE",
    "RELEASED",
    "Actor",
    "Claim",
    "Commit",
    "Creation",
    "Effect",
    "Entry",
    "EntryKind",
    "Event",
    "EventKind",
    "Kept",
    "ProcessRef",
    "Snapshot",
    "TrailEntry",
]


class EventKind(StrEnum):
    """What one event says happened to a record."""

    OPENED = "opened"  # the record entered its process
    MOVED = "moved"  # a transition was taken
    CHANGED = "changed"  # fields were edited, the stage stays
    PAUSED = "paused"  # somebody paused a clock
    RESUMED = "resumed"  # somebody resumed it
    EXTENDED = "extended"  # a clock's allowance was raised
    STEPPED = "stepped"  # a clock passed one of its steps
    BREACHED = "breached"  # a clock ran out
    MIGRATED = "migrated"  # the record went on to another version of its process
    ADOPTED = "adopted"  # the record came in mid-way, its gates reported, not enforced
    ERASED = "erased"  # personal values were removed
    MERGED = "merged"  # the record and another one were found to be one
    ACCOUNTED = "accounted"  # somebody wrote an entry of one of its fees


class Actor(Model, frozen=True):
    """Who asks, in what capacity, for which organisation. The host gives it; no payload does.

    A deputy has the role and party of whom it acts for (see ``cosell.engine.acting_for``).

    Attributes:
        id: Who it is.
        role: In what capacity it asks.
        party: For which organisation.
        on_behalf_of: Id of the person it acts for, if it acts for another one.
        deputy_from: From when on it may; missing is unknown, and never a yes.
        deputy_until: Until when, exclusive; ``None`` is without an end.

    Example:
        >>> Actor("p-7", role="partner", party="acme").role
        'partner'
    """

    id: Id
    role: Name
    party: Id | None = None
    on_behalf_of: Id | None = None
    deputy_from: Instant | None = None
    deputy_until: Instant | None = None

    @property
    def principal(self) -> str:
        """The person behind: whom it acts for, or the actor itself."""
        return self.on_behalf_of or self.id

    if TYPE_CHECKING:

        def __init__(
            self,
            id: str,  # noqa: A002 - the field
            *,
            role: str,
            party: str | None = None,
            on_behalf_of: str | None = None,
            deputy_from: datetime | None = None,
            deputy_until: datetime | None = None,
        ) -> None: ...

    else:

        def __init__(self, given: Any = None, /, **values: Any) -> None:
            super().__init__(**({} if given is None else {"id": given}), **values)

        # As pydantic marks its own: reading a trail need not call this for each of its lines.
        __init__.__pydantic_base_init__ = True


class ProcessRef(Model, frozen=True):
    """The exact definition that a record follows."""

    id: Id
    version: int = Field(ge=1)
    digest: str | None = None


class TrailEntry(Model, frozen=True):
    """One line of the short list that a record carries along: all that clocks read.

    Attributes:
        seq: Number of the event it came from.
        kind: The event's kind.
        at: The event's moment.
        actor: Who did it.
        track: The part it happened to; ``None`` is the main line.
        trigger: The transition's trigger, of a move.
        source: The stage before, of a move.
        target: The stage after, of a move, an opening, an adoption or a migration; ``None`` of a
            move that left the stage as it was.
        clock: The clock, of a pause, resumption, extension, step or breach.
        step: The step that was passed.
        allowance: What an extension added, in the clock's own unit.
        reason: Why, as far as it was given.
    """

    seq: int = Field(ge=1)
    kind: EventKind
    at: Instant
    actor: Actor
    track: Text | None = None
    trigger: Name | None = None
    source: Name | None = None
    target: Name | None = None
    clock: Name | None = None
    step: Name | None = None
    allowance: int | None = None
    reason: LongText | None = None

    @cached_property
    def instant(self) -> datetime:
        """The moment in UTC: every clock of every later version of the record reads it."""
        return to_utc(self.at)


CREATE, RELEASED = "create", "released"  # the effects that cosell itself carries out


class Creation(Model, frozen=True):
    """The record that an effect asks for.

    Attributes:
        process: The process it enters.
        source: The process of the record that asks for it.
        trigger: What that one is asked for then, if anything.
        path: The input of that transition that is given the new record's id.
    """

    process: Id
    source: Id
    trigger: Text | None = None
    path: FieldPath | None = None


class Effect(Model, frozen=True):
    """What the host should do because of an event. At least once; dedupe by ``id``.

    Attributes:
        id: ``<record id>/<event number>/<effect number>``; longer than a record's id may be.
        record_id: The record it came from.
        kind: One of the process's declared effects, such as ``notify_partner_manager``.
        to: The role it is meant for, if it is meant for one.
        party: Id of the party it is meant for, if it is meant for one.
        data: What it carries, by name; values are as in the record.
        creation: What is to be made of the data, if a record is.
    """

    id: Text
    record_id: Id
    kind: Name
    to: Name | None = None
    data: Mapping[str, Any] = Field(default_factory=dict)
    party: Id | None = None
    creation: Creation | None = None


class Event(Model, frozen=True):
    """What happened to one record at one moment.

    Attributes:
        record_id: The record.
        seq: Its number, from 1.
        kind: What happened.
        at: When.
        actor: Who did it; the actor ``clock`` for what a clock did.
        process: The definition that was in force.
        track: The part it happened to; ``None`` is the main line.
        trigger: The transition's trigger, of a move.
        source: The stage before.
        target: The stage after.
        clock: The clock, where one is concerned.
        step: The clock's step, where one was passed.
        allowance: What an extension added, in the clock's own unit.
        reason: Why, as far as it was given.
        changes: What was written: field path to new value.
        findings: What the gate found, as plain values.
        overridden: Ids of the obstacles that an override set aside.
        previous: Digest of the event before; set when it is committed.
        digest: Digest of this event; set when it is committed.
    """

    record_id: Id
    seq: int = Field(ge=1)
    kind: EventKind
    at: Instant
    actor: Actor
    process: ProcessRef
    track: Text | None = None
    trigger: Name | None = None
    source: Name | None = None
    target: Name | None = None
    clock: Name | None = None
    step: Name | None = None
    allowance: int | None = None
    reason: LongText | None = None
    changes: Mapping[str, Any] = Field(default_factory=dict)
    findings: tuple[Mapping[str, Any], ...] = ()
    overridden: tuple[Name, ...] = ()
    previous: str | None = None
    digest: str | None = None


class Claim(Model, frozen=True):
    """A key that one record alone may hold: a protection, a conversion, an external id."""

    key: Text
    holder: Id


class Snapshot(Model, frozen=True):
    """A record as a store keeps it. A store never looks inside ``body``.

    Attributes:
        id: The record's id.
        version: Number of its last event.
        process: The definition it follows.
        stage: Where it is on its main line.
        ended: Whether that stage is an end.
        digest: Digest of its last event, which the next one is chained to.
        last_at: Moment of its last event.
        body: The record as JSON.
    """

    id: Id
    version: int = Field(ge=1)
    process: ProcessRef
    stage: Name
    ended: bool
    digest: str
    last_at: Instant
    body: str


class EntryKind(StrEnum):
    """What one ledger entry says happened to a fee."""

    EARNED = "earned"  # the deal is won; not yet payable
    PAYABLE = "payable"  # the customer paid and the hold is over
    PAID = "paid"  # the host reports that money left; may repeat, in parts
    ADJUSTED = "adjusted"  # corrected by a person, with a reason
    CLAWED_BACK = "clawed_back"  # taken back after payment
    DISPUTED = "disputed"  # somebody objects; nothing is paid meanwhile
    VOIDED = "voided"  # cancelled before payment


class Entry(Model, frozen=True):
    """One fact in a fee's life; the ledger only ever gains entries.

    Attributes:
        id: Digest of fee id, kind and cause: a store refuses a second one.
        fee_id: Which fee: record, plan, activity, payee and occasion.
        record_id: The deal it comes from.
        plan: The fee plan in force, as ``id@version``.
        activity: What earned it.
        payee: Party that gets the money.
        kind: What happened.
        amount: Signed amount; a clawback is negative.
        at: When it holds from.
        occasion: Contract year, invoice or payment it belongs to, if to one.
        cause: What caused it, such as an invoice id or an event ``<record>/<seq>``.
        reason: Why, as far as it was given.
    """

    id: Id
    fee_id: Text
    record_id: Id
    plan: Id
    activity: Name
    payee: Id
    kind: EntryKind
    amount: Money
    at: Instant
    occasion: Text | None = None
    cause: Text
    reason: LongText | None = None


class Commit(Model, frozen=True):
    """Everything that one command writes, all or nothing. Its parts fit together.

    Attributes:
        record: The record after the command.
        expected_version: The version it was decided on; 0 for a record that is opened.
        events: Sealed events, numbered from ``expected_version + 1``.
        effects: What the host should do; they go to the outbox.
        entries: Ledger entries.
        claims: Keys the record takes; or another one, of those that this one gives back.
        releases: Keys the record gives back.
        waits: Keys of others that it waits for from now on.
        leaves: Keys it no longer waits for.
        next_at: When it must be ticked next; ``None`` is never.
        key: The caller's idempotency key; ``None`` when it gave none.
        party: The caller's organisation, or its id: keys are scoped to record and party.
        command_digest: Digest of the command that the key stands for.
        answer: The answer as JSON, to be given again when the key comes again.
    """

    record: Snapshot
    expected_version: int = Field(ge=0)
    events: tuple[Event, ...]
    effects: tuple[Effect, ...] = ()
    entries: tuple[Entry, ...] = ()
    claims: tuple[Claim, ...] = ()
    releases: tuple[Text, ...] = ()
    waits: tuple[Text, ...] = ()
    leaves: tuple[Text, ...] = ()
    next_at: Instant | None = None
    key: Text | None = None
    party: Id
    command_digest: str
    answer: str

    @model_validator(mode="after")
    def _is_coherent(self) -> Self:
        for wrong in _incoherent(self):
            raise ValueError(wrong)
        return self


def _incoherent(commit: Commit) -> Iterator[str]:
    """Yield what does not fit together in ``commit``; stores rely on there being nothing."""
    record_id, version = commit.record.id, commit.expected_version
    owners = {it.record_id for it in commit.events} | {it.record_id for it in commit.effects}
    if commit.record.version != version + len(commit.events):
        yield "the record's version is not that of its last event"
    if any(event.seq != seq for seq, event in enumerate(commit.events, version + 1)):
        yield "the events are not numbered from the expected version on"
    if owners - {record_id}:
        yield "an event or effect belongs to another record"
    if any(c.holder != record_id and c.key not in commit.releases for c in commit.claims):
        yield "a claim that is not handed over is made for another record"
    if len({effect.id for effect in commit.effects}) != len(commit.effects):
        yield "two effects have the same id"
    heads = {f"{record_id}/{event.seq}" for event in commit.events}
    if any(each.id.rpartition("/")[0] not in heads for each in commit.effects):
        yield "an effect's id is not that of one of the events, and a number"


class Kept(Model, frozen=True):
    """What a store keeps under an idempotency key: the first command and its answer.

    Attributes:
        command_digest: Digest of the command that the key stands for.
        answer: The answer as JSON.
    """

    command_digest: str
    answer: str
