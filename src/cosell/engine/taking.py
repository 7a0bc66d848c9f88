"""Take a move that is known to be permitted: the record after it, its event, its effects.

This module does not know whether a move is permitted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from cosell._base import trusting
from cosell.engine.bound import BLANK_EVENT, Bound, Move
from cosell.engine.claims import claims_after, released
from cosell.engine.decision import Decision
from cosell.engine.draft import writes_of
from cosell.engine.effects import effects_of
from cosell.engine.fold import as_written, with_event
from cosell.engine.question import NO_DATA
from cosell.engine.seal import seal
from cosell.events import Actor, Effect, Event, EventKind, TrailEntry
from cosell.findings import Finding
from cosell.models.record import Record

__all__ = ["Applied", "effects_of", "event_of", "found_by", "reported", "take"]

_R = TypeVar("_R", bound=Record)

# Events are made of parts that are valid already, effects of a checked definition and such parts.
_event: Final = trusting(Event)
_trail_entry: Final = trusting(TrailEntry)
_effect: Final = trusting(Effect)


@dataclass(slots=True)
class Applied(Generic[_R]):
    """A record after a command, with what happened and what the host should do. Treat as frozen.

    Attributes:
        record: The record after it.
        events: What happened, oldest first, not sealed yet.
        effects: What the host should do.
        decision: The decision behind it, where there was one.
        followed: How many of the events followed by themselves, at the end.
    """

    record: _R
    events: tuple[Event, ...] = ()
    effects: tuple[Effect, ...] = ()
    decision: Decision | None = None
    followed: int = 0

    @property
    def event(self) -> Event:
        """What was asked for: the last event but those that followed by themselves."""
        return self.events[-1 - self.followed]

    def followed_by(self, later: Applied[_R]) -> Applied[_R]:
        """Return both, one after the other."""
        return Applied(
            later.record,
            self.events + later.events,
            self.effects + later.effects,
            later.decision,
            later.followed,
        )

    def sealed(self, previous: str) -> tuple[Event, ...]:
        """Return the events sealed, what was asked for with what its gate found."""
        if self.decision is None:
            return seal(self.events, previous)
        asked = len(self.events) - 1 - self.followed
        event = found_by(self.event, self.decision.findings)
        return seal((*self.events[:asked], event, *self.events[asked + 1 :]), previous)


def found_by(event: Event, findings: Iterable[Finding]) -> Event:
    """Return an event with what was found before it happened."""
    found = tuple(map(reported, findings))
    return _event({**event.__dict__, "findings": found})


def reported(finding: Finding) -> dict[str, Any]:
    """Return a finding as events keep it."""
    return {"id": finding.id, "verdict": finding.verdict.value, "actual": finding.actual}


def event_of(bound: Bound, record: Record, kind: EventKind, **values: Any) -> Event:
    """Return the next event of ``record``, of parts that are valid already."""
    values["record_id"] = record.id
    values["seq"] = record.version + 1
    values["kind"] = kind
    values["process"] = bound.ref
    return _event({**BLANK_EVENT, **values})


def take(
    move: Move,
    record: _R,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any] = NO_DATA,
    reason: str | None = None,
    decision: Decision | None = None,
    *,
    clock: str | None = None,
) -> Applied[_R]:
    """Return ``record`` after ``move``.

    Raises:
        InvalidDataError: What the move writes does not fit the model.
    """
    changes: dict[str, Any] = {}
    if data or record.waits or not move.bare:
        changes = _changes_of(move, record, data, actor, at)
    # Event and line are both written out: picking the line out of the event would take longer.
    said, line = move.said.copy(), move.trailed.copy()
    said["seq"] = line["seq"] = record.version + 1
    said["at"] = line["at"] = at
    said["actor"] = line["actor"] = actor
    if clock or reason:
        said["clock"] = line["clock"] = clock
        said["reason"] = line["reason"] = reason
    said["record_id"] = record.id
    said["changes"] = changes
    if decision is not None:
        said["overridden"] = decision.overridden
    on = move.line
    event = _event(said)
    after = with_event(record, event, on.stage_path, _trail_entry(line), on.keys)
    if changes:
        event = as_written(event, after, on.keys)
    effects = () if move.bare else _effects_after(move, record, after, event)
    return Applied(after, (event,), effects, decision)


def _effects_after(move: Move, record: Record, after: Record, event: Event) -> tuple[Effect, ...]:
    """Return what the host should do, and whom the keys that are given back are offered to."""
    on = move.line
    effects = effects_of(move.transition.effects, on, after, event)
    if not move.transition.releases:
        return effects
    return effects + released(on.claims, record, after, event, len(effects) + 1)


def _changes_of(
    move: Move, record: Record, data: Mapping[str, Any], actor: Actor, at: datetime
) -> dict[str, Any]:
    """Return everything that a move writes, its claims included."""
    changes = writes_of(move, record, data, actor=actor, at=at)
    return changes | claims_after(move, record, changes)
