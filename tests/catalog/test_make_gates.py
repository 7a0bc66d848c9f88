"""Every criterion of the process `make`: met on a ready deal, not met when one thing is spoiled.

The table has a row for each way in which a criterion fails; its ids name gate, criterion and the
rules that the criterion cites.
"""

from __future__ import annotations

from typing import Any, Final

import pytest

from cosell.engine import Decision, decide
from cosell.events import Actor
from cosell.findings import Verdict
from cosell.rules import Criterion
from make_deals import (
    AE,
    DAY,
    MANAGER,
    NOW,
    PARTNER,
    READY,
    STEPS,
    SUCCESS,
    deal,
    make,
    unveiled,
)
from make_track_rows import (
    TRACK_ACTORS,
    TRACK_ALSO,
    TRACK_DATA,
    TRACK_GATES,
    TRACK_GIVEN,
    TRACK_SPOILED,
)
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
    "own": ("identified", "qualify", PARTNER),
    "qualify": ("identified", "qualify", PARTNER),
    "give_up": ("identified", "lose", PARTNER),
    "register": ("qualified", "register", PARTNER),
    "review": ("registered", "reject", MANAGER),
    "accept": ("registered", "accept_co_selling", MANAGER),
    "progression": ("discovery", "start_closing", PARTNER),
    "convert": ("converted", "start_discovery", AE),
    "ready_to_close": ("discovery", "start_closing", AE),
    "win": ("closing", "win", AE),
    "hand_over": ("closed_won", "start_onboarding", AE),
    "onboarded": ("onboarding", "finish_onboarding", SUCCESS),
    "mdp.own": ("mdp.not_started", "mdp.draft", PARTNER),
    "mdp.draft": ("mdp.not_started", "mdp.draft", AE),
    "mdp.agree": ("mdp.drafted", "mdp.agree", AE),
    **TRACK_GATES,
}
#: Data that a trigger requires beside the ready deal.
DATA: Final[dict[str, dict[str, Any]]] = {
    "lose": {"closed_reason": "No budget."},
    "reject": {"registration.reason": "Known to us already."},
    **TRACK_DATA,
}
#: What a gate needs so that it opens on the ready deal.
GIVEN: Final[dict[str, dict[str, Any]]] = {
    "give_up": {
        "activities": [
            {"kind": "touch", "at": NOW + 2 * index * DAY, "side": "partner"} for index in range(10)
        ]
    },
    **TRACK_GIVEN,
}

SPOILED: Final[Spoiled] = {
    "own": {
        "own_deal": [({"partner.id": "other"}, UNMET), ({"partner.id": None}, UNKNOWN)],
        "own_prospect": [({"partner.id": "other"}, UNKNOWN)],
    },
    "qualify": {
        "lead_source": unrecorded("lead_source"),
        "persona_reached": unanswered("customer.persona_reached"),
        "ideal_customer": unanswered("customer.matches_icp"),
        "profile_values": [
            ({"customer.revenue": "100000000 USD", "customer.staff_growth": "0.31"}, UNMET),
            ({"customer.revenue": "99999999 USD", "customer.staff_growth": "0.3"}, UNMET),
            ({"customer.revenue": "500000000 USD", "customer.employees": 1001}, UNMET),
            ({"customer.revenue": "500000001 USD", "customer.employees": 1000}, UNMET),
            ({"customer.revenue": "1 EUR", "customer.staff_growth": "0.31"}, UNKNOWN),
        ],
        "target_persona": unanswered("customer.matches_persona"),
        "goals": unrecorded("gpca.goals.value"),
        "plans": unrecorded("gpca.plans.value"),
        "challenges": unrecorded("gpca.challenges.value"),
        "authority": unrecorded("gpca.authority.value"),
        "authority_role": unrecorded("gpca.authority_role"),
        "pain_acknowledged": unanswered("gpca.pain_acknowledged"),
        "authority_right": unanswered("gpca.authority_is_right"),
        "next_steps_confirmed": unanswered("next_steps.confirmed_with_lead"),
        "touch_rhythm": [
            ({"activities": [{"kind": "touch", "at": NOW}, {"kind": "touch", "at": NOW}]}, UNMET),
            (
                {
                    "activities": [
                        {"kind": "touch", "at": NOW},
                        {"kind": "touch", "at": NOW + 5 * DAY},
                    ]
                },
                UNMET,
            ),
        ],
    },
    "give_up": {
        "touches_enough": [
            ({"activities": []}, UNMET),
            ({"activities": [{"kind": "touch", "at": NOW}] * 10}, UNMET),
        ],
    },
    "register": {
        "channel": [({"registration.channel": "vendor"}, UNMET)],
        "partners_use_portal": [({"registration.channel": "website_form"}, UNMET)],
        "portal_for_partners": [
            ({"partner.status": "prospective"}, UNMET),
            ({"partner.status": None}, UNKNOWN),
        ],
        "portal_access": [
            ({"partner.portal_access_on": "2026-01-19"}, UNMET),
            ({"partner.portal_access_on": None}, UNKNOWN),
        ],
        "submitter_is_partner": unrecorded("registration.submitter_is_partner"),
        "submitter_name": unrecorded(
            "registration.submitter.first_name", "registration.submitter.last_name"
        ),
        "submitter_position": unrecorded("registration.submitter.position"),
        "submitter_email": unrecorded("registration.submitter.email"),
        "customer_named": unrecorded("customer.name"),
        "opportunity_described": unrecorded("registration.customer_need"),
    },
    "review": {
        "quality_reviewed": unanswered("registration.reviewed_quality"),
        "history_reviewed": unanswered("registration.reviewed_history"),
    },
    "accept": {
        "model_agreed": unanswered("engagement_model_agreed"),
        "model_wanted": [({"registration.engagement_model_wanted": "lead_sourcing"}, UNMET)],
        "next_steps_with_partner": unanswered("next_steps.agreed_with_partner"),
    },
    "progression": {
        "progression_by_model": [
            ({"engagement_model": "lead_sourcing"}, UNMET),
            ({"engagement_model": None}, UNKNOWN),
        ],
    },
    "convert": {
        "opportunity_qualified": unrecorded("qualified_at"),
        "partner_informed": unrecorded("registration.partner_informed_at"),
        "partner_informed_first": [
            (
                {
                    "activities": [
                        {"kind": "meeting", "at": NOW, "side": "vendor", "with_customer": True}
                    ]
                },
                UNMET,
            ),
            ({"activities": [{"kind": "meeting", "at": NOW, "with_customer": True}]}, UNKNOWN),
        ],
        "use_cases": [
            ({"discovery.use_cases": []}, UNMET),
            ({"discovery.use_cases": [{"text": "x", "is_main": False}]}, UNMET),
            ({"discovery.use_cases": [{"text": "x"}]}, UNKNOWN),
        ],
        "pain_points": [
            ({"discovery.pain_points": []}, UNMET),
            ({"discovery.pain_points": [{"text": "x"}]}, UNKNOWN),
        ],
        "budget": unanswered("discovery.budget_confirmed"),
        "need": unanswered("discovery.need_confirmed"),
        "stakeholders": unanswered("discovery.stakeholders_identified"),
        "steps_with_customer": unanswered("next_steps.agreed_with_customer"),
        "steps_with_vendor": unanswered("next_steps.agreed_with_vendor"),
        "technical_discovery": [
            (
                {"discovery.technical_discovery_agreed": False, "discovery.poc_agreed": False},
                UNMET,
            ),
            (
                {"discovery.technical_discovery_agreed": False, "discovery.poc_agreed": None},
                UNKNOWN,
            ),
        ],
        "champion": [({"stakeholders": []}, UNMET), ({"stakeholders": [{}]}, UNKNOWN)],
        "procurement": [({"customer.employees": 1001}, UNMET)],
    },
    "ready_to_close": {
        "case_workable": unanswered("business_case.workable"),
        "case_plan": unrecorded("business_case.execution_plan"),
        "case_compared": [
            ({"business_case.steps_before": []}, UNMET),
            ({"business_case.steps_after": []}, UNMET),
            ({"business_case.bottlenecks": []}, UNMET),
            *unrecorded("business_case.impact"),
        ],
        "case_in_lanes": [
            ({f"business_case.steps_{when}": without(STEPS, name)}, UNMET)
            for when in ("before", "after")
            for name in ("lane", "actor", "mode")
        ],
        "case_agreed": unanswered("business_case.agreed_with_customer"),
        "case_first": [
            ({"discovery.gtm_engaged_at": NOW - DAY}, UNMET),
            ({"discovery.gtm_engaged_at": None}, UNKNOWN),
        ],
        "goals_set": [({"discovery.goals": []}, UNMET)],
        "goals_measurable": [
            ({"discovery.goals": [{"text": "x", "measurable": False}]}, UNMET),
            ({"discovery.goals": [{"text": "x"}]}, UNKNOWN),
        ],
        "scope_agreed": unanswered("discovery.scope_agreed"),
        "requirements_gathered": unanswered("discovery.requirements_gathered"),
        "requirements_met": unanswered("discovery.requirements_met"),
        "poc_succeeded": [
            ({"discovery.poc_wanted": True, "poc.result": "failed"}, UNMET),
            ({"discovery.poc_wanted": True}, UNKNOWN),
            ({"discovery.poc_wanted": None}, UNKNOWN),
        ],
        "security_asked_for": [
            ({"security_review.requested_by_customer": True}, UNMET),
            ({"security_review.requested_by_customer": None}, UNKNOWN),
        ],
        "security_usual": [
            ({"customer.employees": 501}, UNMET),
            ({"customer.handles_sensitive_data": True}, UNMET),
            ({"customer.employees": None}, UNKNOWN),
            ({"customer.handles_sensitive_data": None}, UNKNOWN),
        ],
        "enterprise_plan_chosen": [
            (
                {
                    "plan": "teams",
                    "customer.employees": 501,
                    "security_review.questionnaire_submitted_at": NOW,
                },
                UNMET,
            ),
            (
                {
                    "plan": None,
                    "customer.handles_sensitive_data": True,
                    "security_review.questionnaire_submitted_at": NOW,
                },
                UNKNOWN,
            ),
        ],
        "security_passed_on": [({"security_review.reached_partner_at": NOW}, UNMET)],
        "pricing_discussed": unanswered("quote.pricing_discussed"),
        "pricing_with_ae": unanswered("quote.pricing_aligned_with_ae"),
        "consulted_first": [
            (
                {"activities": [{"kind": "pricing_discussion", "at": NOW, "side": "partner"}]},
                UNMET,
            ),
            ({"activities": [{"kind": "pricing_discussion", "at": NOW}]}, UNKNOWN),
        ],
        "expand_size": [({"deal_type": "expand", "acv": "50000 USD"}, UNMET)],
        "buyer_known": [
            ({"stakeholders": [{"role": "champion", "owns_budget": False}]}, UNMET),
            ({"stakeholders": [{"role": "champion"}]}, UNKNOWN),
        ],
        "mdp_started": [({"acv": "50000.01 USD"}, UNMET), ({"acv": None}, UNKNOWN)],
    },
    "win": {
        "mdp_at_signature": [({"acv": "50000.01 USD"}, UNMET)],
        "buyer_bought_in": [
            ({"stakeholders": [{"role": "decision_maker", "bought_in": False}]}, UNMET),
            ({"stakeholders": [{"role": "decision_maker"}]}, UNKNOWN),
        ],
        "cycle_usual": [({"qualified_at": NOW - 36 * DAY}, UNMET)],
        "pricing_in_order": [
            ({"quote.proposed_at": NOW + DAY}, UNMET),
            ({"quote.created_at": None}, UNKNOWN),
        ],
        "size_agreed": [
            ({"quote.size_agreed": None}, UNKNOWN),
            *unrecorded("quote.annual_operations"),
        ],
        "one_option": [
            ({"quote.options_open": 2}, UNMET),
            ({"quote.stakeholders_aligned": False}, UNMET),
            ({"quote.options_open": None}, UNKNOWN),
        ],
        "proposal_on_case": [
            *unrecorded("quote.recommendation"),
            ({"quote.rests_on_business_case": False}, UNMET),
        ],
        "quote_by_owner": [
            ({"quote.approved_by": "p-7"}, UNMET),
            ({"quote.sent_by": "p-7"}, UNMET),
            ({"quote.owner": None}, UNKNOWN),
        ],
        "order_form_by_owner": [
            ({"order_form.owner": "p-7"}, UNMET),
            ({"order_form.owner": None}, UNKNOWN),
        ],
        "deal_desk": [
            (
                {
                    "contract.adjustments_needed": True,
                    "order_form.started_at": NOW,
                    "order_form.finished_at": NOW,
                    "contract.adjustments_started_at": NOW,
                    "contract.adjustments_finished_at": NOW,
                },
                UNMET,
            ),
        ],
        "in_parallel": [
            (
                {
                    "contract.adjustments_needed": True,
                    "contract.deal_desk_engaged_at": NOW,
                    "contract.deal_desk_engaged_by": "ae-3",
                    "order_form.started_at": NOW,
                    "order_form.finished_at": NOW,
                    "contract.adjustments_started_at": NOW + DAY,
                    "contract.adjustments_finished_at": NOW + DAY,
                },
                UNMET,
            ),
        ],
        "executives_involved": [
            ({"closing.executive_sponsor_involved": False}, UNMET),
            ({"closing.sales_director_involved": None}, UNKNOWN),
        ],
        "term": [({"contract.term_months": 11}, UNMET), is_missing("contract.term_months")],
        "billing": [({"contract.billing": "monthly"}, UNMET), is_missing("contract.billing")],
        "currency_allowed": [
            ({"contract.currency": "CZK"}, UNMET),
            is_missing("contract.currency"),
        ],
        "language": [({"order_form.language": "cs"}, UNMET), is_missing("order_form.language")],
        "signed": [
            ({"order_form.signed_at": None}, UNMET),
            *unanswered("order_form.signer_is_executive_decision_maker"),
        ],
        "pricing_both_sides": unanswered("closing.pricing_aligned"),
        "executives_both_sides": unanswered("closing.executives_aligned"),
        "ready_to_sign": unanswered("order_form.decision_maker_ready"),
        "onboarding_staffed": [
            *unanswered("onboarding.customer_success_staffed"),
            *unanswered("onboarding.solution_engineer_staffed"),
        ],
        "master_agreement": unanswered("order_form.master_agreement_included"),
        "operations_a_year": [
            *unrecorded("contract.annual_operations"),
            ({"contract.operations_roll_over": True}, UNMET),
        ],
        "use_beyond": [
            ({"contract.overage_package": 9_999}, UNMET),
            ({"contract.overage_billing": "with_next_invoice"}, UNMET),
            ({"contract.overage_stops_use": True}, UNMET),
            is_missing("contract.overage_stops_use"),
        ],
        "wire_transfer": [
            ({"contract.payment_method": "card"}, UNMET),
            is_missing("contract.payment_method"),
        ],
    },
    "hand_over": {"onboarding_form": unrecorded("onboarding.form_completed_at")},
    "onboarded": {
        "handover_meeting": unrecorded("onboarding.handover_meeting_at"),
        "partner_plan_first": [
            (
                {
                    "engagements": [{"activity": "service_delivery"}],
                    "onboarding.partner_plan_at": NOW,
                },
                UNMET,
            ),
            (
                {
                    "engagements": [{"activity": "service_delivery"}],
                    "onboarding.partner_plan_at": None,
                },
                UNKNOWN,
            ),
        ],
        "migration_begun": [
            ({"onboarding.migration_needed": True}, UNMET),
            ({"onboarding.migration_needed": None}, UNKNOWN),
        ],
        "implementation_plan": [
            *unrecorded("onboarding.implementation_plan_presented_at"),
            *unanswered("onboarding.implementation_plan_agreed"),
        ],
        "onboarding_started": unrecorded("onboarding.started_at"),
        "can_be_activated": [
            *unanswered("onboarding.can_be_activated"),
            *unanswered("onboarding.has_login"),
        ],
        "check_ins": unanswered("onboarding.check_ins_planned"),
    },
    "mdp.own": {
        "own_deal": [({"partner.id": "other"}, UNMET)],
        "deal_alive": [({"stage": "rejected"}, UNMET), ({"stage": "closed_lost"}, UNMET)],
    },
    "mdp.draft": {
        "with_se_and_customer": [
            *unanswered("mdp.prepared_with_se"),
            *unanswered("mdp.prepared_with_customer"),
        ],
    },
    "mdp.agree": {
        "work_streams": [({"mdp.work_streams": []}, UNMET)],
        "timeline_and_budget": [
            ({"mdp.work_streams": without(READY["mdp"]["work_streams"], name)}, UNMET)
            for name in ("start_on", "end_on", "budget_guidance")
        ],
        "tasks": [({"mdp.tasks": []}, UNMET)],
        "tasks_owned": [
            ({"mdp.tasks": without(READY["mdp"]["tasks"], name)}, UNMET)
            for name in ("side", "owner")
        ],
        "agreed_by_both": [
            *unanswered("mdp.agreed_by_customer"),
            *unanswered("mdp.agreed_by_vendor"),
        ],
        "agreed_by_partner": unanswered("mdp.agreed_by_partner"),
        "documented": unrecorded("mdp.document"),
    },
    **TRACK_SPOILED,
}
#: What else is not met when what several criteria read is spoiled.
ALSO: Final[dict[tuple[str, str], set[str]]] = {
    ("register", "channel"): {"partners_use_portal"},
    **TRACK_ALSO,
}


def criteria() -> dict[tuple[str, str], Criterion]:
    """Return every criterion by gate and id; those of the PoC stand in `test_poc_gates.py`."""
    return {
        (f"{line}.{gate}" if line else gate, criterion.id): criterion
        for line, definition in make().process.lines.items()
        if line != "poc"
        for gate, found in definition.gates.items()
        for criterion in found.criteria
    }


def asked(gate: str, changes: dict[str, Any], actor: Actor | None = None) -> Decision:
    """Return the decision in front of ``gate``, with what the gate is given and ``changes``."""
    stage, trigger, usual = GATES[gate]
    written, data = spread(changes, GIVEN.get(gate, {}), DATA.get(trigger, {}))
    record = deal(stage, written)
    return decide(unveiled(), record, trigger, actor=actor or usual, at=NOW, data=data)


@pytest.mark.parametrize("gate", GATES)
def test_a_ready_deal_passes_the_gate(gate: str) -> None:
    """With nothing spoiled every criterion is met or does not apply, and the move is permitted."""
    decision = asked(gate, {})

    assert failing(decision) == {}
    assert decision.permitted


@pytest.mark.parametrize(("gate", "criterion", "changes", "verdict"), rows_of(SPOILED, criteria()))
def test_a_spoiled_deal_is_found_out(
    gate: str, criterion: str, changes: dict[str, Any], verdict: Verdict
) -> None:
    """One thing spoiled is found as that criterion, with the verdict of the table and a remedy."""
    decision = asked(gate, changes, TRACK_ACTORS.get((gate, criterion)))

    also = ALSO.get((gate, criterion), set())
    require_found_out(decision, criteria()[gate, criterion], verdict, also)


@pytest.mark.parametrize(("gate", "criterion"), sorted(criteria()))
def test_every_criterion_is_cited_and_has_a_row(gate: str, criterion: str) -> None:
    """A criterion cites its rules, says what to do, and stands in the table of this file."""
    require_cited(criteria()[gate, criterion])
    assert criterion in SPOILED[gate] or criterion in BY_METHOD


#: Criteria of the other qualification methods (MK-5): by parameter, then what is asked.
BY_METHOD: Final = {
    "bant": ("bant", tuple(READY["bant"])),
    "meddpic": ("meddpicc", tuple(READY["meddpicc"])),
}


@pytest.mark.parametrize(
    ("criterion", "asked_for"),
    [(criterion, name) for criterion, (_, names) in BY_METHOD.items() for name in names],
)
def test_another_qualification_method(criterion: str, asked_for: str) -> None:
    """A host asks for BANT or MEDDPIC by one parameter, and GPCA is not asked for then (MK-5)."""
    method, _ = BY_METHOD[criterion]
    bound = make(qualification_method=method)
    changes = {f"{method}.{asked_for}.value": None}
    without_gpca = {"gpca.goals.value": None, "gpca.authority_role": None}

    spoiled = decide(bound, deal(changes=changes), "qualify", actor=PARTNER, at=NOW)
    whole = decide(bound, deal(changes=without_gpca), "qualify", actor=PARTNER, at=NOW)
    by_gpca = decide(make(), deal(changes=changes), "qualify", actor=PARTNER, at=NOW)

    assert failing(spoiled) == {criterion: UNMET}
    assert whole.permitted
    assert by_gpca.permitted
