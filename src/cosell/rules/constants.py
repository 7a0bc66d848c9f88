"""Constants: literals, the values of parameters, and what texts stand for.

This module does not know what a field is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from cosell.errors import InvalidDataError, is_in_range
from cosell.money import CURRENCIES, Money, unknown_currency
from cosell.rules.nodes import Place
from cosell.rules.typed import Constant
from cosell.rules.types import (
    BOOL,
    DATE,
    INSTANT,
    MAX_DIGITS,
    MAX_INT,
    Kind,
    Type,
    decimal_of,
)

__all__ = ["as_money", "constant", "date_in", "instant_in", "money_in", "problem_with"]

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII
)


def constant(value: Any, at: Place) -> Constant:
    """Return a literal's or parameter's value with its type.

    Raises:
        ExpressionError: Expressions have no such values; it points at ``at``.
    """
    problem = problem_with(value)
    if problem is not None:
        raise at.error(*problem)
    kind = _class_of(value)
    # A label of a host's own enumeration is a text from here on.
    plain = str.__str__(value) if kind is str else value
    return Constant(_TYPES[kind](plain), at, plain)


def as_money(found: Constant, own: Collection[str] = ()) -> Constant:
    """Return a text, or money itself, as the money that it stands for.

    Args:
        found: The constant.
        own: Currencies beside those of ISO 4217.

    Raises:
        ExpressionError: It stands for none, or for money in a currency that nobody knows: in it
            a limit is never known to be reached.
    """
    value = found.value if isinstance(found.value, Money) else money_in(found.value)
    if value is None:
        raise found.at.error(
            f"`{found.value}` is not an amount and a currency", 'Write it as "50000 USD".'
        )
    if value.currency not in CURRENCIES and value.currency not in own:
        raise found.at.error(*unknown_currency(value.currency))
    return constant(value, found.at)


def problem_with(value: Any) -> tuple[str, str] | None:
    """Return what is wrong with a single constant and what to do, or ``None`` if nothing is."""
    kind = _class_of(value)
    if kind is float:
        return "a float stands here", "Write the number as a decimal."
    if kind not in _TYPES:
        return "expressions have no such values", "Give a number, a text, money, or a date."
    refused = _REFUSED.get(kind)
    return refused(value) if refused is not None else None


def _bad_moment(value: datetime) -> tuple[str, str] | None:
    if value.utcoffset() is None:
        return "this moment has no time zone", "Give it with one, as 2026-11-20T10:00:00+01:00."
    return None


def _bad_int(value: int) -> tuple[str, str] | None:
    if not -MAX_INT - 1 <= value <= MAX_INT:
        return "this number needs more than 64 bits", "Give a smaller one."
    return None


def _bad_decimal(value: Decimal) -> tuple[str, str] | None:
    if not value.is_finite():
        return "this is not a number", "Give one."
    if decimal_of(value).digits > MAX_DIGITS:
        return f"this number has more than {MAX_DIGITS} digits", "Give a shorter one."
    return None


_REFUSED: Final[Mapping[type[Any], Callable[[Any], tuple[str, str] | None]]] = MappingProxyType(
    {datetime: _bad_moment, int: _bad_int, Decimal: _bad_decimal}
)


def money_in(text: str) -> Money | None:
    """Return the money that ``text`` stands for, or ``None`` if it stands for none.

    Example:
        >>> str(money_in("50000 USD")), money_in("gold")
        ('50000.00 USD', None)
    """
    try:
        return Money.parse(text)
    except InvalidDataError:
        return None


def date_in(text: str) -> date | None:
    """Return the date that ``text`` stands for, as ``2026-11-20``, or ``None``."""
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def instant_in(text: str) -> datetime | None:
    """Return the moment that ``text`` stands for, with its offset, or ``None``.

    Example:
        >>> instant_in("2026-11-20T10:00:00+01:00").isoformat(), instant_in("2026-11-20")
        ('2026-11-20T10:00:00+01:00', None)
    """
    try:
        found = datetime.fromisoformat(text) if _INSTANT.fullmatch(text) else None
    except ValueError:
        return None
    return None if found is None or not is_in_range(found) else found


def _class_of(value: Any) -> type[Any]:
    """Return the class in ``_TYPES`` that a value belongs to."""
    for kind in (bool, int, str, datetime):
        if isinstance(value, kind):
            return kind
    return type(value)


_TYPES: Final[Mapping[type[Any], Callable[[Any], Type]]] = MappingProxyType(
    {
        bool: lambda _: BOOL,
        int: decimal_of,
        Decimal: decimal_of,
        Money: lambda value: replace(
            decimal_of(value.amount), kind=Kind.MONEY, currency=value.currency
        ),
        # A literal text can only be itself: where a label is meant, it is checked as one.
        str: lambda value: Type(Kind.TEXT, labels=frozenset({value})),
        datetime: lambda _: INSTANT,
        date: lambda _: DATE,
    }
)
