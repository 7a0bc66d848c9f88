"""Problems with names: one that nobody defined, one that is defined twice.

This module does not know what the names are names of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from cosell.errors import Problem, did_you_mean

__all__ = ["Named", "twice", "unknown"]


class Named(Protocol):
    """A thing of a definition that has an id, or may have one."""

    @property
    def id(self) -> str | None:
        """What it is called."""


def unknown(
    names: Iterable[str], known: Collection[str], path: str, kind: str
) -> Iterator[Problem]:
    """Yield each of ``names`` that is not ``known``."""
    for name in names:
        if name not in known:
            yield Problem(path, f"there is no {kind} `{name}`", did_you_mean(name, known))


def twice(things: Iterable[Named], path: str, kind: str) -> Iterator[Problem]:
    """Yield each thing whose id another one had before."""
    seen: set[str | None] = set()
    for index, thing in enumerate(things):
        if thing.id in seen and thing.id is not None:
            problem = f"{kind} `{thing.id}` is defined already"
            yield Problem(f"{path}[{index}].id", problem, "Rename one of them.")
        seen.add(thing.id)
