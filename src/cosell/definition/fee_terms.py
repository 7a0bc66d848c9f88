"""What a fee plan is made of: conditions, amounts, rates, occasions, windows, shares, clawbacks.

Rules that hold for every plan:

1. What an activity asks for stands beside what the plan asks of every activity.
2. An amount is a rate of a named base, a flat amount, bands of rates, or a rate for each year,
   within floor and cap.
3. A band reaches up to and including its ``up_to``; the last one is open. So there is no gap and
   no overlap.
4. Where somebody's own rate applies, it replaces the rate of the program; of several the one that
   stands nearest to the deal counts (BX-21).
5. An activity that is earned again and again has one fee for each item of a list. In its
   expressions bare names are the item's, and ``record.`` is the deal.

This module does not know how a plan is read, nor how a deal is assessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from cosell._base import LongText, Model, Name, Text
from cosell.money import Money
from cosell.rules import Criterion

__all__ = [
    "MOST_CRITERIA",
    "ActivityTerms",
    "AmountTerms",
    "Band",
    "Clawback",
    "Condition",
    "Each",
    "FeeCriterion",
    "Fraction",
    "OwnRate",
    "PaymentCondition",
    "Period",
    "Precedence",
    "Pricing",
    "Split",
    "Window",
]

_MAX_HOLD_DAYS: Final = 3_660
_MAX_MONTHS: Final = 1_200
MOST_CRITERIA: Final = 500
_WHOLE: Final = 100


def _no_per_cent(value: Any) -> Any:
    """Return a value; of a number that was likely meant in per cent say how to write it."""
    if isinstance(value, int | Decimal) and 1 < value <= _WHOLE:
        share = Decimal(value) / _WHOLE
        message = f"it should be a fraction: {value} % is {share:f}"
        raise ValueError(message)
    return value


#: A fraction from nothing to the whole: ten per cent is ``0.10``.
Fraction = Annotated[Decimal, BeforeValidator(_no_per_cent), Field(ge=0, le=1, decimal_places=8)]
Cites = Annotated[tuple[Text, ...], Field(max_length=100)]
#: Which truth something belongs to, as the fields of a plan are called.
TruthField = Literal["eligible", "earns", "pays"]


class FeeCriterion(Criterion, frozen=True):
    """A criterion of a fee plan: it says in words what is the matter when it is not met.

    Attributes:
        reason: What people read when it is not met, as ``customer invoice unpaid``.
        details: A list of the record whose items say which thing is missing, and since when.
        names: What people read for the things in ``details``, by their ``what``; others are left
            out.
    """

    reason: Text
    details: Name | None = None
    names: Mapping[Name, Text] = Field(default_factory=dict, max_length=100)


class Condition(Model, frozen=True):
    """What has to hold, and from which moment it does.

    Attributes:
        since: Expression for the moment from which it holds, once its criteria are met.
        criteria: What has to hold.
    """

    since: Text
    criteria: tuple[FeeCriterion, ...] = Field(min_length=1, max_length=MOST_CRITERIA)


class PaymentCondition(Condition, frozen=True):
    """What has to hold before a fee is payable, and how long it is held back (BX-25).

    Attributes:
        hold_days: Days from that moment until the fee is payable, by dates in the plan's zone.
    """

    hold_days: int = Field(default=0, ge=0, le=_MAX_HOLD_DAYS, strict=True)


class Clawback(Model, frozen=True):
    """What takes a deal's fees back (BX-26): what was paid is clawed back, the rest voided.

    Attributes:
        since: Expression for the moment from which it holds, once its criteria are met.
        criteria: What has to hold; the reason of each is the reason of the entry.
        cites: Ids of the rules it implements.
    """

    since: Text
    criteria: tuple[FeeCriterion, ...] = Field(min_length=1, max_length=MOST_CRITERIA)
    cites: Cites = ()


class Window(Model, frozen=True):
    """Months or days in which something has to fall: an attribution window, a tail (BX-24, BX-29).

    Days are compared as dates in the plan's zone. Months clip at the end of a month.

    Attributes:
        id: What it is called among the criteria.
        starts: Expression for the date or moment it runs from; that day belongs to it.
        months: How many months it lasts.
        days: How many days it lasts.
        of: Expression for the date or moment that has to fall into it.
        last_day: Whether the day on which it ends ``counts``, or does ``not_count``.
        truth: Which truth it belongs to.
        when: It is asked about only where this holds.
        label: What people read.
        reason: What people read when it does not fall into it.
        remedy: What would cure it.
        cites: Ids of the rules it implements.
    """

    id: Name
    starts: Text
    months: int | None = Field(default=None, ge=1, le=_MAX_MONTHS, strict=True)
    days: int | None = Field(default=None, ge=1, le=_MAX_HOLD_DAYS, strict=True)
    of: Text
    last_day: Literal["counts", "not_count"]
    truth: TruthField = "eligible"
    when: Text | None = None
    label: Text | None = None
    reason: Text
    remedy: Text
    cites: Cites = ()


class Band(Model, frozen=True):
    """One band of the base, and its rate.

    Attributes:
        up_to: The most that belongs to it; the last band has none.
        rate: What it earns, as a fraction.
    """

    up_to: Money | None = None
    rate: Fraction


class Pricing(Model, frozen=True):
    """A rate, a flat amount, bands, or a rate for each year: one of them.

    Attributes:
        rate: Part of the base, as a fraction.
        flat: The fee itself, whatever the deal is worth.
        bands: Rates by the size of the base.
        bands_apply: ``marginal``: each band's rate is for the part of the base inside it.
            ``whole``: the rate of the band that the base falls into is for all of it.
        rates_by_year: The rate of the first year, of the second, and so on; after the last one
            nothing is earned (BX-27).
    """

    rate: Fraction | None = None
    flat: Money | None = None
    bands: tuple[Band, ...] = Field(default=(), max_length=500)
    bands_apply: Literal["marginal", "whole"] = "marginal"
    rates_by_year: tuple[Fraction, ...] = Field(default=(), max_length=100)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which ways of giving an amount are used; one of them, in a plan that fits together."""
        ways = ("rate", "flat", "bands", "rates_by_year")
        return tuple(name for name in ways if getattr(self, name) not in (None, ()))

    @property
    def bounds(self) -> dict[str, Money]:
        """Every amount that is named, by its path."""
        found = {f"bands[{index}].up_to": band.up_to for index, band in enumerate(self.bands)}
        found = {"flat": self.flat, **found}
        return {path: amount for path, amount in found.items() if amount is not None}


class Precedence(StrEnum):
    """Whose rate it is; the first of these that applies counts (BX-21)."""

    DEAL = "deal"
    PARTNER = "partner"
    LEVEL = "level"


class OwnRate(Pricing, frozen=True):
    """A rate that replaces the program's for some deals (BX-21, BX-28).

    Attributes:
        by: Whose rate it is: the deal's, the partner's, or that of its level.
        when: For which deals, as a condition; it is looked at before a later row, and where it is
            not known there is no amount.
        rate_from: Expression for a rate that is agreed on the deal; where none is recorded, the
            row does not apply.
        label: What people read.
        cites: Ids of the rules it implements.
    """

    by: Precedence
    when: Text | None = None
    rate_from: Text | None = None
    label: Text | None = None
    cites: Cites = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which ways of giving an amount are used."""
        return (*super().kinds, *(("rate_from",) if self.rate_from is not None else ()))


class AmountTerms(Pricing, frozen=True):
    """How much a fee is.

    Attributes:
        base: Expression for the amount that a rate or bands are of, such as ``acv``.
        own_rates: Rates that replace the program's, in order.
        floor: The least that is paid.
        cap: The most that is paid.
        period_cap: The most that becomes payable to one payee for this activity in a period of
            the plan (BX-22).
    """

    base: Text | None = None
    own_rates: tuple[OwnRate, ...] = Field(default=(), max_length=500)
    floor: Money | None = None
    cap: Money | None = None
    period_cap: Money | None = None

    @property
    def bounds(self) -> dict[str, Money]:
        """Every amount that the terms name, by its path."""
        named = {"floor": self.floor, "cap": self.cap, "period_cap": self.period_cap}
        found = {path: amount for path, amount in named.items() if amount is not None}
        for index, row in enumerate(self.own_rates):
            found |= {f"own_rates[{index}].{path}": amount for path, amount in row.bounds.items()}
        return {**super().bounds, **found}

    @cached_property
    def currency(self) -> str | None:
        """The currency of the amounts that the terms name; ``None`` when they name none."""
        return next((amount.currency for amount in self.bounds.values()), None)


class Each(Model, frozen=True):
    """One fee for each item of a list, such as each payment of the customer (BX-27).

    Attributes:
        of: The list, a field of the deal.
        id: Field of an item that is its id; the fee's occasion.
        at: Expression for the moment of an item: its fee is earned no earlier.
        year: Expression for the year that an item belongs to, from 1.
        years_from: Expression for the date or moment from which years are counted instead.
        takes_back: Condition for items that take back their share: a refund, a credit note.
        original: Expression for the id of the item that such an item takes back.
    """

    of: Name
    id: Name = "id"
    at: Text
    year: Text | None = None
    years_from: Text | None = None
    takes_back: Text | None = None
    original: Text | None = None


class Split(Model, frozen=True):
    """Who gets which share of each fee, by a list of the deal (BX-23).

    Attributes:
        of: The list, a field of the deal: one item for each payee.
        payee: Field of an item: id of the party that gets the share.
        share: Field of an item: the share as agreed on this deal, as a fraction.
        role: Field of an item: in what role.
        shares: The share of each role, where an item has none of its own.
    """

    of: Name
    payee: Name = "party"
    share: Name = "share"
    role: Name = "role"
    shares: Mapping[Name, Fraction] = Field(default_factory=dict, max_length=100)


class Period(Model, frozen=True):
    """The host's fiscal periods (BX-22), by dates in the plan's zone.

    Attributes:
        months: How long one is: a divisor of twelve.
        starts_in: The month in which the fiscal year begins, 1 to 12.
        threshold: The least that is paid out to a payee; a smaller balance is carried.
    """

    months: Literal[1, 2, 3, 4, 6, 12] = 3
    starts_in: int = Field(default=1, ge=1, le=12, strict=True)
    threshold: Money | None = None


class ActivityTerms(Model, frozen=True):
    """What one activity earns (MK-1, MK-35).

    Attributes:
        id: The activity.
        label: What people read.
        help: A longer text for people.
        each: The list for each item of which it is earned; by default it is earned once.
        eligible: What it asks for beside the plan's ``eligible``.
        earns: What it asks for beside the plan's ``earns``.
        pays: What it asks for beside the plan's ``pays``.
        windows: Windows of its own.
        amount: How much it earns.
        cites: Ids of the rules it implements.
    """

    id: Name
    label: Text | None = None
    help: LongText | None = None
    each: Each | None = None
    eligible: tuple[FeeCriterion, ...] = Field(default=(), max_length=MOST_CRITERIA)
    earns: tuple[FeeCriterion, ...] = Field(default=(), max_length=MOST_CRITERIA)
    pays: tuple[FeeCriterion, ...] = Field(default=(), max_length=MOST_CRITERIA)
    windows: tuple[Window, ...] = Field(default=(), max_length=100)
    amount: AmountTerms
    cites: Cites = ()
