"""A process with approval chains, on the main line and in a track, for tests."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from cosell.engine import Bound, apply, open_record
from cosell.events import Actor
from cosell.models import Opportunity
from process_samples import NOON, bound_of

PARTNER: Final = Actor("p-7", role="partner", party="acme")
SELLER: Final = Actor("s-1", role="seller", party="vendor")
MANAGER: Final = Actor("m-1", role="manager", party="vendor")
OTHER_MANAGER: Final = Actor("m-2", role="manager", party="vendor")
FINANCE: Final = Actor("f-1", role="finance", party="vendor")
LEGAL: Final = Actor("l-1", role="legal", party="vendor")
BOARD: Final = Actor("b-1", role="board", party="vendor")

#: A manager first; finance and legal side by side; the board last.
CHAINS: Final = """\
id = "approved"
version = 1
record = "Opportunity"
initial = "draft"

[roles]
partner = "Partner"
seller = "Seller"
manager = "Manager"
finance = "Finance"
legal = "Legal"
board = "Board"

[effects]
tell = "Tell somebody"

[parameters]
finance_above = "50000 USD"
board_above = "500000 USD"

[facts]
is_tender = "bool"

[[stages]]
id = "draft"
[[stages]]
id = "submitted"
[[stages]]
id = "accepted"
[[stages]]
id = "won"
kind = "won"
[[stages]]
id = "rejected"
kind = "closed"

[gates.acceptance]
approvals = ["deal"]
criteria = [{ id = "named", need = "recorded(customer.name)", remedy = "Name the customer." }]

[[gates.somebody_else.criteria]]
id = "not_own"
need = "actor.id != registration.submitted_by"
remedy = "Ask another."

[approvals.deal]
label = "Approval of the deal"
source = "submitted"
covers = ["acv", "products"]
gates = ["somebody_else"]
effects = [{ kind = "tell", to = "partner", data = ["approvals"] }]
cites = ["BX-8"]

[[approvals.deal.rows]]
id = "manager"
role = "manager"
label = "The manager"
[[approvals.deal.rows]]
id = "finance"
role = "finance"
when = "acv > finance_above"
order = 20
remedy = "Have finance look at it."
cites = ["RP-1"]
[[approvals.deal.rows]]
id = "legal"
role = "legal"
when = "facts.is_tender"
order = 20
[[approvals.deal.rows]]
id = "board"
role = "board"
when = "acv > board_above"
order = 30

[[transitions]]
trigger = "submit"
source = "draft"
target = "submitted"
roles = ["partner", "manager"]
set = { "registration.submitted_by" = "actor.id" }

[[transitions]]
trigger = "accept"
source = "submitted"
target = "accepted"
roles = ["manager"]
gates = ["acceptance"]
inputs = [{ path = "owner" }, { path = "acv" }]
override = { roles = ["board"] }

[[transitions]]
trigger = "reject"
source = "submitted"
target = "rejected"
roles = ["manager"]

[[transitions]]
trigger = "resubmit"
source = ["submitted", "rejected"]
target = "submitted"
roles = ["partner"]
clear = ["approvals"]

[[transitions]]
trigger = "win"
source = "accepted"
target = "won"
roles = ["seller"]

[tracks.mdp]
initial = "not_started"
stages = [{ id = "not_started" }, { id = "agreed", kind = "won" }]
[tracks.mdp.gates.agreement]
approvals = ["plan"]
[tracks.mdp.approvals.plan]
source = "*"
covers = ["document", "record.acv"]
rows = [
  { id = "first", role = "manager", when = "recorded(drafted_at)" },
  { id = "second", role = "manager", when = "record.acv > finance_above" },
]
[[tracks.mdp.transitions]]
trigger = "agree"
source = "not_started"
target = "agreed"
roles = ["seller"]
gates = ["agreement"]
"""


@cache
def chains(record: type[Opportunity] = Opportunity, *, generated: bool = True) -> Bound:
    """Return the process, bound."""
    return bound_of(CHAINS, record=record, generated=generated)


def submitted(acv: str | None = "60000 USD", by: Actor = PARTNER, **values: Any) -> Opportunity:
    """Return a deal that waits for approval."""
    content = {"id": "o-1", "acv": acv, "customer": {"name": "Beta"}, **values}
    record = open_record(chains(), Opportunity.model_validate(content), actor=by, at=NOON).record
    return apply(chains(), record, "submit", actor=by, at=NOON).record


def answered(record: Opportunity, *actors: Actor, tender: bool = False) -> Opportunity:
    """Return a deal after each of ``actors`` has approved, in this order."""
    for actor in actors:
        done = apply(
            chains(), record, "approve_deal", actor=actor, at=NOON, facts={"is_tender": tender}
        )
        record = done.record
    return record
