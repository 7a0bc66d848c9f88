"""Check that the terms of one amount fit together, before any model is known.

This module does not know which activity earns the amount.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from cosell.errors import Problem
from cosell.money import Money

if TYPE_CHECKING:
    from cosell.definition.fee_terms import AmountTerms, Each, OwnRate, Pricing

__all__ = ["problems_in_amount"]

_ONE_OF: Final = "an amount is one of a rate, a flat amount, bands, and rates by year"
#: What cannot be taken back in part: half of it is not what half of the base would earn.
_NOT_IN_PART: Final = ("floor", "cap", "period_cap")


def problems_in_amount(terms: AmountTerms, each: Each | None) -> Iterator[Problem]:
    """Yield everything in the terms of one amount that does not fit together.

    Args:
        terms: The amount.
        each: The list for each item of which it is earned, if there is one.

    Yields:
        Problems with their path from the amount.
    """
    yield from _in_kinds(terms, _ONE_OF)
    yield from _in_bands(terms)
    for index, row in enumerate(terms.own_rates):
        yield from (
            replace(found, path=f"own_rates[{index}].{found.path}".rstrip("."))
            for found in _in_row(row)
        )
    yield from _in_base(terms)
    yield from _in_years(terms, each)
    if each is not None and each.takes_back is not None:
        yield from _in_parts(terms)
    for path, amount in terms.bounds.items():
        yield from _in_bound(terms, path, amount)
    floor, cap = terms.floor, terms.cap
    if floor and cap and floor.currency == cap.currency and floor > cap:
        yield Problem("floor", f"the floor {floor} lies above the cap {cap}", "Exchange the two.")


def _in_kinds(terms: Pricing, said: str) -> Iterator[Problem]:
    if len(terms.kinds) != 1:
        yield Problem("", said, "Keep one.")


def _in_row(row: OwnRate) -> Iterator[Problem]:
    yield from _in_kinds(row, f"{_ONE_OF}, or `rate_from`")
    yield from _in_bands(row)
    if row.when is None and row.rate_from is None:
        yield Problem("", "it would replace the program's rate for every deal", "Give it `when`.")


def _in_base(terms: AmountTerms) -> Iterator[Problem]:
    ways = {kind for part in (terms, *terms.own_rates) for kind in part.kinds}
    if ways - {"flat"} and terms.base is None:
        yield Problem("", "a rate is of something", 'Name its base, as `base = "acv"`.')
    if ways != {"flat"}:
        return
    for path in ("base", "floor", "cap"):
        if getattr(terms, path) is not None:
            yield Problem(path, f"a flat amount has no {path}", "Remove it, or give a rate.")


def _in_years(terms: AmountTerms, each: Each | None) -> Iterator[Problem]:
    by_year = any(part.rates_by_year for part in (terms, *terms.own_rates))
    told = each is not None and (each.year is not None or each.years_from is not None)
    if by_year and not told:
        yield Problem(
            "rates_by_year",
            "nothing says which year it is",
            "Give the activity `each` with `year` or `years_from`.",
        )


def _in_parts(terms: AmountTerms) -> Iterator[Problem]:
    """Yield what makes a share no share: what is taken back is a plain part of the base."""
    used = [path for path in _NOT_IN_PART if getattr(terms, path) is not None]
    used += [
        kind
        for part in (terms, *terms.own_rates)
        for kind in part.kinds
        if kind in {"flat", "bands"}
    ]
    for path in dict.fromkeys(used):
        yield Problem(
            path,
            f"a part of it cannot be taken back where there is `{path}`",
            "Remove it, or `takes_back`.",
        )


def _in_bands(terms: Pricing) -> Iterator[Problem]:
    if "bands_apply" in terms.model_fields_set and not terms.bands:
        yield Problem("bands_apply", "there are no bands", "Remove it, or add bands.")
    last = len(terms.bands) - 1
    for index, band in enumerate(terms.bands):
        if band.up_to is None and index < last:
            yield Problem(f"bands[{index}]", "only the last band is open", "Give it `up_to`.")
        if band.up_to is not None and index == last:
            yield Problem(
                f"bands[{index}].up_to",
                "the last band is open: what lies above it would earn nothing",
                "Remove `up_to`, or add a band; the most that is paid is `cap`.",
            )
    ends = [(index, band.up_to) for index, band in enumerate(terms.bands) if band.up_to]
    for (_, lower), (index, upper) in pairwise(ends):
        if lower.currency == upper.currency and upper <= lower:
            yield Problem(
                f"bands[{index}].up_to",
                f"the band ends at {upper}, and the one before it at {lower}",
                "Write bands in ascending order.",
            )


def _in_bound(terms: AmountTerms, path: str, amount: Money) -> Iterator[Problem]:
    if amount.amount <= 0:
        yield Problem(path, f"{amount} is not above zero", "Give an amount above zero.")
    if amount.currency != terms.currency:
        yield Problem(
            path,
            f"{amount} stands beside an amount in {terms.currency}",
            "Write all amounts of one activity in one currency.",
        )
    if amount.rounded() != amount:
        yield Problem(
            path,
            f"{amount} is finer than what {amount.currency} can be paid in",
            f"Write {amount.rounded()}.",
        )
