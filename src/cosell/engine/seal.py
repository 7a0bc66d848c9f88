"""Seal events when they are committed: each is chained to the one before by a digest.

Rules:

1. The digest covers everything in the event but itself, as canonical JSON: sorted keys, amounts
   and moments as text.
2. Sealed events hold plain values, so that what a store gives back is what was sealed.

This module does not know what a store is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

from cosell._base import trusting
from cosell.errors import CosellError
from cosell.errors.kinds import tells_kinds
from cosell.events import Event
from cosell.findings import plain

__all__ = ["FIRST", "BrokenSealError", "seal", "verify_seals"]

_CANONICAL: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)

# What is sealed is made of a valid event's own parts.
_event: Final = trusting(Event)

#: What the first event of a record is chained to.
FIRST: Final = "0" * 64


@tells_kinds
def seal(events: Iterable[Event], previous: str = FIRST) -> tuple[Event, ...]:
    """Return ``events`` with plain values, each chained to the one before.

    Args:
        events: Unsealed events of one record, oldest first.
        previous: Digest of the event before the first of them.
    """
    sealed = []
    for event in events:
        done = _sealed(event, previous)
        sealed.append(done)
        previous = done.digest or previous
    return tuple(sealed)


def _sealed(event: Event, previous: str) -> Event:
    values = {
        **event.__dict__,
        "changes": {path: plain(value) for path, value in event.changes.items()},
        "findings": tuple(plain(finding) for finding in event.findings),
        "previous": previous,
        "digest": None,
    }
    sealed = _event(values)
    # The values are the new event's own, and nobody has seen it yet.
    values["digest"] = _digest(sealed)
    return sealed


def _digest(event: Event) -> str:
    content = event.model_dump(mode="json", exclude_none=True)
    content.pop("digest", None)
    return sha256(_CANONICAL.encode(content).encode()).hexdigest()


class BrokenSealError(CosellError):
    """An event was changed, removed or put in after it was sealed.

    Attributes:
        record_id: The record in question.
        seq: The first event whose seal does not hold.
    """

    code = "history.broken_seal"

    def __init__(self, record_id: str, seq: int) -> None:
        self.record_id = record_id
        self.seq = seq
        super().__init__(
            problem=f"the seal of event {seq} of record `{record_id}` does not hold",
            remedy="Compare the store with its backup from there on.",
        )


@tells_kinds
def verify_seals(events: Sequence[Event], previous: str = FIRST) -> None:
    """Check a chain of sealed events: nothing was changed, removed, put in or reordered.

    That the last events are missing cannot be seen from the rest: compare the last digest with
    the one that the store keeps beside the record.

    Raises:
        BrokenSealError: Naming the first event whose seal does not hold.
    """
    for event in events:
        if event.previous != previous or event.digest != _digest(event):
            raise BrokenSealError(event.record_id, event.seq)
        previous = event.digest
