"""The tracks of `make` beside its main line: security, trial, quote, order form, onboarding."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cosell import catalog
from cosell.engine import Applied, Outcome, apply, change, decide, options
from cosell.errors import EditRefusedError
from cosell.events import Actor
from cosell.models import Opportunity
from make_deals import (
    AE,
    CUSTOMER,
    DAY,
    DESK,
    MANAGER,
    NOW,
    OFFICE,
    PARTNER,
    SE,
    SECURITY,
    SUCCESS,
    deal,
    make,
)

OTHER_AE = Actor("ae-9", role="ae", party="vendor")
Step = tuple[Actor, str, dict[str, Any]]


def walk(record: Opportunity, *steps: Step) -> list[Applied[Opportunity]]:
    """Return each step, an hour after the one before."""
    done: list[Applied[Opportunity]] = []
    for number, (actor, trigger, data) in enumerate(steps):
        at = NOW + number * timedelta(hours=1)
        done.append(apply(make(), record, trigger, actor=actor, at=at, data=data))
        record = done[-1].record
    return done


def begun(stage: str, blank: str, **changes: Any) -> Opportunity:
    """Return the ready deal in ``stage``, with nothing recorded in the part ``blank``."""
    record = deal(stage, {path.replace("__", "."): value for path, value in changes.items()})
    return record.model_copy(update={blank: type(getattr(record, blank))()})


def obstacles(record: Opportunity, trigger: str, actor: Actor, **data: Any) -> list[str]:
    """Return the ids of what stands in the way."""
    decision = decide(make(), record, trigger, actor=actor, at=NOW, data=data)
    return [finding.id for finding in decision.obstacles]


REVIEW: tuple[Step, ...] = (
    (
        SE,
        "security_review.identify",
        {
            "requested_by_customer": True,
            "account_executive": "ae-3",
            "solution_engineer": "se-2",
        },
    ),
    (AE, "security_review.register", {}),
    (AE, "security_review.track", {"crm_id": "006-17"}),
    (SE, "security_review.request", {"requested_by": "Head of security"}),
    (SECURITY, "security_review.answer", {}),
    (AE, "security_review.submit", {}),
)


class TestSecurityReview:
    """From the need to the submitted questionnaire, managed by AE and SE (MK-20, MK-21, MK-44)."""

    def test_it_runs_in_six_steps(self) -> None:
        """Each step stamps its moment, and the last opens the main gate (MK-21, MK-28)."""
        discovery = begun("discovery", "security_review", customer__employees=501)
        before = obstacles(discovery, "start_closing", AE)

        review = walk(discovery, *REVIEW)[-1].record

        found = review.security_review
        moments = [
            found.identified_at,
            found.registered_at,
            found.tracked_at,
            found.requested_at,
            found.answered_at,
            found.questionnaire_submitted_at,
        ]
        assert moments == [NOW + number * timedelta(hours=1) for number in range(6)]
        assert found.stage == "submitted"
        assert "security_usual" in before
        assert obstacles(review, "start_closing", AE) == []

    @pytest.mark.parametrize("step", range(1, 6))
    def test_no_step_is_left_out(self, step: int) -> None:
        """What comes later is refused until what comes before is done (MK-21)."""
        discovery = begun("discovery", "security_review")
        actor, trigger, data = REVIEW[step]

        decision = decide(make(), discovery, trigger, actor=actor, at=NOW, data=data)

        assert decision.outcome is Outcome.NOT_FROM_HERE

    @pytest.mark.parametrize(
        ("employees", "required"),
        [pytest.param(500, False, id="500 do not"), pytest.param(501, True, id="501 do")],
    )
    @pytest.mark.parametrize("plan", ["enterprise", "teams"])
    def test_size_and_plan(self, employees: int, required: Any, plan: str) -> None:
        """501 employees need one, on the Enterprise plan; 500 do not by size (MK-20)."""
        record = begun("discovery", "security_review", customer__employees=employees, plan=plan)
        quiet = change(
            make(), record, {"security_review.requested_by_customer": False}, actor=AE, at=NOW
        ).record

        found = decide(make(), quiet, "start_closing", actor=AE, at=NOW)

        named = {finding.id: finding.remedy for finding in found.obstacles}
        assert ("security_usual" in named) is required
        assert ("enterprise_plan_chosen" in named) is (required and plan == "teams")
        assert all("Enterprise plan" in named[it] for it in named if it.startswith("enterprise"))

    def test_on_another_plan_none_begins(self) -> None:
        """On another plan than Enterprise the obstacle says so, at the first step (MK-20)."""
        actor, trigger, data = REVIEW[0]
        record = begun("discovery", "security_review", plan="teams")

        decision = decide(make(), record, trigger, actor=actor, at=NOW, data=data)

        assert [finding.id for finding in decision.obstacles] == ["on_enterprise_plan"]
        assert "Enterprise plan" in str(decision.obstacles[0].remedy)

    def test_a_host_may_only_advise_it(self) -> None:
        """The source says "usually": a host turns the obstacle into advice (MK-20)."""
        text = """
extends = "make@1"
id = "milder"
version = 1

[[gates.ready_to_close.criteria]]
id = "security_usual"
severity = "advised"
"""
        milder = catalog.parse(text).bind(calendars={"vendor": OFFICE})
        record = deal("discovery", {"customer.employees": 501})

        decision = decide(milder, record, "start_closing", actor=AE, at=NOW)

        assert decision.permitted
        assert [finding.id for finding in decision.advice] == ["security_usual"]

    def test_the_partner_passes_a_request_on(self) -> None:
        """What reaches the partner goes to both of the team at once, and is required (MK-44)."""
        reached = {"reached_partner_at": NOW - DAY}
        steps = walk(
            begun("discovery", "security_review"), (PARTNER, "security_review.pass_on", reached)
        )

        record = steps[-1].record
        assert [(it.kind, it.to) for it in steps[-1].effects] == [
            ("pass_security_request", "ae"),
            ("pass_security_request", "se"),
        ]
        assert steps[-1].effects[0].data["record.id"] == "o-1"
        assert record.security_review.passed_to_gtm_at == NOW
        assert record.security_review.stage == "not_started"
        assert obstacles(record, "start_closing", AE) == ["security_asked_for"]

    def test_a_request_that_is_kept_back_is_an_obstacle(self) -> None:
        """A request that reached the partner, and was not passed on, keeps the stage (MK-44)."""
        record = deal("discovery", {"security_review.reached_partner_at": NOW})

        assert obstacles(record, "start_closing", AE) == ["security_passed_on"]

    @pytest.mark.parametrize(("actor", "trigger", "data"), REVIEW)
    def test_the_partner_does_none_of_it(
        self, actor: Actor, trigger: str, data: dict[str, Any]
    ) -> None:
        """Account executive, solution engineer and security team do the steps (MK-21, MK-44)."""
        record = begun("discovery", "security_review")
        before = REVIEW[: [it[1] for it in REVIEW].index(trigger)]
        record = [record, *(it.record for it in walk(record, *before))][-1]

        asked = decide(make(), record, trigger, actor=PARTNER, at=NOW + DAY, data=data)

        assert asked.outcome is Outcome.WRONG_ROLE
        assert decide(make(), record, trigger, actor=actor, at=NOW + DAY, data=data).permitted

    def test_its_moments_are_not_edited(self) -> None:
        """Nobody writes a moment that a step writes (MK-21)."""
        changed = {"security_review.questionnaire_submitted_at": NOW}

        with pytest.raises(EditRefusedError, match="locked"):
            change(make(), deal("discovery"), changed, actor=AE, at=NOW)

    def test_a_cancelled_review_begins_again(self) -> None:
        """A review that was not needed, and is asked for later, begins anew (MK-20)."""
        record = begun("discovery", "security_review")

        again = walk(record, REVIEW[0], (AE, "security_review.cancel", {}), REVIEW[0])[-1].record

        assert again.security_review.stage == "identified"


class TestTrial:
    """A trial instance is asked for by the partner, and granted on three conditions (MK-22)."""

    def test_a_customer_is_sent_to_the_partner(self) -> None:
        """A trial asked for by the customer directly is refused: the partner requests (MK-23)."""
        refused = decide(make(), deal("discovery"), "trial.request", actor=CUSTOMER, at=NOW)

        (obstacle,) = refused.obstacles
        assert (obstacle.id, obstacle.check.cites) == ("partner_requests", ("MK-23",))
        assert "Ask the partner" in str(obstacle.remedy)
        assert obstacles(deal("discovery"), "trial.request", PARTNER) == []

    @pytest.mark.parametrize("actor", [AE, SE, MANAGER])
    def test_nobody_of_the_vendor_requests_one(self, actor: Actor) -> None:
        """The vendor's people grant and support; they do not ask (MK-23)."""
        asked = decide(make(), deal("discovery"), "trial.request", actor=actor, at=NOW)

        assert asked.outcome is Outcome.WRONG_ROLE

    def test_request_grant_end(self) -> None:
        """The partner asks, the SE opens and owns it, the AE is told of the papers (MK-23)."""
        asked, granted, ended = walk(
            deal("discovery"),
            (PARTNER, "trial.request", {}),
            (SE, "trial.grant", {}),
            (SE, "trial.finish", {}),
        )

        assert {it.to: it.kind for it in asked.effects} == {
            "se": "prepare_trial",
            "ae": "prepare_trial_papers",
        }
        assert asked.record.trial.requested_by == "p-7"
        assert (granted.record.trial.stage, granted.record.trial.owner) == ("running", "se-2")
        assert ended.record.trial.stage == "ended"

    @pytest.mark.parametrize("count", [0, 1, 2])
    def test_all_three_or_none(self, count: int) -> None:
        """With less than NDA, commitment and close plan there is no instance (MK-22)."""
        conditions = ("nda_signed", "customer_committed", "close_plan_established")
        held = {f"trial.{name}": index < count for index, name in enumerate(conditions)}

        found = obstacles(deal("trial.requested", held), "trial.grant", SE)

        assert len(found) == 3 - count

    @pytest.mark.parametrize("actor", [AE, PARTNER, CUSTOMER])
    def test_the_engineer_grants(self, actor: Actor) -> None:
        """The solution engineer owns the instance (MK-23)."""
        asked = decide(make(), deal("trial.requested"), "trial.grant", actor=actor, at=NOW)

        assert asked.outcome is Outcome.WRONG_ROLE

    def test_only_the_engineer_changes_its_time(self) -> None:
        """It stays limited; its owner alone moves the last day (MK-22, MK-23)."""
        longer = {"trial.end_on": "2026-06-20"}
        running = deal("trial.running")

        with pytest.raises(EditRefusedError, match="locked"):
            change(make(), running, longer, actor=PARTNER, at=NOW)
        assert change(make(), running, longer, actor=SE, at=NOW).record.trial.end_on is not None

    def test_it_ends_after_the_deal_has(self) -> None:
        """An instance that runs when the deal ends is still ended (MK-22)."""
        record = deal("trial.running", {"stage": "closed_lost"})

        assert walk(record, (SE, "trial.finish", {}))[-1].record.trial.stage == "ended"


SCOPED = {"annual_operations": 1_000_000, "size_agreed": True}
PROPOSED = {"recommendation": "One million operations.", "rests_on_business_case": True}
PRICING: tuple[Step, ...] = (
    (PARTNER, "quote.scope", SCOPED),
    (PARTNER, "quote.propose", PROPOSED),
    (PARTNER, "quote.align", {"stakeholders_aligned": True, "options_open": 1}),
    (AE, "quote.approve", {}),
    (AE, "quote.create", {"amount": "50000 USD"}),
    (AE, "quote.send", {"sent_through": "DocuSign"}),
)


class TestQuote:
    """Scope, propose, align on one option, create: in this order (MK-24)."""

    def test_the_four_steps_open_the_gates(self) -> None:
        """Done in order, they leave what stage 3 and the signature ask for (MK-24, MK-28)."""
        discovery = begun("discovery", "quote")
        before = obstacles(discovery, "start_closing", AE)

        sent = walk(discovery, *PRICING)[-1].record

        assert before == ["pricing_discussed", "pricing_with_ae"]
        assert obstacles(sent, "start_closing", AE) == []
        assert obstacles(sent.model_copy(update={"stage": "closing"}), "win", AE) == []
        assert (sent.quote.approved_by, sent.quote.owner, sent.quote.sent_by) == ("ae-3",) * 3

    @pytest.mark.parametrize("step", range(1, 6))
    def test_no_step_is_left_out(self, step: int) -> None:
        """A later step before an earlier one is refused (MK-24)."""
        actor, trigger, data = PRICING[step]

        decision = decide(
            make(), begun("discovery", "quote"), trigger, actor=actor, at=NOW, data=data
        )

        assert decision.outcome is Outcome.NOT_FROM_HERE

    @pytest.mark.parametrize("step", [3, 4, 5])
    def test_the_account_executive_alone(self, step: int) -> None:
        """Approve, create and send belong to the deal's account executive (MK-24, MK-29)."""
        record = walk(begun("discovery", "quote"), *PRICING[:step])[-1].record
        _, trigger, data = PRICING[step]
        later = NOW + DAY

        by_partner = decide(make(), record, trigger, actor=PARTNER, at=later, data=data)
        by_another = decide(make(), record, trigger, actor=OTHER_AE, at=later, data=data)

        assert by_partner.outcome is Outcome.WRONG_ROLE
        assert [finding.id for finding in by_another.obstacles] == ["ae_owns_quote"]

    @pytest.mark.parametrize("field", ["scoped_at", "approved_by", "owner", "amount"])
    def test_what_the_steps_write_is_not_edited(self, field: str) -> None:
        """A partner writes neither a moment nor an amount of the quote (MK-24, MK-29)."""
        value = {"scoped_at": NOW - DAY, "amount": "1 USD"}.get(field, "p-7")

        with pytest.raises(EditRefusedError, match="locked"):
            change(make(), deal("discovery"), {f"quote.{field}": value}, actor=PARTNER, at=NOW)

    def test_with_lead_sourcing_the_partner_does_not_progress(self) -> None:
        """Then the vendor's team does the progression (MK-41)."""
        record = begun("discovery", "quote", engagement_model="lead_sourcing")

        assert obstacles(record, "quote.scope", PARTNER, **SCOPED) == ["partner_progresses"]
        assert obstacles(record, "quote.scope", AE, **SCOPED) == []

    def test_a_change_goes_through_the_steps_again(self) -> None:
        """A revised quote has no moment of the one before (MK-24)."""
        sent = walk(begun("discovery", "quote"), *PRICING)[-1].record

        revised = apply(make(), sent, "quote.revise", actor=AE, at=NOW + DAY).record

        left = revised.quote.model_dump(exclude_none=True)
        assert not {name for name in left if name.endswith("_at")}
        assert revised.quote.stage == "not_started"
        assert "pricing_with_ae" in obstacles(revised, "start_closing", AE)

    @pytest.mark.parametrize(
        ("consulted", "flagged"),
        [
            pytest.param(None, True, id="no consultation"),
            pytest.param(NOW, True, id="at the same moment is not before"),
            pytest.param(NOW - timedelta(seconds=1), False, id="a second before"),
        ],
    )
    def test_a_discussion_without_consultation_is_flagged(
        self, consulted: datetime | None, flagged: Any
    ) -> None:
        """The discussion is on record, and flagged when it is recorded (MK-25)."""
        asked = [{"kind": "gtm_consultation", "at": consulted, "side": "partner"}]
        record = deal("discovery", {"activities": asked if consulted else []})
        data = {"activities": {"kind": "pricing_discussion", "at": NOW, "side": "partner"}}

        decision = decide(make(), record, "log_activity", actor=PARTNER, at=NOW, data=data)

        assert decision.permitted
        assert [finding.id for finding in decision.advice] == ["priced_too_early"] * flagged


CONTRACT = (AE, "contract.adjust", {"adjustments": "Terms of liability."})


class TestOrderFormAndContract:
    """Both run in parallel in stage 4; the account executive owns them (MK-29, MK-30)."""

    def test_they_run_side_by_side(self) -> None:
        """Order form and adjustments overlap, and the signature waits for both (MK-29)."""
        closing = begun("closing", "order_form", contract__term_months=24)
        steps = walk(
            closing,
            (AE, "order_form.start", {}),
            CONTRACT,
            (AE, "order_form.finish", {"language": "en", "master_agreement_included": True}),
            (DESK, "contract.finish", {}),
            (AE, "contract.agree", {}),
            (
                AE,
                "order_form.sign",
                {
                    "signed_by": "c-9",
                    "signer_is_executive_decision_maker": True,
                    "decision_maker_ready": True,
                    "signed_through": "DocuSign",
                },
            ),
        )

        signed = steps[-1].record
        won = decide(make(), signed, "win", actor=AE, at=NOW + DAY)
        assert won.permitted
        assert won.advice == ()
        assert [(it.kind, it.to) for it in steps[1].effects] == [("engage_deal_desk", "deal_desk")]
        assert signed.contract.deal_desk_engaged_by == signed.order_form.owner == "ae-3"

    def test_one_after_the_other_is_advised_against(self) -> None:
        """An adjustment that begins when the order form is ready earns advice (MK-29)."""
        closing = begun("closing", "order_form", contract__term_months=24)
        form = {"language": "en", "master_agreement_included": True}
        late = walk(
            closing,
            (AE, "order_form.start", {}),
            (AE, "order_form.finish", form),
            CONTRACT,
            (DESK, "contract.finish", {}),
            (AE, "contract.agree", {}),
        )[-1].record

        decision = decide(make(), late, "win", actor=AE, at=NOW + DAY)

        assert [finding.id for finding in decision.advice] == ["in_parallel"]

    def test_nothing_is_signed_before_the_terms_are_agreed(self) -> None:
        """While the deal desk adjusts, the signature waits (MK-29, MK-48)."""
        ready = deal("order_form.ready", {"stage": "closing", "contract.stage": "adjusting"})

        assert obstacles(ready, "order_form.sign", AE, signed_by="c-9") == ["contract_agreed"]

    @pytest.mark.parametrize(
        ("trigger", "data", "criterion"),
        [
            ("order_form.start", {}, "ae_owns_order_form"),
            ("contract.adjust", {"adjustments": "x"}, "ae_engages"),
        ],
    )
    @pytest.mark.parametrize("actor", [PARTNER, DESK, OTHER_AE, SUCCESS])
    def test_the_account_executive_alone(
        self, actor: Actor, trigger: str, data: dict[str, Any], criterion: str
    ) -> None:
        """Nobody else owns the order form, or engages the deal desk (MK-29)."""
        decision = decide(make(), deal("closing"), trigger, actor=actor, at=NOW, data=data)

        if actor is OTHER_AE:
            assert [finding.id for finding in decision.obstacles] == [criterion]
        else:
            assert decision.outcome is Outcome.WRONG_ROLE

    @pytest.mark.parametrize("actor", [PARTNER, DESK, OTHER_AE])
    def test_nobody_edits_a_form_that_is_another_ones(self, actor: Actor) -> None:
        """Its owner and its moments are written by its steps (MK-29)."""
        with pytest.raises(EditRefusedError, match="locked"):
            change(make(), deal("closing"), {"order_form.owner": actor.id}, actor=actor, at=NOW)

    def test_agreed_terms_stand(self) -> None:
        """What is agreed is changed by the deal desk, and by no edit (MK-29, MK-30)."""
        agreed = deal("contract.agreed", {"stage": "closing"})

        with pytest.raises(EditRefusedError, match=r"contract\.adjust"):
            change(make(), agreed, {"contract.term_months": 36}, actor=AE, at=NOW)
        assert walk(agreed, CONTRACT)[-1].record.contract.stage == "adjusting"

    @pytest.mark.parametrize("months", [23, 24])
    def test_longer_terms_are_promoted(self, months: int) -> None:
        """Two years and more are promoted; less than that, from one on, passes (MK-48)."""
        record = deal("contract.not_started", {"stage": "closing", "contract.term_months": months})

        decision = decide(make(), record, "contract.agree", actor=AE, at=NOW)

        assert decision.permitted
        assert [finding.id for finding in decision.advice] == ["longer_term"] * (months < 24)

    def test_a_form_is_written_again(self) -> None:
        """What is not ready after all goes back to its owner (MK-29)."""
        ready = deal("order_form.ready", {"stage": "closing", "order_form.finished_at": NOW})

        again = walk(ready, (AE, "order_form.rework", {}))[-1].record

        assert (again.order_form.stage, again.order_form.finished_at) == ("drafting", None)


ONBOARDING: tuple[Step, ...] = (
    (AE, "onboarding.complete_form", {"migration_needed": True}),
    (AE, "start_onboarding", {}),
    (SE, "onboarding.migrate", {}),
    (SUCCESS, "onboarding.hand_over", {}),
    (SUCCESS, "onboarding.plan", {"implementation_plan_agreed": True}),
    (SE, "onboarding.finish_migration", {}),
    (
        SUCCESS,
        "onboarding.start",
        {"can_be_activated": True, "has_login": True, "check_ins_planned": True},
    ),
    (SUCCESS, "finish_onboarding", {}),
)


class TestOnboarding:
    """After the signature the customer is handed over, and begins (MK-31, MK-49)."""

    def test_it_goes_the_whole_way(self) -> None:
        """Form, migration, hand-over, plan and start leave the customer onboarded (MK-31)."""
        won = begun("closed_won", "onboarding", won_at=NOW)
        before = obstacles(won, "start_onboarding", AE)

        steps = walk(won, *ONBOARDING)

        assert before == ["onboarding_form"]
        assert steps[-1].record.stage == "onboarded"
        assert steps[-1].record.onboarding.stage == "started"
        assert steps[-1].record.onboarding.form_completed_by == "ae-3"

    @pytest.mark.parametrize(
        ("minutes", "found"),
        [pytest.param(1, [], id="before"), pytest.param(0, ["partner_plan"], id="not before")],
    )
    def test_a_service_partner_plans_first(self, minutes: int, found: list[str]) -> None:
        """A partner that delivers services has its plan before the hand-over (MK-49)."""
        record = deal(
            "onboarding.form_completed",
            {
                "stage": "closed_won",
                "engagements": [{"activity": "service_delivery"}],
                "onboarding.partner_plan_at": NOW - timedelta(minutes=minutes),
            },
        )

        assert obstacles(record, "onboarding.hand_over", SUCCESS) == found

    @pytest.mark.parametrize(
        ("trigger", "stage"),
        [
            pytest.param("onboarding.complete_form", "not_started", id="the AE's form"),
            pytest.param("onboarding.migrate", "handed_over", id="the SE's migration"),
            pytest.param("onboarding.start", "planned", id="customer success starts"),
        ],
    )
    def test_the_partner_does_none_of_it(self, trigger: str, stage: str) -> None:
        """Each step has its owner on the vendor's side (MK-31)."""
        record = deal(f"onboarding.{stage}", {"stage": "closed_won"})

        asked = decide(make(), record, trigger, actor=PARTNER, at=NOW)

        assert asked.outcome is Outcome.WRONG_ROLE

    def test_check_ins_go_on(self) -> None:
        """After onboarding, regular check-ins for upsell are recorded (MK-31)."""
        item = {"kind": "check_in", "at": NOW, "side": "vendor"}

        after = walk(deal("onboarded"), (SUCCESS, "log_activity", {"activities": item}))[-1].record

        assert [it.kind for it in after.activities] == ["check_in"]


def test_both_teams_see_what_they_may_do_next() -> None:
    """In stage 4 the account executive may work on form and contract at once (MK-29)."""
    fresh = begun("closing", "order_form", contract__term_months=24)

    permitted = {it.trigger for it in options(make(), fresh, actor=AE, at=NOW) if it.permitted}

    assert {"order_form.start", "contract.agree"} <= permitted
