"""A rich process of its own, and small ones, for tests of definitions, engine and desk."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from cosell.calendars import Calendar
from cosell.definition import Process, parse_process
from cosell.engine import Bound, bind
from cosell.events import Actor
from cosell.models import Opportunity
from cosell.models.record import Record

NOON: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY: Final = timedelta(days=1)

SELLER: Final = Actor("s-1", role="seller", party="vendor")
OTHER_SELLER: Final = Actor("s-2", role="seller", party="vendor")
PARTNER: Final = Actor("p-7", role="partner", party="acme")
BOSS: Final = Actor("b-1", role="boss", party="vendor")

#: The least that is a process.
TINY: Final = """\
id = "tiny"
version = 1
record = "Opportunity"
initial = "fresh"
roles = { seller = "Seller", boss = "Boss" }
stages = [{ id = "fresh" }, { id = "mid" }, { id = "won", kind = "won" }]

[[transitions]]
trigger = "go"
source = "fresh"
target = "mid"
roles = ["seller"]

[[transitions]]
trigger = "win"
source = "mid"
target = "won"
roles = ["seller"]
"""


def one_move(process_id: str, record: str) -> str:
    """Return a process with nothing but what every process has: what follows is of its move."""
    return f"""\
id = "{process_id}"
version = 1
record = "{record}"
initial = "fresh"
roles = {{ seller = "Seller" }}
stages = [{{ id = "fresh" }}, {{ id = "won", kind = "won" }}]
[[transitions]]
trigger = "win"
source = "fresh"
target = "won"
roles = ["seller"]
"""


#: One of everything that a process can have.
RICH: Final = """\
id = "rich"
version = 3
label = "Rich"
record = "Opportunity"
zone = "Europe/Prague"
calendars = ["office"]
initial = "submitted"

[roles]
partner = "Partner"
seller = "Seller"
boss = "Boss"

[effects]
tell = "Tell somebody"
warn = "Warn somebody"

[parameters]
plan_above = "50000 USD"
answer_days = 5

[facts]
budget_free = "bool"
paid_at = "instant"
limit = "money"

[[stages]]
id = "submitted"
[[stages]]
id = "accepted"
[[stages]]
id = "negotiation"
[[stages]]
id = "won"
kind = "won"
[[stages]]
id = "onboarding"
kind = "won"
[[stages]]
id = "lost"
kind = "lost"
[[stages]]
id = "expired"
kind = "closed"

[[gates.acceptance.criteria]]
id = "named"
need = "recorded(customer.domain)"
remedy = "Record the customer's domain."
cites = ["MK-12"]
[[gates.acceptance.criteria]]
id = "other_person"
need = "actor.id != registration.submitted_by"
remedy = "Let somebody else decide."

[[gates.ready.criteria]]
id = "plan_started"
when = "acv > plan_above"
need = "mdp.stage in {'drafted', 'agreed'}"
remedy = "Start the plan."
cites = ["MK-26"]
[[gates.ready.criteria]]
id = "budget_known"
need = "facts.budget_free"
severity = "advised"
remedy = "Ask for the budget."

[[gates.big.criteria]]
id = "is_big"
need = "acv > '100000 USD'"
remedy = "Sell more."

[[gates.stamped.criteria]]
id = "stamped"
need = "recorded(won_at)"
remedy = "Cannot happen: the transition writes it."

[[transitions]]
trigger = "accept"
source = "submitted"
target = "accepted"
roles = ["seller"]
gates = ["acceptance"]
inputs = [
  { path = "owner", required = true, label = "Owner", help = "Say who owns it." },
  { path = "registration.reason", required = true, fresh = true },
  { path = "plan" },
]
set = { accepted_at = "at", "registration.decided_by" = "actor.id", "registration.outcome" = { literal = "accepted_co_selling" } }
effects = [{ kind = "tell", to = "partner", data = ["id", "owner", "acv", "registration.outcome"] }, { kind = "warn" }]
claims = ["registration:{customer.domain}"]
within = ["answer"]
override = { roles = ["boss"] }
label = "Accept the registration"
cites = ["MK-15"]

# Two candidates: the big deals first.
[[transitions]]
trigger = "advance"
source = "accepted"
target = "won"
roles = ["seller", "boss"]
gates = ["big", "ready"]
inputs = [{ path = "name", required = true }]
set = { won_at = "at" }

[[transitions]]
trigger = "advance"
source = "accepted"
target = "negotiation"
roles = ["seller"]
gates = ["ready"]
inputs = [{ path = "closed_reason" }]

[[transitions]]
trigger = "win"
source = ["accepted", "negotiation"]
target = "won"
roles = ["seller"]
gates = ["ready", "stamped"]
set = { won_at = "at" }
override = { roles = ["seller"] }

[[transitions]]
trigger = "lose"
source = "*"
target = "lost"
roles = ["seller", "partner"]
inputs = [{ path = "closed_reason", required = true }]
set = { lost_at = "at", closed_kind = { literal = "business" } }
releases = ["registration"]

[[transitions]]
trigger = "expire"
source = "submitted"
target = "expired"
roles = ["clock"]
set = { closed_at = "at" }
effects = [{ kind = "warn", to = "boss" }]

[[transitions]]
trigger = "board"
source = "won"
target = "onboarding"
roles = ["seller"]

[[transitions]]
trigger = "reopen"
source = "lost"
target = "accepted"
roles = ["boss"]

[[clocks]]
id = "answer"
calendar = "office"
allowance = "answer_days"
unit = "business_days"
ends = "close"
start = ["entered('submitted')"]
stop = ["moved('accept')"]
cancel = ["moved('lose')"]
cites = ["MK-13"]
[[clocks.steps]]
id = "soon"
offset = -1
effects = [{ kind = "warn", to = "seller" }]
[clocks.on_breach]
trigger = "expire"
effects = [{ kind = "tell", to = "boss" }]

[[locks]]
paths = ["acv", "customer"]
stages = ["won", "onboarding", "lost"]
except_roles = ["boss"]
remedy = "Ask the boss."

[[locks]]
paths = ["registration.submitted_by"]
stages = ["*"]
remedy = "It is what it is."

[tracks.mdp]
initial = "not_started"
stages = [
  { id = "not_started" },
  { id = "drafted" },
  { id = "agreed", kind = "won" },
  { id = "dropped", kind = "lost" },
]
[[tracks.mdp.gates.has_customer.criteria]]
id = "customer_takes_part"
need = "prepared_with_customer and record.stage != 'submitted'"
remedy = "Prepare it with the customer, once the deal is accepted."
[[tracks.mdp.transitions]]
trigger = "draft"
source = "not_started"
target = "drafted"
roles = ["seller"]
gates = ["has_customer"]
inputs = [{ path = "prepared_with_customer" }, { path = "record.plan" }]
set = { drafted_at = "at" }
[[tracks.mdp.transitions]]
trigger = "agree"
source = "drafted"
target = "agreed"
roles = ["seller"]
effects = [{ kind = "tell", data = ["drafted_at", "record.id"] }]
[[tracks.mdp.clocks]]
id = "draft_age"
allowance = 48
unit = "elapsed_hours"
start = ["entered('drafted')"]
stop = ["entered('agreed')"]
[tracks.mdp.clocks.on_breach]
trigger = "drop"
[[tracks.mdp.transitions]]
trigger = "drop"
source = "drafted"
target = "dropped"
roles = ["clock", "seller"]
[[tracks.mdp.locks]]
paths = ["document"]
stages = ["agreed"]
remedy = "Agree on another plan."

[tracks.review]
part = "security_review"
initial = "not_started"
at_end = "continue"
stages = [{ id = "not_started" }, { id = "done", kind = "won" }]
[[tracks.review.transitions]]
trigger = "finish"
source = "not_started"
target = "done"
roles = ["seller"]
"""


def office() -> Calendar:
    """Return a Czech calendar, 9 to 17."""
    return Calendar.from_holidays("CZ", tz="Europe/Prague", hours="09:00-17:00")


def bound_of(text: str, *, record: type[Record] = Opportunity, **how: Any) -> Bound:
    """Return a definition bound to a model, with a calendar if it asks for one."""
    process = parse_process(text)
    return bind(process, record=record, calendars=dict.fromkeys(process.calendars, office()), **how)


def process_of(text: str) -> Process:
    """Return the process that ``text`` defines."""
    return parse_process(text, file="x.toml")


TODAY: Final = date(2026, 11, 20)
