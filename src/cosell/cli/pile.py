"""Things of one kind, in the order in which they came, outside of memory.

Rules:

1. They can be read any number of times, also while more are added.
2. What they are looked up by is said beforehand; those that are found keep their order.

This module does not know what the things are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from cosell.cli.scratch import IN_MEMORY, Scratch

__all__ = ["Pile"]

_T = TypeVar("_T")


class Pile(Generic[_T]):
    """Things that are added one after the other.

    Args:
        kind: What they are.
        by: The attributes that they are looked up by; each is a text.
        in_memory: How many bytes are kept in memory at most.
    """

    def __init__(self, kind: type[_T], *by: str, in_memory: int = IN_MEMORY) -> None:
        self._form = TypeAdapter(kind)
        self._keys = tuple(attrgetter(name) for name in by)
        self._indexed: set[str] = set()
        self._count = 0
        columns = ("number INTEGER PRIMARY KEY", *(f"{name} TEXT" for name in by), "thing BLOB")
        self._scratch = Scratch(", ".join(columns), in_memory=in_memory)
        self._insert = f"INSERT INTO kept VALUES (?{', ?' * len(by)}, ?)"  # noqa: S608 - only marks

    def add(self, things: Iterable[_T]) -> None:
        """Add things.

        Raises:
            FileError: There is no room for them.
        """
        for thing in things:
            self._count += 1
            keys = (key(thing) for key in self._keys)
            self._scratch.put(self._insert, (self._count, *keys, self._form.dump_json(thing)))

    def __len__(self) -> int:
        """Return how many there are."""
        return self._count

    def __iter__(self) -> Iterator[_T]:
        """Yield each thing that is there when it is come to."""
        find, number = "SELECT thing FROM kept WHERE number = ?", 1
        while found := self._scratch.ask(find, (number,)):
            yield self._form.validate_json(found[0][0])
            number += 1

    def having(self, name: str, value: str) -> Iterator[_T]:
        """Yield each thing of which an attribute has a value."""
        self._index(name)
        find = f"SELECT thing FROM kept WHERE {name} = ? ORDER BY number"  # noqa: S608 - named in code
        return (self._form.validate_json(thing) for (thing,) in self._scratch.ask(find, (value,)))

    def values(self, name: str) -> Iterator[str]:
        """Yield each value of an attribute once, sorted."""
        self._index(name)
        find = f"SELECT min({name}) FROM kept WHERE {name} > ?"  # noqa: S608 - named in code
        value = ""
        while (value := self._scratch.ask(find, (value,))[0][0]) is not None:
            yield value

    def _index(self, name: str) -> None:
        if name not in self._indexed:
            self._scratch.put(f"CREATE INDEX by_{name} ON kept ({name})", ())
            self._indexed.add(name)
