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
    GapPoint,
    Goal,
    Mdp,
    Milestone,
    Poc,
    PocPerson,
    ProcessStep,
    Quote,
    Requirement,
    SecurityReview,
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
    "success_criteria": (SuccessCriterion(use_case="One call of each kind."),),
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
    ("author", "expert"),
    [("partner", True), ("se", True), ("customer", False), ("vendor", False), (None, None)],
)
def test_by_technical_expert(author: str | None, expert: Truth) -> None:
    """Outcomes and proposed solution are by the partner or the SE (PC-2)."""
    outcomes = AuthoredText.model_validate({"text": "x", "author": author})

    assert Poc(outcomes=outcomes, proposed_solution=BY_PARTNER).by_technical_expert is expert


@pytest.mark.parametrize(
    ("end", "length", "counted"),
    [
        pytest.param(START, 0, 1, id="one day"),
        pytest.param(START + 14 * DAY, 14, 15, id="the same weekday two weeks later"),
        pytest.param(None, None, None, id="no end yet"),
    ],
)
def test_length(end: date | None, length: int | None, counted: int | None) -> None:
    """The length is counted from start to end, or with both ends (PC-8)."""
    poc = Poc(start_on=START, end_on=end)

    assert (poc.length_days, poc.days_counted) == (length, counted)


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


FOUR = ("executive", "middle_manager", "participant", "decision_maker")


@pytest.mark.parametrize(
    ("people", "engaged"),
    [
        pytest.param([(c, True) for c in FOUR], True, id="all four engaged"),
        pytest.param([(c, True) for c in FOUR[1:]], False, id="no executive"),
        pytest.param([(c, c != "executive") for c in FOUR], False, id="executive not engaged"),
        pytest.param(
            [(c, None if c == "executive" else True) for c in FOUR], None, id="not recorded"
        ),
        pytest.param(
            [("executive", False), *((c, True) for c in FOUR)], True, id="one of two suffices"
        ),
    ],
)
def test_categories_engaged(people: list[tuple[str, bool | None]], engaged: Truth) -> None:
    """The four customer categories are identified and engaged (PC-9)."""
    poc = Poc.model_validate({"people": [{"category": c, "engaged": e} for c, e in people]})

    assert poc.categories_engaged is engaged


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
    ("on", "within"),
    [(START, True), (END, True), (START - DAY, False), (END + DAY, False), (None, None)],
)
def test_decision_meeting(on: date | None, within: Truth) -> None:
    """The final decision meeting lies within the PoC, both ends included (PC-12)."""
    poc = Poc(start_on=START, end_on=END, decision_meeting_on=on)

    assert poc.decision_meeting_in_timeline is within


@pytest.mark.parametrize(
    ("criteria", "reached"),
    [
        pytest.param([(True, "log"), (True, "log")], True, id="all met, with evidence"),
        pytest.param([(True, "log"), (True, None)], None, id="one without evidence"),
        pytest.param([(True, "log"), (False, None)], False, id="one not met"),
        pytest.param([(True, None), (False, None)], False, id="one not met decides"),
        pytest.param([(None, None)], None, id="no result yet"),
        pytest.param([], None, id="no criteria is no success"),
    ],
)
def test_all_criteria_reached(
    criteria: list[tuple[bool | None, str | None]], reached: Truth
) -> None:
    """A PoC succeeds when all its success criteria are reached, with evidence (PC-5, PC-18)."""
    poc = Poc(
        success_criteria=tuple(
            SuccessCriterion(use_case="x", met=met, evidence=evidence) for met, evidence in criteria
        )
    )

    assert poc.all_criteria_reached is reached


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


@pytest.mark.parametrize(
    ("takes_part", "partner", "agreed"),
    [
        pytest.param(True, True, True, id="all three"),
        pytest.param(True, None, None, id="the partner has not said"),
        pytest.param(True, False, False, id="the partner does not agree"),
        pytest.param(False, None, True, id="the partner takes no part"),
        pytest.param(None, None, None, id="not recorded whether it does"),
    ],
)
def test_mdp_agreed_by_all(takes_part: Truth, partner: Truth, agreed: Truth) -> None:
    """The MDP is agreed by customer, vendor and, where appropriate, the partner (MK-27)."""
    mdp = Mdp(
        agreed_by_customer=True,
        agreed_by_vendor=True,
        agreed_by_partner=partner,
        partner_takes_part=takes_part,
    )

    assert mdp.agreed_by_all is agreed


QUOTE_STEPS = ("scoped_at", "proposed_at", "aligned_at", "approved_at", "created_at")
REVIEW_STEPS = (
    "identified_at",
    "registered_at",
    "tracked_at",
    "requested_at",
    "answered_at",
    "questionnaire_submitted_at",
)


@pytest.mark.parametrize(
    ("model", "steps"),
    [(Quote, QUOTE_STEPS), (SecurityReview, REVIEW_STEPS)],
    ids=["MK-24", "MK-21"],
)
def test_steps_in_order(model: Any, steps: tuple[str, ...]) -> None:
    """Pricing and security review run step by step, in their order (MK-21, MK-24)."""
    dates = {name: NOON + index * DAY for index, name in enumerate(steps)}
    swapped = {**dates, steps[0]: dates[steps[1]], steps[1]: dates[steps[0]]}
    together = dict.fromkeys(steps, NOON)

    assert model(**dates).steps_in_order is True
    assert model(**together).steps_in_order is True
    assert model(**swapped).steps_in_order is False
    assert model(**{**dates, steps[2]: None}).steps_in_order is None
    assert model().steps_in_order is None
