"""The fields that only cosell writes.

This module does not know what a process is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cosell.definition.effect import overlap
from cosell.engine.paths import unkeyed

__all__ = ["is_own", "own_paths"]

_OWN_FIELDS: Final = (
    "id",
    "version",
    "process",
    "stage",
    "trail",
    "claims",
    "waits",
    "merged_into",
    "merged",
)


def own_paths(parts: Iterable[str]) -> tuple[str, ...]:
    """Return the fields that only cosell writes: of the record, and the stage of each part.

    The path of an item's stage has empty brackets: ``paper_items[].stage``.
    """
    return (*_OWN_FIELDS, *(f"{unkeyed(part)}.stage" for part in parts if part))


def is_own(path: str, own: str) -> bool:
    """Whether writing ``path`` writes a field that only cosell writes.

    A list may be written although its items have stages: they are kept.
    """
    path, own = unkeyed(path), unkeyed(own)
    if "[" in own:
        return path == own or path.startswith(f"{own}.")
    return overlap(path, own)
