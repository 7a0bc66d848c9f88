"""Put the job of ``cosell fees`` together: plans, deals, ledger, rates, the moment, the period.

Rules:

1. A plan is a name of the catalog or a file. Several plans are about one model; the first is the
   program's, and the others are those of partners, or versions.
2. Without a mapping the file holds whole deals, as JSON or JSON Lines.
3. The moment, as a date, means the end of that day in the zone of the first plan. Rows are read in
   that zone too, unless their mapping names another.
4. Everything is checked before the first row is read, and so is where the ledger will be written.

This module does not know what a deal earns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Final

from cosell.cli.deals import ReadsDeals
from cosell.cli.fee_book import FeeBook
from cosell.cli.job import FileZone, Wishes, load_plan, model_of, prepare, read_file
from cosell.cli.ledger_file import new_pile, read_ledger, refuse_to_overwrite
from cosell.cli.mapping import parse_mapping
from cosell.cli.moment import MomentError, parse_at
from cosell.cli.rates import read_rates
from cosell.cli.row import FileError, Layout, Rows
from cosell.cli.rows import open_rows
from cosell.cli.statement_file import read_statements
from cosell.cli.whole_deals import WholeDealReader
from cosell.errors import CosellError, Problem
from cosell.fees import BoundPlan, FiscalPeriod, Statement, bind_plan, period_of
from cosell.money import Rates
from cosell.verify import verify_plans

__all__ = ["FeeJob", "FeeWishes", "prepare_fees"]

_WHOLE: Final = frozenset({".json", ".jsonl", ".ndjson"})


class PlanError(CosellError):
    """No fee plan was given, or plans that do not go together."""

    code = "call.plan"


@dataclass(frozen=True, slots=True)
class FeeWishes:
    """What the command line says.

    Attributes:
        file: The file of deals.
        plans: The fee plans; the first is the program's.
        mapping: The mapping; ``None`` where the file holds whole deals.
        process: The process that the mapping is for.
        at: The moment as of which deals are assessed; ``None`` is now.
        rates: The file of exchange rates.
        since: The ledger so far.
        ledger: Where the new entries go.
        period: A day of the period of the statements; ``None`` is that of the moment.
        previous: The statements of the period before, as JSON.
    """

    file: Path
    plans: Sequence[str] = ()
    mapping: Path | None = None
    process: str = "make"
    at: str | None = None
    rates: Path | None = None
    since: Path | None = None
    ledger: Path | None = None
    period: str | None = None
    previous: Path | None = None


@dataclass(frozen=True, slots=True)
class FeeJob:
    """Everything that the fees of a file need.

    Attributes:
        wishes: What the command line says.
        plans: The plans; the first is the program's.
        warnings: What is not sound about them, and what the ledger holds that does not fit.
        at: The moment, in the zone of the first plan.
        rates: Exchange rates.
        zone: The zone of the dates of rows; ``None`` where each says its own.
        reader: What makes deals of rows.
        open: What opens the file of deals.
        book: What assesses deals.
        period: The period of the statements.
        previous: The statements of the period before.
    """

    wishes: FeeWishes
    plans: tuple[BoundPlan, ...]
    warnings: tuple[Problem, ...]
    at: datetime
    rates: Rates | None
    zone: FileZone | None
    reader: ReadsDeals
    open: Callable[[], AbstractContextManager[Rows]]
    book: FeeBook
    period: FiscalPeriod
    previous: tuple[Statement, ...]

    @property
    def program(self) -> BoundPlan:
        """The plan of the program: its zone and its periods are those of the statements."""
        return self.plans[0]

    @property
    def appends(self) -> bool:
        """Whether the new entries go to the ledger that was read."""
        since, out = self.wishes.since, self.wishes.ledger
        return since is not None and out is not None and since.resolve() == out.resolve()


def prepare_fees(
    wishes: FeeWishes, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> FeeJob:
    """Return a job that is ready to run.

    Args:
        wishes: What the command line says.
        now: What tells the present, for a job without a moment.

    Raises:
        CosellError: Something is wrong with a plan, the mapping, the ledger or another wish.
    """
    plans, warnings = _plans(wishes)
    zone = plans[0].zone
    at = now().astimezone(zone) if wishes.at is None else parse_at(wishes.at, zone)
    read_in, reader, opened = _deals(wishes, plans[0], at)
    rates = None if wishes.rates is None else read_rates(wishes.rates)
    ledger = new_pile() if wishes.since is None else read_ledger(wishes.since)
    book = FeeBook(plans, at, rates, ledger)
    job = FeeJob(
        wishes=wishes,
        plans=plans,
        warnings=(*warnings, *(replace(it, file=str(wishes.since)) for it in book.doubts)),
        at=at,
        rates=rates,
        zone=read_in,
        reader=reader,
        open=opened,
        book=book,
        period=period_of(plans[0].plan.period, _day(wishes.period, at)),
        previous=() if wishes.previous is None else read_statements(wishes.previous),
    )
    if wishes.ledger is not None and not job.appends:
        refuse_to_overwrite(wishes.ledger)
    return job


def _plans(wishes: FeeWishes) -> tuple[tuple[BoundPlan, ...], tuple[Problem, ...]]:
    names = list(wishes.plans)
    if not names and wishes.mapping is not None:
        mapping, _ = parse_mapping(read_file(wishes.mapping), file=str(wishes.mapping))
        names = [mapping.fees] if mapping.fees else []
    if not names:
        raise PlanError("no fee plan is given", "Give one: --plan make_example, or its file.")
    loaded = [load_plan(name) for name in names]
    models = {plan.record for plan in loaded}
    if len(models) > 1:
        raise PlanError(
            f"the plans are about different models: {', '.join(sorted(models))}",
            "Assess deals of one model at a time.",
        )
    refs = [plan.ref for plan in loaded]
    if twice := next((ref for ref in refs if refs.count(ref) > 1), None):
        raise PlanError(f"plan `{twice}` is given twice", "Give each version of a plan once.")
    model = model_of(loaded[0])
    return tuple(bind_plan(plan, model) for plan in loaded), verify_plans(loaded)


def _deals(
    wishes: FeeWishes, program: BoundPlan, at: datetime
) -> tuple[FileZone | None, ReadsDeals, Callable[[], AbstractContextManager[Rows]]]:
    """Return in which zone deals are read, what makes them of rows, and what opens the file."""
    if wishes.mapping is not None:
        zone = FileZone(program.plan.zone, f"fee plan {program.plan.id}")
        moment = at.isoformat()
        job = prepare(Wishes(wishes.file, wishes.mapping, wishes.process, moment, zone=zone))
        model = job.reviewer.bound.model
        if model is not program.model:
            raise PlanError(
                f"plan `{program.ref}` is about records of `{program.model.__name__}`, and process"
                f" `{wishes.process}` about those of `{model.__name__}`",
                "Give a plan and a process about the same records.",
            )
        return job.zone, job.reader, job.open
    if wishes.file.suffix.casefold() not in _WHOLE:
        raise FileError(
            f"`{wishes.file}` is a table, and nothing says which of its columns is what",
            "Give a mapping: --map TOML. Whole deals as .json or .jsonl need none.",
        )
    reader = WholeDealReader(program.model, file=str(wishes.file))
    return None, reader, partial(open_rows, wishes.file, Layout())


def _day(text: str | None, at: datetime) -> date:
    """Return a day of the period of the statements."""
    if text is None:
        return at.date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise MomentError(
            f"`{text}` is no day of a period", "Write its first day, or any other: 2026-07-01."
        ) from None
