"""Moments lie so far inside the calendar that nothing that is counted from them runs out of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AwareDatetime

from clock_samples import ANSWER, Deal, compiled, deal, elapsed
from cosell import Actor, Calendar, MemoryStore, Opportunity, catalog
from cosell._base import Instant, Model, validated
from cosell.calendars import to_utc
from cosell.clocks import read_clock
from cosell.desk import Desk
from cosell.engine import Bound, decide, next_due_at, open_record, read_clocks, settle
from cosell.errors import (
    CosellError,
    InvalidDataError,
    MomentOutOfRangeError,
    NaiveDatetimeError,
    require_aware,
)
from cosell.models.record import Record
from cosell.rules.constants import instant_in
from cosell.rules.operations import as_instant, local_date

EAST, WEST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
PRAGUE, TOKYO, YORK = map(ZoneInfo, ("Europe/Prague", "Asia/Tokyo", "America/New_York"))
FIRST, LAST = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, 23, 59, 59, 999_999, UTC)
TICK = timedelta(microseconds=1)
ME = Actor("ae-3", role="ae", party="vendor")
START = datetime(2026, 11, 20, tzinfo=UTC)

INSIDE = {
    "the first moment": FIRST,
    "the last moment": LAST,
    "the first moment, by clocks in the west": FIRST.astimezone(WEST),
    "the last moment, by clocks in the east": LAST.astimezone(EAST),
}
OUTSIDE = {
    "just before the first": FIRST - TICK,
    "just after the last": LAST + TICK,
    "just before the first, by clocks in the east": (FIRST - TICK).astimezone(EAST),
    "just after the last, by clocks in the west": (LAST + TICK).astimezone(WEST),
    "the end of time in UTC": datetime.max.replace(tzinfo=UTC),
    "the end of time in the west": datetime.max.replace(tzinfo=WEST),
    "the end of time in New York": datetime.max.replace(tzinfo=YORK),
    "the beginning of time in UTC": datetime.min.replace(tzinfo=UTC),
    "the beginning of time in the east": datetime.min.replace(tzinfo=EAST),
    "the beginning of time in Prague": datetime.min.replace(tzinfo=PRAGUE),
}
inside = pytest.mark.parametrize("moment", INSIDE.values(), ids=INSIDE)
outside = pytest.mark.parametrize("moment", OUTSIDE.values(), ids=OUTSIDE)


class Held(Model, frozen=True):
    """A model with one moment."""

    held_at: Instant | None = None


class Promise(Record, frozen=True):
    """A host's record, whose moment pydantic alone looks at."""

    begun_at: AwareDatetime | None = None


@pytest.fixture(scope="module")
def make() -> Bound:
    """Return the process `make`, bound to a calendar."""
    return catalog.load("make").bind(
        calendars={"vendor": Calendar.from_holidays("CZ", tz="Europe/Prague")}
    )


class TestOneMoment:
    """What looks at a moment agrees about where time ends."""

    @inside
    def test_a_moment_inside_is_taken(self, moment: datetime) -> None:
        """The first and the last moment count, by whatever clocks."""
        assert require_aware(moment) is moment
        assert to_utc(moment) == moment
        assert Held(held_at=moment).held_at == moment
        assert instant_in(moment.isoformat()) == moment

    @outside
    def test_a_moment_outside_is_refused(self, moment: datetime) -> None:
        """The error is cosell's own, and names the argument, the moment and what to do."""
        asked = (require_aware, to_utc)
        for ask in (*asked, as_instant) if isinstance(moment.tzinfo, ZoneInfo) else asked:
            with pytest.raises(MomentOutOfRangeError, match="from 0001-01-03 to 9999") as raised:
                ask(moment)
            assert raised.value.moment is moment
            assert moment.isoformat() in raised.value.problem
        assert instant_in(moment.isoformat()) is None

    @outside
    def test_a_field_tells_it_in_words(self, moment: datetime) -> None:
        """A field that holds such a moment is named, with what was given."""
        with pytest.raises(InvalidDataError) as raised:
            validated(Held, {"held_at": moment}, "row")

        [problem] = raised.value.problems
        assert (problem.path, problem.problem) == ("held_at", "it lies at an end of time")
        remedy = "Give a moment from 0001-01-03 to 9999-12-29 in UTC, or none where it means never."
        assert problem.remedy.startswith(f"{remedy} Given was `")

    def test_a_moment_without_a_zone_is_that_first(self) -> None:
        """What has no zone is not said to be at an end of time."""
        for ask in (require_aware, to_utc):
            with pytest.raises(NaiveDatetimeError):
                ask(datetime(9999, 12, 31))  # noqa: DTZ001 - the mistake that is tested

    @given(moment=st.datetimes(timezones=st.sampled_from([UTC, EAST, WEST, PRAGUE, TOKYO, YORK])))
    def test_in_range_every_zone_has_a_midnight_on_both_sides(self, moment: datetime) -> None:
        """Whoever was let in has a day, the day before it and the day after it in every zone."""
        try:
            found = to_utc(moment)
        except MomentOutOfRangeError:
            return
        for zone in (EAST, WEST, PRAGUE, TOKYO, YORK):
            day = found.astimezone(zone).date()
            for each in (day - timedelta(days=1), day + timedelta(days=1)):
                assert isinstance(each, date)

    def test_a_day_that_a_zone_does_not_have_is_missing(self) -> None:
        """In Tokyo the last half hour of the calendar in UTC has no date."""
        assert local_date(datetime(9999, 12, 31, 23, 30, tzinfo=UTC), TOKYO) is None


QUESTIONS: dict[str, Callable[[Bound, Opportunity, datetime], object]] = {
    "read_clocks": lambda make, deal, at: read_clocks(make, deal, at=at),
    "settle": lambda make, deal, at: settle(make, deal, at=at),
    "next_due_at": lambda make, deal, at: next_due_at(make, deal, at=at),
    "decide": lambda make, deal, at: decide(
        make, deal, "lose", actor=ME, at=at, data={"closed_reason": "No fit."}
    ),
}


class TestQuestions:
    """A question asked at an end of time is a mistake of the call, told as one."""

    @pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
    @outside
    def test_it_is_refused(
        self,
        make: Bound,
        ask: Callable[[Bound, Opportunity, datetime], object],
        moment: datetime,
    ) -> None:
        """The error names the argument."""
        record = open_record(make, Opportunity(id="o-1"), actor=ME, at=START).record
        with pytest.raises(MomentOutOfRangeError, match="`at` is "):
            ask(make, record, moment)

    @outside
    def test_a_desk_refuses_it(self, make: Bound, moment: datetime) -> None:
        """A tick and a new record at such a moment are refused before anything is written."""
        desk = Desk([make], MemoryStore())
        for ask in (
            lambda: desk.open(Opportunity(id="o-1"), actor=ME, at=moment),
            lambda: desk.tick(at=moment),
        ):
            with pytest.raises(MomentOutOfRangeError):
                ask()

    @pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
    @inside
    def test_inside_there_is_an_answer(
        self,
        make: Bound,
        ask: Callable[[Bound, Opportunity, datetime], object],
        moment: datetime,
    ) -> None:
        """The first and last moments are answered, or the calendar says how far it knows."""
        record = open_record(make, Opportunity(id="o-1"), actor=ME, at=min(START, moment)).record
        ask(make, record, moment)


class TestClocks:
    """Clocks that begin at an end of time."""

    @pytest.mark.parametrize(
        ("day", "is_read"),
        [
            pytest.param(date(1, 1, 2), False, id="before the first day"),
            pytest.param(date(1, 1, 3), True, id="the first day"),
            pytest.param(date(9999, 12, 29), True, id="the last day"),
            pytest.param(date(9999, 12, 30), False, id="after the last day"),
            pytest.param(date.max, False, id="never"),
        ],
    )
    def test_a_day_that_starts_a_clock(self, *, day: date, is_read: bool) -> None:
        """It is read up to the ends, and the error beyond them names the field and the day."""
        clock = elapsed(unit="calendar_days", allowance=0, start=["signed_on"], stop=[])
        record = deal(signed_on=day)
        if is_read:
            _read_all(clock, record)
        else:
            with pytest.raises(MomentOutOfRangeError, match=f"`signed_on` is {day}, at an end"):
                read_clock(clock, record, at=START)

    @outside
    def test_a_moment_of_a_hosts_own_field(self, moment: datetime) -> None:
        """A field that a host declared without cosell's bounds is named as well."""
        clock = elapsed(start=["begun_at"], stop=[])
        record = Promise(id="o-1", begun_at=moment)
        with pytest.raises(MomentOutOfRangeError, match="`begun_at` is "):
            read_clock(clock, record, at=START)

    @pytest.mark.parametrize(
        "changes",
        [
            {"unit": "elapsed_hours", "allowance": 48},
            {"unit": "calendar_days", "allowance": 5},
            {"unit": "calendar_days", "allowance": 0},
            {"unit": "business_days", "calendar": "vendor", "allowance": 1},
            {"unit": "business_days", "calendar": "vendor", "allowance": 5, "ends": "close"},
            {"unit": "business_hours", "calendar": "vendor", "allowance": 5},
        ],
        ids=lambda changes: " ".join(map(str, changes.values())),
    )
    @inside
    def test_no_other_error_comes_out(self, changes: dict[str, Any], moment: datetime) -> None:
        """Every unit gives a reading at the ends, or an error of cosell's own."""
        plain = {"calendar": None, "ends": "day", "start": ["submitted_at"]}
        clock = compiled({**ANSWER, **plain, **changes})
        record = deal(submitted_at=moment)
        for at in (FIRST, START, LAST):
            with suppress(CosellError):
                _read_all(clock, record, at)


def _read_all(clock: Any, record: Deal, at: datetime = START) -> None:
    reading = read_clock(clock, record, at=at)
    assert reading.at == at
    assert (reading.next_at, reading.provisional, reading.pauses) is not None
