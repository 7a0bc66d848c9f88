"""The PoC and the PoV: what is proved before the customer buys.

Rules that hold for every PoC:

1. Its document has fourteen sections (PC-1), each a field or a group of fields here.
2. Its end is not before its start.
3. What one comparison cannot say, such as milestones in order, is a derived field.

This module does not know how a deal goes on after it.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from cosell._base import Id, Instant, LongText, Model, Text
from cosell.models._kleene import all_of, in_order
from cosell.models._scalars import AuthorKind, Url, blank, refuse_reversed
from cosell.models.authored import AuthoredText
from cosell.models.poc_items import (
    Assumption,
    CriterionResult,
    GapPoint,
    Goal,
    Milestone,
    PocPerson,
    PovObjectives,
    PovReadiness,
    Requirement,
    ScopeAgreement,
    ScopeRequest,
    SuccessCriterion,
)
from cosell.models.record import Part

__all__ = ["SECTIONS", "Closure", "Poc", "PocKind"]

#: How much is proved, and by whom (PC-14); a ``poc`` is what a PoV adds the business value to.
PocKind = Literal["self_service", "guided_trial", "poc", "pov"]

#: The sections of the document (PC-1): each is recorded when all of its fields are.
SECTIONS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("current_state", ("current_state.text",)),
    ("future_state", ("future_state.text",)),
    ("business_imperatives", ("business_imperatives.text",)),
    ("gap", ("gap",)),
    ("outcomes", ("outcomes.text",)),
    ("proposed_solution", ("proposed_solution.text",)),
    ("scope", ("goals",)),
    ("success_criteria", ("success_criteria",)),
    ("technical_requirements", ("technical_requirements",)),
    ("assumptions", ("assumptions",)),
    ("timeline", ("start_on", "end_on")),
    ("roles_and_responsibilities", ("people",)),
    ("sequence_of_events", ("milestones",)),
    ("closure", ("closure.ends_on",)),
)


class Closure(Model, frozen=True):
    """When the PoC ends, and how it winds down (PC-11).

    Attributes:
        ends_on: When it ends.
        environment: How the environment winds down.
        process: How the process does.
        team: How the team does.
    """

    ends_on: date | None = None
    environment: LongText | None = None
    process: LongText | None = None
    team: LongText | None = None


class Poc(Part, frozen=True):
    """A proof of concept or of value, with its document.

    Attributes:
        kind: Self-service, guided trial, PoC or PoV (PC-14).
        current_state: The customer's situation, in its own words (PC-2, PC-22).
        future_state: What the customer hopes for, in its own words (PC-2, PC-22).
        business_imperatives: What drives the improvement, in its own words (PC-2, PC-22).
        gap: What is missing today: short points in the customer's words (PC-2, PC-3).
        outcomes: What this PoC is to bring, by the partner or the SE (PC-2, PC-3, PC-23).
        outcomes_of_this_poc: Whether they are this PoC's, not the whole solution's (PC-3).
        proposed_solution: What is used in it, by the partner or the SE (PC-2, PC-23).
        goals: The scope: a limited set of measurable goals (PC-4).
        environment_stated_temporary: Whether the document says the environment is temporary (PC-4).
        environment_stated_not_production: Whether it says: not for production (PC-4).
        success_criteria: Use cases and dates (PC-5); frozen once it is approved (PC-17).
        results: What became of them; the last one of each counts (PC-5).
        success_criteria_clear: Whether they are clear to both sides (PC-12).
        technical_requirements: What it technically needs, and from when (PC-6).
        prerequisites: What must be there first, and from when (PC-6, PC-25).
        setup_confirmed: Whether the customer confirmed the set-up (PC-6).
        security_access_confirmed: Whether the customer confirmed security access (PC-6).
        timing_confirmed: Whether the customer confirmed the timing (PC-6).
        assumptions: Who does what by when, on both sides (PC-7).
        start_on: First day (PC-8).
        end_on: Last day (PC-8).
        timeline_proposed_by: Who proposed the dates: not the customer (PC-8).
        special_approval_by: Id of the person who approved a longer one (PC-8).
        special_approval_at: When.
        special_approval_reason: Why.
        people: Who takes part (PC-9).
        milestones: The sequence of events, in order (PC-10).
        closure: When it ends and how it winds down (PC-11).
        prospect_recommends_purchase: Whether the prospect agreed to recommend the purchase if the
            criteria are reached (PC-12).
        shared_channel: The channel that all involved stakeholders share (PC-12).
        buying_process_understood: Whether the buying process is understood (PC-12).
        legal_and_it_review_understood: Whether legal and IT review are understood (PC-12).
        legal_and_it_review_running: Whether they run during the PoC (PC-12).
        decision_meeting_on: Day of the final decision meeting (PC-12).
        readiness: What is true before a PoV (PC-13).
        objectives: The checklist of a PoV (PC-20).
        business_value: What is manual today (PC-25).
        struggling_systems: Which systems are a struggle (PC-25).
        researched: Whether research was done (PC-16).
        pre_call_held: Whether the pre-call was held (PC-16).
        hands_on_support_given: Whether there was hands-on support (PC-16).
        use_cases_confirmed: Whether the successful use cases were confirmed (PC-16).
        champion_deck_delivered: Whether the champion deck was delivered (PC-16).
        business_value_confirmed: Whether the business value was confirmed (PC-16).
        mutual_decision_plan: The mutual *decision* plan (PC-16).
        vendor_team_involved: Whether it is built with the vendor's team (PC-21).
        customer_commitment: What the customer committed itself to (PC-21).
        executed_by: Who executes it (MK-3, MK-41).
        scope_requests: What was asked for after approval (PC-17).
        scope_agreements: New agreements on it (PC-17).
        approved_at: When it was approved.
        approved_by: Id of the actor who approved it.
        started_at: When it began.
        finished_at: When it ended.
        result: What came of it (PC-18).
        document: Where the document is.
    """

    kind: PocKind | None = None
    current_state: AuthoredText = Field(default_factory=blank(AuthoredText))
    future_state: AuthoredText = Field(default_factory=blank(AuthoredText))
    business_imperatives: AuthoredText = Field(default_factory=blank(AuthoredText))
    gap: tuple[GapPoint, ...] = ()
    outcomes: AuthoredText = Field(default_factory=blank(AuthoredText))
    outcomes_of_this_poc: bool | None = None
    proposed_solution: AuthoredText = Field(default_factory=blank(AuthoredText))
    goals: tuple[Goal, ...] = ()
    environment_stated_temporary: bool | None = None
    environment_stated_not_production: bool | None = None
    success_criteria: tuple[SuccessCriterion, ...] = ()
    results: tuple[CriterionResult, ...] = ()
    success_criteria_clear: bool | None = None
    technical_requirements: tuple[Requirement, ...] = ()
    prerequisites: tuple[Requirement, ...] = ()
    setup_confirmed: bool | None = None
    security_access_confirmed: bool | None = None
    timing_confirmed: bool | None = None
    assumptions: tuple[Assumption, ...] = ()
    start_on: date | None = None
    end_on: date | None = None
    timeline_proposed_by: AuthorKind | None = None
    special_approval_by: Id | None = None
    special_approval_at: Instant | None = None
    special_approval_reason: LongText | None = None
    people: tuple[PocPerson, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    closure: Closure = Field(default_factory=blank(Closure))
    prospect_recommends_purchase: bool | None = None
    shared_channel: Text | None = None
    buying_process_understood: bool | None = None
    legal_and_it_review_understood: bool | None = None
    legal_and_it_review_running: bool | None = None
    decision_meeting_on: date | None = None
    readiness: PovReadiness = Field(default_factory=blank(PovReadiness))
    objectives: PovObjectives = Field(default_factory=blank(PovObjectives))
    business_value: AuthoredText = Field(default_factory=blank(AuthoredText))
    struggling_systems: LongText | None = None
    researched: bool | None = None
    pre_call_held: bool | None = None
    hands_on_support_given: bool | None = None
    use_cases_confirmed: bool | None = None
    champion_deck_delivered: bool | None = None
    business_value_confirmed: bool | None = None
    mutual_decision_plan: LongText | None = None
    vendor_team_involved: bool | None = None
    customer_commitment: LongText | None = None
    executed_by: Literal["partner", "vendor", "both"] | None = None
    scope_requests: tuple[ScopeRequest, ...] = ()
    scope_agreements: tuple[ScopeAgreement, ...] = ()
    approved_at: Instant | None = None
    approved_by: Id | None = None
    started_at: Instant | None = None
    finished_at: Instant | None = None
    result: Literal["succeeded", "failed"] | None = None
    document: Url | None = None

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        refuse_reversed(self.start_on, self.end_on, "start_on and end_on")
        return self

    @property
    def sections_missing(self) -> int:
        """How many of the fourteen sections are not recorded (PC-1)."""
        return len(self.missing_sections())

    @property
    def in_customers_words(self) -> bool | None:
        """Whether current and future state, imperatives and gap are the customer's words (PC-2)."""
        texts = (self.current_state, self.future_state, self.business_imperatives)
        return all_of(
            (
                bool(self.gap) or None,
                *(None if item.author is None else item.author == "customer" for item in texts),
                *(None if item.author is None else item.author == "customer" for item in self.gap),
            )
        )

    @property
    def milestones_in_order(self) -> bool | None:
        """Whether no milestone is dated before the one listed above it (PC-10)."""
        return in_order(*(milestone.on for milestone in self.milestones))

    @property
    def milestones_in_timeline(self) -> bool | None:
        """Whether each milestone lies between start and end, both included (PC-10)."""
        return all_of(self._contains(milestone.on) for milestone in self.milestones)

    @property
    def all_criteria_reached(self) -> bool | None:
        """Whether there are success criteria and each is reached, with evidence (PC-18)."""
        if not self.success_criteria:
            return None
        reached = {result.criterion: result.reached for result in self.results}
        return all_of(reached.get(criterion.id) for criterion in self.success_criteria)

    @property
    def criteria_distinct(self) -> bool:
        """Whether no two success criteria have one id, so that each has its own result (PC-5)."""
        return len({each.id for each in self.success_criteria}) == len(self.success_criteria)

    @property
    def additions_requested(self) -> bool:
        """Whether each criterion that was added names a recorded scope request (PC-17)."""
        return self._added() <= {request.id for request in self.scope_requests}

    @property
    def additions_agreed(self) -> bool:
        """Whether there is a new agreement on each criterion that was added (PC-17)."""
        return self._added() <= {
            agreement.request
            for agreement in self.scope_agreements
            if agreement.agreed_by is not None and agreement.agreed_at is not None
        }

    def missing_sections(self) -> tuple[str, ...]:
        """Return the names of the sections that are not recorded, in the document's order."""
        return tuple(
            name for name, paths in SECTIONS if not all(self._is_recorded(path) for path in paths)
        )

    def _added(self) -> set[str]:
        return {each.request for each in self.success_criteria if each.request is not None}

    def _is_recorded(self, path: str) -> bool:
        value: object = self
        for name in path.split("."):
            value = getattr(value, name)
        return value is not None and value != ()

    def _contains(self, day: date | None) -> bool | None:
        return in_order(self.start_on, day, self.end_on)
