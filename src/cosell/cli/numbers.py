"""Read a cell that holds a number, an amount or a share.

Rules:

1. The decimal sign and the sign between thousands are as the mapping says, and thousands are
   three digits: ``12,34`` is no number where the comma parts thousands.
2. The signs are two different ones, and none that numbers have anyway: letters, digits,
   ``+ - %``. What is left out of numbers changes none: no digit, minus or decimal sign.
3. An amount has a currency: named in the cell, in a column of its own, or by the mapping. Two
   that differ are an error.
4. A share may be written in per cent, an amount or a count may not.
5. There are no floats and no exponents.

This module does not know which field a number is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from cosell.cli.cells import CellError, quoted, text_of

__all__ = ["Numbers"]

_CURRENCY: Final = re.compile(r"(?:([A-Z]{3})\s*)?(.*?)(?:\s*([A-Z]{3}))?", re.DOTALL)
_HUNDREDTH: Final = Decimal("0.01")
_OF_NUMBERS: Final = frozenset("+-%")
_NEVER_LEFT_OUT: Final = frozenset("-0123456789")
_PICK: Final = "Write a sign such as `.` or `,`."


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

    def problems(self) -> Iterator[tuple[str, str, str]]:
        """Yield what is wrong with the signs: the key of the mapping, the problem, the remedy."""
        for key, sign in (("decimal", self.decimal), ("thousands", self.thousands)):
            if sign.isalnum() or sign in _OF_NUMBERS or (key == "decimal" and sign.isspace()):
                yield key, f"`{sign}` cannot part the digits of a number", _PICK
        if self.decimal == self.thousands:
            said = f"`{self.thousands}` is the sign before decimals too"
            yield "thousands", said, "Give `decimal` and `thousands` two different signs."
        changing = _NEVER_LEFT_OUT | {self.decimal}
        if found := next((sign for sign in self.strip if sign in changing), None):
            yield "strip", f"a number without its `{found}` is another number", "Leave it out."

    def read(self, cell: Any) -> Decimal:
        """Return a number, which may be a share.

        Raises:
            CellError: It is none.
        """
        return self._read(cell, is_share=True)

    def _read(self, cell: Any, *, is_share: bool) -> Decimal:
        if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
            number, hundredths = Decimal(cell), self.percent
        else:
            number, hundredths = self._parsed(text_of(cell, signed=True), is_share=is_share)
        return number * _HUNDREDTH if hundredths else number

    def _parsed(self, text: str, *, is_share: bool) -> tuple[Decimal, bool]:
        left = "".join(c for c in text if c not in self.strip).strip()
        bare = left.removesuffix("%").rstrip()
        if not self._pattern.fullmatch(bare):
            raise CellError(f"{quoted(text)} is no number", self._remedy)
        if bare != left and not is_share:
            raise CellError(f"{quoted(text)} is a share, and no share is expected", self._remedy)
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
        number = self._read(cell, is_share=False)
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
        before = after = None
        if isinstance(cell, str):
            before, cell, after = _CURRENCY.fullmatch(cell.strip()).groups()  # type: ignore[union-attr]  # it matches any text
        amount = self._read(cell, is_share=False)
        named = {currency for currency in (before, after, beside) if currency}
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
