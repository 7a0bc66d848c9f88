"""Rounding, shares, exchange and moments: exact, whatever the host's context."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_UP, Context, Decimal, DefaultContext, getcontext, setcontext
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.errors import NaiveDatetimeError
from cosell.events import Actor
from cosell.money import Rates
from cosell.rules import compile_condition
from cosell.rules.operations import (
    MODES,
    as_instant,
    as_money,
    exchanged,
    prorated,
    rounded,
    within_64_bits,
)
from cosell.rules.types import decimal_of
from rules.expressions import SCOPE, Deal

_NUMBERS = st.decimals(min_value=-(10**15), max_value=10**15, allow_nan=False, places=4)
_PLACES = st.integers(0, 4)
_MODES = st.sampled_from(sorted(MODES))


class TestRounding:
    """Rounding is what its mode says, of the exact value (language.md, Nodes)."""

    @given(value=_NUMBERS, places=_PLACES, mode=_MODES)
    def test_it_is_at_most_one_unit_off(self, value: Decimal, places: int, mode: str) -> None:
        """What is rounded has so many places, and lies less than a unit away."""
        found = rounded(value, places, mode)

        assert -int(found.as_tuple().exponent) == places
        assert abs(Fraction(found) - Fraction(value)) < Fraction(1, 10**places)

    @pytest.mark.parametrize(
        ("mode", "values"),
        [
            ("half_up", "3 2 1 -1 -2 -3"),
            ("half_down", "2 2 1 -1 -2 -2"),
            ("half_even", "2 2 1 -1 -2 -2"),
            ("up", "3 2 2 -2 -2 -3"),
            ("down", "2 1 1 -1 -1 -2"),
            ("ceiling", "3 2 2 -1 -1 -2"),
            ("floor", "2 1 1 -2 -2 -3"),
        ],
    )
    def test_each_mode(self, mode: str, values: str) -> None:
        """Each mode does with ties and remainders what its name says."""
        given_values = map(Decimal, ("2.5", "1.6", "1.1", "-1.1", "-1.6", "-2.5"))

        assert " ".join(str(rounded(value, 0, mode)) for value in given_values) == values

    @given(
        amount=_NUMBERS,
        part=st.integers(-400, 400),
        whole=st.integers(-400, 400) | st.decimals(-9, 9, allow_nan=False, places=2),
        places=_PLACES,
        mode=_MODES,
    )
    def test_a_share_is_rounded_once(
        self, amount: Decimal, part: int, whole: int | Decimal, places: int, mode: str
    ) -> None:
        """A share is the exact rational, rounded once; a share of nothing is missing."""
        found = prorated(amount, part, whole, places, mode)

        if not whole:
            assert found is None
            return
        exact = Fraction(amount) * part / Fraction(whole)
        assert found is not None
        # A multiple of the unit, nearer to the exact value than a unit, and on the right side.
        assert abs(Fraction(found) - exact) < Fraction(1, 10**places)
        if mode == "floor":
            assert Fraction(found) <= exact
        if mode.startswith("half"):
            assert abs(Fraction(found) - exact) <= Fraction(1, 2 * 10**places)

    @pytest.mark.parametrize(
        "found",
        [
            rounded(Decimal("-0.001"), 2, "half_up"),
            prorated(0, 5, -3, 2, "half_up"),
            prorated(-1, 1, 1_000, 2, "half_up"),
            as_money(Decimal("-0.00"), "USD").amount,
        ],
    )
    def test_nothing_has_no_sign(self, found: Decimal) -> None:
        """Nothing is 0.00 and never -0.00."""
        assert str(found) == "0.00"

    def test_a_share_that_is_too_long_is_missing(self) -> None:
        """A share with more than 38 digits is missing, as in every other back end."""
        assert prorated(10**18, 10**18, Decimal("0.01"), 2, "half_up") is None


def test_64_bits() -> None:
    """Whole numbers have 64 bits, and beyond them there is nothing."""
    assert within_64_bits(2**63 - 1) == 2**63 - 1
    assert within_64_bits(-(2**63)) == -(2**63)
    assert within_64_bits(2**63) is None
    assert within_64_bits(-(2**63) - 1) is None


@pytest.mark.parametrize(
    ("source", "target", "on", "found"),
    [
        ("EUR", "EUR", None, "5"),
        ("EUR", "USD", date(2026, 11, 20), "5.40"),
        ("USD", "EUR", date(2026, 11, 20), None),
        ("EUR", "USD", date(2026, 11, 21), None),
        ("EUR", "USD", None, None),
    ],
)
def test_an_exchange_takes_the_rate_of_the_day(
    source: str, target: str, on: date | None, found: str | None
) -> None:
    """A rate holds in its own direction on its own day; one currency needs none."""
    rates = Rates.of(("EUR", "USD", "2026-11-20", "1.08"))

    exchange = exchanged(Decimal(5), source, target, on, rates)

    assert exchange == (None if found is None else Decimal(found))
    assert exchanged(Decimal(5), "EUR", "USD", on, None) is None


@given(
    moment=st.datetimes(
        min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - the zone is drawn apart
        max_value=datetime(2100, 1, 1),  # noqa: DTZ001 - the zone is drawn apart
        timezones=st.sampled_from(
            [UTC, timezone(timedelta(hours=5)), ZoneInfo("Europe/Prague"), ZoneInfo("UTC")]
        ),
    )
)
def test_a_moment_stays_the_same_moment(moment: datetime) -> None:
    """A moment is only moved to a zone in which moments compare."""
    found = as_instant(moment)

    assert found.timestamp() == moment.timestamp()
    assert type(found.tzinfo) is not ZoneInfo


def test_a_naive_moment_is_refused() -> None:
    """A moment without a zone is never taken for local time."""
    with pytest.raises(NaiveDatetimeError):
        as_instant(datetime(2026, 1, 1))  # noqa: DTZ001 - the mistake that is tested


@pytest.mark.parametrize(
    ("value", "digits", "places"),
    [
        ("0", 1, 0),
        ("0.00", 2, 2),
        ("0.10", 2, 2),
        ("12.5", 3, 1),
        ("-12.5", 3, 1),
        ("1E+2", 3, 0),
        ("1E-3", 3, 3),
    ],
)
def test_a_constant_has_its_own_digits(value: str, digits: int, places: int) -> None:
    """The narrowest type that holds a decimal counts what is written."""
    found = decimal_of(Decimal(value))

    assert (found.digits, found.places) == (digits, places)


@pytest.fixture
def hostile_context() -> Iterator[None]:
    """Let the host round everything up to three digits and forbid inexact results."""
    kept, kept_default = getcontext(), DefaultContext.prec
    DefaultContext.prec = 3
    setcontext(Context(prec=3, rounding=ROUND_UP, Emax=5, Emin=-5))
    yield
    setcontext(kept)
    DefaultContext.prec = kept_default


@pytest.mark.usefixtures("hostile_context")
@pytest.mark.parametrize("generated", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        "fee + '0.01 USD' == '12345678901234.01 USD'",
        "fee - '0.01 USD' == '12345678901233.99 USD'",
        "fee * 0.1 == '1234567890123.4 USD'",
        "-fee == '-12345678901234 USD'",
        "round(fee * 0.333, 2, 'down') == '4111111074110.92 USD'",
        "prorate(fee, 1, 3, 4, 'half_up') == '4115226300411.3333 USD'",
        "max(fee, '1 USD') > '12345678901233.9999 USD'",
    ],
)
def test_a_host_context_does_not_matter(text: str, *, generated: bool) -> None:
    """However a host computes with decimals, an expression has one answer."""
    record = Deal.model_validate({"id": "d", "fee": "12345678901234 USD"})
    call = record, None, Actor("p", role="partner"), None, datetime(2026, 1, 1, tzinfo=UTC), None

    assert compile_condition(text, SCOPE, generated=generated).verdict(*call).value == "met"
