"""Onboarding: what follows the signature.

This module does not know when a deal is won.
"""

from __future__ import annotations

from cosell._base import Id, Instant, LongText
from cosell.models.record import Part

__all__ = ["Onboarding"]


class Onboarding(Part, frozen=True):
    """The customer's onboarding (MK-31, MK-47, MK-49).

    Attributes:
        customer_success_staffed: Whether customer success is prepared and staffed (MK-47).
        solution_engineer_staffed: Whether the SE is (MK-47).
        form_completed_at: When the AE completed the onboarding form (MK-31).
        form_completed_by: Id of the AE.
        migration_needed: Whether scenarios are to be migrated (MK-31).
        migration_started_at: When the SE began (MK-49).
        migration_finished_at: When that was done.
        handover_meeting_at: When customer success, AE and SE met (MK-31).
        partner_plan_at: When a partner that delivers services had its plan (MK-49).
        implementation_plan_presented_at: When the plan was presented (MK-31).
        implementation_plan_agreed: Whether it is agreed (MK-31, MK-49).
        started_at: When customer success began (MK-49).
        can_be_activated: Whether the customer can be activated (MK-49).
        has_login: Whether the customer has its log-in (MK-49).
        check_ins_planned: Whether regular check-ins for upsell are planned (MK-31).
        notes: What else is to be known.
    """

    customer_success_staffed: bool | None = None
    solution_engineer_staffed: bool | None = None
    form_completed_at: Instant | None = None
    form_completed_by: Id | None = None
    migration_needed: bool | None = None
    migration_started_at: Instant | None = None
    migration_finished_at: Instant | None = None
    handover_meeting_at: Instant | None = None
    partner_plan_at: Instant | None = None
    implementation_plan_presented_at: Instant | None = None
    implementation_plan_agreed: bool | None = None
    started_at: Instant | None = None
    can_be_activated: bool | None = None
    has_login: bool | None = None
    check_ins_planned: bool | None = None
    notes: LongText | None = None
