"""What a line of stages is made of: stages, gates, transitions, locks.

A process and each of its tracks is a line: stages, the permitted moves between them, the gates
in front of those moves, and the clocks that run meanwhile. All of it is data; this module says
only what a definition may contain. Whether its parts fit together is ``check``'s business.

This module does not know how a definition is read, nor what a record is.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from cosell._base import LongText, Model, Name, Rate, Text
from cosell.definition.access import Edit
from cosell.definition.approval import ApprovalChain, ShortName
from cosell.definition.claim import ClaimKey, IfClaimed
from cosell.definition.clock import Clock
from cosell.definition.effect import FieldPath, PlannedEffect
from cosell.definition.method import MethodAsked
from cosell.definition.value import Single, Written, kind_of
from cosell.errors import UnknownNameError
from cosell.money import Money
from cosell.rules import Criterion

__all__ = [
    "ANY_OPEN",
    "STAY",
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
#: As the target of a transition: the stage that it leaves. Nothing is left, nothing is entered.
STAY: Final = "stay"

Cites = Annotated[tuple[Text, ...], Field(max_length=100)]


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
        fields: Fields that have these values in this stage, and are written with it: a status of
            several fields. One that another stage names and this one does not is empty here.
        cites: Ids of the rules it implements.
    """

    id: Name
    kind: StageKind = StageKind.OPEN
    label: Text | None = None
    help: LongText | None = None
    probability: Rate | None = Field(default=None, ge=0, le=1)
    forecast: Text | None = None
    fields: Mapping[FieldPath, Single] = Field(default_factory=dict, max_length=100)
    cites: Cites = ()

    def __hash__(self) -> int:
        """Hash by id: a table of fields has no hash."""
        return hash(self.id)

    def weighted(self, value: Money) -> Money | None:
        """Return the share of ``value`` that the stage's probability gives, to the cent.

        Returns:
            The share; ``None`` where the stage has no probability.

        Example:
            >>> str(Stage(id="offered", probability="0.25").weighted(Money.parse("1000.02 USD")))
            '250.01 USD'
            >>> Stage(id="offered").weighted(Money.parse("1000 USD")) is None
            True
        """
        if self.probability is None:
            return None
        return value.split([self.probability, 1 - self.probability])[0]


class Gate(Model, frozen=True):
    """The criteria in front of a transition; each must pass.

    Attributes:
        label: What people read.
        help: What it is for.
        criteria: What must hold, each on its own; an exclusion is one of them (BX-6).
        methods: Qualification methods, and how much of each; they become criteria (BX-45).
        approvals: Chains that must have approved; each row becomes a criterion (BX-8).
        cites: Ids of the rules it implements.
    """

    label: Text | None = None
    help: LongText | None = None
    criteria: tuple[Criterion, ...] = Field(default=(), min_length=1, max_length=200)
    methods: tuple[MethodAsked, ...] = Field(default=(), max_length=20)
    approvals: tuple[Name, ...] = Field(default=(), max_length=100)
    cites: Cites = ()


class SetValue(StrEnum):
    """What a transition can write by itself, apart from literals."""

    AT = "at"
    ACTOR_ID = "actor.id"
    ACTOR_ROLE = "actor.role"
    ACTOR_PARTY = "actor.party"
    ACTOR_PRINCIPAL = "actor.principal"


def _set_kind(value: object) -> str | None:
    if isinstance(value, Mapping | Written):
        return "literal"
    if isinstance(value, str):
        return "word" if value in set(SetValue) else None
    return "single" if kind_of(value) else None


#: What a transition writes: a word, a literal, or a text as ``{ literal = "co_selling" }``.
ToSet = Annotated[
    Annotated[SetValue, Tag("word")]
    | Annotated[Single, Tag("single")]
    | Annotated[Written, Tag("literal")],
    Discriminator(
        _set_kind,
        custom_error_type="to_set",
        custom_error_message=(
            f"A transition sets {', '.join(SetValue)}, a number, true, false,"
            " or a text as { literal = ... }"
        ),
    ),
]


class Input(Model, frozen=True):
    """A field that a transition may write with data of the caller.

    Attributes:
        path: The field; in a track, of its part.
        required: Whether it must be recorded when the transition is taken; of an appended item,
            whether it must be given.
        fresh: Whether a value from before does not count: it is given anew each time.
        append: Whether the field is a list, and the caller gives one item that is added to it.
        stamp: Fields of the item that the transition writes itself.
        needs: Fields of the item that must be given.
        covers: Fields of the record that the item is given for: the item's own ``covered`` keeps
            the values that they have.
        label: What people read.
        help: What to fill in.
    """

    path: FieldPath
    required: bool = False
    fresh: bool = False
    append: bool = False
    stamp: Mapping[Name, ToSet] = Field(default_factory=dict, max_length=100)
    needs: tuple[Name, ...] = Field(default=(), max_length=100)
    covers: tuple[FieldPath, ...] | None = Field(default=None, max_length=100)
    label: Text | None = None
    help: LongText | None = None

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        if (self.stamp or self.needs or self.covers is not None) and not self.append:
            message = "`stamp`, `needs` and `covers` stand beside `append = true` only"
            raise ValueError(message)
        if self.fresh and self.append:
            message = "an appended item is always given anew: leave out `fresh`"
            raise ValueError(message)
        return self


class Override(Model, frozen=True):
    """Who may take a transition although criteria are not met; a reason is always required."""

    roles: tuple[Name, ...] = Field(min_length=1, max_length=100)
    cites: Cites = ()


class Transition(Model, frozen=True):
    """A permitted move.

    Several transitions for one trigger and stage are candidates in file order.

    Attributes:
        id: What a definition that extends this one calls it, where its trigger is not enough.
        trigger: The imperative that asks for it.
        source: The stages it leaves; ``*`` is every open stage.
        target: The stage it leads to; ``stay`` is the one that it leaves.
        roles: Who may ask for it. The role ``clock`` is a clock of the definition.
        gates: Gates in front of it; all must open.
        inputs: Fields that the caller may or must give.
        set: Fields it writes itself.
        clear: Fields it empties.
        effects: What the host should do.
        claims: Keys that the record takes, such as ``registration:{customer.domain}``.
        releases: Names of claims that the record gives back, such as ``registration``, or no
            longer waits for.
        waits: Keys held by others that the record waits for from then on.
        if_claimed: What is asked for instead when another record holds a key of ``claims``.
        within: Clocks that must not have run out.
        override: Who may take it although criteria are not met.
        automatic: Whether it follows by itself as soon as nothing stands in the way.
        label: What people read.
        help: What it is for.
        cites: Ids of the rules it implements.
    """

    id: Name | None = None
    trigger: Name
    source: tuple[Name | Literal["*"], ...] = Field(min_length=1, max_length=1_000)
    target: Name
    roles: tuple[Name, ...] = Field(min_length=1, max_length=100)
    gates: tuple[Name, ...] = Field(default=(), max_length=100)
    inputs: tuple[Input, ...] = Field(default=(), max_length=100)
    set: Mapping[FieldPath, ToSet] = Field(default_factory=dict, max_length=100)
    clear: tuple[FieldPath, ...] = Field(default=(), max_length=100)
    effects: tuple[PlannedEffect, ...] = Field(default=(), max_length=100)
    claims: tuple[ClaimKey, ...] = Field(default=(), max_length=100)
    releases: tuple[Name, ...] = Field(default=(), max_length=100)
    waits: tuple[ClaimKey, ...] = Field(default=(), max_length=100)
    if_claimed: IfClaimed | None = None
    within: tuple[Name, ...] = Field(default=(), max_length=100)
    override: Override | None = None
    automatic: bool = False
    label: Text | None = None
    help: LongText | None = None
    cites: Cites = ()

    @field_validator("source", mode="before")
    @classmethod
    def _one_source(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("if_claimed", mode="before")
    @classmethod
    def _one_trigger(cls, value: object) -> object:
        return {"trigger": value} if isinstance(value, str) else value

    def target_from(self, source: str) -> str:
        """Return the stage it leads to from ``source``."""
        return source if self.target == STAY else self.target


class Lock(Model, frozen=True):
    """Fields that may not be edited in some stages. A transition's own inputs are not edits.

    With ``once`` they may be set, and never be unset or changed after that, by transitions
    neither.

    Attributes:
        id: What a definition that extends this one calls it.
        paths: Locked fields; a path locks everything below it.
        stages: Stages in which they are locked; with ``once``, none named is in every one.
        once: Whether they may be set while they are not: a switch that goes one way.
        except_roles: Roles that may edit them nevertheless.
        remedy: What to do instead.
        cites: Ids of the rules it implements.
    """

    id: Name | None = None
    paths: tuple[FieldPath, ...] = Field(min_length=1, max_length=500)
    stages: tuple[Name | Literal["*"], ...] = Field(default=(), max_length=1_000)
    once: bool = False
    except_roles: tuple[Name, ...] = Field(default=(), max_length=100)
    remedy: Text
    cites: Cites = ()

    @model_validator(mode="after")
    def _locks_somewhere(self) -> Self:
        if not (self.stages or self.once):
            message = "a lock names its `stages`, unless it is `once`"
            raise ValueError(message)
        return self


class Line(Model, frozen=True):
    """Stages and the moves between them: what a process and a track have in common."""

    label: Text | None = None
    help: LongText | None = None
    initial: Name
    stages: tuple[Stage, ...] = Field(min_length=1, max_length=1_000)
    gates: Mapping[Name, Gate] = Field(default_factory=dict, max_length=1_000)
    approvals: Mapping[ShortName, ApprovalChain] = Field(default_factory=dict, max_length=100)
    transitions: tuple[Transition, ...] = Field(default=(), max_length=5_000)
    clocks: tuple[Clock, ...] = Field(default=(), max_length=500)
    locks: tuple[Lock, ...] = Field(default=(), max_length=500)
    edits: tuple[Edit, ...] = Field(default=(), max_length=500)
    cites: Cites = ()

    def stage(self, name: str) -> Stage:
        """Return the stage called ``name``: its label, kind, probability and forecast category.

        Raises:
            UnknownNameError: The line has no such stage.

        Example:
            >>> from cosell import catalog
            >>> catalog.load("make").process.stage("identified").label
            'Lead identified'
        """
        known = {stage.id: stage for stage in self.stages}
        if name not in known:
            raise UnknownNameError("stage", name, known)
        return known[name]

    def stages_named(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return ``names`` with ``*`` replaced by every open stage, each once, in file order."""
        wanted = frozenset(names)
        every_open = ANY_OPEN in wanted
        return tuple(
            stage.id
            for stage in self.stages
            if stage.id in wanted or (every_open and stage.kind is StageKind.OPEN)
        )
