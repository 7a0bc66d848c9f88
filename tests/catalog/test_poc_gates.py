"""Every criterion of the PoC of `make`: met on a ready PoV, not met when one thing is spoiled.

The table has a row for each way in which a criterion fails; its ids name gate, criterion and the
rules that the criterion cites.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest

from cosell.engine import Decision, decide
from cosell.findings import Verdict
from cosell.rules import Criterion
from make_deals import AE, DAY, END, NOW, PARTNER, POV, START, deal, make, unveiled
from spoiling import (
    UNKNOWN,
    UNMET,
    Spoiled,
    failing,
    is_missing,
    require_cited,
    require_found_out,
    rows_of,
    spread,
    unanswered,
    unrecorded,
    without,
)

#: Where each gate stands: the stage, the trigger, and who pulls it.
GATES: Final = {
    "own": ("approved", "start", PARTNER),
    "prepare": ("not_started", "prepare", AE),
    "approve": ("preparing", "approve", AE),
    "bounds": ("preparing", "approve", AE),
    "scope": ("running", "extend_scope", AE),
    "follow_up": ("running", "follow_up", AE),
    "succeed": ("following_up", "succeed", AE),
    "fail": ("running", "fail", AE),
}
#: Data that a trigger requires beside the ready deal.
DATA: Final[dict[str, dict[str, Any]]] = {
    "extend_scope": {
        "scope_agreements": {"request": "r-1", "agreed_by": "eva"},
        "success_criteria": {
            "id": "c-2",
            "use_case": "One more test",
            "complete_on": END,
            "request": "r-1",
        },
    },
}
#: What a gate needs so that it opens on the ready deal.
GIVEN: Final[dict[str, dict[str, Any]]] = {
    "prepare": {"acv": "100000.01 USD"},
    "fail": {"poc.results": [], "poc.end_on": date(2026, 5, 31), "poc.start_on": START - DAY},
}

#: Parameters of the host in front of a gate: people say that a PoC failed before the clock does.
PARAMETERS: Final[dict[str, dict[str, Any]]] = {"fail": {"poc_grace_days": 7}}

Rows = dict[str, list[tuple[dict[str, Any], Verdict]]]

CATEGORIES: Final = ("executive", "middle_manager", "participant", "decision_maker")


def undone(*names: str) -> Rows:
    """Return rows of criteria that are named as the part's field that they ask for."""
    return {name: unanswered(f"poc.{name}") for name in names}


def listed(name: str, *fields: str) -> list[tuple[dict[str, Any], Verdict]]:
    """Return the ways in which a field of a list's items is not recorded."""
    return [({f"poc.{name}": without(POV[name], field)}, UNMET) for field in fields]


def engaged(category: str, *, others: Any) -> list[dict[str, Any]]:
    """Return the people of the PoV, with those of ``category`` engaged as given."""
    return [
        {**person, "engaged": others if person["category"] == category else True}
        for person in POV["people"]
    ]


def milestones(*days: date) -> dict[str, Any]:
    """Return the change to milestones on these days."""
    return {"poc.milestones": [{**POV["milestones"][0], "on": day} for day in days]}


SPOILED: Final[Spoiled] = {
    "own": {"own_deal": [({"partner.id": "other"}, UNMET), ({"partner.id": None}, UNKNOWN)]},
    "prepare": {
        "kind": [({"poc.kind": None, "acv": None, "is_oem": None}, UNMET)],
        "self_service_when_small": [({"acv": "9999.99 USD"}, UNMET)],
        "guided_in_between": [({"acv": "10000 USD"}, UNMET), ({"acv": "100000 USD"}, UNMET)],
        "pov_when_large": [({"poc.kind": "poc"}, UNMET)],
        **{name: unanswered(f"poc.readiness.{name}") for name in POV["readiness"]},
        "vendor_team": unanswered("poc.vendor_team_involved"),
        "customer_commitment": unrecorded("poc.customer_commitment"),
        "pain_heard": [({"discovery.pain_points": []}, UNMET)],
        "technologies_heard": [({"discovery.technologies": []}, UNMET)],
    },
    "approve": {
        **{
            name: unrecorded(f"poc.{name}.text")
            for name in (
                "current_state",
                "future_state",
                "business_imperatives",
                "outcomes",
                "proposed_solution",
            )
        },
        **{
            f"{name}_author": [
                ({f"poc.{name}.author": "partner"}, UNMET),
                ({f"poc.{name}.author": "vendor"}, UNMET),
                ({f"poc.{name}.author": "se"}, UNMET),
                is_missing(f"poc.{name}.author"),
            ]
            for name in ("current_state", "future_state", "business_imperatives")
        },
        "gap": [({"poc.gap": []}, UNMET)],
        "gap_author": [
            ({"poc.gap": [*POV["gap"], {"text": "x", "author": "partner"}]}, UNMET),
            ({"poc.gap": [{"text": "x"}]}, UNKNOWN),
        ],
        **{
            f"{name}_author": [
                ({f"poc.{name}.author": "customer"}, UNMET),
                ({f"poc.{name}.author": "vendor"}, UNMET),
                is_missing(f"poc.{name}.author"),
            ]
            for name in ("outcomes", "proposed_solution")
        },
        "outcomes_of_this_poc": unanswered("poc.outcomes_of_this_poc"),
        "scope": [({"poc.goals": []}, UNMET)],
        "environment_temporary": unanswered("poc.environment_stated_temporary"),
        "environment_not_production": unanswered("poc.environment_stated_not_production"),
        "success_criteria": [({"poc.success_criteria": []}, UNMET)],
        "success_criteria_dated": listed("success_criteria", "complete_on"),
        "technical_requirements": [({"poc.technical_requirements": []}, UNMET)],
        "technical_requirements_dated": listed("technical_requirements", "available_on"),
        "prerequisites": [({"poc.prerequisites": []}, UNMET)],
        "prerequisites_dated": listed("prerequisites", "available_on"),
        **undone(
            "success_criteria_clear",
            "setup_confirmed",
            "security_access_confirmed",
            "timing_confirmed",
            "researched",
        ),
        "assumptions": [({"poc.assumptions": []}, UNMET)],
        "assumptions_of_customer": [
            ({"poc.assumptions": POV["assumptions"][1:]}, UNMET),
        ],
        "assumptions_of_vendor": [({"poc.assumptions": POV["assumptions"][:1]}, UNMET)],
        "assumptions_owned": listed("assumptions", "who", "due_on"),
        "timeline_proposed": [
            ({"poc.timeline_proposed_by": "customer"}, UNMET),
            ({"poc.timeline_proposed_by": "vendor"}, UNMET),
            is_missing("poc.timeline_proposed_by"),
        ],
        "roles_and_responsibilities": [({"poc.people": []}, UNMET)],
        "people_complete": listed(
            "people", "first_name", "last_name", "position", "responsibility", "email"
        ),
        **{
            f"{category}s_engaged": [
                ({"poc.people": engaged(category, others=False)}, UNMET),
                ({"poc.people": engaged(category, others=None)}, UNKNOWN),
                ({"poc.people": [p for p in POV["people"] if p["category"] != category]}, UNMET),
            ]
            for category in CATEGORIES
        },
        "sequence_of_events": [({"poc.milestones": []}, UNMET)],
        "milestones_dated": listed("milestones", "on"),
        "milestones_complete": listed("milestones", "actions", "meeting", "people"),
        "closure": unrecorded("poc.closure.ends_on"),
        **{
            f"closure_{name}": unrecorded(f"poc.closure.{name}")
            for name in ("environment", "process", "team")
        },
        "recommends_purchase": unanswered("poc.prospect_recommends_purchase"),
        "shared_channel": unrecorded("poc.shared_channel"),
        "buying_process": unanswered("poc.buying_process_understood"),
        "legal_and_it": [
            *unanswered("poc.legal_and_it_review_understood"),
            *unanswered("poc.legal_and_it_review_running"),
        ],
        "business_value": unrecorded("poc.business_value.text"),
        "struggling_systems": unrecorded("poc.struggling_systems"),
        "pre_call": unanswered("poc.pre_call_held"),
    },
    "bounds": {
        "goals_limited": [({"poc.goals": POV["goals"] * 6}, UNMET)],
        "goals_measurable": [
            ({"poc.goals": [{"text": "x", "measurable": False}]}, UNMET),
            ({"poc.goals": [{"text": "x"}]}, UNKNOWN),
        ],
        "success_criteria_distinct": [
            ({"poc.success_criteria": POV["success_criteria"] * 2}, UNMET)
        ],
        "dates": unrecorded("poc.start_on", "poc.end_on"),
        "length": [
            ({"poc.end_on": START + 29 * DAY, "poc.special_approval_by": "d-1"}, UNMET),
            ({"poc.end_on": START + 29 * DAY}, UNMET),
        ],
        "length_approved": [
            ({"poc.end_on": START + 15 * DAY}, UNMET),
            ({"poc.end_on": START + 28 * DAY}, UNMET),
        ],
        "milestones_in_order": [(milestones(END, START), UNMET)],
        "milestones_in_timeline": [
            (milestones(START - DAY), UNMET),
            (milestones(END + DAY), UNMET),
        ],
        "decision_meeting": [
            ({"poc.decision_meeting_on": END + DAY}, UNMET),
            ({"poc.decision_meeting_on": START - DAY}, UNMET),
            is_missing("poc.decision_meeting_on"),
        ],
    },
    "scope": {
        "additions_requested": [({"poc.scope_requests": []}, UNMET)],
        "additions_agreed": [
            ({"scope_agreements": {"request": "r-0", "agreed_by": "eva"}}, UNMET),
        ],
    },
    "follow_up": {"hands_on_support": unanswered("poc.hands_on_support_given")},
    "succeed": {
        "criteria_reached": [
            ({"poc.results": [{"criterion": "c-1", "met": False}]}, UNMET),
            ({"poc.results": [{"criterion": "c-1", "met": True}]}, UNKNOWN),
            ({"poc.results": []}, UNKNOWN),
        ],
        **undone("use_cases_confirmed", "champion_deck_delivered", "business_value_confirmed"),
        "mutual_decision_plan": unrecorded("poc.mutual_decision_plan"),
        **{name: unanswered(f"poc.objectives.{name}") for name in POV["objectives"]},
    },
    "fail": {
        "not_all_reached": [({"poc.results": POV["results"]}, UNMET)],
        "time_is_up": [({"poc.end_on": date(2026, 6, 1)}, UNMET), is_missing("poc.end_on")],
    },
}
#: What else is not met when what several criteria read is spoiled.
ALSO: Final[dict[tuple[str, str], set[str]]] = {
    ("prepare", "kind"): {"self_service_when_small", "guided_in_between", "pov_when_large"},
}


def criteria() -> dict[tuple[str, str], Criterion]:
    """Return every criterion of the track by gate and id."""
    return {
        (gate, criterion.id): criterion
        for gate, found in make().process.tracks["poc"].gates.items()
        for criterion in found.criteria
    }


def asked(gate: str, changes: dict[str, Any]) -> Decision:
    """Return the decision in front of ``gate``, with what the gate is given and ``changes``."""
    stage, trigger, actor = GATES[gate]
    written, data = spread(changes, GIVEN.get(gate, {}), DATA.get(trigger, {}))
    record = deal(f"poc.{stage}", written)
    bound = unveiled(**PARAMETERS.get(gate, {}))
    return decide(bound, record, f"poc.{trigger}", actor=actor, at=NOW, data=data)


@pytest.mark.parametrize("gate", GATES)
def test_a_ready_pov_passes_the_gate(gate: str) -> None:
    """With nothing spoiled every criterion is met or does not apply, and the move is permitted."""
    decision = asked(gate, {})

    assert failing(decision) == {}
    assert decision.permitted


@pytest.mark.parametrize(("gate", "criterion", "changes", "verdict"), rows_of(SPOILED, criteria()))
def test_a_spoiled_pov_is_found_out(
    gate: str, criterion: str, changes: dict[str, Any], verdict: Verdict
) -> None:
    """One thing spoiled is found as that one criterion, with its verdict and a remedy."""
    decision = asked(gate, changes)

    also = ALSO.get((gate, criterion), set())
    require_found_out(decision, criteria()[gate, criterion], verdict, also)


@pytest.mark.parametrize(("gate", "criterion"), sorted(criteria()))
def test_every_criterion_is_cited_and_has_a_row(gate: str, criterion: str) -> None:
    """A criterion cites its rules, says what to do, and stands in the table of this file."""
    require_cited(criteria()[gate, criterion])
    assert criterion in SPOILED[gate]
