"""Small processes of several records: leads, registrations, opportunities and conflicts."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from cosell.engine import Bound
from cosell.events import Actor
from cosell.models import Conflict, DealRegistration, Lead, Opportunity
from cosell.models.record import Record
from desk_kit import outcome
from process_samples import DAY, NOON, bound_of

MANAGER: Final = Actor("m-1", role="manager", party="vendor")
ACME: Final = Actor("p-1", role="partner", party="acme")
BETA: Final = Actor("p-2", role="partner", party="beta")
RELAY: Final = Actor("relay-1", role="relay", party="vendor")
OTHER_RELAY: Final = Actor("relay-2", role="relay", party="vendor")

#: A lead is offered, accepted by the first, and converted once.
LEAD: Final = """\
id = "lead"
version = 1
record = "Lead"
initial = "fresh"
roles = { manager = "Channel manager", partner = "Partner", relay = "Relay" }
effects = { offered = "Tell a partner of an offer", gone = "Tell a partner that it is gone" }
stages = [
  { id = "fresh" }, { id = "offered" }, { id = "accepted" },
  { id = "converted", kind = "won" }, { id = "dropped", kind = "lost" },
]

[[gates.redistribution.criteria]]
id = "another_partner"
need = "not offered_again"
remedy = "Offer it to a partner that did not have it before."
cites = ["SF-20"]

[[gates.offered_to_me.criteria]]
id = "was_offered"
need = "any(o.party == actor.party and default(o.representative, actor.id) == actor.id for o in offers)"
remedy = "Ask the channel manager to offer it to you."
cites = ["SF-17"]
[[gates.offered_to_me.criteria]]
id = "some_offer"
need = "count(recorded(o.party) for o in offers) >= 1"
remedy = "Offer it first."

[[transitions]]
trigger = "offer"
source = ["fresh", "offered"]
target = "offered"
roles = ["manager"]
gates = ["redistribution"]
inputs = [{ path = "offers", append = true, required = true, needs = ["party"], stamp = { offered_at = "at" } }]
set = { offered_at = "at" }
effects = [{ kind = "offered", to = "partner", for_each = "offers", party = "item.party", data = ["id", "item.offered_at"] }]
override = { roles = ["manager"] }
cites = ["SF-17", "SF-20"]

[[transitions]]
trigger = "accept"
source = "offered"
target = "accepted"
roles = ["partner"]
gates = ["offered_to_me"]
set = { accepted_by = "actor.party", accepted_at = "at" }
effects = [{ kind = "gone", to = "partner", for_each = "other_offers", party = "item.party", data = { lead = "id", since = "accepted_at" } }]
cites = ["SF-17", "MS-1"]

[[transitions]]
trigger = "convert"
source = "accepted"
target = "converted"
roles = ["partner", "manager"]
set = { converted_at = "at" }
cites = ["SF-19"]
[[transitions.effects]]
kind = "create"
process = "opportunity"
data = { name = "name", customer = "customer", acv = "value", "partner.id" = "accepted_by", lead_source = { literal = "vendor_marketing" } }
report = { trigger = "link", path = "converted_to" }

[[transitions]]
trigger = "link"
source = "converted"
target = "stay"
roles = ["relay"]
inputs = [{ path = "converted_to", required = true }]

[[transitions]]
trigger = "reopen"
source = "converted"
target = "accepted"
roles = ["manager"]
"""

#: What a lead becomes; one for each lead.
OPPORTUNITY: Final = """\
id = "opportunity"
version = 1
record = "Opportunity"
initial = "open"
roles = { seller = "Seller", relay = "Relay" }
stages = [{ id = "open" }, { id = "won", kind = "won" }]

[claims.converted]
keys = ["converted:{origin.id}"]
cites = ["SF-19"]

[[transitions]]
trigger = "win"
source = "open"
target = "won"
roles = ["seller"]
"""

#: One registration for a customer and product at a time; later ones wait (BX-1, BX-2).
REGISTRATION: Final = """\
id = "registration"
version = 1
record = "DealRegistration"
initial = "submitted"
roles = { manager = "Channel manager", partner = "Partner", relay = "Relay" }
effects = { tell = "Tell the partner" }
stages = [
  { id = "submitted" }, { id = "queued" }, { id = "approved" },
  { id = "expired", kind = "closed" }, { id = "rejected", kind = "closed" },
  { id = "withdrawn", kind = "closed" },
]

[claims.registration]
label = "Protection of a customer and product"
known_to = ["manager", "relay"]
next = "come_up"
cites = ["BX-1", "BX-2"]

[claims.resubmission]
keys = ["resubmission:{resubmission_of}"]
cites = ["BX-7"]

[[transitions]]
trigger = "approve"
source = "submitted"
target = "approved"
roles = ["manager", "partner"]
set = { protected_from = "at", decided_by = "actor.id" }
inputs = [{ path = "reason" }]
claims = ["registration:{customer.domain}:{products[*].id}"]
if_claimed = { trigger = "queue", key = "blocked_key", holder = "blocked_by" }
cites = ["BX-2", "SF-10"]

[[transitions]]
trigger = "queue"
source = "submitted"
target = "queued"
roles = ["manager", "partner"]
inputs = [{ path = "blocked_key" }, { path = "blocked_by" }, { path = "reason" }]
set = { queued_at = "at" }
waits = ["registration:{customer.domain}:{products[*].id}"]
cites = ["BX-2", "BX-9"]
[[transitions.effects]]
kind = "create"
process = "conflict"
[transitions.effects.data]
key = "blocked_key"
holder = "blocked_by"
challenger = "id"
challenger_party = "partner.id"
customer = "customer.name"
arisen_at = "queued_at"
rule = { literal = "first approved" }

[[transitions]]
trigger = "come_up"
source = "queued"
target = "approved"
roles = ["relay"]
set = { protected_from = "at" }
claims = ["registration:{customer.domain}:{products[*].id}"]
effects = [{ kind = "tell", to = "partner", party = "partner.id", data = ["id"] }]
cites = ["BX-2"]

[[transitions]]
trigger = "expire"
source = "approved"
target = "expired"
roles = ["clock", "manager"]
releases = ["registration"]

[[transitions]]
trigger = "withdraw"
source = ["submitted", "queued"]
target = "withdrawn"
roles = ["partner"]

[[transitions]]
trigger = "reject"
source = "submitted"
target = "rejected"
roles = ["manager"]
inputs = [{ path = "reason", required = true }]
cites = ["SF-8"]

[[transitions]]
trigger = "resubmit"
source = "rejected"
target = "stay"
roles = ["partner"]
inputs = [{ path = "notes", append = true, required = true, needs = ["text"], stamp = { at = "at", by = "actor.id" } }]
cites = ["BX-7", "SF-9"]
[[transitions.effects]]
kind = "create"
process = "registration"
data = { customer = "customer", products = "products", partner = "partner", submissions = "submissions", notes = "notes", resubmission_of = "id" }

[[clocks]]
id = "protection"
allowance = 90
unit = "calendar_days"
start = ["entered('approved')"]
on_breach = { trigger = "expire" }
cites = ["BX-3"]
"""

#: As a program that rejects a duplicate at once (SF-8).
REJECTING: Final = (
    REGISTRATION.replace(
        'if_claimed = { trigger = "queue", key', 'if_claimed = { trigger = "reject", key'
    )
    .replace('key = "blocked_key", holder = "blocked_by" }', 'key = "reason" }', 1)
    .replace(
        'roles = ["manager"]\ninputs = [{ path = "reason", required',
        'roles = ["manager", "partner"]\ninputs = [{ path = "reason", required',
    )
)

#: The dispute about a claim (BX-9).
CONFLICT: Final = """\
id = "conflict"
version = 1
record = "Conflict"
initial = "open"
roles = { manager = "Channel manager", partner = "Partner", board = "Partner board", relay = "Relay" }
stages = [
  { id = "open" }, { id = "decided" }, { id = "disputed" }, { id = "reviewed" },
  { id = "settled", kind = "closed" },
]

[[gates.other_person.criteria]]
id = "not_the_same"
need = "actor.id != decided_by"
remedy = "Let somebody else review it."

[[transitions]]
trigger = "decide"
source = "open"
target = "decided"
roles = ["manager"]
inputs = [{ path = "decided_for", required = true }, { path = "reason", required = true }]
set = { decided_by = "actor.id", decided_at = "at" }

[[transitions]]
trigger = "dispute"
source = "decided"
target = "disputed"
roles = ["partner"]
inputs = [{ path = "statements", append = true, required = true, needs = ["text"], stamp = { by = "actor.id", party = "actor.party", at = "at" } }]
set = { disputed_by = "actor.party", disputed_at = "at" }

[[transitions]]
trigger = "state"
source = "disputed"
target = "stay"
roles = ["partner", "manager"]
inputs = [{ path = "statements", append = true, required = true, needs = ["text"], stamp = { by = "actor.id", party = "actor.party", at = "at" } }]

[[transitions]]
trigger = "uphold"
source = "disputed"
target = "reviewed"
roles = ["manager", "board"]
gates = ["other_person"]
inputs = [{ path = "outcome_reason", required = true }]
set = { outcome = { literal = "upheld" } }

[[transitions]]
trigger = "overturn"
source = "disputed"
target = "reviewed"
roles = ["board"]
gates = ["other_person"]
inputs = [{ path = "outcome_reason", required = true }, { path = "decided_for", required = true, fresh = true }]
set = { outcome = { literal = "changed" } }

[[transitions]]
trigger = "close"
source = ["decided", "reviewed"]
target = "settled"
roles = ["manager"]
set = { closed_at = "at" }
"""

_MODELS: Final[dict[str, type[Record]]] = {
    LEAD: Lead,
    OPPORTUNITY: Opportunity,
    REGISTRATION: DealRegistration,
    REJECTING: DealRegistration,
    CONFLICT: Conflict,
}


@cache
def several(*texts: str) -> tuple[Bound, ...]:
    """Return processes bound to their models; by default all but the one that rejects."""
    chosen = texts or (LEAD, OPPORTUNITY, REGISTRATION, CONFLICT)
    return tuple(bound_of(text, record=_MODELS[text]) for text in chosen)


def a_registration(
    record_id: str, *, products: tuple[str, ...] = ("core",), party: str = "acme", **values: Any
) -> DealRegistration:
    """Return a registration of the same customer by a partner."""
    return DealRegistration.model_validate(
        {
            "id": record_id,
            "customer": {"name": "Gamma", "domain": "gamma.example"},
            "products": [{"id": product} for product in products],
            "partner": {"id": party},
            **values,
        }
    )


def registered(desk: Any, *ids: str, **values: Any) -> None:
    """Open registrations at noon."""
    for record_id in ids:
        desk.open(a_registration(record_id, **values), actor=ACME, at=NOON, process="registration")


def approve(desk: Any, record_id: str, **asked: Any) -> Any:
    """Ask a manager to approve a registration a day later, and return the answer."""
    return desk.move(record_id, "approve", **{"actor": MANAGER, "at": NOON + DAY, **asked})


def relayed(desk: Any, store: Any, at: Any = NOON + DAY, **asked: Any) -> list[Any]:
    """Carry out all effects of cosell's own that wait, take the others out, and return these."""
    told: list[Any] = []
    while effects := store.lease(100, until=at + DAY, at=at):
        for effect in effects:
            if effect.kind in {"create", "released"}:
                desk.carry_out(effect, **{"actor": RELAY, "at": at, **asked})
            else:
                told.append(effect)
            store.acknowledge([effect.id])
    return told


def refused(call: Any) -> str:
    """Return the outcome of a decision that refuses, as a word."""
    return str(outcome(call).decision.outcome)
