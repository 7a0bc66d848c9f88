"""The static types of a model's fields, from their annotations.

Rules that hold for every field:

1. A field's type is what its annotation says; bounds of decimals come from ``max_digits`` and
   ``decimal_places``, and a decimal without them is refused.
2. A property with a return annotation is a *derived field*. What it gives is checked against the
   annotation each time, because no model validated it.
3. A moment has a time zone by its annotation.

This module does not know what an expression is.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from cosell.money import Money
from cosell.rules.typed import Step
from cosell.rules.types import (
    BOOL,
    DATE,
    INSTANT,
    INT,
    MAX_DIGITS,
    MONEY,
    TEXT,
    Kind,
    Type,
    decimal,
    labels_of,
)

__all__ = ["UnsuitableFieldError", "names_in", "step_of"]

_PLAIN: Final[Mapping[Any, Type]] = MappingProxyType(
    {bool: BOOL, str: TEXT, date: DATE, AwareDatetime: INSTANT, Money: MONEY}
)
#: How many models and fields are kept in mind; a process names a few dozen.
_KEPT: Final = 1_000
_LISTS: Final = (tuple, list, Sequence)


class UnsuitableFieldError(Exception):
    """A field has a type that expressions do not have: the problem, and what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy


@lru_cache(maxsize=_KEPT)
def names_in(model: type[BaseModel]) -> frozenset[str]:
    """Return the names of all fields and derived fields of a model."""
    return frozenset(model.model_fields) | _derived_in(model)


@lru_cache(maxsize=_KEPT)
def step_of(model: type[BaseModel], name: str) -> Step | None:
    """Return the field or derived field ``name`` of a model, or ``None`` if it has none.

    Raises:
        UnsuitableFieldError: Its type is none that expressions have.
    """
    field = model.model_fields.get(name)
    if field is not None:
        if not getattr(model, "__pydantic_fields_complete__", True):
            model.model_rebuild()
            field = model.model_fields[name]
        found, optional = _type_of(field.annotation, field.metadata, derived=False)
        return Step(name, found, optional)
    if name not in _derived_in(model):
        return None
    annotation = _return_annotation(model, name)
    found, optional = _type_of(annotation, (), derived=True)
    return Step(name, found, optional, derived=True)


@lru_cache(maxsize=_KEPT)
def _derived_in(model: type[BaseModel]) -> frozenset[str]:
    known = set(dir(BaseModel))
    return frozenset(
        name
        for name in dir(model)
        if not name.startswith("_")
        and name not in known
        and isinstance(inspect.getattr_static(model, name), property | cached_property)
    )


def _return_annotation(model: type[BaseModel], name: str) -> Any:
    found = inspect.getattr_static(model, name)
    function = found.fget if isinstance(found, property) else found.func
    try:
        return get_type_hints(function, include_extras=True)["return"]
    except (KeyError, NameError, TypeError):
        raise UnsuitableFieldError(
            "is a property whose return annotation is missing or cannot be resolved",
            "Annotate what it returns, with names of its own module.",
        ) from None


def _type_of(annotation: Any, metadata: Collection[Any], *, derived: bool) -> tuple[Type, bool]:
    """Return the type of an annotation, and whether it can be missing."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *extras = get_args(annotation)
        return _type_of(inner, [*metadata, *extras], derived=derived)
    if origin in {Union, UnionType}:
        parts = [part for part in get_args(annotation) if part is not NoneType]
        if len(parts) == 1:
            found, _ = _type_of(parts[0], metadata, derived=derived)
            return found, True
    if origin in _LISTS:
        return _list_of(annotation, derived=derived), False
    return _scalar(annotation, origin, metadata, derived=derived), False


def _scalar(annotation: Any, origin: Any, metadata: Collection[Any], *, derived: bool) -> Type:
    if origin is Literal and all(isinstance(label, str) for label in get_args(annotation)):
        return labels_of(map(str, get_args(annotation)))
    if annotation in _BOUNDED:
        return _BOUNDED[annotation](metadata)
    if annotation is datetime and derived:
        # A property has no validator to refuse a naive moment; each one is looked at instead.
        return INSTANT
    if inspect.isclass(annotation):
        if annotation in _PLAIN:
            return _PLAIN[annotation]
        if issubclass(annotation, StrEnum):
            return labels_of(member.value for member in annotation)
        if issubclass(annotation, BaseModel):
            return Type(Kind.MODEL, model=annotation)
    raise UnsuitableFieldError(*_unsuitable(annotation))


def _unsuitable(annotation: Any) -> tuple[str, str]:
    if annotation is float:
        return "is a float", "Annotate it as a Decimal with max_digits and decimal_places."
    if annotation is datetime:
        return "may have no time zone", "Annotate it as AwareDatetime."
    return (
        "has a type that expressions do not have",
        "Give the model a derived field: a property that returns a bool, a number or a text.",
    )


def _list_of(annotation: Any, *, derived: bool) -> Type:
    parts = get_args(annotation)
    if get_origin(annotation) is tuple and parts[1:] != (...,):
        raise UnsuitableFieldError(*_unsuitable(annotation))
    item, optional = _type_of(parts[0], (), derived=derived)
    if optional or item.kind is Kind.LIST:
        raise UnsuitableFieldError(*_unsuitable(annotation))
    return Type(Kind.LIST, item=item)


def _bounded_decimal(metadata: Collection[Any]) -> Type:
    digits, places = _first(metadata, "max_digits"), _first(metadata, "decimal_places")
    if digits is None or places is None:
        raise UnsuitableFieldError(
            "is a decimal without bounds", "Annotate it with max_digits and decimal_places."
        )
    if digits > MAX_DIGITS:
        raise UnsuitableFieldError(
            f"has {digits} digits", f"Bound it to {MAX_DIGITS} digits or fewer."
        )
    return decimal(digits, places)


def _bounded_int(metadata: Collection[Any]) -> Type:
    """Return the type of an integer; bounds on both sides say how many digits it can have."""
    least, most = _first(metadata, "ge", "gt"), _first(metadata, "le", "lt")
    if not (isinstance(least, int) and isinstance(most, int)):
        return INT
    return Type(Kind.INT, digits=min(len(str(max(abs(least), abs(most)))), INT.digits))


_BOUNDED: Final[Mapping[Any, Callable[[Collection[Any]], Type]]] = MappingProxyType(
    {Decimal: _bounded_decimal, int: _bounded_int}
)


def _first(metadata: Collection[Any], *names: str) -> Any:
    """Return the first bound of one of these names, or ``None``."""
    found = (getattr(extra, name, None) for extra in _flat(metadata) for name in names)
    return next((bound for bound in found if bound is not None), None)


def _flat(metadata: Collection[Any]) -> Iterator[Any]:
    for extra in metadata:
        if isinstance(extra, FieldInfo):
            yield from _flat(extra.metadata)
        else:
            yield extra
