"""Qualification methods in other languages: methods, elements, and what their findings say."""

from __future__ import annotations

from datetime import UTC, datetime

from cosell import Actor, Lead, bind, decide, open_record, parse_process
from cosell.definition import Process, Words, in_language, untranslated
from cosell.engine import score_of

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SELLER = Actor("s-1", role="seller")

TEXT = """
id = "tiny"
version = 1
record = "Lead"
initial = "fresh"
roles = { seller = "Seller" }
stages = [{ id = "fresh" }, { id = "won", kind = "won" }]
[methods.bant]
use = "bant"
without = ["timeline"]
elements = [{ id = "need", weight = 2, minimum = { won = 2 } }]
minimum_score = { won = "0.5" }
[gates.go]
methods = [{ method = "bant", stage = "won" }]
[[transitions]]
trigger = "go"
source = "fresh"
target = "won"
roles = ["seller"]
gates = ["go"]
[translations.cs]
"method:bant" = "Kvalifikace"
"element:need" = "Potřeba"
"element:need.help" = "K čemu to potřebují?"
"element:need.remedy" = "Zeptejte se, co je to stojí."
"criterion:bant_score.remedy" = "Doplňte odpovědi."
"criterion:bant_score" = "Skóre"
"""


def process() -> Process:
    """Return the process with its translation."""
    return parse_process(TEXT)


def test_a_process_in_another_language_is_the_same() -> None:
    """Labels and remedies are translated; digest, elements and weights stay."""
    czech = in_language(process(), "cs")
    bound = bind(czech, record=Lead)
    lead = open_record(bound, Lead(id="l-1"), actor=SELLER, at=NOW).record
    score, need = decide(bound, lead, "go", actor=SELLER, at=NOW).obstacles

    assert czech.digest == process().digest
    assert (
        score.check.needed
        == decide(bind(process(), record=Lead), lead, "go", actor=SELLER, at=NOW)
        .obstacles[0]
        .check.needed
    )
    assert score.check.label == "Kvalifikace score of at least 0.5"
    assert need.remedy == "Zeptejte se, co je to stojí."
    assert str(score_of(bound, lead, "bant").elements[2]) == (
        "Potřeba: not known, weight 2. K čemu to potřebují?"
    )


def test_findings_are_told_in_a_language() -> None:
    """What a method's criteria say can be translated by their ids."""
    bound = bind(process(), record=Lead)
    lead = open_record(bound, Lead(id="l-1"), actor=SELLER, at=NOW).record
    score = decide(bound, lead, "go", actor=SELLER, at=NOW).obstacles[0]
    told = Words(process(), language="cs").finding(score, trigger="go")

    assert (told.check.label, told.remedy) == ("Skóre", "Doplňte odpovědi.")
    assert {"element:budget", "criterion:bant_need"} <= set(untranslated(process(), "cs"))
