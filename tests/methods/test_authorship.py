"""Whose words a text is, as a gate asks for it (PC-2, QL-23)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cosell import Actor, Opportunity, apply, bind, decide, open_record, parse_process

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ENGINEER = Actor("se-1", role="engineer")

BOUND = bind(
    parse_process("""
    id = "discovery"
    version = 1
    record = "Opportunity"
    initial = "fresh"
    roles = { engineer = "Solution engineer" }
    stages = [{ id = "fresh" }, { id = "agreed", kind = "won" }]
    [gates.words]
    [[gates.words.criteria]]
    id = "in_the_customers_words"
    need = "recorded(poc.current_state.text) and poc.current_state.author == 'customer'"
    remedy = "Ask the customer to say it."
    cites = ["PC-2"]
    [[gates.words.criteria]]
    id = "outcomes_by_us"
    need = "poc.outcomes.author in {'partner', 'se'}"
    remedy = "Write the outcomes with the partner."
    cites = ["PC-2"]
    [[transitions]]
    trigger = "agree"
    source = "fresh"
    target = "agreed"
    roles = ["engineer"]
    gates = ["words"]
    inputs = [{ path = "poc.current_state" }, { path = "poc.outcomes" }]
    """),
    record=Opportunity,
)
THEIRS = {"text": "Orders are typed twice.", "author": "customer", "by": "c-4", "at": NOW}


@pytest.mark.parametrize(
    ("state", "outcomes", "verdicts"),
    [
        pytest.param(THEIRS, {"author": "se"}, ("met", "met"), id="theirs and ours"),
        pytest.param(THEIRS, {"author": "partner"}, ("met", "met"), id="theirs and the partner's"),
        pytest.param(
            {**THEIRS, "author": "vendor"}, {"author": "se"}, ("unmet", "met"), id="our words"
        ),
        pytest.param(THEIRS, {"author": "customer"}, ("met", "unmet"), id="outcomes are ours"),
        pytest.param(
            {"text": "Orders."}, {"text": "Once."}, ("unknown", "unknown"), id="nobody's words"
        ),
        pytest.param(
            {"author": "customer"}, {"author": "se"}, ("unmet", "met"), id="an author of nothing"
        ),
    ],
)
def test_a_gate_asks_whose_words_they_are(
    state: dict[str, Any], outcomes: dict[str, Any], verdicts: tuple[str, str]
) -> None:
    """An author that is not recorded is unknown, and opens no gate (PC-2)."""
    deal = open_record(BOUND, Opportunity(id="o-1"), actor=ENGINEER, at=NOW).record
    data = {"poc.current_state": state, "poc.outcomes": outcomes}
    decision = decide(BOUND, deal, "agree", actor=ENGINEER, at=NOW, data=data)

    found = {each.id: each.verdict.value for each in decision.findings}
    assert (found["in_the_customers_words"], found["outcomes_by_us"]) == verdicts
    assert decision.permitted is (verdicts == ("met", "met"))


def test_the_event_keeps_author_and_date() -> None:
    """Who wrote a text, and when, stands in the history with it (PC-2)."""
    deal = open_record(BOUND, Opportunity(id="o-1"), actor=ENGINEER, at=NOW).record
    data = {"poc.current_state": THEIRS, "poc.outcomes": {"author": "se"}}
    moved = apply(BOUND, deal, "agree", actor=ENGINEER, at=NOW, data=data)

    written = moved.event.changes["poc.current_state"]
    assert (written.author, written.by, written.at) == ("customer", "c-4", NOW)
