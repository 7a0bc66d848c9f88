"""Explanations: each day counted or skipped, and why. Time 10."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clock_samples import (
    compiled,
    deal,
    elapsed,
    extended,
    moved,
    opened,
    paused,
    prague,
    resumed,
)
from cosell.calendars import Calendar
from cosell.clocks import Reading, duration_text, read_clock
from cosell.clocks.measure import told_duration

REGISTERED = "2026-12-18T15:00"
_HOLIDAY = "Second Day of Christmas"
_NOT_COUNTED = "and this day does not count"
_WEEKEND = (
    "Saturday 2026-12-19: skipped, weekly rest",
    "Sunday 2026-12-20: skipped, weekly rest",
)
_CHRISTMAS = (
    "Thursday 2026-12-24: skipped, Christmas Eve",
    "Friday 2026-12-25: skipped, Christmas Day",
    "Saturday 2026-12-26: skipped, Second Day of Christmas",
    "Sunday 2026-12-27: skipped, weekly rest",
)


def test_business_days() -> None:
    """MK-13 over Christmas: weekends, holidays by name, and the days that count."""
    reading = read_clock(compiled(), deal(opened(REGISTERED)), at=prague("2026-12-22T09:30"))

    assert reading.explain() == (
        "answer: 5 business days in calendar `vendor` (Europe/Prague)",
        "Friday 2026-12-18 15:00: started, and this day does not count",
        "Saturday 2026-12-19: skipped, weekly rest",
        "Sunday 2026-12-20: skipped, weekly rest",
        "Monday 2026-12-21: day 1",
        "Tuesday 2026-12-22: day 2",
        "Wednesday 2026-12-23: day 3",
        "Thursday 2026-12-24: skipped, Christmas Eve",
        "Friday 2026-12-25: skipped, Christmas Day",
        "Saturday 2026-12-26: skipped, Second Day of Christmas",
        "Sunday 2026-12-27: skipped, weekly rest",
        "Monday 2026-12-28: day 4",
        "Tuesday 2026-12-29: day 5",
        "Tuesday 2026-12-29 17:00: due",
        "Tuesday 2026-12-22 09:30: running",
    )


def test_paused_days() -> None:
    """A day at whose close the clock was paused says so; those after it count on."""
    clock = compiled(allowance=3, label="Answer", extensions={})
    record = deal(
        opened(REGISTERED),
        paused("2026-12-19T10:00", reason="office move"),
        resumed("2026-12-19T11:00"),
        paused("2026-12-21T17:00", reason="customer is away"),
        resumed("2026-12-22T17:00"),
        extended("2026-12-23T09:00", 1),
        moved("2026-12-23T10:00", "accepted"),
    )

    assert read_clock(clock, record, at=prague("2027-01-01T00:00")).explain() == (
        "Answer: 4 (extended by 1) business days in calendar `vendor` (Europe/Prague)",
        "Friday 2026-12-18 15:00: started, and this day does not count",
        "Saturday 2026-12-19: skipped, weekly rest",
        "Sunday 2026-12-20: skipped, weekly rest",
        "Monday 2026-12-21: paused, customer is away",
        "Tuesday 2026-12-22: day 1",
        "Wednesday 2026-12-23: ended before it was over",
        "Tuesday 2026-12-29 17:00: due",
        "Wednesday 2026-12-23 10:00: stopped",
        "Friday 2027-01-01 00:00: met",
    )


def test_a_paused_clock() -> None:
    """A clock that is paused lists the days until now, and has no due date."""
    record = deal(opened(REGISTERED), paused("2026-12-21T17:00", reason="customer is away"))

    assert read_clock(compiled(), record, at=prague("2026-12-22T12:00")).explain()[4:] == (
        "Monday 2026-12-21: paused, customer is away",
        "Tuesday 2026-12-22: paused, customer is away",
        "no due date until it is resumed",
        "Tuesday 2026-12-22 12:00: paused",
    )


def test_days_until_midnight() -> None:
    """Where days end at midnight, the last day in time is named."""
    reading = read_clock(
        compiled(ends="day", allowance=1), deal(opened(REGISTERED)), at=prague("2026-12-22T00:00")
    )

    assert reading.explain()[-2:] == (
        "Monday 2026-12-21: the last day in time",
        "Tuesday 2026-12-22 00:00: breached",
    )


def test_business_hours() -> None:
    """Each day says how much of the allowance passed on it, and why not more."""
    clock = compiled(unit="business_hours", ends="day", allowance=12)
    record = deal(
        opened("2026-12-23T15:30"),
        paused("2026-12-28T11:00", reason="customer is away"),
        resumed("2026-12-29T10:00"),
        moved("2026-12-29T11:00", "withdrawn"),
    )
    clock = compiled(
        unit="business_hours", ends="day", allowance=12, cancel=["entered('withdrawn')"]
    )

    assert read_clock(clock, record, at=prague("2026-12-29T12:00")).explain() == (
        "answer: 12 business hours in calendar `vendor` (Europe/Prague)",
        "Wednesday 2026-12-23 15:30: started",
        "Wednesday 2026-12-23: 1 h 30 min, 1 h 30 min in all",
        "Thursday 2026-12-24: skipped, Christmas Eve",
        "Friday 2026-12-25: skipped, Christmas Day",
        "Saturday 2026-12-26: skipped, Second Day of Christmas",
        "Sunday 2026-12-27: skipped, weekly rest",
        "Monday 2026-12-28: 2 h, 3 h 30 min in all",
        "Tuesday 2026-12-29: 1 h, 4 h 30 min in all",
        "Monday 2026-12-28 11:00: paused until Tuesday 2026-12-29 10:00, customer is away",
        "Wednesday 2026-12-30 10:30: due",
        "Tuesday 2026-12-29 11:00: cancelled",
        "Tuesday 2026-12-29 12:00: cancelled",
    )


def test_business_hours_that_stand_still() -> None:
    """A business day on which nothing was consumed says so, up to the end of what is known."""
    record = deal(opened("2026-12-29T17:30"), paused("2026-12-30T12:00"))
    year = Calendar.from_holidays("CZ", tz="Europe/Prague", id="vendor").override(
        prague("2026-12-31T12:00").date(), "09:00-12:00", name="early close"
    )
    clock = compiled(unit="business_hours", ends="day", allowance=12, calendar=year)

    assert read_clock(clock, record, at=prague("2026-12-31T12:00")).explain()[2:] == (
        "Tuesday 2026-12-29: paused or outside opening hours",
        "Wednesday 2026-12-30: 3 h, 3 h in all",
        "Thursday 2026-12-31: paused or outside opening hours",
        "Wednesday 2026-12-30 12:00: paused, paused",
        "no due date until it is resumed",
        "Thursday 2026-12-31 12:00: paused",
    )


def test_units_of_which_each_counts() -> None:
    """Elapsed hours and calendar days list their pauses alone."""
    record = deal(opened(REGISTERED), paused("2026-12-19T10:00"), resumed("2026-12-20T10:00"))
    months = compiled(
        unit="calendar_days", ends="day", calendar=None, allowance="1 month", extensions={}
    )
    at = prague("2026-12-21T00:00")

    assert read_clock(elapsed(), record, at=at).explain() == (
        "answer: 48 elapsed hours",
        "Friday 2026-12-18 15:00: started",
        "Saturday 2026-12-19 10:00: paused until Sunday 2026-12-20 10:00, paused",
        "Monday 2026-12-21 15:00: due",
        "Monday 2026-12-21 00:00: running",
    )
    assert read_clock(months, record, at=at).explain()[0] == ("answer: 1 months, 31 calendar days")
    assert read_clock(months, deal(), at=at).explain() == (
        "answer: 1 months of calendar days",
        "not started",
    )
    assert read_clock(elapsed(), deal(), at=at).explain()[0] == "answer: 48 elapsed hours"


def test_a_fraction_of_an_hour() -> None:
    """An allowance that is no whole number of hours is a duration."""
    clock = elapsed(extensions={"counts_from": "grant"})
    record = deal(opened("2026-12-18T15:00"), extended("2026-12-18T15:30", 1))

    assert read_clock(clock, record, at=prague("2026-12-18T16:00")).explain()[0] == (
        "answer: 1 h 30 min (extended by 1) elapsed hours"
    )


def test_an_estimate_on_the_way() -> None:
    """A provisional due date says that it is one. Time 5."""
    calendar = Calendar.from_dates(
        id="vendor",
        tz="Europe/Prague",
        covers=(prague("2026-01-01T00:00").date(), prague("2027-12-31T00:00").date()),
        provisional=[prague("2026-12-24T00:00").date()],
    )

    reading = read_clock(
        compiled(calendar=calendar), deal(opened(REGISTERED)), at=prague(REGISTERED)
    )

    assert reading.explain()[-1] == "provisional: the date of a holiday in between is an estimate"


def the_list(reading: Reading) -> tuple[str, ...]:
    """Return the lines between the start of a clock and what it came to."""
    return reading.explain()[2:-2]


@pytest.mark.parametrize(
    ("end", "lines"),
    [
        pytest.param(
            "2026-12-21T16:59",
            (*_WEEKEND, "Monday 2026-12-21: ended before it was over"),
            id="just before the close of day 1",
        ),
        pytest.param(
            "2026-12-21T17:00", (*_WEEKEND, "Monday 2026-12-21: day 1"), id="at the close of day 1"
        ),
        pytest.param(
            "2026-12-22T10:00",
            (
                *_WEEKEND,
                "Monday 2026-12-21: day 1",
                "Tuesday 2026-12-22: ended before it was over",
            ),
            id="on day 2",
        ),
        pytest.param("2026-12-18T16:00", (), id="on the day of the start"),
        pytest.param("2026-12-20T10:00", _WEEKEND, id="on a day that does not count"),
    ],
)
@pytest.mark.parametrize("stage", ["accepted", "withdrawn"], ids=["stopped", "cancelled"])
@pytest.mark.parametrize("allowance", [5, None], ids=["a deadline", "a clock that measures"])
def test_the_list_ends_where_the_clock_did(
    end: str, lines: tuple[str, ...], stage: str, allowance: int | None
) -> None:
    """Time 10: days after the end are not listed, and as many are counted as were measured."""
    clock = compiled(allowance=allowance, cancel=["entered('withdrawn')"])
    record = deal(opened(REGISTERED), moved(end, stage))

    reading = read_clock(clock, record, at=prague("2027-02-01T12:00"))

    listed = [line for line in the_list(reading) if not line.endswith(": due")]
    assert tuple(listed) == lines
    assert reading.measured == sum(": day " in line for line in listed)


def test_a_late_answer_does_not_shorten_the_list() -> None:
    """Time 10: a clock that ran out lists the days to its end, whatever was done later."""
    record = deal(opened(REGISTERED), moved("2026-12-30T10:00", "accepted"))

    lines = the_list(read_clock(compiled(allowance=1), record, at=prague("2027-01-04T09:00")))

    assert lines == (*_WEEKEND, "Monday 2026-12-21: day 1", "Monday 2026-12-21 17:00: due")


@pytest.mark.parametrize(
    ("at", "last"),
    [
        pytest.param("2026-12-22T16:59", "not over yet", id="before the close"),
        pytest.param("2026-12-22T17:00", "day 2", id="at the close"),
    ],
)
def test_today_counts_when_it_is_over(at: str, last: str) -> None:
    """Time 10: a clock that measures counts the days that are over, in its list as in its sum."""
    reading = read_clock(compiled(allowance=None), deal(opened(REGISTERED)), at=prague(at))

    assert reading.explain()[-2] == f"Tuesday 2026-12-22: {last}"
    assert reading.measured == (2 if last == "day 2" else 1)


def test_the_last_day_is_one_of_the_clocks_own_zone() -> None:
    """Time 8: after midnight in Prague and before it in UTC, the day in Prague is listed."""
    clock = compiled(ends="day", allowance=None)

    reading = read_clock(clock, deal(opened("2026-12-21T15:00")), at=prague("2026-12-23T00:30"))

    assert reading.explain()[2:-1] == (
        "Tuesday 2026-12-22: day 1",
        "Wednesday 2026-12-23: not over yet",
    )


def test_hours_up_to_the_end_alone() -> None:
    """Time 10: hours of a clock that was stopped add up to what it measured."""
    clock = compiled(unit="business_hours", ends="day", allowance=None)
    record = deal(opened("2026-12-21T10:00"), moved("2026-12-22T10:00", "accepted"))

    reading = read_clock(clock, record, at=prague("2026-12-30T12:00"))

    assert reading.measured == timedelta(hours=8)
    assert reading.explain()[2:-1] == (
        "Monday 2026-12-21: 7 h, 7 h in all",
        "Tuesday 2026-12-22: 1 h, 8 h in all",
        "Tuesday 2026-12-22 10:00: stopped",
    )


@pytest.mark.parametrize(
    ("start", "lines"),
    [
        pytest.param(
            "2026-12-23T15:59",
            ("Wednesday 2026-12-23 15:59: started, and this day does not count",),
            id="before the cut-off",
        ),
        pytest.param(
            "2026-12-23T16:00",
            (
                f"Wednesday 2026-12-23 16:00: started at the cut-off of 16:00, {_NOT_COUNTED}",
                *_CHRISTMAS,
                "Monday 2026-12-28: day 0, as which the start counts",
            ),
            id="at the cut-off",
        ),
        pytest.param(
            "2026-12-23T16:00:01",
            (
                f"Wednesday 2026-12-23 16:00: started after the cut-off of 16:00, {_NOT_COUNTED}",
                *_CHRISTMAS,
                "Monday 2026-12-28: day 0, as which the start counts",
            ),
            id="after the cut-off",
        ),
        pytest.param(
            "2026-12-26T10:00",
            (
                f"Saturday 2026-12-26 10:00: started on a closed day ({_HOLIDAY}), {_NOT_COUNTED}",
                "Sunday 2026-12-27: skipped, weekly rest",
                "Monday 2026-12-28: day 0, as which the start counts",
            ),
            id="on a closed day",
        ),
    ],
)
def test_days_that_a_cutoff_puts_off(start: str, lines: tuple[str, ...]) -> None:
    """Time 1 and 10: every day from the start on has its line, and the cut-off is named."""
    clock = compiled(cutoff="16:00", allowance=1)

    reading = read_clock(clock, deal(opened(start)), at=prague(start))

    explained = reading.explain()[1:]
    assert explained[: len(lines)] == lines
    assert ": day 1" in " ".join(explained[len(lines) : len(lines) + 5])


def test_an_answer_while_the_start_is_put_off() -> None:
    """Time 10: days that the cut-off put the start off to are listed up to the stop."""
    record = deal(opened("2026-12-23T16:30"), moved("2026-12-25T10:00", "accepted"))

    reading = read_clock(compiled(cutoff="16:00"), record, at=prague("2027-01-04T10:00"))

    assert the_list(reading)[:-1] == _CHRISTMAS[:2]


def test_a_run_that_begins_when_a_day_is_over() -> None:
    """Time 1: a run that follows at midnight counts the day that begins then, and says so."""
    clock = compiled(
        unit="calendar_days", ends="day", allowance=1, repeats="from_end", stop=[],
        cancel=["entered('rejected')"],
    )  # fmt: skip

    reading = read_clock(clock, deal(opened(REGISTERED)), at=prague("2026-12-20T10:00"))

    assert "Sunday 2026-12-20 00:00: started" in reading.explain()


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        pytest.param(timedelta(), "0 h", id="nothing"),
        pytest.param(timedelta(hours=4), "4 h", id="hours"),
        pytest.param(timedelta(minutes=90), "1 h 30 min", id="hours and minutes"),
        pytest.param(timedelta(days=2, seconds=5), "48 h 5 s", id="no minutes"),
        pytest.param(timedelta(minutes=20, milliseconds=500), "20 min 0.5 s", id="half a second"),
    ],
)
def test_durations_as_people_say_them(duration: timedelta, text: str) -> None:
    """Explanations give hours, minutes and seconds by their units."""
    assert told_duration(duration) == text


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        pytest.param(timedelta(), "PT0S", id="nothing"),
        pytest.param(timedelta(hours=8), "PT8H", id="hours"),
        pytest.param(timedelta(minutes=90), "PT1H30M", id="hours and minutes"),
        pytest.param(timedelta(days=2, seconds=5), "PT48H5S", id="no minutes"),
        pytest.param(timedelta(seconds=10), "PT10S", id="ten seconds"),
        pytest.param(timedelta(microseconds=1), "PT0.000001S", id="a microsecond"),
        pytest.param(timedelta(seconds=59, microseconds=500_000), "PT59.5S", id="half a second"),
    ],
)
def test_durations(duration: timedelta, text: str) -> None:
    """Durations are written by ISO 8601, exactly."""
    assert duration_text(duration) == text
