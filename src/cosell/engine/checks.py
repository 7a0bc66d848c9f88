"""The checks of a move that are not criteria: its role, inputs, clocks and claims.

This module does not know how a decision is put together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cosell.clocks import CompiledClock, read_clock
from cosell.definition.claim import PLACEHOLDER, claim_name, claim_paths
from cosell.definition.line import Input, Transition
from cosell.engine.paths import read_path
from cosell.events import Actor
from cosell.findings import Check, CheckKind, Finding, Verdict

if TYPE_CHECKING:
    from cosell.engine.bound import BoundLine, Move
    from cosell.models.record import Record

__all__ = ["claim_key", "examine_plain_checks"]


def role_check(transition: Transition) -> Check:
    """Return the check that the actor has one of the transition's roles."""
    roles = sorted(transition.roles)
    return Check(
        id="role",
        kind=CheckKind.ROLE,
        needed=f"actor.role in {{{', '.join(roles)}}}",
        remedy=f"Ask one of these to do it: {', '.join(roles)}.",
        cites=transition.cites,
        paths=("actor.role",),
    )


def input_check(given: Input) -> Check:
    """Return the check that a required input is recorded, or given anew."""
    fresh = " anew" if given.fresh else ""
    return Check(
        id=f"input_{given.path.replace('.', '_')}",
        kind=CheckKind.INPUT,
        needed=f"`{given.path}` is given{fresh}",
        remedy=given.help or f"Give `{given.path}` with the transition.",
        paths=(given.path,),
        label=given.label,
    )


def clock_check(clock: CompiledClock) -> Check:
    """Return the check that a clock has not run out."""
    return Check(
        id=f"within_{clock.clock.id}",
        kind=CheckKind.CLOCK,
        needed=f"clock `{clock.clock.id}` has not run out",
        remedy="It is too late for this; see what else the stage permits.",
        cites=clock.clock.cites,
        paths=(f"{clock.clock.id}.due_at",),
    )


def claim_check(template: str) -> Check:
    """Return the check that everything a claim is made of is recorded."""
    paths = claim_paths(template)
    return Check(
        id=f"claim_{claim_name(template)}",
        kind=CheckKind.CLAIM,
        needed=f"what claim `{template}` is made of is recorded",
        remedy=f"Record {', '.join(f'`{path}`' for path in paths)}.",
        paths=paths,
    )


def claim_key(template: str, line: BoundLine, record: Record) -> str:
    """Return a claim with its values filled in."""
    return PLACEHOLDER.sub(lambda found: str(read_path(record, line.full_path(found[1]))), template)


def examine_plain_checks(
    move: Move,
    draft: Record,
    *,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any],
    facts: Mapping[str, Any] | None,
) -> Iterator[Finding]:
    """Yield what is found about role, inputs, clocks and claims, in this order."""
    override = move.transition.override
    allowed = actor.role in move.roles or (override and actor.role in override.roles)
    yield Finding(move.role_check, Verdict.MET if allowed else Verdict.UNMET, (actor.role,))
    for given, check in move.input_checks:
        value = read_path(draft, move.line.full_path(given.path))
        missing = value is None or (given.fresh and given.path not in data)
        yield Finding(check, Verdict.UNKNOWN if missing else Verdict.MET, (value,))
    for clock, check in move.clock_checks:
        reading = read_clock(clock, draft, at=at, facts=facts)
        verdict = Verdict.UNMET if reading.overdue else Verdict.MET
        yield Finding(check, verdict, (reading.due_at,))
    for _, check in move.claim_checks:
        values = tuple(read_path(draft, move.line.full_path(path)) for path in check.paths)
        yield Finding(check, Verdict.UNKNOWN if None in values else Verdict.MET, values)
