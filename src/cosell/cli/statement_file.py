"""Statements of a whole ledger, each followed on by the next, and those issued before from a file.

Rules:

1. A statement follows on the one that was issued for the period before, where that is given: what
   was written late stands on it then. Without it, what lies before is the opening balance.
2. Of a statement that was issued, payee, currency, period and the number of entries count.

This module does not know what earns a fee.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, tzinfo
from decimal import Decimal
from itertools import chain
from pathlib import Path

from pydantic import Field

from cosell._base import Currency, Id, Model, validated
from cosell.cli.pile import Pile
from cosell.cli.row import FileError, Layout, Rejected
from cosell.cli.rows import open_rows
from cosell.definition.fee_terms import Period
from cosell.errors import InvalidDataError, Problem
from cosell.events import Entry
from cosell.fees import FiscalPeriod, Statement, statements_of
from cosell.money import Money

__all__ = ["each_statement", "read_statements"]


class _Issued(Model, frozen=True):
    """What counts of a statement that was issued."""

    payee: Id
    currency: Currency
    first: date
    last: date
    counted: int = Field(ge=0)


def read_statements(path: Path) -> tuple[Statement, ...]:
    """Return the statements of a JSON document that ``cosell fees --statements --json`` wrote.

    Raises:
        FileError: It cannot be opened, or holds no statements.
        InvalidDataError: Some are none; all of them are named.
    """
    found: list[Statement] = []
    problems: list[Problem] = []
    if path.suffix.casefold() != ".json":
        raise FileError(
            f"`{path}` is no JSON document of statements",
            "Give what `cosell fees --statements --json` wrote, named .json.",
        )
    with open_rows(path, Layout(records="statements")) as rows:
        for row in rows.rows:
            if isinstance(row, Rejected):
                problems += row.problems
                continue
            known = {name: row.cells[name] for name in _Issued.model_fields if name in row.cells}
            try:
                found.append(_statement(validated(_Issued, known, "statement")))
            except InvalidDataError as error:
                problems += [
                    row.problem(str(path), each.path, each.problem, each.remedy)
                    for each in error.problems
                ]
    if problems:
        raise InvalidDataError(f"`{path}`", problems)
    return tuple(found)


def _statement(issued: _Issued) -> Statement:
    nothing = Money(amount=Decimal(0), currency=issued.currency)
    period = FiscalPeriod(issued.first, issued.last)
    whose = issued.payee, issued.currency
    return Statement(*whose, period, nothing, (), nothing, None, issued.counted, nothing)


def each_statement(
    ledger: Sequence[Pile[Entry]],
    *,
    terms: Period,
    on: date,
    zone: tzinfo,
    previous: Sequence[Statement] = (),
) -> Iterator[Statement]:
    """Yield the statement of every payee in every currency, sorted, each from its own entries.

    Args:
        ledger: Entries, in the order in which they were written, in parts.
        terms: The host's fiscal periods.
        on: A day of the period.
        zone: The time zone in which the moment of an entry is a day.
        previous: The statements that were issued for the period before.

    Raises:
        StatementGapError: One of ``previous`` is not of the period before.
    """
    issued: dict[str, list[Statement]] = {}
    for each in previous:
        issued.setdefault(each.payee, []).append(each)
    for payee in sorted(issued.keys() | set(chain(*(part.values("payee") for part in ledger)))):
        own = [entry for part in ledger for entry in part.having("payee", payee)]
        before = issued.get(payee, ())
        yield from statements_of(own, terms=terms, on=on, zone=zone, previous=before)
