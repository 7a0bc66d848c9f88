"""Ask calendars of all kinds, and print the answers; ``TODAY`` stands for the machine's date."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from cosell.calendars import Calendar

FILE = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
SUMMARY:Stand-down
DTSTART;TZID=America/New_York:20260105T090000
DURATION:PT4H
RRULE:FREQ=MONTHLY;BYDAY=1MO;COUNT=9
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20260706
DTEND;VALUE=DATE:20260711
END:VEVENT
END:VCALENDAR
"""


def pretend(today: str) -> None:
    """Make the machine's clock stand at noon of ``today``: Python asks this function for a date."""
    noon = datetime.fromisoformat(f"{today}T12:00:00").astimezone()
    time.time = noon.timestamp
    if str(date.today()) != today:  # noqa: DTZ011 # this is what is pretended
        sys.exit("the date cannot be changed here")


def main() -> None:
    """Print the answers."""
    if "TODAY" in os.environ:
        pretend(os.environ["TODAY"])
    for line in lines():
        sys.stdout.write(f"{line}\n")


def lines() -> Iterator[object]:
    """Yield the answers."""
    span = (date(2024, 1, 1), date(2028, 12, 31))
    made = [
        Calendar.from_holidays("CZ", tz="Europe/Prague", covers=span),
        Calendar.from_holidays("AE", tz="Asia/Dubai", hours="08:00-12:00, 13:00-17:00"),
        Calendar.from_holidays("US", subdivision="CA", tz="America/Los_Angeles", covers=span),
        Calendar.from_holidays("XNYS", tz="America/New_York", half_days="09:30-13:00", covers=span),
        Calendar.from_ical(FILE, id="plant", tz="Europe/Prague", covers=span),
        Calendar.from_dates(id="night", tz="Australia/Lord_Howe", covers=span, hours="22:00-06:00"),
    ]
    made.append(made[0].all_of(made[3], made[4], lead="Europe/Prague"))
    made.append(made[0].any_of(made[1], lead="Asia/Dubai"))
    moment = datetime(2026, 12, 18, 14, tzinfo=UTC)
    for calendar in made:
        yield f"{calendar} {calendar.fingerprint}"
        yield from calendar.explain_add(moment, 5)
        yield calendar.count(date(2024, 2, 28), date(2028, 2, 29))
        yield calendar.is_open(moment)
        yield calendar.close_of(calendar.add(moment, 3))
        yield calendar.add_hours(moment, timedelta(hours=30))
        yield calendar.open_between(moment, moment + timedelta(days=40))


if __name__ == "__main__":
    main()
