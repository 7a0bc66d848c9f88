"""Where the fees of each deal go as they come, and what is written when all are known.

Rules:

1. JSON is one document on the standard output, written as a stream.
2. A CSV of fees has a row for each fee and for each row that was rejected; a workbook has that as
   a sheet, and beside it the summary, the new entries, the statements and what it was made of.

This module does not know how a file is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final, Protocol, TextIO

from cosell.cli.fee_book import Assessed
from cosell.cli.fee_job import FeeJob
from cosell.cli.fee_page import write_assessment
from cosell.cli.fee_plain import (
    ENTRY_COLUMNS,
    STATEMENT_COLUMNS,
    SUMMARY_COLUMNS,
    book_as_lists,
    deal_as_dict,
    entry_as_cells,
    fees_as_cells,
    head_as_dict,
    rates_text,
    rejected_as_cells,
    statement_as_cells,
    totals_as_cells,
)
from cosell.cli.json_stream import JsonStream
from cosell.cli.page import Page
from cosell.cli.pile import Pile
from cosell.cli.plain import rejected_as_dict
from cosell.cli.row import Rejected
from cosell.cli.tables_out import Cell, Workbook
from cosell.fees import Statement

__all__ = ["FeeSink", "JsonFees", "PageFees", "TableFees", "fill_workbook"]

_Write = Callable[[Mapping[str, Cell]], object]


class FeeSink(Protocol):
    """What takes the fees of deals as they come."""

    def deal(self, found: Assessed) -> None:
        """Take the fees of a deal."""
        ...

    def rejected(self, row: Rejected) -> None:
        """Take a row that was rejected."""
        ...


class PageFees:
    """Writes the fees of every deal on a page."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def deal(self, found: Assessed) -> None:
        """Write the fees of a deal."""
        write_assessment(self._page, found)

    def rejected(self, row: Rejected) -> None:
        """Leave a rejected row for the end."""


class TableFees:
    """Writes a row of a table for each fee and for each row that was rejected."""

    def __init__(self, write: _Write) -> None:
        self._write = write

    def deal(self, found: Assessed) -> None:
        """Write the fees of a deal."""
        for row in fees_as_cells(found):
            self._write(row)

    def rejected(self, row: Rejected) -> None:
        """Write a row that was rejected."""
        self._write(rejected_as_cells(row))


class JsonFees:
    """Writes everything as one JSON document."""

    def __init__(self, out: TextIO, job: FeeJob) -> None:
        self._document = JsonStream(out, head_as_dict(job), "deals")
        self._book = job.book
        self._rejected = Pile(str)

    def deal(self, found: Assessed) -> None:
        """Write the fees of a deal."""
        self._document.add(json.dumps(deal_as_dict(found)))

    def rejected(self, row: Rejected) -> None:
        """Keep a rejected row for the list of them."""
        self._rejected.add([json.dumps(rejected_as_dict(row))])

    def close(self, statements: Pile[Statement]) -> None:
        """Write the rest of the document."""
        for name, things in book_as_lists(self._book).items():
            self._document.list(name, map(json.dumps, things))
        self._document.list("statements", (json.dumps(each.as_dict()) for each in statements))
        self._document.list("rejected", self._rejected)
        read, rejected = self._book.read, len(self._rejected)
        rows = {"rows": read + rejected, "read": read, "rejected": rejected}
        self._document.close({"rows": rows})


_ABOUT: Final = ("what", "value")


def fill_workbook(book: Workbook, job: FeeJob, statements: Pile[Statement]) -> None:
    """Write the sheets of a workbook beside the one of fees."""
    summary = book.sheet("Partners", SUMMARY_COLUMNS)
    for row in totals_as_cells(job.book):
        summary(dict(zip(SUMMARY_COLUMNS, row, strict=True)))
    entries = book.sheet("New entries", ENTRY_COLUMNS)
    for entry in job.book.new:
        entries(entry_as_cells(entry, job.at))
    if statements:
        lines = book.sheet("Statements", STATEMENT_COLUMNS)
        for statement in statements:
            for cells in statement_as_cells(statement):
                lines(cells)
    about = book.sheet("About", _ABOUT)
    for name, value in _about(job).items():
        about({"what": name, "value": value})


def _about(job: FeeJob) -> dict[str, Cell]:
    wishes = job.wishes
    plans = {f"plan {plan.ref}": plan.plan.notice or plan.digest for plan in job.plans}
    return {
        "deals": str(wishes.file),
        "as of": job.at.isoformat(),
        "dates": None if job.zone is None else str(job.zone),
        **plans,
        "exchange rates": rates_text(job),
        "ledger": None if wishes.since is None else str(wishes.since),
    }
