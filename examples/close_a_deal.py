"""Close a deal: a security review, a trial instance, a quote in four steps, two papers in parallel.

The deal is the one of `lead_to_fee.py`, with more employees and nothing of this done yet. Each
part of it goes its own way beside the main line, and the gates of the line wait for what they need.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cosell import Actor, Calendar, Desk, MemoryStore, Opportunity, TransitionRefusedError, catalog

ADA = Actor("p-7", role="partner", party="acme")
JAN = Actor("ae-3", role="ae", party="vendor")
SAM = Actor("se-2", role="se", party="vendor")
DESK = Actor("d-1", role="deal_desk", party="vendor")
SECURITY = Actor("x-1", role="security", party="vendor")
CUSTOMER = Actor("c-1", role="customer", party="beta")
IMPORT = Actor("t-1", role="partnership_team", party="vendor")

text = Path(__file__).with_name("lead_to_fee.json").read_text("utf-8")
given = {**json.loads(text), "owner": "ae-3", "engagement_model": "co_selling"}
for part in ("security_review", "quote", "order_form", "contract"):
    del given[part]
given["customer"] |= {"id": "beta", "employees": 501}
given["acv"] = "50000 USD"

prague = ZoneInfo("Europe/Prague")
vendor = Calendar.from_holidays("CZ", tz="Europe/Prague", hours="09:00-17:00")
desk = Desk([catalog.load("make").bind(calendars={"vendor": vendor})], MemoryStore())
now = datetime(2026, 6, 22, 9, tzinfo=prague)
deal = desk.adopt(
    Opportunity.model_validate(given), stage="discovery", actor=IMPORT, at=now, key="import"
)


def move(actor: Actor, trigger: str, **data: object) -> None:
    """Move a part of the deal, and say where it stands or what is in the way."""
    global now  # noqa: PLW0603 - a story has one clock, and each step takes half a day
    now += timedelta(hours=12)
    try:
        moved = desk.move(deal.id, trigger, actor=actor, at=now, data=data)
    except TransitionRefusedError as error:
        print(f"{actor.role:<9} {trigger}: refused")
        for finding in error.decision.obstacles:
            cites = f" [{', '.join(finding.check.cites)}]" if finding.check.cites else ""
            print(f"{'':9} - {finding.remedy}{cites}")
        return
    part, dot, _ = trigger.partition(".")
    stage = getattr(moved.record, part).stage if dot else moved.record.stage
    effects = "".join(f", {effect.kind} to {effect.to}" for effect in moved.effects)
    print(f"{actor.role:<9} {trigger}: {stage}{effects}")


print("-- 501 employees: a security review is required")
move(JAN, "start_closing")
move(ADA, "security_review.pass_on", reached_partner_at=now)
move(SAM, "security_review.identify", account_executive="ae-3", solution_engineer="se-2")
move(JAN, "security_review.register")
move(JAN, "security_review.track", crm_id="006-17")
move(JAN, "security_review.request", requested_by="Head of security")
move(SECURITY, "security_review.answer")
move(JAN, "security_review.submit")

print("-- A trial instance: the partner asks for it")
move(CUSTOMER, "trial.request")
move(ADA, "trial.request", nda_signed=True, customer_committed=True, expectations_aligned=True)
lasts = {"start_on": "2026-06-29", "end_on": "2026-07-10"}
unlocked = {"enterprise_features": True, "usage_allowance": 100_000}
move(SAM, "trial.grant", documents_owner="ae-3", **lasts, **unlocked)
plan = {"close_plan_established": True, "close_plan": "Sign when it works."}
move(SAM, "trial.grant", documents_owner="ae-3", **lasts, **unlocked, **plan)

print("-- Pricing in four steps")
move(ADA, "quote.align", stakeholders_aligned=True, options_open=1)
move(ADA, "quote.scope", annual_operations=1_000_000, size_agreed=True)
move(ADA, "quote.propose", recommendation="One million.", rests_on_business_case=True)
move(ADA, "quote.align", stakeholders_aligned=True, options_open=3)
move(ADA, "quote.align", stakeholders_aligned=True, options_open=1)
move(JAN, "quote.approve")
move(JAN, "quote.create", amount="50000 USD")
move(JAN, "quote.send", sent_through="DocuSign")
move(JAN, "start_closing")

print("-- Order form and contract side by side")
move(JAN, "order_form.start")
move(JAN, "contract.adjust", adjustments="Terms of liability.")
move(JAN, "order_form.finish", language="en", master_agreement_included=True)
move(
    JAN,
    "order_form.sign",
    signed_by="c-9",
    signer_is_executive_decision_maker=True,
    decision_maker_ready=True,
)
move(DESK, "contract.finish")
terms = {
    "term_months": 24,
    "billing": "yearly_upfront",
    "currency": "USD",
    "annual_operations": 1_000_000,
    "operations_roll_over": False,
    "overage_package": 10_000,
    "overage_billing": "monthly_in_arrears",
    "overage_stops_use": False,
    "payment_method": "wire_transfer",
}
move(JAN, "contract.agree", **terms)
move(
    JAN,
    "order_form.sign",
    signed_by="c-9",
    signer_is_executive_decision_maker=True,
    decision_maker_ready=True,
)
move(JAN, "win", acv="50000 USD", contract_value="100000 USD")
