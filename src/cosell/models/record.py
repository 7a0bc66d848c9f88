"""What every record that moves through a process has, and what every part of one has.

A host's own record is a subclass of one of the models here; criteria may read its fields, and
its properties with a return annotation as *derived fields*.

This module does not know what a gate or a store is.
"""

from __future__ import annotations

from typing import Final

from pydantic import Field

from cosell._base import Id, Model, Name, Text
from cosell.events import ProcessRef, TrailEntry
from cosell.models._scalars import blank
from cosell.models.authored import ExternalId

__all__ = ["NOT_STARTED", "UNOPENED", "Origin", "Part", "Record"]

#: The stage of a record that has not entered a process yet.
UNOPENED: Final = "unopened"
#: The first stage of every part.
NOT_STARTED: Final = "not_started"


class Part(Model, frozen=True):
    """A model inside a record that a track may lead through stages of its own.

    A part is never missing: its first stage is ``not_started``.

    Attributes:
        stage: Where it is.
    """

    stage: Name = NOT_STARTED


class Origin(Model, frozen=True):
    """The record that another one was made from, such as the lead of an opportunity.

    Attributes:
        id: Id of that record.
        process: The process it follows.
        effect: Id of the effect that asked for this record: of which event, and which of its
            effects.
    """

    id: Id | None = None
    process: Id | None = None
    effect: Text | None = None


class Record(Model, frozen=True):
    """One frozen model that moves through a process.

    Attributes:
        id: The host's id for it.
        version: Number of its last event; 0 before it is opened.
        process: The exact definition it follows; ``None`` before it is opened.
        stage: Where it is on the main line.
        trail: Moves, pauses and extensions so far, oldest first.
        claims: Keys that this record alone holds, such as ``registration:example.com``.
        waits: Keys held by others that it waits for (BX-2).
        origin: The record it was made from, if from one.
        external_ids: Its ids in other systems; no other record has one of them.
        merged_into: Id of the record that it was found to be one with, and which stays.
        merged: Ids of the records that were merged into this one, oldest first.
    """

    id: Id
    version: int = Field(default=0, ge=0)
    process: ProcessRef | None = None
    stage: Name = UNOPENED
    trail: tuple[TrailEntry, ...] = ()
    claims: tuple[Text, ...] = ()
    waits: tuple[Text, ...] = ()
    origin: Origin = Field(default_factory=blank(Origin))
    external_ids: tuple[ExternalId, ...] = ()
    merged_into: Id | None = None
    merged: tuple[Id, ...] = ()
