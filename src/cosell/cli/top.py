"""The first few of many things, without keeping the others.

This module does not know what the things are.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import nsmallest
from typing import Any, Generic, TypeVar

__all__ = ["Top"]

_T = TypeVar("_T")


class Top(Generic[_T]):
    """The first few of many; among equals those that came first.

    Args:
        most: How many are kept.
        by: Gives what they are ordered by.
    """

    def __init__(self, most: int, by: Callable[[_T], Any]) -> None:
        self._most = most
        self._by = by
        self._kept: list[_T] = []

    def add(self, thing: _T) -> None:
        """Look at one more."""
        self._kept.append(thing)
        if len(self._kept) > 2 * self._most:
            self._trim()

    def _trim(self) -> None:
        self._kept = nsmallest(self._most, self._kept, key=self._by)

    @property
    def first(self) -> tuple[_T, ...]:
        """The first of all that were looked at, in their order."""
        self._trim()
        return tuple(self._kept)
