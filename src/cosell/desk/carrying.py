"""Carry out the effects that concern several records: make one, and call the next in line.

Effects are handed out at least once, by any number of relays at a time. So that each is done
exactly once:

1. The id of a record that is made follows from the effect: made again, it exists already, and
   names the effect as its origin.
2. The record that asked for it is told its id, unless it knows it. Whatever was done before a
   crash is found done.
3. Who is called takes the claim in the same commit: a second one is refused by the store. Who
   cannot take it, or waits no longer, is passed over, and keeps its place.

This module does not know how anything is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any, ClassVar, Final

from cosell._base import validated
from cosell.definition.claim import claim_name
from cosell.desk.answer import Answer
from cosell.desk.asking import Ask
from cosell.desk.commands import Loaded, Move, Open
from cosell.desk.rounds import run
from cosell.desk.served import Served
from cosell.engine import Applied, Bound, TransitionRefusedError
from cosell.engine.paths import put
from cosell.errors import ClaimedError, RecordExistsError, UnknownNameError
from cosell.events import CREATE, RELEASED, Actor, Creation, Effect
from cosell.models.record import Record

__all__ = ["Carried", "carries", "carry_out", "id_of_creation", "record_of"]

Carried = Generator[Ask, Any, tuple[Answer[Record], ...]]

_PAGE: Final = 100
_ID_DIGITS: Final = 24
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report(Move):
    """Tell a record which one was made of it, unless it knows."""

    word: ClassVar[str] = "report"
    path: str
    made: str

    def applied(self, loaded: Loaded) -> Applied[Record]:
        """Return the record as it is, or told."""
        line = loaded.bound.line_asked(self.trigger, loaded.record)
        if line is not None and line.read(loaded.record, self.path) == self.made:
            return Applied(loaded.record)
        return Move.applied(self, loaded)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call(Move):
    """Call a record that waits for a key, if it still does."""

    word: ClassVar[str] = "call"
    waited: str

    def after(self, error: ClaimedError, *, known: bool) -> None:
        """Return nothing: who is called and cannot have it goes on waiting."""
        del error, known

    def applied(self, loaded: Loaded) -> Applied[Record]:
        """Return the record as it is, or with the key."""
        if self.waited not in loaded.record.waits:
            return Applied(loaded.record)
        return Move.applied(self, loaded)


def carries(effect: Effect) -> bool:
    """Whether a desk carries out effects of this kind itself."""
    return effect.kind in _KINDS


def carry_out(served: Served, effect: Effect, *, actor: Actor, at: datetime) -> Carried:
    """Yield the calls of the store that ``effect`` needs, and return what happened to records.

    Raises:
        UnknownNameError: It is no effect that a desk carries out.
        CosellError: It cannot be done now; the effect should be handed out again.
    """
    if not carries(effect):
        raise UnknownNameError("effect of cosell's own", effect.kind, _KINDS)
    answers = yield from _KINDS[effect.kind](served, effect, actor, at)
    return answers


def id_of_creation(creation: Creation, effect_id: str) -> str:
    """Return the id of the record that an effect makes: the same each time it is asked.

    Example:
        >>> id_of_creation(Creation(process="opportunity", source="lead"), "l-1/4/1")
        'opportunity-743b635b8e31192b511c407a'
    """
    digest = sha256(effect_id.encode()).hexdigest()[:_ID_DIGITS]
    return f"{creation.process[:_LONGEST_NAME]}-{digest}"


def record_of(bound: Bound, effect: Effect, creation: Creation) -> Record:
    """Return the record that an effect asks for, not opened yet.

    Raises:
        InvalidDataError: What the effect carries does not fit the model, with every path.
    """
    origin = {"id": effect.record_id, "process": creation.source, "effect": effect.id}
    values: dict[str, Any] = {"id": id_of_creation(creation, effect.id), "origin": origin}
    for path, value in effect.data.items():
        if value is not None:
            put(values, path, value)
    return validated(bound.model, values, f"effect `{effect.id}`")


def _create(served: Served, effect: Effect, actor: Actor, at: datetime) -> Carried:
    creation = effect.creation
    if creation is None:
        raise UnknownNameError("process of a record to be made", effect.id, ())
    record = record_of(served.newest(creation.process), effect, creation)
    command = Open(actor=actor, at=at, record=record, process=creation.process)
    try:
        made = yield from run(served, record.id, command)
    except RecordExistsError:
        made = yield from _made_before(served, record)
    if creation.trigger is None or creation.path is None:
        return (made,)
    told = yield from run(
        served,
        effect.record_id,
        _Report(
            actor=actor,
            at=at,
            trigger=creation.trigger,
            data={creation.path: record.id},
            path=creation.path,
            made=record.id,
        ),
    )
    return (made, told)


def _made_before(served: Served, wanted: Record) -> Generator[Ask, Any, Answer[Record]]:
    """Return the record that the same effect has made; raise if another has its id."""
    _, record = served.record_in((yield Ask("load", (wanted.id,))))
    if record.origin != wanted.origin:
        raise RecordExistsError(wanted.id)
    return Answer(record, repeated=True)


def _release(served: Served, effect: Effect, actor: Actor, at: datetime) -> Carried:
    key = str(effect.data["key"])
    passed: set[str] = set()
    while True:
        waiting = yield Ask("waiting", (key, len(passed) + _PAGE))
        left = [record_id for record_id in waiting if record_id not in passed]
        if not left:
            return ()
        for record_id in left:
            if (yield Ask("holder", (key,))) is not None:
                return ()
            answer = yield from _called(served, record_id, key, actor, at)
            if answer is not None:
                return (answer,)
            passed.add(record_id)


def _called(
    served: Served, record_id: str, key: str, actor: Actor, at: datetime
) -> Generator[Ask, Any, Answer[Record] | None]:
    """Return what the next in line comes to; ``None`` if it is passed over."""
    bound, _ = served.record_in((yield Ask("load", (record_id,))))
    kind = bound.process.claims.get(claim_name(key))
    if kind is None or kind.next is None:
        return None
    command = _Call(actor=actor, at=at, trigger=kind.next, waited=key)
    try:
        answer = yield from run(served, record_id, command)
    except (ClaimedError, TransitionRefusedError):
        return None
    return answer if answer.events else None


_KINDS: Final[Mapping[str, Callable[[Served, Effect, Actor, datetime], Carried]]] = (
    MappingProxyType({CREATE: _create, RELEASED: _release})
)
