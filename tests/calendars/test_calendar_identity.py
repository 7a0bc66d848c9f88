"""What a calendar is as a value: equal, hashable, picklable, with a fingerprint of its answers."""

from __future__ import annotations

import copy
import pickle
import zoneinfo
from dataclasses import FrozenInstanceError
from datetime import date

import pytest
from hypothesis import given, settings

from cosell.calendars import Calendar, tables
from cosell.errors import CalendarError, CalendarExhaustedError
from drawn_calendars import calendars

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def office(**changes: object) -> Calendar:
    """Return an office in Prague, with changes."""
    arguments: dict[str, object] = {
        "closed": {date(2026, 5, 1): "Labour Day"},
        "id": "office",
        "tz": "Europe/Prague",
        "covers": YEAR,
        **changes,
    }
    return Calendar.from_dates(**arguments)  # type: ignore[arg-type] # a table of changes


def test_equal_calendars() -> None:
    """Two calendars of the same data are equal, and stand for each other as keys."""
    assert office() == office()
    assert {office(): 1}[office()] == 1
    assert office() != office(id="other")
    assert office() != "office"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"tz": "Europe/Berlin"}, id="another zone by the same clocks"),
        pytest.param({"tz": "Europe/London"}, id="another zone"),
        pytest.param({"covers": (date(2026, 1, 2), YEAR[1])}, id="another beginning"),
        pytest.param({"covers": (YEAR[0], date(2026, 12, 30))}, id="another end"),
        pytest.param({"closed": {}}, id="a holiday less"),
        pytest.param({"closed": {date(2026, 5, 1): "May Day"}}, id="another name of a holiday"),
        pytest.param({"provisional": [date(2026, 5, 1)]}, id="a holiday that is an estimate"),
        pytest.param({"hours": "09:00-16:00"}, id="other hours"),
        pytest.param({"weekend": ["sun"]}, id="another weekend"),
    ],
)
def test_what_changes_answers_changes_the_fingerprint(changes: dict[str, object]) -> None:
    """Whatever an answer or its explanation depends on is in the fingerprint."""
    assert office(**changes).fingerprint != office().fingerprint
    assert office(**changes) != office()


def test_the_id_is_not_in_the_fingerprint() -> None:
    """Calendars that answer alike have one fingerprint, whatever they are called."""
    assert office(id="other").fingerprint == office().fingerprint


def test_the_fingerprint_is_the_same_everywhere() -> None:
    """The fingerprint of the same data does not depend on machine, year or release of Python."""
    assert office(tz="UTC").fingerprint == (
        "9f38cd5422dc73ba280840b94afcb8b92fdcf3e2b0a94107c74113a128d65e76"
    )


def test_the_fingerprint_of_joined_calendars_is_the_same_everywhere() -> None:
    """So is that of calendars that are joined, dated and changed."""
    dated = office(tz="UTC", weekend={date(2026, 1, 1): ["sun"], date(2026, 7, 1): ["fri"]})
    joint = office(tz="UTC").any_of(dated).without([date(2026, 11, 9)])

    assert joint.fingerprint == ("be6702534473f5af1a07f6fdf6f93b9266eb673a58782cae0908f6bb51e8cbd5")


def test_other_rules_of_a_zone_change_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the zone database says otherwise, answers differ, and so does the fingerprint."""
    calendar = office()
    known = calendar.fingerprint
    tables.fingerprint_of.cache_clear()
    tables.HourTable.of.cache_clear()
    berlin = zoneinfo.ZoneInfo("America/New_York")
    monkeypatch.setattr(tables, "find_zone", lambda _key: berlin)
    try:
        assert office().fingerprint != known
    finally:
        tables.fingerprint_of.cache_clear()
        tables.HourTable.of.cache_clear()


@settings(max_examples=settings.default.max_examples // 4)
@given(calendars())
def test_copies_answer_alike(calendar: Calendar) -> None:
    """A calendar that was pickled or copied is equal and has the same fingerprint."""
    calendar.is_business_day(calendar.covers_from)
    for other in (pickle.loads(pickle.dumps(calendar)), copy.deepcopy(calendar)):  # noqa: S301 # our own
        assert other == calendar
        assert hash(other) == hash(calendar)
        assert other.fingerprint == calendar.fingerprint


def test_pickles_hold_no_tables() -> None:
    """A pickle is the data alone, however much was asked before."""
    calendar = office()
    small = len(pickle.dumps(calendar))
    calendar.add(date(2026, 1, 5), 5)
    calendar.close_of(date(2026, 1, 5))
    assert calendar.fingerprint

    assert len(pickle.dumps(calendar)) == small < 1000


def test_identical_tables_are_shared() -> None:
    """Equal timetables are compiled once, whatever the calendars are called."""
    assert office()._days is office(id="other")._days
    assert office()._hours is office(id="other")._hours
    assert office().fingerprint is office(id="other").fingerprint


def test_a_calendar_cannot_be_changed() -> None:
    """Assigning to a calendar raises."""
    with pytest.raises(FrozenInstanceError):
        office().id = "other"  # type: ignore[misc] # this is what is refused


def test_a_calendar_says_what_it_is() -> None:
    """Its representation names id, zone and span."""
    assert repr(office()) == "Calendar('office', 'Europe/Prague', 2026-01-01 to 2026-12-31)"


class TestOwnDates:
    """Closed days of a host's own."""

    def test_days_without_names(self) -> None:
        """Days alone are closed days; days outside the span count for nothing."""
        calendar = office(closed=[date(2026, 5, 1), date(2027, 5, 1)])

        assert str(calendar.explain_add(date(2026, 4, 30), 1)[0]) == (
            "Friday 2026-05-01: skipped, closed day"
        )
        assert len(calendar.timetable.special) == 1

    def test_an_estimate_is_closed(self) -> None:
        """A provisional day is closed also when it is not listed as closed. Time 5."""
        calendar = office(provisional=[date(2026, 5, 4)])

        assert calendar.provisional_days == (date(2026, 5, 4),)
        assert calendar.add(date(2026, 4, 30), 1) == date(2026, 5, 5)


class TestOverride:
    """One day may differ from its week. Time 6."""

    def test_a_half_day(self) -> None:
        """A half day counts as a day and closes early."""
        half = office().override(date(2026, 12, 31), "09:00-12:00", name="New Year's Eve")

        assert half.is_business_day(date(2026, 12, 31))
        assert half.close_of(date(2026, 12, 31)).hour == 12
        assert office().close_of(date(2026, 12, 31)).hour == 17

    def test_a_working_saturday(self) -> None:
        """A Saturday that is worked counts."""
        calendar = office().override(date(2026, 11, 7), "09:00-12:00", name="inventory")

        assert calendar.add(date(2026, 11, 6), 1) == date(2026, 11, 7)

    def test_a_closure(self) -> None:
        """A day that is closed is skipped, and says why; the last word on a day holds."""
        calendar = office().override(date(2026, 11, 9), "09:00-12:00", name="half day")
        calendar = calendar.override(date(2026, 11, 9), None, name="flood")

        assert str(calendar.explain_add(date(2026, 11, 8), 1)[0]) == (
            "Monday 2026-11-09: skipped, flood"
        )
        assert [day.on for day in calendar.timetable.special] == [
            date(2026, 5, 1),
            date(2026, 11, 9),
        ]

    def test_a_day_that_is_not_known(self) -> None:
        """Nothing can be said about a day outside the span."""
        with pytest.raises(CalendarExhaustedError):
            office().override(date(2027, 1, 1), None, name="closed")

    def test_the_last_open_day(self) -> None:
        """A calendar cannot be closed for good."""
        one = office(covers=(date(2026, 11, 9), date(2026, 11, 9)))

        with pytest.raises(CalendarError, match="is open"):
            one.override(date(2026, 11, 9), None, name="closed")
