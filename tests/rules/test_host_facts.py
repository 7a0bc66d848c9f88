"""Facts of a host: of their declared type, or refused (cosell.rules.facts)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.errors import InvalidDataError, UnknownNameError
from cosell.money import Money
from cosell.rules import FACT_TYPES, parse_fact

MOMENT = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        ("bool", True, True),
        ("int", 5, 5),
        ("int", -(2**63), -(2**63)),
        ("decimal", Decimal("0.10"), Decimal("0.10")),
        ("decimal", "0.10", Decimal("0.10")),
        ("decimal", "-5", Decimal(-5)),
        ("decimal", 5, Decimal(5)),
        ("decimal", "1234567890.12345678", Decimal("1234567890.12345678")),
        ("money", Money.parse("5 USD"), Money.parse("5 USD")),
        ("money", "5 USD", Money.parse("5 USD")),
        ("money", {"amount": "5", "currency": "USD"}, Money.parse("5 USD")),
        ("text", "gold", "gold"),
        ("date", date(2026, 11, 20), date(2026, 11, 20)),
        ("date", "2026-11-20", date(2026, 11, 20)),
        ("instant", MOMENT, MOMENT),
        ("instant", "2026-11-20T11:00:00+01:00", MOMENT),
    ],
)
def test_a_fact_of_its_type(kind: str, value: object, found: object) -> None:
    """A value of the declared type is taken, amounts and dates as text too."""
    parsed = parse_fact(kind, value)

    assert parsed == found
    assert type(parsed) is type(found)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("bool", "true"),
        ("bool", 1),
        ("int", True),
        ("int", "5"),
        ("int", 5.0),
        ("int", 2**63),
        ("decimal", 0.1),
        ("decimal", True),
        ("decimal", "1e5"),
        ("decimal", "ten"),
        ("decimal", "\uff11"),
        ("decimal", Decimal("NaN")),
        ("decimal", Decimal("0.123456789")),
        ("decimal", Decimal("1E+999999")),
        ("decimal", "12345678901"),
        ("decimal", 10**10),
        ("money", "5"),
        ("money", 5),
        ("money", {"amount": "5"}),
        ("text", 5),
        ("text", "a\0b"),
        ("text", "a" * 20_001),
        ("date", MOMENT),
        ("date", "20.11.2026"),
        ("date", "2026-02-30"),
        ("date", 5),
        ("instant", date(2026, 11, 20)),
        ("instant", datetime(2026, 11, 20)),  # noqa: DTZ001 - the mistake that is tested
        ("instant", "2026-11-20T10:00:00"),
        ("instant", "2026-11-20T99:00:00Z"),
        ("instant", 5),
    ],
)
def test_a_fact_of_another_type_is_refused(kind: str, value: object) -> None:
    """A text is no bool, a bool no number, a float no amount, a naive moment no moment."""
    with pytest.raises(InvalidDataError) as caught:
        parse_fact(kind, value, path="facts.x")

    (problem,) = caught.value.problems
    assert problem.path == "facts.x"
    assert problem.problem.startswith("this is not ")


def test_a_type_that_does_not_exist() -> None:
    """A type of fact that does not exist is named, with those that do."""
    with pytest.raises(UnknownNameError) as caught:
        parse_fact("number", 5)

    assert caught.value.known == tuple(sorted(FACT_TYPES))


@given(
    kind=st.sampled_from(sorted(FACT_TYPES)),
    value=st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.decimals()
    | st.datetimes()
    | st.binary()
    | st.lists(st.text())
    | st.dictionaries(st.text(), st.text()),
)
def test_any_value_is_taken_or_refused(kind: str, value: Any) -> None:
    """Whatever the value, it is of its type or an error of our own."""
    try:
        found = parse_fact(kind, value)
    except InvalidDataError:
        return
    assert parse_fact(kind, found) == found
