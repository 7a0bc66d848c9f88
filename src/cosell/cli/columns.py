"""What a mapping may say about one column: where a field comes from, and how it is written there.

This module does not know how a cell is read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, StrictBool, StrictInt, StringConstraints
from pydantic import model_validator as check_whole

from cosell._base import Currency, Model, Text

__all__ = ["Column", "Separator", "Texts"]


def _as_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


#: One text, or a list of them.
Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_many)]
#: One character that stands in numbers.
Separator = Annotated[str, StringConstraints(max_length=1)]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
#: A value that stands in the mapping itself, as TOML has it.
Constant = StrictBool | StrictInt | Decimal | dt.datetime | dt.date | Text


class Column(Model, frozen=True):
    """Where one field of a deal comes from.

    In a mapping a text alone stands for a table with ``column`` only.

    Attributes:
        column: The column, or several: the first of them that is not empty. In nested records a
            dotted path.
        constant: The value itself, the same for every row, instead of a column.
        when: Rows for which the field is set, by the text of other columns; others leave it
            missing.
        values: What stands in the file, and what it means.
        dates: How dates are written, if not as in the rest of the file.
        time: What hour a date without one has.
        decimal: The sign before decimals.
        thousands: The sign between thousands.
        percent: Whether numbers are hundredths.
        currency: Currency of amounts that name none.
        currency_column: The column that names it.
        strip: Characters that are left out of numbers, such as a currency sign.
        split: What parts several values in one cell.
        slug: Whether a name is made an id: ``Moses Frase`` becomes ``moses-frase``.
    """

    column: Texts = ()
    constant: Constant | None = None
    when: Mapping[Text, Texts] = Field(default_factory=dict)
    values: Mapping[str, Constant] = Field(default_factory=dict)
    dates: Texts = ()
    time: TimeOfDay | None = None
    decimal: Separator | None = Field(default=None, min_length=1)
    thousands: Separator | None = None
    percent: bool = False
    currency: Currency | None = None
    currency_column: Text | None = None
    strip: str = Field(default="", max_length=20)
    split: str | None = Field(default=None, min_length=1, max_length=5)
    slug: bool = False

    @check_whole(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        return {"column": value} if isinstance(value, str | list) else value

    @check_whole(mode="after")
    def _has_one_origin(self) -> Self:
        if bool(self.column) is (self.constant is not None):
            message = "a field comes from a `column` or is a `constant`"
            raise ValueError(message)
        return self

    @property
    def reads(self) -> tuple[str, ...]:
        """Every column that it reads."""
        extra = (self.currency_column,) if self.currency_column else ()
        return (*self.column, *self.when, *extra)
