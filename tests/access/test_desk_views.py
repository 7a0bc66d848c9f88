"""A desk shows each actor what it may see, and an outsider that there is nothing."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import pytest

from access_samples import (
    ACME,
    HOUR,
    MANAGER,
    NOBODY,
    OTHER,
    SELLER,
    SHARED,
    TWO_WEEKS,
    a_lead,
    shared,
)
from cosell.desk import Desk
from cosell.engine import HIDDEN, TransitionRefusedError
from cosell.errors import (
    ClaimedError,
    ClockRefusedError,
    CosellError,
    EditRefusedError,
    InvalidDataError,
    KeyReusedError,
    NaiveDatetimeError,
    OutOfOrderError,
    RecordNotFoundError,
)
from cosell.models import Lead
from cosell.money import Rates
from cosell.stores import MemoryStore
from process_samples import NOON, bound_of

SECRETS: Final = ("uzana", "777123456", "7654")


def offered(desk: Any, record_id: str = "l-1", **values: Any) -> Any:
    """Open and offer a lead at noon, and return the answer."""
    desk.open(a_lead(record_id, **values), actor=MANAGER, at=NOON)
    return desk.move(record_id, "offer", actor=MANAGER, at=NOON)


def error_of(call: Callable[[], Any]) -> CosellError:
    """Return the error that a call raises."""
    try:
        call()
    except CosellError as error:
        return error
    pytest.fail("nothing was raised")


#: Everything that can be asked about one record, with all that may be wrong about it.
QUESTIONS: Final[dict[str, Callable[..., Any]]] = {
    "show": lambda desk, it, by: desk.show(it, actor=by, at=NOON),
    "show with wrong facts": lambda desk, it, by: desk.show(it, actor=by, at=NOON, facts={"x": 1}),
    "history": lambda desk, it, by: desk.history(it, actor=by, at=NOON),
    "decide": lambda desk, it, by: desk.decide(it, "accept", actor=by, at=NOON),
    "decide what is not": lambda desk, it, by: desk.decide(it, "dance", actor=by, at=NOON),
    "options": lambda desk, it, by: desk.options(it, actor=by, at=NOON),
    "path": lambda desk, it, by: desk.path(it, actor=by, at=NOON),
    "clocks": lambda desk, it, by: desk.clocks(it, actor=by, at=NOON),
    "move": lambda desk, it, by: desk.move(it, "accept", actor=by, at=NOON, key="k"),
    "move what is not": lambda desk, it, by: desk.move(it, "dance", actor=by, at=NOON),
    "move with wrong data": lambda desk, it, by: desk.move(
        it, "accept", actor=by, at=NOON, data={"x": 1}, facts={"y": 2}
    ),
    "move a seen version": lambda desk, it, by: desk.move(
        it, "accept", actor=by, at=NOON, expected_version=1
    ),
    "move before the last event": lambda desk, it, by: desk.move(
        it, "accept", actor=by, at=NOON - HOUR
    ),
    "change": lambda desk, it, by: desk.change(it, {"name": "x"}, actor=by, at=NOON),
    "change nothing": lambda desk, it, by: desk.change(it, {}, actor=by, at=NOON),
    "pause": lambda desk, it, by: desk.pause(it, "introduction", actor=by, at=NOON, reason="x"),
    "pause what is not": lambda desk, it, by: desk.pause(it, "x", actor=by, at=NOON, reason="x"),
    "resume": lambda desk, it, by: desk.resume(it, "introduction", actor=by, at=NOON),
    "extend": lambda desk, it, by: desk.extend(
        it, "introduction", units=1, actor=by, at=NOON, reason="x"
    ),
}


class TestOutsiders:
    """Unknown and forbidden look the same."""

    @pytest.mark.parametrize("actor", [OTHER, SELLER, NOBODY], ids=lambda actor: actor.id)
    @pytest.mark.parametrize("ask", QUESTIONS.values(), ids=list(QUESTIONS))
    def test_the_answer_is_that_of_an_unknown_id(
        self, desk: Any, ask: Callable[..., Any], actor: Any
    ) -> None:
        """Type, text, attributes and what pickles: only the id that was asked for differs."""
        offered(desk)
        forbidden = error_of(lambda: ask(desk, "l-1", actor))
        unknown = error_of(lambda: ask(desk, "l-2", actor))

        assert type(forbidden) is type(unknown) is RecordNotFoundError
        assert forbidden == RecordNotFoundError("l-1")
        assert str(forbidden).replace("l-1", "l-2") == str(unknown)
        assert pickle.dumps(RecordNotFoundError("l-1")) == pickle.dumps(forbidden)
        assert (forbidden.__context__, forbidden.__cause__) == (None, None)

    def test_what_is_wrong_with_the_moment_is_said_first(self, desk: Any) -> None:
        """A naive moment is refused before any store is asked, for either."""
        offered(desk)
        naive = NOON.replace(tzinfo=None)
        for record_id in ("l-1", "l-2"):
            for ask in (desk.show, desk.options, desk.path, desk.clocks, desk.history):
                with pytest.raises(NaiveDatetimeError):
                    ask(record_id, actor=OTHER, at=naive)
            with pytest.raises(NaiveDatetimeError):
                desk.decide(record_id, "accept", actor=OTHER, at=naive)

    def test_nothing_happens_to_the_record(self, desk: Any) -> None:
        """A refused command leaves nothing, and its key is free."""
        before = offered(desk).record
        for ask in QUESTIONS.values():
            error_of(lambda ask=ask: ask(desk, "l-1", OTHER))  # type: ignore[misc]  # a default

        assert desk.load("l-1") == before
        assert desk.move("l-1", "accept", actor=ACME, at=NOON, key="k").repeated is False

    def test_an_answer_under_a_key_is_not_shown(self, desk: Any) -> None:
        """Who saw the first answer, and is an outsider now, does not get it again."""
        offered(desk)
        colleague = ACME.model_copy(update={"role": "seller", "party": "acme"})
        desk.move("l-1", "accept", actor=ACME, at=NOON, key="k", data={"owner": "p-7"})
        assert desk.move(
            "l-1", "accept", actor=ACME, at=NOON, key="k", data={"owner": "p-7"}
        ).repeated
        desk.change("l-1", {"stakeholders": []}, actor=MANAGER, at=NOON)

        for data in ({"owner": "p-7"}, {"owner": "p-8"}):
            with pytest.raises(RecordNotFoundError):
                desk.move("l-1", "accept", actor=colleague, at=NOON, key="k", data=data)
        with pytest.raises(KeyReusedError):
            desk.move("l-1", "accept", actor=ACME, at=NOON, key="k", data={"owner": "p-8"})

    def test_who_opened_a_record_may_repeat_that(self, desk: Any) -> None:
        """What was given by the caller is no secret to the caller."""
        first = desk.open(a_lead(), actor=SELLER, at=NOON, key="k")
        again = desk.open(a_lead(), actor=SELLER, at=NOON, key="k")

        assert (again.repeated, again.record) == (True, first.record)
        with pytest.raises(RecordNotFoundError):
            desk.show("l-1", actor=SELLER, at=NOON)

    @pytest.mark.parametrize(
        ("actor", "holder"),
        [
            pytest.param(MANAGER, "l-1", id="named to whom may know of the record"),
            pytest.param(ACME, None, id="not named to an outsider"),
        ],
    )
    def test_the_holder_of_a_claim(self, store: Any, actor: Any, holder: str | None) -> None:
        """A taken claim names its holder as far as the asker may know it."""
        bound = bound_of(
            SHARED.replace(
                'roles = ["manager"]\ninputs', 'roles = ["manager", "partner"]\ninputs'
            ).replace(
                'stages = ["offered", "expired"]', 'stages = ["draft", "offered", "expired"]'
            ),
            record=Lead,
        )
        desk = Desk([bound], store)
        offered(desk, partner={"id": "omega"})
        desk.open(a_lead("l-2"), actor=MANAGER, at=NOON)
        error = error_of(lambda: desk.move("l-2", "offer", actor=actor, at=NOON))

        key = "lead:beta.example" if holder else f"lead:{HIDDEN}"
        assert error == ClaimedError(key, holder)
        assert ("l-1" in str(error)) is (holder is not None)
        assert error.__context__ is None or holder is not None


class TestShow:
    """What an actor sees of a record, as plain values."""

    def test_each_side_sees_its_part(self, desk: Any) -> None:
        """The same record, seen by two."""
        offered(desk)
        mine = desk.show("l-1", actor=ACME, at=NOON)
        whole = desk.show("l-1", actor=MANAGER, at=NOON)

        assert "stakeholders" not in mine
        assert whole["stakeholders"][0]["first_name"] == "Zuzana"
        assert {name: whole[name] for name in ("id", "version", "stage")} == {
            name: mine[name] for name in ("id", "version", "stage")
        }

    def test_it_is_as_of_the_moment_with_the_version_that_is_stored(self, desk: Any) -> None:
        """What has expired is shown as expired; `version` is what a move is held against."""
        offered(desk)
        stored = desk.move("l-1", "accept", actor=ACME, at=NOON).record
        later = NOON + 2 * TWO_WEEKS
        seen = desk.show("l-1", actor=ACME, at=later)

        assert (seen["stage"], seen["version"]) == ("expired", stored.version)
        assert "stakeholders" not in seen

    def test_wrong_facts_are_told_to_insiders(self, desk: Any) -> None:
        """For whom the record exists is told what is wrong with the question."""
        offered(desk)
        with pytest.raises(InvalidDataError, match="there is no fact `x`"):
            desk.show("l-1", actor=ACME, at=NOON, facts={"x": 1})

    def test_a_view_may_need_a_rate(self, store: Any) -> None:
        """Amounts in two currencies are compared at the rate that is given; else nothing fits."""
        rule = 'when = "actor.party == partner.id and value > \'1000 EUR\'"\nhide = ["stake'
        text = SHARED.replace('when = "actor.party == partner.id"\nhide = ["stake', rule)
        desk = Desk([bound_of(text, record=Lead)], store)
        offered(desk)
        rates = Rates.of(("USD", "EUR", "2026-11-20", "0.9"))
        asked: dict[str, Any] = {"actor": ACME, "at": NOON}

        assert desk.show("l-1", rates=rates, **asked)["stage"] == "offered"
        assert desk.decide("l-1", "accept", rates=rates, **asked).permitted
        for call in (desk.show, lambda it, **by: desk.move(it, "accept", **by)):
            with pytest.raises(RecordNotFoundError):
                call("l-1", **asked)
        assert desk.move("l-1", "accept", rates=rates, **asked).record.stage == "accepted"


class TestMaskedAnswers:
    """Decisions, options, ways, events and refusals tell no hidden value."""

    def test_every_answer(self, desk: Any) -> None:
        """Whatever is asked, what is hidden is in no text of the answer."""
        offered(desk)
        asked = {"actor": ACME, "at": NOON}
        answers = [
            desk.decide("l-1", "accept", **asked),
            desk.decide("l-1", "accept", **asked).explain(),
            desk.decide("l-1", "accept", **asked).as_dict(),
            [option.decision.as_dict() for option in desk.options("l-1", **asked)],
            desk.path("l-1", **asked),
            desk.history("l-1", **asked),
            desk.show("l-1", **asked),
        ]

        assert not [word for word in SECRETS for each in answers if word in repr(each)]
        assert "beta.example" not in repr(desk.history("l-1", **asked))
        assert [each.clock for each in desk.clocks("l-1", **asked)] == ["introduction"]

    def test_the_host_itself_sees_all(self, desk: Any) -> None:
        """Without an actor history and clocks are the host's own."""
        offered(desk)
        assert "Zuzana" in repr(desk.history("l-1"))
        assert len(desk.clocks("l-1", at=NOON)) == 2
        with pytest.raises(TypeError, match="say when"):
            desk.history("l-1", actor=ACME)

    def test_a_refusal_is_masked(self, desk: Any) -> None:
        """Text, decision, facts, pickle and context of the error tell no hidden value."""
        offered(desk, value="7.654 USD")
        error = error_of(lambda: desk.move("l-1", "accept", actor=ACME, at=NOON))
        assert isinstance(error, TransitionRefusedError)
        texts = [str(error), repr(error), repr(error.facts), repr(pickle.dumps(error))]
        texts.append("".join(traceback.format_exception(error)))

        assert [each.id for each in error.decision.obstacles] == ["worth_it"]
        assert error.decision.obstacles[0].actual == {"value": HIDDEN}
        assert not [text for text in texts if "7.65" in text or "uzana" in text]
        assert error.__context__ is None

    def test_the_other_side_is_refused_in_full(self, desk: Any) -> None:
        """The same refusal, with what is there for whom may see it (BX-40)."""
        offered(desk, value="7 USD")
        manager = error_of(lambda: desk.move("l-1", "accept", actor=MANAGER, at=NOON))
        partner = error_of(lambda: desk.move("l-1", "accept", actor=ACME, at=NOON))
        assert isinstance(manager, TransitionRefusedError)
        assert isinstance(partner, TransitionRefusedError)

        assert "value is 7.00 USD" in str(manager)
        assert "value is (hidden)" in str(partner)
        assert partner.problem == manager.problem

    def test_wrong_data_are_told_back_and_what_is_beside_them_is_not(self) -> None:
        """The caller's own values are named; what they clash with is not."""
        desk = Desk([bound_of(SHARED, record=Guarded)], MemoryStore())
        content = a_lead().model_dump(exclude_none=True)
        desk.open(Guarded.model_validate(content), actor=MANAGER, at=NOON)
        desk.move("l-1", "offer", actor=MANAGER, at=NOON)
        ask = {"actor": ACME, "at": NOON}
        own = error_of(lambda: desk.move("l-1", "accept", data={"owner": "a b"}, **ask))
        clash = error_of(lambda: desk.move("l-1", "accept", data={"closed_reason": "x"}, **ask))
        plain = error_of(lambda: desk.decide("l-1", "accept", data={"closed_reason": "x"}, **ask))
        whole = error_of(
            lambda: desk.move("l-1", "accept", data={"closed_reason": "x"}, actor=MANAGER, at=NOON)
        )

        assert "`a b`" in str(own)
        assert "zuzana is still" in str(whole)
        assert "uzana" not in str(clash)
        assert "it does not fit a field that you may not see" in str(clash)
        assert str(plain) == str(clash)

    @pytest.mark.parametrize(
        ("call", "kind"),
        [
            pytest.param(
                lambda desk: desk.change("l-1", {"value": "1 USD"}, actor=ACME, at=NOON),
                EditRefusedError,
                id="an edit of what is hidden",
            ),
            pytest.param(
                lambda desk: desk.pause("l-1", "introduction", actor=ACME, at=NOON, reason="x"),
                ClockRefusedError,
                id="a pause of a clock that does not run",
            ),
            pytest.param(
                lambda desk: desk.move("l-1", "accept", actor=ACME, at=NOON - HOUR),
                OutOfOrderError,
                id="a moment before the last event",
            ),
        ],
    )
    def test_other_refusals_stay_as_they_are(
        self, desk: Any, call: Callable[[Any], Any], kind: type[CosellError]
    ) -> None:
        """They tell no values."""
        offered(desk)

        assert type(error_of(lambda: call(desk))) is kind


class Guarded(Lead, frozen=True):
    """A lead of a host who says too much in an error."""

    def model_post_init(self, _: Any) -> None:
        """Refuse a reason, with a name in the text."""
        if self.closed_reason is not None:
            message = f"{self.stakeholders[0].first_name} is still there"
            raise ValueError(message)


def test_a_tick_is_nobodys_view(desk: Any) -> None:
    """Clocks act on every record, also on those that nobody may see (BX-40)."""
    offered(desk)
    desk.move("l-1", "accept", actor=ACME, at=NOON)
    later: datetime = NOON + 2 * TWO_WEEKS
    ticked = desk.tick(at=later)

    assert [answer.record.stage for answer in ticked.answers] == ["expired"]
    assert ticked.failed == ()


def test_a_process_without_views_shows_everything() -> None:
    """Whoever asks, as before."""
    text = SHARED[: SHARED.index("[[views]]")]
    desk = Desk([bound_of(text, record=Lead)], MemoryStore())
    offered(desk)

    assert desk.show("l-1", actor=OTHER, at=NOON)["stakeholders"]
    assert "Zuzana" in repr(desk.history("l-1", actor=OTHER, at=NOON))
    assert shared().views != ()


class TestClaims:
    """A key is made of fields, and tells no more than these may."""

    @pytest.fixture
    def desk(self, store: Any) -> Desk:
        """Give a desk at which partners may offer leads, whose domains they do not see."""
        text = SHARED.replace(
            'roles = ["manager"]\ninputs', 'roles = ["manager", "partner"]\ninputs'
        )
        text = text.replace('stages = ["offered", "expired"]', 'stages = ["draft", "expired"]')
        return Desk([bound_of(text, record=Lead)], store)

    def test_a_key_that_is_taken_is_told_by_its_name(self, desk: Desk) -> None:
        """The obstacle and the error say what is taken, and not for which customer."""
        offered(desk, partner={"id": "acme"})
        desk.open(a_lead("l-2"), actor=MANAGER, at=NOON)
        asked: dict[str, Any] = {"actor": ACME, "at": NOON}
        (obstacle,) = desk.decide("l-2", "offer", **asked).obstacles
        error = error_of(lambda: desk.move("l-2", "offer", **asked))

        assert obstacle.check.needed == f"`lead:{HIDDEN}` is free"
        assert error == ClaimedError(f"lead:{HIDDEN}", None)
        assert "beta.example" not in repr([obstacle, error])

    def test_a_holder_that_cannot_be_looked_at_is_not_named(self, desk: Desk, store: Any) -> None:
        """A record of a process that this desk does not serve may be anything."""
        elsewhere = Desk([bound_of(SHARED.replace('"shared"', '"other"'), record=Lead)], store)
        offered(elsewhere)
        desk.open(a_lead("l-2"), actor=MANAGER, at=NOON)
        error = error_of(lambda: desk.move("l-2", "offer", actor=MANAGER, at=NOON))

        assert error == ClaimedError("lead:beta.example", None)

    def test_whoever_sees_the_fields_sees_the_key(self, desk: Desk) -> None:
        """The manager is told which customer it is."""
        offered(desk)
        desk.open(a_lead("l-2"), actor=MANAGER, at=NOON)
        (obstacle,) = desk.decide("l-2", "offer", actor=MANAGER, at=NOON).obstacles

        assert obstacle.check.needed == "`lead:beta.example` is free"
        assert obstacle.actual == {"claims.lead": "l-1"}


def test_who_is_to_approve_is_seen_without_what_decides_it(store: Any) -> None:
    """The preview of approvals names the role, and hides the value and the answers."""
    text = (
        SHARED.replace("[gates.approved]", "", 1)
        .replace('gates = ["acceptance"]', 'gates = ["acceptance", "approved"]')
        .replace(
            "[[transitions]]",
            """[gates.approved]
approvals = ["size"]

[approvals.size]
source = "offered"
rows = [{ id = "large", role = "manager", when = "value > '1 USD'" }]

[[transitions]]""",
            1,
        )
        .replace('"facts.budget"]', '"facts.budget", "approvals"]')
    )
    desk = Desk([bound_of(text, record=Lead)], store)
    offered(desk)
    (mine,) = desk.approvals("l-1", actor=ACME, at=NOON)
    (whole,) = desk.approvals("l-1", actor=MANAGER, at=NOON)

    assert (mine.role, mine.state) == (whole.role, whole.state)
    assert HIDDEN in mine.finding.actual.values()
    assert "7654" not in repr(mine)
    assert "7654" in repr(whole)
    assert desk.approvals("l-1", at=NOON) == (whole,)
    desk.move("l-1", whole.triggers[0], actor=MANAGER, at=NOON)
    assert desk.approvals("l-1", actor=ACME, at=NOON)[0].answer is None
    assert desk.approvals("l-1", actor=MANAGER, at=NOON)[0].answer is not None
    with pytest.raises(RecordNotFoundError):
        desk.approvals("l-1", actor=OTHER, at=NOON)
