"""The static types of expressions.

Rules that hold for every type:

1. Every value has one type, known when a process is bound; nothing is converted in silence.
2. A decimal has a static number of digits and places, so that every back end computes the same;
   what can need more than 38 digits is refused.
3. Whether a value can be missing is not part of its type: any value can.

This module does not know what a model or an expression is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel

__all__ = [
    "BOOL",
    "DATE",
    "INSTANT",
    "INT",
    "MAX_DIGITS",
    "MAX_INT",
    "MONEY",
    "SMALL",
    "SPAN",
    "TEXT",
    "Kind",
    "Type",
    "decimal",
    "decimal_of",
    "labels_of",
]

#: The most digits that every back end can compute with.
MAX_DIGITS: Final = 38
#: Integers have 64 bits.
MAX_INT: Final = 2**63 - 1


class Kind(StrEnum):
    """What sort of value a type describes. The text is what messages say."""

    BOOL = "bool"
    INT = "int"
    DECIMAL = "decimal"
    MONEY = "money"
    TEXT = "text"
    LABEL = "label"
    DATE = "date"
    INSTANT = "instant"
    SPAN = "span"
    LIST = "list"
    MODEL = "model"


_SHOWN: Final = MappingProxyType(
    {
        Kind.BOOL: "a condition",
        Kind.INT: "a whole number",
        Kind.DECIMAL: "a decimal",
        Kind.MONEY: "money",
        Kind.TEXT: "a text",
        Kind.LABEL: "a label",
        Kind.DATE: "a date",
        Kind.INSTANT: "an instant",
        Kind.SPAN: "a span of time",
        Kind.LIST: "a list",
        Kind.MODEL: "a group of fields",
    }
)


@dataclass(frozen=True, slots=True)
class Type:
    """A static type.

    Attributes:
        kind: What sort of value.
        digits: The most digits, of a number or an amount.
        places: How many of them stand after the point.
        labels: What a label can be.
        currency: Which currency the expression itself names, of an amount.
        item: The type of a list's items.
        model: The model of a group of fields.
    """

    kind: Kind
    digits: int = 0
    places: int = 0
    labels: frozenset[str] = frozenset()
    currency: str | None = None
    item: Type | None = None
    model: type[BaseModel] | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """Return what people read: ``a decimal``, ``a text``."""
        return _SHOWN[self.kind]

    @property
    def is_number(self) -> bool:
        """Whether it is a whole number or a decimal."""
        return self.kind in _NUMBERS

    @property
    def is_ordered(self) -> bool:
        """Whether ``<`` has a meaning for it."""
        return self.kind in _ORDERED

    def sized(self, digits: int, places: int) -> Type:
        """Return the same kind with other bounds; a whole number becomes a decimal."""
        kind = Kind.DECIMAL if self.kind is Kind.INT else self.kind
        return replace(self, kind=kind, digits=digits, places=places)


_NUMBERS: Final = frozenset({Kind.INT, Kind.DECIMAL})
_ORDERED: Final = _NUMBERS | {Kind.MONEY, Kind.DATE, Kind.INSTANT, Kind.SPAN}

BOOL: Final = Type(Kind.BOOL)
INT: Final = Type(Kind.INT, digits=19)
#: A number of days between two dates, or of items: fewer than ten million.
SMALL: Final = Type(Kind.INT, digits=7)
MONEY: Final = Type(Kind.MONEY, digits=19, places=4)
TEXT: Final = Type(Kind.TEXT)
DATE: Final = Type(Kind.DATE)
INSTANT: Final = Type(Kind.INSTANT)
SPAN: Final = Type(Kind.SPAN)


def decimal(digits: int, places: int) -> Type:
    """Return the type of decimals with so many digits, ``places`` of them after the point."""
    return Type(Kind.DECIMAL, digits=digits, places=places)


def labels_of(labels: Any) -> Type:
    """Return the type of an enumeration."""
    return Type(Kind.LABEL, labels=frozenset(labels))


def decimal_of(value: Decimal | int) -> Type:
    """Return the narrowest type of a constant; an integer is whole.

    Example:
        >>> decimal_of(Decimal("0.10")).digits, decimal_of(Decimal("12.5")).places
        (2, 1)
    """
    _, digits, exponent = Decimal(value).as_tuple()
    shift = int(exponent)
    places = max(-shift, 0)
    size = max(len(digits) + max(shift, 0), places, 1)
    return Type(Kind.INT, size) if isinstance(value, int) else decimal(size, places)
