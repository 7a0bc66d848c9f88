"""Commits, effects and entries to try a store with: coherent, small, and all told apart.

This module does not know what a store does with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from cosell.events import (
    Actor,
    Claim,
    Commit,
    Effect,
    Entry,
    EntryKind,
    Event,
    EventKind,
    ProcessRef,
    Snapshot,
)
from cosell.money import Money

__all__ = ["HOUR", "NOON", "PARTY", "a_commit", "an_entry", "an_event"]

NOON: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
PARTY: Final = "acme"
_ACTOR: Final = Actor("p-7", role="partner", party=PARTY)
_PROCESS: Final = ProcessRef(id="make", version=3, digest="d" * 64)
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def an_event(record_id: str, seq: int, **parts: Any) -> Event:
    """Return the event of a record with this number, dated so many hours after ``NOON``."""
    return Event(
        **{
            "record_id": record_id,
            "seq": seq,
            "kind": EventKind.MOVED if seq > 1 else EventKind.OPENED,
            "at": NOON + seq * HOUR,
            "actor": _ACTOR,
            "process": _PROCESS,
            "previous": f"{seq - 1:064}",
            "digest": f"{seq:064}",
            **parts,
        }
    )


def an_entry(entry_id: str, *, amount: str = "25.00 USD", **parts: Any) -> Entry:
    """Return a ledger entry with this id, for payee ``acme`` and record ``r-1``."""
    return Entry(
        **{
            "id": entry_id,
            "fee_id": f"fee of {entry_id}",
            "record_id": "r-1",
            "plan": "referral@1",
            "activity": "referral",
            "payee": PARTY,
            "kind": EntryKind.EARNED,
            "amount": Money.parse(amount),
            "at": NOON,
            "cause": "r-1/1",
            **parts,
        }
    )


def a_commit(
    record_id: str = "r-1",
    *,
    expected: int = 0,
    events: int | tuple[Event, ...] = 1,
    effects: int = 0,
    claims: Iterable[str] = (),
    record: Mapping[str, Any] = _NOTHING,
    **parts: Any,
) -> Commit:
    """Return a commit that writes ``events`` after version ``expected``.

    Args:
        record_id: The record.
        expected: The version it is decided on.
        events: The events that it writes, or how many.
        effects: How many effects come with the last of them.
        claims: Keys that it takes.
        record: Fields of the snapshot that differ from the usual.
        parts: Fields of the commit that differ from the usual.
    """
    if isinstance(events, int):
        numbers = range(expected + 1, expected + events + 1)
        events = tuple(an_event(record_id, seq) for seq in numbers)
    version = expected + len(events)
    usual = {
        "id": record_id,
        "version": version,
        "process": _PROCESS,
        "stage": "open",
        "ended": False,
        "digest": f"{version:064}",
        "last_at": NOON + version * HOUR,
        "body": f'{{"version": {version}}}',
    }
    return Commit(
        **{
            "record": Snapshot(**{**usual, **record}),
            "expected_version": expected,
            "events": events,
            "effects": tuple(_effect(record_id, version, number) for number in range(effects)),
            "claims": tuple(Claim(key=key, holder=record_id) for key in claims),
            "party": PARTY,
            "command_digest": f"command {version}",
            "answer": f"answer {version}",
            **parts,
        }
    )


def _effect(record_id: str, version: int, number: int) -> Effect:
    return Effect(
        id=f"{record_id}/{version}/{number + 1}",
        record_id=record_id,
        kind="notify",
        to="partner",
        data={"number": number},
    )
