"""A deal that is mid-way brings its moves along: they are checked, and clocks go by them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cosell.clocks import ClockState
from cosell.engine import PastMove, adopt, fold, read_clocks, settle, verify_seals
from cosell.engine import apply as take
from cosell.errors import InvalidDataError
from cosell.events import Actor, EventKind
from cosell.models import Opportunity
from desk_kit import a_deal, require_coherent, rich
from paper_samples import papers
from process_samples import BOSS, DAY, NOON, SELLER

#: What happened before cosell came, on the four days before noon.
SUBMITTED = {"at": NOON - 4 * DAY, "target": "submitted"}
ACCEPTED = {"at": NOON - 3 * DAY, "target": "accepted", "trigger": "accept", "reason": "Good."}
DRAFTED = {"at": NOON - 2 * DAY, "target": "drafted", "track": "mdp", "source": "not_started"}
ADVANCED = {"at": NOON - DAY, "target": "negotiation", "source": "accepted"}
WHOLE = [SUBMITTED, ACCEPTED, DRAFTED, ADVANCED]
DRAFTED_DEAL = {"mdp": {"stage": "drafted"}}


def adopted(trail: Any, stage: str = "negotiation", **values: Any) -> Any:
    """Return a deal that was adopted at noon with a trail."""
    deal = a_deal(**{**DRAFTED_DEAL, **values})
    return adopt(rich(), deal, stage=stage, actor=BOSS, at=NOON, trail=trail)


def test_what_it_brings_stands_in_its_trail() -> None:
    """Each move is a line of the trail; sources are filled in from the move before."""
    record = adopted(WHOLE).record
    assert [(e.kind.value, e.track, e.source, e.target) for e in record.trail] == [
        ("moved", None, None, "submitted"),
        ("moved", None, "submitted", "accepted"),
        ("moved", "mdp", "not_started", "drafted"),
        ("moved", None, "accepted", "negotiation"),
        ("adopted", None, "negotiation", "negotiation"),
    ]
    assert {entry.actor.id for entry in record.trail} == {"b-1"}
    assert {entry.seq for entry in record.trail} == {1}
    assert record.trail[1].reason == "Good."
    assert record.version == 1


def test_models_and_their_actors_are_taken_too() -> None:
    """Who made a move may be said, and moves may be models."""
    trail = [PastMove(at=NOON - DAY, target="submitted", actor=SELLER)]
    record = adopted(trail, stage="submitted").record
    assert record.trail[0].actor == SELLER


def test_clocks_go_by_it() -> None:
    """A clock started and was answered when the trail says so."""
    answer, age = read_clocks(rich(), adopted(WHOLE).record, at=NOON)
    assert (answer.state, answer.started_at) == (ClockState.MET, NOON - 4 * DAY)
    assert answer.ended_at == NOON - 3 * DAY
    assert age.due_at == NOON


def test_a_clock_that_runs_is_not_started_anew() -> None:
    """The adoption of what came to its stage by its trail enters nothing."""
    record = adopted([SUBMITTED], stage="submitted").record
    (answer, _) = read_clocks(rich(), record, at=NOON)
    assert answer.started_at == NOON - 4 * DAY
    without = adopted((), stage="submitted").record
    (answer, _) = read_clocks(rich(), without, at=NOON)
    assert answer.started_at == NOON


def test_what_runs_out_runs_out_as_if_it_had_been_here() -> None:
    """The clock's end is counted from the trail; the tick after the adoption writes it."""
    early = {"at": NOON - 30 * DAY, "target": "submitted"}
    record = adopted([early], stage="submitted").record
    settled = settle(rich(), record, at=NOON)
    assert settled.record.stage == "expired"


def test_it_goes_on_from_there() -> None:
    """Moves, folds and seals are as of any other record."""
    first = adopted(WHOLE)
    facts = {"budget_free": True}
    moved = take(
        rich(),
        first.record,
        "lose",
        actor=SELLER,
        at=NOON + timedelta(minutes=1),
        data={"closed_reason": "No fit."},
        facts=facts,
    )
    events = [*first.events, *moved.events]
    assert fold(Opportunity, events, parts=rich().parts) == moved.record


def test_ended_deals_are_adopted_too() -> None:
    """A deal that was lost long ago has its history, and nothing to do."""
    lost = {"at": NOON - DAY, "target": "lost", "trigger": "lose"}
    record = adopted([SUBMITTED, lost], stage="lost", mdp={}).record
    assert settle(rich(), record, at=NOON).events == ()
    assert record.stage == "lost"


def test_items_of_lists_bring_their_moves() -> None:
    """A move may be that of one item."""
    deal = Opportunity(id="o-1", name="Acme", paper_items=[{"id": "nda", "stage": "sent"}])
    trail = [{"at": NOON - DAY, "target": "sent", "track": "paper_items[nda]"}]
    record = adopt(papers(), deal, stage="closing", actor=BOSS, at=NOON, trail=trail).record
    assert record.trail[0].track == "paper_items[nda]"
    assert record.trail[1].source is None


WRONG: list[Any] = [
    pytest.param(
        [{"at": datetime(2026, 11, 1), "target": "won"}],  # noqa: DTZ001 - that is the case
        ["trail.0.at"],
        id="a moment has a zone",
    ),
    pytest.param(
        [{"target": "won", "what": 1}], ["trail.0.at", "trail.0.what"], id="fields are known"
    ),
    pytest.param(
        [ACCEPTED, SUBMITTED, ADVANCED],
        ["trail.0.at", "trail.2.source"],
        id="moves are given oldest first, and hang together",
    ),
    pytest.param(
        [{**ADVANCED, "at": NOON + DAY, "source": None}],
        ["trail.0.at"],
        id="nothing comes after the adoption",
    ),
    pytest.param(
        [{**ADVANCED, "source": "acepted", "trigger": "advanse"}, {**ADVANCED, "target": "neg"}],
        ["trail.0.source", "trail.0.trigger", "trail.1.target", "trail.1.source", "trail"],
        id="stages and triggers are the process's",
    ),
    pytest.param(
        [{**ADVANCED, "source": None, "track": "mpd"}], ["trail.0.track"], id="tracks are its too"
    ),
    pytest.param([SUBMITTED, ACCEPTED], ["trail"], id="the last move came to where it stands"),
    pytest.param(
        [ADVANCED, {**DRAFTED, "at": NOON, "target": "agreed"}],
        ["trail"],
        id="the last move of a track came to where its part stands",
    ),
]


@pytest.mark.parametrize(("trail", "paths"), WRONG)
def test_what_is_wrong_is_named_at_once(trail: Any, paths: list[str]) -> None:
    """Every move that does not fit is named, with what to do about it (BX-41)."""
    with pytest.raises(InvalidDataError) as caught:
        adopted(trail)
    assert [problem.path for problem in caught.value.problems] == paths
    assert all(problem.remedy for problem in caught.value.problems)


def test_gates_are_reported_and_not_enforced() -> None:
    """The event says what the gates behind it find; nothing is held against the record."""
    event = adopted(WHOLE, acv="80000 USD").event
    found = {(each["gate"], each["id"]): each["verdict"] for each in event.findings}
    assert found == {
        ("acceptance", "named"): "met",
        ("acceptance", "other_person"): "met",
        ("ready", "plan_started"): "met",
        ("ready", "budget_known"): "unknown",
        ("has_customer", "customer_takes_part"): "unknown",
    }


def test_facts_are_given_for_what_is_reported() -> None:
    """What is known outside goes into the report; without a report nothing is examined."""
    given = {"stage": "negotiation", "actor": BOSS, "at": NOON}
    known = adopt(rich(), a_deal(acv="1 USD"), facts={"budget_free": True}, **given).event
    assert {each["id"]: each["verdict"] for each in known.findings}["budget_known"] == "met"
    assert adopt(rich(), a_deal(), report=False, **given).event.findings == ()


def test_a_desk_adopts_once(desk_of: Callable[..., Any], store: Any) -> None:
    """Under its key the first answer comes again; seals, fold and next tick hold."""
    desk = desk_of([rich()], store)
    asked = {"stage": "negotiation", "actor": BOSS, "at": NOON, "key": "import-7"}
    first = desk.adopt(a_deal(**DRAFTED_DEAL), trail=WHOLE, **asked)
    again = desk.adopt(a_deal(**DRAFTED_DEAL), trail=WHOLE, **asked)

    assert (first.repeated, again.repeated) == (False, True)
    assert again.record == first.record
    require_coherent(rich(), store, "o-1")
    verify_seals(store.history("o-1"))
    assert store.history("o-1")[0].kind is EventKind.ADOPTED
    assert store.due(NOON + DAY, 10) == ["o-1"]
    assert desk.tick(at=NOON + timedelta(seconds=1)).failed == ()
    require_coherent(rich(), store, "o-1")


def test_another_trail_is_another_command(desk_of: Callable[..., Any], store: Any) -> None:
    """The trail belongs to what a key stands for."""
    desk = desk_of([rich()], store)
    asked = {"stage": "submitted", "actor": BOSS, "at": NOON, "key": "import-7"}
    desk.adopt(a_deal(), trail=[SUBMITTED], **asked)
    with pytest.raises(Exception, match="key"):
        desk.adopt(a_deal(), trail=[{**SUBMITTED, "at": datetime(2026, 1, 1, tzinfo=UTC)}], **asked)


def test_a_deputy_has_to_be_one() -> None:
    """Who brings in deals for another one must be allowed to (BX-40)."""
    deputy = Actor("d-1", role="boss", on_behalf_of="b-1")
    with pytest.raises(Exception, match="b-1"):
        adopt(rich(), a_deal(), stage="won", actor=deputy, at=NOON)
