"""A conflict has its own record: claims, rule, dispute and its trail (BX-9, SF-14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cosell.events import Actor
from desk_kit import outcome
from process_samples import DAY, NOON
from several_samples import (
    ACME,
    BETA,
    MANAGER,
    RELAY,
    approve,
    registered,
    relayed,
    several,
)

BOARD = Actor("d-1", role="board", party="vendor")
OTHER_MANAGER = Actor("m-2", role="manager", party="vendor")
KEY = "registration:gamma.example:core"


@pytest.fixture
def desk(desk_of: Callable[..., Any], store: Any) -> Any:
    """Give a desk that serves all four processes."""
    return desk_of(several(), store)


def a_conflict(desk: Any, store: Any) -> Any:
    """Return the conflict of two registrations of one customer and product."""
    registered(desk, "r-1")
    registered(desk, "r-2", party="beta")
    approve(desk, "r-1")
    approve(desk, "r-2")
    relayed(desk, store)
    (conflict_id,) = store.ids(limit=9, process="conflict")
    return desk.load(conflict_id)


def decided(desk: Any, store: Any) -> Any:
    """Return the conflict, decided for the first."""
    conflict = a_conflict(desk, store)
    data = {"decided_for": "r-1", "reason": "It came first."}
    return desk.move(conflict.id, "decide", actor=MANAGER, at=NOON + DAY, data=data).record


def disputed(desk: Any, store: Any) -> Any:
    """Return the conflict, with the second partner's objection."""
    conflict = decided(desk, store)
    data = {"statements": {"text": "We have worked there for a year."}}
    return desk.move(conflict.id, "dispute", actor=BETA, at=NOON + DAY, data=data).record


def test_a_queued_registration_makes_a_conflict(desk: Any, store: Any) -> None:
    """It names the key, both records, whose the later one is, when, and the rule (BX-9)."""
    conflict = a_conflict(desk, store)
    assert (conflict.key, conflict.holder, conflict.challenger) == (KEY, "r-1", "r-2")
    assert (conflict.challenger_party, conflict.customer) == ("beta", "Gamma")
    assert (conflict.rule, conflict.arisen_at) == ("first approved", NOON + DAY)
    assert (conflict.origin.id, conflict.origin.process) == ("r-2", "registration")
    assert conflict.stage == "open"


def test_without_a_conflict_there_is_no_record(desk: Any, store: Any) -> None:
    """Another product meets nobody (BX-1)."""
    registered(desk, "r-1")
    registered(desk, "r-2", products=("extra",))
    approve(desk, "r-1")
    approve(desk, "r-2")
    relayed(desk, store)
    assert list(store.ids(limit=9, process="conflict")) == []


def test_a_decision_names_its_reason(desk: Any, store: Any) -> None:
    """Who decided, for whom and why stands in the record (BX-9, SF-14)."""
    conflict = a_conflict(desk, store)
    refused = outcome(lambda: desk.move(conflict.id, "decide", actor=MANAGER, at=NOON + DAY))
    assert [it.id for it in refused.decision.obstacles] == ["input_decided_for", "input_reason"]
    conflict = decided_again(desk, conflict.id)
    assert (conflict.decided_for, conflict.decided_by, conflict.reason) == (
        "r-1",
        "m-1",
        "It came first.",
    )


def decided_again(desk: Any, conflict_id: str) -> Any:
    """Decide for the first."""
    data = {"decided_for": "r-1", "reason": "It came first."}
    return desk.move(conflict_id, "decide", actor=MANAGER, at=NOON + DAY, data=data).record


def test_a_dispute_keeps_what_was_said(desk: Any, store: Any) -> None:
    """Each statement with who said it, for whom and when, oldest first (BX-9)."""
    conflict = disputed(desk, store)
    data = {"statements": {"text": "They registered later."}}
    conflict = desk.move(conflict.id, "state", actor=ACME, at=NOON + DAY, data=data).record
    said = [(it.party, it.by, it.at, it.text) for it in conflict.statements]
    assert said == [
        ("beta", "p-2", NOON + DAY, "We have worked there for a year."),
        ("acme", "p-1", NOON + DAY, "They registered later."),
    ]
    assert (conflict.disputed_by, conflict.stage, conflict.dispute_open) == (
        "beta",
        "disputed",
        True,
    )


def test_nobody_reviews_an_own_decision(desk: Any, store: Any) -> None:
    """Who decided does not uphold it; somebody else does (BX-9)."""
    conflict = disputed(desk, store)
    asked: dict[str, Any] = {"at": NOON + DAY, "data": {"outcome_reason": "The rule stands."}}
    refused = outcome(lambda: desk.move(conflict.id, "uphold", actor=MANAGER, **asked))
    assert [found.id for found in refused.decision.obstacles] == ["not_the_same"]
    upheld = desk.move(conflict.id, "uphold", actor=OTHER_MANAGER, **asked).record
    assert (upheld.outcome, upheld.decided_for, upheld.dispute_open) == ("upheld", "r-1", False)


def test_a_changed_decision_keeps_the_trail(desk: Any, store: Any) -> None:
    """The board decides for the other; every step stands in the trail (BX-9)."""
    conflict = disputed(desk, store)
    data = {"outcome_reason": "They were there first.", "decided_for": "r-2"}
    changed = desk.move(conflict.id, "overturn", actor=BOARD, at=NOON + DAY, data=data).record
    assert (changed.outcome, changed.decided_for) == ("changed", "r-2")
    closed = desk.move(conflict.id, "close", actor=MANAGER, at=NOON + DAY).record
    assert [(entry.trigger, entry.actor.id) for entry in closed.trail[1:]] == [
        ("decide", "m-1"),
        ("dispute", "p-2"),
        ("overturn", "d-1"),
        ("close", "m-1"),
    ]


def test_the_end_of_the_protection_leaves_the_conflict(desk: Any, store: Any) -> None:
    """The later registration comes up, and what was disputed stays on record (BX-2, BX-9)."""
    conflict = disputed(desk, store)
    desk.move("r-1", "expire", actor=MANAGER, at=NOON + DAY)
    relayed(desk, store, actor=RELAY)
    assert desk.load("r-2").stage == "approved"
    assert desk.load(conflict.id) == conflict
