"""The security review: what the customer's security team asks, and who answers.

This module does not know when a deal needs one.
"""

from __future__ import annotations

from cosell._base import Id, Instant, Text
from cosell.models._scalars import Url
from cosell.models.record import Part

__all__ = ["SecurityReview"]


class SecurityReview(Part, frozen=True):
    """A review by the customer's security team (MK-20, MK-21, MK-44).

    Attributes:
        requested_by_customer: Whether the customer asks for one (MK-20).
        identified_at: When the need was identified and qualified (MK-21).
        registered_at: When it was registered.
        tracked_at: When it was entered in the CRM.
        crm_id: Under which id.
        requested_at: When the customer's security team requested the assessment.
        requested_by: Who did.
        answered_at: When the vendor's security teams had answered.
        questionnaire_submitted_at: When the questionnaire was submitted to the customer.
        reached_partner_at: When a request of the customer reached the partner (MK-44).
        passed_to_gtm_at: When the partner passed it to the AE and the SE (MK-44).
        account_executive: Id of the AE who manages it (MK-21).
        solution_engineer: Id of the SE who manages it (MK-21).
        questionnaire: Where the questionnaire is.
    """

    requested_by_customer: bool | None = None
    identified_at: Instant | None = None
    registered_at: Instant | None = None
    tracked_at: Instant | None = None
    crm_id: Text | None = None
    requested_at: Instant | None = None
    requested_by: Text | None = None
    answered_at: Instant | None = None
    questionnaire_submitted_at: Instant | None = None
    reached_partner_at: Instant | None = None
    passed_to_gtm_at: Instant | None = None
    account_executive: Id | None = None
    solution_engineer: Id | None = None
    questionnaire: Url | None = None
