"""Share one referral fee among three partners, to the last cent.

A deal was sourced by one partner, co-sold by a second and delivered by a third. The parts always
add up to the whole: what is left after rounding down goes to the largest remainders.
"""

from __future__ import annotations

from cosell import Money

FEE = Money.parse("10000.01 USD")
SHARES = {"acme": 50, "borealis": 30, "cirrus": 20}

for partner, part in zip(SHARES, FEE.split(list(SHARES.values())), strict=True):
    print(f"{partner:<10}{part}")
