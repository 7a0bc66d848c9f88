"""The line of one item of a list: that of its track, with the item's name in it.

A track is compiled once. What differs from item to item are names: of the line, of its triggers,
of the stages that its clocks watch.

This module does not know how a line is compiled.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from cosell.clocks import CompiledClock, clock_of_item
from cosell.engine.bound import BoundLine, Move
from cosell.engine.graph import build_machine
from cosell.engine.items import ItemList

if TYPE_CHECKING:
    from transitions import Machine

__all__ = ["item_line"]


def item_line(track: BoundLine, items: ItemList, item: str) -> BoundLine:
    """Return the line of an item.

    Args:
        track: The line of its track, which stands for all items.
        items: The list that it is an item of.
        item: Its name.
    """
    name = items.line_of(item)
    line = BoundLine(
        name=name,
        definition=track.definition,
        part=items.place_of(item),
        kinds=track.kinds,
        clocks=tuple(
            clock_of_item(clock, name, part=items.path, key=items.key, item=item)
            for clock in track.clocks
        ),
        gates=track.gates,
        locked=track.locked,
        claims=track.claims,
        keys=track.keys,
        lists=track.lists,
        items=items,
        item=item,
    )
    clocks = {clock.id: clock for clock in line.clocks}
    moved = {
        id(move): _move(move, line, clocks, items, item)
        for moves in track.moves.values()
        for move in moves
    }
    line.moves = {
        asked: tuple(moved[id(move)] for move in moves) for asked, moves in track.moves.items()
    }
    line.leaving = {
        stage: tuple(
            (trigger, tuple(moved[id(move)] for move in moves)) for trigger, moves in triggers
        )
        for stage, triggers in track.leaving.items()
    }
    line.graph = cache(partial(_machine, line))
    line.ask = track.ask
    return line


def _machine(line: BoundLine) -> Machine:
    """Return the graph of an item: that of its track, with guards of its own."""
    moves = (move for candidates in line.moves.values() for move in candidates)
    return build_machine(line.kinds, line.definition.initial, moves)


def _move(
    move: Move, line: BoundLine, clocks: dict[str, CompiledClock], items: ItemList, item: str
) -> Move:
    """Return a move of the track as a move of the item."""
    return replace(
        move,
        line=line,
        asked=(line.trigger_of(move.name), move.source, move.target),
        clock_checks=tuple((clocks[clock.id], check) for clock, check in move.clock_checks),
        said={**move.said, "track": line.name},
        trailed={**move.trailed, "track": line.name},
        appends=tuple(
            replace(append, path=items.path_for(item, append.path)) for append in move.appends
        ),
        clears=tuple((items.path_for(item, path), blank) for path, blank in move.clears),
    )
