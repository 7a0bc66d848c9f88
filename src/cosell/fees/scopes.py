"""What names mean in a fee plan: the deal's fields, or those of an item of one of its lists.

This module does not know what an expression asks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from cosell.definition.fee_plan import FeePlan
from cosell.definition.fee_terms import ActivityTerms
from cosell.models.record import Record
from cosell.rules import Scope

__all__ = ["item_model", "rates_day_of", "scope_of_activity", "scope_of_plan"]


def item_model(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    """Return the model of the items of a list, or ``None`` where there is no such list."""
    field = model.model_fields.get(name)
    annotation: Any = None if field is None else field.annotation
    if get_origin(annotation) is not tuple:
        return None
    item = get_args(annotation)[0]
    return item if isinstance(item, type) and issubclass(item, BaseModel) else None


def scope_of_activity(scope: Scope, activity: ActivityTerms) -> Scope:
    """Return what names mean in an activity: the deal's fields, or those of an item of its list.

    Where there is no such list, names are the deal's: that it is missing is told once.
    """
    item = None if activity.each is None else item_model(scope.model, activity.each.of)
    return scope if item is None else replace(scope, model=item, whole=scope.model)


def scope_of_plan(plan: FeePlan, record: type[Record]) -> Scope:
    """Return what names mean in a plan for deals of the model ``record``."""
    return Scope(
        model=record,
        parameters=plan.constants,
        currencies=frozenset(plan.currencies),
        zone=plan.zone,
        rates_on=rates_day_of(plan),
    )


def rates_day_of(plan: FeePlan) -> str:
    """Return the date of the rates: by default the day from which a fee is earned (BX-30)."""
    return plan.rates_on or f"day({plan.earns.since}, '{plan.zone}')"
