"""Say in words what the clocks of a definition promise.

This module does not know how a clock stands for one record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from cosell.definition.clock import Breach, Cadence, Clock, ClockKind, Extensions, Repeats, Step
from cosell.draw.telling import Teller
from cosell.money import CONTEXT

__all__ = ["clock_notes", "promise"]

_REPEATS: Final = {
    Repeats.FROM_ANSWER: "anew with each answer",
    Repeats.FROM_END: "anew at its end",
}


def promise(teller: Teller, clock: Clock) -> str:
    """Return how long a clock runs, by what, and who must act.

    Example:
        >>> from cosell import catalog
        >>> make = catalog.load("make").process
        >>> promise(Teller(make, make), make.clocks[0])
        '5 business days of calendar vendor; Partner manager'
    """
    by = f" of calendar {teller.code(clock.calendar)}" if clock.calendar else ""
    owner = f"; {teller.roles([clock.owner])}" if clock.owner else ""
    return f"{_units(teller, clock, clock.allowance)}{by}{owner}"


def _units(teller: Teller, clock: Clock, count: object) -> str:
    """Return a number of the clock's units, also where a parameter says it."""
    value = teller.process.parameters.get(str(count), count)
    if value is None:
        return "no end"
    if "month" in str(value):
        return str(value)
    unit = clock.unit.value.replace("_", " ")
    return f"{value} {unit.removesuffix('s') if str(value) == '1' else unit}"


def clock_notes(teller: Teller, clock: Clock) -> Iterator[str]:
    """Yield what starts and ends a clock, what happens on the way, and what can be done to it."""
    codes = teller.codes
    waits = codes(clock.stop) or "its end"
    hold = ", which is in time from its end on" if clock.kind is ClockKind.HOLD else ""
    yield f"from {codes(clock.start)} to {waits}{hold}"
    for before, text in (
        ("cancelled by ", codes(clock.cancel)),
        ("started anew by ", codes(clock.restart)),
        ("runs ", _REPEATS[clock.repeats] if clock.repeats else ""),
        ("stands still in ", codes(clock.pause_while)),
        ("may be paused by ", teller.roles(clock.pauses.roles) if clock.pauses else ""),
    ):
        if text:
            yield f"{before}{text}"
    if clock.at_most is not None:
        yield f"at most {_units(teller, clock, clock.at_most)} after the start"
    for step in clock.steps:
        yield f"{_moment(teller, clock, step)}: {_done(teller, step)}"
    for said, row in _MORE:
        found = getattr(clock, row)
        if found is not None:
            yield said(teller, clock, found)


def _moment(teller: Teller, clock: Clock, step: Step) -> str:
    if step.at is not None:
        return f"at {CONTEXT.multiply(step.at, 100).normalize():f} % of it"
    if step.after is not None:
        return f"{_units(teller, clock, step.after)} after the start"
    offset = teller.process.parameters.get(str(step.offset), step.offset)
    side = "before" if str(offset).startswith("-") else "after"
    return f"{_units(teller, clock, str(offset).lstrip('-'))} {side} its end"


def _done(teller: Teller, row: Step | Breach) -> str:
    asks = f"asks for {teller.code(row.trigger)}" if row.trigger else ""
    label = row.label if isinstance(row, Step) else ""
    return "; ".join(filter(None, (teller.effects(row.effects) or label, asks))) or "it is noted"


def _breached(teller: Teller, _: Clock, breach: Breach) -> str:
    return f"when it runs out: {_done(teller, breach)}"


def _extended(teller: Teller, clock: Clock, given: Extensions) -> str:
    parameters = teller.process.parameters
    count, total = given.count, given.total
    parts = (
        f"may be extended by {teller.roles(given.roles)}",
        _times(parameters.get(str(count), count)) if count is not None else "",
        f"by {_units(teller, clock, total)} in all" if total is not None else "",
        f"gate {teller.codes(given.gates)}" if given.gates else "",
        "also after its end" if given.after_expiry else "before its end only",
    )
    return ", ".join(filter(None, parts))


def _times(count: object) -> str:
    return "once" if count == 1 else f"at most {count} times"


def _rhythm(teller: Teller, clock: Clock, cadence: Cadence) -> str:
    def told(count: object) -> str:
        return str(teller.process.parameters.get(str(count), count))

    most = f" to {told(cadence.most)}" if cadence.most is not None else ""
    rows = (
        ("at least", cadence.gap_least, "apart"),
        ("at most", cadence.gap_most, "apart"),
        ("over at least", cadence.span_least, ""),
    )
    gaps = (
        f", {before} {_units(teller, clock, count)} {after}".rstrip()
        for before, count, after in rows
        if count is not None
    )
    return f"{told(cadence.least)}{most} of {teller.codes(cadence.touches)}{''.join(gaps)}"


_MORE: Final[tuple[tuple[Callable[[Teller, Clock, Any], str], str], ...]] = (
    (_breached, "on_breach"),
    (_extended, "extensions"),
    (_rhythm, "cadence"),
)
