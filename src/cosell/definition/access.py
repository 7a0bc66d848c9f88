"""Who may edit which fields: rows of a definition.

This module does not know what a record is, nor who asks.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cosell._base import FieldPath, Model, Name, Text

__all__ = ["EVERY_FIELD", "Edit"]

#: As a path of an edit: every field of the line.
EVERY_FIELD = "*"

Cites = Annotated[tuple[Text, ...], Field(max_length=100)]
_Stages = Annotated[tuple[Name | Literal["*"], ...], Field(max_length=1_000)]


class Edit(Model, frozen=True):
    """Who may edit which fields in which stages, without moving.

    Where a process has rows like this, an edit that no row permits is refused.

    Attributes:
        id: What it is called.
        roles: Who may edit.
        paths: Which fields; a path permits everything below it, ``*`` is every field.
        stages: In which stages, ``*`` is every open one; none named is in every one.
        when: Expression that must hold, such as ``actor.party == partner.id``.
        reason: Whether a reason must be given.
        remedy: What to do where ``when`` does not hold.
        label: What people read.
        cites: Ids of the rules it implements.
    """

    id: Name
    roles: tuple[Name, ...] = Field(min_length=1, max_length=100)
    paths: tuple[FieldPath | Literal["*"], ...] = Field(min_length=1, max_length=500)
    stages: _Stages = ()
    when: str | None = None
    reason: bool = False
    remedy: Text | None = None
    label: Text | None = None
    cites: Cites = ()
