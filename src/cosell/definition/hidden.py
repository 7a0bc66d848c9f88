"""What cannot be known of a definition because something else in it is wrong.

A definition that is partly wrong is checked as far as it is sound (see
``cosell.definition.mending``). Rules:

1. Nothing is said of what stands in a wrong place: that place is a problem already.
2. A problem of how the parts of a table fit together is not told while something in that table,
   in one around it or in what it is about is wrong.
3. A name that is not defined is told unless what would define it is wrong, or may be what an
   unknown key stands for. The same holds for whatever else says on what it rests.
4. What rests on nothing, as an expression that cannot be read, is told wherever it stands.

This module does not know how a definition is checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cosell.definition.known import Resting
from cosell.definition.text import Path, path_of
from cosell.errors import Problem

__all__ = ["STAND_IN", "Hidden"]

#: What stands where a name or a text should, and cannot be read.
STAND_IN: Final = "hidden_by_a_mistake"
_TRACKS: Final = "tracks"


class Hidden:
    """The places of a definition of which nobody knows what they should say.

    Args:
        paths: These places.
        taken: Places where a misspelt key is taken as the one that is meant: most likely it says
            what it should.
    """

    def __init__(self, paths: Iterable[Path] = (), taken: Iterable[Path] = ()) -> None:
        self._paths = tuple(paths)
        self._wrong = (*self._paths, *taken)
        self._tables = {table for path in self._paths if _is_row(table := _table_of(path))}

    def tells(self, problem: Problem) -> bool:
        """Whether a problem is one whatever the hidden places should say."""
        if STAND_IN in problem.problem or STAND_IN in problem.remedy:
            return False
        place = path_of(problem.path)
        if any(_begins(place, path) for path in self._wrong):
            return False
        if isinstance(problem, Resting):
            line = _line_of(place)
            wanted = [path for each in problem.on for path in (path_of(each), line + path_of(each))]
            return not any(_touch(each, path) for each in wanted for path in self._paths)
        inside = any(_begins(path, place) for path in self._wrong)
        return not inside and not any(_begins(place, table) for table in self._tables)


def _begins(path: Path, start: Path) -> bool:
    return path[: len(start)] == start


def _line_of(path: Path) -> Path:
    """Return the track that something stands in; the main line is the whole."""
    return path[:2] if path[:1] == (_TRACKS,) else ()


def _table_of(path: Path) -> Path:
    """Return the table that something stands in, as its key or as an item of its list."""
    return path[:-2] if isinstance(path[-1], int) else path[:-1]


def _is_row(table: Path) -> bool:
    """Whether a table is a thing of its own: neither the whole, nor a list or table of things."""
    return len(table[len(_line_of(table)) :]) > 1


def _touch(wanted: Path, hidden: Path) -> bool:
    """Whether a place that is wanted lies in a hidden one, or the other way round."""
    return all(part in {"*", other} for part, other in zip(wanted, hidden, strict=False))
