"""The processes `salesforce_program` and `salesforce_channel_conflict`."""

from __future__ import annotations

from typing import Any, Final

import pytest

from channel_deals import ANN, BOB, CHANNEL, CONFLICT, DAY, NOW, PROGRAM
from cosell.errors import EditRefusedError, RecordNotFoundError
from cosell.models import Conflict, Program

TERMS: Final[dict[str, Any]] = {
    "id": "deal_registration",
    "name": "Deal registration",
    "kind": "deal_registration",
    "benefits": [{"text": "Five points of margin more."}],
    "requirements": [{"text": "A certified seller."}],
}


def created(desk: Any, **otherwise: Any) -> Any:
    """Create a program."""
    program = Program.model_validate({**TERMS, **otherwise})
    return desk.open(program, actor=CHANNEL, at=NOW, process=PROGRAM)


def moved(desk: Any, trigger: str, actor: Any = CHANNEL, **asked: Any) -> Any:
    """Move the program, and return the answer."""
    return desk.move("deal_registration", trigger, actor=actor, at=NOW, **asked)


def obstacles(desk: Any, trigger: str, actor: Any = CHANNEL, **asked: Any) -> list[str]:
    """Return what is in the way."""
    decision = desk.decide("deal_registration", trigger, actor=actor, at=NOW, **asked)
    return [found.id for found in decision.obstacles]


def invited(desk: Any) -> Any:
    """Create the program, announce it and invite a partner."""
    created(desk)
    moved(desk, "announce")
    return moved(desk, "invite", data={"enrolments": {"party": "acme"}})


class TestProgram:
    """What it gives and asks for is told, then partners are enrolled."""

    @pytest.mark.parametrize(
        ("otherwise", "missing"),
        [
            pytest.param({}, [], id="all is said"),
            pytest.param({"kind": None}, ["kind"], id="what for"),
            pytest.param({"benefits": []}, ["benefits"], id="no benefit"),
            pytest.param({"requirements": []}, ["requirements"], id="no requirement"),
        ],
    )
    def test_benefits_and_requirements_are_told(
        self, desk: Any, otherwise: dict[str, Any], missing: list[str]
    ) -> None:
        """Both are recorded before partners are told of the program (SF-1, SF-15)."""
        created(desk, **otherwise)
        assert obstacles(desk, "announce") == missing
        if not missing:
            (effect,) = moved(desk, "announce").effects
            assert effect.kind == "tell_partners"
            assert effect.data["benefits"] == [{"text": "Five points of margin more."}]

    def test_a_partner_applies_and_is_enrolled(self, desk: Any) -> None:
        """It applies for itself, and the requirements are checked (SF-1, SF-15)."""
        invited(desk)
        assert obstacles(desk, "enrolments[acme].apply", BOB) == ["own_enrolment"]
        moved(desk, "enrolments[acme].apply", ANN)
        enrol = "enrolments[acme].enrol"
        assert obstacles(desk, enrol) == ["meets_requirements"]
        assert obstacles(desk, enrol, data={"requirements_met": False}) == ["meets_requirements"]
        answer = moved(desk, enrol, data={"requirements_met": True})
        (item,) = answer.record.enrolments
        assert (item.stage, item.enrolled_at, item.enrolled_by) == ("enrolled", NOW, "cm-1")
        assert [(it.kind, it.party) for it in answer.effects] == [("tell_enrolled", "acme")]

    def test_nobody_is_enrolled_unasked(self, desk: Any) -> None:
        """Invited is not enrolled (SF-1)."""
        invited(desk)
        decision = desk.decide("deal_registration", "enrolments[acme].enrol", actor=CHANNEL, at=NOW)
        assert decision.outcome == "not_from_here"

    def test_an_enrolment_ends_with_a_reason(self, desk: Any) -> None:
        """The partner is told, and its membership ends (SF-1)."""
        invited(desk)
        end = "enrolments[acme].end"
        assert obstacles(desk, end) == ["input_reason"]
        answer = moved(desk, end, data={"reason": "No certified seller left."})
        assert answer.record.enrolments[0].stage == "ended"
        assert [(it.kind, it.party) for it in answer.effects] == [("tell_ended", "acme")]

    def test_what_partners_were_told_stays(self, desk: Any) -> None:
        """Benefits and requirements are open before the announcement alone (SF-1)."""
        created(desk)
        more = {"benefits": [{"text": "Ten points."}]}
        desk.change("deal_registration", more, actor=CHANNEL, at=NOW)
        moved(desk, "announce")
        with pytest.raises(EditRefusedError, match="open another program"):
            desk.change("deal_registration", more | {"benefits": []}, actor=CHANNEL, at=NOW)
        assert moved(desk, "close").record.closed_at == NOW


CONFLICTING: Final[dict[str, Any]] = {
    "id": "c-1",
    "key": "registration:gamma.example:core",
    "customer": "Gamma",
    "holder": "d-1",
    "challenger": "d-2",
    "challenger_party": "beta",
    "rule": "first approved",
}


class TestConflict:
    """The rule decides, and the partner that came later may object."""

    def test_the_partner_sees_the_rule_and_not_the_other(self, desk: Any) -> None:
        """It knows by what was decided, and not for whom (SF-14)."""
        desk.open(Conflict.model_validate(CONFLICTING), actor=CHANNEL, at=NOW, process=CONFLICT)
        seen = desk.show("c-1", actor=BOB, at=NOW)
        assert (seen["rule"], seen["customer"]) == ("first approved", "Gamma")
        assert {"holder", "key", "decided_for"} & set(seen) == set()
        with pytest.raises(RecordNotFoundError):
            desk.show("c-1", actor=ANN, at=NOW)

    @pytest.mark.parametrize(
        ("trigger", "data", "outcome"),
        [
            ("uphold", {"outcome_reason": "They were first."}, "upheld"),
            ("overturn", {"outcome_reason": "An error.", "decided_for": "d-2"}, "changed"),
        ],
    )
    def test_an_objection_is_answered_with_an_explanation(
        self, desk: Any, trigger: str, data: dict[str, Any], outcome: str
    ) -> None:
        """Either way says why, and the record keeps it (SF-14, BX-9)."""
        desk.open(Conflict.model_validate(CONFLICTING), actor=CHANNEL, at=NOW, process=CONFLICT)
        assert not desk.decide("c-1", "dispute", actor=BOB, at=NOW).permitted
        words = {"statements": {"text": "We were there first."}}
        desk.move("c-1", "dispute", actor=BOB, at=NOW, data=words)
        bare = desk.decide("c-1", trigger, actor=CHANNEL, at=NOW)
        assert {it.id for it in bare.obstacles} == {f"input_{path}" for path in data}
        answer = desk.move("c-1", trigger, actor=CHANNEL, at=NOW + DAY, data=data)
        record = answer.record
        assert (record.stage, record.outcome, record.dispute_open) == ("settled", outcome, False)
        assert [(it.kind, it.party) for it in answer.effects] == [("tell_outcome", "beta")]

    def test_without_an_objection_it_is_closed(self, desk: Any) -> None:
        """What the rule decided stands (SF-14)."""
        desk.open(Conflict.model_validate(CONFLICTING), actor=CHANNEL, at=NOW, process=CONFLICT)
        assert desk.move("c-1", "close", actor=CHANNEL, at=NOW).record.stage == "settled"
