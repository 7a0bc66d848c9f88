"""Deals of the process `qualification` that pass every gate, for tests that spoil one thing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final

from cosell import catalog
from cosell.engine import Bound, Decision, decide, open_record
from cosell.engine.paths import rewritten
from cosell.events import Actor
from cosell.models import Opportunity

DAY: Final = timedelta(days=1)
NOW: Final = datetime(2026, 6, 1, 10, tzinfo=UTC)
SELLER: Final = Actor("s-1", role="seller", party="vendor")

ANSWER: Final = {"level": 3, "evidence": "Minutes."}
#: A deal that passes every gate and earns no advice.
READY: Final[dict[str, Any]] = {
    "id": "o-1",
    "customer": {"name": "Beta Ltd"},
    "notes": [{"text": "Support loses four hours a day."}],
    "discovery": {
        "meeting_minutes": 45,
        "problem_is_ours": True,
        "reason_to_act_now": "The old system ends in December.",
        "value_given": "A benchmark of their response times.",
        "requirements_met": True,
        "use_cases": [{"text": "Sort tickets.", "outcome": "Two people less at night."}],
        "competitors": [{"name": "Their own scripts", "is_internal": True}],
        "champion_tested": True,
    },
    "stakeholders": [
        {"role": "champion", "engaged": True, "motivation": "Sleep.", "objection": "none"},
        {"role": "decision_maker", "engaged": True, "motivation": "Cost.", "objection": "Risk."},
    ],
    "meddpicc": dict.fromkeys(
        (
            "metrics",
            "economic_buyer",
            "decision_criteria",
            "decision_process",
            "identified_pain",
            "champion",
        ),
        ANSWER,
    ),
    "go_no_go": {
        "held_at": NOW,
        "sponsored_by_champion": True,
        "presented_by_champion": True,
        "installation_path_sure": True,
        "performance_tests_sure": True,
        "success_metrics_sure": True,
        "pains_played_back": True,
        "costs_played_back": True,
        "terms_agreed": True,
        "purchase_due_on": date(2026, 9, 30),
    },
    "evaluation": {
        "ready_to_install": True,
        "champion_aligned": True,
        "team_aligned": True,
        "buyer_aligned": True,
        "events": [{"id": "kick_off", "planned_at": NOW, "invited_at": NOW - 5 * DAY}],
        "success_criteria": [{"id": "c-1", "use_case": "Sorts 95 % of the tickets."}],
        "results": [{"criterion": "c-1", "met": True, "evidence": "The report of week 3."}],
        "issues": [
            {"id": "i-1", "kind": "bug", "text": "Slow.", "tag": "speed", "on_road_map": True}
        ],
        "technical_promise_kept": True,
        "business_promise_kept": True,
        "metrics_reachable": True,
        "paper_permission_at": NOW,
        "deck_ready_at": NOW,
        "purchase_approved_at": NOW,
    },
    "quote": {
        "discount_share": "0.35",
        "signature_due_on": date(2026, 9, 30),
        "reference": "testimonial",
    },
    "contract": {"term_months": 24},
    "order_form": {"signed_at": NOW, "reflects_levers": True},
    "paper_items": [{"id": "nda", "owner": "s-1", "due_on": date(2026, 6, 30), "finished_at": NOW}],
}


@cache
def qualification() -> Bound:
    """Return the process, bound."""
    return catalog.load("qualification").bind()


def deal(stage: str = "discovery", **changes: Any) -> Opportunity:
    """Return the ready deal in a stage, with some paths otherwise; dots are underscored twice."""
    opened = open_record(
        qualification(), Opportunity.model_validate(READY), actor=SELLER, at=NOW
    ).record
    paths = {path.replace("__", "."): value for path, value in changes.items()}
    return rewritten(opened.model_copy(update={"stage": stage}), paths, "the deal")


def asked(stage: str, trigger: str, data: dict[str, Any] | None = None, **changes: Any) -> Decision:
    """Return whether the ready deal, with some paths otherwise, may move."""
    return decide(
        qualification(), deal(stage, **changes), trigger, actor=SELLER, at=NOW, data=data or {}
    )
