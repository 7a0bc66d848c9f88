"""Decide whether a record may take a transition now, and say why.

Rules that hold for every decision:

1. Due clocks are settled first: the answer never depends on whether someone ticked.
2. Every check runs even after one has failed. Only *required* findings stop a transition.
3. A gate reads the record with the given data and the transition's own writes in it.
4. Of several candidates the first whose checks all pass is taken; if none does, the findings of
   all are given, each with the number of its candidate.
5. An override sets criteria aside, with a reason; never a stage, a role, a version, an input, a
   claim or a clock.
6. The quick way and the full way give the same answer; the quick way is taken where role and
   gates are all there is to check.

This module does not know what a store is, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from cosell.calendars import find_zone, in_zone
from cosell.engine.bound import Bound, BoundLine, Move
from cosell.engine.decision import Decision, Outcome
from cosell.engine.draft import require_inputs, require_reason
from cosell.engine.facts import read_facts
from cosell.engine.insiders import require_insider
from cosell.engine.judge import ORDER, Judged, judge, outcome_of
from cosell.engine.question import NO_DATA, Question, require_actor
from cosell.engine.settle import settle
from cosell.errors import did_you_mean, require_aware
from cosell.errors.kinds import STUMBLES, blame
from cosell.events import Actor, Event, EventKind
from cosell.findings import Check, CheckKind, Finding, Verdict
from cosell.models.record import Record
from cosell.money import Rates

__all__ = ["decide", "decide_fully", "decide_quickly", "decide_settled"]

_PERMITTED: Final = Outcome.PERMITTED
_OBSTACLES: Final = Outcome.OBSTACLES
_WRONG_ROLE: Final = Outcome.WRONG_ROLE


def decide(  # noqa: PLR0913 - the question has this many parts
    bound: Bound,
    record: Record,
    trigger: str,
    *,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any] = NO_DATA,
    facts: Mapping[str, Any] | None = None,
    rates: Rates | None = None,
    expected_version: int | None = None,
    override: str | None = None,
    holders: Mapping[str, str | None] | None = None,
) -> Decision:
    """Return whether ``actor`` may pull ``trigger`` now, with every reason.

    Args:
        bound: The process to decide by.
        record: Where the deal stands. It is settled first, and not changed.
        trigger: What the actor asks for; in a track with its name, ``poc.approve``.
        actor: Who asks, and in what capacity.
        at: The moment of asking, with a time zone. cosell never reads a clock.
        data: Values for the transition's inputs, by field path.
        facts: Values from outside the record, by the names that the process declares.
        rates: Dated exchange rates, for amounts in another currency.
        expected_version: The version the asker saw; ``None`` does not check it.
        override: The reason for setting criteria aside, if the asker wants to.
        holders: Keys that are taken, each with the record that holds it, or ``None`` where the
            asker may not know; see ``keys_wanted``. Without it a store says so at the commit.

    Returns:
        A decision. It never raises for a "no".

    Raises:
        InvalidDataError: ``data``, ``facts`` or ``override`` do not fit, with every path.
        NaiveDatetimeError: ``at`` has no time zone.
        WrongProcessError: ``record`` does not follow this process.
        CalendarExhaustedError: A clock needs a day that its calendar does not know.
        RecordNotFoundError: The process has views, and none is the actor's: the record that is
            given does not exist for them, and the error is that of an unknown id.

    Source:
        BX-40, BX-41, BX-42.

    Example:
        >>> from datetime import UTC, datetime
        >>> from cosell import Actor, Calendar, Opportunity, catalog, open_record
        >>> vendor = Calendar.from_holidays("CZ", tz="Europe/Prague")
        >>> make = catalog.load("make").bind(calendars={"vendor": vendor})
        >>> me, now = Actor("ae-3", role="ae", party="vendor"), datetime(2026, 11, 20, tzinfo=UTC)
        >>> deal = open_record(make, Opportunity(id="o-1"), actor=me, at=now).record
        >>> decision = decide(make, deal, "qualify", actor=me, at=now)
        >>> decision.outcome.value, len(decision.obstacles)
        ('obstacles', 12)
        >>> print(decision.obstacles[0].remedy)
        Record where the lead comes from: the partner's network, prospecting, or another source.
    """
    try:
        decision = decide_quickly(
            bound, record, trigger, actor, at, data, facts, rates, expected_version, override
        )
        if decision is not None:
            return decision
        asked = bound, record, trigger, actor, at, data, facts, rates, expected_version, override
        return decide_fully(*asked, holders)
    except STUMBLES as error:
        # As ``tells_kinds`` does it, whose call of a call would be the better part of an answer.
        blame(error, decide, (bound, record, trigger), {"actor": actor, "at": at, "data": data})
        raise


def decide_quickly(  # noqa: PLR0913, PLR0917 - the question of ``decide``, given by place
    bound: Bound,
    record: Record,
    trigger: str,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any],
    facts: Mapping[str, Any] | None,
    rates: Rates | None,
    expected_version: int | None,
    override: str | None,
) -> Decision | None:
    """Return the decision where role and gates are all there is to check; else ``None``."""
    if (
        record.__class__ is bound.model
        and at.tzinfo is not None
        and actor.__class__ is Actor
        and actor.on_behalf_of is None
        and (data is NO_DATA or not data)
        and not facts
        and not override
        and expected_version is None
        and record.merged_into is None
        and (move := bound.quick.get((trigger, record.stage))) is not None
        # A record that comes from a store has a reference of its own, which is equal.
        and ((process := record.process) is bound.ref or process is None or process == bound.ref)
    ):
        if actor.role not in move.roles:
            outcome = _WRONG_ROLE
        else:
            outcome = _PERMITTED
            for gate in move.gates:
                if not gate.permits(record, record, actor, None, at, rates):
                    outcome = _OBSTACLES
                    break
        return Decision(move.asked, outcome, move, (record, actor, at, rates), move)
    return None


def decide_fully(  # noqa: PLR0913, PLR0917 - the question of ``decide``, given by place
    bound: Bound,
    record: Record,
    trigger: str,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any],
    facts: Mapping[str, Any] | None,
    rates: Rates | None,
    expected_version: int | None,
    override: str | None,
    holders: Mapping[str, str | None] | None = None,
) -> Decision:
    """Return the decision after every check there is; raises as ``decide`` does."""
    require_actor(actor)
    facts = read_facts(bound.process.facts, facts)
    reason = require_reason(override, "override")
    question = Question(
        actor, require_aware(at), data, facts, rates, expected_version, reason, holders
    )
    bound.require_own(record)
    if bound.views:
        require_insider(bound, record, actor=actor, at=at, facts=facts, rates=rates)
    return _in_full(bound, record, trigger, question)


def _in_full(bound: Bound, record: Record, trigger: str, question: Question) -> Decision:
    line = bound.line_asked(trigger, record)
    before = _stale(record, question.expected_version)
    if line is None:
        found = (_nowhere(trigger, bound, record), *before)
        return _made(trigger, Outcome.UNKNOWN_TRIGGER, record, question, found)
    settled = settle(bound, record, at=question.at, facts=question.facts)
    name = trigger.rpartition(".")[2]
    moves = _open_moves(bound, line, settled.record, name)
    if not moves and settled.events:
        moves = _open_moves(bound, line, record, name)
        before += (_too_late(bound, line, settled.events),) if moves else ()
    if not moves:
        return _no_move(bound, line, settled.record, trigger, question, before)
    return decide_settled(moves, settled.record, question, before)


def decide_settled(
    moves: Sequence[Move], record: Record, question: Question, before: tuple[Finding, ...] = ()
) -> Decision:
    """Return which of the candidates for one trigger is taken, of a record that is settled.

    Args:
        moves: The candidates, from where the record stands.
        record: The record, settled.
        question: What is asked, with facts that have been read.
        before: What was found already.

    Raises:
        InvalidDataError: The data do not fit, with every path.
    """
    require_inputs(moves, question.data)
    return _conclude(judge(moves, record, question), record, question, before)


def _open_moves(bound: Bound, line: BoundLine, record: Record, name: str) -> tuple[Move, ...]:
    """Return the candidates; none on a track that ended with the main line."""
    if not bound.is_running(line, record):
        return ()
    return line.moves.get((name, line.stage_of(record)), ())


def _conclude(
    judged: Sequence[Judged], record: Record, question: Question, before: tuple[Finding, ...]
) -> Decision:
    """Take the first candidate without an obstacle; if there is none, give all findings."""
    trigger = judged[0].move.trigger
    taken = next((each for each in judged if not each.obstacles), None)
    if taken is not None and not before:
        return _made(
            trigger, _PERMITTED, record, question, taken.findings, taken.move, taken.overridden
        )
    findings = before + tuple(finding for each in judged for finding in each.findings)
    nearest = max((outcome_of(each.obstacles) for each in judged), key=ORDER.index)
    outcome = min(nearest, outcome_of(before), key=ORDER.index)
    if len(judged) > 1:
        source = judged[0].move.source
        return _made(trigger, outcome, record, question, findings, source=source)
    only = judged[0]
    return _made(trigger, outcome, record, question, findings, only.move, only.overridden)


def _no_move(
    bound: Bound,
    line: BoundLine,
    record: Record,
    trigger: str,
    question: Question,
    before: tuple[Finding, ...],
) -> Decision:
    """Say from where the trigger could be pulled, and that this is not such a stage."""
    running = bound.is_running(line, record)
    over = not (running and line.is_open(record))
    outcome = Outcome.TERMINAL if over else Outcome.NOT_FROM_HERE
    found = _elsewhere(line, record, trigger) if running else _ended_with(bound.main, record)
    source = line.stage_of(record)
    return _made(trigger, outcome, record, question, (found, *before), source=source)


def _elsewhere(line: BoundLine, record: Record, trigger: str) -> Finding:
    name = trigger.rpartition(".")[2]
    sources = ", ".join(sorted(source for known, source in line.moves if known == name))
    check = Check(
        id="stage",
        kind=CheckKind.STAGE,
        needed=f"{line.stage_path} in {{{sources}}}",
        remedy=f"It can be asked for in: {sources}.",
        paths=(line.stage_path,),
    )
    return Finding(check, Verdict.UNMET, (line.stage_of(record),))


_MERGED: Final = Check(
    id="stage",
    kind=CheckKind.STAGE,
    needed="the record was not merged into another one",
    remedy="Work with the record that it was merged into.",
    paths=("merged_into",),
)


def _ended_with(main: BoundLine, record: Record) -> Finding:
    if record.merged_into is not None:
        return Finding(_MERGED, Verdict.UNMET, (record.merged_into,))
    check = Check(
        id="stage",
        kind=CheckKind.STAGE,
        needed="the record has not ended",
        remedy="The track ended with the record; see what the record's stage permits.",
        paths=(main.stage_path,),
    )
    return Finding(check, Verdict.UNMET, (main.stage_of(record),))


def _nowhere(trigger: str, bound: Bound, record: Record) -> Finding:
    return Finding(
        Check(
            id="trigger",
            kind=CheckKind.TRIGGER,
            needed="a trigger of the process",
            remedy=did_you_mean(trigger, bound.triggers_of(record)),
            paths=("trigger",),
        ),
        Verdict.UNMET,
        (trigger,),
    )


def _too_late(bound: Bound, line: BoundLine, events: Sequence[Event]) -> Finding:
    """Say which clock moved the record on before the asker came."""
    moves = [event for event in events if event.kind is EventKind.MOVED and event.target]
    moved = next((event for event in moves if event.track == line.name), moves[-1])
    check = Check(
        id=f"clock_{moved.clock}",
        kind=CheckKind.CLOCK,
        needed=f"clock `{moved.clock}` has not run out",
        remedy=f"It went on to `{moved.target}` by itself; see what that stage permits.",
        paths=(f"{moved.clock}.due_at",),
    )
    zone = find_zone(bound.process.zone)
    return Finding(check, Verdict.UNMET, (in_zone(moved.at, zone),))


def _stale(record: Record, expected: int | None) -> tuple[Finding, ...]:
    """Say that the asker saw another version, if so."""
    if expected is None or expected == record.version:
        return ()
    check = Check(
        id="version",
        kind=CheckKind.VERSION,
        needed=f"version == {expected}",
        remedy="Load the record again and decide anew.",
        paths=("version",),
    )
    return (Finding(check, Verdict.UNMET, (record.version,)),)


def _made(
    trigger: str,
    outcome: Outcome,
    record: Record,
    question: Question,
    findings: tuple[Finding, ...],
    move: Move | None = None,
    overridden: tuple[str, ...] = (),
    *,
    source: str | None = None,
) -> Decision:
    asked = (trigger, source, None) if move is None else move.asked
    given = (record, question.actor, question.at, question.rates)
    return Decision(asked, outcome, move, given, findings, overridden)
