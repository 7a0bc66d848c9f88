"""The checks of a move that are not criteria: its role, inputs, clocks and claims.

This module does not know how a decision is put together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from cosell.clocks import CompiledClock, read_clock
from cosell.definition.claim import claim_name, claim_paths
from cosell.definition.clock_event import ClockEvent, Occasion, parse_clock_event
from cosell.definition.line import Input, Transition
from cosell.engine.access import examine_switches
from cosell.engine.deputies import examine_deputy
from cosell.engine.question import Question
from cosell.findings import Check, CheckKind, Finding, Verdict

if TYPE_CHECKING:
    from cosell.engine.bound import BoundLine, Move
    from cosell.engine.claims import ClaimTemplate
    from cosell.models.record import Record

__all__ = ["examine_plain_checks", "may_override", "override_check"]


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
        id=_input_id(given.path),
        kind=CheckKind.INPUT,
        needed=f"`{given.path}` is given{fresh}",
        remedy=given.help or f"Give `{given.path}` with the transition.",
        paths=(given.path,),
        label=given.label,
    )


def _input_id(path: str) -> str:
    return f"input_{path.replace('.', '_')}"


def clock_check(clock: CompiledClock) -> Check:
    """Return the check that it is time: a deadline has not run out, a hold is over."""
    needed, remedy = _TIMES[clock.is_hold]
    return Check(
        id=f"within_{clock.clock.id}",
        kind=CheckKind.CLOCK,
        needed=f"clock `{clock.clock.id}` {needed}",
        remedy=remedy,
        cites=clock.clock.cites,
        paths=(f"{clock.clock.id}.due_at",),
    )


#: What is needed of a clock, by whether it is a hold, and what to do when it is not so.
_TIMES: Final = MappingProxyType(
    {
        False: (
            "has not run out",
            "It is too late for this; see what else the stage permits.",
        ),
        True: ("is over", "It is too early for this; wait until then."),
    }
)
_IN_TIME: Final = MappingProxyType({True: Verdict.MET, False: Verdict.UNMET, None: Verdict.UNKNOWN})


def _to_start(clock: CompiledClock) -> str:
    """Return what starts a hold that never began."""
    texts = dict.fromkeys(clock.clock.start + clock.clock.restart)
    ways = " or ".join(map(_way_to_start, map(parse_clock_event, texts)))
    return f"Clock `{clock.id}` has not started: {ways}."


def _way_to_start(event: ClockEvent) -> str:
    name = event.name if event.line is None else f"{event.line}.{event.name}"
    if event.occasion is not Occasion.FIELD:
        return f"it starts with {event.occasion}('{name}')"
    head, _, fact = name.partition(".")
    return f"give fact `{fact}`" if head == "facts" and fact else f"record `{name}`"


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


def may_override(move: Move, question: Question) -> bool:
    """Whether the actor gives a reason, and has a role that may set criteria aside."""
    override = move.transition.override
    if override is None or not question.override:
        return False
    return question.actor.role in override.roles


def override_check(move: Move) -> Check:
    """Return the check that the actor may set criteria aside, as it asks to."""
    override = move.transition.override
    roles = ", ".join(sorted(override.roles)) if override else ""
    return Check(
        id="override",
        kind=CheckKind.OVERRIDE,
        needed=f"actor.role in {{{roles}}}, to set criteria aside",
        remedy=f"Ask one of these to do it: {roles}."
        if roles
        else "Nobody may set its criteria aside: see what they ask.",
        cites=override.cites if override else (),
        paths=("actor.role",),
    )


def examine_plain_checks(
    move: Move, record: Record, draft: Record, question: Question
) -> Iterator[Finding]:
    """Yield what is found about role, deputyship, inputs, clocks, claims and locks.

    Clocks are read from the record as it stands: what a transition writes stops none in time.
    """
    actor, at, data, facts, *_ = question
    allowed = actor.role in move.roles or may_override(move, question)
    yield Finding(move.role_check, Verdict.MET if allowed else Verdict.UNMET, (actor.role,))
    yield from examine_deputy(actor, at)
    for path in data:
        if path not in move.inputs:
            yield Finding(_stray_check(path), Verdict.UNMET, (data[path],))
    for given, check in move.input_checks:
        value = move.line.read(draft, given.path)
        missing = value is None or (given.fresh and given.path not in data)
        yield Finding(check, Verdict.UNKNOWN if missing else Verdict.MET, (value,))
    for append in move.appends:
        yield from append.findings(data)
    for clock, check in move.clock_checks:
        reading = read_clock(clock, record, at=at, facts=facts)
        remedy = _to_start(clock) if reading.in_time is None else None
        yield Finding(check, _IN_TIME[reading.in_time], (reading.due_at,), own_remedy=remedy)
    for claim, check in move.claim_checks:
        yield _examine_claim(claim, check, move.line, draft)
    if question.holders:
        yield from _taken(move, draft, question.holders)
    yield from examine_switches(move.switches, record, draft, actor)


def _examine_claim(claim: ClaimTemplate, check: Check, line: BoundLine, draft: Record) -> Finding:
    missing = (None,) * len(check.paths)
    try:
        rows = claim.rows(draft, line)
    except Exception as error:  # noqa: BLE001 - a host's derived field may raise anything
        return Finding(check, Verdict.UNKNOWN, missing, f"{type(error).__name__}: {error}")
    # Nothing would be claimed of an empty list, and so it is not enough.
    shown = next((row for row in rows if None in row), rows[0] if rows else missing)
    return Finding(check, Verdict.UNKNOWN if None in shown else Verdict.MET, shown)


def _taken(move: Move, draft: Record, holders: Mapping[str, str | None]) -> Iterator[Finding]:
    """Yield each key that another record holds."""
    for claim in move.claims:
        for key in claim.keys(draft, move.line):
            if key in holders and holders[key] != draft.id:
                holder = holders[key] or "another record"
                yield Finding(_taken_check(claim, key, move), Verdict.UNMET, (holder,))


def _taken_check(claim: ClaimTemplate, key: str, move: Move) -> Check:
    """Return the check that no other record holds a key."""
    instead = move.transition.if_claimed
    remedy = (
        "Wait until it is given back, or work with the record that holds it."
        if instead is None
        else f"Asked for nevertheless, it becomes `{move.line.trigger_of(instead.trigger)}`."
    )
    return Check(
        id=f"claim_{claim.name}",
        kind=CheckKind.CLAIM,
        needed=f"`{key}` is free",
        remedy=remedy,
        cites=move.transition.cites,
        paths=(f"claims.{claim.name}",),
    )


def _stray_check(path: str) -> Check:
    """Return the check that data which this candidate does not take are not given."""
    return Check(
        id=_input_id(path),
        kind=CheckKind.INPUT,
        needed=f"`{path}` is not given",
        remedy=f"Leave `{path}` out: this transition does not take it.",
        paths=(path,),
    )
