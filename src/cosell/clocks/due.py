"""What the clocks of a record do by themselves, each thing once, each dated at its own instant.

Rules that hold for everything that is due (numbers of the section "Time" of the design in
brackets):

1. What the trail says has happened is not due again, however often and however late it is asked.
   [9]
2. Of what a clock that repeats owes, the oldest comes first.

This module does not know how an event is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cosell.calendars import to_utc
from cosell.clocks.compiled import CompiledClock
from cosell.clocks.history import latest_run
from cosell.clocks.pending import Due, pending_in
from cosell.errors import CalendarExhaustedError
from cosell.models.record import Record

__all__ = ["Due", "steps_due"]


def steps_due(
    compiled: CompiledClock,
    record: Record,
    *,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
) -> tuple[Due, ...]:
    """Return the steps and the breach that have come by ``at`` and are not in the trail.

    Args:
        compiled: The clock.
        record: The record it belongs to; its trail and fields are read.
        at: The moment of asking, with a time zone.
        facts: Values from outside the record.

    Returns:
        What is due, in the order of its instants; at one instant in the order of the definition,
        the breach last.

    Raises:
        CalendarExhaustedError: The calendar does not cover what must be counted.
        NaiveDatetimeError: ``at``, or the moment in a field or fact, has no time zone.

    Source:
        Time 9; BX-5.
    """
    now = to_utc(at)
    try:
        run = latest_run(compiled, record, until=now, facts=facts)
        return tuple(due for due in pending_in(run) if due.comes_at <= now)
    except CalendarExhaustedError as error:
        raise compiled.located(error, record.id)  # noqa: B904 - it is the same error
