"""How much a fee is: exact to the smallest unit of its currency, with every step kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.definition.fee_terms import AmountTerms, Band
from cosell.fees import Computation, assess, bind_plan
from cosell.fees.amounts import compute, exact_text
from cosell.money import Money, Rates, minor_digits
from fee_samples import LATER, MANY, WON, a_deal, tiny_bound, tiny_plan

CURRENCIES = st.sampled_from(["USD", "JPY", "KWD"])
ON = date(2026, 6, 20)


def terms(**fields: Any) -> AmountTerms:
    return AmountTerms.model_validate({"base": "acv", **fields})


def bands(apply: str, *rows: tuple[str | None, str]) -> AmountTerms:
    """Return bands in dollars: how far each reaches, and its rate."""
    return terms(
        bands_apply=apply,
        bands=[
            {"rate": rate} if up_to is None else {"up_to": f"{up_to} USD", "rate": rate}
            for up_to, rate in rows
        ],
    )


def amount_of(given: AmountTerms, base: str) -> str:
    return str(compute(given, Money.parse(base)).amount)


@pytest.mark.parametrize(
    ("given", "base", "amount"),
    [
        pytest.param({"rate": "0.10"}, "120000 USD", "12000.00 USD", id="ten per cent"),
        pytest.param({"rate": "0.125"}, "0.20 USD", "0.03 USD", id="half a cent is rounded up"),
        pytest.param({"rate": "0.125"}, "0.04 USD", "0.01 USD", id="half up, not half even"),
        pytest.param({"rate": "0.10"}, "1234 JPY", "123 JPY", id="JPY has no minor unit"),
        pytest.param({"rate": "0.10"}, "1235 JPY", "124 JPY", id="half a yen is rounded up"),
        pytest.param({"rate": "0.10"}, "0.005 KWD", "0.001 KWD", id="KWD has three places"),
        pytest.param({"rate": "0.33333333"}, "100 KWD", "33.333 KWD", id="a third, in thousandths"),
        pytest.param({"rate": "1"}, "0.01 USD", "0.01 USD", id="all of it"),
        pytest.param({"rate": "0"}, "100 USD", "0.00 USD", id="nothing of it"),
        pytest.param({"rate": "0.10"}, "0 USD", "0.00 USD", id="of nothing"),
        pytest.param({"rate": "0.10", "cap": "500 USD"}, "5000 USD", "500.00 USD", id="at the cap"),
        pytest.param({"rate": "0.10", "cap": "500 USD"}, "5001 USD", "500.00 USD", id="over it"),
        pytest.param(
            {"rate": "0.10", "floor": "9 USD"}, "89.99 USD", "9.00 USD", id="below the floor"
        ),
        pytest.param(
            {"rate": "0.10", "floor": "9 USD"}, "90.10 USD", "9.01 USD", id="above the floor"
        ),
        pytest.param(
            {"rate": "0.10", "floor": "9 USD", "cap": "9 USD"},
            "1000 USD",
            "9.00 USD",
            id="floor and cap alike",
        ),
    ],
)
def test_a_rate_of_a_base(given: dict[str, Any], base: str, amount: str) -> None:
    """A rate of a base, within floor and cap, is rounded half up, once (BX-22)."""
    assert amount_of(terms(**given), base) == amount


TIERS = (("50000", "0.10"), ("150000", "0.12"), (None, "0.15"))


@pytest.mark.parametrize(
    ("base", "marginal", "whole"),
    [
        pytest.param("0 USD", "0.00 USD", "0.00 USD", id="nothing"),
        pytest.param("50000 USD", "5000.00 USD", "5000.00 USD", id="the end of the first band"),
        pytest.param("50000.01 USD", "5000.00 USD", "6000.00 USD", id="above means above"),
        pytest.param("150000 USD", "17000.00 USD", "18000.00 USD", id="the end of the second"),
        pytest.param("150000.01 USD", "17000.00 USD", "22500.00 USD", id="in the open one"),
        pytest.param("1000000 USD", "144500.00 USD", "150000.00 USD", id="far in the open one"),
    ],
)
def test_bands(base: str, marginal: str, whole: str) -> None:
    """Marginal bands rate the part inside each; whole ones rate all by the last (BX-22)."""
    assert amount_of(bands("marginal", *TIERS), base) == marginal
    assert amount_of(bands("whole", *TIERS), base) == whole


@pytest.mark.parametrize("apply", ["marginal", "whole"])
def test_a_single_band_is_a_rate(apply: str) -> None:
    """One open band gives what its rate gives."""
    assert amount_of(bands(apply, (None, "0.10")), "77.77 USD") == "7.78 USD"


def test_a_flat_amount_needs_no_base() -> None:
    """A flat fee is the same whatever the deal is worth, or when that is not known."""
    flat = AmountTerms.model_validate({"flat": "1500 USD"})

    assert str(compute(flat, None).amount) == "1500.00 USD"


RATES = Rates.of(("EUR", "USD", "2026-06-20", "1.08"), ("USD", "EUR", "2026-06-20", "0.93"))
CAPPED = {"rate": "0.10", "cap": "5000 USD"}


@pytest.mark.parametrize(
    ("base", "given", "problem", "remedy"),
    [
        pytest.param(None, {"rate": "0.1"}, "`acv` is not recorded", "Record `acv`.", id="no base"),
        pytest.param(
            "-1 USD",
            {"rate": "0.1"},
            "`acv` is below zero: -1.00 USD",
            "Correct `acv`.",
            id="a base below zero",
        ),
        pytest.param(
            "100 CZK",
            CAPPED,
            "there is no CZK→USD rate of 2026-06-20",
            "Give the CZK→USD rate of 2026-06-20.",
            id="BX-30 no rate of that day",
        ),
    ],
)
def test_an_amount_that_is_not_known(
    base: str | None, given: dict[str, Any], problem: str, remedy: str
) -> None:
    """Without what it is computed from there is no amount, and it is said what is lacking."""
    money = None if base is None else Money.parse(base)

    found = compute(terms(**given), money, rates=RATES, rates_on=ON)

    assert (found.amount, found.problem, found.remedy) == (None, problem, remedy)


def test_a_rate_needs_its_day_and_its_table() -> None:
    """Nothing is converted at today's rate, nor without rates (BX-30)."""
    euros = Money.parse("100 EUR")

    assert compute(terms(**CAPPED), euros, rates=RATES).problem == (
        "the day of the EUR→USD rate is not known"
    )
    assert compute(terms(**CAPPED), euros, rates_on=ON).problem == (
        "there is no EUR→USD rate of 2026-06-20"
    )


def test_an_amount_too_large_to_write_is_not_known() -> None:
    """Conversion cannot make an amount that no store could keep."""
    rates = Rates.of(("EUR", "USD", "2026-06-20", "9999"))
    capless = terms(rate="1", floor="1 USD")

    found = compute(capless, Money.parse("999999999999999 EUR"), rates=rates, rates_on=ON)

    assert found.problem == "the amount has more digits than an amount can have"


@pytest.mark.parametrize(
    ("given", "base", "steps"),
    [
        pytest.param(
            terms(rate="0.125", cap="1000 USD"),
            "10000.50 EUR",
            [
                "acv: 10000.50 EUR",
                "10000.50 EUR at 1.08 of 2026-06-20: 10800.54 USD",
                "12.5 % of 10800.54 USD: 1350.0675 USD",
                "the most that is paid: 1000.00 USD",
                "rounded half up: 1000.00 USD",
            ],
            id="converted, rated, capped",
        ),
        pytest.param(
            bands("marginal", *TIERS),
            "60000 USD",
            [
                "acv: 60000.00 USD",
                "10 % of 50000.00 USD (up to 50000): 5000.00 USD",
                "12 % of 10000.00 USD (above 50000 up to 150000): 1200.00 USD",
                "the bands together: 6200.00 USD",
                "rounded half up: 6200.00 USD",
            ],
            id="marginal bands",
        ),
        pytest.param(
            bands("whole", *TIERS),
            "200000 USD",
            [
                "acv: 200000.00 USD",
                "15 % of 200000.00 USD (above 150000): 30000.00 USD",
                "rounded half up: 30000.00 USD",
            ],
            id="whole bands",
        ),
        pytest.param(
            bands("whole", (None, "0.1")),
            "0.35 USD",
            [
                "acv: 0.35 USD",
                "10 % of 0.35 USD (whatever it is): 0.035 USD",
                "rounded half up: 0.04 USD",
            ],
            id="one open band",
        ),
        pytest.param(
            terms(rate="0.1", floor="5 USD"),
            "10 USD",
            [
                "acv: 10.00 USD",
                "10 % of 10.00 USD: 1.00 USD",
                "the least that is paid: 5.00 USD",
                "rounded half up: 5.00 USD",
            ],
            id="raised to the floor",
        ),
    ],
)
def test_every_step_is_kept(given: AmountTerms, base: str, steps: list[str]) -> None:
    """A finance person can follow an amount from its base to the last rounding."""
    found = compute(given, Money.parse(base), rates=RATES, rates_on=ON)

    assert [str(step) for step in found.steps] == steps


@pytest.mark.parametrize(
    ("rates_on", "amount"),
    [
        pytest.param(None, "1080.00 USD", id="by default the day it was won"),
        pytest.param("day(accepted_at, 'UTC')", "1100.00 USD", id="or the day that the plan names"),
    ],
)
def test_the_plan_names_the_day_of_the_rate(rates_on: str | None, amount: str) -> None:
    """Amounts are converted at the rate of a stated date, never at today's (BX-30)."""
    capped = tiny_plan('base = "acv"\nrate = 0.10\ncap = "5000 USD"')
    plan = bind_plan(capped.model_copy(update={"rates_on": rates_on}))
    rates = Rates.of(
        ("EUR", "USD", str(WON.date()), "1.08"),
        ("EUR", "USD", "2026-05-08", "1.10"),
        ("EUR", "USD", str(LATER.date()), "9"),
    )

    line = assess(plan, a_deal(acv="10000 EUR"), at=LATER, rates=rates).line("referral")

    assert str(line.amount) == amount


def test_a_base_can_be_an_expression() -> None:
    """The base is whatever money the plan names; its places are kept (BX-22)."""
    plan = tiny_bound('base = "acv * 0.3333"\nrate = 0.10')

    line = assess(plan, a_deal(acv="100.01 USD"), at=LATER).line("referral")

    assert str(line.computation.steps[0]) == "acv * 0.3333: 33.333333 USD"
    assert str(line.amount) == "3.33 USD"


# --- Laws -----------------------------------------------------------------------------------------

UNITS = st.integers(0, 10**12)
RATE = st.decimals(0, 1, places=4)


@st.composite
def drawn_bands(draw: st.DrawFn, currency: str) -> tuple[Band, ...]:
    """Draw bands in ascending order, the last one open."""
    ends = sorted(draw(st.sets(st.integers(1, 10**7), max_size=4)))
    unit = Decimal(1).scaleb(-minor_digits(currency))
    closed = [
        Band(up_to=Money(amount=end * unit, currency=currency), rate=draw(RATE)) for end in ends
    ]
    return (*closed, Band(rate=draw(RATE)))


@st.composite
def drawn_terms(draw: st.DrawFn) -> tuple[AmountTerms, str]:
    """Draw terms of any kind, and their currency."""
    currency = draw(CURRENCIES)
    bound = st.integers(1, 10**6).map(lambda units: f"{units} {currency}")
    fields: dict[str, Any] = {"base": "acv"}
    if draw(st.booleans()):
        fields["rate"] = draw(RATE)
    else:
        fields["bands"] = draw(drawn_bands(currency))
    if draw(st.booleans()):
        fields["floor"] = draw(bound)
    return AmountTerms.model_validate(fields), currency


def money(units: int, currency: str) -> Money:
    return Money(amount=Decimal(units).scaleb(-minor_digits(currency)), currency=currency)


def known(found: Computation) -> Money:
    assert found.amount is not None
    return found.amount


class TestAmounts:
    """Laws of every amount: BX-22, and the rules of ``cosell.fees.amounts``."""

    @given(drawn=drawn_terms(), units=UNITS)
    def test_an_amount_can_be_paid(self, drawn: tuple[AmountTerms, str], units: int) -> None:
        """It is a whole number of the smallest units of its currency, and not below zero."""
        given_terms, currency = drawn

        amount = known(compute(given_terms, money(units, currency)))

        assert amount.rounded() == amount
        assert -int(amount.amount.as_tuple().exponent) == minor_digits(currency)
        assert amount.amount >= 0
        assert amount.currency == currency

    @MANY
    @given(drawn=drawn_terms(), units=UNITS, more=UNITS)
    def test_raising_the_base_never_lowers_it(
        self, drawn: tuple[AmountTerms, str], units: int, more: int
    ) -> None:
        """A larger base never earns less, by rate or marginal bands, within floor and cap."""
        given_terms, currency = drawn

        less = known(compute(given_terms, money(units, currency)))

        assert known(compute(given_terms, money(units + more, currency))) >= less

    @given(drawn=drawn_terms(), units=UNITS)
    def test_the_steps_lead_to_the_amount(self, drawn: tuple[AmountTerms, str], units: int) -> None:
        """Rounding the last exact step half up gives the amount; bands give their sum."""
        given_terms, currency = drawn
        found = compute(given_terms, money(units, currency))
        exact, rounded = found.steps[-2:]
        parts = [step.amount for step in found.steps if step.kind == "band"]
        sums = [step.amount for step in found.steps if step.kind == "sum"]

        assert rounded.amount == known(found).amount
        assert abs(exact.amount - rounded.amount) * 2 <= Decimal(1).scaleb(-minor_digits(currency))
        assert sums in ([], [sum(parts, Decimal(0))])

    @MANY
    @given(currency=CURRENCIES, units=st.integers(-(10**12), 10**12), data=st.data())
    def test_splits_add_up(self, currency: str, units: int, data: st.DataObject) -> None:
        """The parts of an amount are the amount, for each currency's own unit (BX-23)."""
        shares = data.draw(st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any))
        whole = money(units, currency)

        parts = whole.split(shares)

        assert sum((part.amount for part in parts), Decimal(0)) == whole.amount
        assert all(part.rounded() == part for part in parts)

    @given(drawn=drawn_terms(), units=UNITS)
    def test_the_hosts_context_changes_nothing(
        self, drawn: tuple[AmountTerms, str], units: int
    ) -> None:
        """A host that computes with three digits gets the same amount."""
        given_terms, currency = drawn
        base = money(units, currency)
        found = compute(given_terms, base)

        with localcontext() as context:
            context.prec = 3
            again = compute(given_terms, base)
            said = [str(step) for step in again.steps]

        assert again == found
        assert said == [str(step) for step in found.steps]


@given(amount=st.decimals(-(10**9), 10**9, places=6), currency=CURRENCIES)
def test_an_exact_text_says_all_places(amount: Decimal, currency: str) -> None:
    """The text of an exact amount reads back as that amount, with the places of its currency."""
    text, _, unit = exact_text(amount, currency).partition(" ")

    assert (Decimal(text), unit) == (amount, currency)
    assert len(text.partition(".")[2]) >= minor_digits(currency)
