"""Sales-stage state machines for selling with partners.

The names that most hosts need, imported on first use: ``import cosell`` alone imports nothing
but this module. Everything else stands in the packages, documented and as stable as these.

A new name at the top has a row in three places of this file, and a test keeps them alike:

1. ``_HOMES``: which module it comes from,
2. ``__all__``: that it is public,
3. the imports under ``TYPE_CHECKING``: what type checkers and editors see.

This module knows where names live, and nothing of what they mean.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from cosell.errors import (
        CalendarExhaustedError,
        ClaimedError,
        CosellError,
        DefinitionError,
        EditRefusedError,
        InvalidDataError,
        VersionConflictError,
    )
    from cosell.events import Actor, Effect, Event
    from cosell.findings import Finding, Severity, Verdict
    from cosell.money import Money, Rates

__all__ = [
    "Actor",
    "CalendarExhaustedError",
    "ClaimedError",
    "CosellError",
    "DefinitionError",
    "EditRefusedError",
    "Effect",
    "Event",
    "Finding",
    "InvalidDataError",
    "Money",
    "Rates",
    "Severity",
    "Verdict",
    "VersionConflictError",
]

#: Which module each name comes from. A name that is its own module's last part is that module.
_HOMES: Final = MappingProxyType(
    {
        "Actor": "cosell.events",
        "CalendarExhaustedError": "cosell.errors",
        "ClaimedError": "cosell.errors",
        "CosellError": "cosell.errors",
        "DefinitionError": "cosell.errors",
        "EditRefusedError": "cosell.errors",
        "Effect": "cosell.events",
        "Event": "cosell.events",
        "Finding": "cosell.findings",
        "InvalidDataError": "cosell.errors",
        "Money": "cosell.money",
        "Rates": "cosell.money",
        "Severity": "cosell.findings",
        "Verdict": "cosell.findings",
        "VersionConflictError": "cosell.errors",
    }
)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, and keep it."""
    home = _HOMES.get(name)
    if home is None:
        message = f"module 'cosell' has no attribute {name!r}"
        raise AttributeError(message)
    module = import_module(home)
    value = module if home == f"cosell.{name}" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, imported or not."""
    return sorted({*globals(), *__all__})
