"""Everything that a gate asks: the criteria that are written, and those that its rows stand for.

This is the one place where rows of a gate become criteria: whoever compiles, checks or shows a
gate asks here. A row is a table of the gate that stands for criteria, such as ``methods``; each
kind of row has one function in ``_ROWS``.

Rules that hold for every generated criterion:

1. It is an ordinary criterion in the expression language: with id, remedy, citations and severity.
2. Problems with it are told at the row that it stands for.

This module does not know how a criterion is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain
from typing import Final, NamedTuple

from cosell.definition.approving import ChainName, row_criteria
from cosell.definition.line import Gate
from cosell.definition.method import (
    HIGHEST_LEVEL,
    LEVELS,
    Element,
    Method,
    MethodAsked,
    weight_of,
)
from cosell.definition.process import Process
from cosell.definition.shipped_methods import SHIPPED
from cosell.rules import Criterion

__all__ = ["Asked", "asked_by", "criteria_of", "label_of"]


class Asked(NamedTuple):
    """One criterion of a gate, and where in the gate it comes from.

    Attributes:
        path: Where, as ``criteria[2]``, ``methods[0]`` or ``approvals[0]``.
        criterion: The criterion.
    """

    path: str
    criterion: Criterion


def asked_by(process: Process, track: str | None, gate: Gate) -> tuple[Asked, ...]:
    """Return everything that a gate asks, in order: what is written, then what its rows stand for.

    Args:
        process: The process it belongs to.
        track: The track whose gate it is; ``None`` is the main line.
        gate: The gate.
    """
    written = (
        Asked(f"criteria[{index}]", criterion) for index, criterion in enumerate(gate.criteria)
    )
    rows = (row(process, track, gate) for row in _ROWS)
    return tuple(chain(written, *rows))


def criteria_of(process: Process, track: str | None, gate: Gate) -> tuple[Criterion, ...]:
    """Return the criteria of a gate, generated ones included, in order."""
    return tuple(asked.criterion for asked in asked_by(process, track, gate))


def _of_methods(process: Process, track: str | None, gate: Gate) -> Iterator[Asked]:
    for index, row in enumerate(gate.methods):
        method = process.methods.get(row.method)
        if method is not None:
            for criterion in _of_method(row, method, "" if track is None else "record."):
                yield Asked(f"methods[{index}]", criterion)


def _of_method(row: MethodAsked, method: Method, whole: str) -> Iterator[Criterion]:
    """Yield the score that is needed, if one is, then each element that needs a level."""
    least = row.minimum_score or method.minimum_score.get(row.stage or "")
    if least is not None and method.asked:
        yield _score(row, method, whole, least)
    for element in method.asked:
        level = element.minimum.get(row.stage or "")
        if level is not None:
            yield _level(row, method, whole, element, level)


def _score(row: MethodAsked, method: Method, whole: str, least: Decimal) -> Criterion:
    """Return that the score is reached: surely, whatever the unknown answers turn out to be.

    Unknown answers count as level 0 in the first sum, and make the second one missing. So it is
    met as soon as the known ones are enough, unmet when all are known and not enough, and else
    unknown (BX-45).
    """
    needed = f"{(least * HIGHEST_LEVEL * method.total_weight).normalize():f}"
    paths = [(whole + method.level_path(each), weight_of(each)) for each in method.asked]
    surely = " + ".join(_weighed(f"default({path}, 0)", weight) for path, weight in paths)
    known = " + ".join(_weighed(path, weight) for path, weight in paths)
    label = label_of(row.method, method)
    return Criterion(
        id=f"{row.method}_score",
        need=f"{surely} >= {needed} or {known} >= {needed}",
        remedy=f"Raise the {label} score to {least.normalize():f}: answer more, with evidence.",
        severity=row.severity,
        cites=(*method.cites, *row.cites),
        label=f"{label} score of at least {least.normalize():f}",
    )


def _weighed(value: str, weight: Decimal) -> str:
    return value if weight == 1 else f"{value} * {weight.normalize():f}"


def _level(row: MethodAsked, method: Method, whole: str, element: Element, level: int) -> Criterion:
    word, label = LEVELS[level], element.label or element.id
    evidence = ", with evidence" if level > 1 else ""
    return Criterion(
        id=f"{row.method}_{element.id}",
        need=f"{whole}{method.level_path(element)} >= {level}",
        remedy=element.remedy or f"Bring {label} to level {level}, {word}{evidence}.",
        severity=row.severity,
        cites=(*method.cites, *row.cites),
        label=f"{label_of(row.method, method)}: {label} {word}",
    )


def label_of(name: str, method: Method) -> str:
    """Return what people call a method."""
    shipped = SHIPPED.get(method.use or "")
    return method.label or (shipped.label if shipped else name)


def _of_approvals(process: Process, track: str | None, gate: Gate) -> Iterator[Asked]:
    chains = process.lines[track].approvals if gate.approvals else {}
    for index, key in enumerate(gate.approvals):
        if key in chains:
            for criterion in row_criteria(ChainName(key, track), chains[key]):
                yield Asked(f"approvals[{index}]", criterion)


#: What makes criteria of the rows of a gate, one for each kind of row.
_ROWS: Final[tuple[Callable[[Process, str | None, Gate], Iterator[Asked]], ...]] = (
    _of_methods,
    _of_approvals,
)
