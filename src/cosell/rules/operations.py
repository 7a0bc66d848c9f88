"""What expressions compute that is more than one operator, for every back end in Python.

Rules that hold for every operation:

1. A host's own decimal context never matters, and nothing is rounded but where it is named.
2. What has no answer is missing (``None``): a sum beyond 64 bits, a share of nothing, a rate that
   is not given, a day that a calendar does not know.
3. Moments are compared as moments, whatever their zones.

This module does not know what an expression is.
"""

from __future__ import annotations

import decimal
from collections.abc import Mapping
from datetime import UTC, date, datetime, timezone, tzinfo
from decimal import Context, Decimal
from types import MappingProxyType
from typing import Any, Final

from pydantic_core import TzInfo

from cosell._base import trusting
from cosell.errors import CalendarExhaustedError, require_aware
from cosell.money import Money, Rates
from cosell.rules.scope import BusinessCalendar
from cosell.rules.types import MAX_DIGITS, MAX_INT

__all__ = [
    "EXACT",
    "FIXED_OFFSETS",
    "MODES",
    "as_instant",
    "as_money",
    "business_days",
    "exchanged",
    "local_date",
    "prorated",
    "rounded",
    "within_64_bits",
]

#: Ways of rounding, by the name that expressions use. ``half_up`` is the portable one.
MODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "half_up": decimal.ROUND_HALF_UP,
        "half_even": decimal.ROUND_HALF_EVEN,
        "half_down": decimal.ROUND_HALF_DOWN,
        "up": decimal.ROUND_UP,
        "down": decimal.ROUND_DOWN,
        "ceiling": decimal.ROUND_CEILING,
        "floor": decimal.ROUND_FLOOR,
    }
)


def _context(traps: list[Any]) -> Context:
    # Everything is named here, because a host can change what a bare `Context()` starts from.
    return Context(
        prec=800,
        rounding=decimal.ROUND_HALF_EVEN,
        Emin=-999_999,
        Emax=999_999,
        capitals=1,
        clamp=0,
        flags=[],
        traps=traps,
    )


_ERRORS: Final = [decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow]
#: Sums and products. No expression is deep enough to need this many digits, not even one that
#: converts at every step; a value that would be rounded all the same is an error.
EXACT: Final = _context([*_ERRORS, decimal.Inexact])
_ROUNDING: Final = _context(_ERRORS)

_money: Final = trusting(Money)

#: Zones whose offset never changes: moments in them compare as they are.
FIXED_OFFSETS: Final[frozenset[type[tzinfo]]] = frozenset({timezone, TzInfo})


def within_64_bits(number: int) -> int | None:
    """Return ``number``, or ``None`` if it needs more than 64 bits."""
    return number if -MAX_INT - 1 <= number <= MAX_INT else None


def rounded(value: Decimal | int, places: int, mode: str) -> Decimal:
    """Return ``value`` with so many places, rounded in one of ``MODES``.

    Example:
        >>> rounded(Decimal("0.125"), 2, "half_up"), rounded(Decimal("0.125"), 2, "half_even")
        (Decimal('0.13'), Decimal('0.12'))
    """
    unit = Decimal(1).scaleb(-places, context=_ROUNDING)
    return _unsigned_zero(Decimal(value).quantize(unit, rounding=MODES[mode], context=_ROUNDING))


def prorated(
    amount: Decimal | int, part: Decimal | int, whole: Decimal | int, places: int, mode: str
) -> Decimal | None:
    """Return ``amount * part / whole``, exact and then rounded once, or ``None`` for a zero whole.

    Example:
        >>> prorated(Decimal("1000.00"), 92, 365, 2, "half_up"), prorated(1, 1, 0, 2, "half_up")
        (Decimal('252.05'), None)
    """
    if not whole:
        return None
    product = EXACT.multiply(Decimal(amount), Decimal(part))
    # Integers: one digit beyond the places decides a tie, one more says whether anything is left.
    shift = places + 1 + max(_places(product), _places(Decimal(whole)))
    above, below = _units(product, shift), _units(Decimal(whole), shift - places - 1)
    quotient, rest = divmod(abs(above), abs(below))
    digits = Decimal(quotient * 10 + bool(rest)).scaleb(-places - 2, context=EXACT)
    signed = digits.copy_sign(-1) if (above < 0) is not (below < 0) else digits
    found = rounded(signed, places, mode)
    return found if len(found.as_tuple().digits) <= MAX_DIGITS else None


def _unsigned_zero(number: Decimal) -> Decimal:
    """Return ``number``, and nothing at all without a sign: nobody owes -0.00 USD."""
    return number or number.copy_abs()


def _places(number: Decimal) -> int:
    return max(-int(number.as_tuple().exponent), 0)


def _units(number: Decimal, shift: int) -> int:
    return int(EXACT.quantize(number.scaleb(shift, context=EXACT), Decimal(1)))


def exchanged(
    amount: Decimal, source: str, target: str, on: date | None, rates: Rates | None
) -> Decimal | None:
    """Return ``amount`` in the currency ``target``, or ``None`` if there is no rate of that day."""
    if source == target:
        return amount
    rate = None if on is None or rates is None else rates.find(source, target, on=on)
    return None if rate is None else EXACT.multiply(amount, rate)


def as_money(amount: Decimal | int, currency: str) -> Money:
    """Return an exact amount as money; it may have more places than a recorded amount has."""
    # Validation would refuse places beyond four, and rounding here would be rounding twice.
    return _money({"amount": _unsigned_zero(Decimal(amount)), "currency": currency})


def as_instant(moment: datetime) -> datetime:
    """Return a moment in a zone of fixed offset.

    Python compares two moments that share a zone by their wall clocks, and is an hour off when
    summer time lies between them.

    Raises:
        NaiveDatetimeError: It has no time zone.
    """
    if type(moment.tzinfo) in FIXED_OFFSETS:
        return moment
    return require_aware(moment, "moment").astimezone(UTC)


def local_date(moment: datetime, zone: tzinfo) -> date | None:
    """Return the date of a moment in ``zone``, or ``None`` at the ends of the calendar."""
    try:
        return moment.astimezone(zone).date()
    except OverflowError:
        return None


def business_days(calendar: BusinessCalendar, start: date, end: date) -> int | None:
    """Return business days in ``(start, end]``, or ``None`` where the calendar is not known."""
    try:
        return calendar.count(start, end)
    except CalendarExhaustedError:
        return None
