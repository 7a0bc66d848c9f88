"""Make deals of rows: converted, validated, and brought into their process where they stand.

Rules:

1. A row names its deal and its stage. A second row of one id is rejected, and the first stays.
2. All problems of a row are said at once: of every cell, of the stage, and of the whole. Of a row
   that is too short those of the cells that it has.
3. A deal that names no moment for its stage is taken to have come to it at the review, and says so.
4. A deal cannot stand in a stage that it comes to after the review.
5. A deal about which a question cannot be answered, such as one dated outside a calendar, is
   rejected with that reason, and the others are examined.

This module does not know what is asked about a deal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeVar

from cosell._base import validated
from cosell.cli.building import Placed, build, items_on
from cosell.cli.cells import CellError, is_missing, quoted, read_id, read_text
from cosell.cli.columns import Column
from cosell.cli.json_rows import find_value
from cosell.cli.mapping import FileMap
from cosell.cli.reading import Find, compile_mapping, dates_of, first_of, stage_names
from cosell.cli.row import Rejected, Row
from cosell.cli.scratch import SeenIds
from cosell.cli.targets import FACTS
from cosell.definition.text import Source
from cosell.engine import Bound, adopt
from cosell.engine.paths import unkeyed
from cosell.errors import (
    CalendarExhaustedError,
    CosellError,
    InvalidDataError,
    Problem,
    did_you_mean,
)
from cosell.events import Actor
from cosell.models import Record

__all__ = ["IMPORTER", "Deal", "DealReader", "ReadsDeals", "each_deal"]

_T = TypeVar("_T")

#: Who brings deals in.
IMPORTER: Final = Actor("cosell-review", role="import")
_NO_FACTS: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal of a file, in its process.

    Attributes:
        line: The line of the file on which its row begins.
        record: The record, adopted at its stage.
        facts: Values from outside the record.
        since: Since when it stands there; ``None`` when the file does not say.
        number: Which record of a JSON document it is, from 1.
        column_of: Returns the column that brought a day, or an empty text.
    """

    line: int
    record: Record
    facts: Mapping[str, Any]
    since: datetime | None
    number: int | None = None
    column_of: Callable[[date], str] = field(default=lambda _: "", repr=False, compare=False)

    def rejected(self, file: str, error: CosellError) -> Rejected:
        """Return its row, rejected because of what came of it."""
        row = Row(self.line, {}, self.number)
        column = self.column_of(error.day) if isinstance(error, CalendarExhaustedError) else ""
        problem = row.problem(file, column, error.problem, error.remedy)
        return Rejected(self.line, (problem,), self.record.id)


class ReadsDeals(Protocol):
    """What makes deals of rows."""

    def read(self, row: Row) -> Deal | Rejected:
        """Return the deal of a row, or the row rejected."""
        ...

    def examine(self, row: Rejected) -> Rejected:
        """Return a row that is rejected already with what else is wrong with it."""
        ...


def each_deal(
    rows: Iterable[Row | Rejected],
    reader: ReadsDeals,
    find: Callable[[Deal], _T],
    *,
    file: str,
) -> Iterator[_T | Rejected]:
    """Yield what ``find`` makes of each row, or the row rejected, in the file's order."""
    for row in rows:
        deal = reader.read(row) if isinstance(row, Row) else reader.examine(row)
        if isinstance(deal, Rejected):
            yield deal
            continue
        try:
            yield find(deal)
        except CosellError as error:
            yield deal.rejected(file, error)


class DealReader:
    """Makes deals of rows, one after the other.

    Raises:
        DefinitionError: The mapping does not fit the process; everything is named.
    """

    def __init__(
        self, mapping: FileMap, source: Source, bound: Bound, *, file: str, at: datetime
    ) -> None:
        self._mapping = mapping
        self._bound = bound
        self._file = file
        self._at = at
        self._readers = compile_mapping(mapping, source, bound)
        self._stages = stage_names(mapping, bound)
        self._seen = SeenIds()
        self._fed = frozenset(
            item
            for reader in self._readers
            if reader.column.column
            for item in items_on(reader.target.steps)
        )
        self._unseen = {name for name, _ in mapping.reads}
        self._names = {reader.target.path: reader.name for reader in self._readers}

    def read(self, row: Row) -> Deal | Rejected:
        """Return the deal of a row, or the row rejected with everything that is wrong with it."""
        work = _Work(self._file, row)
        find = self._find(row)
        record_id = self._id(work, find)
        stage = self._stage(work, find)
        since = self._since(work, find)
        placed = list(self._placed(work, find))
        record, facts = self._record(work, record_id, placed)
        if record is None or record_id is None or stage is None or work.problems:
            return Rejected(row.line, tuple(work.problems), record_id)
        self._seen.add(record_id, row.number)
        try:
            at = since or self._at
            adopted = adopt(self._bound, record, stage=stage, actor=IMPORTER, at=at, report=False)
        except InvalidDataError as error:
            self._note(work, error)
            return Rejected(row.line, tuple(work.problems), record_id)
        return Deal(
            row.line, adopted.record, facts, since, row.record, partial(self._column_on, row)
        )

    def examine(self, row: Rejected) -> Rejected:
        """Return a row that is rejected already with what is wrong in the cells that it has."""
        if not row.cells:
            return row
        work = _Work(self._file, Row(row.line, row.cells, row.record))
        find = self._find(work.row)
        record_id = self._id(work, find)
        self._stage(work, find)
        self._since(work, find)
        self._record(work, record_id, list(self._placed(work, find)))
        more = tuple(problem for problem in work.problems if problem.path in row.cells)
        return replace(row, problems=row.problems + more, id=record_id)

    @property
    def unseen(self) -> tuple[str, ...]:
        """The columns of the mapping that stood in no row so far, if there were rows."""
        return tuple(sorted(self._unseen)) if self._seen else ()

    def _find(self, row: Row) -> Find:
        cells = row.cells

        def find(name: str) -> Any:
            found = cells[name] if name in cells else find_value(cells, name)
            if found is not None:
                self._unseen.discard(name)
            return found

        return find

    def _id(self, work: _Work, find: Find) -> str | None:
        column = self._mapping.id
        if is_missing(find(column)):
            work.note(column, "the deal has no id", "Give each deal an id of its own.")
            return None
        with work.cell(column):
            record_id = read_id(find(column))
            first = self._seen.line_of(record_id)
            if first is not None:
                work.note(
                    column,
                    work.row.stands_already(quoted(record_id), first),
                    "Give each deal an id of its own.",
                )
            return record_id
        return None

    def _stage(self, work: _Work, find: Find) -> str | None:
        column, default = self._mapping.stage.column, self._mapping.stage.default
        if column is None:
            return default
        cell = find(column)
        if is_missing(cell):
            if default is None:
                work.note(column, "the deal names no stage", "Say where it stands.")
            return default
        with work.cell(column):
            name = read_text(cell)
            if name not in self._stages:
                remedy = did_you_mean(name, self._stages)
                work.note(column, f"{quoted(name)} is mapped to no stage", remedy)
            return self._stages.get(name)
        return None

    def _since(self, work: _Work, find: Find) -> datetime | None:
        column = self._mapping.stage.since
        cell = None if column is None else first_of(column, find)
        if column is None or cell is None:
            return None
        name = _filled(column, find)
        with work.cell(name):
            dates = dates_of(self._mapping, column, self._bound)
            found = dates.read(cell)
            since = dates.aware(found)
            if not isinstance(found, datetime) and found == self._at.astimezone(dates.zone).date():
                since = min(since, self._at)
            if since > self._at:
                work.note(
                    name,
                    f"{quoted(str(found))} is after the moment of the review",
                    "Review at a later moment, or correct the date.",
                )
            return since
        return None

    def _column_on(self, row: Row, day: date) -> str:
        """Return the column whose date is ``day``, or a day off by the clocks of another zone."""
        find, column = self._find(row), self._mapping.stage.since
        found = [(reader.name, reader.read(find)) for reader in self._readers]
        since = self._since(_Work(self._file, row), find)
        if column is not None and since is not None:
            found.append((_filled(column, find), since))
        dated = [
            (abs(each.toordinal() - day.toordinal()), name)
            for name, each in found
            if isinstance(each, date)
        ]
        off, name = min(dated, key=itemgetter(0), default=(2, ""))
        return name if off <= 1 else ""

    def _placed(self, work: _Work, find: Find) -> Iterator[Placed]:
        for reader in self._readers:
            with work.cell(reader.name):
                value = reader.read(find)
                if value is not None:
                    is_constant = reader.column.constant is not None
                    yield Placed(reader.target.steps, value, is_constant)

    def _record(
        self, work: _Work, record_id: str | None, placed: list[Placed]
    ) -> tuple[Record | None, Mapping[str, Any]]:
        """Return the record of the values, if they make one, and the facts beside it."""
        values = build(placed, self._fed)
        facts = values.pop(FACTS, _NO_FACTS)
        try:
            record = validated(self._bound.model, {"id": record_id or "unknown"} | values, "row")
        except InvalidDataError as error:
            self._note(work, error)
            return None, facts
        return record, facts

    def _note(self, work: _Work, error: InvalidDataError) -> None:
        """Note what does not fit the record or its process, each thing at its column."""
        for problem in error.problems:
            work.note(self._column_of(problem.path), problem.problem, problem.remedy)

    def _column_of(self, path: str) -> str:
        """Return the column that filled the field at ``path``, or else the path."""
        for mapped, column in self._names.items():
            plain = mapped.replace("[", ".").replace("]", "")
            if path == plain or path.startswith(f"{plain}.") or unkeyed(path) == mapped:
                return column
        return path


def _filled(column: Column, find: Find) -> str:
    """Return the first of a column's alternatives that is not empty."""
    return next(name for name in column.column if not is_missing(find(name)))


class _Work:
    """One row while it is read: everything that is wrong with it so far."""

    def __init__(self, file: str, row: Row) -> None:
        self._file = file
        self.row = row
        self.problems: list[Problem] = []

    def note(self, column: str, problem: str, remedy: str) -> None:
        found = self.row.problem(self._file, column, problem, remedy)
        if found not in self.problems:  # a cell may fill several fields
            self.problems.append(found)

    def cell(self, column: str) -> _Cell:
        """Note what is wrong with a cell as a problem of its column."""
        return _Cell(self, column)


class _Cell:
    def __init__(self, work: _Work, column: str) -> None:
        self._work = work
        self._column = column

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> bool:
        if isinstance(error, CellError):
            self._work.note(self._column, error.problem, error.remedy)
            return True
        return False
