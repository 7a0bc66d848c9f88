"""The count in CI: no tier passes without having run a test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sources import ROOT

CASE = "<testcase classname='t' name='a'>{}</testcase>"
PASSED = CASE.format("")
FAILED = CASE.format("<failure/>")
BROKEN = CASE.format("<error/>")
SKIPPED = CASE.format("<skipped message='no database'/>")


def count(*arguments: str | Path, ci: str = "") -> subprocess.CompletedProcess[str]:
    """Run the script as `.ci/run` does."""
    command = [sys.executable, ROOT / ".ci" / "count.py", *arguments]
    environment = {**os.environ, "CI": ci}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("cases", "ci", "code"),
    [
        pytest.param([PASSED], "true", 0, id="a_passed_test_passes"),
        pytest.param([], "", 1, id="no_test_fails"),
        pytest.param([SKIPPED], "", 1, id="skipped_tests_alone_fail"),
        pytest.param([PASSED, SKIPPED], "", 0, id="a_person_may_skip"),
        pytest.param([PASSED, SKIPPED], "true", 1, id="ci_may_not_skip"),
        pytest.param([PASSED, FAILED], "", 1, id="a_failure_fails"),
        pytest.param([PASSED, BROKEN], "", 1, id="an_error_fails"),
    ],
)
def test_a_tier_counts(cases: list[str], ci: str, code: int, tmp_path: Path) -> None:
    """A tier passes if a test passed, none failed, and in CI none was skipped."""
    report = tmp_path / "report.xml"
    report.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")

    assert count(tmp_path / "counts", "tests", report, ci=ci).returncode == code


def test_the_sum_closes_the_run(tmp_path: Path) -> None:
    """The last line adds up all tiers, as a test runner closes."""
    report = tmp_path / "report.xml"
    report.write_text(f"<testsuites>{PASSED}{SKIPPED}</testsuites>")
    for title in ("one", "two"):
        count(tmp_path / "counts", title, report)

    assert count(tmp_path / "counts").stdout == "2 passed, 0 failed, 2 skipped\n"
