"""Where results go as they come: a page, JSON, CSV.

Rules:

1. JSON is one document on the standard output, written as a stream: a deal a line.
2. Output is the same on every machine: text that is not ASCII is escaped in JSON, and CSV is
   UTF-8 with a byte-order mark, which spreadsheets need.

This module does not know how a file is read.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Self, TextIO

from cosell.cli.deal_page import write_deal
from cosell.cli.job import Job
from cosell.cli.json_stream import JsonStream
from cosell.cli.page import Page
from cosell.cli.pile import Pile
from cosell.cli.plain import (
    CSV_COLUMNS,
    deal_as_cells,
    deal_as_dict,
    head_as_dict,
    rejected_as_cells,
    rejected_as_dict,
    totals_as_dict,
)
from cosell.cli.review import Reviewed
from cosell.cli.row import FileError, Rejected
from cosell.cli.run import Summary
from cosell.definition import Process

__all__ = ["CsvSink", "JsonSink", "PageSink"]


class PageSink:
    """Writes every deal on a page."""

    def __init__(self, page: Page, process: Process) -> None:
        self._page = page
        self._process = process

    def deal(self, reviewed: Reviewed) -> None:
        """Write a deal."""
        write_deal(self._page, reviewed, self._process)

    def rejected(self, row: Rejected) -> None:
        """Leave a rejected row for the end."""


class JsonSink:
    """Writes everything as one JSON document."""

    def __init__(self, out: TextIO, job: Job) -> None:
        self._document = JsonStream(out, head_as_dict(job), "deals")
        self._rejected = Pile(str)

    def deal(self, reviewed: Reviewed) -> None:
        """Write a deal."""
        self._document.add(json.dumps(deal_as_dict(reviewed)))

    def rejected(self, row: Rejected) -> None:
        """Keep a rejected row for the list of them."""
        self._rejected.add([json.dumps(rejected_as_dict(row))])

    def close(self, summary: Summary) -> None:
        """Write the rest of the document."""
        self._document.list("rejected", self._rejected)
        totals = totals_as_dict(summary.totals)
        urgent = [reviewed.record.id for reviewed in summary.top.first]
        self._document.close({"totals": totals, "urgent": urgent})


class CsvSink:
    """Writes a row for each row of the file, as a context manager."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        """Create the file, and write its header."""
        try:
            self._file = self._path.open("w", encoding="utf-8-sig", newline="")
        except OSError as error:
            raise FileError(
                f"`{self._path}` cannot be written: {error.strerror}",
                "Name a file in a folder that you may write to.",
            ) from None
        self._writer = csv.DictWriter(self._file, CSV_COLUMNS)
        self._writer.writeheader()
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()

    def deal(self, reviewed: Reviewed) -> None:
        """Write a deal."""
        self._writer.writerow(deal_as_cells(reviewed))

    def rejected(self, row: Rejected) -> None:
        """Write a row that was rejected."""
        self._writer.writerow(rejected_as_cells(row))
