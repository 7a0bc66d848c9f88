"""What people do to clocks: pause them, let them go on, give them more time.

Rules:

1. Who may is said by the clock: ``pauses.roles`` and ``extensions.roles``. A pause and an
   extension need a reason.
2. A refusal names everything that speaks against it at once, and changes nothing.
3. The record is settled first: what had run out before has run out.
4. What they write is an event and a line of the trail, which is all that a reading goes by.

This module does not know how a clock is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

from cosell.clocks import (
    CompiledClock,
    problems_in_extension,
    problems_in_pause,
    problems_in_resumption,
    read_clock,
)
from cosell.engine.bound import Bound, BoundLine
from cosell.engine.deputies import problems_with_deputy
from cosell.engine.draft import require_reason
from cosell.engine.facts import read_facts
from cosell.engine.fold import happened
from cosell.engine.insiders import require_insider
from cosell.engine.settle import require_order, settle
from cosell.engine.taking import Applied, event_of
from cosell.errors import ClockRefusedError, Problem, require_aware
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor, EventKind
from cosell.models.record import Record
from cosell.money import Rates

__all__ = ["extend", "pause", "resume"]

_R = TypeVar("_R", bound=Record)


@tells_kinds
def pause(
    bound: Bound,
    record: _R,
    clock: str,
    *,
    actor: Actor,
    at: datetime,
    reason: str,
    facts: Mapping[str, Any] | None = None,
) -> Applied[_R]:
    """Return ``record`` with a clock paused from ``at`` on.

    Until it is resumed it has no due date.

    Args:
        bound: The process it follows.
        record: The record; it is settled first, and not changed itself.
        clock: Which clock; in a track with its name, ``poc.ends``.
        actor: Who pauses it.
        at: From when on, with a time zone.
        reason: Why.
        facts: Values from outside the record, for clocks that start at one.

    Returns:
        The record, and its events; the last one is the pause.

    Raises:
        ClockRefusedError: The actor may not, the clock does not run, no reason is given, and so
            on; naming everything.
        UnknownNameError: There is no such clock.
        InvalidDataError: ``facts`` do not fit, or the reason is too long.
        OutOfOrderError: ``at`` is before the last move of the record.
        NaiveDatetimeError: ``at`` has no time zone.
        WrongProcessError: ``record`` does not follow this process.
        RecordNotFoundError: The process has views, and none is the actor's.

    Source:
        Time 7; QL-25.
    """
    asked = _ask(bound, record, clock, EventKind.PAUSED, actor=actor, at=at, facts=facts)
    policy = asked.compiled.clock.pauses
    why = require_reason(reason, asked.subject)
    asked.refuse_if(
        asked.wrong_role(() if policy is None else policy.roles),
        _without_reason(why),
        problems_in_pause(asked.compiled, asked.record, at=at, facts=asked.facts),
    )
    return asked.written(reason=why)


@tells_kinds
def resume(
    bound: Bound,
    record: _R,
    clock: str,
    *,
    actor: Actor,
    at: datetime,
    reason: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Applied[_R]:
    """Return ``record`` with a paused clock that goes on from ``at``.

    Args:
        bound: The process it follows.
        record: The record; it is settled first, and not changed itself.
        clock: Which clock; in a track with its name, ``poc.ends``.
        actor: Who lets it go on.
        at: From when on, with a time zone.
        reason: Why, if there is something to say.
        facts: Values from outside the record, for clocks that start at one.

    Returns:
        The record, and its events; the last one is the resumption.

    Raises:
        ClockRefusedError: The actor may not, or no person paused the clock; naming everything.
        CalendarExhaustedError: Its end would lie past what its calendar covers.
        UnknownNameError: There is no such clock.
        InvalidDataError: ``facts`` do not fit, or the reason is too long.
        OutOfOrderError: ``at`` is before the last move of the record.
        NaiveDatetimeError: ``at`` has no time zone.
        WrongProcessError: ``record`` does not follow this process.
        RecordNotFoundError: The process has views, and none is the actor's.

    Source:
        Time 7; QL-25.
    """
    asked = _ask(bound, record, clock, EventKind.RESUMED, actor=actor, at=at, facts=facts)
    policy = asked.compiled.clock.pauses
    why = require_reason(reason, asked.subject)
    asked.refuse_if(
        asked.wrong_role(() if policy is None else policy.roles),
        problems_in_resumption(asked.compiled, asked.record, at=at, facts=asked.facts),
    )
    return asked.written(reason=why)


@tells_kinds
def extend(  # noqa: PLR0913 - who asks, when and why, what for, and what the gate may read
    bound: Bound,
    record: _R,
    clock: str,
    *,
    units: int,
    actor: Actor,
    at: datetime,
    reason: str,
    facts: Mapping[str, Any] | None = None,
    rates: Rates | None = None,
) -> Applied[_R]:
    """Return ``record`` with more time for a clock.

    Args:
        bound: The process it follows.
        record: The record; it is settled first, and not changed itself.
        clock: Which clock; in a track with its name, ``poc.ends``.
        units: How many units are added, in the clock's own unit; days for months.
        actor: Who grants it.
        at: When, with a time zone.
        reason: Why.
        facts: Values from outside the record.
        rates: Dated exchange rates, for gates of the extension.

    Returns:
        The record, and its events; the last one is the extension.

    Raises:
        ClockRefusedError: The actor may not, the policy or one of its gates speaks against it, no
            reason is given; naming everything.
        CalendarExhaustedError: Its end would lie past what its calendar covers.
        UnknownNameError: There is no such clock.
        InvalidDataError: ``facts`` do not fit, or the reason is too long.
        OutOfOrderError: ``at`` is before the last move of the record.
        NaiveDatetimeError: ``at`` has no time zone.
        WrongProcessError: ``record`` does not follow this process.
        RecordNotFoundError: The process has views, and none is the actor's.

    Source:
        Time 7; SF-11, SF-20, BX-4.
    """
    asked = _ask(bound, record, clock, EventKind.EXTENDED, actor=actor, at=at, facts=facts)
    policy = asked.compiled.clock.extensions
    why = require_reason(reason, asked.subject)
    asked.refuse_if(
        asked.wrong_role(() if policy is None else policy.roles),
        _without_reason(why),
        problems_in_extension(asked.compiled, asked.record, units=units, at=at, facts=asked.facts),
        asked.closed_gates(() if policy is None else policy.gates, rates),
    )
    return asked.written(reason=why, allowance=units)


#: What each kind of event is as something that is asked for, and as a thing.
_WORDS: Final[Mapping[EventKind, tuple[str, str]]] = MappingProxyType(
    {
        EventKind.PAUSED: ("pause", "a pause"),
        EventKind.RESUMED: ("resume", "a resumption"),
        EventKind.EXTENDED: ("extend", "an extension"),
    }
)


@dataclass(frozen=True, slots=True)
class _Asked(Generic[_R]):
    """What is asked for, with the record settled."""

    bound: Bound
    settled: Applied[_R]
    line: BoundLine
    compiled: CompiledClock
    kind: EventKind
    actor: Actor
    at: datetime
    facts: Mapping[str, Any] | None

    @property
    def record(self) -> _R:
        return self.settled.record

    @property
    def name(self) -> str:
        return self.line.trigger_of(self.compiled.id)

    @property
    def subject(self) -> str:
        return f"{_WORDS[self.kind][1]} of clock `{self.name}` of record `{self.record.id}`"

    def wrong_role(self, roles: Collection[str]) -> Iterator[Problem]:
        """Yield that the actor has none of ``roles``; where nobody has, the clock says so."""
        yield from problems_with_deputy(self.actor, self.at)
        if roles and self.actor.role not in roles:
            yield Problem(
                "actor.role",
                f"`{self.actor.role}` may not {_WORDS[self.kind][0]} clock `{self.name}`",
                f"Ask one of these: {', '.join(sorted(roles))}.",
            )

    def closed_gates(self, gates: Iterable[str], rates: Rates | None) -> Iterator[Problem]:
        """Yield every criterion that is in the way."""
        record, part = self.record, self.line.part_of(self.record)
        for name in gates:
            gate = self.line.gates[name]
            for found in gate.obstacles(part, record, self.actor, self.facts, self.at, rates):
                yield Problem(
                    f"gates.{name}.{found.id}",
                    f"`{found.check.needed}` is {found.verdict.value}",
                    found.remedy,
                )

    def refuse_if(self, *problems: Iterable[Problem]) -> None:
        """Raise ``ClockRefusedError`` if there is one problem or more."""
        found = [problem for each in problems for problem in each]
        if not self.bound.is_running(self.line, self.record):
            problem = f"clock `{self.name}` ended with the record"
            found.append(Problem("clock", problem, "See what the record's stage permits."))
        if found:
            raise ClockRefusedError(self.subject, found)

    def written(self, **values: Any) -> Applied[_R]:
        """Return the record after it, if the clock can be read then."""
        event = event_of(
            self.bound,
            self.record,
            self.kind,
            at=self.at,
            actor=self.actor,
            track=self.line.name,
            clock=self.compiled.id,
            **values,
        )
        after, event = happened(self.record, event)
        _ = read_clock(self.compiled, after, at=self.at, facts=self.facts).next_at
        return self.settled.followed_by(Applied(after, (event,)))


def _ask(
    bound: Bound,
    record: _R,
    clock: str,
    kind: EventKind,
    *,
    actor: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None,
) -> _Asked[_R]:
    require_aware(at)
    bound.require_own(record)
    require_insider(bound, record, actor=actor, at=at, facts=facts)
    require_order(record, at)
    line, compiled = bound.clock(clock, record)
    settled = settle(bound, record, at=at, facts=facts)
    given = read_facts(bound.process.facts, facts)
    return _Asked(bound, settled, line, compiled, kind, actor, at, given)


def _without_reason(reason: str | None) -> Iterator[Problem]:
    if reason is None:
        yield Problem("reason", "no reason is given", "Say why.")
