"""What every part of a contract is written with: the store at hand, what it should say, a race.

No test framework is imported: a failure is an ``AssertionError``, and the hooks have the names
that pytest calls.

This module does not know what any contract says.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from cosell.errors import CosellError
from cosell.stores import FullStore

__all__ = ["Contract", "race", "refused", "same"]

_PATIENCE_SECONDS = 60


def same(found: object, wanted: object) -> None:
    """Raise ``AssertionError`` unless both are equal."""
    if found != wanted:
        message = f"wanted {wanted!r}, found {found!r}"
        raise AssertionError(message)


@contextmanager
def refused(wanted: type[Exception] | CosellError) -> Iterator[None]:
    """Raise ``AssertionError`` unless the block raises ``wanted``, or an error of that class."""
    try:
        yield
    except Exception as error:
        if error == wanted or (isinstance(wanted, type) and isinstance(error, wanted)):
            return
        message = f"wanted {wanted!r}, raised was {error!r}"
        raise AssertionError(message) from error
    message = f"wanted {wanted!r}, nothing was raised"
    raise AssertionError(message)


def race(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start all ``jobs`` at once, and return what each returns, or the error that it raises.

    Only errors of cosell's are returned; any other fails the test.
    """
    start = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        start.wait(_PATIENCE_SECONDS)
        try:
            return job()
        except CosellError as error:
            return error

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs, timeout=_PATIENCE_SECONDS))


class Contract(ABC):
    """A contract that a store must keep; each method named ``test_`` is one line of it."""

    @abstractmethod
    def make_store(self) -> FullStore:
        """Return a new store that is empty."""

    def make_handle(self) -> FullStore:
        """Return another object for the data of ``self.store``, as another process would have.

        Where a store cannot be opened twice, it is the store itself.
        """
        return self.store

    def close_store(self, store: FullStore) -> None:
        """Let go of a store or handle; it is closed if it knows how."""
        close = getattr(store, "close", None)
        if close is not None:
            close()

    @property
    def store(self) -> FullStore:
        """The store of this test, made when it is first asked for."""
        if not self._opened:
            self._opened.append(self.make_store())
        return self._opened[0]

    def handles(self, count: int) -> list[FullStore]:
        """Return so many objects for the data of ``self.store``."""
        made = [self.store, *(self.make_handle() for _ in range(count - 1))]
        self._opened.extend(handle for handle in made if handle is not self.store)
        return made

    @property
    def _opened(self) -> list[FullStore]:
        found: list[FullStore] = self.__dict__.setdefault("_stores", [])
        return found

    def teardown_method(self) -> None:
        """Close what the test opened; pytest calls it."""
        for store in self._opened:
            self.close_store(store)
