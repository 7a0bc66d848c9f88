"""Answer a lead in Partner Center, share a deal, win it, and register it, with a late exception.

The processes are `partner_center_lead`, `partner_center_co_sell` and
`partner_center_registration`. What is refused says everything that is missing, with the rules.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cosell import Actor, Calendar, Desk, MemoryStore, TransitionRefusedError, catalog
from cosell.errors import EditRefusedError
from cosell.models import ReferredLead, SharedDeal

EVA = Actor("eva", role="seller", party="acme")
REGISTRAR = Actor("rudi", role="registrar", party="acme")
JOE = Actor("joe", role="vendor", party="vendor")
NAMES = ("lead", "co_sell", "registration")
office = Calendar.from_holidays("US", tz="America/New_York")
store = MemoryStore()
desk = Desk(
    [
        catalog.load(f"partner_center_{name}").bind(
            calendars={"vendor": office} if name == "registration" else {}
        )
        for name in NAMES
    ],
    store,
)
now = datetime(2026, 6, 1, 9, tzinfo=UTC)


def pass_days(days: int) -> None:
    """Let time pass; what clocks have due by then happens."""
    global now  # noqa: PLW0603 - a story has one clock
    now += timedelta(days=days)
    desk.tick(at=now)


def move(record_id: str, trigger: str, actor: Actor = EVA, **data: object) -> None:
    """Move a record, and say what happened or what is in the way."""
    given = {path.replace("__", "."): value for path, value in data.items()}
    try:
        answer = desk.move(record_id, trigger, actor=actor, at=now, data=given)
    except TransitionRefusedError as error:
        print(f"{trigger}: refused")
        for finding in error.decision.obstacles:
            print(f"  - {finding.remedy} [{', '.join(finding.check.cites)}]")
    else:
        record = answer.record
        pair = f" ({record.status}, {record.substatus})" if hasattr(record, "status") else ""
        print(f"{trigger}: {record.stage}{pair}")


def relay() -> None:
    """Carry out what cosell does itself, and say what the host is asked to do."""
    while effects := store.lease(100, until=now + timedelta(minutes=5), at=now):
        for effect in effects:
            if effect.kind == "create":
                for answer in desk.carry_out(effect, actor=REGISTRAR, at=now):
                    print(f"  made or linked: {answer.record.id[:27]} at {answer.record.stage}")
            else:
                print(f"  to do: {effect.kind}" + (f" -> {effect.to}" if effect.to else ""))
            store.acknowledge([effect.id])


ACME = {
    "partner": {"id": "acme", "name": "Acme"},
    "location": {"id": "loc-7", "parent": "par-1", "has_profile": True},
    "created_at": now,
}

print("-- Two leads from the vendor: one is answered, one is not")
consents = {"consents_to_contact": True, "consents_to_sharing": True}
for name in ("beta", "gamma"):
    lead = ReferredLead.model_validate(
        {
            **ACME,
            "id": f"lead-{name}",
            "kind": "vendor_lead",
            "customer": {"name": name.title(), "country": "US"},
            "customer_contact": {"first_name": "Zoe", "email": f"zoe@{name}.example", **consents},
            "offering": "joint_solution",
            "value": "40000 USD",
        }
    )
    desk.open(lead, actor=JOE, at=now, process="partner_center_lead")
relay()
move("lead-beta", "accept")
move("lead-beta", "introduce")
move(
    "lead-beta",
    "introduce",
    introduction__team="alliance",
    introduction__representative="eva",
    introduction__template="introduction_alliance",
)
relay()
pass_days(15)
relay()
seen = desk.show("lead-gamma", actor=EVA, at=now)
print("gamma is", seen["substatus"], "and its contact is", seen.get("customer_contact", "hidden"))

print("-- A deal of the partner's own, shared with the vendor")
deal = {**ACME, "id": "deal", "customer": {"name": "Delta"}, "created_at": now}
desk.open(SharedDeal.model_validate(deal), actor=EVA, at=now, process="partner_center_co_sell")
move("deal", "share")
contact = {"first_name": "Dan", "last_name": "Doe", "phone": "555 0100", "email": "dan@d.example"}
desk.change("deal", {"customer_contact": {**contact, **consents}}, actor=EVA, at=now)
move("deal", "share", help_kind="proof_of_concept")
relay()
print("before: the vendor sees", "customer_contact" in desk.show("deal", actor=JOE, at=now))
move("deal", "accept", EVA)
move("deal", "accept", JOE)
print("after: the vendor sees", "customer_contact" in desk.show("deal", actor=JOE, at=now))
try:
    desk.change("deal", {"help_required": False, "status": "New"}, actor=EVA, at=now)
except EditRefusedError as error:
    for problem in error.problems:
        print(f"refused: {problem.path}")

print("-- Won, and registered")
pass_days(14)
desk.change("deal", {"products": [{"id": "sol", "registrable": True}]}, actor=EVA, at=now)
money = {"contract_value": "150000.00 USD", "solution_value": "60000 USD"}
move("deal", "win", contract_owner="acme", contract_kind="both", **money)
relay()
move("deal", "register", REGISTRAR)
relay()
registration = desk.show("deal", actor=REGISTRAR, at=now)["registration_id"]
desk.change(
    registration,
    {"account_managed": True},
    actor=REGISTRAR,
    at=now,
)
form = {
    "perpetual": True,
    "signed_on": "2026-06-29",
    "starts_on": "2026-07-01",
    "partners": 2,
    "pay_as_you_go": False,
}
move(registration, "submit", REGISTRAR, **form)
move(registration, "submit", REGISTRAR, **form, contract_value="150000.01 USD")
move(registration, "ask", JOE, asked="The order form.")
move(registration, "answer", REGISTRAR, answered="It is attached.")
move(registration, "pass", JOE)
move(registration, "close", JOE)
relay()

print("-- One exception")
why = {"exception__text": "The order was split.", "exception__contract_value": "160000 USD"}
move(registration, "request_exception", REGISTRAR, **why)
move(registration, "grant_exception", JOE)
move(registration, "grant_exception", JOE, contract_value="160000 USD")
move(registration, "request_exception", REGISTRAR, **why)
