"""Read and write fields of a record by dotted path.

Writing gives a new record that has been validated as a whole; the given one is untouched. A path
may lead through an item of a list: ``paper_items[nda].owner`` is the ``owner`` of the item that
the field naming the items of ``paper_items`` calls ``nda``. Which field that is stands in the
*keys*: the path of a list to the field that names its items.

This module does not know what a process is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from cosell._base import problems_from
from cosell.errors import InvalidDataError, Problem, did_you_mean

__all__ = [
    "NO_KEYS",
    "Keys",
    "adapter_of",
    "field_at",
    "fields_of",
    "find_blank",
    "item_model_of",
    "item_of",
    "merged",
    "model_of",
    "put",
    "read_path",
    "rewritten",
    "schema_of",
    "unkeyed",
]

_M = TypeVar("_M", bound=BaseModel)

#: The path of each list whose items are told apart, and the field that names them.
Keys = Mapping[str, str]
NO_KEYS: Final[Keys] = MappingProxyType({})

#: What an annotation may wrap a model in and still hold at most one.
_WRAPPING: Final = frozenset({Annotated, Union, UnionType})
#: A name of a path, and the key in brackets behind it.
_STEP: Final = re.compile(r"([^.\[\]]+)(?:\[([^\[\]]*)\])?(?:\.|$)")
_KEY: Final = re.compile(r"\[[^\[\]]*\]")


def model_of(annotation: Any) -> type[BaseModel] | None:
    """Return the model that a field of this annotation holds, alone or with ``None``."""
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, BaseModel) else None
    if get_origin(annotation) not in _WRAPPING:
        return None
    return next((found for part in get_args(annotation) if (found := model_of(part))), None)


def item_model_of(annotation: Any) -> type[BaseModel] | None:
    """Return the model of the items, of the annotation of a list of models."""
    return model_of(_item_in(annotation))


def field_at(model: type[BaseModel], path: str) -> FieldInfo | None:
    """Return the field at a dotted path, or ``None`` when there is none; an item is no field."""
    if "[" in path:
        return _field_in_item(model, path)
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


def _field_in_item(model: type[BaseModel], path: str) -> FieldInfo | None:
    owner: type[BaseModel] | None = model
    field: FieldInfo | None = None
    for name, key in _steps_of(path):
        field = None if owner is None else owner.model_fields.get(name)
        if field is None:
            return None
        owner = model_of(field.annotation) if key is None else item_model_of(field.annotation)
        field = None if key is not None else field
    return field


@lru_cache(maxsize=4_096)
def _steps_of(path: str) -> tuple[tuple[str, str | None], ...]:
    """Return the names of a path, each with the key behind it; none of a path that is none."""
    steps, end = [], 0
    while end < len(path):
        found = _STEP.match(path, end)
        if found is None:
            return ()
        steps.append((found[1], found[2]))
        end = found.end()
    return tuple(steps)


def unkeyed(path: str) -> str:
    """Return a path with empty brackets: it is the same for all items of a list.

    Example:
        >>> unkeyed("paper_items[nda].owner")
        'paper_items[].owner'
    """
    return _KEY.sub("[]", path) if "[" in path else path


@lru_cache(maxsize=4_096)
def adapter_of(model: type[BaseModel], path: str) -> TypeAdapter[Any]:
    """Return what validates values for the field at a path; anything fits where there is none."""
    field = field_at(model, path)
    return TypeAdapter(Any if field is None else field.rebuild_annotation())


@lru_cache(maxsize=4_096)
def schema_of(model: type[BaseModel], path: str) -> dict[str, Any]:
    """Return the JSON Schema of what the field at a path accepts. Treat it as frozen."""
    return adapter_of(model, path).json_schema()


def read_path(record: BaseModel, path: str, keys: Keys = NO_KEYS) -> Any:
    """Return the value at a dotted path; ``None`` when it, or a part on the way, is missing."""
    if "[" in path:
        return _read_item(record, path, keys)
    value: Any = record
    for name in path.split("."):
        if value is None:
            return None
        value = getattr(value, name)
    return value


def _read_item(record: BaseModel, path: str, keys: Keys) -> Any:
    value: Any = record
    place = ""
    for name, key in _steps_of(path):
        if value is None:
            return None
        value = getattr(value, name)
        place = f"{place}.{name}" if place else name
        if key is not None:
            value = next(_named(value, _key_of(place, path, keys), key), None)
    return value


def _named(items: Iterable[Any], key_field: str, key: str) -> Iterator[Any]:
    return (item for item in items if str(getattr(item, key_field)) == key)


def _key_of(place: str, path: str, keys: Keys) -> str:
    """Return the field that names the items of the list at ``place``."""
    if place in keys:
        return keys[place]
    problem = f"nothing says which field names the items of `{place}`"
    remedy = "Give the bound process: fold(bound, events)."
    raise InvalidDataError("the path", [Problem(path, problem, remedy)])


def rewritten(record: _M, changes: Mapping[str, Any], subject: str, keys: Keys = NO_KEYS) -> _M:
    """Return ``record`` with ``changes`` written, validated as one model.

    Args:
        record: The record to start from.
        changes: New values by dotted path.
        subject: What to call the changes in an error.
        keys: Which field names the items of each list that a path leads through.

    Raises:
        InvalidDataError: Naming every field that does not fit.
    """
    try:
        new: _M = record.__pydantic_validator__.validate_python(merged(record, changes, keys))
    except ValidationError as error:
        raise InvalidDataError(subject, problems_from(error)) from None
    return new


def merged(record: BaseModel, changes: Mapping[str, Any], keys: Keys = NO_KEYS) -> dict[str, Any]:
    """Return the fields of ``record`` by name with ``changes`` in them, not validated yet.

    Raises:
        InvalidDataError: A list has no such item.
    """
    values = fields_of(record)
    for path, value in changes.items():
        put(values, path, value, keys)
    return values


def put(
    values: dict[str, Any], path: str, value: Any, keys: Keys = NO_KEYS, above: str = ""
) -> None:
    """Write ``value`` at a dotted path into fields by name; parts on the way become tables.

    Args:
        values: The fields by name.
        path: Where to write, from there.
        value: What to write.
        keys: Which field names the items of each list that the path leads through.
        above: The path of what ``values`` are the fields of, with a final dot.

    Raises:
        InvalidDataError: A list has no such item.
    """
    head, dot, rest = path.partition(".")
    if "[" in head:
        _put_in_item(values, path, value, keys, above)
        return
    if not dot:
        values[head] = value
        return
    inner = _as_table(values.get(head))
    put(inner, rest, value, keys, f"{above}{head}.")
    values[head] = inner


def _put_in_item(values: dict[str, Any], path: str, value: Any, keys: Keys, above: str) -> None:
    """Write into an item of a list; an item on the way becomes a table."""
    # A key may hold dots, so that it is the bracket that ends it.
    (name, _, key), rest = path.partition("]")[0].partition("["), path.partition("]")[2]
    place = f"{above}{name}"
    key_field = _key_of(place, f"{above}{path}", keys)
    items = [*values[name]]
    found = [str(_as_table(item).get(key_field)) for item in items]
    if key not in found:
        problem = f"`{place}` has no item `{key}`"
        raise InvalidDataError(
            "the data", [Problem(f"{above}{path}", problem, did_you_mean(key, found))]
        )
    index = found.index(key)
    inner = _as_table(items[index])
    put(inner, rest.removeprefix("."), value, keys, f"{place}.")
    items[index] = inner
    values[name] = items


def _as_table(part: Any) -> dict[str, Any]:
    """Return the fields of a part by name; none of one that is missing."""
    if isinstance(part, BaseModel):
        return fields_of(part)
    return dict(part) if isinstance(part, Mapping) else {}


def fields_of(record: BaseModel) -> dict[str, Any]:
    """Return the fields of a model by name; cached properties do not count."""
    values = record.__dict__
    known = record.__pydantic_fields__
    if len(values) == len(known):
        return values.copy()
    return {name: values[name] for name in known}
