"""Referrals both ways: leads from the vendor, and deals that are shared with it (MS-13).

Rules that hold for every referral:

1. Its status is a pair; which pairs there are is said by the process, not here (MS-26).
2. What is missing of a contact or a consent is missing, never given (MS-8, MS-31).
3. A derived field reads what is recorded, and is missing when that does not say.

This module does not know when somebody sees what: a process says so.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cosell._base import Id, Instant, LongText, Model, Name, Text
from cosell.models._scalars import blank
from cosell.models.lead import Lead, ReferralKind
from cosell.models.location import Location
from cosell.models.opportunity import Opportunity
from cosell.models.party import Contact

__all__ = [
    "Introduction",
    "ReferralForm",
    "ReferralQualification",
    "ReferralStatus",
    "ReferralSubstatus",
    "ReferredLead",
    "RegistrationStatus",
    "SharedDeal",
    "Sharing",
]

#: The two fields of a status (MS-26); which pairs are valid, the process says.
ReferralStatus = Literal["New", "Active", "Closed"]
ReferralSubstatus = Literal["Pending", "Received", "Accepted", "Won", "Lost", "Declined", "Expired"]
#: How a referral was qualified by whoever sent it (MS-28).
ReferralQualification = Literal["Direct", "SalesQualified", "MarketingQualified"]
#: How far a deal is shared with the vendor; it is raised, never taken back (MS-30).
Sharing = Literal["private", "partner_led", "co_sell"]
#: Where the registration of a won deal is (MS-15, MS-35).
RegistrationStatus = Literal[
    "none",
    "pending",
    "review_pending",
    "action_required",
    "approved",
    "passed",
    "failed",
    "closed",
]


class Introduction(Model, frozen=True):
    """The message that connects both sides after an acceptance (MS-6, MS-24).

    Attributes:
        team: Who is introduced: inside sales, pre-sales or the alliance manager.
        representative: Id of the person who is introduced.
        template: The template of the message.
        sent_at: When it went out.
    """

    team: Literal["inside_sales", "pre_sales", "alliance"] | None = None
    representative: Id | None = None
    template: Name | None = None
    sent_at: Instant | None = None


class ReferralForm(Model, frozen=True):
    """What every referral carries, be it a lead or a deal (MS-5, MS-8, MS-12, MS-26, MS-28).

    Attributes:
        status: New, active or closed (MS-26).
        substatus: What stands beside it; both change together (MS-26).
        referral_type: Independent or shared, as the vendor says it (MS-28).
        qualification: How it was qualified by its sender (MS-28).
        invited_by: Whose organisation sent it (MS-28).
        invited_at: When it was sent (MS-33).
        shared_with: Id of the other partner, of a partner-to-partner referral (MS-13).
        offering: The offering that it is about; team and template follow from it (MS-6).
        region: Region, as the names of shared deals tell it (MS-5).
        crm_id: Its id in the partner's CRM, at the end of its name (MS-5).
        tag: What tells where it comes from (MS-5).
        location: The partner's location that it belongs to (MS-21, MS-39).
        customer_contact: Whom to reach at the customer, and what that person agreed to (MS-8).
        seller_contact: The vendor's or the sender's seller (MS-12).
        partner_contact: The partner's seller (MS-12).
        introduction: The message after its acceptance (MS-6).
        vendor_engaged: Whether the vendor was engaged, as its seller states (MS-46).
        vendor_support: With what support (MS-46).
    """

    status: ReferralStatus | None = None
    substatus: ReferralSubstatus | None = None
    referral_type: Literal["Independent", "Shared"] | None = None
    qualification: ReferralQualification | None = None
    invited_by: Literal["vendor", "partner"] | None = None
    invited_at: Instant | None = None
    shared_with: Id | None = None
    offering: Name | None = None
    region: Text | None = None
    crm_id: Text | None = None
    tag: Text | None = None
    location: Location = Field(default_factory=blank(Location))
    customer_contact: Contact = Field(default_factory=blank(Contact))
    seller_contact: Contact = Field(default_factory=blank(Contact))
    partner_contact: Contact = Field(default_factory=blank(Contact))
    introduction: Introduction = Field(default_factory=blank(Introduction))
    vendor_engaged: bool | None = None
    vendor_support: LongText | None = None

    @property
    def kind_by_fields(self) -> ReferralKind | None:
        """The kind that type, qualification and sender tell; missing if none fits (MS-28)."""
        if self.referral_type != "Independent":
            return None
        if self.qualification == "Direct":
            return None if self.invited_by == "partner" else "marketplace_lead"
        if self.invited_by == "vendor" and self.qualification is not None:
            return "vendor_lead"
        qualified = self.qualification in {None, "SalesQualified"}
        return "co_sell" if self.invited_by == "partner" and qualified else None


class ReferredLead(ReferralForm, Lead, frozen=True):
    """A lead that comes from the vendor or through its marketplace (MS-1)."""


class SharedDeal(ReferralForm, Opportunity, frozen=True):
    """A deal that is shared with the vendor or another partner (MS-2, MS-13, MS-30).

    Attributes:
        kind: Who refers to whom (MS-13).
        sharing: How far it is shared (MS-30).
        visible_to_vendor: Whether the vendor sees it; once yes, always (MS-30).
        help_required: Whether the vendor's help is asked for; once yes, always (MS-30).
        help_kind: What kind of help, from the program's list (MS-11).
        help_time: Help before the sale, after it, or both (MS-11).
        classification: New logo, prospect or existing customer (MS-45).
        contract_owner: Id of the party that holds the contract and registers it (MS-14).
        contract_kind: What was signed: services, IP or both (MS-43).
        account_managed: Whether the vendor manages the account (MS-32).
        vendor_accepted_at: When the vendor or the other partner accepted it (MS-12, MS-32).
        declined_at: When it was declined (MS-2).
        expired_at: When it expired (MS-2).
        registrar: Id of the deal-registration person (MS-47, MS-48).
        registration_asked_at: When it was won, if a solution of it is eligible (MS-14, MS-15).
        registration_id: Id of the record of its registration (MS-15).
        registration_status: Where that is (MS-15, MS-47).
        registration_checked_at: When that was brought up to date (MS-47).
    """

    kind: ReferralKind | None = None
    sharing: Sharing | None = None
    visible_to_vendor: bool | None = None
    help_required: bool | None = None
    help_kind: Name | None = None
    help_time: Literal["pre_sales", "post_sales", "both"] | None = None
    classification: Literal["new_logo", "prospect", "existing_customer"] | None = None
    contract_owner: Id | None = None
    contract_kind: Literal["services", "ip", "both"] | None = None
    account_managed: bool | None = None
    vendor_accepted_at: Instant | None = None
    declined_at: Instant | None = None
    expired_at: Instant | None = None
    registrar: Id | None = None
    registration_asked_at: Instant | None = None
    registration_id: Id | None = None
    registration_status: RegistrationStatus | None = None
    registration_checked_at: Instant | None = None

    @property
    def conventional_name(self) -> str | None:
        """Partner, offering, region, sales team and CRM id: its name by the convention (MS-5)."""
        parts = (self.partner.name, self.offering, self.region, self.owner_team, self.crm_id)
        known = tuple(part for part in parts if part is not None)
        return " - ".join(known) if len(known) == len(parts) else None
