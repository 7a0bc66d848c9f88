"""What an actor may see of a record, its decisions, events, effects and errors.

Rules:

1. Of a record what is hidden is left out; of a finding, an event and an effect the value is
   ``HIDDEN``. What is unmet, and its remedy, is told in any case.
2. What is masked carries nothing to look behind: a decision has a record without fields, an event
   has no digest.
3. Claims made of hidden fields, clocks that hidden fields start or end, and tracks whose part is
   hidden are not seen either. Free texts are: hide ``trail.reason`` where reasons tell too much.
4. A view that hides nothing gives back what it is given.

This module does not know what a store is. Who has which view is said in
``cosell.engine.insiders``, and which paths a row lets through in ``cosell.engine.sight``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from cosell.clocks import CompiledClock, Reading
from cosell.clocks.fields import FieldMoment
from cosell.definition.access import ViewRow
from cosell.engine.approvals import ApprovalStep
from cosell.engine.bound import Bound, BoundLine, triggers_on
from cosell.engine.decision import Decision, Outcome, TransitionRefusedError
from cosell.engine.hidden_claims import (
    HIDDEN,
    KEY_FIELDS,
    hidden_claims,
    is_about_holder,
    nameless,
    without_key,
)
from cosell.engine.insiders import row_for, sees_all
from cosell.engine.options import Option
from cosell.engine.path import Path, PathStep
from cosell.engine.settle import settle
from cosell.engine.sight import Sight, is_known
from cosell.errors import (
    ClaimedError,
    CosellError,
    InvalidDataError,
    Problem,
    did_you_mean,
    require_aware,
)
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor, Effect, Event
from cosell.findings import CheckKind, Finding, plain
from cosell.models.record import Record
from cosell.money import Rates

__all__ = ["HIDDEN", "View", "view"]

_DUE_AT: Final = "due_at"
#: Kinds of checks whose paths begin at the record in any case.
_FROM_RECORD: Final = frozenset({CheckKind.STAGE, CheckKind.LOCK})


@tells_kinds
def view(
    bound: Bound,
    record: Record,
    *,
    actor: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    rates: Rates | None = None,
) -> View | None:
    """Return what ``actor`` may see of ``record``, or ``None`` if it does not exist for them.

    Args:
        bound: The process whose views hold.
        record: The record. It is settled first, and not changed.
        actor: Who looks.
        at: When, with a time zone.
        facts: Values from outside the record, where views read some.
        rates: Dated exchange rates, where views compare amounts.

    Raises:
        NaiveDatetimeError: ``at`` has no time zone.
        WrongProcessError: ``record`` does not follow this process.
        InvalidDataError: ``facts`` do not fit, with every path.
        CalendarExhaustedError: A clock needs a day that its calendar does not know.

    Source:
        MS-9, MS-12, MS-29.

    Example:
        >>> from datetime import UTC, datetime
        >>> from cosell import Actor, Lead, bind, open_record, parse_process
        >>> shy = bind(parse_process('''
        ... id = "shy"
        ... version = 1
        ... record = "Lead"
        ... initial = "fresh"
        ... roles = { seller = "Seller", partner = "Partner" }
        ... stages = [{ id = "fresh" }, { id = "won", kind = "won" }]
        ... [[views]]
        ... id = "whole"
        ... roles = ["seller"]
        ... [[views]]
        ... id = "shared"
        ... roles = ["partner"]
        ... when = "actor.party == partner.id"
        ... hide = ["value"]
        ... '''), record=Lead)
        >>> now, seller = datetime(2026, 11, 20, tzinfo=UTC), Actor("s-1", role="seller")
        >>> lead = Lead.model_validate({"id": "l-1", "value": "9 USD", "partner": {"id": "acme"}})
        >>> lead = open_record(shy, lead, actor=seller, at=now).record
        >>> acme = Actor("p-7", role="partner", party="acme")
        >>> seen = view(shy, lead, actor=acme, at=now)
        >>> seen.sees("partner.id"), seen.sees("value"), "value" in seen.record(lead)
        (True, False, False)
        >>> view(shy, lead, actor=Actor("p-8", role="partner", party="omega"), at=now) is None
        True
    """
    require_aware(at)
    bound.require_own(record)
    if sees_all(bound, actor):
        return View(bound)
    here = settle(bound, record, at=at, facts=facts).record
    row = row_for(bound, here, actor=actor, at=at, facts=facts, rates=rates)
    return None if row is None else View(bound, row)


@dataclass(frozen=True, slots=True)
class View:
    """What one actor may see of one record at one moment.

    Attributes:
        bound: The process.
        row: The row that fits; ``None`` where nothing is hidden from anybody.
    """

    bound: Bound
    row: ViewRow | None = None

    @property
    def id(self) -> str | None:
        """What the row is called."""
        return None if self.row is None else self.row.id

    @property
    def hides(self) -> bool:
        """Whether anything is hidden."""
        return self.row is not None and bool(self.row.hide or self.row.show is not None)

    @property
    def _sight(self) -> Sight:
        return Sight(self.bound.model, self.row or _WHOLE)

    def sees(self, path: str) -> bool:
        """Whether everything at a field path, from the record, is seen."""
        return not self.hides or self._sight.sees(path)

    def record(self, record: Record) -> dict[str, Any]:
        """Return what is seen of ``record`` as plain values, ready for JSON.

        A field that is not recorded is there as ``None``; one that is hidden is not there.
        """
        values = record.model_dump(mode="json")
        if not self.hides:
            return values
        seen: dict[str, Any] = self._sight.pruned(values)
        if "trail" in seen:
            lines = zip(record.trail, seen["trail"], strict=True)
            seen["trail"] = [line for entry, line in lines if self._sees_track(entry.track)]
        for name in KEY_FIELDS & seen.keys():
            seen[name] = self._claims(getattr(record, name))
        return seen

    def decision(self, decision: Decision) -> Decision:
        """Return ``decision`` with the values masked that are not seen."""
        if not self.hides:
            return decision
        line = self.bound.line_asked(decision.trigger, decision.record)
        asked = (decision.trigger, decision.source, decision.target)
        if line is not None and not self.sees(line.stage_path):
            asked = (decision.trigger, None, None)
        return Decision(
            asked,
            decision.outcome,
            None,
            (_bare(decision.record), None, decision.decided_at, None),
            self._findings(line, self._told(decision)),
            decision.overridden,
        )

    def _told(self, decision: Decision) -> Iterable[Finding]:
        """Return the findings; of a trigger that is not known, no hidden one is suggested."""
        if decision.outcome is not Outcome.UNKNOWN_TRIGGER:
            return decision.findings
        lines = (it for it in self.bound.lines_of(decision.record) if self._sees_track(it.name))
        remedy = did_you_mean(decision.trigger, triggers_on(lines))
        unknown, *others = decision.findings
        return (replace(unknown, check=replace(unknown.check, remedy=remedy)), *others)

    def options(self, found: Iterable[Option]) -> tuple[Option, ...]:
        """Return options with their decisions masked; those of hidden tracks are left out."""
        return tuple(
            replace(option, decision=self.decision(option.decision))
            for option in found
            if self._sees_track(option.track)
        )

    def path(self, found: Path) -> Path:
        """Return ways to an end with their findings masked."""
        ways = {end: tuple(map(self._step, steps)) for end, steps in found.ways.items()}
        return replace(found, ways=ways, ended_by=self.readings(found.ended_by))

    def _step(self, step: PathStep) -> PathStep:
        return replace(step, findings=self._findings(self.bound.main, step.findings))

    def approvals(self, found: Iterable[ApprovalStep]) -> tuple[ApprovalStep, ...]:
        """Return who is asked to approve, without answers and values that are not seen."""
        return tuple(self._approval(step) for step in found if self._sees_track(_track_of(step)))

    def _approval(self, step: ApprovalStep) -> ApprovalStep:
        line = self.bound.line_named(_track_of(step))
        finding = self._finding(line, step.finding)
        if self.sees("approvals"):
            return replace(step, finding=finding)
        return replace(step, finding=finding, answer=None, void=None)

    def readings(self, found: Iterable[Reading]) -> tuple[Reading, ...]:
        """Return the readings of clocks that no hidden field starts or ends."""
        return tuple(
            reading
            for reading in found
            if self._sees_track(reading.track)
            and self._sees_clock(self.bound.line_named(reading.track), reading.clock)
        )

    def events(self, found: Iterable[Event]) -> tuple[Event, ...]:
        """Return events with the values masked that are not seen; those of hidden tracks go."""
        if not self.hides:
            return tuple(found)
        return tuple(self._event(event) for event in found if self._sees_track(event.track))

    def effects(self, found: Iterable[Effect]) -> tuple[Effect, ...]:
        """Return effects with the values masked that are not seen.

        An effect does not say which track it is from: a field name that is hidden as the name of
        any track's part is masked.
        """
        if not self.hides:
            return tuple(found)
        return tuple(self._effect(effect) for effect in found)

    def _effect(self, effect: Effect) -> Effect:
        data = {
            path: self._value(plain(value), *self._meant_by(path))
            for path, value in effect.data.items()
        }
        return effect.model_copy(update={"data": data})

    def _meant_by(self, path: str) -> list[str]:
        """Return what a path of some line may mean, from the record."""
        paths = {line.full_path(path) for line in self.bound.lines.values()}
        return [each for each in paths if is_known(self.bound.model, each)] or [path]

    def error(self, error: CosellError, given: Collection[str] = ()) -> CosellError:
        """Return an error without the values that are not seen.

        Args:
            error: What was raised.
            given: Field paths of the caller's own data, which may be told back.
        """
        if not self.hides:
            return error
        if isinstance(error, TransitionRefusedError):
            return TransitionRefusedError(self.decision(error.decision))
        if isinstance(error, ClaimedError):
            (key,) = self._claims([error.key])
            return ClaimedError(key, error.holder)
        if isinstance(error, InvalidDataError):
            problems = (self._problem(problem, given) for problem in error.problems)
            return InvalidDataError(error.subject, problems)
        return error

    def _problem(self, problem: Problem, given: Collection[str]) -> Problem:
        path = problem.path
        own = any(path == each or path.startswith(f"{each}.") for each in given)
        if own or path.startswith("facts.") or (path and self.sees(path)):
            return problem
        what = "it does not fit a field that you may not see"
        return Problem(path, what, "Ask somebody who may see it.")

    def _findings(self, line: BoundLine | None, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        return tuple(self._finding(line, finding) for finding in findings)

    def _finding(self, line: BoundLine | None, finding: Finding) -> Finding:
        check = finding.check
        if is_about_holder(check):
            told = without_key(check, hidden_claims(self.bound, self.sees))
            return replace(finding, check=told)
        seen = [self._sees_read(line, path, check.kind) for path in check.paths]
        if all(seen):
            return finding
        values = tuple(
            value if shown else HIDDEN for value, shown in zip(finding.values, seen, strict=False)
        )
        error = finding.error and HIDDEN
        return replace(finding, values=values, error=error, own_remedy=None)

    def _sees_read(self, line: BoundLine | None, path: str, kind: CheckKind | None) -> bool:
        """Whether what a check read is seen; its paths begin at its line."""
        head, _, rest = path.partition(".")
        if kind in {CheckKind.TRIGGER, CheckKind.VERSION, CheckKind.ROLE} or head == "actor":
            return True
        if kind in _FROM_RECORD or head == "facts" or line is None:
            return self.sees(path)
        named = [each for each in self.bound.lines.values() if _clock_of(each, head) is not None]
        if rest == _DUE_AT and named:
            return all(self._sees_clock(each, head) for each in named)
        return self.sees(line.full_path(path))

    def _sees_track(self, track: str | None) -> bool:
        line = self.bound.line_named(track)
        return line is None or self.sees(line.stage_path)

    def _sees_clock(self, line: BoundLine | None, name: str) -> bool:
        clock = None if line is None else _clock_of(line, name)
        return clock is None or all(
            self.sees(".".join(name for name in _place_of(moment) if isinstance(name, str)))
            for moment, _ in clock.fields
        )

    def _event(self, event: Event) -> Event:
        actor, reason = event.actor, event.reason
        if not self.sees("trail.actor"):
            actor = Actor(HIDDEN_ID, role=actor.role)
        if not self.sees("trail.reason"):
            reason = None
        line = self.bound.line_named(event.track)
        return event.model_copy(
            update={
                "actor": actor,
                "reason": reason,
                "changes": {path: self._change(path, it) for path, it in event.changes.items()},
                "findings": tuple(self._found(line, found) for found in event.findings),
                "previous": None,
                "digest": None,
            }
        )

    def _change(self, path: str, value: Any) -> Any:
        if path in KEY_FIELDS and self.sees(path):
            return self._claims(value)
        return self._value(plain(value), path)

    def _value(self, value: Any, *paths: str) -> Any:
        """Return what is seen of a plain value that may stand at any of ``paths``."""
        for path in paths:
            if not self.sees(path):
                if not (isinstance(value, dict | list) and self._sight.leads(path)):
                    return HIDDEN
                value = self._sight.pruned(value, path)
        return value

    def _found(self, line: BoundLine | None, found: Mapping[str, Any]) -> dict[str, Any]:
        actual = {
            path: value if self._sees_read(line, path, None) else HIDDEN
            for path, value in found.get("actual", {}).items()
        }
        return {**found, "actual": actual}

    def _claims(self, claims: Iterable[str]) -> list[str]:
        return nameless(claims, hidden_claims(self.bound, self.sees))


_WHOLE: Final = ViewRow(id="whole", roles=("*",))
#: The id of an actor that is not seen; an id has no brackets.
HIDDEN_ID: Final = "hidden"


def _clock_of(line: BoundLine, name: str) -> CompiledClock | None:
    return next((clock for clock in line.clocks if clock.clock.id == name), None)


def _place_of(moment: FieldMoment) -> tuple[object, ...]:
    """Return where a moment stands, from the record; the names of items are none of the path."""
    return ("facts", *moment.path) if moment.is_fact else moment.path


def _track_of(step: ApprovalStep) -> str | None:
    return step.chain.rpartition(".")[0] or None


def _bare(record: Record) -> Record:
    """Return what whoever sees a record sees: id, version, process and stage."""
    return Record(id=record.id, version=record.version, process=record.process, stage=record.stage)
