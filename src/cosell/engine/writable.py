"""Refuse values that no store takes: text with a NUL or half a character, and what is not JSON.

cosell's own types of text refuse these by themselves. A host's field may be a plain ``str``, alone
or in a model, a list or a mapping of its own.

This module does not know what a record is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import to_json

from cosell._base import shown_input
from cosell.errors import InvalidDataError, Problem

__all__ = ["require_writable"]

_NUL: Final = "\x00"
#: How JSON spells it; a backslash in the text looks alike, so that the texts are looked at then.
_SPELLED_NUL: Final = b"\\u0000"


def require_writable(changes: Mapping[str, Any], subject: str) -> None:
    """Raise if there is something in ``changes`` that cannot be stored as it is.

    Args:
        changes: New values by field path, validated by the record's model.
        subject: What to call the changes in an error.

    Raises:
        InvalidDataError: Naming every field.
    """
    if _is_plain(changes):
        return
    problems = [each for path, value in changes.items() for each in _problems_in(value, path)]
    if problems:
        raise InvalidDataError(subject, problems)


def _is_plain(value: object) -> bool:
    """Whether a value can be written as JSON, certainly without a NUL."""
    told = _find_json(value)
    return told is not None and _SPELLED_NUL not in told


def _find_json(value: object) -> bytes | None:
    """Return a value as JSON; ``None`` where there is no such."""
    try:
        return to_json(value)
    except ValueError:  # what pydantic raises here, and Python's own for half a character
        return None


def _problems_in(value: object, path: str) -> Iterator[Problem]:
    if _is_plain(value):
        return
    wrong = [
        Problem(place, problem, f"Take it out. Given was {shown_input(text)}.")
        for place, text in _texts_in(value, path)
        if (problem := _problem_with(text))
    ]
    if not wrong and _find_json(value) is None:
        said = "it cannot be written as JSON"
        wrong = [
            Problem(path, said, "Give texts, numbers, days, moments, lists or tables of them.")
        ]
    yield from wrong


def _problem_with(text: str) -> str:
    """Return why no store takes a text, or nothing."""
    if _NUL in text:
        return "it should hold no NUL"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "it should hold whole characters, and holds half of one"
    return ""


def _texts_in(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Yield every text in a value, with where it stands."""
    if isinstance(value, str):
        yield path, value
        return
    for name, inner in _parts_of(value):
        if isinstance(name, str) and _problem_with(name):
            yield path, name
        else:
            yield from _texts_in(inner, f"{path}.{name}")


def _parts_of(value: object) -> Iterator[tuple[object, object]]:
    """Yield what a value is made of, each by its name or number."""
    if isinstance(value, BaseModel):
        yield from value.__dict__.items()
    elif isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, tuple | list | AbstractSet):
        yield from enumerate(value)
