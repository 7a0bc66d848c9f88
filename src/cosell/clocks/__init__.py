"""Clocks: how a promised time stands, when it runs out, and why."""

from cosell.clocks.compiled import CompiledClock, compile_clock
from cosell.clocks.due import Due, steps_due
from cosell.clocks.explain import duration_text
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
    "read_clock",
    "steps_due",
]
