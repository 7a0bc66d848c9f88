"""The mapping: a small TOML that says which column of a file is what.

Rules:

1. Everything wrong with a mapping is said at once, with file and line.
2. In ``[columns]`` a key is the path of a field: ``customer.name``, ``invoices[0].amount``, or
   ``engagements[].activity`` for as many items as the cell has parts.
3. Without ``[stage.names]`` a stage is called by its id or its label; with it, by nothing else.
4. What a record knows of its own process (stage, trail, version) is not a column.

This module does not open files, and does not know how a cell is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, Final, Self

from pydantic import Field, model_validator

from cosell._base import Currency, Model, Name, Text
from cosell.calendars.zones import unknown_zone
from cosell.cli.columns import Column, Separator, Texts
from cosell.definition.load import parse_model
from cosell.definition.text import Path, Source, read_text
from cosell.errors import DefinitionError, Problem
from cosell.models._scalars import ZoneName

__all__ = ["FileMap", "StageColumn", "parse_mapping"]

_LEAF: Final = frozenset({"column", "constant"})
_NEAR: Final = 0.8


class StageColumn(Model, frozen=True):
    """Which column says where a deal stands, and since when.

    Attributes:
        column: The column; ``None`` where every row stands in the same stage.
        names: What stands in the file, and which stage of the process it means.
        since: Where the moment comes from at which the deal came to that stage.
        default: The stage of a row that names none; without it, such a row is rejected.
    """

    column: Text | None = None
    names: Mapping[Text, Name] = Field(default_factory=dict)
    since: Column | None = None
    default: Name | None = None

    @model_validator(mode="after")
    def _is_said(self) -> Self:
        if self.column is None and self.default is None:
            message = "a stage comes from a `column`, or is the `default` for every row"
            raise ValueError(message)
        return self


class FileMap(Model, frozen=True):
    """Which column of a file is what.

    Attributes:
        id: The column that names a deal.
        stage: Where it stands.
        columns: Field path and where its value comes from.
        records: In JSON, the dotted path of the list of deals; by default the whole document.
        sheet: In Excel, the sheet; by default the first.
        encoding: How the bytes of the file are read.
        delimiter: What parts the cells of a CSV file.
        zone: Zone of dates and of times without one; by default the process's, and where fees
            are assessed the plan's.
        dates: How dates are written: ``iso``, ``unix``, ``unix_ms`` or a pattern of ``strptime``;
            several are tried in order.
        decimal: The sign before decimals.
        thousands: The sign between thousands, if there is one.
        currency: Currency of amounts that name none.
        calendars: Calendars by the process's names for them; the command line goes before.
        fees: The fee plan; the command line goes before.
    """

    id: Text
    stage: StageColumn
    columns: Mapping[Text, Column] = Field(default_factory=dict)
    records: Text | None = None
    sheet: Text | None = None
    encoding: Text = "utf-8"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    zone: ZoneName | None = None
    dates: Texts = ("iso",)
    decimal: Separator = Field(default=".", min_length=1)
    thousands: Separator = ""
    currency: Currency | None = None
    calendars: Mapping[Name, Text] = Field(default_factory=dict)
    fees: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _stage_alone(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("stage"), str):
            return value | {"stage": {"column": value["stage"]}}
        return value

    @property
    def reads(self) -> Iterator[tuple[str, Path]]:
        """Every column that it names, with the place where it does."""
        yield self.id, ("id",)
        if self.stage.column is not None:
            yield self.stage.column, ("stage", "column")
        for name in self.stage.since.reads if self.stage.since else ():
            yield name, ("stage", "since")
        for path, column in self.columns.items():
            for name in column.reads:
                yield name, ("columns", path)


def parse_mapping(text: str, *, file: str | None = None) -> tuple[FileMap, Source]:
    """Return the mapping that ``text`` holds, and where each part of it stands.

    Raises:
        DefinitionError: Naming everything that cannot be read, with file and line.
    """
    source = _flattened(read_text(text, file=file))
    try:
        return parse_model(FileMap, source), source
    except DefinitionError as error:
        problems = [_with_near_zone(each, source) for each in error.problems]
        raise DefinitionError(f"`{file or 'the mapping'}`", problems) from None


def _with_near_zone(problem: Problem, source: Source) -> Problem:
    """Return a problem; of a zone that nobody knows with the nearest one."""
    zone = source.content.get("zone")
    if problem.path != "zone" or not isinstance(zone, str):
        return problem
    return replace(problem, remedy=unknown_zone(zone)[1])


def _flattened(source: Source) -> Source:
    """Return ``source`` with the tables of ``[columns]`` as dotted paths."""
    columns = source.content.get("columns")
    if not isinstance(columns, dict):
        return source
    flat = dict(_flat((), columns))
    lines = dict(source.lines)
    for keys in flat:
        for path, line in source.lines.items():
            if path[: len(keys) + 1] == ("columns", *keys):
                lines["columns", ".".join(keys), *path[len(keys) + 1 :]] = line
    content = {".".join(keys): value for keys, value in flat.items()}
    return Source(dict(source.content) | {"columns": content}, source.file, lines)


def _flat(before: tuple[str, ...], table: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in table.items():
        if isinstance(value, dict) and value and not _says_one_column(value):
            yield from _flat((*before, key), value)
        else:
            yield (*before, key), value


def _says_one_column(table: dict[str, Any]) -> bool:
    """Whether a table is about one column, be it written wrongly, and not about fields inside."""
    return bool(
        _LEAF & table.keys()
        or get_close_matches("column", table, n=1, cutoff=_NEAR)
        or not all(isinstance(value, str | list | dict) for value in table.values())
    )
