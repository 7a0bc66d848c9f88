"""Compile the moves of a line: each of its transitions, from each stage that it leaves.

This module does not know in which order moves are asked for, nor what a gate asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from cosell.clocks import CompiledClock
from cosell.definition.line import STAY, Transition
from cosell.engine.access import Switch
from cosell.engine.append import append_of
from cosell.engine.bound import BLANK_ENTRY, BLANK_EVENT, BoundLine, Move
from cosell.engine.checks import claim_check, clock_check, input_check, role_check
from cosell.engine.claims import ClaimTemplate, templates
from cosell.engine.held import holding
from cosell.engine.paths import find_blank
from cosell.engine.readable import is_derived
from cosell.engine.scopes import LineScope
from cosell.events import EventKind, ProcessRef
from cosell.findings import Check, Finding, Verdict
from cosell.rules import CompiledGate

__all__ = ["moves_of"]


def moves_of(
    ref: ProcessRef,
    line: BoundLine,
    scope: LineScope,
    gates: Mapping[str, CompiledGate],
    switches: tuple[Switch, ...],
) -> Iterator[Move]:
    """Yield every permitted move, in file order."""
    clocks = {clock.clock.id: clock for clock in line.clocks}
    for transition in holding(scope.line):
        # What costs much is the same from every stage, and is made once.
        shared = _shared(ref, line, scope, transition, gates, clocks)
        if switches:
            shared.update(switches=switches, reads_writes=True, plain=False)
        for source in scope.line.stages_named(transition.source):
            yield _move(line, transition, source, shared)


def _move(line: BoundLine, transition: Transition, source: str, shared: Mapping[str, Any]) -> Move:
    """Return the move of a transition from one stage."""
    asked = (line.trigger_of(transition.trigger), source, transition.target_from(source))
    said, trailed = ({**shared[name], "source": source} for name in ("said", "trailed"))
    return Move(**{**shared, "asked": asked, "said": said, "trailed": trailed})


def _shared(
    ref: ProcessRef,
    line: BoundLine,
    scope: LineScope,
    transition: Transition,
    gates: Mapping[str, CompiledGate],
    clocks: Mapping[str, CompiledClock],
) -> dict[str, Any]:
    """Return what the moves of a transition have in common, by the name of their field."""
    needed = [each for each in transition.inputs if each.required and not each.append]
    inputs = tuple((given, input_check(given)) for given in needed)
    appends = tuple(
        append_of(given, scope.full_path(given.path), *scope.resolved(given.path), scope.full_path)
        for given in transition.inputs
        if given.append
    )
    within = tuple((clocks[name], clock_check(clocks[name])) for name in transition.within)
    claims, waits = templates(transition.claims), templates(transition.waits)
    compiled = tuple(gates[name] for name in transition.gates)
    reads_writes = _reads_writes(scope, transition, compiled) or bool(inputs or claims or waits)
    said = {
        "kind": EventKind.MOVED,
        "track": line.name,
        "trigger": transition.trigger,
        "source": None,
        "target": None if transition.target == STAY else transition.target,
    }
    asks = role_check(transition)
    return {
        "line": line,
        "transition": transition,
        "roles": frozenset(transition.roles),
        "gates": compiled,
        "reads_writes": reads_writes,
        "bare": not any(getattr(transition, name) for name in _DOING) and not appends,
        "plain": not (inputs or appends or within or claims or waits or reads_writes or line.name),
        "role_check": asks,
        "allowed": {role: Finding(asks, Verdict.MET, (role,)) for role in transition.roles},
        "input_checks": inputs,
        "clock_checks": within,
        "claim_checks": _claim_checks((*claims, *waits)),
        "said": {**BLANK_EVENT, **said, "process": ref},
        "trailed": {**BLANK_ENTRY, **said},
        "inputs": frozenset(given.path for given in transition.inputs),
        "appends": appends,
        "clears": tuple(_clears(scope, transition)),
        "claims": claims,
        "waits": waits,
    }


def _claim_checks(claims: Iterable[ClaimTemplate]) -> tuple[tuple[ClaimTemplate, Check], ...]:
    return tuple((claim, claim_check(claim.text)) for claim in claims if claim.paths)


#: What a transition may do, beside writing its inputs and its stage.
_DOING: Final = ("set", "clear", "claims", "releases", "waits", "effects")


def _clears(scope: LineScope, transition: Transition) -> Iterator[tuple[str, Any]]:
    """Yield each field that a transition empties, with what it holds then."""
    for path in transition.clear:
        for blank in find_blank(*scope.resolved(path)) or ():
            yield scope.full_path(path), blank


def _reads_writes(
    scope: LineScope, transition: Transition, gates: tuple[CompiledGate, ...]
) -> bool:
    """Whether a gate may read what the transition writes: the same path, or a derived field."""
    reads = {path for gate in gates for path in gate.reads if not path.startswith("facts.")}
    appended = (given.path for given in transition.inputs if given.append)
    heads = {path.split(".")[0] for path in (*transition.set, *transition.clear, *appended)}
    return bool(heads) and any(_head(scope, path, heads) for path in reads)


def _head(scope: LineScope, path: str, heads: set[str]) -> bool:
    model, inner = scope.resolved(path)
    first = inner.split(".")[0]
    return first in heads or model is not scope.model or is_derived(model, first)
