"""May a clock be paused, go on, or be extended? Everything that speaks against it, at once.

This module does not know who asks, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from cosell.calendars import to_utc
from cosell.clocks.compiled import CompiledClock
from cosell.clocks.history import latest_run
from cosell.clocks.measure import amount_text
from cosell.clocks.run import BY_PERSON, Run
from cosell.definition.clock import is_count
from cosell.errors import Problem
from cosell.models.record import Record

__all__ = ["problems_in_extension", "problems_in_pause", "problems_in_resumption"]


def problems_in_pause(
    compiled: CompiledClock,
    record: Record,
    *,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
) -> Iterator[Problem]:
    """Yield everything that keeps a clock from being paused by a person.

    Args:
        compiled: The clock.
        record: The record it belongs to.
        at: The moment of asking, with a time zone.
        facts: Values from outside the record.

    Raises:
        CalendarExhaustedError: The calendar does not cover what must be counted.
        NaiveDatetimeError: ``at`` has no time zone.

    Source:
        Time 7; QL-25.
    """
    if compiled.clock.pauses is None:
        yield _problem(compiled, "is not paused by people", "Meet it, or have it extended.")
        return
    now = to_utc(at)
    run = latest_run(compiled, record, until=now, facts=facts)
    if run is None or run.ended_at is not None:
        yield _problem(compiled, "does not run", "Pause it while it runs.")
    elif run.ran_out(now):
        yield _problem(compiled, "has run out", "Have it extended, or answer it.")
    elif BY_PERSON in run.held:
        yield _problem(compiled, "is paused already", "Let it go on before you pause it again.")


def problems_in_resumption(
    compiled: CompiledClock,
    record: Record,
    *,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
) -> Iterator[Problem]:
    """Yield everything that keeps a clock that a person paused from going on.

    Args:
        compiled: The clock.
        record: The record it belongs to.
        at: The moment of asking, with a time zone.
        facts: Values from outside the record.

    Raises:
        CalendarExhaustedError: The calendar does not cover what must be counted.
        NaiveDatetimeError: ``at`` has no time zone.

    Source:
        Time 7; QL-25.
    """
    run = latest_run(compiled, record, until=to_utc(at), facts=facts)
    if run is None or BY_PERSON not in run.held:
        yield _problem(compiled, "was not paused by a person", "Nothing needs to be resumed.")


def problems_in_extension(
    compiled: CompiledClock,
    record: Record,
    *,
    units: int,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
) -> Iterator[Problem]:
    """Yield everything that keeps a clock from being extended.

    Args:
        compiled: The clock.
        record: The record it belongs to.
        units: How many units would be added, in the clock's own unit; days for months.
        at: The moment of asking, with a time zone.
        facts: Values from outside the record.

    Raises:
        CalendarExhaustedError: The calendar does not cover what must be counted.
        NaiveDatetimeError: ``at`` has no time zone.

    Source:
        Time 7; BX-4, SF-11.
    """
    now = to_utc(at)
    is_number = is_count(units) and units > 0
    if not is_number:
        yield Problem("units", f"`{units}` units cannot be added", "Add a whole number of them.")
    if compiled.clock.extensions is None:
        yield _problem(compiled, "is never extended", "Meet it, or ask for an exception.")
        return
    run = latest_run(compiled, record, until=now, facts=facts)
    if run is None or run.ended_at is not None:
        yield _problem(compiled, "does not run", "Extend it while it runs.")
        return
    if run.ran_out(now) and not compiled.extends_after_expiry:
        yield _problem(compiled, "has run out", "Ask before it runs out.")
    yield from _beyond_limits(run, units if is_number else 0, now)


def _beyond_limits(run: Run, units: int, now: datetime) -> Iterator[Problem]:
    compiled = run.compiled
    most, total, at_most = compiled.most_extensions, compiled.most_added, compiled.at_most
    if most is not None and run.extensions >= most:
        yield _problem(
            compiled, "cannot be extended again", f"It may be extended {most} times at most."
        )
    if total is not None and run.added + units > total:
        left = max(total - run.added, 0)
        yield _problem(compiled, f"cannot be extended by {units}", f"At most {left} are left.")
    longer = run.total_with(units, now)
    if at_most is not None and longer is not None and longer > at_most:
        yield _problem(
            compiled,
            f"cannot be extended to {amount_text(longer)}",
            f"It ends after {amount_text(at_most)} at the latest.",
        )


def _problem(compiled: CompiledClock, problem: str, remedy: str) -> Problem:
    return Problem(f"clocks.{compiled.clock.id}", f"clock `{compiled.clock.id}` {problem}", remedy)
