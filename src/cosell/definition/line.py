"""What a line of stages is made of: stages, gates, transitions, locks.

A process and each of its tracks is a line: stages, the permitted moves between them, the gates
in front of those moves, and the clocks that run meanwhile. All of it is data; this module says
only what a definition may contain. Whether its parts fit together is ``check``'s business.

This module does not know how a definition is read, nor what a record is.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import (
    BeforeValidator,
    Field,
    Strict,
    StrictBool,
    StrictInt,
    StringConstraints,
    field_validator,
)

from cosell._base import LongText, Model, Name, Rate, Text
from cosell.definition.clock import Clock
from cosell.definition.effect import FieldPath, PlannedEffect
from cosell.rules import Criterion

__all__ = [
    "ANY_OPEN",
    "Gate",
    "Input",
    "Line",
    "Lock",
    "Override",
    "SetValue",
    "Stage",
    "StageKind",
    "Transition",
    "Written",
]

#: As the source of a transition or a lock: every stage of kind ``open``.
ANY_OPEN = "*"

Cites = tuple[Text, ...]


class StageKind(StrEnum):
    """Whether a stage is on the way, or which end it is."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    CLOSED = "closed"  # neither won nor lost: rejected, error, feedback partner


class Stage(Model, frozen=True):
    """Where a record or a part can be.

    Attributes:
        id: What code and data call it.
        kind: On the way, or which end it is.
        label: What people read.
        help: What it means, for whoever works in it.
        probability: Share of deals here that are won, from 0 to 1.
        forecast: Forecast category, in the host's words.
        cites: Ids of the rules it implements.
    """

    id: Name
    kind: StageKind = StageKind.OPEN
    label: Text | None = None
    help: LongText | None = None
    probability: Rate | None = Field(default=None, ge=0, le=1)
    forecast: Text | None = None
    cites: Cites = ()


class Gate(Model, frozen=True):
    """The criteria in front of a transition; each must pass."""

    label: Text | None = None
    help: LongText | None = None
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    cites: Cites = ()


class Input(Model, frozen=True):
    """A field that a transition may write with data of the caller.

    Attributes:
        path: The field; in a track, of its part.
        required: Whether it must be recorded when the transition is taken.
        fresh: Whether a value from before does not count: it is given anew each time.
        label: What people read.
        help: What to fill in.
    """

    path: FieldPath
    required: bool = False
    fresh: bool = False
    label: Text | None = None
    help: LongText | None = None


class SetValue(StrEnum):
    """What a transition can write by itself, apart from literals."""

    AT = "at"
    ACTOR_ID = "actor.id"
    ACTOR_ROLE = "actor.role"
    ACTOR_PARTY = "actor.party"


_Strict = StrictBool | StrictInt | Annotated[Decimal, Strict()]


class Written(Model, frozen=True):
    """A literal that a transition writes: ``{ literal = "co_selling" }``."""

    literal: _Strict | Text


def _readable(value: object) -> object:
    if isinstance(value, str) and value not in set(SetValue):
        names = ", ".join(SetValue)
        message = f"a text is one of {names}, or written as {{ literal = ... }}"
        raise ValueError(message)
    return value


_Set = Annotated[SetValue | _Strict | Written, BeforeValidator(_readable)]


class Override(Model, frozen=True):
    """Who may take a transition although criteria are not met; a reason is always required."""

    roles: tuple[Name, ...] = Field(min_length=1)
    cites: Cites = ()


#: ``name:{path}`` with any number of placeholders; the name says what kind of claim it is.
ClaimKey = Annotated[
    str, StringConstraints(max_length=300, pattern=r"^[a-z][a-z0-9_]*(:[^\x00-\x1f]+)?$")
]


class Transition(Model, frozen=True):
    """A permitted move.

    Several transitions for one trigger and stage are candidates in file order.

    Attributes:
        trigger: The imperative that asks for it.
        source: The stages it leaves; ``*`` is every open stage.
        target: The stage it leads to.
        roles: Who may ask for it. The role ``clock`` is a clock of the definition.
        gates: Gates in front of it; all must open.
        inputs: Fields that the caller may or must give.
        set: Fields it writes itself.
        effects: What the host should do.
        claims: Keys that the record takes, such as ``registration:{customer.domain}``.
        releases: Names of claims that the record gives back, such as ``registration``.
        within: Clocks that must not have run out.
        override: Who may take it although criteria are not met.
        label: What people read.
        help: What it is for.
        cites: Ids of the rules it implements.
    """

    trigger: Name
    source: tuple[Name | Literal["*"], ...] = Field(min_length=1)
    target: Name
    roles: tuple[Name, ...] = Field(min_length=1)
    gates: tuple[Name, ...] = ()
    inputs: tuple[Input, ...] = ()
    set: Mapping[FieldPath, _Set] = Field(default_factory=dict)
    effects: tuple[PlannedEffect, ...] = ()
    claims: tuple[ClaimKey, ...] = ()
    releases: tuple[Name, ...] = ()
    within: tuple[Name, ...] = ()
    override: Override | None = None
    label: Text | None = None
    help: LongText | None = None
    cites: Cites = ()

    @field_validator("source", mode="before")
    @classmethod
    def _one_source(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class Lock(Model, frozen=True):
    """Fields that may not be edited in some stages. A transition's own inputs are not edits.

    Attributes:
        paths: Locked fields; a path locks everything below it.
        stages: Stages in which they are locked.
        except_roles: Roles that may edit them nevertheless.
        remedy: What to do instead.
        cites: Ids of the rules it implements.
    """

    paths: tuple[FieldPath, ...] = Field(min_length=1)
    stages: tuple[Name | Literal["*"], ...] = Field(min_length=1)
    except_roles: tuple[Name, ...] = ()
    remedy: Text
    cites: Cites = ()


class Line(Model, frozen=True):
    """Stages and the moves between them: what a process and a track have in common."""

    label: Text | None = None
    help: LongText | None = None
    initial: Name
    stages: tuple[Stage, ...] = Field(min_length=1)
    gates: Mapping[Name, Gate] = Field(default_factory=dict)
    transitions: tuple[Transition, ...] = ()
    clocks: tuple[Clock, ...] = ()
    locks: tuple[Lock, ...] = ()
    cites: Cites = ()

    def stages_named(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return ``names`` with ``*`` replaced by every open stage, each once, in file order."""
        every_open = ANY_OPEN in names
        return tuple(
            stage.id
            for stage in self.stages
            if stage.id in names or (every_open and stage.kind is StageKind.OPEN)
        )
