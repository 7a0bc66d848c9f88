"""What people read of an expression: parameters filled in (cosell.rules.explain)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cosell.money import Money
from cosell.rules import parse, text_of
from cosell.rules.explain import shown_constant


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Money.parse("50000 USD"), "50000.00 USD"),
        ("50000 USD", "50000 USD"),
        ("gold", "'gold'"),
        ("it's", '"it\'s"'),
        (Decimal("0.0100"), "0.0100"),
        (Decimal("1E+2"), "100"),
        (True, "True"),
        (5, "5"),
        (date(2026, 11, 20), "2026-11-20"),
        (datetime(2026, 11, 20, 10, tzinfo=UTC), "2026-11-20T10:00:00+00:00"),
        (("CZ", "DE"), "{'CZ', 'DE'}"),
        ({"gold": Decimal("0.10")}, "{'gold': 0.10}"),
    ],
)
def test_a_parameter_is_shown_as_people_read_it(value: object, shown: str) -> None:
    """Money, dates and numbers are shown bare, texts in quotation marks."""
    assert shown_constant(value) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("acv > above", "acv > 50000 USD"),
        ("kind in kinds", "kind in {'a', 'b'}"),
        ("lookup(kind, rows) > 1", "lookup(kind, {'a': 1}) > 1"),
        ("any(x.acv > above for x in kinds)", "any(x.acv > 50000 USD for x in kinds)"),
        ("deal.above > 1", "deal.above > 1"),
    ],
)
def test_parameters_are_filled_in(text: str, shown: str) -> None:
    """The name of a parameter gives way to its value; fields keep their names."""
    parameters = {"above": "50000 USD", "kinds": ("a", "b"), "rows": {"a": 1}}

    assert text_of(parse(text), parameters) == shown
