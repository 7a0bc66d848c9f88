"""Ways to spoil one thing of a deal that passes every gate, for tables of criteria."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

import pytest

from cosell.engine import Decision
from cosell.findings import Severity, Verdict
from cosell.rules import Criterion

#: Ways to spoil each criterion of each gate: what changes, and what the criterion is then.
Spoiled = Mapping[str, Mapping[str, list[tuple[dict[str, Any], Verdict]]]]

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


def rows_of(spoiled: Spoiled, criteria: Mapping[tuple[str, str], Criterion]) -> list[Any]:
    """Return a row of cases for each way to spoil a criterion, named by the rules that it cites."""
    return [
        pytest.param(
            gate,
            criterion,
            change,
            verdict,
            id=f"{gate} {criterion} {index} ({' '.join(criteria[gate, criterion].cites)})",
        )
        for gate, ways in spoiled.items()
        for criterion, changes in ways.items()
        for index, (change, verdict) in enumerate(changes)
    ]


def spread(
    changes: Mapping[str, Any], given: Mapping[str, Any], data: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what is given and the data of a trigger, each with the changes that are about it."""
    asked = {path: value for path, value in changes.items() if path in data}
    other = {path: value for path, value in changes.items() if path not in data}
    return {**given, **other}, {**data, **asked}


def require_found_out(
    decision: Decision, criterion: Criterion, verdict: Verdict, also: Collection[str] = ()
) -> None:
    """Fail unless one criterion is found as it should be, and nothing but ``also`` beside it."""
    found, required = failing(decision), criterion.severity is Severity.REQUIRED

    assert found.pop(criterion.id) is verdict
    assert set(found) <= set(also)
    assert decision.permitted is not required
    assert criterion.id in {f.id for f in (decision.obstacles if required else decision.advice)}


def require_cited(criterion: Criterion) -> None:
    """Fail unless a criterion cites its rules and says what to do."""
    assert all(re.fullmatch(r"(MK|PC)-[0-9]+", cite) for cite in criterion.cites)
    assert criterion.cites
    assert criterion.remedy.endswith(".")
