"""Moves that leave a deal where it stands make no deal movable; the open ones share a line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cli_kit import run
from sources import ROOT

PIPELINE = ROOT / "examples" / "pipeline"
REVIEW = (
    "review", str(PIPELINE / "deals.csv"), "--map", str(PIPELINE / "map.toml"),
    "--process", "make", "--at", "2026-11-20",
)  # fmt: skip


@pytest.fixture(scope="module")
def report() -> str:
    """Return the review of the example pipeline, its lines joined."""
    return " ".join(run(*REVIEW)[1].split())


def test_they_share_a_line(report: str) -> None:
    """What can be recorded at any time does not stand among the moves that lead on."""
    assert "· Also here: Record what was done ·" in report
    assert "✓ Record what was done" not in report


def test_what_stops_one_is_told(report: str) -> None:
    """It has its obstacles with their remedies, as a move that leads on has."""
    asks = "✗ Ask for the sales assets of the stage (Partner or Prospective partner): 2 obstacles"
    assert f"{asks} · Sales assets come with access to the portal" in report


def test_a_track_that_has_not_begun_is_named_once(report: str) -> None:
    """Its first moves stand together behind its name, and where to read more is told once."""
    assert report.count("`cosell explain` lists them.") == 1
    assert (
        "Security review (Pass a security request on: open; Identify and qualify the need:"
    ) in report


def test_they_make_no_deal_movable(tmp_path: Path) -> None:
    """A deal whose moves forward are all stopped is blocked, whatever else may be recorded."""
    out = tmp_path / "out.csv"
    run(*REVIEW, "--csv", str(out))
    with out.open(encoding="utf-8", newline="") as rows:
        found = [row for row in csv.DictReader(rows) if row["urgency"] == "blocked"]

    assert found
    assert all("log_activity" in row["may"] for row in found if row["stage"] == "discovery")
    assert all("ask_for_assets" not in row["blocked"] for row in found)
