"""Bounded scalars and small helpers that the models of the field share.

This module does not know any model.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Annotated, Final, Literal, TypeVar

from pydantic import AfterValidator, Field, StringConstraints

from cosell._base import Model, told_pattern
from cosell.calendars.zones import find_zone, knows_zone

__all__ = [
    "AuthorKind",
    "Count",
    "Country",
    "DomainName",
    "Email",
    "LanguageCode",
    "Level",
    "Phone",
    "Side",
    "Url",
    "ZoneName",
    "blank",
    "day_in",
    "refuse_reversed",
]

_M = TypeVar("_M", bound=Model)

#: The largest count a record may carry; far inside 64 bits, so that products stay there too.
_MOST: Final = 10**15

Count = Annotated[int, Field(ge=0, le=_MOST)]
#: How sure an answer is: 0 unknown, 1 identified, 2 validated, 3 confirmed.
Level = Annotated[int, Field(ge=0, le=3)]

Email = Annotated[
    str,
    StringConstraints(
        max_length=254,
        pattern=told_pattern(r"^[^@\s\x00]+@[^@\s\x00]+$", "be an e-mail address, as a@b.example"),
    ),
]
Phone = Annotated[str, StringConstraints(max_length=50, pattern=r"^[^\x00]+$")]
DomainName = Annotated[
    str,
    StringConstraints(
        max_length=253, pattern=told_pattern(r"^[^\s/@\x00]+$", "be a domain, as b.example")
    ),
]
Url = Annotated[
    str,
    StringConstraints(
        max_length=2_000,
        pattern=told_pattern(r"^https?://[^\s\x00]+$", "be an address, as https://b.example/c"),
    ),
]
#: ISO 3166-1, two letters.
Country = Annotated[
    str, StringConstraints(pattern=told_pattern(r"^[A-Z]{2}$", "be a country, as CZ"))
]
#: ISO 639, in lower case.
LanguageCode = Annotated[
    str, StringConstraints(pattern=told_pattern(r"^[a-z]{2,3}$", "be a language, as en"))
]

#: On whose side of the deal somebody stands.
Side = Literal["customer", "partner", "vendor"]
#: Who wrote a text: the solution engineer (``se``) is told apart from the vendor (PC-2).
AuthorKind = Literal["customer", "partner", "vendor", "se"]


def _known_zone(name: str) -> str:
    if not knows_zone(name):
        message = f"there is no time zone `{name}`"
        raise ValueError(message)
    return name


#: A zone of the IANA database, such as ``Europe/Prague``.
ZoneName = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known_zone)]


def blank(model: type[_M]) -> Callable[[], _M]:
    """Return a factory of the one ``model`` with nothing recorded.

    It is shared, because models are frozen, and made on first use, because a default instance
    would build its schema on import.
    """

    @cache
    def make() -> _M:
        return model()

    return make


def day_in(zone: str, at: datetime) -> date:
    """Return the local date of ``at`` in ``zone``."""
    return at.astimezone(find_zone(zone)).date()


def refuse_reversed(start: date | None, end: date | None, names: str) -> None:
    """Raise ``ValueError`` if both ends of an interval are known and the end is earlier.

    Args:
        start: First day or moment.
        end: Last one, of the same type.
        names: What the two fields are called, as ``start_on and end_on``.
    """
    if start is not None and end is not None and end < start:
        message = f"{names} are reversed: {end} is before {start}"
        raise ValueError(message)
