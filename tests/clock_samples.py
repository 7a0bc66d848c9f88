"""Clocks, trails and records for tests: short to write, and made in one place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cosell._base import Instant
from cosell.calendars import Calendar
from cosell.clocks import CompiledClock, compile_clock
from cosell.definition.clock import Clock
from cosell.events import Actor, EventKind, TrailEntry
from cosell.models.record import Part, Record

PRAGUE_ZONE = ZoneInfo("Europe/Prague")
PRAGUE = Calendar.from_holidays("CZ", tz="Europe/Prague", id="vendor")
SOMEBODY = Actor("p-7", role="partner", party="acme")

#: MK-13: five working days from registration to the decision, until close of business.
ANSWER: dict[str, Any] = {
    "id": "answer",
    "calendar": "vendor",
    "allowance": 5,
    "unit": "business_days",
    "ends": "close",
    "start": ["entered('registered')"],
    "stop": ["entered('accepted')", "entered('rejected')"],
    "cites": ["MK-13"],
}


class Poc(Part, frozen=True):
    """A part with a moment of its own."""

    begun_at: Instant | None = None


class Deal(Record, frozen=True):
    """A record with moments in its fields."""

    submitted_at: Instant | None = None
    answered_at: Instant | None = None
    signed_on: date | None = None
    name: str = "deal"
    poc: Poc = Poc()
    other: Poc | None = None


def prague(text: str) -> datetime:
    """Return a moment by the clocks of Prague."""
    return datetime.fromisoformat(text).replace(tzinfo=PRAGUE_ZONE)


def utc(text: str) -> datetime:
    """Return a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def compiled(
    definition: dict[str, Any] | None = None, *, calendar: Calendar | None = PRAGUE, **changes: Any
) -> CompiledClock:
    """Return a clock, MK-13's with changes, compiled for the main line of a process in Prague."""
    clock = Clock.model_validate({**(ANSWER if definition is None else definition), **changes})
    return compile_clock(
        clock,
        calendar=calendar if clock.calendar else None,
        zone="Europe/Prague",
        parameters={"days": 5, "months": "6 months", "share": "0.5"},
    )


def elapsed(**changes: Any) -> CompiledClock:
    """Return a clock of 48 elapsed hours from registration to acceptance, with changes. SF-5."""
    plain = {"calendar": None, "unit": "elapsed_hours", "ends": "day", "allowance": 48}
    return compiled(**{**plain, **changes})


def entry(kind: str, at: datetime | str, **details: Any) -> dict[str, Any]:
    """Return one line of a trail, without its number; a text is a time in Prague."""
    moment = prague(at) if isinstance(at, str) else at
    return {"kind": EventKind(kind), "at": moment, "actor": SOMEBODY, **details}


def opened(at: datetime | str, stage: str = "registered") -> dict[str, Any]:
    """Return the line of an opening."""
    return entry("opened", at, target=stage)


def moved(at: datetime | str, stage: str, *, trigger: str = "go", **details: Any) -> dict[str, Any]:
    """Return the line of a move."""
    return entry("moved", at, target=stage, trigger=trigger, **details)


def paused(at: datetime | str, **details: Any) -> dict[str, Any]:
    """Return the line of a pause of the sample clock."""
    return entry("paused", at, **{"clock": "answer", **details})


def resumed(at: datetime | str, **details: Any) -> dict[str, Any]:
    """Return the line of its resumption."""
    return entry("resumed", at, **{"clock": "answer", **details})


def extended(at: datetime | str, units: int, **details: Any) -> dict[str, Any]:
    """Return the line of its extension."""
    return entry("extended", at, allowance=units, **{"clock": "answer", **details})


def deal(*lines: dict[str, Any], **fields: Any) -> Deal:
    """Return a record with a trail of the given lines, numbered in order."""
    trail = tuple(TrailEntry(seq=number, **line) for number, line in enumerate(lines, 1))
    return Deal(id="d-1", version=len(trail), trail=trail, **fields)
