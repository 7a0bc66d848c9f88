"""Take what is removed from a base out of what refers to it there.

Rules:

1. A removed stage is no source any more, and is left out of locks and pauses. A transition that
   leads to it, or leaves removed stages alone, goes with it; so does a lock or an edit of
   such stages alone.
2. A removed gate, clock, role or effect is left out of the lists that name it.
3. What the extending definition writes itself is left as it is: naming there what is removed is
   an error, as is anything else that goes on naming it.

This module does not know what else a definition means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from cosell.definition.tree import Node, text_at

__all__ = ["let_go"]

_Names = Mapping[str, frozenset[str]]

#: Lists of names, and where what they name is defined.
_REFER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "source": "stages",
        "stages": "stages",
        "pause_while": "stages",
        "gates": "gates",
        "within": "clocks",
        "roles": "roles",
        "except_roles": "roles",
        "effects": "effects",
    }
)
_DEFINED: Final = frozenset(_REFER.values())
#: What tracks use of the process as a whole.
_SHARED: Final = ("roles", "effects")


def let_go(base: Node, own: Node) -> None:
    """Mark every reference of the base to what is gone from it, and not written anew, as gone."""
    shared = _gone(base, own)
    for table, anew in _lines(base, own):
        gone = {**_gone(table, anew), **{key: shared[key] for key in _SHARED}}
        for key, child in (table.table or {}).items():
            if key != "tracks":
                _drop(child, gone)
        for row in _rows(table, "transitions"):
            row.gone |= text_at(row, "target") in gone["stages"] or _is_left(row, "source")
        for row in [*_rows(table, "locks"), *_rows(table, "edits")]:
            row.gone |= _is_left(row, "stages")


def _lines(base: Node, own: Node) -> Iterator[tuple[Node, Node | None]]:
    """Yield the main line and each track, with what is written over it."""
    yield base, own
    anew = _table(own, "tracks")
    for name, track in _table(base, "tracks").items():
        yield track, anew.get(name)


def _gone(line: Node, own: Node | None) -> dict[str, frozenset[str]]:
    """Return the names of what is gone from a line, by the table it stood in."""
    found = {}
    for key in _DEFINED & (line.table or {}).keys():
        anew = set() if own is None else {name for name, _ in _named(own, key)}
        gone = {name for name, node in _named(line, key) if node.gone}
        found[key] = frozenset(gone - anew)
    return {**dict.fromkeys(_DEFINED - found.keys(), frozenset()), **found}


def _named(line: Node, key: str) -> Iterator[tuple[str, Node]]:
    yield from _table(line, key).items()
    yield from ((name, row) for row in _rows(line, key) if (name := text_at(row, "id")))


def _drop(node: Node, gone: _Names) -> None:
    for key, child in (node.table or {}).items():
        names = gone.get(_REFER.get(key, ""), frozenset())
        for item in child.rows or [child]:
            item.gone |= _named_by(item) in names
        _drop(child, gone)
    for item in node.rows or []:
        _drop(item, gone)


def _named_by(item: Node) -> str | None:
    """Return what an item of a list names: itself, or as an effect its kind."""
    return item.value if isinstance(item.value, str) else text_at(item, "kind")


def _is_left(row: Node, key: str) -> bool:
    """Whether nothing is left of what a row has under ``key``."""
    child = (row.table or {}).get(key)
    names = [] if child is None else child.rows or [child]
    return bool(names) and all(item.gone for item in names)


def _table(node: Node, key: str) -> Mapping[str, Node]:
    child = (node.table or {}).get(key)
    return (child.table if child is not None else None) or {}


def _rows(node: Node, key: str) -> list[Node]:
    child = (node.table or {}).get(key)
    return (child.rows if child is not None else None) or []
