"""What every record of a deal has, be it a lead, a registration or an opportunity.

Rules that hold for every deal:

1. Lists are never missing, and neither are groups and parts: what is missing are their fields.
2. A question that a person answers is yes, no or missing; missing is never no.
3. A stamped field (``registered_at``, ``accepted_at``, ``won_at``) says that something happened,
   and when. It stays when the deal goes on.
4. A derived field is pure, and missing when what it reads does not say.

This module does not know which stages a deal goes through.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cosell._base import Id, Instant, LongText, Model, Text
from cosell.models._scalars import Count, blank
from cosell.models.activity import (
    Activity,
    priced_after_consultation,
    touch_gaps,
)
from cosell.models.approval import Approval
from cosell.models.authored import Link, Note
from cosell.models.customer import Customer
from cosell.models.partner import Lapse, Partner
from cosell.models.party import Stakeholder
from cosell.models.qualification import Bant, Gpca, Meddpicc, Spiced
from cosell.models.record import Record
from cosell.money import Money

__all__ = ["Deal", "DealTeam", "LeadSource", "NextSteps", "Product"]

#: Where a lead comes from (MK-39, SF-2, SF-16).
LeadSource = Literal[
    "partner_network",
    "prospecting",
    "marketing_campaign",
    "existing_customer",
    "vendor_marketing",
    "vendor_seller",
    "marketplace",
    "other",
]


class Product(Model, frozen=True):
    """A product, solution or offer that the deal is about.

    Attributes:
        id: The host's id for it.
        name: What people call it.
        quantity: How many.
        amount: What it is worth in this deal.
        registrable: Whether it may be registered for an incentive (MS-32).
    """

    id: Id | None = None
    name: Text | None = None
    quantity: Count | None = None
    amount: Money | None = None
    registrable: bool | None = None


class DealTeam(Model, frozen=True):
    """Who works on the deal for the vendor, by id (MK-16, MK-21, MK-29).

    The account executive is the deal's ``owner``.

    Attributes:
        partner_manager: First contact of the partner.
        sales_director: Regional sales director.
        solution_engineer: SE.
        executive_sponsor: Sponsor on the vendor's board.
        customer_success: Who takes over after the signature.
        deal_desk: Who adjusts contracts.
        security: Who answers security questionnaires.
    """

    partner_manager: Id | None = None
    sales_director: Id | None = None
    solution_engineer: Id | None = None
    executive_sponsor: Id | None = None
    customer_success: Id | None = None
    deal_desk: Id | None = None
    security: Id | None = None


class NextSteps(Model, frozen=True):
    """The next steps, and who agreed to them (MK-7, MK-16, MK-17, MK-18).

    Attributes:
        text: What they are.
        confirmed_with_lead: Whether the lead confirmed them (MK-7).
        agreed_with_partner: Whether the partner agreed (MK-16).
        agreed_with_customer: Whether the customer agreed (MK-18).
        agreed_with_vendor: Whether the vendor agreed (MK-18).
    """

    text: LongText | None = None
    confirmed_with_lead: bool | None = None
    agreed_with_partner: bool | None = None
    agreed_with_customer: bool | None = None
    agreed_with_vendor: bool | None = None


class Deal(Record, frozen=True):
    """What leads, registrations and opportunities have in common.

    Attributes:
        name: What people call it.
        created_at: When it came into being.
        customer: Who may buy.
        partner: Who sells with the vendor.
        stakeholders: People in the buying process, once for each part they play.
        products: What it is about.
        lead_source: Where the lead comes from (MK-39).
        sourced_by: Id of the party that is linked as its source (MK-12).
        current_situation: Where the customer stands (SF-3, SF-16).
        product_of_interest: What the customer is interested in (SF-3, SF-16).
        time_frame: By when (SF-3, SF-16).
        owner: Id of the account executive or seller who owns it (MK-16).
        owner_team: The sales team assigned to it (MK-16).
        team: Who else works on it for the vendor.
        next_steps: What comes next, and who agreed.
        gpca: Goals, plans, challenges, authority (MK-5).
        bant: Another method (MK-5).
        meddpicc: Another method (MK-5).
        spiced: Another method (BX-45).
        activities: What was done, with evidence (MK-3).
        approvals: Answers in approval chains (BX-8).
        notes: What was heard and found out, for those on one's own side alone.
        shared_notes: What both sides may read.
        links: Documents elsewhere.
        qualified_at: When it was qualified (MK-7).
        registered_at: When the registration was handed in (MK-12, MK-13).
        decided_at: When the registration was decided (MK-13).
        accepted_at: When it was accepted (MK-15, MK-34).
        proof_submitted_at: When the proof of performance was submitted (SF-13, SF-19).
        proof: What proves it: the order, the invoice, where it lies (SF-13).
        closed_at: When it ended without being won.
        closed_reason: Why it ended (MK-17, QL-8).
        closed_kind: What kind of hurdle ended it (QL-8, BX-10).
        closed_error: What was wrong with a deal that ended as an error (BX-10).
        reopened_at: When it was opened again after an end.
        reopened_reason: Why it was.
    """

    name: Text | None = None
    created_at: Instant | None = None
    customer: Customer = Field(default_factory=blank(Customer))
    partner: Partner = Field(default_factory=blank(Partner))
    stakeholders: tuple[Stakeholder, ...] = ()
    products: tuple[Product, ...] = ()
    lead_source: LeadSource | None = None
    sourced_by: Id | None = None
    current_situation: LongText | None = None
    product_of_interest: Text | None = None
    time_frame: Text | None = None
    owner: Id | None = None
    owner_team: Text | None = None
    team: DealTeam = Field(default_factory=blank(DealTeam))
    next_steps: NextSteps = Field(default_factory=blank(NextSteps))
    gpca: Gpca = Field(default_factory=blank(Gpca))
    bant: Bant = Field(default_factory=blank(Bant))
    meddpicc: Meddpicc = Field(default_factory=blank(Meddpicc))
    spiced: Spiced = Field(default_factory=blank(Spiced))
    activities: tuple[Activity, ...] = ()
    approvals: tuple[Approval, ...] = ()
    notes: tuple[Note, ...] = ()
    shared_notes: tuple[Note, ...] = ()
    links: tuple[Link, ...] = ()
    qualified_at: Instant | None = None
    registered_at: Instant | None = None
    decided_at: Instant | None = None
    accepted_at: Instant | None = None
    proof_submitted_at: Instant | None = None
    proof: LongText | None = None
    closed_at: Instant | None = None
    closed_reason: LongText | None = None
    closed_kind: Literal["technical", "business", "error", "other"] | None = None
    closed_error: Literal["duplicate", "test", "data_error", "other"] | None = None
    reopened_at: Instant | None = None
    reopened_reason: LongText | None = None

    @property
    def standing_approvals(self) -> tuple[Approval, ...]:
        """Answers in approval chains that still count: nothing that they cover changed (BX-8)."""
        return tuple(each for each in self.approvals if each.stands_on(self))

    @property
    def certified_when_accepted(self) -> bool | None:
        """Whether technical and sales certificates held at ``accepted_at`` (MK-34)."""
        return self.partner.certified_at(self.accepted_at)

    @property
    def contract_in_force_when_accepted(self) -> bool | None:
        """Whether a partner contract was signed and in place at ``accepted_at`` (MK-34)."""
        return self.partner.contracted_at(self.accepted_at)

    @property
    def lapses_when_accepted(self) -> tuple[Lapse, ...]:
        """What surely did not hold at ``accepted_at``, and since when (MK-34)."""
        return self.partner.lapses_at(self.accepted_at)

    @property
    def gaps_when_accepted(self) -> tuple[Lapse, ...]:
        """What a fee asks for and did not surely hold at ``accepted_at`` (MK-32, MK-34)."""
        return self.partner.gaps_at(self.accepted_at)

    @property
    def priced_after_consultation(self) -> bool | None:
        """Whether the partner consulted before each pricing discussion (MK-25)."""
        return priced_after_consultation(self.activities)

    @property
    def touch_count(self) -> int:
        """How many touches the lead had (MK-38)."""
        return sum(item.kind == "touch" for item in self.activities)

    @property
    def touch_span_days(self) -> int | None:
        """Days from the first touch to the last, in the customer's zone (MK-38)."""
        return sum(self._touch_gaps) if self.touch_count else None

    @property
    def touch_gap_shortest_days(self) -> int | None:
        """The fewest days between a touch and the next (MK-38)."""
        return min(self._touch_gaps, default=None)

    @property
    def touch_gap_longest_days(self) -> int | None:
        """The most days between a touch and the next (MK-38)."""
        return max(self._touch_gaps, default=None)

    @property
    def _touch_gaps(self) -> tuple[int, ...]:
        return touch_gaps(self.activities, self.customer.zone)
