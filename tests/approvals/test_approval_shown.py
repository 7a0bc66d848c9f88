"""A process with approval chains as the command line shows it."""

from __future__ import annotations

from pathlib import Path

from approval_samples import CHAINS, MANAGER, chains, submitted
from cli_kit import run
from cosell.definition import Translation, Words, in_language, parse_process, translated
from cosell.draw import mermaid_of
from cosell.engine import decide, options
from process_samples import NOON


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


TEXTS = {
    "approval:deal": "Schválení obchodu",
    "trigger:approve_deal": "Schválit",
    "criterion:deal_finance.remedy": "Zeptejte se financí.",
    "criterion:deal_manager": "Vedoucí",
}


def test_what_people_read_can_be_translated() -> None:
    """Triggers, criteria and chains have texts like those that are written out."""
    table = Translation(process="approved", translations={"cs": TEXTS})
    process = translated(chains().process, table)
    words = Words(process, language="cs")
    offered = {
        option.trigger: option.in_words(words)
        for option in options(chains(), submitted(), actor=MANAGER, at=NOON)
    }
    refused = decide(chains(), submitted(), "accept", actor=MANAGER, at=NOON).in_words(words)
    found = {it.id: it for it in refused.obstacles}

    assert offered["approve_deal"].label == "Schválit"
    assert offered["reject_deal"].label == "Reject: Approval of the deal"
    assert found["deal_finance"].remedy == "Zeptejte se financí."
    assert found["deal_manager"].check.label == "Vedoucí"
    assert in_language(process, "cs").approvals["deal"].label == "Schválení obchodu"
    assert in_language(process, "cs").approvals["deal"].rows[1].remedy == "Zeptejte se financí."
