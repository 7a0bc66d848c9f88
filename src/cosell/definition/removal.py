"""What `remove` can name in a definition that is extended, and taking it out.

Rules:

1. A thing is named by its kind and its name: ``stage:onboarding``, ``gate:close``,
   ``criterion:close.signed``, ``transition:win``, ``clock:answer``, ``role:admin``,
   ``parameter:plan_above``, ``track:poc``. The kind is the singular of the table it stands in.
2. What stands in a track, gate or clock has its name in front, as far as one name is not enough:
   ``criterion:signed`` is enough where one gate alone has it.
3. A transition is named by its id, or by its trigger: ``win`` is all of that trigger,
   ``win@closing`` those that leave the stage, ``win>won`` those that lead to it, and
   ``win@closing>won`` both.
4. What is removed and written anew is replaced as a whole, where it stood.

This module does not know what a definition means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from cosell.definition.tree import Node, text_at, texts_at
from cosell.errors import Problem, did_you_mean

__all__ = ["names_of", "remove"]

_TRACKS: Final = "tracks"
_TRANSITIONS: Final = "transitions"


class _Thing(NamedTuple):
    """Something that can be removed: its kind, what it stands in, its names, and itself."""

    kind: str
    prefix: str
    names: tuple[str, ...]
    node: Node


def remove(base: Node, wanted: Node | None) -> Iterator[Problem]:
    """Mark what is to be removed as gone, and yield what cannot be."""
    things = list(_things(base, ""))
    for asked in [] if wanted is None else wanted.rows or [wanted]:
        said = asked.value if isinstance(asked.value, str) else ""
        kind, colon, name = said.partition(":")
        known = [thing for thing in things if thing.kind == kind]
        if known:
            yield from _marked(asked, kind, name, known)
        elif colon:
            remedy = did_you_mean(kind, {thing.kind for thing in things})
            yield _problem(asked, f"there is no {kind} to remove", remedy)
        else:
            problem = "it should name what to remove by kind and name"
            yield _problem(asked, problem, "Write it as `stage:onboarding`.")


def _marked(asked: Node, kind: str, name: str, things: list[_Thing]) -> Iterator[Problem]:
    found = [thing for thing in things if name in _full(thing)] or [
        thing for thing in things if any(each.endswith(f".{name}") for each in _full(thing))
    ]
    places = sorted({thing.prefix for thing in found})
    if not found:
        known = [each for thing in things for each in _full(thing)]
        yield _problem(asked, f"there is no {kind} `{name}` to remove", did_you_mean(name, known))
    elif len(places) > 1:
        several = ", ".join(f"`{kind}:{place}{name}`" for place in places)
        yield _problem(asked, f"there are several called `{name}`", f"Say which: {several}.")
    else:
        for thing in found:
            thing.node.gone = True


def _problem(asked: Node, problem: str, remedy: str) -> Problem:
    return Problem("remove", problem, remedy, asked.file, asked.line)


def _full(thing: _Thing) -> list[str]:
    return [thing.prefix + name for name in thing.names]


def _things(line: Node, prefix: str) -> Iterator[_Thing]:
    """Yield everything that a line holds: its tables' rows, and the rows inside of those."""
    for key, child in (line.table or {}).items():
        for thing in _entries(key, child, prefix):
            yield thing
            inner = f"{prefix}{thing.names[0]}."
            if key == _TRACKS:
                yield from _things(thing.node, inner)
            elif key != _TRANSITIONS:
                yield from _rows_inside(thing.node, inner)


def _rows_inside(node: Node, prefix: str) -> Iterator[_Thing]:
    """Yield the rows with ids that a gate, a clock or the like holds."""
    for key, child in (node.table or {}).items():
        for row in child.rows or []:
            name = text_at(row, "id")
            if name is not None:
                yield _Thing(_singular(key), prefix, (name,), row)


def _entries(key: str, child: Node, prefix: str) -> Iterator[_Thing]:
    kind = _singular(key)
    for name, node in (child.table or {}).items():
        yield _Thing(kind, prefix, (name,), node)
    for row in child.rows or []:
        names = tuple(names_of(key, row))
        if names:
            yield _Thing(kind, prefix, names, row)


def names_of(key: str, row: Node) -> Iterator[str]:
    """Yield every name that a row of the list ``key`` goes by."""
    if isinstance(row.value, str):
        yield row.value
    own = text_at(row, "id")
    if own is not None:
        yield own
    trigger = text_at(row, "trigger")
    if key == _TRANSITIONS and trigger is not None:
        leads = f">{text_at(row, 'target')}"
        leaves = [f"@{source}" for source in texts_at(row, "source")]
        yield from _spelled(trigger, leaves, leads)


def _spelled(trigger: str, leaves: Iterable[str], leads: str) -> Iterator[str]:
    yield trigger
    yield trigger + leads
    for each in leaves:
        yield trigger + each
        yield trigger + each + leads


def _singular(key: str) -> str:
    return _SINGULARS.get(key, key.removesuffix("s"))


_SINGULARS: Final = {"criteria": "criterion"}
