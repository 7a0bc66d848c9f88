"""The opportunity: one deal from the first contact to the customer's payment.

Rules that hold for every opportunity, beside those of ``cosell.models.deal``:

1. "Has been won" is ``won_at``, never a stage: the deal goes on to onboarding and stays won.
2. Amounts carry their currency; nothing here converts one into another.

This module does not know which stages a deal goes through, nor what a fee is.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from cosell._base import Currency, Id, Instant, Model, Name, Rate
from cosell.models._kleene import all_of, any_of
from cosell.models._scalars import blank
from cosell.models.activity import CO_SELLING_KINDS, contacted_after, shown_by
from cosell.models.business_case import BusinessCase
from cosell.models.contract import Contract, OrderForm
from cosell.models.deal import Deal
from cosell.models.discovery import Discovery
from cosell.models.evaluation import Evaluation, GoNoGo
from cosell.models.mdp import Mdp
from cosell.models.onboarding import Onboarding
from cosell.models.paper_item import PaperItem
from cosell.models.partner import Lapse
from cosell.models.payment import FeeShare, FeeTerms, Invoice, Payment
from cosell.models.poc import Poc
from cosell.models.quote import Quote
from cosell.models.registration import EngagementModel, Registration
from cosell.models.security_review import SecurityReview
from cosell.models.trial import TrialInstance
from cosell.money import Money

__all__ = ["Closing", "Engagement", "FeeActivity", "Opportunity"]

#: What a partner engages in, and what a referral fee is for (MK-1, MK-35).
FeeActivity = Literal["lead_sourcing", "co_selling", "service_delivery"]


class Engagement(Model, frozen=True):
    """One activity that a partner engages in (MK-1).

    Attributes:
        activity: Lead sourcing, co-selling or service delivery.
        party: Id of the partner; missing means the deal's own.
        agreed_at: When it was agreed.
    """

    activity: FeeActivity
    party: Id | None = None
    agreed_at: Instant | None = None


class Closing(Model, frozen=True):
    """Who is informed, involved and aligned (MK-16, MK-29, MK-45, MK-47).

    Attributes:
        sales_director_informed_at: When the regional sales director was informed (MK-16).
        sales_director_involved: Whether the sales director is involved (MK-29).
        executive_sponsor_involved: Whether the executive sponsor is involved (MK-29).
        pricing_aligned: Whether pricing is aligned on both sides (MK-47).
        executives_aligned: Whether the executives are, on both sides (MK-47).
        fee_confirmed_at: When the partnership team confirmed the fee (MK-45).
        payout_confirmed_at: When it confirmed the payout (MK-45).
    """

    sales_director_informed_at: Instant | None = None
    sales_director_involved: bool | None = None
    executive_sponsor_involved: bool | None = None
    pricing_aligned: bool | None = None
    executives_aligned: bool | None = None
    fee_confirmed_at: Instant | None = None
    payout_confirmed_at: Instant | None = None


class Opportunity(Deal, frozen=True):
    """A deal that moves from lead to onboarding.

    Attributes:
        acv: Annual contract value.
        currency: The deal's currency (MK-30).
        budget: What the customer can spend.
        contract_value: What the contract is worth.
        solution_value: What the solution alone is worth (MS-17).
        plan: The plan the customer is to buy (MK-20).
        deal_type: New customer, existing one, or renewal (MK-36).
        is_oem: Whether it is an OEM deal (PC-14).
        expected_close_on: Day on which it is expected to close.
        probability: Probability of winning it, as a fraction.
        forecast: Forecast category (MS-10).
        engagement_model: Who executes the progression, as agreed (MK-16, MK-41).
        engagement_model_agreed: Whether the partner agreed to it (MK-16).
        engagements: What the partner engages in (MK-1).
        discovery: What stages 2 and 3 found out and agreed.
        business_case: What the customer saves.
        closing: Who is informed, involved and aligned.
        registration: The partner's claim to it.
        go_no_go: The meeting with the buyer that ends the scope (QL-6).
        evaluation: What is tested before the purchase (QL-9).
        poc: What is proved before the customer buys.
        mdp: The mutual delivery plan.
        paper_items: The paper process, item by item (QL-15).
        security_review: The customer's security review.
        trial: The trial instance.
        quote: Pricing.
        order_form: What the customer signs.
        contract: Its terms.
        onboarding: What follows the signature.
        won_at: When it was won (MK-33).
        lost_at: When it was lost.
        invoice_paid_at: When the customer had paid the invoice (MK-33).
        invoices: Invoices to the customer.
        payments: Payments of the customer.
        fee_shares: Who gets which share of its fees (BX-23).
        terms: The fee terms it was accepted on.
    """

    acv: Money | None = None
    currency: Currency | None = None
    budget: Money | None = None
    contract_value: Money | None = None
    solution_value: Money | None = None
    plan: Name | None = None
    deal_type: Literal["land", "expand", "renewal"] | None = None
    is_oem: bool | None = None
    expected_close_on: date | None = None
    probability: Rate | None = Field(default=None, ge=0, le=1)
    forecast: Literal["pipeline", "upside", "forecast", "commit", "omitted"] | None = None
    engagement_model: EngagementModel | None = None
    engagement_model_agreed: bool | None = None
    engagements: tuple[Engagement, ...] = ()
    discovery: Discovery = Field(default_factory=blank(Discovery))
    business_case: BusinessCase = Field(default_factory=blank(BusinessCase))
    closing: Closing = Field(default_factory=blank(Closing))
    registration: Registration = Field(default_factory=blank(Registration))
    go_no_go: GoNoGo = Field(default_factory=blank(GoNoGo))
    evaluation: Evaluation = Field(default_factory=blank(Evaluation))
    poc: Poc = Field(default_factory=blank(Poc))
    mdp: Mdp = Field(default_factory=blank(Mdp))
    paper_items: tuple[PaperItem, ...] = ()
    security_review: SecurityReview = Field(default_factory=blank(SecurityReview))
    trial: TrialInstance = Field(default_factory=blank(TrialInstance))
    quote: Quote = Field(default_factory=blank(Quote))
    order_form: OrderForm = Field(default_factory=blank(OrderForm))
    contract: Contract = Field(default_factory=blank(Contract))
    onboarding: Onboarding = Field(default_factory=blank(Onboarding))
    won_at: Instant | None = None
    lost_at: Instant | None = None
    invoice_paid_at: Instant | None = None
    invoices: tuple[Invoice, ...] = ()
    payments: tuple[Payment, ...] = ()
    fee_shares: tuple[FeeShare, ...] = ()
    terms: FeeTerms = Field(default_factory=blank(FeeTerms))

    @property
    def partner_informed_before_contact(self) -> bool | None:
        """Whether the vendor contacted the customer only after informing the partner (MK-14).

        Contacts before the registration are not asked about (BX-44).
        """
        return contacted_after(
            self.activities, self.registration.partner_informed_at, since=self.registered_at
        )

    @property
    def lead_sourced(self) -> bool | None:
        """Whether the partner introduced stakeholders **and** registered the deal (MK-2)."""
        introduced = any_of(
            None if person.introduced_by is None else person.introduced_by == "partner"
            for person in self.stakeholders
        )
        registered = self.registered_at is not None and self.registration.channel is not None
        return all_of((introduced, registered or None))

    @property
    def co_sold(self) -> bool | None:
        """Whether the partner did one of the things that are co-selling, with evidence (MK-3)."""
        return shown_by(self.activities, "partner", CO_SELLING_KINDS)

    @property
    def service_delivered(self) -> bool | None:
        """Whether the partner delivered service after the sale, with evidence (MK-4, MK-35)."""
        if self.won_at is None:
            return None
        since = (item for item in self.activities if item.at >= self.won_at)
        return shown_by(since, "partner", {"post_sales_service"})

    @property
    def payable_at(self) -> datetime | None:
        """The moment from which a fee could be paid: won **and** paid by the customer (MK-33)."""
        if self.won_at is None or self.invoice_paid_at is None:
            return None
        return max(self.won_at, self.invoice_paid_at)

    @property
    def certified_when_payable(self) -> bool | None:
        """Whether the partner's certificates held at ``payable_at`` (MK-34)."""
        return self.partner.certified_at(self.payable_at)

    @property
    def contract_in_force_when_payable(self) -> bool | None:
        """Whether a partner contract was signed and in place at ``payable_at`` (MK-34)."""
        return self.partner.contracted_at(self.payable_at)

    @property
    def lapses_when_payable(self) -> tuple[Lapse, ...]:
        """What surely did not hold at ``payable_at``, and since when (MK-34)."""
        return self.partner.lapses_at(self.payable_at)

    @property
    def gaps_when_payable(self) -> tuple[Lapse, ...]:
        """What a fee asks for and did not surely hold at ``payable_at`` (MK-32, MK-34)."""
        return self.partner.gaps_at(self.payable_at)
