"""Laws of decisions and moves, over processes and records drawn at random."""

from __future__ import annotations

import json
import pickle
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.engine import (
    Bound,
    BrokenSealError,
    Outcome,
    TransitionRefusedError,
    apply,
    change,
    decide,
    fold,
    open_record,
    options,
    seal,
    verify_seals,
)
from cosell.engine.bound import BoundLine
from cosell.errors import InvalidDataError
from cosell.events import Event, EventKind
from cosell.findings import CheckKind, Severity
from cosell.models import Opportunity
from drawn_processes import (
    ITEMS,
    bounds,
    contents,
    data_for,
    in_full,
    questions,
    records,
    triggers_of,
)
from process_samples import NOON, SELLER


@st.composite
def cases(draw: st.DrawFn) -> tuple[Bound, Opportunity, str, dict[str, Any]]:
    """Return a process, a record of it, a trigger, and a question."""
    bound = draw(bounds)
    record = draw(records(bound))
    trigger = draw(triggers_of(bound, record))
    question = draw(questions)
    question["data"] = draw(data_for(bound, trigger, record.stage))
    return bound, record, trigger, question


def line_of(bound: Bound, trigger: str, record: Opportunity) -> BoundLine:
    """Return the line of a trigger that the record has."""
    line = bound.line_asked(trigger, record)
    assert line is not None
    return line


@given(cases())
def test_a_no_is_never_raised(case: tuple[Bound, Opportunity, str, dict[str, Any]]) -> None:
    """Whatever is asked, there is a decision: permitted if nothing stands in the way."""
    bound, record, trigger, question = case
    decision = decide(bound, record, trigger, **question)

    assert decision.permitted is (decision.obstacles == ())
    assert bool(decision) is (decision.outcome is Outcome.PERMITTED)
    assert json.loads(json.dumps(decision.as_dict())) == decision.as_dict()
    assert decision.explain().count("obstacle: ") == len(decision.obstacles)
    assert pickle.loads(pickle.dumps(decision)) == decision  # noqa: S301 - our own bytes


@given(cases())
def test_the_quick_way_and_the_full_way_agree(
    case: tuple[Bound, Opportunity, str, dict[str, Any]],
) -> None:
    """Where role and gates are all there is to check, less work gives the same answer."""
    bound, record, trigger, question = case
    quick = decide(bound, record, trigger, **question)
    full = decide(in_full(bound), record, trigger, **question)

    assert quick == full
    assert quick.obstacles == full.obstacles
    assert quick.advice == full.advice


@given(cases())
def test_the_same_question_has_the_same_answer(
    case: tuple[Bound, Opportunity, str, dict[str, Any]],
) -> None:
    """Deciding twice gives equal decisions, and what was given is untouched."""
    bound, record, trigger, question = case
    before = record.model_dump_json(), repr(question)
    first = decide(bound, record, trigger, **question)

    assert decide(bound, record, trigger, **question) == first
    assert (record.model_dump_json(), repr(question)) == before


@given(cases())
def test_the_outcome_is_the_first_that_the_obstacles_come_to(
    case: tuple[Bound, Opportunity, str, dict[str, Any]],
) -> None:
    """Every check runs: role and criteria of each candidate are found in any case."""
    bound, record, trigger, question = case
    decision = decide(bound, record, trigger, **question)
    kinds = {finding.check.kind for finding in decision.findings}

    if decision.outcome in {Outcome.UNKNOWN_TRIGGER, Outcome.TERMINAL, Outcome.NOT_FROM_HERE}:
        assert kinds & {CheckKind.STAGE, CheckKind.TRIGGER}
        return
    line = line_of(bound, trigger, record)
    moves = line.moves[trigger.rpartition(".")[2], line.stage_of(record)]
    if not decision.permitted:
        found = [(found.candidate, found.gate) for found in _criteria(decision.findings)]
        assert found == [
            (index, check.gate)
            for index, move in enumerate(moves)
            for gate in move.gates
            for check in gate.checks
        ]
    assert CheckKind.ROLE in kinds
    assert all(
        finding.check.severity is Severity.REQUIRED and not finding.passes
        for finding in decision.obstacles
    )


def _criteria(findings: Any) -> list[Any]:
    checks = [found for found in findings if found.check.kind is CheckKind.CRITERION]
    return [found.check if not hasattr(found, "candidate") else _Placed(found) for found in checks]


class _Placed:
    """A criterion's finding, by candidate and gate."""

    def __init__(self, found: Any) -> None:
        self.candidate, self.gate = found.candidate, found.check.gate


@given(cases())
def test_what_is_permitted_can_be_taken_and_nothing_else(
    case: tuple[Bound, Opportunity, str, dict[str, Any]],
) -> None:
    """``apply`` does what ``decide`` says, and the given record is untouched."""
    bound, record, trigger, question = case
    decision = decide(bound, record, trigger, **question)
    before = record.model_dump_json()

    if not decision.permitted:
        with pytest.raises(TransitionRefusedError) as caught:
            apply(bound, record, trigger, **question)
        assert caught.value.decision == decision
        assert caught.value.facts == decision.as_dict()
        return
    moved = apply(bound, record, trigger, **question)
    assert record.model_dump_json() == before
    assert moved.decision == decision
    assert moved.record.version == record.version + 1 == moved.event.seq
    line = line_of(bound, trigger, record)
    assert line.stage_of(moved.record) == decision.target
    assert moved.event.target in {decision.target, None}
    assert moved.event.target is not None or decision.source == decision.target
    assert moved.record.trail[-1].seq == moved.event.seq
    assert apply(bound, record, trigger, **question) == moved


@st.composite
def histories(draw: st.DrawFn) -> tuple[Bound, Opportunity, list[Event]]:
    """Return a record that was opened and moved wherever it could go, with its events."""
    bound = draw(bounds)
    given_record = Opportunity.model_validate({**draw(contents), "id": "o-1"})
    opened = open_record(bound, given_record, actor=SELLER, at=NOON)
    record, events = opened.record, list(opened.events)
    for step in range(draw(st.integers(0, 6))):
        at = NOON + timedelta(hours=step)
        trigger = draw(triggers_of(bound, record))
        question = {**draw(questions), "at": at, "override": "because", "expected_version": None}
        question["data"] = draw(data_for(bound, trigger, record.stage))
        if decide(bound, record, trigger, **question).permitted:
            moved = apply(bound, record, trigger, **question)
            record, events = moved.record, [*events, *moved.events]
        items = [{"id": name} for name in draw(st.permutations(ITEMS))[: draw(st.integers(0, 3))]]
        try:
            edited = change(bound, record, {"paper_items": items}, actor=SELLER, at=at)
        except InvalidDataError:
            continue  # an item would vanish that has begun
        record, events = edited.record, [*events, *edited.events]
    return bound, record, events


@given(histories())
def test_a_record_is_the_fold_of_its_events(
    history: tuple[Bound, Opportunity, list[Event]],
) -> None:
    """Unsealed, sealed, and after a journey through JSON, the events add up to the record."""
    bound, record, events = history
    sealed = seal(events)
    stored = [Event.model_validate_json(event.model_dump_json()) for event in sealed]

    assert fold(Opportunity, events, parts=bound.parts) == record
    assert fold(Opportunity, sealed, parts=bound.parts) == record
    assert fold(Opportunity, stored, parts=bound.parts) == record
    assert Opportunity.model_validate_json(record.model_dump_json()) == record
    assert [event.seq for event in events] == list(range(1, record.version + 1))
    trailed = [event.seq for event in events if event.kind is not EventKind.CHANGED]
    assert [entry.seq for entry in record.trail] == trailed
    verify_seals(sealed)
    verify_seals(stored)


TAMPERED: list[tuple[str, Any]] = [
    ("changes", {"acv": None}),
    ("changes", {"forged": {"deep": [1]}}),
    ("actor", SELLER.model_copy(update={"id": "forger"})),
    ("at", NOON + timedelta(microseconds=1)),
    ("reason", "forged"),
    ("target", "forged"),
    ("findings", ({"id": "forged"},)),
    ("overridden", ("forged",)),
    ("previous", "0" * 63 + "1"),
    ("digest", "0" * 64),
    ("digest", None),
    ("record_id", "o-1x"),
]


@given(
    histories(),
    st.integers(0, 9),
    st.sampled_from(["change", "remove", "insert", "swap"]),
    st.sampled_from(TAMPERED),
)
def test_the_chain_of_seals_breaks_wherever_it_is_touched(
    history: tuple[Bound, Opportunity, list[Event]], place: int, how: str, forged: tuple[str, Any]
) -> None:
    """A change, a removal, an insertion or another order is found, at the first event it hits."""
    sealed = list(seal(history[2]))
    index = place % len(sealed)
    before, event, after = sealed[:index], sealed[index], sealed[index + 1 :]
    touched = {
        "change": [*before, event.model_copy(update=dict([forged])), *after],
        "remove": [*before, *after],
        "insert": [*before, event, event, *after],
        "swap": [*before, *after[:1], event, *after[1:]],
    }[how]

    if touched in (sealed, sealed[:-1]):
        return  # nothing changed, or only the end is missing: the store keeps its digest
    with pytest.raises(BrokenSealError) as caught:
        verify_seals(touched)
    assert caught.value.seq in {each.seq for each in touched}


@given(cases())
def test_options_are_the_decisions_of_what_leaves_the_stage(
    case: tuple[Bound, Opportunity, str, dict[str, Any]],
) -> None:
    """Each trigger that leaves the stage is there once, with the decision that it would get."""
    bound, record, _, question = case
    asked = {name: question[name] for name in question.keys() & {"actor", "at", "facts", "rates"}}
    found = options(bound, record, data=question["data"], **asked)

    leaving = {
        line.trigger_of(trigger)
        for line in bound.lines_of(record)
        if bound.is_running(line, record)
        for trigger, stage in line.moves
        if stage == line.stage_of(record)
    }
    assert [option.trigger for option in found] == list(dict.fromkeys(o.trigger for o in found))
    assert {option.trigger for option in found} == leaving
    for option in found:
        given_data = question["data"]
        own = [field.path for field in option.inputs if field.path in given_data]
        data = {path: given_data[path] for path in own}
        assert option.decision == decide(bound, record, option.trigger, data=data, **asked)
        assert option.permitted is option.decision.permitted
