"""The base of every model, and the bounded scalar types that models are made of.

Rules that hold for every model:

1. Models are frozen and refuse unknown fields. Write ``frozen=True`` on each class line: type
   checkers do not see it in an inherited configuration.
2. Text is bounded, and holds no NUL and no lone surrogate, so that all stores agree.
3. Amounts are bounded decimals; there are no floats. Moments have a time zone.

This module does not know what a process, a record or a calendar is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    Field,
    StringConstraints,
    ValidationError,
)

from cosell.errors import InvalidDataError, Problem

__all__ = [
    "PERSONAL",
    "Amount",
    "Currency",
    "Id",
    "Instant",
    "LongText",
    "Model",
    "Name",
    "Personal",
    "Rate",
    "Text",
    "problems_from",
    "validated",
]

_SHOWN: Final = 60
_M = TypeVar("_M", bound=BaseModel)

# Lone surrogates are refused by pydantic itself; NUL is not.
_NO_NUL: Final = r"^[^\x00]+$"

_ID_PATTERN: Final = r"^[A-Za-z0-9_][A-Za-z0-9_.:@/+=\-]*$"

#: A key of the host: letters, digits and ``_ - . : @ / + =``.
Id = Annotated[str, StringConstraints(max_length=200, pattern=_ID_PATTERN)]
#: The id of something inside a definition: what an expression can name.
Name = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(max_length=500, pattern=_NO_NUL)]
LongText = Annotated[str, StringConstraints(max_length=20_000, pattern=_NO_NUL)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Amount = Annotated[Decimal, Field(max_digits=19, decimal_places=4, allow_inf_nan=False)]
#: A fraction: ten per cent is ``Decimal("0.10")``.
Rate = Annotated[Decimal, Field(max_digits=12, decimal_places=8, allow_inf_nan=False)]
Instant = AwareDatetime


class Personal:
    """Marks a field as personal data: ``Annotated[Text, PERSONAL]``."""

    def __repr__(self) -> str:
        """Return the name under which the marker is imported."""
        return "PERSONAL"


PERSONAL: Final = Personal()


class Model(BaseModel, frozen=True, extra="forbid", defer_build=True, allow_inf_nan=False):
    """A frozen value that refuses unknown fields."""

    @classmethod
    def _trusted(cls, values: dict[str, Any]) -> Self:
        """Return an instance without validating, from parts that cosell made itself.

        ``values`` must hold every field, validated, and belongs to the instance from then on.
        It exists because ``model_construct`` is slower than validating.
        """
        instance: Self = _new(cls)
        _set_values(instance, values)
        _set_names(instance, _names_of(cls))
        _set_extra(instance, None)
        _set_private(instance, None)
        return instance


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


@cache
def _names_of(model: type[BaseModel]) -> set[str]:
    """Return the names of a model's fields, shared by its instances, which never change it."""
    return set(model.model_fields)


def validated(model: type[_M], values: Mapping[str, Any], subject: str) -> _M:
    """Return ``values`` as a ``model``.

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
        Problem(
            path=".".join([*filter(None, [prefix]), *map(str, item["loc"])]),
            problem=_in_words(item["msg"]),
            remedy=f"Given was {_shown(item['input'])}.",
        )
        for item in error.errors(include_url=False, include_context=False)
    ]


def _in_words(message: str) -> str:
    """Return pydantic's message as the rest of a sentence, without names of types."""
    text = message.removeprefix("Value error, ").replace(" after validation", "")
    text = text.replace("dictionary", "table").replace("tuple", "list").replace("Tuple", "list")
    text = re.sub(r" or instance of \w+", "", text)
    return text[:1].lower() + text[1:]


def _shown(value: object) -> str:
    """Return ``value`` in backticks, shortened; a mapping or a model by its kind alone."""
    if isinstance(value, Mapping | BaseModel):
        return "a table"
    text = str(value)
    return f"`{text if len(text) <= _SHOWN else text[:_SHOWN] + '...'}`"
