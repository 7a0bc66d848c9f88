"""The four truths about a fee: eligible, earned, payable, paid; each with its reasons.

Rules that hold for every truth:

1. Each needs the one before it: what is not eligible is not earned, what is not earned is not
   payable. What was paid is a fact of the ledger, and needs nothing.
2. It holds from a moment on, which is never before that of the truth before it. A moment still to
   come means: not yet.
3. Unknown is never yes. A reason says what is not met or not known, in words, and what would cure
   it; reasons of the truths before stand first.
4. Criteria that are only advised are found and reported, and stop nothing.

This module does not know how criteria are compiled, nor how much a fee is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cosell.findings import Finding, Verdict

__all__ = ["Reason", "Truth", "TruthName", "worst"]


class TruthName(StrEnum):
    """What can be true about a fee, in order."""

    ELIGIBLE = "eligible"  # the program's terms are met
    EARNED = "earned"  # what the fee is for has happened
    PAYABLE = "payable"  # the customer has paid, and the hold is over
    PAID = "paid"  # money left


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a truth does not hold.

    Attributes:
        truth: The truth whose criterion it is.
        finding: What was found.
        text: What people read.
    """

    truth: TruthName
    finding: Finding
    text: str

    @property
    def remedy(self) -> str:
        """What would cure it."""
        return self.finding.remedy

    def __str__(self) -> str:
        """Return what people read."""
        return self.text


@dataclass(frozen=True, slots=True)
class Truth:
    """One truth about a fee. As a condition it is whether it surely holds.

    Attributes:
        name: Which one.
        verdict: Met, unmet or unknown; never not applicable.
        since: The moment from which it holds; it may be still to come, when nothing but time is
            lacking. ``None`` when it is not known.
        findings: What was found about its own criteria.
        reasons: Why it does not hold; empty when it does. Those of truths before stand first.
    """

    name: TruthName
    verdict: Verdict
    since: datetime | None
    findings: tuple[Finding, ...]
    reasons: tuple[Reason, ...]

    @property
    def own_reasons(self) -> tuple[Reason, ...]:
        """The reasons that are its own, not those of a truth before it."""
        return tuple(reason for reason in self.reasons if reason.truth is self.name)

    def __bool__(self) -> bool:
        """Return whether it surely holds: unknown is never yes."""
        return self.verdict is Verdict.MET


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return unmet if one of ``verdicts`` is, else unknown if one is, else met."""
    found = set(verdicts)
    if Verdict.UNMET in found:
        return Verdict.UNMET
    return Verdict.UNKNOWN if Verdict.UNKNOWN in found else Verdict.MET
