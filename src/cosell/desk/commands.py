"""The commands of a desk, as pure plans: what was loaded in, one commit out.

Rules:

1. A plan reads nothing but its arguments, so that ``Desk`` and ``AsyncDesk`` share it.
2. A command's digest leaves out its moment, its facts and the version that was expected: a retry
   comes later, and may know more.
3. A record that is loaded is settled first; settling and command are one commit.

This module does not know what a store is.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar, Final

from pydantic import TypeAdapter, ValidationError

from cosell._base import Text, problems_from
from cosell.definition.claim import claim_name
from cosell.desk.answer import Instead
from cosell.desk.planning import Loaded, Planned, planned
from cosell.engine import (
    Applied,
    Bound,
    TransitionRefusedError,
    adopt,
    apply,
    change,
    decide,
    open_record,
    settle,
)
from cosell.engine.past import Past
from cosell.engine.question import require_actor, require_data
from cosell.errors import (
    ClaimedError,
    CosellError,
    InvalidDataError,
    OutOfOrderError,
    require_aware,
)
from cosell.events import Actor
from cosell.fees.terms import plan_for, stamp_of, terms_of
from cosell.findings import plain
from cosell.models.record import Record
from cosell.money import Rates

__all__ = ["Adopt", "Change", "Command", "Loaded", "Move", "Open", "Planned", "Tick"]


_KEY: Final[TypeAdapter[str]] = TypeAdapter(Text)
#: The input that is filled with the fee terms in force, where nothing is given for it (BX-20).
_TERMS: Final = "terms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Who asks, when, and under which key; and what is left out of what would follow by itself.

    Automatic transitions may be, and moves of clocks that would take one of the keys in ``taken``.
    """

    actor: Actor
    at: datetime
    key: str | None = None
    facts: Mapping[str, Any] | None = None
    automatic: bool = True
    taken: Mapping[str, str | None] = field(default_factory=dict)
    word: ClassVar[str] = ""

    @property
    def given(self) -> Collection[str]:
        """Field paths of the caller's own data."""
        return ()

    @property
    def party(self) -> str:
        """Whose keys these are: the actor's organisation, or the actor itself."""
        return self.actor.party or self.actor.id

    @property
    def content(self) -> dict[str, Any]:
        """What makes this command differ from another one."""
        return {}

    @property
    def digest(self) -> str:
        """SHA-256 over word, actor and content."""
        whole = {"word": self.word, "actor": self.actor.id, **self.content}
        if self.actor.on_behalf_of is not None:
            whole["on_behalf_of"] = self.actor.on_behalf_of
        text = json.dumps(plain(whole), sort_keys=True, ensure_ascii=False)
        return sha256(text.encode(errors="surrogatepass")).hexdigest()

    def require_sound(self) -> None:
        """Raise if moment or key cannot be used, before any store is asked.

        Raises:
            NaiveDatetimeError: ``at`` has no time zone.
            InvalidDataError: The actor is none; or the key is no text, is empty, or is too long.
        """
        require_actor(self.actor)
        require_aware(self.at)
        if self.key is not None:
            try:
                _KEY.validate_python(self.key, strict=True)
            except ValidationError as error:
                raise InvalidDataError("the key", problems_from(error, "key")) from None

    def after(self, error: ClaimedError, *, known: bool) -> Command | None:
        """Return what to try now that another record holds a claim; ``None`` is nothing."""
        del error, known
        return None

    def instead(self, loaded: Loaded) -> Instead | None:
        """Return what was asked for, when it is something else that is done."""
        del loaded
        return None

    def applied(self, loaded: Loaded) -> Applied[Record]:
        """Return what the command comes to, or raise why it does not."""
        return Applied(loaded.record)

    def plan(self, loaded: Loaded) -> Planned:
        """Return the commit that carries the command out, with its answer.

        Raises:
            TransitionRefusedError: The move is not permitted.
            CosellError: The command is a mistake; see ``apply``, ``change``, ``open_record``.
        """
        loaded = replace(loaded, bound=loaded.bound.knowing(self.taken))
        after = replace(loaded, bound=self.follows(loaded))
        return planned(self, after, self.applied(loaded))

    def follows(self, loaded: Loaded) -> Bound:
        """Return the process that the record follows after the command."""
        return loaded.bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(Command):
    """Open a record at the start of its process, or of the only one that is served."""

    word: ClassVar[str] = "open"
    record: Record
    process: str | None = None

    @property
    def content(self) -> dict[str, Any]:
        """The record as it was given, and the process that was named."""
        return {"record": self.record.model_dump(mode="json"), "process": self.process}

    def applied(self, loaded: Loaded) -> Applied[Record]:
        """Return the record at its first stage."""
        return open_record(
            loaded.bound, loaded.record, actor=self.actor, at=self.at, automatic=self.automatic
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopt(Open):
    """Bring in a record that was under way before cosell came."""

    word: ClassVar[str] = "adopt"
    stage: str
    trail: Past = ()
    reason: str | None = None
    rates: Rates | None = None

    @property
    def content(self) -> dict[str, Any]:
        """The record as it was given, the process, its stage and trail, where it comes from."""
        given = {"record": self.record.model_dump(mode="json"), "process": self.process}
        brought = {"trail": list(self.trail)} if self.trail else {}
        return {**given, "stage": self.stage, "reason": self.reason, **brought}

    def applied(self, loaded: Loaded) -> Applied[Record]:
        """Return the record where it stands."""
        return adopt(
            loaded.bound,
            loaded.record,
            stage=self.stage,
            actor=self.actor,
            at=self.at,
            trail=self.trail,
            reason=self.reason,
            facts=self.facts,
            rates=self.rates,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Command):
    """Take a transition; or another one, where another record holds what it claims."""

    word: ClassVar[str] = "move"
    trigger: str
    data: Mapping[str, Any] = field(default_factory=dict)
    rates: Rates | None = None
    expected_version: int | None = None
    override: str | None = None
    claimed: ClaimedError | None = None
    known: bool = True

    @property
    def given(self) -> Collection[str]:
        """Field paths of the data."""
        require_data(self.data)
        return tuple(self.data)

    @property
    def content(self) -> dict[str, Any]:
        """Trigger, data and override."""
        return {
            "trigger": self.trigger,
            "data": dict(self.data),
            "expected_version": None,  # as keys have it that were stored without one
            "override": self.override,
        }

    def applied(self, loaded: Loaded) -> Applied[Record]:
        """Return the moved record."""
        require_later(loaded, self.at)
        if self.claimed is None:
            return self._taken(loaded, self.trigger, self.data)
        trigger, data = self._other_way(loaded, self.claimed)
        try:
            return self._taken(loaded, trigger, data)
        except TransitionRefusedError as refused:
            raise self._told(self.claimed) from refused

    def _taken(self, loaded: Loaded, trigger: str, data: Mapping[str, Any]) -> Applied[Record]:
        return apply(
            loaded.bound,
            loaded.record,
            trigger,
            actor=self.actor,
            at=self.at,
            data={**self._stamp(loaded, trigger, data), **data},
            facts=self.facts,
            rates=self.rates,
            expected_version=self.expected_version,
            override=self.override,
            automatic=self.automatic,
        )

    def _stamp(self, loaded: Loaded, trigger: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the terms in force, if the transition takes them and none are given (BX-20)."""
        moves = loaded.bound.main.moves.items() if loaded.plans else ()
        takers = {
            stage
            for (name, stage), found in moves
            if name == trigger and any(_TERMS in move.inputs for move in found)
        }
        if not takers or any(path.partition(".")[0] == _TERMS for path in data):
            return {}
        here = settle(loaded.bound, loaded.record, at=self.at, facts=self.facts).record
        if here.stage not in takers or stamp_of(here) is not None:
            return {}
        try:
            plan = plan_for(here, loaded.plans, at=self.at)
        except CosellError:
            return {}  # the answer says what is wrong with its fees
        return {_TERMS: terms_of(plan, here, at=self.at)}

    def after(self, error: ClaimedError, *, known: bool) -> Move | None:
        """Return the same command, to be tried the way its process names for a taken claim."""
        if self.claimed is not None:
            return None
        return replace(self, claimed=error, known=known)

    def instead(self, loaded: Loaded) -> Instead | None:
        """Return what was asked for, and who has the claim as far as the asker may know."""
        del loaded
        if self.claimed is None:
            return None
        told = self._told(self.claimed)
        return Instead(asked=self.trigger, key=told.key, holder=told.holder)

    def _told(self, error: ClaimedError) -> ClaimedError:
        """Return ``error`` as the asker may hear it."""
        return error if self.known else ClaimedError(error.key, None)

    def _other_way(self, loaded: Loaded, error: ClaimedError) -> tuple[str, dict[str, Any]]:
        """Return trigger and data of what is done when a claim is taken.

        Raises:
            ClaimedError: The process names nothing for this case.
        """
        move = decide(
            loaded.bound,
            loaded.record,
            self.trigger,
            actor=self.actor,
            at=self.at,
            data=self.data,
            facts=self.facts,
            rates=self.rates,
            expected_version=self.expected_version,
            override=self.override,
        ).move
        taken = () if move is None else tuple(claim.name for claim in move.claims)
        instead = None if move is None else move.transition.if_claimed
        if move is None or instead is None or claim_name(error.key) not in taken:
            raise self._told(error)
        others = move.line.moves.get((instead.trigger, move.source), ())
        inputs = {path for other in others for path in other.inputs}
        data = {path: value for path, value in self.data.items() if path in inputs}
        told = {instead.key: error.key, instead.holder: error.holder}
        data |= {path: value for path, value in told.items() if path is not None}
        return move.line.trigger_of(instead.trigger), data


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Command):
    """Edit fields."""

    word: ClassVar[str] = "change"
    data: Mapping[str, Any]
    reason: str | None = None
    expected_version: int | None = None

    @property
    def given(self) -> Collection[str]:
        """Field paths of the data."""
        require_data(self.data)
        return tuple(self.data)

    @property
    def content(self) -> dict[str, Any]:
        """Data and reason."""
        return {"data": dict(self.data), "reason": self.reason}

    def applied(self, loaded: Loaded) -> Applied[Record]:
        """Return the edited record."""
        require_later(loaded, self.at)
        return change(
            loaded.bound,
            loaded.record,
            self.data,
            actor=self.actor,
            at=self.at,
            reason=self.reason,
            facts=self.facts,
            expected_version=self.expected_version,
            automatic=self.automatic,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick(Command):
    """Apply what clocks have due."""

    word: ClassVar[str] = "tick"

    def applied(self, loaded: Loaded) -> Applied[Record]:
        """Return the settled record."""
        require_later(loaded, self.at)
        return settle(loaded.bound, loaded.record, at=self.at, facts=self.facts)


def require_later(loaded: Loaded, at: datetime) -> None:
    """Raise ``OutOfOrderError`` if ``at`` is before the last event of the record."""
    stored = loaded.snapshot
    if stored is not None and at < stored.last_at:
        raise OutOfOrderError(stored.id, at, stored.last_at)
