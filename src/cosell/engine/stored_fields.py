"""Which fields come back from a store as they were written, by what their model says of them.

Rules:

1. A record is stored as JSON. A field that JSON cannot hold, or that is left out of it, is refused
   when the process is bound.
2. Where the types do not tell (``Any``, ``date | str``, a host's own validators), the model is *in
   doubt*: whoever stores a record of it compares what would come back.

This module does not know what a store is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from inspect import isclass
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import (
    AllowInfNan,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    PydanticSchemaGenerationError,
    Secret,
    SecretBytes,
    SecretStr,
    StringConstraints,
    TypeAdapter,
)
from pydantic.fields import FieldInfo

from cosell.errors import Problem

__all__ = ["is_in_doubt", "problems_in_fields"]

#: A field, ``OurDeal.token``, with what is wrong and what to do; ``None`` is a doubt.
_Found = tuple[str, tuple[str, str] | None]

_KEPT: Final = 1_000
#: Types whose values always come back.
_SURE: Final = frozenset(
    {bool, int, str, Decimal, date, datetime, AwareDatetime, time, timedelta, UUID, NoneType}
)
_UNIONS: Final = frozenset({Union, UnionType})
_HOLDERS: Final = frozenset({tuple, list, set, frozenset, Sequence, AbstractSet, dict, Mapping})
#: Types whose values never come back, with what is wrong and what to do.
_NEVER: Final = (
    (
        (SecretStr, SecretBytes, Secret),
        "is a secret, of which a store would keep asterisks",
        "Keep the secret elsewhere, and here a text that names it.",
    ),
    (
        (bytes, bytearray, memoryview),
        "holds bytes, which JSON does not have",
        "Make it a text, and write the bytes in base64.",
    ),
)
_OBJECT: Final = (
    "holds objects that JSON does not have",
    "Use texts, numbers, days, moments, true or false, a model, or a tuple of these.",
)
_EXCLUDED: Final = ("is left out of what is stored", "Take `exclude` off, or make it a property.")
_ALIASED: Final = (
    "has an alias, and is stored and read by its name",
    "Take the alias off, and rename what comes under it before you make the record.",
)
#: Where what may stand beside a type comes from, if it changes no value.
_HARMLESS: Final = ("annotated_types", "cosell.", "pydantic._internal._fields")


def problems_in_fields(model: type[BaseModel]) -> Iterator[Problem]:
    """Yield every field of a model, and of the models in it, that no store gives back."""
    for where, wrong in _found_in(model):
        if wrong is not None:
            problem, remedy = wrong
            yield Problem("record", f"`{where}` {problem}", remedy)


def is_in_doubt(model: type[BaseModel]) -> bool:
    """Whether a value that fits the model may come back from a store as another one."""
    return bool(_found_in(model))


@lru_cache(maxsize=_KEPT)
def _found_in(model: type[BaseModel]) -> tuple[_Found, ...]:
    return tuple(_in_model(model, set()))


def _in_model(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[_Found]:
    is_part = bool(seen)
    if model in seen:
        return
    seen.add(model)
    if not getattr(model, "__pydantic_fields_complete__", True):
        model.model_rebuild()
    if model.model_config.get("strict") or _works_on_values(model, is_part=is_part):
        yield model.__name__, None
    for name, field in model.model_fields.items():
        where = f"{model.__name__}.{name}"
        yield from ((where, each) for each in _in_field(field, model.model_config))
        # In events, a field of a part that is empty is left out.
        if is_part and field.get_default() is not None and _may_be_empty(field.annotation):
            yield where, None
        yield from _in_type(field.annotation, field.metadata, where, seen)


def _works_on_values(model: type[BaseModel], *, is_part: bool) -> bool:
    """Whether a host's own code changes values as they are read or written."""
    own = model.__pydantic_decorators__
    tables: list[Mapping[str, Any]] = [
        own.validators,
        own.root_validators,
        own.field_validators,
        own.model_validators,
        own.field_serializers,
        own.model_serializers,
    ]
    # Those of the record itself are not stored.
    if is_part:
        tables.append(own.computed_fields)
    functions = (each.func for table in tables for each in table.values())
    return not all(_is_harmless(getattr(each, "__module__", "")) for each in functions)


def _is_harmless(module: str) -> bool:
    return module.startswith(_HARMLESS)


def _in_field(field: FieldInfo, config: ConfigDict) -> Iterator[tuple[str, str] | None]:
    if field.exclude:
        yield _EXCLUDED
    if field.alias or field.validation_alias or field.serialization_alias:
        by_name = config.get("validate_by_name") or config.get("populate_by_name")
        yield None if by_name else _ALIASED


def _may_be_empty(annotation: Any) -> bool:
    return annotation is NoneType or any(map(_may_be_empty, get_args(annotation)))


def _in_type(
    annotation: Any, beside: Collection[Any], where: str, seen: set[type[BaseModel]]
) -> Iterator[_Found]:
    """Yield why values of a type may not come back."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if not all(map(_changes_nothing, beside)):
        yield where, None  # what is beside it may read and write what the type alone cannot
    elif origin is Annotated:
        yield from _in_type(inner[0], inner[1:], where, seen)
    elif origin is Literal:
        if not all(isinstance(label, str | int | None) for label in inner):
            yield where, None
    elif origin in _UNIONS or origin in _HOLDERS:
        if origin in _UNIONS and len([each for each in inner if each is not NoneType]) > 1:
            yield where, None
        for each in inner:
            if each is not ...:
                yield from _in_type(each, (), where, seen)
    elif isclass(kind := origin or annotation):
        yield from _in_class(kind, where, seen)
    else:
        yield where, None


def _changes_nothing(beside: object) -> bool:
    """Whether what stands beside a type only bounds its values."""
    if isinstance(beside, FieldInfo):
        return all(map(_changes_nothing, beside.metadata))
    if isinstance(beside, StringConstraints | AllowInfNan):
        return True
    made_by = getattr(beside, "func", type(beside))
    return _is_harmless(getattr(made_by, "__module__", ""))


def _in_class(found: type[Any], where: str, seen: set[type[BaseModel]]) -> Iterator[_Found]:
    if found in _SURE:
        return
    if issubclass(found, BaseModel):
        yield from _in_model(found, seen)
        return
    for kinds, problem, remedy in _NEVER:
        if issubclass(found, kinds):
            yield where, (problem, remedy)
            return
    if not _is_labels(found):
        yield where, None if _is_known(found) else _OBJECT


def _is_labels(found: type[Any]) -> bool:
    return issubclass(found, Enum) and all(isinstance(each.value, str | int) for each in found)


def _is_known(found: type[Any]) -> bool:
    """Whether pydantic knows how to read and write values of a class."""
    try:
        TypeAdapter(found)
    except PydanticSchemaGenerationError:
        return False
    return True
