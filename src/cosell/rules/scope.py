"""What the names in an expression can mean.

A scope is given once, when a process is bound; expressions are checked against it and compiled.
Bare names are fields of ``model``, or parameters. ``record.`` is the whole inside a track,
``facts.`` what the host gives with a call, ``actor.`` who asks, ``at`` the moment, ``as_of`` its
date in ``zone``.

This module does not know how an expression is read or evaluated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from pydantic import BaseModel

__all__ = ["BusinessCalendar", "Scope"]


class BusinessCalendar(Protocol):
    """What an expression asks of a calendar."""

    def count(self, start: date, end: date, /) -> int:
        """Return the number of business days in ``(start, end]``, negative backwards.

        Raise ``CalendarExhaustedError`` outside the dates for which the calendar is known.
        """
        ...


@dataclass(frozen=True)
class Scope:
    """What the names in an expression can mean.

    Attributes:
        model: The record, or inside a track the part: bare names are its fields.
        whole: What ``record.`` means inside a track; ``None`` on the main line.
        parameters: Constants of this version of the process, by name: bool, int, ``Decimal``,
            ``Money``, text (also money, as ``"50000 USD"``), date, aware datetime, a list of
            these for ``in``, a table of these for ``lookup``.
        facts: What the host gives with a call: name to type name (see ``FACT_TYPES``).
        labels: Dotted path of a text field to the labels it can hold; in a track also
            ``record.`` paths.
        calendars: Calendars by name, for ``business_days``.
        currencies: Currencies of the host's own, beside those of ISO 4217.
        zone: Time zone of ``as_of``.
        rates_on: Expression for the date whose rates convert between currencies.
    """

    model: type[BaseModel]
    whole: type[BaseModel] | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, frozenset[str]] = field(default_factory=dict)
    calendars: Mapping[str, BusinessCalendar] = field(default_factory=dict)
    currencies: frozenset[str] = frozenset()
    zone: str = "UTC"
    rates_on: str = "as_of"
