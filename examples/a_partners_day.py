"""Spend a day as a partner who sells with two vendors: one works like Make, one by Partner Center.

Each vendor has its own process, its own clocks and its own store; the questions are the same. In
the morning: what is due, and what can I do? By day: moves, one of them refused with its reasons.
Over night: what nobody answered ends by itself, once, and whoever must know is told.
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
    catalog,
)
from cosell.clocks import ClockState
from cosell.engine import Outcome
from cosell.findings import CheckKind, Finding
from cosell.models import ReferredLead

PRAGUE = ZoneInfo("Europe/Prague")
office = Calendar.from_holidays("CZ", tz="Europe/Prague", hours="09:00-17:00")
make = Desk([catalog.load("make").bind(calendars={"vendor": office})], MemoryStore())
center = Desk([catalog.load("partner_center_lead").bind()], MemoryStore())

ADA_AT_MAKE = Actor("ada", role="partner", party="acme")
ADA_AT_CENTER = Actor("ada", role="seller", party="acme")
EVA = Actor("eva", role="partner_manager", party="vendor")
SENDER = Actor("joe", role="vendor", party="vendor")

#: Moves that are Ada's to ask for.
OPEN = {Outcome.PERMITTED, Outcome.OBSTACLES}
#: What Ada has on her desk: where, which record, and as whom she acts there.
MINE = (
    (make, "o-1", ADA_AT_MAKE),
    (center, "l-1", ADA_AT_CENTER),
    (center, "l-2", ADA_AT_CENTER),
)


def at(day: int, hour: int) -> datetime:
    """Return an hour of June 2026, in Ada's zone."""
    return datetime(2026, 6, day, hour, tzinfo=PRAGUE)


def look(now: datetime) -> None:
    """Say of every record where it stands, what is due, and what Ada may do about it."""
    print(f"{now:%A %d %B, %H:%M}")
    for desk, name, ada in MINE:
        record = desk.load(name)
        print(f"  {name} {record.customer.name}: {record.stage}")
        for reading in desk.clocks(name, at=now, actor=ada):
            if reading.state is ClockState.RUNNING and reading.due_at is not None:
                due_at = reading.due_at.astimezone(PRAGUE)
                print(f"    {reading.clock} is due {due_at:%A %d %B, %H:%M}")
        for option in desk.options(name, actor=ada, at=now):
            if option.decision.outcome in OPEN and "." not in option.trigger:  # tracks apart
                missing = count_of(option.decision.obstacles)
                print(f"    {option.label}: {missing or 'now'}")


def count_of(obstacles: tuple[Finding, ...]) -> str:
    """Return how much stands in the way, and how much of it is only to be filled in."""
    fields = sum(each.check.kind is CheckKind.INPUT for each in obstacles)
    parts = [f"{fields} to fill in"] if fields else []
    parts += [f"{len(obstacles) - fields} in the way"] if len(obstacles) > fields else []
    return ", ".join(parts)


def move(desk: Desk, name: str, trigger: str, actor: Actor, now: datetime, **data: object) -> None:
    """Move a record, and say what follows or what is in the way."""
    given = {path.replace("__", "."): value for path, value in data.items()}
    try:
        moved = desk.move(name, trigger, actor=actor, at=now, data=given)
    except TransitionRefusedError as error:
        print(f"{now:%H:%M} {name} {trigger}: refused")
        for finding in error.decision.obstacles:
            print(f"      - {finding.remedy} [{', '.join(finding.check.cites)}]")
    else:
        effects = ", ".join(effect.kind for effect in moved.effects)
        print(f"{now:%H:%M} {name} {trigger}: {moved.record.stage} ({effects or 'nothing else'})")


# What happened before: a deal was registered with one vendor, two leads came from the other.
text = Path(__file__).with_name("lead_to_fee.json").read_text("utf-8")
make.open(Opportunity.model_validate_json(text), actor=ADA_AT_MAKE, at=at(8, 9))
make.move("o-1", "qualify", actor=ADA_AT_MAKE, at=at(8, 10))
form = {"registration.channel": "partner_portal"}
make.move("o-1", "register", actor=ADA_AT_MAKE, at=at(8, 11), data=form)

lead = {
    "kind": "vendor_lead",
    "partner": {"id": "acme", "name": "Acme"},
    "location": {"id": "loc-1", "parent": "par-1", "has_profile": True},
    "offering": "joint_solution",
    "value": "40000 USD",
}
contact = {"first_name": "Zuzana", "last_name": "Malá", "consents_to_contact": True}
for name, company, day in (("l-1", "Gamma Inc", 3), ("l-2", "Delta Inc", 1)):
    customer = {"name": company, "domain": f"{name}.example", "country": "US"}
    record = {**lead, "id": name, "customer": customer, "customer_contact": contact}
    center.open(ReferredLead.model_validate(record), actor=SENDER, at=at(day, 12))

look(at(15, 8))

print("\nBy day")
move(center, "l-1", "accept", ADA_AT_CENTER, at(15, 9))
consent = {"customer_contact.consents_to_sharing": True}
center.change("l-1", consent, actor=ADA_AT_CENTER, at=at(15, 10))
move(center, "l-1", "accept", ADA_AT_CENTER, at(15, 10))
move(
    center,
    "l-1",
    "introduce",
    ADA_AT_CENTER,
    at(15, 11),
    introduction__team="alliance",
    introduction__representative="kim",
    introduction__template="introduction_alliance",
)
move(make, "o-1", "accept_co_selling", EVA, at(15, 14), owner="ae-3", owner_team="Central")
move(make, "o-1", "start_discovery", ADA_AT_MAKE, at(15, 15))
move(make, "o-1", "start_closing", ADA_AT_MAKE, at(15, 16))

print("\nOver night")
for desk in (make, center):
    for answer in desk.tick(at=at(16, 8)).answers:
        effects = ", ".join(effect.kind for effect in answer.effects)
        print(f"  {answer.record.id}: {answer.record.stage} ({effects or 'nothing else'})")
print()
look(at(16, 8))
