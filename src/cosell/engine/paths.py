"""Read and write fields of a record by dotted path.

Writing gives a new record that has been validated as a whole; the given one is untouched.

This module does not know what a process is.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from cosell._base import problems_from
from cosell.errors import InvalidDataError

__all__ = [
    "adapter_of",
    "field_at",
    "fields_of",
    "find_blank",
    "item_of",
    "merged",
    "model_of",
    "put",
    "read_path",
    "rewritten",
    "schema_of",
]

_M = TypeVar("_M", bound=BaseModel)

#: What an annotation may wrap a model in and still hold at most one.
_WRAPPING: Final = frozenset({Annotated, Union, UnionType})


def model_of(annotation: Any) -> type[BaseModel] | None:
    """Return the model that a field of this annotation holds, alone or with ``None``."""
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, BaseModel) else None
    if get_origin(annotation) not in _WRAPPING:
        return None
    return next((found for part in get_args(annotation) if (found := model_of(part))), None)


def field_at(model: type[BaseModel], path: str) -> FieldInfo | None:
    """Return the field at a dotted path, or ``None`` when there is none."""
    head, _, rest = path.partition(".")
    field = model.model_fields.get(head)
    if field is None or not rest:
        return field
    inner = model_of(field.annotation)
    return field_at(inner, rest) if inner is not None else None


def item_of(model: type[BaseModel], path: str) -> Any:
    """Return the annotation of one item of the list at a path, or ``None`` if there is no list."""
    field = field_at(model, path)
    return None if field is None else _item_in(field.annotation)


def _item_in(annotation: Any) -> Any:
    if get_origin(annotation) is tuple:
        item, *rest = get_args(annotation)
        return item if rest == [...] else None
    return _item_in(get_args(annotation)[0]) if get_origin(annotation) is Annotated else None


def find_blank(model: type[BaseModel], path: str) -> tuple[Any] | None:
    """Return what the field at a path holds when it is emptied, or ``None`` if it cannot be."""
    field = field_at(model, path)
    if field is None:
        return None
    if not field.is_required():
        return (field.get_default(call_default_factory=True),)
    adapter = adapter_of(model, path)
    for blank in (None, ()):
        try:
            adapter.validate_python(blank)
        except ValidationError:
            continue
        return (blank,)
    return None


@lru_cache(maxsize=4_096)
def adapter_of(model: type[BaseModel], path: str) -> TypeAdapter[Any]:
    """Return what validates values for the field at a path; anything fits where there is none."""
    field = field_at(model, path)
    return TypeAdapter(Any if field is None else field.rebuild_annotation())


@lru_cache(maxsize=4_096)
def schema_of(model: type[BaseModel], path: str) -> dict[str, Any]:
    """Return the JSON Schema of what the field at a path accepts. Treat it as frozen."""
    return adapter_of(model, path).json_schema()


def read_path(record: BaseModel, path: str) -> Any:
    """Return the value at a dotted path; ``None`` when it, or a part on the way, is missing."""
    value: Any = record
    for name in path.split("."):
        if value is None:
            return None
        value = getattr(value, name)
    return value


def rewritten(record: _M, changes: Mapping[str, Any], subject: str) -> _M:
    """Return ``record`` with ``changes`` written, validated as one model.

    Args:
        record: The record to start from.
        changes: New values by dotted path.
        subject: What to call the changes in an error.

    Raises:
        InvalidDataError: Naming every field that does not fit.
    """
    try:
        new: _M = record.__pydantic_validator__.validate_python(merged(record, changes))
    except ValidationError as error:
        raise InvalidDataError(subject, problems_from(error)) from None
    return new


def merged(record: BaseModel, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of ``record`` by name with ``changes`` in them, not validated yet."""
    values = fields_of(record)
    for path, value in changes.items():
        put(values, path, value)
    return values


def put(values: dict[str, Any], path: str, value: Any) -> None:
    """Write ``value`` at a dotted path into fields by name; parts on the way become tables."""
    head, dot, rest = path.partition(".")
    if not dot:
        values[head] = value
        return
    part = values.get(head)
    if isinstance(part, BaseModel):
        inner = fields_of(part)
    else:
        inner = dict(part) if isinstance(part, Mapping) else {}
    put(inner, rest, value)
    values[head] = inner


def fields_of(record: BaseModel) -> dict[str, Any]:
    """Return the fields of a model by name; cached properties do not count."""
    values = record.__dict__
    known = record.__pydantic_fields__
    if len(values) == len(known):
        return values.copy()
    return {name: values[name] for name in known}
