"""Load a definition that ships with cosell, and bind it.

Rules:

1. A name alone is the latest version; ``make@1`` is that very version, and no other.
2. A name that is not known is an error that says which are.

This module does not know where definitions lie.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType
from typing import Any, Final, TypeVar

import cosell.models
from cosell.calendars import Calendar
from cosell.catalog.bases import BASES
from cosell.catalog.shelf import SHELF
from cosell.clocks import Correction
from cosell.definition import Process, parse_process
from cosell.definition.fee_plan import FeePlan, parse_fee_plan
from cosell.definition.text import Format
from cosell.engine import Bound, bind
from cosell.errors import UnknownNameError, require_kind
from cosell.errors.kinds import tells_kinds
from cosell.models import Record

__all__ = [
    "Shipped",
    "fee_plan_names",
    "load",
    "load_fee_plan",
    "model_named",
    "names",
    "parse",
    "text_of",
]

_D = TypeVar("_D", Process, FeePlan)
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Shipped:
    """A process of the catalog, or a host's own.

    Attributes:
        process: The definition.
    """

    process: Process

    def bind(
        self,
        *,
        calendars: Mapping[str, Calendar] = _NOTHING,
        record: type[Record] | None = None,
        predicates: Mapping[str, Callable[..., bool | None]] = _NOTHING,
        generated: bool = True,
        corrections: Sequence[Correction] = (),
    ) -> Bound:
        """Return the process ready to decide.

        Args:
            calendars: A calendar for each name that the process lists.
            record: The model of its records; by default the one that the process names.
            predicates: The host's own predicates, by the names that criteria use.
            generated: ``False`` for hosts that forbid generated code.
            corrections: How its calendars were corrected, oldest first.

        Raises:
            DefinitionError: Naming everything that does not fit.
        """
        return bind(
            self.process,
            record=record or model_named(self.process.record),
            calendars=calendars,
            predicates=predicates,
            generated=generated,
            corrections=corrections,
        )


def model_named(name: str) -> type[Record]:
    """Return the model of cosell that a process calls ``name``.

    Raises:
        UnknownNameError: There is no such model of a record.

    Example:
        >>> model_named("Lead").__name__
        'Lead'
    """
    known = {
        each: found
        for each in cosell.models.__all__
        if isinstance(found := getattr(cosell.models, each), type) and issubclass(found, Record)
    }
    if name not in known:
        raise UnknownNameError("model of records", name, known)
    return known[name]


def names() -> tuple[str, ...]:
    """Return the names of all processes, sorted; earlier versions as ``name@version``."""
    return SHELF.names(fees=False)


def fee_plan_names() -> tuple[str, ...]:
    """Return the names of all fee plans, sorted; earlier versions as ``name@version``."""
    return SHELF.names(fees=True)


@tells_kinds
def text_of(name: str) -> str:
    """Return the text of the process called ``name`` as it ships: to read, or to copy and change.

    Raises:
        UnknownNameError: There is no such process.

    Example:
        >>> 'id = "make"' in text_of("make").splitlines()
        True
    """
    return SHELF.text_of(name, fees=False)[1]


@tells_kinds
def parse(
    text: str,
    *,
    file: str | None = None,
    format: Format = "toml",  # noqa: A002 - formats are called so
    bases: Mapping[str, str] = _NOTHING,
) -> Shipped:
    """Return a host's own process, which may extend one that ships: ``extends = "make@1"``.

    Args:
        text: The definition, as TOML or JSON.
        file: What to call it in problems, usually its file name.
        format: ``toml`` or ``json``.
        bases: Further definitions that it may extend, by ``id@version``.

    Raises:
        DefinitionError: Naming every problem with file, line, path and remedy.

    Example:
        >>> ours = parse('''
        ... extends = "make@1"
        ... id = "ours"
        ... version = 1
        ... parameters = { mdp_above = "20000 USD" }
        ... ''')
        >>> ours.process.ref.id, ours.process.parameters["mdp_above"]
        ('ours', '20000 USD')
    """
    known = ChainMap(dict(bases), dict(BASES))
    return Shipped(parse_process(text, file=file, format=format, bases=known))


@cache
def load(name: str) -> Shipped:
    """Return the process called ``name``, or ``name@version``.

    Raises:
        UnknownNameError: There is no such process, or not in that version.

    Example:
        >>> load("make").process.id
        'make'
    """
    return Shipped(_loaded(name, partial(parse_process, bases=BASES), fees=False))


@cache
def load_fee_plan(name: str) -> FeePlan:
    """Return the fee plan called ``name``, or ``name@version``.

    What ships is an example: no rate of anybody's is known to cosell (MK-46).

    Raises:
        UnknownNameError: There is no such plan, or not in that version.
    """
    return _loaded(name, parse_fee_plan, fees=True)


def _loaded(name: str, parse: Callable[..., _D], *, fees: bool) -> _D:
    """Return a definition by its name, which may say the version."""
    require_kind(name, str, "name", like='"make_example"' if fees else '"make"')
    known: tuple[str, ...] = SHELF.names(fees=fees)
    bare, _, version = name.partition("@")
    file, text = SHELF.text_of(name if name in known else bare, fees=fees)
    definition = parse(text, file=file)
    if version and str(definition.version) != version:
        kind = "fee plan" if fees else "process"
        raise UnknownNameError(kind, name, {*known, f"{bare}@{definition.version}"})
    return definition
