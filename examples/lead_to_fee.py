"""Take one deal the whole way: from a lead that a partner found to the fee that it earns.

The deal, as a CRM would hand it over, is in the JSON file beside this one. Each move says who
makes it and when. One is refused at first: a deal of this size needs a delivery plan.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cosell import (
    Actor,
    Calendar,
    Desk,
    MemoryStore,
    Opportunity,
    TransitionRefusedError,
    assess,
    bind_plan,
    catalog,
)
from cosell.fees import terms_of

PRAGUE = ZoneInfo("Europe/Prague")
ADA = Actor("p-7", role="partner", party="acme")
EVA = Actor("m-1", role="partner_manager", party="vendor")
JAN = Actor("ae-3", role="ae", party="vendor")
TEAM = Actor("t-1", role="partnership_team", party="vendor")

#: Who pulls which trigger, on which day of 2026, with which data.
MOVES = (
    (ADA, "qualify", (6, 3), {}),
    (ADA, "register", (6, 4), {"registration.channel": "partner_portal"}),
    (EVA, "accept_co_selling", (6, 10), {"owner": "ae-3", "owner_team": "Central"}),
    (ADA, "start_discovery", (6, 16), {}),
    (ADA, "start_closing", (7, 1), {}),
    (JAN, "win", (7, 9), {"contract_value": "104000 USD"}),
    (JAN, "start_onboarding", (7, 13), {}),
    (TEAM, "confirm_payment", (8, 3), {"invoice_paid_at": "2026-08-03T09:00:00+02:00"}),
)

#: The move that cures an obstacle, with its data.
CURES = {
    "mdp_started": ("mdp.draft", {"prepared_with_se": True, "prepared_with_customer": True}),
}

plan = bind_plan(catalog.load_fee_plan("make_example"))
vendor = Calendar.from_holidays("CZ", tz="Europe/Prague", hours="09:00-17:00")
make = catalog.load("make").bind(calendars={"vendor": vendor})
desk = Desk([make], MemoryStore())

text = Path(__file__).with_name("lead_to_fee.json").read_text("utf-8")
deal = desk.open(
    Opportunity.model_validate_json(text),
    actor=ADA,
    at=datetime(2026, 6, 1, 12, tzinfo=PRAGUE),
    key="form-881",
)

for actor, trigger, (month, day), data in MOVES:
    at = datetime(2026, month, day, 12, tzinfo=PRAGUE)
    if trigger == "accept_co_selling":  # later rates do not touch this deal
        data["terms"] = terms_of(plan, desk.load(deal.id), at=at)
    try:
        moved = desk.move(deal.id, trigger, actor=actor, at=at, data=data)
    except TransitionRefusedError as error:
        for finding in error.decision.obstacles:
            print(f"{at.date()}  {trigger} is refused: {finding.remedy}")
            cure, given = CURES[finding.id]
            desk.move(deal.id, cure, actor=actor, at=at, data=given)
        moved = desk.move(deal.id, trigger, actor=actor, at=at, data=data)
    effects = ", ".join(effect.kind for effect in moved.effects)
    print(f"{at.date()}  {trigger:<18} {moved.record.stage:<11} {effects}".rstrip())
    for reading in desk.clocks(deal.id, at=at):
        if reading.due_at is not None and reading.ended_at is None:
            print(f"{'':12}{reading.clock} is due {reading.due_at:%A %Y-%m-%d %H:%M}")

at = datetime(2026, 8, 4, 12, tzinfo=PRAGUE)
print()
print(assess(plan, desk.load(deal.id), at=at).explain())
