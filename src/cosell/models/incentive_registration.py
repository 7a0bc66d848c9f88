"""The registration of a won deal with the vendor, and the exception that may be asked for.

A deal that never was a referral can be registered too (MS-16), so the registration is a record of
its own and carries what it is judged by.

This module does not know who decides, nor what an incentive comes to.
"""

from __future__ import annotations

from calendar import isleap, leapdays
from datetime import date
from typing import Annotated

from pydantic import Field

from cosell._base import Id, Instant, LongText, Model
from cosell.models._scalars import Count, blank
from cosell.models.deal import Deal
from cosell.models.lead import ReferralKind
from cosell.models.location import Location
from cosell.models.referral import Sharing
from cosell.money import Money

__all__ = ["ExceptionRequest", "IncentiveRegistration"]


class ExceptionRequest(Model, frozen=True):
    """What is asked to be changed in a registration that is closed (MS-36).

    Attributes:
        text: Why, in at most 5,000 characters.
        perpetual: What the flag should be.
        contract_value: What the total should be.
        signed_on: What the day of the signature should be.
        starts_on: What the first day should be.
        ends_on: What the last day should be.
        requested_at: When it was asked for; once for a registration.
        requested_by: Who did.
        decided_at: When it was decided.
        decided_by: Who did.
        reason: Why it was decided so.
    """

    text: Annotated[LongText | None, Field(max_length=5_000)] = None
    perpetual: bool | None = None
    contract_value: Money | None = None
    signed_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    requested_at: Instant | None = None
    requested_by: Id | None = None
    decided_at: Instant | None = None
    decided_by: Id | None = None
    reason: LongText | None = None


class IncentiveRegistration(Deal, frozen=True):
    """A won deal that is registered for an incentive (MS-14 to MS-18, MS-32 to MS-36).

    Attributes:
        deal: Id of the record of the deal, if it has one (MS-16).
        kind: Who refers to whom (MS-18).
        sharing: How far the deal is shared with the vendor (MS-32).
        is_solution_assessment: Whether the deal is a solution assessment (MS-32).
        location: The location for which it is registered (MS-21).
        invited_at: When the referral was sent (MS-33).
        won_at: When the deal was won (MS-14).
        vendor_accepted_at: When the vendor accepted or won it (MS-32).
        account_managed: Whether the vendor manages the account (MS-32).
        partners: How many partners are on the deal (MS-35).
        pay_as_you_go: Whether it is paid as it is used (MS-35).
        perpetual: Whether the contract has no end (MS-33).
        contract_value: The contract's total value (MS-33).
        solution_value: What the solution alone is worth (MS-17, MS-33).
        signed_on: Day of the signature, in UTC (MS-33).
        starts_on: First day of the contract (MS-33).
        ends_on: Last day of the contract (MS-33).
        asked: What the vendor wants to know (MS-15).
        answered: What was answered (MS-15).
        exception: The one exception that may be asked for (MS-36).
    """

    deal: Id | None = None
    kind: ReferralKind | None = None
    sharing: Sharing | None = None
    is_solution_assessment: bool | None = None
    location: Location = Field(default_factory=blank(Location))
    invited_at: Instant | None = None
    won_at: Instant | None = None
    vendor_accepted_at: Instant | None = None
    account_managed: bool | None = None
    partners: Count | None = None
    pay_as_you_go: bool | None = None
    perpetual: bool | None = None
    contract_value: Money | None = None
    solution_value: Money | None = None
    signed_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    asked: LongText | None = None
    answered: LongText | None = None
    exception: ExceptionRequest = Field(default_factory=blank(ExceptionRequest))

    @property
    def term_days(self) -> int | None:
        """Days of the contract, both ends included and leap days left out (MS-33).

        A year is 365 days then, whichever it is, so that an annual value is exact.
        """
        if self.starts_on is None or self.ends_on is None:
            return None
        return _plain_day(self.ends_on) - _plain_day(self.starts_on) + 1


def _plain_day(day: date) -> int:
    """Return the number of a day in a count without leap days; 29 February is the 28th."""
    this_year = isleap(day.year) and (day.month, day.day) >= (2, 29)
    return day.toordinal() - leapdays(1, day.year) - this_year
