"""A process with approval chains as the command line shows it."""

from __future__ import annotations

from pathlib import Path

from approval_samples import CHAINS
from cli_kit import run
from cosell.cli.mermaid import mermaid_of
from cosell.definition import parse_process


def test_show_says_who_is_asked(tmp_path: Path) -> None:
    """Rows in their order, with role and condition, and the gate that waits for them."""
    file = tmp_path / "chains.toml"
    file.write_text(CHAINS, "utf-8")
    code, out, _ = run("show", str(file))
    said = " ".join(out.split())

    assert code == 0
    assert "Everybody approves whom the chain `deal` asks." in said
    assert "20. finance, by Finance when acv > finance_above" in said
    assert said.index("1. The manager, by Manager") < said.index("30. board, by Board")


def test_a_move_that_stays_is_shown_so(tmp_path: Path) -> None:
    """It leads to no other stage, in words and in the diagram."""
    text = CHAINS.replace(
        'source = ["submitted", "rejected"]\ntarget = "submitted"', 'source = "*"\ntarget = "stay"'
    )
    file = tmp_path / "chains.toml"
    file.write_text(text, "utf-8")
    _, out, _ = run("show", str(file))
    drawn = mermaid_of(parse_process(text))

    assert "resubmit: stays here" in " ".join(out.split())
    assert "draft --> draft: resubmit" in drawn
    assert "accepted --> accepted: resubmit" in drawn
