"""What `cosell fees` takes for many deals: time for each, and memory that does not grow with them.

A file of whole deals as JSON Lines is assessed by the plan `make_example`, three activities each,
and the new entries are written to a ledger. Each size runs in a process of its own, whose peak of
memory is asked for at the end. Any other size can be run by itself; a million take many minutes:

    make bench BENCH=benchmarks/fees.py ARGS=1000000
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from cosell.cli.fee_command import FeeOutput, run_fees
from cosell.cli.fee_job import FeeWishes, prepare_fees
from report import Sheet

__all__ = ["costs"]

SIZES: Final = (5_000, 50_000)
PAYEES: Final = 500
_EXAMPLE: Final = Path(__file__).parent.parent / "examples" / "fees" / "deals.jsonl"
_MIB: Final = 1024 * 1024
#: Linux counts in kilobytes, macOS in bytes.
_PEAK_UNIT: Final = 1 if sys.platform == "darwin" else 1024


class Cost(NamedTuple):
    """What one size took."""

    deals: int
    entries: int
    seconds: float  # of CPU time
    peak: int


def _write_deals(path: Path, count: int) -> None:
    """Write deals like those of the example, each with an id of its own, of many partners."""
    with _EXAMPLE.open(encoding="utf-8") as lines:
        models = [json.loads(line) for line in islice(lines, 5)]
    with path.open("w", encoding="utf-8") as out:
        for number in range(count):
            model = models[number % len(models)]
            partner = model["partner"] | {"id": f"p-{number % PAYEES}"}
            deal = model | {"id": f"o-{number}", "partner": partner}
            out.write(f"{json.dumps(deal)}\n")


def run(count: int) -> Cost:
    """Assess so many deals, and write their ledger."""
    with TemporaryDirectory() as folder:
        deals, ledger = Path(folder, "deals.jsonl"), Path(folder, "ledger.jsonl")
        _write_deals(deals, count)
        wishes = FeeWishes(deals, ["make_example"], at="2026-09-30", ledger=ledger)
        started = time.process_time()  # of a busy machine the clock on the wall says little
        job = prepare_fees(wishes)
        if run_fees(job, FeeOutput()):
            raise AssertionError(count)
        seconds = time.process_time() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _PEAK_UNIT
        return Cost(count, len(job.book.new), seconds, peak)


def _apart(count: int) -> Cost:
    """Return what a size takes in a process of its own."""
    command = [sys.executable, __file__, str(count)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - this file itself
    return Cost(**json.loads(ran.stderr))


class Costs:
    """The table of costs."""

    title: Final = "Fees of a file"

    def check(self) -> None:
        """Assess a few deals: four of five are earned, and three of those payable."""
        found = _apart(5)
        if found.entries != 8:
            raise AssertionError(found)

    def measure(self, rounds: int) -> Sheet:
        """Measure each size once."""
        del rounds
        sheet = Sheet(self.title, ("deals", "entries", "deals a second of CPU", "peak MiB"))
        small, large = (_apart(size) for size in SIZES)
        for cost in (small, large):
            rate = cost.deals / cost.seconds
            cells = (cost.deals, cost.entries, rate, cost.peak / _MIB)
            sheet.rows.append(tuple(f"{cell:,.0f}" for cell in cells))
        times, more = large.deals / small.deals, (large.peak - small.peak) / _MIB
        sheet.note = f"{times:,.0f} times as many deals take {more:,.1f} MiB more."
        return sheet


def costs() -> Iterator[Costs]:
    """Yield the one table."""
    yield Costs()


if __name__ == "__main__":
    found = run(int(sys.argv[1]))
    print(json.dumps(found._asdict()), file=sys.stderr)
