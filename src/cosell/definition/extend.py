"""Put a definition on top of the one that it extends.

Rules:

1. ``extends`` names one base with its version: ``make@1``. A base may extend another one.
2. A table is merged key by key: what is written wins, the rest is the base's. The value of a
   parameter is replaced as a whole.
3. Rows of a list that have ids (stages, criteria, clocks, steps) are merged by id: a row that the
   base has is changed where it stands, any other is put after the last one.
4. A transition with an id goes by that. One without is the base's of the same trigger and the
   same sources, and, if these are several, the same target; without ``source`` it is the one of
   its trigger. A lock without an id is another lock.
5. A new row says where it stands with ``after`` or ``before`` and a name of its list.
6. Any other list replaces the base's, and so does an empty one.
7. What ``remove`` names is taken out first; written anew, it is replaced and not merged. The
   base's translations of what is not there any more are left out.
8. ``id`` and ``version`` are never taken from a base.

The result is read as if it had been written out. This module does not know where bases are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final

from cosell.definition.letting_go import let_go
from cosell.definition.removal import names_of, remove
from cosell.definition.text import Source, read_text
from cosell.definition.tree import Node, grown, source_of, text_at, texts_at
from cosell.errors import DefinitionError, Problem, did_you_mean

__all__ = ["EXTENDS", "resolve"]

EXTENDS: Final = "extends"
_REMOVE: Final = "remove"
_REFERENCE: Final = re.compile(r"[^@\s]+@[1-9][0-9]*")
#: So many definitions may stand on top of each other.
_MOST_BASES: Final = 10

_NOT_TAKEN: Final = ("id", "version")
#: Tables whose values are replaced as a whole.
_REPLACED: Final = frozenset({"parameters"})
#: Lists that are merged although some of their rows may lack an id.
_MERGED: Final = frozenset(
    {"stages", "criteria", "clocks", "steps", "transitions", "locks", "edits"}
)
#: Lists whose rows may say where they stand. A step has a key ``after`` of its own.
_PLACED: Final = _MERGED - {"steps"}
_SIDES: Final = ("after", "before")


def resolve(source: Source, bases: Mapping[str, str]) -> tuple[Source, list[Problem]]:
    """Return a definition with all that it takes from its bases.

    Args:
        source: What was read.
        bases: The text of each definition that may be extended, by ``id@version``.

    Returns:
        The whole, in which each part keeps the place where it is written; and what is wrong with
        how it extends. Without ``extends`` it is what was given.

    Raises:
        DefinitionError: The base cannot be had, or not read.
    """
    if EXTENDS not in source.content:
        return source, []
    found: list[Problem] = []
    return source_of(_Chain(bases, found).resolved(grown(source), ())), found


class _Chain:
    """One definition and its bases, on their way to become one."""

    def __init__(self, bases: Mapping[str, str], found: list[Problem]) -> None:
        self.bases = bases
        self.found = found

    def resolved(self, own: Node, above: tuple[str, ...]) -> Node:
        """Return ``own`` on top of its base; ``above`` are those that extend it."""
        table: dict[str, Node] = own.value
        extends = table.pop(EXTENDS, None)
        if extends is None:
            return own
        wanted = table.pop(_REMOVE, None)
        reference = self._reference(extends, (*above, _named(own)))
        base = grown(_read(reference, self.bases[reference]))
        _require_same(base, reference, extends)
        base = self.resolved(base, (*above, _named(own)))
        for key in _NOT_TAKEN:
            base.value.pop(key, None)
        self.found += remove(base, wanted)
        let_go(base, own)
        return self._merged(base, own, "")

    def _reference(self, extends: Node, above: tuple[str, ...]) -> str:
        """Return which base is named, if it can be had."""
        name = extends.value
        if not isinstance(name, str) or not _REFERENCE.fullmatch(name):
            raise _wrong(
                extends, "it should name one definition and its version", "Write `make@1`."
            )
        if name in above or len(above) > _MOST_BASES:
            way = " -> ".join([*above, name])
            raise _wrong(extends, f"this goes round or too far: {way}", "Extend another one.")
        if name not in self.bases:
            problem = f"there is no definition `{name}` among the bases that are given"
            raise _wrong(extends, problem, did_you_mean(name, tuple(self.bases)))
        return name

    def _merged(self, base: Node, own: Node, key: str) -> Node:
        if base.gone:
            return own
        if base.table is not None and own.table is not None:
            return Node(self._merged_tables(base.table, own.table, key), own.file, own.line)
        if base.rows is not None and own.rows and _are_merged(key, [*base.rows, *own.rows]):
            return Node(self._merged_rows(base.rows, own.rows, key), own.file, own.line)
        return own

    def _merged_tables(
        self, base: Mapping[str, Node], own: Mapping[str, Node], key: str
    ) -> dict[str, Node]:
        whole = dict(base)
        for name, node in own.items():
            if name in base and key not in _REPLACED:
                whole[name] = self._merged(base[name], node, name)
            else:
                whole[name] = self._new(node, name)
        return whole

    def _new(self, node: Node, key: str) -> Node:
        """Return what no base has; its rows may still say where they stand."""
        if node.table is not None:
            return Node(self._merged_tables({}, node.table, key), node.file, node.line)
        if key in _PLACED and node.rows:
            return Node(self._merged_rows([], node.rows, key), node.file, node.line)
        return node

    def _merged_rows(self, base: list[Node], own: list[Node], key: str) -> list[Node]:
        rows, free = list(base), list(base)
        for row in own:
            side = _side_of(row) if key in _PLACED else None
            same = self._same(key, free, row)
            if same is None:
                rows.append(row)
            else:
                free.remove(same)
                place = rows.index(same)
                rows[place] = row = self._merged(same, row, "")  # noqa: PLW2901 - it goes on as that
            if side is not None:
                self.found += _moved(rows, row, key, *side)
        return rows

    def _same(self, key: str, rows: list[Node], row: Node) -> Node | None:
        """Return the row of the base that ``row`` changes, if it is not a new one."""
        name = text_at(row, "id")
        if name is not None or key != "transitions":
            return next((each for each in rows if name and text_at(each, "id") == name), None)
        found = _alike(rows, row)
        if len(found) > 1:
            trigger = text_at(row, "trigger")
            remedy = "Give `source` and `target`, or remove them and write them anew."
            problem = f"several transitions `{trigger}` of the base are alike"
            self.found.append(Problem("transitions", problem, remedy, row.file, row.line))
        return next(iter(found), None)


def _alike(rows: list[Node], row: Node) -> list[Node]:
    """Return the transitions without an id that a transition may stand for."""
    trigger, target = text_at(row, "trigger"), text_at(row, "target")
    sources = set(texts_at(row, "source"))
    found = [each for each in rows if trigger is not None and text_at(each, "trigger") == trigger]
    if sources:
        found = [each for each in found if set(texts_at(each, "source")) == sources]
    if len(found) > 1 and target is not None:
        found = [each for each in found if text_at(each, "target") == target]
    return found


def _are_merged(key: str, rows: Iterable[Node]) -> bool:
    return key in _MERGED or all(text_at(row, "id") is not None for row in rows)


def _side_of(row: Node) -> tuple[str, Node] | None:
    """Take where a row wants to stand out of it."""
    taken = [(side, (row.table or {}).pop(side, None)) for side in _SIDES]
    return next(((side, node) for side, node in taken if node is not None), None)


def _moved(rows: list[Node], row: Node, key: str, side: str, where: Node) -> Iterator[Problem]:
    """Put a row beside the one it names, or yield that there is no such one."""
    others = [each for each in rows if each is not row]
    places = [at for at, each in enumerate(others) if where.value in names_of(key, each)]
    if not places:
        names = [list(names_of(key, each)) for each in others]
        if key != "locks" and not all(names):
            return  # it may be one whose name cannot be read
        known = list(chain.from_iterable(names))
        problem = f"there is no `{where.value}` in `{key}`"
        yield Problem(
            f"{key}.{side}", problem, did_you_mean(str(where.value), known), where.file, where.line
        )
        return
    others.insert(places[-1] + 1 if side == "after" else places[0], row)
    rows[:] = others


def _read(reference: str, text: str) -> Source:
    """Return a base; it is JSON if it begins as JSON does."""
    is_json = text.lstrip().startswith("{")
    return read_text(text, file=reference, format="json" if is_json else "toml")


def _named(own: Node) -> str:
    values: Mapping[str, Any] = {key: node.value for key, node in own.value.items()}
    return f"{values.get('id')}@{values.get('version')}"


def _require_same(base: Node, reference: str, extends: Node) -> None:
    """Raise unless a base is what it is called."""
    if _named(base) != reference:
        problem = f"what is given as `{reference}` is `{_named(base)}`"
        raise _wrong(extends, problem, "Give each base by its own id and version.")


def _wrong(extends: Node, problem: str, remedy: str) -> DefinitionError:
    found = Problem(EXTENDS, problem, remedy, extends.file, extends.line)
    return DefinitionError("process", [found])
