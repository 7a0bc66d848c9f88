"""The command ``cosell fees``: what deals earn, what is new in the ledger, and statements.

Rules:

1. Rows are read as ``cosell review`` reads them; whole deals need no mapping.
2. The ledger is written once everything is assessed and every other file is there: what fails
   before writes no entry. Only the end of the report comes after it.
3. With one file as ``--since`` and ``--ledger``, new entries are added to it; run again, it gains
   none.

This module does not know what a deal earns.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from cosell.cli.deals import each_deal
from cosell.cli.ending import Exit, told
from cosell.cli.fee_book import Assessed
from cosell.cli.fee_job import FeeJob, FeeWishes, prepare_fees
from cosell.cli.fee_page import write_fees, write_head
from cosell.cli.fee_plain import FEE_COLUMNS, STATEMENT_COLUMNS, statement_as_cells
from cosell.cli.fee_sinks import FeeSink, JsonFees, PageFees, TableFees, fill_workbook
from cosell.cli.flags import FileArgument, JsonOption, ProgressOption, RatesOption, flag
from cosell.cli.ledger_file import append_ledger, create_ledger
from cosell.cli.page import Page
from cosell.cli.pile import Pile
from cosell.cli.progress import counted
from cosell.cli.rejects import Rejects
from cosell.cli.row import FileError, Rejected
from cosell.cli.statement_file import each_statement
from cosell.cli.tables_out import open_csv, open_workbook
from cosell.fees import Statement

__all__ = ["FeeOutput", "fees", "run_fees"]

_MOST_REJECTED: Final = 50

PlanOption = Annotated[
    list[str] | None,
    typer.Option(
        "--plan",
        metavar="PLAN",
        help="A fee plan of the catalog, or its path. Several times for versions and partners' own"
        " plans; the first is the program's.",
    ),
]
MapOption = Annotated[
    Path | None,
    typer.Option(
        "--map", metavar="TOML", help="Which column is what; whole deals as JSON need none."
    ),
]
ProcessOption = Annotated[
    str, typer.Option("--process", help="The process that the mapping is for.")
]
AtOption = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="MOMENT",
        help="As of when: a date (the end of that day in the plan's zone) or a time with an"
        " offset. By default now.",
    ),
]
SinceOption = Annotated[
    Path | None,
    typer.Option("--since", metavar="LEDGER", help="The ledger so far, as JSON Lines."),
]
LedgerOption = Annotated[
    Path | None,
    typer.Option(
        "--ledger",
        metavar="OUT",
        help="Write the new entries there; to the file of --since they are added.",
    ),
]
StatementsOption = Annotated[bool, flag("--statements", help="Write a statement for each payee.")]
PeriodOption = Annotated[
    str | None,
    typer.Option(
        "--period",
        metavar="DAY",
        help="The period of the statements, by any day in it. By default that of --at.",
    ),
]
PreviousOption = Annotated[
    Path | None,
    typer.Option(
        "--previous",
        metavar="JSON",
        help="The statements of the period before, as --json wrote them.",
    ),
]
CsvOption = Annotated[
    Path | None, typer.Option("--csv", metavar="OUT", help="Also write a row for each fee.")
]
StatementsCsvOption = Annotated[
    Path | None,
    typer.Option("--statements-csv", metavar="OUT", help="Also write the statements' lines."),
]
ExcelOption = Annotated[
    Path | None, typer.Option("--excel", metavar="OUT", help="Also write a workbook.")
]
AllOption = Annotated[
    bool, flag("--all", help="Write every deal, every entry and every rejected row.")
]


@dataclass(frozen=True, slots=True)
class FeeOutput:
    """What is to be written beside the ledger.

    Attributes:
        statements: Whether statements are made.
        every: Whether every deal, entry and rejected row is written.
        as_json: Whether JSON is written instead of text.
        csv: Where a row is written for each fee.
        statements_csv: Where the lines of the statements are written.
        excel: Where a workbook is written.
        progress: Whether a terminal shows a progress bar.
    """

    statements: bool = False
    every: bool = False
    as_json: bool = False
    csv: Path | None = None
    statements_csv: Path | None = None
    excel: Path | None = None
    progress: bool = False


def fees(  # noqa: PLR0913, PLR0917 - a command has its options
    ctx: typer.Context,
    file: FileArgument,
    plan: PlanOption = None,
    mapping: MapOption = None,
    process: ProcessOption = "make",
    at: AtOption = None,
    rates: RatesOption = None,
    since: SinceOption = None,
    ledger: LedgerOption = None,
    statements: StatementsOption = False,  # noqa: FBT002 - a flag
    period: PeriodOption = None,
    previous: PreviousOption = None,
    csv: CsvOption = None,
    statements_csv: StatementsCsvOption = None,
    excel: ExcelOption = None,
    every: AllOption = False,  # noqa: FBT002 - a flag
    as_json: JsonOption = False,  # noqa: FBT002 - a flag
    progress: ProgressOption = True,  # noqa: FBT002 - a flag
) -> None:
    """Say what deals earn, what is new since the last ledger, and what each partner gets."""
    with told(ctx):
        wishes = FeeWishes(
            file, plan or (), mapping, process, at, rates, since, ledger, period, previous
        )
        wanted = statements or bool(period or previous or statements_csv)
        output = FeeOutput(wanted, every, as_json, csv, statements_csv, excel, progress)
        rejected = run_fees(prepare_fees(wishes), output)
    raise typer.Exit(Exit.REJECTED if rejected else Exit.DONE)


class _Rejected(Rejects):
    """A sink that counts the rejected rows, and keeps the first ones."""

    def deal(self, found: Assessed) -> None:
        """Leave a deal to others."""

    def rejected(self, row: Rejected) -> None:
        """Count a row that was rejected."""
        self.add(row)


def run_fees(job: FeeJob, output: FeeOutput) -> int:
    """Assess a file, write what is wanted and then the ledger; return how many were rejected.

    Raises:
        CosellError: A file cannot be read or written, or a statement cannot follow on another.
    """
    for warning in job.warnings:
        sys.stderr.write(f"Warning: {warning}\n")
    _refuse_overwriting(job, output)
    rejected = _Rejected(None if output.every and not output.as_json else _MOST_REJECTED)
    with ExitStack() as files:
        rows = files.enter_context(job.open())
        sinks: list[FeeSink] = [rejected]
        sinks += _tables(output, files)
        book = None if output.excel is None else files.enter_context(open_workbook(output.excel))
        if book is not None:
            sinks.append(TableFees(book.sheet("Fees", FEE_COLUMNS)))
        close = _add_writer(job, output, rejected, sinks)
        found = counted(rows, shown=output.progress)
        for result in each_deal(found, job.reader, job.book.take, file=str(job.wishes.file)):
            _hand_on(result, sinks)
        statements = Pile(Statement)
        if output.statements:
            statements.add(_statements(job))
        if book is not None:
            fill_workbook(book, job, statements)
        _write_statements(output, statements)
    _write_ledger(job)
    close(statements)
    return rejected.count


def _hand_on(result: Assessed | Rejected, sinks: Sequence[FeeSink]) -> None:
    for sink in sinks:
        if isinstance(result, Rejected):
            sink.rejected(result)
        else:
            sink.deal(result)


def _tables(output: FeeOutput, files: ExitStack) -> Iterator[FeeSink]:
    """Yield what writes rows of fees: the CSV, if one is wanted."""
    if output.csv is not None:
        yield TableFees(files.enter_context(open_csv(output.csv, FEE_COLUMNS)))


def _add_writer(
    job: FeeJob, output: FeeOutput, rejected: _Rejected, sinks: list[FeeSink]
) -> Callable[[Pile[Statement]], None]:
    """Add the sink that writes to the standard output; return what writes the end."""
    if output.as_json:
        document = JsonFees(sys.stdout, job)
        sinks.append(document)
        return document.close
    page = Page()
    write_head(page, job)
    if output.every:
        sinks.append(PageFees(page))

    def close(statements: Pile[Statement]) -> None:
        write_fees(page, job, statements, rejected, every=output.every)

    return close


def _statements(job: FeeJob) -> Iterator[Statement]:
    terms, zone = job.program.plan.period, job.program.zone
    ledger = job.book.known, job.book.new
    return each_statement(
        ledger, terms=terms, on=job.period.first, zone=zone, previous=job.previous
    )


def _write_statements(output: FeeOutput, statements: Pile[Statement]) -> None:
    if output.statements_csv is None:
        return
    with open_csv(output.statements_csv, STATEMENT_COLUMNS) as write:
        for statement in statements:
            for cells in statement_as_cells(statement):
                write(cells)


def _write_ledger(job: FeeJob) -> None:
    out = job.wishes.ledger
    if out is None:
        return
    (append_ledger if job.appends else create_ledger)(out, job.book.new)


def _refuse_overwriting(job: FeeJob, output: FeeOutput) -> None:
    """Raise where one file is to be written twice, or would be read and written.

    Raises:
        FileError: It is so.
    """
    wishes = job.wishes
    plans = [Path(name) for name in wishes.plans]
    read = (wishes.file, wishes.mapping, wishes.rates, wishes.since, wishes.previous, *plans)
    taken = {path.resolve() for path in read if path is not None}
    if job.appends and wishes.since is not None:
        taken.discard(wishes.since.resolve())
    for out in (wishes.ledger, output.csv, output.statements_csv, output.excel):
        if out is None:
            continue
        if out.resolve() in taken:
            raise FileError(f"`{out}` is used for something else", "Write to another file.")
        taken.add(out.resolve())
