"""Whether fee plans are sound: that they can pay, without an overlap, a gap or a step down.

Rules:

1. A plan that cannot pay anything has rates of nothing, a share table that is not one whole, or
   criteria that exclude each other, as far as that is plain from the expressions
   (``cosell.verify.passing``).
2. Two rates overlap where they are of the same rank and for the same deals: the second is never
   taken. Two versions overlap where they begin on the same day.
3. There is a gap where deals lie before the first version, or where a whole band earns nothing
   between two that do.
4. There is a step down where bands are whole and a larger base earns less: the law that raising
   the base never lowers the whole holds everywhere else.
5. A plan whose criteria never ask for an accepted registration says so: fees could be payable
   without one.

This module does not know what a deal is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby, pairwise
from typing import Final

from cosell.definition.fee_check import TRUTHS
from cosell.definition.fee_plan import FeePlan
from cosell.definition.fee_terms import AmountTerms, Condition, FeeCriterion, Pricing
from cosell.definition.text import path_of
from cosell.errors import Problem
from cosell.errors.kinds import tells_kinds
from cosell.money import CONTEXT
from cosell.verify.passing import Asked, asked_by, excluded, recorded

__all__ = ["verify_plans"]

#: The field that says that a registration was accepted (MK-32).
_ACCEPTED: Final = "accepted_at"
_WHOLE: Final = 1


@tells_kinds
def verify_plans(plans: Iterable[FeePlan]) -> tuple[Problem, ...]:
    """Return what is not sound about fee plans, each by itself and their versions together.

    Args:
        plans: Plans, in any number of versions.

    Returns:
        Problems with their path, with file and line where a plan was read from text; none if
        everything is sound. The path of a problem starts with the plan, as ``make@1``.

    Source:
        BX-21, BX-22; design: soundness.

    Example:
        >>> from cosell.catalog import load_fee_plan
        >>> verify_plans([load_fee_plan("make_example")])
        ()
    """
    known = sorted(plans, key=lambda plan: (plan.id, plan.version))
    found: list[Problem] = []
    for plan in known:
        found += (_placed(plan, problem) for problem in _in_plan(plan))
    for _, versions in groupby(known, key=lambda plan: plan.id):
        found += _in_versions(list(versions))
    return tuple(found)


def _placed(plan: FeePlan, found: Problem) -> Problem:
    placed = plan.placed(found, path_of(found.path))
    return replace(placed, path=f"{plan.ref}.{found.path}")


def _in_plan(plan: FeePlan) -> Iterator[Problem]:
    if plan.split is not None and plan.split.shares:
        total = sum(plan.split.shares.values())
        if total < _WHOLE:
            yield Problem(
                "split.shares",
                f"the shares of all roles together are {total}",
                "Unless deals agree on more, nobody is paid: raise a share.",
            )
    for index, activity in enumerate(plan.activities):
        path = f"activities[{index}].amount"
        yield from (
            replace(found, path=f"{path}.{found.path}".rstrip("."))
            for found in _in_amount(activity.amount)
        )
    yield from _never_paid(plan)
    if not any(_ACCEPTED in text for text in _asked(plan)):
        yield Problem(
            "eligible",
            "nothing asks for an accepted registration",
            f"Ask for it, as `recorded({_ACCEPTED})`, if the program does (MK-32).",
        )


def _never_paid(plan: FeePlan) -> Iterator[Problem]:
    """Yield the criteria, of the plan or else of each activity, that no deal meets together."""
    shared: list[Asked] = []
    for truth in TRUTHS:
        condition: Condition = getattr(plan, truth)
        shared += _criteria(f"{truth}.criteria", condition.criteria)
        # A truth holds from a moment on: where that is missing, it does not hold.
        shared += recorded(f"{truth}.since", condition.since)
    if (found := excluded(shared, plan.constants)) is not None:
        yield Problem(found.asked.path, found.problem, "Correct it: the plan never pays.")
        return
    for index, activity in enumerate(plan.activities):
        # With `each`, bare names are those of an item, and not of the deal.
        together = [] if activity.each is not None else list(shared)
        for truth in TRUTHS:
            together += _criteria(f"activities[{index}].{truth}", getattr(activity, truth))
        if (found := excluded(together, plan.constants)) is not None:
            said = f"Correct it: activity `{activity.id}` never pays."
            yield Problem(found.asked.path, found.problem, said)


def _criteria(path: str, criteria: Sequence[FeeCriterion]) -> Iterator[Asked]:
    for index, criterion in enumerate(criteria):
        yield from asked_by(f"{path}[{index}]", criterion)


def _asked(plan: FeePlan) -> Iterator[str]:
    """Yield every expression that every fee of a plan depends on."""
    for condition in (plan.eligible, plan.earns, plan.pays):
        yield condition.since
        yield from (criterion.need or "" for criterion in condition.criteria)


def _in_amount(amount: AmountTerms) -> Iterator[Problem]:
    yield from _in_pricing(amount, "")
    for index, row in enumerate(amount.own_rates):
        yield from _in_pricing(row, f"own_rates[{index}].")
    for index, row in enumerate(amount.own_rates):
        same = [
            earlier
            for earlier in amount.own_rates[:index]
            if (earlier.by, earlier.when) == (row.by, row.when) and earlier.rate_from is None
        ]
        if same:
            yield Problem(
                f"own_rates[{index}]",
                f"an earlier rate of the {row.by} is for the same deals: this one is never taken",
                "Remove one of the two, or tell their deals apart.",
            )


def _in_pricing(pricing: Pricing, path: str) -> Iterator[Problem]:
    rates = [band.rate for band in pricing.bands] or list(pricing.rates_by_year)
    rates = rates if pricing.rate is None else [pricing.rate]
    if rates and not any(rates):
        yield Problem(f"{path}{pricing.kinds[0]}", "it can never pay anything", "Raise a rate.")
        return
    last_paid = max((index for index, rate in enumerate(rates) if rate), default=0)
    first_paid = min((index for index, rate in enumerate(rates) if rate), default=0)
    for index, rate in enumerate(rates):
        if not rate and first_paid < index < last_paid:
            yield Problem(
                f"{path}{pricing.kinds[0]}[{index}]",
                "it earns nothing, between two that do",
                "Raise its rate, if that is a gap.",
            )
    if pricing.bands_apply == "whole":
        yield from _steps_down(pricing, path)


def _steps_down(pricing: Pricing, path: str) -> Iterator[Problem]:
    for index, (lower, upper) in enumerate(pairwise(pricing.bands), 1):
        if lower.up_to is not None and upper.rate < lower.rate:
            before = CONTEXT.multiply(lower.up_to.amount, lower.rate).normalize(CONTEXT)
            after = CONTEXT.multiply(lower.up_to.amount, upper.rate).normalize(CONTEXT)
            yield Problem(
                f"{path}bands[{index}]",
                f"just above {lower.up_to} the fee falls from {before:f} to about {after:f}",
                "Make the bands marginal, or raise the rate.",
            )


def _in_versions(versions: Sequence[FeePlan]) -> Iterator[Problem]:
    """Yield what is not sound about the versions of one plan together."""
    first = versions[0]
    if all(plan.valid_from is None for plan in versions):
        return  # nothing but the terms that are stamped on a deal tells them apart
    if all(plan.valid_from is not None for plan in versions):
        begins = min(plan.valid_from for plan in versions if plan.valid_from is not None)
        yield _placed(
            first,
            Problem(
                "version",
                f"deals that were accepted before {begins} have no version",
                "Leave `valid_from` out of the first version, if there can be such deals.",
            ),
        )
    for earlier, later in pairwise(versions):
        if _begins(earlier) >= _begins(later):
            yield _placed(
                later,
                Problem(
                    "version",
                    f"it begins no later than {earlier.ref}, which is thus never in force",
                    "Give the later version a later day.",
                ),
            )


def _begins(plan: FeePlan) -> date:
    return plan.valid_from or date.min
