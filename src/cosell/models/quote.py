"""Pricing: from the scoped project to the quote that is sent.

This module does not know who may approve one.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from cosell._base import Id, Instant, LongText, Rate, Text
from cosell.models._scalars import Count
from cosell.models.record import Part
from cosell.money import Money

__all__ = ["Quote"]


class Quote(Part, frozen=True):
    """Pricing in four steps, in this order (MK-24).

    Attributes:
        price_book: The price book that its prices come from (SF-12).
        annual_operations: Operations a year, by the calculator.
        size_agreed: Whether the final size is agreed.
        scoped_at: Step 1: when the project was scoped.
        recommendation: What the partner recommends.
        rests_on_business_case: Whether the proposal rests on a solid business case.
        proposed_at: Step 2: when the proposal was presented.
        options_open: How many options are still open; one, not several.
        stakeholders_aligned: Whether the stakeholders are aligned on one option.
        aligned_at: Step 3: when they were.
        approved_by: Id of the AE who approved the quote.
        approved_at: When.
        created_at: Step 4: when the quote was created.
        created_by: Id of the AE who created it with the partner.
        sent_by: Id of the AE who sent it.
        sent_at: When.
        sent_through: Through what, such as DocuSign.
        amount: What it comes to.
        discount: What was taken off.
        discount_share: The same as a fraction of the list price (QL-16).
        signature_due_on: Day by which the customer signs, as a lever for the discount (QL-16).
        reference: The public reference that is a lever for it (QL-16).
        owner: Id of the AE who alone owns it (MK-29).
        pricing_aligned_with_ae: Whether pricing and packaging are aligned with the AE (MK-28).
        pricing_discussed: Whether they were discussed with the customer (MK-28).
    """

    price_book: Text | None = None
    annual_operations: Count | None = None
    size_agreed: bool | None = None
    scoped_at: Instant | None = None
    recommendation: LongText | None = None
    rests_on_business_case: bool | None = None
    proposed_at: Instant | None = None
    options_open: Count | None = None
    stakeholders_aligned: bool | None = None
    aligned_at: Instant | None = None
    approved_by: Id | None = None
    approved_at: Instant | None = None
    created_at: Instant | None = None
    created_by: Id | None = None
    sent_by: Id | None = None
    sent_at: Instant | None = None
    sent_through: Text | None = None
    amount: Money | None = None
    discount: Money | None = None
    discount_share: Rate | None = Field(default=None, ge=0, le=1)
    signature_due_on: date | None = None
    reference: Literal["logo", "testimonial"] | None = None
    owner: Id | None = None
    pricing_aligned_with_ae: bool | None = None
    pricing_discussed: bool | None = None
