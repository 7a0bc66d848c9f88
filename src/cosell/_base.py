"""The base of every model, and the bounded scalar types that models are made of.

Rules that hold for every model:

1. Models are frozen and refuse unknown fields. Write ``frozen=True`` on each class line: type
   checkers do not see it in an inherited configuration.
2. Text is bounded, and holds no NUL and no lone surrogate, so that all stores agree.
3. Amounts are bounded decimals; there are no floats. Moments have a time zone.

This module does not know what a process, a record or a calendar is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails

from cosell.errors import (
    END_OF_MOMENTS,
    FIRST_MOMENT,
    SPAN_OF_MOMENTS,
    InvalidDataError,
    Problem,
)

__all__ = [
    "PERSONAL",
    "Amount",
    "Currency",
    "FieldPath",
    "Id",
    "Instant",
    "LongText",
    "Model",
    "Name",
    "Personal",
    "Rate",
    "Text",
    "in_words",
    "problems_from",
    "shown_input",
    "told_pattern",
    "trusting",
    "validated",
]

_SHOWN: Final = 60
_LONG_NUMBER: Final = 256
_M = TypeVar("_M", bound=BaseModel)

#: What a text of each pattern should be, as the rest of "it should ...".
_TOLD: Final[dict[str, str]] = {}


def told_pattern(pattern: str, words: str) -> str:
    """Return ``pattern``, and remember what to say to people whose text does not match it."""
    _TOLD[pattern] = words
    return pattern


# Lone surrogates are refused by pydantic itself; NUL is not.
_NO_NUL: Final = told_pattern(r"^[^\x00]+$", "not be empty, and hold no NUL")
_ID_PATTERN: Final = told_pattern(
    r"^[A-Za-z0-9_][A-Za-z0-9_.:@/+=\-]*$",
    "begin with a letter, a digit or _; letters, digits and _ - . : @ / + = follow",
)
_NAME_PATTERN: Final = told_pattern(
    r"^[a-z][a-z0-9_]*$", "begin with a small letter; letters, digits and _ follow"
)
_FIELD_PATTERN: Final = told_pattern(
    r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", "be a field, as acv or customer.domain"
)
_CURRENCY_PATTERN: Final = told_pattern(r"^[A-Z]{3}$", "be a currency, as USD")

#: A key of the host: a letter, a digit or ``_``, then also ``- . : @ / + =``.
Id = Annotated[str, StringConstraints(max_length=200, pattern=_ID_PATTERN)]
#: The id of something inside a definition: what an expression can name.
Name = Annotated[str, StringConstraints(max_length=80, pattern=_NAME_PATTERN)]
#: A field of a record, dotted through its parts: ``registration.decided_by``.
FieldPath = Annotated[str, StringConstraints(max_length=200, pattern=_FIELD_PATTERN)]
Text = Annotated[str, StringConstraints(max_length=500, pattern=_NO_NUL)]
LongText = Annotated[str, StringConstraints(max_length=20_000, pattern=_NO_NUL)]
Currency = Annotated[str, StringConstraints(pattern=_CURRENCY_PATTERN)]
Amount = Annotated[Decimal, Field(max_digits=19, decimal_places=4, allow_inf_nan=False)]
#: A fraction: ten per cent is ``Decimal("0.10")``.
Rate = Annotated[Decimal, Field(max_digits=12, decimal_places=8, allow_inf_nan=False)]
#: A moment with a time zone, so far inside the calendar that one can count with it.
Instant = Annotated[AwareDatetime, Field(ge=FIRST_MOMENT, lt=END_OF_MOMENTS)]


class Personal:
    """Marks a field as personal data: ``Annotated[Text, PERSONAL]``."""

    def __repr__(self) -> str:
        """Return the name under which the marker is imported."""
        return "PERSONAL"


PERSONAL: Final = Personal()


class Model(
    BaseModel,
    frozen=True,
    extra="forbid",
    defer_build=True,
    allow_inf_nan=False,
    # A part with more fields than its place names would be stored without them.
    revalidate_instances="subclass-instances",
):
    """A frozen value that refuses unknown fields."""

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Yield what differs from its default: a record has many fields, and few are filled."""
        known = type(self).model_fields
        for name, value in super().__repr_args__():
            field = known.get(name or "")
            if field is None or value != field.get_default(call_default_factory=True):
                yield name, value

    def __copy__(self) -> Self:
        """Copy the fields alone: what was derived from them is derived anew."""
        return _without_derived(super().__copy__())

    def _problems_within(self, prefix: str = "") -> Iterator[Problem]:
        """Yield what does not fit the model: ``model_copy`` changes fields without validating."""
        fields = {name: getattr(self, name, None) for name in type(self).model_fields}
        try:
            type(self).model_validate(fields, by_name=True)
        except ValidationError as error:
            yield from problems_from(error, prefix)
            return
        # What is an instance already is taken as it is, so those are looked at one by one.
        for name, value in fields.items():
            yield from _problems_in(value, f"{prefix}.{name}" if prefix else name)

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """Copy the fields alone, as ``__copy__`` does."""
        return _without_derived(super().__deepcopy__(memo))


def _problems_in(value: object, path: str) -> Iterator[Problem]:
    """Yield what does not fit in a value of a field, if it is a model or holds some."""
    if isinstance(value, Model):
        yield from value._problems_within(path)  # noqa: SLF001 - its own, of another instance
    elif isinstance(value, tuple | list):
        for index, each in enumerate(value):
            yield from _problems_in(each, f"{path}.{index}")


def _without_derived(copied: _M) -> _M:
    """Return a copy without cached properties: ``model_copy`` may change what they rest on."""
    values = copied.__dict__
    for name in values.keys() - type(copied).model_fields:
        del values[name]
    return copied


# What ``frozen`` forbids, fetched once: this runs several times in every move.
_new: Final[Callable[[type[Any]], Any]] = object.__new__
_set_values, _set_names, _set_extra, _set_private = (
    BaseModel.__dict__[name].__set__
    for name in (
        "__dict__",
        "__pydantic_fields_set__",
        "__pydantic_extra__",
        "__pydantic_private__",
    )
)


def trusting(model: type[_M]) -> Callable[[dict[str, Any]], _M]:
    """Return what makes a ``model`` without validating, of parts that cosell made itself.

    The table that it is given holds every field, validated, and belongs to the model from then on.
    It exists because ``model_construct`` is slower than validating.
    """
    names = set(model.model_fields)  # shared by what is made, which never changes it

    def made(values: dict[str, Any]) -> _M:
        instance: _M = _new(model)
        _set_values(instance, values)
        _set_names(instance, names)
        _set_extra(instance, None)
        _set_private(instance, None)
        return instance

    return made


def validated(model: type[_M], values: Mapping[str, Any] | str, subject: str) -> _M:
    """Return ``values`` as a ``model``, which may be written as one text.

    Raises:
        InvalidDataError: Naming every field that does not fit.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InvalidDataError(subject, problems_from(error)) from None


def problems_from(error: ValidationError, prefix: str = "") -> list[Problem]:
    """Return one problem for each error that pydantic found, with dotted paths."""
    return [
        Problem(".".join([*filter(None, [prefix]), *map(str, item["loc"])]), *in_words(item))
        for item in error.errors(include_url=False, include_context=False)
    ]


def in_words(item: ErrorDetails) -> tuple[str, str]:
    """Return problem and remedy of one error of pydantic, without names of types."""
    given = f"Given was {_kind_of(item)}{shown_input(item['input'])}."
    if item["msg"] in _AT_THE_ENDS:
        wanted = f"Give a moment {SPAN_OF_MOMENTS}, or none where it means never."
        return "it lies at an end of time", f"{wanted} {given}"
    if item["type"] in _IN_WORDS:
        problem, remedy = _IN_WORDS[item["type"]]
        return problem, remedy or given
    text = item["msg"].removeprefix("Value error, ").replace(" after validation", "")
    for theirs, ours in (*_WORDS, *_pattern_words(text)):
        text = text.replace(theirs, ours)
    return text[:1].lower() + text[1:], given


def _kind_of(item: ErrorDetails) -> str:
    """Return what tells a text from what it says, where something else is expected."""
    told = item["type"].endswith("_type") and isinstance(item["input"], str) and item["input"]
    return "the text " if told else ""


def _pattern_words(text: str) -> Iterator[tuple[str, str]]:
    """Yield what a message says of a pattern, and what to say instead."""
    _, _, pattern = text.partition(" match pattern '")
    words = _TOLD.get(pattern.removesuffix("'"))
    if words is not None:
        yield f"match pattern '{pattern}", words


#: What pydantic says of these kinds in words that do not fit here: problem and remedy.
_IN_WORDS: Final = MappingProxyType(
    {
        kind: said
        for kinds, said in (
            ("missing", ("it is missing", "Give it.")),
            ("extra_forbidden", ("there is no such field", "Leave it out.")),
            ("bool_type bool_parsing", ("it should be true or false", None)),
            (
                "int_type int_parsing int_from_float int_parsing_size",
                ("it should be a whole number", None),
            ),
            ("decimal_type decimal_parsing", ("it should be a number", None)),
            ("string_type", ("it should be a text", None)),
            ("tuple_type list_type", ("it should be a list", None)),
            ("dict_type mapping_type model_type", ("it should be a table", None)),
            (
                "date_type date_parsing date_from_datetime_parsing date_from_datetime_inexact",
                ("it should be a day, as 2026-11-20", None),
            ),
            (
                "datetime_type datetime_parsing datetime_from_date_parsing timezone_aware",
                ("it should be a moment with its offset, as 2026-11-20T10:00:00+01:00", None),
            ),
        )
        for kind in kinds.split()
    }
)


def _as_pydantic_writes(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


#: What it says of a moment before the first and after the last one.
_AT_THE_ENDS: Final = frozenset(
    {
        f"Input should be greater than or equal to {_as_pydantic_writes(FIRST_MOMENT)}",
        f"Input should be less than {_as_pydantic_writes(END_OF_MOMENTS)}",
    }
)
#: Its other words, and ours for them.
_WORDS: Final = (
    ("Decimal input", "It"),
    ("Input", "It"),
    ("String", "It"),
    ("Tuple", "It"),
    ("Dictionary", "It"),
    ("Mapping", "It"),
)


def shown_input(value: object) -> str:
    r"""Return what was given in backticks, shortened and printable; a table or list by its kind.

    Example:
        >>> shown_input("acept"), shown_input({"a": 1}), shown_input("a\nb")
        ('`acept`', 'a table', '`a\\nb`')
    """
    if isinstance(value, Mapping | BaseModel):
        return "a table"
    if isinstance(value, list | tuple | set | frozenset):
        return "a list"
    if isinstance(value, int) and value.bit_length() > _LONG_NUMBER:
        return "a very long number"
    text = str(value)
    if not text:
        return "an empty text"
    short = text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
    return f"`{''.join(map(_printable, short))}`"


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode()
