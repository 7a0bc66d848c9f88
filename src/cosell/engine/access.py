"""Who may edit what, and which fields may be set once: compiled from the rows of a definition.

Rules:

1. A process without rows of ``edits`` leaves every edit to its locks. With such rows, of any
   line, an edit needs a row that fits role, stage, path and condition; unknown is never yes.
2. A path covers everything below it. Editing a whole needs a row that covers the whole.
3. A lock with ``once`` keeps what was set, for edits and transitions alike, clocks and overrides
   included. Set is what is there and is not ``false``; of a list, what is in it stays as it is
   and more may come; of a group, each field by itself.

This module does not know how a record is edited or moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from cosell.definition.access import EVERY_FIELD, Edit
from cosell.definition.effect import overlap
from cosell.definition.line import Lock
from cosell.engine.items import ItemList, split_name
from cosell.engine.paths import NO_KEYS, Keys, read_path, rewritten, unkeyed
from cosell.engine.scopes import LineScope
from cosell.errors import InvalidDataError, Problem
from cosell.events import Actor
from cosell.findings import Check, CheckKind, Finding, Verdict
from cosell.models.record import Record
from cosell.rules import CompiledGate, Criterion, Scope, compile_gate

__all__ = [
    "BoundEdit",
    "EditAsked",
    "Switch",
    "compile_edits",
    "compile_switches",
    "compile_when",
    "examine_switches",
    "flips",
    "problems_with_edit",
    "problems_with_switches",
    "stages_of",
    "when_criterion",
]

Predicates = Mapping[str, Callable[..., bool | None]]


@dataclass(frozen=True, slots=True, eq=False)
class Switch:
    """A lock with ``once``, compiled.

    Attributes:
        lock: Its definition.
        paths: Its fields as seen from the record.
        stage_path: Where the stage stands that it looks at.
        stages: The stages in which it holds; ``None`` is every one.
        items: The list whose items it is about, each by itself; ``None`` if it is not of one.
    """

    lock: Lock
    paths: tuple[str, ...]
    stage_path: str
    stages: frozenset[str] | None
    items: ItemList | None = None

    def holds(self, record: Record, actor: Actor) -> bool:
        """Whether it concerns ``actor`` as the record stands."""
        here = self.stages is None or read_path(record, self.stage_path, self.keys) in self.stages
        return here and actor.role not in self.lock.except_roles

    @property
    def keys(self) -> Keys:
        """Which field names the items of the list."""
        return NO_KEYS if self.items is None else self.items.keys

    def flipped(self, before: Record, after: Record, actor: Actor) -> Iterator[str]:
        """Yield each of its fields that was set before and is not the same after."""
        if before is after:
            return
        for switch in self._places(before):
            if switch.holds(before, actor):
                yield from switch.flipped_here(before, after)

    def flipped_here(self, before: Record, after: Record) -> Iterator[str]:
        """Yield each of its paths of which that is so, whoever asks."""
        for path in self.paths:
            was = read_path(before, path, self.keys)
            if flips(was, read_path(after, path, self.keys)):
                yield path

    def _places(self, record: Record) -> Iterator[Switch]:
        """Yield it for each item of the list; itself, where it is of none."""
        if self.items is None:
            yield self
            return
        for name in self.items.items_in(record):
            paths = tuple(self.items.path_for(name, path) for path in self.paths)
            yield replace(self, paths=paths, stage_path=self.items.path_for(name, self.stage_path))


def flips(before: Any, after: Any) -> bool:
    """Whether something that was set is gone or another one.

    Example:
        >>> flips(None, 1), flips(False, True), flips(True, False), flips(("a",), ("a", "b"))
        (False, False, True, False)
    """
    if isinstance(before, BaseModel):
        names = type(before).model_fields
        return any(flips(getattr(before, name), getattr(after, name, None)) for name in names)
    if isinstance(before, tuple | list):
        return not isinstance(after, tuple | list) or after[: len(before)] != before
    return before is not None and before is not False and before != after


def compile_switches(scopes: Mapping[str | None, LineScope]) -> tuple[Switch, ...]:
    """Return every lock with ``once``, of all lines."""
    return tuple(
        Switch(
            lock,
            tuple(scope.full_path(path) for path in lock.paths),
            _stage_path(scope),
            stages_of(scope, lock.stages),
            scope.items,
        )
        for scope in scopes.values()
        for lock in scope.line.locks
        if lock.once
    )


def _stage_path(scope: LineScope) -> str:
    return f"{scope.any_part}.stage" if scope.part else "stage"


def stages_of(scope: LineScope, named: tuple[str, ...]) -> frozenset[str] | None:
    """Return the stages that a row names; ``None`` is every one, as for a row that names none."""
    return frozenset(scope.line.stages_named(named)) if named else None


def examine_switches(
    switches: tuple[Switch, ...], record: Record, draft: Record, actor: Actor
) -> Iterator[Finding]:
    """Yield a finding for each field that a transition would set back."""
    for switch in switches:
        for path in switch.flipped(record, draft, actor):
            was = read_path(record, path, switch.keys)
            yield Finding(_switch_check(switch, path), Verdict.UNMET, (was,))


def _switch_check(switch: Switch, path: str) -> Check:
    return Check(
        id=f"once_{path.replace('.', '_')}",
        kind=CheckKind.LOCK,
        needed=f"`{path}` stays as it was set",
        remedy=switch.lock.remedy,
        cites=switch.lock.cites,
        paths=(path,),
    )


@dataclass(frozen=True, slots=True, eq=False)
class BoundEdit:
    """A row that says who may edit what, compiled.

    Attributes:
        row: Its definition.
        paths: Its fields as seen from the record; ``None`` is every one.
        stage_path: Where the stage stands that it looks at.
        stages: The stages in which it holds; ``None`` is every one.
        part: Field path of the part that its condition reads; empty on the main line.
        when: Its condition.
        items: The list whose items it is about, each by itself; ``None`` if it is not of one.
    """

    row: Edit
    paths: tuple[str, ...] | None
    stage_path: str
    stages: frozenset[str] | None
    part: str
    when: CompiledGate | None
    items: ItemList | None = None

    @property
    def keys(self) -> Keys:
        """Which field names the items of the list."""
        return NO_KEYS if self.items is None else self.items.keys

    def about(self, path: str) -> BoundEdit:
        """Return it for the item that ``path`` leads into, where it is about each item."""
        place, item = split_name(path.partition("]")[0])
        if self.items is None or item is None or place != self.items.path:
            return self
        paths = self.paths or ()
        return replace(
            self,
            paths=tuple(self.items.path_for(item, f"{each}.").rstrip(".") for each in paths),
            stage_path=self.items.path_for(item, self.stage_path),
            part=self.items.place_of(item),
        )

    def covers(self, path: str) -> bool:
        """Whether it is about ``path``, or about a whole that holds it."""
        known = self.paths
        return known is None or any(
            path == each or path.startswith((f"{each}.", f"{each}[")) for each in known
        )

    def holds(self, record: Record) -> bool:
        """Whether the record stands where it counts."""
        return self.stages is None or read_path(record, self.stage_path, self.keys) in self.stages

    def permits(self, record: Record, asked: EditAsked) -> bool:
        """Whether its condition surely holds."""
        if self.when is None:
            return True
        part = read_path(record, self.part, self.keys) if self.part else record
        return self.when.permits(part, record, asked.actor, asked.facts, asked.at, None)


@dataclass(frozen=True, slots=True)
class EditAsked:
    """Who edits, when, why, and with which facts."""

    actor: Actor
    at: datetime
    reason: str | None
    facts: Mapping[str, Any] | None


def compile_edits(
    scopes: Mapping[str | None, LineScope], predicates: Predicates, *, generated: bool
) -> tuple[BoundEdit, ...]:
    """Return every row of every line that says who may edit what."""
    return tuple(
        BoundEdit(
            row,
            _paths_of(scope, row),
            _stage_path(scope),
            stages_of(scope, row.stages),
            scope.any_part,
            compile_when(row.id, row.when, scope.scope, predicates, generated=generated),
            scope.items,
        )
        for scope in scopes.values()
        for row in scope.line.edits
    )


def _paths_of(scope: LineScope, row: Edit) -> tuple[str, ...] | None:
    if EVERY_FIELD not in row.paths:
        return tuple(scope.full_path(path) for path in row.paths)
    return (scope.any_part,) if scope.part else None


def when_criterion(row_id: str, text: str) -> Criterion:
    """Return the condition of a row as a criterion, so that it is checked and run like one."""
    return Criterion(id=row_id, need=text, remedy="See who may.")


def compile_when(
    row_id: str, text: str | None, scope: Scope, predicates: Predicates, *, generated: bool
) -> CompiledGate | None:
    """Return the condition of a row, compiled; it permits on surely true alone."""
    if text is None:
        return None
    criteria = [when_criterion(row_id, text)]
    return compile_gate(row_id, criteria, scope, predicates=predicates, generated=generated)


def problems_with_edit(
    edits: tuple[BoundEdit, ...], record: Record, path: str, asked: EditAsked
) -> Iterator[Problem]:
    """Yield why no row permits to edit ``path``; nothing where there are no rows."""
    placed = (edit.about(path) for edit in edits)
    about = [edit for edit in placed if edit.covers(path) and edit.holds(record)]
    own = [edit for edit in about if asked.actor.role in edit.row.roles]
    if edits and not own:
        problem = f"`{path}` is not edited by `{asked.actor.role}` in `{record.stage}`"
        yield Problem(path, problem, _who_may(about))
        return
    permitted = [edit for edit in own if edit.permits(record, asked)]
    if own and not permitted:
        yield Problem(path, f"`{path}` is not edited unless {_conditions(own)}", _instead(own))
    if permitted and not asked.reason and all(edit.row.reason for edit in permitted):
        yield Problem(path, f"`{path}` is not edited without a reason", "Say why.")


def _who_may(about: list[BoundEdit]) -> str:
    roles = sorted({role for edit in about for role in edit.row.roles})
    if not roles:
        return "Ask for a transition that takes it."
    return f"Ask one of these to do it: {', '.join(roles)}."


def _conditions(edits: list[BoundEdit]) -> str:
    return " or ".join(dict.fromkeys(f"`{edit.row.when}`" for edit in edits))


def _instead(edits: list[BoundEdit]) -> str:
    remedies = (edit.row.remedy for edit in edits)
    return next((said for said in remedies if said), "Ask somebody for whom that holds.")


def problems_with_switches(
    switches: tuple[Switch, ...],
    record: Record,
    data: Mapping[str, Any],
    actor: Actor,
    keys: Keys = NO_KEYS,
) -> Iterator[Problem]:
    """Yield each field that an edit would set back; what does not fit the model is told elsewhere.

    Each path is looked at alone, so that one that does not fit hides nothing.
    """
    for path, value in data.items():
        concerned = [each for each in switches if _concerns(each, path)]
        after = _with(record, path, value, keys) if concerned else None
        if after is not None:
            for switch in concerned:
                for field in switch.flipped(record, after, actor):
                    problem = f"`{field}` was set, and stays as it is"
                    yield Problem(path, problem, switch.lock.remedy)


def _concerns(switch: Switch, path: str) -> bool:
    return any(overlap(unkeyed(path), unkeyed(own)) for own in switch.paths)


def _with(record: Record, path: str, value: Any, keys: Keys) -> Record | None:
    try:
        return rewritten(record, {path: value}, path, keys)
    except InvalidDataError:
        return None
