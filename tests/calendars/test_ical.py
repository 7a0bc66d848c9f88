"""Calendars from iCalendar files: what events close, and which files are refused. RFC 5545."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosell.calendars import Calendar
from cosell.errors import CosellError, InvalidDataError, MissingExtraError

SPAN = (date(2026, 1, 1), date(2026, 12, 31))

PRAGUE_RULES = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


def file(*events: str, zone: str = "") -> str:
    """Return a file of events, each given by its lines."""
    body = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{zone}{body}END:VCALENDAR\n"


def read(text: str, **changes: object) -> Calendar:
    """Return the calendar of a file in Prague in 2026."""
    given = {"id": "plant", "tz": "Europe/Prague", "covers": SPAN, "file": "plant.ics", **changes}
    return Calendar.from_ical(text, **given)  # type: ignore[arg-type] # a table of changes


def differing(calendar: Calendar) -> dict[str, str]:
    """Return the days that differ, with their hours."""
    return {
        f"{day.on:%m-%d}": " ".join(
            f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"
            for opens, closes in day.windows
        )
        for day in calendar.timetable.special
    }


@pytest.mark.parametrize(
    ("event", "days"),
    [
        pytest.param("DTSTART;VALUE=DATE:20260803", {"08-03": ""}, id="a day"),
        pytest.param(
            "DTSTART;VALUE=DATE:20260803\nDTEND;VALUE=DATE:20260805",
            {"08-03": "", "08-04": ""},
            id="the end of whole days is not among them",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260803\nDTEND;VALUE=DATE:20260803",
            {"08-03": ""},
            id="an end on the first day is the first day",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260803\nDURATION:P2D",
            {"08-03": "", "08-04": ""},
            id="two days long",
        ),
        pytest.param(
            "DTSTART:20260803T130000\nDTEND:20260803T150000",
            {"08-03": "09:00-13:00 15:00-17:00"},
            id="hours by the calendar's clocks",
        ),
        pytest.param(
            "DTSTART:20260803T110000Z\nDURATION:PT8H", {"08-03": "09:00-13:00"}, id="hours in UTC"
        ),
        pytest.param(
            "DTSTART;TZID=America/New_York:20260803T080000\nDURATION:PT1H",
            {"08-03": "09:00-14:00 15:00-17:00"},
            id="hours elsewhere",
        ),
        pytest.param(
            "DTSTART;TZID=America/New_York:20260803T080000\n"
            "DTEND;TZID=America/New_York:20260803T090000",
            {"08-03": "09:00-14:00 15:00-17:00"},
            id="from and until elsewhere",
        ),
        pytest.param(
            "DTSTART;TZID=Eastern Standard Time:20260803T080000\nDURATION:PT1H",
            {"08-03": "09:00-14:00 15:00-17:00"},
            id="a zone as Windows calls it",
        ),
        pytest.param(
            'DTSTART;TZID="/example.org/20260101/America/New_York":20260803T080000\nDURATION:PT1H',
            {"08-03": "09:00-14:00 15:00-17:00"},
            id="a zone with a path before it",
        ),
        pytest.param(
            "DTSTART:20260803T130030\nDTEND:20260803T140001",
            {"08-03": "09:00-13:00 14:01-17:00"},
            id="whole minutes are closed",
        ),
        pytest.param(
            "DTSTART:20260803T120000\nDTEND:20260805T100000",
            {"08-03": "09:00-12:00", "08-04": "", "08-05": "10:00-17:00"},
            id="over several days",
        ),
        pytest.param("DTSTART:20260803T180000\nDURATION:PT1H", {}, id="after the close"),
        pytest.param("DTSTART:20260803T120000", {}, id="a moment without length"),
        pytest.param("DTSTART;VALUE=DATE:20250803", {}, id="before what is covered"),
        pytest.param("DTSTART;VALUE=DATE:20270803", {}, id="after what is covered"),
        pytest.param(
            "DTSTART;VALUE=DATE:20251230\nDTEND;VALUE=DATE:20260103",
            {"01-01": "", "01-02": ""},
            id="running into what is covered",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260803\nSTATUS:CANCELLED",
            {},
            id="what is cancelled counts for nothing",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260803\nTRANSP:TRANSPARENT",
            {"08-03": ""},
            id="free time closes too",
        ),
        pytest.param(
            "DTSTART:20200106T130000\nDURATION:PT4H\nRRULE:FREQ=MONTHLY;BYDAY=1MO;UNTIL=20260302T120000Z",
            {"01-05": "09:00-13:00", "02-02": "09:00-13:00", "03-02": "09:00-13:00"},
            id="recurring until a moment",
        ),
        pytest.param(
            "DTSTART:20200106T130000\nDURATION:PT4H\nRRULE:FREQ=MONTHLY;BYDAY=1MO;UNTIL=20260302T115900Z",
            {"01-05": "09:00-13:00", "02-02": "09:00-13:00"},
            id="and not a minute later",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20250803\nRRULE:FREQ=YEARLY;UNTIL=20260803",
            {"08-03": ""},
            id="recurring until a date",
        ),
        pytest.param(
            "DTSTART:20251206T130000\nDURATION:PT4H\nRRULE:FREQ=MONTHLY;UNTIL=20260106",
            {"01-06": "09:00-13:00"},
            id="with a time of day until a date",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20260803\nRDATE;VALUE=DATE:20260805,20260807\nEXDATE;VALUE=DATE:20260807",
            {"08-03": "", "08-05": ""},
            id="dates that are added and left out",
        ),
        pytest.param(
            "DTSTART:20260803T130000\nDURATION:PT1H\nRDATE;TZID=America/New_York:20260804T080000\n"
            "RDATE;VALUE=PERIOD:20260805T100000Z/PT2H,20260806T100000Z/20260806T110000Z",
            {
                "08-03": "09:00-13:00 14:00-17:00",
                "08-04": "09:00-14:00 15:00-17:00",
                "08-05": "09:00-12:00 14:00-17:00",
                "08-06": "09:00-12:00 13:00-17:00",
            },
            id="moments and periods that are added",
        ),
        pytest.param(
            "DTSTART:20260803T130000\nDURATION:PT4H\nRRULE:FREQ=DAILY;COUNT=4\n"
            "EXDATE:20260804T110000Z\nEXDATE;VALUE=DATE:20260805\nEXDATE:20260806T130100",
            {"08-03": "09:00-13:00", "08-06": "09:00-13:00"},
            id="what is left out is so by its instant or its date",
        ),
        pytest.param(
            "DTSTART:20260302T130000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;INTERVAL=4;COUNT=2",
            {"03-02": "09:00-13:00 14:00-17:00", "03-30": "09:00-13:00 14:00-17:00"},
            id="a time of day stays when clocks change",
        ),
    ],
)
def test_what_an_event_closes(event: str, days: dict[str, str]) -> None:
    """An event of whole days closes them; any other closes its hours. Time 6."""
    assert differing(read(file(event))) == days


class TestEvents:
    """Several events, and what becomes of them."""

    def test_a_changed_recurrence(self) -> None:
        """What a recurrence was changed to stands in its place; a cancelled one is left out."""
        text = file(
            "UID:1\nSUMMARY:Inventory\nDTSTART:20260803T130000\nDURATION:PT4H\nRRULE:FREQ=DAILY;COUNT=3",
            "UID:1\nSUMMARY:Moved\nRECURRENCE-ID:20260804T130000\nDTSTART;VALUE=DATE:20260810",
            "UID:1\nRECURRENCE-ID:20260805T110000Z\nDTSTART:20260805T130000\nSTATUS:CANCELLED",
            "UID:2\nDTSTART:20260804T090000\nDURATION:PT1H",
        )

        assert differing(read(text)) == {
            "08-03": "09:00-13:00",
            "08-04": "10:00-17:00",
            "08-10": "",
        }

    def test_several_events_of_a_day(self) -> None:
        """A day has the names of its events, and is open where none of them closes it."""
        calendar = read(
            file(
                "SUMMARY:Talk\nDTSTART:20260803T090000\nDURATION:PT1H",
                "SUMMARY:Fire  drill\nDTSTART:20260803T160000\nDURATION:PT1H",
                "SUMMARY:Talk\nDTSTART:20260803T120000\nDURATION:PT1H",
                "DTSTART;VALUE=DATE:20260804",
                *(f"SUMMARY:{n}\nDTSTART;VALUE=DATE:20260805" for n in range(9)),
            )
        )

        assert differing(calendar)["08-03"] == "10:00-12:00 13:00-16:00"
        reasons = [calendar.timetable.reason(date(2026, 8, day)) for day in (3, 4, 5)]
        assert reasons == ["Talk, Fire drill", "event", "0, 1, 2, 3, 4"]

    def test_a_tentative_event_is_provisional(self) -> None:
        """What is not settled closes, and marks answers around it provisional. Time 5."""
        calendar = read(file("DTSTART;VALUE=DATE:20260803\nSTATUS:TENTATIVE"))

        assert calendar.provisional_days == (date(2026, 8, 3),)

    def test_a_night_shift(self) -> None:
        """Hours that run past midnight are those of the day on which they began."""
        text = file("DTSTART:20260804T020000\nDURATION:PT1H")

        assert differing(read(text, hours="22:00-06:00")) == {"08-03": "22:00-26:00 27:00-30:00"}

    def test_a_name_cannot_write_on_the_terminal(self) -> None:
        """What cannot be printed is left out of a name, and a long one is cut."""
        calendar = read(file(f"SUMMARY:a\\, b\\n\x1b[31mc{'d' * 900}\nDTSTART;VALUE=DATE:20260803"))
        name = calendar.timetable.reason(date(2026, 8, 3))

        assert name.startswith("a, b [31mcddd")
        assert len(name) <= 200

    def test_folded_lines_and_other_components(self) -> None:
        """Lines are unfolded, of any ending; what is no event counts for nothing."""
        text = (
            "\ufeffBEGIN:VCALENDAR\r\nX-WR-CALNAME:Plant\r\nbegin:vevent\r\nDTSTART;VALUE=DA\r\n"
            " TE:20260803\r\nSUMMARY:Summer \r\n\tclosing\r\n"
            "BEGIN:VALARM\r\nDURATION:PT9H\r\nEND:VALARM\r\n"
            "end:vevent\r\n\r\nBEGIN:VTODO\r\nDTSTART:nonsense\r\nEND:VTODO\r\nEND:VCALENDAR"
        )

        assert read(text).timetable.reason(date(2026, 8, 3)) == "Summer closing"

    def test_it_joins_a_country(self) -> None:
        """Together with a country's calendar, both holidays and events close."""
        both = Calendar.from_holidays("CZ", tz="Europe/Prague", covers=SPAN).all_of(
            read(file("SUMMARY:Closed\nDTSTART;VALUE=DATE:20261228"))
        )

        assert both.add(date(2026, 12, 23), 1) == date(2026, 12, 29)
        assert both.timetable.reason(date(2026, 12, 28)) == "plant: Closed"


class TestZones:
    """Zones that a file describes."""

    NEVER = "America/New_York"

    @settings(max_examples=settings.default.max_examples // 5)
    @given(st.integers(0, 360 * 24 * 60))
    def test_a_described_zone_is_the_one_it_describes(self, minutes: int) -> None:
        """A zone described by the rules of Prague tells the times of Prague, in any hour."""
        wall = datetime(2026, 1, 2) + timedelta(minutes=minutes)  # noqa: DTZ001 # on the wall
        event = f"DTSTART;TZID=Plant:{wall:%Y%m%dT%H%M%S}\nDURATION:PT1M"
        calendar = read(
            file(event, zone=PRAGUE_RULES.format(name="Plant")),
            tz="UTC",
            hours="00:00-24:00",
            weekend=(),
        )
        instant = wall.replace(tzinfo=ZoneInfo("Europe/Prague")).astimezone(UTC)

        assert not calendar.is_open(instant)
        assert calendar.is_open(instant + timedelta(minutes=1))
        assert calendar.is_open(instant - timedelta(minutes=1))

    def test_a_known_name_means_the_known_zone(self) -> None:
        """The rules that a file gives for a known name are not looked at."""
        event = "DTSTART;TZID=America/New_York:20260803T080000\nDURATION:PT1H"
        text = file(event, zone=PRAGUE_RULES.format(name="America/New_York"))

        assert differing(read(text)) == {"08-03": "09:00-14:00 15:00-17:00"}

    def test_two_files_with_one_name(self) -> None:
        """A zone means what its own file says, whatever was read before."""
        east = PRAGUE_RULES.format(name="Plant").replace("+0100", "+0300").replace("+0200", "+0400")
        event = "DTSTART;TZID=Plant:20260803T110000\nDURATION:PT1H"

        assert differing(read(file(event, zone=PRAGUE_RULES.format(name="Plant")))) == {
            "08-03": "09:00-11:00 12:00-17:00"
        }
        assert differing(read(file(event, zone=east))) == {"08-03": "10:00-17:00"}

    def test_other_names_of_a_zone(self) -> None:
        """A zone may say which known one it is, and may list its changes one by one."""
        alias = "BEGIN:VTIMEZONE\nTZID:Plant\nX-LIC-LOCATION:America/New_York\nEND:VTIMEZONE\n"
        once = (
            "BEGIN:VTIMEZONE\nTZID:Plant\nBEGIN:STANDARD\nDTSTART:20260601T000000\n"
            "RDATE:20260701T000000,20260801\nTZOFFSETFROM:+0200\nTZOFFSETTO:-0400\nEND:STANDARD\nEND:VTIMEZONE\n"
        )
        event = "DTSTART;TZID=Plant:20260803T080000\nDURATION:PT1H"
        before = "DTSTART;TZID=Plant:20260504T080000\nDURATION:PT2H"

        assert differing(read(file(event, zone=alias))) == {"08-03": "09:00-14:00 15:00-17:00"}
        assert differing(read(file(event, zone=once))) == {"08-03": "09:00-14:00 15:00-17:00"}
        assert differing(read(file(before, zone=once))) == {"05-04": "10:00-17:00"}


def zone_without(line: str) -> str:
    """Return a described zone without a line of its first part."""
    return PRAGUE_RULES.format(name="Plant").replace(f"{line}\n", "", 1)


PLACED = "DTSTART;TZID=Plant:20260803T080000"
ENDLESS = "DTSTART:19000101\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        pytest.param("", 1, "this is no iCalendar file", id="an empty file"),
        pytest.param("PK\x03\x04", 1, "is no line of an iCalendar file", id="another kind of file"),
        pytest.param(
            "BEGIN:VCALENDAR\nhello\nEND:VCALENDAR",
            2,
            "`hello` is no line",
            id="a line that is none",
        ),
        pytest.param(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\n", 2, "VEVENT has no END", id="a file cut short"
        ),
        pytest.param(
            "BEGIN:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR",
            2,
            "END:VEVENT ends nothing",
            id="a wrong end",
        ),
        pytest.param("END:VCALENDAR", 1, "END:VCALENDAR ends nothing", id="an end alone"),
        pytest.param("BEGIN:VCALENDAR\n" * 5000, 9, "nested too deeply", id="nested without end"),
        pytest.param("x" * 4_000_001, 1, "has 4000001 characters", id="a huge file"),
        pytest.param(file("SUMMARY:x"), 3, "the event has no DTSTART", id="no beginning"),
        pytest.param(
            file("DTSTART:20260803\nDTSTART:20260804"),
            5,
            "DTSTART stands twice",
            id="two beginnings",
        ),
        pytest.param(
            file("DTSTART:20260803,20260804"), 4, "DTSTART has several values", id="several values"
        ),
        pytest.param(file("DTSTART:soon"), 4, "DTSTART `soon` cannot be read", id="no date"),
        pytest.param(file("DTSTART:090000"), 4, "DTSTART `090000` is no date", id="a time alone"),
        pytest.param(file("DTSTART:99991231"), 4, "`99991231` is no date", id="the end of time"),
        pytest.param(
            file("DTSTART;X:20260803"), 4, "cannot be read", id="a parameter without a value"
        ),
        pytest.param(
            file("DTSTART:20260803\nDTEND:20260804T120000"),
            5,
            "are not of one kind",
            id="a day and a time",
        ),
        pytest.param(
            file("DTSTART:20260803\nDTEND:20260801"), 3, "ends before it begins", id="backwards"
        ),
        pytest.param(
            file("DTSTART:20260803T090000\nDURATION:-PT1H"),
            3,
            "ends before it begins",
            id="below zero",
        ),
        pytest.param(
            file("DTSTART:20260803\nDURATION:20260804"), 5, "is no length of time", id="no length"
        ),
        pytest.param(
            file("DTSTART:20260803\nDURATION:P999999W"), 5, "is longer than ten years", id="endless"
        ),
        pytest.param(
            file("DTSTART:20260803\nDURATION:P99999999999999W"), 5, "DURATION", id="beyond numbers"
        ),
        pytest.param(
            file("DTSTART:20260803\nRRULE:FREQ=SECONDLY"),
            5,
            "FREQ=SECONDLY is not supported",
            id="each second",
        ),
        pytest.param(
            file("DTSTART:20260803\nRRULE:nonsense"), 5, "RRULE cannot be used", id="no rule"
        ),
        pytest.param(
            file("DTSTART:20260803\nEXRULE:FREQ=DAILY"),
            5,
            "EXRULE is not supported",
            id="an old rule",
        ),
        pytest.param(
            file("DTSTART:20260803\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260803"),
            5,
            "RECURRENCE-ID with RANGE is not supported",
            id="a change of all that follow",
        ),
        pytest.param(
            file(PLACED),
            4,
            "time zone `Plant` that is neither known nor described",
            id="no such zone",
        ),
        pytest.param(
            file(PLACED, zone="BEGIN:VTIMEZONE\nTZID:Plant\nEND:VTIMEZONE\n"),
            7,
            "neither known nor",
            id="an empty zone",
        ),
        pytest.param(
            file(PLACED, zone=zone_without("DTSTART:16010325T020000")),
            5,
            "DAYLIGHT has no DTSTART",
            id="no change",
        ),
        pytest.param(
            file(PLACED, zone=zone_without("TZOFFSETFROM:+0100")),
            5,
            "DAYLIGHT has no TZOFFSETFROM",
            id="no offset",
        ),
        pytest.param(
            file(PLACED, zone=PRAGUE_RULES.format(name="Plant").replace("+0100", "x", 1)),
            6,
            "TZOFFSETFROM `x` is no offset",
            id="a wrong offset",
        ),
        pytest.param(
            file(
                PLACED,
                zone=PRAGUE_RULES.format(name="Plant").replace("16010325T020000", "16010325"),
            ),
            8,
            "DTSTART has no time",
            id="a change without a time",
        ),
        pytest.param(
            file(*[ENDLESS] * 100),
            19,
            "lists more dates than a calendar needs",
            id="looking for ever",
        ),
        pytest.param(
            file(*["DTSTART:20260101\nDTEND:20270101"] * 2000),
            2191,
            "lists more dates",
            id="closing for ever",
        ),
        pytest.param(
            file(
                PLACED,
                zone=re.sub("YEARLY.*", "DAILY", PRAGUE_RULES.format(name="Plant")),
            ),
            18,
            "lists more dates",
            id="changing for ever",
        ),
    ],
)
def test_refused_files(text: str, line: int, said: str) -> None:
    """A file that cannot be used is refused, with the line and what to do; work is bounded."""
    with pytest.raises(InvalidDataError) as raised:
        read(text)
    problem = raised.value.problems[0]

    assert raised.value.subject == "calendar file `plant.ics`"
    assert said in problem.problem
    assert (problem.file, problem.line) == ("plant.ics", line)
    assert len(problem.problem) < 200


def test_every_problem_is_named() -> None:
    """Everything that is wrong is named at once, up to a stated number."""
    with pytest.raises(InvalidDataError) as raised:
        read(file("DTSTART:x", "SUMMARY:y", "DTSTART:20260803\nRRULE:FREQ=X"), file=None)
    with pytest.raises(InvalidDataError) as many:
        read(file(*["SUMMARY:x"] * 900))

    assert [problem.line for problem in raised.value.problems] == [4, 6, 11]
    assert raised.value.subject == "the calendar file"
    assert len(many.value.problems) == 50


LINES = st.sampled_from(
    [
        "BEGIN:VCALENDAR",
        "END:VCALENDAR",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "BEGIN:VTIMEZONE",
        "END:VTIMEZONE",
        "BEGIN:STANDARD",
        "END:STANDARD",
        "TZID:Plant",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:-9999",
        "DTSTART:20260803T080000",
        "DTSTART;TZID=Plant:20260803T080000",
        "DTEND:20260803",
        "DURATION:-P1W",
        "RDATE;VALUE=PERIOD:20260803T080000Z/PT1H",
        "RRULE:FREQ=DAILY;UNTIL=20261231T000000",
        "EXDATE:18000101",
        "RECURRENCE-ID:20260803T080000",
        " folded",
    ]
)


@given(st.lists(st.one_of(LINES, LINES, st.text(max_size=20)), max_size=30).map("\n".join))
def test_hostile_files(text: str) -> None:
    """Whatever a file holds, it is read, or refused with an error of cosell's own."""
    with suppress(CosellError):
        assert read(text).covers_from == SPAN[0]


def test_the_extra_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the parser the error says what to install."""
    for name in ("icalendar", "icalendar.parser"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match=r"pip install 'cosell\[ical\]'"):
        read(file("DTSTART:20260803"))


def test_midnight_is_a_time() -> None:
    """An event from midnight to midnight closes the day as one of whole days does."""
    calendar = read(file("DTSTART:20260803T000000\nDTEND:20260804T000000"))

    assert differing(calendar) == {"08-03": ""}
    assert calendar.close_of(date(2026, 8, 4)).time() == time(17)
