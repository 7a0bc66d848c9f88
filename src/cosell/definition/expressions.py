"""Check that each expression of a definition can be read, before any model is known.

What its names mean, and whether its types fit, is checked when the definition is bound. What is
found then rests on the parts of the definition that say what names mean.

This module does not know what an expression asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from cosell._base import Model
from cosell.definition.access import Edit, ViewRow
from cosell.definition.approval import ApprovalRow
from cosell.definition.fee_terms import AmountTerms, Clawback, Condition, Each, OwnRate, Window
from cosell.definition.known import NAMES, Resting, unreadable
from cosell.definition.text import Path, path_of
from cosell.errors import ExpressionError, Problem
from cosell.rules import Criterion
from cosell.rules.parse import parse

__all__ = ["about_model", "problems_in_expressions"]

#: The fields that hold expressions.
_EXPRESSIONS: Final[Mapping[type[Model], tuple[str, ...]]] = MappingProxyType(
    {
        Criterion: ("when", "need", "inputs"),
        ApprovalRow: ("when",),
        Edit: ("when",),
        ViewRow: ("when",),
        Condition: ("since",),
        Clawback: ("since",),
        Window: ("starts", "of", "when"),
        Each: ("at", "year", "years_from", "takes_back", "original"),
        OwnRate: ("when", "rate_from"),
        AmountTerms: ("base",),
    }
)

#: What says which fields and facts there are beside those of the model.
_NAMED: Final = ("tracks.*.part", "tracks.*.key", f"facts.{NAMES}")
#: What says which values a stage can be.
_STAGES: Final = ("stages.*.id", "tracks.*.stages.*.id")
_WORD: Final = re.compile(r"[a-z][a-z0-9_]*")
_ALL: Final = re.compile(r"\ball\s*\(")
_NEED: Final = "need"
_STAGE: Final = "stage"


def problems_in_expressions(definition: Model, *fields: str) -> Iterator[Problem]:
    """Yield each expression that cannot be read.

    Args:
        definition: A process or a fee plan.
        fields: Its own fields that hold expressions.

    Yields:
        Problems with their path; file and line are the loader's to add.
    """
    yield from _in_thing(definition, fields, "")


def _in_thing(thing: Model, expressions: tuple[str, ...], path: str) -> Iterator[Problem]:
    for field in type(thing).model_fields:
        value = getattr(thing, field)
        if field in expressions:
            yield from _in_text(value, path + field)
        else:
            yield from _in_value(value, path + field)


def _in_value(value: Any, path: str) -> Iterator[Problem]:
    """Yield what is wrong in a thing, or in a list or table of them."""
    if isinstance(value, Model):
        kinds = (each for kind, each in _EXPRESSIONS.items() if isinstance(value, kind))
        yield from _in_thing(value, next(kinds, ()), f"{path}.")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _in_value(each, f"{path}.{key}")
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from _in_value(each, f"{path}[{index}]")


def _in_text(text: Any, path: str) -> Iterator[Problem]:
    """Yield why an expression, or one of a list of them, cannot be read."""
    if isinstance(text, tuple):
        for index, each in enumerate(text):
            yield from _in_text(each, f"{path}[{index}]")
    elif text is not None:
        try:
            parse(text)
        except ExpressionError as error:
            yield unreadable(path, error)


def about_model(definition: Model, problems: Iterable[Problem]) -> Iterator[Resting]:
    """Yield what does not fit a model as problems that rest on what names mean.

    What is wrong with the zone is told of the definition itself, and predicates are a host's.

    Args:
        definition: The process or fee plan that they were found in.
        problems: What does not fit.
    """
    for found in problems:
        if found.path != "zone" and not found.path.endswith(".predicate"):
            yield _resting(definition, found)


def _resting(definition: Model, found: Problem) -> Resting:
    path = path_of(found.path)
    text = _at(definition, path)
    meant = _NAMED if found.excerpt is None else (*_NAMED, *_meant(text))
    # Whether a list of which all items must pass may be empty is said by another criterion.
    counts = isinstance(text, str) and _ALL.search(text)
    others = [".".join(map(str, (*path[:-2], "*", _NEED)))] if counts else []
    return Resting(
        found.path,
        found.problem,
        found.remedy,
        column=found.column,
        excerpt=found.excerpt,
        on=(*meant, *others, found.path),
    )


def _meant(text: Any) -> Iterator[str]:
    """Yield what says what the names in an expression mean; of none that is written, anything."""
    words = _WORD.findall(text) if isinstance(text, str) else ["*", _STAGE]
    yield f"parameters.{NAMES}"
    yield from (f"{table}.{word}" for word in words for table in ("parameters", "facts"))
    if _STAGE in words:
        yield from _STAGES


def _at(definition: Model, path: Path) -> Any:
    """Return what stands at ``path``, if anything does."""
    found: Any = definition
    for key in path:
        if isinstance(found, tuple) and isinstance(key, int):
            found = found[key]
        elif isinstance(found, Mapping):
            found = found.get(key)
        else:
            found = getattr(found, str(key), None)
    return found
