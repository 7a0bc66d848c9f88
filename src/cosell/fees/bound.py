"""A fee plan that is bound: its criteria and expressions as functions, ready to assess deals.

This module does not know how a plan is bound, nor how a deal is assessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from cosell.definition.fee_plan import ActivityTerms, FeeCriterion, FeePlan
from cosell.fees.truths import TruthName
from cosell.findings import Check
from cosell.models import Record
from cosell.rules import CompiledGate, CompiledValue

__all__ = ["BoundActivity", "BoundCriteria", "BoundPlan", "BoundTruth"]


@dataclass(frozen=True, slots=True)
class BoundCriteria:
    """Criteria that are compiled, with what is said about each.

    Attributes:
        gate: The criteria as functions.
        criteria: Each criterion, by its id.
    """

    gate: CompiledGate
    criteria: Mapping[str, FeeCriterion]


@dataclass(frozen=True, slots=True)
class BoundTruth:
    """What one truth asks of every activity.

    Attributes:
        name: Which truth.
        shared: The plan's own criteria.
        since: The moment from which it holds.
        hold_days: Days that pass from then until it does.
        moment: The check that this time has come.
    """

    name: TruthName
    shared: BoundCriteria
    since: CompiledValue
    hold_days: int
    moment: Check


@dataclass(frozen=True, slots=True)
class BoundActivity:
    """One activity.

    Attributes:
        terms: Its terms.
        own: What it asks for beside the plan, by truth; without an entry it asks nothing more.
        base: The base of its amount, if it has one.
    """

    terms: ActivityTerms
    own: Mapping[TruthName, BoundCriteria]
    base: CompiledValue | None


@dataclass(frozen=True, slots=True, eq=False)
class BoundPlan:
    """A fee plan that is ready to assess deals. Any number of threads may share it.

    Attributes:
        plan: The definition.
        model: The model of the deals.
        ref: Id and version, as ``make@1``.
        digest: Digest of the definition.
        truths: Eligible, earned and payable, in this order.
        activities: Each activity, in file order.
        payee: The id of the party that gets a fee.
        rates_on: The date on which other currencies are converted.
        zone: The time zone in which a moment is a date.
    """

    plan: FeePlan
    model: type[Record]
    ref: str
    digest: str
    truths: tuple[BoundTruth, ...]
    activities: tuple[BoundActivity, ...]
    payee: CompiledValue
    rates_on: CompiledValue
    zone: ZoneInfo
