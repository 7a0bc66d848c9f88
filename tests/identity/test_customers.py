"""Which customers are one: a table of pairs, and laws that hold for any two (BX-1)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cosell.findings import Verdict
from cosell.identity import (
    BX_1,
    IdentityPolicy,
    KeyedCustomer,
    Match,
    Sameness,
    customer_key,
    normalise_name,
    same_customer,
)
from cosell.models import Customer
from extras import needs_extra

needs_extra("identity", "confusable_homoglyphs", "idna", "publicsuffixlist")

PAIRS = tomllib.loads((Path(__file__).parent / "pairs.toml").read_text("utf-8"))["pairs"]
#: The findings that an outcome is explained by.
EXPLAINS = {
    "same": Verdict.MET,
    "not_the_same": Verdict.UNMET,
    "look_again": Verdict.MET,
}
OF_DOMAINS = {"lookalike", "spelling", "country_variant", "other_suffix"}

labels = st.sampled_from(["acme", "аcme", "acrne", "müller", "mueller", "globex", "a-b", "ab"])
suffixes = st.sampled_from(["com", "de", "co.uk", "io", "tech", "github.io"])
domains = st.builds("{}.{}".format, labels, suffixes) | st.sampled_from(["gmail.com", "n-a"])
customers = st.builds(
    Customer,
    domain=st.none() | domains,
    name=st.none() | st.sampled_from(["Acme", "ACME Inc.", "Globex", "Müller GmbH"]),
    id=st.none() | st.sampled_from(["c-1", "c-2"]),
)
outcomes = st.sampled_from(list(Sameness))
policies = st.builds(
    IdentityPolicy,
    country_variant=outcomes,
    lookalike=outcomes,
    other_suffix=outcomes,
    spelling=outcomes,
    name=outcomes,
    shared_domains=st.sampled_from([frozenset(), frozenset({"acme.com"})]),
)


def customer(known: Any) -> Customer:
    """Return a customer from a row of the table: its domain, or what is known of it."""
    return Customer.model_validate({"domain": known} if isinstance(known, str) else known)


def test_the_table_has_every_outcome() -> None:
    """At least forty pairs are told apart, of each outcome some."""
    assert len(PAIRS) >= 40
    assert {pair["outcome"] for pair in PAIRS} == set(Sameness)


@pytest.mark.parametrize("pair", [pytest.param(pair, id=pair["why"]) for pair in PAIRS])
def test_pairs(pair: dict[str, Any]) -> None:
    """Two customers are one, are not, or should be looked at again, for the reasons stated."""
    found = same_customer(customer(pair["a"]), customer(pair["b"]))

    assert found.outcome == pair["outcome"]
    wanted = EXPLAINS[pair["outcome"]]
    by = sorted(each.id for each in found.findings if each.verdict is wanted)
    if not by:
        by = sorted(each.id for each in found.findings if each.verdict is Verdict.UNKNOWN)
    if wanted is Verdict.UNMET:
        by = [each for each in by if each not in OF_DOMAINS]
    assert by == pair["by"]
    assert {each.id for each in found.reasons} >= set(by)


def test_without_a_reason() -> None:
    """An answer without findings has no reasons."""
    assert Match(Sameness.NOT_THE_SAME, ()).reasons == ()


class TestLaws:
    """What holds for any two customers and any policy (BX-1)."""

    @given(a=customers, b=customers, policy=policies)
    def test_it_is_symmetric(self, a: Customer, b: Customer, policy: IdentityPolicy) -> None:
        """It does not matter which of the two is named first."""
        one, other = same_customer(a, b, policy=policy), same_customer(b, a, policy=policy)

        assert one.outcome is other.outcome
        assert [each.verdict for each in one.findings] == [each.verdict for each in other.findings]

    @given(a=customers, policy=policies)
    def test_who_is_identified_is_the_same_as_itself(
        self, a: Customer, policy: IdentityPolicy
    ) -> None:
        """A customer with an id or a domain of its own is itself; another may be anybody."""
        identified = a.id is not None or customer_key(a, policy=policy) is not None

        assert (same_customer(a, a, policy=policy).outcome is Sameness.SAME) is (
            identified or (a.name is not None and policy.name is Sameness.SAME)
        )

    @given(a=customers, b=customers, policy=policies)
    def test_one_key_is_one_customer(
        self, a: Customer, b: Customer, policy: IdentityPolicy
    ) -> None:
        """Two customers with one key are the same by the policy that made it (BX-2)."""
        key = customer_key(a, policy=policy)
        if key is not None and key == customer_key(b, policy=policy):
            assert same_customer(a, b, policy=policy).outcome is Sameness.SAME

    @given(a=domains, b=domains)
    def test_by_domain_the_same_have_one_key(self, a: str, b: str) -> None:
        """By the rules of BX-1, customers that are the same by their domains share a key."""
        one, other = Customer(domain=a), Customer(domain=b)
        if same_customer(one, other).outcome is Sameness.SAME:
            assert customer_key(one) == customer_key(other) is not None

    @given(a=customers, b=customers)
    def test_missing_is_neither(self, a: Customer, b: Customer) -> None:
        """Taking a domain away never makes two customers different."""
        without = a.model_copy(update={"domain": None})

        assert same_customer(without, b).outcome is not Sameness.NOT_THE_SAME

    @given(name=st.text(max_size=20) | st.sampled_from(["Sae Sae", "Inc. Inc.", "A & B", "OOO"]))
    def test_a_normal_name_stays(self, name: str) -> None:
        """Normalising a name twice is normalising it once."""
        assert normalise_name(normalise_name(name)) == normalise_name(name)


@pytest.mark.parametrize(
    ("way", "other"),
    [
        ("country_variant", "acme.co.uk"),
        ("lookalike", "аcme.de"),
        ("spelling", "acrne.de"),
        ("other_suffix", "acme.tech"),
    ],
)
@pytest.mark.parametrize("outcome", list(Sameness))
def test_a_policy_decides(way: str, other: str, outcome: Sameness) -> None:
    """What each kind of likeness comes to is a program's choice."""
    policy = IdentityPolicy.model_validate({way: outcome})
    one, two = Customer(domain="acme.de"), Customer(domain=other)

    assert same_customer(one, two, policy=policy).outcome is outcome


def test_a_policy_may_trust_names() -> None:
    """A program may take equal names for one customer."""
    policy = IdentityPolicy(name=Sameness.SAME)
    one, two = Customer(name="Acme Inc."), Customer(name="ACME")

    assert same_customer(one, two, policy=policy).outcome is Sameness.SAME
    assert same_customer(one, two, policy=BX_1).outcome is Sameness.LOOK_AGAIN


def test_a_shared_domain_identifies_nobody() -> None:
    """A group's domain, however it is written, says nothing about which of its companies it is."""
    policy = IdentityPolicy(shared_domains=frozenset({"WWW.Holding.com"}))
    one = Customer(domain="one.holding.com")

    assert same_customer(one, one, policy=policy).outcome is Sameness.LOOK_AGAIN
    assert customer_key(one, policy=policy) is None


def test_a_shared_domain_is_a_domain() -> None:
    """What names no domain is refused when the policy is made."""
    with pytest.raises(ValidationError, match="holds no domain"):
        IdentityPolicy(shared_domains=frozenset({"holding"}))


@pytest.mark.parametrize(
    ("policy", "domain", "key"),
    [
        pytest.param({}, "shop.acme.de", "acme.*", id="countries count as one"),
        pytest.param({}, "acme.tech", "acme.tech", id="another ending is its own"),
        pytest.param({}, "xn--cme-5cd.com", "acme.*", id="look-alikes count as one"),
        pytest.param(
            {"lookalike": "look_again"}, "xn--cme-5cd.tech", "xn--cme-5cd.tech", id="or not"
        ),
        pytest.param(
            {"other_suffix": "same"}, "acme.tech", "acme.*", id="all endings count as one"
        ),
        pytest.param(
            {"spelling": "same"}, "müller.tech", "muller.tech", id="spellings count as one"
        ),
        pytest.param({}, "müller.tech", "müller.tech", id="an accent is no look-alike"),
        pytest.param({}, "gmail.com", None, id="free mail has no key"),
        pytest.param({}, None, None, id="no domain has no key"),
    ],
)
def test_keys(policy: dict[str, str], domain: str | None, key: str | None) -> None:
    """A key counts as one what the policy calls the same (BX-1, BX-2)."""
    known = Customer(domain=domain)

    assert customer_key(known, policy=IdentityPolicy.model_validate(policy)) == key


def test_a_keyed_customer_follows_its_domain() -> None:
    """The key is derived: it cannot be out of step with the domain."""
    known = KeyedCustomer(domain="acme.tech")

    assert known.key == "acme.tech"
    assert known.model_copy(update={"domain": "globex.tech"}).key == "globex.tech"


def test_an_answer_explains_itself() -> None:
    """The outcome is followed by its reasons, each with what to do."""
    found = same_customer(Customer(domain="corner.com"), Customer(domain="comer.com"))

    assert str(found) == (
        "look again\nspelling: met (domain is corner.com, other.domain is comer.com)"
    )
    assert found.findings[1].cites == ("BX-1",)


def test_why_a_domain_identifies_nobody() -> None:
    """A domain that is recorded and useless is named."""
    found = same_customer(Customer(domain="gmail.com"), Customer(domain="n-a"))

    assert found.findings[1].error == "`gmail.com` and `n-a` identifies no company"
