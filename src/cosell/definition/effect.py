"""What a definition says the host should do, when a transition is taken or a clock says so.

This module does not know what a transition or a clock is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Discriminator, Field, Tag

from cosell._base import FieldPath, Id, Model, Name
from cosell.definition.value import Written
from cosell.events import CREATE, RELEASED

__all__ = [
    "CREATE",
    "ITEM",
    "OWN_EFFECTS",
    "RELEASED",
    "FieldPath",
    "PlannedEffect",
    "Report",
    "overlap",
]

#: What begins the path of a field of an item, in an effect for each.
ITEM: Final = "item."
#: Effects that every process has: cosell carries them out.
OWN_EFFECTS: Final = (CREATE, RELEASED)


def overlap(path: str, other: str) -> bool:
    """Whether writing one field path touches the other: they are alike, or one stands in the other.

    Example:
        >>> overlap("customer", "customer.domain"), overlap("acv", "acv_note")
        (True, False)
        >>> overlap("paper_items", "paper_items[nda].owner")
        True
    """
    return path == other or path.startswith(_below(other)) or other.startswith(_below(path))


def _below(path: str) -> tuple[str, str]:
    """Return how paths begin that lead into ``path``: to a field of it, or to one of its items."""
    return f"{path}.", f"{path}["


class Report(Model, frozen=True):
    """How the record that an effect comes from is told of the one that was made.

    Attributes:
        trigger: What it is asked for.
        path: The input of that transition that is given the new record's id.
    """

    trigger: Name
    path: FieldPath


def _data_kind(value: object) -> str | None:
    if isinstance(value, Mapping):
        return "table"
    return "list" if isinstance(value, list | tuple) else None


def _source_kind(value: object) -> str | None:
    if isinstance(value, Mapping | Written):
        return "literal"
    return "path" if isinstance(value, str) else None


Source = Annotated[
    Annotated[FieldPath, Tag("path")] | Annotated[Written, Tag("literal")],
    Discriminator(
        _source_kind,
        custom_error_type="effect_source",
        custom_error_message="It should be a field, or { literal = ... }",
    ),
]
_Paths = Annotated[tuple[FieldPath, ...], Field(max_length=100)]
_Sources = Annotated[Mapping[FieldPath, Source], Field(max_length=100)]
#: What an effect carries: fields by their own name, or under a name that is given to them.
Data = Annotated[
    Annotated[_Paths, Tag("list")] | Annotated[_Sources, Tag("table")],
    Discriminator(
        _data_kind,
        custom_error_type="effect_data",
        custom_error_message="It should be a list of fields, or a table of fields by name",
    ),
]


class PlannedEffect(Model, frozen=True):
    """What the host should do when a transition is taken or a clock says so.

    Attributes:
        kind: One of the process's declared effects; ``create`` makes a record.
        to: The role it is meant for.
        party: The field that holds the id of the party it is meant for.
        for_each: A list of the record: one effect for each of its items, whose fields are
            ``item.party`` and so on.
        data: Fields of the record that go with it; of a record that is made, its fields, each with
            the field or the literal that it gets.
        process: The process whose record is made.
        report: How this record is told of the one that was made.
    """

    kind: Name
    to: Name | None = None
    party: FieldPath | None = None
    for_each: FieldPath | None = None
    data: Data = ()
    process: Id | None = None
    report: Report | None = None

    @property
    def sources(self) -> dict[str, str | Written]:
        """What it carries, by name."""
        data = self.data
        return dict(data) if isinstance(data, Mapping) else {path: path for path in data}

    @property
    def paths(self) -> tuple[str, ...]:
        """The fields it reads, but for the list it is made for each item of."""
        read = (*self.sources.values(), *filter(None, [self.party]))
        return tuple(path for path in read if isinstance(path, str))

    def item_path(self, path: str) -> str | None:
        """Return a path as seen from the item it is made for, or ``None`` if it is no such path."""
        if self.for_each is None or not f"{path}.".startswith(ITEM):
            return None
        return path.removeprefix(ITEM.rstrip(".")).removeprefix(".")
