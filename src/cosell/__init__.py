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
    from cosell import catalog
    from cosell.calendars import Calendar
    from cosell.clocks import Reading
    from cosell.definition import FeePlan, Process, parse_process
    from cosell.desk import AsyncDesk, Desk
    from cosell.engine import (
        Bound,
        Decision,
        Outcome,
        TransitionRefusedError,
        adopt,
        apply,
        bind,
        change,
        decide,
        fold,
        open_record,
        options,
        path,
        read_clocks,
        settle,
    )
    from cosell.errors import (
        CalendarExhaustedError,
        ClaimedError,
        CosellError,
        DefinitionError,
        EditRefusedError,
        InvalidDataError,
        KeyReusedError,
        RecordNotFoundError,
        VersionConflictError,
    )
    from cosell.events import Actor, Effect, Event
    from cosell.fees import assess, bind_plan
    from cosell.findings import Finding, Severity, Verdict
    from cosell.models import Contact, Customer, Lead, Opportunity, Partner
    from cosell.money import Money, Rates
    from cosell.stores import MemoryStore, SqliteStore

__all__ = [
    "Actor",
    "AsyncDesk",
    "Bound",
    "Calendar",
    "CalendarExhaustedError",
    "ClaimedError",
    "Contact",
    "CosellError",
    "Customer",
    "Decision",
    "DefinitionError",
    "Desk",
    "EditRefusedError",
    "Effect",
    "Event",
    "FeePlan",
    "Finding",
    "InvalidDataError",
    "KeyReusedError",
    "Lead",
    "MemoryStore",
    "Money",
    "Opportunity",
    "Outcome",
    "Partner",
    "Process",
    "Rates",
    "Reading",
    "RecordNotFoundError",
    "Severity",
    "SqliteStore",
    "TransitionRefusedError",
    "Verdict",
    "VersionConflictError",
    "adopt",
    "apply",
    "assess",
    "bind",
    "bind_plan",
    "catalog",
    "change",
    "decide",
    "fold",
    "open_record",
    "options",
    "parse_process",
    "path",
    "read_clocks",
    "settle",
]

#: Which module each name comes from. A name that is its own module's last part is that module.
_HOMES: Final = MappingProxyType(
    {
        "Actor": "cosell.events",
        "AsyncDesk": "cosell.desk",
        "Bound": "cosell.engine",
        "Calendar": "cosell.calendars",
        "CalendarExhaustedError": "cosell.errors",
        "ClaimedError": "cosell.errors",
        "Contact": "cosell.models",
        "CosellError": "cosell.errors",
        "Customer": "cosell.models",
        "Decision": "cosell.engine",
        "DefinitionError": "cosell.errors",
        "Desk": "cosell.desk",
        "EditRefusedError": "cosell.errors",
        "Effect": "cosell.events",
        "Event": "cosell.events",
        "FeePlan": "cosell.definition",
        "Finding": "cosell.findings",
        "InvalidDataError": "cosell.errors",
        "KeyReusedError": "cosell.errors",
        "Lead": "cosell.models",
        "MemoryStore": "cosell.stores",
        "Money": "cosell.money",
        "Opportunity": "cosell.models",
        "Outcome": "cosell.engine",
        "Partner": "cosell.models",
        "Process": "cosell.definition",
        "Rates": "cosell.money",
        "Reading": "cosell.clocks",
        "RecordNotFoundError": "cosell.errors",
        "Severity": "cosell.findings",
        "SqliteStore": "cosell.stores",
        "TransitionRefusedError": "cosell.engine",
        "Verdict": "cosell.findings",
        "VersionConflictError": "cosell.errors",
        "adopt": "cosell.engine",
        "apply": "cosell.engine",
        "assess": "cosell.fees",
        "bind": "cosell.engine",
        "bind_plan": "cosell.fees",
        "catalog": "cosell.catalog",
        "change": "cosell.engine",
        "decide": "cosell.engine",
        "fold": "cosell.engine",
        "open_record": "cosell.engine",
        "options": "cosell.engine",
        "parse_process": "cosell.definition",
        "path": "cosell.engine",
        "read_clocks": "cosell.engine",
        "settle": "cosell.engine",
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
