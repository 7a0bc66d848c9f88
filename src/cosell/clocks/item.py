"""A clock in the track of a list, as the clock of one item.

Such a clock is compiled once. Its own stages, triggers and fields are then those of the item.

This module does not know how a clock is compiled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from cosell.clocks.compiled import CompiledClock, Place, standing_in
from cosell.clocks.fields import FieldMoment, Named

__all__ = ["clock_of_item"]

_T = TypeVar("_T")


def clock_of_item(
    compiled: CompiledClock, track: str, *, part: str, key: str, item: str
) -> CompiledClock:
    """Return the clock of a list's track as that of one item.

    Args:
        compiled: The clock, compiled for the track.
        track: What events call the line of the item: ``paper_items[nda]``.
        part: Path of the list.
        key: The field that names its items.
        item: The name of this one.
    """
    own, former = compiled.track, compiled.former
    depth, named = part.count(".") + 1, Named(key, item)

    def place(at: Place) -> Place:
        return (track if at[0] == own else at[0]), at[1]

    def places(table: Mapping[Place, _T]) -> dict[Place, _T]:
        return {place(at): actions for at, actions in table.items()}

    def moment(field: FieldMoment) -> FieldMoment:
        if not field.is_own:
            return field
        return replace(field, path=(*field.path[:depth], named, *field.path[depth:]))

    return replace(
        compiled,
        track=track,
        entered=places(compiled.entered),
        left=places(compiled.left),
        moved=places(compiled.moved),
        breached=places(compiled.breached),
        extended=places(compiled.extended),
        fields=tuple((moment(field), action) for field, action in compiled.fields),
        pausing={place(at): standing_in(*place(at)) for at in compiled.pausing},
        watched=frozenset(track if line == own else line for line in compiled.watched),
        parts={
            **{line: steps for line, steps in compiled.parts.items() if line != own},
            **({track: (*compiled.parts[own], named)} if own in compiled.parts else {}),
        },
        former=None
        if former is None
        else replace(
            former, clock=clock_of_item(former.clock, track, part=part, key=key, item=item)
        ),
    )
