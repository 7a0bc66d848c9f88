"""A partner's locations, and the set-up from which it co-sells.

This module does not know what a referral is.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cosell._base import Id, Instant, LongText, Model
from cosell.models._scalars import Count, Email, blank
from cosell.models.partner import Partner
from cosell.models.record import Record

__all__ = ["CoSellProgram", "Location", "NotifiedContact", "OperatingModel"]

#: How a partner works with the vendor's system (MS-19).
OperatingModel = Literal["interface_low", "interface_high", "automated"]


class Location(Model, frozen=True):
    """One location of a partner; the parent account is none (MS-21, MS-39, MS-41).

    Attributes:
        id: Its own id, which transactions, enrolment and incentives take.
        parent: Id of the parent account, for non-transacting use only.
        headquarters: Whether it is the headquarters.
        has_profile: Whether it has a business profile (MS-39).
        endorsement_allowed: Whether the vendor may endorse its expertise (MS-39).
        transacts_locally: Whether it transacts locally (MS-41).
        has_own_team: Whether it has a team of its own for co-selling (MS-41).
    """

    id: Id | None = None
    parent: Id | None = None
    headquarters: bool | None = None
    has_profile: bool | None = None
    endorsement_allowed: bool | None = None
    transacts_locally: bool | None = None
    has_own_team: bool | None = None

    @property
    def is_parent(self) -> bool | None:
        """Whether the id is that of the parent account, which transacts nothing (MS-21)."""
        return None if self.id is None or self.parent is None else self.id == self.parent


class NotifiedContact(Model, frozen=True):
    """Somebody who gets notifications of referrals (MS-22, MS-40).

    Attributes:
        id: The host's id for the person.
        email: Mail address, of a person or a list.
        location: Id of the location; missing means all of them.
        solution: Id of the solution; missing means all of them.
        in_profile: Whether the business profile names this contact (MS-40).
    """

    id: Id | None = None
    email: Email | None = None
    location: Id | None = None
    solution: Id | None = None
    in_profile: bool | None = None


class CoSellProgram(Record, frozen=True):
    """How a partner is set up to co-sell with the vendor (MS-19 to MS-22, MS-39, MS-48).

    Attributes:
        partner: Whose set-up it is.
        parent: Id of the parent account (MS-21).
        locations: The locations under it (MS-21, MS-41).
        contacts: Who gets notifications (MS-22).
        referrals_a_month: Referrals shared and received in a month (MS-19).
        deals_a_month: Deals in a month, which set the rhythm of the review (MS-20).
        offerings: Co-sell offerings (MS-19).
        crm: What the CRM can do, or that there is none (MS-19).
        operating_model: The model that the partner works by (MS-19).
        registrar: Id of the deal-registration person (MS-48).
        deal_review_process: Which deal review process the partner follows (MS-48).
        audit_contact: Id of who answers when a deal is picked for an audit (MS-48).
        reviewed_at: When the deals were reviewed last (MS-20).
    """

    partner: Partner = Field(default_factory=blank(Partner))
    parent: Id | None = None
    locations: tuple[Location, ...] = ()
    contacts: tuple[NotifiedContact, ...] = ()
    referrals_a_month: Count | None = None
    deals_a_month: Count | None = None
    offerings: Count | None = None
    crm: Literal["none", "takes_more_fields", "meets_api"] | None = None
    operating_model: OperatingModel | None = None
    registrar: Id | None = None
    deal_review_process: LongText | None = None
    audit_contact: Id | None = None
    reviewed_at: Instant | None = None
