"""What a commit writes into a SQLite file, row by row, and how rows become values again.

Checks and writes are mixed, in the order that ``Store.commit`` promises: whoever calls holds a
transaction, and takes all of it back when one of them raises.

This module does not know how a connection or a transaction is kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from cosell.errors import (
    ClaimedError,
    RecordExistsError,
    RecordNotFoundError,
    VersionConflictError,
)
from cosell.events import Commit, Entry, ProcessRef, Snapshot
from cosell.stores._codec import microseconds, text_of
from cosell.stores._sqlite_schema import FIND, WRITE
from cosell.stores.errors import ClaimFreeError, EntryExistsError, KeyKeptError

__all__ = ["entry_of", "snapshot_of", "write_commit"]


def snapshot_of(record_id: str, row: Sequence[Any]) -> Snapshot:
    """Return the record with this id that ``FIND.record`` found as ``row``."""
    version, process_id, process_version, process_digest, stage, ended, digest, last_at, body = row
    return Snapshot(
        id=record_id,
        version=version,
        process=ProcessRef(id=process_id, version=process_version, digest=process_digest),
        stage=stage,
        ended=bool(ended),
        digest=digest,
        last_at=datetime.fromisoformat(last_at),
        body=body,
    )


def entry_of(row: Sequence[Any]) -> Entry:
    """Return the entry that ``FIND.entries`` found as ``row``."""
    *head, amount, currency, at, occasion, cause, reason = row
    names = ("id", "fee_id", "record_id", "plan", "activity", "payee", "kind")
    return Entry.model_validate(
        {
            **dict(zip(names, head, strict=True)),
            "amount": {"amount": amount, "currency": currency},
            "at": at,
            "occasion": occasion,
            "cause": cause,
            "reason": reason,
        }
    )


def write_commit(db: sqlite3.Connection, commit: Commit) -> None:
    """Check and write ``commit`` inside the transaction that ``db`` is in.

    Raises:
        CosellError: What ``Store.commit`` names; part of the commit may be written by then.
        sqlite3.Error: The file cannot be written.
    """
    _refuse_kept(db, commit)
    _refuse_version(db, commit)
    _write_claims(db, commit)
    _write_waits(db, commit)
    _write_entries(db, commit.entries)
    _write_record(db, commit)
    _write_stream(db, commit)


def _refuse_kept(db: sqlite3.Connection, commit: Commit) -> None:
    scope = (commit.record.id, commit.party, commit.key)
    if commit.key is not None and db.execute(FIND.answer, scope).fetchone():
        raise KeyKeptError(commit.record.id, commit.party, commit.key)


def _refuse_version(db: sqlite3.Connection, commit: Commit) -> None:
    record_id, expected = commit.record.id, commit.expected_version
    stored = db.execute(FIND.version, (record_id,)).fetchone()
    if stored is None and expected:
        raise RecordNotFoundError(record_id)
    if stored is not None and not expected:
        raise RecordExistsError(record_id)
    if stored is not None and stored[0] != expected:
        raise VersionConflictError(record_id, expected, stored[0])


def _write_claims(db: sqlite3.Connection, commit: Commit) -> None:
    db.executemany(WRITE.release, [(key, commit.record.id) for key in commit.releases])
    for claim in commit.claims:
        db.execute(WRITE.claim, (claim.key, claim.holder))
        (holder,) = db.execute(FIND.holder, (claim.key,)).fetchone()
        if holder != claim.holder:
            raise ClaimedError(claim.key, holder)


def _write_waits(db: sqlite3.Connection, commit: Commit) -> None:
    record_id = commit.record.id
    held = (db.execute(FIND.holder, (key,)).fetchone() for key in commit.waits)
    if commit.waits and not any(found not in (None, (record_id,)) for found in held):
        raise ClaimFreeError(commit.waits[0])
    db.executemany(WRITE.leave, [(key, record_id) for key in commit.leaves])
    db.executemany(WRITE.wait, [(key, record_id) for key in commit.waits])


def _write_entries(db: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    for entry in entries:
        if db.execute(FIND.entry, (entry.id,)).fetchone():
            raise EntryExistsError(entry.id)
        amount, at = f"{entry.amount.amount:f}", entry.at.isoformat()
        head = (entry.id, entry.fee_id, entry.record_id, entry.plan, entry.activity, entry.payee)
        money = (entry.kind.value, amount, entry.amount.currency)
        db.execute(WRITE.entry, (*head, *money, at, entry.occasion, entry.cause, entry.reason))


def _write_record(db: sqlite3.Connection, commit: Commit) -> None:
    record, next_at = commit.record, commit.next_at
    process = record.process
    values = (
        record.version,
        process.id,
        process.version,
        process.digest,
        record.stage,
        record.ended,
        record.digest,
        record.last_at.isoformat(),
        None if next_at is None else microseconds(next_at, "next_at"),
        record.body,
        record.id,
    )
    db.execute(WRITE.record if commit.expected_version else WRITE.new_record, values)


def _write_stream(db: sqlite3.Connection, commit: Commit) -> None:
    record_id = commit.record.id
    for event in commit.events:
        db.execute(WRITE.event, (record_id, event.seq, text_of(event)))
    for effect in commit.effects:
        db.execute(WRITE.effect, (effect.id, record_id, text_of(effect)))
    if commit.key is not None:
        answer = (commit.command_digest, commit.answer)
        db.execute(WRITE.answer, (record_id, commit.party, commit.key, *answer))
