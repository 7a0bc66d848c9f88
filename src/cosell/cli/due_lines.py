"""What is due in a pipeline: one line for each promise that still waits, with its reason.

A promise stands in the first of these classes that it fits, and classes come in this order:

1. ``late``: it ran out, or its next touch did not come, and nobody has answered yet; the one that
   waits longest first.
2. ``at_risk``: most of its time is used up; the one that is due next first.
3. ``due``: there is time; the one that is due next first.
4. ``holding``: a hold that is not over; the one that is over next first.
5. ``paused``: it stands still, and nobody knows how long; the one that is paused longest first.

This module does not know how a deal is reviewed, nor how a line is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from cosell.cli.plain import customer_of, safe_cell
from cosell.cli.review import Promise, Reviewed
from cosell.cli.words import moment_text
from cosell.clocks import ClockState, Reading, amount_text
from cosell.definition.clock import ClockKind
from cosell.errors import CosellError

__all__ = ["DUE_COLUMNS", "DueClass", "DueLine", "due_lines", "line_as_cells", "line_as_dict"]

#: The columns of the CSV: one row for each promise.
DUE_COLUMNS: Final = (
    "class",
    "id",
    "line",
    "name",
    "customer",
    "stage",
    "clock",
    "label",
    "owner",
    "due_at",
    "next_touch_by",
    "used",
    "late_by",
    "next_step",
    "next_step_at",
    "provisional",
    "reason",
    "cites",
)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class DueClass(StrEnum):
    """How pressing a promise is, most pressing first."""

    LATE = "late"
    AT_RISK = "at_risk"
    DUE = "due"
    HOLDING = "holding"
    PAUSED = "paused"


_ORDER: Final = tuple(DueClass)


@dataclass(frozen=True, slots=True)
class DueLine:
    """One promise that still waits.

    Attributes:
        deal: The deal it was made about.
        promise: The clock, with how it stands.
        due: How pressing it is.
        moment: The moment that orders it in its class.
    """

    deal: Reviewed
    promise: Promise
    due: DueClass
    moment: datetime

    @property
    def rank(self) -> str:
        """What lines are sorted by, as a text; among equals the file's order stays."""
        moment = self.moment.astimezone(UTC).isoformat(timespec="microseconds")
        return f"{_ORDER.index(self.due)} {moment} {self.deal.deal.line:012}"

    @property
    def reading(self) -> Reading:
        """How its clock stands."""
        return self.promise.reading

    @property
    def name(self) -> str:
        """The clock's id, in a track with its name."""
        return _name(self.reading.track, self.reading.clock)

    @property
    def reason(self) -> str:
        """Why it stands where it does, as a sentence."""
        return _REASONS[self.due](self)

    @property
    def late_by(self) -> str | None:
        """How much of its unit has passed since its end; ``None`` if that is not known."""
        reading = self.reading
        if not reading.overdue or reading.allowance is None:
            return None
        try:
            late = reading.measured - reading.allowance
        except CosellError:
            # Its calendar ends before the review.
            return None
        return f"{amount_text(late)} {_unit(self)}" if late else None


def due_lines(reviewed: Reviewed, risk: Decimal) -> Iterator[DueLine]:
    """Yield a line for each promise of a deal that still waits.

    Args:
        reviewed: The deal, reviewed.
        risk: From which share of its time on a promise is at risk.
    """
    for promise in reviewed.promises:
        found = _class_of(promise, risk) if promise.waits else None
        if found is not None:
            yield DueLine(reviewed, promise, found, _moment_of(promise.reading, found))


def _class_of(promise: Promise, risk: Decimal) -> DueClass | None:
    """Return how pressing a promise is; ``None`` for one that waits for nothing."""
    reading = promise.reading
    if reading.state is ClockState.PAUSED:
        return DueClass.PAUSED
    if promise.overdue or (promise.running and _touch_is_late(reading)):
        return DueClass.LATE
    if not promise.running or reading.fraction is None:
        return None
    if reading.kind is ClockKind.HOLD:
        return DueClass.HOLDING
    return DueClass.AT_RISK if reading.fraction >= risk else DueClass.DUE


def _touch_is_late(reading: Reading) -> bool:
    touch_by = _touch_by(reading)
    return touch_by is not None and touch_by < reading.at


def _touch_by(reading: Reading) -> datetime | None:
    rhythm = reading.cadence
    return None if rhythm is None else rhythm.next_by


def _moment_of(reading: Reading, found: DueClass) -> datetime:
    if found is DueClass.PAUSED:
        return reading.pauses[-1].start
    moments = (reading.due_at, _touch_by(reading))
    return min((moment for moment in moments if moment is not None), default=_NEVER)


def _unit(line: DueLine) -> str:
    return line.promise.clock.unit.value.replace("_", " ")


def _late(line: DueLine) -> str:
    reading = line.reading
    if not reading.overdue:
        return f"the next touch was due {moment_text(line.moment)}"
    late = "" if line.late_by is None else f"{line.late_by} late: "
    return f"{late}{_allowed(line)} ended {moment_text(line.moment)}"


def _running(line: DueLine) -> str:
    reading = line.reading
    left = amount_text(reading.remaining)
    used = f"{(reading.fraction or Decimal(0)) * 100:.0f} % used"
    return f"{used}, {left} of {_allowed(line)} left, until {moment_text(line.moment)}"


def _holding(line: DueLine) -> str:
    return f"{_allowed(line)} must pass, until {moment_text(line.moment)}"


def _paused(line: DueLine) -> str:
    reading = line.reading
    left = "" if reading.remaining is None else f", {amount_text(reading.remaining)} left"
    latest = (
        "" if reading.latest_at is None else f", {moment_text(reading.latest_at)} at the latest"
    )
    pause = reading.pauses[-1]
    return f"paused since {moment_text(pause.start)}, {pause.reason}{left}{latest}"


def _allowed(line: DueLine) -> str:
    started = line.reading.started_at
    since = "" if started is None else f" from {moment_text(started)}"
    return f"{amount_text(line.reading.allowance)} {_unit(line)}{since}"


_REASONS: Final = {
    DueClass.LATE: _late,
    DueClass.AT_RISK: _running,
    DueClass.DUE: _running,
    DueClass.HOLDING: _holding,
    DueClass.PAUSED: _paused,
}


def line_as_dict(line: DueLine) -> dict[str, Any]:
    """Return everything about a promise as plain values. The keys are stable."""
    clock, reading, touch_by = line.promise.clock, line.reading, _touch_by(line.reading)
    return reading.as_dict() | {
        "class": line.due.value,
        "id": line.deal.record.id,
        "line": line.deal.deal.line,
        "name": getattr(line.deal.record, "name", None),
        "customer": customer_of(line.deal),
        "stage": line.deal.stage.id,
        "label": clock.label,
        "owner": clock.owner,
        "next_touch_by": None if touch_by is None else touch_by.isoformat(),
        "late_by": line.late_by,
        "reason": line.reason,
        "explained": list(reading.explain()),
        "cites": list(clock.cites),
    }


def _name(track: str | None, clock: str) -> str:
    return clock if track is None else f"{track}.{clock}"


def line_as_cells(plain: Mapping[str, Any]) -> dict[str, str]:
    """Return a promise as one row of a table, that no spreadsheet takes for a formula.

    Args:
        plain: What ``line_as_dict`` says of it.
    """
    cells = {
        **plain,
        "clock": _name(plain["track"], plain["clock"]),
        "used": plain["fraction"],
        "cites": "; ".join(plain["cites"]),
        "provisional": "yes" if plain["provisional"] else "no",
    }
    return {
        name: "" if cells[name] is None else safe_cell(str(cells[name])) for name in DUE_COLUMNS
    }
