"""Records of the Partner Center processes that pass every gate, for tests that spoil one thing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from cosell import catalog
from cosell.calendars import Calendar
from cosell.engine import Applied, Bound, Decision, adopt, apply, decide
from cosell.engine.paths import rewritten
from cosell.events import Actor
from cosell.models import (
    CoSellProgram,
    IncentiveRegistration,
    Record,
    ReferredLead,
    SharedDeal,
)

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
NOW: Final = datetime(2026, 6, 1, 10, tzinfo=UTC)
PARTNER: Final = Actor("p-1", role="seller", party="acme")
REGISTRAR: Final = Actor("p-2", role="registrar", party="acme")
ADMIN: Final = Actor("p-3", role="admin", party="acme")
OTHER: Final = Actor("q-1", role="seller", party="omega")
VENDOR: Final = Actor("v-1", role="vendor", party="vendor")

LEAD: Final = "partner_center_lead"
DEAL: Final = "partner_center_co_sell"
ASSESSMENT: Final = "partner_center_solution_assessment"
REGISTRATION: Final = "partner_center_registration"
PROGRAM: Final = "partner_center_program"

LOCATION: Final = {"id": "loc-1", "parent": "par-1", "has_profile": True}
CONTACT: Final = {
    "first_name": "Zuzana",
    "last_name": "Malá",
    "phone": "+420 777 123 456",
    "email": "zuzana@beta.example",
    "consents_to_contact": True,
    "consents_to_sharing": True,
}
SELLER_CONTACT: Final = {"first_name": "Joe", "email": "joe@vendor.example"}
SHARED: Final[dict[str, Any]] = {
    "partner": {"id": "acme", "name": "Acme"},
    "customer": {"name": "Beta Ltd", "domain": "beta.example", "country": "US"},
    "customer_contact": CONTACT,
    "seller_contact": SELLER_CONTACT,
    "partner_contact": {"first_name": "Eva", "email": "eva@acme.example"},
    "location": LOCATION,
    "offering": "joint_solution",
    "created_at": NOW - 10 * DAY,
    "classification": "new_logo",
}
READY: Final[dict[str, dict[str, Any]]] = {
    LEAD: {
        **SHARED,
        "id": "l-1",
        "kind": "vendor_lead",
        "value": "10000 USD",
        "has_open_opportunity": False,
        "introduction": {
            "team": "alliance",
            "representative": "p-4",
            "template": "introduction_alliance",
        },
        "tag": "Microsoft",
    },
    DEAL: {
        **SHARED,
        "id": "d-1",
        "name": "Acme - joint_solution - Czechia - North - 0061",
        "region": "Czechia",
        "owner_team": "North",
        "crm_id": "0061",
        "qualified_at": NOW,
        "sharing": "partner_led",
        "visible_to_vendor": True,
        "sourced_by": "acme",
        "help_kind": "proof_of_concept",
        "help_time": "pre_sales",
        "vendor_engaged": True,
        "vendor_support": "A joint proof of concept.",
        "contract": {"signed_at": NOW},
        "contract_kind": "both",
        "contract_owner": "acme",
        "products": [{"id": "joint_solution", "registrable": True}],
        "registration_status": "none",
        "account_managed": True,
    },
    REGISTRATION: {
        "id": "r-1",
        "deal": "d-1",
        "kind": "co_sell",
        "sharing": "co_sell",
        "is_solution_assessment": False,
        "location": {"id": "loc-1", "parent": "par-1"},
        "products": [{"id": "joint_solution", "registrable": True}],
        "created_at": NOW - 30 * DAY,
        "invited_at": NOW - 29 * DAY,
        "won_at": NOW - 5 * DAY,
        "vendor_accepted_at": NOW - 28 * DAY,
        "account_managed": True,
        "partners": 1,
        "pay_as_you_go": False,
        "perpetual": True,
        "contract_value": "150000.01 USD",
        "solution_value": "60000 USD",
        "signed_on": "2026-05-27",
        "starts_on": "2026-06-01",
        "ends_on": "2027-05-31",
        "registered_at": NOW,
        "exception": {"text": "The order was split.", "contract_value": "150000.01 USD"},
    },
    PROGRAM: {
        "id": "acme",
        "partner": {"id": "acme", "name": "Acme"},
        "parent": "par-1",
        "locations": [
            {**LOCATION, "headquarters": True, "endorsement_allowed": True},
            {
                "id": "loc-2",
                "parent": "par-1",
                "headquarters": False,
                "has_profile": True,
                "endorsement_allowed": True,
                "transacts_locally": True,
                "has_own_team": True,
            },
        ],
        "contacts": [
            {"id": "c-1", "email": "leads@acme.example", "in_profile": True},
            {"id": "c-2", "email": "eva@acme.example", "solution": "joint_solution"},
        ],
        "referrals_a_month": 29,
        "deals_a_month": 10,
        "offerings": 5,
        "crm": "takes_more_fields",
        "operating_model": "interface_high",
        "registrar": "p-2",
        "deal_review_process": "Each quarter, by the alliance manager.",
        "audit_contact": "p-2",
    },
}
READY[ASSESSMENT] = READY[DEAL]
MODELS: Final[dict[str, type[Record]]] = {
    LEAD: ReferredLead,
    DEAL: SharedDeal,
    ASSESSMENT: SharedDeal,
    REGISTRATION: IncentiveRegistration,
    PROGRAM: CoSellProgram,
}
PRAGUE: Final = Calendar.from_holidays("CZ", tz="Europe/Prague")


@cache
def bound(name: str) -> Bound:
    """Return one of the processes, bound."""
    shipped = catalog.load(name)
    return shipped.bind(calendars=dict.fromkeys(shipped.process.calendars, PRAGUE))


@cache
def high_volume(name: str) -> Bound:
    """Return one of the processes for a partner with many referrals (MS-3, MS-11, MS-46)."""
    text = f'extends = "{name}@1"\nid = "{name}"\nversion = 2\n[parameters]\nhigh_volume = true\n'
    return catalog.parse(text).bind()


def raw(name: str, /, **changes: Any) -> Any:
    """Return the ready record, not in the process yet, with some paths otherwise (``a__b``)."""
    paths = {path.replace("__", "."): value for path, value in changes.items()}
    return rewritten(MODELS[name].model_validate(READY[name]), paths, "the record")


def entered(
    name: str,
    stage: str,
    /,
    *,
    process: Bound | None = None,
    moment: datetime = NOW,
    **changes: Any,
) -> Any:
    """Return the ready record in a stage."""
    found = process or bound(name)
    return adopt(found, raw(name, **changes), stage=stage, actor=ADMIN, at=moment).record


def asked(
    name: str,
    stage: str,
    trigger: str,
    data: dict[str, Any] | None = None,
    /,
    *,
    actor: Actor = PARTNER,
    process: Bound | None = None,
    **changes: Any,
) -> Decision:
    """Return whether the ready record, with some paths otherwise, may move."""
    record = entered(name, stage, process=process, **changes)
    return decide(process or bound(name), record, trigger, actor=actor, at=NOW, data=data or {})


def moved(
    name: str,
    record: Any,
    trigger: str,
    /,
    *,
    actor: Actor = PARTNER,
    at: datetime = NOW,
    **data: Any,
) -> Applied[Any]:
    """Return what comes of a move."""
    given = {path.replace("__", "."): value for path, value in data.items()}
    return apply(bound(name), record, trigger, actor=actor, at=at, data=given)


def obstacles(decision: Decision) -> list[str]:
    """Return the names of what is in the way."""
    return [finding.id for finding in decision.obstacles]


def advice(decision: Decision) -> list[str]:
    """Return the names of what is advised."""
    return [finding.id for finding in decision.advice]


def effects(applied: Applied[Any]) -> list[tuple[str, str | None]]:
    """Return kind and role of each effect."""
    return [(effect.kind, effect.to) for effect in applied.effects]
