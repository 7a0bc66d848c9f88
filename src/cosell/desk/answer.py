"""What a desk answers to a command, and how an answer is kept under its key.

This module does not know what a store is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from cosell._base import Id, LongText, Model, Text
from cosell.errors import CosellError
from cosell.events import Effect, Entry, Event, ProcessRef
from cosell.models.record import Record

__all__ = ["Answer", "Instead", "KeptAnswer", "Ticked"]

R_co = TypeVar("R_co", bound=Record, covariant=True)


class Instead(Model, frozen=True):
    """What was asked for and could not be had, since another record holds a claim.

    Attributes:
        asked: The trigger that was asked for; another one was taken, as the process says.
        key: The claim.
        holder: The record that holds it; ``None`` where the asker may not know.
    """

    asked: Text
    key: Text
    holder: Id | None = None


class KeptAnswer(Model, frozen=True):
    """An answer as it is kept: the record as JSON, the rest as it was committed."""

    process: ProcessRef
    body: str
    events: tuple[Event, ...] = ()
    effects: tuple[Effect, ...] = ()
    instead: Instead | None = None
    entries: tuple[Entry, ...] = ()
    fee_problem: LongText | None = None


@dataclass(frozen=True, slots=True)
class Answer(Generic[R_co]):
    """The record after a command, with what happened.

    Attributes:
        record: The record as the command left it.
        events: What happened, sealed, oldest first; the last is what was asked for.
        effects: What the host should do; they are in the outbox too.
        repeated: Whether the command was done before, under the same key.
        instead: What was asked for, when another record holds a claim and something else was done.
        entries: What was written to the ledger of its fees, in order.
        fee_problem: Why its fees could not be assessed, if they could not: what was asked for is
            done, and the record stays due, so that each ``tick`` tries again.
    """

    record: R_co
    events: tuple[Event, ...] = ()
    effects: tuple[Effect, ...] = ()
    repeated: bool = False
    instead: Instead | None = None
    entries: tuple[Entry, ...] = ()
    fee_problem: str | None = None

    @property
    def id(self) -> str:
        """Id of the record."""
        return self.record.id


@dataclass(frozen=True, slots=True)
class Ticked:
    """What a tick did.

    Attributes:
        answers: What happened to each record that had something due.
        failed: Records that could not be ticked, with the reason; they stay due.
    """

    answers: tuple[Answer[Record], ...]
    failed: tuple[tuple[str, CosellError], ...]
