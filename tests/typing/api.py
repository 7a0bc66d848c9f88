"""The types of cosell's public surface, pinned: mypy reads this file, nobody runs it.

Each name at the top of cosell is used here as a host would use it. A change that breaks a host's
type check breaks this file first. A line that must *not* pass carries its ignore with a reason,
and mypy reports the ignore once it is no longer needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, assert_type

from cosell import (
    Actor,
    CalendarExhaustedError,
    ClaimedError,
    CosellError,
    DefinitionError,
    EditRefusedError,
    Effect,
    Event,
    Finding,
    InvalidDataError,
    Money,
    Rates,
    Severity,
    Verdict,
    VersionConflictError,
)
from cosell.errors import Problem


def actors() -> None:
    """Who asks is given by the host; the role is keyword-only."""
    actor = Actor("p-7", role="partner", party="acme")
    assert_type(actor.party, str | None)
    Actor("p-7", "partner")  # type: ignore[call-arg]  # the role has a name
    actor.role = "vendor"  # type: ignore[misc]  # models are frozen


def amounts(acv: Money, rates: Rates) -> None:
    """Amounts are exact, compare in one currency, and split without a remainder."""
    assert_type(acv + Money.parse("1 USD"), Money)
    assert_type(acv > Money(amount=Decimal(50000), currency="USD"), bool)
    assert_type(acv.amount, Decimal)
    assert_type(acv.split([50, Decimal("0.5")]), tuple[Money, ...])
    assert_type(rates.find("EUR", "USD", on=date(2026, 11, 20)), Decimal | None)


def events(event: Event, effect: Effect) -> None:
    """What happened, and what the host should do about it."""
    assert_type(event.at, datetime)
    assert_type(event.changes, Mapping[str, Any])
    assert_type(effect.to, str | None)


def findings(finding: Finding) -> None:
    """A finding says what was found, what is and what would cure it."""
    assert_type(finding.verdict, Verdict)
    assert_type(finding.check.severity, Severity)
    assert_type(finding.is_obstacle, bool)
    assert_type(finding.actual, dict[str, Any])


def errors(
    error: CosellError,
    invalid: DefinitionError | InvalidDataError | EditRefusedError,
    claimed: ClaimedError,
    conflict: VersionConflictError,
    exhausted: CalendarExhaustedError,
) -> None:
    """Every error says what is wrong and what to do, and carries its facts."""
    assert_type(error.problem, str)
    assert_type(error.remedy, str)
    assert_type(invalid.problems, tuple[Problem, ...])
    assert_type(claimed.holder, str)
    assert_type(conflict.actual, int)
    assert_type(exhausted.covers_until, date)
