"""What is asked: who, when, with which data.

This module does not know what is decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from cosell.events import Actor
from cosell.money import Rates

__all__ = ["NO_DATA", "Question"]

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
