"""The process `make` from the first contact to the customer's payment, and its numbers."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cosell import catalog
from cosell.definition import StageKind
from cosell.engine import (
    Applied,
    Outcome,
    apply,
    change,
    decide,
    fold,
    open_record,
    options,
    read_clocks,
    settle,
)
from cosell.errors import EditRefusedError
from cosell.events import Actor, EventKind
from cosell.findings import Severity, Verdict
from cosell.models import Opportunity
from cosell.money import Rates
from make_deals import (
    AE,
    DAY,
    MANAGER,
    NOW,
    OFFICE,
    PARTNER,
    PROSPECT,
    SE,
    SUCCESS,
    TEAM,
    deal,
    make,
    ready,
)

PRAGUE = ZoneInfo("Europe/Prague")
ANSWER = {
    "owner": "ae-3",
    "owner_team": "Enterprise Central",
    "next_steps.text": "First call on Monday.",
}
#: Every move from the first contact to the customer's payment.
WAY: tuple[tuple[str, Actor, dict[str, Any], str], ...] = (
    ("qualify", PARTNER, {}, "qualified"),
    ("register", PARTNER, {"registration.channel": "partner_portal"}, "registered"),
    ("accept_co_selling", MANAGER, ANSWER, "converted"),
    ("start_discovery", PARTNER, {}, "discovery"),
    ("start_closing", PARTNER, {}, "closing"),
    ("win", AE, {"acv": "50000 USD", "contract_value": "100000 USD"}, "closed_won"),
    ("start_onboarding", AE, {}, "onboarding"),
    ("confirm_payment", TEAM, {"invoice_paid_at": NOW + 30 * DAY}, "onboarding"),
    ("finish_onboarding", SUCCESS, {}, "onboarded"),
)


def fresh() -> Opportunity:
    """Return the ready deal as it is before anything was stamped."""
    stamps = ("qualified_at", "registered_at", "engagement_model", "owner", "owner_team")
    return ready().model_copy(update=dict.fromkeys(stamps))


def walked(until: str | None = None) -> list[Applied[Opportunity]]:
    """Return each step of the way, up to and with the trigger ``until``."""
    steps = [open_record(make(), fresh(), actor=PARTNER, at=NOW)]
    for day, (trigger, actor, data, _) in enumerate(WAY, start=1):
        at = NOW + day * timedelta(hours=1)
        steps.append(apply(make(), steps[-1].record, trigger, actor=actor, at=at, data=data))
        if trigger == until:
            break
    return steps


def effects_of(trigger: str) -> dict[str, str | None]:
    """Return kind and receiver of each effect of the move ``trigger`` on the way."""
    return {effect.kind: effect.to for effect in walked(trigger)[-1].effects}


def verdict_of(
    name: str,
    stage: str,
    trigger: str,
    changes: dict[str, Any],
    **more: Any,
) -> Verdict:
    """Return what is found of one criterion on the ready deal with ``changes``."""
    decision = decide(make(), deal(stage, changes), trigger, actor=AE, at=NOW, **more)
    return next(finding.verdict for finding in decision.findings if finding.id == name)


def test_a_deal_goes_the_whole_way() -> None:
    """A deal is qualified, registered, accepted, sold, won, paid and onboarded (MK-5 to MK-49)."""
    steps = walked()

    assert [step.record.stage for step in steps] == ["identified", *(to for *_, to in WAY)]
    events = [event for step in steps for event in step.events]
    assert fold(Opportunity, events) == steps[-1].record


def test_each_moment_is_stamped() -> None:
    """Registration, decision, acceptance and winning leave their moments (MK-13, MK-33, MK-34)."""
    record = walked()[-1].record
    hour = timedelta(hours=1)

    assert record.qualified_at == NOW + hour
    assert record.registered_at == NOW + 2 * hour
    assert record.decided_at == record.accepted_at == NOW + 3 * hour
    assert record.won_at == NOW + 6 * hour
    assert record.invoice_paid_at == NOW + 30 * DAY


def test_onboarding_leaves_a_deal_won() -> None:
    """A deal that went on to onboarding is still won (MK-33)."""
    stages = {stage.id: stage.kind for stage in make().process.stages}
    record = walked()[-1].record

    assert stages[record.stage] is StageKind.WON
    assert record.won_at is not None


def test_registering_confirms_creates_and_notifies() -> None:
    """Confirmation, lead in the CRM and notice are due at once, the partner as source (MK-12)."""
    registered = walked("register")[-1]

    assert effects_of("register") == {
        "send_confirmation": "partner",
        "create_crm_lead": None,
        "notify_partner_manager": "partner_manager",
    }
    assert registered.record.sourced_by == "acme"
    assert registered.record.registration.submitted_by == "p-7"
    assert all(effect.data["id"] == "o-1" for effect in registered.effects)


def test_a_prospective_partner_registers_through_the_website() -> None:
    """Who is no partner yet may register, through the website; the fee is judged apart (MK-10)."""
    qualified = deal("qualified", {"partner": {"status": "prospective"}})

    by_website = decide(
        make(),
        qualified,
        "register",
        actor=PROSPECT,
        at=NOW,
        data={"registration.channel": "website_form"},
    )
    by_portal = decide(
        make(),
        qualified,
        "register",
        actor=PROSPECT,
        at=NOW,
        data={"registration.channel": "partner_portal"},
    )

    assert by_website.permitted
    assert [finding.id for finding in by_portal.obstacles] == ["portal_for_partners"]


@pytest.mark.parametrize(
    ("trigger", "model", "outcome", "stage"),
    [
        ("accept_co_selling", "co_selling", "accepted_co_selling", "converted"),
        ("accept_lead_sourcing", "lead_sourcing", "accepted_lead_sourcing", "converted"),
        ("reject", None, "rejected", "rejected"),
    ],
)
def test_three_outcomes(trigger: str, model: str | None, outcome: str, stage: str) -> None:
    """A registration is accepted in one of two ways, or rejected, by the manager (MK-15)."""
    registered = walked("register")[-1].record
    data = {"next_steps.text": "None.", "registration.reason": "No fit."}
    given = data if trigger == "reject" else ANSWER

    after = apply(make(), registered, trigger, actor=MANAGER, at=NOW + DAY, data=given).record

    assert (after.stage, after.engagement_model, after.registration.outcome) == (
        stage,
        model,
        outcome,
    )
    assert after.decided_at == after.registration.partner_informed_at == NOW + DAY
    assert (after.accepted_at is not None) is (trigger != "reject")
    assert after.registration.decided_by == "m-1"


def test_accepting_informs_and_assigns() -> None:
    """The lead is converted, director, owner and partner are informed, the team named (MK-16)."""
    accepted = walked("accept_co_selling")[-1]

    assert effects_of("accept_co_selling") == {
        "inform_partner": "partner",
        "convert_lead": None,
        "inform_sales_director": "sales_director",
        "assign_owner": "ae",
    }
    assert accepted.effects[0].data["owner_team"] == "Enterprise Central"
    assert accepted.record.closing.sales_director_informed_at == accepted.record.accepted_at


@pytest.mark.parametrize("missing", sorted(ANSWER))
def test_accepting_needs_its_inputs(missing: str) -> None:
    """Without owner, team or next steps nothing is accepted (MK-16)."""
    registered = deal("registered", {missing: None})
    data = {path: value for path, value in ANSWER.items() if path != missing}

    decision = decide(make(), registered, "accept_co_selling", actor=MANAGER, at=NOW, data=data)

    assert [finding.check.paths for finding in decision.obstacles] == [(missing,)]


@pytest.mark.parametrize("missing", ["registration.reason", "next_steps.text"])
def test_rejecting_needs_a_reason_and_next_steps(missing: str) -> None:
    """The partner is told why, and what comes next; the deal goes no further (MK-17)."""
    bound = make()
    given = {"registration.reason": "Known to us already.", "next_steps.text": "Ask again."}
    data = {path: value for path, value in given.items() if path != missing}
    registered = deal("registered", {missing: None})
    refused = decide(bound, registered, "reject", actor=MANAGER, at=NOW, data=data)

    rejected = apply(bound, deal("registered"), "reject", actor=MANAGER, at=NOW, data=given)

    assert [finding.check.paths for finding in refused.obstacles] == [(missing,)]
    assert {effect.kind for effect in rejected.effects} == {"inform_partner"}
    assert not any(
        option.decision.permitted
        for actor in (PARTNER, MANAGER, AE)
        for option in options(bound, rejected.record, actor=actor, at=NOW)
        if option.trigger != "mdp.cancel"
    )


def test_an_old_reason_rejects_nothing() -> None:
    """A reason is given anew: one that stands there from before does not count (MK-17)."""
    registered = deal("registered", {"registration.reason": "From an earlier attempt."})

    refused = decide(make(), registered, "reject", actor=MANAGER, at=NOW)

    assert [finding.check.paths for finding in refused.obstacles] == [("registration.reason",)]


def test_winning_has_the_fee_confirmed() -> None:
    """The partnership team confirms fee and payout after closing (MK-45)."""
    assert effects_of("win")["confirm_fee"] == "partnership_team"
    assert effects_of("confirm_payment") == {"confirm_payout": "partnership_team"}


REGISTERED = datetime(2026, 12, 18, 15, tzinfo=PRAGUE)
DUE = datetime(2026, 12, 29, 17, tzinfo=PRAGUE)


class TestAnswer:
    """The partner manager answers within 5 working days, by the close of business (MK-13)."""

    def registered(self) -> Opportunity:
        """Return a deal that was registered on Friday 2026-12-18 at 15:00 in Prague."""
        opened = open_record(make(), deal(), actor=PARTNER, at=REGISTERED).record
        qualified = apply(make(), opened, "qualify", actor=PARTNER, at=REGISTERED).record
        return apply(make(), qualified, "register", actor=PARTNER, at=REGISTERED).record

    def test_it_is_due_after_the_holidays(self) -> None:
        """From Friday, over a weekend and three holidays, the fifth working day is a Tuesday."""
        reading, *_ = read_clocks(make(), self.registered(), at=REGISTERED)

        assert (reading.due_at, reading.due_on) == (DUE, date(2026, 12, 29))

    def test_at_the_close_it_is_in_time(self) -> None:
        """An answer at closing time is in time; nothing is breached."""
        assert settle(make(), self.registered(), at=DUE).events == ()

    def test_later_it_is_breached(self) -> None:
        """A second later the breach is on record, dated at the due moment, and warned of."""
        settled = settle(make(), self.registered(), at=DUE + timedelta(seconds=1))

        assert [(event.kind, event.at) for event in settled.events] == [(EventKind.BREACHED, DUE)]
        assert [effect.kind for effect in settled.effects] == ["warn_partner_manager"]

    def test_a_late_answer_is_still_an_answer(self) -> None:
        """The promise is broken, but the registration can be accepted."""
        late = apply(
            make(), self.registered(), "accept_co_selling", actor=MANAGER, at=DUE + DAY, data=ANSWER
        )

        assert [event.kind for event in late.events] == [EventKind.BREACHED, EventKind.MOVED]

    def test_the_number_is_a_parameter(self) -> None:
        """A host that promises four days is due a day earlier."""
        bound = make(answer_days=4)
        record = self.registered().model_copy(update={"process": bound.ref})

        reading, *_ = read_clocks(bound, record, at=REGISTERED)

        assert reading.due_at == DUE - DAY


@pytest.mark.parametrize(
    ("acv", "rates", "verdict"),
    [
        pytest.param("49999.99 USD", None, Verdict.NOT_APPLICABLE, id="below"),
        pytest.param("50000.00 USD", None, Verdict.NOT_APPLICABLE, id="at 50,000 it is optional"),
        pytest.param("50000.01 USD", None, Verdict.UNMET, id="above means above"),
        pytest.param("50000.01 EUR", None, Verdict.UNKNOWN, id="EUR without a rate is no pass"),
        pytest.param("40000 EUR", None, Verdict.UNKNOWN, id="EUR below without a rate is no pass"),
        pytest.param("50000 EUR", "1.08", Verdict.UNMET, id="EUR at the rate of the day, above"),
        pytest.param("46000 EUR", "1.08", Verdict.NOT_APPLICABLE, id="EUR at the rate, below"),
        pytest.param(None, None, Verdict.UNKNOWN, id="no value is no pass"),
    ],
)
def test_mdp_above_50000(acv: str | None, rates: str | None, verdict: Verdict) -> None:
    """Above 50,000 USD a delivery plan is started before stage 3 is left (MK-26)."""
    known = Rates.of(("EUR", "USD", "2026-06-01", rates)) if rates else None

    found = verdict_of("mdp_started", "discovery", "start_closing", {"acv": acv}, rates=known)

    assert found is verdict


@pytest.mark.parametrize(
    ("stage", "verdict"),
    [
        ("not_started", Verdict.UNMET),
        ("drafted", Verdict.MET),
        ("agreed", Verdict.MET),
        ("in_delivery", Verdict.MET),
        ("cancelled", Verdict.UNMET),
    ],
)
def test_a_started_mdp_suffices(stage: str, verdict: Verdict) -> None:
    """Started is enough: drafted, agreed or in delivery (MK-26)."""
    record = deal(f"mdp.{stage}", {"acv": "50000.01 USD"})

    decision = decide(make(), record, "start_closing", actor=AE, at=NOW)

    assert next(f.verdict for f in decision.findings if f.id == "mdp_started") is verdict


def test_an_advised_mdp_is_advice() -> None:
    """A host that only advises the plan lets the deal pass with one advice (MK-26)."""
    process = catalog.load("make").process
    gate = process.gates["ready_to_close"]
    criteria = tuple(
        each.model_copy(update={"severity": Severity.ADVISED}) if each.id == "mdp_started" else each
        for each in gate.criteria
    )
    gates = {**process.gates, "ready_to_close": gate.model_copy(update={"criteria": criteria})}
    host = catalog.Shipped(process.model_copy(update={"gates": gates})).bind(
        calendars={"vendor": OFFICE}
    )

    decision = decide(
        host, deal("discovery", {"acv": "50000.01 USD"}), "start_closing", actor=AE, at=NOW
    )

    assert decision.permitted
    assert [finding.id for finding in decision.advice] == ["mdp_started"]


@pytest.mark.parametrize(
    ("employees", "sensitive", "verdict"),
    [
        pytest.param(500, False, Verdict.NOT_APPLICABLE, id="500 is not above 500"),
        pytest.param(501, False, Verdict.UNMET, id="501 is"),
        pytest.param(10, True, Verdict.UNMET, id="sensitive data at any size"),
        pytest.param(501, None, Verdict.UNMET, id="one of the two suffices"),
        pytest.param(500, None, Verdict.UNKNOWN, id="not known whether data are sensitive"),
    ],
)
def test_security_review_by_size(employees: int, sensitive: Any, verdict: Verdict) -> None:
    """Above 500 employees, or with sensitive data, a review is usual (MK-20)."""
    changes = {"customer.employees": employees, "customer.handles_sensitive_data": sensitive}

    assert verdict_of("security_usual", "discovery", "start_closing", changes) is verdict


@pytest.mark.parametrize(
    ("submitted", "plan", "failing"),
    [
        pytest.param(None, "teams", {"security_asked_for", "enterprise_plan_chosen"}, id="neither"),
        pytest.param(NOW, "teams", {"enterprise_plan_chosen"}, id="review without the plan"),
        pytest.param(None, "enterprise", {"security_asked_for"}, id="plan without the review"),
        pytest.param(NOW, "enterprise", set(), id="answered, on Enterprise"),
    ],
)
def test_a_review_the_customer_asks_for(
    submitted: datetime | None, plan: str, failing: set[str]
) -> None:
    """Asked for, it is answered before stage 3 is left, on the Enterprise plan (MK-20, MK-21)."""
    record = deal(
        "discovery",
        {
            "security_review.requested_by_customer": True,
            "security_review.questionnaire_submitted_at": submitted,
            "plan": plan,
        },
    )

    decision = decide(make(), record, "start_closing", actor=AE, at=NOW)

    assert {finding.id for finding in decision.obstacles} == failing


@pytest.mark.parametrize(
    ("employees", "verdict"),
    [(1000, Verdict.NOT_APPLICABLE), (1001, Verdict.UNMET), (None, Verdict.UNKNOWN)],
)
def test_procurement_early(employees: int | None, verdict: Verdict) -> None:
    """Above 1,000 staff the procurement people are identified early (MK-37)."""
    changes = {"customer.employees": employees}

    assert verdict_of("procurement", "converted", "start_discovery", changes) is verdict


@pytest.mark.parametrize(("months", "verdict"), [(11, Verdict.UNMET), (12, Verdict.MET)])
def test_term(months: int, verdict: Verdict) -> None:
    """A contract runs twelve months or longer (MK-30)."""
    assert verdict_of("term", "closing", "win", {"contract.term_months": months}) is verdict


@pytest.mark.parametrize("currency", ["EUR", "USD", "GBP"])
def test_currencies(currency: str) -> None:
    """A contract is in EUR, USD or GBP (MK-30)."""
    changes = {"contract.currency": currency}

    assert verdict_of("currency_allowed", "closing", "win", changes) is Verdict.MET


def test_the_delivery_plan_goes_on_after_winning() -> None:
    """Delivery begins when the deal is won: the plan does not end with the main line (MK-27)."""
    won = deal("mdp.agreed").model_copy(update={"stage": "closed_won"})

    after = apply(make(), won, "mdp.deliver", actor=SE, at=NOW).record

    assert after.mdp.stage == "in_delivery"


@pytest.mark.parametrize("stage", ["qualified", "converted", "discovery", "closing"])
def test_losing_needs_a_reason(stage: str) -> None:
    """A deal is closed as lost from every open stage, with its reason."""
    bound = make()
    refused = decide(bound, deal(stage), "lose", actor=AE, at=NOW)

    lost = apply(
        bound, deal(stage), "lose", actor=AE, at=NOW, data={"closed_reason": "No budget."}
    ).record

    assert [finding.check.paths for finding in refused.obstacles] == [("closed_reason",)]
    assert (lost.stage, lost.lost_at, lost.won_at) == ("closed_lost", NOW, None)


@pytest.mark.parametrize(
    ("path", "value", "stage"),
    [
        ("won_at", NOW, "discovery"),
        ("accepted_at", NOW, "registered"),
        ("registration.outcome", "rejected", "converted"),
        ("acv", "1 USD", "closed_won"),
        ("contract_value", "1 USD", "onboarding"),
    ],
)
def test_what_fees_rest_on_is_locked(path: str, value: Any, stage: str) -> None:
    """Stamps, the answer and a signed deal's amounts are edited by nobody else (MK-33, MK-34)."""
    with pytest.raises(EditRefusedError, match="locked"):
        change(make(), deal(stage), {path: value}, actor=AE, at=NOW)

    corrected = change(make(), deal(stage), {path: value}, actor=TEAM, at=NOW)
    assert list(corrected.events[-1].changes) == [path]


@pytest.mark.parametrize(
    ("stage", "trigger", "actor"),
    [
        pytest.param("registered", "accept_co_selling", PARTNER, id="MK-13 the manager decides"),
        pytest.param("registered", "accept_co_selling", AE, id="MK-13 and nobody else"),
        pytest.param("registered", "reject", PARTNER, id="MK-17 the manager rejects"),
        pytest.param("closing", "win", PARTNER, id="MK-29 the account executive closes"),
        pytest.param("qualified", "register", AE, id="MK-10 partners register"),
    ],
)
def test_who_may_not(stage: str, trigger: str, actor: Actor) -> None:
    """Each move belongs to those whom the rules name."""
    data = ANSWER if trigger == "accept_co_selling" else {}

    decision = decide(make(), deal(stage), trigger, actor=actor, at=NOW, data=data)

    assert decision.outcome is Outcome.WRONG_ROLE


def test_no_stage_is_a_dead_end() -> None:
    """From every open stage some end can be reached, and every stage can be reached."""
    process = make().process
    reached = {process.initial}
    for _ in process.stages:
        reached |= {
            transition.target_from(source)
            for transition in process.transitions
            for source in reached & set(process.stages_named(transition.source))
        }
    left = {name for t in process.transitions for name in process.stages_named(t.source)}

    assert reached == {stage.id for stage in process.stages}
    assert left >= {stage.id for stage in process.stages if stage.kind is StageKind.OPEN}


#: Rules that other parts of cosell carry: referral fees.
ELSEWHERE = {
    "MK-32": "fees",
    "MK-35": "fees",
}


def test_every_rule_is_carried() -> None:
    """Each row of the sheet is cited in the definition, or carried elsewhere (MK-1 to MK-50)."""
    text = make().process.model_dump_json()
    carried = set(re.findall(r'"((?:MK|PC)-[0-9]+)"', text))

    assert carried.isdisjoint(ELSEWHERE)
    assert carried | set(ELSEWHERE) == {
        *(f"MK-{number}" for number in range(1, 51)),
        *(f"PC-{number}" for number in range(1, 27)),
    }
