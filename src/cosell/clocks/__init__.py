"""Clocks: how a promised time stands, when it runs out, and why."""

from __future__ import annotations

from cosell.clocks.compiled import CompiledClock, compile_clock
from cosell.clocks.due import Due, steps_due
from cosell.clocks.explain import duration_text
from cosell.clocks.extension import problems_in_extension
from cosell.clocks.fields import problems_in_clock_paths
from cosell.clocks.reading import ClockState, Reading, read_clock
from cosell.clocks.run import Pause

__all__ = [
    "ClockState",
    "CompiledClock",
    "Due",
    "Pause",
    "Reading",
    "compile_clock",
    "duration_text",
    "problems_in_clock_paths",
    "problems_in_extension",
    "read_clock",
    "steps_due",
]
