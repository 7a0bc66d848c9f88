"""Which field paths a row of views lets through.

Rules:

1. A path hides everything below it; a whole that holds something hidden is not seen as a whole.
2. With ``show`` only what is named is seen, and what stands below it.
3. Items of a list are not told apart.
4. ``id``, ``version``, ``process`` and ``stage`` are always seen, and what the actor itself is.
5. A derived field that reads something hidden is hidden, as far as its code tells, unless the row
   reveals it.

This module does not know what a decision or an event is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from cosell.definition.access import ViewRow
from cosell.definition.effect import overlap
from cosell.engine.derived import derived_in, names_read
from cosell.engine.paths import item_of, model_of

__all__ = ["ALWAYS_SEEN", "Sight", "is_known"]

#: Fields that whoever sees a record sees.
ALWAYS_SEEN: Final = ("id", "version", "process", "stage")
#: The name of one item of a list, as in ``paper_items[nda].owner``: a row is about all of them.
_ITEM: Final = re.compile(r"\[[^\]]*\]")
_ACTOR: Final = "actor"
_FACTS: Final = "facts"


def _covers(path: str, other: str) -> bool:
    """Whether ``other`` is ``path``, or stands below it."""
    return other == path or other.startswith(f"{path}.")


@dataclass(frozen=True, slots=True)
class Sight:
    """What a row lets through of records of one model.

    Attributes:
        model: The model.
        row: The row.
    """

    model: type[BaseModel]
    row: ViewRow

    def sees(self, path: str) -> bool:
        """Whether everything at a path is seen."""
        path = _ITEM.sub("", path)
        if path.partition(".")[0] in (*ALWAYS_SEEN, _ACTOR):
            return True
        if self.row.show is not None:
            return any(_covers(each, path) for each in self.row.show)
        if any(overlap(each, path) for each in self.row.hide):
            return False
        return path in self.row.reveal or not self._is_tainted(path)

    def leads(self, path: str) -> bool:
        """Whether something below a path may be seen."""
        path = _ITEM.sub("", path)
        if self.row.show is not None:
            return any(_covers(path, each) for each in self.row.show)
        return not any(_covers(each, path) for each in self.row.hide)

    def _is_tainted(self, path: str) -> bool:
        """Whether a derived field on the way reads something hidden; what is no field may."""
        model: type[BaseModel] | None = self.model if path.partition(".")[0] != _FACTS else None
        prefix = ""
        for name in path.split("."):
            if model is None:
                return False
            if name not in model.model_fields:
                derived = derived_in(model, name) is not None
                return self._reads_hidden(names_read(model, name) if derived else None, prefix)
            model = owner_of(model, name)
            prefix = f"{prefix}{name}."
        return False

    def _reads_hidden(self, names: frozenset[str] | None, prefix: str) -> bool:
        heads = {
            each.removeprefix(prefix).partition(".")[0]
            for each in self.row.hide
            if each.startswith(prefix)
        }
        return bool(heads) if names is None else bool(heads & names)

    def pruned(self, value: Any, path: str = "") -> Any:
        """Return what is seen of a plain value at a path; what is hidden in tables is left out."""
        if path and self.sees(path):
            return value
        if isinstance(value, Mapping):
            below = f"{path}." if path else ""
            return {
                key: self.pruned(item, below + key)
                for key, item in value.items()
                if self.sees(below + key) or (_holds(item) and self.leads(below + key))
            }
        return [self.pruned(item, path) for item in value if _holds(item)]


def _holds(value: Any) -> bool:
    """Whether a plain value may be seen in part: it is a table, or a list of some."""
    return isinstance(value, Mapping | list)


def is_known(model: type[BaseModel], path: str) -> bool:
    """Whether a path leads to a field or a derived field, through lists too."""
    owner: type[BaseModel] | None = model
    *heads, last = _ITEM.sub("", path).split(".")
    for name in heads:
        owner = None if owner is None else owner_of(owner, name)
    return owner is not None and (last in owner.model_fields or derived_in(owner, last) is not None)


def owner_of(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    """Return the model of a field, or of the items of a list."""
    field = model.model_fields.get(name)
    if field is None:
        return None
    return model_of(field.annotation) or model_of(item_of(model, name))
