"""Leads and registrations as records with a life of their own.

In Make an opportunity carries both; elsewhere a lead is offered, accepted and converted (MS-1,
SF-15), and a registration is reviewed, protected and converted (SF-4), before there is one.

This module does not know what an opportunity is: a conversion is an effect of the process.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from cosell._base import Id, Instant, LongText, Model, Name
from cosell.models.deal import Deal
from cosell.models.registration import RegistrationForm
from cosell.money import Money

__all__ = ["DealRegistration", "Lead", "LeadAnswer", "LeadOffer", "ReferralKind"]

#: Who refers to whom (MS-13).
ReferralKind = Literal[
    "vendor_lead", "marketplace_lead", "co_sell", "partner_to_partner", "partner_led"
]


class LeadOffer(Model, frozen=True):
    """One offer of a lead to a partner (SF-17, SF-20).

    Attributes:
        party: Id of the partner.
        representative: Id of the person it was offered to, if to one.
        offered_at: When.
        answered_at: When it was answered.
        accepted: Whether it was accepted.
        reason: Why not.
    """

    party: Id
    representative: Id | None = None
    offered_at: Instant | None = None
    answered_at: Instant | None = None
    accepted: bool | None = None
    reason: LongText | None = None


class LeadAnswer(Model, frozen=True):
    """A partner's answer to an offer (SF-18).

    Attributes:
        party: Id of the partner.
        by: Id of the person who answered.
        accepted: Whether the partner wants the lead.
        reason: Why not.
        answered_at: When.
    """

    party: Id
    by: Id | None = None
    accepted: bool | None = None
    reason: LongText | None = None
    answered_at: Instant | None = None


class Lead(Deal, frozen=True):
    """A lead before it is an opportunity (MK-39, SF-3, SF-16, MS-1).

    Attributes:
        kind: Who refers to whom (MS-13).
        value: What it may be worth.
        needed_on: ``time_frame`` as a day.
        classification: New logo, prospect or existing customer (MS-3).
        has_open_opportunity: Whether there is an open opportunity already (MS-3).
        help_required: Whether the vendor's help is asked for (MS-11, MS-30).
        help_kind: What kind of help (MS-11).
        offers: To whom it was offered so far (SF-17).
        offered_at: When it was offered last.
        round_started_at: When it went to its present partners; earlier offers are over (SF-20).
        answers: What partners answered, oldest first (SF-18).
        accepted_by: Id of the party that accepted it.
        declined_at: When it was declined (MS-1).
        expired_at: When it expired (MS-1).
        requalified_at: When its partner had qualified it once more (SF-19).
        interest_confirmed: Whether the customer's interest is confirmed (SF-19).
        introduced_at: When the introduction went out (MS-6).
        converted_at: When it was converted.
        converted_to: Id of the record it became.
    """

    kind: ReferralKind | None = None
    value: Money | None = None
    needed_on: date | None = None
    classification: Literal["new_logo", "prospect", "existing_customer"] | None = None
    has_open_opportunity: bool | None = None
    help_required: bool | None = None
    help_kind: Name | None = None
    offers: tuple[LeadOffer, ...] = ()
    offered_at: Instant | None = None
    round_started_at: Instant | None = None
    answers: tuple[LeadAnswer, ...] = ()
    accepted_by: Id | None = None
    declined_at: Instant | None = None
    expired_at: Instant | None = None
    requalified_at: Instant | None = None
    interest_confirmed: bool | None = None
    introduced_at: Instant | None = None
    converted_at: Instant | None = None
    converted_to: Id | None = None

    @property
    def other_offers(self) -> tuple[LeadOffer, ...]:
        """The offers to others than the party that accepted it: whom to tell (SF-17)."""
        return tuple(offer for offer in self.standing_offers if offer.party != self.accepted_by)

    @property
    def standing_offers(self) -> tuple[LeadOffer, ...]:
        """The offers since the lead went to its present partners (SF-17, SF-20)."""
        since = self.round_started_at
        return tuple(
            offer
            for offer in self.offers
            if since is None or (offer.offered_at is not None and since <= offer.offered_at)
        )

    @property
    def newest_offers(self) -> tuple[LeadOffer, ...]:
        """The last offer, and nothing before the first: whom to notify (SF-18)."""
        return self.offers[-1:]

    @property
    def offered_again(self) -> bool:
        """Whether the newest offer goes to a party that had one before (SF-20)."""
        earlier = {offer.party for offer in self.offers[:-1]}
        return any(offer.party in earlier for offer in self.newest_offers)


class DealRegistration(RegistrationForm, Deal, frozen=True):
    """A registration as a record: the same form, reviewed and protected on its own (SF-4).

    Attributes:
        value: What the deal may be worth.
        converted_at: When it was converted.
        converted_to: Id of the opportunity it became.
    """

    value: Money | None = None
    converted_at: Instant | None = None
    converted_to: Id | None = None
