"""Terms of a fee plan that do not fit together, or not to the model."""

from __future__ import annotations

import pytest

from cosell.errors import DefinitionError, UnknownNameError
from cosell.fees import (
    EMPTY,
    assess,
)
from fee_plan_samples import (
    BY_YEAR,
    CLAWBACK,
    EACH,
    RATE,
    SPLIT,
    TAIL,
    a_plan,
    own_rate,
    payment,
    recurring,
    won_deal,
)
from fee_samples import LATER, usd


@pytest.mark.parametrize(
    ("amount", "end", "said"),
    [
        pytest.param(
            BY_YEAR,
            "",
            ["activities[0].amount.rates_by_year: nothing says which year it is"],
            id="rates by year without a year",
        ),
        pytest.param(
            RATE + own_rate("deal", "rate = 0.2"),
            "",
            [
                (
                    "activities[0].amount.own_rates[0]: it would replace the program's rate for"
                    " every deal"
                )
            ],
            id="an own rate for everybody",
        ),
        pytest.param(
            RATE + own_rate("deal", 'when = "is_oem"'),
            "",
            [
                (
                    "activities[0].amount.own_rates[0]: an amount is one of a rate, a flat amount,"
                    " bands, and rates by year, or `rate_from`"
                )
            ],
            id="an own rate without a rate",
        ),
        pytest.param(
            'base = "amount"\nrate = 0.1\ncap = "9 USD"',
            EACH,
            ["activities[0].amount.cap: a part of it cannot be taken back where there is `cap`"],
            id="a cap where parts are taken back",
        ),
        pytest.param(
            'flat = "9 USD"',
            EACH,
            ["activities[0].amount.flat: a part of it cannot be taken back where there is `flat`"],
            id="a flat amount where parts are taken back",
        ),
        pytest.param(
            'base = "amount"\nrate = 0.1',
            EACH + 'year = "1"\n',
            ["activities[0].each.year: the year is read from the item, or counted from a day"],
            id="two ways to tell a year",
        ),
        pytest.param(
            'base = "amount"\nrate = 0.1',
            EACH.replace("original", "# "),
            ["activities[0].each: `takes_back` and `original` go together"],
            id="what is taken back, and not of what",
        ),
        pytest.param(
            RATE,
            TAIL.replace("days = 43", ""),
            ["windows[0]: a window lasts months or days"],
            id="a window without a length",
        ),
        pytest.param(
            RATE,
            TAIL.replace('"tail"', '"won"', 1),
            ["windows[0].id: criterion `won` is defined already"],
            id="a window that is called as a criterion is",
        ),
        pytest.param(
            RATE,
            '\n[split]\nof = "fee_shares"\npayee = "partie"\n',
            ["split.payee: an item has no field `partie`"],
            id="a split by a field that is none",
        ),
        pytest.param(
            RATE,
            '\n[split]\nof = "fee_share"\n',
            ["split.of: there is no list `fee_share`"],
            id="a split by a list that is none",
        ),
        pytest.param(
            'base = "amount"\nrate = 0.1',
            EACH.replace('"payments"', '"paymnts"'),
            ["activities[0].each.of: there is no list `paymnts`"],
            id="occasions of a list that is none",
        ),
        pytest.param(
            'base = "amount"\nrate = 0.1',
            EACH.replace('at = "booked_at"', 'at = "amount"'),
            ["activities[0].each.at: an instant is needed here, and this is money"],
            id="a moment that is an amount",
        ),
        pytest.param(
            RATE,
            TAIL.replace('of = "won_at"', 'of = "acv"').replace('"is_oem"', '"nobody"'),
            [
                "windows[0].when: there is no field `nobody`",
                "windows[0].of: an instant is needed here, and this is money",
            ],
            id="a window over amounts, asked about where nobody knows",
        ),
        pytest.param(
            RATE,
            CLAWBACK.replace('since = "closed_at"', 'since = "acv"'),
            ["clawback.since: an instant is needed here, and this is money"],
            id="a clawback since an amount",
        ),
    ],
)
def test_terms_that_do_not_fit_are_named(amount: str, end: str, said: list[str]) -> None:
    """Everything wrong with a plan is said by its path, with a line of the file."""
    with pytest.raises(DefinitionError) as caught:
        a_plan(amount, end=end)
    problems = caught.value.problems
    assert [f"{found.path}: {found.problem}" for found in problems] == said
    assert all(found.line for found in problems)


def test_a_split_and_a_payee_exclude_each_other() -> None:
    """A plan that says twice who gets the fee is refused."""
    with pytest.raises(DefinitionError, match="a split says who gets the fee"):
        a_plan(top='payee = "partner.id"\n', end=SPLIT)


def test_an_unknown_line_is_named() -> None:
    """Asking for a line that is not there says which there are."""
    assessment = assess(recurring(), won_deal(payments=(payment("p-1", "2026-08-01"),)), at=LATER)
    with pytest.raises(UnknownNameError, match="there is no occasion `p-2`"):
        assessment.line("referral", occasion="p-2")
    assert assessment.line("referral", occasion="p-1", payee="acme").amount == usd(200)
    assert EMPTY.find_fee("x") is None
