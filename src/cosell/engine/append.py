"""Add one item to a list: what the caller gives of it, and what the transition stamps on it.

Rules:

1. A caller gives one item, never the list. Stamped fields are written by cosell alone.
2. An item is added when one is given and all that it needs is in it. Where the stamp alone makes
   an item, and none has to be given, it is added in any case.
3. An item that does not fit is an error that names its fields.

This module does not know whether a transition is permitted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter, ValidationError

from cosell._base import problems_from
from cosell.definition.line import Input, SetValue, Written
from cosell.engine.paths import fields_of, item_of, model_of
from cosell.errors import InvalidDataError, Problem
from cosell.events import Actor
from cosell.findings import Check, CheckKind, Finding, Verdict
from cosell.models.approval import Covered

__all__ = ["COVERED", "Append", "append_of", "literal_of", "set_value"]

#: The field of an item that keeps what it was given for.
COVERED: Final = "covered"
_SET: Final[Mapping[SetValue, Callable[[Actor, datetime], Any]]] = MappingProxyType(
    {
        SetValue.AT: lambda _, at: at,
        SetValue.ACTOR_ID: lambda actor, _: actor.id,
        SetValue.ACTOR_ROLE: lambda actor, _: actor.role,
        SetValue.ACTOR_PARTY: lambda actor, _: actor.party,
        SetValue.ACTOR_PRINCIPAL: lambda actor, _: actor.principal,
    }
)


def literal_of(value: object) -> Any:
    """Return a value that a definition writes out."""
    return value.literal if isinstance(value, Written) else value


def set_value(value: object, actor: Actor, at: datetime) -> Any:
    """Return what a transition writes: what a word stands for, or a literal."""
    return _SET[value](actor, at) if isinstance(value, SetValue) else literal_of(value)


@dataclass(frozen=True, slots=True, eq=False)
class Append:
    """A list that a transition adds an item to, compiled.

    Attributes:
        given: The input, as the definition has it.
        path: The list, from the record.
        item: What reads one item.
        alone: Whether the stamp alone makes an item.
        covers: Fields that the item is given for, from the record; ``None`` if it keeps none.
        checks: A check for each thing that must be given: the item itself (``None``), or a field.
    """

    given: Input
    path: str
    item: TypeAdapter[Any]
    alone: bool
    covers: tuple[str, ...] | None
    checks: tuple[tuple[str | None, Check], ...]

    def findings(self, data: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield whether what must be given is given."""
        item = data.get(self.given.path)
        for name, check in self.checks:
            value = item if name is None else _part_of(item).get(name)
            yield Finding(check, Verdict.UNKNOWN if value is None else Verdict.MET, (value,))

    def new_item(
        self,
        record: BaseModel,
        data: Mapping[str, Any],
        subject: str,
        *,
        actor: Actor,
        at: datetime,
    ) -> tuple[Any, ...]:
        """Return the item that is added to a list of ``record``, or nothing, as a tuple.

        Raises:
            InvalidDataError: A stamped field is given, or the item does not fit; naming all.
        """
        path = self.given.path
        stamp = {name: set_value(value, actor, at) for name, value in self.given.stamp.items()}
        if self.covers is not None:
            stamp[COVERED] = tuple(Covered.of(record, each) for each in self.covers)
        given = data.get(path)
        if path not in data and not self.alone:
            return ()
        if stamp and isinstance(given, Mapping | BaseModel | None):
            known = _part_of(given)
            stray = [_stamped(path, name) for name in known if name in stamp]
            if stray:
                raise InvalidDataError(subject, stray)
            given = known | stamp
        if any(_part_of(given).get(name) is None for name in self.given.needs):
            return ()  # the finding says so
        try:
            return (self.item.validate_python(given),)
        except ValidationError as error:
            raise InvalidDataError(subject, problems_from(error, path)) from None

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of what the caller gives of an item."""
        schema = self.item.json_schema()
        stamp, needs = _stamped_by(self.given), self.given.needs
        if not (stamp or needs):
            return schema
        fields = {name: it for name, it in schema["properties"].items() if name not in stamp}
        required = [name for name in schema.get("required", ()) if name not in stamp]
        required += [name for name in needs if name not in required]
        return {**schema, "properties": fields, "required": required}


def append_of(
    given: Input,
    path: str,
    model: type[BaseModel],
    inner: str,
    full_path: Callable[[str], str],
) -> Append:
    """Return an appended input, compiled.

    Args:
        given: The input.
        path: The list, from the record.
        model: The model that the list is a field of, or a part of it.
        inner: The list, from that model.
        full_path: Gives a path from the record for one as the definition writes it.
    """
    annotation = item_of(model, inner)
    item = model_of(annotation)
    needed = () if item is None else _needed(item)
    stamped = _stamped_by(given)
    alone = bool(stamped) and not given.required
    return Append(
        given=given,
        path=path,
        item=TypeAdapter(annotation),
        alone=alone and stamped >= {*needed, *given.needs},
        covers=None if given.covers is None else tuple(map(full_path, given.covers)),
        checks=tuple(_checks(given)),
    )


def _stamped_by(given: Input) -> set[str]:
    """Return the fields of an item that the transition writes."""
    return {*given.stamp} if given.covers is None else {*given.stamp, COVERED}


def _needed(item: type[BaseModel]) -> list[str]:
    return [name for name, field in item.model_fields.items() if field.is_required()]


def _checks(given: Input) -> Iterator[tuple[str | None, Check]]:
    if given.required:
        yield None, _check(given, given.path)
    for name in given.needs:
        yield name, _check(given, f"{given.path}.{name}")


def _check(given: Input, path: str) -> Check:
    return Check(
        id=f"input_{path.replace('.', '_')}",
        kind=CheckKind.INPUT,
        needed=f"`{path}` is given anew",
        remedy=given.help or f"Give `{path}` with the transition.",
        paths=(path,),
        label=given.label,
    )


def _part_of(item: object) -> dict[str, Any]:
    """Return the fields that a caller gives of an item."""
    if isinstance(item, BaseModel):
        values = fields_of(item)
        return {name: values[name] for name in values if name in item.model_fields_set}
    return dict(item) if isinstance(item, Mapping) else {}


def _stamped(path: str, name: str) -> Problem:
    written = f"`{path}.{name}` is written by the transition"
    return Problem(f"{path}.{name}", written, "Leave it out.")
