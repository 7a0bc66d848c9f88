"""How each criterion of the tracks of `make`, and of its smaller gates, is spoiled.

The rows that ``test_make_gates`` reads beside its own: for each gate where it stands, what it is
given so that it opens on the ready deal, and each way in which a criterion fails.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from cosell.events import Actor
from cosell.findings import Verdict
from make_deals import AE, CUSTOMER, DAY, NOW, PARTNER, PROSPECT, SE, SUCCESS, TEAM

Ways: TypeAlias = list[tuple[dict[str, Any], Verdict]]

UNMET: Final = Verdict.UNMET
UNKNOWN: Final = Verdict.UNKNOWN


def no(path: str) -> Ways:
    """Return both ways in which a question is not answered with yes."""
    return [({path: False}, UNMET), ({path: None}, UNKNOWN)]


def gone(*paths: str) -> Ways:
    """Return the ways in which one of several fields is not recorded."""
    return [({path: None}, UNMET) for path in paths]


def other(path: str, value: Any) -> Ways:
    """Return another value than the one that is asked for, and none."""
    return [({path: value}, UNMET), ({path: None}, UNKNOWN)]


TRACK_GATES: Final[dict[str, tuple[str, str, Actor]]] = {
    "portal": ("identified", "ask_for_assets", PARTNER),
    "log": ("discovery", "log_activity", AE),
    "engage_gtm": ("discovery", "engage_gtm", AE),
    "paid": ("closed_won", "confirm_payout", TEAM),
    "security_review.own": ("security_review.not_started", "security_review.pass_on", PARTNER),
    "security_review.identify": ("security_review.not_started", "security_review.identify", SE),
    "trial.request": ("trial.not_started", "trial.request", PARTNER),
    "trial.grant": ("trial.requested", "trial.grant", SE),
    "quote.own": ("quote.not_started", "quote.scope", PARTNER),
    "quote.scope": ("quote.not_started", "quote.scope", AE),
    "quote.propose": ("quote.scoped", "quote.propose", AE),
    "quote.align": ("quote.proposed", "quote.align", AE),
    "quote.owner": ("quote.aligned", "quote.approve", AE),
    "order_form.owner": ("order_form.ready", "order_form.rework", AE),
    "order_form.start": ("order_form.not_started", "order_form.start", AE),
    "order_form.finish": ("order_form.drafting", "order_form.finish", AE),
    "order_form.sign": ("order_form.ready", "order_form.sign", AE),
    "contract.owner": ("contract.agreed", "contract.adjust", AE),
    "contract.agree": ("contract.not_started", "contract.agree", AE),
    "onboarding.form": ("onboarding.not_started", "onboarding.complete_form", AE),
    "onboarding.hand_over": ("onboarding.form_completed", "onboarding.hand_over", SUCCESS),
    "onboarding.migrate": ("onboarding.handed_over", "onboarding.migrate", SE),
    "onboarding.migrated": ("onboarding.started", "onboarding.finish_migration", SE),
    "onboarding.plan": ("onboarding.handed_over", "onboarding.plan", SUCCESS),
    "onboarding.start": ("onboarding.planned", "onboarding.start", SUCCESS),
}
MEETING: Final = {"kind": "meeting", "at": NOW, "side": "partner"}
TRACK_DATA: Final[dict[str, dict[str, Any]]] = {
    "log_activity": {"activities": MEETING},
    "security_review.pass_on": {"reached_partner_at": NOW},
    "order_form.sign": {"signed_by": "c-9"},
    "contract.adjust": {"adjustments": "Terms of liability."},
}
CLOSING: Final = {"stage": "closing"}
WON: Final = {"stage": "closed_won", "won_at": NOW}
SERVICE: Final = {"engagements": [{"activity": "service_delivery"}]}
TRACK_GIVEN: Final[dict[str, dict[str, Any]]] = {
    "engage_gtm": {"business_case.identified_at": NOW},
    "paid": {"invoice_paid_at": NOW},
    "order_form.owner": CLOSING,
    "order_form.start": CLOSING,
    "order_form.finish": CLOSING,
    "order_form.sign": {**CLOSING, "contract.stage": "agreed"},
    "contract.owner": CLOSING,
    "contract.agree": {**CLOSING, "contract.term_months": 24},
    "onboarding.form": WON,
    "onboarding.hand_over": {**WON, **SERVICE},
    "onboarding.migrate": {**WON, "onboarding.migration_needed": True},
    "onboarding.migrated": {**WON, "onboarding.migration_started_at": NOW},
    "onboarding.plan": WON,
    "onboarding.start": WON,
}
PRICING: Final = {"kind": "pricing_discussion", "at": NOW, "side": "partner"}
#: A partner's role is another one's: what is asked for only with these actors.
TRACK_ACTORS: Final = {
    ("trial.request", "partner_requests"): CUSTOMER,
    ("own", "own_prospect"): PROSPECT,
}
TRACK_SPOILED: Final[dict[str, dict[str, Ways]]] = {
    "portal": {
        "access_given": other("partner.portal_access_on", "2026-06-02"),
        "access_earned": [
            ({"partner.portal_access_on": "2026-01-19"}, UNMET),
            ({"partner.contracts": []}, UNMET),
            ({"partner.trained_on": None}, UNKNOWN),
        ],
    },
    "log": {
        "priced_too_early": [
            ({"activities": PRICING}, UNMET),
        ],
        "contacted_too_early": [
            ({"activities": {**MEETING, "side": "vendor", "with_customer": True}}, UNMET),
            ({"activities": {**MEETING, "side": "vendor"}}, UNKNOWN),
        ],
    },
    "engage_gtm": {
        "case_identified": other("business_case.identified_at", NOW + DAY),
    },
    "paid": {"invoice_paid": gone("invoice_paid_at")},
    "security_review.own": {"own_deal": other("partner.id", "other")},
    "security_review.identify": {
        "on_enterprise_plan": other("plan", "teams"),
        "case_before_review": gone("business_case.identified_at"),
        "managed_by_both": gone(
            "security_review.account_executive", "security_review.solution_engineer"
        ),
    },
    "trial.request": {
        "partner_requests": [({}, UNMET)],
        "own_deal": other("partner.id", "other"),
        "deal_alive": [
            ({"stage": stage}, UNMET) for stage in ("registered", "rejected", "closed_won")
        ],
    },
    "trial.grant": {
        "still_alive": [({"stage": "closed_lost"}, UNMET)],
        "nda_signed": no("trial.nda_signed"),
        "customer_committed": no("trial.customer_committed"),
        "close_plan": [*no("trial.close_plan_established"), *gone("trial.close_plan")],
        "time_limited": gone("trial.start_on", "trial.end_on"),
        "equipped": [
            *no("trial.enterprise_features"),
            *other("trial.usage_allowance", 0),
        ],
        "expectations_aligned": no("trial.expectations_aligned"),
        "documents_by_ae": other("trial.documents_owner", "p-7"),
    },
    "quote.own": {
        "own_deal": other("partner.id", "other"),
        "partner_progresses": other("engagement_model", "lead_sourcing"),
    },
    "quote.scope": {
        "case_before_price": gone("business_case.identified_at"),
        "size": [*no("quote.size_agreed"), *other("quote.annual_operations", 0)],
    },
    "quote.propose": {
        "recommendation": [
            *gone("quote.recommendation"),
            *no("quote.rests_on_business_case"),
        ],
        "consulted": [
            ({"activities": [PRICING]}, UNMET),
            ({"activities": [{"kind": "pricing_discussion", "at": NOW}]}, UNKNOWN),
        ],
    },
    "quote.align": {
        "aligned_on_one": [
            *no("quote.stakeholders_aligned"),
            *other("quote.options_open", 2),
        ],
    },
    "quote.owner": {"ae_owns_quote": other("owner", "ae-4")},
    "order_form.owner": {"ae_owns_order_form": other("owner", "ae-4")},
    "order_form.start": {"in_stage_4": [({"stage": "discovery"}, UNMET)]},
    "order_form.finish": {
        "in_english": other("order_form.language", "cs"),
        "with_master_agreement": no("order_form.master_agreement_included"),
    },
    "order_form.sign": {
        "contract_agreed": [
            ({"contract.stage": stage}, UNMET) for stage in ("not_started", "adjusting", "adjusted")
        ],
        "decision_maker_ready": no("order_form.decision_maker_ready"),
        "signed_by_executive": no("order_form.signer_is_executive_decision_maker"),
    },
    "contract.owner": {
        "ae_engages": other("owner", "ae-4"),
        "contract_in_stage_4": [({"stage": "discovery"}, UNMET)],
    },
    "contract.agree": {
        "adjusted_if_needed": [
            ({"contract.adjustments_needed": True}, UNMET),
            ({"contract.adjustments_needed": None}, UNKNOWN),
        ],
        "agreed_term": other("contract.term_months", 11),
        "longer_term": [({"contract.term_months": 23}, UNMET)],
        "agreed_billing": other("contract.billing", "monthly"),
        "agreed_currency": other("contract.currency", "CZK"),
        "agreed_operations": [
            *other("contract.annual_operations", 0),
            ({"contract.operations_roll_over": True}, UNMET),
            ({"contract.operations_roll_over": None}, UNKNOWN),
        ],
        "agreed_use_beyond": [
            *other("contract.overage_package", 10_001),
            *other("contract.overage_billing", "with_next_invoice"),
            ({"contract.overage_stops_use": True}, UNMET),
            ({"contract.overage_stops_use": None}, UNKNOWN),
        ],
        "agreed_payment": other("contract.payment_method", "card"),
    },
    "onboarding.form": {
        "after_signature": gone("won_at"),
        "form_by_owner": other("owner", "ae-4"),
    },
    "onboarding.hand_over": {
        "partner_plan": other("onboarding.partner_plan_at", NOW),
    },
    "onboarding.migrate": {"something_to_migrate": no("onboarding.migration_needed")},
    "onboarding.migrated": {
        "migration_was_begun": gone("onboarding.migration_started_at"),
    },
    "onboarding.plan": {"plan_agreed": no("onboarding.implementation_plan_agreed")},
    "onboarding.start": {
        "log_in": [*no("onboarding.can_be_activated"), *no("onboarding.has_login")],
        "check_ins_ahead": no("onboarding.check_ins_planned"),
    },
}
TRACK_ALSO: Final[dict[tuple[str, str], set[str]]] = {
    ("contract.agree", "agreed_term"): {"longer_term"},
    ("portal", "access_given"): {"access_earned"},
}
