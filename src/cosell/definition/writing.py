"""Write a process out as TOML: whole, however it came about, and read again with the same digest.

This module does not know what a definition means.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from cosell.definition.fee_plan import FeePlan
from cosell.definition.process import Process

__all__ = ["text_of"]

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def text_of(process: Process | FeePlan) -> str:
    """Return a process as TOML, with everything that it took from its bases; or a fee plan.

    Args:
        process: A process, written out or extended, or a fee plan.

    Returns:
        A text that ``parse_process``, or ``parse_fee_plan``, reads as the same, with the same
        digest. What has
        its default is left out, and so are comments.

    Example:
        >>> from cosell import catalog, parse_process
        >>> make = catalog.load("make").process
        >>> parse_process(text_of(make)).digest == make.digest
        True
    """
    content = process.model_dump(exclude_defaults=True)
    return "\n".join(_table(content, ())).strip() + "\n"


def _table(content: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines of a table: single values first, then tables, then lists of tables."""
    for key, value in content.items():
        if not (isinstance(value, Mapping) or _is_rows(value)):
            yield f"{_key(key)} = {_value(value)}"
    for key, value in content.items():
        inner = (*path, _key(key))
        if isinstance(value, Mapping):
            yield from ("", f"[{'.'.join(inner)}]")
            yield from _table(value, inner)
        elif _is_rows(value):
            for row in value:
                yield from ("", f"[[{'.'.join(inner)}]]")
                yield from _table(row, inner)


def _is_rows(value: object) -> bool:
    """Whether it is a list of tables, and nothing else."""
    return (
        isinstance(value, tuple)
        and bool(value)
        and all(isinstance(item, Mapping) for item in value)
    )


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Enum | str):
        return _text(str(value))
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, date):
        return value.isoformat()
    # Without a point or an exponent a decimal would be read as a whole number.
    is_whole = isinstance(value, Decimal) and str(value).lstrip("-").isdigit()
    return f"{value}e0" if is_whole else str(value)


def _text(text: str) -> str:
    """Return a text in quotes: as in JSON, but that TOML does not take DEL as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
