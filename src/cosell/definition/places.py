"""Find the line of each key, table and list item in TOML and JSON.

Both finders read a text that is known to be well formed. A path that is not among the places
stands on the line of the nearest thing around it.

This module does not know what the text defines.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed does not list it
from typing import Final

__all__ = ["MOST_DEPTH", "JsonPlaces", "Path", "is_deep_toml", "toml_places"]

Path = tuple[str | int, ...]

#: Nothing in a definition stands deeper.
MOST_DEPTH: Final = 40

_STRING: Final = (
    r'"""(?:[^\\]|\\.)*?"{3,5}'  # up to two quotes may stand before the closing three
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\[^\n])*+"'
    r"|'[^'\n]*+'"
)
_KEY: Final = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\[^\n])*+"|'[^'\n]*+')"""
_DOTTED: Final = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_HEADER: Final = re.compile(rf"\s*(\[\[?)[ \t]*({_DOTTED})")
_ASSIGNED: Final = re.compile(rf"\s*({_DOTTED})[ \t]*=")
#: What can open, part or close a value that spans lines; strings are skipped as a whole.
_TOKEN: Final = re.compile(rf"{_STRING}|#[^\n]*|[\[\]{{}},\n]|[^\s\[\]{{}},#\"']+", re.DOTALL)
#: A string without an end swallows the rest: reading stops there anyway.
_UNENDED: Final = r'"""[\s\S]*+|\'\'\'[\s\S]*+|["\'][^\n]*+'
_DEEP: Final = re.compile(
    rf"(?P<deep>(?:{_KEY}[ \t]*+\.[ \t]*+){{{MOST_DEPTH}}})"
    rf"|{_STRING}|{_UNENDED}|#[^\n]*+|[A-Za-z0-9_-]++",
    re.DOTALL,
)


def is_deep_toml(text: str) -> bool:
    """Whether ``text`` has a dotted key of too many parts: reading it takes cubic time."""
    return any(found["deep"] for found in _DEEP.finditer(text))


def toml_places(text: str) -> dict[Path, int]:
    """Return the one-based line of each header, key and item of a list that spans lines.

    What has no line of its own, as ``gates`` above ``[gates.accept]``, begins with its first part.
    """
    places: dict[Path, int] = {}
    for path, line in _toml_lines(text):
        places[path] = line
        for length in range(1, len(path)):
            places.setdefault(path[:length], line)
    return places


def _toml_lines(text: str) -> Iterator[tuple[Path, int]]:
    table: Path = ()
    counts: dict[Path, int] = {}
    for line, statement in _statements(text):
        header = _HEADER.match(statement)
        if header:
            table = _entered(header[2], counts, repeated=header[1] == "[[")
            yield table, line
            continue
        assigned = _ASSIGNED.match(statement)
        if assigned:
            path = table + _keys(assigned[1])
            yield path, line
            yield from _items(statement[assigned.end() :], path, line)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each header or assignment with the line it starts on."""
    start, depth = 0, 0
    first_line = line = 1
    for token in _TOKEN.finditer(text):
        piece = token[0]
        depth += _OPENS.get(piece, 0)
        line += piece.count("\n")
        if piece == "\n" and depth == 0:
            yield first_line, text[start : token.end()]
            start, first_line = token.end(), line
    yield first_line, text[start:]


_OPENS: Final = {"[": 1, "{": 1, "]": -1, "}": -1}


def _items(value: str, path: Path, first_line: int) -> Iterator[tuple[Path, int]]:
    """Yield the line of each item of a list, where it is not that of the list itself."""
    depth, index, line, begins = 0, -1, first_line, False
    for token in _TOKEN.finditer(value):
        piece = token[0]
        if piece == "\n" or piece.startswith("#"):
            line += piece.count("\n")
            continue
        if depth == 0 and piece != "[":
            return  # no list
        if begins and piece != "]":
            index += 1
            begins = False
            if line != first_line:
                yield (*path, index), line
        depth += _OPENS.get(piece, 0)
        line += piece.count("\n")
        begins = begins or (depth == 1 and piece in "[,")


def _entered(header: str, counts: dict[Path, int], *, repeated: bool) -> Path:
    """Return the path of a header, with the index of the newest item of each repeated table."""
    path: Path = ()
    keys = _keys(header)
    for position, key in enumerate(keys):
        path = (*path, key)
        if repeated and position == len(keys) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _keys(dotted: str) -> Path:
    return tuple(map(_plain_key, re.findall(_KEY, dotted)))


def _plain_key(key: str) -> str:
    """Return a key without its quotes, with its escapes read as TOML reads them."""
    if "\\" in key and key.startswith('"'):
        return str(tomllib.loads(f"key = {key}")["key"])
    return key[1:-1] if key[0] in "\"'" else key


class JsonPlaces:
    """Walk a JSON text, and note where things stand and which keys stand twice.

    Attributes:
        lines: One-based line of each path.
        twice: Path of each key that its table has already.
    """

    _SCALAR: Final = re.compile(r"[^\s,\]}]+")
    _SPACE: Final = re.compile(r"[\s,:]*")

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: dict[Path, int] = {}
        self.twice: list[tuple[Path, int]] = []
        self._line, self._counted = 1, 0
        self._value(0, (), 0)

    def _skip(self, at: int) -> int:
        found = self._SPACE.match(self.text, at)
        return found.end() if found else at

    def _value(self, at: int, path: Path, around: int) -> int:
        """Note the value that begins at or after ``at``, and return where it ends."""
        if len(path) > MOST_DEPTH:
            raise RecursionError
        at = self._skip(at)
        self._line += self.text.count("\n", self._counted, at)
        self._counted = at
        line = self._line
        if line != around:
            self.lines[path] = line
        opening = self.text[at]
        if opening == '"':
            return int(scanstring(self.text, at + 1)[1])
        if opening in "[{":
            return self._items(at + 1, path, line, keyed=opening == "{")
        found = self._SCALAR.match(self.text, at)
        return found.end() if found else at + 1

    def _items(self, at: int, path: Path, line: int, *, keyed: bool) -> int:
        index = 0
        seen: set[str] = set()
        at = self._skip(at)
        while self.text[at] not in "]}":
            key: str | int = index
            if keyed:
                key, at = scanstring(self.text, at + 1)
            at = self._skip(self._value(at, (*path, key), line))
            if isinstance(key, str):
                if key in seen:
                    self.twice.append(((*path, key), self._line))
                seen.add(key)
            index += 1
        return at + 1
