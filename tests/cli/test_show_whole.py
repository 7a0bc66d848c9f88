"""`show` tells a sales manager everything that a definition says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from cli_kit import run
from cosell.definition import parse_process
from cosell.draw import page_of

FILE: Final = Path(__file__).parents[1] / "draw" / "whole.toml"

SAID: Final = {
    "automatic": "→ win: to Won, by Seller or clock; gate bare; by itself as soon as",
    "stay": "→ queue: stays here, by Seller or clock; waits for the claim customer",
    "every_open_stage": "Every open stage → drop: to dropped",
    "claim": "· customer: One deal for a customer [XX-3] who holds it is told to Seller",
    "view": "· A partner's own: Partner: everything but notes, acv, in Asked, Won, when",
    "help_of_a_view": "[XX-14] Without notes.",
    "edit": "· Administrator: everything, with a reason",
    "lock": "· acv, name in Won, every open stage, except by Administrator [XX-12] Ask the",
    "clock": "may be extended by Administrator, once, by 2 business days in all",
    "approval": "1. Seller's own, by Seller",
    "method": "· Champion: weight 2, validated for asked",
    "list_track": "Each item of paper_items runs by itself, called by its id.",
    "likely": "Probability 25 %; Forecast upside",
}


@pytest.mark.parametrize("text", SAID.values(), ids=SAID)
def test_a_process_is_told_whole(text: str) -> None:
    """Each row of a definition is told in words."""
    code, out, _ = run("show", str(FILE))

    assert code == 0
    assert text in " ".join(out.split())


def test_a_process_is_written_as_a_page() -> None:
    """`show --markdown` is the page of the process."""
    code, out, _ = run("show", str(FILE), "--markdown")

    assert (code, out) == (0, page_of(parse_process(FILE.read_text("utf-8"))))
