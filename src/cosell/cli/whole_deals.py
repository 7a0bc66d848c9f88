"""Make deals of rows that are whole deals: records as the library writes them.

Rules:

1. A row is a record of the plan's model; all its problems are said at once.
2. A second row of one id is rejected, and the first stays.

This module does not know what a deal earns.
"""

from __future__ import annotations

from types import MappingProxyType

from cosell._base import validated
from cosell.cli.cells import quoted
from cosell.cli.deals import Deal
from cosell.cli.row import Rejected, Row
from cosell.cli.scratch import SeenIds
from cosell.errors import InvalidDataError, Problem
from cosell.models import Record

__all__ = ["WholeDealReader"]


class WholeDealReader:
    """Makes deals of whole records, one after the other.

    Args:
        model: What the records are.
        file: What problems are said to be in.
    """

    def __init__(self, model: type[Record], *, file: str) -> None:
        self._model = model
        self._file = file
        self._seen = SeenIds()

    def read(self, row: Row) -> Deal | Rejected:
        """Return the deal of a row, or the row rejected with everything that is wrong with it."""
        try:
            record = validated(self._model, row.cells, "row")
        except InvalidDataError as error:
            return Rejected(row.line, tuple(self._problems(error, row)), _id_of(row))
        first = self._seen.line_of(record.id)
        if first is not None:
            said = row.stands_already(quoted(record.id), first)
            problem = row.problem(self._file, "id", said, "Give each deal an id of its own.")
            return Rejected(row.line, (problem,), record.id)
        self._seen.add(record.id, row.number)
        return Deal(row.line, record, MappingProxyType({}), None, row.record)

    def examine(self, row: Rejected) -> Rejected:
        """Return a row that is rejected already: a record that cannot be read has no fields."""
        return row

    def _problems(self, error: InvalidDataError, row: Row) -> list[Problem]:
        return [
            row.problem(self._file, each.path, each.problem, each.remedy) for each in error.problems
        ]


def _id_of(row: Row) -> str | None:
    found = row.cells.get("id")
    return found if isinstance(found, str) else None
