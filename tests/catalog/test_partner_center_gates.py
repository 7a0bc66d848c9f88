"""The Partner Center processes: every criterion of every gate, on both sides."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cosell.engine import Bound
from cosell.events import Actor
from cosell.findings import Finding, Severity, Verdict
from partner_center_deals import (
    ADMIN,
    ASSESSMENT,
    DAY,
    DEAL,
    HOUR,
    LEAD,
    NOW,
    PARTNER,
    PROGRAM,
    REGISTRATION,
    VENDOR,
    asked,
    bound,
    high_volume,
)

UNMET: Final = Verdict.UNMET
UNKNOWN: Final = Verdict.UNKNOWN
MET: Final = Verdict.MET
NOT_ASKED: Final = Verdict.NOT_APPLICABLE

Cases = list[tuple[dict[str, Any], Verdict]]


def no(name: str) -> Cases:
    """Return both ways in which a question is not answered with yes."""
    return [({name: False}, UNMET), ({name: None}, UNKNOWN)]


def nothing(name: str) -> Cases:
    return [({name: None}, UNMET)]


#: The move that each gate stands before: process, stage, trigger and who asks.
GATES: Final[dict[tuple[str, str], tuple[str, str, Actor, dict[str, Any]]]] = {
    (LEAD, "consented"): ("received", "accept", PARTNER, {}),
    (LEAD, "reachable"): ("received", "accept", PARTNER, {}),
    (LEAD, "acceptance"): ("received", "accept", PARTNER, {}),
    (LEAD, "introduction"): ("accepted", "introduce", PARTNER, {}),
    (DEAL, "consented"): ("draft", "share", PARTNER, {}),
    (DEAL, "contact"): ("draft", "share", PARTNER, {}),
    (DEAL, "help"): ("draft", "share", PARTNER, {}),
    (DEAL, "located"): ("draft", "share", PARTNER, {}),
    (DEAL, "worth_sharing"): ("draft", "share", PARTNER, {}),
    (DEAL, "below_co_sell"): ("qualified", "inform_vendor", PARTNER, {}),
    (DEAL, "help_asked"): ("developed", "confirm", VENDOR, {}),
    (DEAL, "other_side"): ("received", "accept", VENDOR, {}),
    (DEAL, "engagement"): ("proposed", "lose", PARTNER, {"closed_reason": "Budget."}),
    (DEAL, "closing"): ("negotiated", "win", PARTNER, {}),
    (DEAL, "registrable"): ("won", "register", PARTNER, {}),
    (DEAL, "registration"): ("won", "register", PARTNER, {}),
    (DEAL, "settled"): (
        "registered",
        "settle_registration",
        ADMIN,
        {"registration_status": "passed"},
    ),
    (REGISTRATION, "eligible"): ("none", "submit", PARTNER, {}),
    (REGISTRATION, "contract"): ("none", "submit", PARTNER, {}),
    (REGISTRATION, "exception"): ("closed", "request_exception", PARTNER, {}),
    (REGISTRATION, "as_asked"): ("exception_requested", "grant_exception", VENDOR, {}),
    (PROGRAM, "set_up"): ("setting_up", "start", ADMIN, {}),
}
PLACE: Final = {
    "id": "loc-1",
    "parent": "par-1",
    "headquarters": True,
    "has_profile": True,
    "endorsement_allowed": True,
}
AUTOMATED: Final = {"operating_model": "automated", "crm": "meets_api"}
LAST_YEAR: Final = {"perpetual": False, "starts_on": "2026-06-01", "ends_on": "2027-05-31"}

SPOILED: Final[dict[tuple[str, str], dict[str, Cases]]] = {
    (LEAD, "consented"): {
        "consents_to_contact": no("customer_contact__consents_to_contact"),
        "consents_to_sharing": no("customer_contact__consents_to_sharing"),
    },
    (LEAD, "reachable"): {
        "business_profile": no("location__has_profile"),
        "at_a_location": nothing("location__id"),
    },
    (LEAD, "acceptance"): {
        "our_country": [
            ({"customer__country": "CZ"}, UNMET),
            ({"customer__country": None}, UNKNOWN),
        ],
        "worth_it": [({"value": "9999.99 USD"}, UNMET), ({"value": None}, UNKNOWN)],
    },
    (LEAD, "introduction"): {
        "right_team": [
            ({"introduction__team": "inside_sales"}, UNMET),
            ({"offering": "another", "introduction__team": "pre_sales"}, UNMET),
            ({"offering": "another", "introduction__team": "inside_sales"}, MET),
            ({"offering": "migration_assessment", "introduction__team": "pre_sales"}, MET),
        ],
        "right_template": [
            ({"introduction__template": "introduction"}, UNMET),
            ({"offering": "another", "introduction__template": "introduction"}, MET),
        ],
        "tagged": [({"tag": "Website"}, UNMET), ({"tag": None}, UNKNOWN)],
    },
    (DEAL, "consented"): {
        "consents_to_contact": no("customer_contact__consents_to_contact"),
        "consents_to_sharing": no("customer_contact__consents_to_sharing"),
    },
    (DEAL, "contact"): {
        "first_name": nothing("customer_contact__first_name"),
        "last_name": nothing("customer_contact__last_name"),
        "phone": nothing("customer_contact__phone"),
        "email": nothing("customer_contact__email"),
    },
    (DEAL, "help"): {
        "help_kind": [({"help_kind": "holidays"}, UNMET), ({"help_kind": None}, UNKNOWN)],
    },
    (DEAL, "located"): {
        "business_profile": no("location__has_profile"),
        "not_the_parent": [
            ({"location__id": "par-1"}, UNMET),
            ({"location__id": None}, UNKNOWN),
            ({"location__parent": None}, UNKNOWN),
        ],
    },
    (DEAL, "worth_sharing"): {
        "qualified_first": nothing("qualified_at"),
        "new_logo": [
            ({"classification": "prospect"}, UNMET),
            ({"classification": "existing_customer"}, UNMET),
            ({"classification": None}, UNKNOWN),
        ],
        "named": [
            ({"name": "Beta"}, UNMET),
            ({"name": None}, UNKNOWN),
            ({"crm_id": None}, UNKNOWN),
            ({"partner__name": "Akme"}, UNMET),
        ],
    },
    (DEAL, "below_co_sell"): {"no_help_asked_yet": [({"help_required": True}, UNMET)]},
    (DEAL, "help_asked"): {
        "help_is_asked": [({"help_required": False}, UNMET), ({"help_required": None}, UNMET)]
    },
    (DEAL, "other_side"): {"not_the_sender": [({"sourced_by": "vendor"}, UNMET)]},
    (DEAL, "engagement"): {
        "vendor_engaged_known": [
            ({"vendor_engaged": None}, UNMET),
            ({"vendor_support": None}, UNMET),
            ({"vendor_engaged": False, "vendor_support": None}, MET),
        ],
    },
    (DEAL, "closing"): {
        "open_long_enough": [
            ({"created_at": NOW - 72 * HOUR + HOUR / 3600}, UNMET),
            ({"created_at": NOW - 72 * HOUR}, MET),
            ({"created_at": None}, UNKNOWN),
        ],
        "contract_signed": [
            *nothing("contract__signed_at"),
            *nothing("contract_kind"),
            ({"contract_kind": "services"}, MET),
            ({"contract_kind": "ip"}, MET),
        ],
    },
    (DEAL, "registrable"): {
        "eligible_solution": [
            ({"products": []}, UNMET),
            ({"products": [{"id": "x", "registrable": False}]}, UNMET),
            ({"products": [{"id": "x"}]}, UNKNOWN),
        ]
    },
    (DEAL, "registration"): {
        "contract_owner": [
            ({"contract_owner": "omega"}, UNMET),
            ({"contract_owner": None}, UNKNOWN),
        ],
    },
    (DEAL, "settled"): {},
    (REGISTRATION, "eligible"): {
        "shared": [
            ({"sharing": "private"}, UNMET),
            ({"sharing": "private", "kind": "partner_to_partner"}, MET),
            ({"sharing": "partner_led"}, MET),
            ({"sharing": None, "kind": None}, MET),
        ],
        "value": [
            ({"contract_value": "24999.99 USD"}, UNMET),
            ({"contract_value": "25000 USD"}, MET),
            ({"contract_value": "150000.01 EUR"}, UNKNOWN),
        ],
        "managed_account": no("account_managed"),
        "eligible_solution": [({"products": []}, UNMET), ({"products": [{"id": "x"}]}, UNKNOWN)],
        "won": nothing("won_at"),
        "accepted_by_vendor": [
            ({"vendor_accepted_at": None}, UNMET),
            ({"vendor_accepted_at": None, "sharing": "partner_led"}, NOT_ASKED),
        ],
        "no_assessment": [
            ({"is_solution_assessment": True}, UNMET),
            ({"is_solution_assessment": None}, UNKNOWN),
        ],
        "location": [({"location__id": "par-1"}, UNMET), ({"location__parent": None}, UNKNOWN)],
    },
    (REGISTRATION, "contract"): {
        "annual_value": [
            ({"contract_value": "150000.00 USD"}, UNMET),
            ({**LAST_YEAR, "contract_value": "25000.00 USD"}, UNMET),
            ({**LAST_YEAR, "contract_value": "25000.01 USD"}, MET),
            ({**LAST_YEAR, "ends_on": "2029-05-31", "contract_value": "75000.00 USD"}, UNMET),
            ({**LAST_YEAR, "ends_on": "2029-05-31", "contract_value": "75000.01 USD"}, MET),
            ({"perpetual": None}, UNKNOWN),
        ],
        "solution_within_contract": [
            ({"solution_value": "150000.02 USD"}, UNMET),
            ({"solution_value": "150000.01 USD"}, MET),
            ({"solution_value": None}, UNKNOWN),
        ],
        "same_values": [
            ({"kind": "partner_to_partner"}, UNMET),
            ({"kind": "partner_to_partner", "solution_value": "150000.01 USD"}, MET),
            ({"kind": None}, NOT_ASKED),
        ],
        "signed_lately": [
            ({"signed_on": "2026-04-01"}, UNMET),
            ({"signed_on": "2026-04-02"}, MET),
            ({"signed_on": None}, UNKNOWN),
        ],
        "signed_by_now": [({"signed_on": "2026-06-02"}, UNMET), ({"signed_on": "2026-06-01"}, MET)],
        "signed_after_creation": [
            ({"signed_on": "2026-05-02"}, UNMET),
            ({"signed_on": "2026-05-03"}, MET),
            ({"invited_at": None, "signed_on": "2026-05-01"}, UNMET),
            ({"invited_at": None, "signed_on": "2026-05-02"}, MET),
            ({"created_at": None}, UNKNOWN),
        ],
        "started_lately": [
            ({"starts_on": "2026-03-02"}, UNMET),
            ({"starts_on": "2026-03-03"}, MET),
            ({"starts_on": None}, UNKNOWN),
        ],
        "end_given": [
            ({"perpetual": False, "ends_on": None}, UNMET),
            ({"perpetual": True, "ends_on": None}, NOT_ASKED),
        ],
        "end_after_start": [
            ({"ends_on": "2026-05-31"}, UNMET),
            ({"ends_on": "2026-06-01"}, MET),
            ({"ends_on": None}, NOT_ASKED),
        ],
        "won_lately": [
            ({"won_at": NOW - 31 * DAY}, UNMET),
            ({"won_at": NOW - 30 * DAY}, MET),
        ],
    },
    (REGISTRATION, "exception"): {
        "asked_once": [({"exception__decided_at": NOW}, UNMET)],
        "was_registered": nothing("registered_at"),
        "asks_for_something": [
            ({"exception__contract_value": None}, UNMET),
            ({"exception__contract_value": None, "exception__perpetual": False}, MET),
            ({"exception__contract_value": None, "exception__ends_on": "2028-01-01"}, MET),
        ],
    },
    (REGISTRATION, "as_asked"): {
        "perpetual_as_asked": [({"exception__perpetual": False}, UNMET)],
        "total_as_asked": [({"exception__contract_value": "1 USD"}, UNMET)],
        "signature_as_asked": [({"exception__signed_on": "2026-05-26"}, UNMET)],
        "start_as_asked": [({"exception__starts_on": "2026-06-02"}, UNMET)],
        "end_as_asked": [({"exception__ends_on": "2028-01-01"}, UNMET)],
    },
    (PROGRAM, "set_up"): {
        "parent_account": nothing("parent"),
        "headquarters": [
            ({"locations": []}, UNMET),
            ({"locations": [{**PLACE, "headquarters": False}]}, UNMET),
            ({"locations": [{**PLACE, "id": None}]}, UNMET),
        ],
        "own_ids": [({"locations": []}, UNMET), ({"locations": [{**PLACE, "id": "par-1"}]}, UNMET)],
        "profiles": [({"locations": [{**PLACE, "has_profile": False}]}, UNMET)],
        "endorsements": [({"locations": [{**PLACE, "endorsement_allowed": False}]}, UNMET)],
        "local_teams": [
            ({"locations": [{**PLACE, "headquarters": False, "transacts_locally": False}]}, UNMET),
            ({"locations": [{**PLACE, "headquarters": False, "has_own_team": False}]}, UNMET),
        ],
        "several_contacts": [({"contacts": [{"email": "a@acme.example"}]}, UNMET)],
        "profile_contacts": [
            ({"contacts": [{"email": "a@acme.example", "in_profile": False}]}, UNMET)
        ],
        "registration_person": nothing("registrar"),
        "review_process": nothing("deal_review_process"),
        "audit_contact_named": nothing("audit_contact"),
        "model_chosen": nothing("operating_model"),
        "interface_fits": [
            ({"referrals_a_month": 29}, MET),
            ({"referrals_a_month": 30}, UNMET),
            ({"offerings": 6}, UNMET),
            ({"crm": "meets_api"}, UNMET),
            ({"operating_model": "automated"}, NOT_ASKED),
        ],
        "automation_fits": [
            ({"operating_model": "automated"}, UNMET),
            ({"operating_model": "automated", "referrals_a_month": 30}, MET),
            ({"operating_model": "automated", "offerings": 6}, MET),
            ({**AUTOMATED}, MET),
        ],
    },
}
#: Criteria whose other side is a story of its own.
STORIES: Final = {
    (LEAD, "from_marketplace", "is_inquiry"),
    (LEAD, "from_vendor", "is_from_vendor"),
    (LEAD, "acceptance", "company_looked_up"),
    (LEAD, "acceptance", "open_opportunity_looked_up"),
    (DEAL, "help", "help_time"),
    (DEAL, "engagement", "vendor_engaged_stated"),
    (DEAL, "settled", "final_status"),
    (REGISTRATION, "approved_at_once", "moderate_value"),
    (REGISTRATION, "approved_at_once", "one_partner"),
    (REGISTRATION, "approved_at_once", "no_pay_as_you_go"),
    (REGISTRATION, "to_be_reviewed", "review_needed"),
    (PROGRAM, "few_deals", "few"),
    (PROGRAM, "some_deals", "some"),
    (PROGRAM, "many_deals", "many"),
}
#: Which ready records need something more, so that what the row is about applies at all.
APPLIES: Final[dict[str, dict[str, Any]]] = {
    "same_values": {"kind": "partner_to_partner", "solution_value": "150000.01 USD"},
    "help_is_asked": {"help_required": True},
    "end_given": {"perpetual": False},
    "perpetual_as_asked": {"exception__perpetual": True},
    "signature_as_asked": {"exception__signed_on": "2026-05-27"},
    "start_as_asked": {"exception__starts_on": "2026-06-01"},
    "end_as_asked": {"exception__ends_on": "2027-05-31"},
    "automation_fits": AUTOMATED,
}
CITES: Final = {
    (name, check.gate, check.id): " ".join(check.cites)
    for name in (LEAD, DEAL, REGISTRATION, PROGRAM)
    for gate in bound(name).main.gates.values()
    for check in gate.checks
}
ROWS: Final = [
    pytest.param(key, name, changes, verdict, id=f"{key[0]} {name} {CITES[*key, name]} #{index}")
    for key, rows in SPOILED.items()
    for name, cases in rows.items()
    for index, (changes, verdict) in enumerate(cases)
]


@pytest.mark.parametrize(("key", "name", "changes", "verdict"), ROWS)
def test_a_criterion_that_is_not_met_is_named(
    key: tuple[str, str], name: str, changes: dict[str, Any], verdict: Verdict
) -> None:
    """On the ready record each criterion is met; with one thing otherwise it alone says so."""
    stage, trigger, actor, data = GATES[key]
    applies = APPLIES.get(name, {})
    ready = asked(key[0], stage, trigger, data, actor=actor, **applies)
    spoiled = asked(key[0], stage, trigger, data, actor=actor, **changes)
    assert [each.verdict for each in ready.findings if each.id == name][:1] == [MET]
    found = next(each for each in spoiled.findings if each.id == name)
    assert found.verdict is verdict
    assert found.check.cites


@pytest.mark.parametrize("key", list(GATES), ids=lambda key: f"{key[0]}:{key[1]}")
def test_the_ready_record_passes_every_gate(key: tuple[str, str]) -> None:
    """The other side of every row: nothing is in the way, and there is no advice (MS-4)."""
    stage, trigger, actor, data = GATES[key]
    applies = {"help_required": True} if key == (DEAL, "help_asked") else {}
    decision = asked(key[0], stage, trigger, data, actor=actor, **applies)
    assert decision.permitted, decision.explain()
    assert decision.advice == ()


def test_every_criterion_has_a_row() -> None:
    """A criterion that is added is tested too."""
    rows = {(*key, name) for key, names in SPOILED.items() for name in names}
    assert set(CITES) - rows == STORIES
    inherited = {
        (gate, check.id)
        for gate, found in bound(ASSESSMENT).main.gates.items()
        for check in found.checks
    }
    assert inherited < {(gate, name) for process, gate, name in CITES if process == DEAL}


@pytest.mark.parametrize("name", [LEAD, DEAL, ASSESSMENT, REGISTRATION, PROGRAM])
def test_everything_cites_its_rule(name: str) -> None:
    """Every criterion, clock, claim and view that hides something names its row."""
    process = bound(name).process
    rows = [*process.clocks, *process.locks, *(view for view in process.views if view.hide)]
    assert [row for row in rows if not row.cites and row.id != "vendor_draft"] == []
    assert all(CITES.values())


#: Where many referrals make a difference: process, stage, trigger, what is spoiled and who says so.
BY_VOLUME: Final = {
    "MS-3": (LEAD, "received", "accept", "classification", "company_looked_up"),
    "MS-42": (LEAD, "received", "accept", "has_open_opportunity", "open_opportunity_looked_up"),
    "MS-11": (DEAL, "draft", "share", "help_time", "help_time"),
    "MS-46": (DEAL, "negotiated", "win", "vendor_engaged", "vendor_engaged_stated"),
}


@pytest.mark.parametrize("rule", list(BY_VOLUME))
def test_what_is_asked_at_high_volume_only(rule: str) -> None:
    """With few referrals it is not asked; with many it is, as advice or, in MS-46, required."""
    name, stage, trigger, spoiled, criterion = BY_VOLUME[rule]
    many = high_volume(name)

    def found(process: Bound, **changes: Any) -> Finding:
        decision = asked(name, stage, trigger, process=process, **changes)
        return next(each for each in decision.findings if each.id == criterion)

    assert found(bound(name), **{spoiled: None}).verdict is NOT_ASKED
    assert found(many).verdict is MET
    assert found(many, **{spoiled: None}).verdict is UNMET
    assert rule in found(many).check.cites
    assert (found(many).check.severity is Severity.REQUIRED) is (rule == "MS-46")
