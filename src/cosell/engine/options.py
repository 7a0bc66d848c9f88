"""What can be done from here, what is in the way, and what must be filled in.

This module does not know how a decision is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cosell.engine.bound import Bound, BoundLine, Move
from cosell.engine.decide import decide, decide_settled
from cosell.engine.decision import Decision
from cosell.engine.facts import read_facts
from cosell.engine.insiders import require_insider
from cosell.engine.paths import schema_of, unkeyed
from cosell.engine.question import NO_DATA, Question
from cosell.engine.settle import settle
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor
from cosell.models.record import Record
from cosell.money import Rates

if TYPE_CHECKING:
    from cosell.definition import Words

__all__ = ["Field", "Option", "options"]


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a transition, enough to draw its part of a form.

    Attributes:
        path: Where the value goes; the key in ``data``.
        required: Whether it must be recorded.
        fresh: Whether a value from before does not count.
        label: What people read.
        help: What to fill in.
        value_schema: JSON Schema of the value; of an appended one, of the item.
        append: Whether the value is one item, which is added to a list.
    """

    path: str
    required: bool
    fresh: bool
    label: str | None
    help: str | None
    value_schema: Mapping[str, Any]
    append: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One trigger that leaves the current stage.

    Attributes:
        trigger: What to ask for.
        label: What people read.
        track: The track it belongs to; ``None`` is the main line.
        decision: Whether it may be taken, with every reason.
        inputs: What it takes.
    """

    trigger: str
    label: str | None
    track: str | None
    decision: Decision
    inputs: tuple[Field, ...]

    @property
    def permitted(self) -> bool:
        """Whether it may be taken now."""
        return self.decision.permitted

    def in_words(self, words: Words) -> Option:
        """Return the option with labels, help and remedies as ``words`` has them."""
        return replace(
            self,
            label=words.trigger(self.trigger),
            decision=self.decision.in_words(words),
            inputs=tuple(
                replace(
                    each,
                    label=words.input(each.path, each.label, "label", trigger=self.trigger),
                    help=words.input(each.path, each.help, "help", trigger=self.trigger),
                )
                for each in self.inputs
            ),
        )


@tells_kinds
def options(
    bound: Bound,
    record: Record,
    *,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any] = NO_DATA,
    facts: Mapping[str, Any] | None = None,
    rates: Rates | None = None,
    holders: Mapping[str, str | None] | None = None,
) -> tuple[Option, ...]:
    """Return every trigger that leaves the record's stage, each with its decision.

    Triggers of clocks are left out: nobody can ask for them.

    Args:
        bound: The process to decide by.
        record: Where the deal stands. It is settled first, and not changed.
        actor: Who asks, and in what capacity.
        at: The moment of asking, with a time zone.
        data: Values for inputs; each transition is given those that are its own.
        facts: Values from outside the record.
        rates: Dated exchange rates.
        holders: Keys that are taken; see ``decide``.

    Returns:
        The main line's triggers in file order, then those of the tracks; of a list those of
        each item, as ``paper_items[nda].approve``.

    Raises:
        InvalidDataError: ``data`` or ``facts`` do not fit, with every path.
        NaiveDatetimeError: ``at`` has no time zone.
        WrongProcessError: ``record`` does not follow this process.
        RecordNotFoundError: The process has views, and none is the actor's.

    Source:
        BX-42.

    Example:
        >>> from datetime import UTC, datetime
        >>> from cosell import Actor, Calendar, Opportunity, catalog, open_record
        >>> vendor = Calendar.from_holidays("CZ", tz="Europe/Prague")
        >>> make = catalog.load("make").bind(calendars={"vendor": vendor})
        >>> me, now = Actor("ae-3", role="ae", party="vendor"), datetime(2026, 11, 20, tzinfo=UTC)
        >>> deal = open_record(make, Opportunity(id="o-1"), actor=me, at=now).record
        >>> for option in options(make, deal, actor=me, at=now):
        ...     print(option.trigger, option.permitted, [field.path for field in option.inputs])
        qualify False []
        lose False ['closed_reason', 'closed_kind']
        ...
    """
    bound.require_own(record)
    require_insider(bound, record, actor=actor, at=at, facts=facts, rates=rates)
    here = settle(bound, record, at=at, facts=facts).record
    known = read_facts(bound.process.facts, facts)
    question = Question(actor, at, facts=known, rates=rates, holders=holders)
    found = []
    for line, trigger, moves in _leaving(bound, here):
        fields = _fields(bound, line, moves)
        own = {field.path: data[field.path] for field in fields if field.path in data}
        if bound.clocked:  # settling again for each option would take most of the time
            decision = decide_settled(moves, here, question._replace(data=own))
        else:
            decision = decide(
                bound,
                here,
                trigger,
                actor=actor,
                at=at,
                data=own,
                facts=facts,
                rates=rates,
                holders=holders,
            )
        found.append(Option(trigger, moves[0].transition.label, line.name, decision, fields))
    return tuple(found)


def _leaving(bound: Bound, record: Record) -> list[tuple[BoundLine, str, tuple[Move, ...]]]:
    """Return the triggers of people that leave the current stage of each running line."""
    return [
        (line, line.trigger_of(trigger), moves)
        for line in bound.lines_of(record)
        if bound.is_running(line, record)
        for trigger, moves in line.leaving.get(line.stage_of(record), ())
    ]


def _fields(bound: Bound, line: BoundLine, moves: tuple[Move, ...]) -> tuple[Field, ...]:
    fields: dict[str, Field] = {}
    for move in moves:
        items = {each.given.path: each for each in move.appends}
        for given in move.transition.inputs:
            if given.path not in fields:
                fields[given.path] = Field(
                    path=given.path,
                    required=given.required,
                    fresh=given.fresh,
                    label=given.label,
                    help=given.help,
                    value_schema=(
                        items[given.path].schema()
                        if given.append
                        else schema_of(bound.model, unkeyed(line.full_path(given.path)))
                    ),
                    append=given.append,
                )
    return tuple(fields.values())
