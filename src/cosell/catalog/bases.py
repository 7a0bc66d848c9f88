"""The definitions that ship with cosell as bases: what ``extends = "make@1"`` can name.

This module does not know how a definition is extended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

from cosell.catalog.shelf import SHELF, Shelf

__all__ = ["BASES"]

_VERSION: Final = re.compile(r"^version *= *([0-9]+)", re.MULTILINE)


class _Bases(Mapping[str, str]):
    """The text of each process on a shelf, by ``id@version``."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    @cached_property
    def _texts(self) -> dict[str, str]:
        texts: dict[str, str] = {}
        for name in self._shelf.names(fees=False):
            _, text = self._shelf.text_of(name, fees=False)
            texts |= {f"{name.partition('@')[0]}@{it}": text for it in _VERSION.findall(text)[:1]}
        return texts

    def __getitem__(self, name: str) -> str:
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


#: Every process that ships, in every version, read when one is first asked for.
BASES: Final[Mapping[str, str]] = _Bases(SHELF)
