"""Money, dated exchange rates, and splitting an amount to the last minor unit.

Rules that hold for every amount:

1. An amount is a decimal with at most four places and a currency; it is never a float.
2. Amounts of one currency compare and add; another currency needs the dated rate in exactly
   that direction, and a rate that is missing is a missing value, never a guess.
3. Rounding happens once, where it is named, and never before a comparison.
4. The parts of a split add up to the whole, for each currency's own minor unit.

This module does not know what a fee, a record or a process is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, Self

from pydantic import Field, model_validator

from cosell._base import Amount, Currency, Model, Rate, Text, validated
from cosell.errors import CosellError, InvalidDataError, Problem, did_you_mean
from cosell.errors.kinds import tells_kinds

__all__ = [
    "CONTEXT",
    "CURRENCIES",
    "AmountTooLargeError",
    "CurrencyMismatchError",
    "ExchangeRate",
    "Money",
    "Rates",
    "minor_digits",
    "total_of",
    "unknown_currency",
]

#: Every computation with decimals uses this context, whatever the host has set for its thread.
CONTEXT: Final = Context(prec=76, rounding=ROUND_HALF_EVEN)

#: ISO 4217 currencies whose minor unit is not a hundredth.
_MINOR_DIGITS: Final = MappingProxyType(
    {
        code: digits
        for digits, codes in (
            (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
            (3, "BHD IQD JOD KWD LYD OMR TND"),
            (4, "CLF UYW"),
        )
        for code in codes.split()
    }
)
_USUAL_MINOR_DIGITS: Final = 2
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_CODES: Final = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP
GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR
KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF XCD XCG XDR XOF XPF XSU XUA YER ZAR ZMW ZWG
"""
#: Withdrawn since 2021: what was agreed in them is still owed, or stands in a ledger.
_WITHDRAWN: Final = "ANG BGN CUC HRK SLL ZWL"
#: The codes of ISO 4217 that amounts are paid in or kept in. Metals, the units of bond markets and
#: test codes are none.
CURRENCIES: Final = frozenset(f"{_CODES} {_WITHDRAWN}".split())
#: Before the point of an amount.
_MOST_WHOLE_DIGITS: Final = 15


def unknown_currency(code: str) -> tuple[str, str]:
    """Return what is wrong with a code that is no currency, and what to do about it.

    Example:
        >>> unknown_currency("UDS")
        ('`UDS` is no currency of ISO 4217', 'Did you mean `USD`?')
    """
    # Letters that changed places are more likely than other letters.
    swapped = [each for each in CURRENCIES if sorted(each) == sorted(code)]
    return f"`{code}` is no currency of ISO 4217", did_you_mean(code, swapped or CURRENCIES)


def minor_digits(currency: str) -> int:
    """Return how many decimal places the currency's minor unit has (ISO 4217).

    Example:
        >>> minor_digits("USD"), minor_digits("JPY"), minor_digits("KWD")
        (2, 0, 3)
    """
    return _MINOR_DIGITS.get(currency, _USUAL_MINOR_DIGITS)


class CurrencyMismatchError(CosellError, ValueError):
    """Two amounts of different currencies were put together without a rate.

    Attributes:
        left: Currency of the first amount.
        right: Currency of the second amount.
    """

    code = "money.currency_mismatch"

    def __init__(self, left: str, right: str) -> None:
        self.left = left
        self.right = right
        super().__init__(
            problem=f"{left} and {right} cannot be put together",
            remedy="Convert one of them at a dated rate first.",
        )


class AmountTooLargeError(CosellError, OverflowError):
    """An amount came out that has more digits than any amount may have.

    Attributes:
        currency: Its currency.
    """

    code = "money.too_large"

    def __init__(self, currency: str) -> None:
        self.currency = currency
        super().__init__(
            problem=f"an amount in {currency} has more than {_MOST_WHOLE_DIGITS} digits",
            remedy="Check the amounts that were added.",
        )


class Money(Model, frozen=True):
    """An amount in a currency.

    Written as text it is ``"50000 USD"``: amount, one space, currency.

    Example:
        >>> Money.parse("50000.01 USD") > Money.parse("50000 USD")
        True
        >>> str(Money.parse("25 EUR") + Money.parse("0.50 EUR"))
        '25.50 EUR'
    """

    amount: Amount
    currency: Currency

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if isinstance(value, str):
            amount, _, currency = value.partition(" ")
            if _is_number(amount) and _CURRENCY.fullmatch(currency):
                return {"amount": amount, "currency": currency}
        elif isinstance(value, Mapping | Money):
            return value
        message = "it should be an amount with its currency, as 50000 USD"
        raise ValueError(message)

    @classmethod
    def parse(cls, text: str) -> Money:
        """Return the money written as ``"50000 USD"``.

        Raises:
            InvalidDataError: ``text`` is not an amount, a space and a currency.
        """
        return validated(cls, text, "the amount")

    def __str__(self) -> str:
        """Return the amount with at least its minor digits, and the currency."""
        digits = minor_digits(self.currency)
        amount = self.amount
        exponent = amount.as_tuple().exponent
        if isinstance(exponent, int) and -exponent < digits:
            amount = CONTEXT.quantize(amount, Decimal(1).scaleb(-digits))
        return f"{amount:f} {self.currency}"

    def __lt__(self, other: Money) -> bool:
        """Compare amounts of one currency."""
        return self.amount < self._alike(other).amount

    def __le__(self, other: Money) -> bool:
        """Compare amounts of one currency."""
        return self.amount <= self._alike(other).amount

    def __gt__(self, other: Money) -> bool:
        """Compare amounts of one currency."""
        return self.amount > self._alike(other).amount

    def __ge__(self, other: Money) -> bool:
        """Compare amounts of one currency."""
        return self.amount >= self._alike(other).amount

    def __add__(self, other: Money) -> Money:
        """Add amounts of one currency."""
        return _money(CONTEXT.add(self.amount, self._alike(other).amount), self.currency)

    def __sub__(self, other: Money) -> Money:
        """Subtract amounts of one currency."""
        return _money(CONTEXT.subtract(self.amount, self._alike(other).amount), self.currency)

    def __neg__(self) -> Money:
        """Return the amount with the other sign."""
        return Money(amount=CONTEXT.minus(self.amount), currency=self.currency)

    def _alike(self, other: Money) -> Money:
        if not isinstance(other, Money):
            message = "money goes together with money only"
            raise TypeError(message)
        if self.currency != other.currency:
            raise CurrencyMismatchError(self.currency, other.currency)
        return other

    def rounded(self) -> Money:
        """Return the money rounded half up to the currency's minor unit."""
        unit = Decimal(1).scaleb(-minor_digits(self.currency))
        amount = self.amount.quantize(unit, rounding=ROUND_HALF_UP, context=CONTEXT)
        return Money(amount=amount, currency=self.currency)

    def split(self, shares: Sequence[Decimal | int]) -> tuple[Money, ...]:
        """Return parts in the proportion of ``shares`` that add up to the whole.

        The whole is rounded to its minor unit; what is left after rounding down goes to the
        largest remainders, first come first served among equals.

        Args:
            shares: One non-negative number for each part; at least one is positive.

        Returns:
            As many amounts as there are shares, in their order.

        Raises:
            ValueError: No share is positive, or one is negative, not finite, or a float.

        Source:
            BX-23.

        Example:
            >>> [str(part) for part in Money.parse("10000.01 USD").split([50, 30, 20])]
            ['5000.01 USD', '3000.00 USD', '2000.00 USD']
        """
        weights = [_weight(share) for share in shares]
        if not any(weights):
            message = "one share of a split is positive"
            raise ValueError(message)
        digits = minor_digits(self.currency)
        units = int(self.rounded().amount.scaleb(digits, context=CONTEXT))
        return tuple(
            Money(amount=CONTEXT.scaleb(Decimal(part), -digits), currency=self.currency)
            for part in _largest_remainder(units, weights)
        )


def _is_number(text: str) -> bool:
    try:
        Decimal(text)
    except InvalidOperation:
        return False
    return True


def _money(amount: Decimal, currency: str) -> Money:
    """Return computed money, or raise ``AmountTooLargeError``."""
    if amount.adjusted() >= _MOST_WHOLE_DIGITS:
        raise AmountTooLargeError(currency)
    return Money(amount=amount, currency=currency)


def _weight(share: Decimal | int) -> Decimal:
    if isinstance(share, Decimal | int):
        weight = Decimal(share)
        if weight.is_finite() and weight >= 0:
            return weight
    message = "the shares of a split are decimals or whole numbers, and not negative"
    raise ValueError(message)


def _largest_remainder(units: int, weights: Sequence[Decimal]) -> list[int]:
    """Share out whole ``units`` by ``weights`` so that the parts add up."""
    sign = -1 if units < 0 else 1
    scale = max(-int(weight.as_tuple().exponent) for weight in weights)
    whole = [int(weight.scaleb(max(scale, 0), context=CONTEXT)) for weight in weights]
    total = sum(whole)
    parts = [divmod(abs(units) * weight, total) for weight in whole]
    left = abs(units) - sum(quotient for quotient, _ in parts)
    order = sorted(range(len(parts)), key=lambda i: -parts[i][1])
    lucky = set(order[:left])
    return [sign * (quotient + (i in lucky)) for i, (quotient, _) in enumerate(parts)]


class ExchangeRate(Model, frozen=True):
    """What one unit of ``source`` is worth in ``target`` on a day, and who says so."""

    source: Currency
    target: Currency
    on: date
    rate: Rate = Field(gt=0)
    origin: Text | None = None


#: What a rate is written as, in this order.
_ROW: Final = ("source", "target", "on", "rate")


def _is_row(row: object) -> bool:
    return isinstance(row, tuple | list) and len(row) == len(_ROW)


class Rates(Model, frozen=True):
    """Dated exchange rates; exactly the direction and the day asked for, or nothing.

    Example:
        >>> rates = Rates.of(("EUR", "USD", "2026-11-20", "1.08"))
        >>> rates.find("EUR", "USD", on=date(2026, 11, 20))
        Decimal('1.08')
        >>> rates.find("USD", "EUR", on=date(2026, 11, 20)) is None
        True
    """

    rows: tuple[ExchangeRate, ...] = ()

    @model_validator(mode="after")
    def _has_one_a_day(self) -> Self:
        if len(self._by_key) < len(self.rows):
            message = "two rates are given for one day and direction"
            raise ValueError(message)
        return self

    @classmethod
    def of(cls, *rows: tuple[str, str, str, str]) -> Rates:
        """Return rates from rows of source, target, day and rate, all as text.

        Raises:
            InvalidDataError: A row is none, or two are of one day and direction; naming all.
        """
        wrong = [f"rows.{at}" for at, row in enumerate(rows) if not _is_row(row)]
        if wrong:
            problem, remedy = "it should be source, target, day and rate", "Give all four of them."
            raise InvalidDataError("the rates", [Problem(path, problem, remedy) for path in wrong])
        named = [dict(zip(_ROW, row, strict=True)) for row in rows]
        return validated(cls, {"rows": named}, "the rates")

    @cached_property
    def _by_key(self) -> dict[tuple[str, str, date], Decimal]:
        return {(row.source, row.target, row.on): row.rate for row in self.rows}

    def find(self, source: str, target: str, *, on: date) -> Decimal | None:
        """Return the rate of that day in that direction, or ``None`` when none is given."""
        return self._by_key.get((source, target, on))


@tells_kinds
def total_of(amounts: Iterable[Money]) -> dict[str, Money]:
    """Return the sum of ``amounts`` for each currency."""
    totals: dict[str, Money] = {}
    for money in amounts:
        known = totals.get(money.currency)
        totals[money.currency] = money if known is None else known + money
    return totals
