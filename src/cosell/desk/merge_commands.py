"""What a desk does about two records that are found to be one.

``AsyncMergeCommands`` does the same, awaited.

This module does not know how anything is stored.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from cosell.desk.asking import Ask
from cosell.desk.merging import Merged, histories, merge
from cosell.desk.outside import Facts
from cosell.desk.seeing import moment_of
from cosell.desk.served import Served
from cosell.engine import NO_DATA
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor, Event
from cosell.money import Rates

__all__ = ["AsyncMergeCommands", "MergeCommands"]

_T = TypeVar("_T")


@tells_kinds
class MergeCommands(ABC):
    """The commands of a desk that concern two records at once."""

    served: Served

    @abstractmethod
    def _carried_out(self, conversation: Generator[Ask, Any, _T]) -> _T:
        """Make every call of the store that is asked for, and return what it comes to."""

    def merge(  # noqa: PLR0913 - the same question as ``apply``, of two records
        self,
        survivor: str,
        duplicate: str,
        *,
        actor: Actor,
        at: datetime,
        data: Mapping[str, Any] = NO_DATA,
        facts: Facts = None,
        rates: Rates | None = None,
        reason: str | None = None,
        key: str | None = None,
    ) -> Merged:
        """Merge two records that are found to be one; asked again, it finishes what was begun.

        The duplicate takes the transition that the process names in ``merge``, is linked to the
        survivor, and hands over the keys that the transition does not release.

        Args:
            survivor: The record that stays.
            duplicate: The record that ends.
            actor: Who merges.
            at: When, with a time zone; not before the last event of either.
            data: Values for the inputs of the transition that ends the duplicate.
            facts: Values from outside the records.
            rates: Dated exchange rates.
            reason: Why they are one.
            key: Idempotency key, scoped to each of the two records and the party.

        Raises:
            MergeRefusedError: The two cannot be merged, or not by this actor; all reasons named.
            TransitionRefusedError: The duplicate may not be ended so; ``error.decision`` says why.
            RecordNotFoundError: There is no such record, or not for ``actor``.
            KeyReusedError: The key was used for another command.
            InvalidDataError: ``data`` or ``facts`` do not fit.
            OutOfOrderError: ``at`` is before the last event of one of them.
            VersionConflictError: Others were faster, several times in a row.

        Source:
            BX-1, BX-10.
        """
        asked = _asked(actor, at, data, facts, rates, reason, key)
        return self._carried_out(merge(self.served, survivor, duplicate, asked))

    def histories(
        self,
        record_id: str,
        *,
        actor: Actor | None = None,
        at: datetime | None = None,
        facts: Facts = None,
    ) -> dict[str, Sequence[Event]]:
        """Return the events of a record and of all that were merged into it, by record.

        Each is a chain of its own, oldest first, whose seals can be verified where nothing is
        hidden. The record comes first, then what was merged into it, in order, and what was
        merged into those.

        Args:
            record_id: The record.
            actor: Who looks; ``None`` is the host itself, from whom nothing is hidden.
            at: When the actor looks, with a time zone.
            facts: Values from outside the record, where views read some.

        Raises:
            RecordNotFoundError: There is no such record, or not for ``actor``.
            TypeError: An actor looks, and it is not said when.
        """
        question = _question(actor, at, facts)
        return self._carried_out(histories(self.served, record_id, question))


@tells_kinds
class AsyncMergeCommands(ABC):
    """The awaitable twin of ``MergeCommands``."""

    served: Served

    @abstractmethod
    async def _carried_out(self, conversation: Generator[Ask, Any, _T]) -> _T:
        """Await every call of the store that is asked for, and return what it comes to."""

    async def merge(  # noqa: PLR0913 - the same question as ``apply``, of two records
        self,
        survivor: str,
        duplicate: str,
        *,
        actor: Actor,
        at: datetime,
        data: Mapping[str, Any] = NO_DATA,
        facts: Facts = None,
        rates: Rates | None = None,
        reason: str | None = None,
        key: str | None = None,
    ) -> Merged:
        """Do as ``Desk.merge`` does."""
        asked = _asked(actor, at, data, facts, rates, reason, key)
        return await self._carried_out(merge(self.served, survivor, duplicate, asked))

    async def histories(
        self,
        record_id: str,
        *,
        actor: Actor | None = None,
        at: datetime | None = None,
        facts: Facts = None,
    ) -> dict[str, Sequence[Event]]:
        """Do as ``Desk.histories`` does."""
        question = _question(actor, at, facts)
        return await self._carried_out(histories(self.served, record_id, question))


def _question(actor: Actor | None, at: datetime | None, facts: Facts) -> dict[str, Any] | None:
    """Return who looks, when and with what; ``None`` where nobody is named."""
    return None if actor is None else {"actor": actor, "at": moment_of(at), "facts": facts}


def _asked(
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any],
    facts: Facts,
    rates: Rates | None,
    reason: str | None,
    key: str | None,
) -> dict[str, Any]:
    return {
        "actor": actor,
        "at": at,
        "data": data,
        "facts": facts,
        "rates": rates,
        "reason": reason,
        "key": key,
    }
