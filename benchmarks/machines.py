"""The guarded transition of ``transition.py`` in other state machines.

Rules that hold for every peer:

1. It has the same eight stages, and in front of each step the same three guards over the same
   values. Guards are handed over in the way that is cheapest for the peer.
2. Machines, models and interpreters are made once, outside the timed call.
3. A peer moves an object of its own. The eight stages are a ring, so that each call is one guarded
   step and none has to put anything back.
4. Nothing is saved, nothing is listened to, no diagram is kept.

None of them says which guard failed, nor on what value.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from contest import Row, peer
from deals import PLANS, SMALLEST, STAGES, Plain

__all__ = ["PEERS", "Case"]

_NEXT = dict(zip(STAGES, (*STAGES[1:], STAGES[0]), strict=True))


def has_budget(deal: Any) -> bool:
    return deal.budget_confirmed is True


def is_big(deal: Any) -> bool:
    return deal.amount > SMALLEST


def has_plan(deal: Any) -> bool:
    return deal.plan in PLANS


_GUARDS = {"has_budget": has_budget, "is_big": is_big, "has_plan": has_plan}


class Case(NamedTuple):
    """Which plan the deal has, and whether the last guard lets it pass."""

    plan: str
    moves: bool

    def row(self, name: str, fire: Callable[[], Any], stage_of: Callable[[], str]) -> Row:
        """Return a row that is right when the stage is then the next one, or the same."""
        before = stage_of()
        right = _NEXT[before] if self.moves else before
        return Row(name, fire, lambda _: stage_of() == right)

    def transitions(self, name: str, make: Callable[..., Any]) -> Row:
        """Return a row of ``transitions``: one machine, which does not know the deal."""
        deal = Plain(self.plan)
        machine = make(
            model=None,
            states=list(STAGES),
            initial=STAGES[0],
            auto_transitions=False,
            model_attribute="state",
        )
        for source, target in _NEXT.items():
            machine.add_transition("advance", source, target, conditions=list(_GUARDS.values()))
            machine.add_transition("lose", source, "lost")
        trigger = machine.events["advance"].trigger
        # Guards are given what the trigger was: nothing is looked up in an event.
        return self.row(name, lambda: trigger(deal, deal), lambda: deal.state)


@peer("transitions")
def shared_machine(case: Case) -> Iterator[Row]:
    from transitions import Machine

    yield case.transitions("transitions, one shared machine", Machine)


@peer("transitions")
def locked_machine(case: Case) -> Iterator[Row]:
    from transitions.extensions import LockedMachine

    yield case.transitions("transitions, LockedMachine", LockedMachine)


@peer("transitions")
def async_machine(case: Case) -> Iterator[Row]:
    from transitions.extensions.asyncio import AsyncMachine

    row = case.transitions("transitions, AsyncMachine", AsyncMachine)

    async def fire() -> Any:
        return await row.call()

    yield Row(row.name, fire, row.is_right)


@peer("django-fsm")
def django_fsm(case: Case) -> Iterator[Row]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it announces its successor
        from django_fsm import FSMField, TransitionNotAllowed, transition
    _set_up_django()
    from django.db.models import Model

    def advance(self: Any) -> None:
        """Move on."""

    state = FSMField(default=STAGES[0])
    for source, target in _NEXT.items():
        declared = transition(state, source, target, conditions=list(_GUARDS.values()))
        advance = declared(advance)
    meta = type("Meta", (), {"app_label": "bench"})
    fields = {"__module__": __name__, "state": state, "advance": advance, "Meta": meta}
    model: Any = type(f"Deal_{case.plan}", (Model,), fields)()
    model.__dict__.update(vars(Plain(case.plan)))

    def refused() -> None:
        with suppress(TransitionNotAllowed):
            model.advance()

    fire = model.advance if case.moves else refused
    yield case.row("django-fsm, no save", fire, lambda: model.state)


def _set_up_django() -> None:
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(INSTALLED_APPS=[], DATABASES={})
        django.setup()


@peer("python-statemachine")
def python_statemachine(case: Case) -> Iterator[Row]:
    from statemachine import State, StateMachine
    from statemachine.exceptions import TransitionNotAllowed

    states = {stage: State(initial=stage == STAGES[0]) for stage in STAGES}
    steps = [states[one].to(states[next_], cond=list(_GUARDS)) for one, next_ in _NEXT.items()]
    # Its guards are methods of the machine, found by name.
    guards = {name: _of_model(guard) for name, guard in _GUARDS.items()}
    advance = reduce(or_, steps)
    deal = Plain(case.plan)
    chart: Any = type("Chart", (StateMachine,), {**states, **guards, "advance": advance})
    machine = chart(deal, state_field="state")

    def refused() -> None:
        with suppress(TransitionNotAllowed):
            machine.advance()

    fire = machine.advance if case.moves else refused
    yield case.row("python-statemachine", fire, lambda: deal.state)


def _of_model(guard: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda self: guard(self.model)


@peer("xstate-statemachine")
def xstate_statemachine(case: Case) -> Iterator[Row]:
    from xstate_statemachine import MachineLogic, SyncInterpreter, create_machine

    deal = Plain(case.plan)
    states = {
        source: {"on": {"ADVANCE": {"target": target, "guard": "ready"}}}
        for source, target in _NEXT.items()
    }
    config = {"id": "deal", "initial": STAGES[0], "context": {}, "states": states}

    # A transition has one guard here: it calls the three.
    def ready(*_: Any) -> bool:
        return has_budget(deal) and is_big(deal) and has_plan(deal)

    logic: Any = MachineLogic(guards={"ready": ready})
    interpreter = SyncInterpreter(create_machine(config, logic=logic)).start()
    send = interpreter.send

    def stage() -> str:
        return next(iter(interpreter.current_state_ids)).rpartition(".")[2]

    yield case.row("xstate-statemachine", lambda: send("ADVANCE"), stage)


@peer("sismic")
def sismic(case: Case) -> Iterator[Row]:
    from sismic.interpreter import Interpreter
    from sismic.io.datadict import import_from_dict

    guard = " and ".join(f"{name}(deal)" for name in _GUARDS)
    states = [
        {
            "name": source,
            "transitions": [{"event": "advance", "target": target, "guard": guard}],
        }
        for source, target in _NEXT.items()
    ]
    root = {"name": "root", "initial": STAGES[0], "states": states}
    chart = import_from_dict({"statechart": {"name": "deal", "root state": root}})
    interpreter = Interpreter(chart, initial_context={"deal": Plain(case.plan), **_GUARDS})
    interpreter.execute()

    def fire() -> None:
        interpreter.queue("advance").execute_once()

    yield case.row("sismic", fire, lambda: interpreter.configuration[-1])


PEERS = (
    django_fsm,
    shared_machine,
    xstate_statemachine,
    locked_machine,
    async_machine,
    sismic,
    python_statemachine,
)
