"""Read exchange rates from a file: a table with the columns source, target, on and rate.

Rules:

1. A rate is for one direction and one day, and is read as it stands: a point before decimals, a
   day by ISO 8601.
2. Two rates for one direction and day are an error, since nobody knows which is meant. A row that
   says the same again is taken once, as files that overlap are often put together.

This module does not know what is converted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from cosell._base import validated
from cosell.cli.cells import CellError, is_missing, read_text
from cosell.cli.moments import Dates
from cosell.cli.numbers import Numbers
from cosell.cli.row import DelimiterError, Layout, Rejected, Row
from cosell.cli.rows import open_rows
from cosell.errors import InvalidDataError, Problem
from cosell.money import ExchangeRate, Rates

__all__ = ["read_rates"]

_COLUMNS: Final = ("source", "target", "on", "rate")
_DATES: Final = Dates(("iso",), UTC)


def _day(cell: Any) -> date:
    """Return the day that is written, in whatever zone."""
    found = _DATES.read(cell)
    return found.date() if isinstance(found, datetime) else found


_CELLS: Final[Mapping[str, Callable[[Any], Any]]] = MappingProxyType(
    {"on": _day, "rate": Numbers().read}
)


def read_rates(path: Path) -> Rates:
    """Return the rates of a CSV or JSON file.

    Raises:
        FileError: The file cannot be read.
        InvalidDataError: Rows are no rates; all of them are named.
        MissingColumnsError: A column is missing.
    """
    found = _Found(str(path))
    try:
        with open_rows(path, Layout(columns=_COLUMNS)) as rows:
            for row in rows.rows:
                found.add(row)
    except DelimiterError as error:
        remedy = (
            "Part the cells of a file of rates by commas: the mapping's `delimiter` is not theirs."
        )
        raise DelimiterError(error.file, ",", error.sign, remedy) from None
    if found.problems:
        raise InvalidDataError(f"`{path}`", found.problems)
    return Rates(rows=tuple(rate for rate, _ in found.rates.values()))


class _Found:
    """The rates of a file so far, each with its line, and everything that is wrong."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.rates: dict[tuple[str, str, date], tuple[ExchangeRate, int]] = {}
        self.problems: list[Problem] = []

    def add(self, row: Row | Rejected) -> None:
        if isinstance(row, Rejected):
            self.problems += row.problems
            return
        rate = self._rate(row)
        if rate is None:
            return
        known, line = self.rates.setdefault((rate.source, rate.target, rate.on), (rate, row.line))
        if known.rate != rate.rate:
            said = (
                f"{rate.source} to {rate.target} on {rate.on} is {rate.rate} here, and"
                f" {known.rate} on line {line}"
            )
            self._note(row, "rate", said, "Keep one of them.")

    def _rate(self, row: Row) -> ExchangeRate | None:
        values, unread = self._values(row)
        try:
            rate = validated(ExchangeRate, values, "row")
        except InvalidDataError as error:
            for each in error.problems:
                if each.path not in unread:
                    self._note(row, each.path, each.problem, each.remedy)
            return None
        return None if unread else rate

    def _values(self, row: Row) -> tuple[dict[str, Any], set[str]]:
        """Return what a row holds, and the columns whose cells cannot be read."""
        values: dict[str, Any] = {}
        unread = set()
        for name, cell in row.cells.items():
            if not is_missing(cell):
                read: Callable[[Any], Any] = _CELLS.get(name, read_text)
                try:
                    values[name] = read(cell)
                except CellError as error:
                    self._note(row, name, error.problem, error.remedy)
                    unread.add(name)
        return values, unread

    def _note(self, row: Row, column: str, problem: str, remedy: str) -> None:
        self.problems.append(row.problem(self._file, column, problem, remedy))
