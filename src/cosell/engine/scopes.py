"""What the names in a line's expressions and paths mean, for one model.

On the main line bare names are the record's. In a track they are the part's, and ``record.`` is
the whole.

This module does not know what an expression asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from cosell.definition.line import Line
from cosell.definition.process import Process, Track
from cosell.engine.held import held_in
from cosell.engine.items import ItemList
from cosell.engine.paths import field_at, item_model_of, model_of
from cosell.models.record import Record
from cosell.rules import Scope

__all__ = ["LineScope", "line_scopes"]

_WHOLE: Final = "record."


@dataclass(frozen=True)
class LineScope:
    """One line with what its names mean.

    Attributes:
        name: The track's name; ``None`` is the main line.
        line: Its definition.
        path: Where it stands in the definition, with a final dot.
        part: Field path of its part, or of the list of them; empty on the main line.
        key: The field that names each item of that list; ``None`` if it is none.
        model: The model of its part, or the record's; ``None`` if there is no such part.
        scope: What its expressions are checked against.
    """

    name: str | None
    line: Line
    path: str
    part: str
    key: str | None
    model: type[BaseModel] | None
    scope: Scope

    @property
    def items(self) -> ItemList | None:
        """The list whose items it leads, if it leads one."""
        if self.name is None or self.key is None:
            return None
        held = tuple(held_in(self.line, self.line.initial, self.scope.model))
        return ItemList(self.name, self.part, self.key, self.line.initial, held)

    @property
    def any_name(self) -> str | None:
        """What events call the line; of a list, any item, with the field that names it."""
        return f"{self.name}[{self.key}]" if self.key else self.name

    @property
    def any_part(self) -> str:
        """Field path of its part; of a list, of any item."""
        return f"{self.part}[{self.key}]" if self.key else self.part

    def resolved(self, path: str) -> tuple[type[BaseModel], str]:
        """Return the model that a path starts from, and the path in it."""
        if self.name is not None and path.startswith(_WHOLE) and self.scope.whole is not None:
            return self.scope.whole, path.removeprefix(_WHOLE)
        return self.scope.model, path

    def full_path(self, path: str) -> str:
        """Return a path of this line as seen from the record."""
        if self.name is None:
            return path
        if path.startswith(_WHOLE):
            return path.removeprefix(_WHOLE)
        return f"{self.any_part}.{path}"


def line_scopes(
    process: Process, model: type[Record], calendars: Mapping[str, Any]
) -> dict[str | None, LineScope]:
    """Return every line of ``process`` with what its names mean for ``model``."""
    parts = {name: _part_of(name, line) for name, line in process.lines.items()}
    stages = {
        name: frozenset(stage.id for stage in line.stages) for name, line in process.lines.items()
    }
    whole_labels = {
        f"{parts[name]}.stage" if name else "stage": labels for name, labels in stages.items()
    }
    scopes = {}
    for name, line in process.lines.items():
        key = line.key if isinstance(line, Track) else None
        field = field_at(model, parts[name]) if name else None
        found = item_model_of if key else model_of
        part = found(field.annotation) if field is not None else None
        labels = dict(whole_labels)
        if name is not None:
            labels = {f"{_WHOLE}{path}": known for path, known in whole_labels.items()}
            labels["stage"] = stages[name]
        scopes[name] = LineScope(
            name=name,
            line=line,
            path=f"tracks.{name}." if name else "",
            part=parts[name],
            key=key,
            model=part if name else model,
            scope=Scope(
                model=(part if name else model) or model,
                whole=model if name else None,
                parameters=process.parameters,
                facts=process.facts,
                labels=labels,
                calendars=calendars,
                zone=process.zone,
                rates_on=process.rates_on,
            ),
        )
    return scopes


def _part_of(name: str | None, line: Line) -> str:
    if name is None:
        return ""
    part = line.part if isinstance(line, Track) else None
    return part or name
