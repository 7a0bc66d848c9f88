"""Read TOML and JSON, and remember on which line each thing stands.

Rules that hold for every definition, mapping or plan that is read from text:

1. Numbers with a point are decimals; there are no floats. A whole number has 64 bits.
2. A key that stands twice is refused, in JSON as in TOML.
3. The place of a thing is the line of its key, or of the table or list it opens.
4. Whatever the text: it is read or refused in a time that grows with its length. Its length,
   its depth and its keys are bounded, and it holds no NUL and no lone surrogate.

This module does not know what the text defines.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, Final, Literal, TypeVar

from cosell._base import shown_input
from cosell.definition.places import MOST_DEPTH, JsonPlaces, Path, is_deep_toml, toml_places
from cosell.errors import DefinitionError, Problem, UnknownNameError

__all__ = [
    "MOST_PROBLEMS",
    "NOWHERE",
    "Format",
    "Path",
    "Source",
    "dotted",
    "path_of",
    "read_text",
    "spelled_out",
]

_T = TypeVar("_T")

Format = Literal["toml", "json"]

#: As many problems are named at once; who has more corrects these first.
MOST_PROBLEMS: Final = 200

_MOST_CHARACTERS: Final = 1_000_000
_LONGEST_KEY: Final = 500
_LARGEST_INT: Final = 2**63 - 1
_MOST_DIGITS: Final = 38


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What was read, and where each part of it stands.

    All sources are equal: where a definition stands is no part of what it says.

    Attributes:
        content: The table that was read.
        file: Name of the file, as it is shown in problems.
        lines: One-based line of each path.
        files: File of each path, where several were put together.
    """

    content: Mapping[str, Any]
    file: str | None
    lines: Mapping[Path, int] = field(repr=False)
    files: Mapping[Path, str | None] = field(default_factory=dict, repr=False)

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
        return self.lines.get(())

    def file_of(self, path: Path) -> str | None:
        """Return the file of ``path``, or of the nearest thing around it."""
        while path:
            if path in self.files:
                return self.files[path]
            path = path[:-1]
        return self.file

    def place(self, problem: Problem, path: Path) -> Problem:
        """Return ``problem`` with file and line of ``path``."""
        return Problem(
            path=problem.path,
            problem=problem.problem,
            remedy=problem.remedy,
            file=self.file_of(path),
            line=self.line_of(path),
            column=problem.column,
            excerpt=problem.excerpt,
        )


#: Where a definition stands that was not read from text.
NOWHERE: Final = Source(content={}, file=None, lines={})


def read_text(text: str, *, file: str | None = None, format: Format = "toml") -> Source:  # noqa: A002 - formats are called so
    r"""Return the table that ``text`` holds, with the line of each part.

    Args:
        text: The definition as TOML or JSON.
        file: What to call it in problems.
        format: ``toml`` or ``json``.

    Returns:
        Tables, lists, text, whole numbers, decimals, truth values, dates and moments.

    Raises:
        DefinitionError: The text is not well formed, or holds what no definition may hold; each
            problem names its line.
        UnknownNameError: There is no such format.

    Example:
        >>> source = read_text('id = "make"\nlevels = [\n  0.1,\n]')
        >>> source.content["levels"], source.line_of(("levels", 0))
        ([Decimal('0.1')], 3)
    """
    if format not in _READERS:
        raise UnknownNameError("format", str(format), _READERS)
    subject = f"`{file}`" if file else "the text"
    if not isinstance(text, str):
        said = f"text is needed, and this is a {type(text).__name__}"
        remedy = 'Read the file first: Path("ours.toml").read_text("utf-8").'
        raise DefinitionError(subject, [Problem("", said, remedy, file)])
    if len(text) > _MOST_CHARACTERS:
        long = Problem("", f"it has more than {_MOST_CHARACTERS} characters", "Split it.", file)
        raise DefinitionError(subject, [long])
    try:
        content, lines = _READERS[format](text)
        lines |= spelled_out(lines)
        found = list(islice(_unfit(content, lines), MOST_PROBLEMS))
    except _UnreadableError as error:
        found = list(error.found)
    except RecursionError:
        found = [_Found(None, (), "it is nested too deeply", "Flatten it.")]
    if found:
        raise DefinitionError(subject, [each.in_file(file) for each in found])
    return Source(content=content, file=file, lines=lines)


@dataclass(frozen=True, slots=True)
class _Found:
    line: int | None
    path: Path
    problem: str
    remedy: str = "Correct the text there."
    column: int | None = None

    def in_file(self, file: str | None) -> Problem:
        return Problem(dotted(self.path), self.problem, self.remedy, file, self.line, self.column)


class _UnreadableError(Exception):
    def __init__(self, *found: _Found) -> None:
        super().__init__(found)
        self.found = found


def spelled_out(places: Mapping[Path, _T]) -> dict[Path, _T]:
    """Return the place of each quoted key with dots under a path of its parts too."""
    return {
        (*path[:-1], *path[-1].split(".")): place
        for path, place in places.items()
        if path and isinstance(path[-1], str) and "." in path[-1]
    }


def dotted(path: Path) -> str:
    """Return keys and indices as ``gates.accept.criteria[2].need``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def path_of(text: str) -> Path:
    """Return ``gates.accept.criteria[2].need`` as keys and indices."""
    return tuple(
        int(part) if part.isdigit() else part
        for part in text.replace("[", ".").replace("]", "").split(".")
        if part
    )


# --- what no definition may hold ----------------------------------------------------------


def _unfit(content: Any, lines: Mapping[Path, int]) -> Iterator[_Found]:
    """Yield every key and value that no definition may hold, in the order of the text."""
    source = Source(content=NOWHERE.content, file=None, lines=lines)
    if not isinstance(content, dict):
        yield _Found(1, (), "it holds no table", "Start with `{`.")
    waiting: list[tuple[Path, Any]] = [((), content)]
    while waiting:
        path, value = waiting.pop()
        if len(path) > MOST_DEPTH:
            raise RecursionError
        if isinstance(value, dict):
            yield from (
                _Found(source.line_of(path), path, f"{problem} as a key", "Use a short plain key.")
                for problem in filter(None, map(_unfit_key, value))
            )
            waiting += [((*path, key), item) for key, item in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [((*path, index), item) for index, item in reversed([*enumerate(value)])]
        elif (problem := _unfit_value(value)) is not None:
            yield _Found(source.line_of(path), path, *problem)


def _unfit_key(key: str) -> str | None:
    if len(key) > _LONGEST_KEY or _unfit_value(key) is not None:
        return f"{shown_input(key)} cannot stand"
    return None


def _unfit_value(value: object) -> tuple[str, str] | None:
    """Return what is wrong with a single value, and what to do about it."""
    if isinstance(value, str) and _UNSTORABLE.search(value):
        return "a text holds NUL or half of a character", "Remove it."
    if isinstance(value, int) and not -_LARGEST_INT - 1 <= value <= _LARGEST_INT:
        return "this number needs more than 64 bits", "Give a smaller one."
    if isinstance(value, Decimal) and not _is_short(value):
        return "this is no number of at most 38 digits", "Give a shorter one."
    return None


_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


def _is_short(value: Decimal) -> bool:
    if not value.is_finite():
        return False
    places = -value.as_tuple().exponent  # type: ignore[operator]  # a finite one has a number
    return max(value.adjusted() + 1, 0) + max(places, 0) <= _MOST_DIGITS


def _number(text: str) -> Decimal:
    """Return a number with a point; one beyond all bounds as what is refused later, by line."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


# --- formats ------------------------------------------------------------------------------


def _read_toml(text: str) -> tuple[Any, dict[Path, int]]:
    if is_deep_toml(text):
        raise RecursionError
    try:
        content = tomllib.loads(text, parse_float=_number)
    except tomllib.TOMLDecodeError as error:
        raise _UnreadableError(_toml_error(str(error), text)) from None
    except ValueError:
        raise _UnreadableError(_TOO_LONG) from None
    return content, toml_places(text)


_TOO_LONG: Final = _Found(None, (), "it holds a number of thousands of digits", "Remove it.")
_AT: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_PART: Final = re.compile(r"""'([^']*)'""")
_KEYS: Final = re.compile(r"\('[^']*'(?:, '[^']*')*,?\)")


def _toml_error(message: str, text: str) -> _Found:
    """Return what the reader of TOML said, with its place, in words for people."""
    place = _AT.search(message)
    line, column = (place[1], place[2]) if place else (None, None)
    said = _KEYS.sub(lambda keys: f"`{'.'.join(_PART.findall(keys[0]))}`", _AT.sub("", message))
    return _Found(
        int(line) if line else text.rstrip().count("\n") + 1,
        (),
        said[:1].lower() + said[1:],
        column=int(column) if column else None,
    )


def _read_json(text: str) -> tuple[Any, dict[Path, int]]:
    try:
        content = json.loads(text, parse_float=_number, parse_constant=_number)
    except json.JSONDecodeError as error:
        said = error.msg[:1].lower() + error.msg[1:]
        raise _UnreadableError(_Found(error.lineno, (), said, column=error.colno)) from None
    except ValueError:
        raise _UnreadableError(_TOO_LONG) from None
    places = JsonPlaces(text)
    if places.twice:
        raise _UnreadableError(
            *(
                _Found(line, path, f"the key {shown_input(path[-1])} stands twice", "Keep one.")
                for path, line in places.twice[:MOST_PROBLEMS]
            )
        )
    return content, places.lines


_READERS: Final = {"toml": _read_toml, "json": _read_json}
