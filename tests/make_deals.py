"""Deals of the process `make` that pass every gate, for tests that spoil one thing at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final

from cosell import catalog
from cosell.calendars import Calendar
from cosell.engine import Bound
from cosell.engine.paths import rewritten
from cosell.events import Actor
from cosell.models import Opportunity

DAY: Final = timedelta(days=1)
NOW: Final = datetime(2026, 6, 1, 10, tzinfo=UTC)

PARTNER: Final = Actor("p-7", role="partner", party="acme")
PROSPECT: Final = Actor("p-8", role="prospective_partner")
MANAGER: Final = Actor("m-1", role="partner_manager", party="vendor")
TEAM: Final = Actor("t-1", role="partnership_team", party="vendor")
AE: Final = Actor("ae-3", role="ae", party="vendor")
SE: Final = Actor("se-2", role="se", party="vendor")
DESK: Final = Actor("d-1", role="deal_desk", party="vendor")
SECURITY: Final = Actor("x-1", role="security", party="vendor")
CUSTOMER: Final = Actor("c-1", role="customer", party="beta")
SUCCESS: Final = Actor("cs-1", role="customer_success", party="vendor")

OFFICE: Final = Calendar.from_holidays("CZ", tz="Europe/Prague", hours="09:00-17:00")

#: The steps of a customer's process, in their lane.
STEPS: Final[list[dict[str, Any]]] = [
    {"name": f"Step {number}", "lane": "HR", "actor": "person", "mode": "manual"}
    for number in range(12)
]

#: A deal that passes every gate of the main line, and needs neither MDP nor security review.
READY: Final[dict[str, Any]] = {
    "id": "o-1",
    "lead_source": "partner_network",
    "owner": "ae-3",
    "owner_team": "Enterprise Central",
    "plan": "enterprise",
    "is_oem": False,
    "acv": "50000 USD",
    "contract_value": "100000 USD",
    "engagement_model": "co_selling",
    "engagement_model_agreed": True,
    "qualified_at": NOW,
    "registered_at": NOW,
    "customer": {
        "id": "beta",
        "name": "Beta Ltd",
        "employees": 500,
        "handles_sensitive_data": False,
        "persona_reached": True,
        "matches_icp": True,
        "matches_persona": True,
    },
    "partner": {
        "id": "acme",
        "status": "partner",
        "trained_on": "2026-01-01",
        "certifications": [
            {"kind": "technical", "passed_on": "2026-01-10"},
            {"kind": "sales", "passed_on": "2026-01-10"},
        ],
        "contracts": [{"signed_on": "2026-01-20"}],
        "portal_access_on": "2026-01-21",
    },
    "stakeholders": [
        {"role": "champion", "introduced_by": "partner", "owns_budget": False},
        {"role": "decision_maker", "bought_in": True},
    ],
    "gpca": {
        "goals": {"value": "Half the time to hire."},
        "plans": {"value": "Automate the hand-offs."},
        "challenges": {"value": "Twelve manual steps."},
        "authority": {"value": "The head of HR decides."},
        "authority_role": "champion",
        "authority_is_right": True,
        "pain_acknowledged": True,
    },
    "bant": {name: {"value": "Yes."} for name in ("budget", "authority", "need", "timeline")},
    "meddpicc": {
        name: {"value": "Yes."}
        for name in (
            "metrics",
            "economic_buyer",
            "decision_criteria",
            "decision_process",
            "identified_pain",
            "champion",
        )
    },
    "next_steps": {
        "text": "First call on Monday.",
        "confirmed_with_lead": True,
        "agreed_with_partner": True,
        "agreed_with_customer": True,
        "agreed_with_vendor": True,
    },
    "registration": {
        "channel": "partner_portal",
        "submitter": {
            "first_name": "Ada",
            "last_name": "Novak",
            "position": "Consultant",
            "email": "ada@acme.example",
        },
        "submitter_is_partner": True,
        "customer_need": "Automate onboarding.",
        "engagement_model_wanted": "co_selling",
        "reviewed_quality": True,
        "reviewed_history": True,
        "partner_informed_at": NOW,
        "reason": "No fit.",
    },
    "discovery": {
        "use_cases": [{"text": "Account provisioning", "is_main": True}],
        "pain_points": [{"text": "Manual steps", "is_key": True}],
        "technologies": [{"name": "Spreadsheets", "use": "Hand-overs"}],
        "budget_confirmed": True,
        "need_confirmed": True,
        "stakeholders_identified": True,
        "technical_discovery_agreed": True,
        "poc_agreed": True,
        "poc_wanted": False,
        "goals": [{"text": "Nine steps instead of twelve", "measurable": True}],
        "scope_agreed": True,
        "requirements_gathered": True,
        "requirements_met": True,
        "gtm_engaged_at": NOW,
    },
    "business_case": {
        "workable": True,
        "execution_plan": "Pilot, then roll out.",
        "steps_before": STEPS,
        "steps_after": STEPS[:9],
        "bottlenecks": [{"text": "Manual hand-offs"}],
        "impact": "Three steps fewer for each new hire.",
        "agreed_with_customer": True,
        "identified_at": NOW,
    },
    "security_review": {
        "requested_by_customer": False,
        "account_executive": "ae-3",
        "solution_engineer": "se-2",
    },
    "trial": {
        "nda_signed": True,
        "customer_committed": True,
        "close_plan_established": True,
        "close_plan": "Test until the 15th, then sign.",
        "expectations_aligned": True,
        "documents_owner": "ae-3",
        "enterprise_features": True,
        "usage_allowance": 100_000,
        "start_on": "2026-06-01",
        "end_on": "2026-06-15",
    },
    "quote": {
        "pricing_discussed": True,
        "pricing_aligned_with_ae": True,
        "annual_operations": 1_000_000,
        "size_agreed": True,
        "scoped_at": NOW,
        "recommendation": "One million operations.",
        "rests_on_business_case": True,
        "proposed_at": NOW,
        "options_open": 1,
        "stakeholders_aligned": True,
        "aligned_at": NOW,
        "approved_by": "ae-3",
        "approved_at": NOW,
        "created_at": NOW,
        "sent_by": "ae-3",
        "owner": "ae-3",
    },
    "closing": {
        "executive_sponsor_involved": True,
        "sales_director_involved": True,
        "pricing_aligned": True,
        "executives_aligned": True,
    },
    "order_form": {
        "owner": "ae-3",
        "language": "en",
        "decision_maker_ready": True,
        "signed_at": NOW,
        "signer_is_executive_decision_maker": True,
        "master_agreement_included": True,
    },
    "contract": {
        "term_months": 12,
        "billing": "yearly_upfront",
        "currency": "USD",
        "adjustments_needed": False,
        "annual_operations": 1_000_000,
        "operations_roll_over": False,
        "overage_package": 10_000,
        "overage_billing": "monthly_in_arrears",
        "overage_stops_use": False,
        "payment_method": "wire_transfer",
    },
    "onboarding": {
        "customer_success_staffed": True,
        "solution_engineer_staffed": True,
        "form_completed_at": NOW,
        "migration_needed": False,
        "handover_meeting_at": NOW,
        "partner_plan_at": NOW - DAY,
        "implementation_plan_presented_at": NOW,
        "implementation_plan_agreed": True,
        "started_at": NOW,
        "can_be_activated": True,
        "has_login": True,
        "check_ins_planned": True,
    },
    "mdp": {
        "prepared_with_se": True,
        "prepared_with_customer": True,
        "work_streams": [
            {
                "name": "Set-up",
                "start_on": "2026-07-01",
                "end_on": "2026-07-31",
                "budget_guidance": "Five days.",
            }
        ],
        "tasks": [{"text": "Open the port", "side": "customer", "owner": "c-1"}],
        "agreed_by_customer": True,
        "agreed_by_vendor": True,
        "agreed_by_partner": True,
        "partner_takes_part": True,
        "document": "https://b.example/mdp",
    },
}

START: Final = date(2026, 6, 1)
END: Final = date(2026, 6, 15)
_THEIRS: Final = {"text": "In our words.", "author": "customer"}
_OURS: Final = {"text": "In our words.", "author": "se"}

#: A PoV that passes every gate of its track.
POV: Final[dict[str, Any]] = {
    "kind": "pov",
    "current_state": _THEIRS,
    "future_state": _THEIRS,
    "business_imperatives": _THEIRS,
    "gap": [_THEIRS],
    "outcomes": _OURS,
    "outcomes_of_this_poc": True,
    "proposed_solution": _OURS,
    "goals": [{"text": "One call of each kind", "measurable": True}],
    "environment_stated_temporary": True,
    "environment_stated_not_production": True,
    "success_criteria": [{"id": "c-1", "use_case": "Calls work", "complete_on": "2026-06-08"}],
    "success_criteria_clear": True,
    "technical_requirements": [{"text": "An account", "available_on": "2026-06-01"}],
    "prerequisites": [{"text": "Access to X", "available_on": "2026-06-01"}],
    "setup_confirmed": True,
    "security_access_confirmed": True,
    "timing_confirmed": True,
    "assumptions": [
        {"text": "IT opens the port", "side": "customer", "who": "IT", "due_on": "2026-06-01"},
        {"text": "We set it up", "side": "vendor", "who": "SE", "due_on": "2026-06-01"},
    ],
    "start_on": START,
    "end_on": END,
    "timeline_proposed_by": "se",
    "people": [
        {
            "category": category,
            "first_name": "Eva",
            "last_name": "Malá",
            "position": "Head of HR",
            "responsibility": "Tests",
            "email": "eva@beta.example",
            "engaged": True,
        }
        for category in ("executive", "middle_manager", "participant", "decision_maker")
    ],
    "milestones": [
        {
            "name": "Kick-off",
            "on": "2026-06-01",
            "actions": "Open the account",
            "meeting": "Kick-off",
            "people": "All",
        }
    ],
    "closure": {
        "ends_on": "2026-06-15",
        "environment": "Deleted",
        "process": "Report",
        "team": "Released",
    },
    "prospect_recommends_purchase": True,
    "shared_channel": "#beta-pov",
    "buying_process_understood": True,
    "legal_and_it_review_understood": True,
    "legal_and_it_review_running": True,
    "decision_meeting_on": "2026-06-15",
    "readiness": dict.fromkeys(
        (
            "technical_discovery_done",
            "good_fit",
            "success_agreed",
            "champion_sponsors",
            "applications_identified",
            "business_processes_identified",
            "business_stakeholders_identified",
            "value_defined",
            "pain_agreed",
            "good_technical_fit",
        ),
        True,
    ),
    "objectives": dict.fromkeys(
        (
            "customer_success",
            "success_criteria_agreed",
            "timeline_agreed",
            "use_case_proved",
            "criteria_delivered",
            "value_proved",
            "technical_blockers_removed",
            "value_blockers_removed",
            "technical_win",
            "competition_addressed",
        ),
        True,
    ),
    "business_value": {"text": "Twelve manual steps."},
    "struggling_systems": "Spreadsheets",
    "researched": True,
    "pre_call_held": True,
    "hands_on_support_given": True,
    "use_cases_confirmed": True,
    "champion_deck_delivered": True,
    "business_value_confirmed": True,
    "mutual_decision_plan": "Sign by July.",
    "vendor_team_involved": True,
    "customer_commitment": "Two people, two weeks.",
    "results": [{"criterion": "c-1", "met": True, "evidence": "log"}],
    "scope_requests": [{"id": "r-1", "text": "One more test", "asked_by": "eva"}],
}


@cache
def make(**parameters: Any) -> Bound:
    """Return the process `make`, bound, with parameters of a host."""
    shipped = catalog.load("make")
    process = shipped.process
    changed = process.model_copy(update={"parameters": {**process.parameters, **parameters}})
    return catalog.Shipped(changed).bind(calendars={"vendor": OFFICE})


@cache
def unveiled(**parameters: Any) -> Bound:
    """Return the process `make` without its views: whoever asks is told what is in the way."""
    process = make(**parameters).process.model_copy(update={"views": ()})
    return catalog.Shipped(process).bind(calendars={"vendor": OFFICE})


@cache
def ready() -> Opportunity:
    """Return a deal that passes every gate, its PoV and its MDP included."""
    return Opportunity.model_validate({**READY, "poc": POV})


def deal(stage: str = "identified", changes: dict[str, Any] | None = None) -> Opportunity:
    """Return the ready deal at ``stage``, or a track at ``poc.stage``, with ``changes`` by path."""
    track, dot, inner = stage.partition(".")
    changed = rewritten(ready(), changes or {}, "changes")
    if not dot:
        return changed.model_copy(update={"stage": stage})
    part = getattr(changed, track).model_copy(update={"stage": inner})
    whole = (changes or {}).get("stage", "discovery")
    return changed.model_copy(update={"stage": whole, track: part})
