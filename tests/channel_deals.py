"""Deals, leads and people of the processes `salesforce_...`, for tests that spoil one thing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final

from cosell import catalog
from cosell.engine import Bound, Decision, decide, open_record
from cosell.engine.paths import rewritten
from cosell.events import Actor
from cosell.models import Lead, Opportunity
from cosell.models.record import Record

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
NOW: Final = datetime(2026, 6, 1, 10, tzinfo=UTC)
CHANNEL: Final = Actor("cm-1", role="channel_manager", party="vendor")
VENDOR: Final = Actor("v-1", role="vendor", party="vendor")
ANN: Final = Actor("ann", role="partner", party="acme")
AMY: Final = Actor("amy", role="partner", party="acme")
BOB: Final = Actor("bob", role="partner", party="beta")
WIRE: Final = Actor("acme-crm", role="connection", party="acme")
RELAY: Final = Actor("relay-1", role="relay", party="vendor")

REGISTRATION: Final = "salesforce_deal_registration"
LEADS: Final = "salesforce_lead_distribution"
CONFLICT: Final = "salesforce_channel_conflict"
PROGRAM: Final = "salesforce_program"

MEMBERSHIP: Final[dict[str, Any]] = {
    "program": "deal_registration",
    "valid_from": date(2026, 1, 1),
    "valid_until": date(2026, 12, 31),
}
QUALIFIED: Final[dict[str, Any]] = {
    "name": "Gamma, core",
    "customer": {"name": "Gamma", "domain": "gamma.example"},
    "products": [{"id": "core"}],
    "lead_source": "marketing_campaign",
    "current_situation": "They copy orders by hand.",
    "product_of_interest": "Core",
    "time_frame": "By September.",
}
#: A deal that passes every gate of the registration.
READY_DEAL: Final[dict[str, Any]] = {
    **QUALIFIED,
    "id": "d-1",
    "partner": {"id": "acme", "name": "Acme", "memberships": [MEMBERSHIP]},
    "registration": {
        "channel": "partner_portal",
        "existing_deal_found": False,
        "information_complete": True,
    },
    "acv": "20000 USD",
    "proof": "The signed order.",
    "proof_submitted_at": NOW,
}
#: A lead that passes every gate of the distribution.
READY_LEAD: Final[dict[str, Any]] = {
    **QUALIFIED,
    "id": "l-1",
    "value": "20000 USD",
    "offers": [{"party": "acme", "offered_at": NOW}],
    "accepted_by": "acme",
    "requalified_at": NOW,
    "interest_confirmed": True,
}
SIGNED_UP: Final[dict[str, Any]] = {"partner_signed_up": True, "partner_score": "0.5"}
_READY: Final[dict[str, tuple[type[Record], dict[str, Any]]]] = {
    REGISTRATION: (Opportunity, READY_DEAL),
    LEADS: (Lead, READY_LEAD),
}


@cache
def channel(name: str) -> Bound:
    """Return one of the processes, bound."""
    return catalog.load(name).bind()


@cache
def everything() -> tuple[Bound, ...]:
    """Return all four processes, for a desk."""
    return tuple(channel(name) for name in (REGISTRATION, LEADS, CONFLICT, PROGRAM))


def ready(name: str, stage: str, **changes: Any) -> Any:
    """Return the ready record in a stage, with some paths otherwise; ``__`` stands for a dot."""
    model, values = _READY[name]
    opener = CHANNEL if name == LEADS else ANN
    record = open_record(channel(name), model.model_validate(values), actor=opener, at=NOW).record
    paths = {path.replace("__", "."): value for path, value in changes.items()}
    return rewritten(record.model_copy(update={"stage": stage}), paths, "the record")


def asked(name: str, stage: str, trigger: str, actor: Actor, **asking: Any) -> Decision:
    """Return whether the ready record, with some paths otherwise, may move."""
    data, facts = asking.pop("data", {}), asking.pop("facts", None)
    record = ready(name, stage, **asking)
    return decide(channel(name), record, trigger, actor=actor, at=NOW, data=data, facts=facts)
