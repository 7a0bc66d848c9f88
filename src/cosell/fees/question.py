"""What is asked about one deal: by which plan, as of when, with which rates.

This module does not know what the answer is made of.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from pydantic import BaseModel

from cosell.events import Actor
from cosell.fees.bound import BoundPlan
from cosell.findings import Finding, Verdict
from cosell.models import Record
from cosell.money import Rates
from cosell.rules import CompiledCondition, CompiledGate, CompiledValue

__all__ = ["Question"]

#: Who asks; a plan's criteria are about the deal, and ask nobody.
_NOBODY: Final = Actor("assessment", role="assessment")


class Question(NamedTuple):
    """What is asked: about which deal, as of when, with which rates.

    Where an item of one of the deal's lists is given, bare names are the item's.
    """

    plan: BoundPlan
    deal: Record
    at: datetime
    rates: Rates | None

    def value(self, compiled: CompiledValue, item: BaseModel | None = None) -> Any:
        """Return the value of an expression for this deal."""
        return compiled.value(*self._given(item))

    def verdict(self, compiled: CompiledCondition, item: BaseModel | None = None) -> Verdict:
        """Return whether a condition holds for this deal."""
        return compiled.verdict(*self._given(item))

    def findings(self, gate: CompiledGate, item: BaseModel | None = None) -> tuple[Finding, ...]:
        """Return what is found about every criterion."""
        return gate.examine(*self._given(item))

    def _given(self, item: BaseModel | None) -> tuple[Any, ...]:
        deal, whole = (self.deal, None) if item is None else (item, self.deal)
        return deal, whole, _NOBODY, None, self.at, self.rates
