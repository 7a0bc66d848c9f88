"""When a clock ends: the dates that people check by hand, and what is in time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from clock_samples import (
    PRAGUE,
    compiled,
    deal,
    elapsed,
    moved,
    opened,
    paused,
    prague,
)
from cosell.calendars import Calendar
from cosell.clocks import ClockState, read_clock
from cosell.errors import CalendarError, CalendarExhaustedError

MICROSECOND = timedelta(microseconds=1)
REGISTERED = "2026-12-18T15:00"
FAR = prague("2028-01-01T00:00")


class TestDueDates:
    """When a clock ends. Time 1 to 4."""

    @pytest.mark.parametrize(
        ("start", "due_at"),
        [
            pytest.param(REGISTERED, "2026-12-29T17:00", id="MK-13: over Christmas"),
            pytest.param("2027-03-25T10:00", "2027-04-05T17:00", id="MK-13: over Easter"),
            pytest.param("2026-10-22T10:00", "2026-10-30T17:00", id="over 28 October"),
            pytest.param("2026-12-19T10:00", "2026-12-29T17:00", id="from a Saturday"),
            pytest.param("2028-02-25T10:00", "2028-03-03T17:00", id="over a leap day"),
        ],
    )
    def test_business_days_until_close(self, start: str, due_at: str) -> None:
        """Five working days end at the close of the fifth; the day of the start never counts."""
        reading = read_clock(compiled(), deal(opened(start)), at=prague(start))

        assert reading.due_at == prague(due_at)
        assert reading.due_on == prague(due_at).date()

    def test_thursday_in_los_angeles_is_friday_in_prague(self) -> None:
        """Day 0 is the local date of the calendar, wherever the partner is. Time 1."""
        start = datetime.fromisoformat("2026-12-17T16:00:00-08:00")

        reading = read_clock(compiled(), deal(opened(start)), at=start)

        assert reading.due_at == prague("2026-12-29T17:00")

    @pytest.mark.parametrize(
        ("start", "due_at"),
        [
            pytest.param("2027-03-27T12:00", "2027-03-29T13:00", id="an hour is skipped"),
            pytest.param("2026-10-24T12:00", "2026-10-26T11:00", id="an hour comes twice"),
            pytest.param("2026-12-24T12:00", "2026-12-26T12:00", id="holidays do not matter"),
        ],
    )
    def test_elapsed_hours(self, start: str, due_at: str) -> None:
        """48 hours are 48 hours, also when clocks change. SF-5, MS-29."""
        reading = read_clock(elapsed(), deal(opened(start)), at=prague(start))

        assert reading.due_at == prague(due_at)

    @pytest.mark.parametrize(
        ("start", "hours", "due_at"),
        [
            pytest.param("2026-11-07T16:00", 1, "2026-11-09T10:00", id="from Saturday"),
            pytest.param("2026-11-02T09:00", 8, "2026-11-02T17:00", id="a whole day"),
        ],
    )
    def test_business_hours(self, start: str, hours: int, due_at: str) -> None:
        """Business hours end at a close, not at the opening that follows. Time 4."""
        clock = compiled(unit="business_hours", ends="day", allowance=hours)

        assert read_clock(clock, deal(opened(start)), at=prague(start)).due_at == prague(due_at)

    @pytest.mark.parametrize(
        ("allowance", "start", "due_on"),
        [
            pytest.param(14, "2026-12-18T15:00", "2027-01-01", id="PC-8: fourteen days"),
            pytest.param(60, "2026-03-16T00:00", "2026-05-15", id="BX-25: sixty days"),
            pytest.param("6 months", "2026-08-31T12:00", "2027-02-28", id="BX-3: months clip"),
            pytest.param("1 month", "2028-01-31T12:00", "2028-02-29", id="in a leap year later"),
            pytest.param("months", "2026-08-30T12:00", "2027-02-28", id="months as a parameter"),
            pytest.param(0, "2026-12-18T15:00", "2026-12-18", id="no day is that day"),
        ],
    )
    def test_calendar_days(self, allowance: int | str, start: str, due_on: str) -> None:
        """Calendar days end with the last day, at the midnight after it. Time 2 and 3."""
        clock = compiled(unit="calendar_days", ends="day", calendar=None, allowance=allowance)
        due = date.fromisoformat(due_on)

        reading = read_clock(clock, deal(opened(start)), at=prague(start))

        assert reading.due_on == due
        assert reading.due_at == PRAGUE.ends_at(due)

    @pytest.mark.parametrize(
        ("start", "due_on"),
        [
            pytest.param("2026-12-18T14:59", "2026-12-21", id="before it"),
            pytest.param("2026-12-18T15:00", "2026-12-22", id="at it"),
            pytest.param("2026-12-19T09:00", "2026-12-22", id="on a closed day"),
        ],
    )
    def test_a_cut_off(self, start: str, due_on: str) -> None:
        """From the cut-off on a start counts as the next business day. Time 1."""
        clock = compiled(allowance=1, cutoff="15:00")

        reading = read_clock(clock, deal(opened(start)), at=prague(start))

        assert reading.due_on == date.fromisoformat(due_on)

    def test_no_allowance_after_hours(self) -> None:
        """A clock that allows nothing never ends before it starts."""
        reading = read_clock(
            compiled(allowance=0), deal(opened("2026-12-18T18:00")), at=prague("2026-12-18T18:00")
        )

        assert reading.due_at == reading.started_at
        assert reading.fraction == 1

    def test_a_calendar_that_ends_raises(self) -> None:
        """A calendar known to the end of 2026 raises for a start on 26 December. Time 5."""
        year = Calendar.from_holidays(
            "CZ", tz="Europe/Prague", covers=(date(2026, 1, 1), date(2026, 12, 31))
        )
        record = deal(opened("2026-12-26T10:00"))

        with pytest.raises(CalendarExhaustedError, match="2027-01-01 is needed"):
            read_clock(compiled(calendar=year), record, at=prague("2026-12-26T10:00"))

    @pytest.mark.parametrize(
        ("clock", "allowance"),
        [
            pytest.param(elapsed, 1_000_000, id="hours"),
            pytest.param(compiled, 1_000_000, id="business days"),
        ],
    )
    def test_a_huge_allowance_is_an_error_of_cosell(self, clock: Any, allowance: int) -> None:
        """A million units from the end of time have no date, which is an error and no hang."""
        late = datetime(9990, 1, 1, tzinfo=UTC)

        with pytest.raises(CalendarError):
            read_clock(clock(allowance=allowance), deal(opened(late)), at=late)

    @pytest.mark.parametrize("allowance", ["9999 months", 1_000_000])
    def test_days_past_the_end_of_time(self, allowance: int | str) -> None:
        """So are a million days, and months without end."""
        late = datetime(9990, 1, 1, tzinfo=UTC)
        clock = compiled(unit="calendar_days", ends="day", calendar=None, allowance=allowance)

        with pytest.raises(CalendarError, match="have no date"):
            read_clock(clock, deal(opened(late)), at=late)


class TestInTime:
    """What is in time and what is late. Time 3."""

    DUE = prague("2026-12-29T17:00")

    @pytest.mark.parametrize(
        ("answered", "inclusive", "state"),
        [
            pytest.param(DUE - MICROSECOND, True, "met", id="before the end"),
            pytest.param(DUE, True, "met", id="at the very instant, inclusive"),
            pytest.param(DUE + MICROSECOND, True, "breached", id="a microsecond later"),
            pytest.param(DUE - MICROSECOND, False, "met", id="before the end, exclusive"),
            pytest.param(DUE, False, "breached", id="at the very instant, exclusive"),
        ],
    )
    def test_an_answer(self, answered: datetime, inclusive: bool, state: str) -> None:  # noqa: FBT001 # a column
        """An action at the very instant is in time where the clock is inclusive. MK-13."""
        record = deal(opened(REGISTERED), moved(answered, "accepted"))

        reading = read_clock(compiled(inclusive=inclusive), record, at=FAR)

        assert reading.state == state
        assert reading.overdue is (state == "breached")
        assert reading.ended_at == answered

    @pytest.mark.parametrize(
        ("answered", "state"),
        [
            pytest.param("2026-12-29T23:59:59.999999", "met", id="on the last day"),
            pytest.param("2026-12-30T00:00", "breached", id="at the midnight after it"),
        ],
    )
    def test_a_day_ends_before_midnight(self, answered: str, state: str) -> None:
        """For units of days the local date decides; midnight is another day, inclusive or not."""
        record = deal(opened(REGISTERED), moved(answered, "accepted"))

        assert read_clock(compiled(ends="day"), record, at=FAR).state == state

    def test_nobody_answers(self) -> None:
        """A clock runs up to its end, is breached after it, and stays so."""
        record, clock = deal(opened(REGISTERED)), compiled()

        assert read_clock(clock, record, at=self.DUE).state is ClockState.RUNNING
        assert read_clock(clock, record, at=self.DUE + MICROSECOND).state is ClockState.BREACHED
        assert read_clock(clock, record, at=FAR).due_at == self.DUE

    def test_breach_is_sticky(self) -> None:
        """A late answer, a late pause or a late cancellation undoes no breach. Time 7."""
        late = [
            deal(opened(REGISTERED), moved("2026-12-29T17:01", "accepted")),
            deal(opened(REGISTERED), paused("2026-12-29T17:01")),
            deal(opened(REGISTERED), moved("2026-12-29T17:01", "withdrawn")),
        ]
        clock = compiled(cancel=["entered('withdrawn')"])

        for record in late:
            reading = read_clock(clock, record, at=FAR)
            assert reading.state is ClockState.BREACHED
            assert reading.due_at == self.DUE
            assert reading.consumed == 5

    def test_a_breach_is_known_past_what_the_calendar_knows(self) -> None:
        """Whether a clock has run out does not need a calendar for the time since."""
        year = Calendar.from_holidays(
            "CZ", tz="Europe/Prague", covers=(date(2026, 1, 1), date(2026, 12, 31))
        )
        clock, record = compiled(calendar=year), deal(opened(REGISTERED))

        assert read_clock(clock, record, at=FAR).state is ClockState.BREACHED

    def test_cancelled_in_time(self) -> None:
        """A cancellation in time ends the clock without an answer."""
        record = deal(opened(REGISTERED), moved("2026-12-21T09:00", "withdrawn"))

        reading = read_clock(compiled(cancel=["entered('withdrawn')"]), record, at=FAR)

        assert reading.state is ClockState.CANCELLED
        assert reading.ended_at == prague("2026-12-21T09:00")
        assert reading.next_at is None
