"""The registration: a partner's claim to a deal, as a part of it or with a life of its own.

Where one system sees one thing (Make), an opportunity carries its registration as a part,
``Registration``. Where a registration is reviewed, protected and converted on its own, the record
is ``DealRegistration`` (``cosell.models.lead``), which has the same fields.

This module does not know what a deal is.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cosell._base import Id, Instant, LongText, Model, Name, Text
from cosell.models._scalars import Count, blank
from cosell.models.party import Contact
from cosell.models.record import Part

__all__ = [
    "Channel",
    "EngagementModel",
    "ExtensionRequest",
    "Registration",
    "RegistrationAnswer",
    "RegistrationForm",
    "RegistrationOutcome",
    "Submission",
]

#: How a registration came in (MK-10, SF-4); the first two are Make's.
Channel = Literal["partner_portal", "website_form", "connection", "import", "vendor"]
#: Who executes the progression of the deal (MK-41).
EngagementModel = Literal["co_selling", "lead_sourcing"]
#: What the partner manager decided (MK-15).
RegistrationOutcome = Literal["accepted_co_selling", "accepted_lead_sourcing", "rejected"]


class Submission(Model, frozen=True):
    """One attempt of several (SF-9, BX-7).

    Attributes:
        submitted_at: When it was handed in.
        submitted_by: Who did.
        decided_at: When it was answered.
        outcome: How, in the process's own words.
        reason: Why (SF-8).
        added: What was added since the attempt before (SF-9).
    """

    submitted_at: Instant
    submitted_by: Id | None = None
    decided_at: Instant | None = None
    outcome: Name | None = None
    reason: LongText | None = None
    added: LongText | None = None


class RegistrationAnswer(Model, frozen=True):
    """How one attempt was answered, and why (SF-8, SF-9).

    Attributes:
        outcome: How, in the process's own words.
        reason: The explanation that the partner reads.
        decided_at: When.
        decided_by: Id of the actor who decided.
    """

    outcome: Name | None = None
    reason: LongText | None = None
    decided_at: Instant | None = None
    decided_by: Id | None = None


class ExtensionRequest(Model, frozen=True):
    """A partner's wish for more time (SF-11, BX-4).

    Attributes:
        reason: Why.
        evidence: What shows that the deal is worked on.
        requested_at: When it was asked for.
        requested_by: Id of the actor who asked.
    """

    reason: LongText | None = None
    evidence: LongText | None = None
    requested_at: Instant | None = None
    requested_by: Id | None = None


class RegistrationForm(Model, frozen=True):
    """What is filled in, and what is answered (MK-10 to MK-17).

    Attributes:
        channel: How it came in (MK-10).
        submitter: First and last name, position and mail of the submitter (MK-11).
        submitter_is_partner: Whether the submitter is a partner already (MK-11).
        submitted_by: Id of the actor who handed it in.
        customer_need: The opportunity, as the form describes it (MK-11).
        engagement_model_wanted: Which engagement model the partner wants (MK-41).
        outcome: What was decided (MK-15).
        reviewed_quality: Whether the registration's quality was reviewed (MK-13).
        reviewed_history: Whether the customer's history was reviewed (MK-13).
        existing_deal_found: Whether the review found a deal of the same customer (SF-7).
        information_complete: Whether the reviewer confirms that all of it is there (SF-7).
        decided_by: Id of the actor who decided.
        reason: Why, always given when it is rejected (MK-17).
        confirmed_at: When the confirmation mail went out (MK-12).
        partner_informed_at: When the partner was informed of the next steps (MK-13, MK-14).
        resubmission_of: Id of the record that was the attempt before (BX-7).
        resubmissions: How often it was handed in again (SF-9).
        submissions: The attempts so far, oldest first (SF-9).
        answers: How the attempts were answered, oldest first (SF-8, SF-9).
        extension_requests: More time that was asked for, oldest first (SF-11).
        queued_at: When it was put in line behind another one (BX-2).
        blocked_by: Id of the record that had the claim then (BX-9).
        blocked_key: The claim, such as ``registration:acme.example:core`` (BX-9).
        protected_from: Start of the time in which the deal is the partner's (SF-10).
        protected_until: Its end (SF-10, SF-11).
    """

    channel: Channel | None = None
    submitter: Contact = Field(default_factory=blank(Contact))
    submitter_is_partner: bool | None = None
    submitted_by: Id | None = None
    customer_need: LongText | None = None
    engagement_model_wanted: EngagementModel | None = None
    outcome: RegistrationOutcome | None = None
    reviewed_quality: bool | None = None
    reviewed_history: bool | None = None
    existing_deal_found: bool | None = None
    information_complete: bool | None = None
    decided_by: Id | None = None
    reason: LongText | None = None
    confirmed_at: Instant | None = None
    partner_informed_at: Instant | None = None
    resubmission_of: Id | None = None
    resubmissions: Count = 0
    submissions: tuple[Submission, ...] = ()
    answers: tuple[RegistrationAnswer, ...] = ()
    extension_requests: tuple[ExtensionRequest, ...] = ()
    queued_at: Instant | None = None
    blocked_by: Id | None = None
    blocked_key: Text | None = None
    protected_from: Instant | None = None
    protected_until: Instant | None = None


class Registration(RegistrationForm, Part, frozen=True):
    """A registration as a part of its opportunity (MK-10 to MK-17)."""
