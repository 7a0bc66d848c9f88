"""Measure cosell beside its peers, in one run, as tables.

    python benchmarks/run.py                      everything; takes some minutes
    python benchmarks/run.py transition gate      some of it
    python benchmarks/run.py --once               ask each once and check the answers; no timing
    python benchmarks/run.py --rounds 100         more rounds, for a noisy machine

A peer that is not installed is left out; `make bench` installs them all. What is measured, and how
to read it, stands in `docs/benchmarks.md`.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable, Iterator
from typing import Protocol

import business_time
import choices
import days
import fees
import gate
import memory
import moves
import transition
from report import Outcome, Sheet
from timing import ROUNDS


class Measured(Protocol):
    """What can be checked and measured."""

    title: str

    def check(self) -> None:
        """Ask everything once, and raise unless all answers are right."""

    def measure(self, rounds: int) -> Sheet:
        """Return the table."""


TOPICS: dict[str, Callable[[], Iterator[Measured]]] = {
    "transition": transition.contests,
    "gate": gate.contests,
    "choices": choices.contests,
    "memory": memory.costs,
    "days": days.contests,
    "business_time": business_time.contests,
    "moves": moves.contests,
    "fees": fees.costs,
}


def main(arguments: list[str]) -> None:
    """Print a table for each piece of work, then the goals."""
    parser = argparse.ArgumentParser(description="Measure cosell beside its peers.")
    parser.add_argument("topics", nargs="*", metavar="topic", help=f"of {', '.join(TOPICS)}")
    parser.add_argument("--once", action="store_true", help="check the answers, time nothing")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of each (%(default)s)")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.topics if name not in TOPICS]
    if unknown:
        parser.error(f"no topic {', '.join(unknown)}; there are {', '.join(TOPICS)}")
    print(f"Python {platform.python_version()}, {platform.system()} on {platform.machine()}\n")
    outcomes: list[Outcome] = []
    for name in given.topics or TOPICS:
        for work in TOPICS[name]():
            work.check()
            if given.once:
                print(f"{work.title}: the answers are right")
                continue
            sheet = work.measure(given.rounds)
            print(sheet, flush=True)
            outcomes += sheet.outcomes
    if outcomes:
        print("## Goals\n", *outcomes, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
