"""Check a fee plan that is being read against the model that it names: fields and types.

Predicates, which a host gives with a plan, are not looked at.

This module does not compile anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cosell.definition.expressions import about_model
from cosell.definition.fee_plan import FeePlan
from cosell.definition.known import Resting
from cosell.definition.text import path_of
from cosell.errors import Problem
from cosell.fees.bindcheck import problems_in_binding
from cosell.fees.scopes import scope_of_plan
from cosell.models.record import Record

__all__ = ["problems_of_plan_with_model"]


def problems_of_plan_with_model(plan: FeePlan, record: type[Record]) -> Iterator[Problem]:
    """Yield what in ``plan`` does not fit ``record``, each with what it rests on.

    Args:
        plan: A plan, which may be wrong in other places.
        record: The model of its deals.
    """
    record.model_rebuild()
    found = problems_in_binding(plan, scope_of_plan(plan, record), {})
    yield from map(_in_scope, about_model(plan, found))


def _in_scope(found: Resting) -> Resting:
    """Return a problem of an activity as one that rests on the list it is earned for, too."""
    table, *rest = path_of(found.path)
    if table != "activities":
        return found
    return replace(found, on=(*found.on, f"activities[{rest[0]}].each"))
