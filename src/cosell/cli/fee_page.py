"""Write what the deals of a file earn as people read it.

This module does not know what a deal earns.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from typing import Final

from cosell.cli.fee_book import Assessed, FeeBook
from cosell.cli.fee_job import FeeJob
from cosell.cli.fee_plain import SUMMARY_COLUMNS, rates_text, totals_as_cells
from cosell.cli.page import Page
from cosell.cli.pile import Pile
from cosell.cli.rejects import Rejects
from cosell.cli.tables_out import Cell
from cosell.cli.totals_page import write_rejected
from cosell.cli.words import amount_text, count_text, moment_text
from cosell.fees import Statement

__all__ = ["write_assessment", "write_fees", "write_head"]

_MOST: Final = 20


def write_head(page: Page, job: FeeJob) -> None:
    """Write what the fees are made of: file, plans, moment, rates, ledger."""
    refs = " and ".join(f"{plan.plan.id} version {plan.plan.version}" for plan in job.plans)
    when = f"{moment_text(job.at)} {job.program.plan.zone}"
    page.line(f"{job.wishes.file} by fee plan {refs}, as of {when}", style="bold")
    for notice in dict.fromkeys(plan.plan.notice for plan in job.plans if plan.plan.notice):
        page.line(notice)
    if job.zone is not None:
        page.line(str(job.zone))
    if (rates := rates_text(job)) is not None:
        page.line(f"Exchange rates of {rates}.")
    if job.wishes.since is None:
        page.line("No ledger was given: nothing is taken as paid. Give one with --since.")
    else:
        page.line(f"Ledger {job.wishes.since}: {_entries(len(job.book.known))}.")


def write_assessment(page: Page, found: Assessed) -> None:
    """Write what one deal earns, with each reason and each step."""
    page.raw("")
    _write_words(page, found.assessment.explain())


def write_fees(
    page: Page,
    job: FeeJob,
    statements: Pile[Statement],
    rejected: Rejects,
    *,
    every: bool,
) -> None:
    """Write what all deals come to.

    Args:
        page: Where to.
        job: What was assessed.
        statements: The statements; none if nobody asked.
        rejected: The rejected rows.
        every: Whether lists are written to their end.
    """
    book, most = job.book, None if every else _MOST
    _write_partners(page, book)
    _write_new(page, job, most)
    _write_open(page, book, most)
    _write_differences(page, book, most)
    for statement in statements:
        page.raw("")
        _write_words(page, statement.explain())
    page.raw("")
    rows = count_text(book.read + rejected.count, "row")
    page.line(f"{rows}: {book.read:,} read, {rejected.count:,} rejected.", style="bold")
    if rejected.count:
        page.raw("")
        write_rejected(page, rejected, more=rejected.more)


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"


def _write_words(page: Page, text: str) -> None:
    """Write lines that stand in as far as they are indented."""
    for line in text.split("\n"):
        said = line.lstrip()
        page.line(said, indent=len(line) - len(said))


def _write_partners(page: Page, book: FeeBook) -> None:
    totals = book.totals
    if not totals:
        page.heading("No fee is eligible, and the ledger has none.")
        return
    page.heading("By partner")
    # As statements do, what is disputed stands there where something is.
    left_out = () if any(total.disputed for total in totals) else ("disputed",)
    heads = [name for name in SUMMARY_COLUMNS if name not in left_out]
    rows = [dict(zip(SUMMARY_COLUMNS, row, strict=True)) for row in totals_as_cells(book)]
    texts = [[_as_text(row[name]) for name in heads] for row in rows]
    named = [name.replace("_", " ") for name in heads]
    page.table([named, *texts], right=range(1, len(heads) - 1))


def _as_text(cell: Cell) -> str:
    return f"{cell:,f}" if isinstance(cell, Decimal) else str(cell)


def _write_new(page: Page, job: FeeJob, most: int | None) -> None:
    book, out = job.book, job.wishes.ledger
    new = book.new
    page.heading(f"New: {_entries(len(new))}" if new else "Nothing is new.")
    page.table(
        [
            (f"{count:,}", kind.replace("_", " "), amount_text(total.amount, total.currency))
            for (kind, _), (count, total) in book.new_by_kind.items()
        ],
        right=[0],
    )
    for entry in islice(new, most):
        on = entry.at.astimezone(job.at.tzinfo).date()
        what = f"{entry.activity} of {entry.record_id}"
        what = what if entry.occasion is None else f"{what} ({entry.occasion})"
        kind = entry.kind.value.replace("_", " ")
        page.line(f"{on} {kind} {entry.amount} to {entry.payee} for {what}", mark="●", indent=2)
    _write_more(page, len(new), most)
    if out is not None and new:
        page.line(f"{'Added' if job.appends else 'Written'} to {out}.", indent=2)


def _write_more(page: Page, count: int, most: int | None) -> None:
    if most is not None and count > most:
        page.line(f"and {count - most:,} more; `--all` and `--json` have them.", indent=2)


def _write_open(page: Page, book: FeeBook, most: int | None) -> None:
    if not book.open_fees:
        return
    page.heading("Earned, and no entry yet")
    for fee in islice(book.open_fees, most):
        page.line(f"{fee.activity} of {fee.record_id}: {fee.problem}. {fee.remedy}", indent=2)
    _write_more(page, len(book.open_fees), most)


def _write_differences(page: Page, book: FeeBook, most: int | None) -> None:
    if not book.differences:
        return
    page.heading("Otherwise than the ledger says")
    page.line(
        "What was written stays. Adjust the fee in the ledger, or correct the deal.", indent=2
    )
    for it in islice(book.differences, most):
        page.line(f"{it.fee_id}: {it.written} written, {it.assessed} now", mark="●", indent=2)
    _write_more(page, len(book.differences), most)
