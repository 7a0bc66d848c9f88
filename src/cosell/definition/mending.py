"""Make the best of a definition that is partly wrong, so that the rest of it can be checked.

Rules:

1. A misspelt key is taken as the one that is meant; any other unknown key is left out.
2. A wrong value is left out where nothing need stand there. Where something must, and in a table
   of names, something that fits stands in: what has a name keeps it.
3. Where that does not help, the same is done with what stands around it.
4. All this is hidden (see ``cosell.definition.hidden``), and so is whatever an unknown key may
   stand for: nothing is concluded from it.

This module does not know what is said of what is wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from difflib import get_close_matches
from enum import Enum
from inspect import isclass
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from cosell.definition.hidden import STAND_IN, Hidden
from cosell.definition.known import NAMES
from cosell.definition.line import Lock
from cosell.definition.text import Path
from cosell.rules import Criterion

__all__ = ["fields_at", "mended", "mistakes_in", "written_path"]

_M = TypeVar("_M", bound=BaseModel)
#: Mistakes are mended from the inside out; nothing stands so deep that it takes longer.
_MOST_ROUNDS: Final = 20
_UNKNOWN: Final = "extra_forbidden"
_MISSING: Final = "missing"
#: Where pydantic places what is wrong with a key of a table of names.
_OF_A_KEY: Final = "[key]"
#: What makes a row valid beyond its required fields.
_NEEDED: Final[dict[type[BaseModel], dict[str, Any]]] = {
    Criterion: {"need": "True"},
    Lock: {"once": True},
}


def mended(
    model: type[_M], content: Mapping[str, Any], error: ValidationError
) -> tuple[_M, Hidden] | None:
    """Return a definition with something in the place of what is wrong, and what that hides.

    Args:
        model: What it should be.
        content: What was read, which is left as it is.
        error: Why it is none.

    Returns:
        ``None`` where it cannot be made one.
    """
    mending = _Mending(model, deepcopy(dict(content)))
    for _ in range(_MOST_ROUNDS):
        mending.mend(error)
        try:
            return model.model_validate(mending.content), Hidden(mending.hidden, mending.taken)
        except ValidationError as found:
            error = found
    return None


def mistakes_in(error: ValidationError) -> list[ErrorDetails]:
    """Return what pydantic found, but not that a list is short whose items do not fit."""
    found = error.errors(include_url=False, include_context=False)
    around = {item["loc"][:length] for item in found for length in range(len(item["loc"]))}
    return [item for item in found if item["type"] != "too_short" or item["loc"] not in around]


def written_path(item: ErrorDetails, content: Any) -> Path:
    """Return the part of an error's place that stands in the text: no names of alternatives."""
    path: Path = ()
    for key in item["loc"]:
        if _holds(content, key):
            content = content[key]
            path = (*path, key)
    return (*path, item["loc"][-1]) if item["type"] == _MISSING else path


def fields_at(model: type[BaseModel], path: Path) -> dict[str, FieldInfo]:
    """Return the fields that a table at ``path`` may have, by name."""
    kinds = _kinds_at(model, path)
    return {key: field for kind in kinds for key, field in _fields_of(kind).items()}


class _Mending:
    """What was read, on its way to something that can be checked."""

    def __init__(self, model: type[BaseModel], content: dict[str, Any]) -> None:
        self.content = content
        self.hidden: set[Path] = set()
        self.taken: set[Path] = set()
        self._model = model
        self._tried: set[Path] = set()

    def mend(self, error: ValidationError) -> None:
        """Do one thing about each mistake."""
        found = [(written_path(item, self.content), item) for item in mistakes_in(error)]
        # A misspelt key is what is missing elsewhere.
        for path, item in sorted(found, key=lambda each: each[1]["type"] != _UNKNOWN):
            if item["type"] == _UNKNOWN:
                self._without_key(path)
            elif item["loc"][-1:] == (_OF_A_KEY,):
                self._table_at(path[:-1]).pop(path[-1], None)
                self.hidden.add((*path[:-1], NAMES))
            else:
                self._with_stand_in(path, missing=item["type"] == _MISSING)

    def _table_at(self, path: Path) -> Any:
        """Return what stands at ``path``; an empty table if it is not there any more."""
        found: Any = self.content
        for key in path:
            if not _holds(found, key):
                return {}
            found = found[key]
        return found

    def _without_key(self, path: Path) -> None:
        """Take an unknown key as the one that is meant, or out."""
        *around, key = path
        table = self._table_at(tuple(around))
        fields = fields_at(self._model, tuple(around))
        near = get_close_matches(str(key), fields, n=1)
        self.hidden.add(path)
        value = table.pop(key)
        if near and near[0] not in table:
            table[near[0]] = value
            self.taken.add((*around, near[0]))
        else:
            left = fields.keys() - table.keys()
            self.hidden |= {(*around, name) for name in left if _may_be(value, fields[name])}

    def _with_stand_in(self, path: Path, *, missing: bool) -> None:
        while path in self._tried:
            path = path[:-1]
        around = self._table_at(path[:-1])
        if not path or (missing and _holds(around, path[-1])):
            return
        key = path[-1]
        # What stands there from now on has not been tried.
        self._tried = {each for each in self._tried if each[: len(path)] != path} | {path}
        self.hidden.add(path)
        field = fields_at(self._model, path[:-1]).get(str(key))
        if isinstance(around, dict) and field is not None and not field.is_required():
            around.pop(key, None)
        elif missing or _holds(around, key):
            around[key] = _stand_in(_kinds_at(self._model, path), self._table_at(path))


def _stand_in(kinds: Collection[Any], given: Any) -> Any:
    """Return the least that fits; of a table that was given, with what it has to have."""
    kind: Any = str if str in kinds else next(iter(kinds))
    inner = get_args(kind)
    if get_origin(kind) is tuple:
        return [_stand_in(list(_flat(inner[0])), None)]
    if get_origin(kind) is Literal:
        return inner[0]
    if inner:
        return {STAND_IN: _stand_in(list(_flat(inner[1])), None)}
    if issubclass(kind, BaseModel):
        needed = next((more for each, more in _NEEDED.items() if issubclass(kind, each)), {})
        return _required(kind, given) | needed
    if issubclass(kind, Enum):
        return next(iter(kind)).value
    return STAND_IN if issubclass(kind, str) else 1


def _required(model: type[BaseModel], given: Any) -> dict[str, Any]:
    """Return what a table says of what it has to say."""
    fields = _fields_of(model)
    said = given.items() if isinstance(given, dict) else ()
    return {key: value for key, value in said if key in fields and fields[key].is_required()}


def _kinds_at(model: type[BaseModel], path: Path) -> list[Any]:
    """Return what may stand at ``path``, each alternative by itself."""
    kinds: list[Any] = [model]
    for key in path:
        kinds = [kind for each in kinds for inner in _inside(each, key) for kind in _flat(inner)]
    return kinds


def _inside(kind: Any, key: str | int) -> Iterator[Any]:
    origin = get_origin(kind)
    if key in _fields_of(kind):
        yield _fields_of(kind)[str(key)].annotation
    elif origin is tuple:
        yield get_args(kind)[0]
    elif isclass(origin) and issubclass(origin, Mapping):
        yield get_args(kind)[1]


def _fields_of(kind: Any) -> dict[str, FieldInfo]:
    return kind.model_fields if isclass(kind) and issubclass(kind, BaseModel) else {}


def _may_be(value: Any, field: FieldInfo) -> bool:
    """Whether a value may be meant for a field: a table where there is one, anything else else."""
    kinds = [get_origin(kind) or kind for kind in _flat(field.annotation)]
    takes_table = any(isclass(kind) and issubclass(kind, Mapping | BaseModel) for kind in kinds)
    return isinstance(value, dict) is takes_table


def _flat(annotation: Any) -> Iterator[Any]:
    """Yield each alternative of an annotation, without what is said about it."""
    if get_origin(annotation) is Annotated:
        yield from _flat(get_args(annotation)[0])
    elif get_origin(annotation) in {Union, UnionType}:
        for each in get_args(annotation):
            yield from _flat(each)
    elif annotation is not NoneType:
        yield annotation


def _holds(content: Any, key: str | int) -> bool:
    if isinstance(content, Mapping):
        return key in content
    return isinstance(content, list) and isinstance(key, int) and key < len(content)
