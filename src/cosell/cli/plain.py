"""Results as plain values, for JSON and CSV. The keys are stable; new ones may be added.

This module does not know where they are written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from cosell.cli.job import Job
from cosell.cli.review import Choice, Promise, Reviewed
from cosell.cli.row import Rejected
from cosell.cli.totals import Totals
from cosell.cli.urgency import urgency_of
from cosell.money import Money

__all__ = [
    "CSV_COLUMNS",
    "SCHEMA",
    "deal_as_cells",
    "deal_as_dict",
    "head_as_dict",
    "rejected_as_cells",
    "rejected_as_dict",
    "safe_cell",
    "totals_as_dict",
]

#: What the JSON of a review follows; the number grows when a key changes its meaning.
SCHEMA: Final = "cosell.review/1"

#: The columns of the CSV of a review: one row for each row of the file.
CSV_COLUMNS: Final = (
    "line",
    "result",
    "id",
    "name",
    "customer",
    "value",
    "currency",
    "stage",
    "since",
    "urgency",
    "due_at",
    "overdue",
    "may",
    "blocked",
    "obstacles",
    "remedies",
    "cites",
    "fees_eligible",
    "fees_earned",
    "fees_payable",
    "problems",
)
_FORMULA: Final = re.compile(r"[=@\t\r]|[+-](?!\d[\d.,]*$)")
_TRUTHS: Final = ("eligible", "earned", "payable")


def head_as_dict(job: Job) -> dict[str, Any]:
    """Return what a review was made of."""
    reviewer, bound = job.reviewer, job.reviewer.bound
    return {
        "schema": SCHEMA,
        "file": str(job.wishes.file),
        "zone": job.zone._asdict(),
        "process": bound.ref.model_dump(),
        "at": reviewer.at.isoformat(),
        "role": reviewer.role,
        "calendars": {
            name: {"id": calendar.id, "zone": calendar.tz, "assumed": name in reviewer.assumed}
            for name, calendar in reviewer.calendars.items()
        },
        "fee_plan": None if reviewer.fees is None else reviewer.fees.plan.ref,
    }


def deal_as_dict(reviewed: Reviewed) -> dict[str, Any]:
    """Return everything about a deal."""
    record, deal = reviewed.record, reviewed.deal
    urgency, urgent_at = urgency_of(reviewed)
    value = value_of(reviewed)
    return {
        "line": deal.line,
        "record": deal.number,
        "id": record.id,
        "name": getattr(record, "name", None),
        "customer": customer_of(reviewed),
        "value": None if value is None else str(value),
        "stage": reviewed.stage.id,
        "stage_label": reviewed.stage.label,
        "stage_kind": reviewed.stage.kind.value,
        "stage_in_file": deal.record.stage,
        "moved_by_clock": reviewed.moved_by_clock,
        "since": None if deal.since is None else deal.since.isoformat(),
        "urgency": urgency.value,
        "urgent_at": None if urgent_at is None else urgent_at.isoformat(),
        "moves": [_choice(choice) for choice in reviewed.choices],
        "clocks": [_promise(promise) for promise in reviewed.promises],
        "fees": None if reviewed.fees is None else reviewed.fees.as_dict(),
    }


def value_of(reviewed: Reviewed) -> Money | None:
    """Return what a deal is worth, as its model calls it."""
    record = reviewed.record
    return getattr(record, "acv", None) or getattr(record, "value", None)


def customer_of(reviewed: Reviewed) -> str | None:
    """Return the name of the customer."""
    return getattr(getattr(reviewed.record, "customer", None), "name", None)


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "trigger": choice.trigger,
        "label": choice.label,
        "track": choice.track,
        "target": choice.target.id,
        "roles": list(choice.roles),
        "outcome": choice.decision.outcome.value,
        "permitted": choice.permitted,
        "open": choice.open,
        "inputs": [finding.as_dict() for finding in choice.inputs],
        "obstacles": [finding.as_dict() for finding in choice.obstacles],
        "advice": [finding.as_dict() for finding in choice.decision.advice],
    }


def _promise(promise: Promise) -> dict[str, Any]:
    clock = promise.clock
    return promise.reading.as_dict() | {
        "label": clock.label,
        "owner": clock.owner,
        "cites": list(clock.cites),
        "overdue": promise.overdue,
        "waits": promise.waits,
    }


def rejected_as_dict(row: Rejected) -> dict[str, Any]:
    """Return why a row was rejected."""
    return {
        "line": row.line,
        "record": row.record,
        "id": row.id,
        "problems": [
            {
                "file": problem.file,
                "line": row.line,
                "column": problem.path or None,
                "problem": problem.problem,
                "remedy": problem.remedy,
            }
            for problem in row.problems
        ],
    }


def _amounts(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {currency: f"{amounts[currency]:f}" for currency in sorted(amounts)}


def totals_as_dict(totals: Totals) -> dict[str, Any]:
    """Return everything that was counted."""
    fees = totals.fees
    return {
        "rows": totals.rows,
        "read": totals.read,
        "rejected": totals.rejected,
        "urgency": {each.value: count for each, count in totals.urgencies.items()},
        "stages": {
            stage: {
                "deals": found.deals,
                "values": _amounts(found.values),
                "weighted": _amounts(found.weighted),
                "without_value": found.without_value,
            }
            for stage, found in totals.stages.items()
        },
        "moves": dict(totals.open_moves.most_common()),
        "obstacles": [
            {
                "gate": gate or None,
                "id": name,
                "deals": count,
                "remedy": totals.examples[gate, name].check.remedy,
                "cites": list(totals.examples[gate, name].cites),
            }
            for (gate, name), count in totals.obstacles.most_common()
        ],
        "clocks": {
            clock: {"overdue": totals.overdue[clock], "running": totals.running[clock]}
            for clock in totals.overdue
        },
        "next_due_at": None if totals.next_due_at is None else totals.next_due_at.isoformat(),
        "moved_by_clock": totals.moved_by_clock,
        "without_since": totals.without_since,
        "missing_moments": dict(totals.missing_moments),
        "fees": [
            {
                "activity": activity,
                "truth": truth.value,
                "fees": count,
                "not_known": fees.unknown[activity, truth],
                "amounts": {
                    name: f"{amount:f}"
                    for name, amount in sorted(fees.amounts.get((activity, truth), {}).items())
                },
            }
            for (activity, truth), count in fees.counts.items()
        ],
        "payable_without_amount": fees.without_amount,
    }


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Example:
        >>> safe_cell("=1+1"), safe_cell("-5")
        ("'=1+1", '-5')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def deal_as_cells(reviewed: Reviewed) -> dict[str, str]:
    """Return a deal as one row of a table."""
    value, waits = value_of(reviewed), [it for it in reviewed.promises if it.overdue or it.running]
    due = min((it.reading.due_at for it in waits if it.reading.due_at is not None), default=None)
    main = [choice for choice in reviewed.choices if choice.track is None and not choice.stays]
    blocked = [choice for choice in main if not choice.open]
    found = {finding.id: finding for choice in blocked for finding in choice.obstacles}
    cells = {
        "line": str(reviewed.deal.line),
        "result": "read",
        "id": reviewed.record.id,
        "name": getattr(reviewed.record, "name", None) or "",
        "customer": customer_of(reviewed) or "",
        "value": "" if value is None else f"{value.amount:f}",
        "currency": "" if value is None else value.currency,
        "stage": reviewed.stage.id,
        "since": "" if reviewed.deal.since is None else reviewed.deal.since.isoformat(),
        "urgency": urgency_of(reviewed)[0].value,
        "due_at": "" if due is None else due.isoformat(),
        "overdue": "yes" if any(it.overdue for it in waits) else "no",
        "may": "; ".join(choice.trigger for choice in reviewed.choices if choice.open),
        "blocked": "; ".join(choice.trigger for choice in blocked),
        "obstacles": "; ".join(found),
        "remedies": " ".join(finding.remedy for finding in found.values()),
        "cites": "; ".join(dict.fromkeys(cite for it in found.values() for cite in it.cites)),
    }
    return _safe(cells | _fees(reviewed))


def _fees(reviewed: Reviewed) -> dict[str, str]:
    """Return the fees of each truth, as ``co_selling 6200.00 USD; ...``."""
    if reviewed.fees is None:
        return {}
    return {
        f"fees_{truth}": "; ".join(
            f"{line.activity} {line.amount if line.amount is not None else 'of unknown amount'}"
            for line in reviewed.fees.lines
            if line.truth(truth)
        )
        for truth in _TRUTHS
    }


def rejected_as_cells(row: Rejected) -> dict[str, str]:
    """Return a rejected row as one row of a table."""
    said = (
        f"{row.within}{f'{problem.path}: ' if problem.path else ''}{problem.problem}"
        for problem in row.problems
    )
    cells = {"line": str(row.line), "result": "rejected", "id": row.id or ""}
    return _safe(cells | {"problems": "; ".join(said)})


def _safe(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: safe_cell(cells.get(name, "")) for name in CSV_COLUMNS}
