"""Every record is found by its ids in other systems, and no two have one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cosell.errors import ClaimedError, InvalidDataError
from cosell.models import Conflict, Lead, Opportunity
from desk_kit import Meeting, at_once, outcome, require_coherent
from process_samples import DAY, NOON
from several_samples import ACME, MANAGER, a_registration, several

HUBSPOT = {"system": "hubspot", "kind": "deal", "value": "123"}
SALESFORCE = {"system": "salesforce", "value": "006"}


@pytest.fixture
def desk(desk_of: Callable[..., Any], store: Any) -> Any:
    """Give a desk that serves all four processes."""
    return desk_of(several(), store)


def a_lead(record_id: str = "l-1", *ids: dict[str, str]) -> Lead:
    """Return a lead with ids elsewhere."""
    return Lead.model_validate({"id": record_id, "external_ids": ids})


def opened(desk: Any, record: Any, process: str = "lead") -> Any:
    """Open a record at noon."""
    return desk.open(record, actor=MANAGER, at=NOON, process=process)


def test_a_record_is_found_by_its_ids(desk: Any, store: Any) -> None:
    """Each of several; what nobody has is ``None``."""
    assert opened(desk, a_lead("l-1", HUBSPOT, SALESFORCE)).record.claims == (
        "external:hubspot/deal:123",
        "external:salesforce:006",
    )
    assert desk.find("hubspot", "123", "deal") == "l-1"
    assert desk.find("salesforce", "006") == "l-1"
    assert desk.find("hubspot", "123") is None
    assert desk.find("salesforce", "007") is None
    require_coherent(next(it for it in several() if it.ref.id == "lead"), store, "l-1")


def test_what_can_be_no_id_is_a_mistake(desk: Any) -> None:
    """The system is a name; the error says what is wrong."""
    assert isinstance(outcome(lambda: desk.find("No System", "1")), InvalidDataError)


@pytest.mark.parametrize(
    ("record", "process"),
    [
        pytest.param(Lead(id="x"), "lead", id="lead"),
        pytest.param(Opportunity(id="x"), "opportunity", id="opportunity"),
        pytest.param(a_registration("x"), "registration", id="registration"),
        pytest.param(Conflict(id="x"), "conflict", id="conflict"),
    ],
)
def test_every_record_has_them(desk: Any, record: Any, process: str) -> None:
    """No definition need say so."""
    given = record.model_copy(update={"external_ids": a_lead("x", SALESFORCE).external_ids})
    opened(desk, given, process)
    assert desk.find("salesforce", "006") == "x"


@pytest.mark.parametrize("way", ["open", "adopt"])
def test_a_second_record_with_an_id_is_refused(desk: Any, way: str) -> None:
    """Opened or adopted, of whatever process: the error names who has it."""
    opened(desk, a_lead("l-1", SALESFORCE))
    second = Opportunity.model_validate({"id": "o-1", "external_ids": [SALESFORCE]})
    asked: dict[str, Any] = {"actor": ACME, "at": NOON, "process": "opportunity"}
    if way == "adopt":
        asked["stage"] = "won"
    error = outcome(lambda: getattr(desk, way)(second, **asked))
    assert error == ClaimedError("external:salesforce:006", "l-1")


def test_two_at_once_and_one_has_it(desk_of: Callable[..., Any], store: Any) -> None:
    """Two imports of one deal under two ids: one record is made."""
    desk = desk_of(several(), Meeting(store))
    both = at_once(
        lambda: opened(desk, a_lead("l-1", SALESFORCE)),
        lambda: opened(desk, a_lead("l-2", SALESFORCE)),
    )
    assert [type(each) for each in both].count(ClaimedError) == 1
    assert len(list(store.ids(limit=9))) == 1


def test_an_edit_takes_and_gives_back(desk: Any, store: Any) -> None:
    """The claims follow the field: what is added is taken, what is left out is free."""
    opened(desk, a_lead("l-1", SALESFORCE))
    changed = desk.change("l-1", {"external_ids": [HUBSPOT]}, actor=MANAGER, at=NOON)
    assert changed.record.claims == ("external:hubspot/deal:123",)
    assert desk.find("salesforce", "006") is None
    opened(desk, a_lead("l-2", SALESFORCE))
    error = outcome(
        lambda: desk.change("l-1", {"external_ids": [SALESFORCE]}, actor=MANAGER, at=NOON + DAY)
    )
    assert error == ClaimedError("external:salesforce:006", "l-2")
    assert desk.load("l-1").version == 2
    require_coherent(next(it for it in several() if it.ref.id == "lead"), store, "l-1")


def test_an_edit_of_other_fields_leaves_them(desk: Any) -> None:
    """The event says nothing of claims that stay, even when the same ids are given again."""
    opened(desk, a_lead("l-1", SALESFORCE))
    for data in ({"name": "Gamma"}, {"external_ids": [SALESFORCE]}):
        event = desk.change("l-1", data, actor=MANAGER, at=NOON).events[-1]
        assert set(event.changes) == set(data)
    assert desk.find("salesforce", "006") == "l-1"


def test_an_ended_record_keeps_its_ids(desk: Any) -> None:
    """It is found by them for ever."""
    opened(
        desk, Opportunity.model_validate({"id": "o-1", "external_ids": [SALESFORCE]}), "opportunity"
    )
    seller = ACME.model_copy(update={"role": "seller"})
    desk.move("o-1", "win", actor=seller, at=NOON)
    assert desk.find("salesforce", "006") == "o-1"
