"""Constants of an expression as it is written, and what can surely be said of two of them.

Rules:

1. Nothing has a type here: a text that reads as money may be money or a text, and only what holds
   for both is said of it.
2. Two amounts compare in one currency alone.

This module does not know what a field or a condition is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, DecimalException
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from cosell.money import Money
from cosell.rules.constants import date_in, instant_in, money_in
from cosell.rules.nodes import Arithmetic, Call, Literal, Name, Negative, Node
from cosell.rules.operations import EXACT

__all__ = ["Measure", "compared", "constant_of", "constants_of", "differ", "measure", "same"]

_OPERATORS: Final[Mapping[str, Callable[[Decimal, Decimal], Decimal]]] = MappingProxyType(
    {"+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply}
)
_ORDERS: Final = MappingProxyType(
    {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge},
)
_SPANS: Final = frozenset({"hours", "minutes"})
_money_in: Final = lru_cache(maxsize=1_000)(money_in)


class Measure(NamedTuple):
    """What a constant can be compared by.

    Attributes:
        scale: What it goes together with: numbers, days, moments, spans, or one currency.
        value: Where on that scale it lies.
    """

    scale: str
    value: Any


def constant_of(node: Node, parameters: Mapping[str, object]) -> object | None:
    """Return the single value that a node writes out; ``None`` where it is none, or not surely one.

    Args:
        node: A part of an expression.
        parameters: Named values.
    """
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Name):
        found = parameters.get(str(node))
        return None if isinstance(found, Sequence | Mapping) and not _is_text(found) else found
    if isinstance(node, Negative):
        return _worked_out("-", 0, constant_of(node.operand, parameters))
    if isinstance(node, Arithmetic):
        left, right = (constant_of(part, parameters) for part in (node.left, node.right))
        return _worked_out(node.op, left, right)
    if isinstance(node, Call):
        return _called(node, parameters)
    return None


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _worked_out(op: str, left: object, right: object) -> object | None:
    """Return a sum, a difference or a product of two numbers."""
    if not (_is_number(left) and _is_number(right)):
        return None
    try:
        return _OPERATORS[op](Decimal(str(left)), Decimal(str(right)))
    except DecimalException:  # it has more digits than anything may have
        return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _called(node: Call, parameters: Mapping[str, object]) -> object | None:
    given = constant_of(node.arguments[0], parameters) if len(node.arguments) == 1 else None
    if node.function in _SPANS and isinstance(given, int) and abs(given) <= _MOST_OF_SPAN:
        return timedelta(**{node.function: given})
    if isinstance(given, str) and node.function in _READ:
        return _READ[node.function](given)
    return None


_MOST_OF_SPAN: Final = 10_000_000
_READ: Final[Mapping[str, Callable[[str], object | None]]] = MappingProxyType(
    {"date": date_in, "instant": instant_in}
)


def constants_of(
    options: tuple[Node, ...] | Name, parameters: Mapping[str, object]
) -> tuple[object, ...] | None:
    """Return the values of a list after ``in``; ``None`` where one of them is not known."""
    if isinstance(options, Name):
        listed = parameters.get(str(options))
        return tuple(listed) if isinstance(listed, list | tuple | frozenset | set) else None
    values = tuple(constant_of(option, parameters) for option in options)
    return None if None in values else values


def measure(value: object) -> Measure | None:
    """Return what a constant can be compared by; ``None`` for what is only the same or not."""
    money = _money_in(value) if isinstance(value, str) else value
    if isinstance(money, Money):
        return Measure(money.currency, money.amount)
    if _is_number(value):
        return Measure("number", value)
    if isinstance(value, timedelta):
        return Measure("span", value)
    if isinstance(value, datetime):
        return Measure("moment", value.astimezone(UTC))
    return Measure("day", value) if isinstance(value, date) else None


def same(left: object, right: object) -> bool:
    """Whether two constants are surely one value."""
    if isinstance(left, bool | str) and type(left) is type(right):
        return left == right
    found = measure(left)
    return found is not None and found == measure(right)


def differ(left: object, right: object) -> bool:
    """Whether two constants are surely two values."""
    one, other = measure(left), measure(right)
    if one is not None and other is not None:
        return one.scale == other.scale and one.value != other.value
    return isinstance(left, bool | str) and type(left) is type(right) and left != right


def compared(op: str, left: object, right: object) -> bool | None:
    """Return whether two constants compare so; ``None`` where that cannot be said."""
    if op in {"==", "!="}:
        if same(left, right):
            return op == "=="
        return op == "!=" if differ(left, right) else None
    one, other = measure(left), measure(right)
    if one is None or other is None or one.scale != other.scale:
        return None
    found: bool = _ORDERS[op](one.value, other.value)
    return found
