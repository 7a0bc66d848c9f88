"""What a definition says the host should do, when a transition is taken or a clock says so.

This module does not know what a transition or a clock is.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from cosell._base import Model, Name

__all__ = ["FieldPath", "PlannedEffect"]

#: A field of the record, dotted through its parts: ``registration.decided_by``.
FieldPath = Annotated[
    str, StringConstraints(max_length=200, pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")
]


class PlannedEffect(Model, frozen=True):
    """What the host should do when a transition is taken or a clock says so.

    Attributes:
        kind: One of the process's declared effects.
        to: The role it is meant for.
        data: Fields of the record that go with it.
    """

    kind: Name
    to: Name | None = None
    data: tuple[FieldPath, ...] = ()
