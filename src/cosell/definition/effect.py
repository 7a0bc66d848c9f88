"""What a definition says the host should do, when a transition is taken or a clock says so.

This module does not know what a transition or a clock is.
"""

from __future__ import annotations

from pydantic import Field

from cosell._base import FieldPath, Model, Name

__all__ = ["FieldPath", "PlannedEffect", "overlap"]


def overlap(path: str, other: str) -> bool:
    """Whether writing one field path touches the other: they are alike, or one stands in the other.

    Example:
        >>> overlap("customer", "customer.domain"), overlap("acv", "acv_note")
        (True, False)
        >>> overlap("paper_items", "paper_items[nda].owner")
        True
    """
    return path == other or path.startswith(_below(other)) or other.startswith(_below(path))


def _below(path: str) -> tuple[str, str]:
    """Return how paths begin that lead into ``path``: to a field of it, or to one of its items."""
    return f"{path}.", f"{path}["


class PlannedEffect(Model, frozen=True):
    """What the host should do when a transition is taken or a clock says so.

    Attributes:
        kind: One of the process's declared effects.
        to: The role it is meant for.
        data: Fields of the record that go with it.
    """

    kind: Name
    to: Name | None = None
    data: tuple[FieldPath, ...] = Field(default=(), max_length=100)
