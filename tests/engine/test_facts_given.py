"""Facts that a host gives: known names, right types, and nothing that names none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from clock_samples import Deal, prague
from cosell.definition import parse_process
from cosell.desk import Desk
from cosell.engine import apply, bind, change, decide, open_record, read_clocks, settle
from cosell.errors import InvalidDataError
from cosell.events import Actor
from cosell.stores import MemoryStore

TEXT: Final = """
id = "held"
version = 1
record = "Deal"
zone = "Europe/Prague"
initial = "asked"
roles = { boss = "Boss" }
stages = [{ id = "asked" }, { id = "built", kind = "won" }]
[facts]
deposit_at = "instant"
[[transitions]]
trigger = "build"
source = "asked"
target = "built"
roles = ["boss"]
within = ["cooling"]
[[transitions]]
trigger = "rest"
source = "asked"
target = "asked"
roles = ["boss"]
[[clocks]]
id = "cooling"
kind = "hold"
allowance = 24
unit = "elapsed_hours"
start = START
"""
BOSS: Final = Actor("b-1", role="boss")
NOW: Final = prague("2026-11-20T09:00")


def held(start: str = '["facts.deposit_at"]') -> Any:
    """Return a process whose hold starts with something."""
    return bind(parse_process(TEXT.replace("START", start)), record=Deal)


HELD: Final = held()


def deal(record_id: str = "o-1") -> Deal:
    """Return an open record."""
    return open_record(HELD, Deal(id=record_id), actor=BOSS, at=NOW).record


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        pytest.param([1], "list", id="a list"),
        pytest.param([], "list", id="an empty list"),
        pytest.param("deposit_at", "str", id="a text"),
        pytest.param(0, "int", id="nothing, and not None"),
    ],
)
@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(
            lambda record, asked: decide(HELD, record, "build", actor=BOSS, **asked), id="decide"
        ),
        pytest.param(
            lambda record, asked: apply(HELD, record, "build", actor=BOSS, **asked), id="apply"
        ),
        pytest.param(
            lambda record, asked: change(HELD, record, {"name": "x"}, actor=BOSS, **asked),
            id="change",
        ),
        pytest.param(lambda record, asked: settle(HELD, record, **asked), id="settle"),
        pytest.param(lambda record, asked: read_clocks(HELD, record, **asked), id="read_clocks"),
    ],
)
def test_facts_are_given_by_name(ask: Any, facts: Any, kind: str) -> None:
    """What is no mapping is a mistake of the caller, and said as one."""
    with pytest.raises(InvalidDataError, match=f"`facts` is a {kind}, which names no fact"):
        ask(deal(), {"at": NOW, "facts": facts})


@pytest.mark.parametrize("facts", [None, {}], ids=["none", "an empty mapping"])
def test_no_facts_are_all_right(facts: Any) -> None:
    """Without facts everything that needs one is unknown."""
    assert decide(HELD, deal(), "rest", actor=BOSS, at=NOW, facts=facts).permitted


def test_a_name_that_is_no_text() -> None:
    """A name of another type is unknown, as any other."""
    with pytest.raises(InvalidDataError, match="there is no fact `7`"):
        decide(HELD, deal(), "rest", actor=BOSS, at=NOW, facts={7: 1})  # type: ignore[dict-item]  # this is what is refused


def test_a_desk_refuses_them_everywhere() -> None:
    """A command and a question are refused; looking at all again names the record."""
    desk = Desk([HELD], MemoryStore())
    paid = {"deposit_at": NOW}
    for each in ("o-1", "o-2"):
        desk.open(Deal(id=each), actor=BOSS, at=NOW)
        desk.move(each, "rest", actor=BOSS, at=NOW, facts=paid)
    late = NOW + timedelta(days=3)
    wrong: Any = [1]

    for record_id in ("o-1", "o-2"):
        with pytest.raises(InvalidDataError, match="which names no fact"):
            desk.move(record_id, "rest", actor=BOSS, at=late, facts=wrong)
        with pytest.raises(InvalidDataError, match="which names no fact"):
            desk.clocks(record_id, at=late, facts=wrong)
    found = desk.recalculate(at=late, facts_for=lambda each: wrong if each == "o-1" else paid)
    assert [(each, type(error)) for each, error in found.failed] == [("o-1", InvalidDataError)]


@pytest.mark.parametrize(
    ("start", "remedy"),
    [
        pytest.param('["facts.deposit_at"]', "give fact `deposit_at`", id="a fact"),
        pytest.param('["submitted_at"]', "record `submitted_at`", id="a field"),
        pytest.param(
            """["facts.deposit_at"]
restart = ["moved('rest')", "facts.deposit_at"]""",
            "give fact `deposit_at` or it starts with moved('rest')",
            id="one of several",
        ),
        pytest.param("""["left('asked')"]""", "it starts with left('asked')", id="a stage"),
        pytest.param(
            """["moved('record.rest')"]""", "it starts with moved('record.rest')", id="of a line"
        ),
    ],
)
def test_a_hold_that_has_not_begun_says_what_starts_it(start: str, remedy: str) -> None:
    """Not "wait until then" where there is no then: what is missing is named."""
    bound = held(start)
    record = open_record(bound, Deal(id="o-1"), actor=BOSS, at=NOW).record

    found = decide(bound, record, "build", actor=BOSS, at=NOW)

    (obstacle,) = found.obstacles
    assert obstacle.remedy == f"Clock `cooling` has not started: {remedy}."
    assert obstacle.remedy in found.explain()


def test_a_hold_that_runs_asks_to_wait() -> None:
    """One that has begun says that it is too early; one that is over lets it be done."""
    paid = {"deposit_at": NOW}
    early = decide(HELD, deal(), "build", actor=BOSS, at=NOW + timedelta(hours=1), facts=paid)
    late = decide(HELD, deal(), "build", actor=BOSS, at=NOW + timedelta(hours=24), facts=paid)

    assert early.obstacles[0].remedy == "It is too early for this; wait until then."
    assert late.permitted
