"""Read exchange rates from a file: a CSV with the columns source, target, on and rate.

A rate is for one direction and one day, and is read as it stands.

This module does not know what is converted.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import ValidationError

from cosell._base import problems_from
from cosell.cli.row import DelimiterError, Layout, Rejected, Row
from cosell.cli.rows import open_rows
from cosell.errors import InvalidDataError, Problem
from cosell.money import ExchangeRate, Rates

__all__ = ["read_rates"]

_COLUMNS: Final = ("source", "target", "on", "rate")


def read_rates(path: Path) -> Rates:
    """Return the rates of a CSV or JSON file.

    Raises:
        FileError: The file cannot be read.
        InvalidDataError: Rows are no rates; all of them are named.
        MissingColumnsError: A column is missing.
    """
    rates: list[ExchangeRate] = []
    problems: list[Problem] = []
    try:
        with open_rows(path, Layout(columns=_COLUMNS)) as rows:
            for row in rows.rows:
                if isinstance(row, Rejected):
                    problems += row.problems
                else:
                    _add(row, str(path), rates, problems)
    except DelimiterError as error:
        remedy = (
            "Part the cells of a file of rates by commas: the mapping's `delimiter` is not theirs."
        )
        raise DelimiterError(error.file, ",", error.sign, remedy) from None
    if problems:
        raise InvalidDataError(f"`{path}`", problems)
    return Rates(rows=tuple(rates))


def _add(row: Row, file: str, rates: list[ExchangeRate], problems: list[Problem]) -> None:
    values = {name: value for name, value in row.cells.items() if value not in {"", None}}
    try:
        rates.append(ExchangeRate.model_validate(values))
    except ValidationError as error:
        problems += [
            Problem(each.path, each.problem, each.remedy, file=file, line=row.line)
            for each in problems_from(error)
        ]
