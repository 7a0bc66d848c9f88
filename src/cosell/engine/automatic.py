"""Take the moves that follow by themselves: automatic transitions whose checks all pass.

Rules:

1. They follow a command that opened, moved or changed a record, or a move of a clock, at the same
   moment and with the same facts. Nobody has to ask.
2. Unknown is never yes: what is not known is left for people to decide.
3. They are taken as the actor ``automatic`` of the role ``clock``. Their events keep what their
   gates found.
4. Of several lines the main one comes first; of several triggers the first in the file. Definitions
   in which they go in a circle are refused, so that they come to an end.

This module does not know what happened before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeVar

from cosell.engine.bound import Bound
from cosell.engine.judge import Judged, judge
from cosell.engine.move import Move
from cosell.engine.question import Question
from cosell.engine.taking import Applied, found_by, take
from cosell.events import Actor
from cosell.models.record import Record
from cosell.money import Rates

__all__ = ["AUTOMATIC", "follow"]

_R = TypeVar("_R", bound=Record)

#: Who acts when a transition follows by itself.
AUTOMATIC: Final = Actor("automatic", role="clock")


def follow(
    bound: Bound,
    done: Applied[_R],
    *,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    rates: Rates | None = None,
) -> Applied[_R]:
    """Return ``done`` and every automatic move that follows from it.

    Args:
        bound: The process.
        done: What was done.
        at: The moment of that, with a time zone.
        facts: Values from outside the record, validated.
        rates: Dated exchange rates.
    """
    if not bound.automatic:
        return done
    question = Question(AUTOMATIC, at, facts=facts, rates=rates)
    while (judged := next(_ready(bound, done.record, question), None)) is not None:
        moved = take(judged.move, done.record, actor=AUTOMATIC, at=at)
        event = found_by(moved.event, judged.findings)
        done = replace(
            done,
            record=moved.record,
            events=(*done.events, event),
            effects=(*done.effects, *moved.effects),
            followed=done.followed + 1,
        )
    return done


def _ready(bound: Bound, record: Record, question: Question) -> Iterator[Judged]:
    """Yield the automatic moves whose checks all pass."""
    for move in _candidates(bound, record):
        (judged,) = judge([move], record, question)
        if not judged.obstacles:
            yield judged


def _candidates(bound: Bound, record: Record) -> Iterator[Move]:
    for line in bound.lines_of(record):
        if bound.is_running(line, record):
            stage = line.stage_of(record)
            for (_, source), moves in line.moves.items():
                if source == stage:
                    yield from (move for move in moves if move.transition.automatic)
