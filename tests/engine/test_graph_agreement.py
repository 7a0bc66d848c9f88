"""The engine and a machine of ``transitions`` agree: every stage, every trigger, whoever asks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transitions import MachineError

from cosell.engine import Bound, Outcome, TransitionRefusedError, decide, open_record
from cosell.engine.bound import BoundLine
from cosell.engine.graph import MissingRecordError, OutOfStepError
from cosell.models import Opportunity
from drawn_processes import actors, bounds, contents
from process_samples import DAY, NOON, PARTNER, RICH, SELLER, TINY, bound_of

TRIGGERS_OF_NONE = ("t9", "to_s0", "to_won", "initial", "add_model")


class Deal:
    """A host's own object: a machine moves it, and writes nothing but its stage."""

    stage: str

    def __init__(self) -> None:
        self.seen: list[str] = []


def at_stage(line: BoundLine, record: Opportunity, stage: str) -> Opportunity:
    """Return the record with the line's stage put where the case needs it."""
    if line.name is None:
        return record.model_copy(update={"stage": stage})
    part = line.part_of(record).model_copy(update={"stage": stage})
    if line.item is not None:
        items = (part if each.id == line.item else each for each in record.paper_items)
        return record.model_copy(update={"paper_items": tuple(items)})
    return record.model_copy(update={line.part: part})


def fired(line: BoundLine, stage: str, trigger: str, question: dict[str, Any]) -> Any:
    """Fire the machine with a host's object; return where it is then, or what was raised."""
    deal = Deal()
    line.machine.add_model(deal, initial=stage)
    try:
        taken = deal.trigger(trigger, **question)  # type: ignore[attr-defined]  # added by it
    except (TransitionRefusedError, MachineError, AttributeError) as error:
        assert deal.stage == stage
        return error
    finally:
        line.machine.remove_model(deal)
    assert taken
    return deal.stage


def agree(bound: Bound, record: Opportunity, question: dict[str, Any]) -> int:
    """Ask engine and machine about every stage and trigger of every line; return how many."""
    asked = 0
    before = record.model_dump_json()
    for line in bound.lines_of(record):
        for stage in line.kinds:
            here = at_stage(line, record, stage)
            for trigger in [*line.machine.events, *TRIGGERS_OF_NONE]:
                decision = decide(bound, here, line.trigger_of(trigger), **question)
                found = fired(line, stage, trigger, {"record": here, **question})
                _compare(decision, found)
                asked += 1
    assert record.model_dump_json() == before
    assert all(not line.machine.models for line in bound.lines_of(record))
    return asked


def _compare(decision: Any, found: Any) -> None:
    """The machine gets where the engine says, or raises for the engine's reasons."""
    if decision.outcome is Outcome.UNKNOWN_TRIGGER:
        assert isinstance(found, AttributeError)
    elif decision.outcome is Outcome.NOT_FROM_HERE or (
        decision.move is None and not isinstance(found, TransitionRefusedError)
    ):
        assert isinstance(found, MachineError)
    elif decision.permitted:
        assert found == decision.target
    else:
        assert isinstance(found, TransitionRefusedError)
        assert found.decision == decision


@given(bounds, contents, actors, st.sampled_from([{}, {"facts": {"free": True}}]))
def test_they_agree_on_processes_drawn_at_random(
    bound: Bound, content: dict[str, Any], actor: Any, more: dict[str, Any]
) -> None:
    """For every stage and trigger the target is the same, or the refusal with its reasons."""
    given_record = Opportunity.model_validate({**content, "id": "o-1"})
    record = open_record(bound, given_record, actor=SELLER, at=NOON).record

    assert agree(bound, record, {"actor": actor, "at": NOON, **more}) > 0


@pytest.mark.parametrize("actor", [SELLER, PARTNER], ids=lambda actor: actor.role)
@pytest.mark.parametrize("acv", ["1 USD", "60000 USD", "200000 USD"])
def test_they_agree_on_a_rich_process(actor: Any, acv: str) -> None:
    """Candidates, clocks, tracks, inputs, overrides: everything at once."""
    bound = bound_of(RICH)
    content = {"id": "o-1", "acv": acv, "customer": {"domain": "acme.example"}}
    record = open_record(bound, Opportunity.model_validate(content), actor=SELLER, at=NOON).record
    record = record.model_copy(update={"owner": "s-9", "closed_reason": "No fit."})

    assert agree(bound, record, {"actor": actor, "at": NOON}) == sum(
        len(line.kinds) * (len(line.machine.events) + len(TRIGGERS_OF_NONE))
        for line in bound.lines.values()
    )


def test_after_a_clock_moved_the_record_the_machine_refuses_as_the_engine_does() -> None:
    """An object that waits at the old stage is told that it is too late."""
    bound = bound_of(RICH)
    record = open_record(bound, Opportunity(id="o-1"), actor=SELLER, at=NOON).record
    question = {"actor": SELLER, "at": NOON + 40 * DAY}
    found = fired(bound.main, "submitted", "accept", {"record": record, **question})

    assert isinstance(found, TransitionRefusedError)
    assert found.decision == decide(bound, record, "accept", **question)
    assert found.decision.outcome is Outcome.OUT_OF_TIME


class TestTraps:
    """What a machine does by default, and this one does not."""

    BOUND = bound_of(RICH)

    def test_there_are_no_automatic_transitions(self) -> None:
        """Nobody gets to a stage by naming it: ``to_won`` would bypass every gate."""
        triggers = {
            transition.trigger
            for line in self.BOUND.lines.values()
            for transition in line.definition.transitions
        }
        machines = [line.machine for line in self.BOUND.lines.values()]

        assert {trigger for machine in machines for trigger in machine.events} == triggers
        assert not any(machine.has_queue for machine in machines)
        assert not any(machine.models for machine in machines)

    def test_no_guard_is_a_text(self) -> None:
        """A text would be imported and called; each transition has the engine's guard alone."""
        for line in self.BOUND.lines.values():
            for event in line.machine.events.values():
                for transitions in event.transitions.values():
                    for transition in transitions:
                        (condition,) = transition.conditions
                        assert not isinstance(condition.func, str)
                        assert not (transition.before)
                        assert not (transition.after)
                        assert not (transition.prepare)
                        assert transition.dest in line.kinds

    def test_the_plan_is_what_the_machine_has(self) -> None:
        """Each move is in the machine once, in file order, and nothing else is."""
        for line in self.BOUND.lines.values():
            in_machine = {
                (trigger, source): [transition.dest for transition in transitions]
                for trigger, event in line.machine.events.items()
                for source, transitions in event.transitions.items()
            }
            planned = {
                asked: [move.target for move in moves] for asked, moves in line.moves.items()
            }
            in_file = [
                (transition.trigger, source, transition.target)
                for transition in line.definition.transitions
                for source in line.definition.stages_named(transition.source)
            ]
            assert in_machine == planned
            assert sorted(in_file) == sorted(
                (trigger, source, target)
                for (trigger, source), targets in planned.items()
                for target in targets
            )

    def test_nothing_is_put_on_records(self) -> None:
        """A record is frozen: the machine is fired with it, never bound to it."""
        bound = bound_of(TINY)
        record = Opportunity(id="o-1", stage="fresh")
        names = set(dir(record))
        fired(bound.main, "fresh", "go", {"record": record, "actor": SELLER, "at": NOON})

        assert set(dir(record)) == names


class TestHosts:
    """A host that uses ``transitions`` already may go on doing so."""

    def fire(self, stage: str, record: Opportunity, **question: Any) -> Deal:
        """Fire ``go`` with an object of the host's at a stage."""
        deal = Deal()
        bound_of(TINY).machine.add_model(deal, initial=stage)
        deal.go(record=record, **question)  # type: ignore[attr-defined]  # added by the machine
        return deal

    def test_an_object_is_moved_by_its_own_trigger(self) -> None:
        """The object gets methods; its stage is where ``transitions`` keeps it."""
        record = Opportunity(id="o-1", stage="fresh")

        assert self.fire("fresh", record, actor=SELLER, at=NOON).stage == "mid"
        assert record.stage == "fresh"

    def test_what_a_decision_needs_is_asked_for(self) -> None:
        """Firing without a record, an actor or a moment says what is missing."""
        with pytest.raises(MissingRecordError) as caught:
            self.fire("fresh", Opportunity(id="o-1", stage="fresh"))

        assert str(caught.value) == (
            "`go` was fired without actor, at."
            " Fire it as deal.trigger(record=..., actor=..., at=...)."
        )

    def test_a_refusal_has_the_reasons(self) -> None:
        """The gates hold there too."""
        record = Opportunity(id="o-1", stage="fresh")
        with pytest.raises(TransitionRefusedError, match="wrong role"):
            self.fire("fresh", record, actor=PARTNER, at=NOON)

    def test_an_object_that_is_not_where_its_record_is(self) -> None:
        """An object out of step with its record is told so; nobody guesses which is right."""
        bound = bound_of(
            TINY.replace('source = "fresh"', 'source = ["fresh", "mid"]').replace(
                'target = "mid"', 'target = "won"'
            )
        )
        record = Opportunity(id="o-1", stage="mid")
        deal = Deal()
        bound.machine.add_model(deal, initial="fresh")
        with pytest.raises(OutOfStepError) as caught:
            deal.go(record=record, actor=SELLER, at=NOON)  # type: ignore[attr-defined]  # added

        assert (caught.value.stage, caught.value.record_stage) == ("fresh", "mid")
        assert deal.stage == "fresh"
