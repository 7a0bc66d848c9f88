"""Answers do not depend on the machine: its zone, its locale, its date, or the seed of its hashes.

Time 9: everything is a pure function of definition, calendar and trail.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("answers.py")

MACHINES = (
    pytest.param({"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"}, id="furthest east"),
    pytest.param({"TZ": "Pacific/Niue", "LC_ALL": "C", "LANG": "C"}, id="west, without a locale"),
    pytest.param(
        {"TZ": "Australia/Lord_Howe", "LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "ar"},
        id="with half an hour of summer, in Turkish and Arabic",
    ),
    pytest.param({"TODAY": "1999-12-31"}, id="in another century"),
    pytest.param({"TODAY": "2028-02-29", "TZ": "UTC"}, id="on a leap day"),
    pytest.param({"TODAY": "2101-01-01"}, id="after the last holiday that is known"),
)


def answers(machine: dict[str, str]) -> str:
    """Return what the program prints on a machine."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))
    }
    path = os.pathsep.join(entry for entry in sys.path if entry)
    environment = {**clean, "PYTHONPATH": path, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", **machine}
    ran = subprocess.run(
        [sys.executable, "-W", "error", str(PROGRAM)],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return ran.stdout


@pytest.fixture(scope="module")
def here() -> str:
    """Return the answers of this machine."""
    return answers({})


@pytest.mark.parametrize("machine", MACHINES)
def test_the_machine_does_not_matter(machine: dict[str, str], here: str) -> None:
    """Every answer, explanation and fingerprint is the same on any machine, on any date."""
    assert answers(machine) == here


def test_something_is_asked(here: str) -> None:
    """The test above can fail: the program prints dates, reasons and fingerprints."""
    assert here.count("\n") > 20
    assert "Tuesday 2026-12-29: day 5" in here
