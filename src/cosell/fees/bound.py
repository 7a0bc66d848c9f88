"""A fee plan that is bound: its criteria and expressions as functions, ready to assess deals.

This module does not know how a plan is bound, nor how a deal is assessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from cosell.definition.fee_plan import FeePlan
from cosell.definition.fee_terms import ActivityTerms, Each, FeeCriterion, OwnRate, Window
from cosell.fees.truths import TruthName
from cosell.findings import Check
from cosell.models import Record
from cosell.rules import CompiledCondition, CompiledGate, CompiledValue

__all__ = [
    "BoundActivity",
    "BoundClawback",
    "BoundCriteria",
    "BoundEach",
    "BoundOwnRate",
    "BoundPlan",
    "BoundTruth",
    "BoundWindow",
]


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
class BoundWindow:
    """A window that is compiled.

    Attributes:
        window: Its definition.
        check: The check that something falls into it.
        starts: What it runs from.
        of: What has to fall into it.
        when: Where it is asked about; ``None`` is everywhere.
    """

    window: Window
    check: Check
    starts: CompiledValue
    of: CompiledValue
    when: CompiledCondition | None


@dataclass(frozen=True, slots=True)
class BoundTruth:
    """What one truth asks of every activity.

    Attributes:
        name: Which truth.
        shared: The plan's own criteria.
        windows: The plan's own windows.
        since: The moment from which it holds.
        hold_days: Days that pass from then until it does.
        moment: The check that this time has come.
    """

    name: TruthName
    shared: BoundCriteria
    windows: tuple[BoundWindow, ...]
    since: CompiledValue
    hold_days: int
    moment: Check


@dataclass(frozen=True, slots=True)
class BoundEach:
    """The list for each item of which an activity is earned.

    Attributes:
        each: Its definition.
        at: The moment of an item.
        year: The year of an item, or the day from which years are counted.
        takes_back: Whether an item takes back its share.
        original: The id of the item that it takes back.
    """

    each: Each
    at: CompiledValue
    year: CompiledValue | None
    takes_back: CompiledCondition | None
    original: CompiledValue | None


@dataclass(frozen=True, slots=True)
class BoundOwnRate:
    """A rate that replaces the program's.

    Attributes:
        row: Its definition.
        when: For which deals.
        rate_from: The rate that is agreed on the deal.
    """

    row: OwnRate
    when: CompiledCondition | None
    rate_from: CompiledValue | None


@dataclass(frozen=True, slots=True)
class BoundActivity:
    """One activity.

    Attributes:
        terms: Its terms.
        each: The list for each item of which it is earned, if it is not earned once.
        own: What it asks for beside the plan, by truth; without an entry it asks nothing more.
        windows: Its own windows, by truth.
        base: The base of its amount, if it has one.
        own_rates: Rates that replace the program's: in order of precedence.
    """

    terms: ActivityTerms
    each: BoundEach | None
    own: Mapping[TruthName, BoundCriteria]
    windows: Mapping[TruthName, tuple[BoundWindow, ...]]
    base: CompiledValue | None
    own_rates: tuple[BoundOwnRate, ...]


@dataclass(frozen=True, slots=True)
class BoundClawback:
    """What takes a deal's fees back.

    Attributes:
        criteria: What has to hold.
        since: The moment from which it holds.
        cites: Ids of the rules it implements.
    """

    criteria: BoundCriteria
    since: CompiledValue
    cites: tuple[str, ...]


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
        clawback: What takes fees back, if anything does.
        stamped_on: The moment that decides which version a deal goes by.
        payee: The id of the party that gets a fee, where it is not split.
        rates_on: The date on which other currencies are converted.
        zone: The time zone in which a moment is a date.
    """

    plan: FeePlan
    model: type[Record]
    ref: str
    digest: str
    truths: tuple[BoundTruth, ...]
    activities: tuple[BoundActivity, ...]
    clawback: BoundClawback | None
    stamped_on: CompiledValue
    payee: CompiledValue
    rates_on: CompiledValue
    zone: ZoneInfo
