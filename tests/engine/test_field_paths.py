"""Fields are read and written by dotted path, whatever stands on the way."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any

import pytest

from cosell._base import Model
from cosell.engine.paths import (
    adapter_of,
    field_at,
    find_blank,
    model_of,
    read_path,
    rewritten,
    schema_of,
)
from cosell.errors import InvalidDataError
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


class Named(Model, frozen=True):
    """An item that is named by a field."""

    name: str
    count: int = 0
    inner: Inner = Inner()


class Shelf(Model, frozen=True):
    """A group that holds named items."""

    items: tuple[Named, ...] = ()


class Library(Record, frozen=True):
    """A record with named items, deep and in a group that may be missing."""

    items: tuple[Named, ...] = ()
    shelf: Shelf = Shelf()
    maybe: Shelf | None = None


KEYS = {"items": "name", "shelf.items": "name", "maybe.items": "name"}
SHELVES = Library(
    id="l-1",
    items=(Named(name="a.b", count=1), Named(name="c")),
    shelf=Shelf(items=(Named(name="c", inner=Inner(count=4)),)),
)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("items[c].count", 0, id="a field of an item"),
        pytest.param("items[a.b].count", 1, id="of an item with a dot in its name"),
        pytest.param("items[c]", Named(name="c"), id="an item"),
        pytest.param("items[x].count", None, id="of an item that there is not"),
        pytest.param("shelf.items[c].inner.count", 4, id="a deep field"),
        pytest.param("maybe.items[c].count", None, id="of a missing group"),
    ],
)
def test_an_item_is_read_by_its_name(path: str, value: object) -> None:
    """The keys say which field names the items of a list."""
    assert read_path(SHELVES, path, KEYS) == value


def test_an_item_is_written_by_its_name() -> None:
    """Several writes into one list add up; the other items stay."""
    writes = {"items[a.b].count": 5, "items[c].inner.count": 6, "shelf.items[c].count": 7}
    found = rewritten(SHELVES, writes, "data", KEYS)

    assert found.items == (Named(name="a.b", count=5), Named(name="c", inner=Inner(count=6)))
    assert found.shelf.items == (Named(name="c", count=7, inner=Inner(count=4)),)


@pytest.mark.parametrize(
    ("path", "keys", "problem"),
    [
        ("items[x].count", KEYS, "`items` has no item `x`"),
        ("shelf.items[a].count", KEYS, "shelf.items[a].count: `shelf.items` has no item `a`"),
        ("items[c].count", {}, "nothing says which field names the items of `items`"),
    ],
)
def test_what_names_no_item_is_a_mistake(path: str, keys: dict[str, str], problem: str) -> None:
    """Nothing is written; what was meant is suggested."""
    with pytest.raises(InvalidDataError) as caught:
        rewritten(SHELVES, {path: 1}, "data", keys)

    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("items[c].count", True),
        ("items[].count", True),
        ("shelf.items[c].inner.count", True),
        ("maybe.items[c].name", True),
        ("items[c]", False),
        ("items[c].counts", False),
        ("items[c].count.x", False),
        ("items.count", False),
        ("shelf[c].items", False),
        ("items[c.count", False),
        ("items[c]count", False),
        ("items[c]].count", False),
        ("nothing[c].count", False),
    ],
)
def test_a_path_into_an_item_leads_to_a_field_or_nowhere(path: str, there: bool) -> None:  # noqa: FBT001
    """An item itself is no field."""
    assert (field_at(Library, path) is not None) is there
    assert (schema_of(Library, path) != {}) is there


def test_a_field_that_is_not_there_has_no_blank() -> None:
    """What cannot be found cannot be emptied."""
    assert find_blank(Host, "nowhere") is None
    assert find_blank(Host, "label") == ("a",)
