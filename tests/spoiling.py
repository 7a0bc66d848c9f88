"""Ways to spoil one thing of a deal that passes every gate, for tables of criteria."""

from __future__ import annotations

from typing import Any, Final

from cosell.engine import Decision
from cosell.findings import Verdict

UNMET: Final = Verdict.UNMET
UNKNOWN: Final = Verdict.UNKNOWN


def without(items: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Return the items without one field."""
    return [{key: value for key, value in item.items() if key != name} for item in items]


def is_missing(path: str, verdict: Verdict = UNKNOWN) -> tuple[dict[str, Any], Verdict]:
    """Return the change that takes a value away."""
    return {path: None}, verdict


def unanswered(path: str) -> list[tuple[dict[str, Any], Verdict]]:
    """Return both ways in which a question is not answered with yes."""
    return [({path: False}, UNMET), ({path: None}, UNKNOWN)]


def unrecorded(*paths: str) -> list[tuple[dict[str, Any], Verdict]]:
    """Return the ways in which one of several fields is not recorded."""
    return [({path: None}, UNMET) for path in paths]


def failing(decision: Decision) -> dict[str, Verdict]:
    """Return what is not met, required or advised."""
    return {finding.id: finding.verdict for finding in decision.findings if not finding.passes}
