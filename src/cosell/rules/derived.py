"""Read a derived field, whose value no model has validated.

A derived field is the host's own code. What it gives is checked against its annotation, each
time, so that a wrong value is an error with a name instead of a verdict.

This module does not know what an expression is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from cosell.errors import CosellError
from cosell.money import Money
from cosell.rules.types import Kind, Type, decimal_of

__all__ = ["UnfitValueError", "described", "fits", "read_derived"]

_MAX_SHOWN: Final = 200


class UnfitValueError(CosellError):
    """A derived field gave a value that its annotation does not allow.

    Attributes:
        name: The derived field.
    """

    code = "expression.unfit_value"

    def __init__(self, name: str, needed: str) -> None:
        self.name = name
        super().__init__(
            problem=f"`{name}` gave a value that is not {needed}",
            remedy="Correct the derived field, or what it is annotated with.",
        )


def read_derived(owner: Any, name: str, needed: Type, optional: bool) -> Any:  # noqa: FBT001 - called by position from generated code
    """Return the value of a derived field.

    Raises:
        UnfitValueError: It is not of the type that the field is annotated with.
    """
    value = getattr(owner, name)
    if value is None and optional:
        return None
    if not fits(needed, value):
        raise UnfitValueError(name, str(needed))
    return value


def fits(needed: Type, value: Any) -> bool:
    """Return whether ``value`` is of the type ``needed``.

    Example:
        >>> from cosell.rules.types import INT, TEXT
        >>> fits(INT, 5), fits(INT, True), fits(TEXT, 5)
        (True, False, False)
    """
    return _FITS[needed.kind](needed, value)


def described(error: BaseException) -> str:
    """Return what went wrong inside a host's code, in a line; it never raises itself."""
    if isinstance(error, CosellError):
        return error.problem
    try:
        text = " ".join(str(error).split())
    except Exception:  # noqa: BLE001 - the error is a host's own, and so is its text
        text = ""
    name = type(error).__name__
    return f"{name}: {text}"[:_MAX_SHOWN] if text else name


def _is_decimal(needed: Type, value: Any) -> bool:
    if not isinstance(value, Decimal) or not value.is_finite():
        return False
    size = decimal_of(value)
    whole = needed.digits - needed.places
    return size.places <= needed.places and size.digits - size.places <= whole


def _is_list(needed: Type, value: Any) -> bool:
    item = needed.item
    return isinstance(value, tuple | list) and all(
        item is not None and fits(item, part) for part in value
    )


_FITS: Final[Mapping[Kind, Callable[[Type, Any], bool]]] = MappingProxyType(
    {
        Kind.BOOL: lambda _, value: isinstance(value, bool),
        Kind.INT: lambda _, value: isinstance(value, int) and not isinstance(value, bool),
        Kind.DECIMAL: _is_decimal,
        Kind.MONEY: lambda _, value: isinstance(value, Money),
        Kind.TEXT: lambda _, value: isinstance(value, str),
        Kind.LABEL: lambda needed, value: isinstance(value, str) and value in needed.labels,
        Kind.DATE: lambda _, value: isinstance(value, date) and not isinstance(value, datetime),
        Kind.INSTANT: lambda _, value: (
            isinstance(value, datetime) and value.utcoffset() is not None
        ),
        Kind.LIST: _is_list,
        Kind.MODEL: lambda needed, value: (
            needed.model is not None and isinstance(value, needed.model)
        ),
    }
)
