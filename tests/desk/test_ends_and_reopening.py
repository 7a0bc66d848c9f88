"""How a deal ends, apart from being won, and how it is opened again (BX-10)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

import pytest

from cosell.clocks import ClockState
from cosell.engine import Bound, Outcome, TransitionRefusedError, path, read_clocks
from cosell.errors import ClaimedError
from cosell.events import Actor
from cosell.models import Opportunity
from process_samples import BOSS, DAY, NOON, SELLER, bound_of

ENDS: Final = """
id = "ends"
version = 1
record = "Opportunity"
zone = "Europe/Prague"
initial = "fresh"
roles = { seller = "Seller", boss = "Boss" }

[[stages]]
id = "fresh"
[[stages]]
id = "working"
[[stages]]
id = "offered"
[[stages]]
id = "won"
kind = "won"
[[stages]]
id = "lost"
kind = "lost"
[[stages]]
id = "disqualified"
kind = "lost"
[[stages]]
id = "error"
kind = "closed"

[gates.said]
[[gates.said.criteria]]
id = "other_is_told"
when = "closed_kind == 'other'"
need = "recorded(closed_reason)"
remedy = "Say in words why."
cites = ["BX-10"]

[gates.error]
[[gates.error.criteria]]
id = "other_error_is_told"
when = "closed_error == 'other'"
need = "recorded(closed_reason)"
remedy = "Say in words what is wrong with it."
cites = ["BX-10"]

[[transitions]]
trigger = "work"
source = "fresh"
target = "working"
roles = ["seller"]
claims = ["customer:{customer.domain}"]

[[transitions]]
trigger = "offer"
source = "working"
target = "offered"
roles = ["seller"]

[[transitions]]
trigger = "win"
source = "offered"
target = "won"
roles = ["seller"]
set = { won_at = "at" }

[[transitions]]
trigger = "lose"
source = ["working", "offered"]
target = "lost"
roles = ["seller"]
gates = ["said"]
inputs = [
  { path = "closed_kind", required = true, fresh = true },
  { path = "closed_reason", fresh = true },
]
set = { lost_at = "at", closed_at = "at" }
releases = ["customer"]

[[transitions]]
trigger = "disqualify"
source = "*"
target = "disqualified"
roles = ["seller"]
gates = ["said"]
inputs = [{ path = "closed_kind", required = true, fresh = true }, { path = "closed_reason" }]
set = { closed_at = "at" }
releases = ["customer"]

[[transitions]]
trigger = "close_as_error"
source = "*"
target = "error"
roles = ["seller"]
gates = ["error"]
inputs = [{ path = "closed_error", required = true, fresh = true }, { path = "closed_reason" }]
set = { closed_at = "at", closed_kind = { literal = "error" } }
releases = ["customer"]
cites = ["BX-10"]

[[transitions]]
trigger = "reopen"
source = ["lost", "disqualified", "error"]
target = "working"
roles = ["boss"]
inputs = [{ path = "reopened_reason", required = true, fresh = true, help = "Say why." }]
set = { reopened_at = "at" }
clear = ["lost_at", "closed_at", "closed_kind", "closed_reason", "closed_error"]
claims = ["customer:{customer.domain}"]

[[transitions]]
trigger = "reopen"
source = "won"
target = "offered"
roles = ["boss"]
inputs = [{ path = "reopened_reason", required = true, fresh = true }]
set = { reopened_at = "at" }

[[clocks]]
id = "touch"
allowance = 48
unit = "elapsed_hours"
start = ["entered('working')"]
stop = ["moved('offer')"]
cancel = ["moved('lose')", "moved('disqualify')", "moved('close_as_error')"]

[tracks.mdp]
initial = "not_started"
stages = [{ id = "not_started" }, { id = "drafted" }, { id = "agreed", kind = "won" }]
[[tracks.mdp.transitions]]
trigger = "draft"
source = "not_started"
target = "drafted"
roles = ["seller"]
[[tracks.mdp.transitions]]
trigger = "agree"
source = "drafted"
target = "agreed"
roles = ["seller"]
[[tracks.mdp.clocks]]
id = "drafting"
allowance = 5
unit = "calendar_days"
start = ["entered('drafted')", "moved('record.reopen')"]
stop = ["entered('agreed')"]
cancel = ["moved('record.lose')"]
"""

OPEN: Final = ("fresh", "working", "offered")
WHY: Final = {"reopened_reason": "The customer called."}


@cache
def ends() -> Bound:
    """Return the process of this page."""
    return bound_of(ENDS)


@pytest.fixture
def desk(desk_of: Callable[..., Any], store: Any) -> Any:
    """Give a desk that serves the process of this page."""
    return desk_of([ends()], store)


def begun(desk: Any, stage: str, record_id: str = "o-1", **values: Any) -> Any:
    """Open a deal and bring it to an open stage; return the desk's last answer."""
    deal = Opportunity.model_validate(
        {"id": record_id, "customer": {"domain": "beta.example"}, **values}
    )
    answer = desk.open(deal, actor=SELLER, at=NOON)
    for trigger in ("work", "offer")[: OPEN.index(stage)]:
        answer = desk.move(record_id, trigger, actor=SELLER, at=NOON)
    return answer


def refused(call: Callable[[], Any]) -> dict[str, str]:
    """Return the obstacles of a move that is refused, by id."""
    with pytest.raises(TransitionRefusedError) as caught:
        call()
    return {it.id: it.verdict.value for it in caught.value.decision.obstacles}


@pytest.mark.parametrize("stage", OPEN)
def test_any_open_stage_can_be_disqualified(desk: Any, stage: str) -> None:
    """`*` is every open stage: a deal is disqualified from each of them."""
    begun(desk, stage)

    ended = desk.move(
        "o-1", "disqualify", actor=SELLER, at=NOON, data={"closed_kind": "technical"}
    ).record

    assert (ended.stage, ended.closed_kind, ended.closed_at) == ("disqualified", "technical", NOON)


@pytest.mark.parametrize("end", ["won", "lost", "disqualified", "error"])
def test_an_end_cannot_be_disqualified(end: str) -> None:
    """A deal that has ended is not disqualified again: the end is terminal for that trigger."""
    moves = ends().main.moves

    assert ("disqualify", end) not in moves
    assert ("close_as_error", end) not in moves


class TestOther:
    """`other` needs a text; a kind that says enough does not (BX-10)."""

    @pytest.mark.parametrize(
        ("trigger", "data", "obstacles"),
        [
            pytest.param(
                "lose", {}, {"input_closed_kind": "unknown", "other_is_told": "unknown"},
                id="no kind at all",
            ),
            pytest.param("lose", {"closed_kind": "business"}, {}, id="a kind that says enough"),
            pytest.param(
                "lose", {"closed_kind": "other"}, {"other_is_told": "unmet"},
                id="other without a text",
            ),
            pytest.param(
                "lose", {"closed_kind": "other", "closed_reason": "They moved."}, {},
                id="other with a text",
            ),
            pytest.param(
                "close_as_error", {"closed_error": "duplicate"}, {}, id="a duplicate needs no text"
            ),
            pytest.param(
                "close_as_error", {"closed_error": "other"}, {"other_error_is_told": "unmet"},
                id="another error without a text",
            ),
            pytest.param(
                "close_as_error", {"closed_error": "other", "closed_reason": "A joke."}, {},
                id="another error with a text",
            ),
        ],
    )  # fmt: skip
    def test_both_sides(
        self, desk: Any, trigger: str, data: dict[str, str], obstacles: dict[str, str]
    ) -> None:
        """What is missing is named; what is enough ends the deal."""
        begun(desk, "working")

        def move() -> Any:
            return desk.move("o-1", trigger, actor=SELLER, at=NOON, data=data)

        if obstacles:
            assert refused(move) == obstacles
        else:
            assert move().record.stage in {"lost", "error"}


@pytest.mark.parametrize("kind", ["duplicate", "test", "data_error"])
def test_an_error_is_apart_from_lost(desk: Any, kind: str) -> None:
    """A deal closed as an error is neither won nor lost, and is counted apart (BX-10)."""
    begun(desk, "offered")
    here = desk.path("o-1", actor=SELLER, at=NOON)

    ended = desk.move(
        "o-1", "close_as_error", actor=SELLER, at=NOON, data={"closed_error": kind}
    ).record

    assert {end.value: way[0].target for end, way in here.ways.items()} == {
        "won": "won",
        "lost": "lost",
        "closed": "error",
    }
    assert (ended.closed_kind, ended.lost_at, ended.won_at) == ("error", None, None)
    assert ends().main.kinds[ended.stage].value == "closed"


class TestReopening:
    """A deal that has ended is opened again with a reason that is given anew."""

    def lost(self, desk: Any, **values: Any) -> Any:
        """Return a deal that was lost a day after it began."""
        begun(desk, "working", **values)
        desk.move("o-1", "mdp.draft", actor=SELLER, at=NOON)
        data = {"closed_kind": "other", "closed_reason": "They moved."}
        return desk.move("o-1", "lose", actor=SELLER, at=NOON + DAY, data=data).record

    def test_a_reason_is_needed_each_time(self, desk: Any) -> None:
        """A reason from before does not count; neither does anybody but the boss."""
        self.lost(desk, reopened_reason="an earlier one")
        at = NOON + 2 * DAY

        without = refused(lambda: desk.move("o-1", "reopen", actor=BOSS, at=at))
        by_seller = refused(lambda: desk.move("o-1", "reopen", actor=SELLER, at=at, data=WHY))
        again = desk.move("o-1", "reopen", actor=BOSS, at=at, data=WHY).record

        assert without == {"input_reopened_reason": "unknown"}
        assert by_seller == {"role": "unmet"}
        assert (again.stage, again.reopened_reason) == ("working", WHY["reopened_reason"])
        assert [entry.actor.id for entry in again.trail if entry.trigger == "reopen"] == [BOSS.id]

    def test_what_the_end_wrote_is_cleared_as_declared(self, desk: Any) -> None:
        """Stamps and reasons of the end are gone from the record; the history keeps them."""
        self.lost(desk)

        again = desk.move("o-1", "reopen", actor=BOSS, at=NOON + 2 * DAY, data=WHY).record

        ended = (again.lost_at, again.closed_at, again.closed_kind, again.closed_reason)
        assert ended == (None, None, None, None)
        said = [event.changes.get("closed_reason") for event in desk.history("o-1")]
        assert "They moved." in said

    def test_an_old_text_is_no_text_for_the_next_end(self, desk: Any) -> None:
        """After reopening, `other` needs a text of its own (BX-10)."""
        self.lost(desk)
        desk.move("o-1", "reopen", actor=BOSS, at=NOON + 2 * DAY, data=WHY)

        found = refused(
            lambda: desk.move(
                "o-1", "lose", actor=SELLER, at=NOON + 3 * DAY, data={"closed_kind": "other"}
            )
        )

        assert found == {"other_is_told": "unmet"}

    def test_a_won_deal_stays_won_unless_it_is_declared(self, desk: Any) -> None:
        """`won_at` says that it has been won: a transition that does not clear it keeps it."""
        begun(desk, "offered")
        desk.move("o-1", "win", actor=SELLER, at=NOON)

        again = desk.move("o-1", "reopen", actor=BOSS, at=NOON + DAY, data=WHY).record

        assert (again.stage, again.won_at) == ("offered", NOON)

    def test_the_claim_is_taken_again(self, desk: Any, store: Any) -> None:
        """Losing gave the customer back; reopening takes it again."""
        self.lost(desk)
        free = store.holder("customer:beta.example")

        again = desk.move("o-1", "reopen", actor=BOSS, at=NOON + 2 * DAY, data=WHY).record

        assert free is None
        assert again.claims == ("customer:beta.example",)
        assert store.holder("customer:beta.example") == "o-1"

    def test_a_claim_that_another_holds_keeps_it_closed(self, desk: Any, store: Any) -> None:
        """Where another deal has the customer meanwhile, reopening is refused."""
        self.lost(desk)
        begun(desk, "working", "o-2")

        with pytest.raises(ClaimedError) as caught:
            desk.move("o-1", "reopen", actor=BOSS, at=NOON + 2 * DAY, data=WHY)

        assert caught.value.holder == "o-2"
        assert store.load("o-1").stage == "lost"

    def test_clocks_start_anew_as_declared(self, desk: Any) -> None:
        """The clock that the end cancelled starts with the whole allowance at the new entry."""
        lost = self.lost(desk)
        at = NOON + 30 * DAY

        again = desk.move("o-1", "reopen", actor=BOSS, at=at, data=WHY).record

        before = {it.clock: it for it in read_clocks(ends(), lost, at=at)}
        after = {it.clock: it for it in read_clocks(ends(), again, at=at)}
        assert before["touch"].state is ClockState.CANCELLED
        assert (after["touch"].state, after["touch"].started_at) == (ClockState.RUNNING, at)
        assert after["touch"].due_at == at + 2 * DAY

    def test_a_track_goes_on_where_it_stood(self, desk: Any) -> None:
        """A track stops with the main line, keeps its stage, and goes on when that is reopened."""
        lost = self.lost(desk)
        at = NOON + 30 * DAY

        stopped = desk.decide("o-1", "mdp.agree", actor=SELLER, at=at)
        again = desk.move("o-1", "reopen", actor=BOSS, at=at, data=WHY).record
        agreed = desk.move("o-1", "mdp.agree", actor=SELLER, at=at).record

        assert stopped.outcome is Outcome.TERMINAL
        assert (lost.mdp.stage, again.mdp.stage, agreed.mdp.stage) == (
            "drafted",
            "drafted",
            "agreed",
        )

    def test_a_clock_of_a_track_starts_anew_where_it_says_so(self, desk: Any) -> None:
        """Closed days do not count where a clock names both moves of the main line."""
        lost = self.lost(desk)
        at = NOON + 30 * DAY

        again = desk.move("o-1", "reopen", actor=BOSS, at=at, data=WHY).record

        assert [it.clock for it in read_clocks(ends(), lost, at=at)] == ["touch"]
        (drafting,) = (it for it in read_clocks(ends(), again, at=at) if it.clock == "drafting")
        assert (drafting.state, drafting.started_at) == (ClockState.RUNNING, at)

    def test_how_it_may_end_is_told_again(self, desk: Any) -> None:
        """A reopened deal has its ways again: it can be won, lost and closed."""
        self.lost(desk)
        again = desk.move("o-1", "reopen", actor=BOSS, at=NOON + 2 * DAY, data=WHY).record

        ways = path(ends(), again, actor=Actor("s", role="seller"), at=NOON + 2 * DAY).ways

        assert {kind.value for kind in ways} == {"won", "lost", "closed"}
