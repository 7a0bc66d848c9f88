"""Amounts: exact, in one currency, split to the last minor unit."""

from __future__ import annotations

from datetime import date
from decimal import Context, Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cosell._base import Model, validated
from cosell.errors import InvalidDataError
from cosell.money import (
    AmountTooLargeError,
    CurrencyMismatchError,
    ExchangeRate,
    Money,
    Rates,
    minor_digits,
    total_of,
)
from fee_samples import MANY

DAY = date(2026, 11, 20)


class Worth(Model, frozen=True):
    """Something that is worth an amount, or may not be worth anything."""

    worth: Money | None = None


amounts = st.decimals(-(10**14), 10**14, places=4, allow_nan=False).map(
    lambda amount: Money(amount=amount, currency="USD")
)
currencies = st.sampled_from(["USD", "JPY", "KWD", "CLF"])
shares = st.lists(
    st.integers(0, 10**9) | st.decimals(0, 10**6, places=6), min_size=1, max_size=8
).filter(any)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("50000 USD", "50000.00 USD"),
        ("50000.01 USD", "50000.01 USD"),
        ("0.0001 USD", "0.0001 USD"),
        ("-5 JPY", "-5 JPY"),
        ("5 KWD", "5.000 KWD"),
        ("1E+3 USD", "1000.00 USD"),
    ],
)
def test_money_is_written_with_its_minor_digits(text: str, written: str) -> None:
    """At least the minor unit's places are shown, never an exponent."""
    assert str(Money.parse(text)) == written
    assert Money.parse(written) == Money.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        *("50000", "USD", "", "5 usd", "5  USD", "NaN USD", "1e999999999 USD", "0.00001 USD"),
        *("5 USD ", "\ud800 USD", "1 \ud800", "1\x00 USD", "9" * 9_999 + " USD", "sNaN USD"),
    ],
)
def test_what_is_no_money_is_refused(text: str) -> None:
    """Money is an amount, one space and a currency, within bounds; cosell says so itself."""
    with pytest.raises(InvalidDataError) as caught:
        Money.parse(text)
    said = str(caught.value)
    assert said.startswith("the amount has 1 problem:\n")
    assert "pydantic" not in said
    assert "Decimal" not in said


@pytest.mark.parametrize("value", [None, 5, b"1 USD", ["1 USD"]])
def test_what_is_no_text_is_no_money(value: Any) -> None:
    """How an amount is written is told to whom gives something else."""
    with pytest.raises(InvalidDataError, match="an amount with its currency, as 50000 USD"):
        Money.parse(value)


@pytest.mark.parametrize("value", [5, Decimal("5.5"), "fifty", "5", "about 5000", True])
def test_how_money_is_written_is_told_once(value: object) -> None:
    """Who gives an amount without its currency is told how to write both."""
    with pytest.raises(InvalidDataError) as caught:
        validated(Worth, {"worth": value}, "row")

    (problem,) = caught.value.problems
    assert (problem.path, problem.remedy) == ("worth", f"Given was `{value}`.")
    assert problem.problem == "it should be an amount with its currency, as 50000 USD"


def test_above_means_above() -> None:
    """50,000.00 is not above 50,000, and 50,000.01 is."""
    limit = Money.parse("50000 USD")

    assert not Money.parse("50000.00 USD") > limit
    assert Money.parse("50000.01 USD") > limit
    assert Money.parse("50000.00 USD") >= limit
    assert Money.parse("50000.00 USD") <= limit
    assert Money.parse("49999.9999 USD") < limit


@pytest.mark.parametrize(
    "together",
    [
        lambda a, b: a < b,
        lambda a, b: a <= b,
        lambda a, b: a > b,
        lambda a, b: a >= b,
        lambda a, b: a + b,
        lambda a, b: a - b,
    ],
    ids=["<", "<=", ">", ">=", "+", "-"],
)
class TestTwoCurrencies:
    """Amounts of different currencies are never put together without a rate."""

    def test_another_currency_is_refused(self, together) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a lambda
        """The error names both."""
        with pytest.raises(CurrencyMismatchError) as caught:
            together(Money.parse("1 EUR"), Money.parse("1 USD"))

        assert (caught.value.left, caught.value.right) == ("EUR", "USD")

    def test_a_number_is_refused(self, together) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a lambda
        """A bare number has no currency."""
        with pytest.raises(TypeError, match="money only"):
            together(Money.parse("1 EUR"), 1)


def test_equality_asks_for_the_currency() -> None:
    """1 EUR is not 1 USD, and 1.0 EUR is 1.00 EUR."""
    assert Money.parse("1 EUR") != Money.parse("1 USD")
    assert Money.parse("1.0 EUR") == Money.parse("1.00 EUR")
    assert hash(Money.parse("1.0 EUR")) == hash(Money.parse("1.00 EUR"))


@pytest.mark.parametrize(
    ("text", "rounded"),
    [
        ("0.005 USD", "0.01 USD"),
        ("0.0049 USD", "0.00 USD"),
        ("-0.005 USD", "-0.01 USD"),
        ("0.125 USD", "0.13 USD"),
        ("0.5 JPY", "1 JPY"),
        ("1.0005 KWD", "1.001 KWD"),
    ],
)
def test_rounding_is_half_up(text: str, rounded: str) -> None:
    """Half a minor unit goes away from zero, whatever the currency's minor unit is."""
    assert str(Money.parse(text).rounded()) == rounded


@given(amounts, amounts)
def test_adding_and_subtracting_are_exact(a: Money, b: Money) -> None:
    """What is added can be subtracted again without a trace."""
    assert a + b - b == a
    assert a + b == b + a
    assert a + (-a) == Money.parse("0 USD")


def test_a_sum_beyond_all_amounts_is_an_error_of_ours() -> None:
    """Adding the largest amounts gives an error that says so."""
    largest = Money.parse("999999999999999.9999 USD")

    with pytest.raises(AmountTooLargeError):
        largest + largest
    with pytest.raises(AmountTooLargeError):
        -largest - largest


class TestSplit:
    """Parts add up to the whole (BX-23)."""

    @MANY
    @given(amounts, currencies, shares)
    def test_the_parts_add_up(self, money: Money, currency: str, weights: list[Decimal]) -> None:
        """Whatever the shares, the parts make the rounded whole, each in whole minor units."""
        whole = Money(amount=money.amount, currency=currency)
        parts = whole.split(weights)

        assert total_of(parts) == {currency: whole.rounded()}
        assert all(part == part.rounded() for part in parts)

    @given(amounts, shares)
    def test_each_part_is_within_one_unit_of_its_share(
        self, money: Money, weights: list[Decimal]
    ) -> None:
        """Nobody gets a cent more or less than the share comes to, rounded up or down."""
        cents = money.rounded().amount.scaleb(2)
        total = sum(map(Decimal, weights))
        with localcontext(Context(prec=76)):
            for part, weight in zip(money.split(weights), weights, strict=True):
                assert abs(part.amount.scaleb(2) - cents * weight / total) < 1

    @given(amounts, shares)
    def test_the_hosts_context_changes_nothing(self, money: Money, weights: list[Decimal]) -> None:
        """A host may have set any precision for its thread."""
        parts = money.split(weights)
        with localcontext(Context(prec=3)):
            assert money.split(weights) == parts
            assert money.rounded() + money == money + money.rounded()

    @pytest.mark.parametrize(
        ("weights", "parts"),
        [
            ([50, 30, 20], ["5000.01 USD", "3000.00 USD", "2000.00 USD"]),
            ([1, 1, 1], ["3333.34 USD", "3333.34 USD", "3333.33 USD"]),
            ([0, 1], ["0.00 USD", "10000.01 USD"]),
            ([Decimal("0.1"), Decimal("0.9")], ["1000.00 USD", "9000.01 USD"]),
            ([Decimal("1E+2"), 100], ["5000.01 USD", "5000.00 USD"]),
        ],
    )
    def test_what_is_left_goes_to_the_largest_remainders(
        self, weights: list[Decimal], parts: list[str]
    ) -> None:
        """First come, first served among equals."""
        assert [str(part) for part in Money.parse("10000.01 USD").split(weights)] == parts

    @pytest.mark.parametrize(
        "weights",
        [[], [0, 0], [-1, 2], [Decimal("NaN")], [Decimal("Infinity"), 1], [0.5, 0.5], ["1"]],
        ids=repr,
    )
    def test_shares_that_are_none_are_refused(self, weights: list[Decimal]) -> None:
        """Shares are decimals or whole numbers, not negative, and one is positive."""
        with pytest.raises(ValueError, match="split"):
            Money.parse("1 USD").split(weights)


class TestRates:
    """Exactly the direction and the day asked for, or nothing."""

    RATES = Rates.of(("EUR", "USD", "2026-11-20", "1.08"))

    def test_the_rate_of_the_day(self) -> None:
        """The rate is found for its day and direction alone."""
        assert self.RATES.find("EUR", "USD", on=DAY) == Decimal("1.08")
        assert self.RATES.find("USD", "EUR", on=DAY) is None
        assert self.RATES.find("EUR", "USD", on=date(2026, 11, 21)) is None

    def test_a_changed_copy_finds_its_own(self) -> None:
        """What was looked up before a copy was made is not kept in the copy."""
        assert self.RATES.find("EUR", "USD", on=DAY)
        other = self.RATES.model_copy(update={"rows": ()})

        assert other.find("EUR", "USD", on=DAY) is None

    def test_two_rates_for_one_day_are_refused(self) -> None:
        """Nobody could say which of them holds."""
        row = ExchangeRate(source="EUR", target="USD", on=DAY, rate=Decimal("1.08"))

        with pytest.raises(ValidationError, match="two rates"):
            Rates(rows=(row, row.model_copy(update={"rate": Decimal("1.09")})))

    @pytest.mark.parametrize("rate", ["0", "-1", "NaN", "1.123456789"])
    def test_a_rate_is_positive_and_bounded(self, rate: str) -> None:
        """A rate of nothing converts nothing."""
        with pytest.raises(InvalidDataError, match=r"rows\.0\.rate"):
            Rates.of(("EUR", "USD", "2026-11-20", rate))

    @pytest.mark.parametrize("row", ["EUR", ("EUR", "USD"), None, 5, ("EUR", "USD", "d", "1", "x")])
    def test_a_row_has_four_parts(self, row: Any) -> None:
        """Every row that has not is named."""
        good = ("EUR", "USD", "2026-11-20", "1.08")
        with pytest.raises(InvalidDataError) as caught:
            Rates.of(row, good, row)
        assert [each.path for each in caught.value.problems] == ["rows.0", "rows.2"]

    def test_everything_wrong_with_rows_is_told_at_once(self) -> None:
        """Each part that is wrong is named by its row; two rates for one day, as a whole."""
        with pytest.raises(InvalidDataError) as caught:
            Rates.of(("eur", "USD", "20.11.2026", "1.08"))
        assert [each.path for each in caught.value.problems] == ["rows.0.source", "rows.0.on"]
        row = ("EUR", "USD", "2026-11-20", "1.08")
        with pytest.raises(InvalidDataError, match="two rates"):
            Rates.of(row, row)


def test_totals_are_by_currency() -> None:
    """Amounts are added up for each currency on its own."""
    amounts = [Money.parse(text) for text in ("1 EUR", "2 USD", "3 EUR")]

    assert total_of(amounts) == {"EUR": Money.parse("4 EUR"), "USD": Money.parse("2 USD")}
    assert total_of([]) == {}


def test_minor_digits_are_those_of_the_standard() -> None:
    """ISO 4217 knows currencies with none, two, three and four places."""
    assert [minor_digits(code) for code in ("JPY", "EUR", "KWD", "CLF")] == [0, 2, 3, 4]
