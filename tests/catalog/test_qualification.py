"""The process `qualification`: every criterion on both sides, and the rules that are a story."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cosell import catalog
from cosell.definition import StageKind
from cosell.engine import Outcome, apply, change, decide, path
from cosell.errors import EditRefusedError
from cosell.findings import Severity, Verdict
from cosell.models import Evaluation, asked_by_several
from qualified_deals import ANSWER, DAY, NOW, SELLER, asked, deal, qualification

UNMET: Final = Verdict.UNMET
UNKNOWN: Final = Verdict.UNKNOWN

#: Stage and trigger of each gate, with the data that the trigger requires.
GATES: Final[dict[str, tuple[str, str, dict[str, Any]]]] = {
    "discovered": ("discovery", "start_scope", {}),
    "scoped": ("scope", "go", {}),
    "go": ("scope", "go", {}),
    "validated": ("validate", "start_closing", {}),
    "paper": ("validate", "ask_for_paper", {}),
    "frozen": ("validate", "freeze", {}),
    "buildable": ("validate", "hold", {}),
    "levers": ("closing", "quote", {}),
    "close": ("closing", "win", {}),
    "debriefed": (
        "scope",
        "no_go",
        {"go_no_go.debriefed_at": NOW, "go_no_go.missing": "The budget."},
    ),
    "disqualified": (
        "scope",
        "disqualify",
        {"closed_kind": "business", "closed_reason": "No budget."},
    ),
}


def no(name: str) -> list[tuple[dict[str, Any], Verdict]]:
    """Return both ways in which a question is not answered with yes."""
    return [({name: False}, UNMET), ({name: None}, UNKNOWN)]


def nothing(name: str) -> list[tuple[dict[str, Any], Verdict]]:
    return [({name: None}, UNMET)]


PERSON: Final = {"role": "champion", "engaged": True, "motivation": "Sleep.", "objection": "none"}
EVENT: Final = {"id": "e", "planned_at": NOW, "invited_at": NOW}
ITEM: Final = {"id": "nda", "owner": "s-1", "due_on": "2026-06-30", "finished_at": NOW}

SPOILED: Final[dict[str, dict[str, list[tuple[dict[str, Any], Verdict]]]]] = {
    "discovered": {
        "problem": no("discovery__problem_is_ours"),
        "reason_to_act_now": nothing("discovery__reason_to_act_now"),
        "learned": [({"notes": []}, UNMET)],
        "value_given": nothing("discovery__value_given"),
        "meeting_length": [
            ({"discovery__meeting_minutes": 44}, UNMET),
            ({"discovery__meeting_minutes": 61}, UNMET),
            ({"discovery__meeting_minutes": None}, UNKNOWN),
        ],
    },
    "scoped": {
        "technical_requirements": no("discovery__requirements_met"),
        "technical_use_case": [({"discovery__use_cases": []}, UNMET)],
        "business_outcome": [({"discovery__use_cases": [{"text": "Sort."}]}, UNMET)],
        "everyone_met": [
            ({"stakeholders": []}, UNMET),
            ({"stakeholders": [{**PERSON, "engaged": False}]}, UNMET),
            ({"stakeholders": [{**PERSON, "engaged": None}]}, UNKNOWN),
        ],
        "motivations": [({"stakeholders": [{**PERSON, "motivation": None}]}, UNMET)],
        "objections": [({"stakeholders": [{**PERSON, "objection": None}]}, UNMET)],
        "competitors": [({"discovery__competitors": []}, UNMET)],
        "champion_tested": no("discovery__champion_tested"),
        "meddpic_score": [
            (
                {
                    f"meddpicc__{name}": {"level": 0}
                    for name in (
                        "metrics",
                        "economic_buyer",
                        "decision_criteria",
                        "decision_process",
                    )
                },
                UNMET,
            ),
        ],
    },
    "go": {
        "held": nothing("go_no_go__held_at"),
        "sponsored": no("go_no_go__sponsored_by_champion"),
        "presented": no("go_no_go__presented_by_champion"),
        "installation_path": no("go_no_go__installation_path_sure"),
        "performance_tests": no("go_no_go__performance_tests_sure"),
        "success_metrics": no("go_no_go__success_metrics_sure"),
        "pains_played_back": no("go_no_go__pains_played_back"),
        "costs_played_back": no("go_no_go__costs_played_back"),
        "terms_agreed": no("go_no_go__terms_agreed"),
        "champion_aligned": no("evaluation__champion_aligned"),
        "team_aligned": no("evaluation__team_aligned"),
        "buyer_aligned": no("evaluation__buyer_aligned"),
        "ready_to_install": no("evaluation__ready_to_install"),
    },
    "validated": {
        "technical_promise": no("evaluation__technical_promise_kept"),
        "business_promise": no("evaluation__business_promise_kept"),
        "criteria_reached": [
            ({"evaluation__results": [{"criterion": "c-1", "met": False}]}, UNMET),
            ({"evaluation__results": [{"criterion": "c-1", "met": True}]}, UNKNOWN),
            ({"evaluation__success_criteria": []}, UNKNOWN),
        ],
        "invited_in_advance": [
            ({"evaluation__events": []}, UNMET),
            ({"evaluation__events": [EVENT]}, UNMET),
            ({"evaluation__events": [{**EVENT, "invited_at": None}]}, UNKNOWN),
        ],
        "issues_tagged": [
            (
                {"evaluation__issues": [{"id": "i", "kind": "bug", "text": "Slow.", "tag": "x"}]},
                UNMET,
            )
        ],
        "paper_permission": nothing("evaluation__paper_permission_at"),
        "deck_ready": nothing("evaluation__deck_ready_at"),
        "purchase_approved": nothing("evaluation__purchase_approved_at"),
        "meddpic_score": [
            (
                {
                    f"meddpicc__{name}": {"level": 0}
                    for name in ("metrics", "economic_buyer", "decision_criteria")
                },
                UNMET,
            ),
        ],
    },
    "paper": {"metrics_reachable": no("evaluation__metrics_reachable")},
    "frozen": {"criteria_recorded": [({"evaluation__success_criteria": []}, UNMET)]},
    "buildable": {"on_road_map": [({"evaluation__issues": []}, UNMET)]},
    "levers": {
        "one_lever": [
            (
                {
                    "quote__signature_due_on": None,
                    "quote__reference": None,
                    "contract__term_months": None,
                },
                UNMET,
            ),
            ({"quote__discount_share": None}, Verdict.MET),
        ],
        "all_levers": nothing("quote__signature_due_on"),
        "testimonial": [({"quote__reference": "logo"}, UNMET)],
        "discount_range": [
            ({"quote__discount_share": "0.19"}, UNMET),
            ({"quote__discount_share": "0.51"}, UNMET),
        ],
        "term": [({"contract__term_months": 25}, UNMET), ({"contract__term_months": 36}, UNMET)],
    },
    "close": {
        "paper_owned": [
            ({"paper_items": []}, UNMET),
            ({"paper_items": [{**ITEM, "owner": None}]}, UNMET),
            ({"paper_items": [{**ITEM, "due_on": None}]}, UNMET),
        ],
        "paper_done": [({"paper_items": [{**ITEM, "finished_at": None}]}, UNMET)],
        "paper_in_time": [
            ({"paper_items": [{**ITEM, "finished_at": None, "due_on": "2026-05-31"}]}, UNMET)
        ],
        "order_form_reflects_levers": no("order_form__reflects_levers"),
        "order_form_signed": nothing("order_form__signed_at"),
    },
    "debriefed": {},
    "disqualified": {},
}
ROWS: Final = [
    (gate, name, index, changes, verdict)
    for gate, rows in SPOILED.items()
    for name, cases in rows.items()
    for index, (changes, verdict) in enumerate(cases)
]
CITES: Final = {
    (check.gate, check.id): " ".join(check.cites)
    for line in qualification().lines.values()
    for gate in line.gates.values()
    for check in gate.checks
}


@pytest.mark.parametrize(
    ("gate", "name", "changes", "verdict"),
    [
        pytest.param(gate, name, changes, verdict, id=f"{gate}:{name} {CITES[gate, name]} #{index}")
        for gate, name, index, changes, verdict in ROWS
    ],
)
def test_a_criterion_that_is_not_met_is_named(
    gate: str, name: str, changes: dict[str, Any], verdict: Verdict
) -> None:
    """On the ready deal each criterion is met; with one thing otherwise it alone says so."""
    stage, trigger, data = GATES[gate]
    ready = {found.id: found for found in asked(stage, trigger, data).findings}
    spoiled = {found.id: found for found in asked(stage, trigger, data, **changes).findings}
    assert ready[name].verdict is Verdict.MET
    assert spoiled[name].verdict is verdict
    assert spoiled[name].check.cites


@pytest.mark.parametrize("gate", list(GATES))
def test_the_ready_deal_passes_every_gate(gate: str) -> None:
    """The other side of every row: nothing is in the way, and there is no advice (QL-1)."""
    stage, trigger, data = GATES[gate]
    decision = asked(stage, trigger, data)
    assert decision.permitted
    assert [finding.id for finding in decision.advice] == []


def test_every_criterion_has_a_row() -> None:
    """A criterion that is added is tested too."""
    stories = {
        ("rescheduling_is_fine", "reschedules"),
        ("rescheduled_too_often", "reschedules_too_many"),
        ("given_for", "give"),
        ("debriefed", "debrief"),
        ("disqualified", "kind"),
        ("forecast", "not_past"),
        ("forecast", "after_open_papers"),
        ("permitted", "permission"),
        ("permitted", "owned"),
    }
    rows = {(gate, name) for gate, rows in SPOILED.items() for name in rows}
    assert set(CITES) - rows - stories == set()


# --- What is a story ------------------------------------------------------------------------------


def test_a_go_without_a_purchase_by_date_is_refused() -> None:
    """The buyer confirms a purchase by a date, or there is no Go (QL-6)."""
    decision = asked("scope", "go", go_no_go__purchase_due_on=None)
    assert [finding.id for finding in decision.obstacles] == ["input_go_no_go_purchase_due_on"]
    assert "confirm a purchase by a date" in decision.obstacles[0].remedy


def test_a_no_go_is_debriefed_and_worked_on() -> None:
    """A No-Go needs the debrief with the champion and what is missing, anew each time (QL-7)."""
    decision = asked("scope", "no_go")
    assert {finding.id for finding in decision.obstacles} == {
        "input_go_no_go_debriefed_at",
        "input_go_no_go_missing",
        "debrief",
    }
    data = {"go_no_go.debriefed_at": NOW, "go_no_go.missing": "The budget."}
    after = apply(qualification(), deal("scope"), "no_go", actor=SELLER, at=NOW, data=data).record
    assert (after.stage, after.go_no_go.held_at) == ("scope", None)
    assert not asked("scope", "go", go_no_go__held_at=None).permitted


@pytest.mark.parametrize(
    "stage", ["discovery", "scope", "validate", "stopped", "on_hold", "closing"]
)
def test_a_deal_is_disqualified_from_any_open_stage_with_kind_and_hurdle(stage: str) -> None:
    """Kind and hurdle are required, each named when it is missing (QL-8, BX-10)."""
    decision = asked(stage, "disqualify")
    assert {finding.id for finding in decision.obstacles} == {
        "input_closed_kind",
        "input_closed_reason",
        "kind",
    }
    data = {"closed_kind": "technical", "closed_reason": "No SSO."}
    assert asked(stage, "disqualify", data).permitted
    other = {"closed_kind": "other", "closed_reason": "Gut feeling."}
    assert [each.id for each in asked(stage, "disqualify", other).obstacles] == ["kind"]


@pytest.mark.parametrize("stage", ["won", "feedback_partner"])
def test_what_has_ended_is_not_disqualified(stage: str) -> None:
    """Disqualifying is for open deals (QL-8)."""
    assert asked(stage, "disqualify").outcome is Outcome.TERMINAL


def test_the_third_last_minute_reschedule_stops_the_evaluation() -> None:
    """One or two are fine; the third leads to a stop, and the champion is asked (QL-10)."""
    record = deal("validate")
    put_off = {"evaluation.reschedules": {"event": "kick_off", "last_minute": True}}
    stages = []
    for _ in range(3):
        moved = apply(qualification(), record, "reschedule", actor=SELLER, at=NOW, data=put_off)
        record = moved.record
        stages.append(record.stage)
    assert stages == ["validate", "validate", "stopped"]
    assert [effect.kind for effect in moved.effects] == ["reconfirm_with_champion"]
    assert record.evaluation.reschedules[0].by == "s-1"
    assert {
        option
        for option in ("reconfirm", "disqualify")
        if decide(qualification(), record, option, actor=SELLER, at=NOW).outcome
        is not Outcome.NOT_FROM_HERE
    } == {"reconfirm", "disqualify"}
    again = apply(
        qualification(),
        record,
        "reconfirm",
        actor=SELLER,
        at=NOW,
        data={"evaluation.champion_aligned": True},
    ).record
    assert (again.stage, again.evaluation.reschedules) == ("validate", ())


def test_a_reschedule_in_good_time_counts_nothing() -> None:
    """Only what is put off at the last minute stops an evaluation (QL-10)."""
    record = deal("validate")
    put_off = {"evaluation.reschedules": {"event": "kick_off", "last_minute": False}}
    for _ in range(5):
        moved = apply(qualification(), record, "reschedule", actor=SELLER, at=NOW, data=put_off)
        record = moved.record
    assert record.stage == "validate"


def test_an_invitation_is_sent_with_each_planned_meeting() -> None:
    """A meeting of the evaluation carries its invitation (QL-10)."""
    data = {"evaluation.events": {"id": "review", "planned_at": NOW + DAY}}
    moved = apply(qualification(), deal("validate"), "plan_event", actor=SELLER, at=NOW, data=data)
    assert moved.record.evaluation.events[-1].invited_in_advance
    assert [effect.kind for effect in moved.effects] == ["send_invitation"]


def test_a_new_criterion_in_a_frozen_evaluation_needs_a_give() -> None:
    """Before the freeze criteria are free; after it something is given in return (QL-11)."""
    added = {"evaluation.success_criteria": {"id": "c-2", "use_case": "SSO."}}
    assert asked("validate", "add_criterion", added).permitted
    frozen = deal("validate", evaluation__frozen_at=NOW)
    refused = decide(qualification(), frozen, "add_criterion", actor=SELLER, at=NOW, data=added)
    assert [finding.id for finding in refused.obstacles] == ["give"]
    ask = {
        "evaluation.asks": {
            "id": "a-1",
            "text": "SSO.",
            "kind": "signing_date",
            "in_return": "Signs in June.",
        }
    }
    given = apply(qualification(), frozen, "ask", actor=SELLER, at=NOW, data=ask).record
    named = {"evaluation.success_criteria": {"id": "c-2", "use_case": "SSO.", "request": "a-1"}}
    moved = apply(qualification(), given, "add_criterion", actor=SELLER, at=NOW, data=named)
    assert [each.id for each in moved.record.evaluation.success_criteria] == ["c-1", "c-2"]
    with pytest.raises(EditRefusedError, match="Requirements are frozen"):
        change(qualification(), given, {"evaluation.success_criteria": []}, actor=SELLER, at=NOW)


def test_an_ask_without_a_give_is_refused() -> None:
    """An ask names what is given for it, or it is not recorded (QL-11)."""
    data = {"evaluation.asks": {"id": "a-1", "text": "SSO.", "kind": "other"}}
    decision = asked("validate", "ask", data)
    assert not decision.permitted
    assert "in_return" in decision.obstacles[0].remedy


def test_the_freeze_is_stamped() -> None:
    """The mutual agreement has its moment (QL-11)."""
    frozen = apply(qualification(), deal("validate"), "freeze", actor=SELLER, at=NOW).record
    assert frozen.evaluation.frozen_at == NOW


def test_what_several_prospects_ask_for_shows() -> None:
    """The same tag in two deals is worth considering, in one it is not yet (QL-12)."""
    data = {
        "evaluation.issues": {
            "id": "i-2",
            "kind": "feature_gap",
            "text": "No SSO.",
            "tag": "sso",
        }
    }
    moved = apply(
        qualification(), deal("validate"), "document_issue", actor=SELLER, at=NOW, data=data
    ).record
    found = asked_by_several(
        [("o-1", moved.evaluation), ("o-2", moved.evaluation), ("o-3", deal().evaluation)]
    )
    assert found == {"speed": ("o-1", "o-2", "o-3"), "sso": ("o-1", "o-2")}
    assert asked_by_several([("o-1", moved.evaluation), ("o-2", Evaluation())]) == {}


def test_the_paper_process_starts_with_the_buyers_permission() -> None:
    """Items go out once the buyer permits it, each with an owner and a due date (QL-13, QL-15)."""
    item = {"id": "nda", "owner": "s-1", "due_on": "2026-06-30"}

    def sends(**changes: Any) -> list[str]:
        record = deal("validate", **changes)
        found = decide(qualification(), record, "paper_items[nda].send", actor=SELLER, at=NOW)
        return [finding.id for finding in found.obstacles]

    assert sends(paper_items=[item]) == []
    assert sends(paper_items=[item], evaluation__paper_permission_at=None) == ["permission"]
    assert sends(paper_items=[{**item, "owner": None}]) == ["owned"]
    permitted = apply(qualification(), deal("validate"), "ask_for_paper", actor=SELLER, at=NOW)
    assert [effect.kind for effect in permitted.effects] == ["start_paper_process"]


def test_an_item_of_the_paper_process_goes_its_own_way() -> None:
    """Redlines come back and are answered, beside the main line (QL-15)."""
    record = deal("closing", paper_items=[{"id": "nda", "owner": "s-1", "due_on": "2026-06-30"}])
    for trigger, data in (
        ("send", {}),
        ("redline", {"redlines": "Two years, not five."}),
        ("send", {}),
        ("finish", {}),
    ):
        record = apply(
            qualification(), record, f"paper_items[nda].{trigger}", actor=SELLER, at=NOW, data=data
        ).record
    assert (record.stage, record.paper_items[0].stage) == ("closing", "finished")
    assert decide(qualification(), record, "win", actor=SELLER, at=NOW).permitted


def test_a_discount_of_35_per_cent_without_a_lever_is_refused() -> None:
    """A discount is justified by at least one lever; without a discount none is asked (QL-16)."""
    bare = {
        "quote__signature_due_on": None,
        "quote__reference": None,
        "contract__term_months": None,
    }
    refused = asked("closing", "quote", {"quote.discount_share": "0.35"}, **bare)
    assert [finding.id for finding in refused.obstacles] == ["one_lever"]
    assert asked("closing", "quote", {"quote.discount_share": "0"}, **bare).permitted
    one = asked(
        "closing", "quote", {"quote.discount_share": "0.35", "quote.reference": "logo"}, **bare
    )
    assert one.permitted
    assert {finding.id for finding in one.advice} == {"all_levers", "testimonial"}


def test_a_term_of_36_months_is_advice() -> None:
    """Two years to start are advised, and longer is not refused (QL-16)."""
    decision = asked("closing", "quote", contract__term_months=36)
    assert decision.permitted
    assert [(each.id, each.check.severity) for each in decision.advice] == [
        ("term", Severity.ADVISED)
    ]
    assert asked("closing", "quote", contract__term_months=24).advice == ()


def test_at_any_time_it_says_how_a_deal_is_won_and_how_it_dies() -> None:
    """Every open requirement on the way to each kind of end, before anybody asks (QL-17)."""
    found = path(
        qualification(), deal("validate", evaluation__deck_ready_at=None), actor=SELLER, at=NOW
    )
    won = found.ways[StageKind.WON]
    assert [step.trigger for step in won] == ["start_closing", "win"]
    assert [each.id for step in won for each in step.obstacles] == ["deck_ready"]
    assert set(found.ways) == {StageKind.WON, StageKind.LOST, StageKind.CLOSED}


@pytest.mark.parametrize("stage", ["validate", "stopped", "on_hold", "closing"])
def test_a_design_partner_that_does_not_convert_is_kept(stage: str) -> None:
    """A distinct end, not a loss; they uninstall or go to the free tier (QL-19)."""
    assert [each.id for each in asked(stage, "keep_as_feedback_partner").obstacles] == [
        "input_evaluation_after_care"
    ]
    moved = apply(
        qualification(),
        deal(stage),
        "keep_as_feedback_partner",
        actor=SELLER,
        at=NOW,
        data={"evaluation.after_care": "free_tier"},
    )
    assert (moved.record.stage, moved.record.lost_at) == ("feedback_partner", None)
    assert qualification().main.kinds["feedback_partner"].value == "closed"
    assert [effect.kind for effect in moved.effects] == ["say_goodbye"]


@pytest.mark.parametrize("stage", ["disqualified", "lost"])
def test_a_deal_is_reopened_with_a_reason_and_keeps_its_history(stage: str) -> None:
    """The reason is given anew, and what was recorded stays (QL-21)."""
    assert [each.id for each in asked(stage, "reopen").obstacles] == ["input_next_steps_text"]
    ended = deal(stage, closed_reason="No budget.", closed_at=NOW)
    after = apply(
        qualification(),
        ended,
        "reopen",
        actor=SELLER,
        at=NOW,
        data={"next_steps.text": "New budget."},
    ).record
    assert (after.stage, after.closed_reason, after.closed_at) == ("discovery", "No budget.", None)
    assert len(after.trail) == len(ended.trail) + 1


def test_a_technical_hurdle_pauses_the_deal_until_it_is_cleared() -> None:
    """What fits the road map is prioritised and waited for; the rest is let go (QL-25)."""
    held = apply(qualification(), deal("validate"), "hold", actor=SELLER, at=NOW)
    assert held.record.stage == "on_hold"
    assert [effect.kind for effect in held.effects] == ["prioritise_on_road_map"]
    back = apply(qualification(), held.record, "resume", actor=SELLER, at=NOW).record
    assert back.stage == "validate"


def test_the_method_gathers_what_the_gates_ask() -> None:
    """Process and method are apart: MEDDPIC or another one (QL-20, QL-23)."""
    answers = {
        f"meddpicc__{name}": {**ANSWER, "level": 1}
        for name in (
            "metrics",
            "economic_buyer",
            "decision_criteria",
            "decision_process",
            "identified_pain",
            "champion",
        )
    }
    advice = asked("scope", "go", **answers).advice
    assert [each.id for each in advice] == ["meddpic_score"]
    text = (
        'extends = "qualification@1"\nid = "ours"\nversion = 1\n[methods.meddpic]\nuse = "bant"\n'
    )
    assert catalog.parse(text).process.methods["meddpic"].use == "bant"


@pytest.mark.parametrize(
    ("place", "said", "rule"),
    [
        pytest.param("discovery", "45 to 60 minutes", "QL-3", id="QL-3"),
        pytest.param("discovery", "something of value", "QL-24", id="QL-24"),
        pytest.param("scope", "ideally in one meeting", "QL-5", id="QL-5"),
        pytest.param("scope", "the champion presents", "QL-6", id="QL-6"),
        pytest.param(None, "50 or more innovators", "QL-26", id="QL-26"),
        pytest.param(None, "Self-serve purchase by card is another process", "QL-22", id="QL-22"),
    ],
)
def test_guidance_is_offered(place: str | None, said: str, rule: str) -> None:
    """Rows marked guidance stand where people read them, with their id."""
    process = qualification().process
    found = process if place is None else process.stage(place)
    assert said in (found.help or "")
    assert rule in found.cites
