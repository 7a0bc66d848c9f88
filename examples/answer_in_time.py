"""Say by when a registration is answered, in the calendars of four offices.

The promise is five working days, counted from a Friday shortly before Christmas. Each office
skips its own holidays, and its day ends by its own clock.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from cosell import Calendar

REGISTERED = datetime(2026, 12, 18, 15, 0, tzinfo=ZoneInfo("Europe/Prague"))
OFFICES = (
    Calendar.from_holidays("CZ", tz="Europe/Prague"),
    Calendar.from_holidays("DE", subdivision="BY", tz="Europe/Berlin"),
    Calendar.from_holidays("US", tz="America/New_York", hours="08:00-16:00"),
    Calendar.from_holidays("AE", tz="Asia/Dubai"),
)

for office in OFFICES:
    due_on = office.add(REGISTERED, 5)
    print(f"{office.id:<6} {due_on:%A %Y-%m-%d}, {office.close_of(due_on):%H:%M %z}")
    for day in office.explain(REGISTERED.date(), due_on):
        if day.number is None and day.why != "weekly rest":
            print(f"{'':7}{day}")
