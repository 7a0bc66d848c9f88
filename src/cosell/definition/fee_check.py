"""Check that the parts of a fee plan fit together, before any model is known.

What needs the record's model (paths, types of expressions) is checked by ``cosell.fees``; whether
a plan can ever pay, and where its bands step down, is ``cosell.verify``'s business.

This module does not know how a plan is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from cosell.errors import Problem
from cosell.money import Money

if TYPE_CHECKING:
    from cosell.definition.fee_plan import ActivityTerms, AmountTerms, FeeCriterion, FeePlan

__all__ = ["TRUTHS", "problems_in_fee_plan"]

#: The fields of a plan, and of each of its activities, that hold criteria.
TRUTHS: Final = ("eligible", "earns", "pays")
#: What expressions of every plan read as a parameter.
ELIGIBLE_ON: Final = "eligible_on"


def problems_in_fee_plan(plan: FeePlan) -> Iterator[Problem]:
    """Yield everything in ``plan`` that does not fit together.

    Args:
        plan: A plan whose fields have been validated one by one.

    Yields:
        Problems with their path; file and line are the loader's to add.
    """
    if not _is_zone(plan.zone):
        yield Problem(
            "zone",
            f"`{plan.zone}` is no time zone of this machine's zone database",
            "Write one such as `Europe/Prague`; without a database, install `tzdata`.",
        )
    if ELIGIBLE_ON in plan.parameters:
        yield Problem(
            f"parameters.{ELIGIBLE_ON}",
            f"every plan has `{ELIGIBLE_ON}` of its own",
            f"Write `{ELIGIBLE_ON}` at the top of the plan.",
        )
    yield from _twice((activity.id for activity in plan.activities), "activities", "activity")
    for truth in TRUTHS:
        yield from _twice(_ids(plan, truth), f"{truth}.criteria", "criterion")
    for path, criterion in _criteria(plan):
        if (criterion.details is None) is not (not criterion.names):
            yield Problem(
                path, "`details` and `names` go together", "Write both, or neither of them."
            )
    for index, activity in enumerate(plan.activities):
        yield from _in_activity(plan, activity, f"activities[{index}]")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (LookupError, OSError, ValueError):
        return False
    return True


def _criteria(plan: FeePlan) -> Iterator[tuple[str, FeeCriterion]]:
    """Yield every criterion of the plan and of its activities, with its path."""
    for truth in TRUTHS:
        for index, criterion in enumerate(getattr(plan, truth).criteria):
            yield f"{truth}.criteria[{index}]", criterion
    for number, activity in enumerate(plan.activities):
        for truth in TRUTHS:
            for index, criterion in enumerate(getattr(activity, truth)):
                yield f"activities[{number}].{truth}[{index}]", criterion


def _ids(plan: FeePlan, truth: str) -> list[str]:
    return [criterion.id for criterion in getattr(plan, truth).criteria]


def _in_activity(plan: FeePlan, activity: ActivityTerms, path: str) -> Iterator[Problem]:
    for truth in TRUTHS:
        shared = set(_ids(plan, truth))
        own = [criterion.id for criterion in getattr(activity, truth)]
        yield from _twice(own, f"{path}.{truth}", "criterion")
        for index, name in enumerate(own):
            if name in shared:
                yield Problem(
                    f"{path}.{truth}[{index}].id",
                    f"criterion `{name}` stands in the plan's `{truth}` too",
                    "Rename one of them.",
                )
    for found in problems_in_amount(activity.amount):
        where = f"{path}.amount.{found.path}" if found.path else f"{path}.amount"
        yield Problem(where, found.problem, found.remedy)


def problems_in_amount(terms: AmountTerms) -> Iterator[Problem]:
    """Yield everything in the terms of one amount that does not fit together."""
    yield from _in_kinds(terms)
    yield from _in_bands(terms)
    for path, amount in terms.bounds.items():
        yield from _in_bound(terms, path, amount)
    floor, cap = terms.floor, terms.cap
    if floor and cap and floor.currency == cap.currency and floor > cap:
        yield Problem("floor", f"the floor {floor} lies above the cap {cap}", "Exchange the two.")


def _in_kinds(terms: AmountTerms) -> Iterator[Problem]:
    kinds = [terms.rate is not None, terms.flat is not None, bool(terms.bands)]
    if sum(kinds) != 1:
        yield Problem("", "an amount is one of a rate, a flat amount, and bands", "Keep one.")
        return
    if terms.flat is None and terms.base is None:
        yield Problem("", "a rate is of something", 'Name its base, as `base = "acv"`.')
    if terms.flat is None:
        return
    for path in ("base", "floor", "cap"):
        if getattr(terms, path) is not None:
            yield Problem(path, f"a flat amount has no {path}", "Remove it, or give a rate.")


def _in_bands(terms: AmountTerms) -> Iterator[Problem]:
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


def _twice(names: Iterable[str], path: str, kind: str) -> Iterator[Problem]:
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(path, f"{kind} `{name}` is defined {count} times", "Rename one of them.")
