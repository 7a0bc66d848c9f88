"""The benchmarks still work: every way of doing the work gives the right answer.

Nothing is judged by how long it takes: a shared machine may pause at any moment.
"""

from __future__ import annotations

import os
import subprocess
import sys

from sources import ROOT

RUN = ROOT / "benchmarks" / "run.py"

TITLES = (
    "One guarded transition, permitted",
    "The same, blocked by the last of three",
    "One gate of 13 criteria, all met",
    "What can I do now: 64 triggers",
    "Memory of a record that can move",
    "Add 5 business days",
    "Read a clock",
    "Moves in a SQLite file",
    "Fees of a file",
)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the benchmarks with these arguments, as ``make bench`` does."""
    return subprocess.run(
        [sys.executable, RUN, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_every_way_gives_the_right_answer() -> None:
    """cosell, the baseline and every peer that is installed do the work that is measured."""
    ran = run("--once")

    assert ran.returncode == 0, ran.stderr
    assert [
        title for title in TITLES if f"{title}: the answers are right\n" not in ran.stdout
    ] == []


def test_a_run_ends_with_the_goals() -> None:
    """A table is printed for each piece of work, then what became of each goal."""
    ran = run("--rounds", "1", "memory")

    assert ran.returncode == 0, ran.stderr
    assert "| cosell | 0 | 0: reached |" in ran.stdout
    assert "## Goals" in ran.stdout


def test_an_unknown_topic_is_refused() -> None:
    """A topic that does not exist is named, with those that do."""
    ran = run("coffee")

    assert ran.returncode == 2
    assert "no topic coffee; there are transition, gate," in ran.stderr
