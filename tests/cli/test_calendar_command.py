"""`cosell calendar` shows a calendar, counts in it, adds to a day, and says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli_kit import run

EVENTS = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
SUMMARY:Works meeting
DTSTART:20261221T130000
DTEND:20261221T170000
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Shutdown
DTSTART;VALUE=DATE:20261228
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def events(tmp_path: Path) -> str:
    """Return the path of an iCalendar file."""
    path = tmp_path / "plant.ics"
    path.write_text(EVENTS, "utf-8")
    return str(path)


def test_a_month_is_shown() -> None:
    """A month stands in weeks from Monday, closed days with a dot, and each holiday is named."""
    code, out, _ = run("calendar", "show", "CZ", "2026-12")

    assert code == 0
    assert out.splitlines()[0] == "CZ: Europe/Prague, known from 2010-01-01 to 2035-12-31"
    assert out[out.index("December") :].rstrip() == (
        "December 2026\n"
        "  Mo  Tu  We  Th  Fr  Sa  Su\n"
        "       1   2   3   4  .5  .6\n"
        "   7   8   9  10  11 .12 .13\n"
        "  14  15  16  17  18 .19 .20\n"
        "  21  22  23 .24 .25 .26 .27\n"
        "  28  29  30  31\n"
        "  Thursday 2026-12-24: Christmas Eve\n"
        "  Friday 2026-12-25: Christmas Day\n"
        "  Saturday 2026-12-26: Second Day of Christmas\n"
        "  business days: 21\n"
        "\n"
        "A dot stands before a day that does not count, a plus before one that differs."
    )


def test_a_year_is_shown() -> None:
    """A year has its twelve months, and estimates are marked."""
    code, out, _ = run("calendar", "show", "AE", "2030")

    assert code == 0
    assert out.count("business days:") == 12
    assert ", an estimate" in out


def test_a_day_that_differs_and_counts(events: str) -> None:
    """A half day stands with a plus and its hours; the file closes what it says."""
    out = run("calendar", "show", "CZ", "2026-12", "--ical", events)[1]

    assert " +21  22" in out
    assert "Monday 2026-12-21: plant.ics: Works meeting, open 09:00-13:00" in out
    assert "Monday 2026-12-28: plant.ics: Shutdown" in out
    assert " .28  29" in out


def test_days_as_json() -> None:
    """JSON has each day with its hours and its reason."""
    found = json.loads(run("calendar", "show", "CZ", "2026-12", "--json")[1])

    assert (found["id"], found["zone"], len(found["days"])) == ("CZ", "Europe/Prague", 31)
    assert found["days"][22] == {
        "on": "2026-12-23",
        "counts": True,
        "why": "open",
        "opens": "2026-12-23T09:00:00+01:00",
        "closes": "2026-12-23T17:00:00+01:00",
        "provisional": False,
    }
    assert found["days"][23]["opens"] is found["days"][23]["closes"] is None
    assert len(found["fingerprint"]) == 64


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param("add CZ 2026-12-18 5", "Tuesday 2026-12-29", id="days ahead: MK-13"),
        pytest.param("add CZ 2026-12-18 -5", "Friday 2026-12-11", id="days back"),
        pytest.param("add CZ 2026-12-17T23:30:00-08:00 +1", "Monday 2026-12-21", id="a moment"),
        pytest.param("add CZ 2026-12-18T15:00 8h", "2026-12-21T15:00:00+01:00", id="hours ahead"),
        pytest.param("add CZ 2026-12-18T15:00 -8h", "2026-12-17T15:00:00+01:00", id="hours back"),
        pytest.param("add CZ 2026-12-18 8h", "2026-12-18T17:00:00+01:00", id="from midnight"),
        pytest.param("count CZ 2026-12-18 2026-12-29", "5 business days", id="days between"),
        pytest.param(
            "count CZ 2026-12-18T09:00 2026-12-29T10:30", "41:30 open hours", id="open hours"
        ),
        pytest.param(
            "count CZ 2026-12-18T10:00 2026-12-18T09:15", "-0:45 open hours", id="below zero"
        ),
        pytest.param(
            "add CZ 2026-11-25 1 --and US,zone=America/New_York",
            "Friday 2026-11-27",
            id="both offices",
        ),
        pytest.param("explain CZ 2026-12-24 1", "Monday 2026-12-28: day 1", id="why"),
        pytest.param("explain CZ 2026-12-24T10:00 1", "day 0: Thursday 2026-12-24", id="day 0"),
    ],
)
def test_questions(arguments: str, said: str) -> None:
    """Each question has one answer, that of the library."""
    code, out, _ = run("calendar", *arguments.split())

    assert code == 0
    assert said in out.splitlines()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param("show CZ December", "`December` is no month or year", id="no month"),
        pytest.param("show CZ 2026-13", "`2026-13` is no month or year", id="13 months"),
        pytest.param("show CZ 9999", "`9999` is no month or year", id="the end of time"),
        pytest.param("show CZ 2040", "calendar `CZ` is known from", id="a year not covered"),
        pytest.param("add CZ 0001-01-01 8h", "calendar `CZ` is known from", id="the first day"),
        pytest.param("add CZ soon 5", "`soon` is no day", id="no day"),
        pytest.param("add CZ 2026-11-31 5", "`2026-11-31`: there is no such day", id="no such day"),
        pytest.param("add CZ 2026-11-30T25:00 5h", "there is no such time", id="no such time"),
        pytest.param("add CZ 2026-12-18 five", "`five` is no number", id="no number"),
        pytest.param("explain CZ 2026-12-18 8h", "hours have no list of days", id="hours"),
        pytest.param("add XX 2026-12-18 5", "`XX`", id="no country"),
        pytest.param("add CZ 2026-12-18 5 --ical no.ics", "`no.ics` cannot be read", id="no file"),
    ],
)
def test_refusals(arguments: str, said: str) -> None:
    """What cannot be answered ends with 2 and says why."""
    code, out, told = run("calendar", *arguments.split())

    assert (code, out) == (2, "")
    assert said in told


@pytest.mark.parametrize("command", ["show", "add", "count", "explain"])
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_of_each_command(command: str, option: str) -> None:
    """Also commands that take ``-8h`` as a number know what ``-h`` asks for."""
    code, out, _ = run("calendar", command, option)

    assert code == 0
    assert "CALENDAR" in out
    assert "Usage" in out


def test_a_year_that_is_known_in_part() -> None:
    """Nothing is half-written: what the calendar does not know is said before the first line."""
    for span in ("2035-12", "2036-01", "2009"):
        code, out, _ = run("calendar", "show", "CZ", span)
        assert (code, bool(out)) == ((0, True) if span == "2035-12" else (2, False))


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    """A file that is not UTF-8, or is no iCalendar file, is refused with its name."""
    path = tmp_path / "plant.ics"
    path.write_bytes(b"BEGIN:VCALENDAR\n\xff")
    other = tmp_path / "other.ics"
    other.write_text("BEGIN:VCALENDAR\nhello\nEND:VCALENDAR", "utf-8")

    assert "is not UTF-8" in run("calendar", "add", "CZ", "2026-12-18", "5", "--ical", str(path))[2]
    assert (
        "other.ics:2: `hello` is no line"
        in (run("calendar", "add", "CZ", "2026-12-18", "5", "--ical", str(other))[2])
    )
