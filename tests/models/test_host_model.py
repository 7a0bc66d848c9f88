"""A host extends a model, and finds what is personal in it."""

from __future__ import annotations

import pickle
from datetime import date
from typing import get_args

import pytest
from pydantic import ValidationError

from cosell._base import PERSONAL, Text
from cosell.models import Contact, Customer, Opportunity, PocPerson, Stakeholder
from cosell.money import Money
from model_samples import all_fields


class HostOpportunity(Opportunity, frozen=True):
    """A host's opportunity, with two fields of its own and one derived."""

    region: Text | None = None
    renewal_on: date | None = None

    @property
    def is_large(self) -> bool | None:
        """Whether it is large by the host's own measure."""
        return None if self.acv is None else self.acv >= Money.parse("100000 USD")


def test_a_host_adds_fields() -> None:
    """A subclass has the fields of both, survives JSON and pickle, and is an opportunity."""
    deal = HostOpportunity(id="o-1", region="EMEA", acv=Money.parse("100000 USD"))

    assert isinstance(deal, Opportunity)
    assert deal.is_large is True
    assert deal.mdp.stage == "not_started"
    assert HostOpportunity.model_validate_json(deal.model_dump_json()) == deal
    assert pickle.loads(pickle.dumps(deal)) == deal  # noqa: S301 - our own bytes
    assert {"region", "acv"} < set(HostOpportunity.model_json_schema()["properties"])


class HostCustomer(Customer, frozen=True):
    """A customer with a field that no place in a shipped model names."""

    segment: Text | None = None


class HostDeal(Opportunity, frozen=True):
    """A deal whose customer is the host's own."""

    customer: HostCustomer = HostCustomer()


def test_a_part_with_fields_of_its_own_needs_a_place_that_names_them() -> None:
    """Nothing is dropped without a word: a store would keep the shipped model's fields alone."""
    smb = HostCustomer(domain="beta.example", segment="smb")

    with pytest.raises(ValidationError, match=r"customer\.segment"):
        Opportunity(id="o-1", customer=smb)
    deal = HostDeal(id="o-1", customer=smb)
    assert deal.customer is smb
    assert HostDeal.model_validate_json(deal.model_dump_json()) == deal


def test_a_hosts_model_still_refuses_unknown_fields() -> None:
    """What neither model knows is refused, and fields stay frozen."""
    with pytest.raises(ValidationError, match="territory"):
        HostOpportunity.model_validate({"id": "o-1", "territory": "North"})
    with pytest.raises(ValidationError, match="frozen"):
        HostOpportunity(id="o-1").region = "EMEA"  # type: ignore[misc]


@pytest.mark.parametrize("model", [Contact, Stakeholder, PocPerson])
def test_personal_fields_are_marked(model: type[Contact]) -> None:
    """Name, mail, telephone and position of a person are marked as personal (BX-46)."""
    marked = {name for name, hint in all_fields(model).items() if PERSONAL in get_args(hint)}

    assert marked >= {"first_name", "last_name", "email", "phone", "position"}
    assert marked <= set(model.model_fields) - {"id", "side", "consents_to_contact"}


def test_a_marked_field_keeps_its_marker() -> None:
    """The marker reaches the field as pydantic sees it."""
    assert PERSONAL in Contact.model_fields["email"].metadata


def test_missing_consent_is_no_consent() -> None:
    """Consent is missing until it is recorded, never no and never yes (MS-8)."""
    contact = Contact(first_name="Ada")

    assert contact.consents_to_contact is None
    assert contact.consents_to_sharing is None
