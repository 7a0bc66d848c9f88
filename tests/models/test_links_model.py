"""What ties records together: external ids, offers, where a record comes from, conflicts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cosell.models import Conflict, Customer, DealRegistration, ExternalId, Lead, Opportunity

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

KEYS = [
    ({"system": "salesforce", "value": "006"}, "salesforce:006"),
    ({"system": "hubspot", "kind": "deal", "value": "123"}, "hubspot/deal:123"),
    ({"system": "hubspot", "kind": "company", "value": "123"}, "hubspot/company:123"),
    ({"system": "s", "kind": "a:b", "value": "c"}, "s/a%3Ab:c"),
    ({"system": "s", "kind": "a", "value": "b:c"}, "s/a:b:c"),
    ({"system": "s", "value": "/a:c"}, "s:/a:c"),
]


@pytest.mark.parametrize(("values", "key"), KEYS, ids=[key for _, key in KEYS])
def test_an_external_id_has_a_key_of_its_own(values: dict[str, Any], key: str) -> None:
    """System, kind and value make one text, which no other id has."""
    assert ExternalId(**values).key == key


@pytest.mark.parametrize(
    ("parties", "again"),
    [
        pytest.param([], False, id="never offered"),
        pytest.param(["a"], False, id="offered once"),
        pytest.param(["a", "b"], False, id="redistributed to another"),
        pytest.param(["a", "b", "a"], True, id="back to the first one"),
        pytest.param(["a", "b", "b"], True, id="twice in a row"),
        pytest.param(["a", "a", "b"], False, id="on to another after a return on purpose"),
    ],
)
def test_a_lead_that_is_offered_again_says_so(parties: list[str], again: bool) -> None:  # noqa: FBT001 - a case
    """Whether the newest offer goes to a party that had one before (SF-20)."""
    lead = Lead.model_validate({"id": "l-1", "offers": [{"party": party} for party in parties]})
    assert lead.offered_again is again


@pytest.mark.parametrize(
    ("accepted_by", "others"),
    [
        pytest.param(None, ["a", "b"], id="nobody yet"),
        pytest.param("a", ["b"], id="one of them"),
        pytest.param("c", ["a", "b"], id="somebody else"),
    ],
)
def test_the_others_are_those_who_did_not_accept(
    accepted_by: str | None, others: list[str]
) -> None:
    """They are to be told that the lead is gone (SF-17)."""
    offers = [{"party": "a"}, {"party": "b"}]
    lead = Lead.model_validate({"id": "l-1", "offers": offers, "accepted_by": accepted_by})
    assert [offer.party for offer in lead.other_offers] == others


@pytest.mark.parametrize(
    ("since", "standing"),
    [
        pytest.param(None, ["a", "b", "c"], id="one round"),
        pytest.param(NOON, ["b"], id="a new round, its first moment included"),
    ],
)
def test_offers_of_an_earlier_round_are_over(since: datetime | None, standing: list[str]) -> None:
    """What was offered before the lead went on counts no longer (SF-20)."""
    offers = [
        {"party": "a", "offered_at": NOON - timedelta(microseconds=1)},
        {"party": "b", "offered_at": NOON},
        {"party": "c"},
    ]
    lead = Lead.model_validate({"id": "l-1", "offers": offers, "round_started_at": since})
    assert [offer.party for offer in lead.standing_offers] == standing
    assert [offer.party for offer in lead.newest_offers] == ["c"]


@pytest.mark.parametrize(
    ("domain", "key"),
    [
        pytest.param(None, None, id="no domain"),
        pytest.param(".", None, id="no name"),
        pytest.param("Gamma.Example", "gamma.example", id="capitals"),
        pytest.param("www.gamma.example.", "gamma.example", id="prefix and final dot"),
        pytest.param("shop.gamma.example", "shop.gamma.example", id="a subdomain is another one"),
    ],
)
def test_a_customer_has_a_key_for_claims(domain: str | None, key: str | None) -> None:
    """Without the extra it is the domain, however it is written (BX-1)."""
    assert Customer(domain=domain).key == key


@pytest.mark.parametrize(
    ("values", "is_open"),
    [
        pytest.param({}, False, id="nobody objects"),
        pytest.param({"disputed_at": NOON}, True, id="somebody objects"),
        pytest.param({"disputed_at": NOON, "outcome": "upheld"}, False, id="it was decided"),
    ],
)
def test_a_dispute_is_open_until_it_has_an_outcome(values: dict[str, Any], is_open: bool) -> None:  # noqa: FBT001 - a case
    """A conflict says whether somebody objects and nothing came of it yet (BX-9)."""
    assert Conflict.model_validate({"id": "c-1", **values}).dispute_open is is_open


@pytest.mark.parametrize("model", [Conflict, DealRegistration, Lead, Opportunity])
def test_every_record_has_origin_and_external_ids(model: Any) -> None:
    """Both are blank until they are recorded, on every record that ships."""
    blank = model(id="r-1")
    assert (blank.origin.id, blank.external_ids) == (None, ())
