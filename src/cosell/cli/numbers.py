"""Read a cell that holds a number, an amount or a share.

Rules:

1. The decimal sign and the sign between thousands are as the mapping says, and thousands are
   three digits: ``12,34`` is no number where the comma parts thousands.
2. An amount has a currency: named in the cell, in a column of its own, or by the mapping. Two
   that differ are an error.
3. There are no floats and no exponents.

This module does not know which field a number is for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from cosell.cli.cells import CellError, quoted, text_of

__all__ = ["Numbers"]

_CURRENCY: Final = re.compile(r"(?:([A-Z]{3})\s*)?(.*?)(?:\s*([A-Z]{3}))?", re.DOTALL)
_HUNDREDTH: Final = Decimal("0.01")


@dataclass(frozen=True)
class Numbers:
    """How numbers are written.

    Attributes:
        decimal: The sign before decimals.
        thousands: The sign between thousands; empty if there is none.
        strip: Characters that are left out.
        percent: Whether numbers are hundredths.
    """

    decimal: str = "."
    thousands: str = ""
    strip: str = ""
    percent: bool = False

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        plain = r"\d+"
        if self.thousands:
            plain = rf"(?:\d{{1,3}}(?:{re.escape(self.thousands)}\d{{3}})+|\d+)"
        return re.compile(rf"[+-]?{plain}(?:{re.escape(self.decimal)}\d+)?", re.ASCII)

    def read(self, cell: Any) -> Decimal:
        """Return a number.

        Raises:
            CellError: It is none.
        """
        if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
            number, hundredths = Decimal(cell), self.percent
        else:
            number, hundredths = self._parsed(text_of(cell, signed=True))
        return number * _HUNDREDTH if hundredths else number

    def _parsed(self, text: str) -> tuple[Decimal, bool]:
        left = "".join(c for c in text if c not in self.strip).strip()
        bare = left.removesuffix("%").rstrip()
        if not self._pattern.fullmatch(bare):
            raise CellError(f"{quoted(text)} is no number", self._remedy)
        plain = bare.replace(self.thousands, "") if self.thousands else bare
        return Decimal(plain.replace(self.decimal, ".")), self.percent or bare != left

    @property
    def _remedy(self) -> str:
        example = f"1{self.thousands}234{self.decimal}50"
        return f"Write it as {example}, or say in the mapping how numbers are written."

    def read_whole(self, cell: Any) -> int:
        """Return a whole number.

        Raises:
            CellError: It is none.
        """
        number = self.read(cell)
        if number != number.to_integral_value():
            raise CellError(f"{quoted(text_of(cell, signed=True))} is no whole number", "Round it.")
        return int(number)

    def read_money(self, cell: Any, currencies: tuple[str | None, str | None]) -> Any:
        """Return an amount with its currency, as a model of money takes it.

        Args:
            cell: The amount, with or without the three letters of its currency.
            currencies: What the column for currencies says in this row, and what the mapping
                says for all rows.

        Raises:
            CellError: It is no number, or names no currency or two.
        """
        if isinstance(cell, dict):
            return cell
        beside, default = currencies
        within = None
        if isinstance(cell, str):
            before, cell, after = _CURRENCY.fullmatch(cell.strip()).groups()  # type: ignore[union-attr]  # it matches any text
            within = before or after
        amount = self.read(cell)
        named = {currency for currency in (within, beside) if currency}
        if len(named) > 1:
            raise CellError(
                f"{' and '.join(sorted(named))} are both named as its currency", "Correct one."
            )
        currency = next(iter(named), default)
        if currency is None:
            raise CellError(
                f"{quoted(str(cell))} names no currency",
                "Give the mapping a `currency`, or the column a `currency_column`.",
            )
        return {"amount": amount, "currency": currency}
