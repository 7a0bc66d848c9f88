"""Prove the value: a PoV from the first idea to the technical win, and its business case.

The process is `make`, its track `poc`. At every step it says all that is missing; a longer time
needs an approval, more scope an agreement, and on the day after its end it would have failed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from cosell import (
    Actor,
    Calendar,
    Desk,
    EditRefusedError,
    MemoryStore,
    Opportunity,
    TransitionRefusedError,
    catalog,
)
from cosell.draw import mermaid_of_case, text_of_case
from cosell.engine import settle
from cosell.models import BusinessCase, Poc

SAM = Actor("sam", role="se", party="vendor")
DORA = Actor("dora", role="sales_director", party="vendor")
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
LAST_DAY = date(2026, 3, 27)

vendor = Calendar.from_holidays("CZ", tz="Europe/Prague", hours="09:00-17:00")
make = catalog.load("make").bind(calendars={"vendor": vendor})
desk = Desk([make], MemoryStore())


def move(trigger: str, *, actor: Actor = SAM, most: int = 4, **data: object) -> None:
    """Move the PoV, and say what happened or what is in the way."""
    try:
        answer = desk.move("beta", f"poc.{trigger}", actor=actor, at=NOW, data=data)
    except TransitionRefusedError as error:
        found = error.decision.obstacles
        print(f"{trigger}: refused, {len(found)} obstacles")
        for finding in found[:most]:
            print(f"  - {finding.remedy} [{', '.join(finding.check.cites)}]")
        if len(found) > most:
            print(f"  - and {len(found) - most} others")
    else:
        print(f"{trigger}: {answer.record.poc.stage}")


def record(**data: object) -> None:
    """Write down what was found out about the PoV."""
    given = {f"poc.{path.replace('__', '.')}": value for path, value in data.items()}
    desk.change("beta", given, actor=SAM, at=NOW)


deal = Opportunity.model_validate(
    {"id": "beta", "acv": "150000 USD", "is_oem": False, "customer": {"name": "Beta Ltd"}}
)
desk.adopt(deal, stage="discovery", actor=SAM, at=NOW)

print("-- Is it ready for a PoV?")
move("prepare", kind="pov")
for name in type(deal.poc.readiness).model_fields:
    record(**{f"readiness__{name}": True})
record(vendor_team_involved=True, customer_commitment="Two people for four weeks.")
move("prepare", kind="pov")

print("-- The document")
move("approve")
theirs = {"text": "Twelve steps for each new colleague.", "author": "customer"}
ours = {"text": "Three steps fewer, and nothing typed twice.", "author": "se"}
person = {"first_name": "Eva", "last_name": "Malá", "position": "HR", "responsibility": "Tests"}
record(
    current_state=theirs,
    future_state=theirs,
    business_imperatives=theirs | {"author": "partner"},
    gap=[theirs],
    outcomes=ours,
    outcomes_of_this_poc=True,
    proposed_solution=ours,
    goals=[{"text": "Nine steps", "measurable": True}],
    environment_stated_temporary=True,
    environment_stated_not_production=True,
    success_criteria=[
        {"id": "accounts", "use_case": "Accounts open by themselves", "complete_on": "2026-03-20"}
    ],
    success_criteria_clear=True,
    technical_requirements=[{"text": "A test account", "available_on": "2026-03-02"}],
    prerequisites=[{"text": "Access to the test system", "available_on": "2026-03-02"}],
    setup_confirmed=True,
    security_access_confirmed=True,
    timing_confirmed=True,
    assumptions=[
        {"text": "Opens the port", "side": "customer", "who": "IT", "due_on": "2026-03-02"},
        {"text": "Sets it up", "side": "vendor", "who": "Sam", "due_on": "2026-03-02"},
    ],
    start_on=date(2026, 3, 2),
    end_on=LAST_DAY,
    timeline_proposed_by="se",
    people=[
        person | {"category": category, "email": "eva@beta.example", "engaged": True}
        for category in ("executive", "middle_manager", "participant", "decision_maker")
    ],
    milestones=[
        {
            "name": "Kick-off",
            "on": "2026-03-02",
            "actions": "Open it",
            "meeting": "Kick-off",
            "people": "All",
        }
    ],
    closure={
        "ends_on": LAST_DAY,
        "environment": "Deleted",
        "process": "Report",
        "team": "Released",
    },
    prospect_recommends_purchase=True,
    shared_channel="#beta-pov",
    buying_process_understood=True,
    legal_and_it_review_understood=True,
    legal_and_it_review_running=True,
    decision_meeting_on=LAST_DAY + timedelta(days=1),
    business_value=theirs,
    struggling_systems="Spreadsheets",
    researched=True,
    pre_call_held=True,
)
move("approve")
record(business_imperatives=theirs, decision_meeting_on=LAST_DAY)
move("approve_length", actor=DORA, special_approval_reason="School holidays.")
move("approve")

print("-- Just one more test")
move("start")
sso = {"id": "sso", "use_case": "Single sign-on works", "complete_on": "2026-03-25"}
try:
    record(success_criteria=[sso])
except EditRefusedError as error:
    print(error)
move("request_scope", scope_requests={"id": "r-1", "text": "Single sign-on", "asked_by": "eva"})
agreed = {"request": "r-1", "agreed_by": "eva", "in_return": "Signs in April."}
move("extend_scope", scope_agreements=agreed, success_criteria=sso | {"request": "r-1"})

print("-- The result")
results = [{"criterion": name, "met": True, "evidence": "Report."} for name in ("accounts", "sso")]
record(results=results[:1], hands_on_support_given=True)
midnight = settle(make, desk.load("beta"), at=datetime(2026, 3, 28, tzinfo=UTC))
print(f"with one criterion open on {LAST_DAY}: {midnight.record.poc.stage} by itself")
record(results=results)
move("follow_up")
move("succeed")
record(
    use_cases_confirmed=True,
    champion_deck_delivered=True,
    business_value_confirmed=True,
    mutual_decision_plan="Decide on 27 March, sign in April.",
    **{f"objectives__{name}": True for name in type(Poc().objectives).model_fields},
)
move("succeed")

print("-- The business case")
HR, RECRUITING, SHEET, TICKETS = "HR", "Recruiting", "Spreadsheet", "Service desk"


def step(name: str, lane: str, mode: str) -> dict[str, str]:
    """Return a step of HR's process; HR is people, all other lanes are systems."""
    actor = "person" if lane == HR else "system"
    return {"name": name, "lane": lane, "actor": actor, "mode": mode}


before = [
    step("Mark as hired", RECRUITING, "manual"),
    step("Write to HR", RECRUITING, "automatic"),
    step("Read the message", HR, "manual"),
    step("Copy the data", HR, "manual"),
    step("Add a row", SHEET, "manual"),
    step("Is it complete?", HR, "decision"),
    step("Choose the accounts", HR, "manual"),
    step("Open a ticket", TICKETS, "manual"),
    step("Is it approved?", TICKETS, "decision"),
    step("Open the accounts", TICKETS, "manual"),
    step("Close the ticket", TICKETS, "manual"),
    step("Tell the manager", HR, "manual"),
]
dropped = {"Read the message", "Copy the data", "Close the ticket"}
case = BusinessCase.model_validate(
    {
        "steps_before": before,
        "steps_after": [
            each if each["mode"] == "decision" else each | {"mode": "automatic"}
            for each in before
            if each["name"] not in dropped
        ],
        "bottlenecks": [{"text": "Everything is typed twice", "step": "Copy the data"}],
        "impact": "Half a day less for each new colleague.",
        "impact_value": "18000 USD",
    }
)
desk.change("beta", {"business_case": case}, actor=SAM, at=NOW)
print(text_of_case(desk.load("beta").business_case))
print(mermaid_of_case(case).partition("    subgraph after")[0].rstrip())
