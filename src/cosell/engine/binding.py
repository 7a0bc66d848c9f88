"""Bind a process to a model and calendars: check everything, compile it, build its graphs. Once.

Rules:

1. All that is wrong is said at once, with file and line where the definition came from text.
2. A bound process holds nothing of the host but the model, the calendars and the predicates.

This module does not know how a decision is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain
from types import MappingProxyType
from typing import Any, Final

from cosell.calendars import Calendar
from cosell.clocks import CompiledClock, Correction, compile_clock
from cosell.definition.asked import criteria_of
from cosell.definition.check import problems_in_process
from cosell.definition.line import Lock
from cosell.definition.load import named
from cosell.definition.process import CLOCK_ROLE, Process
from cosell.definition.text import path_of
from cosell.engine.access import Switch, compile_edits, compile_switches
from cosell.engine.bindcheck import problems_in_binding, problems_in_corrections
from cosell.engine.bound import Bound, BoundLine, Move
from cosell.engine.chains import bound_chains, with_chains
from cosell.engine.claims import claims_of
from cosell.engine.decide import decide
from cosell.engine.decision import Decision
from cosell.engine.graph import build_machine, planned_moves
from cosell.engine.insiders import compile_views
from cosell.engine.item_line import item_line
from cosell.engine.items import ItemList
from cosell.engine.moves import moves_of
from cosell.engine.scopes import LineScope, line_scopes
from cosell.errors import DefinitionError, InvalidDataError, Problem
from cosell.errors.kinds import tells_kinds
from cosell.models.record import Record
from cosell.rules import compile_gate

__all__ = ["bind"]

Predicates = Mapping[str, Callable[..., bool | None]]
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
#: For how many names of items a track is kept in mind; most lists have a few names.
_KEPT_ITEMS: Final = 1_000


@tells_kinds
def bind(
    process: Process,
    *,
    record: type[Record],
    calendars: Mapping[str, Calendar] = _NOTHING,
    predicates: Predicates = _NOTHING,
    generated: bool = True,
    corrections: Sequence[Correction] = (),
) -> Bound:
    """Return ``process`` ready to decide about records of the model ``record``.

    Args:
        process: The definition.
        record: The model of its records, of cosell or the host's own subclass.
        calendars: A calendar for each name that the process lists.
        predicates: The host's own predicates, by the names that criteria use.
        generated: ``False`` for hosts that forbid generated code; slower, the same answers.
        corrections: How its calendars were corrected, oldest first: which clocks go on counting
            by the calendar of then.

    Returns:
        A bound process, which any number of threads may share.

    Raises:
        DefinitionError: Naming everything that does not fit: paths, types, calendars, and fields
            that a store would not give back.
        InvalidDataError: No process is given, or no model of records.
        NaiveDatetimeError: The moment of a correction has no time zone.

    Example:
        >>> from cosell.definition import parse_process
        >>> from cosell.models import Lead
        >>> process = parse_process('''
        ... id = "tiny"
        ... version = 1
        ... record = "Lead"
        ... initial = "fresh"
        ... roles = { seller = "Seller" }
        ... stages = [{ id = "fresh" }, { id = "won", kind = "won" }]
        ... [[transitions]]
        ... trigger = "win"
        ... source = "fresh"
        ... target = "won"
        ... roles = ["seller"]
        ... ''')
        >>> bind(process, record=Lead).triggers
        ('win',)
    """
    _require_kinds(process, record)
    record.model_rebuild()
    scopes = line_scopes(process, record, calendars)
    _require_sound(
        process,
        problems_in_process(process),
        problems_in_binding(process, scopes, calendars, predicates),
        problems_in_corrections(process, corrections),
    )
    switches = compile_switches(scopes)
    lists = tuple(scope.items for scope in scopes.values() if scope.items is not None)
    lines = {
        name: _line(
            process,
            scope,
            _clocks(process, scope, scopes, calendars, corrections),
            lists,
            predicates,
            switches,
            generated=generated,
        )
        for name, scope in scopes.items()
    }
    bound = Bound(
        process=process,
        model=record,
        ref=process.ref,
        lines=lines,
        main=lines[None],
        line_of=_line_of(lines),
        calendars=dict(calendars),
        clocked=any(line.clocks for line in lines.values()),
        quick={} if process.views else _quick_moves(lines, lists),
        switches=switches,
        edits=compile_edits(scopes, predicates, generated=generated),
        lists=lists,
        keys=lines[None].keys,
        views=compile_views(scopes[None], process.views, predicates, generated=generated),
    )
    _join(bound)
    return bound


def _join(bound: Bound) -> None:
    """Tell each line what holds for all of them."""
    claims = claims_of(bound.process)
    for line in bound.lines.values():
        line.claims = claims
        line.ask = partial(_ask, bound)


def _require_kinds(process: object, record: object) -> None:
    """Raise ``InvalidDataError`` unless a process and a model of records are given."""
    problems = []
    if not isinstance(process, Process):
        said = f"a process is needed, and this is a {type(process).__name__}"
        remedy = 'Read one: parse_process(text), or catalog.load("make").process.'
        problems.append(Problem("process", said, remedy))
    if not (isinstance(record, type) and issubclass(record, Record)):
        said = f"a model of records is needed, and this is {record!r:.100}"
        problems.append(Problem("record", said, "Give cosell.Opportunity, or a subclass of it."))
    if problems:
        raise InvalidDataError("what is to be bound", problems)


def _require_sound(process: Process, *found: Iterable[Problem]) -> None:
    """Raise ``DefinitionError`` if there is one problem or more."""
    each = (process.placed(problem, path_of(problem.path)) for problem in chain(*found))
    if problems := named(each):
        raise DefinitionError(f"process `{process.id}`", problems)


def _line_of(lines: Mapping[str | None, BoundLine]) -> dict[str, BoundLine]:
    """Return the line of each trigger; which items have some is known with a record only."""
    return {
        line.trigger_of(trigger): line
        for line in lines.values()
        if line.items is None
        for trigger, _ in line.moves
    }


def _quick_moves(
    lines: Mapping[str | None, BoundLine], lists: Sequence[ItemList]
) -> dict[tuple[str, str], Move]:
    """Return the moves that ``decide`` need not go the full way for.

    There are none beside a clock, nor beside a list, whose items must be named.
    """
    if lists or any(line.clocks for line in lines.values()):
        return {}
    return {
        asked: moves[0]
        for asked, moves in lines[None].moves.items()
        if len(moves) == 1 and moves[0].plain
    }


def _ask(bound: Bound, *, trigger: str, record: Record, **question: Any) -> Decision:
    """Decide for a machine that a host fires."""
    return decide(bound, record, trigger, **question)


def _line(
    process: Process,
    scope: LineScope,
    clocks: tuple[CompiledClock, ...],
    lists: tuple[ItemList, ...],
    predicates: Predicates,
    switches: tuple[Switch, ...],
    *,
    generated: bool,
) -> BoundLine:
    definition = scope.line
    scope = with_chains(scope)
    line = BoundLine(
        name=scope.any_name,
        definition=definition,
        part=scope.any_part,
        kinds={stage.id: stage.kind for stage in definition.stages},
        clocks=clocks,
        keys={each.path: each.key for each in lists},
        lists=lists,
        items=next((each for each in lists if each.track == scope.name), None),
    )
    gates = line.gates = {
        gate_id: compile_gate(
            gate_id,
            criteria_of(process, scope.name, gate),
            scope.scope,
            predicates=predicates,
            generated=generated,
        )
        for gate_id, gate in scope.line.gates.items()
    }
    line.chains = bound_chains(scope, predicates, generated=generated)
    machine = build_machine(
        line.kinds, definition.initial, moves_of(process.ref, line, scope, gates, switches)
    )
    line.graph = lambda: machine
    line.moves = planned_moves(machine)
    line.leaving = _leaving(line.moves)
    line.locked = _locks_by_stage(scope)
    if line.items is not None:
        line.of_item = lru_cache(maxsize=_KEPT_ITEMS)(partial(item_line, line, line.items))
    return line


def _clocks(
    process: Process,
    scope: LineScope,
    scopes: Mapping[str | None, LineScope],
    calendars: Mapping[str, Calendar],
    corrections: Sequence[Correction],
) -> tuple[CompiledClock, ...]:
    return tuple(
        compile_clock(
            clock,
            calendar=calendars[clock.calendar] if clock.calendar else None,
            zone=process.zone,
            parameters=process.parameters,
            track=scope.any_name,
            part=scope.part or None,
            parts={name: each.any_part for name, each in scopes.items() if name is not None},
            corrections=corrections,
        )
        for clock in scope.line.clocks
    )


def _leaving(
    moves: Mapping[tuple[str, str], tuple[Move, ...]],
) -> dict[str, tuple[tuple[str, tuple[Move, ...]], ...]]:
    """Return, for each stage, the triggers that a person may ask for; a clock's are left out."""
    found: dict[str, list[tuple[str, tuple[Move, ...]]]] = {}
    for (trigger, source), candidates in moves.items():
        if any(move.roles - {CLOCK_ROLE} for move in candidates):
            found.setdefault(source, []).append((trigger, candidates))
    return {source: tuple(triggers) for source, triggers in found.items()}


def _locks_by_stage(scope: LineScope) -> dict[str, tuple[Lock, ...]]:
    found: dict[str, list[Lock]] = {stage.id: [] for stage in scope.line.stages}
    for lock in scope.line.locks:
        for stage in () if lock.once else scope.line.stages_named(lock.stages):
            found[stage].append(lock)
    return {stage: tuple(locks) for stage, locks in found.items()}
