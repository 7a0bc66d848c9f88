"""A file of rates gives one rate for a day and direction, or says what is wrong with it."""

from __future__ import annotations

from datetime import date

import pytest

from cli_kit import Folder, folder
from cosell.cli.rates import read_rates

__all__ = ["folder"]

RATE = "EUR,USD,2026-11-20,1.08\n"


@pytest.mark.parametrize("command", ["review", "fees"])
def test_two_rates_for_one_day_are_refused_with_their_lines(folder: Folder, command: str) -> None:
    """Nobody knows which of two rates is meant (BX-30)."""
    text = f"source,target,on,rate\n{RATE}EUR,USD,2026-11-19,1.07\nEUR,USD,2026-11-20,1.09\n"
    rates = folder.write("rates.csv", text)
    plan = ["--plan", "make_example"] if command == "fees" else []

    code, _, err = folder.run("--rates", rates, *plan, command=command)

    assert code == 2
    assert "rates.csv:4: rate: EUR to USD on 2026-11-20 is 1.09 here, and 1.08 on line 2" in err


def test_a_rate_that_is_said_twice_counts_once(folder: Folder) -> None:
    """Files of rates that overlap are put together, and nothing about them is unclear."""
    rates = folder.write("rates.csv", f"source,target,on,rate\n{RATE}{RATE.replace('8', '80')}")

    assert len(read_rates(rates).rows) == 1


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param(
            "rates.json",
            '[{"source": "EUR", "target": "USD", "on": "2026-11-20", "rate": {"a": [1]}}]',
            "rates.json:1, record 1: rate: a table stands where one value is expected",
            id="a table is no rate",
        ),
        pytest.param(
            "rates.csv",
            "source,target,on,rate\nEUR,USD,1795165200,1.08\n",
            "rates.csv:2: on: `1795165200` is no date",
            id="seconds are no day",
        ),
        pytest.param(
            "rates.csv",
            "source,target,on,rate\nEUR,USD,2026-11-20,1_08\n",
            "rates.csv:2: rate: `1_08` is no number",
            id="a line parts no digits",
        ),
        pytest.param(
            "rates.csv",
            "source,target,on,rate\nEUR,USD,2026-11-20,0\n",
            "rates.csv:2: rate: it should be greater than 0",
            id="nothing is no rate",
        ),
        pytest.param(
            "rates.csv",
            "source,target,on,rate,why\nEUR,USD,2026-11-20,1.08,so\n",
            "rates.csv:2: why: there is no such field",
            id="a column that no rate has",
        ),
    ],
)
def test_what_is_no_rate_is_told(folder: Folder, name: str, text: str, said: str) -> None:
    """Whatever stands in a file of rates, what is wrong is told with its line."""
    code, _, err = folder.run("--rates", folder.write(name, text))

    assert code == 2
    assert said in " ".join(err.split())


def test_the_day_of_a_rate_may_have_an_hour(folder: Folder) -> None:
    """The day counts as it is written, in whatever zone."""
    text = "source,target,on,rate\nEUR,USD,2026-11-20T23:30:00-05:00,1.08\n"

    (rate,) = read_rates(folder.write("rates.csv", text)).rows

    assert rate.on == date(2026, 11, 20)
