"""One key for each customer, so that a protection can be claimed for it.

A claim such as ``registration:{customer.key}`` is made of a field of the record. The models of
cosell know nothing of domains; a host that claims by customers gives its records a customer that
does: ``customer: KeyedCustomer``. The key is derived, so that it follows the domain at once.

Rules that hold for every key:

1. Two customers with one key are the same by the policy that made it.
2. Who cannot be identified has no key: a claim on it is refused, with a remedy.

This module does not know what a claim is.
"""

from __future__ import annotations

from typing import ClassVar, Final

from cosell.errors.kinds import tells_kinds
from cosell.identity.names import look_alike_folded, spelling_folded
from cosell.identity.policy import BX_1, IdentityPolicy, Sameness
from cosell.identity.same import is_of_country, own_domain
from cosell.models.customer import Customer

__all__ = ["KeyedCustomer", "customer_key"]

_ANY: Final = "*"


@tells_kinds
def customer_key(customer: Customer, *, policy: IdentityPolicy = BX_1) -> str | None:
    """Return the one key of a customer: its domain, with what the policy calls the same as one.

    Args:
        customer: The customer.
        policy: What each kind of likeness comes to.

    Returns:
        The key; ``None`` for a customer without a domain of its own.

    Raises:
        MissingExtraError: The extra ``identity`` is not installed.

    Source:
        BX-1, BX-2.

    Example:
        >>> customer_key(Customer(domain="www.acme.de")), customer_key(Customer(domain="acme.com"))
        ('acme.*', 'acme.*')
        >>> careful = IdentityPolicy(country_variant="look_again")
        >>> customer_key(Customer(domain="www.acme.de"), policy=careful)
        'acme.de'
        >>> customer_key(Customer(domain="gmail.com")) is None
        True
    """
    domain = own_domain(customer, policy)
    if domain is None:
        return None
    return f"{_label_key(domain.label, policy)}.{_suffix_key(domain.suffix, policy)}"


def _label_key(label: str, policy: IdentityPolicy) -> str:
    if policy.lookalike is not Sameness.SAME:
        return label
    if policy.spelling is Sameness.SAME:
        return spelling_folded(label)
    return look_alike_folded(label)


def _suffix_key(suffix: str, policy: IdentityPolicy) -> str:
    """Return a suffix, or ``*`` where those that count as one with it cannot be told apart."""
    across_countries = policy.country_variant is Sameness.SAME
    across_all = policy.other_suffix is Sameness.SAME
    if across_all and across_countries:
        return _ANY
    return _ANY if across_countries and is_of_country(suffix) else suffix


class KeyedCustomer(Customer, frozen=True):
    """A customer with its key, for claims: ``registration:{customer.key}``.

    A host's own policy is a class attribute of a subclass.

    Example:
        >>> KeyedCustomer(domain="shop.acme.co.uk").key
        'acme.*'
        >>> class Careful(KeyedCustomer, frozen=True):
        ...     identity_policy = IdentityPolicy(country_variant="look_again")
        >>> Careful(domain="shop.acme.co.uk").key
        'acme.co.uk'
    """

    identity_policy: ClassVar[IdentityPolicy] = BX_1

    @property
    def key(self) -> str | None:
        """The one key of the customer; missing when it has no domain of its own (BX-1)."""
        return customer_key(self, policy=self.identity_policy)
