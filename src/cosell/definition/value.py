"""Values that a definition can name or write: single ones, lists and tables of them.

Each keeps the type it is written with: nothing is converted, and there are no floats.

This module does not know what a parameter is used for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Discriminator, Field, Tag

from cosell._base import Instant, Model, Text

__all__ = ["ParameterValue", "Single", "Written", "kind_of"]

_LARGEST: Final = 2**63 - 1
_Whole = Annotated[int, Field(strict=True, ge=-_LARGEST - 1, le=_LARGEST)]
_Number = Annotated[Decimal, Field(max_digits=38)]

#: The first that a value is an instance of is what it is.
_KINDS: Final = (
    (bool, "bool"),
    (int, "int"),
    (Decimal, "decimal"),
    (datetime, "instant"),
    (date, "date"),
    (str, "text"),
)


def kind_of(value: object) -> str | None:
    """Return what kind of single value it is, or ``None`` for what is none.

    Example:
        >>> kind_of(True), kind_of(Decimal("0.10")), kind_of(0.1)
        ('bool', 'decimal', None)
    """
    return next((kind for known, kind in _KINDS if isinstance(value, known)), None)


Single = Annotated[
    Annotated[bool, Tag("bool")]
    | Annotated[_Whole, Tag("int")]
    | Annotated[_Number, Tag("decimal")]
    | Annotated[Instant, Tag("instant")]
    | Annotated[date, Tag("date")]
    | Annotated[Text, Tag("text")],
    Discriminator(
        kind_of,
        custom_error_type="single",
        custom_error_message="It should be a number, a text, true, false, a day or a moment",
    ),
]


class Written(Model, frozen=True):
    """A literal that is written into a field: ``{ literal = "co_selling" }``."""

    literal: Single


def _shape_of(value: object) -> str:
    if isinstance(value, Mapping):
        return "table"
    return "list" if isinstance(value, list | tuple) else "single"


#: What a parameter can hold: a value, a list for ``in``, a table for ``lookup``.
ParameterValue = Annotated[
    Annotated[Single, Tag("single")]
    | Annotated[tuple[Single, ...], Tag("list")]
    | Annotated[Mapping[Text, Single], Tag("table")],
    Discriminator(_shape_of),
]
