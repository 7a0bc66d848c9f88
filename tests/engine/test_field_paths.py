"""Fields are read and written by dotted path, whatever stands on the way."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any

import pytest

from cosell._base import Model
from cosell.engine.paths import adapter_of, field_at, model_of, read_path, rewritten, schema_of
from cosell.models import Opportunity
from cosell.models.record import Record


class Inner(Model, frozen=True):
    """A group."""

    count: int = 0


class Host(Record, frozen=True):
    """A host's model whose group may be missing."""

    group: Inner | None = None
    label: str = "a"

    @cached_property
    def twice(self) -> str:
        """What is worked out once."""
        return self.label * 2


@pytest.mark.parametrize(
    ("record", "path", "value"),
    [
        pytest.param(Host(id="h-1"), "label", "a", id="a field"),
        pytest.param(Host(id="h-1"), "group", None, id="a missing group"),
        pytest.param(Host(id="h-1"), "group.count", None, id="a field of a missing group"),
        pytest.param(Host(id="h-1", group=Inner(count=2)), "group.count", 2, id="a deep field"),
        pytest.param(Host(id="h-1"), "twice", "aa", id="what is derived"),
    ],
)
def test_a_value_is_read_by_path(record: Host, path: str, value: object) -> None:
    """What is missing on the way makes the value missing."""
    assert read_path(record, path) == value


def test_a_missing_group_is_made_by_writing_into_it() -> None:
    """The group appears with what was written, and the defaults of the rest."""
    assert rewritten(Host(id="h-1"), {"group.count": 3}, "data").group == Inner(count=3)


def test_what_was_derived_is_not_written() -> None:
    """A cached property is worked out anew for the new record."""
    record = Host(id="h-1")
    assert record.twice == "aa"

    assert rewritten(record, {"label": "b"}, "data").twice == "bb"


@pytest.mark.parametrize(
    ("annotation", "model"),
    [
        (Inner, Inner),
        (Inner | None, Inner),
        (Annotated[Inner, "note"] | None, Inner),
        (tuple[Inner, ...], None),
        (dict[str, Inner], None),
        (int, None),
        (int | None, None),
    ],
    ids=str,
)
def test_a_field_holds_at_most_one_model(annotation: Any, model: type[Model] | None) -> None:
    """A list or table of models is no model: its fields have no single value."""
    assert model_of(annotation) is model


def test_a_path_that_is_nowhere_has_no_field() -> None:
    """Neither below a scalar nor beside a field."""
    assert field_at(Opportunity, "acv.amount.digits") is None
    assert field_at(Opportunity, "nowhere") is None
    assert field_at(Host, "group.count") is not None
    assert schema_of(Opportunity, "nowhere") == {}
    assert adapter_of(Host, "group.count").validate_python("3") == 3
