"""What the commands do, once everything that they need is there.

This module does not know what a command is called with.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import cosell.catalog
from cosell.cli.deals import each_deal
from cosell.cli.explain import explanation_as_dict, write_explanation
from cosell.cli.job import Job
from cosell.cli.page import Page
from cosell.cli.plain import rejected_as_dict
from cosell.cli.progress import counted
from cosell.cli.row import FileError, Rejected
from cosell.cli.run import Sink, Summary, review_file
from cosell.cli.sinks import CsvSink, JsonSink, PageSink
from cosell.cli.summary_page import write_head, write_summary
from cosell.cli.totals_page import write_rejected
from cosell.definition import Process
from cosell.draw.telling import flat
from cosell.errors import CosellError

__all__ = ["Output", "run_explain", "run_review", "write_catalog", "write_json"]

_MOST_REJECTED: Final = 50
_MOST_NEAR: Final = 3


@dataclass(frozen=True, slots=True)
class Output:
    """What is to be written.

    Attributes:
        every: Whether every deal and every rejected row is written.
        as_json: Whether JSON is written instead of text.
        csv: Where a row is written for each row of the file.
        top: How many urgent deals are written.
        progress: Whether a terminal shows a progress bar.
    """

    every: bool
    as_json: bool
    csv: Path | None
    top: int
    progress: bool


def run_review(job: Job, output: Output) -> int:
    """Review a file, and return how many rows were rejected.

    Raises:
        CosellError: A file cannot be read or written.
    """
    summary = Summary(top=output.top, most_rejected=None if output.every else _MOST_REJECTED)
    file = job.wishes.file
    with ExitStack() as open_files:
        rows = open_files.enter_context(job.open())
        sinks: list[Sink] = [summary]
        if output.csv is not None:
            _refuse_overwriting(job, output.csv)
            sinks.append(open_files.enter_context(CsvSink(output.csv)))
        close = _add_writer(job, output, summary, sinks)
        found = counted(rows, shown=output.progress)
        review_file(each_deal(found, job.reader, job.reviewer.review, file=str(file)), sinks)
    close()
    return summary.totals.rejected


def _add_writer(job: Job, output: Output, summary: Summary, sinks: list[Sink]) -> Any:
    """Add the sink that writes to the standard output; return what writes the end."""
    if output.as_json:
        document = JsonSink(sys.stdout, job)
        sinks.append(document)
        return lambda: document.close(summary)
    page = Page()
    write_head(page, job)
    page.line(
        "Of a track that has not begun the obstacles are counted; `cosell explain` lists them."
    )
    if output.every:
        sinks.append(PageSink(page, job.reviewer.bound.process))
    return lambda: write_summary(page, job, summary, every=output.every)


def _refuse_overwriting(job: Job, out: Path) -> None:
    wishes = job.wishes
    for read in (wishes.file, wishes.mapping, wishes.rates):
        if read is not None and out.resolve() == read.resolve():
            raise FileError(f"`{out}` is being read", "Write to another file.")


class NoSuchDealError(CosellError):
    """A file has no deal of an id.

    Attributes:
        record_id: The id.
        near: Ids of deals that look like it.
    """

    code = "cli.no_such_deal"

    def __init__(self, file: str, record_id: str, column: str, known: Iterable[str]) -> None:
        self.record_id = record_id
        self.near = tuple(get_close_matches(record_id, known, n=_MOST_NEAR))
        near = " or ".join(f"`{each}`" for each in self.near)
        remedy = f"Did you mean {near}?" if near else f"Give an id of the column `{column}`."
        super().__init__(f"`{file}` has no deal `{record_id}`", remedy)


def run_explain(job: Job, record_id: str, *, as_json: bool) -> int:
    """Explain one deal, and return 1 if its row was rejected, else 0.

    Raises:
        NoSuchDealError: The file has no such deal.
    """
    known: dict[str, None] = {}
    with job.open() as rows:
        file = str(job.wishes.file)
        for found in each_deal(rows.rows, job.reader, job.reviewer.review, file=file):
            found_id = found.id if isinstance(found, Rejected) else found.record.id
            if found_id == record_id:
                break
            if not isinstance(found, Rejected):
                known[found.record.id] = None
        else:
            raise NoSuchDealError(file, record_id, job.mapping.id, known)
    if isinstance(found, Rejected):
        if as_json:
            write_json(rejected_as_dict(found))
        else:
            write_rejected(Page(), [found])
        return 1
    if as_json:
        write_json(explanation_as_dict(job.reviewer, found))
    else:
        page = Page()
        write_head(page, job)
        write_explanation(page, job.reviewer, found)
    return 0


def write_catalog(*, as_json: bool) -> None:
    """Write which processes and fee plans ship."""
    processes = [cosell.catalog.load(name).process for name in cosell.catalog.names()]
    plans = [cosell.catalog.load_fee_plan(name) for name in cosell.catalog.fee_plan_names()]
    if as_json:
        write_json(
            {
                "processes": [
                    {"id": it.id, "version": it.version, "label": it.label, "digest": it.digest}
                    for it in processes
                ],
                "fee_plans": [
                    {"id": it.id, "version": it.version, "label": it.label, "digest": it.digest}
                    for it in plans
                ],
            }
        )
        return
    page = Page()
    page.line("Processes", style="bold")
    page.table([(it.id, f"version {it.version}", _said_first(it)) for it in processes])
    page.heading("Fee plans")
    page.table([(it.id, f"version {it.version}", it.notice or it.label or "") for it in plans])
    page.raw("")
    page.line("See one with `cosell show NAME`, or draw it with `cosell show NAME --mermaid`.")


def _said_first(process: Process) -> str:
    """Return the first sentence of a process's help, or what people call it."""
    first, stop, _ = flat(process.help or process.label).partition(". ")
    return f"{first}{stop.strip()}"


def write_json(value: object) -> None:
    """Write a value as JSON."""
    sys.stdout.write(f"{json.dumps(value, indent=2)}\n")
    sys.stdout.flush()
