"""What a desk asks of the host's own functions: the facts and the rates of a record.

Whatever such a function raises is told as one error, which names the record, and from which
the others of many records are kept.

This module does not know what facts or rates are for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from cosell.errors import CosellError
from cosell.money import Rates

__all__ = [
    "Facts",
    "FactsError",
    "FactsFor",
    "OutsideError",
    "RatesError",
    "RatesFor",
    "facts_of",
    "rates_of",
]

_T = TypeVar("_T")

Facts = Mapping[str, Any] | None
#: Gives the facts of a record.
FactsFor = Callable[[str], Facts]
#: Gives the dated exchange rates for the fees of a record.
RatesFor = Callable[[str], Rates | None]


class OutsideError(CosellError):
    """What gives something of a record from outside raised an error.

    Attributes:
        record_id: The record it was asked about.
    """

    what: ClassVar[str]
    given_by: ClassVar[str]

    def __init__(self, record_id: str, error: Exception) -> None:
        self.record_id = record_id
        super().__init__(
            problem=f"{self.what} record `{record_id}` cannot be had:"
            f" {type(error).__name__}: {error}",
            remedy=f"Mend `{self.given_by}`, and try again.",
        )


class FactsError(OutsideError):
    """What gives the facts of a record raised an error."""

    code = "facts.unavailable"
    what = "the facts of"
    given_by = "facts_for"


class RatesError(OutsideError):
    """What gives the exchange rates of a record raised an error."""

    code = "rates.unavailable"
    what = "the rates for"
    given_by = "rates_for"


def facts_of(facts_for: FactsFor | None, record_id: str) -> Facts:
    """Return the facts of a record.

    Raises:
        FactsError: The host's function raised, whatever it was.
    """
    return None if facts_for is None else _had(facts_for, record_id, FactsError)


def rates_of(rates_for: RatesFor | None, record_id: str, given: Rates | None) -> Rates | None:
    """Return the rates for a record: those of the command, else those that the host keeps.

    Raises:
        RatesError: The host's function raised, whatever it was.
    """
    if given is not None or rates_for is None:
        return given
    return _had(rates_for, record_id, RatesError)


def _had(give: Callable[[str], _T], record_id: str, told: type[OutsideError]) -> _T:
    try:
        return give(record_id)
    except Exception as error:
        raise told(record_id, error) from error
