"""Write ``docs/models.md``: every field of the models that ship, from the models themselves.

Run ``python docs/models_page.py`` after a field has changed.
"""

# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from inspect import cleandoc, getdoc
from pathlib import Path
from types import UnionType
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import AwareDatetime, BaseModel

from cosell.models import (
    Conflict,
    CoSellProgram,
    DealRegistration,
    DevelopmentFund,
    FeeDispute,
    IncentiveRegistration,
    Lead,
    Opportunity,
    Part,
    Program,
    ReferredLead,
    SharedDeal,
)
from cosell.money import Money

PAGE: Final = Path(__file__).with_name("models.md")
ROOTS: Final = (
    Opportunity,
    Lead,
    DealRegistration,
    Conflict,
    ReferredLead,
    SharedDeal,
    IncentiveRegistration,
    CoSellProgram,
    Program,
    FeeDispute,
    DevelopmentFund,
)

_HEAD: Final = """\
# Models

The fields of the records that ship, `Opportunity`, `Lead` and the others, and of their parts.
A criterion and a mapping name a field by its path from the record: `acv`, `customer.name`.
A field that is not recorded is missing; *derived* fields are worked out, and cannot be set.

This page is written by `python docs/models_page.py`, and the tests compare it with the models.

## Parts that a track can lead

A track names one of these as its `part`:
"""
_TABLE: Final = "| field | type | what it is |\n| --- | --- | --- |"
_WORDS: Final[dict[Any, str]] = {
    bool: "yes or no",
    int: "whole number",
    str: "text",
    Decimal: "number",
    Money: "amount",
    date: "day",
    datetime: "moment",
    AwareDatetime: "moment",
    time: "time of day",
}
#: Paths at which a model stands, each with the records that have it.
_Places: TypeAlias = dict[str, list[str]]
_NOT_FIELDS: Final = frozenset(dir(BaseModel))
_ATTRIBUTE: Final = re.compile(r"^ {4}(\w+): (.*(?:\n {8,}.*)*)", re.MULTILINE)


def page() -> str:
    """Return the page."""
    places = _places()
    parts = [
        f"- {_place(at, roots)}: {_link(model)}"
        for model, found in places.items()
        if issubclass(model, Part)
        for at, roots in found.items()
    ]
    sections = [_section(model, found) for model, found in places.items()]
    return "\n".join([_HEAD, *parts, *sections, ""])


def _places() -> dict[type[BaseModel], _Places]:
    """Return each model with the paths at which it stands, in the order they are met."""
    found: dict[type[BaseModel], _Places] = {model: {} for model in ROOTS}
    waiting: list[tuple[type[BaseModel], type[BaseModel], str]] = [(it, it, "") for it in ROOTS]
    while waiting:
        root, model, before = waiting.pop(0)
        for name, hint in (_fields(model) | _derived(model)).items():
            for inner, in_list in _models_in(hint):
                path = f"{before}{name}{'[]' if in_list else ''}"
                found.setdefault(inner, {}).setdefault(path, []).append(root.__name__)
                waiting.append((root, inner, f"{path}."))
    return found


def _place(path: str, roots: list[str]) -> str:
    within = "" if len(roots) == len(ROOTS) else f" of {' and '.join(f'`{it}`' for it in roots)}"
    return f"`{path}`{within}"


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    hints = get_type_hints(model, include_extras=True)
    return {name: hints[name] for name in model.model_fields}


def _models_in(hint: Any, *, in_list: bool = False) -> Iterator[tuple[type[BaseModel], bool]]:
    """Yield each model of an annotation that is a table, and whether it is in a list."""
    if isinstance(hint, type) and issubclass(hint, BaseModel) and hint is not Money:
        yield hint, in_list
    for inner in get_args(hint):
        yield from _models_in(inner, in_list=in_list or get_origin(hint) is tuple)


def _section(model: type[BaseModel], places: _Places) -> str:
    helps = _helps(model)
    rows = [
        f"| `{it}` | {_type(hint)} | {helps.get(it, '')} |" for it, hint in _fields(model).items()
    ]
    rows += [
        f"| `{name}` | {_type(hint)}, derived | {_first(getattr(model, name))} |"
        for name, hint in _derived(model).items()
    ]
    where = "; ".join(_place(path, roots) for path, roots in places.items())
    head = f"\n## {model.__name__}\n\n{_first(model)}\n"
    return "\n".join([head, *([f"At {where}.\n"] if where else []), _TABLE, *rows])


def _helps(model: type[BaseModel]) -> dict[str, str]:
    """Return what the docstrings say about each field, of the nearest class that says it."""
    helps: dict[str, str] = {}
    for each in reversed(model.__mro__):
        text = cleandoc(each.__doc__ or "").partition("Attributes:\n")[2]
        helps |= {name: _cell(said) for name, said in _ATTRIBUTE.findall(text)}
    return helps


def _derived(model: type[BaseModel]) -> dict[str, Any]:
    """Return each derived field with its annotation."""
    found = {name: getattr(model, name, None) for name in dir(model) if name not in _NOT_FIELDS}
    return {
        name: get_type_hints(each.fget, include_extras=True).get("return")
        for name, each in found.items()
        if isinstance(each, property) and not name.startswith("_")
    }


def _first(found: object) -> str:
    return _cell((getdoc(found) or "").partition("\n\n")[0])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("``", "`").replace("|", "\\|")


def _type(hint: Any) -> str:
    """Return what people call an annotation."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint in _WORDS:
        return _WORDS[hint]
    if origin is Annotated:
        return _type(inner[0])
    if origin in {Union, UnionType}:
        return " or ".join(dict.fromkeys(_type(each) for each in inner if each is not type(None)))
    labels = list(hint) if isinstance(hint, type) and issubclass(hint, StrEnum) else inner
    if labels is not inner or origin is Literal:
        return ", ".join(f"`{each}`" for each in labels)
    if origin is tuple:
        return f"list of {_type(inner[0])}"
    return f"table of {_type(inner[-1])}" if inner else _link(hint)


def _link(model: type) -> str:
    return f"[{model.__name__}](#{model.__name__.lower()})"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
