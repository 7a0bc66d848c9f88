"""The types a fact can have, and whether a host's value is of its type.

Rules that hold for every fact:

1. A value is of its declared type or refused; a text is not a bool, and a bool is not a number.
2. Amounts, dates and moments may come as text, as JSON has them; a float is never an amount.
3. A moment has a time zone. An integer has 64 bits.

This module does not know what an expression is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from cosell.errors import InvalidDataError, Problem, UnknownNameError
from cosell.money import Money
from cosell.rules.constants import date_in, instant_in, money_in
from cosell.rules.types import (
    BOOL,
    DATE,
    INSTANT,
    INT,
    MAX_INT,
    MONEY,
    TEXT,
    Type,
    decimal,
    decimal_of,
)

__all__ = ["FACT_TYPES", "parse_fact"]

_MAX_TEXT: Final = 20_000
_DECIMAL: Final = decimal(18, 8)
_PLAIN: Final = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")

#: What a process can declare a fact to be, by the name it uses. A decimal has ten digits before
#: the point and eight after it.
FACT_TYPES: Final[Mapping[str, Type]] = MappingProxyType(
    {
        "bool": BOOL,
        "int": INT,
        "decimal": _DECIMAL,
        "money": MONEY,
        "text": TEXT,
        "date": DATE,
        "instant": INSTANT,
    }
)


def parse_fact(type_name: str, value: object, *, path: str = "facts") -> Any:
    """Return a host's value as the type its process declares for it.

    Args:
        type_name: One of ``FACT_TYPES``.
        value: The value, or a decimal, amount, date or moment as text.
        path: Where it stands, for the error.

    Returns:
        A bool, int, ``Decimal``, ``Money``, text, date or aware datetime.

    Raises:
        InvalidDataError: The value is not of that type.
        UnknownNameError: There is no such type.

    Example:
        >>> parse_fact("decimal", "0.10"), parse_fact("bool", True)
        (Decimal('0.10'), True)
    """
    if type_name not in _READ:
        raise UnknownNameError("type of fact", type_name, list(FACT_TYPES))
    read, remedy = _READ[type_name]
    found = read(value)
    if found is None:
        problem = Problem(path, f"this is not {FACT_TYPES[type_name]}", remedy)
        raise InvalidDataError("fact", [problem])
    return found


def _bool(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _int(value: Any) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and -MAX_INT - 1 <= value <= MAX_INT else None


def _decimal(value: Any) -> Decimal | None:
    plain = isinstance(value, str) and _PLAIN.fullmatch(value) is not None
    if not (plain or isinstance(value, Decimal) or _int(value) is not None):
        return None
    found = Decimal(value)
    if not found.is_finite():
        return None
    size = decimal_of(found)
    whole = size.digits - size.places
    fits = size.places <= _DECIMAL.places and whole <= _DECIMAL.digits - _DECIMAL.places
    return found if fits else None


def _money(value: Any) -> Money | None:
    if isinstance(value, str):
        return money_in(value)
    if isinstance(value, Mapping):
        try:
            return Money.model_validate(value)
        except ValidationError:
            return None
    return value if isinstance(value, Money) else None


def _text(value: Any) -> str | None:
    bounded = isinstance(value, str) and len(value) <= _MAX_TEXT and "\0" not in value
    return value if bounded else None


def _date(value: Any) -> date | None:
    if isinstance(value, str):
        return date_in(value)
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _instant(value: Any) -> datetime | None:
    if isinstance(value, str):
        return instant_in(value)
    return value if isinstance(value, datetime) and value.utcoffset() is not None else None


_READ: Final[Mapping[str, tuple[Callable[[Any], Any], str]]] = MappingProxyType(
    {
        "bool": (_bool, "Give yes or no as true or false."),
        "int": (_int, "Give a whole number of at most 64 bits."),
        "decimal": (_decimal, "Give a number with ten digits before the point, eight after it."),
        "money": (_money, 'Give an amount and a currency, as "50000 USD".'),
        "text": (_text, f"Give a text of at most {_MAX_TEXT} characters."),
        "date": (_date, "Give a day, as 2026-11-20."),
        "instant": (_instant, "Give a moment with its offset, as 2026-11-20T10:00:00+01:00."),
    }
)
