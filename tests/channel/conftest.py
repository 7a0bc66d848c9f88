"""Tests of the channel processes run on both stores and both kinds of desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from channel_deals import everything
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
def desk_of(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Give what makes a desk from processes and a store."""
    made: Callable[..., Any] = request.param
    return made


@pytest.fixture
def desk(desk_of: Callable[..., Any], store: Any) -> Any:
    """Give a desk that serves all four processes."""
    return desk_of(everything(), store)
