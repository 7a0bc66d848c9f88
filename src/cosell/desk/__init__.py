"""The service over a host's store: load, plan, commit; the same for sync and async."""

from __future__ import annotations

from cosell.desk.aio import AsyncDesk
from cosell.desk.answer import Answer, Instead, Ticked
from cosell.desk.bulk import Request, Result, Status
from cosell.desk.desk import Desk
from cosell.desk.merging import Merged
from cosell.desk.outside import FactsError, RatesError
from cosell.desk.recalculation import Recalculated
from cosell.desk.relaying import Relayed
from cosell.desk.served import AmbiguousProcessError

__all__ = [
    "AmbiguousProcessError",
    "Answer",
    "AsyncDesk",
    "Desk",
    "FactsError",
    "Instead",
    "Merged",
    "RatesError",
    "Recalculated",
    "Relayed",
    "Request",
    "Result",
    "Status",
    "Ticked",
]
