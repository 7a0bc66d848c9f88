"""What it costs in memory that a record can move: bytes for each, beside the record itself.

The records are there already; what is counted is what Python allocates when each of them is made
ready to be moved. Where one machine or process serves all records, there is nothing to make.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from contest import gather, peer
from cosell.engine import bind, decide
from deals import AT, DEAL, PROCESS, SELLER, STAGES, Deal, Plain
from report import Outcome, Sheet

__all__ = ["costs"]

RECORDS: Final = 200
_STEPS: Final = tuple(zip(STAGES, (*STAGES[1:], STAGES[0]), strict=True))


class Cost(NamedTuple):
    """What makes one record able to move."""

    name: str
    make: Callable[[Any], object]
    records: list[Any]
    goal: int | None = None

    def bytes_each(self) -> float:
        """Return what making one costs."""
        kept: list[object] = [None] * len(self.records)
        self.make(self.records[0])  # what is made once is made now
        gc.collect()
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            for number, record in enumerate(self.records):
                kept[number] = self.make(record)
            gc.collect()
            after, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        return (after - before) / len(kept)


def _plain() -> list[Plain]:
    return [Plain() for _ in range(RECORDS)]


def _cosell() -> Iterator[Cost]:
    bound = bind(PROCESS, record=Deal)
    deals = [Deal.model_validate({**DEAL.__dict__, "id": f"d-{n}"}) for n in range(RECORDS)]

    def make(deal: Deal) -> None:
        # It is able to: asked, it says so, and nothing has to be kept.
        if not decide(bound, deal, "advance", actor=SELLER, at=AT):
            raise AssertionError(deal)

    yield Cost("cosell", make, deals, 0)


@peer("transitions")
def _transitions() -> Iterator[Cost]:
    from transitions import Machine

    def own(deal: Plain) -> object:
        machine = Machine(deal, states=list(STAGES), initial="lead", auto_transitions=False)
        for source, target in _STEPS:
            machine.add_transition("advance", source, target)
            machine.add_transition("lose", source, "lost")
        return machine

    shared = own(Plain())

    def register(deal: Plain) -> None:
        shared.add_model(deal, initial="lead")  # type: ignore[attr-defined]

    yield Cost("transitions, a machine for each record", own, _plain())
    yield Cost("transitions, registered with one machine", register, _plain())


@peer("python-statemachine")
def _python_statemachine() -> Iterator[Cost]:
    from statemachine import State, StateMachine

    states = {stage: State(initial=stage == "lead") for stage in STAGES}
    steps: Any = None
    for source, target in _STEPS:
        step = states[source].to(states[target])
        steps = step if steps is None else steps | step
    chart: Any = type("Chart", (StateMachine,), {**states, "advance": steps})
    yield Cost("python-statemachine, a machine for each record", chart, _plain())


@peer("xstate-statemachine")
def _xstate_statemachine() -> Iterator[Cost]:
    from xstate_statemachine import SyncInterpreter, create_machine

    states = {source: {"on": {"ADVANCE": target}} for source, target in _STEPS}
    machine = create_machine({"id": "deal", "initial": "lead", "context": {}, "states": states})

    def make(_: Plain) -> object:
        return SyncInterpreter(machine).start()

    yield Cost("xstate-statemachine, an interpreter for each record", make, _plain())


@peer("sismic")
def _sismic() -> Iterator[Cost]:
    from sismic.interpreter import Interpreter
    from sismic.io.datadict import import_from_dict

    states = [
        {"name": source, "transitions": [{"event": "advance", "target": target}]}
        for source, target in _STEPS
    ]
    root = {"name": "root", "initial": "lead", "states": states}
    chart = import_from_dict({"statechart": {"name": "deal", "root state": root}})

    def make(deal: Plain) -> object:
        interpreter = Interpreter(chart, initial_context={"deal": deal})
        interpreter.execute()
        return interpreter

    yield Cost("sismic, an interpreter for each record", make, _plain())


PEERS: Final = (_transitions, _python_statemachine, _xstate_statemachine, _sismic)


class Costs:
    """The table of costs."""

    title: Final = "Memory of a record that can move"

    def __init__(self) -> None:
        self.costs, self.absent = gather((_cosell, *PEERS))

    def check(self) -> None:
        """Make one of each."""
        for cost in self.costs:
            cost.make(cost.records[0])

    def measure(self, rounds: int) -> Sheet:
        """Count, and return the table; counting needs no more than one round."""
        del rounds
        sheet = Sheet(self.title, ("", "bytes for each record", "goal"), absent=self.absent)
        for cost in self.costs:
            found = cost.bytes_each()
            said = ""
            if cost.goal is not None:
                outcome = Outcome(f"bytes: {cost.name} ({self.title})", found, cost.goal)
                sheet.outcomes.append(outcome)
                said = f"{cost.goal}: {'reached' if outcome.reached else '**missed**'}"
            sheet.rows.append((cost.name, f"{found:,.0f}", said))
        return sheet


def costs() -> Iterator[Costs]:
    """Yield the one table."""
    yield Costs()
