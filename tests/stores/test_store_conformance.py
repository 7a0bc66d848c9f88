"""The stores that ship with cosell keep the contract that hosts are held to."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosell.stores import AsyncStoreAdapter, FullStore, MemoryStore, SqliteStore
from cosell.testing import BlockingStore, StoreConformance


class TestMemoryStore(StoreConformance):
    """In memory."""

    def make_store(self) -> FullStore:
        return MemoryStore()


class TestSqliteStore(StoreConformance):
    """In a file, opened once by each caller."""

    path: Path

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.path = tmp_path / "deals.db"

    def make_store(self) -> FullStore:
        return SqliteStore(self.path)

    def make_handle(self) -> FullStore:
        return SqliteStore(self.path)


class TestSqliteStoreShared(StoreConformance):
    """In a file, opened once for all callers."""

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.path = tmp_path / "deals.db"

    def make_store(self) -> FullStore:
        return SqliteStore(self.path)


class TestAsyncStoreAdapter(StoreConformance):
    """In memory, awaited."""

    def make_store(self) -> FullStore:
        return BlockingStore(AsyncStoreAdapter(MemoryStore()))
