"""What starts, stops and restarts a clock: stages, moves, fields and facts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from clock_samples import (
    ANSWER,
    PRAGUE,
    Deal,
    compiled,
    deal,
    elapsed,
    entry,
    extended,
    moved,
    opened,
    paused,
    prague,
)
from cosell.clocks import ClockState, compile_clock, read_clock
from cosell.definition.clock import Clock
from cosell.errors import CalendarError, NaiveDatetimeError, UnknownNameError

MICROSECOND = timedelta(microseconds=1)
REGISTERED = "2026-12-18T15:00"
FAR = prague("2028-01-01T00:00")


class TestStarts:
    """What starts, stops and restarts a clock. Time 8."""

    def test_before_the_start(self) -> None:
        """A clock that has not started has nothing to say but that."""
        reading = read_clock(compiled(), deal(opened(REGISTERED)), at=prague("2026-12-18T14:59"))

        assert reading.state is ClockState.NOT_STARTED
        assert reading.started_at is reading.ended_at is reading.due_at is None
        assert (
            reading.allowance is reading.consumed is reading.remaining is reading.fraction is None
        )
        assert (reading.pauses, reading.next_at, reading.next_step_at) == ((), None, None)
        assert not reading.overdue

    def test_what_happens_before_the_start(self) -> None:
        """A stop, a pause or an extension before the start concerns nothing."""
        record = deal(
            moved("2026-12-17T10:00", "accepted"),
            paused("2026-12-17T11:00"),
            opened(REGISTERED),
        )

        reading = read_clock(compiled(), record, at=FAR)

        assert reading.due_on == date(2026, 12, 29)

    def test_a_running_clock_is_not_started_again(self) -> None:
        """Coming to the starting stage again gives no new allowance while the clock runs."""
        record = deal(opened(REGISTERED), moved("2026-12-22T10:00", "registered"))

        assert read_clock(compiled(), record, at=FAR).started_at == prague(REGISTERED)

    @pytest.mark.parametrize(
        "end",
        [
            pytest.param([moved("2026-12-21T10:00", "accepted")], id="met"),
            pytest.param([moved("2026-12-21T10:00", "withdrawn")], id="cancelled"),
            pytest.param([], id="SF-11: breached"),
        ],
    )
    def test_a_clock_that_is_over_starts_again(self, end: list[dict[str, Any]]) -> None:
        """After its end, or after it ran out, a start is a new run with the whole allowance."""
        again = prague("2027-01-04T10:00")
        record = deal(opened(REGISTERED), *end, moved(again, "registered"))

        reading = read_clock(compiled(cancel=["entered('withdrawn')"]), record, at=again)

        assert reading.started_at == again
        assert reading.due_on == date(2027, 1, 11)
        assert reading.state is ClockState.RUNNING

    def test_a_restart(self) -> None:
        """A restart gives the whole allowance anew, pauses forgotten, even while the clock runs."""
        record = deal(
            opened(REGISTERED),
            paused("2026-12-21T10:00"),
            moved("2026-12-22T10:00", "registered", trigger="resubmit"),
        )

        reading = read_clock(compiled(restart=["moved('resubmit')"]), record, at=FAR)

        assert reading.started_at == prague("2026-12-22T10:00")
        assert (reading.due_on, reading.pauses) == (date(2026, 12, 31), ())

    def test_one_event_that_stops_and_starts(self) -> None:
        """Of one event stop is looked at before start: the old run is met, a new one begins."""
        clock = compiled(stop=["moved('resubmit')"], start=["entered('registered')"])
        record = deal(
            opened(REGISTERED), moved("2026-12-21T10:00", "registered", trigger="resubmit")
        )

        assert read_clock(clock, record, at=FAR).started_at == prague("2026-12-21T10:00")

    def test_two_events_at_one_instant(self) -> None:
        """At one instant the trail's order decides: registered and accepted at once is met."""
        record = deal(opened(REGISTERED), moved(REGISTERED, "accepted"))

        assert read_clock(compiled(), record, at=FAR).state is ClockState.MET

    def test_events_of_tracks(self) -> None:
        """A clock of the main line may start and stop by what happens in a track."""
        clock = compiled(start=["entered('poc.begun')"], stop=["moved('poc.approve')"])
        record = deal(
            opened("2026-12-01T10:00", "begun"),
            moved(REGISTERED, "begun", track="poc"),
            moved("2026-12-22T10:00", "done", track="poc", trigger="approve"),
        )

        reading = read_clock(clock, record, at=FAR)

        assert reading.started_at == prague(REGISTERED)
        assert reading.ended_at == prague("2026-12-22T10:00")

    def test_a_migration_enters_nothing(self) -> None:
        """What was entered before stands in the trail by its new name; nothing comes anew."""
        kept = entry("migrated", "2026-12-21T10:00", source="accepted", target="accepted")
        renamed = entry("migrated", "2026-12-21T10:00", source="agreed", target="accepted")

        for each in (kept, renamed):
            assert read_clock(compiled(), deal(opened(REGISTERED), each), at=FAR).ended_at is None

    def test_an_imported_trail_that_is_out_of_order(self) -> None:
        """A clock goes by when things happened, not by when they were written down. Time 9."""
        record = deal(
            opened(REGISTERED),
            entry("breached", "2026-12-29T17:00", clock="answer"),
            moved("2026-12-28T10:00", "accepted"),
        )

        assert read_clock(compiled(), record, at=FAR).state is ClockState.MET


class TestFields:
    """Moments in fields and facts start and stop clocks. Time 4 and 8."""

    CLOCK = compiled(start=["submitted_at"], stop=["facts.answered_at", "answered_at"])

    def test_fields(self) -> None:
        """A clock starts and stops at the moments that fields hold, once they hold one."""
        submitted = deal(submitted_at=prague(REGISTERED))
        answered = deal(submitted_at=prague(REGISTERED), answered_at=prague("2026-12-22T10:00"))

        assert read_clock(self.CLOCK, deal(), at=FAR).state is ClockState.NOT_STARTED
        assert read_clock(self.CLOCK, submitted, at=FAR).state is ClockState.BREACHED
        assert read_clock(self.CLOCK, answered, at=FAR).state is ClockState.MET

    def test_facts(self) -> None:
        """A moment from outside the record counts alike; what is not given has not happened."""
        record = deal(submitted_at=prague(REGISTERED))
        facts = {"answered_at": prague("2026-12-22T10:00")}

        assert read_clock(self.CLOCK, record, at=FAR, facts=facts).state is ClockState.MET
        assert read_clock(self.CLOCK, record, at=FAR, facts={}).state is ClockState.BREACHED

    def test_both_at_one_instant(self) -> None:
        """Submitted and answered at once is met."""
        record = deal(submitted_at=prague(REGISTERED), answered_at=prague(REGISTERED))

        assert read_clock(self.CLOCK, record, at=FAR).state is ClockState.MET

    def test_a_moment_that_lies_ahead(self) -> None:
        """A known start in the future has not happened, but what follows from it is foreseen."""
        record = deal(submitted_at=prague(REGISTERED))

        reading = read_clock(self.CLOCK, record, at=prague("2026-12-01T00:00"))

        assert reading.state is ClockState.NOT_STARTED
        assert reading.next_at == prague("2026-12-29T17:00") + MICROSECOND

    def test_a_start_that_lies_ahead_of_a_clock_that_is_over(self) -> None:
        """The next run of a clock that is over is foreseen too; one of a running clock is not."""
        clock = compiled(restart=["submitted_at"])
        over = deal(
            opened("2026-11-02T10:00"),
            moved("2026-11-03T10:00", "accepted"),
            submitted_at=prague(REGISTERED),
        )

        reading = read_clock(clock, over, at=prague("2026-12-01T00:00"))

        assert reading.state is ClockState.MET
        assert reading.next_at == prague("2026-12-29T17:00") + MICROSECOND

    def test_a_plain_date(self) -> None:
        """For units of days a plain date is accepted: it is day 0."""
        started = compiled(start=["signed_on"])
        record = deal(signed_on=date(2026, 12, 18))

        assert read_clock(started, record, at=FAR).due_on == date(2026, 12, 29)

    @pytest.mark.parametrize(
        ("on", "ends", "state"),
        [
            pytest.param("2026-12-29", "close", "met", id="on the due day"),
            pytest.param("2026-12-30", "close", "breached", id="on the day after"),
            pytest.param("2026-12-29", "day", "met", id="on the last day"),
            pytest.param("2026-12-30", "day", "breached", id="on the day after the last"),
        ],
    )
    def test_a_plain_date_as_an_answer(self, on: str, ends: str, state: str) -> None:
        """An answer on a date is in time exactly if that date is not after the due day. Time 3."""
        clock = compiled(ends=ends, stop=["signed_on"])
        record = deal(opened(REGISTERED), signed_on=date.fromisoformat(on))

        assert read_clock(clock, record, at=FAR).state == state

    def test_a_plain_date_is_no_instant(self) -> None:
        """Units of hours need a moment."""
        clock = elapsed(start=["signed_on"])

        with pytest.raises(CalendarError, match="`signed_on` holds `2026-12-18`"):
            read_clock(clock, deal(signed_on=date(2026, 12, 18)), at=FAR)

    def test_what_is_no_moment(self) -> None:
        """A field that holds something else is an error of cosell's own."""
        with pytest.raises(CalendarError, match="`name` holds `deal`, which is not a moment"):
            read_clock(compiled(start=["name"]), deal(), at=FAR)

    def test_a_field_that_is_not_there(self) -> None:
        """A clock that was not checked against the model raises an error of cosell's own."""
        with pytest.raises(UnknownNameError, match=r"there is no field `poc\.begun`"):
            read_clock(compiled(start=["poc.begun"]), deal(), at=FAR)

    def test_a_fact_without_a_zone(self) -> None:
        """A naive moment from outside is refused by name."""
        naive = datetime(2026, 12, 22)  # noqa: DTZ001 # this is what is refused

        with pytest.raises(NaiveDatetimeError, match=r"`facts\.answered_at` has no time zone"):
            read_clock(self.CLOCK, deal(), at=FAR, facts={"answered_at": naive})

    def test_a_part_that_is_missing(self) -> None:
        """A moment in a part that is not there has not happened."""
        clock = compiled(start=["other.begun_at"])

        assert read_clock(clock, deal(), at=FAR).state is ClockState.NOT_STARTED


def test_a_clock_of_a_track() -> None:
    """In a track bare names are the track's own; `record.` is the whole. PC-8."""
    clock = compile_clock(
        Clock.model_validate(
            {
                **ANSWER,
                "start": ["entered('begun')", "begun_at"],
                "stop": ["moved('approve')", "entered('record.won')", "record.answered_at"],
            }
        ),
        calendar=PRAGUE,
        zone="UTC",
        parameters={},
        track="poc",
    )
    own = deal(moved(REGISTERED, "begun", track="poc"), paused("2026-12-21T10:00", track="poc"))
    field = deal(poc={"begun_at": prague(REGISTERED)})
    strange = deal(moved(REGISTERED, "begun"))
    won = deal(moved(REGISTERED, "begun", track="poc"), moved("2026-12-21T10:00", "won"))
    answered = deal(moved(REGISTERED, "begun", track="poc"), answered_at=prague("2026-12-21T10:00"))

    assert read_clock(clock, own, at=FAR).state is ClockState.PAUSED
    assert read_clock(clock, own, at=FAR).track == "poc"
    assert read_clock(clock, field, at=FAR).started_at == prague(REGISTERED)
    assert read_clock(clock, strange, at=FAR).state is ClockState.NOT_STARTED
    assert read_clock(clock, won, at=FAR).state is ClockState.MET
    assert read_clock(clock, answered, at=FAR).state is ClockState.MET


def test_a_record_of_a_host() -> None:
    """A host's own record is read like any other: only trail and fields matter."""

    class Own(Deal, frozen=True):
        """A host's subclass."""

        extra: int = 1

    record = Own(id="d-1", trail=deal(opened(REGISTERED), extended("2026-12-21T09:00", 1)).trail)

    assert read_clock(compiled(), record, at=FAR).due_on == date(2026, 12, 30)
