"""Duplicates: one customer and a common product; and protections claimed by a customer's key."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell import Actor, ClaimedError, Desk, MemoryStore, TransitionRefusedError, bind
from cosell.definition import parse_process
from cosell.findings import Verdict
from cosell.identity import (
    IdentityPolicy,
    KeyedCustomer,
    is_duplicate,
    product_overlap,
)
from cosell.models import Customer, DealRegistration
from cosell.models.deal import Deal, Product
from extras import needs_extra

needs_extra("identity", "confusable_homoglyphs", "idna", "publicsuffixlist")

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
MANAGER = Actor("m-1", role="manager")

products = st.lists(
    st.builds(
        Product,
        id=st.none() | st.sampled_from(["core", "more"]),
        name=st.none() | st.sampled_from(["Core", "CORE", "More"]),
    ),
    max_size=3,
)


def deal(*found: Any, domain: str | None = "acme.de") -> Deal:
    """Return a deal about products given by id, or by name in capitals."""
    listed = [
        each
        if isinstance(each, Product)
        else Product(name=each)
        if each[:1].isupper()
        else Product(id=each)
        for each in found
    ]
    return Deal(id="d-1", customer=Customer(domain=domain), products=tuple(listed))


@pytest.mark.parametrize(
    ("one", "other", "verdict", "common"),
    [
        pytest.param(["core"], ["core"], "met", ("core",), id="one id"),
        pytest.param(["core", "more"], ["less", "more"], "met", ("more",), id="one id of two"),
        pytest.param(["core"], ["more"], "unmet", (), id="another product is no duplicate"),
        pytest.param(["Core"], ["CORE"], "met", ("CORE",), id="names, whatever the case"),
        pytest.param(["Core"], ["More"], "unmet", (), id="other names"),
        pytest.param(["core"], ["Core"], "unknown", (), id="an id and a name cannot be compared"),
        pytest.param(["core"], [], "unknown", (), id="what is not recorded is unknown"),
        pytest.param([], [], "unknown", (), id="nothing is recorded"),
        pytest.param(["core", Product()], ["core"], "met", ("core",), id="one is enough"),
        pytest.param(["core", Product()], ["more"], "unknown", (), id="an unnamed one may be it"),
        pytest.param(
            [Product(id="core", name="Core")], ["Core"], "met", ("core",), id="a name beside an id"
        ),
        pytest.param(
            [Product(id="a", name="Core")],
            [Product(id="b", name="Core")],
            "unmet",
            (),
            id="ids count before names",
        ),
    ],
)
def test_product_overlap(
    one: list[Any], other: list[Any], verdict: str, common: tuple[str, ...]
) -> None:
    """Two deals overlap in products when one id, or one name without ids, is in both (BX-1)."""
    for found in (
        product_overlap(deal(*one), deal(*other)),
        product_overlap(deal(*other), deal(*one)),
    ):
        assert (found.verdict.value, found.common) == (verdict, common)


@given(one=products, other=products)
def test_overlap_is_symmetric(one: list[Product], other: list[Product]) -> None:
    """It does not matter which deal is named first."""
    forth, back = (
        product_overlap(deal(*one), deal(*other)),
        product_overlap(deal(*other), deal(*one)),
    )

    assert (forth.verdict, forth.common) == (back.verdict, back.common)


@pytest.mark.parametrize(
    ("domain", "product", "verdict"),
    [
        pytest.param("acme.co.uk", "core", "met", id="one customer and one product"),
        pytest.param("acme.co.uk", "more", "unmet", id="another product is no duplicate"),
        pytest.param("globex.com", "core", "unmet", id="another customer is no duplicate"),
        pytest.param("acme.tech", "core", "unknown", id="a customer to look at again"),
        pytest.param("acme.tech", "more", "unmet", id="a doubt about the customer does not matter"),
        pytest.param(None, "core", "unknown", id="a customer that is not recorded"),
        pytest.param("acme.de", "Core", "unknown", id="products that cannot be compared"),
        pytest.param("globex.com", "Core", "unmet", id="a doubt about products does not matter"),
    ],
)
def test_is_duplicate(domain: str | None, product: str, verdict: str) -> None:
    """A duplicate is the same customer and a common product; unknown is never yes (BX-1)."""
    found = is_duplicate(deal("core"), deal(product, domain=domain))

    assert found.verdict.value == verdict
    assert bool(found) is (found.verdict is Verdict.MET)
    assert found.findings[-1].id == "product_overlap"


def test_a_duplicate_by_a_programs_own_policy() -> None:
    """A program that looks again at country variants has no sure duplicate there."""
    policy = IdentityPolicy.model_validate({"country_variant": "look_again"})
    found = is_duplicate(deal("core"), deal("core", domain="acme.co.uk"), policy=policy)

    assert found.verdict is Verdict.UNKNOWN


class Registration(DealRegistration, frozen=True):
    """A host's registration, whose customer has a key."""

    customer: KeyedCustomer = KeyedCustomer()


PROTECTED = """
id = "protected"
version = 1
record = "Registration"
initial = "submitted"
roles = { manager = "Manager" }
stages = [{ id = "submitted" }, { id = "protected" }, { id = "done", kind = "closed" }]
[[transitions]]
trigger = "protect"
source = "submitted"
target = "protected"
roles = ["manager"]
claims = ["registration:{customer.key}"]
"""


class TestClaims:
    """A protection is claimed by the customer's key, so that it is one customer's (BX-2)."""

    def desk(self, *domains: str | None) -> Desk:
        """Return a desk with a submitted registration for each domain."""
        desk = Desk([bind(parse_process(PROTECTED), record=Registration)], MemoryStore())
        for number, domain in enumerate(domains):
            record = Registration(id=f"r-{number}", customer=KeyedCustomer(domain=domain))
            desk.open(record, actor=MANAGER, at=NOW)
        return desk

    def test_one_customer_has_one_protection(self) -> None:
        """Another domain of the customer finds the protection taken, with the holder named."""
        desk = self.desk("acme.de", "www.acme.co.uk")
        desk.move("r-0", "protect", actor=MANAGER, at=NOW)

        with pytest.raises(ClaimedError) as caught:
            desk.move("r-1", "protect", actor=MANAGER, at=NOW)
        assert (caught.value.key, caught.value.holder) == ("registration:acme.*", "r-0")

    def test_other_customers_have_their_own(self) -> None:
        """Another customer is protected beside it."""
        desk = self.desk("acme.de", "globex.com")

        for record_id in ("r-0", "r-1"):
            desk.move(record_id, "protect", actor=MANAGER, at=NOW)

    @pytest.mark.parametrize("domain", [None, "gmail.com"])
    def test_who_cannot_be_identified_is_not_protected(self, domain: str | None) -> None:
        """A claim on a customer without a key is refused, and says what is missing."""
        desk = self.desk(domain)

        with pytest.raises(TransitionRefusedError, match=r"customer\.key"):
            desk.move("r-0", "protect", actor=MANAGER, at=NOW)
