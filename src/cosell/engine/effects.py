"""What the host should do because of an event: planned effects, filled in.

Rules:

1. Effects of an event are numbered from 1 without a gap: the id tells repetitions.
2. An effect for each item of a list is one effect for each, in the list's order; for an empty
   list there is none.

This module does not know what a host does with an effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from cosell._base import trusting
from cosell.definition.effect import PlannedEffect
from cosell.definition.value import Written
from cosell.engine.paths import read_path
from cosell.events import Creation, Effect, Event

if TYPE_CHECKING:
    from cosell.engine.bound import BoundLine
    from cosell.models.record import Record

__all__ = ["effects_of"]

# Effects are made of a checked definition and of a valid record's own values.
_effect: Final = trusting(Effect)


def effects_of(
    planned: Iterable[PlannedEffect], line: BoundLine, record: Record, event: Event, first: int = 1
) -> tuple[Effect, ...]:
    """Return what the host should do because of ``event``, numbered from ``first``."""
    filled = (values for effect in planned for values in _filled(effect, line, record, event))
    return tuple(
        _effect({"id": f"{event.record_id}/{event.seq}/{number}", **values})
        for number, values in enumerate(filled, first)
    )


def _filled(
    effect: PlannedEffect, line: BoundLine, record: Record, event: Event
) -> Iterator[dict[str, Any]]:
    """Yield the content of the effects that one planned effect comes to."""
    items: Iterable[Any] = (None,)
    if effect.for_each is not None:
        items = line.read(record, effect.for_each) or ()
    for item in items:
        party = None if effect.party is None else _read(effect, effect.party, line, record, item)
        yield {
            "record_id": event.record_id,
            "kind": effect.kind,
            "to": effect.to,
            "data": {
                name: source.literal
                if isinstance(source, Written)
                else _read(effect, source, line, record, item)
                for name, source in effect.sources.items()
            },
            "party": party,
            "creation": None if effect.process is None else _creation(effect, line, event),
        }


def _read(effect: PlannedEffect, path: str, line: BoundLine, record: Record, item: Any) -> Any:
    inner = effect.item_path(path)
    if inner is None:
        return line.read(record, path)
    return read_path(item, inner) if inner else item


def _creation(effect: PlannedEffect, line: BoundLine, event: Event) -> Creation:
    report = effect.report
    return Creation(
        process=effect.process or "",
        source=event.process.id,
        trigger=None if report is None else line.trigger_of(report.trigger),
        path=None if report is None else report.path,
    )
