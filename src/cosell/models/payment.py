"""What the customer is billed and pays, and the fee terms that a deal was accepted on.

This module does not know how much a fee is, nor whether one is owed.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from cosell._base import Id, Instant, Model, Rate, Text
from cosell.models._scalars import Count
from cosell.money import Money

__all__ = ["FeeShare", "FeeTerms", "Invoice", "Payment"]


class Invoice(Model, frozen=True):
    """One invoice to the customer (MK-33).

    Attributes:
        id: Its number.
        amount: What is billed.
        issued_on: Its day.
        due_on: Day by which it is to be paid.
        paid_at: When it was paid in full.
        contract_year: Which year of the contract it is for, from 1.
    """

    id: Id
    amount: Money | None = None
    issued_on: date | None = None
    due_on: date | None = None
    paid_at: Instant | None = None
    contract_year: Count | None = None


class Payment(Model, frozen=True):
    """Money that came from the customer, or went back (BX-27).

    Attributes:
        id: The host's id for it.
        amount: How much; a refund or a credit note is positive too.
        booked_at: When it was booked.
        kind: Payment, refund or credit note.
        invoice: Number of the invoice it belongs to.
        refund_of: Id of the payment that a refund or credit note takes back.
    """

    id: Id
    amount: Money
    booked_at: Instant
    kind: Literal["payment", "refund", "credit_note"] = "payment"
    invoice: Id | None = None
    refund_of: Id | None = None


class FeeShare(Model, frozen=True):
    """One partner's share of the fees of a deal (BX-23).

    Attributes:
        party: Id of the partner.
        role: What it did: sourced, influenced or implemented the deal, or distributed.
        share: The share that was agreed, as a fraction; missing means that of its role.
    """

    party: Id
    role: Literal["sourced", "influenced", "implemented", "distributor"] | None = None
    share: Rate | None = Field(default=None, ge=0, le=1)


class FeeTerms(Model, frozen=True):
    """The fee plan in force when the registration was accepted; later rates do not touch it.

    Attributes:
        plan: Id of the plan.
        version: Its version.
        digest: Digest of that version.
        partner_level: The partner's level at that moment.
        stamped_at: That moment.
    """

    plan: Id | None = None
    version: Count | None = None
    digest: Text | None = None
    partner_level: Text | None = None
    stamped_at: Instant | None = None
