"""Put a mapping to work: what converts the cells of a row into the fields of a deal.

Rules:

1. All that is wrong with a mapping for a process is said at once, with file and line: fields that
   do not exist, stages, patterns of dates, an encoding that nobody knows.
2. A constant is converted once, like a cell; it is not set where its ``when`` does not hold.

This module does not know how the rows of a file are found.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from cosell.calendars import find_zone
from cosell.cli.cells import (
    CellError,
    is_missing,
    read_choice,
    read_id,
    read_text,
    read_truth,
    text_of,
)
from cosell.cli.columns import Column
from cosell.cli.mapping import FileMap
from cosell.cli.moments import NAMED_DATES, Dates, date_pattern_problem
from cosell.cli.numbers import Numbers
from cosell.cli.targets import Kind, Target, TargetError, find_target
from cosell.definition.text import Path, Source
from cosell.engine import Bound
from cosell.errors import DefinitionError, Problem, did_you_mean

__all__ = ["Find", "Reader", "compile_mapping", "dates_of", "first_of", "stage_names"]

Find: TypeAlias = Callable[[str], Any]
_Convert: TypeAlias = Callable[[Any, Find], Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one field of a deal.

    Attributes:
        target: The field.
        column: What the mapping says about it.
        convert: What makes a value of a cell.
    """

    target: Target
    column: Column
    convert: _Convert

    @property
    def name(self) -> str:
        """What a problem is said to be in: the column, or the field that has none."""
        return self.column.column[0] if self.column.column else self.target.path

    def read(self, find: Find) -> Any:
        """Return the value for a row; ``None`` is missing, a list is one for each part.

        Raises:
            CellError: The cell cannot be read.
        """
        if not _applies(self.column, find):
            return None
        if self.column.constant is not None:
            return self.convert(self.column.constant, find)
        cell = first_of(self.column, find)
        if cell is None or self.column.split is None:
            return None if cell is None else self.convert(cell, find)
        parts = [part.strip() for part in text_of(cell).split(self.column.split)]
        return [self.convert(part, find) for part in parts if part]


def first_of(column: Column, find: Find) -> Any:
    """Return the first cell of a column's alternatives that is not empty."""
    found = (find(name) for name in column.column)
    return next((cell for cell in found if not is_missing(cell)), None)


def _applies(column: Column, find: Find) -> bool:
    return all(
        not is_missing(find(name)) and text_of(find(name)) in texts
        for name, texts in column.when.items()
    )


def dates_of(mapping: FileMap, column: Column, bound: Bound) -> Dates:
    """Return how dates are written in a column."""
    at = {} if column.time is None else {"at": time.fromisoformat(column.time)}
    zone = find_zone(mapping.zone or bound.process.zone)
    return Dates(column.dates or mapping.dates, zone, **at)


def _numbers_of(mapping: FileMap, column: Column) -> Numbers:
    return Numbers(
        decimal=column.decimal or mapping.decimal,
        thousands=mapping.thousands if column.thousands is None else column.thousands,
        strip=column.strip,
        percent=column.percent,
    )


def _text(_: FileMap, column: Column, __: Target, ___: Bound) -> _Convert:
    return lambda cell, _: _meant(column, cell, read_text)


def _id(_: FileMap, column: Column, __: Target, ___: Bound) -> _Convert:
    return lambda cell, _: _meant(column, cell, lambda cell: read_id(cell, slug=column.slug))


def _choice(_: FileMap, column: Column, target: Target, __: Bound) -> _Convert:
    return lambda cell, _: read_choice(cell, target.choices, column.values)


def _truth(_: FileMap, column: Column, __: Target, ___: Bound) -> _Convert:
    return lambda cell, _: _meant(column, cell, read_truth)


def _whole_number(mapping: FileMap, column: Column, _: Target, __: Bound) -> _Convert:
    numbers = _numbers_of(mapping, column)
    return lambda cell, _: _meant(column, cell, numbers.read_whole)


def _decimal(mapping: FileMap, column: Column, _: Target, __: Bound) -> _Convert:
    numbers = _numbers_of(mapping, column)
    return lambda cell, _: _meant(column, cell, numbers.read)


def _money(mapping: FileMap, column: Column, _: Target, __: Bound) -> _Convert:
    numbers = _numbers_of(mapping, column)
    default = column.currency or mapping.currency

    def read(cell: Any, find: Find) -> Any:
        beside = find(column.currency_column) if column.currency_column else None
        named = None if is_missing(beside) else text_of(beside)
        return numbers.read_money(cell, (named, default))

    return read


def _day(mapping: FileMap, column: Column, _: Target, bound: Bound) -> _Convert:
    dates = dates_of(mapping, column, bound)
    return lambda cell, _: dates.read_day(cell)


def _instant(mapping: FileMap, column: Column, _: Target, bound: Bound) -> _Convert:
    dates = dates_of(mapping, column, bound)
    return lambda cell, _: dates.read_instant(cell)


def _whole(_: FileMap, __: Column, target: Target, ___: Bound) -> _Convert:
    def read(cell: Any, _: Find) -> Any:
        if not isinstance(cell, list | dict):
            raise CellError(
                f"`{target.path}` is a list or a table, and the cell one value",
                f"Map its parts, such as `{target.path}[0]...`.",
            )
        return cell

    return read


def _meant(column: Column, cell: Any, read: Callable[[Any], Any]) -> Any:
    """Return what ``values`` says that a cell means, or what it is read as without them."""
    return read_choice(cell, (), column.values) if column.values else read(cell)


_CONVERTERS: Final[Mapping[Kind, Callable[[FileMap, Column, Target, Bound], _Convert]]] = (
    MappingProxyType(
        {
            Kind.TEXT: _text,
            Kind.ID: _id,
            Kind.CHOICE: _choice,
            Kind.BOOL: _truth,
            Kind.INT: _whole_number,
            Kind.DECIMAL: _decimal,
            Kind.MONEY: _money,
            Kind.DATE: _day,
            Kind.INSTANT: _instant,
            Kind.WHOLE: _whole,
        }
    )
)


def stage_names(mapping: FileMap, bound: Bound) -> dict[str, str]:
    """Return which stage each name in the file means."""
    if mapping.stage.names:
        return dict(mapping.stage.names)
    labels = {stage.label: stage.id for stage in bound.process.stages if stage.label}
    return labels | {stage.id: stage.id for stage in bound.process.stages}


def compile_mapping(mapping: FileMap, source: Source, bound: Bound) -> tuple[Reader, ...]:
    """Return what reads each field of ``mapping``, its constants last.

    Raises:
        DefinitionError: Naming everything that does not fit the process, with file and line.
    """
    problems = [source.place(found, path) for found, path in _problems(mapping, bound)]
    readers = []
    for path, column in mapping.columns.items():
        try:
            target = find_target(path, bound)
            reader = Reader(
                target, column, _CONVERTERS[target.kind](mapping, column, target, bound)
            )
            wrong = (*_in_reader(reader), *_in_numbers(mapping, reader))
            problems += [source.place(found, where) for found, where in wrong]
            readers.append(reader)
        except TargetError as error:
            found = Problem(f"columns.{path}", error.problem, error.remedy)
            problems.append(source.place(found, ("columns", path)))
    if problems:
        raise DefinitionError(
            f"`{source.file or 'the mapping'}`", sorted(problems, key=lambda each: each.line or 0)
        )
    return tuple(sorted(readers, key=lambda reader: reader.column.constant is not None))


def _problems(mapping: FileMap, bound: Bound) -> Iterator[tuple[Problem, Path]]:
    """Yield what is wrong with a mapping apart from its columns."""
    stages = bound.main.kinds
    named = [(f"names.{text}", text, stage) for text, stage in mapping.stage.names.items()]
    if mapping.stage.default is not None:
        named.append(("default", "default", mapping.stage.default))
    for place, text, stage in named:
        if stage not in stages:
            path = ("stage", "names", text) if place != "default" else ("stage", "default")
            said = f"process `{bound.process.id}` has no stage `{stage}`"
            yield Problem(f"stage.{place}", said, did_you_mean(stage, stages)), path
    try:
        codecs.lookup(mapping.encoding)
    except LookupError:
        said = f"there is no encoding `{mapping.encoding}`"
        yield Problem("encoding", said, "Write one such as utf-8, utf-16 or cp1252."), ("encoding",)
    for name in mapping.calendars.keys() - set(bound.process.calendars):
        said = f"process `{bound.process.id}` has no calendar `{name}`"
        remedy = did_you_mean(name, bound.process.calendars)
        yield Problem(f"calendars.{name}", said, remedy), ("calendars", name)
    for key, said, remedy in Numbers(mapping.decimal, mapping.thousands).problems():
        yield Problem(key, said, remedy), (key,)
    yield from _in_dates(mapping.dates, "dates", ("dates",))
    if mapping.stage.since is not None:
        yield from _in_dates(mapping.stage.since.dates, "stage.since.dates", ("stage", "since"))


def _in_dates(patterns: tuple[str, ...], path: str, place: Path) -> Iterator[tuple[Problem, Path]]:
    for pattern in patterns:
        wrong = date_pattern_problem(pattern)
        if wrong is not None:
            remedy = f"Write {', '.join(NAMED_DATES)}, or a pattern such as %d.%m.%Y."
            yield Problem(path, f"`{pattern}` is no way to write dates: {wrong}", remedy), place


def _in_numbers(mapping: FileMap, reader: Reader) -> Iterator[tuple[Problem, Path]]:
    """Yield what is wrong with how one column writes numbers, beside what the whole file does."""
    of_file = tuple(Numbers(mapping.decimal, mapping.thousands).problems())
    path = f"columns.{reader.target.path}"
    for found in _numbers_of(mapping, reader.column).problems():
        if found not in of_file:
            key, said, remedy = found
            yield Problem(f"{path}.{key}", said, remedy), ("columns", reader.target.path)


def _in_reader(reader: Reader) -> Iterator[tuple[Problem, Path]]:
    """Yield what is wrong with what a mapping says about one column."""
    column, target = reader.column, reader.target
    place = ("columns", target.path)
    yield from _in_dates(column.dates, f"columns.{target.path}.dates", place)
    if target.kind is Kind.CHOICE:
        for text, value in column.values.items():
            if value not in target.choices:
                said = f"`{value}` is none of the values of `{target.path}`"
                remedy = did_you_mean(str(value), target.choices)
                yield Problem(f"columns.{target.path}.values.{text}", said, remedy), place
    if column.split is not None and None not in target.steps:
        said = f"`{target.path}` takes one value, and its cell is split into several"
        yield Problem(f"columns.{target.path}.split", said, "Write `[]` behind the list."), place
    if column.constant is not None and not column.when:
        try:
            reader.convert(column.constant, lambda _: None)
        except CellError as error:
            yield Problem(f"columns.{target.path}.constant", error.problem, error.remedy), place
