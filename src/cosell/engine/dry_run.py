"""What a migration would do to a record, without doing it.

Rules:

1. What was found before and what would be found after are compared criterion by criterion, by
   gate and id, for the gates behind the record and those ahead of it.
2. A criterion newly fails if it would be an obstacle and is none now, or is not there now.
3. Clocks are compared reading by reading; what would have run out is done by the next tick.

This module does not know what a store is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cosell.engine.bound import Bound
from cosell.engine.facts import read_facts
from cosell.engine.migrate import NO_STAGES, migrate
from cosell.engine.passed import Found, found_ahead, found_behind
from cosell.engine.question import Question
from cosell.engine.recalculate import Shift, shifts_of
from cosell.engine.settle import next_due_at, read_clocks, settle
from cosell.engine.stage_map import stage_map
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor
from cosell.findings import Finding
from cosell.models.record import Record
from cosell.money import Rates

__all__ = ["MigrationPreview", "NewFinding", "preview_migration"]


@dataclass(frozen=True, slots=True)
class NewFinding:
    """One criterion that finds something else in the other version.

    Attributes:
        name: Gate and criterion, in a track with its name: ``poc.approval.goals``.
        behind: Whether the record has that gate behind it; otherwise it is ahead.
        before: What it finds now; ``None`` if it is not asked now.
        after: What it would find; ``None`` if it would not be asked.
    """

    name: str
    behind: bool
    before: Finding | None
    after: Finding | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values, as JSON has them."""
        verdicts = [each and each.verdict.value for each in (self.before, self.after)]
        told = self.after or self.before
        return {
            "criterion": self.name,
            "behind": self.behind,
            "before": verdicts[0],
            "after": verdicts[1],
            "remedy": told and told.remedy,
        }

    def __str__(self) -> str:
        """Return one line: ``close.plan, ahead: plan: unmet (acv is 30000.00 USD). Draft it.``."""
        place = "behind" if self.behind else "ahead"
        return f"{self.name}, {place}: {self.after or 'it is asked no more'}"


@dataclass(frozen=True, slots=True)
class MigrationPreview:
    """What a migration would do to one record.

    Attributes:
        record_id: The record.
        stages: Stage before and after, by track; ``None`` is the main line. A track whose stage
            stays as it is is left out.
        failing: Criteria that would newly stand in the way, or would have.
        passing: Criteria that would no longer.
        shifts: Clocks whose readings would be others.
        locked: Fields that would newly be locked in its stages.
        unlocked: Fields that would no longer be.
        dropped: Tracks that nobody would lead any more.
        next_at: When the record would have to be ticked next; ``None`` is never.
    """

    record_id: str
    stages: Mapping[str | None, tuple[str, str]]
    failing: tuple[NewFinding, ...]
    passing: tuple[NewFinding, ...]
    shifts: tuple[Shift, ...]
    locked: tuple[str, ...]
    unlocked: tuple[str, ...]
    dropped: tuple[str, ...]
    next_at: datetime | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values, as JSON has them."""
        return {
            "record_id": self.record_id,
            "stages": [
                {"track": track, "before": before, "after": after}
                for track, (before, after) in self.stages.items()
            ],
            "failing": [each.as_dict() for each in self.failing],
            "passing": [each.as_dict() for each in self.passing],
            "clocks": [each.as_dict() for each in self.shifts],
            "locked": list(self.locked),
            "unlocked": list(self.unlocked),
            "dropped": list(self.dropped),
            "next_at": self.next_at and self.next_at.isoformat(),
        }

    def __str__(self) -> str:
        """Return a line for the stage, then one for everything that would be otherwise."""
        lines = [f"{self.record_id}: {' to '.join(dict.fromkeys(self.stages[None]))}"]
        lines += [f"  newly fails: {each}" for each in self.failing]
        lines += [f"  newly passes: {each}" for each in self.passing]
        lines += [f"  clock {each}" for each in self.shifts]
        lines += [f"  newly locked: {each}" for each in self.locked]
        lines += [f"  no longer locked: {each}" for each in self.unlocked]
        lines += [f"  track {each} would not be led any more" for each in self.dropped]
        return "\n".join(lines)


@tells_kinds
def preview_migration(
    before: Bound,
    after: Bound,
    record: Record,
    *,
    actor: Actor,
    at: datetime,
    stages: Mapping[str, str] = NO_STAGES,
    facts: Mapping[str, Any] | None = None,
    rates: Rates | None = None,
) -> MigrationPreview:
    """Return what ``migrate`` would do to ``record``, which is not changed.

    Args:
        before: The process that it follows.
        after: The process that it would follow.
        record: The record; it is settled first.
        actor: Who would migrate it; criteria that ask about the actor are asked about that one.
        at: When, with a time zone.
        stages: The stage after, by stage before, wherever the ids differ.
        facts: Values from outside the record.
        rates: Dated exchange rates.

    Returns:
        What would newly fail and newly pass behind the record and ahead of it, which clocks
        would read otherwise, and which fields would be locked.

    Raises:
        InvalidDataError: The map is not total, or the record does not fit; naming everything.
        WrongProcessError: As ``migrate`` raises it.
        NaiveDatetimeError: ``at`` has no time zone.

    Source:
        BX-42.

    Example:
        >>> from datetime import UTC, datetime
        >>> from cosell import Actor, Calendar, Opportunity, adopt, catalog
        >>> vendor = {"vendor": Calendar.from_holidays("CZ", tz="Europe/Prague")}
        >>> make = catalog.load("make").bind(calendars=vendor)
        >>> ours = catalog.parse('''
        ... extends = "make@1"
        ... id = "ours"
        ... version = 1
        ... parameters = { mdp_above = "20000 USD" }
        ... ''').bind(calendars=vendor)
        >>> me, now = Actor("ae-3", role="ae", party="vendor"), datetime(2026, 11, 20, tzinfo=UTC)
        >>> deal = Opportunity(id="o-1", acv="30000 USD")
        >>> deal = adopt(make, deal, stage="closing", actor=me, at=now).record
        >>> found = preview_migration(make, ours, deal, actor=me, at=now)
        >>> [(each.name, each.behind) for each in found.failing]
        [('win.mdp_at_signature', False), ('ready_to_close.mdp_started', True)]
    """
    found = stage_map(before, after, stages)
    moved = migrate(before, after, record, actor=actor, at=at, stages=stages, facts=facts)
    here, there = settle(before, record, at=at, facts=facts).record, moved.record
    now = _found(before, here, Question(actor, at, facts=facts, rates=rates))
    then = _found(after, there, Question(actor, at, facts=facts, rates=rates))
    readings = (
        read_clocks(before, here, at=at, facts=facts),
        read_clocks(after, there, at=at, facts=facts),
    )
    was, will = _locked(before, here), _locked(after, there)
    return MigrationPreview(
        record_id=record.id,
        stages={
            event.track: (str(event.source), str(event.target))
            for event in moved.events
            if event.process == after.ref
        },
        failing=tuple(_newly(now, then)),
        passing=tuple(_no_longer(now, then)),
        shifts=tuple(shifts_of(*readings)),
        locked=tuple(path for path in will if path not in was),
        unlocked=tuple(path for path in was if path not in will),
        dropped=found.dropped,
        next_at=next_due_at(after, there, at=at, facts=facts),
    )


_Findings = dict[str, tuple[bool, Finding]]


def _found(bound: Bound, record: Record, question: Question) -> _Findings:
    """Return what every gate behind and ahead finds, by name; behind goes first."""
    asked = question._replace(facts=read_facts(bound.process.facts, question.facts))
    behind = _by_name(found_behind(bound, record, asked), behind=True)
    return {**_by_name(found_ahead(bound, record, asked), behind=False), **behind}


def _by_name(found: Iterable[Found], *, behind: bool) -> _Findings:
    return {each.name: (behind, each.finding) for each in found}


def _newly(now: _Findings, then: _Findings) -> Iterable[NewFinding]:
    for name, (behind, after) in then.items():
        before = now[name][1] if name in now else None
        if after.is_obstacle and not (before is not None and before.is_obstacle):
            yield NewFinding(name, behind, before, after)


def _no_longer(now: _Findings, then: _Findings) -> Iterable[NewFinding]:
    for name, (behind, before) in now.items():
        after = then[name][1] if name in then else None
        if before.is_obstacle and not (after is not None and after.is_obstacle):
            yield NewFinding(name, behind, before, after)


def _locked(bound: Bound, record: Record) -> dict[str, None]:
    """Return the fields that are locked for most, where the record stands."""
    return {
        line.full_path(path): None
        for line in bound.lines_of(record)
        for lock in line.locked[line.stage_of(record)]
        for path in lock.paths
    }
