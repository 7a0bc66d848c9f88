"""The same illegal move is refused alike, whoever asks and by whatever way (BX-40)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

import pytest
from transitions import MachineError

from cosell.engine import (
    CLOCK,
    Bound,
    Decision,
    Outcome,
    TransitionRefusedError,
    apply,
    decide,
    fold,
    options,
)
from cosell.errors import CosellError, EditRefusedError, InvalidDataError
from cosell.events import Actor, EventKind
from cosell.models import Opportunity
from process_samples import BOSS, DAY, NOON, PARTNER, SELLER, bound_of

GATED: Final = """
id = "gated"
version = 1
record = "Opportunity"
zone = "Europe/Prague"
initial = "fresh"
roles = { seller = "Seller", boss = "Boss", admin = "Administrator" }
stages = [
  { id = "fresh" }, { id = "offered" }, { id = "won", kind = "won" },
  { id = "lost", kind = "lost" }, { id = "lapsed", kind = "closed" },
]

[gates.ready]
[[gates.ready.criteria]]
id = "priced"
need = "acv >= '1000 USD'"
remedy = "Give a price."
cites = ["BX-40"]
[[gates.ready.criteria]]
id = "named"
need = "recorded(customer.domain)"
remedy = "Name the customer."

[gates.silent]
criteria = [{ id = "no_owner", need = "owner == 'nobody'", remedy = "Give it to nobody." }]

[[transitions]]
trigger = "offer"
source = "fresh"
target = "offered"
roles = ["seller", "clock"]
gates = ["ready"]
override = { roles = ["boss"] }
[[transitions]]
trigger = "win"
source = "offered"
target = "won"
roles = ["seller"]
gates = ["ready", "silent"]
inputs = [{ path = "contract_value", required = true }]
[[transitions]]
trigger = "lapse"
source = "fresh"
target = "lapsed"
roles = ["clock"]
gates = ["silent"]
[[transitions]]
trigger = "lose"
source = "*"
target = "lost"
roles = ["seller"]
within = ["patience"]

[[clocks]]
id = "patience"
allowance = 48
unit = "elapsed_hours"
start = ["entered('fresh')"]
on_breach = { trigger = "lapse" }

[[locks]]
paths = ["acv"]
stages = ["fresh", "offered"]
except_roles = ["boss"]
remedy = "Ask the boss."
"""
PRICE: Final = {"acv": "2000 USD"}
CUSTOMER: Final = {"customer": {"domain": "beta.example"}}


@cache
def gated() -> Bound:
    """Return the process of this page."""
    return bound_of(GATED)


@dataclass(frozen=True)
class Illegal:
    """A move that is not allowed, and why."""

    trigger: str
    outcome: Outcome
    obstacles: frozenset[str]
    moved: str | None = None
    actor: Actor = SELLER
    at: datetime = NOON
    data: tuple[tuple[str, Any], ...] = ()
    values: tuple[tuple[str, Any], ...] = ()
    asked: tuple[tuple[str, Any], ...] = ()

    @property
    def question(self) -> dict[str, Any]:
        """Return what every way to ask is asked with."""
        return {"actor": self.actor, "at": self.at, "data": dict(self.data), **dict(self.asked)}


def illegal(trigger: str, outcome: str, obstacles: set[str], **rest: Any) -> Illegal:
    """Return a move that is not allowed."""
    tables = {name: tuple(rest.pop(name, {}).items()) for name in ("data", "values", "asked")}
    return Illegal(trigger, Outcome(outcome), frozenset(obstacles), **rest, **tables)


FULL: Final = PRICE | CUSTOMER
MOVES: Final = {
    "a trigger that nobody knows": illegal("ofer", "unknown_trigger", {"trigger"}),
    "a trigger of another stage": illegal("win", "not_from_here", {"stage"}),
    "a deal that has ended": illegal("offer", "terminal", {"stage"}, moved="lose", values=FULL),
    "a version that is older": illegal(
        "offer", "stale_version", {"version"}, values=FULL, asked={"expected_version": 7}
    ),
    "a role that may not": illegal("offer", "wrong_role", {"role"}, values=FULL, actor=PARTNER),
    "the administrator": illegal(
        "offer", "wrong_role", {"role"}, values=FULL, actor=Actor("root", role="admin")
    ),
    "a deadline that has passed": illegal(
        "lose", "out_of_time", {"within_patience"}, at=NOON + 3 * DAY
    ),
    "one obstacle": illegal("offer", "obstacles", {"priced"}, values=CUSTOMER),
    "every obstacle": illegal("offer", "obstacles", {"priced", "named"}),
    "a value just below": illegal(
        "offer", "obstacles", {"priced"}, values=CUSTOMER | {"acv": "999.99 USD"}
    ),
    "an input that is missing": illegal(
        "win", "obstacles", {"input_contract_value", "no_owner"}, moved="offer", values=FULL
    ),
    "an override of who may not": illegal(
        "offer", "obstacles", {"priced", "named", "override"}, asked={"override": "I want to."}
    ),
    "an override without a reason": illegal(
        "offer", "wrong_role", {"role", "priced", "named"}, actor=BOSS, asked={"override": ""}
    ),
}
each_move = pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)


@pytest.fixture
def desk(desk_of: Callable[..., Any], store: Any) -> Any:
    """Give a desk that serves the process of this page."""
    return desk_of([gated()], store)


def brought(desk: Any, move: Illegal) -> Opportunity:
    """Bring a deal to where the illegal move is asked for, and return it as it is stored."""
    desk.open(Opportunity.model_validate({"id": "o-1", **dict(move.values)}), actor=SELLER, at=NOON)
    if move.moved is not None:
        desk.move("o-1", move.moved, actor=SELLER, at=NOON)
    record: Opportunity = desk.load("o-1")
    return record


def refusal_of(call: Callable[[], Any]) -> Decision:
    """Return the decision with which a call is refused."""
    with pytest.raises(TransitionRefusedError) as caught:
        call()
    return caught.value.decision


@dataclass(frozen=True)
class Asked:
    """An illegal move, and every way to ask for it."""

    desk: Any
    record: Opportunity
    move: Illegal

    def refused(self, record: Opportunity) -> Decision:
        """Return the refusal of the function for a record."""
        return refusal_of(lambda: apply(gated(), record, self.move.trigger, **self.move.question))

    def by_function(self) -> Decision:
        """Ask the function about the record as it was loaded."""
        return self.refused(self.record)

    def by_desk(self) -> Decision:
        """Ask the desk to move the record."""
        return refusal_of(lambda: self.desk.move("o-1", self.move.trigger, **self.move.question))

    def by_key(self) -> Decision:
        """Ask the desk under a key: a refusal is not kept, and is given anew."""
        move = self.move
        for _ in range(2):
            found = refusal_of(
                lambda: self.desk.move("o-1", move.trigger, key="k", **move.question)
            )
        return found

    def by_question(self) -> Decision:
        """Ask the desk what it would say."""
        found: Decision = self.desk.decide("o-1", self.move.trigger, **self.move.question)
        return found

    def by_events(self) -> Decision:
        """Import the record from the events that another store gives."""
        events = self.desk.history("o-1")
        return self.refused(fold(Opportunity, events, parts=gated().parts))

    def by_text(self) -> Decision:
        """Import the record from the text that another system kept."""
        return self.refused(Opportunity.model_validate_json(self.record.model_dump_json()))


WAYS: Final = [
    Asked.by_function, Asked.by_desk, Asked.by_key, Asked.by_question, Asked.by_events,
    Asked.by_text,
]  # fmt: skip


@each_move
@pytest.mark.parametrize("way", WAYS, ids=[way.__name__ for way in WAYS])
def test_the_same_refusal(desk: Any, store: Any, move: Illegal, way: Any) -> None:
    """Outcome, findings and remedies are those of `decide`, and nothing is written."""
    record = brought(desk, move)
    before = store.load("o-1")
    expected = decide(gated(), record, move.trigger, **move.question)

    found = way(Asked(desk, record, move))

    assert (expected.outcome, expected.permitted) == (move.outcome, False)
    assert {it.id for it in expected.obstacles} == set(move.obstacles)
    assert found.as_dict() == expected.as_dict()
    assert store.load("o-1") == before


@each_move
def test_what_is_offered_says_the_same(desk: Any, move: Illegal) -> None:
    """A list of options holds the same decision, or leaves out what the stage does not have."""
    record = brought(desk, move)
    if move.asked:
        return  # versions and overrides are asked about one move at a time
    expected = decide(gated(), record, move.trigger, **move.question)
    asked = {"actor": move.actor, "at": move.at, "data": dict(move.data)}

    offered = {it.trigger: it.decision for it in options(gated(), record, **asked)}

    missing = {Outcome.UNKNOWN_TRIGGER, Outcome.NOT_FROM_HERE, Outcome.TERMINAL}
    assert move.trigger not in offered or offered[move.trigger].as_dict() == expected.as_dict()
    assert move.trigger in offered or expected.outcome in {*missing, Outcome.OUT_OF_TIME}


@each_move
def test_a_host_s_own_machine_refuses_it_too(desk: Any, move: Illegal) -> None:
    """A machine of `transitions` that is fired around the desk asks the same gates."""

    class Deal:
        """A host's own object."""

        stage: str

    record = brought(desk, move)
    deal = Deal()
    machine = gated().machine
    machine.add_model(deal, initial=record.stage)
    try:
        with pytest.raises((TransitionRefusedError, MachineError, AttributeError)):
            deal.trigger(move.trigger, record=record, **move.question)  # type: ignore[attr-defined]  # added by it
        assert deal.stage == record.stage
    finally:
        machine.remove_model(deal)


def test_a_clock_is_refused_alike(desk: Any) -> None:
    """What a clock asks for by itself stands before the same gate, and nothing moves."""
    desk.open(Opportunity(id="o-1", owner="s-1"), actor=SELLER, at=NOON)

    desk.tick(at=NOON + 3 * DAY)
    record = desk.load("o-1")
    asked = decide(gated(), record, "lapse", actor=CLOCK, at=NOON + 3 * DAY)

    assert record.stage == "fresh"
    assert [event.kind for event in desk.history("o-1")] == [EventKind.OPENED, EventKind.BREACHED]
    assert {it.id for it in asked.obstacles} == {"no_owner"}


def test_a_clock_moves_what_anybody_could(desk: Any) -> None:
    """The other side: where the gate opens, the same tick moves the deal."""
    desk.open(Opportunity(id="o-1", owner="nobody"), actor=SELLER, at=NOON)

    desk.tick(at=NOON + 3 * DAY)

    assert desk.load("o-1").stage == "lapsed"


def test_an_override_is_by_role_and_reason_and_in_the_trail(desk: Any) -> None:
    """Who may override and says why takes the move; the trail says who, why and what."""
    desk.open(Opportunity(id="o-1"), actor=SELLER, at=NOON)

    moved = desk.move("o-1", "offer", actor=BOSS, at=NOON, override="The board agreed.")

    assert moved.record.stage == "offered"
    assert moved.events[-1].overridden == ("priced", "named")
    entry = moved.record.trail[-1]
    assert (entry.actor.id, entry.reason) == (BOSS.id, "The board agreed.")


#: Edits that are not allowed, and what is named.
EDITS: Final = {
    "a locked field": ({"acv": "5 USD"}, {"acv"}),
    "the stage": ({"stage": "won"}, {"stage"}),
    "the trail": ({"trail": []}, {"trail"}),
    "a field that is not there": ({"acw": 1}, {"acw"}),
    "one of two fields": ({"name": "x", "acv": "5 USD"}, {"acv"}),
    "all that are wrong": ({"version": 9, "acv": "5 USD", "acw": 1}, {"version", "acv", "acw"}),
}


@pytest.mark.parametrize(("data", "paths"), EDITS.values(), ids=EDITS)
def test_a_forbidden_edit_names_every_field(
    desk: Any, store: Any, data: dict[str, Any], paths: set[str]
) -> None:
    """A forbidden edit is refused as a whole, and nothing is silently left out (BX-43)."""
    desk.open(Opportunity(id="o-1"), actor=SELLER, at=NOON)
    before = store.load("o-1")

    with pytest.raises(EditRefusedError) as caught:
        desk.change("o-1", data, actor=SELLER, at=NOON)

    assert {problem.path for problem in caught.value.problems} == paths
    assert all(problem.remedy for problem in caught.value.problems)
    assert store.load("o-1") == before


def test_an_edit_that_is_allowed_is_made(desk: Any) -> None:
    """The other side: the boss edits the locked field, anybody one that is not locked (BX-43)."""
    desk.open(Opportunity(id="o-1"), actor=SELLER, at=NOON)

    desk.change("o-1", {"acv": "5 USD"}, actor=BOSS, at=NOON)
    record = desk.change("o-1", {"name": "x"}, actor=SELLER, at=NOON).record

    assert (str(record.acv), record.name) == ("5.00 USD", "x")


@pytest.mark.parametrize(
    "enter",
    [
        pytest.param(
            lambda desk, deal: desk.open(deal, actor=SELLER, at=NOON), id="opened as if new"
        ),
        pytest.param(
            lambda desk, deal: desk.adopt(deal, stage="fresh", actor=SELLER, at=NOON),
            id="adopted at another stage",
        ),
    ],
)
def test_an_import_brings_no_stage_of_its_own(desk: Any, enter: Callable[..., Any]) -> None:
    """A record that says where it stands does not get there by being imported."""
    with pytest.raises(InvalidDataError, match="`stage` is `won`"):
        enter(desk, Opportunity(id="o-1", stage="won"))


def test_an_import_brings_no_history_of_its_own(desk: Any) -> None:
    """Neither does one with a version, a trail or claims that no event of the store wrote."""
    desk.open(Opportunity(id="o-1", acv="2000 USD", customer=dict(CUSTOMER["customer"])),
        actor=SELLER, at=NOON)  # fmt: skip
    moved = desk.move("o-1", "offer", actor=SELLER, at=NOON).record

    for forged in (moved, moved.model_copy(update={"id": "o-2", "process": None})):
        with pytest.raises(CosellError):
            desk.open(forged, actor=SELLER, at=NOON)
