"""Deputies act in the capacity of whom they act for, while they may, under their own name."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import pytest

from cosell.desk import Desk
from cosell.engine import (
    Bound,
    Deputyship,
    Outcome,
    acting_for,
    adopt,
    apply,
    change,
    decide,
    fold,
    open_record,
    pause,
    verify_seals,
)
from cosell.errors import ClockRefusedError, EditRefusedError, KeyReusedError
from cosell.events import Actor, Event
from cosell.models import Opportunity
from cosell.stores import MemoryStore
from process_samples import NOON, bound_of

HOUR: Final = timedelta(hours=1)
BOSS: Final = Actor("b-1", role="boss", party="vendor")
DANA: Final = Actor("d-1", role="seller", party="vendor")
#: Dana is the boss's deputy from noon for one hour.
HOLIDAY: Final = Deputyship(
    deputy="d-1", principal="b-1", valid_from=NOON, valid_until=NOON + HOUR, roles=("boss",)
)

#: Somebody hands a deal in, somebody else decides on it; the boss may set the criterion aside.
SEPARATE: Final = """\
id = "separate"
version = 1
record = "Opportunity"
initial = "draft"
roles = { seller = "Seller", boss = "Boss" }
stages = [{ id = "draft" }, { id = "handed_in" }, { id = "accepted", kind = "won" }]

[[gates.decision.criteria]]
id = "handed_in_by_somebody"
need = "recorded(registration.submitted_by)"
remedy = "Hand it in first."
[[gates.decision.criteria]]
id = "other_person"
need = "actor.id != registration.submitted_by and actor.principal != registration.submitted_by"
remedy = "Let somebody else decide, who does not act for the one who handed it in."

[[transitions]]
trigger = "hand_in"
source = "draft"
target = "handed_in"
roles = ["seller", "boss"]
set = { "registration.submitted_by" = "actor.id", owner = "actor.principal" }

[[transitions]]
trigger = "accept"
source = ["draft", "handed_in"]
target = "accepted"
roles = ["boss"]
gates = ["decision"]
override = { roles = ["boss"] }

[[clocks]]
id = "answer"
allowance = 48
unit = "elapsed_hours"
start = ["entered('draft')"]
pauses = { roles = ["boss"] }
"""


@cache
def separate() -> Bound:
    return bound_of(SEPARATE)


def deal(submitted_by: str | None = "s-9") -> Opportunity:
    """Return a deal that was handed in."""
    content = {"id": "o-1", "registration": {"submitted_by": submitted_by}}
    record = Opportunity.model_validate(content)
    return adopt(separate(), record, stage="handed_in", actor=BOSS, at=NOON - HOUR).record


def dana(at: datetime = NOON, **capacity: Any) -> Actor:
    """Return Dana as she acts for the boss at a moment."""
    boss = BOSS.model_copy(update=capacity)
    return acting_for(DANA, boss, [HOLIDAY], at=at)


class TestCapacity:
    """A deputy has the role and party of its principal, and its own id."""

    def test_both_are_in_the_event_and_in_the_trail(self) -> None:
        """Who acted, and for whom, can be read later; the record equals its events."""
        opened = open_record(separate(), Opportunity(id="o-1"), actor=dana(), at=NOON)
        moved = apply(separate(), opened.record, "hand_in", actor=dana(), at=NOON)
        event = moved.event

        assert (event.actor.id, event.actor.on_behalf_of) == ("d-1", "b-1")
        assert (event.actor.role, event.actor.party) == ("boss", "vendor")
        assert moved.record.trail[-1].actor == dana()
        assert moved.record.owner == "b-1"
        assert fold(Opportunity, [*opened.events, *moved.events]) == moved.record
        verify_seals(opened.sealed("0" * 64))

    def test_events_without_a_deputy_are_written_as_before(self) -> None:
        """An actor that acts for itself leaves nothing new, so that older digests hold."""
        event = apply(separate(), deal(), "accept", actor=BOSS, at=NOON).event
        said = event.model_dump(mode="json", exclude_none=True)

        assert said["actor"] == {"id": "b-1", "role": "boss", "party": "vendor"}
        assert Event.model_validate_json(event.model_dump_json(exclude_defaults=True)) == event

    @pytest.mark.parametrize(
        ("at", "capacity", "outcome", "verdict"),
        [
            pytest.param(NOON, {}, "permitted", "met", id="from the first moment on"),
            pytest.param(
                NOON + HOUR - timedelta.resolution, {}, "permitted", "met", id="up to the end"
            ),
            pytest.param(NOON + HOUR, {}, "wrong_role", "unmet", id="the end is exclusive"),
            pytest.param(
                NOON - timedelta.resolution, {}, "wrong_role", "unmet", id="not before the start"
            ),
            pytest.param(
                NOON, {"id": "b-2"}, "wrong_role", "unknown", id="for nobody else: unknown is no"
            ),
            pytest.param(
                NOON, {"role": "chief"}, "wrong_role", "unknown", id="in no other role of hers"
            ),
        ],
    )
    def test_a_deputy_may_while_the_deputyship_is_in_force(
        self, at: datetime, capacity: dict[str, Any], outcome: str, verdict: str
    ) -> None:
        """What is over, not begun or unknown is a wrong role, with a reason and a remedy."""
        decision = decide(separate(), deal(), "accept", actor=dana(at, **capacity), at=at)
        found = {finding.id: finding for finding in decision.findings}

        assert (decision.outcome, found["deputy"].verdict) == (outcome, verdict)
        assert f"Ask `{capacity.get('id', 'b-1')}`" in found["deputy"].remedy

    def test_no_override_helps(self) -> None:
        """A reason sets criteria aside, and no deputyship that is over (BX-40)."""
        late = NOON + HOUR
        decision = decide(
            separate(), deal("d-1"), "accept", actor=dana(late), at=late, override="Urgent."
        )

        assert decision.outcome is Outcome.WRONG_ROLE
        assert [each.id for each in decision.obstacles] == ["deputy"]

    def test_nobody_is_the_deputy_of_a_deputy(self) -> None:
        """Neither side of a deputyship acts for another one already."""
        second = Deputyship(deputy="d-2", principal="d-1", valid_from=NOON)
        chained = acting_for(Actor("d-2", role="seller"), dana(), [second], at=NOON)

        assert chained.deputy_from is None
        assert not decide(separate(), deal(), "accept", actor=chained, at=NOON)

    def test_the_row_in_force_is_taken(self) -> None:
        """Of several rows the one in force counts, whatever their order."""
        day = timedelta(days=1)
        rows = [
            Deputyship(deputy="d-1", principal="b-1", valid_from=NOON + day),
            HOLIDAY,
            Deputyship(
                deputy="d-1", principal="b-1", valid_from=NOON - day, valid_until=NOON - HOUR
            ),
        ]

        assert acting_for(DANA, BOSS, rows, at=NOON).deputy_from == NOON
        assert acting_for(DANA, BOSS, rows, at=NOON + 2 * day).deputy_until is None


class TestSeparationOfDuties:
    """Nobody decides on a registration of its own, nor through a deputy (SF-14)."""

    @pytest.mark.parametrize(
        ("submitted_by", "actor", "obstacles"),
        [
            pytest.param("s-9", BOSS, {}, id="somebody else decides"),
            pytest.param("b-1", BOSS, {"other_person": "unmet"}, id="nobody decides on its own"),
            pytest.param("s-9", dana(), {}, id="a deputy decides on what others handed in"),
            pytest.param(
                "b-1", dana(), {"other_person": "unmet"}, id="a deputy is as partial as the boss"
            ),
            pytest.param(
                "d-1", dana(), {"other_person": "unmet"}, id="a deputy handed it in herself"
            ),
            pytest.param(
                None,
                BOSS,
                {"handed_in_by_somebody": "unmet", "other_person": "unknown"},
                id="unknown who handed it in: not permitted",
            ),
        ],
    )
    def test_who_decides(
        self, submitted_by: str | None, actor: Actor, obstacles: dict[str, str]
    ) -> None:
        """Both the actor and the person behind it are looked at."""
        decision = decide(separate(), deal(submitted_by), "accept", actor=actor, at=NOON)

        assert {each.id: each.verdict for each in decision.obstacles} == obstacles


def test_every_command_refuses_alike() -> None:
    """An edit, a pause, an opening and an adoption ask for the deputyship too (BX-40)."""
    late = NOON + HOUR
    asked = {"actor": dana(late), "at": late}
    why = "`d-1` is not the deputy of `b-1` at this moment"
    fresh = Opportunity(id="o-2")

    with pytest.raises(EditRefusedError, match=why):
        change(separate(), deal(), {"plan": "pro"}, **asked)
    with pytest.raises(ClockRefusedError, match=why):
        pause(separate(), deal(), "answer", reason="Holiday.", **asked)
    with pytest.raises(EditRefusedError, match=why):
        open_record(separate(), fresh, **asked)
    with pytest.raises(EditRefusedError, match="`d-1` is not known as a deputy of `b-2`"):
        adopt(separate(), fresh, stage="draft", actor=dana(id="b-2"), at=NOON)


def test_a_key_tells_who_was_acted_for() -> None:
    """The same key for the same person in another capacity is another command."""
    desk = Desk([separate()], MemoryStore())
    desk.open(Opportunity(id="o-1"), actor=DANA, at=NOON)
    desk.move("o-1", "hand_in", actor=DANA, at=NOON, key="k")

    with pytest.raises(KeyReusedError):
        desk.move("o-1", "hand_in", actor=dana(), at=NOON, key="k")
