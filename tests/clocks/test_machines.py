"""No machine matters: its zone, its locale, its date, the order of its hashes. Time 9."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PATHS = [str(HERE.parents[1] / "src"), str(HERE.parent)]


@cache
def answers(**environment: str) -> str:
    """Return what clocks answer in a process of their own, in such an environment."""
    ran = subprocess.run(
        [sys.executable, HERE / "clock_answers.py"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(PATHS), **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"}, id="far east"),
        pytest.param({"TZ": "America/Los_Angeles", "LC_ALL": "C"}, id="far west, no locale"),
        pytest.param({"TODAY": "2031-07-04", "PYTHONHASHSEED": "7"}, id="another year"),
    ],
)
def test_answers_do_not_depend_on_the_machine(environment: dict[str, str]) -> None:
    """Every clock reads, explains and comes alike wherever and whenever it is asked."""
    usual = answers(TZ="UTC", PYTHONHASHSEED="0")

    assert answers(**environment) == usual
    assert "Monday 2026-10-26" in usual
