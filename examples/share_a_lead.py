"""Share a lead with several partners: the first has it, makes a deal of it, and is credited.

The processes are `salesforce_lead_distribution` and `salesforce_deal_registration`. A second
partner registers the same customer's deal, and hears by which rule the first one has it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cosell import (
    Actor,
    Customer,
    Desk,
    Effect,
    Lead,
    MemoryStore,
    Opportunity,
    TransitionRefusedError,
    catalog,
)

MIA = Actor("mia", role="channel_manager", party="vendor")
ANN = Actor("ann", role="partner", party="acme")
BOB = Actor("bob", role="partner", party="beta")
WORKER = Actor("worker-1", role="relay", party="vendor")

store = MemoryStore()
names = ("lead_distribution", "deal_registration", "channel_conflict")
desk = Desk([catalog.load(f"salesforce_{name}").bind() for name in names], store)
now = datetime(2026, 6, 1, 9, tzinfo=UTC)


def move(
    record_id: str, trigger: str, actor: Actor, *, override: str | None = None, **data: object
) -> None:
    """Move a record, and say what happened or what is in the way."""
    given = {path.replace("__", "."): value for path, value in data.items()}
    facts = {"partner_signed_up": True, "partner_score": "0.4"} if "offers" in data else None
    try:
        answer = desk.move(
            record_id, trigger, actor=actor, at=now, data=given, facts=facts, override=override
        )
    except TransitionRefusedError as error:
        print(f"{actor.id}: {trigger}: refused, {error.decision.outcome.replace('_', ' ')}")
        for finding in error.decision.obstacles:
            print(f"  - {finding.remedy}")
    else:
        print(f"{actor.id}: {trigger}: {answer.record.stage}")
    while desk.relay(store, tell, actor=WORKER, at=now, until=now + timedelta(minutes=1)).done:
        pass  # what is made has effects of its own


def tell(effect: Effect) -> None:
    """Do what an effect asks for: here, print it."""
    print(f"    {effect.kind.replace('_', ' ')}: {effect.party or effect.to}")


print("-- The vendor's lead")
lead = Lead.model_validate(
    {
        "id": "lead",
        "name": "Gamma",
        "customer": Customer(name="Gamma", domain="gamma.example"),
        "products": [{"id": "core"}],
        "lead_source": "marketing_campaign",
        "current_situation": "They copy orders by hand.",
        "product_of_interest": "Core",
        "value": "20000 USD",
    }
)
desk.open(lead, actor=MIA, at=now, process="salesforce_lead_distribution")
move("lead", "qualify", MIA)
desk.change("lead", {"time_frame": "By September."}, actor=MIA, at=now)
move("lead", "qualify", MIA)

print("-- Offered to two partners; the first has it")
move("lead", "offer", MIA, offers={"party": "acme"})
move("lead", "offer_also", MIA, offers={"party": "beta"})
move("lead", "accept", BOB)
move("lead", "accept", ANN)

print("-- Nobody makes a deal of it in time")
now += timedelta(days=31)
desk.tick(at=now)
print("lead:", desk.load("lead").stage)
move("lead", "offer", MIA, offers={"party": "beta"})
why = "They were second last time, and never had it."
move("lead", "offer", MIA, offers={"party": "acme"}, override=why)

print("-- Another one does")
move("lead", "accept", ANN)
move("lead", "convert", ANN)
move("lead", "requalify", ANN, interest_confirmed=True)
move("lead", "convert", ANN)
deal = desk.load("lead").converted_to or ""
print("deal:", desk.load(deal).stage)

print("-- The first partner registers the same customer")
member = {"program": "deal_registration", "valid_from": "2026-01-01", "open_ended": True}
registration = Opportunity.model_validate(
    {
        "id": "late",
        "partner": {"id": "beta", "memberships": [member]},
        "customer": {"name": "Gamma", "domain": "www.Gamma.example"},
        "products": [{"id": "core"}],
        "lead_source": "existing_customer",
        "current_situation": "They copy orders by hand.",
        "product_of_interest": "Core",
        "time_frame": "By September.",
    }
)
desk.open(registration, actor=BOB, at=now, process="salesforce_deal_registration")
move("late", "register", BOB, registration__channel="partner_portal")
(promise, _) = desk.clocks("late", at=now)
print("answer by", promise.due_at)
move(
    "late",
    "approve",
    MIA,
    registration__existing_deal_found=False,
    registration__information_complete=True,
)
print(desk.show("late", actor=BOB, at=now)["registration"]["answers"][-1]["reason"])

print("-- No proof, no credit")
move(deal, "negotiate", ANN)
move(deal, "win", ANN)
move(deal, "credit", MIA)
move(deal, "submit_proof", ANN, proof="The signed order.")
move(deal, "credit", MIA)
