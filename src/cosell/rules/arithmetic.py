"""The types of sums, differences and products.

This module does not know what a name or a function is.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from cosell.money import CONTEXT, Money
from cosell.rules.constants import constant
from cosell.rules.nodes import Place
from cosell.rules.typed import Arithmetic, Constant, Elapsed, Typed
from cosell.rules.types import INT, SPAN, Kind, Type, decimal
from cosell.rules.unify import common_type, fitting, named_currency

__all__ = ["combined", "negative"]

_DATES: Final = frozenset({Kind.DATE, Kind.INSTANT})


def combined(op: str, left: Typed, right: Typed, at: Place) -> Typed:
    """Return the sum, difference or product of two values.

    Raises:
        ExpressionError: Their types have none, or it can need too many digits.
    """
    kinds = {left.type.kind, right.type.kind}
    if op == "-" and kinds == {Kind.INSTANT}:
        return Elapsed(SPAN, at, left, right)
    if kinds & _DATES:
        raise at.error("there is no arithmetic with dates", "Compare days(a, b) with a number.")
    found = _product(left, right) if op == "*" else _sum(left, right)
    return Arithmetic(fitting(found, at), at, op, left, right)


def negative(operand: Typed, at: Place) -> Typed:
    """Return ``operand`` with the other sign; a constant stays one."""
    if not _is_amount(operand.type):
        raise operand.at.error(f"{operand.type} has no sign", "Leave `-` out.")
    if not isinstance(operand, Constant):
        minus = constant(-1, at)
        return Arithmetic(operand.type, at, "*", operand, minus)
    value = operand.value
    if isinstance(value, Money):
        return constant(-value, at)
    return constant(CONTEXT.minus(value) if isinstance(value, Decimal) else -value, at)


def _is_amount(found: Type) -> bool:
    return found.is_number or found.kind is Kind.MONEY


def _sum(left: Typed, right: Typed) -> Type:
    for part in (left, right):
        if not _is_amount(part.type):
            raise part.at.error(f"{part.type} cannot be added", "Add numbers, or money.")
    found = common_type((left, right))
    if found.kind is Kind.INT:
        return INT
    currency = named_currency((left, right))
    return replace(found, digits=found.digits + 1, currency=currency)


def _product(left: Typed, right: Typed) -> Type:
    for part in (left, right):
        if not _is_amount(part.type):
            raise part.at.error(f"{part.type} cannot be multiplied", "Multiply by a number.")
    kinds = {left.type.kind, right.type.kind}
    if kinds == {Kind.MONEY}:
        raise right.at.error("money cannot be multiplied by money", "Multiply it by a number.")
    if kinds == {Kind.INT}:
        return INT
    digits, places = left.type.digits + right.type.digits, left.type.places + right.type.places
    if Kind.MONEY in kinds:
        currency = named_currency((left, right))
        return Type(Kind.MONEY, digits=digits, places=places, currency=currency)
    return decimal(digits, places)
