"""Read one cell: text as people and programs write it, into a value of a field.

Rules:

1. An empty cell is a missing value, never an error. A cell that cannot be converted is one.
2. Nothing is guessed: an order of day and month, a decimal comma or a currency is as the mapping
   says, or it is an error. There are no floats.
3. A cell that begins as a formula of a spreadsheet does (``=``, ``+``, ``-``, ``@``, a tab) is
   refused: it was likely injected, and would run where the report is opened. A number keeps its
   sign, and so does a text of digits, such as a telephone number.

This module does not know which column a cell stands in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from cosell.errors import did_you_mean

__all__ = [
    "CellError",
    "is_missing",
    "quoted",
    "read_choice",
    "read_id",
    "read_text",
    "read_truth",
    "text_of",
]

_SHOWN: Final = 60
_UNDECODED: Final = re.compile("[\ud800-\udfff]")
_FORMULA: Final = re.compile(r"[=@\t\r]|[+-](?![\d\s().,/-]*$)")
_SIGNED_FORMULA: Final = re.compile(r"[=@\t\r]")
_NOT_IN_ID: Final = re.compile(r"[^A-Za-z0-9_.:@/+=\-]")
_NOT_IN_SLUG: Final = re.compile(r"[^a-z0-9_.:@]+")
_TRUTHS: Final[Mapping[str, bool]] = MappingProxyType(
    dict.fromkeys(("yes", "y", "true", "1"), True) | dict.fromkeys(("no", "n", "false", "0"), False)
)


class CellError(Exception):
    """A cell cannot be read.

    Attributes:
        problem: What is wrong with it.
        remedy: What to do about it.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy


def quoted(text: str) -> str:
    """Return ``text`` in backticks, shortened, and printable anywhere."""
    short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
    safe = short.encode("utf-8", "backslashreplace").decode()
    return f"`{''.join(c if c.isprintable() else ascii(c)[1:-1] for c in safe)}`"


def is_missing(cell: Any) -> bool:
    """Whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Any, *, signed: bool = False) -> str:
    """Return the text of a cell of any kind of file, without blanks around it.

    Args:
        cell: Text, or what nested records hold.
        signed: Whether a number is expected, which may begin with a sign.

    Raises:
        CellError: It holds a list or a table, or bytes or characters that are no text.
    """
    if isinstance(cell, str):
        return _clean(cell, _SIGNED_FORMULA if signed else _FORMULA)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, int | date):
        return str(cell)
    raise CellError(f"a {_shape(cell)} stands where one value is expected", "Map what is in it.")


def _shape(cell: Any) -> str:
    return "list" if isinstance(cell, list) else "table"


def _clean(cell: str, formula: re.Pattern[str]) -> str:
    if _UNDECODED.search(cell):
        raise CellError(
            f"{quoted(cell)} does not decode", "Name the file's `encoding` in the mapping."
        )
    if "\x00" in cell:
        raise CellError(f"{quoted(cell)} holds a NUL", "Remove it.")
    text = cell.strip()
    if formula.match(cell.lstrip(" ")):
        raise CellError(
            f"{quoted(text)} begins as a formula does",
            "Export the value instead of the formula, or remove the sign in front.",
        )
    return text


def read_text(cell: Any) -> str:
    """Return a text."""
    return text_of(cell)


def read_id(cell: Any, *, slug: bool = False) -> str:
    """Return an id, made from a name if ``slug`` says so.

    Raises:
        CellError: It holds a character that no id holds.
    """
    text = text_of(cell)
    if slug:
        text = _NOT_IN_SLUG.sub("-", text.casefold()).strip("-.:@")
    found = _NOT_IN_ID.search(text)
    if found or not text or not (text[0].isascii() and (text[0].isalnum() or text[0] == "_")):
        raise CellError(
            f"{quoted(text)} is no id",
            "An id has letters, digits and _ - . : @ / + =, and begins with a letter or digit;"
            " `slug = true` makes one of a name.",
        )
    return text


def read_choice(
    cell: Any, choices: tuple[str, ...], values: Mapping[str, Any] = MappingProxyType({})
) -> Any:
    """Return one of ``choices``, or what ``values`` says that the cell means.

    Raises:
        CellError: It is neither.
    """
    text = text_of(cell)
    if values:
        if text not in values:
            raise CellError(f"{quoted(text)} is not in `values`", did_you_mean(text, values))
        return values[text]
    if text not in choices:
        raise CellError(f"{quoted(text)} is none of its values", did_you_mean(text, choices))
    return text


def read_truth(cell: Any) -> bool:
    """Return yes or no.

    Raises:
        CellError: It is neither.
    """
    text = text_of(cell)
    if text.casefold() not in _TRUTHS:
        raise CellError(
            f"{quoted(text)} is neither yes nor no",
            "Write yes or no, true or false, 1 or 0, or say in `values` what it means.",
        )
    return _TRUTHS[text.casefold()]
