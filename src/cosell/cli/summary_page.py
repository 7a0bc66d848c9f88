"""Write the beginning and the end of a review: what it was made of, and what it comes to.

This module does not know how a deal is reviewed.
"""

from __future__ import annotations

from cosell.cli.deal_page import write_deal
from cosell.cli.job import Job
from cosell.cli.page import Page
from cosell.cli.run import Summary
from cosell.cli.totals_page import write_rejected, write_totals
from cosell.cli.urgency import Urgency, urgency_of
from cosell.cli.words import day_text, moment_text

__all__ = ["write_head", "write_summary"]


def write_head(page: Page, job: Job) -> None:
    """Write what a review is made of: file, process, moment, calendars, fee plan."""
    reviewer, process = job.reviewer, job.reviewer.bound.process
    page.line(
        f"{job.wishes.file} by process {process.id} version {process.version},"
        f" as of {moment_text(reviewer.at)} {process.zone}",
        style="bold",
    )
    page.line(str(job.zone))
    for name, calendar in reviewer.calendars.items():
        text = f"{calendar.id}, {calendar.tz}"
        if name in reviewer.assumed:
            text = (
                f"Monday to Friday, 09:00 to 17:00 {calendar.tz}, no holidays, because none was"
                f" given. Give the real one as --calendar {name}=COUNTRY"
            )
        page.line(f"Calendar {name}: {text}.")
    if reviewer.role:
        page.line(f"Asked as: {process.roles[reviewer.role]}.")
    if reviewer.fees is None:
        page.line("No fee plan was given: fees are left out. Give one with --fees.")
    else:
        notice = reviewer.fees.plan.plan.notice
        page.line(f"Fees by {reviewer.fees.plan.ref}.{f' {notice}' if notice else ''}")
        page.line("What was paid out already is not known here: a file has no ledger.")


def write_summary(page: Page, job: Job, summary: Summary, *, every: bool) -> None:
    """Write the most urgent deals, what all come to, and which rows were rejected.

    Args:
        page: Where to.
        job: What was reviewed.
        summary: What was found.
        every: Whether every deal has been written already, so that a line each is enough.
    """
    deals = summary.top.first
    process = job.reviewer.bound.process
    if deals:
        page.heading(f"The {len(deals)} most urgent of {summary.totals.read:,} deals")
    for number, reviewed in enumerate(deals, 1):
        if not every:
            write_deal(page, reviewed, process, number=number)
            continue
        urgency, moment = urgency_of(reviewed)
        word = "since" if urgency is not Urgency.DUE else "by"
        when = "" if moment is None else f" {word} {day_text(moment.date())}"
        page.line(f"{reviewed.record.id}: {urgency.value}{when}", mark=f"{number}.", indent=2)
    write_totals(page, summary.totals, process)
    _write_unseen(page, job)
    if summary.totals.rejected:
        page.raw("")
        write_rejected(page, summary.rows, more=summary.rows.more)


def _write_unseen(page: Page, job: Job) -> None:
    """Write which columns of the mapping stood in no record of nested data."""
    unseen = job.reader.unseen
    if unseen:
        names = ", ".join(f"`{name}`" for name in unseen)
        page.line(f"In no record of the file, though the mapping reads it: {names}.")
