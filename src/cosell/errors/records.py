"""Errors about stored records: not there, there already, changed meanwhile, claimed, repeated.

Whatever raises one of these has written nothing.

This module does not know what a store is.
"""

from __future__ import annotations

from datetime import datetime

from cosell.errors.base import CosellError

__all__ = [
    "ClaimedError",
    "KeyReusedError",
    "OutOfOrderError",
    "RecordExistsError",
    "RecordNotFoundError",
    "VersionConflictError",
]


class RecordNotFoundError(CosellError, LookupError):
    """The store has no such record, or the asker may not know of it; which of the two is not told.

    Functions that are given the record raise it too, where no view of the process is the asker's.

    Attributes:
        record_id: The id that was asked for.
    """

    code = "record.not_found"

    def __init__(self, record_id: str) -> None:
        self.record_id = record_id
        super().__init__(
            problem=f"there is no record `{record_id}`",
            remedy="Check the id, open it first, or ask as somebody who may see it.",
        )


class RecordExistsError(CosellError):
    """A record with this id was opened before.

    Attributes:
        record_id: The id that is taken.
    """

    code = "record.exists"

    def __init__(self, record_id: str) -> None:
        self.record_id = record_id
        super().__init__(
            problem=f"record `{record_id}` was opened before",
            remedy="Load it, or open this one under another id.",
        )


class VersionConflictError(CosellError):
    """The record was changed by someone else meanwhile; nothing was written.

    Stores raise it, and a desk passes it on once others were faster five times. A version that an
    asker gives is checked before: see ``expected_version`` of ``Desk.move`` and ``Desk.change``.

    Attributes:
        record_id: The record in question.
        expected: The version the caller worked from.
        actual: The version the store holds now.
    """

    code = "record.version_conflict"

    def __init__(self, record_id: str, expected: int, actual: int) -> None:
        self.record_id = record_id
        self.expected = expected
        self.actual = actual
        super().__init__(
            problem=f"record `{record_id}` is at version {actual}, not {expected}",
            remedy="Load it again and decide anew.",
        )


class ClaimedError(CosellError):
    """A key that one record alone may hold is held by another; nothing was written.

    Attributes:
        key: The key, such as ``protection:example.com:core``.
        holder: Id of the record that holds it; ``None`` if the asker may not know of that.
    """

    code = "claim.taken"

    def __init__(self, key: str, holder: str | None) -> None:
        self.key = key
        self.holder = holder
        by = "another record" if holder is None else f"record `{holder}`"
        super().__init__(
            problem=f"`{key}` is held by {by}",
            remedy="Wait until it is released, or work with that record.",
        )


class KeyReusedError(CosellError):
    """An idempotency key was used before, for another command; nothing was written.

    Attributes:
        key: The key that was given.
        record_id: The record it was used on.
    """

    code = "key.reused"

    def __init__(self, key: str, record_id: str) -> None:
        self.key = key
        self.record_id = record_id
        super().__init__(
            problem=f"key `{key}` was used on record `{record_id}` for another command",
            remedy="Use a new key for each new command, and the same key only to repeat one.",
        )


class OutOfOrderError(CosellError, ValueError):
    """A command is dated before the last event of its record; nothing was written.

    Attributes:
        record_id: The record in question.
        at: The moment that was given.
        last_at: The moment of the record's last event.
    """

    code = "record.out_of_order"

    def __init__(self, record_id: str, at: datetime, last_at: datetime) -> None:
        self.record_id = record_id
        self.at = at
        self.last_at = last_at
        super().__init__(
            problem=f"{at.isoformat()} is before the last event of record `{record_id}`,"
            f" {last_at.isoformat()}",
            remedy="Give the moment at which it really happens, or import it as history.",
        )
