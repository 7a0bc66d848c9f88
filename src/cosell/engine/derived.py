"""Which fields a derived field reads, as far as its code can tell.

Rules:

1. Every name that the code uses counts, texts included, with the code of what it calls: other
   derived fields and methods of its model, functions of its module, functions inside it.
2. Code that cannot be looked at may read anything.

This module does not know what the names are good for. A field that is reached without its name
(``model_dump``, ``vars``, a name put together from pieces) is not found.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

from pydantic import BaseModel

__all__ = ["derived_in", "names_read"]


def derived_in(model: type[BaseModel], name: str) -> Any:
    """Return the derived field ``name`` of a model, or ``None`` if it has none."""
    return next((each for each in _named(model, name) if _is_derived(each)), None)


def _is_derived(found: Any) -> bool:
    return isinstance(found, property | cached_property)


def _named(model: type[BaseModel], name: str) -> Iterator[Any]:
    """Yield what a model and its bases call ``name``, the nearest first."""
    for base in model.__mro__:
        if name in vars(base):
            yield vars(base)[name]


@lru_cache(maxsize=4_096)
def names_read(model: type[BaseModel], name: str) -> frozenset[str] | None:
    """Return the names that a derived field may read; ``None`` if its code cannot be looked at.

    Example:
        >>> from cosell.models import Opportunity
        >>> found = names_read(Opportunity, "partner_informed_before_contact")
        >>> sorted(found & set(Opportunity.model_fields))
        ['activities', 'registered_at', 'registration']
    """
    names: set[str] = set()
    seen: set[CodeType] = set()
    waiting = [_function_of(derived_in(model, name))]
    while waiting:
        function = waiting.pop()
        if not isinstance(function, FunctionType):
            return None
        if function.__code__ in seen:
            continue
        seen.add(function.__code__)
        used = set(_names_in(function.__code__))
        names |= used
        waiting += _called(function, used)
        waiting += [
            _function_of(found)
            for each in used
            if each not in model.model_fields
            for found in _named(model, each)
            if _is_code(found)
        ]
    return frozenset(names)


def _function_of(found: Any) -> Any:
    if isinstance(found, property):
        return found.fget
    if isinstance(found, cached_property):
        return found.func
    return getattr(found, "__func__", found)


def _is_code(found: Any) -> bool:
    return _is_derived(found) or isinstance(_function_of(found), FunctionType)


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, CodeType):
            yield from _names_in(constant)


def _called(function: FunctionType, used: set[str]) -> Iterator[FunctionType]:
    """Yield the functions that a function knows by name, or holds on to."""
    known = [function.__globals__.get(name) for name in used]
    modules = [each for each in known if isinstance(each, ModuleType)]
    known += [getattr(module, name, None) for module in modules for name in used]
    for cell in function.__closure__ or ():
        known.append(cell.cell_contents)
    yield from (each for each in known if isinstance(each, FunctionType))
