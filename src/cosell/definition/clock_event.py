"""Event texts: what starts, stops, cancels and restarts a clock.

There are six, and no others:

1. ``entered('stage')`` and ``left('stage')``: the line came to that stage, or went from it to
   another one,
2. ``moved('trigger')``: that transition was taken,
3. ``breached('clock')`` and ``extended('clock')``: that clock ran out, or was given more time,
4. ``registration.submitted_at`` or ``facts.invoice_paid_at``: the moment that a field or a fact
   holds, once it holds one; each of them, where it holds several.

In a track bare names are the track's own; ``record.`` before a name is the main line or the whole
record, and ``poc.`` before a stage, trigger or clock is another track.

This module does not know what a clock is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cosell.errors import ExpressionError, did_you_mean

__all__ = ["SUBJECTS", "WHOLE", "ClockEvent", "Occasion", "parse_clock_event"]

#: Before the dot of a name: the main line, or the whole record, as seen from a track.
WHOLE: Final = "record"


class Occasion(StrEnum):
    """What kind of thing an event text names."""

    ENTERED = "entered"  # the line came to a stage
    LEFT = "left"  # the line went on from a stage
    MOVED = "moved"  # a transition was taken
    BREACHED = "breached"  # a clock ran out
    EXTENDED = "extended"  # a clock was given more time
    FIELD = "field"  # the moment that a field or fact holds


#: What the name in an event text is the name of. A field names itself.
SUBJECTS: Final[Mapping[Occasion, str]] = MappingProxyType(
    {
        Occasion.ENTERED: "stage",
        Occasion.LEFT: "stage",
        Occasion.MOVED: "trigger",
        Occasion.BREACHED: "clock",
        Occasion.EXTENDED: "clock",
    }
)


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """An event text, read.

    Attributes:
        occasion: What kind of thing it names.
        line: The line of the stage, trigger or clock, as written before the dot: ``record``, or a
            track; ``None`` is the clock's own line, and for a field always.
        name: The stage, the trigger, the clock, or the dotted path.
    """

    occasion: Occasion
    line: str | None
    name: str


_CALL: Final = re.compile(
    r"""(?P<word>[a-z_]+)\(\s*(?P<quote>['"])"""
    r"""((?P<line>[a-z][a-z0-9_]*)\.)?(?P<name>[a-z][a-z0-9_]*)(?P=quote)\s*\)"""
)
_PATH: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_WORDS: Final = tuple(occasion.value for occasion in SUBJECTS)


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
    what = SUBJECTS[Occasion(word)]
    raise ExpressionError(
        text, len(word) + 2, f"`{word}` takes one {what} in quotes", f"Write {word}('{what}')."
    )
