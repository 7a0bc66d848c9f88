"""One permitted move from one stage, compiled.

This module does not know how a decision is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from cosell.clocks import CompiledClock
from cosell.definition.line import STAY, Input, Transition
from cosell.engine.append import Append
from cosell.engine.claims import ClaimTemplate
from cosell.events import Actor, Event, TrailEntry
from cosell.findings import Check, Finding, Verdict
from cosell.models.record import Record
from cosell.money import Rates
from cosell.rules import CompiledGate

if TYPE_CHECKING:
    from cosell.engine.access import Switch
    from cosell.engine.bound import BoundLine

__all__ = ["BLANK_ENTRY", "BLANK_EVENT", "Move"]

_UNMET: Final = Verdict.UNMET

#: What an event, and its line in the trail, say of everything that does not concern them.
BLANK_EVENT, BLANK_ENTRY = (
    {
        name: field.get_default(call_default_factory=True)
        for name, field in model.model_fields.items()
    }
    for model in (Event, TrailEntry)
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Move:
    """One permitted move from one stage, compiled.

    Attributes:
        line: The line it belongs to.
        transition: Its definition.
        asked: Its trigger, the stage it leaves and the stage it leads to.
        roles: Who may ask.
        gates: Compiled gates in front of it.
        reads_writes: Whether a gate reads what the move itself writes.
        bare: Whether it writes nothing but the stage, unless it is given data, and has no effects.
        plain: Whether role and gates are all there is to check.
        role_check: The check of its roles.
        allowed: What is found about the role of each who may ask: always the same.
        input_checks: A check for each required input.
        clock_checks: A check for each clock of ``within``.
        claim_checks: A check for each claim, taken or waited for, that is made of fields.
        claims: Claims that the record takes.
        waits: Claims of others that it waits for.
        said: What its event says whoever takes it, whenever.
        trailed: What the line in the trail says of that.
        switches: Fields of the process that are set once.
        inputs: Paths that the caller may give, as the definition writes them.
        appends: Lists that an item is added to.
        clears: Fields that it empties, from the record, each with what it holds then.
    """

    line: BoundLine
    transition: Transition
    asked: tuple[str, str, str]
    roles: frozenset[str]
    gates: tuple[CompiledGate, ...]
    reads_writes: bool
    bare: bool
    plain: bool
    role_check: Check
    allowed: Mapping[str, Finding]
    input_checks: tuple[tuple[Input, Check], ...]
    clock_checks: tuple[tuple[CompiledClock, Check], ...]
    claim_checks: tuple[tuple[ClaimTemplate, Check], ...]
    said: dict[str, Any]
    trailed: dict[str, Any]
    inputs: frozenset[str] = frozenset()
    appends: tuple[Append, ...] = ()
    clears: tuple[tuple[str, Any], ...] = ()
    switches: tuple[Switch, ...] = ()
    claims: tuple[ClaimTemplate, ...] = ()
    waits: tuple[ClaimTemplate, ...] = ()

    def __repr__(self) -> str:
        """Return trigger, source and target."""
        return f"<Move {self.trigger} from {self.source} to {self.target}>"

    @property
    def name(self) -> str:
        """The trigger without the name of a track."""
        return self.transition.trigger

    @property
    def trigger(self) -> str:
        """What is asked for; in a track with its name, ``poc.approve``."""
        return self.asked[0]

    @property
    def source(self) -> str:
        """The stage it leaves."""
        return self.asked[1]

    @property
    def target(self) -> str:
        """The stage it leads to."""
        return self.asked[2]

    @property
    def stays(self) -> bool:
        """Whether it leaves the stage as it is: nothing is left, and nothing entered."""
        return self.transition.target == STAY

    def findings(
        self, record: Record, actor: Actor, at: datetime, rates: Rates | None
    ) -> tuple[Finding, ...]:
        """Return what is found about role and gates, of a plain move."""
        role = actor.role
        first = self.allowed.get(role) or Finding(self.role_check, _UNMET, (role,))
        if len(self.gates) == 1:  # nearly always
            return (first, *self.gates[0].examine(record, record, actor, None, at, rates))
        found = [first]
        for gate in self.gates:
            found += gate.examine(record, record, actor, None, at, rates)
        return tuple(found)

    def obstacles(
        self, record: Record, actor: Actor, at: datetime, rates: Rates | None
    ) -> tuple[Finding, ...]:
        """Return those of the ``findings`` that stand in the way; the others are not made."""
        role = actor.role
        found: tuple[Finding, ...] = ()
        if role not in self.roles:
            found = (Finding(self.role_check, _UNMET, (role,)),)
        for gate in self.gates:
            found += gate.obstacles(record, record, actor, None, at, rates)
        return found
