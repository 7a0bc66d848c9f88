"""Fields and facts whose moment starts or ends a clock.

Rules:

1. A missing value is an event that has not happened yet.
2. A plain date is the beginning of that day, and is accepted for units of days only. [Time 4]
3. A field that holds several moments is an event at each of them.

This module does not know what a clock does with a moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import UnionType
from typing import Annotated, Any, Final, NamedTuple, Union, get_args, get_origin, get_type_hints

from pydantic import AwareDatetime, BaseModel

from cosell.calendars import midnight_after, to_utc
from cosell.clocks.measure import Measure
from cosell.definition.clock import Clock
from cosell.definition.clock_event import WHOLE, Occasion, parse_clock_event
from cosell.errors import (
    END_OF_MOMENTS,
    FIRST_MOMENT,
    CalendarError,
    CosellError,
    ExpressionError,
    MomentOutOfRangeError,
    Problem,
    UnknownNameError,
    did_you_mean,
)

__all__ = ["Every", "FieldMoment", "Named", "PartStep", "problems_in_clock_paths"]

_FACTS: Final = "facts"
_ONE_DAY: Final = timedelta(days=1)
_FIRST_DAY: Final = FIRST_MOMENT.date()
_LAST_DAY: Final = END_OF_MOMENTS.date() - _ONE_DAY
#: What holds a moment; to pydantic an aware datetime is a class of its own.
_MOMENTS: Final = (date, AwareDatetime)


class Named(NamedTuple):
    """The item of a list that is named so, as a step of a path.

    Attributes:
        key: The field that names items.
        name: The name.
    """

    key: str
    name: str

    def of(self, items: Any) -> Any:
        """Return the item; ``None`` if there is none."""
        return next((item for item in items if str(getattr(item, self.key)) == self.name), None)


class Every(NamedTuple):
    """Each item of a list, as the last step of a path.

    Attributes:
        key: The field that names items.
    """

    key: str


#: How one comes from a value to the next: to a field, to an item of a list, or to all of them.
PartStep = str | Named | Every


@dataclass(frozen=True, slots=True)
class FieldMoment:
    """Where a moment stands: in a field of the record, or in a fact.

    Attributes:
        text: As the definition writes it.
        path: Names from the record down, or the fact's name.
        is_fact: Whether it is a fact.
        is_own: Whether it is a field of the part that the clock's track leads.
    """

    text: str
    path: tuple[str | Named, ...]
    is_fact: bool
    is_own: bool = False

    @classmethod
    def of(cls, text: str, part: str | None) -> FieldMoment:
        """Return where ``text`` leads for a clock of the main line, or of the track of ``part``."""
        head, _, rest = text.partition(".")
        if head == _FACTS and rest:
            return cls(text, (rest,), is_fact=True)
        if head == WHOLE and rest:
            return cls(text, tuple(rest.split(".")), is_fact=False)
        names = text.split(".")
        if not part:
            return cls(text, tuple(names), is_fact=False)
        return cls(text, (*part.split("."), *names), is_fact=False, is_own=True)

    def read(
        self, record: BaseModel, facts: Mapping[str, Any] | None, measure: Measure
    ) -> tuple[datetime, ...]:
        """Return the moments in UTC; none while the value is missing.

        Raises:
            CalendarError: It holds something else than moments, or a host's derived field raises.
            MomentOutOfRangeError: A moment or day lies at an end of time.
            UnknownNameError: The record has no such field.
            NaiveDatetimeError: A moment has no time zone.
        """
        value = self._value(record, facts)
        if value is None:
            return ()
        several = value if isinstance(value, tuple | list) else (value,)
        return tuple(self._instant(each, measure) for each in several)

    def _instant(self, value: Any, measure: Measure) -> datetime:
        if isinstance(value, datetime):
            return to_utc(value, name=self.text)
        if isinstance(value, date) and measure.counts_days:
            if not _FIRST_DAY <= value <= _LAST_DAY:
                raise MomentOutOfRangeError(self.text, value)
            return midnight_after(value - _ONE_DAY, measure.zone)
        raise CalendarError(
            f"`{self.text}` holds `{value}`, which is not a moment",
            "Give a moment with a time zone.",
        )

    def _value(self, record: BaseModel, facts: Mapping[str, Any] | None) -> Any:
        if self.is_fact:
            return (facts or {}).get(str(self.path[0]))
        value: Any = record
        for name in self.path:
            if value is None:
                return None
            if isinstance(name, Named):
                value = name.of(value)
                continue
            try:
                value = getattr(value, name)
            except Exception as error:
                raise _unreadable(self.text, value, name, error) from error
        return value


def _unreadable(text: str, owner: object, name: str, error: Exception) -> CosellError:
    """Return that there is no such field, or what a host's derived field raised."""
    if isinstance(error, AttributeError) and not hasattr(type(owner), name):
        return UnknownNameError("field", text, getattr(type(owner), "model_fields", ()))
    return CalendarError(
        f"`{text}` cannot be read: {type(error).__name__}: {error}", "Mend that field of the model."
    )


def problems_in_clock_paths(
    clock: Clock, model: type[BaseModel], whole: type[BaseModel] | None = None
) -> Iterator[Problem]:
    """Yield each event of a clock that names no moment of the models; paths begin at the clock.

    Args:
        clock: A clock; of event texts that cannot be read nothing is said here.
        model: What bare names belong to: the record, or the part of a track.
        whole: The record, for a track; without it, names after ``record.`` are not looked at.
    """
    for key, texts in clock.events.items():
        for index, text in enumerate(texts):
            if _is_field(text):
                yield from _in_path(text, f"{key}[{index}]", model, whole)


def _is_field(text: str) -> bool:
    try:
        return parse_clock_event(text).occasion is Occasion.FIELD
    except ExpressionError:
        return False


def _in_path(
    text: str, place: str, model: type[BaseModel], whole: type[BaseModel] | None
) -> Iterator[Problem]:
    head, _, rest = text.partition(".")
    owner: type[BaseModel] | None = model
    if rest and head in (_FACTS, WHOLE):
        if head == _FACTS or whole is None:
            return
        owner, text = whole, rest
    *parents, last = text.split(".")
    for name in parents:
        owner = _model_in(owner, name)
    annotation = None if owner is None else _annotation_of(owner, last)
    if annotation is None:
        problem = f"there is no field `{text}`"
    elif not _holds_moment(annotation):
        problem = f"`{text}` does not hold a moment"
    else:
        return
    known = [] if owner is None else _moments_of(owner)
    yield Problem(place, problem, did_you_mean(last, known))


def _model_in(owner: type[BaseModel] | None, name: str) -> type[BaseModel] | None:
    annotation = None if owner is None else _annotation_of(owner, name)
    return next((kind for kind in _classes_in(annotation) if issubclass(kind, BaseModel)), None)


def _moments_of(owner: type[BaseModel]) -> list[str]:
    """Return the fields of a model that hold a moment."""
    return [name for name, field in owner.model_fields.items() if _holds_moment(field.annotation)]


def _annotation_of(owner: type[BaseModel], name: str) -> Any:
    """Return what a field, or a property that says so, may hold; ``None`` if there is none."""
    field = owner.model_fields.get(name)
    if field is not None:
        return field.annotation
    derived = getattr(owner, name, None)
    return get_type_hints(derived.fget).get("return") if isinstance(derived, property) else None


def _holds_moment(annotation: Any) -> bool:
    """Whether an annotation is of a moment, or of a list of moments."""
    if get_origin(annotation) is tuple:
        annotation = get_args(annotation)[0]
    return any(issubclass(kind, _MOMENTS) for kind in _classes_in(annotation))


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
