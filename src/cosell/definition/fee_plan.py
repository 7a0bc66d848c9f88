"""A fee plan: the dated terms by which a deal earns fees, and how they are read from text.

Rules that hold for every plan:

1. A fee is eligible, earned, payable and paid: four truths. The plan says what the first three
   ask for, as criteria of the same language as gates, and from which moment each holds.
2. What an activity asks for stands beside what the plan asks of every activity.
3. An amount is a rate of a named base, a flat amount, or bands of rates, within floor and cap.
4. A band reaches up to and including its ``up_to``; the last one is open. So there is no gap and
   no overlap.

This module does not know how a deal is assessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Final, Literal

from pydantic import Field, PrivateAttr

from cosell._base import Id, LongText, Model, Name, Text
from cosell.definition.fee_check import problems_in_fee_plan
from cosell.definition.load import named, parse_model, path_of
from cosell.definition.process import CANONICAL, LAST_VERSION
from cosell.definition.text import NOWHERE, Format, Path, Source, read_text
from cosell.definition.value import ParameterValue
from cosell.errors import DefinitionError, Problem
from cosell.money import Money
from cosell.rules import Criterion

__all__ = [
    "ActivityTerms",
    "AmountTerms",
    "Band",
    "Condition",
    "FeeCriterion",
    "FeePlan",
    "PaymentCondition",
    "parse_fee_plan",
]

#: Room for ``@version`` behind a plan's id, in one id of an entry.
_MAX_ID: Final = 150
_MAX_HOLD_DAYS: Final = 3_660
_MOST_CRITERIA: Final = 500

#: A fraction from nothing to the whole: ten per cent is ``0.10``.
Fraction = Annotated[Decimal, Field(ge=0, le=1, max_digits=9, decimal_places=8)]


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
    criteria: tuple[FeeCriterion, ...] = Field(min_length=1, max_length=_MOST_CRITERIA)


class PaymentCondition(Condition, frozen=True):
    """What has to hold before a fee is payable, and how long it is held back (BX-25).

    Attributes:
        hold_days: Days from that moment until the fee is payable, by dates in the plan's zone.
    """

    hold_days: int = Field(default=0, ge=0, le=_MAX_HOLD_DAYS, strict=True)


class Band(Model, frozen=True):
    """One band of the base, and its rate.

    Attributes:
        up_to: The most that belongs to it; the last band has none.
        rate: What it earns, as a fraction.
    """

    up_to: Money | None = None
    rate: Fraction


class AmountTerms(Model, frozen=True):
    """How much a fee is: one of ``rate``, ``flat`` and ``bands``.

    Attributes:
        base: Expression for the amount that a rate or bands are of, such as ``acv``.
        rate: Part of the base, as a fraction.
        flat: The fee itself, whatever the deal is worth.
        bands: Rates by the size of the base.
        bands_apply: ``marginal``: each band's rate is for the part of the base inside it.
            ``whole``: the rate of the band that the base falls into is for all of it.
        floor: The least that is paid.
        cap: The most that is paid.
    """

    base: Text | None = None
    rate: Fraction | None = None
    flat: Money | None = None
    bands: tuple[Band, ...] = Field(default=(), max_length=500)
    bands_apply: Literal["marginal", "whole"] = "marginal"
    floor: Money | None = None
    cap: Money | None = None

    @property
    def bounds(self) -> dict[str, Money]:
        """Every amount that the terms name, by its path."""
        named = {"flat": self.flat, "floor": self.floor, "cap": self.cap}
        named |= {f"bands[{index}].up_to": band.up_to for index, band in enumerate(self.bands)}
        return {path: amount for path, amount in named.items() if amount is not None}

    @cached_property
    def currency(self) -> str | None:
        """The currency of the amounts that the terms name; ``None`` when they name none."""
        return next((amount.currency for amount in self.bounds.values()), None)


class ActivityTerms(Model, frozen=True):
    """What one activity earns (MK-1, MK-35).

    Attributes:
        id: The activity.
        label: What people read.
        help: A longer text for people.
        eligible: What it asks for beside the plan's ``eligible``.
        earns: What it asks for beside the plan's ``earns``.
        pays: What it asks for beside the plan's ``pays``.
        amount: How much it earns.
        cites: Ids of the rules it implements.
    """

    id: Name
    label: Text | None = None
    help: LongText | None = None
    eligible: tuple[FeeCriterion, ...] = Field(default=(), max_length=_MOST_CRITERIA)
    earns: tuple[FeeCriterion, ...] = Field(default=(), max_length=_MOST_CRITERIA)
    pays: tuple[FeeCriterion, ...] = Field(default=(), max_length=_MOST_CRITERIA)
    amount: AmountTerms
    cites: tuple[Text, ...] = Field(default=(), max_length=100)


class FeePlan(Model, frozen=True):
    """The terms by which deals earn fees.

    Attributes:
        id: What the plan is called.
        version: Which edition; a deal stays on the one that it was accepted on (BX-20).
        record: Name of the model that it is about, for readers; ``bind_plan`` is given it.
        label: What people read.
        help: A longer text for people.
        notice: What stands above every explanation, such as that the rates are examples.
        zone: Time zone in which a moment is a date.
        parameters: Named values that criteria read.
        eligible_on: When certificate and contract have to hold (MK-34). Criteria read it as a
            parameter.
        payee: Expression for the id of the party that gets the fee.
        rates_on: Expression for the date on which other currencies are converted (BX-30); by
            default the date in ``zone`` of the moment from which the fee is earned.
        eligible: What makes a deal eligible (MK-32).
        earns: What earns a fee.
        pays: What makes it payable (MK-33).
        activities: What each activity earns.
        cites: Ids of the rules it implements.
    """

    id: Id = Field(max_length=_MAX_ID)
    version: int = Field(ge=1, le=LAST_VERSION, strict=True)
    record: Text
    label: Text | None = None
    help: LongText | None = None
    notice: Text | None = None
    zone: Text = "UTC"
    parameters: Mapping[Name, ParameterValue] = Field(default_factory=dict, max_length=2_000)
    eligible_on: Literal["accepted", "payable"] = "accepted"
    payee: Text = "partner.id"
    rates_on: Text | None = None
    eligible: Condition
    earns: Condition
    pays: PaymentCondition
    activities: tuple[ActivityTerms, ...] = Field(min_length=1, max_length=100)
    cites: tuple[Text, ...] = Field(default=(), max_length=100)
    _source: Source = PrivateAttr(default=NOWHERE)

    def placed(self, problem: Problem, path: Path) -> Problem:
        """Return ``problem`` with file and line, where the plan was read from text."""
        return self._source.place(problem, path)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the plan's content; comments, layout and format do not count."""
        content = self.model_dump(exclude_defaults=True)
        return sha256(CANONICAL.encode(content).encode()).hexdigest()

    @property
    def ref(self) -> str:
        """Id and version, as entries and terms name the plan: ``make@1``."""
        return f"{self.id}@{self.version}"

    @property
    def constants(self) -> dict[str, ParameterValue]:
        """What expressions read by name: the parameters, and ``eligible_on``."""
        return {**self.parameters, "eligible_on": self.eligible_on}


def parse_fee_plan(text: str, *, file: str | None = None, format: Format = "toml") -> FeePlan:  # noqa: A002 - as in parse_process
    """Return the fee plan that ``text`` defines.

    Args:
        text: The plan, as TOML or JSON.
        file: What to call it in problems, usually its file name.
        format: ``toml`` or ``json``.

    Returns:
        A plan whose parts fit together. That its expressions fit a model is checked by
        ``cosell.fees.bind_plan``.

    Raises:
        DefinitionError: Naming every problem with file, line, path and remedy.

    Example:
        >>> plan = parse_fee_plan('''
        ... id = "tiny"
        ... version = 1
        ... record = "Opportunity"
        ... [eligible]
        ... since = "accepted_at"
        ... criteria = [
        ...   { id = "accepted", need = "recorded(accepted_at)", reason = "no", remedy = "Wait." },
        ... ]
        ... [earns]
        ... since = "won_at"
        ... criteria = [
        ...   { id = "won", need = "recorded(won_at)", reason = "not won", remedy = "Win it." },
        ... ]
        ... [pays]
        ... since = "invoice_paid_at"
        ... [[pays.criteria]]
        ... id = "invoice_paid"
        ... need = "recorded(invoice_paid_at)"
        ... reason = "customer invoice unpaid"
        ... remedy = "Wait until the customer has paid."
        ... [[activities]]
        ... id = "lead_sourcing"
        ... amount = { base = "acv", rate = 0.10 }
        ... ''')
        >>> plan.ref, plan.activities[0].amount.rate
        ('tiny@1', Decimal('0.10'))
    """
    source = read_text(text, file=file, format=format)
    plan = parse_model(FeePlan, source)
    plan._source = source  # noqa: SLF001 - loading is what knows where it stands
    problems = named(
        plan.placed(problem, path_of(problem.path)) for problem in problems_in_fee_plan(plan)
    )
    if problems:
        raise DefinitionError(f"fee plan `{plan.id}`", problems)
    return plan
