"""The tables of a SQLite file, how they came about, and every statement on them.

Rules that hold for the file:

1. ``cosell_schema`` has a row for each step that was taken. A step that was released is never
   changed; a new release adds steps, and opening an older file takes those that are missing.
2. A file of a newer release, or one that holds other tables only, is refused and left alone.
3. The steps also count what JSON in ``body`` may hold: a field that older releases would refuse
   is a step too, though it may have no statements.
4. Amounts are text. Moments that are searched for are microseconds since 1970 in UTC.

This module does not know how a connection is kept, or what a commit is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Final

from cosell.stores.errors import StoreError

__all__ = ["FIND", "STEPS", "WRITE", "filtered", "prepare"]

_FIRST_STEP: Final = (
    "CREATE TABLE cosell_schema (step INTEGER PRIMARY KEY) STRICT",
    """CREATE TABLE cosell_record (
        id TEXT NOT NULL PRIMARY KEY,
        version INTEGER NOT NULL,
        process_id TEXT NOT NULL,
        process_version INTEGER NOT NULL,
        process_digest TEXT,
        stage TEXT NOT NULL,
        ended INTEGER NOT NULL,
        digest TEXT NOT NULL,
        last_at TEXT NOT NULL,
        next_at INTEGER,
        body TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX cosell_record_due ON cosell_record (next_at, id) WHERE next_at IS NOT NULL",
    "CREATE INDEX cosell_record_ended ON cosell_record (ended, id)",
    "CREATE INDEX cosell_record_stage ON cosell_record (stage, id)",
    """CREATE TABLE cosell_event (
        record_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (record_id, seq)
    ) STRICT""",
    """CREATE TABLE cosell_answer (
        record_id TEXT NOT NULL,
        party TEXT NOT NULL,
        key TEXT NOT NULL,
        command_digest TEXT NOT NULL,
        answer TEXT NOT NULL,
        PRIMARY KEY (record_id, party, key)
    ) STRICT""",
    """CREATE TABLE cosell_claim (
        key TEXT NOT NULL PRIMARY KEY,
        holder TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE cosell_effect (
        position INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        record_id TEXT NOT NULL,
        leased_until INTEGER,
        body TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX cosell_effect_lease ON cosell_effect (record_id, leased_until)",
    """CREATE TABLE cosell_entry (
        position INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        fee_id TEXT NOT NULL,
        record_id TEXT NOT NULL,
        plan TEXT NOT NULL,
        activity TEXT NOT NULL,
        payee TEXT NOT NULL,
        kind TEXT NOT NULL,
        amount TEXT NOT NULL,
        currency TEXT NOT NULL,
        at TEXT NOT NULL,
        occasion TEXT,
        cause TEXT NOT NULL,
        reason TEXT
    ) STRICT""",
    "CREATE INDEX cosell_entry_payee ON cosell_entry (payee, position)",
    "CREATE INDEX cosell_entry_record ON cosell_entry (record_id, position)",
)

#: Who waits for which claim. Effects may name a record to be made, and a party.
_QUEUES: Final = (
    """CREATE TABLE cosell_wait (
        position INTEGER PRIMARY KEY,
        key TEXT NOT NULL,
        record_id TEXT NOT NULL,
        UNIQUE (key, record_id)
    ) STRICT""",
    "CREATE INDEX cosell_wait_order ON cosell_wait (key, position)",
)

#: Every step that was ever released, oldest first.
STEPS: Final[tuple[tuple[str, ...], ...]] = (_FIRST_STEP, _QUEUES)


class FIND:
    """What is asked."""

    record = (
        "SELECT version, process_id, process_version, process_digest, stage, ended, digest,"
        " last_at, body FROM cosell_record WHERE id = ?"
    )
    version = "SELECT version FROM cosell_record WHERE id = ?"
    answer = (
        "SELECT command_digest, answer FROM cosell_answer"
        " WHERE record_id = ? AND party = ? AND key = ?"
    )
    holder = "SELECT holder FROM cosell_claim WHERE key = ?"
    waiting = "SELECT record_id FROM cosell_wait WHERE key = ? ORDER BY position LIMIT ?"
    events = "SELECT body FROM cosell_event WHERE record_id = ? AND seq > ? ORDER BY seq"
    due = "SELECT id FROM cosell_record WHERE next_at <= ? ORDER BY next_at, id LIMIT ?"
    ids = "SELECT id FROM cosell_record WHERE id > :after{also} ORDER BY id LIMIT :limit"
    entry = "SELECT 1 FROM cosell_entry WHERE id = ?"
    entries = (
        "SELECT id, fee_id, record_id, plan, activity, payee, kind, amount, currency, at,"
        " occasion, cause, reason FROM cosell_entry WHERE position > 0{also} ORDER BY position"
    )
    effects = (
        "SELECT position, body FROM cosell_effect AS waiting WHERE NOT EXISTS ("
        "SELECT 1 FROM cosell_effect AS busy"
        " WHERE busy.record_id = waiting.record_id AND busy.leased_until > ?"
        ") ORDER BY position LIMIT ?"
    )


class WRITE:
    """What is written."""

    new_record = (
        "INSERT INTO cosell_record (version, process_id, process_version, process_digest, stage,"
        " ended, digest, last_at, next_at, body, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    record = (
        "UPDATE cosell_record SET version = ?, process_id = ?, process_version = ?,"
        " process_digest = ?, stage = ?, ended = ?, digest = ?, last_at = ?, next_at = ?,"
        " body = ? WHERE id = ?"
    )
    event = "INSERT INTO cosell_event (record_id, seq, body) VALUES (?, ?, ?)"
    answer = (
        "INSERT INTO cosell_answer (record_id, party, key, command_digest, answer)"
        " VALUES (?, ?, ?, ?, ?)"
    )
    release = "DELETE FROM cosell_claim WHERE key = ? AND holder = ?"
    claim = "INSERT INTO cosell_claim (key, holder) VALUES (?, ?) ON CONFLICT DO NOTHING"
    leave = "DELETE FROM cosell_wait WHERE key = ? AND record_id = ?"
    wait = "INSERT INTO cosell_wait (key, record_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
    effect = "INSERT INTO cosell_effect (id, record_id, body) VALUES (?, ?, ?)"
    entry = (
        "INSERT INTO cosell_entry (id, fee_id, record_id, plan, activity, payee, kind, amount,"
        " currency, at, occasion, cause, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    lease = "UPDATE cosell_effect SET leased_until = ? WHERE position = ?"
    acknowledge = "DELETE FROM cosell_effect WHERE id = ?"


def filtered(statement: str, columns: Mapping[str, object]) -> str:
    """Return ``statement`` asking that each of ``columns`` has its value, but for ``None``.

    The names of ``columns`` are written by us; their values are bound, never written.

    Example:
        >>> filtered("SELECT id FROM t WHERE id > 0{also}", {"stage": "won", "ended": None})
        'SELECT id FROM t WHERE id > 0 AND stage = :stage'
    """
    given = (name for name, value in columns.items() if value is not None)
    return statement.format(also="".join(f" AND {name} = :{name}" for name in given))


def prepare(db: sqlite3.Connection, place: str) -> None:
    """Take every step that the file lacks.

    Raises:
        StoreError: The file is of a newer release, or not one of cosell's.
        sqlite3.Error: The file cannot be read or written.
    """
    if _steps_taken(db, place) == len(STEPS):
        return
    with db:
        db.execute("BEGIN IMMEDIATE")
        # Asked again: another process may have taken them while this one waited.
        for step in range(_steps_taken(db, place), len(STEPS)):
            for statement in STEPS[step]:
                db.execute(statement)
            db.execute("INSERT INTO cosell_schema (step) VALUES (?)", (step + 1,))


def _steps_taken(db: sqlite3.Connection, place: str) -> int:
    """Return how many steps the file has behind it; none, if it is empty."""
    names = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not names:
        return 0
    if "cosell_schema" not in names:
        raise StoreError(place, "holds tables of something else", "Give a path of its own.")
    ((taken,),) = db.execute("SELECT coalesce(max(step), 0) FROM cosell_schema")
    if taken > len(STEPS):
        raise StoreError(
            place,
            f"was written by a newer release (step {taken}, and this one knows {len(STEPS)})",
            "Install that release of cosell, or a later one.",
        )
    return int(taken)
