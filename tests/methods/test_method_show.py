"""`show` explains methods, what gates ask of them, and how two records are merged."""

from __future__ import annotations

import io

from cosell import parse_process
from cosell.cli.page import Page
from cosell.cli.show import write_process

TEXT = """
id = "tiny"
version = 1
record = "Lead"
initial = "fresh"
roles = { seller = "Seller" }
stages = [{ id = "fresh" }, { id = "won", kind = "won" }, { id = "error", kind = "closed" }]
merge = { trigger = "close", roles = ["seller"], cites = ["BX-10"] }
[methods.bant]
use = "bant"
without = ["timeline", "authority"]
help = "Asked in the first two calls."
cites = ["BX-45"]
elements = [{ id = "need", weight = 2.50, minimum = { won = 2 } }, { id = "fit", path = "need" }]
minimum_score = { won = 0.60 }
[methods.spiced]
use = "spiced"
[gates.go]
methods = [{ method = "bant", stage = "won" }]
[[transitions]]
trigger = "go"
source = "fresh"
target = "won"
roles = ["seller"]
gates = ["go"]
[[transitions]]
trigger = "close"
source = "*"
target = "error"
roles = ["seller"]
"""


def test_methods_and_merging_are_explained() -> None:
    """Elements with weights and minimum, the criteria they come to, and who may merge (BX-45)."""
    written = io.StringIO()
    write_process(Page(file=written, width=100), parse_process(TEXT))
    lines = [line.strip() for line in written.getvalue().splitlines()]

    at = lines.index("Qualification methods")
    assert lines[at + 1 : at + 9] == [
        "BANT [BX-45]",
        "Asked in the first two calls.",
        "score of at least 0.6 for won",
        "· Budget: weight 1",
        "What can they spend?",
        "· Need: weight 2.5, validated for won",
        "What do they need it for?",
        "· fit: weight 1",
    ]
    assert lines[at + 9 : at + 11] == ["SPICED", "· Situation: weight 1"]
    assert "the duplicate takes close; by Seller [BX-10]" in lines
    assert "bant_need: bant.need.proven_level >= 2" in lines
