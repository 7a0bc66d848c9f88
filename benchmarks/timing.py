"""Time alternatives fairly: in turns, many short rounds, each beside the baseline.

Rules that hold for every timing:

1. Absolute numbers of a shared machine mean little. Each round of an alternative is run straight
   after a round of the baseline, and the ratio is the median over these pairs, so that it holds
   when the speed of the machine drifts.
2. The garbage collector is off inside a round and runs between rounds, as in ``timeit``.
3. A coroutine function is awaited many times in one event loop: starting a loop is not its work.

This module does not know what is measured.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import iscoroutinefunction
from itertools import repeat
from typing import Any

__all__ = ["Timing", "run_once", "time_all"]

ROUNDS = 41
ROUND_SECONDS = 0.01

Call = Callable[[], Any]


@dataclass(frozen=True)
class Timing:
    """How long one call takes.

    Attributes:
        best: Seconds in the best round.
        median: Seconds in the median round.
        ratio: Median of the ratios to the baseline, each of two rounds side by side.
    """

    best: float
    median: float
    ratio: float


def time_all(
    calls: Mapping[str, Call], baseline: str, *, rounds: int = ROUNDS
) -> dict[str, Timing]:
    """Return the time of one call of each."""
    loops = {name: _loops(call) for name, call in calls.items()}
    base, base_loops = calls[baseline], loops[baseline]
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
    with _quiet():
        for _ in range(rounds):
            for name, call in calls.items():
                gc.collect()
                seen[name].append((_seconds(base, base_loops), _seconds(call, loops[name])))
    return {name: _timing(pairs) for name, pairs in seen.items()}


def run_once(call: Call) -> Any:
    """Return what one call gives."""
    return asyncio.run(call()) if iscoroutinefunction(call) else call()


def _timing(pairs: list[tuple[float, float]]) -> Timing:
    own = [seconds for _, seconds in pairs]
    ratio = statistics.median(seconds / base for base, seconds in pairs)
    return Timing(min(own), statistics.median(own), ratio)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the collector away, and what stands already out of its sight."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def _seconds(call: Call, loops: int) -> float:
    """Return the seconds that one of so many calls took."""
    if iscoroutinefunction(call):
        return asyncio.run(_awaited(call, loops)) / loops
    started = time.perf_counter()
    for _ in repeat(None, loops):
        call()
    return (time.perf_counter() - started) / loops


async def _awaited(call: Callable[[], Awaitable[object]], loops: int) -> float:
    started = time.perf_counter()
    for _ in repeat(None, loops):
        await call()
    return time.perf_counter() - started


def _loops(call: Call) -> int:
    """Return how many calls fill a round; at least one."""
    run_once(call)
    one = max(min(_seconds(call, 3) for _ in range(3)), 1e-8)
    return max(1, int(ROUND_SECONDS / one))
