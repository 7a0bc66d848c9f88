"""The same illegal move is refused alike, whoever asks and by whatever way (BX-40)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from cosell.engine import TransitionRefusedError, adopt, apply, decide, settle
from cosell.errors import CosellError
from cosell.events import Actor, EventKind
from desk_kit import a_deal, outcome
from process_samples import BOSS, DAY, NOON, SELLER, TINY, bound_of

#: A move that people and a clock may ask for, behind a gate.
GUARDED: Final = bound_of(
    TINY.replace('roles = ["seller"]', 'roles = ["seller", "clock"]\ngates = ["ready"]', 1)
    + """
[[gates.ready.criteria]]
id = "owned"
need = "recorded(owner)"
remedy = "Say who owns it."
cites = ["X-1"]
[[gates.ready.criteria]]
id = "large"
need = "acv > '10 USD'"
remedy = "Sell more."
[[clocks]]
id = "wait"
allowance = 2
unit = "calendar_days"
start = ["entered('fresh')"]
on_breach = { trigger = "go" }
"""
)
LATER: Final = NOON + 10 * DAY
ADMINISTRATOR: Final = Actor("root", role="admin")
ASKED: Final[dict[str, Any]] = {"actor": SELLER, "at": NOON + DAY}

#: What stands in the way, as everybody is told.
OBSTACLES: Final = [
    ("owned", "criterion.unmet", "Say who owns it.", ("X-1",)),
    ("large", "criterion.unmet", "Sell more.", ()),
]


def told(error: Any) -> list[Any]:
    """Return what a refusal says: id, code, remedy and source of each obstacle."""
    assert isinstance(error, TransitionRefusedError)
    found = error.decision.obstacles
    return [(each.id, each.code, each.remedy, each.cites) for each in found]


def through_apply(desk: Any, trigger: str, **asked: Any) -> CosellError:
    """Ask the pure function."""
    error: CosellError = outcome(lambda: apply(GUARDED, desk.load("o-1"), trigger, **asked))
    return error


def through_the_desk(desk: Any, trigger: str, **asked: Any) -> CosellError:
    """Ask the desk, as an interface or an API does."""
    error: CosellError = outcome(lambda: desk.move("o-1", trigger, **asked))
    return error


def through_a_bulk(desk: Any, trigger: str, **asked: Any) -> CosellError:
    """Ask for many records at once, as a background job does."""
    (result,) = desk.move_many(["o-1"], trigger, key="bulk", **asked)
    assert result.status.value == "refused"
    assert result.decision == result.error.decision
    error: CosellError = result.error
    return error


def through_an_import(_: Any, trigger: str, **asked: Any) -> CosellError:
    """Bring the deal in mid-way, and ask then."""
    imported = adopt(GUARDED, a_deal("o-1", acv="5 USD"), stage="fresh", actor=BOSS, at=NOON).record
    assert imported.stage == "fresh"
    error: CosellError = outcome(lambda: apply(GUARDED, imported, trigger, **asked))
    return error


WAYS: Final = [through_apply, through_the_desk, through_a_bulk, through_an_import]


@pytest.fixture
def desk(desk_of: Callable[..., Any], store: Any) -> Any:
    """Give a desk with a deal whose gate is shut."""
    desk = desk_of([GUARDED], store)
    desk.open(a_deal(acv="5 USD"), actor=SELLER, at=NOON)
    return desk


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_shut_gate_is_shut_for_every_caller(desk: Any, way: Any) -> None:
    """Every way gives the same obstacles, with the same codes, remedies and sources."""
    assert told(way(desk, "go", **ASKED)) == OBSTACLES
    assert desk.load("o-1").stage == "fresh"


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize(
    ("trigger", "asked", "outcome_told"),
    [
        pytest.param("go", {"actor": BOSS}, "wrong_role", id="a role that may not"),
        pytest.param("go", {"actor": ADMINISTRATOR}, "wrong_role", id="an administrator"),
        pytest.param("win", {}, "not_from_here", id="a move that does not leave this stage"),
        pytest.param("goo", {}, "unknown_trigger", id="a move that there is not"),
        pytest.param("go", {"override": "I say so."}, "obstacles", id="an override by nobody"),
    ],
)
def test_every_outcome_is_the_same(
    desk: Any, way: Any, trigger: str, asked: dict[str, Any], outcome_told: str
) -> None:
    """A wrong role, an unknown move and an override that nobody granted are told alike."""
    error = way(desk, trigger, **{**ASKED, **asked})
    assert error.decision.outcome.value == outcome_told


def test_a_clock_finds_the_same_gate_shut(desk: Any, store: Any) -> None:
    """A tick passes no gate that a person would not: the breach stands, the record stays."""
    assert desk.tick(at=LATER).failed == ()
    assert desk.load("o-1").stage == "fresh"
    assert [event.kind for event in store.history("o-1")] == [EventKind.OPENED, EventKind.BREACHED]

    clock = Actor("clock", role="clock")
    by_clock = decide(GUARDED, desk.load("o-1"), "go", actor=clock, at=LATER)
    assert told(TransitionRefusedError(by_clock)) == OBSTACLES
    assert settle(GUARDED, desk.load("o-1"), at=LATER).record.stage == "fresh"


@pytest.mark.parametrize("way", [*WAYS, None], ids=lambda way: getattr(way, "__name__", "tick"))
def test_an_open_gate_is_open_for_every_caller(desk: Any, way: Any) -> None:
    """With everything recorded the same move is taken, by whatever way."""
    desk.change("o-1", {"owner": "s-1", "acv": "20 USD"}, actor=SELLER, at=NOON)
    if way is through_apply:
        moved = apply(GUARDED, desk.load("o-1"), "go", **ASKED).record
    elif way is through_the_desk:
        moved = desk.move("o-1", "go", **ASKED).record
    elif way is through_a_bulk:
        (result,) = desk.move_many(["o-1"], "go", key="bulk", **ASKED)
        moved = result.answer.record
    elif way is through_an_import:
        deal = a_deal(owner="s-1", acv="20 USD")
        imported = adopt(GUARDED, deal, stage="fresh", actor=BOSS, at=NOON).record
        moved = apply(GUARDED, imported, "go", **ASKED).record
    else:
        (answer,) = desk.tick(at=LATER).answers
        moved = answer.record
    assert moved.stage == "mid"
