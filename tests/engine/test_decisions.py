"""One case for each thing that a decision can come to, with its reasons."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from cosell.engine import (
    Applied,
    Bound,
    Decision,
    Outcome,
    TransitionRefusedError,
    WrongProcessError,
    apply,
    change,
    decide,
    open_record,
)
from cosell.errors import InvalidDataError, NaiveDatetimeError, OutOfOrderError, UnknownNameError
from cosell.events import Actor, EventKind
from cosell.findings import CheckKind
from cosell.models import Lead, Opportunity
from cosell.money import Money, Rates
from process_samples import BOSS, DAY, NOON, PARTNER, RICH, SELLER, TINY, bound_of

Data = dict[str, Any]


@cache
def rich() -> Bound:
    return bound_of(RICH)


@cache
def tiny() -> Bound:
    return bound_of(TINY)


def deal(stage: str = "submitted", **fields: Any) -> Opportunity:
    """Return a record of the rich process, opened, and put where the case needs it."""
    content = {
        "id": "o-1",
        "acv": "1 USD",
        "customer": {"domain": "acme.example"},
        "registration": {"submitted_by": "p-7"},
    }
    given = Opportunity.model_validate({**content, **fields})
    record = open_record(rich(), given, actor=PARTNER, at=NOON).record
    for trigger in WAY[stage]:
        record = move(record, trigger).record
    return record


#: How a deal gets to a stage.
WAY = {
    "submitted": [],
    "accepted": ["accept"],
    "negotiation": ["accept", "advance"],
    "won": ["accept", "win"],
    "onboarding": ["accept", "win", "board"],
    "lost": ["lose"],
}
#: What each trigger is given on that way.
GIVEN: dict[str, Data] = {
    "accept": {"owner": "s-9", "registration.reason": "A fit."},
    "lose": {"closed_reason": "No budget."},
}


def move(record: Opportunity, trigger: str, **how: Any) -> Applied[Opportunity]:
    """Take a transition as the seller, at the record's last moment."""
    asked = {"actor": SELLER, "at": record.trail[-1].at, "data": GIVEN.get(trigger, {}), **how}
    return apply(rich(), record, trigger, **asked)


def asked(record: Opportunity, trigger: str, **how: Any) -> Decision:
    """Ask as the seller, at the record's last moment."""
    question = {"actor": SELLER, "at": record.trail[-1].at, "data": GIVEN.get(trigger, {}), **how}
    return decide(rich(), record, trigger, **question)


def ids(decision: Decision) -> dict[str, str]:
    """Return what was found, by id."""
    return {finding.id: finding.verdict.value for finding in decision.findings}


def obstacle_ids(decision: Decision) -> list[str]:
    """Return what stands in the way, by id."""
    return [finding.id for finding in decision.obstacles]


LATE = NOON + 20 * DAY


class TestOutcomes:
    """Each outcome has its case, and what comes earlier in the list wins."""

    @pytest.mark.parametrize(
        ("stage", "trigger", "how", "outcome", "obstacles"),
        [
            pytest.param("submitted", "accept", {}, "permitted", [], id="all met opens"),
            pytest.param(
                "submitted", "acept", {}, "unknown_trigger", ["trigger"], id="no stage has it"
            ),
            pytest.param(
                "submitted", "win", {}, "not_from_here", ["stage"], id="other stages have it"
            ),
            pytest.param("lost", "accept", {}, "terminal", ["stage"], id="the deal has ended"),
            pytest.param(
                "submitted",
                "accept",
                {"expected_version": 7},
                "stale_version",
                ["version"],
                id="somebody else was faster",
            ),
            pytest.param(
                "submitted", "accept", {"actor": PARTNER}, "wrong_role", ["role", "other_person"],
                id="a partner does not accept its own",
            ),
            pytest.param(
                "submitted", "accept", {"at": LATE}, "out_of_time",
                ["clock_answer", "within_answer"],
                id="the deal expired, and nobody ticked",
            ),
            pytest.param(
                "submitted",
                "accept",
                {"data": {}},
                "obstacles",
                ["input_owner", "input_registration_reason"],
                id="an input is missing",
            ),
            pytest.param(
                "submitted",
                "acept",
                {"expected_version": 7},
                "unknown_trigger",
                ["trigger", "version"],
                id="unknown before stale",
            ),
            pytest.param(
                "lost",
                "accept",
                {"expected_version": 7},
                "terminal",
                ["stage", "version"],
                id="ended before stale",
            ),
            pytest.param(
                "submitted",
                "win",
                {"expected_version": 7},
                "not_from_here",
                ["stage", "version"],
                id="elsewhere before stale",
            ),
            pytest.param(
                "submitted",
                "accept",
                {"expected_version": 7, "actor": PARTNER, "at": LATE, "data": {}},
                "stale_version",
                [
                    "version", "clock_answer", "role", "input_owner", "input_registration_reason",
                    "within_answer", "other_person",
                ],
                id="stale before everything else, and all of it is found",
            ),
            pytest.param(
                "submitted",
                "accept",
                {"actor": PARTNER, "at": LATE},
                "wrong_role",
                ["clock_answer", "role", "within_answer", "other_person"],
                id="the role before the time",
            ),
            pytest.param(
                "submitted",
                "accept",
                {"at": LATE, "data": {}},
                "out_of_time",
                ["clock_answer", "input_owner", "input_registration_reason", "within_answer"],
                id="the time before what is missing",
            ),
            pytest.param("won", "board", {}, "permitted", [], id="an end may be left by the table"),
            pytest.param(
                "lost", "reopen", {}, "wrong_role", ["role"], id="by those who may alone"
            ),
            pytest.param("won", "lose", {}, "terminal", ["stage"], id="every open stage is no end"),
        ],
    )  # fmt: skip
    def test_the_first_that_is_true_is_given(
        self, stage: str, trigger: str, how: Data, outcome: str, obstacles: list[str]
    ) -> None:
        """Every check runs even after one has failed (BX-41, BX-42)."""
        decision = asked(deal(stage), trigger, **how)

        assert decision.outcome.value == outcome
        assert obstacle_ids(decision) == obstacles
        assert decision.permitted is (outcome == "permitted")

    def test_the_order_is_that_of_the_list(self) -> None:
        """The outcomes stand in the order in which they are given."""
        assert [outcome.value for outcome in Outcome] == [
            "unknown_trigger", "terminal", "not_from_here", "stale_version", "wrong_role",
            "out_of_time", "obstacles", "permitted",
        ]  # fmt: skip


def test_an_unknown_trigger_has_a_near_one() -> None:
    """A misspelt trigger is a "no" with a remedy, not an error."""
    decision = asked(deal(), "acept")

    assert (decision.source, decision.target) == (None, None)
    assert decision.explain() == (
        "acept: unknown trigger\n"
        "  obstacle: trigger: unmet (trigger is acept). Did you mean `accept`?"
    )


def test_a_stage_says_where_it_would_be() -> None:
    """The remedy names every stage from which it can be asked for."""
    decision = asked(deal(), "win")

    assert decision.explain() == (
        "win from submitted: not from here\n"
        "  obstacle: stage: unmet (stage is submitted)."
        " It can be asked for in: accepted, negotiation."
    )
    assert repr(decision) == "<Decision win: not_from_here>"


def test_every_finding_is_there_in_order() -> None:
    """Role, inputs, clocks, claims, then the criteria in file order, whether met or not."""
    decision = asked(deal(customer={}), "accept", actor=BOSS, data={"owner": "s-9"})

    assert ids(decision) == {
        "role": "unmet",
        "input_owner": "met",
        "input_registration_reason": "unknown",
        "within_answer": "met",
        "claim_registration": "unknown",
        "named": "unmet",
        "other_person": "met",
    }
    assert decision.as_dict()["findings"][5] == {
        "id": "named",
        "code": "criterion.unmet",
        "verdict": "unmet",
        "severity": "required",
        "gate": "acceptance",
        "label": None,
        "needed": "recorded(customer.domain)",
        "actual": {"customer.domain": None},
        "remedy": "Record the customer's domain.",
        "cites": ["MK-12"],
        "error": None,
        "candidate": 0,
    }


def test_a_refusal_tells_the_whole_decision() -> None:
    """The error names the record, the outcome and every obstacle; nothing is changed."""
    record = deal(customer={})
    with pytest.raises(TransitionRefusedError) as caught:
        move(record, "accept")

    assert str(caught.value) == (
        "`accept` is refused for record `o-1`: obstacles."
        " claim_registration: unknown (customer.domain is not recorded)."
        " Record `customer.domain`.\n"
        "named: unmet (customer.domain is not recorded). Record the customer's domain."
    )
    assert caught.value.facts["permitted"] is False


class TestInputs:
    """A transition writes what it lists, and nothing else."""

    def test_data_that_nobody_takes_is_a_mistake(self) -> None:
        """Every path that is no input is named, with the nearest that is."""
        with pytest.raises(InvalidDataError) as caught:
            asked(deal(), "accept", data={"ownr": "x", "stage": "won", "plan": "pro"})

        assert [str(problem) for problem in caught.value.problems] == [
            "ownr: `ownr` is no input of `accept`. Did you mean `owner`?",
            "stage: `stage` is no input of `accept`. Use one of: owner, plan, registration.reason.",
        ]

    def test_data_that_do_not_fit_are_named_at_once(self) -> None:
        """Each value that the model refuses has its path."""
        with pytest.raises(InvalidDataError) as caught:
            asked(deal(), "accept", data={"owner": " ", "registration.reason": 5})

        assert {problem.path for problem in caught.value.problems} == {
            "owner",
            "registration.reason",
        }
        assert caught.value.subject == "data for `accept`"

    def test_a_required_input_may_be_recorded_before(self) -> None:
        """What the record has need not be given again, unless it must be fresh."""
        record = deal(owner="s-4", registration={"submitted_by": "p-7", "reason": "Old."})

        assert obstacle_ids(asked(record, "accept", data={})) == ["input_registration_reason"]
        decision = asked(record, "accept", data={"registration.reason": "New."})
        assert decision.permitted

    def test_a_gate_reads_what_is_given(self) -> None:
        """The gate reads the record with the data in it; the record itself is untouched."""
        record = deal("accepted", acv="99999 USD")

        assert obstacle_ids(asked(record, "win")) == ["plan_started"]
        drafted = record.model_copy(
            update={"mdp": record.mdp.model_copy(update={"stage": "drafted"})}
        )
        assert asked(drafted, "win").permitted

    def test_a_gate_reads_what_the_transition_sets(self) -> None:
        """``won_at`` is recorded by winning, and may be asked for by the gate."""
        decision = asked(deal("accepted", acv="1 USD"), "win")

        assert ids(decision)["stamped"] == "met"
        assert decision.record.won_at is None


class TestCandidates:
    """Several transitions for one trigger are asked in file order."""

    @pytest.mark.parametrize(
        ("acv", "data", "target"),
        [
            pytest.param("200000 USD", {"name": "Big"}, "won", id="the first that opens is taken"),
            pytest.param("20000 USD", {}, "negotiation", id="the second where the first does not"),
            pytest.param(
                "20000 USD", {"closed_reason": "x"}, "negotiation", id="what the first never takes"
            ),
        ],
    )
    def test_the_first_that_opens_is_taken(self, acv: str, data: Data, target: str) -> None:
        """The decision is that of the candidate which is taken."""
        record = deal("accepted", acv=acv, mdp={})
        record = record.model_copy(
            update={"mdp": record.mdp.model_copy(update={"stage": "agreed"})}
        )
        decision = asked(record, "advance", data=data)

        assert (decision.outcome, decision.target) == (Outcome.PERMITTED, target)
        assert len({finding.candidate for finding in decision.findings}) == 1

    def test_if_none_opens_all_are_told_apart(self) -> None:
        """Findings are given for each candidate, with its number."""
        decision = asked(deal("accepted", acv="60000 USD"), "advance")

        assert decision.target is None
        assert decision.source == "accepted"
        assert [(found.candidate, found.id) for found in decision.obstacles] == [
            (0, "input_name"),
            (0, "is_big"),
            (0, "plan_started"),
            (1, "plan_started"),
        ]

    def test_the_nearest_candidate_gives_the_outcome(self) -> None:
        """The boss may ask for the first alone, and is told what is missing for it."""
        decision = asked(deal("accepted", acv="60000 USD"), "advance", actor=BOSS)

        assert decision.outcome is Outcome.OBSTACLES
        assert (1, "role") in [(found.candidate, found.id) for found in decision.obstacles]

    def test_data_are_written_by_the_candidate_that_takes_them(self) -> None:
        """Data that a candidate does not take keep it from being taken, and are never lost."""
        record = deal("accepted", acv="20000 USD")
        decision = asked(record, "advance", data={"name": "Small"})

        assert [(f.candidate, f.id, f.verdict.value) for f in decision.obstacles] == [
            (0, "is_big", "unmet"),
            (1, "input_name", "unmet"),
        ]
        assert decision.obstacles[1].remedy == "Leave `name` out: this transition does not take it."


class TestOverrides:
    """An override sets criteria aside, with a reason, and is recorded (BX-40)."""

    def test_criteria_are_set_aside_and_recorded(self) -> None:
        """Who may and says why takes the transition; the event names what was overridden."""
        record = deal("accepted", acv="60000 USD")
        decision = asked(record, "win", override="The CEO agreed.")
        moved = move(record, "win", override="The CEO agreed.")

        assert decision.permitted
        assert decision.overridden == ("plan_started",)
        assert decision.obstacles == ()
        assert "  overridden: plan_started" in decision.explain()
        assert (moved.event.overridden, moved.event.reason) == (
            ("plan_started",),
            "The CEO agreed.",
        )
        assert moved.record.trail[-1].reason == "The CEO agreed."

    @pytest.mark.parametrize("reason", ["", None])
    def test_a_reason_is_required(self, reason: str | None) -> None:
        """Without a reason nothing is overridden."""
        decision = asked(deal("accepted", acv="60000 USD"), "win", override=reason)

        assert obstacle_ids(decision) == ["plan_started"]

    @pytest.mark.parametrize("reason", ["\0", "x" * 20_001, 5])
    def test_a_reason_that_no_store_can_keep_is_refused(self, reason: Any) -> None:
        """The reason stands in the trail for ever, and so it is bounded text."""
        with pytest.raises(InvalidDataError, match="reason"):
            asked(deal("accepted"), "win", override=reason)

    def test_a_role_is_not_overridden(self) -> None:
        """Who may not ask may not override either."""
        decision = asked(
            deal("accepted", acv="60000 USD"), "win", actor=PARTNER, override="Please."
        )

        assert decision.outcome is Outcome.WRONG_ROLE
        assert decision.overridden == ()

    def test_who_may_override_needs_a_reason_even_without_obstacles(self) -> None:
        """The boss may accept by override alone, and the reason is kept."""
        record = deal()

        assert asked(record, "accept", actor=BOSS).outcome is Outcome.WRONG_ROLE
        moved = move(record, "accept", actor=BOSS, override="I say so.")
        assert (moved.event.overridden, moved.event.reason) == ((), "I say so.")

    @pytest.mark.parametrize(
        ("how", "left"),
        [
            pytest.param({"data": {}}, ["input_owner", "input_registration_reason"], id="inputs"),
            pytest.param({"at": LATE}, ["clock_answer", "within_answer"], id="clocks"),
            pytest.param({"expected_version": 9}, ["version"], id="the version"),
        ],
    )
    def test_only_criteria_are_set_aside(self, how: Data, left: list[str]) -> None:
        """Inputs, clocks, claims and the version stand, whatever the reason."""
        record = deal(registration={"submitted_by": "b-1"})
        decision = asked(record, "accept", actor=BOSS, override="I say so.", **how)

        assert obstacle_ids(decision) == left
        assert decision.overridden == ("other_person",)

    def test_a_claim_is_not_set_aside(self) -> None:
        """What a claim is made of must be recorded."""
        decision = asked(deal(customer={}), "accept", actor=BOSS, override="I say so.")

        assert obstacle_ids(decision) == ["claim_registration"]
        assert decision.overridden == ("named",)

    def test_a_criterion_that_is_called_role_overrides_no_role(self) -> None:
        """Ids of criteria and of other checks are told apart."""
        bound = bound_of(
            TINY.replace(
                'target = "won"',
                'target = "won"\ngates = ["g"]\noverride = { roles = ["boss"] }',
            )
            + '[[gates.g.criteria]]\nid = "input_owner"\nneed = "is_oem"\nremedy = "x"\n'
        )
        record = Opportunity(id="o-1", stage="mid")
        question = {"actor": BOSS, "at": NOON, "override": "why"}

        decision = decide(bound, record, "win", **question)
        assert decision.overridden == ("input_owner",)
        assert apply(bound, record, "win", **question).record.stage == "won"


class TestActor:
    """Criteria may read who asks."""

    def test_nobody_decides_about_their_own(self) -> None:
        """Separation of duties is an ordinary criterion, with its reason."""
        decision = asked(deal(registration={"submitted_by": "s-1"}), "accept")

        assert obstacle_ids(decision) == ["other_person"]
        assert decision.obstacles[0].actual["registration.submitted_by"] == "s-1"


class TestFacts:
    """Facts are given with the call, by the names that the process declares."""

    def test_a_missing_fact_is_unknown(self) -> None:
        """Advice that is not known advises, and stops nothing."""
        for facts in (None, {}, {"budget_free": None}):
            decision = asked(deal("accepted", acv="1 USD"), "win", facts=facts)
            assert ids(decision)["budget_known"] == "unknown"
            assert decision.permitted
            assert [finding.id for finding in decision.advice] == ["budget_known"]

    def test_a_fact_is_read(self) -> None:
        """A fact that is given is met or not."""
        record = deal("accepted", acv="1 USD")

        assert ids(asked(record, "win", facts={"budget_free": True}))["budget_known"] == "met"
        assert ids(asked(record, "win", facts={"budget_free": False}))["budget_known"] == "unmet"

    def test_facts_that_do_not_fit_are_named_at_once(self) -> None:
        """Unknown names and wrong types are mistakes of the caller."""
        with pytest.raises(InvalidDataError) as caught:
            asked(deal(), "accept", facts={"budget_fre": True, "paid_at": "soon", "limit": "1 EUR"})

        assert [str(problem) for problem in caught.value.problems] == [
            "facts.budget_fre: there is no fact `budget_fre`. Did you mean `budget_free`?",
            (
                "facts.paid_at: this is not an instant."
                " Give a moment with its offset, as 2026-11-20T10:00:00+01:00."
            ),
        ]


class TestMoney:
    """Amounts in another currency need the dated rate."""

    @pytest.mark.parametrize(
        ("acv", "rates", "verdict"),
        [
            pytest.param("50000.00 USD", None, "not_applicable", id="at the limit"),
            pytest.param("50000.01 USD", None, "unmet", id="above means above"),
            pytest.param("60000 EUR", None, "unknown", id="no rate is no pass"),
            pytest.param("60000 EUR", "1.08", "unmet", id="at the rate of the day"),
        ],
    )
    def test_the_limit_of_the_plan(self, acv: str, rates: str | None, verdict: str) -> None:
        """MK-26."""
        given = Rates.of(("EUR", "USD", "2026-11-20", rates)) if rates else None
        decision = asked(deal("accepted", acv=acv), "win", rates=given)

        assert ids(decision)["plan_started"] == verdict


class TestPredicates:
    """What the language cannot say, the host's own predicate says."""

    TEXT = TINY.replace('target = "won"', 'target = "won"\ngates = ["g"]') + (
        '[[gates.g.criteria]]\nid = "checked"\npredicate = "is_fine"\ninputs = ["name", "acv"]\n'
        'remedy = "Check it."\n'
    )

    @staticmethod
    def answer(said: Any) -> Any:
        """Return a predicate that gives or raises what is said."""

        def is_fine(name: str, acv: Money) -> Any:  # noqa: ARG001 - the host takes both
            if isinstance(said, Exception):
                raise said
            return said

        return is_fine

    @pytest.mark.parametrize(
        ("said", "verdict", "error"),
        [
            (True, "met", None),
            (False, "unmet", None),
            (None, "unknown", None),
            (ValueError("boom"), "unknown", "boom"),
        ],
        ids=repr,
    )
    def test_what_it_says_is_found(self, said: Any, verdict: str, error: str | None) -> None:
        """A predicate that raises gives no answer, and the reason is reported."""
        bound = bound_of(self.TEXT, predicates={"is_fine": self.answer(said)})
        record = Opportunity(id="o-1", stage="mid", name="x", acv=Money.parse("1 USD"))
        decision = decide(bound, record, "win", actor=SELLER, at=NOON)
        (found,) = [found for found in decision.findings if found.check.kind is CheckKind.CRITERION]

        assert found.verdict.value == verdict
        assert decision.permitted is (verdict == "met")
        assert (error in str(found.error)) if error else found.error is None


class TestClaims:
    """Keys that one record alone may hold are taken and given back by transitions."""

    def test_a_claim_is_taken_and_released(self) -> None:
        """Accepting takes the registration, losing gives it back; each is in the event."""
        accepted = move(deal(), "accept")
        lost = move(accepted.record, "lose")

        assert accepted.record.claims == ("registration:acme.example",)
        assert accepted.event.changes["claims"] == ("registration:acme.example",)
        assert lost.record.claims == ()

    def test_a_derived_field_that_raises_is_reported(self) -> None:
        """A host's property may fail: the claim is unknown, and nothing is raised."""

        class Fragile(Opportunity, frozen=True):
            @property
            def account(self) -> str:
                message = "no account"
                raise RuntimeError(message)

        bound = bound_of(
            TINY.replace('target = "won"', 'target = "won"\nclaims = ["a:{account}"]'),
            record=Fragile,
        )
        record = Fragile(id="o-1", stage="mid")
        decision = decide(bound, record, "win", actor=SELLER, at=NOON)

        assert obstacle_ids(decision) == ["claim_a"]
        assert decision.obstacles[0].error == "RuntimeError: no account"


class TestTracks:
    """A part has a line of its own, beside the main one."""

    def test_its_triggers_have_its_name(self) -> None:
        """The event names the track, its trigger and its stages; the main line stays."""
        record = deal("accepted")
        drafted = move(record, "mdp.draft", data={"prepared_with_customer": True})

        assert (drafted.record.stage, drafted.record.mdp.stage) == ("accepted", "drafted")
        assert (drafted.event.track, drafted.event.trigger) == ("mdp", "draft")
        assert (drafted.event.source, drafted.event.target) == ("not_started", "drafted")
        assert drafted.event.changes == {
            "mdp.prepared_with_customer": True,
            "mdp.drafted_at": NOON,
        }
        assert drafted.record.trail[-1].track == "mdp"

    def test_bare_names_are_the_parts_and_record_is_the_whole(self) -> None:
        """A gate of a track reads both."""
        decision = asked(deal(), "mdp.draft", data={"prepared_with_customer": True})

        assert obstacle_ids(decision) == ["customer_takes_part"]
        assert decision.obstacles[0].actual == {
            "prepared_with_customer": True,
            "record.stage": "submitted",
        }

    def test_it_may_write_into_the_whole(self) -> None:
        """An input of a track may be a field of the record."""
        data = {"prepared_with_customer": True, "record.plan": "pro"}
        drafted = move(deal("accepted"), "mdp.draft", data=data)

        assert drafted.record.plan == "pro"
        assert drafted.event.changes["plan"] == "pro"

    def test_the_same_trigger_without_its_name_is_unknown(self) -> None:
        """``draft`` is nobody's trigger."""
        assert asked(deal(), "draft").outcome is Outcome.UNKNOWN_TRIGGER

    def test_a_stage_of_a_track_is_its_own(self) -> None:
        """The remedy speaks of the part's stage."""
        decision = asked(deal("accepted"), "mdp.agree")

        assert decision.explain() == (
            "mdp.agree from not_started: not from here\n"
            "  obstacle: stage: unmet (mdp.stage is not_started)."
            " It can be asked for in: drafted."
        )

    def test_a_track_that_is_cancelled_ends_with_the_main_line(self) -> None:
        """After the end nothing moves it, and the reason is the end of the record."""
        decision = asked(deal("lost"), "mdp.draft", data={})

        assert decision.outcome is Outcome.TERMINAL
        assert decision.explain() == (
            "mdp.draft from not_started: terminal\n"
            "  obstacle: stage: unmet (stage is lost)."
            " The track ended with the record; see what the record's stage permits."
        )

    def test_a_track_that_continues_goes_on(self) -> None:
        """The security review may be finished after the deal is lost."""
        finished = move(deal("lost"), "review.finish", data={})

        assert finished.record.security_review.stage == "done"
        assert asked(finished.record, "review.finish").outcome is Outcome.TERMINAL

    def test_a_part_is_led_by_its_path(self) -> None:
        """A track may have another name than its part."""
        assert rich().lines["review"].full_path("x") == "security_review.x"
        assert rich().parts == {"mdp": "mdp", "review": "security_review"}


class TestMistakes:
    """A mistake is an error of its own; a "no" is not."""

    def test_another_model(self) -> None:
        """A record of another model belongs to another process."""
        with pytest.raises(WrongProcessError, match="of model Lead"):
            decide(tiny(), Lead(id="l-1", stage="fresh"), "go", actor=SELLER, at=NOON)

    def test_a_subclass_of_the_model(self) -> None:
        """What a subclass adds could not be read back by the model that is bound."""

        class Mine(Opportunity, frozen=True):
            extra: int = 1

        with pytest.raises(WrongProcessError, match="of model Mine"):
            decide(tiny(), Mine(id="o-1", stage="fresh"), "go", actor=SELLER, at=NOON)

    def test_another_process(self) -> None:
        """A record stays on the definition that it entered."""
        with pytest.raises(WrongProcessError) as caught:
            decide(tiny(), deal(), "go", actor=SELLER, at=NOON)

        assert str(caught.value) == (
            f"record `o-1` is on process `rich` version 3 ({rich().ref.digest[:8]}), and this"
            f" process is for process `tiny` version 1 ({tiny().ref.digest[:8]})."
            " Bind the definition that it entered, or migrate the record."
        )

    @pytest.mark.parametrize("field", ["version", "digest"])
    def test_another_edition(self, field: str) -> None:
        """Another version or digest is another definition."""
        ref = tiny().ref.model_copy(update={field: 2 if field == "version" else None})
        record = Opportunity(id="o-1", stage="fresh", process=ref)

        with pytest.raises(WrongProcessError):
            decide(tiny(), record, "go", actor=SELLER, at=NOON)

    def test_a_record_that_was_not_opened(self) -> None:
        """A fresh record has no stage yet."""
        with pytest.raises(WrongProcessError, match="is not opened yet"):
            decide(tiny(), Opportunity(id="o-1"), "go", actor=SELLER, at=NOON)

    def test_a_stage_that_is_none(self) -> None:
        """A record at a stage that the process does not have is a mistake of the host."""
        with pytest.raises(UnknownNameError, match="no stage `midd`"):
            decide(tiny(), Opportunity(id="o-1", stage="midd"), "go", actor=SELLER, at=NOON)
        broken = deal().model_copy(
            update={"mdp": deal().mdp.model_copy(update={"stage": "nowhere"})}
        )
        with pytest.raises(UnknownNameError, match="no stage `nowhere`"):
            asked(broken, "accept")

    @pytest.mark.parametrize("bound", [tiny, rich], ids=["tiny", "rich"])
    def test_a_naive_moment(self, bound: Any) -> None:
        """A moment has a time zone."""
        record = deal() if bound is rich else Opportunity(id="o-1", stage="fresh")
        with pytest.raises(NaiveDatetimeError):
            decide(bound(), record, "go", actor=SELLER, at=NOON.replace(tzinfo=None))

    def test_a_moment_before_the_last(self) -> None:
        """A move is not dated before the one before it."""
        record = deal("accepted")

        with pytest.raises(OutOfOrderError):
            move(record, "win", at=NOON - timedelta(seconds=1))
        assert asked(record, "lose", at=NOON, data={"closed_reason": "x"}).permitted


class TestMove:
    """A move gives a new record, one event and its effects."""

    def test_what_it_writes(self) -> None:
        """Data and sets are in the record and in the event, as values and not as they came."""
        moved = move(deal(acv="100 USD"), "accept")

        assert moved.event.changes == {
            "owner": "s-9",
            "registration.reason": "A fit.",
            "accepted_at": NOON,
            "registration.decided_by": "s-1",
            "registration.outcome": "accepted_co_selling",
            "claims": ("registration:acme.example",),
        }
        assert moved.record.accepted_at == NOON
        assert moved.record.registration.outcome == "accepted_co_selling"

    def test_its_effects_are_numbered_and_carry_data(self) -> None:
        """An effect's id is that of its event and a number; its data is that of the new record."""
        moved = move(deal(acv="100 USD"), "accept")

        assert [effect.id for effect in moved.effects] == ["o-1/2/1", "o-1/2/2"]
        assert [(effect.kind, effect.to) for effect in moved.effects] == [
            ("tell", "partner"),
            ("warn", None),
        ]
        assert moved.effects[0].data == {
            "id": "o-1",
            "owner": "s-9",
            "acv": Money.parse("100 USD"),
            "registration.outcome": "accepted_co_selling",
        }

    def test_its_event_says_who_when_and_from_where(self) -> None:
        """One event for one move, numbered after the last."""
        later = NOON + timedelta(hours=1)
        moved = move(deal(), "accept", at=later)
        event = moved.event

        assert moved.events == (event,)
        assert (event.kind, event.seq, event.at, event.actor) == (
            EventKind.MOVED,
            2,
            later,
            SELLER,
        )
        assert (event.source, event.target, event.trigger) == ("submitted", "accepted", "accept")
        assert event.process == rich().ref
        assert (event.previous, event.digest) == (None, None)

    def test_sealing_adds_what_the_gate_found(self) -> None:
        """The sealed event keeps each finding with its verdict and the values that were read."""
        moved = move(deal(), "accept")
        (sealed,) = moved.sealed("0" * 64)

        assert {"id": "named", "verdict": "met", "actual": {"customer.domain": "acme.example"}} in [
            dict(found) for found in sealed.findings
        ]
        edited = change(rich(), deal(), {"name": "x"}, actor=SELLER, at=NOON)
        assert edited.sealed("0" * 64)[0].findings == ()

    def test_data_that_change_later_do_not_change_the_event(self) -> None:
        """The event holds the values of the record, not what the caller holds."""
        data = {"owner": "s-9", "registration.reason": "A fit."}
        moved = move(deal(), "accept", data=data)
        data["owner"] = "forged"

        assert moved.event.changes["owner"] == "s-9"

    def test_a_decision_hashes_by_what_it_comes_to(self) -> None:
        """Equal decisions are one key; another answer is another."""
        record = deal()

        assert len({asked(record, "accept"), asked(record, "accept"), asked(record, "win")}) == 2
        assert asked(record, "accept") != "accept"

    def test_a_refusal_without_obstacles_says_where_to_look(self) -> None:
        """A decision that a host made up has a remedy too."""
        decision = asked(deal(), "accept")

        assert TransitionRefusedError(decision).remedy == "See the decision."


def test_an_actor_may_be_of_any_id() -> None:
    """Who asks is the host's: an id, a role, an organisation."""
    actor = Actor("https://id.example/7", role="seller")

    assert asked(deal(), "accept", actor=actor).permitted


def test_the_moment_is_given() -> None:
    """A decision holds for the moment that was given, and says so."""
    at: datetime = NOON + timedelta(minutes=5)

    assert asked(deal(), "accept", at=at).decided_at == at
