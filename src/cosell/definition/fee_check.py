"""Check that the parts of a fee plan fit together, before any model is known.

What needs the record's model (paths, types of expressions) is checked by ``cosell.fees``; whether
a plan can ever pay, and where its bands step down, is ``cosell.verify``'s business.

This module does not know how a plan is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cosell.calendars.zones import knows_zone, unknown_zone
from cosell.definition.fee_amount_check import problems_in_amount
from cosell.definition.known import Resting, twice
from cosell.errors import Problem
from cosell.money import unknown_currency as not_of_iso

if TYPE_CHECKING:
    from cosell.definition.fee_plan import FeePlan
    from cosell.definition.fee_terms import ActivityTerms, Each, FeeCriterion, Window

__all__ = ["TRUTHS", "problems_in_fee_plan", "unknown_currency"]

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
    if not knows_zone(plan.zone):
        yield Problem("zone", *unknown_zone(plan.zone))
    if ELIGIBLE_ON in plan.parameters:
        yield Problem(
            f"parameters.{ELIGIBLE_ON}",
            f"every plan has `{ELIGIBLE_ON}` of its own",
            f"Write `{ELIGIBLE_ON}` at the top of the plan.",
        )
    yield from twice(plan.activities, "activities", "activity")
    for truth in TRUTHS:
        criteria = getattr(plan, truth).criteria
        yield from _twice(truth, criteria, f"{truth}.criteria", plan.windows, "windows")
    yield from _in_currencies(plan)
    yield from _in_windows(plan.windows, "windows")
    if plan.split is not None and "payee" in plan.model_fields_set:
        yield Problem("payee", "a split says who gets the fee", "Remove one of the two.")
    for path, criterion in _criteria(plan):
        if (criterion.details is None) is not (not criterion.names):
            yield Problem(
                path, "`details` and `names` go together", "Write both, or neither of them."
            )
    for index, activity in enumerate(plan.activities):
        yield from _in_activity(plan, activity, f"activities[{index}]")


def _in_currencies(plan: FeePlan) -> Iterator[Problem]:
    """Yield each amount in a currency that nobody knows: a typo would have a balance of its own."""
    threshold = plan.period.threshold
    amounts = {} if threshold is None else {"period.threshold": threshold}
    for index, activity in enumerate(plan.activities):
        for path, amount in activity.amount.bounds.items():
            amounts[f"activities[{index}].amount.{path}"] = amount
    for path, amount in amounts.items():
        if not plan.knows(amount.currency):
            yield Resting(path, *unknown_currency(amount.currency), on=("currencies",))


def unknown_currency(code: str) -> tuple[str, str]:
    """Return what is wrong with a code that is no currency, and what to do about it."""
    problem, _ = not_of_iso(code)
    return problem, "Correct it; a currency of your own is listed in the plan's `currencies`."


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
    """Return what the plan calls the criteria and windows of one truth."""
    windows = [window.id for window in plan.windows if window.truth == truth]
    return [criterion.id for criterion in getattr(plan, truth).criteria] + windows


def _in_windows(windows: Iterable[Window], path: str) -> Iterator[Problem]:
    for index, window in enumerate(windows):
        if (window.months is None) is (window.days is None):
            yield Problem(
                f"{path}[{index}]", "a window lasts months or days", "Give one of the two."
            )


def _in_activity(plan: FeePlan, activity: ActivityTerms, path: str) -> Iterator[Problem]:
    for truth in TRUTHS:
        shared = set(_ids(plan, truth))
        criteria: tuple[FeeCriterion, ...] = getattr(activity, truth)
        own = [criterion.id for criterion in criteria]
        yield from _twice(truth, criteria, f"{path}.{truth}", activity.windows, f"{path}.windows")
        for index, name in enumerate(own):
            if name in shared:
                yield Resting(
                    f"{path}.{truth}[{index}].id",
                    f"criterion `{name}` stands in the plan's `{truth}` too",
                    "Rename one of them.",
                )
    yield from _in_windows(activity.windows, f"{path}.windows")
    if activity.each is not None:
        yield from (_below(f"{path}.each", found) for found in _in_each(activity.each))
    rest = tuple(f"{path}.{part}" for part in ("amount", "each"))
    for found in problems_in_amount(activity.amount, activity.each):
        place = _below(f"{path}.amount", found).path
        yield Resting(place, found.problem, found.remedy, on=rest)


def _below(path: str, found: Problem) -> Problem:
    return replace(found, path=f"{path}.{found.path}" if found.path else path)


def _in_each(each: Each) -> Iterator[Problem]:
    if each.year is not None and each.years_from is not None:
        yield Problem(
            "year", "the year is read from the item, or counted from a day", "Keep one of the two."
        )
    if (each.takes_back is None) is not (each.original is None):
        yield Problem(
            "", "`takes_back` and `original` go together", "Write both, or neither of them."
        )


def _twice(
    truth: str,
    criteria: Sequence[FeeCriterion],
    path: str,
    windows: Sequence[Window],
    windows_path: str,
) -> Iterator[Problem]:
    """Yield each criterion or window of a truth that is called as one before it is."""
    yield from twice(criteria, path, "criterion")
    seen = {criterion.id for criterion in criteria}
    for index, window in enumerate(windows):
        if window.truth == truth:
            if window.id in seen:
                problem = f"criterion `{window.id}` is defined already"
                yield Resting(f"{windows_path}[{index}].id", problem, "Rename one of them.")
            seen.add(window.id)
