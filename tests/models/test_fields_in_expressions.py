"""Criteria may read every field and derived field of the models."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from cosell.models import DealRegistration, Lead, Opportunity
from cosell.rules.fields import names_in, step_of
from model_samples import LEFT_OUT

#: What the engine writes; clocks read the trail, criteria read stamped fields.
UNREAD = LEFT_OUT - {"open_ended"}


def steps(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Yield the path of every field, through groups and into the items of lists."""
    for name in sorted(names_in(model) - UNREAD):
        step = step_of(model, name)
        assert step is not None
        yield f"{prefix}{name}"
        item = step.type.item
        inner = item.model if item is not None else step.type.model
        if inner is not None:
            yield from steps(inner, f"{prefix}{name}.")


@pytest.mark.parametrize("model", [Lead, DealRegistration, Opportunity])
def test_every_field_has_a_type_in_expressions(model: type[BaseModel]) -> None:
    """No field of a record, its groups and the items of its lists is closed to criteria."""
    paths = set(steps(model))

    assert {"customer.employees", "gpca.goals.proven_level", "activities.evidence"} <= paths
