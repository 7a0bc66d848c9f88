"""Say whether two deals are duplicates: one customer, and at least one common product (BX-1).

Another product is no duplicate. Three values, as everywhere: what is not recorded is unknown.

This module does not know what becomes of a duplicate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cosell.errors.kinds import tells_kinds
from cosell.findings import Check, CheckKind, Finding, Verdict
from cosell.identity.names import normalise_name
from cosell.identity.policy import BX_1, IdentityPolicy, Sameness
from cosell.identity.same import Match, same_customer
from cosell.models.deal import Deal, Product

__all__ = ["Duplicate", "Overlap", "is_duplicate", "product_overlap"]

_CHECK: Final = Check(
    "product_overlap",
    CheckKind.IDENTITY,
    "both deals are about at least one common product",
    "Record the products that each deal is about, by id.",
    cites=("BX-1",),
    paths=("products", "other.products"),
)
#: Whether the customer is one, as a truth of three values.
_ONE_CUSTOMER: Final = {
    Sameness.SAME: Verdict.MET,
    Sameness.NOT_THE_SAME: Verdict.UNMET,
    Sameness.LOOK_AGAIN: Verdict.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Overlap:
    """Which products two deals have in common.

    Attributes:
        finding: Whether there is one: met, unmet or unknown.
        common: Ids of the common products; names of those that have no id. Sorted.
    """

    finding: Finding
    common: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Whether there is a common product."""
        return self.finding.verdict


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Whether two deals are duplicates, and why. As a condition: whether they surely are.

    Attributes:
        customer: Whether the customer is one.
        products: Which products they have in common.
    """

    customer: Match
    products: Overlap

    @property
    def verdict(self) -> Verdict:
        """Met when they surely are duplicates, unmet when they surely are none."""
        parts = {_ONE_CUSTOMER[self.customer.outcome], self.products.verdict}
        if Verdict.UNMET in parts:
            return Verdict.UNMET
        return Verdict.UNKNOWN if Verdict.UNKNOWN in parts else Verdict.MET

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found about customer and products."""
        return (*self.customer.findings, self.products.finding)

    def __bool__(self) -> bool:
        """Return whether they surely are duplicates: unknown is never yes."""
        return self.verdict is Verdict.MET


@tells_kinds
def product_overlap(a: Deal, b: Deal) -> Overlap:
    """Return which products two deals have in common.

    Products are compared by id; by name where an id is missing on either side.

    Args:
        a: One deal.
        b: The other one.

    Returns:
        *Unknown* when none is found, and a product of either is not recorded or not comparable.

    Source:
        BX-1.

    Example:
        >>> core, more = Product(id="core"), Product(id="more")
        >>> one, other = Deal(id="d-1", products=[core, more]), Deal(id="d-2", products=[core])
        >>> product_overlap(one, other).common
        ('core',)
        >>> product_overlap(one, Deal(id="d-3")).verdict.value
        'unknown'
    """
    pairs = [(one, other, _same(one, other)) for one in a.products for other in b.products]
    common = {_called(one, other) for one, other, same in pairs if same}
    known = bool(pairs) and all(same is not None for *_, same in pairs)
    verdict = Verdict.MET if common else Verdict.UNMET if known else Verdict.UNKNOWN
    values = tuple(_told(each) for each in (a, b))
    return Overlap(Finding(_CHECK, verdict, values), tuple(sorted(common)))


@tells_kinds
def is_duplicate(a: Deal, b: Deal, *, policy: IdentityPolicy = BX_1) -> Duplicate:
    """Return whether two deals are duplicates: one customer, and at least one common product.

    Args:
        a: One deal.
        b: The other one.
        policy: What each kind of likeness of customers comes to.

    Returns:
        The answer with its reasons; as a condition it is whether they surely are.

    Raises:
        MissingExtraError: The extra ``identity`` is not installed.

    Source:
        BX-1.

    Example:
        >>> from cosell.models import Customer
        >>> acme, core = Customer(domain="acme.de"), Product(id="core")
        >>> one = Deal(id="d-1", customer=acme, products=[core])
        >>> bool(is_duplicate(one, one.model_copy(update={"id": "d-2"})))
        True
        >>> other = Deal(id="d-3", customer=acme, products=[Product(id="more")])
        >>> is_duplicate(one, other).verdict.value
        'unmet'
    """
    return Duplicate(same_customer(a.customer, b.customer, policy=policy), product_overlap(a, b))


def _same(a: Product, b: Product) -> bool | None:
    if a.id and b.id:
        return a.id == b.id
    if a.name and b.name:
        return normalise_name(a.name) == normalise_name(b.name)
    return None


def _called(a: Product, b: Product) -> str:
    """Return what to call a common product, whichever deal is named first."""
    return a.id or b.id or min(a.name or "", b.name or "")


def _told(deal: Deal) -> str | None:
    return ", ".join(each.id or each.name or "a product" for each in deal.products) or None
