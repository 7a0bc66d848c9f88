"""What a desk shows is the same on both stores and for both kinds of desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from access_samples import shared
from cosell.stores import MemoryStore, SqliteStore
from desk_kit import DESKS


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Give an empty store."""
    if request.param == "memory":
        yield MemoryStore()
    else:
        with SqliteStore(":memory:") as store:
            yield store


@pytest.fixture(params=list(DESKS.values()), ids=list(DESKS))
def desk(request: pytest.FixtureRequest, store: Any) -> Any:
    """Give a desk that serves the process with two sides."""
    made: Callable[..., Any] = request.param
    return made([shared()], store)
