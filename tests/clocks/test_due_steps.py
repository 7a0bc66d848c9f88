"""Steps and breaches: each once, each dated at its own instant, however late one looks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from clock_samples import (
    SOMEBODY,
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
from cosell.clocks import CompiledClock, Due, read_clock, steps_due
from cosell.errors import CalendarExhaustedError
from cosell.events import EventKind, TrailEntry

MICROSECOND = timedelta(microseconds=1)
REGISTERED = "2026-12-18T15:00"
DUE = prague("2026-12-29T17:00")
FAR = prague("2027-03-01T00:00")
STEPS: list[dict[str, Any]] = [
    {"id": "late", "offset": 2},
    {"id": "reminder", "at": "0.5"},
    {"id": "last_day", "offset": -1},
    {"id": "escalation", "at": "1.5", "trigger": "escalate"},
]


def due_ids(clock: CompiledClock, record: Deal, at: Any) -> list[str | None]:
    """Return the steps that are due, the breach as ``None``."""
    return [due.step for due in steps_due(clock, record, at=at)]


def settled(clock: CompiledClock, record: Deal, at: Any) -> Deal:
    """Return a record with everything that is due in its trail, as the engine writes it."""
    for due in steps_due(clock, record, at=at):
        line = TrailEntry(
            seq=record.version + 1,
            kind=due.kind,
            at=due.at,
            actor=SOMEBODY,
            clock=due.clock,
            step=due.step,
        )
        record = record.model_copy(
            update={"trail": (*record.trail, line), "version": record.version + 1}
        )
    return record


class TestInstants:
    """Each step has an instant of its own. Time 8."""

    def test_all_of_them(self) -> None:
        """Steps come in the order of their instants, whole days rounded up."""
        clock, record = compiled(steps=STEPS), deal(opened(REGISTERED))

        assert [(due.step, due.kind, due.at) for due in steps_due(clock, record, at=FAR)] == [
            ("reminder", EventKind.STEPPED, prague("2026-12-23T17:00")),
            ("last_day", EventKind.STEPPED, prague("2026-12-28T17:00")),
            (None, EventKind.BREACHED, DUE),
            ("late", EventKind.STEPPED, prague("2026-12-31T17:00")),
            ("escalation", EventKind.STEPPED, prague("2027-01-04T17:00")),
        ]

    def test_what_follows(self) -> None:
        """A step carries the clock, its effects and its trigger; so does the breach."""
        effect = {"kind": "notify_partner", "to": "partner"}
        clock = compiled(
            steps=[{"id": "reminder", "at": "0.5", "effects": [effect]}],
            on_breach={"effects": [effect, effect], "trigger": "expire"},
        )
        reminder, breach = steps_due(clock, deal(opened(REGISTERED)), at=FAR)

        assert (reminder.clock, reminder.track, reminder.trigger) == ("answer", None, None)
        assert [each.kind for each in reminder.effects] == ["notify_partner"]
        assert (len(breach.effects), breach.trigger) == (2, "expire")
        assert clock.breach_trigger == "expire"

    def test_a_step_at_the_end_comes_before_the_breach(self) -> None:
        """At one instant the order is that of the definition, the breach last."""
        clock = compiled(steps=[{"id": "all", "at": 1}, {"id": "end", "offset": 0}])

        assert due_ids(clock, deal(opened(REGISTERED)), FAR) == ["all", "end", None]

    def test_a_step_before_the_start(self) -> None:
        """A step that would lie before the start comes as soon as nothing is left to wait for."""
        clock = compiled(steps=[{"id": "week_before", "offset": -7}])
        (due, _) = steps_due(clock, deal(opened("2026-12-18T18:00")), at=FAR)

        assert due.at == prague("2026-12-18T18:00")

    def test_steps_of_hours(self) -> None:
        """Fractions of hours are exact; an offset is in hours."""
        clock = elapsed(steps=[{"id": "third", "at": "0.3333"}, {"id": "soon", "offset": -2}])
        third, soon, _ = steps_due(clock, deal(opened("2026-11-02T09:00")), at=FAR)

        assert third.at == prague("2026-11-03T00:59:54.240")
        assert soon.at == prague("2026-11-04T07:00")


class TestOnce:
    """However often and however late one looks, each happens once. Time 9; BX-5."""

    def test_settling_twice_adds_nothing(self) -> None:
        """What stands in the trail is not due again."""
        clock = compiled(steps=STEPS)
        record = settled(clock, deal(opened(REGISTERED)), FAR)

        assert len(record.trail) == 6
        assert steps_due(clock, record, at=FAR) == ()

    @pytest.mark.parametrize("days", [1, 3, 100])
    def test_the_pace_does_not_matter(self, days: int) -> None:
        """Looking every day, every third day or once gives the same trail."""
        clock = compiled(steps=STEPS)
        paced = record = deal(opened(REGISTERED))
        at = prague("2026-12-19T00:00")
        while at < FAR:
            paced = settled(clock, paced, at)
            at += timedelta(days=days)

        assert settled(clock, paced, FAR).trail == settled(clock, record, FAR).trail

    def test_a_step_of_another_clock(self) -> None:
        """A step of the same name in the trail of another clock is another step."""
        clock = compiled(steps=[{"id": "reminder", "at": "0.5"}])
        other = entry("stepped", "2026-12-23T17:00", clock="other", step="reminder")
        track = entry("stepped", "2026-12-23T17:00", clock="answer", step="reminder", track="poc")

        assert due_ids(clock, deal(opened(REGISTERED), other, track), FAR) == ["reminder", None]

    def test_a_new_run_has_its_own_steps(self) -> None:
        """After a restart each step comes again."""
        clock = compiled(steps=[{"id": "reminder", "at": "0.5"}], restart=["moved('resubmit')"])
        record = settled(clock, deal(opened(REGISTERED)), prague("2026-12-24T00:00"))
        again = moved("2027-01-04T10:00", "registered", trigger="resubmit")
        lines = (*record.trail, TrailEntry(seq=3, **again))

        assert due_ids(clock, record.model_copy(update={"trail": lines}), FAR) == ["reminder", None]

    def test_an_extension_makes_a_reminder_come_again(self) -> None:
        """A reminder before the end comes again before the new end; what stays past stays once."""
        clock = compiled(
            steps=[{"id": "reminder", "offset": -1}, {"id": "early", "at": "0.2"}],
            extensions={},
        )
        record = settled(clock, deal(opened(REGISTERED)), prague("2026-12-28T17:00"))
        longer = TrailEntry(seq=4, **extended("2026-12-29T10:00", 4))
        record = record.model_copy(update={"trail": (*record.trail, longer), "version": 4})

        assert [line.step for line in record.trail] == [None, "early", "reminder", None]
        assert [(due.step, due.at) for due in steps_due(clock, record, at=FAR)] == [
            ("reminder", prague("2027-01-04T17:00")),
            (None, prague("2027-01-05T17:00")),
        ]
        assert steps_due(clock, settled(clock, record, FAR), at=FAR) == ()


class TestComing:
    """When something comes, and what is next."""

    def test_a_breach_comes_when_it_is_past(self) -> None:
        """At the very end an inclusive clock can still be met; a microsecond later it cannot."""
        clock, record = compiled(), deal(opened(REGISTERED))

        assert steps_due(clock, record, at=DUE) == ()
        (breach,) = steps_due(clock, record, at=DUE + MICROSECOND)
        assert (breach.at, breach.comes_at) == (DUE, DUE + MICROSECOND)

    def test_an_exclusive_breach_comes_at_the_end(self) -> None:
        """Where the end itself is too late, the breach comes with it."""
        for clock in (compiled(inclusive=False), compiled(ends="day")):
            (breach,) = steps_due(clock, deal(opened(REGISTERED)), at=FAR)
            assert breach.comes_at == breach.at

    def test_next_at_is_when_to_look_again(self) -> None:
        """Until then nothing is due, and then something is; in the end nothing comes any more."""
        clock, record = compiled(steps=STEPS), deal(opened(REGISTERED))
        seen = []
        reading = read_clock(clock, record, at=prague(REGISTERED))
        while reading.next_at is not None:
            assert steps_due(clock, record, at=reading.next_at - MICROSECOND) == ()
            seen += due_ids(clock, record, reading.next_at)
            record = settled(clock, record, reading.next_at)
            reading = read_clock(clock, record, at=reading.next_at)

        assert seen == ["reminder", "last_day", None, "late", "escalation"]

    def test_what_was_not_settled_is_next(self) -> None:
        """What has come and is not in the trail is the next to happen."""
        reading = read_clock(compiled(steps=STEPS), deal(opened(REGISTERED)), at=FAR)

        assert reading.next_at == prague("2026-12-23T17:00")
        assert reading.next_step is None

    def test_the_next_step(self) -> None:
        """A reading names the step that is ahead, and when it comes."""
        reading = read_clock(
            compiled(steps=STEPS), deal(opened(REGISTERED)), at=prague("2026-12-24T00:00")
        )

        assert (reading.next_step, reading.next_step_at) == (
            "last_day",
            prague("2026-12-28T17:00"),
        )

    def test_nothing_comes_behind_an_open_pause(self) -> None:
        """While a clock is paused only what lay before the pause is due."""
        clock = compiled(steps=STEPS)
        record = deal(opened(REGISTERED), paused("2026-12-24T10:00"))
        later = deal(opened(REGISTERED), paused("2026-12-24T10:00"), resumed("2027-01-04T10:00"))

        assert due_ids(clock, record, FAR) == ["reminder"]
        assert due_ids(clock, later, FAR) == ["reminder", "last_day", None, "late", "escalation"]

    def test_before_the_start_nothing_is_due(self) -> None:
        """A clock that has not started has no steps."""
        assert steps_due(compiled(steps=STEPS), deal(), at=FAR) == ()


class TestEnded:
    """What a clock that is over still owes."""

    def test_what_lay_before_the_end(self) -> None:
        """An answer that nobody looked at leaves the steps before it due, and none after it."""
        clock = compiled(steps=STEPS, stop=["answered_at"])
        record = deal(opened(REGISTERED), answered_at=prague("2026-12-24T10:00"))

        assert due_ids(clock, record, FAR) == ["reminder"]

    def test_a_breach_that_nobody_saw(self) -> None:
        """An answer that came too late does not wipe out the breach."""
        clock = compiled(steps=STEPS, stop=["answered_at"])
        record = deal(opened(REGISTERED), answered_at=prague("2026-12-30T10:00"))

        assert due_ids(clock, record, FAR) == ["reminder", "last_day", None]

    def test_what_was_over_before_it_was_adopted(self) -> None:
        """A record that is brought in with its history gets no reminders of long ago."""
        clock = compiled(steps=STEPS)
        history = [opened(REGISTERED), moved("2026-12-30T10:00", "accepted")]
        adopted = entry("adopted", "2027-02-01T10:00", target="accepted")
        running = entry("adopted", "2027-02-01T10:00", target="registered")

        assert due_ids(clock, deal(*history, adopted), FAR) == []
        assert due_ids(clock, deal(history[0], running), FAR)[:2] == ["reminder", "last_day"]


def test_due_is_a_plain_tuple() -> None:
    """What is due unpacks and compares by value."""
    clock, record = compiled(), deal(opened(REGISTERED))
    (due,) = steps_due(clock, record, at=FAR)

    assert due == Due(*due)


def test_a_step_beyond_the_calendar_is_asked_for_by_name() -> None:
    """A due date can be known where a later step is not: the error names clock and record."""
    short = Calendar.from_holidays(
        "CZ", tz="Europe/Prague", covers=(date(2026, 1, 1), date(2026, 12, 31))
    )
    clock = compiled(calendar=short, steps=[{"id": "later", "offset": 9}])
    reading = read_clock(clock, deal(opened("2026-12-18 15:00")), at=prague("2026-12-30 12:00"))
    assert str(reading.due_on) == "2026-12-29"
    with pytest.raises(CalendarExhaustedError, match="by clock `answer` of record `o-1`"):
        reading.next_of("o-1")
