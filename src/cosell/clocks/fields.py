"""Fields and facts whose moment starts or ends a clock.

Rules:

1. A missing value is an event that has not happened yet.
2. A plain date is the beginning of that day, and is accepted for units of days only. [Time 4]

This module does not know what a clock does with a moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

from pydantic import AwareDatetime, BaseModel

from cosell.calendars import midnight_after, to_utc
from cosell.clocks.measure import Measure
from cosell.definition.clock import Clock
from cosell.definition.clock_event import WHOLE, Occasion, parse_clock_event
from cosell.errors import CalendarError, Problem, did_you_mean

__all__ = ["FieldMoment", "problems_in_clock_paths"]

_FACTS: Final = "facts"
_ONE_DAY: Final = timedelta(days=1)
#: What holds a moment; to pydantic an aware datetime is a class of its own.
_MOMENTS: Final = (date, AwareDatetime)


@dataclass(frozen=True, slots=True)
class FieldMoment:
    """Where a moment stands: in a field of the record, or in a fact.

    Attributes:
        text: As the definition writes it.
        path: Names from the record down, or the fact's name.
        is_fact: Whether it is a fact.
    """

    text: str
    path: tuple[str, ...]
    is_fact: bool

    @classmethod
    def of(cls, text: str, part: str | None) -> FieldMoment:
        """Return where ``text`` leads for a clock of the main line, or of the track of ``part``."""
        head, _, rest = text.partition(".")
        if head == _FACTS and rest:
            return cls(text, (rest,), is_fact=True)
        if head == WHOLE and rest:
            return cls(text, tuple(rest.split(".")), is_fact=False)
        names = text.split(".")
        return cls(text, (*part.split("."), *names) if part else tuple(names), is_fact=False)

    def read(
        self, record: BaseModel, facts: Mapping[str, Any] | None, measure: Measure
    ) -> datetime | None:
        """Return the moment in UTC, or ``None`` while it is missing.

        Raises:
            CalendarError: It holds something else than a moment.
            NaiveDatetimeError: It has no time zone.
        """
        value = self._value(record, facts)
        if value is None:
            return None
        if isinstance(value, datetime):
            return to_utc(value, name=self.text)
        if isinstance(value, date) and measure.counts_days:
            return midnight_after(value - _ONE_DAY, measure.zone)
        raise CalendarError(
            f"`{self.text}` holds `{value}`, which is not a moment",
            "Give a moment with a time zone.",
        )

    def _value(self, record: BaseModel, facts: Mapping[str, Any] | None) -> Any:
        if self.is_fact:
            return (facts or {}).get(self.path[0])
        value: Any = record
        for name in self.path:
            if value is None:
                return None
            value = getattr(value, name)
        return value


def problems_in_clock_paths(
    clock: Clock, model: type[BaseModel], whole: type[BaseModel] | None = None
) -> Iterator[Problem]:
    """Yield each event of a clock that names no moment of the models; paths begin at the clock.

    Args:
        clock: A clock whose event texts can be read.
        model: What bare names belong to: the record, or the part of a track.
        whole: The record, for a track; without it, names after ``record.`` are not looked at.
    """
    for field in ("start", "stop", "cancel", "restart"):
        for index, text in enumerate(getattr(clock, field)):
            if parse_clock_event(text).occasion is Occasion.FIELD:
                yield from _in_path(text, f"{field}[{index}]", model, whole)


def _in_path(
    text: str, place: str, model: type[BaseModel], whole: type[BaseModel] | None
) -> Iterator[Problem]:
    head, _, rest = text.partition(".")
    if head == _FACTS or (head == WHOLE and whole is None):
        return
    owner: type[BaseModel] | None = whole if head == WHOLE else model
    path = rest if head == WHOLE else text
    *parents, last = path.split(".")
    for name in parents:
        owner = _model_in(owner, name)
    kinds = () if owner is None else _kinds_of(owner, last)
    if not kinds:
        known = [] if owner is None else _moments_of(owner)
        yield Problem(place, f"there is no field `{text}`", did_you_mean(last, known))
    elif not _hold_moment(kinds):
        known = [] if owner is None else _moments_of(owner)
        yield Problem(place, f"`{text}` does not hold a moment", did_you_mean(last, known))


def _hold_moment(kinds: tuple[type, ...]) -> bool:
    return any(issubclass(kind, _MOMENTS) for kind in kinds)


def _model_in(owner: type[BaseModel] | None, name: str) -> type[BaseModel] | None:
    kinds = () if owner is None else _kinds_of(owner, name)
    return next((kind for kind in kinds if issubclass(kind, BaseModel)), None)


def _moments_of(owner: type[BaseModel]) -> list[str]:
    """Return the fields of a model that hold a moment."""
    return [name for name in owner.model_fields if _hold_moment(_kinds_of(owner, name))]


def _kinds_of(owner: type[BaseModel], name: str) -> tuple[type, ...]:
    """Return the classes that a field, or a property with an annotation, may hold."""
    field = owner.model_fields.get(name)
    if field is not None:
        return tuple(_classes_in(field.annotation))
    derived = getattr(owner, name, None)
    if isinstance(derived, property):
        return tuple(_classes_in(get_type_hints(derived.fget).get("return")))
    return ()


def _classes_in(annotation: Any) -> Iterator[type]:
    """Yield the class that an annotation is, or those of a union."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _classes_in(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for member in get_args(annotation):
            yield from _classes_in(member)
    elif isinstance(annotation, type):
        yield annotation
