"""What fees come to as plain values, for JSON, CSV and Excel. The keys are stable.

Rules:

1. A table has a row for each fee of each deal, and one for each row that was rejected.
2. An amount is a decimal, a moment a day in the zone of the plan.

This module does not know where they are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from cosell.cli.fee_book import Assessed, FeeBook
from cosell.cli.fee_job import FeeJob
from cosell.cli.row import Rejected
from cosell.cli.tables_out import Cell
from cosell.cli.words import in_minor_units
from cosell.errors import Problem
from cosell.events import Entry
from cosell.fees import Assessment, FeeLine, Statement
from cosell.findings import Verdict
from cosell.money import Money, Rates

__all__ = [
    "ENTRY_COLUMNS",
    "FEE_COLUMNS",
    "SCHEMA",
    "STATEMENT_COLUMNS",
    "SUMMARY_COLUMNS",
    "book_as_lists",
    "deal_as_dict",
    "entry_as_cells",
    "fees_as_cells",
    "head_as_dict",
    "rates_text",
    "rejected_as_cells",
    "statement_as_cells",
    "totals_as_cells",
]

#: What the JSON follows; the number grows when a key changes its meaning.
SCHEMA: Final = "cosell.fees/1"

FEE_COLUMNS: Final = (
    "line",
    "result",
    "id",
    "plan",
    "activity",
    "label",
    "occasion",
    "payee",
    "amount",
    "payable_amount",
    "paid_so_far",
    "currency",
    "eligible",
    "eligible_since",
    "earned",
    "earned_since",
    "payable",
    "payable_since",
    "paid",
    "paid_since",
    "reasons",
    "steps",
    "cites",
    "problems",
)
SUMMARY_COLUMNS: Final = (
    "payee",
    "eligible",
    "earned",
    "payable",
    "paid",
    "taken_back",
    "balance",
    "disputed",
    "currency",
)
ENTRY_COLUMNS: Final = (
    "on",
    "kind",
    "amount",
    "currency",
    "payee",
    "activity",
    "occasion",
    "record_id",
    "plan",
    "cause",
    "reason",
    "entry_id",
)
STATEMENT_COLUMNS: Final = (
    "payee",
    "first",
    "last",
    "what",
    "on",
    "amount",
    "change",
    "balance",
    "currency",
    "late",
    "record_id",
    "activity",
    "occasion",
    "reason",
    "entry_id",
)
_SAID: Final = {Verdict.MET: "yes", Verdict.UNMET: "no", Verdict.UNKNOWN: "not known"}


def rates_text(job: FeeJob) -> str | None:
    """Return where exchange rates come from: the file, how many, of which days, who says so."""
    if job.rates is None:
        return None
    days = sorted({rate.on for rate in job.rates.rows})
    origins = sorted({rate.origin for rate in job.rates.rows if rate.origin})
    by = f" by {', '.join(origins)}" if origins else ""
    span = f", from {days[0]} to {days[-1]}" if days else ""
    count = len(job.rates.rows)
    return f"{job.wishes.rates}{by} ({count} rate{'' if count == 1 else 's'}{span})"


def _rates_as_dict(job: FeeJob, rates: Rates) -> dict[str, Any]:
    return {
        "file": str(job.wishes.rates),
        "rates": len(rates.rows),
        "digest": sha256(rates.model_dump_json().encode()).hexdigest(),
        "origins": sorted({rate.origin for rate in rates.rows if rate.origin}),
    }


def head_as_dict(job: FeeJob) -> dict[str, Any]:
    """Return what the fees were made of."""
    wishes = job.wishes
    return {
        "schema": SCHEMA,
        "file": str(wishes.file),
        "zone": None if job.zone is None else job.zone._asdict(),
        "at": job.at.isoformat(),
        "plans": [
            {"plan": plan.ref, "digest": plan.digest, "notice": plan.plan.notice}
            for plan in job.plans
        ],
        "warnings": [str(problem) for problem in job.warnings],
        "rates": None if job.rates is None else _rates_as_dict(job, job.rates),
        "since": None if wishes.since is None else str(wishes.since),
    }


def deal_as_dict(found: Assessed) -> dict[str, Any]:
    """Return everything about the fees of a deal."""
    record, fees = found.deal.record, found.assessment.as_dict()
    name = getattr(record, "name", None)
    place = {"line": found.deal.line, "record": found.deal.number}
    return {**place, "id": record.id, "name": name, "fees": fees}


def book_as_lists(book: FeeBook) -> dict[str, Iterable[dict[str, Any]]]:
    """Return what all deals come to, what is new, and what does not fit; each to be read once."""
    return {
        "partners": (
            {name: _said(value) for name, value in zip(SUMMARY_COLUMNS, row, strict=True)}
            for row in totals_as_cells(book)
        ),
        "entries": (entry.model_dump(mode="json", exclude_none=True) for entry in book.new),
        "differences": (
            {"fee_id": it.fee_id, "written": str(it.written), "assessed": str(it.assessed)}
            for it in book.differences
        ),
        "open": (
            {
                "record_id": it.record_id,
                "activity": it.activity,
                "problem": it.problem,
                "remedy": it.remedy,
            }
            for it in book.open_fees
        ),
    }


def _said(value: Cell) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value


def fees_as_cells(found: Assessed) -> Iterator[dict[str, Cell]]:
    """Yield a row of a table for each fee of a deal."""
    head: dict[str, Cell] = {
        "line": found.deal.line,
        "result": "read",
        "id": found.deal.record.id,
        "plan": found.assessment.plan,
    }
    for line in found.assessment.lines:
        yield head | _line_as_cells(found.assessment, line)


def _line_as_cells(assessment: Assessment, line: FeeLine) -> dict[str, Cell]:
    reasons = {f"{it.text}. {it.remedy}": None for truth in line.truths for it in truth.own_reasons}
    problem = line.computation.problem
    cells: dict[str, Cell] = {
        "activity": line.activity,
        "label": line.label,
        "occasion": line.occasion,
        "payee": line.payee,
        "amount": _amount(line.amount),
        "payable_amount": _amount(line.payable_amount),
        "paid_so_far": _amount(line.paid_so_far),
        "currency": None if line.amount is None else line.amount.currency,
        "reasons": " ".join(reasons),
        "steps": "; ".join(map(str, line.steps)),
        "cites": "; ".join(line.cites),
        "problems": None if problem is None else f"{problem}. {line.computation.remedy}",
    }
    for truth in line.truths:
        cells[truth.name.value] = _SAID[truth.verdict]
        cells[f"{truth.name.value}_since"] = _on(truth.since, assessment.at)
    return cells


def _amount(money: Money | None) -> Decimal | None:
    return None if money is None else in_minor_units(money.amount, money.currency)


def _on(moment: datetime | None, at: datetime) -> date | None:
    return None if moment is None else moment.astimezone(at.tzinfo).date()


def rejected_as_cells(row: Rejected) -> dict[str, Cell]:
    """Return a rejected row as a row of the table of fees."""
    problems = "; ".join(f"{row.within}{_without_place(problem)}" for problem in row.problems)
    return {"line": row.line, "result": "rejected", "id": row.id, "problems": problems}


def _without_place(problem: Problem) -> str:
    column = f"{problem.path}: " if problem.path else ""
    return f"{column}{problem.problem}. {problem.remedy}"


def totals_as_cells(book: FeeBook) -> Iterator[tuple[Cell, ...]]:
    """Yield what each payee gets, as the columns of a summary say."""
    for it in book.totals:
        ledger = (it.earned, it.payable, it.paid, it.taken_back, it.balance, it.disputed)
        written = (in_minor_units(amount, it.currency) for amount in (it.eligible, *ledger))
        yield (it.payee, *written, it.currency)


def entry_as_cells(entry: Entry, at: datetime) -> dict[str, Cell]:
    """Return an entry as a row of a table; ``at`` tells the zone in which it has its day."""
    return {
        "on": _on(entry.at, at),
        "kind": entry.kind.value,
        "amount": _amount(entry.amount),
        "currency": entry.amount.currency,
        "payee": entry.payee,
        "activity": entry.activity,
        "occasion": entry.occasion,
        "record_id": entry.record_id,
        "plan": entry.plan,
        "cause": entry.cause,
        "reason": entry.reason,
        "entry_id": entry.id,
    }


def statement_as_cells(statement: Statement) -> Iterator[dict[str, Cell]]:
    """Yield the rows of a statement: opening balance, each entry, closing balance, payout."""
    period = statement.period
    whose: dict[str, Cell] = {
        "payee": statement.payee,
        "first": period.first,
        "last": period.last,
        "currency": statement.currency,
    }
    balance = statement.opening
    yield whose | {"what": "opening balance", "balance": _amount(balance)}
    for line in statement.lines:
        balance += line.change
        entry = line.entry
        yield whose | {
            "what": entry.kind.value,
            "on": line.on,
            "amount": _amount(entry.amount),
            "change": _amount(line.change),
            "balance": _amount(balance),
            "late": "yes" if line.late else "no",
            "record_id": entry.record_id,
            "activity": entry.activity,
            "occasion": entry.occasion,
            "reason": entry.reason,
            "entry_id": entry.id,
        }
    yield whose | {"what": "closing balance", "balance": _amount(statement.closing)}
    if statement.disputed.amount:
        yield whose | {"what": "disputed", "amount": _amount(statement.disputed)}
    yield whose | {"what": "to be paid out", "amount": _amount(statement.payout)}
    yield whose | {"what": "carried", "amount": _amount(statement.carried)}
