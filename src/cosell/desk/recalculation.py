"""Look at every record again after a calendar was corrected, or a fact became known.

Rules:

1. Nothing happens to a record: there is no event, and its version stays. What is written is when
   it must be ticked next; the tick then writes what has come.
2. A record that cannot be looked at does not keep the others from it.

This module does not know how anything is stored.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cosell.desk.asking import Ask
from cosell.desk.outside import Facts, FactsFor, facts_of
from cosell.desk.rounds import run
from cosell.desk.served import Served
from cosell.desk.timing import Recalculate
from cosell.engine import CLOCK, Bound, Recalculation, recalculate
from cosell.errors import CosellError, require_aware

__all__ = ["Recalculated", "recalculate_all", "recalculate_one"]

_LOG: Final = logging.getLogger("cosell")
_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Recalculated:
    """What looking at every record again has shown.

    Attributes:
        count: How many records were looked at.
        changed: What changes, for each record of which a reading does; without the processes as
            they were bound before, nothing can be compared.
        failed: Records that could not be looked at, with the reason.
    """

    count: int
    changed: tuple[Recalculation, ...]
    failed: tuple[tuple[str, CosellError], ...]


def recalculate_one(
    served: Served, former: Served, record_id: str, at: datetime, facts: Facts
) -> Generator[Ask, Any, Recalculation]:
    """Yield the calls of the store that one record needs, and return what changes."""
    bound, record = served.record_in((yield Ask("load", (record_id,))))
    before = former.by_version.get((bound.ref.id, bound.ref.version), bound)
    found = recalculate(before, bound, record, at=at, facts=facts)
    yield from run(served, record_id, Recalculate(actor=CLOCK, at=at, facts=facts))
    return found


def recalculate_all(
    served: Served,
    *,
    before: Iterable[Bound] = (),
    at: datetime,
    facts_for: FactsFor | None,
    only: Iterable[str] | None,
    open_only: bool,
) -> Generator[Ask, Any, Recalculated]:
    """Yield the calls of the store that the records need, and return what changes."""
    require_aware(at)
    former = Served.of(before)
    changed: list[Recalculation] = []
    failed: list[tuple[str, CosellError]] = []
    ids = list(only) if only is not None else (yield from _all_ids(open_only=open_only))
    for record_id in ids:
        try:
            facts = facts_of(facts_for, record_id)
            found = yield from recalculate_one(served, former, record_id, at, facts)
        except CosellError as error:
            failed.append((record_id, error))
            continue
        if found.shifts:
            changed.append(found)
    _LOG.info("recalculated %d records: %d changed, %d failed", len(ids), len(changed), len(failed))
    return Recalculated(len(ids), tuple(changed), tuple(failed))


def _all_ids(*, open_only: bool) -> Generator[Ask, Any, list[str]]:
    """Yield a call of the store for each page of ids, and return them all."""
    found: list[str] = []
    while True:
        after = found[-1] if found else ""
        page = yield Ask("ids", (), {"limit": _PAGE, "after": after, "open_only": open_only})
        if not page:
            return found
        found += page
