"""The trial instance: time-limited access to what only the bigger plan has.

This module does not know who may grant one.
"""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import model_validator

from cosell._base import Id, Instant, LongText
from cosell.models._scalars import Count, refuse_reversed
from cosell.models.record import Part

__all__ = ["TrialInstance"]


class TrialInstance(Part, frozen=True):
    """A trial instance (MK-22, MK-23).

    Attributes:
        applicable: Whether the deal needs one.
        nda_signed: Whether the customer signed the NDA.
        customer_committed: Whether the customer committed itself to the time.
        close_plan_established: Whether all stakeholders agreed on the mutual close plan.
        close_plan: The plan.
        requested_by: Id of the partner's person who requested it.
        requested_at: When.
        owner: Id of the SE who owns it.
        documents_owner: Id of the AE who manages NDA and contracts.
        expectations_aligned: Whether the partner aligned what both sides expect and require.
        enterprise_features: Whether its Enterprise features are unlocked.
        usage_allowance: Operations it may use.
        start_on: First day.
        end_on: Last day; it is always limited.
    """

    applicable: bool | None = None
    nda_signed: bool | None = None
    customer_committed: bool | None = None
    close_plan_established: bool | None = None
    close_plan: LongText | None = None
    requested_by: Id | None = None
    requested_at: Instant | None = None
    owner: Id | None = None
    documents_owner: Id | None = None
    expectations_aligned: bool | None = None
    enterprise_features: bool | None = None
    usage_allowance: Count | None = None
    start_on: date | None = None
    end_on: date | None = None

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        refuse_reversed(self.start_on, self.end_on, "start_on and end_on")
        return self
