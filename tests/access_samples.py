"""A process in which two sides share leads, and neither sees more of them than it may."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any, Final

from cosell.engine import Bound
from cosell.events import Actor
from cosell.models import Lead
from process_samples import NOON, bound_of

MANAGER: Final = Actor("m-1", role="manager", party="vendor")
SELLER: Final = Actor("s-1", role="seller", party="vendor")
ACME: Final = Actor("p-7", role="partner", party="acme")
OTHER: Final = Actor("p-8", role="partner", party="omega")
NOBODY: Final = Actor("n-1", role="guest", party="vendor")
HOUR: Final = timedelta(hours=1)
#: Two weeks are two weeks of hours (MS-29).
TWO_WEEKS: Final = timedelta(hours=14 * 24)

#: A manager offers leads to partners, who see contacts while a lead is theirs (MS-12, MS-29);
#: sellers see what partners share, with the contacts' consent and without their details (MS-8,
#: MS-9).
SHARED: Final = """\
id = "shared"
version = 1
record = "Lead"
initial = "draft"
roles = { manager = "Manager", partner = "Partner", seller = "Seller", guest = "Guest" }
effects = { tell = "Tell somebody" }
facts = { audited = "bool", budget = "money" }
stages = [
  { id = "draft" },
  { id = "offered" },
  { id = "accepted" },
  { id = "won", kind = "won" },
  { id = "expired", kind = "closed" },
]

[[gates.acceptance.criteria]]
id = "own"
need = "actor.party == partner.id"
remedy = "Another partner was asked."

[[gates.acceptance.criteria]]
id = "reachable"
need = "any(recorded(person.email) for person in stakeholders)"
remedy = "Ask the manager for a contact who can be reached."
cites = ["MS-31"]

[[gates.acceptance.criteria]]
id = "worth_it"
need = "value >= '1000 USD'"
remedy = "Ask for a larger scope."

[[gates.acceptance.criteria]]
id = "touched"
need = "touch_count >= 1"
severity = "advised"
remedy = "Call once before you accept."

[[gates.acceptance.criteria]]
id = "funded"
need = "facts.budget >= '1000 USD'"
severity = "advised"
remedy = "Ask for the budget."

[[transitions]]
trigger = "offer"
source = "draft"
target = "offered"
roles = ["manager"]
inputs = [{ path = "customer.domain" }]
claims = ["lead:{customer.domain}"]

[[transitions]]
trigger = "accept"
source = "offered"
target = "accepted"
roles = ["partner", "manager"]
gates = ["acceptance"]
inputs = [{ path = "owner" }, { path = "closed_reason" }]
effects = [{ kind = "tell", to = "seller", data = ["owner", "stakeholders", "customer.domain"] }]
set = { accepted_at = "at" }

[[transitions]]
trigger = "introduce"
source = "accepted"
target = "won"
roles = ["partner"]
within = ["introduction"]

[[transitions]]
trigger = "expire"
source = "accepted"
target = "expired"
roles = ["clock"]

[[clocks]]
id = "introduction"
allowance = 336
unit = "elapsed_hours"
start = ["entered('accepted')"]
stop = ["moved('introduce')"]
on_breach = { trigger = "expire" }
pauses = { roles = ["partner"] }

[[clocks]]
id = "since_need"
allowance = 10
unit = "calendar_days"
start = ["needed_on"]

[[views]]
id = "everything"
label = "All of it"
help = "The manager runs the program."
roles = ["manager"]

[[views]]
id = "lead_of_mine"
roles = ["partner"]
stages = ["accepted", "won"]
when = "actor.party == partner.id"
cites = ["MS-12"]

[[views]]
id = "lead_on_offer"
roles = ["partner"]
stages = ["offered", "expired"]
when = "actor.party == partner.id"
hide = ["stakeholders", "customer.domain", "value", "activities", "needed_on", "facts.budget"]
reveal = ["touch_count"]
cites = ["MS-12", "MS-29"]

[[views]]
id = "shared_without_contacts"
roles = ["seller"]
stages = ["accepted", "won"]
when = '''
(count(True for person in stakeholders) >= 1
 and all(person.consents_to_sharing for person in stakeholders))
'''
hide = [
  "stakeholders.first_name",
  "stakeholders.last_name",
  "stakeholders.email",
  "stakeholders.phone",
  "trail.reason",
]
cites = ["MS-8", "MS-9"]

[[views]]
id = "audit"
roles = ["*"]
when = "facts.audited and actor.role == 'guest'"
show = ["customer.country", "stakeholders.side", "trail"]
"""


@cache
def shared() -> Bound:
    return bound_of(SHARED, record=Lead)


def a_lead(record_id: str = "l-1", **values: Any) -> Lead:
    """Return a lead for Acme, with a contact who agreed to everything."""
    person = {
        "first_name": "Zuzana",
        "email": "zuzana@beta.example",
        "phone": "+420777123456",
        "side": "customer",
        "consents_to_sharing": True,
    }
    return Lead.model_validate(
        {
            "id": record_id,
            "partner": {"id": "acme"},
            "customer": {"domain": "beta.example", "country": "CZ"},
            "stakeholders": [person],
            "value": "7654 USD",
            "activities": [{"kind": "touch", "at": NOON, "subject": "Zuzana"}],
            "needed_on": "2026-11-19",
            **values,
        }
    )
