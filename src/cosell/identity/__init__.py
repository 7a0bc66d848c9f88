"""Which customers are one and the same, and which deals are duplicates (BX-1).

Needs the extra ``identity``; its packages are imported on first use, and ask no network.
"""

from __future__ import annotations

from cosell.identity.domains import NotADomainError, identifies_company, normalise_domain
from cosell.identity.duplicates import Duplicate, Overlap, is_duplicate, product_overlap
from cosell.identity.keys import KeyedCustomer, customer_key
from cosell.identity.names import normalise_name
from cosell.identity.policy import BX_1, IdentityPolicy, Sameness
from cosell.identity.same import Match, same_customer

__all__ = [
    "BX_1",
    "Duplicate",
    "IdentityPolicy",
    "KeyedCustomer",
    "Match",
    "NotADomainError",
    "Overlap",
    "Sameness",
    "customer_key",
    "identifies_company",
    "is_duplicate",
    "normalise_domain",
    "normalise_name",
    "product_overlap",
    "same_customer",
]
