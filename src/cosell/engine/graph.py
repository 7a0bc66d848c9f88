"""The graph of a line, owned by ``transitions``. No other module imports that package.

A machine is built once for a bound line and never holds a record of the host. The engine reads
its plan out of ``machine.events``, so plan and machine cannot differ.

A host that uses ``transitions`` already can take the machine and fire it with objects of its own::

    bound.machine.add_model(deal, initial=record.stage)
    deal.accept(record=record, actor=actor, at=at)

The gates hold there too: a refused trigger raises ``TransitionRefusedError`` with the decision.

This module does not know what a gate asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from transitions import EventData, Machine, Transition

from cosell.engine.decision import TransitionRefusedError
from cosell.errors import CosellError

if TYPE_CHECKING:
    from cosell.engine.bound import Move

__all__ = ["build_machine", "planned_moves"]


class OutOfStepError(CosellError):
    """A host's object stands at another stage than its record; nothing was changed.

    Attributes:
        stage: The stage of the host's object.
        record_stage: The stage of the record, after due clocks were settled.
    """

    code = "machine.out_of_step"

    def __init__(self, stage: str, record_stage: str) -> None:
        self.stage = stage
        self.record_stage = record_stage
        super().__init__(
            problem=f"the object is at `{stage}`, and its record at `{record_stage}`",
            remedy="Put the object where the record stands: machine.set_state(stage, object).",
        )


class MissingRecordError(CosellError, TypeError):
    """A machine was fired without what a decision needs."""

    code = "machine.missing_record"


@dataclass(frozen=True)
class _Guard:
    """The condition of one transition: it holds if the engine takes that very move."""

    move: Move

    def __call__(self, event: EventData) -> bool:
        missing = {"record", "actor", "at"} - event.kwargs.keys()
        if missing:
            raise MissingRecordError(
                problem=f"`{self.move.name}` was fired without {', '.join(sorted(missing))}",
                remedy="Fire it as deal.trigger(record=..., actor=..., at=...).",
            )
        decision = self.move.line.ask(trigger=self.move.trigger, **event.kwargs)
        if not decision.permitted:
            raise TransitionRefusedError(decision)
        if decision.source != self.move.source:
            raise OutOfStepError(self.move.source, str(decision.source))
        return decision.move is self.move


def build_machine(stages: Iterable[str], initial: str, moves: Iterable[Move]) -> Machine:
    """Return the machine of one line.

    Args:
        stages: Every stage of the line.
        initial: The stage in which it begins.
        moves: Every permitted move, in the order in which candidates are asked.
    """
    machine = Machine(
        model=None,
        states=list(stages),
        initial=initial,
        auto_transitions=False,
        send_event=True,
        queued=False,
        model_attribute="stage",
    )
    for move in moves:
        target = None if move.stays else move.target
        machine.add_transition(move.name, move.source, target, conditions=[_Guard(move)])
    return machine


def planned_moves(machine: Machine) -> dict[tuple[str, str], tuple[Move, ...]]:
    """Return the moves of a machine by trigger and source, candidates in order."""
    return {
        (trigger, source): tuple(
            _guard_of(transition).move for transition in event.transitions[source]
        )
        for trigger, event in machine.events.items()
        for source in event.transitions
    }


def _guard_of(transition: Transition) -> _Guard:
    """Return the one condition that ``build_machine`` gave a transition."""
    guard: Any = transition.conditions[0].func
    return cast("_Guard", guard)
