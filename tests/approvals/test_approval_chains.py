"""Approval chains: criteria over answers, in order or side by side, void when things change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import ValidationError

from approval_samples import (
    BOARD,
    FINANCE,
    LEGAL,
    MANAGER,
    OTHER_MANAGER,
    PARTNER,
    SELLER,
    answered,
    chains,
    submitted,
)
from cosell.engine import (
    ApprovalState,
    Outcome,
    TransitionRefusedError,
    adopt,
    apply,
    change,
    decide,
    fold,
    open_record,
    options,
    preview_approvals,
)
from cosell.errors import EditRefusedError, InvalidDataError
from cosell.events import Actor
from cosell.models import Approval, Covered, Opportunity
from process_samples import DAY, NOON

NO_TENDER = {"is_tender": False}


def missing(record: Opportunity, **question: Any) -> set[str]:
    """Return the criteria that keep a manager from accepting."""
    asked = {"facts": NO_TENDER, **question}
    decision = decide(chains(), record, "accept", actor=MANAGER, at=NOON, **asked)
    return {finding.id for finding in decision.obstacles}


def obstacles(record: Opportunity, trigger: str, actor: Actor, **more: Any) -> set[str]:
    """Return what keeps ``actor`` from a trigger."""
    asked = {"facts": NO_TENDER, **more}
    decision = decide(chains(), record, trigger, actor=actor, at=NOON, **asked)
    return {finding.id for finding in decision.obstacles}


class TestCriteria:
    """Each row is a criterion of the gate that names its chain (BX-8)."""

    @pytest.mark.parametrize(
        ("acv", "tender", "actors", "expected"),
        [
            pytest.param("50000 USD", False, [], {"deal_manager"}, id="all_ask_the_manager"),
            pytest.param("50000 USD", False, [MANAGER], set(), id="at_the_threshold_nobody_else"),
            pytest.param("50000.01 USD", False, [MANAGER], {"deal_finance"}, id="above_it_finance"),
            pytest.param("50000.01 USD", False, [MANAGER, FINANCE], set(), id="finance_approved"),
            pytest.param("1 USD", True, [MANAGER], {"deal_legal"}, id="a_tender_asks_legal"),
            pytest.param(
                "60000 USD", True, [MANAGER], {"deal_legal", "deal_finance"}, id="side_by_side"
            ),
            pytest.param(
                "60000 USD", True, [MANAGER, LEGAL, FINANCE], set(), id="either_of_two_first"
            ),
            pytest.param(
                "500001 USD", False, [MANAGER, FINANCE], {"deal_board"}, id="the_largest_ask_all"
            ),
            pytest.param("500000 USD", False, [MANAGER, FINANCE], set(), id="the_board_above_only"),
        ],
    )
    def test_rows_that_apply_are_required(
        self, acv: str, tender: Any, actors: Sequence[Actor], expected: set[str]
    ) -> None:
        """A row whose condition is false asks for nothing; one that applies must have approved."""
        record = answered(submitted(acv), *actors, tender=tender)

        assert missing(record, facts={"is_tender": tender}) == expected

    def test_what_is_not_known_is_no_yes(self) -> None:
        """Where an amount or a fact is missing, a row may apply: its approval is unknown."""
        decision = decide(chains(), submitted(None), "accept", actor=MANAGER, at=NOON)

        found = {finding.id: finding.verdict.value for finding in decision.obstacles}
        assert found == {
            "deal_manager": "unmet",
            "deal_finance": "unknown",
            "deal_legal": "unknown",
            "deal_board": "unknown",
        }

    def test_the_remedy_says_whom_to_ask(self) -> None:
        """A row has a remedy of its own, or one that names the role; and it cites its rules."""
        decision = decide(
            chains(), submitted(), "accept", actor=MANAGER, at=NOON, facts={"is_tender": True}
        )
        found = {finding.id: finding for finding in decision.obstacles}

        assert found["deal_finance"].remedy == "Have finance look at it."
        assert "legal" in found["deal_legal"].remedy
        assert found["deal_finance"].cites == ("RP-1", "BX-8")
        assert found["deal_manager"].check.label == "The manager"
        assert found["deal_manager"].check.gate == "acceptance"

    def test_closures_and_generated_code_agree(self) -> None:
        """Hosts that forbid generated code get the same decision."""
        record = answered(submitted(), MANAGER)
        question: dict[str, Any] = {"actor": MANAGER, "at": NOON, "facts": NO_TENDER}

        plain = decide(chains(generated=False), record, "accept", **question)
        assert plain == decide(chains(), record, "accept", **question)


class TestAnswers:
    """Answers are moves that stay: stamped, in order, each row once."""

    def test_an_answer_is_stamped(self) -> None:
        """Who, in what capacity, for whom, when, and what it was given for; and an effect."""
        record = submitted()
        done = apply(
            chains(),
            record,
            "approve_deal",
            actor=MANAGER,
            at=NOON + DAY,
            data={"approvals": {"reason": "A fine customer."}},
        )

        assert done.record.stage == "submitted"
        assert done.record.approvals == (
            Approval(
                chain="deal",
                row="manager",
                role="manager",
                by="m-1",
                principal="m-1",
                party="vendor",
                at=NOON + DAY,
                outcome="approved",
                reason="A fine customer.",
                covered=(
                    Covered(path="acv", value='"60000 USD"'),
                    Covered(path="products", value="[]"),
                ),
            ),
        )
        assert [effect.kind for effect in done.effects] == ["tell"]
        assert done.event.trigger == "approve_deal"

    @pytest.mark.parametrize("field", ["row", "by", "at", "outcome", "covered", "principal"])
    def test_nobody_signs_for_others(self, field: str) -> None:
        """What is stamped cannot be given (BX-40)."""
        with pytest.raises(InvalidDataError) as caught:
            apply(
                chains(),
                submitted(),
                "approve_deal",
                actor=MANAGER,
                at=NOON,
                data={"approvals": {field: "finance"}},
            )

        assert [problem.path for problem in caught.value.problems] == [f"approvals.{field}"]

    @pytest.mark.parametrize(
        ("actors", "actor", "expected"),
        [
            pytest.param([], FINANCE, {"after_manager"}, id="not_before_the_manager"),
            pytest.param([MANAGER], FINANCE, set(), id="after_the_manager"),
            pytest.param([MANAGER], LEGAL, {"asked"}, id="not_when_nobody_asks"),
            pytest.param([MANAGER], BOARD, {"asked", "after_finance"}, id="board_is_not_asked"),
            pytest.param([MANAGER], OTHER_MANAGER, {"open"}, id="not_twice"),
            pytest.param([], PARTNER, {"role", "not_own"}, id="not_whoever_submitted"),
            pytest.param([], SELLER, {"role"}, id="not_who_is_not_asked"),
        ],
    )
    def test_who_may_answer_when(
        self, actors: Sequence[Actor], actor: Actor, expected: set[str]
    ) -> None:
        """A row waits for those before it, is answered once, and only by its role."""
        record = answered(submitted(), *actors)
        decision = decide(chains(), record, "approve_deal", actor=actor, at=NOON, facts=NO_TENDER)
        mine = [it for it in decision.findings if it.id == "role" and it.passes]
        candidate = mine[0].candidate if mine else 0
        found = {it.id for it in decision.obstacles if it.candidate == candidate}

        assert found == expected
        assert decision.permitted is (not expected)

    def test_an_earlier_row_that_may_apply_is_waited_for(self) -> None:
        """Unknown is never yes: the board waits while legal may have to be asked."""
        record = answered(submitted("600000 USD"), MANAGER, FINANCE)
        without = decide(chains(), record, "approve_deal", actor=BOARD, at=NOON)

        assert "after_legal" in {finding.id for finding in without.obstacles}
        assert obstacles(record, "approve_deal", BOARD) == set()

    def test_one_person_approves_one_row(self) -> None:
        """The same person in another role is refused, and so is a deputy of that person."""
        record = answered(submitted(), MANAGER)
        as_finance = Actor("m-1", role="finance", party="vendor")
        deputy = Actor(
            "x-9", role="finance", party="vendor", on_behalf_of="m-1", deputy_from=NOON - DAY
        )

        assert "other_person" in obstacles(record, "approve_deal", as_finance)
        assert "other_person" in obstacles(record, "approve_deal", deputy)
        assert (
            apply(
                chains(),
                record,
                "reject_deal",
                actor=as_finance,
                at=NOON,
                data={"approvals": {"reason": "No."}},
            )
            .record.approvals[-1]
            .outcome
            == "rejected"
        )

    def test_separation_of_duties_is_a_gate_of_the_chain(self) -> None:
        """A manager who submitted the deal does not approve it."""
        record = submitted(by=MANAGER)

        assert obstacles(record, "approve_deal", MANAGER) >= {"not_own"}
        assert decide(chains(), record, "approve_deal", actor=OTHER_MANAGER, at=NOON).permitted

    def test_what_is_approved_has_to_be_recorded(self) -> None:
        """Nobody approves an amount that is not known."""
        assert "covered_0" in obstacles(submitted(None), "approve_deal", MANAGER)

    def test_options_show_the_form(self) -> None:
        """Both triggers are offered, with what the caller gives of an answer."""
        found = {
            option.trigger: option
            for option in options(chains(), submitted(), actor=MANAGER, at=NOON)
        }

        approve, reject = found["approve_deal"], found["reject_deal"]
        assert approve.permitted
        assert list(approve.inputs[0].value_schema["properties"]) == ["reason"]
        assert not reject.permitted
        assert reject.inputs[0].value_schema["required"] == ["reason"]

    def test_the_history_folds(self) -> None:
        """A record with answers equals the fold of its events."""
        opened = open_record(chains(), Opportunity(id="o-1", acv="1 USD"), actor=PARTNER, at=NOON)
        sent = apply(chains(), opened.record, "submit", actor=PARTNER, at=NOON)
        yes = apply(chains(), sent.record, "approve_deal", actor=MANAGER, at=NOON)
        again = apply(chains(), yes.record, "resubmit", actor=PARTNER, at=NOON)

        events = (*opened.events, *sent.events, *yes.events)
        assert fold(Opportunity, events) == yes.record
        assert fold(Opportunity, (*events, *again.events)).approvals == ()


class TestRejections:
    """A rejection is recorded with its reason and stands in the way until it is handed in anew."""

    def rejected(self) -> Opportunity:
        """Return a deal that finance rejected."""
        record = answered(submitted(), MANAGER)
        data = {"approvals": {"reason": "Too cheap."}}
        return apply(chains(), record, "reject_deal", actor=FINANCE, at=NOON, data=data).record

    def test_it_needs_a_reason(self) -> None:
        """Without a reason it is refused as any move with a missing input."""
        record = answered(submitted(), MANAGER)

        assert obstacles(record, "reject_deal", FINANCE) >= {"input_approvals_reason"}

    def test_it_is_an_obstacle(self) -> None:
        """The gate stays shut, and nobody approves any more."""
        record = self.rejected()

        assert record.approvals[-1].reason == "Too cheap."
        assert missing(record) == {"deal_finance", "deal_not_rejected"}
        assert obstacles(record, "approve_deal", FINANCE) >= {"open", "not_rejected"}

    def test_it_moves_nothing_by_itself(self) -> None:
        """The process has a transition of its own for that."""
        record = self.rejected()

        assert record.stage == "submitted"
        assert apply(chains(), record, "reject", actor=MANAGER, at=NOON).record.stage == "rejected"

    def test_handed_in_again_it_starts_anew(self) -> None:
        """After the approvals are cleared everybody is asked again (BX-7)."""
        again = apply(chains(), self.rejected(), "resubmit", actor=PARTNER, at=NOON).record

        assert missing(again) == {"deal_manager", "deal_finance"}
        assert missing(answered(again, MANAGER, FINANCE)) == set()


class TestCovers:
    """An answer counts while what it was given for is as it was."""

    @pytest.mark.parametrize(
        ("edit", "expected"),
        [
            pytest.param({"acv": "60000.01 USD"}, {"deal_manager", "deal_finance"}, id="amount"),
            pytest.param({"acv": "60000 EUR"}, {"deal_manager", "deal_finance"}, id="currency"),
            pytest.param(
                {"products": [{"name": "A"}]}, {"deal_manager", "deal_finance"}, id="a_list"
            ),
            pytest.param({"acv": "60000.00 USD"}, set(), id="the_same_amount"),
            pytest.param({"owner": "s-2"}, set(), id="something_else"),
        ],
    )
    def test_a_change_makes_it_void(self, edit: dict[str, Any], expected: set[str]) -> None:
        """Whoever approved another amount is asked again."""
        record = answered(submitted(), MANAGER, FINANCE)
        edited = change(chains(), record, edit, actor=SELLER, at=NOON).record

        found = missing(edited)
        assert found & {"deal_manager", "deal_finance"} == expected

    def test_the_accepting_move_cannot_change_it(self) -> None:
        """The gate reads the record with the data in it: another amount is not approved."""
        record = answered(submitted("1 USD"), MANAGER)

        assert missing(record) == set()
        assert missing(record, data={"acv": "2 USD"}) == {"deal_manager"}

    def test_put_back_it_counts_again(self) -> None:
        """It is the value that was approved."""
        record = answered(submitted("1 USD"), MANAGER)
        other = change(chains(), record, {"acv": "2 USD"}, actor=SELLER, at=NOON).record
        back = change(chains(), other, {"acv": "1 USD"}, actor=SELLER, at=NOON).record

        assert missing(other) == {"deal_manager"}
        assert missing(back) == set()

    def test_it_can_be_given_anew(self) -> None:
        """A void answer does not keep the row from being answered, also by the same person."""
        record = answered(submitted("1 USD"), MANAGER)
        other = change(chains(), record, {"acv": "2 USD"}, actor=SELLER, at=NOON).record
        again = answered(other, MANAGER)

        assert missing(again) == set()
        assert [it.covered[0].value for it in again.approvals] == ['"1 USD"', '"2 USD"']


class TestForgery:
    """Answers come from the chain alone."""

    ANSWER = Approval(
        chain="deal", row="manager", role="manager", by="m-1", at=NOON, outcome="approved"
    )

    def test_they_are_not_edited(self) -> None:
        """No edit writes them, whoever asks (BX-40, BX-43)."""
        with pytest.raises(EditRefusedError) as caught:
            change(chains(), submitted(), {"approvals": [self.ANSWER]}, actor=BOARD, at=NOON)

        assert [problem.path for problem in caught.value.problems] == ["approvals"]

    def test_a_new_record_brings_none(self) -> None:
        """A record is opened without answers; one that is adopted may bring its own."""
        deal = Opportunity(id="o-1", approvals=(self.ANSWER,))
        with pytest.raises(InvalidDataError) as caught:
            open_record(chains(), deal, actor=PARTNER, at=NOON)
        adopted = adopt(chains(), deal, stage="submitted", actor=SELLER, at=NOON).record

        assert [problem.path for problem in caught.value.problems] == ["approvals"]
        assert "deal_manager" not in missing(adopted)


class TestPreview:
    """Who will be asked, in which order, and what was answered (BX-8)."""

    def steps(self, record: Opportunity, facts: dict[str, Any] | None = None) -> list[str]:
        """Return the rows of the deal's chain with their states."""
        found = preview_approvals(chains(), record, at=NOON, facts=facts)
        return [f"{step.row} {step.state}" for step in found if step.chain == "deal"]

    @pytest.mark.parametrize(
        ("acv", "tender", "actors", "expected"),
        [
            pytest.param("50000 USD", False, [], ["manager open"], id="at_the_threshold"),
            pytest.param(
                "50001 USD", False, [], ["manager open", "finance waiting"], id="above_it"
            ),
            pytest.param(
                "50001 USD", False, [MANAGER], ["manager approved", "finance open"], id="the_next"
            ),
            pytest.param(
                "600000 USD",
                True,
                [MANAGER, LEGAL],
                ["manager approved", "finance open", "legal approved", "board waiting"],
                id="side_by_side",
            ),
            pytest.param(
                "1 USD", None, [MANAGER], ["manager approved", "legal unknown"], id="a_missing_fact"
            ),
            pytest.param(
                None,
                False,
                [],
                ["manager open", "finance unknown", "board unknown"],
                id="a_missing_amount",
            ),
        ],
    )
    def test_rows_that_are_not_surely_left_out(
        self, acv: str | None, tender: Any, actors: Sequence[Actor], expected: list[str]
    ) -> None:
        """Rows whose condition is not false, those of a lower order first."""
        facts = {"is_tender": tender}
        record = answered(submitted(acv), *actors, tender=bool(tender))

        assert self.steps(record, facts) == expected

    def test_before_it_is_handed_in_everybody_waits(self) -> None:
        """Who will be asked is known before; nobody can answer in that stage."""
        deal = Opportunity(id="o-1", acv="60000 USD")  # type: ignore[arg-type]  # read from text
        draft = open_record(chains(), deal, actor=PARTNER, at=NOON).record

        assert self.steps(draft, NO_TENDER) == ["manager waiting", "finance waiting"]

    def test_in_a_track_that_is_over_nobody_is_next(self) -> None:
        """A track ends with the main line, and nothing of it is answered after that."""
        record = submitted(mdp={"drafted_at": NOON, "document": "https://a.example/p"})
        over = apply(chains(), record, "reject", actor=MANAGER, at=NOON).record
        found = preview_approvals(chains(), over, at=NOON)

        assert {step.state for step in found if step.chain == "mdp.plan"} == {"waiting"}

    def test_what_is_missing_is_said(self) -> None:
        """Where it is not known whether a row is asked, the finding names what is missing."""
        found = {it.row: it for it in preview_approvals(chains(), submitted(None), at=NOON)}

        assert found["finance"].finding.actual["acv"] is None
        assert found["legal"].finding.actual["facts.is_tender"] is None

    def test_answers_are_shown(self) -> None:
        """What stands, what is void, and what would ask for it."""
        record = answered(submitted("60000 USD"), MANAGER)
        step = preview_approvals(chains(), record, at=NOON)[0]
        other = change(chains(), record, {"acv": "2 USD"}, actor=SELLER, at=NOON).record
        void = preview_approvals(chains(), other, at=NOON)[0]

        assert (step.role, step.order, step.label) == ("manager", 1, "The manager")
        assert step.triggers == ("approve_deal", "reject_deal")
        assert (step.answer, step.void) == (record.approvals[0], None)
        assert (void.state, void.answer, void.void) == (
            ApprovalState.OPEN,
            None,
            record.approvals[0],
        )

    def test_after_a_rejection_nobody_is_next(self) -> None:
        """What was rejected is shown so, and all that is not answered waits."""
        record = answered(submitted("60000 USD"), MANAGER)
        record = apply(
            chains(),
            record,
            "reject_deal",
            actor=FINANCE,
            at=NOON,
            data={"approvals": {"reason": "No."}},
        ).record

        facts = {"is_tender": True}
        assert self.steps(record, facts) == [
            "manager approved",
            "finance rejected",
            "legal waiting",
        ]


class TestTracks:
    """A chain of a track reads its part, and its answers stand on the record."""

    def drafted(self, acv: str) -> Opportunity:
        """Return a deal whose plan is drafted."""
        return submitted(acv, mdp={"drafted_at": NOON, "document": "https://a.example/p"})

    def test_one_trigger_answers_the_rows_of_one_role_in_turn(self) -> None:
        """Two managers approve, side by side: the second answers the second row."""
        record = self.drafted("60000 USD")
        for actor in (MANAGER, OTHER_MANAGER):
            record = apply(chains(), record, "mdp.approve_plan", actor=actor, at=NOON).record

        assert [(it.chain, it.row, it.by) for it in record.approvals] == [
            ("mdp.plan", "first", "m-1"),
            ("mdp.plan", "second", "m-2"),
        ]
        assert [each.path for each in record.approvals[0].covered] == ["mdp.document", "acv"]
        assert decide(chains(), record, "mdp.agree", actor=SELLER, at=NOON).permitted

    def test_its_condition_is_read_on_the_part(self) -> None:
        """Below the threshold the second row is not asked."""
        record = self.drafted("50000 USD")
        record = apply(chains(), record, "mdp.approve_plan", actor=MANAGER, at=NOON).record
        plan = [it for it in preview_approvals(chains(), record, at=NOON) if it.chain == "mdp.plan"]

        assert [(step.row, step.state.value) for step in plan] == [("first", "approved")]
        assert plan[0].triggers == ("mdp.approve_plan", "mdp.reject_plan")
        assert decide(chains(), record, "mdp.agree", actor=SELLER, at=NOON).permitted


class TestOverride:
    """Special approval: a move may be taken over missing approvals, by role and with a reason."""

    def test_it_is_recorded_with_what_it_overrode(self) -> None:
        """The event keeps who, why, and which criteria were set aside, with what was read."""
        done = apply(
            chains(), submitted(), "accept", actor=BOARD, at=NOON, facts=NO_TENDER, override="Now."
        )
        (event,) = done.sealed("0" * 64)

        assert done.record.stage == "accepted"
        assert event.overridden == ("deal_manager", "deal_finance")
        assert (event.actor, event.reason) == (BOARD, "Now.")
        verdicts = {found["id"]: found["verdict"] for found in event.findings}
        assert verdicts["deal_finance"] == "unmet"

    @pytest.mark.parametrize(
        ("actor", "reason", "outcome"),
        [
            pytest.param(BOARD, "Now.", Outcome.PERMITTED, id="role_and_reason"),
            pytest.param(BOARD, None, Outcome.WRONG_ROLE, id="no_reason"),
            pytest.param(BOARD, "", Outcome.WRONG_ROLE, id="an_empty_reason"),
            pytest.param(MANAGER, "Now.", Outcome.OBSTACLES, id="a_role_that_may_not"),
            pytest.param(PARTNER, "Now.", Outcome.WRONG_ROLE, id="an_outsider"),
        ],
    )
    def test_who_may(self, actor: Actor, reason: str | None, outcome: Outcome) -> None:
        """By role and with a reason, and in no other way (BX-40)."""
        decision = decide(
            chains(), submitted(), "accept", actor=actor, at=NOON, facts=NO_TENDER, override=reason
        )

        assert decision.outcome is outcome

    @pytest.mark.parametrize(
        ("trigger", "remedy"),
        [
            pytest.param("accept", "Ask one of these to do it: board.", id="others_may"),
            pytest.param(
                "approve_deal",
                "Nobody may set its criteria aside: see what they ask.",
                id="nobody_may",
            ),
        ],
    )
    def test_who_may_not_is_told(self, trigger: str, remedy: str) -> None:
        """A reason that counts for nothing is not passed over in silence (BX-43)."""
        record = answered(submitted(), MANAGER)
        question: dict[str, Any] = {"actor": MANAGER, "at": NOON, "facts": NO_TENDER}
        asked = decide(chains(), record, trigger, override="Now.", **question)
        plain = decide(chains(), record, trigger, **question)
        told = [it for it in asked.obstacles if it.candidate == 0 and it not in plain.obstacles]

        assert [(it.id, it.code, it.remedy) for it in told] == [
            ("override", "override.unmet", remedy)
        ]
        assert asked.outcome is Outcome.OBSTACLES

    def test_a_reason_that_nothing_needs_is_no_obstacle(self) -> None:
        """Where all criteria are met there is nothing to set aside."""
        record = answered(submitted("1 USD"), MANAGER)

        assert not missing(record, override="To be sure.")

    def test_a_refused_override_changes_nothing(self) -> None:
        """Apply raises with the decision."""
        with pytest.raises(TransitionRefusedError):
            apply(chains(), submitted(), "accept", actor=MANAGER, at=NOON, override="Please.")


class TestModel:
    """What an answer says, and whether it stands."""

    def test_the_person_behind(self) -> None:
        """Whom a deputy acted for, or the one who answered."""
        answer = TestForgery.ANSWER

        assert answer.person == "m-1"
        assert answer.model_copy(update={"principal": "m-9"}).person == "m-9"

    @pytest.mark.parametrize(
        ("path", "value", "other"),
        [
            ("name", "A", "B"),
            ("closed_at", NOON, NOON + DAY),
            ("customer", {"name": "A"}, {"name": "B"}),
            ("customer.name", "A", None),
            ("products", [{"name": "A" * 400}], [{"name": "A" * 399}]),
            ("team.security", "x", "y"),
        ],
    )
    def test_it_stands_while_the_value_is_the_same(self, path: str, value: Any, other: Any) -> None:
        """Whatever the field holds: text, moment, model, list."""
        before, after = ({**self.nested(path, it), "id": "o-1"} for it in (value, other))
        seen = Covered.of(Opportunity.model_validate(before), path)

        assert seen.holds_on(Opportunity.model_validate(before))
        assert not seen.holds_on(Opportunity.model_validate(after))

    def nested(self, path: str, value: Any) -> dict[str, Any]:
        """Return a value under a dotted path."""
        head, _, rest = path.partition(".")
        return {head: self.nested(rest, value) if rest else value}

    def test_a_missing_value_never_stands(self) -> None:
        """An approval of nothing is none; nor does one of a field that is gone."""
        deal = Opportunity(id="o-1")

        assert not Covered.of(deal, "acv").holds_on(deal)
        assert not Covered(path="gone.field", value='"1"').holds_on(deal)
        assert Covered(path="claims", value="[]").holds_on(deal)

    def test_an_answer_is_one_of_two(self) -> None:
        """There is no third outcome."""
        with pytest.raises(ValidationError):
            Approval.model_validate({**TestForgery.ANSWER.model_dump(), "outcome": "perhaps"})
