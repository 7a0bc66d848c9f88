"""What can go wrong between a desk and its store, beyond what ``cosell.errors`` names.

This module does not know how anything is stored.
"""

from __future__ import annotations

from cosell.errors import CosellError

__all__ = ["ClaimFreeError", "EntryExistsError", "KeyKeptError", "StoreBusyError", "StoreError"]


class KeyKeptError(CosellError):
    """The commit's idempotency key is kept already; nothing was written.

    Somebody committed under the same key since it was looked up. A desk reads the kept answer
    and gives it again, or says that the key was used for another command.

    Attributes:
        record_id: The record it is kept for.
        party: The party it is kept for.
        key: The key.
    """

    code = "key.kept"

    def __init__(self, record_id: str, party: str, key: str) -> None:
        self.record_id = record_id
        self.party = party
        self.key = key
        super().__init__(
            problem=f"key `{key}` of `{party}` on record `{record_id}` has an answer already",
            remedy="Read the answer that is kept under it.",
        )


class ClaimFreeError(CosellError):
    """A record would wait for a claim that nobody else holds; nothing was written.

    The holder gave it back meanwhile. A desk asks for the claim again.

    Attributes:
        key: The first key it would wait for.
    """

    code = "claim.free"

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            problem=f"no other record holds `{key}`, so there is nothing to wait for",
            remedy="Ask for the claim itself again.",
        )


class EntryExistsError(CosellError):
    """The ledger has an entry with this id; nothing of the commit was written.

    Attributes:
        entry_id: The id that is taken: digest of fee, kind and cause.
    """

    code = "entry.exists"

    def __init__(self, entry_id: str) -> None:
        self.entry_id = entry_id
        super().__init__(
            problem=f"ledger entry `{entry_id}` was written before",
            remedy="Read the ledger again: what this entry would say has been said.",
        )


class StoreError(CosellError):
    """The store cannot be opened, read or written.

    Attributes:
        place: What was opened: a path or an address without secrets.
    """

    code = "store.unusable"

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        self.place = place
        super().__init__(problem=f"store `{place}` {problem}", remedy=remedy)


class StoreBusyError(StoreError):
    """Others kept the store busy for longer than was allowed to wait; nothing was written."""

    code = "store.busy"

    def __init__(self, place: str) -> None:
        super().__init__(place, "is busy", "Try again; allow a longer wait if it happens often.")
