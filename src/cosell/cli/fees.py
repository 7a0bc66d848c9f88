"""What deals of a file earn, by one fee plan.

A file has no ledger: what was paid out is not known here, and nothing is taken as paid.

This module does not know how an assessment is made.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from cosell.cli.words import added
from cosell.fees import Assessment, BoundPlan, FeeLine, TruthName, assess
from cosell.findings import Verdict
from cosell.models import Record
from cosell.money import Rates

__all__ = ["FeeBook", "FeeTotals", "payable_since"]


@dataclass(frozen=True, slots=True)
class FeeBook:
    """A fee plan that deals are assessed by.

    Attributes:
        plan: The plan.
    """

    plan: BoundPlan

    def assess(self, record: Record, *, at: datetime, rates: Rates | None) -> Assessment:
        """Return what a deal earns.

        Raises:
            TermsMismatchError: The deal was accepted on another plan or version.
        """
        return assess(self.plan, record, at=at, rates=rates)


def payable_since(fees: Assessment | None) -> list[datetime | None]:
    """Return since when each fee of a deal is payable."""
    return [] if fees is None else [line.payable.since for line in fees.lines if line.payable]


@dataclass(slots=True)
class FeeTotals:
    """What the deals of a file earn so far.

    Attributes:
        counts: How many fees are eligible, earned and payable, by activity and truth.
        unknown: How many of them cannot be told, by activity and truth.
        amounts: What they come to, by activity and truth, then by currency.
        without_amount: How many fees are payable, but nobody can say how much.
        labels: What people call each activity.
    """

    counts: Counter[tuple[str, TruthName]] = field(default_factory=Counter)
    unknown: Counter[tuple[str, TruthName]] = field(default_factory=Counter)
    amounts: dict[tuple[str, TruthName], dict[str, Decimal]] = field(default_factory=dict)
    without_amount: int = 0
    labels: dict[str, str] = field(default_factory=dict)

    def add(self, fees: Assessment) -> None:
        """Count the fees of one deal."""
        for line in fees.lines:
            self.labels[line.activity] = line.label
            self._add_line(line)

    def _add_line(self, line: FeeLine) -> None:
        self.without_amount += bool(line.payable) and line.amount is None
        for truth in line.truths[:-1]:
            key = (line.activity, truth.name)
            self.counts[key] += bool(truth)
            self.unknown[key] += truth.verdict is Verdict.UNKNOWN
            if truth and line.amount is not None:
                added(self.amounts.setdefault(key, {}), line.amount)
