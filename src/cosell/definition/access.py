"""Who may edit which fields, and what each role sees of a record: the rows of a definition.

This module does not know what a record is, nor who asks.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from cosell._base import FieldPath, LongText, Model, Name, Text

__all__ = ["EVERY_FIELD", "EVERY_ROLE", "Edit", "ViewRow"]

#: As a path of an edit: every field of the line.
EVERY_FIELD = "*"
#: As a role of a view: every role.
EVERY_ROLE = "*"

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


class ViewRow(Model, frozen=True):
    """What some roles see of a record in some stages.

    The first row that fits is the actor's view. Where a process has views and none fits, the
    record does not exist for the actor.

    Attributes:
        id: What it is called.
        roles: Who sees it so; ``*`` is every role.
        stages: In which stages of the main line, ``*`` is every open one; none named is in every
            one.
        when: Expression that must hold, such as ``actor.party == partner.id``.
        hide: Fields that are not seen; a path hides everything below it.
        show: Instead of ``hide``: the only fields that are seen.
        reveal: Derived fields that are seen although they read hidden ones.
        label: What people read.
        help: A longer text for people.
        cites: Ids of the rules it implements.
    """

    id: Name
    roles: tuple[Name | Literal["*"], ...] = Field(min_length=1, max_length=100)
    stages: _Stages = ()
    when: str | None = None
    hide: tuple[FieldPath, ...] = Field(default=(), max_length=500)
    show: tuple[FieldPath, ...] | None = Field(default=None, max_length=500)
    reveal: tuple[FieldPath, ...] = Field(default=(), max_length=500)
    label: Text | None = None
    help: LongText | None = None
    cites: Cites = ()

    @model_validator(mode="after")
    def _hides_or_shows(self) -> Self:
        if self.hide and self.show is not None:
            message = "a view has either `hide` or `show`"
            raise ValueError(message)
        return self
