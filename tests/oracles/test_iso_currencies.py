"""The list of currencies held against two packages that have it from ISO 4217."""

from __future__ import annotations

from typing import Final

from cosell import money
from cosell.money import CURRENCIES, minor_digits
from oracle import oracle

iso4217 = oracle("iso4217")
pycountry = oracle("pycountry")

#: What nobody pays or keeps an amount in: metals, units of bond markets, tests, no currency.
NO_MONEY: Final = frozenset(["XAG", "XAU", "XPD", "XPT", "XBA", "XBB", "XBC", "XBD", "XTS", "XXX"])
IN_FORCE: Final = CURRENCIES - frozenset(money._WITHDRAWN.split())
#: By the list that the standard's own agency publishes; units of account have no minor unit there.
DIGITS: Final = {each.code: each.exponent for each in iso4217.Currency}


def test_the_codes_agree() -> None:
    """Every code in force is known, but those that are no money; none else is."""
    assert {each.alpha_3 for each in pycountry.currencies} - NO_MONEY == IN_FORCE
    assert DIGITS.keys() - NO_MONEY == IN_FORCE


def test_the_minor_units_agree() -> None:
    """Each currency is split as finely as the standard says."""
    theirs = {code: digits for code, digits in DIGITS.items() if digits is not None}

    assert {code: minor_digits(code) for code in theirs} == theirs


def test_withdrawn_codes_are_withdrawn() -> None:
    """What is kept for amounts of the past is in force no longer, and was a hundredth."""
    withdrawn = CURRENCIES - IN_FORCE

    assert withdrawn
    assert not withdrawn & DIGITS.keys()
    assert {minor_digits(code) for code in withdrawn} == {2}
