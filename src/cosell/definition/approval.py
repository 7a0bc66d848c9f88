"""Approval chains: who is asked, under which condition, in which order.

This module does not know what becomes of a chain (see ``cosell.definition.approving``), nor what
a record is.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from cosell._base import LongText, Model, Name, Text
from cosell.definition.effect import FieldPath, PlannedEffect

__all__ = ["ApprovalChain", "ApprovalRow", "ShortName"]

#: The id of a chain or a row: triggers and criteria are called by both.
ShortName = Annotated[Name, StringConstraints(max_length=30)]


class ApprovalRow(Model, frozen=True):
    """Somebody who is asked.

    Attributes:
        id: What it is called.
        role: Who answers.
        when: Expression that says for which records it is asked; ``None`` is for all.
        order: Rows of a lower order come first; rows of one order are asked side by side.
        label: What people read.
        help: What to look at.
        remedy: What to do when it is missing.
        cites: Ids of the rules it implements.
    """

    id: ShortName
    role: Name
    when: str | None = None
    order: int = Field(default=1, ge=-1_000, le=1_000, strict=True)
    label: Text | None = None
    help: LongText | None = None
    remedy: Text | None = None
    cites: tuple[Text, ...] = Field(default=(), max_length=50)


class ApprovalChain(Model, frozen=True):
    """Who has to approve before a gate that names the chain opens (BX-8).

    Attributes:
        label: What people read.
        help: What it is for.
        source: The stages in which it can be answered; ``*`` is every open stage.
        rows: Who is asked.
        covers: Fields that are approved: an answer counts while they hold what it was given for.
        gates: Gates in front of each answer, such as one for the separation of duties.
        same_person: Whether one person may approve for several rows.
        effects: What the host should do when an answer is given.
        cites: Ids of the rules it implements.
    """

    label: Text | None = None
    help: LongText | None = None
    source: tuple[Name | Literal["*"], ...] = Field(min_length=1, max_length=1_000)
    rows: tuple[ApprovalRow, ...] = Field(min_length=1, max_length=100)
    covers: tuple[FieldPath, ...] = Field(default=(), max_length=100)
    gates: tuple[Name, ...] = Field(default=(), max_length=100)
    same_person: bool = False
    effects: tuple[PlannedEffect, ...] = Field(default=(), max_length=100)
    cites: tuple[Text, ...] = Field(default=(), max_length=50)

    @field_validator("source", mode="before")
    @classmethod
    def _one_source(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value
