"""Tell in cosell's words of an argument of the wrong kind, once Python has stumbled over it.

Rules:

1. A call that works is not looked at: what is checked is checked after it failed.
2. The kinds are the annotations of the function; they stand nowhere a second time.
3. A model that was given is validated only then, too: ``model_copy`` changes one without.
4. What cosell says itself stays as it is, but for the name of an argument that a function within
   calls otherwise. So does an error that no argument is to blame for, such as a missing argument
   or one of a host's own function.

This module does not know what any function does.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from functools import wraps
from types import MappingProxyType, NoneType, UnionType
from typing import (
    Any,
    Final,
    Literal,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from cosell.errors.base import CosellError
from cosell.errors.given import InvalidDataError, WrongKindError

__all__ = ["STUMBLES", "blame", "hints_of", "tells_kinds"]

_F = TypeVar("_F", bound=Callable[..., Any])
#: Where a wrong value stands, what it is, and of what kind it should be.
_Misfit = tuple[str, object, Any]
_UNIONS: Final = frozenset({Union, UnionType})

#: What Python raises where a value is not what the code takes it for.
STUMBLES: Final = (AttributeError, LookupError, TypeError, ValueError)

#: How a value of a kind is written, where its name alone does not help.
_LIKE: Final[Mapping[object, str]] = MappingProxyType(
    {
        str: 'a text, such as "o-1"',
        int: "a whole number, such as 5",
        bool: "True or False",
        NoneType: "None",
        datetime: "a moment, such as datetime(2026, 11, 20, 9, tzinfo=UTC)",
        date: "a day, such as date(2026, 11, 20)",
        tzinfo: 'a time zone, such as ZoneInfo("Europe/Prague")',
        "Actor": 'Actor("p-7", role="partner", party="acme")',
        "Bound": 'a bound process, such as catalog.load("make").bind(calendars={...})',
        "BoundPlan": 'a bound fee plan, such as bind_plan(catalog.load_fee_plan("make_example"))',
        "Money": 'Money.parse("50000 USD")',
        "Process": 'a process, such as catalog.load("make").process',
        "Record": "a record, such as an Opportunity",
        "Mapping": 'a mapping, such as {"acv": "50000 USD"}',
        "type": "a class, such as cosell.Opportunity",
    }
)


def tells_kinds(asked: _F) -> _F:
    """Return a function that blames the argument when Python stumbles over one of the wrong kind.

    Of a class, it is its constructor and all its own public methods that do so.

    Args:
        asked: A function or method, awaited or not, or a class.
    """
    if isinstance(asked, type):
        for name, method in list(vars(asked).items()):
            if inspect.isfunction(method) and (name == "__init__" or not name.startswith("_")):
                setattr(asked, name, tells_kinds(method))
        return cast("_F", asked)
    return cast("_F", _awaited(asked) if inspect.iscoroutinefunction(asked) else _called(asked))


def _called(asked: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(asked)
    def telling(*arguments: Any, **named: Any) -> Any:
        try:
            return asked(*arguments, **named)
        except STUMBLES as error:
            blame(error, asked, arguments, named)
            raise

    return telling


def _awaited(asked: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(asked)
    async def telling(*arguments: Any, **named: Any) -> Any:
        try:
            return await asked(*arguments, **named)
        except STUMBLES as error:
            blame(error, asked, arguments, named)
            raise

    return telling


def blame(
    error: Exception,
    asked: Callable[..., Any],
    arguments: Sequence[Any] = (),
    named: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Raise an error of cosell's own if an argument is to blame for an error of Python.

    That is ``WrongKindError`` for one of the wrong kind, and ``InvalidDataError`` for a model,
    such as a record, that was changed without being validated.

    Args:
        error: What a call raised.
        asked: What was called.
        arguments: What it was given by place.
        named: What it was given by name.
    """
    if isinstance(error, CosellError) and not isinstance(error, WrongKindError):
        return
    try:
        given = inspect.signature(asked).bind(*arguments, **named).arguments
    except TypeError:
        return  # an argument is missing or not known, which Python says best
    if isinstance(error, WrongKindError) and error.name.partition("[")[0] in given:
        return
    hints = hints_of(asked)
    for name, value in _one_by_one(given, hints):
        if name in hints:
            for path, wrong, kind in _misfits(name, value, hints[name]):
                raise WrongKindError(path, wrong, _like(kind)) from error
    for name, value in given.items():
        _refuse_unsound(name, value, error)


def _refuse_unsound(name: str, value: object, error: Exception) -> None:
    """Raise ``InvalidDataError`` if a model, or one of a list of them, does not fit itself."""
    if isinstance(value, tuple | list):
        for index, each in enumerate(value):
            _refuse_unsound(f"{name}[{index}]", each, error)
    # Models lie above errors: this one is asked through what they have.
    within = getattr(type(value), "_problems_within", None)
    if within is None or not (problems := list(within(value))):
        return
    kind = type(value).__name__
    way = f"`model_copy` validates nothing: use {kind}.model_validate({{**dict(it), ...}})."
    said = [replace(each, remedy=f"{each.remedy} {way}") for each in problems]
    raise InvalidDataError(f"the {kind} given as `{name}`", said) from error


def hints_of(asked: Callable[..., Any]) -> dict[str, Any]:
    """Return the kind of each argument, those that are given by name alone among them."""
    hints = get_type_hints(asked)
    for kind in list(hints.values()):
        for named in get_args(kind):
            if is_typeddict(named):
                hints |= get_type_hints(named)
    return hints


def _one_by_one(given: Mapping[str, Any], hints: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each argument; those of ``**named`` apart."""
    for name, value in given.items():
        if any(map(is_typeddict, get_args(hints.get(name)))):
            yield from value.items()
        else:
            yield name, value


def _misfits(name: str, value: object, kind: Any) -> Iterator[_Misfit]:
    """Yield what of a value is of another kind, if anything is."""
    kind = _bound_of(kind)
    if get_origin(kind) not in _UNIONS:
        yield from _inside(name, value, kind)
    elif all(any(_misfits(name, value, part)) for part in get_args(kind)):
        yield name, value, kind


def _inside(name: str, value: object, kind: Any) -> Iterator[_Misfit]:
    """Yield that a value is of another kind, or else what of its items is."""
    origin, parts = get_origin(kind), get_args(kind)
    if not _is_a(value, origin or kind, parts):
        yield name, value, kind
    elif not (isinstance(value, Collection) and _holds(origin)):
        return
    elif isinstance(value, str):
        # A text is a list of letters, and is hardly ever meant so.
        yield from ((name, value, kind) for _ in _misfits(name, "", parts[0]))
    else:
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, each in items:
            yield from _misfits(f"{name}[{key!r}]", each, parts[-1 if origin is Mapping else 0])


def _is_a(value: object, kind: Any, parts: Sequence[Any]) -> bool:
    """Whether a value is of a kind, whatever it holds."""
    if kind is Any:
        return True
    if kind is Literal:
        return value in parts
    if kind is type:
        return isinstance(value, type) and issubclass(value, tuple(map(_bound_of, parts)))
    if getattr(kind, "_is_protocol", False):
        return all(hasattr(value, name) for name in vars(kind) if not name.startswith("_"))
    return not isinstance(kind, type) or isinstance(value, kind)


def _bound_of(kind: Any) -> Any:
    """Return what a variable kind is at least, and any other kind as it is."""
    return (kind.__bound__ or Any) if isinstance(kind, TypeVar) else kind


def _holds(origin: Any) -> bool:
    """Whether values of a kind hold items of another one."""
    return isinstance(origin, type) and origin is not type and issubclass(origin, Iterable)


def _like(kind: Any) -> str:
    """Return how a value of a kind is written."""
    kind = _bound_of(kind)
    origin, parts = get_origin(kind), get_args(kind)
    if origin in _UNIONS or origin is Literal:
        return " or ".join(map(repr if origin is Literal else _like, parts))
    name = getattr(origin or kind, "__name__", str(kind))
    if _holds(origin) and not issubclass(origin, Mapping):
        return f"a list; each of it {_like(parts[0])}"
    return _LIKE.get(kind) or _LIKE.get(name) or f"a {name}"
