"""A fee plan: the dated terms by which a deal earns fees, and how they are read from text.

Rules that hold for every plan:

1. A fee is eligible, earned, payable and paid: four truths. The plan says what the first three
   ask for, as criteria of the same language as gates, and from which moment each holds.
2. A version is in force from a day on, until the next version is; a deal goes by the version in
   force when it was accepted, and stays on it (BX-20).

This module does not know how a deal is assessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Final, Literal

from pydantic import Field, PrivateAttr

from cosell._base import Currency, Id, LongText, Model, Name, Text
from cosell.definition.expressions import problems_in_expressions
from cosell.definition.fee_check import problems_in_fee_plan
from cosell.definition.fee_terms import (
    ActivityTerms,
    Clawback,
    Condition,
    PaymentCondition,
    Period,
    Split,
    Window,
)
from cosell.definition.load import parse_model
from cosell.definition.process import CANONICAL, LAST_VERSION
from cosell.definition.text import NOWHERE, Format, Path, Source, read_text
from cosell.definition.value import ParameterValue
from cosell.errors import Problem
from cosell.money import CURRENCIES

__all__ = ["FeePlan", "parse_fee_plan", "read_fee_plan"]

#: Room for ``@version`` behind a plan's id, in one id of an entry.
_MAX_ID: Final = 150


class FeePlan(Model, frozen=True):
    """The terms by which deals earn fees.

    Attributes:
        id: What the plan is called.
        version: Which edition; a deal stays on the one that it was accepted on (BX-20).
        record: Name of the model that it is about, for readers; ``bind_plan`` is given it.
        label: What people read.
        help: A longer text for people.
        notice: What stands above every explanation, such as that the rates are examples.
        valid_from: The first day on which this version is in force; ``None`` is from ever on.
        stamped_on: Expression for the moment that decides which version a deal goes by; by
            default that from which it is eligible.
        zone: Time zone in which a moment is a date.
        currencies: Currencies of the host's own, beside those of ISO 4217.
        parameters: Named values that criteria read.
        eligible_on: When certificate and contract have to hold (MK-34). Criteria read it as a
            parameter.
        payee: Expression for the id of the party that gets the fee.
        rates_on: Expression for the date on which other currencies are converted (BX-30); by
            default the date in ``zone`` of the moment from which the fee is earned.
        eligible: What makes a deal eligible (MK-32).
        earns: What earns a fee.
        pays: What makes it payable (MK-33).
        clawback: What takes fees back that were earned (BX-26).
        windows: Windows that every activity asks for (BX-24, BX-29).
        split: Who gets which share, instead of one payee (BX-23).
        period: The host's fiscal periods.
        activities: What each activity earns.
        cites: Ids of the rules it implements.
    """

    id: Id = Field(max_length=_MAX_ID)
    version: int = Field(ge=1, le=LAST_VERSION, strict=True)
    record: Text
    label: Text | None = None
    help: LongText | None = None
    notice: Text | None = None
    valid_from: date | None = None
    stamped_on: Text | None = None
    zone: Text = "UTC"
    currencies: tuple[Currency, ...] = Field(default=(), max_length=100)
    parameters: Mapping[Name, ParameterValue] = Field(default_factory=dict, max_length=2_000)
    eligible_on: Literal["accepted", "payable"] = "accepted"
    payee: Text = "partner.id"
    rates_on: Text | None = None
    eligible: Condition
    earns: Condition
    pays: PaymentCondition
    clawback: Clawback | None = None
    windows: tuple[Window, ...] = Field(default=(), max_length=100)
    split: Split | None = None
    period: Period = Field(default_factory=Period)
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

    def knows(self, currency: str) -> bool:
        """Whether a currency is one of ISO 4217, or of the host's own."""
        return currency in CURRENCIES or currency in self.currencies


def parse_fee_plan(text: str, *, file: str | None = None, format: Format = "toml") -> FeePlan:  # noqa: A002 - as in parse_process
    """Return the fee plan that ``text`` defines.

    Args:
        text: The plan, as TOML or JSON.
        file: What to call it in problems, usually its file name.
        format: ``toml`` or ``json``.

    Returns:
        A plan whose parts fit together, and whose expressions can be read. That these fit a model
        is checked by ``cosell.fees.bind_plan``.

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
    return read_fee_plan(text, file=file, format=format)


def read_fee_plan(
    text: str,
    *,
    file: str | None = None,
    format: Format = "toml",  # noqa: A002 - as in parse_process
    further: Callable[[FeePlan], Iterable[Problem]] = lambda _: (),
) -> FeePlan:
    """Return the fee plan that ``text`` defines, as ``parse_fee_plan`` does.

    Args:
        text: The plan.
        file: What to call it in problems.
        format: ``toml`` or ``json``.
        further: Gives what else is wrong with a plan, to be told with the rest.

    Raises:
        DefinitionError: Naming every problem.
    """

    def check(plan: FeePlan) -> Iterator[Problem]:
        yield from problems_in_fee_plan(plan)
        yield from problems_in_expressions(plan, "stamped_on", "payee", "rates_on")
        yield from further(plan)

    source = read_text(text, file=file, format=format)
    plan = parse_model(FeePlan, source, check=check)
    plan._source = source  # noqa: SLF001 - loading is what knows where it stands
    return plan
