"""Event texts: what starts, stops, cancels and restarts a clock.

There are three, and no others:

1. ``entered('stage')``: the line came to that stage,
2. ``moved('trigger')``: that transition was taken,
3. ``registration.submitted_at`` or ``facts.invoice_paid_at``: the moment that a field or a fact
   holds, once it holds one.

In a track bare names are the track's own; ``record.`` before a name is the main line or the whole
record, and ``poc.`` before a stage or trigger is another track.

This module does not know what a clock is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cosell.errors import ExpressionError, did_you_mean

__all__ = ["WHOLE", "ClockEvent", "Occasion", "parse_clock_event"]

#: Before the dot of a name: the main line, or the whole record, as seen from a track.
WHOLE: Final = "record"


class Occasion(StrEnum):
    """What kind of thing an event text names."""

    ENTERED = "entered"  # the line came to a stage
    MOVED = "moved"  # a transition was taken
    FIELD = "field"  # the moment that a field or fact holds


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """An event text, read.

    Attributes:
        occasion: What kind of thing it names.
        line: The line of the stage or trigger, as written before the dot: ``record``, or a track;
            ``None`` is the clock's own line, and for a field always.
        name: The stage, the trigger, or the dotted path.
    """

    occasion: Occasion
    line: str | None
    name: str


_CALL: Final = re.compile(
    r"""(?P<word>[a-z_]+)\(\s*(?P<quote>['"])"""
    r"""((?P<line>[a-z][a-z0-9_]*)\.)?(?P<name>[a-z][a-z0-9_]*)(?P=quote)\s*\)"""
)
_PATH: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_WORDS: Final = (Occasion.ENTERED.value, Occasion.MOVED.value)


def parse_clock_event(text: str) -> ClockEvent:
    """Return what an event text names.

    Raises:
        ExpressionError: It is none; the error points into the text.

    Example:
        >>> parse_clock_event("entered('poc.in_review')")
        ClockEvent(occasion=<Occasion.ENTERED: 'entered'>, line='poc', name='in_review')
        >>> parse_clock_event("registration.submitted_at").name
        'registration.submitted_at'
    """
    found = _CALL.fullmatch(text)
    if found and found["word"] in _WORDS:
        return ClockEvent(Occasion(found["word"]), found["line"], found["name"])
    if _PATH.fullmatch(text):
        return ClockEvent(Occasion.FIELD, None, text)
    word, bracket, _ = text.partition("(")
    if not bracket:
        raise ExpressionError(
            text,
            1,
            f"`{text}` names no event",
            "Write entered('stage'), moved('trigger') or a field.",
        )
    if word not in _WORDS:
        raise ExpressionError(text, 1, f"there is no event `{word}`", did_you_mean(word, _WORDS))
    what = "stage" if word == Occasion.ENTERED else "trigger"
    raise ExpressionError(
        text, len(word) + 2, f"`{word}` takes one {what} in quotes", f"Write {word}('{what}')."
    )
