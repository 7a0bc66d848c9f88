"""Findings: what was checked, what was found, and how both are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest

from cosell.findings import (
    Check,
    CheckKind,
    Finding,
    Severity,
    Verdict,
    advice_in,
    obstacles_in,
    plain,
    shown,
)
from cosell.models import Customer
from cosell.money import Money

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

CHECK = Check(
    id="mdp_started",
    kind=CheckKind.CRITERION,
    needed="mdp.stage in {'drafted'}",
    remedy="Start the plan.",
    cites=("MK-26",),
    paths=("acv", "mdp.stage"),
    gate="ready",
)
ADVISED = Check("tidy", CheckKind.CRITERION, "name", "Name it.", severity=Severity.ADVISED)


@pytest.mark.parametrize(
    ("check", "verdict", "passes", "stops", "advises"),
    [
        pytest.param(CHECK, Verdict.MET, True, False, False, id="met passes"),
        pytest.param(CHECK, Verdict.NOT_APPLICABLE, True, False, False, id="what is not asked"),
        pytest.param(CHECK, Verdict.UNMET, False, True, False, id="unmet stops"),
        pytest.param(CHECK, Verdict.UNKNOWN, False, True, False, id="unknown is never yes"),
        pytest.param(ADVISED, Verdict.MET, True, False, False, id="advice that is taken"),
        pytest.param(ADVISED, Verdict.UNMET, False, False, True, id="advice that is not"),
        pytest.param(ADVISED, Verdict.UNKNOWN, False, False, True, id="advice not known"),
    ],
)
def test_what_a_verdict_means(
    check: Check,
    verdict: Verdict,
    passes: bool,  # noqa: FBT001 - a column
    stops: bool,  # noqa: FBT001 - a column
    advises: bool,  # noqa: FBT001 - a column
) -> None:
    """Only a required check that is not surely met stops a transition."""
    finding = Finding(check, verdict)

    assert (finding.passes, finding.is_obstacle, finding.is_advice) == (passes, stops, advises)
    assert obstacles_in([finding]) == ((finding,) if stops else ())
    assert advice_in([finding]) == ((finding,) if advises else ())


def test_a_finding_as_plain_values() -> None:
    """What is, what should be, source and remedy are there for each finding (BX-41)."""
    finding = Finding(CHECK, Verdict.UNKNOWN, (Money.parse("1 USD"), None), candidate=1)

    assert finding.as_dict() == {
        "id": "mdp_started",
        "code": "criterion.unknown",
        "verdict": "unknown",
        "severity": "required",
        "gate": "ready",
        "label": None,
        "needed": "mdp.stage in {'drafted'}",
        "actual": {"acv": {"amount": "1", "currency": "USD"}, "mdp.stage": None},
        "remedy": "Start the plan.",
        "cites": ["MK-26"],
        "error": None,
        "candidate": 1,
    }


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        pytest.param(
            Finding(CHECK, Verdict.UNMET, (Money.parse("1 USD"), None)),
            "mdp_started: unmet (acv is 1.00 USD, mdp.stage is not recorded). Start the plan.",
            id="what is not met has its remedy",
        ),
        pytest.param(
            Finding(CHECK, Verdict.UNKNOWN, (Money.parse("1 USD"), None)),
            "mdp_started: unknown (mdp.stage is not recorded). Start the plan.",
            id="what is unknown shows what is missing, and nothing else",
        ),
        pytest.param(
            Finding(CHECK, Verdict.UNKNOWN, (None, None)),
            "mdp_started: unknown (acv, mdp.stage are not recorded). Start the plan.",
            id="several missing values share a sentence",
        ),
        pytest.param(
            Finding(CHECK, Verdict.UNKNOWN, (1, "drafted")),
            "mdp_started: unknown (acv is 1, mdp.stage is drafted). Start the plan.",
            id="what is unknown although all is recorded shows that",
        ),
        pytest.param(Finding(ADVISED, Verdict.MET), "tidy: met", id="what is met has none"),
        pytest.param(
            Finding(ADVISED, Verdict.UNKNOWN, own_remedy="Give the rate."),
            "tidy: unknown. Give the rate.",
            id="its own remedy is nearer than that of the check",
        ),
        pytest.param(
            Finding(Check("a", CheckKind.ROLE, "b", "C.", label="Label"), Verdict.MET),
            "Label: met",
            id="a label stands for the id",
        ),
    ],
)
def test_a_finding_in_one_line(finding: Finding, text: str) -> None:
    """People read what was checked, what was found, what is, and what would cure it."""
    assert str(finding) == text


def test_a_finding_is_a_value() -> None:
    """Findings compare and hash by what they say."""
    one, same = (Finding(CHECK, Verdict.MET, ("a", "b")) for _ in range(2))

    assert one == same
    assert len({one, same}) == 1
    assert one != Finding(CHECK, Verdict.UNMET, ("a", "b"))
    assert one.cites == ("MK-26",)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "not recorded"),
        (True, "yes"),
        (False, "no"),
        ((), "0 items"),
        (("a",), "1 item"),
        ({"a": 1, "b": 2}, "2 items"),
        (Decimal("1.50"), "1.50"),
        (Money.parse("5 JPY"), "5 JPY"),
    ],
    ids=repr,
)
def test_a_value_as_people_read_it(value: object, text: str) -> None:
    """Truth values are yes and no, lists are counted, a missing value is not recorded."""
    assert shown(value) == text


class Colour(StrEnum):
    """A label."""

    RED = "red"


class Level(IntEnum):
    """A number with a name."""

    HIGH = 3


@dataclass(frozen=True)
class Point:
    """A value of the host's."""

    x: int


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (Level.HIGH, 3),
        (Colour.RED, "red"),
        ("a", "a"),
        (Decimal("0.10"), "0.10"),
        (0.5, "0.5"),
        (NOON, "2026-11-20T12:00:00+00:00"),
        (date(2026, 11, 20), "2026-11-20"),
        (time(9, 30), "09:30:00"),
        (timedelta(days=1, hours=2), "P1DT2H"),
        ({"a": Decimal(1)}, {"a": "1"}),
        (MappingProxyType({1: "x"}), {"1": "x"}),
        ((1, (NOON,)), [1, ["2026-11-20T12:00:00+00:00"]]),
        pytest.param(frozenset({"b", "a", "c"}), ["a", "b", "c"], id="a set"),
        ({3, 20, 1}, [1, 20, 3]),
        (Money.parse("1.50 EUR"), {"amount": "1.50", "currency": "EUR"}),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Point(1), {"x": 1}),
        (b"abc", "abc"),
        (b"\xff", "b'\\xff'"),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_a_value_as_json_has_it(value: Any, written: Any) -> None:
    """Amounts and moments are text, sets are sorted, and a model can read each value back."""
    found = plain(value)

    assert found == written
    assert type(found) is type(written)


def test_a_model_is_written_without_what_is_missing() -> None:
    """A model in a value is a table of what is recorded in it."""
    written = plain((Customer(industry="Retail"),))

    assert Customer.model_validate(written[0]) == Customer(industry="Retail")
    assert "parent" not in written[0]
