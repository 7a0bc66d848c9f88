"""Explain a fee plan to whoever is paid by it: what earns a fee, what pays it, how much, and when.

This module does not know what a deal earns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from cosell.cli.page import Page
from cosell.cli.words import MONTHS, amount_text, cites_text
from cosell.definition.fee_plan import FeePlan
from cosell.definition.fee_terms import (
    ActivityTerms,
    AmountTerms,
    Clawback,
    Condition,
    FeeCriterion,
    Pricing,
    Window,
)
from cosell.draw.telling import flat
from cosell.errors import CosellError
from cosell.money import CONTEXT, Money
from cosell.rules.explain import shown_constant
from cosell.verify import verify_plans

__all__ = ["FeePlanShownError", "plan_as_dict", "write_plan"]

_TRUTHS: Final = (("eligible", "Eligible"), ("earns", "Earned"), ("pays", "Payable"))


class FeePlanShownError(CosellError):
    """A fee plan was to be shown in a way that processes alone can be."""

    code = "cli.fee_plan_shown"

    def __init__(self, plan_id: str) -> None:
        super().__init__(
            f"`{plan_id}` is a fee plan, which has no diagram, no page and no translations",
            "Leave the option out, or give --json or --toml.",
        )


def plan_as_dict(plan: FeePlan) -> dict[str, Any]:
    """Return a plan as plain values, with its digest, and what is not sound about it."""
    found = [str(problem) for problem in verify_plans([plan])]
    values = plan.model_dump(mode="json", exclude_defaults=True)
    return values | {"digest": plan.digest, "warnings": found}


def write_plan(page: Page, plan: FeePlan) -> None:
    """Write a whole fee plan, and what is not sound about it."""
    page.line(f"{plan.label or plan.id} ({plan.id}, version {plan.version})", style="bold")
    for line in _about(plan):
        page.line(line)
    if plan.parameters:
        page.heading("Numbers and names that can be changed")
        page.table([(name, shown_constant(value)) for name, value in plan.parameters.items()])
    _write_conditions(page, plan)
    page.heading("What each activity earns")
    for activity in plan.activities:
        _write_activity(page, activity)
    problems = verify_plans([plan])
    page.heading("What nobody would expect of it" if problems else "Nothing unsound was found.")
    for problem in problems:
        page.line(str(problem), mark="·", indent=2)


def _write_conditions(page: Page, plan: FeePlan) -> None:
    for field, title in _TRUTHS:
        _write_condition(page, title, getattr(plan, field))
    if plan.pays.hold_days:
        page.line(f"held back for {_count(plan.pays.hold_days, 'day')}", mark="·", indent=2)
    if plan.clawback is not None:
        _write_condition(page, f"Taken back{cites_text(plan.clawback.cites)}", plan.clawback)
    if plan.windows:
        page.heading("What has to fall into a window")
        _write_windows(page, plan.windows)


def _about(plan: FeePlan) -> Iterator[str]:
    yield from (flat(text) for text in (plan.help, plan.notice) if text)
    yield f"Records: {plan.record}. Zone: {plan.zone}.{cites_text(plan.cites)}"
    begins = "from ever on" if plan.valid_from is None else f"from {plan.valid_from} on"
    yield f"In force {begins}, for deals by {plan.stamped_on or plan.eligible.since}."
    if "eligible_on" in plan.model_dump_json(exclude={"eligible_on"}):
        yield f"Certificates and contract have to hold when it is {plan.eligible_on}: eligible_on."
    if plan.split is None:
        yield f"Paid to {plan.payee}."
    else:
        shares = (f"{role} {_percent(share)}" for role, share in plan.split.shares.items())
        agreed = f"as agreed on it{''.join(f', else {each}' for each in shares)}"
        yield f"Paid to each of {plan.split.of} by its share, {agreed}."
    period, least = plan.period, plan.period.threshold
    carried = "" if least is None else f"; a balance below {_shown(least)} is carried"
    year = f"the fiscal year begins in {MONTHS[period.starts_in - 1]}"
    yield f"Statements for {_count(period.months, 'month')}; {year}{carried}."
    converted = plan.rates_on or "the day on which the fee is earned"
    yield f"Other currencies are converted at the rate of {converted}."
    if plan.currencies:
        yield f"Currencies beside those of ISO 4217: {', '.join(plan.currencies)}."


def _write_condition(page: Page, title: str, condition: Condition | Clawback) -> None:
    page.heading(f"{title}, from {flat(condition.since)} on")
    _write_criteria(page, condition.criteria, indent=2)


def _write_criteria(page: Page, criteria: Iterable[FeeCriterion], *, indent: int) -> None:
    for it in criteria:
        page.line(f"{it.label or it.id}{cites_text(it.cites)}", mark="·", indent=indent)
        need = f"the host's own check `{it.predicate}`" if it.need is None else flat(it.need)
        asked = f"when {flat(it.when)}: {need}" if it.when else need
        page.line(f"{it.id}: {asked}", indent=indent + 2, style="dim")


def _write_windows(page: Page, windows: Iterable[Window], *, indent: int = 2) -> None:
    for it in windows:
        lasts = _count(it.months, "month") if it.months else _count(it.days or 0, "day")
        last = "counts" if it.last_day == "counts" else "does not count"
        said = f"{it.label or it.id}: {flat(it.of)} within {lasts} of {flat(it.starts)}"
        when = f", when {flat(it.when)}" if it.when else ""
        page.line(
            f"{said}{when}; the last day {last}{cites_text(it.cites)}", mark="·", indent=indent
        )


def _write_activity(page: Page, activity: ActivityTerms) -> None:
    page.line(
        f"{activity.label or activity.id}{cites_text(activity.cites)}", indent=2, style="bold"
    )
    if activity.help:
        page.line(flat(activity.help), indent=4)
    for line in _amounts(activity.amount):
        page.line(line, indent=4)
    if activity.each is not None:
        each = activity.each
        back = f"; those where {flat(each.takes_back)} take back" if each.takes_back else ""
        page.line(f"for each of {each.of}, at {flat(each.at)}{back}", indent=4)
    for field, title in _TRUTHS:
        if criteria := getattr(activity, field):
            page.line(f"{title} only where also", indent=4)
            _write_criteria(page, criteria, indent=6)
    _write_windows(page, activity.windows, indent=4)


def _amounts(amount: AmountTerms) -> Iterator[str]:
    bounds = (
        ("at least", amount.floor, ""),
        ("at most", amount.cap, ""),
        ("at most", amount.period_cap, " in a period"),
    )
    named = (f"{word} {_shown(bound)}{span}" for word, bound, span in bounds if bound is not None)
    yield ", ".join((_price(amount, amount.base), *named))
    for row in amount.own_rates:
        rate = _price(row, amount.base) if row.rate_from is None else f"at {flat(row.rate_from)}"
        when = f" when {flat(row.when)}" if row.when else ""
        label = f"{row.label}: " if row.label else ""
        yield f"{label}{rate}{when}, by {row.by}{cites_text(row.cites)}"


def _price(price: Pricing, base: str | None) -> str:
    of = f" of {flat(base)}" if base else ""
    if price.flat is not None:
        return _shown(price.flat)
    if price.bands:
        what = "all of it" if price.bands_apply == "whole" else "its part alone"
        return f"{', '.join(_bands(price))}{of}, the rate of a band for {what}"
    if price.rates_by_year:
        years = (f"{_percent(rate)} in year {n}" for n, rate in enumerate(price.rates_by_year, 1))
        return f"{', '.join(years)}{of}"
    return f"{_percent(price.rate or Decimal(0))}{of}"


def _bands(price: Pricing) -> Iterator[str]:
    for band in price.bands:
        yield f"{_percent(band.rate)} {f'up to {_shown(band.up_to)}' if band.up_to else 'above'}"


def _shown(money: Money) -> str:
    return amount_text(money.amount, money.currency)


def _percent(rate: Decimal) -> str:
    return f"{CONTEXT.multiply(rate, Decimal(100)).normalize(CONTEXT):f} %"


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
