"""Instances of any model, made from its annotations alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError

import cosell.models
from cosell._base import Model
from cosell.money import Money

#: Yes, no or missing.
Truth: TypeAlias = bool | None

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

#: What is tried for a text, until one fits.
TEXTS = ("a", "EUR", "CZ", "en", "Europe/Prague", "a@b.example", "https://b.example/c")

#: Left as they are by default: a term that has an end is not open-ended, and what the engine
#: writes is tested with the engine.
LEFT_OUT = {"claims", "merged", "merged_into", "open_ended", "process", "trail", "waits"}

MODELS: tuple[type[Model], ...] = tuple(
    found
    for name in cosell.models.__all__
    if isinstance(found := getattr(cosell.models, name), type) and issubclass(found, Model)
)


def own_fields(model: type[BaseModel]) -> dict[str, Any]:
    """Return the fields that the model itself declares, with their annotations."""
    return {name: hint for name, hint in all_fields(model).items() if name in model.__annotations__}


@cache
def all_fields(model: type[BaseModel]) -> dict[str, Any]:
    """Return all fields with their full annotations."""
    hints = get_type_hints(model, include_extras=True)
    return {name: hints[name] for name in model.model_fields}


def leaves(hint: Any) -> Iterator[Any]:
    """Yield the scalar types and models that an annotation is made of, metadata kept."""
    origin = get_origin(hint)
    if origin is Annotated and get_origin(get_args(hint)[0]) in (Union, UnionType):
        yield from leaves(get_args(hint)[0])
    elif origin in (Union, UnionType):
        for part in get_args(hint):
            yield from leaves(part)
    elif origin is tuple:
        yield from leaves(get_args(hint)[0])
    elif hint is not type(None):
        yield hint


def bare(leaf: Any) -> Any:
    """Return the type of a leaf without its metadata."""
    plain = get_args(leaf)[0] if get_origin(leaf) is Annotated else leaf
    return datetime if plain is AwareDatetime else plain


@cache
def candidates(leaf: Any) -> tuple[Any, ...]:
    """Return values that fit a leaf."""
    plain = bare(leaf)
    if get_origin(plain) is Literal:
        return get_args(plain)
    tried: tuple[Any, ...] = {
        bool: (True, False),
        int: (1, 2),
        str: TEXTS,
        date: (DAY,),
        datetime: (NOON, NOON.replace(hour=13)),
    }.get(plain, ("1",))
    adapter: TypeAdapter[Any] = TypeAdapter(leaf)
    return tuple(value for value in tried if _fits(adapter, value))


def _fits(adapter: TypeAdapter[Any], value: Any) -> bool:
    try:
        adapter.validate_python(value)
    except ValidationError:
        return False
    return True


@cache
def filled(model: type[Model]) -> Any:
    """Return an instance with every field recorded, each list with one item."""
    fields = {name: hint for name, hint in all_fields(model).items() if name not in LEFT_OUT}
    return model.model_validate({name: _value(hint) for name, hint in fields.items()})


def _value(hint: Any) -> Any:
    leaf = next(leaves(hint))
    value = _one(leaf)
    return (value,) if _is_list(hint) else value


def _one(leaf: Any) -> Any:
    if leaf is Money:
        return Money.parse("50000 USD")
    if isinstance(leaf, type) and issubclass(leaf, Model):
        return filled(leaf)
    return candidates(leaf)[0]


def _is_list(hint: Any) -> bool:
    return get_origin(hint) is tuple


@cache
def instances(model: type[Model]) -> st.SearchStrategy[Any]:
    """Return a strategy of instances, rich in missing fields."""
    required = {}
    optional = {}
    for name, hint in all_fields(model).items():
        into = required if model.model_fields[name].is_required() else optional
        if name in LEFT_OUT:
            continue
        into[name] = _values(hint)
    return st.fixed_dictionaries(required, optional=optional).map(model.model_validate)


def _values(hint: Any) -> st.SearchStrategy[Any]:
    item = st.one_of([_each(leaf) for leaf in leaves(hint)])
    return st.lists(item, max_size=2).map(tuple) if _is_list(hint) else item


def _each(leaf: Any) -> st.SearchStrategy[Any]:
    if leaf is Money:
        return st.sampled_from([Money.parse("50000 USD"), Money.parse("0.01 EUR")])
    if isinstance(leaf, type) and issubclass(leaf, Model):
        return instances(leaf)
    return st.sampled_from(candidates(leaf))
