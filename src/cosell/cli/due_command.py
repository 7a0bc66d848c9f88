"""The command ``cosell due``: what is late, at risk and due in a file of deals, and why.

Rules:

1. Rows are read and reviewed as ``cosell review`` does; a row that is rejected there is here.
2. Every promise that still waits has one line, the most pressing first.
3. ``--json`` and ``--csv`` give all of them; the page gives as many as ``--top`` says.

This module does not know how pressing a promise is.
"""

from __future__ import annotations

import csv
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Final

import typer

from cosell.cli.deals import each_deal
from cosell.cli.due_found import DueFound, DueWishes
from cosell.cli.due_lines import DUE_COLUMNS, DueClass, DueLine, line_as_cells
from cosell.cli.ending import Exit, told
from cosell.cli.flags import (
    AtOption,
    CalendarOption,
    FileArgument,
    JsonOption,
    MapOption,
    ProcessOption,
    ProgressOption,
)
from cosell.cli.job import Job, Wishes, prepare
from cosell.cli.json_stream import JsonStream
from cosell.cli.page import Page
from cosell.cli.plain import customer_of, head_as_dict
from cosell.cli.progress import counted
from cosell.cli.row import FileError
from cosell.cli.run import review_file
from cosell.cli.totals_page import write_rejected
from cosell.cli.words import cites_text, count_text, moment_text, roles_text
from cosell.definition import Process
from cosell.errors import CosellError, UnknownNameError

__all__ = ["due"]

#: What the JSON follows; the number grows when a key changes its meaning.
_SCHEMA: Final = "cosell.due/1"
#: How many rejected rows the page has.
_MOST_REJECTED: Final = 50
_HEADINGS: Final = {
    DueClass.LATE: "Late",
    DueClass.AT_RISK: "At risk",
    DueClass.DUE: "Due",
    DueClass.HOLDING: "To wait for",
    DueClass.PAUSED: "Paused",
}


class RiskError(CosellError):
    """What is given as a share is none."""

    code = "call.share"


OwnerOption = Annotated[
    str | None, typer.Option("--owner", help="Only what this role of the process must do.")
]
RiskOption = Annotated[
    str, typer.Option("--risk", metavar="SHARE", help="From which share of its time on at risk.")
]
CsvOption = Annotated[
    Path | None, typer.Option("--csv", metavar="OUT", help="Also write a row for each promise.")
]
TopOption = Annotated[int, typer.Option("--top", min=0, help="How many lines on the page.")]


def due(  # noqa: PLR0913, PLR0917 - a command has its options
    ctx: typer.Context,
    file: FileArgument,
    mapping: MapOption,
    process: ProcessOption = "make",
    at: AtOption = None,
    owner: OwnerOption = None,
    risk: RiskOption = "0.75",
    calendar: CalendarOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - a flag
    out: CsvOption = None,
    top: TopOption = 50,
    progress: ProgressOption = True,  # noqa: FBT002 - a flag
) -> None:
    """List what is late, at risk and due, the most pressing first, each with its reason."""
    with told(ctx):
        share = parse_share(risk)
        wishes = Wishes(file, mapping, process, at, calendars=tuple(calendar or ()))
        job = prepare(wishes)
        wanted = DueWishes(
            risk=share,
            owner=owner,
            top=top,
            every=as_json or out is not None,
            most_rejected=None if as_json else _MOST_REJECTED,
        )
        found = _found(job, wanted, progress=progress)
        if out is not None:
            _write_csv(job, out, found)
        if as_json:
            _write_json(job, found)
        else:
            _write_page(job, found)
    raise typer.Exit(Exit.REJECTED if found.rows.count else Exit.DONE)


def parse_share(text: str) -> Decimal:
    """Return a share from 0 to 1.

    Raises:
        RiskError: It is none.

    Example:
        >>> parse_share("0.75")
        Decimal('0.75')
    """
    try:
        share = Decimal(text)
    except InvalidOperation:
        share = Decimal(-1)
    if not (share.is_finite() and 0 <= share <= 1):
        raise RiskError(f"`{text[:20]}` is no share", "Give one from 0 to 1, as 0.75.")
    return share


def _found(job: Job, wishes: DueWishes, *, progress: bool) -> DueFound:
    """Read and review the file; return what still waits.

    Raises:
        CosellError: The file cannot be read, or there is no such role.
    """
    process = job.reviewer.bound.process
    if wishes.owner is not None and wishes.owner not in process.roles:
        raise UnknownNameError("role", wishes.owner, process.roles)
    found = DueFound(wishes)
    with job.open() as rows:
        shown = counted(rows, shown=progress)
        results = each_deal(shown, job.reader, job.reviewer.review, file=str(job.wishes.file))
        review_file(results, [found])
    return found


def _write_csv(job: Job, out: Path, found: DueFound) -> None:
    if out.resolve() in {job.wishes.file.resolve(), job.wishes.mapping.resolve()}:
        raise FileError(f"`{out}` is being read", "Write to another file.")
    try:
        with out.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, DUE_COLUMNS)
            writer.writeheader()
            writer.writerows(map(line_as_cells, found.every_as_dict()))
    except OSError as error:
        raise FileError(
            f"`{out}` cannot be written: {error.strerror}",
            "Name a file in a folder that you may write to.",
        ) from None


def _write_json(job: Job, found: DueFound) -> None:
    head = head_as_dict(job) | {
        "schema": _SCHEMA,
        "risk": str(found.wishes.risk),
        "totals": {
            "read": found.read,
            "rejected": found.rows.count,
            **{each.value: found.counts[each] for each in DueClass},
        },
    }
    document = JsonStream(sys.stdout, head, "promises")
    for text in found.every_as_json:
        document.add(text)
    document.list("rejected", found.rejected_as_json)
    document.close()


def _write_page(job: Job, found: DueFound) -> None:
    page, process, counts = Page(), job.reviewer.bound.process, found.counts
    _write_head(page, job)
    shown = found.top
    for each in DueClass:
        lines = [line for line in shown if line.due is each]
        if lines:
            page.heading(f"{_HEADINGS[each]} ({counts[each]:,})")
        for line in lines:
            _write_line(page, line, process)
    page.raw("")
    told_counts = ", ".join(
        f"{counts[each]:,} {_HEADINGS[each].lower()}" for each in DueClass if counts[each]
    )
    page.line(f"{count_text(found.read, 'deal')}: {told_counts or 'nothing waits'}.", style="bold")
    if more := counts.total() - len(shown):
        page.line(f"{more:,} more with --top, --json or --csv.")
    if found.rows.count:
        page.raw("")
        write_rejected(page, found.rows, more=found.rows.more, all_in="`--json` has them")


def _write_head(page: Page, job: Job) -> None:
    """Write file, process, moment and calendars."""
    reviewer, process = job.reviewer, job.reviewer.bound.process
    page.line(
        f"{job.wishes.file} by process {process.id} version {process.version},"
        f" as of {moment_text(reviewer.at)} {process.zone}",
        style="bold",
    )
    page.line(str(job.zone))
    for name, calendar in reviewer.calendars.items():
        known = f"{calendar.id}, {calendar.tz}"
        if name in reviewer.assumed:
            known = f"none was given: Monday to Friday, 09:00 to 17:00 {calendar.tz}, no holidays"
        page.line(f"Calendar {name}: {known}.")


def _write_line(page: Page, line: DueLine, process: Process) -> None:
    clock = line.promise.clock
    customer = customer_of(line.deal)
    head = f"{line.deal.record.id}{f', {customer}' if customer else ''}"
    who = f" ({roles_text(process, [clock.owner])})" if clock.owner else ""
    page.line(f"{head}: {clock.label or line.name}{who}", mark="●", indent=2)
    page.line(f"{line.reason}.{cites_text(clock.cites)}", indent=6)
    if line.reading.provisional:
        page.line("The date of a holiday in between is an estimate.", indent=6)
