"""Check that the parts of a clock fit together, and that every name in it is defined.

What needs the record's model (fields and what they hold) is checked by ``bind``. This module does
not know how a clock is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from cosell.definition.clock import (
    MOST_UNITS,
    Clock,
    ClockKind,
    Ends,
    Unit,
    is_count,
    parse_months,
)
from cosell.definition.clock_event import (
    SUBJECTS,
    WHOLE,
    ClockEvent,
    Occasion,
    parse_clock_event,
)
from cosell.definition.known import Resting, unknown, unreadable
from cosell.errors import ExpressionError, Problem, did_you_mean

__all__ = ["LineNames", "problems_in_clock"]

#: What makes sense only for a clock that can run out.
_OF_AN_END: Final = ("at_most", "repeats", "on_breach", "extensions")
_FACTS: Final = "facts"
_INSTANT: Final = "instant"
#: Types of facts that hold a moment; to units of hours a date is none.
_MOMENTS: Final = (_INSTANT, "date")
#: What makes no sense for a hold.
_NOT_OF_A_HOLD: Final = ("at_most", "repeats", "cadence")


@dataclass(frozen=True, slots=True)
class LineNames:
    """What one line of a process defines, as far as an event text may name it."""

    stages: Collection[str] = ()
    triggers: Collection[str] = ()
    clocks: Collection[str] = ()

    def of(self, subject: str) -> Collection[str]:
        """Return the names of one kind: ``stage``, ``trigger`` or ``clock``."""
        return {"stage": self.stages, "trigger": self.triggers, "clock": self.clocks}[subject]


_NO_LINES: Final[Mapping[str, LineNames]] = MappingProxyType({})


def problems_in_clock(
    clock: Clock,
    *,
    own: LineNames,
    parameters: Mapping[str, Any],
    calendars: Collection[str],
    lines: Mapping[str, LineNames] = _NO_LINES,
    facts: Mapping[str, str] | None = None,
) -> Iterator[Problem]:
    """Yield everything that is wrong with a clock where it stands; paths begin at the clock.

    Args:
        clock: The clock.
        own: What the line defines that it stands in.
        parameters: Parameters of the process with their values.
        calendars: Names of the calendars that the process asks for.
        lines: What other lines define: each track by its name, the main line as ``record``.
        facts: Facts of the process with their types; ``None`` leaves them unchecked.
    """
    yield from _in_events(clock, own, lines)
    yield from _in_contradictions(clock)
    if facts is not None:
        yield from _in_facts(clock, facts)
    yield from _in_allowance(clock, parameters)
    yield from _in_unit(clock, calendars)
    yield from _in_kind(clock)
    yield from _in_repetition(clock, parameters)
    yield from _in_steps(clock)
    yield from _in_triggers(clock, own.triggers)
    yield from _in_counts(clock, parameters)
    yield from _in_order(clock, parameters)


def _in_events(clock: Clock, own: LineNames, lines: Mapping[str, LineNames]) -> Iterator[Problem]:
    for key, texts in clock.events.items():
        for index, text in enumerate(texts):
            path = f"{key}[{index}]"
            try:
                yield from _in_event(parse_clock_event(text), own, lines, path)
            except ExpressionError as error:
                yield unreadable(path, error)
    for index, stage in enumerate(clock.pause_while):
        line, _, name = stage.rpartition(".")
        event = ClockEvent(Occasion.ENTERED, line or None, name)
        yield from _in_event(event, own, lines, f"pause_while[{index}]")


def _in_event(
    event: ClockEvent, own: LineNames, lines: Mapping[str, LineNames], path: str
) -> Iterator[Problem]:
    if event.occasion is Occasion.FIELD:
        return
    if event.line is not None and event.line not in lines:
        tracks = [name for name in lines if name != WHOLE]
        yield from unknown([event.line], tracks, path, "track")
        return
    names = own if event.line is None else lines[event.line]
    subject = SUBJECTS[event.occasion]
    yield from unknown([event.name], names.of(subject), path, subject, track=event.line)


def _in_facts(clock: Clock, facts: Mapping[str, str]) -> Iterator[Problem]:
    """Yield each event that is a fact which is not declared, or which holds no moment."""
    for key, texts in clock.events.items():
        for index, text in enumerate(texts):
            head, _, name = text.partition(".")
            if head != _FACTS or not name:
                continue
            path = f"{key}[{index}]"
            yield from unknown([name], facts, path, "fact")
            kind = facts.get(name, _INSTANT)
            if kind not in _MOMENTS:
                problem = f"fact `{name}` holds {kind}, and no moment"
                yield Resting(path, problem, "Declare it as instant.", on=(f"facts.{name}",))
            elif kind != _INSTANT and not clock.unit.counts_days:
                problem = f"fact `{name}` holds a date, and {clock.unit} begin at a moment"
                yield Problem(path, problem, "Declare it as instant, or count days.")


def _in_contradictions(clock: Clock) -> Iterator[Problem]:
    """Yield what lets a clock never run: what ends it is what starts it, or what pauses it."""
    ends = {*clock.stop, *clock.cancel}
    for index, text in enumerate(clock.start):
        if text in ends and _is_field(text):
            problem = f"`{text}` starts the clock and ends it at once"
            yield Problem(f"start[{index}]", problem, "Name another moment in one of the two.")
    for index, stage in enumerate(clock.pause_while):
        left = {f"left('{stage}')", f'left("{stage}")'}
        entered = {f"entered('{stage}')", f'entered("{stage}")'}
        if entered.issuperset((*clock.start, *clock.restart)) and left & ends:
            problem = f"the clock runs in `{stage}` alone, and stands still there"
            yield Problem(f"pause_while[{index}]", problem, "Leave it out.")


def _is_field(text: str) -> bool:
    return "(" not in text


def _in_allowance(clock: Clock, parameters: Mapping[str, Any]) -> Iterator[Problem]:
    allowance: Any = clock.allowance
    if allowance is None:
        return
    if isinstance(allowance, str) and parse_months(allowance) is None:
        if allowance not in parameters:
            yield from unknown([allowance], parameters, "allowance", "parameter")
            return
        allowance = parameters[allowance]
    if parse_months(allowance) is not None:
        if clock.unit is not Unit.CALENDAR_DAYS:
            yield Problem(
                "allowance", f"months are not counted in {clock.unit}", "Use calendar_days."
            )
    elif not is_count(allowance):
        yield Problem(
            "allowance", f"`{allowance}` is not an allowance", "Give a whole number, 0 or more."
        )


def _in_unit(clock: Clock, calendars: Collection[str]) -> Iterator[Problem]:
    if clock.calendar is not None:
        yield from unknown([clock.calendar], calendars, "calendar", "calendar")
    elif clock.unit.needs_calendar:
        yield Problem(
            "calendar", f"{clock.unit} need a calendar", "Name one of the process's calendars."
        )
    days = Unit.BUSINESS_DAYS
    if clock.ends is Ends.CLOSE and clock.unit is not days:
        yield Problem(
            "ends", f"{clock.unit} do not end at a close", f"Use {days}, or leave it out."
        )
    if clock.cutoff is not None and clock.unit is not days:
        yield Problem("cutoff", f"{clock.unit} have no cut-off", f"Use {days}, or leave it out.")


def _in_kind(clock: Clock) -> Iterator[Problem]:
    if clock.allowance is None:
        remedy = "Give it an allowance, or leave this out."
        for key in _OF_AN_END:
            if getattr(clock, key) is not None:
                yield Problem(key, f"a clock without an allowance has no `{key}`", remedy)
    if clock.kind is ClockKind.HOLD:
        remedy = "Make it a deadline, or leave this out."
        for key in _NOT_OF_A_HOLD:
            if getattr(clock, key) is not None:
                yield Problem(key, f"a hold has no `{key}`", remedy)
        if clock.allowance is None:
            yield Problem("kind", "a hold needs an allowance", "Say how long it holds.")
        if clock.ends is Ends.CLOSE:
            yield Problem("ends", "a hold is over when its last day begins", "Leave it out.")


def _in_repetition(clock: Clock, parameters: Mapping[str, Any]) -> Iterator[Problem]:
    if clock.repeats is None:
        return
    if not clock.cancel:
        yield Problem(
            "repeats", "nothing ends a clock that repeats", "Name what ends it in `cancel`."
        )
    if clock.at_most is not None:
        problem = "a clock that repeats has no `at_most`"
        yield Problem("at_most", problem, "Leave one of the two out.")
    if _number(clock.allowance, parameters) == 0:
        yield Problem(
            "allowance", "a clock that repeats cannot allow nothing", "Allow one unit or more."
        )


def _in_steps(clock: Clock) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, step in enumerate(clock.steps):
        places = [place for place in (step.at, step.offset, step.after) if place is not None]
        if len(places) != 1:
            yield Problem(
                f"steps[{index}]",
                f"step `{step.id}` is placed {'twice' if places else 'nowhere'}",
                "Give `at`, a fraction of the allowance, `offset`, units from the end, or `after`,"
                " units from the start.",
            )
        elif clock.allowance is None and step.after is None:
            yield Problem(
                f"steps[{index}]",
                f"step `{step.id}` has no end to be placed by",
                "Give the clock an allowance, or place the step by `after`.",
            )
        if step.id in seen:
            yield Problem(
                f"steps[{index}].id", f"step `{step.id}` is defined twice", "Rename one of them."
            )
        seen.add(step.id)
        if clock.cadence is not None and step.id.startswith("touch_"):
            yield Problem(
                f"steps[{index}].id", f"`{step.id}` is a step of the cadence", "Rename it."
            )


def _in_triggers(clock: Clock, triggers: Collection[str]) -> Iterator[Problem]:
    for index, step in enumerate(clock.steps):
        if step.trigger is not None:
            yield from unknown([step.trigger], triggers, f"steps[{index}].trigger", "trigger")
    if clock.on_breach is not None and clock.on_breach.trigger is not None:
        yield from unknown([clock.on_breach.trigger], triggers, "on_breach.trigger", "trigger")


def _counts(clock: Clock) -> Iterator[tuple[str, int | str | None]]:
    """Yield every key that holds a number of units or of times, with what it holds."""
    yield "at_most", clock.at_most
    if clock.extensions is not None:
        yield "extensions.count", clock.extensions.count
        yield "extensions.total", clock.extensions.total
    if clock.cadence is not None:
        for key in ("least", "most", "gap_least", "gap_most", "span_least"):
            yield f"cadence.{key}", getattr(clock.cadence, key)
    for index, step in enumerate(clock.steps):
        yield f"steps[{index}].after", step.after


def _in_counts(clock: Clock, parameters: Mapping[str, Any]) -> Iterator[Problem]:
    for path, count in _counts(clock):
        if isinstance(count, str) and not is_count(parameters.get(count)):
            yield _no_number(
                path, count, [name for name in parameters if is_count(parameters[name])]
            )
    for index, step in enumerate(clock.steps):
        offset = step.offset
        if isinstance(offset, str) and not _is_offset(parameters.get(offset)):
            known = [name for name in parameters if _is_offset(parameters[name])]
            yield _no_number(f"steps[{index}].offset", offset, known)


def _is_offset(value: object) -> bool:
    return (
        isinstance(value, int)
        and not isinstance(value, bool)
        and -MOST_UNITS <= value <= MOST_UNITS
    )


def _no_number(path: str, name: str, known: Collection[str]) -> Problem:
    return Resting(
        path,
        f"`{name}` is not a parameter that holds a whole number",
        did_you_mean(name, known),
        on=("parameters",),
    )


def _in_order(clock: Clock, parameters: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield each pair of numbers of which the smaller should be the larger one."""
    pairs: list[tuple[str, Any, str, Any]] = [
        ("allowance", clock.allowance, "at_most", clock.at_most)
    ]
    if clock.cadence is not None:
        own = clock.cadence
        pairs += [
            ("cadence.least", own.least, "cadence.most", own.most),
            ("cadence.gap_least", own.gap_least, "cadence.gap_most", own.gap_most),
            ("cadence.span_least", own.span_least, "allowance", clock.allowance),
        ]
    for lower, low, upper, high in pairs:
        least, most = _number(low, parameters), _number(high, parameters)
        if least is not None and most is not None and least > most:
            problem = f"`{upper}` is {most}, and less than `{lower}`, {least}"
            yield Problem(upper, problem, "Raise the one, or lower the other.")
    if clock.extensions is not None:
        if not clock.extensions.roles:
            yield Problem("extensions.roles", "nobody may extend it", "Name the roles that may.")
        for key in ("count", "total"):
            if getattr(clock.extensions, key) == 0:
                problem = f"a `{key}` of 0 lets nobody extend it"
                yield Problem(f"extensions.{key}", problem, "Leave `extensions` out.")


def _number(count: Any, parameters: Mapping[str, Any]) -> int | None:
    """Return a number or the number that a parameter holds; ``None`` for anything else."""
    value = parameters.get(count) if isinstance(count, str) else count
    return value if is_count(value) else None
