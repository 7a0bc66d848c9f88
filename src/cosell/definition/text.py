"""Read TOML and JSON, and remember on which line each thing stands.

Rules that hold for every definition, mapping or plan that is read from text:

1. Numbers with a point are decimals; there are no floats.
2. A key that stands twice is refused, in JSON as in TOML.
3. The place of a thing is the line of its key, or of the table or list it opens.

This module does not know what the text defines.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, Final, Literal

from cosell.errors import DefinitionError, Problem

__all__ = ["NOWHERE", "Format", "Path", "Source", "read_text"]

Format = Literal["toml", "json"]
Path = tuple[str | int, ...]

_MAX_CHARACTERS: Final = 2_000_000
_MAX_DEPTH: Final = 60


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What was read, and where each part of it stands.

    All sources are equal: where a definition stands is no part of what it says.

    Attributes:
        content: The table that was read.
        file: Name of the file, as it is shown in problems.
        lines: One-based line of each path.
    """

    content: Mapping[str, Any]
    file: str | None
    lines: Mapping[Path, int] = field(repr=False)

    def __eq__(self, other: object) -> bool:
        """Compare as equal to any source."""
        return isinstance(other, Source)

    def __hash__(self) -> int:
        """Hash as any source does."""
        return hash(Source)

    def line_of(self, path: Path) -> int | None:
        """Return the line of ``path``, or of the nearest thing around it."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return None

    def place(self, problem: Problem, path: Path) -> Problem:
        """Return ``problem`` with file and line of ``path``."""
        return Problem(
            path=problem.path,
            problem=problem.problem,
            remedy=problem.remedy,
            file=self.file,
            line=self.line_of(path),
            column=problem.column,
            excerpt=problem.excerpt,
        )


#: Where a definition stands that was not read from text.
NOWHERE: Final = Source(content={}, file=None, lines={})


def read_text(text: str, *, file: str | None = None, format: Format = "toml") -> Source:  # noqa: A002
    """Return the table that ``text`` holds, with the line of each part.

    Args:
        text: The definition as TOML or JSON.
        file: What to call it in problems.
        format: ``toml`` or ``json``.

    Raises:
        DefinitionError: The text is not well formed; the problem names the line.
    """
    if len(text) > _MAX_CHARACTERS:
        raise _unreadable(
            file, None, f"the text has more than {_MAX_CHARACTERS} characters", "Split it."
        )
    reader = {"toml": _read_toml, "json": _read_json}[format]
    try:
        content, lines = reader(text)
    except _UnreadableError as error:
        raise _unreadable(file, error.line, error.problem, "Correct the text there.") from None
    except RecursionError:
        raise _unreadable(file, None, "the text is nested too deeply", "Flatten it.") from None
    if not isinstance(content, dict):
        raise _unreadable(file, 1, "the text holds no table", "Start with `{`.")
    return Source(content=content, file=file, lines=lines)


class _UnreadableError(Exception):
    def __init__(self, line: int | None, problem: str) -> None:
        super().__init__(problem)
        self.line = line
        self.problem = problem


def _unreadable(file: str | None, line: int | None, problem: str, remedy: str) -> DefinitionError:
    return DefinitionError(
        f"`{file}`" if file else "the text",
        [Problem(path="", problem=problem, remedy=remedy, file=file, line=line)],
    )


# --- TOML ---------------------------------------------------------------------------------


def _read_toml(text: str) -> tuple[Any, dict[Path, int]]:
    try:
        content = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        problem = re.sub(r" \(at .*\)$", "", str(error))
        raise _UnreadableError(int(found[1]) if found else None, _lower_first(problem)) from None
    except ValueError as error:
        raise _UnreadableError(None, _lower_first(str(error))) from None
    return content, dict(_toml_lines(text))


_KEY: Final = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_HEADER: Final = re.compile(rf"\s*(\[\[?)\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*\]\]?")
_ASSIGNED: Final = re.compile(rf"\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*=")
# What can open or close a value that spans lines; strings are skipped as a whole.
_TOKEN: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}\n]',
    re.DOTALL,
)


def _toml_lines(text: str) -> Iterator[tuple[Path, int]]:
    """Yield the line of each header and key of a text that is known to be well formed."""
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
            yield from _inner_lines(statement[assigned.end() :], path, line)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each header or assignment with the line it starts on."""
    start, depth = 0, 0
    first_line = line = 1
    for token in _TOKEN.finditer(text):
        piece = token[0]
        if piece in "[{":
            depth += 1
        elif piece in "]}":
            depth -= 1
        line += piece.count("\n")
        if piece == "\n" and depth == 0:
            yield first_line, text[start : token.end()]
            start, first_line = token.end(), line
    yield first_line, text[start:]


def _inner_lines(value: str, path: Path, line: int) -> Iterator[tuple[Path, int]]:
    """Yield the line of each item of a list that spans lines."""
    if not value.lstrip().startswith("["):
        return
    depth, index = 0, -1
    for token in _TOKEN.finditer(value):
        piece = token[0]
        if piece in "[{":
            depth += 1
            if piece == "{" and depth == 2:  # noqa: PLR2004 - a table directly inside the list
                index += 1
                yield (*path, index), line
        elif piece in "]}":
            depth -= 1
        line += piece.count("\n")


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
    return tuple(key.strip("\"'") for key in re.findall(_KEY, dotted))


# --- JSON ---------------------------------------------------------------------------------


def _read_json(text: str) -> tuple[Any, dict[Path, int]]:
    try:
        content = json.loads(
            text,
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_refuse_duplicates,
        )
    except json.JSONDecodeError as error:
        raise _UnreadableError(error.lineno, _lower_first(error.msg)) from None
    except ValueError as error:
        raise _UnreadableError(None, str(error)) from None
    return content, _JsonLines(text).lines


def _refuse_constant(name: str) -> Any:
    message = f"`{name}` is no number"
    raise ValueError(message)


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        message = f"the key `{twice}` stands twice in one table"
        raise ValueError(message)
    return table


class _JsonLines:
    """Walk a text that is known to be well formed, and note the line of each value."""

    _SCALAR: Final = re.compile(r"[^\s,\]}]+")
    _SPACE: Final = re.compile(r"[\s,:]*")

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: dict[Path, int] = {}
        self._line, self._counted = 1, 0
        self._value(0, ())

    def _skip(self, at: int) -> int:
        found = self._SPACE.match(self.text, at)
        return found.end() if found else at

    def _note(self, at: int, path: Path) -> None:
        self._line += self.text.count("\n", self._counted, at)
        self._counted = at
        self.lines[path] = self._line

    def _value(self, at: int, path: Path) -> int:
        if len(path) > _MAX_DEPTH:
            raise RecursionError
        at = self._skip(at)
        self._note(at, path)
        opening = self.text[at]
        if opening == '"':
            return int(scanstring(self.text, at + 1)[1])
        if opening in "[{":
            return self._items(at + 1, path, keyed=opening == "{")
        found = self._SCALAR.match(self.text, at)
        return found.end() if found else at + 1

    def _items(self, at: int, path: Path, *, keyed: bool) -> int:
        index = 0
        at = self._skip(at)
        while self.text[at] not in "]}":
            key: str | int = index
            if keyed:
                key, at = scanstring(self.text, at + 1)
            at = self._skip(self._value(at, (*path, key)))
            index += 1
        return at + 1


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
