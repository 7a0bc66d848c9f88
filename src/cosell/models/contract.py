"""The order form and the contract that the customer signs.

This module does not know what a partner's own contract is (``cosell.models.partner``).
"""

from __future__ import annotations

from typing import Literal

from cosell._base import Currency, Id, Instant, LongText, Text
from cosell.models._scalars import Count, LanguageCode, Url
from cosell.models.record import Part
from cosell.money import Money

__all__ = ["Billing", "Contract", "OrderForm"]

#: How a contract is billed (MK-30).
Billing = Literal["yearly_upfront", "half_yearly", "quarterly", "monthly"]


class OrderForm(Part, frozen=True):
    """The order form (MK-29, MK-30, MK-47, MK-48).

    Attributes:
        owner: Id of the AE who alone owns it (MK-29).
        started_at: When work on it began.
        finished_at: When it was ready for signature.
        language: Its language; English in Make (MK-30).
        decision_maker_ready: Whether the customer's decision maker is ready to sign (MK-47).
        signed_at: When the customer signed.
        signed_by: Id of the person who signed.
        signer_is_executive_decision_maker: Whether that is the executive decision maker (MK-30).
        signed_through: Through what, such as DocuSign (MK-47).
        master_agreement_included: Whether the master agreement is part of it (MK-48).
        reflects_levers: Whether it reflects the levers that were pulled (QL-16).
        document: Where it is.
    """

    owner: Id | None = None
    started_at: Instant | None = None
    finished_at: Instant | None = None
    language: LanguageCode | None = None
    decision_maker_ready: bool | None = None
    signed_at: Instant | None = None
    signed_by: Id | None = None
    signer_is_executive_decision_maker: bool | None = None
    signed_through: Text | None = None
    master_agreement_included: bool | None = None
    reflects_levers: bool | None = None
    document: Url | None = None


class Contract(Part, frozen=True):
    """The contract's terms, and their adjustments (MK-29, MK-30, MK-48).

    Attributes:
        term_months: How long it runs.
        billing: How it is billed.
        currency: In which currency.
        adjustments_needed: Whether the customer asks for adjustments (MK-29).
        adjustments_started_at: When work on them began.
        adjustments_finished_at: When they were done.
        adjustments: What is adjusted.
        deal_desk_engaged_at: When the deal desk was engaged (MK-29).
        deal_desk_engaged_by: Id of the AE who engaged it (MK-29).
        annual_operations: Operations a year (MK-48).
        operations_roll_over: Whether unused ones roll over; not in Make (MK-48).
        overage_package: Operations in one package of use beyond (MK-48).
        overage_billing: How use beyond is billed (MK-48).
        overage_stops_use: Whether use beyond stops anything; not in Make (MK-48).
        payment_method: How it is paid (MK-48).
        price_per_operation: What one operation costs.
        value: What it is worth over its term.
        signed_at: When the last party signed.
        document: Where it is.
    """

    term_months: Count | None = None
    billing: Billing | None = None
    currency: Currency | None = None
    adjustments_needed: bool | None = None
    adjustments_started_at: Instant | None = None
    adjustments_finished_at: Instant | None = None
    adjustments: LongText | None = None
    deal_desk_engaged_at: Instant | None = None
    deal_desk_engaged_by: Id | None = None
    annual_operations: Count | None = None
    operations_roll_over: bool | None = None
    overage_package: Count | None = None
    overage_billing: Literal["monthly_in_arrears", "with_next_invoice"] | None = None
    overage_stops_use: bool | None = None
    payment_method: Literal["wire_transfer", "card", "direct_debit"] | None = None
    price_per_operation: Money | None = None
    value: Money | None = None
    signed_at: Instant | None = None
    document: Url | None = None
