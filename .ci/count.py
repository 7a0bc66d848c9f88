"""Count what test runs did, so that no tier of `.ci/run` passes without having run a test.

    count.py COUNTS TITLE REPORT   read a JUnit report and add its counts to the file COUNTS
    count.py COUNTS                print the sum as the line that closes a run

It fails where a report has no passed test, and in CI where a test was skipped: what CI does not
find is a failure there.
"""

from __future__ import annotations

import os
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

KINDS = ("passed", "failed", "skipped")


def read(report: Path) -> tuple[dict[str, int], list[str]]:
    """Return how many tests passed, failed and were skipped, and what was skipped and why."""
    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 - pytest wrote it a moment ago
    failed = sum(
        case.find("failure") is not None or case.find("error") is not None for case in cases
    )
    skipped = [
        f"{case.get('classname')}.{case.get('name')}: {reason.get('message')}"
        for case in cases
        if (reason := case.find("skipped")) is not None
    ]
    passed = len(cases) - failed - len(skipped)
    return dict(zip(KINDS, (passed, failed, len(skipped)), strict=True)), skipped


def line(counts: dict[str, int]) -> str:
    """Return counts as the closing line of a run."""
    return ", ".join(f"{counts[kind]} {kind}" for kind in KINDS)


def add(counts_file: Path, title: str, report: Path) -> int:
    """Add one report to the counts and return the exit code."""
    counts, skipped = read(report)
    print(f"{title}: {line(counts)}")
    for test in skipped:
        print(f"  skipped: {test}")
    with counts_file.open("a", encoding="utf-8") as rows:
        print(*(counts[kind] for kind in KINDS), file=rows)
    not_allowed = counts["skipped"] and os.environ.get("CI")
    return int(counts["passed"] == 0 or counts["failed"] > 0 or bool(not_allowed))


def close(counts_file: Path) -> int:
    """Print the sum of all counts and return the exit code."""
    rows = [map(int, row.split()) for row in counts_file.read_text("utf-8").splitlines()]
    print(line(dict(zip(KINDS, map(sum, zip(*rows, strict=True)), strict=True))))
    return 0


if __name__ == "__main__":
    counts_path, *rest = sys.argv[1:]
    sys.exit(add(Path(counts_path), rest[0], Path(rest[1])) if rest else close(Path(counts_path)))
