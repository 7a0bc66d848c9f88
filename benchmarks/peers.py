"""The same guarded transition in the peers that are installed.

Each peer gets its own plain object with the three values that the guards read. Objects are made
outside the timed call where the peer allows it; where firing moves the object, the call puts it
back, as a service does that loads a record for each request.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

_FIFTY = Decimal(50000)
_PLANS = frozenset({"enterprise", "business"})
STAGES = ("lead", "qualified", "discovery", "scoped", "validated", "negotiation", "won", "lost")

PEERS: dict[str, Callable[[], object]] = {}
BLOCKED: dict[str, Callable[[], object]] = {}


class Plain:
    """A deal as a plain object."""

    def __init__(self, plan: str = "enterprise") -> None:
        self.state = "lead"
        self.budget_confirmed = True
        self.amount = Decimal(72000)
        self.plan = plan


def has_budget(deal: Any) -> bool:
    return deal.budget_confirmed is True


def is_big(deal: Any) -> bool:
    return deal.amount > _FIFTY


def has_plan(deal: Any) -> bool:
    return deal.plan in _PLANS


def _transitions(machine_class: Any, name: str) -> None:
    machine = machine_class(
        model=None, states=list(STAGES), initial="lead", auto_transitions=False, send_event=True
    )
    for source, target in zip(STAGES[:6], STAGES[1:7], strict=True):
        machine.add_transition(
            "advance",
            source,
            target,
            conditions=[
                lambda event: has_budget(event.model),
                lambda event: is_big(event.model),
                lambda event: has_plan(event.model),
            ],
        )
    for stage in STAGES[:6]:
        machine.add_transition("lose", stage, "lost")
    event = machine.events["advance"]
    open_deal, closed_deal = Plain(), Plain("free")

    def fire(deal: Plain) -> bool:
        deal.state = "lead"
        return bool(event.trigger(deal))

    PEERS[name] = lambda: fire(open_deal)
    BLOCKED[name] = lambda: fire(closed_deal)


with suppress(ImportError):
    from transitions import Machine

    _transitions(Machine, "transitions, one shared machine")

with suppress(ImportError):
    from transitions.extensions import LockedMachine

    _transitions(LockedMachine, "transitions, LockedMachine")


def _django_fsm() -> None:
    from django.conf import settings

    if not settings.configured:
        settings.configure(INSTALLED_APPS=[], DATABASES={})
        import django

        django.setup()
    from django.db import models
    from django_fsm import FSMField, can_proceed, transition

    class Model(models.Model):
        state = FSMField(default="lead")

        class Meta:
            app_label = "bench"

        @transition(field=state, source="lead", target="qualified", conditions=[has_budget, is_big, has_plan])
        def advance(self) -> None:
            """Move on."""

    def deal(plan: str) -> Any:
        model = Model()
        model.budget_confirmed, model.amount, model.plan = True, Decimal(72000), plan
        return model

    open_deal, closed_deal = deal("enterprise"), deal("free")

    def fire(model: Any) -> object:
        model.state = "lead"
        return model.advance()

    PEERS["django-fsm, no save"] = lambda: fire(open_deal)
    BLOCKED["django-fsm, can_proceed"] = lambda: can_proceed(closed_deal.advance)


with suppress(ImportError):
    _django_fsm()


def _python_statemachine() -> None:
    from statemachine import State, StateMachine

    class Chart(StateMachine):
        lead = State(initial=True)
        qualified = State()
        discovery = State()
        scoped = State()
        validated = State()
        negotiation = State()
        won = State(final=True)
        lost = State(final=True)
        advance = (
            lead.to(qualified, cond=["has_budget", "is_big", "has_plan"])
            | qualified.to(discovery, cond=["has_budget", "is_big", "has_plan"])
            | discovery.to(scoped)
            | scoped.to(validated)
            | validated.to(negotiation)
            | negotiation.to(won)
        )
        lose = lead.to(lost) | qualified.to(lost)

        def has_budget(self) -> bool:
            return has_budget(self.model)

        def is_big(self) -> bool:
            return is_big(self.model)

        def has_plan(self) -> bool:
            return has_plan(self.model)

    open_chart, closed_chart = Chart(Plain()), Chart(Plain("free"))

    def fire(chart: Any) -> object:
        chart.model.state = "lead"
        try:
            return chart.advance()
        except Exception as refused:
            return refused

    PEERS["python-statemachine"] = lambda: fire(open_chart)
    BLOCKED["python-statemachine"] = lambda: fire(closed_chart)


with suppress(ImportError):
    _python_statemachine()


def _sismic() -> None:
    from sismic.interpreter import Interpreter
    from sismic.io import import_from_yaml

    chart = import_from_yaml("""
statechart:
  name: deal
  root state:
    name: root
    initial: lead
    states:
      - name: lead
        transitions:
          - event: advance
            target: qualified
            guard: deal.budget_confirmed is True and deal.amount > 50000 and deal.plan in ('enterprise', 'business')
      - name: qualified
        transitions:
          - event: back
            target: lead
""")
    interpreter = Interpreter(chart, initial_context={"deal": Plain()})
    interpreter.execute()

    def fire() -> object:
        interpreter.queue("advance")
        step = interpreter.execute()
        interpreter.queue("back")
        interpreter.execute()
        return step

    PEERS["sismic (there and back)"] = fire


with suppress(ImportError):
    _sismic()
