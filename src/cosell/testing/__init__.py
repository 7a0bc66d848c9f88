"""What a host tests its own parts with: the contract of stores as tests.

It needs no test framework to be imported; the tests have the shape that pytest collects.
"""

from __future__ import annotations

from cosell.testing.blocking import AsyncFullStore, BlockingStore
from cosell.testing.conformance import StoreConformance

__all__ = ["AsyncFullStore", "BlockingStore", "StoreConformance"]
