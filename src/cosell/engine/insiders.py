"""For whom a record exists, and by which row of the process they see it.

Rules:

1. The first row that fits role, stage and condition is the actor's; unknown is never yes.
2. The stage is that of the settled record: what has expired has expired.
3. In a process with views, for whom no row fits the record does not exist. The error is that of an
   unknown id, whatever was asked.
4. A deputy whose deputyship is not in force sees nothing. Clocks see everything, and so does
   everybody in a process without views.

This module does not know what a row hides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cosell.definition.access import EVERY_ROLE, ViewRow
from cosell.definition.process import CLOCK_ROLE
from cosell.engine.access import compile_when, stages_of
from cosell.engine.deputies import is_in_force
from cosell.engine.facts import read_facts
from cosell.engine.question import require_actor
from cosell.engine.scopes import LineScope
from cosell.engine.settle import settle
from cosell.errors import RecordNotFoundError
from cosell.events import Actor
from cosell.models.record import Record
from cosell.money import Rates
from cosell.rules import CompiledGate

if TYPE_CHECKING:
    from cosell.engine.bound import Bound

__all__ = ["BoundView", "compile_views", "require_insider", "row_for", "sees_all"]

Predicates = Mapping[str, Callable[..., bool | None]]


@dataclass(frozen=True, slots=True, eq=False)
class BoundView:
    """A row of the process's views, compiled.

    Attributes:
        row: Its definition.
        stages: The stages in which it holds; ``None`` is every one.
        when: Its condition.
    """

    row: ViewRow
    stages: frozenset[str] | None
    when: CompiledGate | None

    def fits(
        self,
        record: Record,
        actor: Actor,
        facts: Mapping[str, Any] | None,
        at: datetime,
        rates: Rates | None,
    ) -> bool:
        """Whether it is the actor's row, as the record stands."""
        if not (EVERY_ROLE in self.row.roles or actor.role in self.row.roles):
            return False
        if not (self.stages is None or record.stage in self.stages):
            return False
        return self.when is None or self.when.permits(record, record, actor, facts, at, rates)


def compile_views(
    scope: LineScope, rows: tuple[ViewRow, ...], predicates: Predicates, *, generated: bool
) -> tuple[BoundView, ...]:
    """Return the rows of a process, in file order."""
    return tuple(
        BoundView(
            row,
            stages_of(scope, row.stages),
            compile_when(row.id, row.when, scope.scope, predicates, generated=generated),
        )
        for row in rows
    )


def sees_all(bound: Bound, actor: Actor) -> bool:
    """Whether nothing is hidden from the actor, whatever the record.

    Raises:
        InvalidDataError: It is no actor.
    """
    require_actor(actor)
    return not bound.views or actor.role == CLOCK_ROLE


def row_for(
    bound: Bound,
    record: Record,
    *,
    actor: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    rates: Rates | None = None,
) -> ViewRow | None:
    """Return the actor's row for a record that is settled; ``None`` for an outsider."""
    if not is_in_force(actor, at):
        return None
    given = read_facts(bound.process.facts, facts)
    rows = (each.row for each in bound.views if each.fits(record, actor, given, at, rates))
    return next(rows, None)


def require_insider(
    bound: Bound,
    record: Record,
    *,
    actor: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    rates: Rates | None = None,
) -> ViewRow | None:
    """Return the actor's row, or ``None`` where nothing is hidden.

    Raises:
        RecordNotFoundError: The record does not exist for ``actor``.
    """
    if sees_all(bound, actor):
        return None
    here = settle(bound, record, at=at, facts=facts).record
    row = row_for(bound, here, actor=actor, at=at, facts=facts, rates=rates)
    if row is None:
        raise RecordNotFoundError(record.id)
    return row
