"""Clocks: how a promised time stands, when it runs out, and why."""

from __future__ import annotations

from cosell.clocks.compiled import CompiledClock, Scope
from cosell.clocks.compiling import Correction, compile_clock
from cosell.clocks.due import Due, steps_due
from cosell.clocks.fields import problems_in_clock_paths
from cosell.clocks.item import clock_of_item
from cosell.clocks.measure import amount_text, duration_text
from cosell.clocks.permission import (
    problems_in_extension,
    problems_in_pause,
    problems_in_resumption,
)
from cosell.clocks.read import read_clock
from cosell.clocks.reading import ClockState, Reading
from cosell.clocks.rhythm import Rhythm
from cosell.clocks.run import Pause

__all__ = [
    "ClockState",
    "CompiledClock",
    "Correction",
    "Due",
    "Pause",
    "Reading",
    "Rhythm",
    "Scope",
    "amount_text",
    "clock_of_item",
    "compile_clock",
    "duration_text",
    "problems_in_clock_paths",
    "problems_in_extension",
    "problems_in_pause",
    "problems_in_resumption",
    "read_clock",
    "steps_due",
]
