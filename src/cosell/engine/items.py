"""Lists whose items are led by a track, each by itself: how items are named, and what is kept.

Rules:

1. An item is named by the text in its key field. Each has one, and no two have the same.
2. Only cosell writes the stage of an item. Where a list is written anew, an item that stays keeps
   its stage and a new one is at the first, with what that stage holds; data that say otherwise
   are refused.
3. Only an item whose track has not begun can be left out: what happened to it cannot vanish.

This module does not know what a line or a decision is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter, ValidationError

from cosell._base import Id, shown_input
from cosell.engine.paths import Keys, read_path, rewritten
from cosell.errors import InvalidDataError, Problem
from cosell.models.record import Part, Record

__all__ = ["ItemList", "kept", "problems_in_items", "split_name"]

_KEY: Final[TypeAdapter[str]] = TypeAdapter(Id)


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list of which a track leads each item.

    Attributes:
        track: The track.
        path: Where the list stands in the record.
        key: The field that names each item.
        initial: The stage at which each begins.
        held: What that stage holds beside its name: field and value.
    """

    track: str
    path: str
    key: str
    initial: str
    held: tuple[tuple[str, Any], ...] = ()

    @property
    def own(self) -> dict[str, Any]:
        """The fields of an item that cosell alone writes, as they are at the beginning."""
        return {"stage": self.initial, **dict(self.held)}

    def items_in(self, record: Record) -> dict[str, Part]:
        """Return the items of a record by name; of several of one name the first."""
        items: dict[str, Part] = {}
        for item in read_path(record, self.path) or ():
            items.setdefault(str(getattr(item, self.key)), item)
        return items

    def line_of(self, name: str) -> str:
        """Return what events call the line of an item."""
        return f"{self.track}[{name}]"

    @property
    def keys(self) -> Keys:
        """Which field names its items, as paths are read with."""
        return {self.path: self.key}

    @property
    def any_place(self) -> str:
        """The path that stands for those of all items, ``paper_items[kind]``."""
        return self.place_of(self.key)

    def path_for(self, name: str, path: str) -> str:
        """Return a path in any item as that in one of them; one elsewhere stays as it is."""
        return path.replace(f"{self.any_place}.", f"{self.place_of(name)}.", 1)

    def place_of(self, name: str) -> str:
        """Return the path of an item."""
        return f"{self.path}[{name}]"


def split_name(track: str) -> tuple[str, str | None]:
    """Return a track and the item that events name after it, if they name one.

    Example:
        >>> split_name("paper_items[nda]"), split_name("poc")
        (('paper_items', 'nda'), ('poc', None))
    """
    name, bracket, rest = track.partition("[")
    return (name, rest.removesuffix("]")) if bracket else (track, None)


def problems_in_items(lists: Sequence[ItemList], record: Record) -> Iterator[Problem]:
    """Yield every item that has no name that can be used, or the name of an earlier one."""
    for each in lists:
        seen: set[str] = set()
        for index, item in enumerate(read_path(record, each.path) or ()):
            path = f"{each.path}[{index}].{each.key}"
            key = getattr(item, each.key)
            if key is None:
                problem = f"an item of `{each.path}` has no `{each.key}`, which names it"
                yield Problem(path, problem, "Give it one.")
            elif not _is_name(key):
                problem = f"{shown_input(key)} cannot name an item of `{each.path}`"
                yield Problem(path, problem, "Use letters, digits and _ - . : @ / + =.")
            elif str(key) in seen:
                problem = f"`{each.path}` has an item `{key}` already"
                yield Problem(path, problem, f"Give each its own `{each.key}`.")
            else:
                seen.add(str(key))


def _is_name(key: object) -> bool:
    try:
        _KEY.validate_python(key)
    except ValidationError:
        return False
    return True


def kept(
    lists: Sequence[ItemList],
    record: Record,
    changes: Mapping[str, Any],
    subject: str,
    keys: Keys,
) -> dict[str, Any]:
    """Return ``changes`` with the stages of items as they are, where a list is written anew.

    Args:
        lists: The lists whose items are led by tracks.
        record: The record before.
        changes: What is to be written, by path.
        subject: What to call the changes in an error.
        keys: Which field names the items of each list.

    Raises:
        InvalidDataError: An item is not named, named twice, would vanish, or is given another
            stage; naming all of them.
    """
    written = [each for each in lists if any(_holds(path, each.path) for path in changes)]
    if not written:
        return dict(changes)
    after = rewritten(record, changes, subject, keys)
    problems = list(problems_in_items(written, after))
    whole = dict(changes)
    for each in written:
        before, given = each.items_in(record), each.items_in(after)
        problems += _vanished(each, record, given)
        problems += _misplaced(each, before, given)
        whole[each.path] = tuple(
            _with(item, _due(each, before.get(name))) for name, item in given.items()
        )
    if problems:
        raise InvalidDataError(subject, problems)
    return whole


def _holds(path: str, list_path: str) -> bool:
    """Whether writing ``path`` writes a list as a whole."""
    return path == list_path or list_path.startswith(f"{path}.")


def _vanished(each: ItemList, record: Record, given: Mapping[str, Part]) -> Iterator[Problem]:
    """Yield every item that is left out although its track has begun."""
    begun = {entry.track for entry in record.trail}
    for name, item in each.items_in(record).items():
        known = item.stage != each.initial or each.line_of(name) in begun
        if known and name not in given:
            problem = f"item `{name}` is at `{item.stage}`, and cannot be left out"
            yield Problem(each.place_of(name), problem, "Keep it; a transition can end it.")


def _misplaced(
    each: ItemList, before: Mapping[str, Part], given: Mapping[str, Part]
) -> Iterator[Problem]:
    """Yield every stage that is given and is not the one that the item has; so of its status."""
    for name, item in given.items():
        for path, due in _due(each, before.get(name)).items():
            found = read_path(item, path)
            if found != due and _is_given(item, path):
                problem = f"item `{name}` has `{due}` there, and `{found}` is given"
                remedy = "Leave it out: cosell alone writes it. Ask for a transition."
                yield Problem(f"{each.place_of(name)}.{path}", problem, remedy)


def _due(each: ItemList, before: Part | None) -> dict[str, Any]:
    """Return what the fields of an item hold that cosell alone writes."""
    own = each.own
    return own if before is None else {path: read_path(before, path) for path in own}


def _is_given(item: Part, path: str) -> bool:
    """Whether somebody gave the field at a path, so that it is not there by default."""
    value: Any = item
    for name in path.split("."):
        if not isinstance(value, BaseModel) or name not in value.model_fields_set:
            return False
        value = getattr(value, name)
    return True


def _with(item: Part, own: Mapping[str, Any]) -> Part:
    if all(read_path(item, path) == value for path, value in own.items()):
        return item
    return rewritten(item, own, "the item")
