"""What each stage of `make` is left with: all that a deal without a word recorded is asked for.

The tables are written out, so that a criterion that goes missing is seen; that each of them also
opens is in ``test_make_gates``.
"""

from __future__ import annotations

from typing import Any, Final

import pytest

from cosell.engine import decide
from cosell.events import Actor
from cosell.findings import Verdict
from cosell.models import Opportunity
from make_deals import AE, MANAGER, NOW, PARTNER, SUCCESS, deal, make

#: Criteria and inputs by the rule that asks for them: stage, trigger, who asks, what is named.
ASKED: Final[tuple[tuple[str, str, Actor, str, set[str]], ...]] = (
    ("identified", "qualify", AE, "MK-39 the origin of the lead", {"lead_source"}),
    ("identified", "qualify", AE, "MK-5 the persona is reached", {"persona_reached"}),
    ("identified", "qualify", AE, "MK-8 profile", {"ideal_customer", "target_persona"}),
    (
        "identified",
        "qualify",
        AE,
        "MK-40 what GPCA asks",
        {"goals", "plans", "challenges", "authority"},
    ),
    ("identified", "qualify", AE, "MK-6 champion or decision maker", {"authority_role"}),
    (
        "identified",
        "qualify",
        AE,
        "MK-7 what stage 1 is left with",
        {"goals", "plans", "pain_acknowledged", "authority_right", "next_steps_confirmed"},
    ),
    (
        "qualified",
        "register",
        PARTNER,
        "MK-11 the form",
        {
            "submitter_is_partner",
            "submitter_name",
            "submitter_position",
            "submitter_email",
            "customer_named",
            "opportunity_described",
        },
    ),
    (
        "registered",
        "accept_co_selling",
        MANAGER,
        "MK-13 and MK-16 review and agreement",
        {"quality_reviewed", "history_reviewed", "model_agreed", "next_steps_with_partner"},
    ),
    (
        "converted",
        "start_discovery",
        AE,
        "MK-18 what stage 2 is left with",
        {
            "opportunity_qualified",
            "use_cases",
            "pain_points",
            "budget",
            "need",
            "stakeholders",
            "steps_with_customer",
            "steps_with_vendor",
            "technical_discovery",
        },
    ),
    (
        "discovery",
        "start_closing",
        AE,
        "MK-19 the business case, goals and requirements",
        {
            "case_workable",
            "case_plan",
            "goals_set",
            "scope_agreed",
            "requirements_gathered",
            "requirements_met",
            "poc_succeeded",
        },
    ),
    (
        "discovery",
        "start_closing",
        AE,
        "MK-28 what stage 3 is left with",
        {
            "case_agreed",
            "scope_agreed",
            "security_asked_for",
            "security_usual",
            "pricing_discussed",
            "pricing_with_ae",
        },
    ),
    (
        "closing",
        "win",
        AE,
        "MK-30 and MK-48 terms of the contract",
        {
            "term",
            "billing",
            "currency_allowed",
            "language",
            "signed",
            "master_agreement",
            "operations_a_year",
            "use_beyond",
            "wire_transfer",
        },
    ),
    (
        "closing",
        "win",
        AE,
        "MK-47 what stage 4 is left with",
        {"pricing_both_sides", "executives_both_sides", "ready_to_sign", "onboarding_staffed"},
    ),
    (
        "onboarding",
        "finish_onboarding",
        SUCCESS,
        "MK-31 and MK-49 what stage 5 comes to",
        {
            "handover_meeting",
            "migration_begun",
            "implementation_plan",
            "onboarding_started",
            "can_be_activated",
            "check_ins",
        },
    ),
)


@pytest.mark.parametrize(
    ("stage", "trigger", "actor", "criteria"),
    [pytest.param(stage, move, who, names, id=rule) for stage, move, who, rule, names in ASKED],
)
def test_an_empty_deal_is_asked_for_all_of_it(
    stage: str, trigger: str, actor: Actor, criteria: set[str]
) -> None:
    """Nothing recorded is nothing met: each is an obstacle, and a full deal has none of them."""
    empty = Opportunity(id="o-1", process=make().ref, stage=stage)
    data: dict[str, Any] = {"registration.channel": "website_form"} if stage == "qualified" else {}

    asked = decide(make(), empty, trigger, actor=actor, at=NOW, data=data)
    whole = decide(make(), deal(stage), trigger, actor=actor, at=NOW, data=data)

    assert criteria <= {finding.id for finding in asked.obstacles}
    assert all(finding.remedy for finding in asked.obstacles)
    passing = {Verdict.MET, Verdict.NOT_APPLICABLE}
    assert {it.verdict for it in whole.findings if it.id in criteria} <= passing


@pytest.mark.parametrize(
    "origin",
    ["partner_network", "prospecting", "existing_customer", "marketing_campaign", "other"],
)
def test_any_origin_is_recorded(origin: str) -> None:
    """The partner's network, prospecting or another origin: it is recorded, not judged (MK-39)."""
    record = deal("identified", {"lead_source": origin})

    assert decide(make(), record, "qualify", actor=PARTNER, at=NOW).permitted


@pytest.mark.parametrize("role", ["champion", "decision_maker"])
def test_either_authority_is_said(role: str) -> None:
    """A contact who influences and one who signs off both qualify, once it is said (MK-6)."""
    record = deal("identified", {"gpca.authority_role": role})

    assert decide(make(), record, "qualify", actor=PARTNER, at=NOW).permitted
