"""The PoC of `make`, rule by rule: what its document asks for, its time, its scope, its end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cosell.engine import (
    Decision,
    Outcome,
    apply,
    change,
    decide,
    settle,
)
from cosell.errors import EditRefusedError
from cosell.events import Actor, EventKind
from cosell.findings import Verdict
from cosell.models import SECTIONS, GapPoint, Opportunity
from cosell.money import Rates
from cosell.stores import MemoryStore, SqliteStore
from desk_kit import DESKS
from make_deals import AE, DAY, END, NOW, PARTNER, POV, SE, START, deal, make
from spoiling import failing

DIRECTOR: Final = Actor("d-1", role="sales_director", party="vendor")
#: Noon in Prague of the PoV's last day, and its last instant there.
LAST_DAY: Final = datetime(2026, 6, 15, 10, tzinfo=UTC)
MIDNIGHT: Final = datetime(2026, 6, 15, 22, tzinfo=UTC)


def approval(changes: dict[str, Any] | None = None, **parameters: Any) -> Decision:
    """Return the decision on approving the ready PoV with ``changes``."""
    record = deal("poc.preparing", changes)
    return decide(make(**parameters), record, "poc.approve", actor=AE, at=NOW)


def obstacles(changes: dict[str, Any]) -> list[str]:
    """Return what keeps the ready PoV with ``changes`` from being approved, in order."""
    return [finding.id for finding in approval(changes).obstacles]


def moved(record: Opportunity, trigger: str, *, actor: Actor = SE, **data: Any) -> Opportunity:
    """Return the record after a move of its PoC."""
    return apply(make(), record, f"poc.{trigger}", actor=actor, at=NOW, data=data).record


#: How to leave each section of the document empty, and the criterion that names it.
EMPTY: Final[dict[str, tuple[dict[str, Any], str]]] = {
    **{
        name: ({f"poc.{name}.text": None}, name)
        for name in (
            "current_state",
            "future_state",
            "business_imperatives",
            "outcomes",
            "proposed_solution",
        )
    },
    **{
        name: ({f"poc.{name}": []}, name)
        for name in ("gap", "success_criteria", "technical_requirements", "assumptions")
    },
    "scope": ({"poc.goals": []}, "scope"),
    "timeline": ({"poc.start_on": None, "poc.end_on": None}, "dates"),
    "roles_and_responsibilities": ({"poc.people": []}, "roles_and_responsibilities"),
    "sequence_of_events": ({"poc.milestones": []}, "sequence_of_events"),
    "closure": ({"poc.closure.ends_on": None}, "closure"),
}


class TestDocument:
    """Fourteen sections, in the words of those who know (PC-1, PC-2)."""

    @pytest.mark.parametrize("section", [name for name, _ in SECTIONS])
    def test_a_missing_section_is_named(self, section: str) -> None:
        """Each of the fourteen sections, left empty, is one obstacle (PC-1)."""
        changes, criterion = EMPTY[section]

        assert obstacles(changes) == [criterion]

    def test_an_empty_document_misses_fourteen(self) -> None:
        """With all sections empty all fourteen are named in one answer (PC-1)."""
        changes = {path: value for each, _ in EMPTY.values() for path, value in each.items()}
        named = {criterion for _, criterion in EMPTY.values()}

        assert len(named) == 14
        assert set(obstacles(changes)) == named

    def test_four_authorship_errors_are_four_obstacles(self) -> None:
        """The customer's four sections in our words are four obstacles in one answer (PC-2)."""
        texts = ("current_state", "future_state", "business_imperatives")
        changes = {
            **{f"poc.{name}.author": "partner" for name in texts},
            "poc.gap": [{"text": "No overview", "author": "se"}],
        }

        assert obstacles(changes) == [*(f"{name}_author" for name in texts), "gap_author"]

    @pytest.mark.parametrize("author", ["partner", "se"])
    def test_outcomes_are_ours(self, author: str) -> None:
        """Partner and solution engineer may write outcomes and proposed solution (PC-2)."""
        changes = {"poc.outcomes.author": author, "poc.proposed_solution.author": author}

        assert obstacles(changes) == []

    @pytest.mark.parametrize(("goals", "found"), [(5, []), (6, ["goals_limited"])])
    def test_goals_are_few(self, goals: int, found: list[str]) -> None:
        """A limited set of goals is five, unless the host says otherwise (PC-4)."""
        changes = {"poc.goals": POV["goals"] * goals}

        assert obstacles(changes) == found
        assert approval(changes, poc_goals_most=6).permitted

    @pytest.mark.parametrize("detail", ["email", "phone"])
    def test_one_contact_detail_is_enough(self, detail: str) -> None:
        """Contact details are an address or a number (PC-9)."""
        people = [
            {**{key: value for key, value in person.items() if key != "email"}, detail: "1@2"}
            for person in POV["people"]
        ]

        assert obstacles({"poc.people": people}) == []

    @pytest.mark.parametrize(
        ("changes", "found"),
        [
            pytest.param({"poc.gap": POV["gap"] * 7}, [], id="PC-3 a gap of seven points"),
            pytest.param({"poc.gap": []}, ["gap"], id="PC-3 a gap without points"),
            pytest.param(
                {"poc.outcomes_of_this_poc": False},
                ["outcomes_of_this_poc"],
                id="PC-3 outcomes of the whole solution",
            ),
            pytest.param(
                {"poc.environment_stated_temporary": None},
                ["environment_temporary"],
                id="PC-4 nothing said of a temporary environment",
            ),
            pytest.param(
                {"poc.technical_requirements": [{"text": "An account"}]},
                ["technical_requirements_dated"],
                id="PC-6 a requirement from no date on",
            ),
            pytest.param(
                {"poc.setup_confirmed": False, "poc.timing_confirmed": None},
                ["setup_confirmed", "timing_confirmed"],
                id="PC-6 set-up and timing are not confirmed",
            ),
            pytest.param(
                {"poc.assumptions": POV["assumptions"][:1]},
                ["assumptions_of_vendor"],
                id="PC-7 assumptions of the customer alone",
            ),
            pytest.param(
                {"poc.assumptions": [*POV["assumptions"], {"text": "Somebody will"}]},
                ["assumptions_owned"],
                id="PC-7 nobody does it, at no time",
            ),
            pytest.param(
                {"poc.closure.environment": None, "poc.closure.team": None},
                ["closure_environment", "closure_team"],
                id="PC-11 environment and team do not wind down",
            ),
        ],
    )
    def test_what_a_section_says(self, changes: dict[str, Any], found: list[str]) -> None:
        """Each thing that a section is to say is asked for by itself (PC-3 to PC-7, PC-11)."""
        assert obstacles(changes) == found

    def test_a_short_point_is_short(self) -> None:
        """A point of the gap is a short text, not a page (PC-3)."""
        assert GapPoint(text="x" * 500).text
        with pytest.raises(ValidationError):
            GapPoint(text="x" * 501)

    def test_a_plain_poc_needs_no_value(self) -> None:
        """What makes a PoV of a PoC is asked of a PoV alone (PC-16, PC-20, PC-21, PC-25)."""
        asked = ("prerequisites", "business_value", "struggling_systems", "researched", "pre_call")
        blank = {
            "poc.kind": "poc",
            "poc.prerequisites": [],
            "poc.business_value.text": None,
            "poc.struggling_systems": None,
            "poc.researched": None,
            "poc.pre_call_held": None,
        }

        assert approval(blank).permitted
        assert obstacles({**blank, "poc.kind": "pov"}) == list(asked)


#: The seven conditions of an approval, and how each is missed.
CONDITIONS: Final[dict[str, dict[str, Any]]] = {
    "dates": {"poc.start_on": None, "poc.end_on": None},
    "success_criteria_clear": {"poc.success_criteria_clear": False},
    "recommends_purchase": {"poc.prospect_recommends_purchase": False},
    "shared_channel": {"poc.shared_channel": None},
    "buying_process": {"poc.buying_process_understood": False},
    "legal_and_it": {"poc.legal_and_it_review_running": False},
    "decision_meeting": {"poc.decision_meeting_on": None},
}


class TestApproval:
    """Seven conditions, each required (PC-12)."""

    @pytest.mark.parametrize("condition", CONDITIONS)
    def test_six_of_seven_is_one_obstacle(self, condition: str) -> None:
        """With one condition missed, that one is the obstacle (PC-12)."""
        assert obstacles(CONDITIONS[condition]) == [condition]

    def test_none_of_seven_is_seven(self) -> None:
        """With all of them missed, all seven are named (PC-12)."""
        changes = {path: value for each in CONDITIONS.values() for path, value in each.items()}

        assert set(obstacles(changes)) == set(CONDITIONS)

    @pytest.mark.parametrize(
        ("day", "found"),
        [
            pytest.param(START - DAY, ["decision_meeting"], id="the day before the start"),
            pytest.param(START, [], id="the first day"),
            pytest.param(END, [], id="the last day"),
            pytest.param(END + DAY, ["decision_meeting"], id="the day after the end"),
        ],
    )
    def test_the_final_meeting_lies_within(self, day: date, found: list[str]) -> None:
        """The final decision meeting is within the PoC, both ends included (PC-12)."""
        assert obstacles({"poc.decision_meeting_on": day}) == found

    def test_who_approved_is_recorded(self) -> None:
        """Approval leaves who and when, and nobody writes that by hand (PC-12)."""
        approved = moved(deal("poc.preparing"), "approve", actor=AE)

        assert (approved.poc.approved_by, approved.poc.approved_at) == ("ae-3", NOW)
        with pytest.raises(EditRefusedError):
            change(make(), approved, {"poc.approved_by": "x"}, actor=AE, at=NOW)

    @pytest.mark.parametrize(
        ("days", "found"),
        [
            pytest.param((START, START, END), [], id="in order, on both ends"),
            pytest.param((END, START), ["milestones_in_order"], id="reversed"),
            pytest.param((START - DAY,), ["milestones_in_timeline"], id="before the start"),
            pytest.param((END + DAY,), ["milestones_in_timeline"], id="after the end"),
        ],
    )
    def test_milestones(self, days: tuple[date, ...], found: list[str]) -> None:
        """Milestones are in order and inside the timeline (PC-10)."""
        milestones = [{**POV["milestones"][0], "on": day} for day in days]

        assert obstacles({"poc.milestones": milestones}) == found


MARCH: Final = date(2026, 3, 2)


def timeline(end: int, **more: Any) -> dict[str, Any]:
    """Return the change to a PoC from 2026-03-02 to that day of March."""
    return {
        "poc.start_on": MARCH,
        "poc.end_on": date(2026, 3, end),
        "poc.decision_meeting_on": date(2026, 3, 16),
        "poc.milestones": [{**POV["milestones"][0], "on": MARCH}],
        **{f"poc.{path}": value for path, value in more.items()},
    }


APPROVED: Final = {"special_approval_by": "d-1"}
IN_MARCH: Final = datetime(2026, 3, 1, 9, tzinfo=UTC)


class TestLength:
    """Two weeks, up to four with special approval, never more (PC-8)."""

    @pytest.mark.parametrize(
        ("changes", "found"),
        [
            pytest.param(timeline(16), [], id="to 03-16 it passes"),
            pytest.param(timeline(17), ["length_approved"], id="to 03-17 it needs an approval"),
            pytest.param(timeline(17, **APPROVED), [], id="to 03-17 with one"),
            pytest.param(timeline(30), ["length_approved"], id="to 03-30 it needs an approval"),
            pytest.param(timeline(30, **APPROVED), [], id="to 03-30 with one"),
            pytest.param(timeline(31), ["length"], id="to 03-31 never"),
            pytest.param(timeline(31, **APPROVED), ["length"], id="to 03-31 not with one either"),
        ],
    )
    def test_by_its_end(self, changes: dict[str, Any], found: list[str]) -> None:
        """From 2026-03-02 it depends on the end alone (PC-8)."""
        record = deal("poc.preparing", changes)

        decision = decide(make(), record, "poc.approve", actor=AE, at=IN_MARCH)

        assert [finding.id for finding in decision.obstacles] == found

    def test_the_first_day_can_be_counted(self) -> None:
        """A host that counts both ends needs approval for fourteen days and one (PC-8)."""
        assert set(failing(approval(poc_first_day=1))) == {"length_approved"}

    @given(
        days=st.integers(0, 60),
        approved=st.booleans(),
        first=st.integers(0, 1),
        usual=st.sampled_from([5, 14, 20]),  # each is a process of its own, to be bound
    )
    def test_any_length(self, days: int, approved: Any, first: int, usual: int) -> None:
        """Up to the usual length it passes, up to the longest with an approval (PC-8)."""
        changes = {
            **timeline(16),
            "poc.end_on": MARCH + days * DAY,
            "poc.decision_meeting_on": MARCH,
            "poc.special_approval_by": "d-1" if approved else None,
        }
        bound = make(poc_first_day=first, poc_days_usual=usual)
        record = deal("poc.preparing", changes)

        decision = decide(bound, record, "poc.approve", actor=AE, at=IN_MARCH)

        assert decision.permitted is (days + first <= (28 if approved else usual))

    def test_the_approval_is_given_by_those_who_may(self) -> None:
        """Special approval is a move with a reason, of director or partner manager (PC-8)."""
        long = deal("poc.preparing", {"poc.end_on": START + 28 * DAY})
        bare = decide(make(), long, "poc.approve_length", actor=DIRECTOR, at=NOW)
        seller = decide(make(), long, "poc.approve_length", actor=AE, at=NOW)

        given = moved(long, "approve_length", actor=DIRECTOR, special_approval_reason="Holidays.")

        assert [finding.check.paths for finding in bare.obstacles] == [("special_approval_reason",)]
        assert seller.outcome is Outcome.WRONG_ROLE
        assert (given.poc.stage, given.poc.special_approval_by) == ("preparing", "d-1")
        assert given.poc.special_approval_at == NOW
        assert decide(make(), given, "poc.approve", actor=AE, at=NOW).permitted

    def test_nobody_writes_the_approval_by_hand(self) -> None:
        """A special approval that was typed in is none: the fields are locked (PC-8)."""
        with pytest.raises(EditRefusedError, match="approve_length"):
            change(
                make(),
                deal("poc.preparing"),
                {"poc.special_approval_by": "d-1"},
                actor=AE,
                at=NOW,
            )

    def test_growing_keeps_within_the_bounds(self) -> None:
        """More scope prolongs a PoC no further than an approval could (PC-8, PC-17)."""
        running = deal("poc.running")
        more = {**MORE, "end_on": START + 29 * DAY}

        decision = decide(make(), running, "poc.extend_scope", actor=SE, at=NOW, data=more)

        assert [finding.id for finding in decision.obstacles] == ["length"]


def kind_advice(acv: str | None, oem: Any, kind: str, **more: Any) -> dict[str, Verdict]:
    """Return what is advised against when a proof of that kind is begun for such a deal."""
    rates = more.pop("rates", None)
    record = deal("poc.not_started", {"acv": acv, "is_oem": oem, "poc.kind": kind})
    bound = make(**more)
    decision = decide(bound, record, "poc.prepare", actor=AE, at=NOW, rates=rates)
    assert decision.permitted
    return failing(decision)


SMALL: Final = "self_service_when_small"
MIDDLE: Final = "guided_in_between"
LARGE: Final = "pov_when_large"


class TestFramework:
    """The deal's size says which proof is run (PC-14, PC-15)."""

    @pytest.mark.parametrize(
        ("acv", "oem", "kind", "advice"),
        [
            pytest.param("9999.99 USD", False, "self_service", None, id="below 10,000"),
            pytest.param("9999.99 USD", False, "poc", SMALL, id="a PoC is more than needed"),
            pytest.param("10000 USD", False, "guided_trial", None, id="exactly 10,000 is guided"),
            pytest.param("10000 USD", False, "self_service", MIDDLE, id="and not self-service"),
            pytest.param("10000.01 USD", False, "guided_trial", None, id="above 10,000"),
            pytest.param("100000 USD", False, "guided_trial", None, id="exactly 100,000 is guided"),
            pytest.param("100000 USD", False, "pov", MIDDLE, id="and needs no PoV"),
            pytest.param("100000.01 USD", False, "pov", None, id="above 100,000 a PoV"),
            pytest.param("100000.01 USD", False, "poc", LARGE, id="a PoC is too little"),
            pytest.param("500 USD", True, "pov", None, id="an OEM deal of any size a PoV"),
            pytest.param("500 USD", True, "self_service", LARGE, id="and nothing less"),
        ],
    )
    def test_by_size(self, acv: str, oem: Any, kind: str, advice: str | None) -> None:
        """Below the first limit self-service, up to the second guided, above it a PoV (PC-14)."""
        assert list(kind_advice(acv, oem, kind)) == ([advice] if advice else [])

    @pytest.mark.parametrize(
        ("acv", "kind", "limit"),
        [
            pytest.param("10000 USD", "self_service", "self_service_at_limit", id="10,000"),
            pytest.param("100000 USD", "pov", "pov_at_limit", id="100,000"),
        ],
    )
    def test_the_limits_are_the_hosts(self, acv: str, kind: str, limit: str) -> None:
        """What exactly 10,000 and 100,000 are is a parameter (PC-14)."""
        assert kind_advice(acv, False, kind, **{limit: True}) == {}
        assert list(kind_advice(acv, False, "guided_trial", **{limit: True})) != []
        assert list(kind_advice(acv, False, kind)) == [MIDDLE]

    @given(
        acv=st.one_of(
            st.sampled_from(("9999.99", "10000", "10000.01", "99999.99", "100000", "100000.01")),
            st.integers(0, 200_000).map(str),
        ),
        oem=st.booleans(),
        small=st.booleans(),
        large=st.booleans(),
    )
    def test_each_size_has_one_kind(self, acv: str, oem: Any, small: Any, large: Any) -> None:
        """Whatever the limits are, each deal is advised exactly one kind (PC-14)."""
        kinds = ("self_service", "guided_trial", "pov")
        limits = {"self_service_at_limit": small, "pov_at_limit": large}

        fitting = [kind for kind in kinds if not kind_advice(f"{acv} USD", oem, kind, **limits)]

        assert len(fitting) == 1

    def test_an_unknown_size_is_no_yes(self) -> None:
        """Without a value, or a rate for its currency, the advice is unknown (PC-14)."""
        rates = Rates.of(("EUR", "USD", "2026-06-01", "1.1"))

        assert kind_advice(None, False, "pov")[MIDDLE] is Verdict.UNKNOWN
        assert kind_advice("100000 EUR", False, "guided_trial")[LARGE] is Verdict.UNKNOWN
        assert kind_advice("100000 EUR", False, "pov", rates=rates) == {}

    @pytest.mark.parametrize(
        ("criterion", "level"), [(SMALL, "low"), (MIDDLE, "medium"), (LARGE, "high")]
    )
    def test_each_kind_says_what_it_is_worth(self, criterion: str, level: str) -> None:
        """Levels of relationship and influence, pros and cons stand in its help (PC-15)."""
        track = make().process.tracks["poc"]
        found = next(c for c in track.gates["prepare"].criteria if c.id == criterion)

        assert f"Relationship and influence are {level}" in (found.help or "")
        assert "PC-15" in found.cites
        assert "segment and industry" in (track.help or "")


class TestReadiness:
    """Before a PoV everything is ready; for less nothing of it is asked (PC-13, PC-21)."""

    BLANK: Final = {
        **{f"poc.readiness.{name}": None for name in POV["readiness"]},
        "poc.vendor_team_involved": None,
        "poc.customer_commitment": None,
    }

    def test_a_pov_needs_all_of_it(self) -> None:
        """Ten things are named, then the vendor's team and the commitment (PC-13, PC-21)."""
        record = deal("poc.not_started", {**self.BLANK, "acv": "200000 USD"})

        decision = decide(make(), record, "poc.prepare", actor=AE, at=NOW)

        assert [finding.id for finding in decision.obstacles] == [
            *POV["readiness"],
            "vendor_team",
            "customer_commitment",
        ]

    def test_a_trial_needs_none(self) -> None:
        """A guided trial begins without them (PC-13, PC-21)."""
        record = deal("poc.not_started", {**self.BLANK, "poc.kind": "guided_trial"})

        assert decide(make(), record, "poc.prepare", actor=AE, at=NOW).permitted


MORE: Final = {
    "scope_agreements": {"request": "r-1", "agreed_by": "eva", "in_return": "Signs in July."},
    "success_criteria": {
        "id": "c-2",
        "use_case": "One more test",
        "complete_on": END,
        "request": "r-1",
    },
}


class TestScope:
    """Just one more test is asked for, agreed, and only then added (PC-17)."""

    @pytest.mark.parametrize("stage", ["approved", "running", "following_up", "succeeded"])
    @pytest.mark.parametrize("path", ["success_criteria", "goals", "scope_requests", "end_on"])
    def test_it_is_frozen(self, stage: str, path: str) -> None:
        """Nothing of the scope is edited once the PoC is approved (PC-17)."""
        value = START + 20 * DAY if path == "end_on" else []

        with pytest.raises(EditRefusedError, match="extend_scope"):
            change(make(), deal(f"poc.{stage}"), {f"poc.{path}": value}, actor=SE, at=NOW)

    def test_before_approval_it_is_open(self) -> None:
        """While the document is written criteria come and go (PC-17)."""
        after = change(
            make(), deal("poc.preparing"), {"poc.success_criteria": []}, actor=SE, at=NOW
        )

        assert after.record.poc.success_criteria == ()

    def test_one_more_test(self) -> None:
        """A request is recorded; with an agreement its criterion is added, and counts (PC-17)."""
        running = deal("poc.running", {"poc.scope_requests": []})
        too_soon = decide(make(), running, "poc.extend_scope", actor=SE, at=NOW, data=MORE)
        request = {"id": "r-1", "text": "Single sign-on", "asked_by": "eva"}

        asked = moved(running, "request_scope", scope_requests=request)
        added = moved(asked, "extend_scope", **MORE)

        assert [finding.id for finding in too_soon.obstacles] == ["additions_requested"]
        assert asked.poc.success_criteria == running.poc.success_criteria
        assert asked.poc.scope_requests[0].asked_at == NOW
        assert [criterion.id for criterion in added.poc.success_criteria] == ["c-1", "c-2"]
        assert added.poc.scope_agreements[0].agreed_at == NOW
        assert added.poc.scope_agreements[0].recorded_by == "se-2"
        assert (added.poc.stage, added.poc.all_criteria_reached) == ("running", None)

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ("scope_agreements", "request"),
            ("scope_agreements", "agreed_by"),
            ("success_criteria", "request"),
            ("success_criteria", "complete_on"),
        ],
    )
    def test_what_an_addition_says(self, given: str, field: str) -> None:
        """Without request, agreement or date nothing is added (PC-5, PC-17)."""
        less = {key: value for key, value in MORE[given].items() if key != field}
        data = {**MORE, given: less}

        decision = decide(
            make(), deal("poc.running"), "poc.extend_scope", actor=SE, at=NOW, data=data
        )

        assert not decision.permitted
        assert any(given in path for f in decision.obstacles for path in f.check.paths)

    def test_an_addition_has_an_id_of_its_own(self) -> None:
        """Nothing is added under the id of a criterion that is reached already (PC-17)."""
        data = {**MORE, "success_criteria": {**MORE["success_criteria"], "id": "c-1"}}

        decision = decide(
            make(), deal("poc.running"), "poc.extend_scope", actor=SE, at=NOW, data=data
        )

        assert [finding.id for finding in decision.obstacles] == ["success_criteria_distinct"]

    @pytest.mark.parametrize("field", ["id", "text", "asked_by"])
    def test_what_a_request_says(self, field: str) -> None:
        """A request has its id, what is asked for, and by whom (PC-17)."""
        request = {"id": "r-2", "text": "More", "asked_by": "eva"}
        data = {"scope_requests": {key: request[key] for key in request if key != field}}

        decision = decide(
            make(), deal("poc.running"), "poc.request_scope", actor=SE, at=NOW, data=data
        )

        assert not decision.permitted


#: The way of a PoV, each move with the stage that it leads to.
WAY: Final = (
    ("prepare", "preparing"),
    ("approve", "approved"),
    ("start", "running"),
    ("follow_up", "following_up"),
    ("succeed", "succeeded"),
)


class TestSteps:
    """Prepare, execute, follow up; then a result that the deal's gate reads (PC-16, PC-18)."""

    def test_in_order(self) -> None:
        """A PoV goes through its steps one by one (PC-16)."""
        record = deal("poc.not_started", {"acv": "200000 USD"})
        for trigger, stage in WAY:
            record = moved(record, trigger)
            assert record.poc.stage == stage

        assert (record.poc.result, record.poc.finished_at) == ("succeeded", NOW)

    @pytest.mark.parametrize(
        ("stage", "trigger"),
        [
            (stage, trigger)
            for number, stage in enumerate(("not_started", *(stage for _, stage in WAY)))
            for place, (trigger, _) in enumerate(WAY)
            if place != number
        ],
    )
    def test_no_step_is_left_out(self, stage: str, trigger: str) -> None:
        """No step is taken from another stage than its own (PC-16)."""
        decision = decide(make(), deal(f"poc.{stage}"), f"poc.{trigger}", actor=SE, at=NOW)

        assert decision.outcome in {Outcome.NOT_FROM_HERE, Outcome.TERMINAL}

    def test_a_win_opens_the_deals_gate(self) -> None:
        """A technical win lets the deal that wanted a PoC leave stage 3 (PC-18, MK-19)."""
        begun = deal("poc.following_up", {"discovery.poc_wanted": True})
        before = decide(make(), begun, "start_closing", actor=AE, at=NOW)

        won = moved(begun, "succeed")

        assert [finding.id for finding in before.obstacles] == ["poc_succeeded"]
        assert (won.poc.result, won.poc.stage, won.stage) == ("succeeded", "succeeded", "discovery")
        assert decide(make(), won, "start_closing", actor=AE, at=NOW).permitted

    def test_a_failure_keeps_it_shut(self) -> None:
        """A PoC that failed is no technical win (PC-18)."""
        changes = {"discovery.poc_wanted": True, "poc.results": []}
        failed = settle(make(), deal("poc.running", changes), at=MIDNIGHT).record

        decision = decide(make(), failed, "start_closing", actor=AE, at=MIDNIGHT)

        assert failed.poc.result == "failed"
        assert [finding.id for finding in decision.obstacles] == ["poc_succeeded"]

    @pytest.mark.parametrize("stage", ["preparing", "running", "following_up"])
    def test_no_result_is_typed_in(self, stage: str) -> None:
        """The result comes of the moves, and of nothing else (PC-18)."""
        with pytest.raises(EditRefusedError, match="moves alone"):
            change(make(), deal(f"poc.{stage}"), {"poc.result": "succeeded"}, actor=SE, at=NOW)

    def test_results_are_recorded_while_it_runs(self) -> None:
        """Results are no part of the frozen scope (PC-5)."""
        results = [{"criterion": "c-1", "met": False}]

        after = change(make(), deal("poc.running"), {"poc.results": results}, actor=SE, at=NOW)

        assert after.record.poc.all_criteria_reached is False

    def test_what_the_checklist_asks_of_a_pov_only(self) -> None:
        """Follow-up and objectives are asked of a PoV, not of a PoC (PC-16, PC-20)."""
        blank = {
            **{f"poc.objectives.{name}": None for name in POV["objectives"]},
            "poc.use_cases_confirmed": None,
            "poc.champion_deck_delivered": None,
            "poc.business_value_confirmed": None,
            "poc.mutual_decision_plan": None,
        }
        pov = decide(make(), deal("poc.following_up", blank), "poc.succeed", actor=SE, at=NOW)
        poc = deal("poc.following_up", {**blank, "poc.kind": "poc"})

        assert len(pov.obstacles) == len(blank) == 14
        assert decide(make(), poc, "poc.succeed", actor=SE, at=NOW).permitted

    def test_it_ends_with_the_deal(self) -> None:
        """When the deal is lost, its PoC goes no further."""
        lost = deal("poc.running").model_copy(update={"stage": "closed_lost"})

        assert decide(make(), lost, "poc.follow_up", actor=SE, at=NOW).outcome is Outcome.TERMINAL


class TestEnd:
    """It fails when its end passes with one criterion not reached (PC-18)."""

    @pytest.mark.parametrize("stage", ["approved", "running", "following_up"])
    def test_it_fails_by_itself(self, stage: str) -> None:
        """Through its last day it runs; at midnight, with one criterion open, it fails (PC-18)."""
        record = deal(f"poc.{stage}", {"poc.results": []})

        on_its_last_day = settle(make(), record, at=LAST_DAY)
        after = settle(make(), record, at=MIDNIGHT + DAY)

        assert on_its_last_day.record.poc.stage == stage
        assert (after.record.poc.stage, after.record.poc.result) == ("failed", "failed")
        assert [(event.kind, event.at) for event in after.events] == [
            (EventKind.BREACHED, MIDNIGHT),
            (EventKind.MOVED, MIDNIGHT),
        ]
        assert after.events[-1].actor.role == "clock"

    @pytest.mark.parametrize(
        "results",
        [
            pytest.param([{"criterion": "c-1", "met": True}], id="met without evidence"),
            pytest.param([{"criterion": "c-1", "met": False, "evidence": "log"}], id="not met"),
            pytest.param([{"criterion": "c-0", "met": True, "evidence": "log"}], id="another one"),
        ],
    )
    def test_not_reached(self, results: list[dict[str, Any]]) -> None:
        """A criterion that is met without evidence is not reached (PC-5, PC-18)."""
        record = deal("poc.running", {"poc.results": results})

        assert settle(make(), record, at=MIDNIGHT).record.poc.stage == "failed"

    @given(
        reached=st.lists(st.booleans(), min_size=1, max_size=4),
        seconds=st.integers(-90_000, 900_000),
    )
    def test_at_any_time(self, reached: list[bool], seconds: int) -> None:
        """It has failed if and only if its end passed with a criterion not reached (PC-18)."""
        criteria = [{"id": f"c-{n}", "use_case": "A call"} for n, _ in enumerate(reached)]
        results = [
            {"criterion": f"c-{n}", "met": met, "evidence": "log"} for n, met in enumerate(reached)
        ]
        running = deal("poc.running", {"poc.success_criteria": criteria, "poc.results": results})

        found = settle(make(), running, at=MIDNIGHT + timedelta(seconds=seconds)).record

        assert (found.poc.stage == "failed") is (seconds >= 0 and not all(reached))

    def test_reached_it_goes_on(self) -> None:
        """With all criteria reached its end passes, and the follow-up can still win (PC-18)."""
        record = settle(make(), deal("poc.running"), at=MIDNIGHT + DAY).record

        assert record.poc.stage == "running"
        for trigger in ("follow_up", "succeed"):
            record = apply(make(), record, f"poc.{trigger}", actor=SE, at=MIDNIGHT + DAY).record
        assert record.poc.result == "succeeded"

    def test_a_later_end_counts(self) -> None:
        """An end that moved with an agreed extension is the one that counts (PC-17, PC-18)."""
        running = deal("poc.running", {"poc.special_approval_by": "d-1"})
        longer = moved(running, "extend_scope", **MORE, end_on=END + 7 * DAY)

        assert settle(make(), longer, at=MIDNIGHT + 6 * DAY).record.poc.stage == "running"
        assert settle(make(), longer, at=MIDNIGHT + 7 * DAY).record.poc.stage == "failed"

    def test_a_draft_does_not_fail(self) -> None:
        """A document that nobody approved fails nothing, and new dates count (PC-18)."""
        draft = settle(make(), deal("poc.preparing", {"poc.results": []}), at=MIDNIGHT).record
        later = {
            "poc.start_on": END + DAY,
            "poc.end_on": END + 10 * DAY,
            "poc.decision_meeting_on": END + 10 * DAY,
            "poc.milestones": [],
        }
        renewed = change(make(), draft, later, actor=SE, at=MIDNIGHT + DAY).record

        assert draft.poc.stage == "preparing"
        running = renewed.model_copy(
            update={"poc": renewed.poc.model_copy(update={"stage": "running"})}
        )
        assert settle(make(), running, at=MIDNIGHT + 10 * DAY).record.poc.stage == "failed"

    def test_days_of_grace(self) -> None:
        """A host may wait for late results; people may fail it meanwhile (PC-18)."""
        bound = make(poc_grace_days=2)
        record = deal("poc.running", {"poc.results": []})
        early = decide(bound, record, "poc.fail", actor=SE, at=LAST_DAY)

        assert [finding.id for finding in early.obstacles] == ["time_is_up"]
        assert decide(bound, record, "poc.fail", actor=SE, at=MIDNIGHT).permitted
        assert settle(bound, record, at=MIDNIGHT + DAY).record.poc.stage == "running"
        assert settle(bound, record, at=MIDNIGHT + 2 * DAY).record.poc.stage == "failed"

    @pytest.mark.parametrize("desk", DESKS.values(), ids=DESKS)
    @pytest.mark.parametrize("store", [MemoryStore, lambda: SqliteStore(":memory:")])
    def test_a_tick_fails_it(self, desk: Any, store: Any) -> None:
        """Whoever ticks after the end finds it failed, with either desk and store (PC-18)."""
        kept = store()
        served = desk([make()], kept)
        changes = {"acv": "200000 USD", "poc.results": []}
        served.open(deal(changes=changes), actor=PARTNER, at=NOW)
        for trigger, _ in WAY[:3]:
            served.move("o-1", f"poc.{trigger}", actor=SE, at=NOW)

        ticked = served.tick(at=MIDNIGHT)

        assert ticked.failed == ()
        assert served.load("o-1").poc.stage == "failed"
        getattr(kept, "close", lambda: None)()


class TestGuidance:
    """What is guidance is offered, and binds nobody (PC-22 to PC-24, PC-26)."""

    @pytest.mark.parametrize(
        ("cite", "criteria"),
        [
            ("PC-22", {"current_state", "future_state", "business_imperatives", "gap"}),
            ("PC-23", {"outcomes", "proposed_solution"}),
            (
                "PC-24",
                {
                    "executives_engaged",
                    "middle_managers_engaged",
                    "participants_engaged",
                    "decision_makers_engaged",
                },
            ),
        ],
    )
    def test_a_section_says_what_it_answers(self, cite: str, criteria: set[str]) -> None:
        """Each section and each category says what it is there for (PC-22, PC-23, PC-24)."""
        gate = make().process.tracks["poc"].gates["approve"]
        found = {criterion.id: criterion for criterion in gate.criteria if cite in criterion.cites}

        assert set(found) == criteria
        assert all(criterion.help for criterion in found.values())

    @pytest.mark.parametrize(
        ("path", "advice"),
        [
            ("discovery.pain_points", "pain_heard"),
            ("discovery.technologies", "technologies_heard"),
        ],
    )
    def test_what_is_heard_is_recorded(self, path: str, advice: str) -> None:
        """Pain and technologies that nobody wrote down are advice, no obstacle (PC-26)."""
        record = deal("poc.not_started", {"acv": "200000 USD", path: []})

        decision = decide(make(), record, "poc.prepare", actor=AE, at=NOW)

        assert decision.permitted
        assert [finding.id for finding in decision.advice] == [advice]
