"""What names mean in a fee plan: the deal's fields, or those of an item of one of its lists.

This module does not know what an expression asks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from cosell.definition.fee_terms import ActivityTerms
from cosell.rules import Scope

__all__ = ["item_model", "scope_of_activity"]


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
