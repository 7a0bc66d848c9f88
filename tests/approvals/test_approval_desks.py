"""Approvals through both desks, and when several approve at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from approval_samples import (
    FINANCE,
    LEGAL,
    MANAGER,
    OTHER_MANAGER,
    PARTNER,
    SELLER,
    chains,
)
from cosell.engine import TransitionRefusedError
from cosell.models import Opportunity
from cosell.stores import MemoryStore, SqliteStore
from desk_kit import DESKS, Meeting, at_once, require_coherent
from process_samples import DAY, NOON

STORES: dict[str, Callable[[Path], Any]] = {
    "memory": lambda _: MemoryStore(),
    "sqlite": lambda path: SqliteStore(path / "deals.db"),
}
TENDER = {"is_tender": True}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """Give a store of each kind."""
    store = STORES[request.param](tmp_path)
    yield store
    getattr(store, "close", lambda: None)()


@pytest.fixture(params=DESKS)
def desk(request: pytest.FixtureRequest, store: Any) -> Any:
    """Return a desk of each kind with a deal that waits for approval."""
    desk = DESKS[request.param]([chains()], store)
    deal = Opportunity.model_validate(
        {"id": "o-1", "acv": "60000 USD", "customer": {"name": "Beta"}}
    )
    desk.open(deal, actor=PARTNER, at=NOON)
    desk.move("o-1", "submit", actor=PARTNER, at=NOON)
    return desk


def answer(desk: Any, actor: Any, trigger: str = "approve_deal", **more: Any) -> Any:
    """Answer for ``actor`` a day later."""
    return desk.move("o-1", trigger, actor=actor, at=NOON + DAY, facts=TENDER, **more)


def test_a_chain_from_end_to_end(desk: Any, store: Any) -> None:
    """Asked in order, previewed on the way, and accepted at the end (BX-8)."""
    for actor in (MANAGER, LEGAL, FINANCE):
        steps = desk.approvals("o-1", at=NOON, facts=TENDER)
        assert actor.role in {step.role for step in steps if step.state == "open"}
        answer(desk, actor)
    desk.move("o-1", "accept", actor=MANAGER, at=NOON + DAY, facts=TENDER)

    steps = desk.approvals("o-1", at=NOON + DAY, facts=TENDER)
    assert {step.state for step in steps if step.chain == "deal"} == {"approved"}
    require_coherent(chains(), store, "o-1")


def test_two_who_approve_at_once_are_both_kept(
    request: pytest.FixtureRequest, desk: Any, store: Any
) -> None:
    """Legal and finance answer side by side: the one that lost the race is decided anew."""
    answer(desk, MANAGER)
    meeting = type(desk)([chains()], Meeting(store))
    first, second = at_once(lambda: answer(meeting, LEGAL), lambda: answer(meeting, FINANCE))

    rows = {it.row for it in desk.load("o-1").approvals}
    assert rows == {"manager", "legal", "finance"}, (request.node.name, first, second)
    require_coherent(chains(), store, "o-1")


def test_of_two_for_one_row_one_is_refused(desk: Any, store: Any) -> None:
    """Two managers at once: one has answered, and the other is told so."""
    meeting = type(desk)([chains()], Meeting(store))
    outcomes = at_once(lambda: answer(meeting, MANAGER), lambda: answer(meeting, OTHER_MANAGER))

    (refused,) = [it for it in outcomes if isinstance(it, TransitionRefusedError)]
    mine = [it for it in refused.decision.obstacles if it.candidate == 0]
    assert [it.id for it in mine] == ["open"]
    assert len(desk.load("o-1").approvals) == 1


def test_an_edit_between_makes_the_accepting_move_wait(desk: Any) -> None:
    """An amount that was raised after the approvals is not approved (BX-40)."""
    for actor in (MANAGER, LEGAL, FINANCE):
        answer(desk, actor)
    desk.change("o-1", {"acv": "90000 USD"}, actor=SELLER, at=NOON + DAY)

    with pytest.raises(TransitionRefusedError) as caught:
        desk.move("o-1", "accept", actor=MANAGER, at=NOON + DAY, facts=TENDER)
    found = {finding.id for finding in caught.value.decision.obstacles}
    assert found == {"deal_manager", "deal_finance", "deal_legal"}


def test_a_key_answers_once(desk: Any) -> None:
    """A repeated approval with its key is the first one again."""
    first, again = (answer(desk, MANAGER, key="k-1") for _ in range(2))

    assert not first.repeated
    assert again.repeated
    assert len(desk.load("o-1").approvals) == 1
