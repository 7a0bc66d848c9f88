"""Holds, utmost ends, clocks that only measure, cadences: readings and explanations."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from clock_samples import (
    ANSWER,
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
    resumed,
)
from cosell.calendars import Calendar
from cosell.clocks import ClockState, CompiledClock, compile_clock, read_clock, steps_due
from cosell.definition.clock import Clock
from cosell.errors import CalendarError

REGISTERED = "2026-12-18T15:00"
FAR = prague("2027-03-01T00:00")
MICROSECOND = timedelta(microseconds=1)


def hold(**changes: Any) -> CompiledClock:
    """Return a hold of five business days, with changes."""
    return compiled(kind="hold", ends="day", **changes)


class TestHolds:
    """A hold is over when its last day begins; what it waits for is in time from then on."""

    OVER = prague("2026-12-29T00:00")

    def test_while_it_holds_and_after(self) -> None:
        """Up to the midnight it runs, and from it on it is met, whether anybody acts or not."""
        record = deal(opened(REGISTERED))
        before = read_clock(hold(), record, at=self.OVER - MICROSECOND)
        after = read_clock(hold(), record, at=self.OVER)

        assert (before.state, before.in_time, before.consumed) == (ClockState.RUNNING, False, 4)
        assert (after.state, after.in_time, after.remaining) == (ClockState.MET, True, 0)
        assert (before.due_on, before.due_at) == (date(2026, 12, 29), self.OVER)
        assert before.kind == "hold"

    @pytest.mark.parametrize(
        ("acted", "state", "breaches"),
        [
            pytest.param(OVER - MICROSECOND, "breached", 1, id="too early"),
            pytest.param(OVER, "met", 0, id="at the very instant"),
        ],
    )
    def test_an_action(self, acted: Any, state: str, breaches: int) -> None:
        """Too early is a breach at that moment; it has the effects of a breach."""
        record = deal(opened(REGISTERED), moved(acted, "accepted"))
        clock = hold(on_breach={"trigger": "flag"})
        reading = read_clock(clock, record, at=FAR)
        due = steps_due(clock, record, at=FAR)

        assert (reading.state, reading.overdue) == (state, state == "breached")
        assert [(each.at, each.trigger) for each in due] == [(acted, "flag")] * breaches

    def test_called_off(self) -> None:
        """A hold that is called off holds nothing back; after its time it was met."""
        clock = hold(cancel=["entered('withdrawn')"])
        early = deal(opened(REGISTERED), moved("2026-12-22T10:00", "withdrawn"))
        late = deal(opened(REGISTERED), moved(self.OVER, "withdrawn"))

        assert read_clock(clock, early, at=FAR).state is ClockState.CANCELLED
        assert read_clock(clock, early, at=FAR).in_time is True
        assert read_clock(clock, late, at=FAR).state is ClockState.MET

    def test_pauses_lengthen_it(self) -> None:
        """A day counts if the clock runs when it begins; an action while it is paused is early."""
        waiting = deal(opened(REGISTERED), paused("2026-12-22T00:00"))
        acted = deal(
            opened(REGISTERED), paused("2026-12-22T00:00"), moved("2027-02-01T10:00", "accepted")
        )
        later = deal(opened(REGISTERED), paused("2026-12-22T00:00"), resumed("2026-12-23T00:00"))

        assert read_clock(hold(), waiting, at=FAR).in_time is False
        assert read_clock(hold(), acted, at=FAR).state is ClockState.BREACHED
        assert read_clock(hold(), later, at=FAR).due_on == date(2026, 12, 30)

    def test_the_edge_of_a_pause(self) -> None:
        """A pause from a minute past midnight on leaves that day counted."""
        record = deal(opened(REGISTERED), paused("2026-12-22T00:01"), resumed("2026-12-23T00:00"))

        assert read_clock(hold(), record, at=FAR).due_on == date(2026, 12, 29)

    def test_it_starts_again_when_it_is_over(self) -> None:
        """A start while it holds is ignored; one after it is over begins anew. BX-25."""
        clock = hold()
        again = deal(opened(REGISTERED), moved("2026-12-22T10:00", "registered"))
        anew = deal(opened(REGISTERED), moved(self.OVER, "registered"))

        assert read_clock(clock, again, at=FAR).started_at == prague(REGISTERED)
        assert read_clock(clock, anew, at=FAR).started_at == self.OVER

    def test_an_extension_lengthens_it(self) -> None:
        """A hold can be extended while it holds, and no longer."""
        clock = hold(extensions={})
        early = deal(opened(REGISTERED), extended("2026-12-22T10:00", 1))
        late = deal(opened(REGISTERED), extended(self.OVER, 1))

        assert read_clock(clock, early, at=FAR).due_on == date(2026, 12, 30)
        assert read_clock(clock, late, at=FAR).due_on == date(2026, 12, 29)

    def test_a_step_at_its_end(self) -> None:
        """When it is over something may happen by itself: a step at its end, and no breach."""
        clock = hold(steps=[{"id": "over", "at": 1}])
        due = steps_due(clock, deal(opened(REGISTERED)), at=FAR)

        assert [(each.step, each.at) for each in due] == [("over", self.OVER)]

    def test_in_hours(self) -> None:
        """MS-34: exactly 72 hours are enough."""
        clock = elapsed(kind="hold", allowance=72)
        record = deal(opened("2026-11-02T09:00"))

        assert not read_clock(clock, record, at=prague("2026-11-05T09:00") - MICROSECOND).in_time
        assert read_clock(clock, record, at=prague("2026-11-05T09:00")).in_time

    def test_explained(self) -> None:
        """An explanation says when it is over."""
        lines = read_clock(hold(), deal(opened(REGISTERED)), at=self.OVER).explain()

        assert lines[-2:] == (
            "Tuesday 2026-12-29 00:00: over",
            "Tuesday 2026-12-29 00:00: met",
        )


class TestUtmostEnds:
    """Whatever is paused and added, it ends after so much. PC-8."""

    CLOCK = compiled(allowance=5, at_most=7, extensions={})

    @pytest.mark.parametrize(
        ("lines", "due_on"),
        [
            pytest.param([], "2026-12-29", id="not touched"),
            pytest.param(
                [paused("2026-12-21T10:00"), resumed("2026-12-22T10:00")], "2026-12-30", id="a day"
            ),
            pytest.param(
                [paused("2026-12-21T10:00"), resumed("2027-01-08T10:00")], "2026-12-31", id="weeks"
            ),
            pytest.param([extended("2026-12-21T10:00", 9)], "2026-12-31", id="much added"),
        ],
    )
    def test_the_end(self, lines: list[Any], due_on: str) -> None:
        """The earlier of the two ends counts."""
        reading = read_clock(self.CLOCK, deal(opened(REGISTERED), *lines), at=FAR)

        assert reading.due_on == date.fromisoformat(due_on)
        assert reading.latest_at == prague("2026-12-31T17:00")
        assert reading.state is ClockState.BREACHED

    def test_while_it_is_paused(self) -> None:
        """There is no due date, but the latest one; and that comes."""
        record = deal(opened(REGISTERED), paused("2026-12-21T10:00"))
        reading = read_clock(self.CLOCK, record, at=prague("2026-12-28T10:00"))

        assert (reading.state, reading.due_at) == (ClockState.PAUSED, None)
        assert reading.due_if_resumed_now == prague("2026-12-31T17:00")
        assert reading.next_at == prague("2026-12-31T17:00") + MICROSECOND
        assert reading.explain()[-3:] == (
            "no due date until it is resumed",
            "Thursday 2026-12-31 17:00: due at the latest",
            "Monday 2026-12-28 10:00: paused",
        )
        (breach,) = steps_due(self.CLOCK, record, at=FAR)
        assert breach.at == prague("2026-12-31T17:00")
        assert read_clock(self.CLOCK, record, at=FAR).due_on == date(2026, 12, 31)

    def test_it_is_told(self) -> None:
        """The first line of an explanation names both numbers."""
        reading = read_clock(self.CLOCK, deal(opened(REGISTERED)), at=FAR)

        assert reading.explain()[0].startswith("answer: 5, 7 at the latest, business days")
        assert read_clock(self.CLOCK, deal(), at=FAR).latest_at is None


class TestMeasuring:
    """A clock without an allowance only measures. BX-47."""

    CLOCK = compiled(allowance=None, ends="day", unit="business_hours")

    def test_it_runs_until_it_is_stopped(self) -> None:
        """It never runs out, and says how much has passed."""
        record = deal(opened("2026-11-02T09:00"), moved("2026-11-03T10:00", "accepted"))
        running = read_clock(self.CLOCK, record, at=prague("2026-11-02T12:00"))
        done = read_clock(self.CLOCK, record, at=FAR)

        assert (running.state, running.measured) == (ClockState.RUNNING, timedelta(hours=3))
        assert (done.state, done.measured) == (ClockState.MET, timedelta(hours=9))
        assert (done.remaining, done.due_on, done.next_at, done.fraction) == (None,) * 4
        assert steps_due(self.CLOCK, record, at=FAR) == ()

    def test_it_is_explained(self) -> None:
        """An explanation says that it measures, started or not."""
        record = deal(opened("2026-11-02T09:00"), moved("2026-11-02T10:00", "accepted"))
        lines = read_clock(self.CLOCK, record, at=prague("2026-11-02T12:00")).explain()

        assert lines[0] == "answer: measures business hours in calendar `vendor` (Europe/Prague)"
        assert lines[-1] == "Monday 2026-11-02 12:00: met"
        assert read_clock(self.CLOCK, deal(), at=FAR).explain()[0] == lines[0]

    def test_an_extension_changes_nothing(self) -> None:
        """There is nothing to add to."""
        record = deal(opened("2026-11-02T09:00"), extended("2026-11-02T10:00", 3))

        assert read_clock(self.CLOCK, record, at=prague("2026-11-02T12:00")).allowance is None

    def test_what_has_passed_beyond_an_allowance(self) -> None:
        """A breached clock has used all of its allowance, and measures on."""
        reading = read_clock(compiled(allowance=2), deal(opened(REGISTERED)), at=FAR)

        assert (reading.consumed, reading.measured) == (2, 47)
        assert read_clock(compiled(), deal(), at=FAR).measured is None


RHYTHM: dict[str, Any] = {
    "calendar": None,
    "unit": "calendar_days",
    "ends": "day",
    "allowance": 28,
    "stop": ["moved('progress')"],
    "cadence": {
        "touches": ["moved('touch')"],
        "least": 3,
        "most": 5,
        "gap_least": 1,
        "gap_most": 4,
        "span_least": 6,
    },
}


def touched(*days: int) -> Deal:
    """Return a deal that was opened on Monday and touched at noon, so many days later."""
    monday = prague("2026-11-02T12:00")
    lines = [moved(monday + timedelta(days=day), "registered", trigger="touch") for day in days]
    return deal(opened("2026-11-02T12:00"), *lines)


class TestCadences:
    """What is to be done again and again. MS-7, MK-38."""

    CLOCK = compiled(**RHYTHM)

    @pytest.mark.parametrize(
        ("days", "complete", "next_from", "next_by"),
        [
            pytest.param([], False, None, None, id="none yet"),
            pytest.param([0], False, "2026-11-04", "2026-11-07", id="one"),
            pytest.param([0, 3, 6], True, "2026-11-10", None, id="complete"),
            pytest.param([0, 1, 2, 3, 4], False, "2026-11-08", None, id="enough, and too short"),
        ],
    )
    def test_when_the_next_is(
        self,
        days: list[int],
        complete: bool,  # noqa: FBT001 # a column
        next_from: str | None,
        next_by: str | None,
    ) -> None:
        """The next one has a first and a last day, until there were enough."""
        rhythm = read_clock(self.CLOCK, touched(*days), at=prague("2026-11-20T12:00")).cadence

        assert rhythm is not None
        assert rhythm.complete is complete
        shown = [
            None if moment is None else str(moment.date())
            for moment in (rhythm.next_from, rhythm.next_by)
        ]
        assert shown == [next_from, next_by]

    def test_each_late_touch_is_a_step_once(self) -> None:
        """A touch that came late, and one that did not come, each have their step."""
        record = touched(0, 5, 6)
        due = steps_due(self.CLOCK, record, at=prague("2026-11-15T12:00"))
        assert [(each.step, str(each.at)) for each in due] == [
            ("touch_2", "2026-11-06 23:00:00+00:00"),
        ]
        late = touched(0, 2)
        done = late.model_copy(
            update={"trail": (*late.trail, deal(entry("stepped", "2026-11-09T00:00",
                clock="answer", step="touch_3")).trail[0].model_copy(update={"seq": 9}))}
        )  # fmt: skip
        assert [each.step for each in steps_due(self.CLOCK, late, at=FAR)] == ["touch_3", None]
        assert [each.step for each in steps_due(self.CLOCK, done, at=FAR)] == [None]

    def test_after_the_end_no_touch_is_missing(self) -> None:
        """What would be overdue only after the clock has run out is not."""
        short = compiled(**{**RHYTHM, "allowance": 6})

        assert [each.step for each in steps_due(short, touched(0, 4), at=FAR)] == [None]

    def test_a_pause_gives_the_next_touch_more_time(self) -> None:
        """Distances do not count pauses; while one is open nothing is overdue."""
        stopped = touched(0).model_copy(
            update={"trail": (*touched(0).trail, deal(paused("2026-11-03T10:00")).trail[0])}
        )

        assert steps_due(self.CLOCK, stopped, at=FAR) == ()

    def test_touches_before_the_start_and_after_the_end(self) -> None:
        """Only what was done while the clock ran counts."""
        monday = prague("2026-11-02T12:00")
        record = deal(
            moved(monday - timedelta(days=1), "x", trigger="touch"),
            opened(monday),
            moved(monday + timedelta(days=1), "x", trigger="progress"),
            moved(monday + timedelta(days=2), "x", trigger="touch"),
        )
        reading = read_clock(self.CLOCK, record, at=FAR)

        assert reading.cadence is not None
        assert reading.cadence.touches == ()
        assert read_clock(self.CLOCK, deal(), at=FAR).cadence is None

    def test_in_hours(self) -> None:
        """Distances of hours are hours."""
        cadence = {"touches": ["moved('touch')"], "least": 2, "gap_least": 24, "gap_most": 90}
        clock = elapsed(allowance=500, cadence=cadence)
        rhythm = read_clock(clock, touched(0, 0, 4), at=prague("2026-11-10T12:00")).cadence

        assert rhythm is not None
        assert rhythm.breaks == (
            "touch 2 came after 0 elapsed hours; 24 is the least",
            "touch 3 came after 96 elapsed hours; 90 is the most",
        )

    def test_without_distances(self) -> None:
        """A cadence may ask for a number alone."""
        clock = compiled(**{**RHYTHM, "cadence": {"touches": ["moved('touch')"], "least": 0}})
        reading = read_clock(clock, deal(opened("2026-11-02T12:00")), at=FAR)

        assert reading.cadence is not None
        assert reading.cadence.complete
        assert steps_due(clock, touched(0), at=prague("2026-11-10T12:00")) == ()

    def test_a_span_of_nothing(self) -> None:
        """Without a touch there is no span."""
        cadence = {"touches": ["moved('touch')"], "least": 0, "span_least": 3}
        clock = compiled(**{**RHYTHM, "cadence": cadence})
        reading = read_clock(clock, deal(opened("2026-11-02T12:00")), at=FAR)

        assert reading.cadence is not None
        assert not reading.cadence.complete

    def test_explained(self) -> None:
        """An explanation lists the touches, what is not in rhythm, and the next one."""
        at = prague("2026-11-09T10:00")

        assert read_clock(self.CLOCK, touched(0, 0, 5), at=at).explain() == (
            "answer: 28 calendar days",
            "Monday 2026-11-02 12:00: started, and this day does not count",
            "Monday 2026-11-02 12:00: touch 1",
            "Monday 2026-11-02 12:00: touch 2",
            "Saturday 2026-11-07 12:00: touch 3",
            "touch 2 came after 0 calendar days; 1 is the least",
            "touch 3 came after 5 calendar days; 4 is the most",
            "3 touches: not complete, 3 at least",
            "Thursday 2026-11-12 00:00: the next touch is due",
            "Monday 2026-11-30: the last day in time",
            "Monday 2026-11-09 10:00: running",
        )
        complete = read_clock(self.CLOCK, touched(0, 3, 6), at=at).explain()
        assert "3 touches: complete" in complete

    def test_plain_values(self) -> None:
        """A reading with a cadence is JSON too."""
        plain = read_clock(self.CLOCK, touched(0), at=prague("2026-11-03T12:00")).as_dict()

        assert plain["cadence"] == {
            "touches": ["2026-11-02T12:00:00+01:00"],
            "least": 3,
            "most": 5,
            "complete": False,
            "next_from": "2026-11-04T00:00:00+01:00",
            "next_by": "2026-11-07T00:00:00+01:00",
            "breaks": [],
        }


class TestDaysThatAZoneLeftOut:
    """Samoa had no 30 December 2011: it counts as a date, and takes no time. Time 10."""

    def test_calendar_days(self) -> None:
        """An explanation of calendar days names the day that did not exist."""
        clock = compile_in_samoa(unit="calendar_days", calendar=None)
        reading = read_clock(clock, deal(opened(samoa("2011-12-28T12:00"))), at=samoa("2011-12-29"))

        assert reading.due_on == date(2012, 1, 2)
        assert reading.explain()[2] == (
            "Friday 2011-12-30: day 2, which clocks of Pacific/Apia left out"
        )

    def test_business_days(self) -> None:
        """So does one of business days; the end of that day is the end of the day before."""
        clock = compile_in_samoa(unit="business_days")
        reading = read_clock(clock, deal(opened(samoa("2011-12-27T12:00"))), at=samoa("2011-12-29"))

        assert (
            "Friday 2011-12-30: day 3, which clocks of Pacific/Apia left out" in reading.explain()
        )
        assert [line for line in reading.explain() if "left out" in line] != []


def samoa(text: str) -> Any:
    """Return a moment by the clocks of Samoa."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Pacific/Apia"))


def compile_in_samoa(**changes: Any) -> CompiledClock:
    """Return a clock of five days in Samoa."""
    office = Calendar.from_dates(
        id="office", tz="Pacific/Apia", covers=(date(2011, 1, 1), date(2012, 12, 31))
    )
    clock = Clock.model_validate({**ANSWER, "ends": "day", **changes})
    return compile_clock(
        clock,
        calendar=office if clock.calendar else None,
        zone="Pacific/Apia",
        parameters={},
    )


class Broken(Deal, frozen=True):
    """A record with a derived moment that raises."""

    @property
    def last_touch_at(self) -> Any:
        """Raise, as a host's field may."""
        return self.signed_on.isoformat()  # type: ignore[union-attr] # this is what is wrong


def test_a_derived_field_that_raises() -> None:
    """What a host's field raises is an error of cosell's own, which says where."""
    clock = compiled(start=["last_touch_at"])

    with pytest.raises(CalendarError, match="`last_touch_at` cannot be read: AttributeError"):
        read_clock(clock, Broken(id="d-1"), at=FAR)


def test_readings_are_equal_to_readings_alone() -> None:
    """A reading is equal to no other kind of thing."""
    assert read_clock(compiled(), deal(), at=FAR) != "a reading"
