"""What clocks have due is applied first: each once, at its own instant, whoever ticks and when."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.calendars import Calendar
from cosell.definition import parse_process
from cosell.engine import (
    CLOCK,
    Bound,
    Outcome,
    WrongProcessError,
    adopt,
    apply,
    bind,
    decide,
    fold,
    next_due_at,
    open_record,
    read_clocks,
    settle,
)
from cosell.engine.settle import RunawayClocksError
from cosell.errors import (
    CalendarExhaustedError,
    InvalidDataError,
    NaiveDatetimeError,
    OutOfOrderError,
)
from cosell.events import EventKind
from cosell.models import Opportunity
from process_samples import BOSS, DAY, NOON, PARTNER, RICH, SELLER, TINY, bound_of

PRAGUE = ZoneInfo("Europe/Prague")
HOUR = timedelta(hours=1)
GIVEN = {"owner": "s-9", "registration.reason": "A fit."}


@cache
def rich() -> Bound:
    return bound_of(RICH)


def opened(at: datetime = NOON, **fields: Any) -> Opportunity:
    """Return a deal that was registered at ``at``."""
    content = {"id": "o-1", "acv": "1 USD", "customer": {"domain": "acme.example"}, **fields}
    record = Opportunity.model_validate({**content, "registration": {"submitted_by": "p-7"}})
    return open_record(rich(), record, actor=PARTNER, at=at).record


#: Registered on Friday afternoon before Christmas (MK-13).
FRIDAY = datetime(2026, 12, 18, 15, tzinfo=PRAGUE)
#: Five working days later, at the close: 24 to 26 December are holidays.
DUE = datetime(2026, 12, 29, 17, tzinfo=PRAGUE)


class TestAnswer:
    """The five working days of MK-13, in the engine."""

    def test_it_is_due_after_christmas_at_the_close(self) -> None:
        """Holidays and weekends do not count."""
        answer = read_clocks(rich(), opened(FRIDAY), at=FRIDAY)[0]

        assert (answer.due_on, answer.due_at) == (date(2026, 12, 29), DUE)

    def test_at_the_very_instant_it_is_in_time(self) -> None:
        """An answer at the close is in time."""
        decision = decide(rich(), opened(FRIDAY), "accept", actor=SELLER, at=DUE, data=GIVEN)

        assert decision.permitted

    def test_an_hour_after_an_expiry_that_nobody_ticked_is_out_of_time(self) -> None:
        """The answer never depends on whether somebody ticked."""
        record, late = opened(FRIDAY), DUE + HOUR
        question = {"actor": SELLER, "at": late, "data": GIVEN}
        untouched = decide(rich(), record, "accept", **question)
        ticked = decide(rich(), settle(rich(), record, at=late).record, "accept", **question)

        assert untouched.outcome is Outcome.OUT_OF_TIME
        assert untouched.record.stage == "expired"
        assert ticked.outcome is Outcome.TERMINAL
        assert not ticked.permitted
        assert [each.id for each in untouched.obstacles] == ["clock_answer", "within_answer"]

    def test_a_calendar_that_ends_raises_instead_of_guessing(self) -> None:
        """A start after Christmas needs days of the year after."""
        ends = Calendar.from_holidays(
            "CZ",
            tz="Europe/Prague",
            hours="09:00-17:00",
            covers=(date(2026, 1, 1), date(2026, 12, 31)),
        )
        bound = bind(parse_process(RICH), record=Opportunity, calendars={"office": ends})
        late = datetime(2026, 12, 26, 12, tzinfo=PRAGUE)
        record = open_record(bound, Opportunity(id="o-1"), actor=PARTNER, at=late).record

        with pytest.raises(CalendarExhaustedError):
            settle(bound, record, at=late + HOUR)
        with pytest.raises(CalendarExhaustedError):
            decide(bound, record, "accept", actor=SELLER, at=late + HOUR)


class TestSettle:
    """Steps, breaches and the moves they cause."""

    def test_each_is_dated_at_its_own_instant(self) -> None:
        """The warning, the breach, and the move it asks for, by the actor ``clock``."""
        done = settle(rich(), opened(FRIDAY), at=DUE + 30 * DAY)

        assert [(event.kind, event.step, event.target) for event in done.events] == [
            (EventKind.STEPPED, "soon", None),
            (EventKind.BREACHED, None, None),
            (EventKind.MOVED, None, "expired"),
        ]
        assert done.events[1].at == done.events[2].at == DUE
        assert done.events[0].at < DUE
        assert {event.actor for event in done.events} == {CLOCK}
        assert done.events[2].clock == "answer"
        assert done.record.closed_at == DUE

    def test_their_effects_are_numbered_by_their_events(self) -> None:
        """The step warns, the breach tells, the move warns."""
        done = settle(rich(), opened(FRIDAY), at=DUE + HOUR)

        assert [(effect.id, effect.kind, effect.to) for effect in done.effects] == [
            ("o-1/2/1", "warn", "seller"),
            ("o-1/3/1", "tell", "boss"),
            ("o-1/4/1", "warn", "boss"),
        ]

    def test_the_record_is_the_fold_of_what_was_settled(self) -> None:
        """Events of clocks are events like all others."""
        record = Opportunity.model_validate({"id": "o-1"})
        first = open_record(rich(), record, actor=PARTNER, at=FRIDAY)
        done = settle(rich(), first.record, at=DUE + HOUR)

        assert fold(Opportunity, [*first.events, *done.events]) == done.record

    def test_nothing_is_due_before_its_time(self) -> None:
        """A settled record without anything due is the given one."""
        record = opened(FRIDAY)
        done = settle(rich(), record, at=FRIDAY + HOUR)

        assert (done.record, done.events, done.effects) == (record, (), ())

    def test_a_move_comes_after_what_was_due(self) -> None:
        """Losing a deal that expired is refused; before that it is one commit with the warning."""
        soon = DUE - HOUR
        lost = apply(
            rich(), opened(FRIDAY), "lose", actor=SELLER, at=soon, data={"closed_reason": "x"}
        )

        assert [event.kind.value for event in lost.events] == ["stepped", "moved"]
        assert lost.event.at == soon

    @given(st.lists(st.integers(0, 60 * 24), max_size=6))
    def test_it_does_not_matter_who_ticked_when(self, hours: list[int]) -> None:
        """Settling often, in whatever steps, gives what settling once gives."""
        end = FRIDAY + 60 * DAY
        record = opened(FRIDAY)
        once = settle(rich(), record, at=end)
        events: list[Any] = []
        for hour in sorted(hours):
            done = settle(rich(), record, at=FRIDAY + hour * HOUR)
            record, events = done.record, [*events, *done.events]
        last = settle(rich(), record, at=end)

        assert last.record == once.record
        assert (*events, *last.events) == once.events
        assert settle(rich(), last.record, at=end).events == ()
        assert next_due_at(rich(), last.record, at=end) is None

    def test_a_move_that_its_gate_refuses_stays_undone(self) -> None:
        """The breach stands, and the record stays where it is."""
        bound = bound_of(
            TINY + '[[gates.g.criteria]]\nid = "named"\nneed = "recorded(name)"\nremedy = "x"\n'
            '[[transitions]]\ntrigger = "end"\nsource = "fresh"\ntarget = "won"\n'
            'roles = ["clock"]\ngates = ["g"]\n'
            '[[clocks]]\nid = "c"\nallowance = 1\nunit = "elapsed_hours"\n'
            'start = ["entered(\'fresh\')"]\non_breach = { trigger = "end" }\n'
        )
        record = open_record(bound, Opportunity(id="o-1"), actor=SELLER, at=NOON).record
        named = open_record(bound, Opportunity(id="o-1", name="x"), actor=SELLER, at=NOON).record

        stays = settle(bound, record, at=NOON + DAY)
        assert [event.kind.value for event in stays.events] == ["breached"]
        assert stays.record.stage == "fresh"
        assert settle(bound, named, at=NOON + DAY).record.stage == "won"

    def test_a_breach_that_asks_for_nothing_is_noted(self) -> None:
        """A clock without a trigger leaves the record where it is."""
        bound = bound_of(
            TINY + '[[clocks]]\nid = "c"\nallowance = 1\nunit = "elapsed_hours"\n'
            "start = [\"entered('fresh')\"]\n"
        )
        record = open_record(bound, Opportunity(id="o-1"), actor=SELLER, at=NOON).record
        done = settle(bound, record, at=NOON + DAY)

        assert (done.event.kind, done.event.at) == (EventKind.BREACHED, NOON + HOUR)

    def test_of_two_at_one_instant_the_first_in_the_file_comes_first(self) -> None:
        """Main line and tracks alike."""
        clock = (
            '[[clocks]]\nid = "{id}"\nallowance = {hours}\nunit = "elapsed_hours"\n'
            "start = [\"entered('fresh')\"]\n"
        )
        hours = {"c": 2, "b": 1, "a": 2}
        text = TINY + "".join(clock.format(id=name, hours=each) for name, each in hours.items())
        bound = bound_of(text)
        record = open_record(bound, Opportunity(id="o-1"), actor=SELLER, at=NOON).record

        assert [e.clock for e in settle(bound, record, at=NOON + DAY).events] == ["b", "c", "a"]

    def test_clocks_that_set_each_other_off_end_in_an_error(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A bounded number of steps, and not a hang."""
        monkeypatch.setattr(import_module("cosell.engine.settle"), "_MOST", 50)
        clock = (
            '[[clocks]]\nid = "{here}"\nallowance = 0\nunit = "elapsed_hours"\n'
            'start = ["entered(\'{here}\')"]\non_breach = {{ trigger = "flip" }}\n'
            'inclusive = false\n[[transitions]]\ntrigger = "flip"\nsource = "{here}"\n'
            'target = "{there}"\nroles = ["clock"]\n'
        )
        bound = bound_of(
            TINY + clock.format(here="fresh", there="mid") + clock.format(here="mid", there="fresh")
        )
        record = open_record(bound, Opportunity(id="o-1"), actor=SELLER, at=NOON).record
        with pytest.raises(RunawayClocksError) as caught:
            settle(bound, record, at=NOON + DAY)

        assert (caught.value.record_id, caught.value.at) == ("o-1", NOON + DAY)
        assert "50 steps" in str(caught.value)


class TestTracks:
    """A track's clocks run beside the main line's, and end with it."""

    def drafted(self) -> Opportunity:
        """Return a deal whose delivery plan was drafted at noon."""
        content = {"id": "o-1", "acv": "1 USD", "mdp": {"prepared_with_customer": True}}
        record = Opportunity.model_validate(content)
        adopted = adopt(rich(), record, stage="accepted", actor=SELLER, at=NOON).record
        return apply(rich(), adopted, "mdp.draft", actor=SELLER, at=NOON).record

    def test_a_breach_moves_the_part(self) -> None:
        """After 48 hours an idle draft is dropped; the deal stays."""
        done = settle(rich(), self.drafted(), at=NOON + 3 * DAY)

        assert [(event.kind.value, event.track) for event in done.events] == [
            ("breached", "mdp"),
            ("moved", "mdp"),
        ]
        assert (done.record.stage, done.record.mdp.stage) == ("accepted", "dropped")

    def test_the_part_is_too_late_where_its_clock_moved_it(self) -> None:
        """The reason names the clock of the track."""
        decision = decide(rich(), self.drafted(), "mdp.agree", actor=SELLER, at=NOON + 3 * DAY)

        assert decision.outcome is Outcome.OUT_OF_TIME
        assert decision.obstacles[0].check.paths == ("draft_age.due_at",)

    def test_it_ends_with_the_main_line(self) -> None:
        """After the deal is lost the draft has no clock any more."""
        lost = apply(
            rich(), self.drafted(), "lose", actor=SELLER, at=NOON, data={"closed_reason": "x"}
        ).record

        assert settle(rich(), lost, at=NOON + 30 * DAY).events == ()
        assert [reading.clock for reading in read_clocks(rich(), lost, at=NOON)] == ["answer"]
        assert next_due_at(rich(), lost, at=NOON) is None


class TestMistakes:
    """Settling and reading are asked for as everything else is."""

    @pytest.mark.parametrize("ask", [settle, read_clocks, next_due_at])
    def test_what_is_given_is_checked(self, ask: Any) -> None:
        """The moment has a zone, the record is the process's own, the facts are declared."""
        with pytest.raises(NaiveDatetimeError):
            ask(rich(), opened(), at=NOON.replace(tzinfo=None))
        with pytest.raises(WrongProcessError):
            ask(rich(), Opportunity(id="o-1"), at=NOON)
        with pytest.raises(InvalidDataError, match="no fact `x`"):
            ask(rich(), opened(), at=NOON, facts={"x": 1})

    def test_a_move_is_not_dated_before_what_a_clock_did(self) -> None:
        """What was settled stands; nobody comes before it."""
        record = settle(rich(), opened(FRIDAY), at=DUE - HOUR).record

        with pytest.raises(OutOfOrderError):
            apply(
                rich(), record, "accept", actor=SELLER, at=FRIDAY + timedelta(minutes=1),
                data=GIVEN,
            )  # fmt: skip

    def test_what_a_transition_writes_stops_no_clock_in_time(self) -> None:
        """Nobody is in time by dating an answer back."""
        bound = bound_of(
            TINY.replace(
                'target = "mid"',
                'target = "mid"\nwithin = ["c"]\ninputs = [{ path = "decided_at" }]',
            )
            + '[[clocks]]\nid = "c"\nallowance = 1\nunit = "elapsed_hours"\n'
            'start = ["entered(\'fresh\')"]\nstop = ["decided_at"]\n'
        )
        record = open_record(bound, Opportunity(id="o-1"), actor=SELLER, at=NOON).record
        decision = decide(
            bound, record, "go", actor=SELLER, at=NOON + DAY, data={"decided_at": NOON}
        )

        assert decision.outcome is Outcome.OUT_OF_TIME

    def test_a_process_without_clocks_has_nothing_due(self) -> None:
        """Settling it gives the record."""
        record = Opportunity(id="o-1", stage="fresh")

        assert settle(bound_of(TINY), record, at=NOON).record is record
        assert next_due_at(bound_of(TINY), record, at=NOON) is None


def test_an_override_does_not_turn_back_time() -> None:
    """The boss cannot accept what has expired."""
    decision = decide(
        rich(), opened(FRIDAY), "accept", actor=BOSS, at=DUE + HOUR, data=GIVEN, override="Please."
    )

    assert decision.outcome is Outcome.OUT_OF_TIME
