"""Conditions that never hold together are found, and nothing else is called so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.errors import ExpressionError
from cosell.findings import Verdict
from cosell.rules import check, compile_condition, never_together, parse
from rules.expressions import PARAMETERS, SCOPE, calls, condition


def contradict(*texts: str) -> bool:
    """Whether conditions surely never hold together."""
    return never_together([[[(parse(text), True)]] for text in texts], PARAMETERS)


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["1 > 2"], id="a constant"),
        pytest.param(["2 != 2.0"], id="a number that is not itself"),
        pytest.param(["2 * 3 > 7 - 1"], id="a product and a difference"),
        pytest.param(["not True"], id="a truth that is written out"),
        pytest.param(["strict and not strict"], id="a parameter and its contrary"),
        pytest.param(["'gold' == 'silver'"], id="two texts"),
        pytest.param(["'gold' in {'silver', 'bronze'}"], id="a text that is not listed"),
        pytest.param(["won == strict and won != strict"], id="a truth beside a parameter"),
        pytest.param(["recorded(won_at) and not recorded(won_at)"], id="a term and its contrary"),
        pytest.param(["won", "not won"], id="two conditions, one the contrary of the other"),
        pytest.param(["won == True and won != True"], id="a truth compared with its contrary"),
        pytest.param(
            ["any(p.active for p in people) and not any(p.active for p in people)"], id="a list"
        ),
        pytest.param(["acv > '5 USD' and acv < '3 USD'"], id="amounts of one currency"),
        pytest.param(["acv > above", "acv <= '50000.00 USD'"], id="a bound and a parameter"),
        pytest.param(["'5 USD' < acv < '5 USD'"], id="a chain"),
        pytest.param(["users >= 5 and users < 5"], id="numbers, one bound open"),
        pytest.param(["score * 2 > 3.5", "score * 2 < 3.5"], id="what is worked out alike"),
        pytest.param(
            ["users >= 5 and users <= 5 and users != 5"], id="the one value left is excluded"
        ),
        pytest.param(["users == 5 and users > 5"], id="a value outside its bounds"),
        pytest.param(["users == 5 and 5 > users"], id="the same, turned"),
        pytest.param(["signed_on > date('2026-11-20') and signed_on < start_on"], id="days"),
        pytest.param(
            ["won_at > start_at and won_at < instant('2026-11-20T11:00:00+01:00')"], id="moments"
        ),
        pytest.param(
            ["won_at - created_at > hours(wait)", "won_at - created_at < minutes(5)"], id="spans"
        ),
        pytest.param(["owner == 'Ada' and owner == 'Bo'"], id="two texts for one field"),
        pytest.param(["region in {'emea', 'apac'}", "region in {'amer'}"], id="disjoint lists"),
        pytest.param(["users in sizes and users not in {1, 50, 51}"], id="a list and its contrary"),
        pytest.param(["users in {1, 2} and users > 2"], id="a list below a bound"),
        pytest.param(["users in {1, 2}", "users != 1", "users != 2"], id="all of a list excluded"),
        pytest.param(["owner == 'Ada' and not recorded(owner)"], id="a value that is missing"),
        pytest.param(
            ["contact.age > 5 and not recorded(contact)"], id="in a group that is missing"
        ),
        pytest.param(["won and not recorded(won)"], id="a truth that is missing"),
        pytest.param(["(users > 5 or users > 7) and users < 3"], id="every way of an or"),
        pytest.param(["not (users <= 5 or users < 7) and users < 3"], id="the contrary of an or"),
        pytest.param(["(users > 5 if won else users > 7) and users < 3"], id="every way of an if"),
        pytest.param(
            ["users < months and users >= months"], id="two fields, one way and the other"
        ),
        pytest.param(["users != users"], id="a field that is not itself"),
        pytest.param(["not not (users > 5) and users < 3"], id="a double not"),
        pytest.param(["-users > 5 and -users < -5"], id="a sign"),
    ],
)
def test_what_never_holds_is_found(texts: list[str]) -> None:
    """Rule 2 of ``cosell.rules.contradiction``; and no record of many makes it true."""
    assert contradict(*texts)
    require_no_wolf(texts, 7)


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["2 > 1"], id="a constant that holds"),
        pytest.param(["users > 5 or users < 3"], id="one way is enough"),
        pytest.param(["users >= 5 and users <= 5"], id="one value is left"),
        pytest.param(["acv > '5 USD' and acv < '3 EUR'"], id="another currency, by its rate"),
        pytest.param(["acv == '5 USD' and acv == '4.5 EUR'"], id="one amount in two currencies"),
        pytest.param(["'50000 USD' == above"], id="one amount, written twice"),
        pytest.param(
            ["owner == '5 USD' and owner != '5.00 USD'"], id="a text that looks like money"
        ),
        pytest.param(
            ["min(acv, '9 USD') > '5 EUR'", "'5 EUR' > min(acv, '9 USD')"],
            id="rates of two directions",
        ),
        pytest.param(["not won"], id="a truth"),
        pytest.param(["default(won, True) and not won"], id="a function that gives a truth"),
        pytest.param(["users > 5 and users in unknown_list"], id="a list that nobody knows"),
        pytest.param(["'Ada' < 'Bo'"], id="texts have no order: binding refuses it"),
        pytest.param(["not strict"], id="a switch"),
        pytest.param(["level_name in {'silver', 'bronze'}"], id="a switch of several"),
        pytest.param(["seats > 60"], id="a switch of numbers"),
        pytest.param(["strict == False"], id="a switch that is compared"),
        pytest.param(["users > 5 and months < 3"], id="two fields"),
        pytest.param(["users in {1, 2} and users in {2, 3}"], id="lists with a common value"),
        pytest.param(["not recorded(acv) and recorded(tcv)"], id="one is missing, one is not"),
        pytest.param(
            ["not recorded(contact.name) and contact.age > 5"], id="beside what is missing"
        ),
        pytest.param(["won if hot else not won"], id="an if"),
        pytest.param(["users > 1 and users < 2"], id="between whole numbers: not found"),
        pytest.param(["users < months and months < users"], id="in another order: not found"),
        pytest.param(["users + 1 > 5 and users < 3"], id="sums are not solved: not found"),
    ],
)
def test_what_may_hold_is_not(texts: list[str]) -> None:
    """Nothing is said where something may hold, nor of what rule 3 leaves out."""
    assert not contradict(*texts)


def test_too_many_ways_are_left() -> None:
    """Beyond the bound nothing is said, and it takes no time."""
    few = [f"contact.age > {number} or buyer.age > {number}" for number in range(4)]
    many = [f"contact.age > {number} or buyer.age > {number}" for number in range(16)]
    both = ["users > 5", "users < 3 or users < 2"]

    assert contradict(*both, *few)
    assert not contradict(*both, *many)


def test_numbers_that_nobody_can_work_out_are_left() -> None:
    """A product of more digits than anything may have is no constant."""
    nines = "9" * 500

    assert not contradict(f"{nines} * {nines} < 1")


def require_no_wolf(texts: list[str], seed: int) -> None:
    """Require that no record meets all of what is called a contradiction."""
    if not (all(is_typed(text) for text in texts) and contradict(*texts)):
        return
    compiled = [compile_condition(text, SCOPE, generated=False) for text in texts]
    for call in calls(seed, 60, missing=0.15):
        assert {each.verdict(*call.given) for each in compiled} != {Verdict.MET}, texts


def is_typed(text: str) -> bool:
    """Whether an expression fits the drawn world."""
    try:
        check(text, SCOPE)
    except ExpressionError:
        return False
    return True


class TestNoWolf:
    """Rule 1: what is called a contradiction holds for no record."""

    @given(
        seeds=st.lists(st.integers(0, 10**6), min_size=1, max_size=4), seed=st.integers(0, 10**6)
    )
    def test_of_any_conditions(self, seeds: list[int], seed: int) -> None:
        """Drawn conditions of every node, with drawn records, facts, rates and moments."""
        require_no_wolf([condition(each) for each in seeds], seed)

    @given(
        texts=st.lists(
            st.builds(
                "{} {} {}".format,
                st.sampled_from(["users", "users + 1", "weight", "seats", "2"]),
                st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
                st.sampled_from(["1", "2", "50", "51", "users", "months", "seats - 48"]),
            )
            | st.builds(
                "{} {} {}".format,
                st.sampled_from(["acv", "fee", "min(acv, '100 EUR')", "'100 USD'"]),
                st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
                st.sampled_from(["'50000 USD'", "'100 EUR'", "'100.00 USD'", "tcv", "fee"]),
            )
            | st.sampled_from(
                [
                    *("won", "not won", "recorded(won)", "not recorded(acv)", "won == False"),
                    *("region in {'emea', 'x'}", "region not in {'emea'}", "region == 'emea'"),
                    *("users in sizes", "users not in {1, 50}", "users in {51}", "hot"),
                    *("won if hot else not won", "not (won or hot)", "users < 2 or won"),
                    *("signed_on > start_on", "signed_on <= date('2026-11-20')", "strict"),
                ]
            ),
            min_size=1,
            max_size=5,
        ),
        seed=st.integers(0, 10**6),
    )
    def test_of_narrow_conditions(self, texts: list[str], seed: int) -> None:
        """Conditions on few fields, of which many exclude each other."""
        require_no_wolf(texts, seed)
