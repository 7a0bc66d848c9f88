"""The customer, and how well it fits.

This module does not know what a deal is.
"""

from __future__ import annotations

from datetime import date

from cosell._base import Id, LongText, Name, Rate, Text
from cosell.models._scalars import Count
from cosell.models.authored import ExternalId
from cosell.models.party import Party
from cosell.money import Money

__all__ = ["Customer"]


class Customer(Party, frozen=True):
    """The company that may buy.

    Attributes:
        employees: Number of staff (MK-8, MK-20, MK-37).
        staff_growth: Growth of its staff in a year, as a fraction (MK-8).
        revenue: Revenue in a year (MK-8).
        industry: Its industry, in the host's words.
        plan: The plan it is on now; missing when that is not known.
        has_paid_plan: Whether it pays already: expand if so, land if not (MK-36).
        handles_sensitive_data: Whether it handles sensitive data (MK-20).
        matches_icp: Whether it matches the ideal customer profile (MK-8).
        icp_reason: Why, so that it can be checked (MK-8).
        persona: The target persona that was reached (MK-5, MK-8).
        persona_reached: Whether that persona was reached (MK-5).
        matches_persona: Whether the contact matches the target persona (MK-8).
        parent: Id of the company it belongs to.
        external_ids: Its ids in other systems, as a company: the same id is the same customer
            (BX-1).
        registered_on: Day on which it was registered as a customer (BX-24).
    """

    employees: Count | None = None
    staff_growth: Rate | None = None
    revenue: Money | None = None
    industry: Text | None = None
    plan: Name | None = None
    has_paid_plan: bool | None = None
    handles_sensitive_data: bool | None = None
    matches_icp: bool | None = None
    icp_reason: LongText | None = None
    persona: Text | None = None
    persona_reached: bool | None = None
    matches_persona: bool | None = None
    parent: Id | None = None
    external_ids: tuple[ExternalId, ...] = ()
    registered_on: date | None = None

    @property
    def key(self) -> str | None:
        """What claims name the customer by: its domain in lower case, without ``www.`` (BX-1).

        ``cosell.identity.KeyedCustomer`` knows subdomains, countries and look-alikes too.
        """
        if self.domain is None:
            return None
        return self.domain.lower().rstrip(".").removeprefix("www.") or None
