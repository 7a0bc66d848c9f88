"""A reading as a value: its amounts, its moments, and its plain form."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from clock_samples import (
    PRAGUE_ZONE,
    compiled,
    deal,
    elapsed,
    opened,
    paused,
    prague,
    resumed,
    utc,
)
from cosell.calendars import Calendar, to_utc
from cosell.clocks import ClockState, read_clock
from cosell.errors import NaiveDatetimeError

MICROSECOND = timedelta(microseconds=1)
REGISTERED = "2026-12-18T15:00"
FAR = prague("2028-01-01T00:00")


class TestReading:
    """A reading as a value."""

    def test_amounts(self) -> None:
        """Consumed and remaining add up to the allowance; the fraction is rounded down."""
        record = deal(opened(REGISTERED))

        reading = read_clock(compiled(allowance=7), record, at=prague("2026-12-22T17:00"))

        assert (reading.allowance, reading.consumed, reading.remaining) == (7, 2, 5)
        assert reading.fraction == Decimal("0.2857")

    def test_fraction_of_hours(self) -> None:
        """The fraction of hours is exact too."""
        reading = read_clock(
            elapsed(), deal(opened("2026-11-02T09:00")), at=prague("2026-11-03T09:00")
        )

        assert reading.fraction == Decimal("0.5")

    def test_a_day_is_consumed_when_it_is_over(self) -> None:
        """At the close of a day it is consumed, a microsecond before it is not."""
        record, close = deal(opened(REGISTERED)), prague("2026-12-21T17:00")

        assert read_clock(compiled(), record, at=close).consumed == 1
        assert read_clock(compiled(), record, at=close - MICROSECOND).consumed == 0

    def test_moments_are_by_the_clocks_of_the_calendar(self) -> None:
        """People read the calendar's own time, with the offset of that moment."""
        record = deal(opened(utc("2026-12-18T14:00")))

        reading = read_clock(compiled(), record, at=utc("2026-12-18T14:00"))

        assert str(reading.started_at) == "2026-12-18 15:00:00+01:00"
        assert str(reading.due_at) == "2026-12-29 17:00:00+01:00"

    def test_provisional(self) -> None:
        """An estimated holiday on the way makes the due date provisional. Time 5."""
        estimates = Calendar.from_dates(
            id="vendor",
            tz="Europe/Prague",
            covers=(date(2026, 1, 1), date(2027, 12, 31)),
            provisional=[date(2026, 12, 24)],
        )
        at = prague(REGISTERED)

        def provisional(start: str, **changes: Any) -> bool:
            clock = compiled(calendar=estimates, **changes)
            return read_clock(clock, deal(opened(start)), at=at).provisional

        assert provisional(REGISTERED)
        assert not provisional("2026-11-02T10:00")
        assert not provisional(REGISTERED, unit="calendar_days", ends="day", allowance=10)
        paused_there = deal(opened("2026-11-02T10:00"), paused("2026-11-03T10:00"))
        assert read_clock(compiled(calendar=estimates), paused_there, at=FAR).provisional

    def test_plain_values(self) -> None:
        """A reading is JSON: moments and durations as text, amounts of days as numbers."""
        record = deal(
            opened("2026-11-02T09:00"), paused("2026-11-02T10:00"), resumed("2026-11-02T10:30")
        )
        clock = elapsed(steps=[{"id": "half", "at": "0.5"}])

        plain = read_clock(clock, record, at=prague("2026-11-02T11:00")).as_dict()

        assert json.loads(json.dumps(plain)) == {
            "clock": "answer",
            "track": None,
            "kind": "deadline",
            "state": "running",
            "at": "2026-11-02T10:00:00+00:00",
            "started_at": "2026-11-02T09:00:00+01:00",
            "allowance": "PT48H",
            "consumed": "PT1H30M",
            "remaining": "PT46H30M",
            "fraction": "0.0312",
            "due_on": "2026-11-04",
            "due_at": "2026-11-04T09:30:00+01:00",
            "latest_at": None,
            "overdue": False,
            "ended_at": None,
            "pauses": [
                {
                    "start": "2026-11-02T10:00:00+01:00",
                    "end": "2026-11-02T10:30:00+01:00",
                    "reason": "paused",
                }
            ],
            "next_step": "half",
            "next_step_at": "2026-11-03T09:30:00+01:00",
            "next_at": "2026-11-03T08:30:00+00:00",
            "provisional": False,
            "number": 1,
            "missed": 0,
            "cadence": None,
        }

    def test_readings_compare_copy_and_pickle(self) -> None:
        """The same question has an equal answer, which survives being copied and pickled."""
        record, at = deal(opened(REGISTERED), paused("2026-12-21T10:00")), FAR
        reading = read_clock(compiled(), record, at=at)

        assert reading == read_clock(compiled(), record, at=at.astimezone(UTC))
        assert hash(reading) == hash(read_clock(compiled(), record, at=at))
        for other in (copy.deepcopy(reading), pickle.loads(pickle.dumps(reading))):  # noqa: S301 # our own
            assert other == reading
            assert other.explain() == reading.explain()

    def test_a_moment_of_reading_has_a_zone(self) -> None:
        """A naive moment is refused. Time 4."""
        with pytest.raises(NaiveDatetimeError, match="`at` has no time zone"):
            read_clock(compiled(), deal(), at=datetime(2026, 12, 18))  # noqa: DTZ001 # this is what is refused

    def test_in_time(self) -> None:
        """An action would be in time while the clock has not run out, started or not."""
        record = deal(opened(REGISTERED))

        assert read_clock(compiled(), deal(), at=FAR).in_time is True
        assert read_clock(compiled(), record, at=prague(REGISTERED)).in_time is True
        assert read_clock(compiled(), record, at=FAR).in_time is False

    def test_two_moments_of_one_zone(self) -> None:
        """Across the hour that comes twice a clock of an hour takes an hour, not two or none."""
        start = datetime(2026, 10, 25, 2, 30, tzinfo=PRAGUE_ZONE)
        clock = elapsed(allowance=1)
        again = start.replace(fold=1)

        assert read_clock(clock, deal(opened(start)), at=again).state is ClockState.RUNNING
        later = to_utc(again) + MICROSECOND
        assert read_clock(clock, deal(opened(start)), at=later).overdue
