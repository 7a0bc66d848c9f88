"""Time zones: found or refused, and the way between wall clocks and instants."""

from __future__ import annotations

import sys
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.calendars import (
    Calendar,
    ZoneDatabaseError,
    find_zone,
    in_zone,
    midnight_after,
    to_utc,
)
from cosell.calendars.zones import in_zone_at, known_zones, knows_zone, microseconds, unknown_zone
from cosell.errors import NaiveDatetimeError, UnknownNameError
from drawn_calendars import ZONES


@pytest.fixture
def _no_zone_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take the zone database away: the machine's and the package's."""
    path = zoneinfo.TZPATH
    for name in {"tzdata", *sys.modules}:
        if name.partition(".")[0] == "tzdata":
            monkeypatch.setitem(sys.modules, name, None)
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath(to=path)
    zoneinfo.ZoneInfo.clear_cache()


@pytest.mark.usefixtures("_no_zone_database")
class TestNoDatabase:
    """A machine without zone database gets a clear error."""

    def test_a_zone_cannot_be_found(self) -> None:
        """The error says what is missing and how to get it."""
        with pytest.raises(ZoneDatabaseError) as raised:
            find_zone("Europe/Prague")

        assert raised.value.key == "Europe/Prague"
        assert str(raised.value) == (
            "time zone `Europe/Prague` is needed, and this machine has no time zone database."
            " Install one with: pip install tzdata"
        )

    def test_a_name_is_not_called_unknown(self) -> None:
        """Where a definition names a zone, the database is what is missed, not the zone."""
        assert unknown_zone("Europe/Prague") == (
            "time zone `Europe/Prague` is needed, and this machine has no time zone database",
            "Install one with: pip install tzdata",
        )

    def test_a_calendar_is_refused_when_it_is_built(self) -> None:
        """Nobody has to wait for the first question to see the error."""
        with pytest.raises(ZoneDatabaseError):
            Calendar.from_dates(
                id="x", tz="Europe/Prague", covers=(date(2026, 1, 1), date(2026, 1, 9))
            )

    def test_utc_is_always_there(self) -> None:
        """UTC needs no database."""
        calendar = Calendar.from_dates(
            id="x", tz="UTC", covers=(date(2026, 1, 1), date(2026, 1, 9))
        )

        assert calendar.close_of(date(2026, 1, 5)).isoformat() == "2026-01-05T17:00:00+00:00"


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("Europe/Prag", id="misspelled"),
        pytest.param("Europe", id="a directory"),
        pytest.param("../etc/passwd", id="a way out"),
        pytest.param("/etc/passwd", id="an absolute path"),
        pytest.param("", id="nothing"),
        pytest.param("\0", id="a NUL"),
        pytest.param("\ud800", id="half a character"),
        pytest.param("x" * 100_000, id="very long"),
    ],
)
def test_a_zone_that_is_none(key: str) -> None:
    """Whatever is no zone is refused with an error of cosell's own."""
    with pytest.raises(UnknownNameError):
        find_zone(key)


def test_the_nearest_zone_is_named() -> None:
    """A misspelled zone is answered with the nearest one."""
    with pytest.raises(UnknownNameError, match=r"Did you mean `Europe/Prague`\?"):
        find_zone("Europe/Pragu")


def test_a_naive_moment_is_refused() -> None:
    """The error names the argument."""
    with pytest.raises(NaiveDatetimeError, match="`started_at` has no time zone"):
        to_utc(datetime(2026, 1, 1), name="started_at")  # noqa: DTZ001 # this is what is refused


@given(st.datetimes(datetime(1980, 1, 1), datetime(2040, 1, 1)), st.sampled_from(ZONES))  # noqa: DTZ001 # bounds of wall times
def test_a_moment_by_other_clocks_is_the_same(wall: datetime, key: str) -> None:
    """A moment in a zone is the same instant, with the offset that the zone has at it."""
    instant = wall.replace(tzinfo=UTC)
    local = in_zone(instant, find_zone(key))

    assert to_utc(local) == instant
    assert local.utcoffset() == instant.astimezone(ZoneInfo(key)).utcoffset()
    assert local.replace(tzinfo=None) == instant.astimezone(ZoneInfo(key)).replace(tzinfo=None)


@given(st.datetimes(datetime(1980, 1, 1), datetime(2040, 1, 1)), st.sampled_from(ZONES))  # noqa: DTZ001 # bounds of wall times
def test_a_moment_from_its_place_is_the_same(wall: datetime, key: str) -> None:
    """So many microseconds after 1970 are told as the instant itself is. Time 4."""
    instant = wall.replace(tzinfo=UTC)
    told, expected = (
        in_zone_at(microseconds(instant), find_zone(key)),
        in_zone(instant, find_zone(key)),
    )

    assert told.isoformat() == expected.isoformat()
    assert (told.tzinfo, told.fold) == (expected.tzinfo, expected.fold)


@pytest.mark.parametrize("minutes", [-61, -60, -1, 0, 1, 59, 60, 61])
@pytest.mark.parametrize("change", ["2026-03-29T01:00", "2026-10-25T01:00"])
def test_a_day_on_which_clocks_change(change: str, minutes: int) -> None:
    """Around a change each moment has the offset of its own instant."""
    prague = find_zone("Europe/Prague")
    instant = datetime.fromisoformat(change).replace(tzinfo=UTC) + timedelta(minutes=minutes)

    assert str(in_zone_at(microseconds(instant), prague)) == str(in_zone(instant, prague))


def test_a_fixed_offset_has_no_hour_that_comes_twice() -> None:
    """Which of two equal times on the wall was meant is left out with the zone."""
    moment = datetime(2026, 1, 1, tzinfo=UTC, fold=1)

    assert in_zone(moment, UTC).fold == 0


def test_an_hour_that_comes_twice_is_told_apart() -> None:
    """Two moments with the same time on the wall differ by an hour, and subtract to one."""
    prague = find_zone("Europe/Prague")
    first = in_zone(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), prague)
    second = in_zone(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), prague)

    assert first.replace(tzinfo=None) == second.replace(tzinfo=None)
    assert second - first == timedelta(hours=1)


@pytest.mark.parametrize(
    ("key", "day", "end"),
    [
        pytest.param("Europe/Prague", "2026-12-18", "2026-12-18T23:00", id="winter"),
        pytest.param("Europe/Prague", "2026-07-01", "2026-07-01T22:00", id="summer"),
        pytest.param("Asia/Kolkata", "2026-07-01", "2026-07-01T18:30", id="half an hour"),
        pytest.param("Asia/Kathmandu", "2026-07-01", "2026-07-01T18:15", id="a quarter"),
        pytest.param("Africa/Cairo", "2026-04-23", "2026-04-23T22:00", id="no midnight follows"),
        pytest.param("America/Havana", "2026-10-31", "2026-11-01T04:00", id="two midnights follow"),
        pytest.param("America/Sao_Paulo", "2018-11-03", "2018-11-04T03:00", id="skipped midnight"),
    ],
)
def test_the_end_of_a_day(key: str, day: str, end: str) -> None:
    """A day ends at the first midnight that follows, or when it would have come. RFC 5545."""
    assert midnight_after(date.fromisoformat(day), find_zone(key)) == datetime.fromisoformat(
        f"{end}+00:00"
    )


@pytest.mark.parametrize(
    "name",
    [
        "localtime",
        "posixrules",
        "leapseconds",
        "tzdata.zi",
        "Factory",
        "right/Europe/Prague",
        "posix/Europe/Prague",
        "/etc/localtime",
        "../localtime",
        "Europe/../localtime",
        "Europe",
        "",
    ],
)
def test_what_lies_beside_the_zones_is_none(name: str) -> None:
    """No name stands for another zone on each machine, or for seconds of another length."""
    assert not knows_zone(name)
    assert name not in known_zones()
    with pytest.raises(UnknownNameError):
        find_zone(name)
    with pytest.raises(UnknownNameError):
        Calendar.from_dates(id="x", tz=name, covers=(date(2026, 1, 1), date(2026, 12, 31)))


@pytest.mark.parametrize("name", ["UTC", "Europe/Prague", "Etc/GMT+5", "EST5EDT", "GMT"])
def test_zones_of_the_database_are_known(name: str) -> None:
    """A place, an offset by name and the old names are zones."""
    assert knows_zone(name)
    assert find_zone(name)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("Europe/Parague", "Did you mean `Europe/Prague`?"),
        ("right/Europe/Prague", "Did you mean `Europe/Prague`?"),
        ("localtime", "Name one of the tz database, such as `Europe/Prague`."),
    ],
)
def test_a_zone_that_is_none_is_told_with_the_nearest(name: str, remedy: str) -> None:
    """A misspelt name is told with the one that is meant, any other one with an example."""
    assert unknown_zone(name) == (f"there is no time zone `{name}`", remedy)
