"""Pauses by people and by stages: what they take away, and what they leave."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from clock_samples import (
    compiled,
    deal,
    elapsed,
    moved,
    opened,
    paused,
    prague,
    resumed,
)
from cosell.calendars import Calendar
from cosell.clocks import ClockState, read_clock
from cosell.errors import CalendarExhaustedError

HOUR = timedelta(hours=1)
REGISTERED = "2026-12-18T15:00"
FAR = prague("2028-01-01T00:00")


class TestPauses:
    """Pauses are half-open intervals with reasons. Time 7."""

    def test_a_paused_clock_of_business_days(self) -> None:
        """Paused from the 21st to the 23rd at 17:00, five days end on the 31st. MK-13."""
        record = deal(opened(REGISTERED), paused("2026-12-21T17:00"), resumed("2026-12-23T17:00"))

        reading = read_clock(compiled(), record, at=prague("2026-12-24T00:00"))

        assert reading.due_at == prague("2026-12-31T17:00")
        assert reading.consumed == 1

    @pytest.mark.parametrize(
        ("begin", "end", "due_on"),
        [
            pytest.param("2026-12-21T00:00", "2026-12-22T00:00", "2026-12-30", id="a whole day"),
            pytest.param("2026-12-21T09:00", "2026-12-21T16:59", "2026-12-29", id="not its end"),
            pytest.param("2026-12-21T17:00", "2026-12-22T17:00", "2026-12-30", id="its very end"),
            pytest.param("2026-12-21T17:01", "2026-12-22T16:59", "2026-12-29", id="one night"),
            pytest.param("2026-12-19T00:00", "2026-12-21T00:00", "2026-12-29", id="a weekend"),
            pytest.param("2026-12-18T16:00", "2026-12-18T18:00", "2026-12-29", id="day 0"),
        ],
    )
    def test_a_business_day_is_consumed_if_the_clock_runs_at_its_close(
        self, begin: str, end: str, due_on: str
    ) -> None:
        """A day counts if the clock is not paused when the calendar closes on it."""
        record = deal(opened(REGISTERED), paused(begin), resumed(end))

        assert read_clock(compiled(), record, at=FAR).due_on == date.fromisoformat(due_on)

    @pytest.mark.parametrize(
        ("begin", "end", "due_on"),
        [
            pytest.param("2026-12-21T17:00", "2026-12-22T17:00", "2026-12-30", id="over midnight"),
            pytest.param("2026-12-22T00:00", "2026-12-22T23:59", "2026-12-29", id="up to midnight"),
            pytest.param(
                "2026-12-21T23:59", "2026-12-22T00:00", "2026-12-30", id="its last minute"
            ),
        ],
    )
    def test_a_day_is_consumed_if_the_clock_runs_before_midnight(
        self, begin: str, end: str, due_on: str
    ) -> None:
        """Where a day ends at midnight, it counts if the clock runs right before it."""
        record = deal(opened(REGISTERED), paused(begin), resumed(end))

        reading = read_clock(compiled(ends="day"), record, at=FAR)

        assert reading.due_on == date.fromisoformat(due_on)

    def test_a_pause_of_hours_moves_the_end_by_its_length(self) -> None:
        """Elapsed hours wait for as long as they were paused."""
        record = deal(
            opened("2026-11-02T09:00"), paused("2026-11-02T10:00"), resumed("2026-11-03T13:30")
        )

        reading = read_clock(elapsed(), record, at=prague("2026-11-03T14:30"))

        assert reading.due_at == prague("2026-11-05T12:30")
        assert reading.consumed == 2 * HOUR
        assert reading.remaining == 46 * HOUR

    def test_a_pause_of_business_hours(self) -> None:
        """A pause takes the open time that it covers, and no other."""
        clock = compiled(unit="business_hours", ends="day", allowance=8)
        record = deal(
            opened("2026-11-02T09:00"), paused("2026-11-02T15:00"), resumed("2026-11-03T10:00")
        )

        assert read_clock(clock, record, at=FAR).due_at == prague("2026-11-03T12:00")

    def test_a_paused_clock_has_no_due_date(self) -> None:
        """Nobody knows how long a pause lasts; what is known is what a resumption would give."""
        record = deal(opened(REGISTERED), paused("2026-12-21T17:00", reason="customer is away"))

        reading = read_clock(compiled(), record, at=prague("2026-12-22T12:00"))

        assert reading.state is ClockState.PAUSED
        assert (reading.due_on, reading.due_at, reading.next_at) == (None, None, None)
        assert reading.due_if_resumed_now == prague("2026-12-30T17:00")
        assert (reading.consumed, reading.remaining) == (0, 5)
        assert [(pause.end, pause.reason) for pause in reading.pauses] == [
            (None, "customer is away")
        ]

    def test_only_a_paused_clock_could_be_resumed(self) -> None:
        """For a clock that runs or has not started there is no such date."""
        record = deal(opened(REGISTERED))

        for at in (prague(REGISTERED), prague("2026-12-01T00:00")):
            assert read_clock(compiled(), record, at=at).due_if_resumed_now is None

    def test_a_pause_past_what_the_calendar_knows(self) -> None:
        """How a paused clock stands does not need a calendar for the pause."""
        year = Calendar.from_holidays(
            "CZ", tz="Europe/Prague", covers=(date(2026, 1, 1), date(2026, 12, 31))
        )
        record = deal(opened(REGISTERED), paused("2026-12-22T10:00"))

        reading = read_clock(compiled(calendar=year), record, at=FAR)

        assert (reading.state, reading.consumed) == (ClockState.PAUSED, 1)
        assert reading.explain()[-2:] == (
            "no due date until it is resumed",
            "Saturday 2028-01-01 00:00: paused",
        )
        with pytest.raises(CalendarExhaustedError):
            assert reading.due_if_resumed_now

    def test_a_breach_before_the_pause_stays(self) -> None:
        """What ran out before it was paused has a due date, and stays breached."""
        record = deal(opened(REGISTERED), paused("2026-12-30T09:00"), resumed("2026-12-31T17:00"))

        reading = read_clock(compiled(), record, at=FAR)

        assert reading.state is ClockState.BREACHED
        assert reading.due_at == prague("2026-12-29T17:00")

    def test_an_answer_ends_the_pause(self) -> None:
        """A paused clock that gets its answer is met, and its pause is over."""
        record = deal(
            opened(REGISTERED), paused("2026-12-21T10:00"), moved("2026-12-23T10:00", "accepted")
        )

        reading = read_clock(compiled(), record, at=FAR)

        assert reading.state is ClockState.MET
        assert [pause.end for pause in reading.pauses] == [prague("2026-12-23T10:00")]
        assert reading.due_on == date(2026, 12, 31)

    @pytest.mark.parametrize(
        "lines",
        [
            pytest.param([resumed("2026-12-21T10:00")], id="resumed without a pause"),
            pytest.param([paused("2026-12-21T10:00", clock="other")], id="another clock"),
            pytest.param([paused("2026-12-21T10:00", track="poc")], id="a track's clock"),
            pytest.param(
                [moved("2026-12-21T09:00", "accepted"), paused("2026-12-21T10:00")],
                id="paused after the end",
            ),
        ],
    )
    def test_what_pauses_nothing(self, lines: list[dict[str, Any]]) -> None:
        """A line that does not concern the clock, or comes too late, pauses nothing."""
        reading = read_clock(compiled(), deal(opened(REGISTERED), *lines), at=FAR)

        assert reading.pauses == ()
        assert reading.due_on == date(2026, 12, 29)


class TestPausingStages:
    """Stages of the record or of tracks in which a clock stands still. Time 8."""

    def test_a_stage_pauses(self) -> None:
        """A clock stands still while its line is in a pausing stage, and says which."""
        record = deal(
            opened(REGISTERED),
            moved("2026-12-21T10:00", "more_information"),
            moved("2026-12-22T10:00", "on_hold"),
            moved("2026-12-23T10:00", "registered"),
        )
        clock = compiled(pause_while=["more_information", "on_hold"])

        reading = read_clock(clock, record, at=FAR)

        assert [(pause.start, pause.end) for pause in reading.pauses] == [
            (prague("2026-12-21T10:00"), prague("2026-12-23T10:00"))
        ]
        assert reading.due_on == date(2026, 12, 31)

    def test_a_stage_of_a_track_pauses(self) -> None:
        """A clock of the main line may wait for a track."""
        record = deal(
            opened(REGISTERED),
            moved("2026-12-21T10:00", "in_review", track="poc"),
            moved("2026-12-21T11:00", "in_review", track="other"),
            moved("2026-12-22T18:00", "done", track="poc"),
        )
        clock = compiled(pause_while=["poc.in_review"])

        reading = read_clock(clock, record, at=FAR)

        assert reading.due_on == date(2026, 12, 31)
        assert [pause.reason for pause in reading.pauses] == ["`poc` in stage `in_review`"]

    def test_a_track_that_nobody_began(self) -> None:
        """A track begins in `not_started`, which may pause as well."""
        clock = compiled(pause_while=["poc.not_started", "not_started"])
        waiting = deal(opened(REGISTERED))
        begun = deal(opened(REGISTERED), moved("2026-12-22T10:00", "begun", track="poc"))

        assert read_clock(clock, waiting, at=FAR).state is ClockState.PAUSED
        assert read_clock(clock, begun, at=FAR).due_on == date(2026, 12, 30)

    def test_a_person_and_a_stage(self) -> None:
        """A clock runs again when neither a person nor a stage holds it."""
        record = deal(
            opened(REGISTERED),
            paused("2026-12-21T10:00", reason="holidays"),
            moved("2026-12-21T11:00", "more_information"),
            resumed("2026-12-21T12:00"),
            moved("2026-12-22T18:00", "registered"),
        )

        reading = read_clock(compiled(pause_while=["more_information"]), record, at=FAR)

        assert [(pause.start, pause.end) for pause in reading.pauses] == [
            (prague("2026-12-21T10:00"), prague("2026-12-22T18:00"))
        ]

    def test_a_clock_that_starts_in_a_pausing_stage(self) -> None:
        """It has started, and stands still from there on."""
        clock = compiled(start=["moved('submit')"], pause_while=["draft"])
        record = deal(
            opened("2026-12-17T10:00", "draft"),
            moved(REGISTERED, "draft", trigger="submit"),
            moved("2026-12-22T10:00", "registered"),
        )

        reading = read_clock(clock, record, at=FAR)

        assert [pause.start for pause in reading.pauses] == [prague(REGISTERED)]
        assert reading.due_on == date(2026, 12, 30)

    def test_stop_is_looked_at_before_pause(self) -> None:
        """A stage that stops and pauses stops. Time 8."""
        record = deal(opened(REGISTERED), moved("2026-12-21T10:00", "accepted"))

        reading = read_clock(compiled(pause_while=["accepted"]), record, at=FAR)

        assert reading.state is ClockState.MET
        assert reading.pauses == ()

    @pytest.mark.parametrize(
        ("lines", "state"),
        [
            pytest.param([], "paused", id="since it was adopted"),
            pytest.param(
                [moved("2026-12-22T10:00", "done", track="poc", source="in_review")],
                "running",
                id="until it went on",
            ),
        ],
    )
    def test_a_track_that_was_under_way_before(
        self, lines: list[dict[str, Any]], state: str
    ) -> None:
        """A record that was adopted with a track in a pausing stage is paused by it."""
        stage = "in_review" if not lines else "done"
        record = deal(opened(REGISTERED), *lines, poc={"stage": stage})
        reading = read_clock(
            compiled(pause_while=["poc.in_review"]), record, at=prague("2026-12-23T10:00")
        )

        assert reading.state == state
        assert reading.pauses[0].start == prague(REGISTERED)

    def test_a_part_that_is_not_there(self) -> None:
        """A track whose part a record does not have has not begun."""
        clock = compiled(pause_while=["other.not_started", "third.not_started"])

        assert read_clock(clock, deal(opened(REGISTERED)), at=FAR).state is ClockState.PAUSED
