"""Values as people read them: amounts, moments, findings, names of roles and stages.

This module does not know where a value is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from cosell.definition import Stage
from cosell.draw.telling import cites_text, roles_text
from cosell.findings import Finding, seen_in
from cosell.money import CONTEXT, Money, minor_digits

__all__ = [
    "MONTHS",
    "added",
    "amount_text",
    "amounts_text",
    "cites_text",
    "count_text",
    "day_text",
    "in_minor_units",
    "inputs_text",
    "moment_text",
    "obstacle_text",
    "roles_text",
    "stage_text",
]

#: How people call the months, whatever the language of the machine.
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MOST_VALUES: Final = 2


def count_text(count: int, noun: str) -> str:
    """Return a number with its noun.

    Example:
        >>> count_text(1, "deal"), count_text(8800, "row")
        ('1 deal', '8,800 rows')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def amount_text(amount: Decimal, currency: str) -> str:
    """Return an amount with its currency.

    Example:
        >>> amount_text(Decimal("62000"), "USD")
        '62,000.00 USD'
    """
    return f"{in_minor_units(amount, currency):,f} {currency}"


def in_minor_units(amount: Decimal, currency: str) -> Decimal:
    """Return the same amount with all digits that its currency is written with.

    Example:
        >>> in_minor_units(Decimal("62000"), "USD")
        Decimal('62000.00')
    """
    digits = max(minor_digits(currency), -int(amount.as_tuple().exponent))
    return CONTEXT.quantize(amount, Decimal(1).scaleb(-digits, CONTEXT))


def amounts_text(amounts: Mapping[str, Decimal]) -> str:
    """Return amounts of several currencies."""
    return " + ".join(amount_text(amounts[currency], currency) for currency in sorted(amounts))


def added(amounts: dict[str, Decimal], money: Money) -> None:
    """Add ``money`` to the amount of its currency."""
    amounts[money.currency] = CONTEXT.add(amounts.get(money.currency, Decimal(0)), money.amount)


def day_text(day: date) -> str:
    """Return a day with its name.

    Example:
        >>> day_text(date(2026, 11, 20))
        'Fri 2026-11-20'
    """
    return f"{('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun')[day.weekday()]} {day.isoformat()}"


def moment_text(moment: datetime) -> str:
    """Return a moment to the minute, in the zone it is given in.

    Example:
        >>> from datetime import UTC
        >>> moment_text(datetime(2026, 11, 20, 17, tzinfo=UTC))
        'Fri 2026-11-20 17:00'
    """
    return f"{day_text(moment.date())} {moment:%H:%M}"


def obstacle_text(finding: Finding) -> str:
    """Return what would cure an obstacle, what it comes from, and what was found instead."""
    seen = seen_in(finding)
    actual = f" ({', '.join(seen)})" if 0 < len(seen) <= _MOST_VALUES else ""
    error = f" ({finding.error})" if finding.error else ""
    return f"{finding.remedy}{cites_text(finding.cites)}{actual}{error}"


def inputs_text(inputs: Iterable[Finding]) -> str:
    """Return which fields are to be filled in, as ``fill in Contract value``."""
    return f"fill in {', '.join(it.check.label or it.check.paths[0] for it in inputs)}"


def stage_text(stage: Stage) -> str:
    """Return what people call a stage."""
    return stage.label or stage.id
