"""The process `qualification`: what each step asks, what is due, and where the numbers lie."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest

from cosell import Desk, MemoryStore, catalog
from cosell.clocks import ClockState
from cosell.definition import StageKind
from cosell.engine import (
    apply,
    decide,
    next_due_at,
    open_record,
    options,
    path,
    read_clocks,
    settle,
)
from cosell.findings import Verdict
from cosell.models import Evaluation, Opportunity
from qualified_deals import DAY, NOW, READY, SELLER, asked, deal, qualification

NOBODY: Final = {"engaged": False, "motivation": None, "objection": None}

#: What each step answers: stage, trigger, what is missing, and which obstacles say so.
STEPS: Final[dict[str, tuple[str, str, dict[str, Any], set[str]]]] = {
    "QL-2 discovery answers whether the problem is ours, and why they would solve it now": (
        "discovery",
        "start_scope",
        {"discovery__problem_is_ours": False, "discovery__reason_to_act_now": None},
        {"problem", "reason_to_act_now"},
    ),
    "QL-4 scope answers whether the product fits, and records use case and outcome": (
        "scope",
        "go",
        {"discovery__requirements_met": False, "discovery__use_cases": []},
        {"technical_requirements", "technical_use_case", "business_outcome"},
    ),
    "QL-5 everyone in the decision is met, with motivation and objection": (
        "scope",
        "go",
        {"stakeholders": [{"role": "champion", **NOBODY}]},
        {"everyone_met", "motivations", "objections"},
    ),
    "QL-9 validation starts when champion, team and buyer are aligned": (
        "scope",
        "go",
        {f"evaluation__{who}_aligned": False for who in ("champion", "team", "buyer")},
        {"champion_aligned", "team_aligned", "buyer_aligned"},
    ),
    "QL-9 validation answers whether the product did what was promised": (
        "validate",
        "start_closing",
        {"evaluation__technical_promise_kept": False, "evaluation__business_promise_kept": False},
        {"technical_promise", "business_promise"},
    ),
    "QL-14 closing starts with the approval to purchase": (
        "validate",
        "start_closing",
        {"evaluation__purchase_approved_at": None},
        {"purchase_approved"},
    ),
    "QL-14 closing ends with a signed order form": (
        "closing",
        "win",
        {"order_form__signed_at": None},
        {"order_form_signed"},
    ),
}


@pytest.mark.parametrize(("stage", "trigger", "missing", "obstacles"), STEPS.values(), ids=STEPS)
def test_what_a_step_asks(
    stage: str, trigger: str, missing: dict[str, Any], obstacles: set[str]
) -> None:
    """With the answers it moves on; without them each one that is missing is named (QL-1)."""
    assert asked(stage, trigger).permitted
    assert {each.id for each in asked(stage, trigger, **missing).obstacles} == obstacles


@pytest.mark.parametrize("stage", ["discovery", "scope", "validate", "closing"])
def test_a_gate_that_is_not_met_leaves_three_ways(stage: str) -> None:
    """Keep digging: the deal stays; or disqualify; nothing else leads on (QL-1, QL-7)."""
    empty = Opportunity(id="o-2")
    opened = deal(stage).model_copy(
        update={name: getattr(empty, name) for name in ("discovery", "evaluation", "order_form")}
    )
    open_now = {each.trigger for each in options(qualification(), opened, actor=SELLER, at=NOW)}
    moving = {
        each.trigger
        for each in options(qualification(), opened, actor=SELLER, at=NOW)
        if each.decision.target not in {None, stage} and not each.decision.obstacles
    }

    assert "disqualify" in open_now
    assert moving & {"start_scope", "go", "start_closing", "win"} == set()


BOUNDS: Final[dict[str, tuple[str, str, str, dict[str, Any], Verdict]]] = {
    f"{rule} {name} at {value}": (stage, trigger, name, {path: value}, verdict)
    for rule, stage, trigger, name, path, rows in (
        (
            "QL-3",
            "discovery",
            "start_scope",
            "meeting_length",
            "discovery__meeting_minutes",
            {44: Verdict.UNMET, 45: Verdict.MET, 60: Verdict.MET, 61: Verdict.UNMET},
        ),
        (
            "QL-16",
            "closing",
            "quote",
            "discount_range",
            "quote__discount_share",
            {
                "0.19": Verdict.UNMET,
                "0.20": Verdict.MET,
                "0.50": Verdict.MET,
                "0.51": Verdict.UNMET,
            },
        ),
        (
            "QL-16",
            "closing",
            "quote",
            "term",
            "contract__term_months",
            {24: Verdict.MET, 25: Verdict.UNMET},
        ),
    )
    for value, verdict in rows.items()
}


@pytest.mark.parametrize(
    ("stage", "trigger", "name", "changes", "verdict"), BOUNDS.values(), ids=BOUNDS
)
def test_where_a_number_lies(
    stage: str, trigger: str, name: str, changes: dict[str, Any], verdict: Verdict
) -> None:
    """Each side of a number, and the number itself; all of it advice, none of it an obstacle."""
    decision = asked(stage, trigger, **changes)

    assert {each.id: each.verdict for each in decision.findings}[name] is verdict
    assert decision.permitted


def test_in_the_early_market_half_an_hour_is_enough() -> None:
    """The length of a meeting is a number that a host changes (QL-3)."""
    ours = catalog.parse(
        'extends = "qualification@1"\nid = "early"\nversion = 1\n'
        "[parameters]\ndiscovery_minutes_least = 30\n"
    ).bind()
    short = {**READY, "discovery": {**READY["discovery"], "meeting_minutes": 30}}
    opened = open_record(ours, Opportunity.model_validate(short), actor=SELLER, at=NOW).record

    assert decide(ours, opened, "start_scope", actor=SELLER, at=NOW).advice == ()
    assert [
        each.id for each in asked("discovery", "start_scope", discovery__meeting_minutes=30).advice
    ] == ["meeting_length"]


def test_an_invitation_is_in_advance_until_the_meeting_begins() -> None:
    """An invitation at the moment of the meeting is none in advance (QL-10)."""

    def advice(invited_at: datetime) -> list[str]:
        event = {"id": "review", "planned_at": NOW, "invited_at": invited_at}
        return [
            each.id
            for each in asked("validate", "start_closing", evaluation__events=[event]).advice
        ]

    assert advice(NOW - timedelta(seconds=1)) == []
    assert advice(NOW) == ["invited_in_advance"]


def test_of_two_ways_to_put_a_meeting_off_one_is_open() -> None:
    """The candidates are ordered, and never open at once: up to two it stays (QL-10)."""
    for before, stage in ((0, "validate"), (1, "validate"), (2, "stopped"), (5, "stopped")):
        reschedules = [{"event": "review", "last_minute": True}] * before
        data = {"evaluation.reschedules": {"event": "review", "last_minute": True}}
        decision = asked("validate", "reschedule", data, evaluation__reschedules=reschedules)
        gates = {each.id: each.verdict for each in decision.findings if each.check.gate}

        assert decision.target == stage
        assert Verdict.MET in gates.values()


def test_where_nothing_is_given_the_deal_can_end() -> None:
    """A new ask without a give adds nothing; the seller is told that the deal may end (QL-11)."""
    added = {"evaluation.success_criteria": {"id": "c-2", "use_case": "SSO."}}
    refused = asked("validate", "add_criterion", added, evaluation__frozen_at=NOW)
    over = {"closed_kind": "business", "closed_reason": "Nothing is given for SSO."}

    assert "end the deal" in refused.obstacles[0].remedy
    assert asked("validate", "disqualify", over, evaluation__frozen_at=NOW).permitted


def test_what_fits_the_road_map_comes_first() -> None:
    """Issues in line with the road map come before the others, each in the order found (QL-12)."""
    found = Evaluation.model_validate(
        {
            "issues": [
                {"id": name, "kind": "bug", "text": "Slow.", "on_road_map": on_road_map}
                for name, on_road_map in (("a", None), ("b", True), ("c", False), ("d", True))
            ]
        }
    )

    assert [issue.id for issue in found.issues_in_order] == ["b", "d", "a", "c"]


@pytest.mark.parametrize(
    ("on_road_map", "permitted"), [(True, True), (False, False), (None, False)]
)
def test_only_what_fits_the_road_map_is_waited_for(
    *, on_road_map: bool | None, permitted: bool
) -> None:
    """A deal whose needs fall off the road map is not put on hold: it is let go (QL-25)."""
    issue = {"id": "i", "kind": "feature_gap", "text": "SSO.", "on_road_map": on_road_map}
    decision = asked("validate", "hold", evaluation__issues=[issue])

    assert decision.permitted is permitted
    assert asked(
        "on_hold", "disqualify", {"closed_kind": "technical", "closed_reason": "SSO."}
    ).permitted


def test_papers_and_deck_go_on_side_by_side() -> None:
    """With the buyer's permission papers are sent while the deck is made (QL-13)."""
    item = {"id": "nda", "owner": "s-1", "due_on": "2026-06-30"}
    record = deal("validate", paper_items=[item], evaluation__deck_ready_at=None)
    sent = apply(qualification(), record, "paper_items[nda].send", actor=SELLER, at=NOW).record

    assert (sent.stage, sent.paper_items[0].stage) == ("validate", "sent")
    assert [
        each.id
        for each in decide(qualification(), sent, "start_closing", actor=SELLER, at=NOW).obstacles
    ] == ["deck_ready"]


class TestLatePapers:
    """Late papers show, and move the forecast (QL-15)."""

    ITEM: Final = {"id": "nda", "owner": "s-1", "due_on": "2026-06-30"}

    @pytest.mark.parametrize(
        ("at", "late"),
        [
            ("2026-06-29T12:00:00+00:00", False),
            ("2026-06-30T23:59:59+00:00", False),
            ("2026-07-01T00:00:01+00:00", True),
        ],
    )
    def test_an_item_is_late_after_its_day(self, at: str, *, late: bool) -> None:
        """The due day itself is in time; the day after it is not (QL-15)."""
        moment = datetime.fromisoformat(at)
        record = deal("closing", paper_items=[self.ITEM])
        (reading,) = (
            each
            for each in read_clocks(qualification(), record, at=moment)
            if each.track == "paper_items[nda]"
        )
        advice = [
            each.id
            for each in decide(qualification(), record, "win", actor=SELLER, at=moment).advice
        ]

        assert (reading.state is ClockState.BREACHED) is late
        assert ("paper_in_time" in advice) is late

    def test_a_late_item_is_told_once(self) -> None:
        """The seller is asked to hold them to the plan, or to move the forecast (QL-15)."""
        record = deal("closing", paper_items=[self.ITEM])
        due_at = next_due_at(qualification(), record, at=NOW)
        settled = settle(qualification(), record, at=NOW + 60 * DAY)

        assert due_at == datetime.fromisoformat("2026-07-01T00:00:00+00:00")
        assert [effect.kind for effect in settled.effects] == ["paper_is_late"]

    def test_what_is_finished_is_never_late(self) -> None:
        """An item that was finished on its due day stays in time (QL-15)."""
        finished = {**self.ITEM, "finished_at": "2026-06-30T20:00:00+00:00"}
        record = deal("closing", paper_items=[finished])

        assert settle(qualification(), record, at=NOW + 60 * DAY).effects == ()

    @pytest.mark.parametrize(
        ("day", "obstacles"),
        [
            ("2026-05-31", {"not_past", "after_open_papers"}),
            ("2026-06-01", {"after_open_papers"}),
            ("2026-06-29", {"after_open_papers"}),
            ("2026-06-30", set()),
            ("2026-07-15", set()),
        ],
    )
    def test_the_forecast_waits_for_open_papers(self, day: str, obstacles: set[str]) -> None:
        """No close is expected before the last open paper is due, nor in the past (QL-15)."""
        data = {"expected_close_on": day}
        decision = asked("closing", "move_forecast", data, paper_items=[self.ITEM])

        assert {each.id for each in decision.obstacles} == obstacles

    def test_finished_papers_hold_no_forecast(self) -> None:
        """What is finished, and what has no due date yet, does not move it (QL-15)."""
        items = [{**self.ITEM, "finished_at": NOW}, {"id": "msa"}]
        data = {"expected_close_on": "2026-06-02", "forecast": "commit"}
        record = deal("closing", paper_items=items)
        moved = apply(qualification(), record, "move_forecast", actor=SELLER, at=NOW, data=data)

        assert moved.record.expected_close_on == date(2026, 6, 2)
        assert (moved.record.stage, moved.record.forecast) == ("closing", "commit")

    def test_the_day_is_named_anew(self) -> None:
        """The day that was expected before is no answer (QL-15)."""
        decision = asked("closing", "move_forecast", expected_close_on="2026-07-15")

        assert "input_expected_close_on" in {each.id for each in decision.obstacles}


def test_how_it_is_won_how_it_dies_and_what_is_due() -> None:
    """Open requirements, risks and deadlines are told before anybody asks (QL-17)."""
    item = {"id": "nda", "owner": "s-1", "due_on": "2026-06-30"}
    record = deal("closing", paper_items=[item], contract__term_months=36)
    found = path(qualification(), record, actor=SELLER, at=NOW)
    (win,) = found.ways[StageKind.WON]

    assert [each.id for each in win.obstacles] == ["paper_done"]
    assert "term" in {each.id for each in win.advice}
    assert [step.trigger for step in found.ways[StageKind.LOST]] == ["lose"]
    assert found.ways[StageKind.CLOSED]
    assert next_due_at(qualification(), record, at=NOW) is not None


@pytest.mark.parametrize("stage", ["discovery", "scope", "validate", "stopped", "on_hold"])
def test_from_every_open_stage_there_is_a_way(stage: str) -> None:
    """However far the deal is, it can be won, and it can end otherwise (QL-17)."""
    ways = path(qualification(), deal(stage), actor=SELLER, at=NOW).ways

    assert ways[StageKind.WON][-1].trigger == "win"
    assert ways[StageKind.CLOSED]


class TestFeedback:
    """Before testing, feedback every one to two weeks (QL-26)."""

    def test_a_note_gives_two_weeks_more(self) -> None:
        """A week before the end the seller is reminded; a note starts it anew (QL-24, QL-26)."""
        desk = Desk([qualification()], MemoryStore())
        desk.open(Opportunity.model_validate(READY), actor=SELLER, at=NOW)
        desk.move("o-1", "start_scope", actor=SELLER, at=NOW)
        first = read_clocks(qualification(), desk.load("o-1"), at=NOW)
        data = {"notes": {"text": "They like it."}}
        noted = desk.move("o-1", "note", actor=SELLER, at=NOW + 8 * DAY, data=data)
        readings = read_clocks(qualification(), noted.record, at=NOW + 8 * DAY)

        assert first[0].due_on == date(2026, 6, 15)
        assert noted.record.notes[-1].by == "s-1"
        assert {each.clock: each.due_on for each in readings if each.clock == "feedback"} == {
            "feedback": date(2026, 6, 23)
        }
        assert "ask_for_feedback" in {effect.kind for effect in noted.effects}

    def test_it_ends_with_the_scope(self) -> None:
        """Once the evaluation is formal there is no rhythm of feedback any more (QL-22, QL-26)."""
        record = deal("discovery")
        for trigger in ("start_scope", "go"):
            record = apply(qualification(), record, trigger, actor=SELLER, at=NOW).record
        (reading, *_) = read_clocks(qualification(), record, at=NOW + 30 * DAY)

        assert record.stage == "validate"
        assert reading.state is ClockState.CANCELLED


def test_a_meeting_leaves_what_was_learned() -> None:
    """A note without a text is refused, and so is a scope without any note (QL-24)."""
    empty = asked("discovery", "note", {"notes": {"topic": "team"}})

    assert not empty.permitted
    assert [each.id for each in asked("discovery", "start_scope", notes=[]).obstacles] == [
        "learned"
    ]
