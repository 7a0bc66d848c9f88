"""Compute the amount of one fee, exactly, and keep every step of the computation.

Rules that hold for every amount:

1. Nothing is rounded on the way; the result is rounded half up, once, to what its currency can be
   paid in.
2. A base in another currency than the amounts of the terms is converted first, at the rate of the
   plan's date, in exactly that direction (BX-30). Without that rate the amount is not known.
3. A base of exactly ``up_to`` belongs to that band: above means above.
4. The floor is applied before the cap. Both apply to every fee that can be computed.
5. A base that is missing or below zero gives no amount, and says so.
6. What is taken back is the same amount below zero (BX-27).

This module does not know what a deal is, nor whether its fee is owed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from cosell.definition.fee_terms import AmountTerms, Band, Pricing
from cosell.money import CONTEXT, Money, Rates, minor_digits

__all__ = ["Basis", "Computation", "Step", "StepKind", "compute", "exact_text", "percent_text"]

#: An amount has at most fifteen digits before the point.
_TOO_LARGE: Final = Decimal(10**15)
_NOTHING: Final = Decimal(0)
_PERCENT: Final = Decimal(100)


class StepKind(StrEnum):
    """What one step of a computation does."""

    BASE = "base"  # what the fee is a part of
    CONVERTED = "converted"  # the base in the currency of the terms
    PERCENT = "percent"  # a rate of an amount
    BAND = "band"  # a band's rate of what lies in it
    SUM = "sum"  # the bands together
    FLAT = "flat"  # a flat amount
    FLOOR = "floor"  # raised to the least that is paid
    CAP = "cap"  # lowered to the most that is paid
    ROUNDED = "rounded"  # to the smallest unit of the currency
    PERIOD = "period"  # lowered to what is left in the period
    TAKEN_BACK = "taken_back"  # below zero
    SHARE = "share"  # one payee's part of it


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a computation. Amounts are exact, with as many places as they have.

    Attributes:
        kind: What it does.
        amount: What it gives.
        currency: In which currency.
        rate: The rate it applies, if it applies one.
        of: What the rate is applied to.
        note: What the numbers do not say: the base's name, a band's bounds, a rate's date.
    """

    kind: StepKind
    amount: Decimal
    currency: str
    rate: Decimal | None = None
    of: Decimal | None = None
    note: str = ""

    def __str__(self) -> str:
        """Return the step as a finance person reads it."""
        given = exact_text(self.amount, self.currency)
        said = self.note
        if self.rate is not None and self.of is not None and self.kind is not StepKind.CONVERTED:
            note = f" ({self.note})" if self.note else ""
            said = f"{percent_text(self.rate)} of {exact_text(self.of, self.currency)}{note}"
        return f"{said}: {given}"


@dataclass(frozen=True, slots=True)
class Computation:
    """How an amount came about, or why there is none.

    Attributes:
        amount: The fee; ``None`` when it is not known.
        steps: How it came about, in order.
        problem: Why it is not known.
        remedy: What would cure that.
    """

    amount: Money | None
    steps: tuple[Step, ...] = ()
    problem: str | None = None
    remedy: str | None = None


def exact_text(amount: Decimal, currency: str) -> str:
    """Return an amount with all its places, and at least those of the currency.

    Example:
        >>> exact_text(Decimal("1250.50500"), "USD"), exact_text(Decimal("3"), "USD")
        ('1250.505 USD', '3.00 USD')
    """
    digits = minor_digits(currency)
    plain = amount.normalize(CONTEXT)
    if -int(plain.as_tuple().exponent) < digits:
        plain = CONTEXT.quantize(plain, Decimal(1).scaleb(-digits, CONTEXT))
    return f"{plain:f} {currency}"


def percent_text(rate: Decimal) -> str:
    """Return a fraction as people read it: ``12.5 %``."""
    percent = CONTEXT.multiply(rate, _PERCENT).normalize(CONTEXT)
    return f"{percent:f} %"


@dataclass(frozen=True, slots=True)
class Basis:
    """By what one fee is computed, beside its terms.

    Attributes:
        pricing: The terms that replace the program's rate; ``None`` is the program's.
        note: Whose those are.
        year: The year of a rate by year.
        takes_back: Whether the fee is taken back.
        problem: Why the price is not known, and what would cure that.
    """

    pricing: Pricing | None = None
    note: str = ""
    year: int | None = None
    takes_back: bool = False
    problem: tuple[str, str] | None = None


_PROGRAM: Final = Basis()


class _UnknownError(Exception):
    """There is no amount: why, and what would cure it."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy


def compute(
    terms: AmountTerms,
    base: Money | None,
    *,
    basis: Basis = _PROGRAM,
    rates: Rates | None = None,
    rates_on: date | None = None,
) -> Computation:
    """Return how much ``terms`` give for ``base``.

    Args:
        terms: A rate, a flat amount or bands, within floor and cap.
        base: What a rate is of; not needed for a flat amount.
        basis: Whose rate it is, in which year, and whether it is taken back.
        rates: Dated exchange rates, for a base in another currency than that of the terms.
        rates_on: Their date.

    Source:
        BX-21, BX-22, BX-27, BX-30.

    Example:
        >>> terms = AmountTerms(base="acv", rate=Decimal("0.10"), cap=Money.parse("5000 USD"))
        >>> str(compute(terms, Money.parse("12000.05 USD")).amount)
        '1200.01 USD'
        >>> [step.kind.value for step in compute(terms, Money.parse("70000 USD")).steps]
        ['base', 'percent', 'cap', 'rounded']
    """
    steps: list[Step] = []
    try:
        steps.extend(_before_bounds(terms, base, basis, rates, rates_on))
        steps.extend(_bounded(terms, steps[-1]))
        steps.append(_rounded(steps[-1]))
        if basis.takes_back:
            last = steps[-1]
            steps.append(Step(StepKind.TAKEN_BACK, -last.amount, last.currency, note="taken back"))
    except _UnknownError as unknown:
        return Computation(None, tuple(steps), unknown.problem, unknown.remedy)
    last = steps[-1]
    return Computation(Money(amount=last.amount, currency=last.currency), tuple(steps))


def _before_bounds(
    terms: AmountTerms, base: Money | None, basis: Basis, rates: Rates | None, on: date | None
) -> Iterator[Step]:
    """Yield the steps up to the amount that floor and cap then bound."""
    if basis.problem is not None:
        raise _UnknownError(*basis.problem)
    pricing = basis.pricing or terms
    if pricing.flat is not None:
        note = f"flat amount ({basis.note})" if basis.note else "flat amount"
        yield Step(StepKind.FLAT, pricing.flat.amount, pricing.flat.currency, note=note)
        return
    name = terms.base or ""
    if base is None:
        raise _UnknownError(f"`{name}` is not recorded", f"Record `{name}`.")
    yield Step(StepKind.BASE, base.amount, base.currency, note=name)
    amount, currency = base.amount, base.currency
    if amount < 0:
        raise _UnknownError(f"`{name}` is below zero: {base}", f"Correct `{name}`.")
    if terms.currency is not None and currency != terms.currency:
        converted = _converted(base, terms.currency, rates, on)
        yield converted
        amount, currency = converted.amount, converted.currency
    yield from _rated(pricing, basis, amount, currency)


def _converted(base: Money, target: str, rates: Rates | None, on: date | None) -> Step:
    pair = f"{base.currency}→{target}"
    if on is None:
        raise _UnknownError(
            f"the day of the {pair} rate is not known", "Record the moment that it depends on."
        )
    rate = rates.find(base.currency, target, on=on) if rates is not None else None
    if rate is None:
        raise _UnknownError(f"there is no {pair} rate of {on}", f"Give the {pair} rate of {on}.")
    amount = CONTEXT.multiply(base.amount, rate)
    note = f"{exact_text(base.amount, base.currency)} at {rate.normalize(CONTEXT):f} of {on}"
    return Step(StepKind.CONVERTED, amount, target, rate, base.amount, note)


def _rated(pricing: Pricing, basis: Basis, amount: Decimal, currency: str) -> Iterator[Step]:
    if pricing.rate is not None:
        yield _percent(StepKind.PERCENT, pricing.rate, amount, currency, basis.note)
    elif pricing.rates_by_year:
        yield _of_year(pricing.rates_by_year, basis, amount, currency)
    elif pricing.bands_apply == "whole":
        yield _whole(pricing.bands, amount, currency)
    else:
        yield from _marginal(pricing.bands, amount, currency)


def _of_year(rates: tuple[Decimal, ...], basis: Basis, amount: Decimal, currency: str) -> Step:
    """Return the rate of the year that the fee belongs to; after the last year it is none."""
    if basis.year is None or basis.year < 1:
        said = "not known" if basis.year is None else "before the first"
        raise _UnknownError(f"the year it belongs to is {said}", "Record what it is counted from.")
    rate = rates[basis.year - 1] if basis.year <= len(rates) else _NOTHING
    note = f"year {basis.year} of {len(rates)}"
    note = f"{note}, {basis.note}" if basis.note else note
    return _percent(StepKind.PERCENT, rate, amount, currency, note)


def _percent(kind: StepKind, rate: Decimal, of: Decimal, currency: str, note: str = "") -> Step:
    return Step(kind, CONTEXT.multiply(of, rate), currency, rate, of, note)


def _whole(bands: tuple[Band, ...], amount: Decimal, currency: str) -> Step:
    """Return the rate of the band that ``amount`` falls into, applied to all of it."""
    *below, last = _reached(bands, amount)
    lower = _end_of(below[-1], amount) if below else _NOTHING
    return _percent(StepKind.BAND, last.rate, amount, currency, _span(lower, last))


def _marginal(bands: tuple[Band, ...], amount: Decimal, currency: str) -> Iterator[Step]:
    """Yield each band's rate of the part of ``amount`` inside it, then their sum."""
    total = lower = _NOTHING
    for band in _reached(bands, amount):
        upper = min(_end_of(band, amount), amount)
        part = CONTEXT.subtract(upper, lower)
        step = _percent(StepKind.BAND, band.rate, part, currency, _span(lower, band))
        yield step
        total, lower = CONTEXT.add(total, step.amount), upper
    yield Step(StepKind.SUM, total, currency, note="the bands together")


def _reached(bands: tuple[Band, ...], amount: Decimal) -> tuple[Band, ...]:
    """Return the bands up to the one that ``amount`` falls into; they are in ascending order."""
    passed = sum(_end_of(band, amount) < amount for band in bands)
    return bands[: passed + 1]


def _end_of(band: Band, amount: Decimal) -> Decimal:
    """Return where a band ends; an open one ends where the amount does."""
    return amount if band.up_to is None else band.up_to.amount


def _span(lower: Decimal, band: Band) -> str:
    after = f"above {lower:f}" if lower else ""
    until = f"up to {band.up_to.amount:f}" if band.up_to else ""
    return " ".join(filter(None, (after, until))) or "whatever it is"


def _bounded(terms: AmountTerms, last: Step) -> Iterator[Step]:
    amount = last.amount
    if terms.floor is not None and amount < terms.floor.amount:
        amount = terms.floor.amount
        yield Step(StepKind.FLOOR, amount, last.currency, note="the least that is paid")
    if terms.cap is not None and amount > terms.cap.amount:
        yield Step(StepKind.CAP, terms.cap.amount, last.currency, note="the most that is paid")


def _rounded(last: Step) -> Step:
    if last.amount >= _TOO_LARGE:
        raise _UnknownError(
            "the amount has more digits than an amount can have", "Check the base and its rate."
        )
    unit = Decimal(1).scaleb(-minor_digits(last.currency), CONTEXT)
    amount = last.amount.quantize(unit, rounding=ROUND_HALF_UP, context=CONTEXT)
    return Step(StepKind.ROUNDED, amount, last.currency, note="rounded half up")
