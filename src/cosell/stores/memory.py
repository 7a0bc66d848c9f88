"""A store in memory: for tests, trials and single runs. Nothing survives the process.

Rules that hold for every call:

1. One lock: a call sees all of a commit or nothing of it.
2. A commit is turned into text and checked before the first line is written.
3. What is stored is frozen or text; no caller can change it through what it holds.

This module does not know what a process or a desk is.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from threading import RLock

from cosell.errors import (
    ClaimedError,
    RecordExistsError,
    RecordNotFoundError,
    VersionConflictError,
)
from cosell.events import Commit, Effect, Entry, Event, Kept, Snapshot
from cosell.stores._codec import effect_of, event_of, microseconds, require_limit, text_of
from cosell.stores.errors import ClaimFreeError, EntryExistsError, KeyKeptError

__all__ = ["MemoryStore"]


@dataclass(slots=True)
class _Waiting:
    """An effect in the outbox: whose it is, its text, and until when it is on lease."""

    record_id: str
    text: str
    leased_until: int | None = None


class MemoryStore:
    """Store, outbox and ledger in memory, for any number of threads.

    Example:
        >>> store = MemoryStore()
        >>> store.ids(limit=10)
        []
        >>> store.holder("protection:example.com:core") is None
        True
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._records: dict[str, Snapshot] = {}
        self._events: defaultdict[str, list[str]] = defaultdict(list)
        self._answers: dict[tuple[str, str, str], Kept] = {}
        self._claims: dict[str, str] = {}
        self._queues: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._entries: dict[str, Entry] = {}
        # By record, so that what a command asks for is found without looking at the rest.
        self._entries_of: defaultdict[str, list[Entry]] = defaultdict(list)
        self._outbox: dict[str, _Waiting] = {}
        self._next_at: dict[str, int] = {}
        # Sorted, so that what is due or open is found without looking at the rest.
        self._due: list[tuple[int, str]] = []
        self._ids: list[str] = []
        self._open_ids: list[str] = []

    def load(self, record_id: str) -> Snapshot:
        """Return the record as it was last committed."""
        with self._lock:
            try:
                return self._records[record_id]
            except KeyError:
                raise RecordNotFoundError(record_id) from None

    def kept(self, record_id: str, party: str, key: str) -> Kept | None:
        """Return what was committed under this key for this record and party, if anything."""
        with self._lock:
            return self._answers.get((record_id, party, key))

    def commit(self, commit: Commit) -> None:
        """Write everything in ``commit``, or nothing."""
        next_at = None if commit.next_at is None else microseconds(commit.next_at, "next_at")
        events = [text_of(event) for event in commit.events]
        effects = [(effect.id, text_of(effect)) for effect in commit.effects]
        with self._lock:
            self._refuse_kept(commit)
            self._refuse_version(commit)
            self._refuse_claims(commit)
            self._refuse_waits(commit)
            self._refuse_entries(commit)
            record_id = commit.record.id
            self._write_record(commit)
            self._write_next_at(record_id, next_at)
            self._write_claims(commit)
            self._write_waits(commit)
            self._events[record_id] += events
            self._outbox |= {id_: _Waiting(record_id, text) for id_, text in effects}
            self._entries |= {entry.id: entry for entry in commit.entries}
            for entry in commit.entries:
                self._entries_of[entry.record_id].append(entry)
            if commit.key is not None:
                self._answers[record_id, commit.party, commit.key] = Kept(
                    command_digest=commit.command_digest, answer=commit.answer
                )

    def _refuse_kept(self, commit: Commit) -> None:
        key = commit.key
        if key is not None and (commit.record.id, commit.party, key) in self._answers:
            raise KeyKeptError(commit.record.id, commit.party, key)

    def _refuse_version(self, commit: Commit) -> None:
        record_id, expected = commit.record.id, commit.expected_version
        stored = self._records.get(record_id)
        if stored is None and expected:
            raise RecordNotFoundError(record_id)
        if stored is not None and not expected:
            raise RecordExistsError(record_id)
        if stored is not None and stored.version != expected:
            raise VersionConflictError(record_id, expected, stored.version)

    def _refuse_claims(self, commit: Commit) -> None:
        for claim in commit.claims:
            holder = self._claims.get(claim.key, claim.holder)
            handed_over = holder == commit.record.id and claim.key in commit.releases
            if holder != claim.holder and not handed_over:
                raise ClaimedError(claim.key, holder)

    def _refuse_waits(self, commit: Commit) -> None:
        holders = (self._claims.get(key) for key in commit.waits)
        if commit.waits and not any(each not in (None, commit.record.id) for each in holders):
            raise ClaimFreeError(commit.waits[0])

    def _refuse_entries(self, commit: Commit) -> None:
        seen = set[str]()
        for entry in commit.entries:
            if entry.id in self._entries or entry.id in seen:
                raise EntryExistsError(entry.id)
            seen.add(entry.id)

    def _write_record(self, commit: Commit) -> None:
        record = commit.record
        if not commit.expected_version:
            insort(self._ids, record.id)
        was_open = record.id in self._records and not self._records[record.id].ended
        if was_open and record.ended:
            del self._open_ids[bisect_left(self._open_ids, record.id)]
        if not was_open and not record.ended:
            insort(self._open_ids, record.id)
        self._records[record.id] = record

    def _write_next_at(self, record_id: str, next_at: int | None) -> None:
        before = self._next_at.pop(record_id, None)
        if before is not None:
            del self._due[bisect_left(self._due, (before, record_id))]
        if next_at is not None:
            self._next_at[record_id] = next_at
            insort(self._due, (next_at, record_id))

    def _write_claims(self, commit: Commit) -> None:
        for key in commit.releases:
            if self._claims.get(key) == commit.record.id:
                del self._claims[key]
        self._claims |= {claim.key: claim.holder for claim in commit.claims}

    def _write_waits(self, commit: Commit) -> None:
        for key in commit.leaves:
            self._queues[key].pop(commit.record.id, None)
        for key in commit.waits:
            self._queues[key].setdefault(commit.record.id)

    def history(self, record_id: str, after: int = 0) -> Sequence[Event]:
        """Return the record's events numbered above ``after``, oldest first."""
        with self._lock:
            if record_id not in self._records:
                raise RecordNotFoundError(record_id)
            texts = self._events[record_id][max(after, 0) :]
        return [event_of(text) for text in texts]

    def due(self, before: datetime, limit: int) -> Sequence[str]:
        """Return ids of records to be ticked by ``before``, soonest first."""
        latest, limit = microseconds(before, "before"), require_limit(limit)
        with self._lock:
            end = bisect_left(self._due, (latest + 1, ""))
            return [record_id for _, record_id in self._due[: min(end, limit)]]

    def holder(self, key: str) -> str | None:
        """Return the id of the record that holds the claim on ``key``, if one does."""
        with self._lock:
            return self._claims.get(key)

    def waiting(self, key: str, limit: int) -> Sequence[str]:
        """Return ids of the records that wait for ``key``, longest waiting first."""
        limit = require_limit(limit)
        with self._lock:
            queue = self._queues.get(key, {})
            return list(islice(queue, min(limit, len(queue))))

    def ids(
        self,
        *,
        limit: int,
        after: str = "",
        process: str | None = None,
        stage: str | None = None,
        open_only: bool = False,
    ) -> Sequence[str]:
        """Return ids of records, by code point, that come after ``after``."""
        limit = require_limit(limit)
        with self._lock:
            ids = self._open_ids if open_only else self._ids
            page = islice(ids, bisect_right(ids, after), None)
            records = (self._records[record_id] for record_id in page)
            found = (
                record.id
                for record in records
                if process in (None, record.process.id) and stage in (None, record.stage)
            )
            return list(islice(found, min(limit, len(ids))))

    def lease(self, limit: int, *, until: datetime, at: datetime) -> Sequence[Effect]:
        """Hand out effects that wait, longest waiting first; ``until`` is exclusive."""
        now, end, limit = microseconds(at, "at"), microseconds(until, "until"), require_limit(limit)
        with self._lock:
            waiting = self._outbox.values()
            busy = {
                one.record_id
                for one in waiting
                if one.leased_until is not None and one.leased_until > now
            }
            free = (one for one in waiting if one.record_id not in busy)
            leased = list(islice(free, min(limit, len(waiting))))
            for one in leased:
                one.leased_until = end
        return [effect_of(one.text) for one in leased]

    def acknowledge(self, ids: Iterable[str]) -> None:
        """Take done effects out, whoever has them on lease."""
        done = list(ids)
        with self._lock:
            for effect_id in done:
                self._outbox.pop(effect_id, None)

    def entries(self, *, payee: str | None = None, record_id: str | None = None) -> Sequence[Entry]:
        """Return the entries of that payee and that record, in the order they were written."""
        with self._lock:
            of_record = self._entries_of.get(record_id or "", [])
            known = self._entries.values() if record_id is None else of_record
            return [entry for entry in known if payee in (None, entry.payee)]
