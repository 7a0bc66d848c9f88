"""Which days and hours count: calendars from data, compiled once, asked in constant time."""

from __future__ import annotations

from cosell.calendars.calendar import COVERS, Calendar
from cosell.calendars.counting import CountedDay
from cosell.calendars.hours import WEEKDAYS, Hours, Weekend
from cosell.calendars.timetable import day_name
from cosell.calendars.zones import ZoneDatabaseError, find_zone, in_zone, midnight_after, to_utc

__all__ = [
    "COVERS",
    "WEEKDAYS",
    "Calendar",
    "CountedDay",
    "Hours",
    "Weekend",
    "ZoneDatabaseError",
    "day_name",
    "find_zone",
    "in_zone",
    "midnight_after",
    "to_utc",
]
