"""Time alternatives fairly: interleaved, many short rounds, best and median of each.

Absolute numbers of a shared machine mean little; what counts is the ratio to a baseline that ran
in the same rounds.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ROUNDS = 25
ROUND_SECONDS = 0.02


@dataclass(frozen=True)
class Timing:
    """Seconds for one call: the best round and the median round."""

    best: float
    median: float


def time_all(calls: Mapping[str, Callable[[], object]], *, rounds: int = ROUNDS) -> dict[str, Timing]:
    """Return the time of one call of each, measured in turns within each round."""
    loops = {name: _loops(call) for name, call in calls.items()}
    seen: dict[str, list[float]] = {name: [] for name in calls}
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, call in calls.items():
                seen[name].append(_once(call, loops[name]))
    finally:
        gc.enable()
    return {name: Timing(min(times), statistics.median(times)) for name, times in seen.items()}


def _once(call: Callable[[], object], loops: int) -> float:
    started = time.perf_counter()
    for _ in range(loops):
        call()
    return (time.perf_counter() - started) / loops


def _loops(call: Callable[[], object]) -> int:
    call()
    one = max(_once(call, 3), 1e-8)
    return max(1, int(ROUND_SECONDS / one))


def table(
    title: str,
    timings: Mapping[str, Timing],
    baseline: str,
    goals: Mapping[str, float] | None = None,
) -> str:
    """Return a Markdown table of medians, ratios to ``baseline``, and the goals reached or not."""
    goals = goals or {}
    base = timings[baseline].median
    lines = [f"### {title}", "", "| | µs | × baseline | goal |", "| --- | ---: | ---: | --- |"]
    for name, timing in timings.items():
        ratio = timing.median / base
        goal = goals.get(name)
        said = "" if goal is None else f"≤ {goal:g}: {'reached' if ratio <= goal else 'MISSED'}"
        lines.append(f"| {name} | {timing.median * 1e6:,.2f} | {ratio:,.1f} | {said} |")
    return "\n".join(lines) + "\n"
