"""Money in expressions is in a currency that somebody knows: in any other, nothing is known."""

from __future__ import annotations

from typing import Any, Final

import pytest

from cosell.definition import parse_fee_plan, parse_process
from cosell.engine import bind
from cosell.errors import DefinitionError, ExpressionError
from cosell.fees import bind_plan
from cosell.models import Opportunity
from cosell.money import Money
from cosell.rules.check import check
from cosell.rules.scope import Scope
from fee_samples import TENTH
from fee_samples import TINY as PLAN
from process_samples import TINY

ABOVE: Final = """
[[gates.large.criteria]]
id = "large"
need = "acv > above"
remedy = "Sell more."
[parameters]
above = "{above}"
"""


@pytest.mark.parametrize(
    "above",
    [pytest.param("5 ZZZ", id="a text"), pytest.param(Money.parse("5 ZZZ"), id="money itself")],
)
def test_a_parameter_in_a_currency_that_nobody_knows_is_refused(above: Any) -> None:
    """It is told where an expression takes the parameter as money."""
    with pytest.raises(ExpressionError, match="`ZZZ` is no currency of ISO 4217"):
        check("acv > above", Scope(Opportunity, parameters={"above": above}))


@pytest.mark.parametrize("code", ["USD", "CZK", "PTS", "HRK"])
def test_known_currencies_and_the_host_s_own_are_read(code: str) -> None:
    """Those of ISO 4217, the withdrawn ones among them, and those that the scope adds."""
    scope = Scope(Opportunity, parameters={"above": f"5 {code}"}, currencies=frozenset({"PTS"}))

    assert str(check("acv > above", scope).type) == "a condition"
    assert str(check(f"acv > '1 {code}'", scope).type) == "a condition"


def test_a_text_that_is_not_meant_as_money_stays_one() -> None:
    """A text beside a text is a text, whatever it looks like."""
    scope = Scope(Opportunity, parameters={"size": "10 BIG"})

    assert str(check("id == size or id == '5 ZZZ'", scope).type) == "a condition"


def test_a_process_is_refused_at_the_criterion() -> None:
    """Binding names the place, and the currency that is meant."""
    process = parse_process(TINY + ABOVE.format(above="5000 UDS"))

    with pytest.raises(DefinitionError) as caught:
        bind(process, record=Opportunity)

    (problem,) = caught.value.problems
    assert problem.path == "gates.large.criteria[0].need"
    assert (problem.problem, problem.remedy) == (
        "`UDS` is no currency of ISO 4217",
        "Did you mean `USD`?",
    )
    assert bind(parse_process(TINY + ABOVE.format(above="5000 USD")), record=Opportunity)


def _plan(own: str) -> str:
    text = PLAN.format(zone="UTC", hold_days=0, amount=TENTH)
    when = text.replace("recorded(won_at)", "recorded(won_at) and acv > '5 PTS'", 1)
    return when.replace("zone", f"{own}\nzone", 1)


def test_a_fee_plan_reads_money_in_its_own_currencies() -> None:
    """What the plan lists is known to its expressions too; else it is refused."""
    assert bind_plan(parse_fee_plan(_plan('currencies = ["PTS"]')))
    with pytest.raises(DefinitionError, match="`PTS` is no currency of ISO 4217"):
        bind_plan(parse_fee_plan(_plan("")))
