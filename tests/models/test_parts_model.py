"""What the parts of an opportunity derive: PoC, MDP, quote, security review, business case."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from cosell.models import (
    Assumption,
    AuthoredText,
    BusinessCase,
    Closure,
    CriterionResult,
    GapPoint,
    Goal,
    Milestone,
    Poc,
    PocPerson,
    ProcessStep,
    Requirement,
    ScopeAgreement,
    ScopeRequest,
    SuccessCriterion,
    TrialInstance,
    WorkStream,
)
from model_samples import Truth

START = date(2026, 3, 2)
END = date(2026, 3, 16)
DAY = timedelta(days=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

WRITTEN = AuthoredText(text="As they say.", author="customer")
BY_PARTNER = AuthoredText(text="As we propose.", author="partner")
DOCUMENT: dict[str, Any] = {
    "current_state": WRITTEN,
    "future_state": WRITTEN,
    "business_imperatives": WRITTEN,
    "gap": (GapPoint(text="No log.", author="customer"),),
    "outcomes": BY_PARTNER,
    "proposed_solution": BY_PARTNER,
    "goals": (Goal(text="Half the steps."),),
    "success_criteria": (SuccessCriterion(id="c-1", use_case="One call of each kind."),),
    "technical_requirements": (Requirement(text="Access to application X."),),
    "assumptions": (Assumption(text="IT opens the port."),),
    "start_on": START,
    "end_on": END,
    "people": (PocPerson(category="executive"),),
    "milestones": (Milestone(name="Kick-off", on=START),),
    "closure": Closure(ends_on=END),
}


def test_a_full_document_has_fourteen_sections() -> None:
    """All fourteen sections recorded leave none missing; a blank PoC misses all (PC-1)."""
    assert Poc.model_validate(DOCUMENT).sections_missing == 0
    assert Poc().sections_missing == 14


@pytest.mark.parametrize(
    ("field", "section"),
    [
        (name, {"goals": "scope", "start_on": "timeline", "end_on": "timeline"}.get(name, name))
        for name in DOCUMENT
        if name not in {"people", "milestones"}
    ]
    + [("people", "roles_and_responsibilities"), ("milestones", "sequence_of_events")],
)
def test_each_section_is_missed(field: str, section: str) -> None:
    """Without its field, exactly that section is missing (PC-1)."""
    poc = Poc.model_validate({name: value for name, value in DOCUMENT.items() if name != field})

    assert poc.missing_sections() == (section,)


@pytest.mark.parametrize(
    ("changes", "theirs"),
    [
        pytest.param({}, True, id="all four by the customer"),
        pytest.param({"gap": (GapPoint(text="x", author="partner"),)}, False, id="gap by us"),
        pytest.param({"gap": (GapPoint(text="x"),)}, None, id="not recorded whose gap"),
        pytest.param({"gap": ()}, None, id="no gap yet"),
        pytest.param({"future_state": BY_PARTNER}, False, id="future state by the partner"),
        pytest.param({"current_state": AuthoredText(text="x")}, None, id="author not recorded"),
    ],
)
def test_in_customers_words(changes: dict[str, Any], theirs: Truth) -> None:
    """Current state, future state, imperatives and gap are the customer's own words (PC-2)."""
    assert Poc.model_validate({**DOCUMENT, **changes}).in_customers_words is theirs


@pytest.mark.parametrize(
    "model",
    [Poc, TrialInstance, lambda **ends: WorkStream(name="Set-up", **ends)],
    ids=["PoC", "trial", "work stream"],
)
def test_an_end_before_its_start_is_refused(model: Any) -> None:
    """An interval does not end before it starts; on one day it may (PC-8, MK-22, MK-27)."""
    assert model(start_on=START, end_on=START).end_on == START
    with pytest.raises(ValidationError, match="start_on and end_on are reversed"):
        model(start_on=START, end_on=START - DAY)


@pytest.mark.parametrize(
    ("days", "in_order", "inside"),
    [
        pytest.param([], True, True, id="none"),
        pytest.param([START, START, END], True, True, id="in order, on both ends"),
        pytest.param([END, START], False, True, id="reversed"),
        pytest.param([START - DAY, END], True, False, id="a day before the start"),
        pytest.param([START, END + DAY], True, False, id="a day after the end"),
        pytest.param([START, None], None, None, id="one without a date"),
        pytest.param([END, None, START], False, None, id="surely reversed around it"),
    ],
)
def test_milestones(days: list[date | None], in_order: Truth, inside: Truth) -> None:
    """Milestones lie inside the timeline, in order (PC-10)."""
    milestones = tuple(Milestone(name=f"m{i}", on=day) for i, day in enumerate(days))
    poc = Poc(start_on=START, end_on=END, milestones=milestones)

    assert (poc.milestones_in_order, poc.milestones_in_timeline) == (in_order, inside)


@pytest.mark.parametrize(
    ("results", "reached"),
    [
        pytest.param([("a", True, "log"), ("b", True, "log")], True, id="all met, with evidence"),
        pytest.param([("a", True, "log"), ("b", True, None)], None, id="one without evidence"),
        pytest.param([("a", True, "log"), ("b", False, None)], False, id="one not met"),
        pytest.param([("a", True, None), ("b", False, None)], False, id="one not met decides"),
        pytest.param([("a", True, "log")], None, id="one without a result"),
        pytest.param([], None, id="no result yet"),
        pytest.param(
            [("a", False, None), ("b", True, "log"), ("a", True, "second run")],
            True,
            id="the last result of each counts",
        ),
        pytest.param(
            [("a", True, "log"), ("b", True, "log"), ("c", False, None)],
            True,
            id="a result of no criterion says nothing",
        ),
    ],
)
def test_all_criteria_reached(
    results: list[tuple[str, bool | None, str | None]], reached: Truth
) -> None:
    """A PoC succeeds when all its success criteria are reached, with evidence (PC-5, PC-18)."""
    poc = Poc(
        success_criteria=(
            SuccessCriterion(id="a", use_case="Calls"),
            SuccessCriterion(id="b", use_case="Flow"),
        ),
        results=tuple(
            CriterionResult(criterion=criterion, met=met, evidence=evidence)
            for criterion, met, evidence in results
        ),
    )

    assert poc.all_criteria_reached is reached
    assert Poc(results=poc.results).all_criteria_reached is None


@pytest.mark.parametrize(
    ("requests", "agreements", "requested", "agreed"),
    [
        pytest.param((), (), False, False, id="neither asked for nor agreed"),
        pytest.param(("r-1",), (), True, False, id="asked for"),
        pytest.param(("r-1", "r-2"), (("r-1", "eva", NOON),), True, True, id="agreed"),
        pytest.param(("r-1",), (("r-2", "eva", NOON),), True, False, id="another one agreed"),
        pytest.param(("r-1",), (("r-1", None, NOON),), True, False, id="agreed by nobody"),
        pytest.param(("r-1",), (("r-1", "eva", None),), True, False, id="agreed at no time"),
    ],
)
def test_additions_rest_on_an_agreement(
    requests: tuple[str, ...],
    agreements: tuple[tuple[str, str | None, datetime | None], ...],
    requested: Truth,
    agreed: Truth,
) -> None:
    """A criterion added later names a request on which there is an agreement (PC-17)."""
    poc = Poc(
        success_criteria=(
            SuccessCriterion(id="a", use_case="Calls"),
            SuccessCriterion(id="b", use_case="Flow", request="r-1"),
        ),
        scope_requests=tuple(ScopeRequest(id=each, text="More") for each in requests),
        scope_agreements=tuple(
            ScopeAgreement(request=request, agreed_by=by, agreed_at=at)
            for request, by, at in agreements
        ),
    )

    assert (poc.additions_requested, poc.additions_agreed) == (requested, agreed)
    assert Poc(success_criteria=poc.success_criteria[:1]).additions_agreed


@pytest.mark.parametrize(("ids", "distinct"), [("", True), ("ab", True), ("aa", False)])
def test_criteria_are_distinct(ids: str, distinct: Truth) -> None:
    """Each success criterion has an id of its own, and so a result of its own (PC-5)."""
    criteria = tuple(SuccessCriterion(id=each, use_case="Calls") for each in ids)

    assert Poc(success_criteria=criteria).criteria_distinct is distinct


@pytest.mark.parametrize(
    ("before", "after", "saved"),
    [
        pytest.param(12, 9, 3, id="the source's example"),
        pytest.param(9, 12, -3, id="more steps than before"),
        pytest.param(0, 9, None, id="today's process not recorded"),
        pytest.param(12, 0, None, id="the new process not recorded"),
    ],
)
def test_steps_saved(before: int, after: int, saved: int | None) -> None:
    """The business case counts the steps that are saved (PC-19)."""
    step = ProcessStep(name="Check", lane="HR", actor="person", mode="manual")
    case = BusinessCase(steps_before=(step,) * before, steps_after=(step,) * after)

    assert case.steps_saved == saved
