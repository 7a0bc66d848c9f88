"""What all deals of a review come to.

Rules:

1. What is read and what is rejected add up to the rows.
2. An obstacle counts once for a deal, however many of its moves it stops. Only obstacles of moves
   that lead on are counted, and those of the other moves of tracks that have begun.
3. Amounts are added up for each currency; none is converted.

This module does not know how a deal is reviewed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from cosell.cli.fees import FeeTotals
from cosell.cli.review import Choice, Reviewed
from cosell.cli.urgency import Urgency, urgency_of
from cosell.cli.words import added
from cosell.definition import Stage
from cosell.engine.paths import unkeyed
from cosell.findings import Finding
from cosell.money import Money

__all__ = ["StageTotal", "Totals", "in_the_way"]


@dataclass(slots=True)
class StageTotal:
    """The deals of one stage.

    Attributes:
        deals: How many.
        values: What they are worth in all, by currency.
        without_value: How many of them name no value.
        weighted: What they are worth by the probability of the stage, if it has one.
    """

    deals: int = 0
    values: dict[str, Decimal] = field(default_factory=dict)
    without_value: int = 0
    weighted: dict[str, Decimal] = field(default_factory=dict)

    def add(self, value: Money | None, stage: Stage) -> None:
        """Count one deal."""
        self.deals += 1
        if value is None:
            self.without_value += 1
            return
        added(self.values, value)
        if (share := stage.weighted(value)) is not None:
            added(self.weighted, share)


@dataclass(slots=True)
class Totals:
    """What all deals come to so far.

    Attributes:
        read: How many rows were read.
        rejected: How many were rejected.
        stages: The deals of each stage, by its id.
        urgencies: How many deals are in each class of urgency.
        open_moves: How many deals may take a move, by trigger; those of items are one.
        obstacles: How many deals an obstacle stands in the way of, by its gate and id.
        examples: One finding of each obstacle.
        overdue: How many clocks ran out unanswered, by clock.
        running: How many clocks run, by clock.
        next_due_at: When the next of them ends.
        moved_by_clock: How many deals a clock moved on.
        without_since: How many deals do not say since when they stand there.
        missing_moments: How many deals lack a moment that their stage implies, by field.
        fees: What the deals earn.
    """

    read: int = 0
    rejected: int = 0
    stages: dict[str, StageTotal] = field(default_factory=dict)
    urgencies: Counter[Urgency] = field(default_factory=Counter)
    open_moves: Counter[str] = field(default_factory=Counter)
    obstacles: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], Finding] = field(default_factory=dict)
    overdue: Counter[str] = field(default_factory=Counter)
    running: Counter[str] = field(default_factory=Counter)
    next_due_at: datetime | None = None
    moved_by_clock: int = 0
    without_since: int = 0
    missing_moments: Counter[str] = field(default_factory=Counter)
    fees: FeeTotals = field(default_factory=FeeTotals)

    @property
    def rows(self) -> int:
        """How many rows there were."""
        return self.read + self.rejected

    def add(self, reviewed: Reviewed) -> None:
        """Count one deal."""
        self.read += 1
        value = getattr(reviewed.record, "acv", None) or getattr(reviewed.record, "value", None)
        self.stages.setdefault(reviewed.stage.id, StageTotal()).add(value, reviewed.stage)
        self.urgencies[urgency_of(reviewed)[0]] += 1
        may = (unkeyed(it.trigger) for it in reviewed.choices if it.open and not it.idle)
        self.open_moves.update(dict.fromkeys(may, 1))
        self.moved_by_clock += reviewed.moved_by_clock
        self.without_since += reviewed.deal.since is None
        self.missing_moments.update(reviewed.missing_moments)
        self._add_obstacles(reviewed)
        self._add_promises(reviewed)
        if reviewed.fees is not None:
            self.fees.add(reviewed.fees)

    def _add_obstacles(self, reviewed: Reviewed) -> None:
        seen = {
            (finding.check.gate or "", finding.id): finding
            for choice in reviewed.choices
            if in_the_way(choice)
            for finding in choice.obstacles
        }
        self.obstacles.update(seen.keys())
        for key, finding in seen.items():
            self.examples.setdefault(key, finding)

    def _add_promises(self, reviewed: Reviewed) -> None:
        for promise in reviewed.promises:
            due_at = promise.reading.due_at
            self.overdue[promise.clock.id] += promise.overdue
            self.running[promise.clock.id] += promise.running
            if promise.running and due_at is not None:
                self.next_due_at = min(filter(None, (self.next_due_at, due_at)))


def in_the_way(choice: Choice) -> bool:
    """Whether the obstacles of a move hold the deal up: it leads on, or its track has begun."""
    return choice.leads_on or (choice.track is not None and choice.begun)
