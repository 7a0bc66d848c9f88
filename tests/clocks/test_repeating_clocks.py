"""Clocks that run again and again: at their end, or with the answer, until they are cancelled."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clock_samples import (
    SOMEBODY,
    Deal,
    compiled,
    deal,
    elapsed,
    entry,
    moved,
    opened,
    paused,
    prague,
    resumed,
)
from cosell.clocks import ClockState, CompiledClock, read_clock, steps_due
from cosell.errors import CalendarError
from cosell.events import TrailEntry

WEEK: dict[str, Any] = {
    "calendar": None,
    "unit": "calendar_days",
    "ends": "day",
    "allowance": 7,
    "stop": ["moved('look')"],
    "cancel": ["entered('won')"],
}
MONDAY = "2026-11-02T12:00"


def weekly(repeats: str = "from_end", **changes: Any) -> CompiledClock:
    """Return a clock of seven days that repeats."""
    return compiled(**{**WEEK, "repeats": repeats, **changes})


def looked(at: str) -> dict[str, Any]:
    """Return the line of an answer."""
    return moved(at, "registered", trigger="look")


def settled(clock: CompiledClock, record: Deal, at: datetime) -> Deal:
    """Return a record with everything that is due in its trail, one thing after the other."""
    while due := steps_due(clock, record, at=at):
        first = due[0]
        line = TrailEntry(
            seq=record.version + 1,
            kind=first.kind,
            at=first.at,
            actor=SOMEBODY,
            clock=first.clock,
            step=first.step,
        )
        trail = (*record.trail, line)
        record = record.model_copy(update={"trail": trail, "version": len(trail)})
    return record


def runs(clock: CompiledClock, record: Deal, *days: str) -> list[tuple[int, int, str, str]]:
    """Return number, missed runs, state and due day at noon of each day."""
    readings = [read_clock(clock, record, at=prague(f"{day}T12:00")) for day in days]
    return [(it.number, it.missed, it.state.value, str(it.due_on)) for it in readings]


class TestFromEnd:
    """The next run begins at the end of this one, however early the answer came. MS-20."""

    def test_periods_lie_end_to_end(self) -> None:
        """An answer meets its period; the next one has its own, from the end of the first."""
        record = deal(opened(MONDAY), looked("2026-11-03T10:00"), looked("2026-11-12T10:00"))

        assert runs(weekly(), record, "2026-11-02", "2026-11-05", "2026-11-10", "2026-11-13") == [
            (1, 0, "running", "2026-11-09"),
            (1, 0, "met", "2026-11-09"),
            (2, 0, "running", "2026-11-16"),
            (2, 0, "met", "2026-11-16"),
        ]

    def test_a_missed_period_is_counted(self) -> None:
        """Without an answer the next period begins all the same, and says how many were missed."""
        record = deal(opened(MONDAY))

        assert runs(weekly(), record, "2026-11-09", "2026-11-10", "2026-11-30", "2026-12-01") == [
            (1, 0, "running", "2026-11-09"),
            (2, 1, "running", "2026-11-16"),
            (4, 3, "running", "2026-11-30"),
            (5, 4, "running", "2026-12-07"),
        ]

    def test_an_answer_ends_the_count(self) -> None:
        """After an answer in time nothing was missed in a row."""
        record = deal(opened(MONDAY), looked("2026-11-18T10:00"))

        assert runs(weekly(), record, "2026-11-17", "2026-11-24") == [
            (3, 2, "running", "2026-11-23"),
            (4, 0, "running", "2026-11-30"),
        ]

    def test_each_missed_period_is_a_breach_of_its_own(self) -> None:
        """However late one looks, each breach is dated at its own end, and comes once."""
        clock, record = weekly(), deal(opened(MONDAY))
        late = prague("2026-11-24T12:00")

        assert [str(due.at) for due in steps_due(clock, record, at=late)] == [
            "2026-11-09 23:00:00+00:00",
            "2026-11-16 23:00:00+00:00",
            "2026-11-23 23:00:00+00:00",
        ]
        assert steps_due(clock, settled(clock, record, late), at=late) == ()

    def test_a_start_does_not_disturb_it(self) -> None:
        """Coming to the starting stage again begins nothing anew, answered or not."""
        record = deal(
            opened(MONDAY), looked("2026-11-04T10:00"), moved("2026-11-05T10:00", "registered")
        )

        assert runs(weekly(), record, "2026-11-06") == [(1, 0, "met", "2026-11-09")]

    def test_a_restart_begins_a_row_anew(self) -> None:
        """A restart is the first run again, and what was owed before is forgotten."""
        record = deal(opened(MONDAY), moved("2026-11-20T10:00", "registered", trigger="again"))
        clock = weekly(restart=["moved('again')"])

        assert runs(clock, record, "2026-11-21") == [(1, 0, "running", "2026-11-27")]
        assert steps_due(clock, record, at=prague("2026-11-21T12:00")) == ()

    def test_a_cancellation_ends_it(self) -> None:
        """After the cancellation nothing begins any more, until it is started."""
        record = deal(opened(MONDAY), moved("2026-11-11T10:00", "won"))
        again = deal(
            opened(MONDAY),
            moved("2026-11-11T10:00", "won"),
            moved("2027-01-04T10:00", "registered"),
        )

        assert runs(weekly(), record, "2027-01-01") == [(2, 1, "cancelled", "2026-11-16")]
        assert runs(weekly(), again, "2027-01-05") == [(1, 0, "running", "2027-01-11")]

    def test_a_cancellation_after_an_answer_ends_it_too(self) -> None:
        """Cancelled while it waits for the next period, none begins; a start begins it anew."""
        record = deal(opened(MONDAY), looked("2026-11-03T10:00"), moved("2026-11-04T10:00", "won"))
        again = deal(
            opened(MONDAY),
            looked("2026-11-03T10:00"),
            moved("2026-11-04T10:00", "won"),
            moved("2027-01-04T10:00", "registered"),
        )

        assert runs(weekly(), record, "2026-11-05", "2027-01-01") == [
            (1, 0, "met", "2026-11-09"),
            (1, 0, "met", "2026-11-09"),
        ]
        assert steps_due(weekly(), record, at=prague("2027-01-01T12:00")) == ()
        assert read_clock(weekly(), record, at=prague("2026-11-05T12:00")).next_at is None
        assert runs(weekly(), again, "2027-01-05") == [(1, 0, "running", "2027-01-11")]

    def test_when_to_look_again_while_it_waits_for_the_next_period(self) -> None:
        """A period that has its answer looks ahead to the end of the next one."""
        record = deal(opened(MONDAY), looked("2026-11-03T10:00"))
        reading = read_clock(weekly(), record, at=prague("2026-11-04T12:00"))

        assert str(reading.next_at) == "2026-11-16 23:00:00+00:00"

    def test_a_pause_moves_the_periods_after_it(self) -> None:
        """A paused period ends later, and the next one begins there."""
        record = deal(opened(MONDAY), paused("2026-11-03T10:00"), resumed("2026-11-05T10:00"))

        assert runs(weekly(), record, "2026-11-10", "2026-11-12") == [
            (1, 0, "running", "2026-11-11"),
            (2, 1, "running", "2026-11-18"),
        ]

    def test_an_open_pause_stops_the_row(self) -> None:
        """While it is paused no period ends, and none begins."""
        record = deal(opened(MONDAY), paused("2026-11-12T10:00"))

        assert runs(weekly(), record, "2026-12-24") == [(2, 1, "paused", "None")]

    def test_a_stage_holds_the_periods_that_begin_in_it(self) -> None:
        """A period that begins while a stage holds the clock stands still from its start."""
        clock = weekly(pause_while=["on_hold"])
        record = deal(
            opened(MONDAY), looked("2026-11-03T10:00"), moved("2026-11-05T10:00", "on_hold")
        )

        assert runs(clock, record, "2026-11-06", "2026-11-20") == [
            (1, 0, "met", "2026-11-09"),
            (2, 0, "paused", "None"),
        ]

    def test_months_clip_once(self) -> None:
        """Monthly from 31 January: the end of each month, not ever earlier days. MS-20."""
        clock = weekly(allowance="1 month")
        record = deal(opened("2027-01-31T12:00"))

        assert [
            due for *_, due in runs(clock, record, "2027-02-01", "2027-03-02", "2027-04-02")
        ] == [
            "2027-02-28",
            "2027-03-31",
            "2027-04-30",
        ]

    def test_months_after_a_pause(self) -> None:
        """After a pause the row counts its months from where it went on."""
        clock = weekly(allowance="1 month")
        record = deal(
            opened("2027-01-31T12:00"), paused("2027-02-01T12:00"), resumed("2027-02-03T12:00")
        )

        assert [
            due for *_, due in runs(clock, record, "2027-02-10", "2027-03-03", "2027-04-03")
        ] == [
            "2027-03-02",
            "2027-04-02",
            "2027-05-02",
        ]

    def test_hours_repeat_at_instants(self) -> None:
        """An inclusive run can be answered at its very end; the next one begins there."""
        clock = elapsed(
            allowance=24, repeats="from_end", stop=["moved('look')"], cancel=["entered('won')"]
        )
        record = deal(opened(MONDAY), looked("2026-11-03T12:00"))

        at = prague("2026-11-03T12:00")
        assert read_clock(clock, record, at=at).state is ClockState.MET
        after = read_clock(clock, record, at=at + timedelta(microseconds=1))
        assert (after.number, after.missed, after.due_at) == (2, 0, prague("2026-11-04T12:00"))

    def test_what_was_before_the_adoption_is_owed_by_nobody(self) -> None:
        """A record that is brought in with its history gets no breaches of long ago."""
        record = deal(opened(MONDAY), entry("adopted", "2026-11-26T12:00", target="registered"))
        due = steps_due(weekly(), record, at=prague("2026-12-01T12:00"))

        assert [str(each.at) for each in due] == ["2026-11-30 23:00:00+00:00"]


class TestFromAnswer:
    """The next run begins with the answer: a window that rolls. QL-26."""

    def test_each_answer_gives_the_whole_time_again(self) -> None:
        """An answer is the start of the next run, from that day on."""
        record = deal(opened(MONDAY), looked("2026-11-05T10:00"), looked("2026-11-08T10:00"))

        assert runs(weekly("from_answer"), record, "2026-11-04", "2026-11-06", "2026-11-09") == [
            (1, 0, "running", "2026-11-09"),
            (2, 0, "running", "2026-11-12"),
            (3, 0, "running", "2026-11-15"),
        ]

    def test_without_an_answer_it_goes_on_at_its_end(self) -> None:
        """A run that nobody answered is followed at its end."""
        record = deal(opened(MONDAY), looked("2026-11-20T10:00"))

        assert runs(weekly("from_answer"), record, "2026-11-19", "2026-11-21") == [
            (3, 2, "running", "2026-11-23"),
            (4, 0, "running", "2026-11-27"),
        ]

    def test_a_reminder_that_nobody_sent_is_owed(self) -> None:
        """What came before the answer and is not in the trail is due, once."""
        clock = weekly("from_answer", steps=[{"id": "ask", "offset": -5}])
        record = deal(opened(MONDAY), looked("2026-11-06T10:00"))
        at = prague("2026-11-07T12:00")

        assert [(due.step, str(due.at)) for due in steps_due(clock, record, at=at)] == [
            ("ask", "2026-11-04 23:00:00+00:00")
        ]
        assert str(read_clock(clock, record, at=at).next_at) == "2026-11-04 23:00:00+00:00"
        assert steps_due(clock, settled(clock, record, at), at=at) == ()

    def test_a_step_after_the_end_gives_way_to_the_next_run(self) -> None:
        """What would come after the end belongs to a run that is no longer there."""
        clock = weekly("from_end", steps=[{"id": "later", "offset": 2}])
        due = steps_due(clock, deal(opened(MONDAY)), at=prague("2026-11-17T12:00"))

        assert [each.step for each in due] == [None, None]

    def test_an_activity_restarts_a_window(self) -> None:
        """A rolling window restarts at each activity that a field records."""
        clock = compiled(
            **{**WEEK, "stop": [], "restart": ["answered_at"], "start": ["entered('registered')"]}
        )
        quiet = deal(opened(MONDAY))
        active = deal(opened(MONDAY), answered_at=prague("2026-11-08T10:00"))

        assert read_clock(clock, quiet, at=prague("2026-11-10T12:00")).overdue
        assert read_clock(clock, active, at=prague("2026-11-10T12:00")).due_on == date(2026, 11, 15)


def test_a_clock_that_nobody_cancelled() -> None:
    """After ten thousand runs without anything happening it is an error, and no hang."""
    clock = elapsed(allowance=1, repeats="from_end", cancel=["entered('won')"])
    record = deal(opened(datetime(2000, 1, 1, tzinfo=UTC)))

    with pytest.raises(CalendarError, match="has run 10000 times by itself"):
        read_clock(clock, record, at=datetime(2026, 1, 1, tzinfo=UTC))


def test_it_says_which_run_it_is() -> None:
    """An explanation names the run, and what was missed."""
    clock = weekly("from_answer")
    second = read_clock(clock, deal(opened(MONDAY)), at=prague("2026-11-10T12:00"))
    answered = deal(opened(MONDAY), looked("2026-11-03T10:00"))

    assert second.explain()[1] == "run 2, 1 before it without an answer"
    assert read_clock(clock, answered, at=prague("2026-11-04T12:00")).explain()[1] == "run 2"


@given(
    st.sampled_from(["from_end", "from_answer"]),
    st.lists(st.integers(1, 60 * 24), max_size=8, unique=True),
    st.lists(st.integers(0, 70 * 24), min_size=1, max_size=6),
)
def test_settling_a_repeating_clock_is_idempotent_and_free_of_order(
    repeats: str, answers: list[int], ticks: list[int]
) -> None:
    """Whoever looks, however often: the same breaches and steps, each once. Time 9."""
    clock = weekly(repeats, steps=[{"id": "half", "at": "0.5"}, {"id": "ask", "offset": -1}])
    start = prague(MONDAY)
    lines = [moved(start + timedelta(hours=each), "registered", trigger="look") for each in answers]
    record = deal(opened(start), *sorted(lines, key=lambda line: line["at"]))
    last = start + timedelta(days=80)

    often = record
    for ahead in sorted(ticks):
        often = settled(clock, often, start + timedelta(hours=ahead))
    often, once = settled(clock, often, last), settled(clock, record, last)

    assert _happened(often) == _happened(once)
    assert steps_due(clock, once, at=last) == ()


def _happened(record: Deal) -> list[tuple[Any, ...]]:
    return sorted(
        (line.at, line.kind, line.step or "") for line in record.trail if line.clock is not None
    )
