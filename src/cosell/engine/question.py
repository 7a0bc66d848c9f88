"""What is asked: who, when, with which data.

This module does not know what is decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from cosell.errors import InvalidDataError, Problem, require_kind
from cosell.events import Actor
from cosell.money import Rates

__all__ = ["NO_DATA", "Question", "require_actor", "require_data"]

#: Data of a call that brings none.
NO_DATA: Final[Mapping[str, Any]] = MappingProxyType({})


class Question(NamedTuple):
    """What is asked, apart from record and trigger."""

    actor: Actor
    at: datetime
    data: Mapping[str, Any] = NO_DATA
    facts: Mapping[str, Any] | None = None
    rates: Rates | None = None
    expected_version: int | None = None
    override: str | None = None
    holders: Mapping[str, str | None] | None = None


def require_data(data: object) -> None:
    """Raise ``WrongKindError`` if ``data`` are no values by the paths of their fields."""
    require_kind(data, Mapping, "data", like='{"acv": "50000 USD"}')


def require_actor(actor: object) -> None:
    """Raise ``InvalidDataError`` if it is no actor, such as the id of one."""
    if not isinstance(actor, Actor):
        said = f"an actor is needed, and this is a {type(actor).__name__}"
        remedy = 'Give who asks, and in what role: Actor("p-7", role="partner", party="acme").'
        raise InvalidDataError("the actor", [Problem("actor", said, remedy)])
