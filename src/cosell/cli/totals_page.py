"""Write what all deals come to, and which rows were rejected.

This module does not know how totals are counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cosell.cli.fees import FeeTotals
from cosell.cli.page import Page
from cosell.cli.row import Rejected
from cosell.cli.totals import Totals
from cosell.cli.urgency import Urgency
from cosell.cli.words import amounts_text, cites_text, count_text, moment_text, stage_text
from cosell.definition import Line, Process
from cosell.definition.process import Track
from cosell.fees import TruthName

__all__ = ["write_rejected", "write_totals"]

_MOST_OBSTACLES: Final = 10
_TRUTHS: Final = (TruthName.ELIGIBLE, TruthName.EARNED, TruthName.PAYABLE)


def write_totals(page: Page, totals: Totals, process: Process) -> None:
    """Write everything that was counted."""
    if totals.read:
        _write_counts(page, totals, process)
    page.raw("")
    page.line(
        f"{count_text(totals.rows, 'row')}: {totals.read:,} read, {totals.rejected:,} rejected.",
        style="bold",
    )


def _write_counts(page: Page, totals: Totals, process: Process) -> None:
    page.heading("Totals")
    page.table(
        [
            (count_text(totals.urgencies[each], "deal"), each.value)
            for each in Urgency
            if totals.urgencies[each]
        ],
        right=[0],
    )
    _write_stages(page, totals, process)
    _write_clocks(page, totals, process)
    _write_moves(page, totals, process)
    _write_obstacles(page, totals)
    if totals.fees.labels:
        _write_fees(page, totals.fees)


def _write_stages(page: Page, totals: Totals, process: Process) -> None:
    page.heading("By stage")
    rows = []
    for stage in process.stages:
        found = totals.stages.get(stage.id)
        if found is not None:
            without = f"{found.without_value:,} without a value" if found.without_value else ""
            likely = f"{amounts_text(found.weighted)} weighted" if found.weighted else ""
            worth = ", ".join(filter(None, (amounts_text(found.values), likely, without)))
            rows.append((stage_text(stage), f"{found.deals:,}", worth))
    page.table(rows, right=[1])
    if totals.moved_by_clock:
        page.line(f"{count_text(totals.moved_by_clock, 'deal')} moved on by a clock.", indent=2)
    if totals.without_since:
        page.line(
            f"{count_text(totals.without_since, 'deal')} without a moment since when;"
            " clocks that start there are not read.",
            indent=2,
        )
    if totals.missing_moments:
        lacking = ", ".join(
            f"`{name}` of {count_text(count, 'deal')}"
            for name, count in totals.missing_moments.items()
        )
        page.line(
            f"The stage implies a moment that the file does not give: {lacking}. Map a column to"
            " each: fees and gates ask for them.",
            indent=2,
        )


def _write_clocks(page: Page, totals: Totals, process: Process) -> None:
    clocks = [clock for line in process.lines.values() for clock in line.clocks]
    if not clocks:
        return
    page.heading("Clocks")
    page.table(
        [
            (
                f"{totals.overdue[clock.id]:,} overdue",
                f"{totals.running[clock.id]:,} running",
                f"{clock.label or clock.id}{cites_text(clock.cites)}",
            )
            for clock in clocks
        ],
        right=[0, 1],
    )
    if totals.next_due_at is not None:
        page.line(f"The next is due {moment_text(totals.next_due_at)}.", indent=2)


def _write_moves(page: Page, totals: Totals, process: Process) -> None:
    if not totals.open_moves:
        return
    page.heading("What may be done now")
    labels = _labels(process)
    page.table(
        [
            (count_text(count, "deal"), labels[trigger])
            for trigger, count in totals.open_moves.most_common()
        ],
        right=[0],
    )


def _labels(process: Process) -> dict[str, str]:
    def named(line: Line, track: str | None) -> dict[str, str]:
        brackets = "[]" if isinstance(line, Track) and line.key else ""
        before = f"{track}{brackets}." if track else ""
        return {f"{before}{it.trigger}": it.label or it.trigger for it in line.transitions}

    return {
        trigger: label
        for track, line in process.lines.items()
        for trigger, label in named(line, track).items()
    }


def _write_obstacles(page: Page, totals: Totals) -> None:
    if not totals.obstacles:
        return
    page.heading("Most frequent obstacles")
    rows = []
    for key, count in totals.obstacles.most_common(_MOST_OBSTACLES):
        check = totals.examples[key].check
        rows.append((count_text(count, "deal"), f"{check.remedy}{cites_text(check.cites)}"))
    page.table(rows, right=[0])
    if len(totals.obstacles) > _MOST_OBSTACLES:
        more = len(totals.obstacles) - _MOST_OBSTACLES
        page.line(f"and {count_text(more, 'other')}; `--json` has them all.", indent=2)


def _write_fees(page: Page, fees: FeeTotals) -> None:
    page.heading("Fees")
    rows = []
    for activity, label in fees.labels.items():
        for truth in _TRUTHS:
            key = (activity, truth)
            unknown = f"{fees.unknown[key]:,} not known" if fees.unknown[key] else ""
            worth = ", ".join(filter(None, (amounts_text(fees.amounts.get(key, {})), unknown)))
            rows.append((label, truth.value, f"{fees.counts[key]:,}", worth))
    page.table(rows, right=[2])
    if fees.without_amount:
        fee = count_text(fees.without_amount, "payable fee")
        page.line(f"{fee} without a known amount, left out of the sums.", indent=2)


def write_rejected(
    page: Page,
    rejected: Iterable[Rejected],
    *,
    more: int = 0,
    all_in: str = "`--all` and `--json` have them",
) -> None:
    """Write why rows were rejected: file, line, column and reason.

    Args:
        page: Where to.
        rejected: The rows.
        more: How many further rows were rejected and are not shown.
        all_in: Where those are.
    """
    page.line("Rejected", style="bold")
    for row in rejected:
        for problem in row.problems:
            column = f": {problem.path}" if problem.path else ""
            page.line(f"{problem.place}{column}: {problem.problem}. {problem.remedy}", indent=2)
    if more:
        page.line(f"and {count_text(more, 'further row')}; {all_in}.", indent=2)
