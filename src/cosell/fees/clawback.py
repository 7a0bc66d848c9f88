"""What takes a deal's fees back (BX-26): whether it holds, and since when or from when.

This module does not know what was paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cosell.fees.judge import examined
from cosell.fees.question import Question
from cosell.fees.truths import TruthName
from cosell.findings import Finding, Verdict

__all__ = ["TakenBack", "clawed_back"]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """That a deal's fees are taken back.

    Attributes:
        since: The moment from which it holds; it may be still to come.
        reason: Why, in words.
        findings: What was found.
        cites: Ids of the rules.
    """

    since: datetime
    reason: str
    findings: tuple[Finding, ...]
    cites: tuple[str, ...]


def clawed_back(question: Question) -> TakenBack | None:
    """Return what takes fees back; ``None`` unless nothing but time is lacking."""
    bound = question.plan.clawback
    if bound is None:
        return None
    found = examined(question, TruthName.EARNED, bound.criteria)
    if found.verdict is not Verdict.MET:
        return None
    since = question.value(bound.since)
    if since is None:
        return None
    met = [finding for finding in found.findings if finding.verdict is Verdict.MET]
    reason = "; ".join(bound.criteria.criteria[finding.id].reason for finding in met)
    cites = tuple(dict.fromkeys([*bound.cites, *(cite for each in met for cite in each.cites)]))
    return TakenBack(since.astimezone(question.plan.zone), reason, found.findings, cites)
