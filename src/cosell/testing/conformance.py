"""The contract of stores as tests: a host's store that passes them will serve a desk.

This module does not know how any store works.
"""

from __future__ import annotations

from cosell.testing._keys import ClaimContract, KeyContract
from cosell.testing._ledger import LedgerContract
from cosell.testing._lists import DueContract, IdsContract
from cosell.testing._outbox import OutboxContract
from cosell.testing._queues import QueueContract
from cosell.testing._races import RaceContract
from cosell.testing._records import RecordContract

__all__ = ["StoreConformance"]


class StoreConformance(
    RecordContract,
    KeyContract,
    ClaimContract,
    QueueContract,
    DueContract,
    IdsContract,
    OutboxContract,
    LedgerContract,
    RaceContract,
):
    """Every line of ``Store``, ``Outbox`` and ``Ledger`` as a test that pytest collects.

    Subclass it in a test module and say how an empty store is made; each test makes one, and
    closes it if it has a ``close``. Where the data can be opened a second time, say how in
    ``make_handle``: then those who race have a handle each, as processes would.
    An ``AsyncStore`` goes through ``BlockingStore``.

    Example:
        >>> from cosell.stores import MemoryStore
        >>> class TestMyStore(StoreConformance):
        ...     def make_store(self):
        ...         return MemoryStore()
        >>> TestMyStore().test_a_record_is_opened_once()
    """
