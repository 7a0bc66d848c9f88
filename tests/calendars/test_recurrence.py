"""Rules of recurrence, held against dateutil, and what is refused. RFC 5545, section 3.3.10."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import vRecur

from cosell.calendars.recurrence import TooMuchError, occurrences, parse_recurrence

MOST = 3000
WEEKDAYS = st.sampled_from(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))
NTH = st.tuples(st.sampled_from(("1", "2", "-1", "-2", "5", "-5")), WEEKDAYS).map("".join)


def listed(values: st.SearchStrategy[object]) -> st.SearchStrategy[str]:
    """Draw values as a rule lists them; often none."""
    several = st.lists(values, min_size=1, max_size=3, unique=True)
    return st.one_of(st.just(""), several.map(lambda found: ",".join(map(str, found))))


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Draw the text of a rule."""
    frequency = draw(st.sampled_from(("YEARLY", "MONTHLY", "WEEKLY", "DAILY")))
    nth = frequency in {"YEARLY", "MONTHLY"}
    signed = st.integers(-31, 31).filter(bool)
    parts = {
        "FREQ": frequency,
        "INTERVAL": draw(st.sampled_from(("", "1", "2", "3", "7"))),
        "COUNT": draw(st.sampled_from(("", "1", "4", "30"))),
        "WKST": draw(st.sampled_from(("", "SU", "WE"))),
        "BYMONTH": draw(listed(st.integers(1, 12))),
        "BYMONTHDAY": draw(listed(signed)) if frequency != "WEEKLY" else "",
        "BYYEARDAY": draw(listed(signed)) if frequency == "YEARLY" else "",
        # dateutil takes numbered and plain days of the week together in another way.
        "BYDAY": draw(st.one_of(listed(NTH), listed(WEEKDAYS)) if nth else listed(WEEKDAYS)),
    }
    # dateutil counts positions of a first week from the start date on.
    by_days = ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYDAY")
    if frequency != "WEEKLY" and any(parts[name] for name in by_days):
        parts["BYSETPOS"] = draw(listed(st.integers(-3, 3).filter(bool)))
    return ";".join(f"{name}={value}" for name, value in parts.items() if value)


def ours(text: str, start: date, last: date) -> list[date]:
    """Return the dates that a rule gives."""
    rule = parse_recurrence({str(k): v for k, v in vRecur.from_ical(text).items()})
    return list(occurrences(rule, start, last, lambda _dates: None))


@settings(max_examples=settings.default.max_examples * 2)
@given(rules(), st.dates(date(1990, 1, 1), date(1995, 12, 31)), st.integers(0, 1200))
def test_dates_agree_with_dateutil(text: str, start: date, days: int) -> None:
    """The dates are those of dateutil, and the first one, which is always among them."""
    last = start + timedelta(days=days)
    parts = [part for part in text.split(";") if not part.startswith("COUNT")]
    # dateutil looks until the year 9999 for a date that never comes. The years repeat after 8000.
    begin = datetime(start.year + 8000, start.month, start.day)  # noqa: DTZ001 # dates alone
    parts.append(f"UNTIL={last.year + 8000}{last:%m%d}T000000")
    found = (each.date() for each in rrulestr(";".join(parts), dtstart=begin))
    theirs = {day.replace(year=day.year - 8000) for day in found}
    count = next((int(part[6:]) for part in text.split(";") if part.startswith("COUNT")), None)

    assert ours(text, start, last) == sorted({start, *theirs})[:count]


@pytest.mark.parametrize(
    ("text", "start", "dates"),
    [
        pytest.param("FREQ=WEEKLY", "2034-12-17", "12-17 12-24 12-31", id="each week to the end"),
        pytest.param(
            "FREQ=DAILY;COUNT=3", "2026-12-30", "12-30 12-31 01-01", id="over a year's end"
        ),
        pytest.param(
            "FREQ=YEARLY;COUNT=2", "2024-02-29", "02-29 02-29", id="a leap day comes again"
        ),
        pytest.param(
            "FREQ=MONTHLY;COUNT=3", "2026-01-31", "01-31 03-31 05-31", id="the 31st is left out"
        ),
        pytest.param(
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2",
            "2026-01-30",
            "01-30 02-27",
            id="the last working day of a month",
        ),
        pytest.param(
            "FREQ=YEARLY;BYDAY=20MO;COUNT=2", "2026-05-18", "05-18 05-17", id="20th Monday"
        ),
        pytest.param(
            "FREQ=YEARLY;BYYEARDAY=-1;COUNT=2", "2026-12-31", "12-31 12-31", id="last day"
        ),
        pytest.param(
            "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,MO;COUNT=3",
            "2026-11-02",
            "11-02 11-15 11-16",
            id="every second week from Sunday",
        ),
        pytest.param("FREQ=DAILY;INTERVAL=1000000000", "2026-11-02", "11-02", id="a huge interval"),
        pytest.param("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "2026-11-02", "11-02", id="never again"),
    ],
)
def test_dates(text: str, start: str, dates: str) -> None:
    """A rule gives its dates in order, the first among them."""
    found = ours(text, date.fromisoformat(start), date(2034, 12, 31))

    assert " ".join(f"{day:%m-%d}" for day in found) == dates


def test_dates_end_before_they_begin() -> None:
    """A rule that begins after the last date that is asked for gives none."""
    assert ours("FREQ=DAILY", date(2026, 11, 2), date(2026, 11, 1)) == []


@pytest.mark.parametrize("frequency", ["YEARLY", "MONTHLY", "WEEKLY", "DAILY"])
def test_work_is_bounded(frequency: str) -> None:
    """A rule that never comes true is paid for date by date, and ends when nothing is left."""
    left = MOST

    def spend(dates: int) -> None:
        nonlocal left
        left -= dates
        if left < 0:
            raise TooMuchError

    rule = parse_recurrence({"FREQ": [frequency], "BYMONTH": [2], "BYMONTHDAY": [30]})
    with pytest.raises(TooMuchError):
        list(occurrences(rule, date(1601, 1, 1), date(2300, 1, 1), spend))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("FREQ=HOURLY", "FREQ=HOURLY is not supported", id="hours"),
        pytest.param("FREQ=SECONDLY;COUNT=2", "FREQ=SECONDLY is not supported", id="seconds"),
        pytest.param("COUNT=2", "FREQ=None is not supported", id="no frequency"),
        pytest.param("FREQ=DAILY,WEEKLY", "FREQ has 2 values", id="two frequencies"),
        pytest.param("FREQ=DAILY;BYHOUR=9,17", "BYHOUR is not supported", id="several times a day"),
        pytest.param("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO is not supported", id="week numbers"),
        pytest.param("FREQ=DAILY;INTERVAL=0", "INTERVAL and COUNT are 1 or more", id="no step"),
        pytest.param("FREQ=DAILY;COUNT=0", "INTERVAL and COUNT are 1 or more", id="no date"),
        pytest.param("FREQ=YEARLY;BYMONTH=13", "BYMONTH is 1 to 12", id="no such month"),
        pytest.param("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY is 1 to 31", id="no such day"),
        pytest.param("FREQ=YEARLY;BYYEARDAY=0", "BYYEARDAY is 1 to 366", id="no day nought"),
        pytest.param("FREQ=WEEKLY;BYDAY=2MO", "BYDAY with a number is not for", id="no 2nd Monday"),
    ],
)
def test_refused_rules(text: str, said: str) -> None:
    """What is not supported, or makes no sense, is refused and named."""
    with pytest.raises(ValueError, match=said):
        ours(text, date(2026, 1, 1), date(2026, 12, 31))
