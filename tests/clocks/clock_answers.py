"""Ask clocks of all kinds, and print the answers; ``TODAY`` stands for the machine's date."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from cosell.clocks import read_clock, steps_due
from rule_clocks import SHEETS, done, sheet_deal


def pretend(today: str) -> None:
    """Make the machine's clock stand at noon of ``today``: Python asks it for a date."""
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
    record = sheet_deal(
        done("2026-10-20T15:00", "submit"),
        done("2026-10-22T15:00", "review"),
        done("2026-10-26T09:00", "approve", source="reviewing"),
        done("2026-10-27T15:00", "accept"),
        done("2026-10-28T15:00", "touch"),
        done("2026-10-29T15:00", "invite"),
        done("2026-11-02T15:00", "register"),
        created_at=datetime(2026, 10, 20, tzinfo=UTC),
        won_at=datetime(2026, 11, 1, 23, 30, tzinfo=UTC),
        signed_on=date(2026, 10, 30),
        touched_at=(datetime(2026, 10, 28, tzinfo=UTC), datetime(2026, 11, 6, tzinfo=UTC)),
    )
    at = datetime(2026, 12, 24, 11, tzinfo=UTC)
    for clock in SHEETS.main.clocks:
        reading = read_clock(clock, record, at=at)
        yield json.dumps(reading.as_dict(), sort_keys=True)
        yield from reading.explain()
        yield from steps_due(clock, record, at=at + timedelta(days=30))


if __name__ == "__main__":
    main()
