"""What a PoC document lists: goals, criteria, requirements, assumptions, people, milestones.

This module does not know how the lists make a document.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from cosell._base import Id, Instant, LongText, Model, Text
from cosell.models._scalars import AuthorKind, Side
from cosell.models.party import Contact

__all__ = [
    "Assumption",
    "CriterionResult",
    "GapPoint",
    "Goal",
    "Milestone",
    "PocPerson",
    "PocPersonCategory",
    "PovObjectives",
    "PovReadiness",
    "Requirement",
    "ScopeAgreement",
    "ScopeRequest",
    "SuccessCriterion",
]

#: The four customer categories (PC-9, PC-24); others on the list have none.
PocPersonCategory = Literal["executive", "middle_manager", "participant", "decision_maker"]


class GapPoint(Model, frozen=True):
    """One short point of what is missing today (PC-3), in the customer's words (PC-2).

    Attributes:
        text: The point.
        author: Whose words these are.
        by: Id of the person who wrote them.
        at: When.
    """

    text: Text
    author: AuthorKind | None = None
    by: Id | None = None
    at: Instant | None = None


class Goal(Model, frozen=True):
    """One goal of the scope (PC-4, MK-19).

    Attributes:
        text: The goal.
        measure: By what it is measured.
        target: The value to be reached.
        measurable: Whether it is clearly measurable.
    """

    text: LongText
    measure: Text | None = None
    target: Text | None = None
    measurable: bool | None = None


class SuccessCriterion(Model, frozen=True):
    """One use case, and the date by which it is to be complete (PC-5).

    Attributes:
        id: Its id, which results name.
        use_case: What is to be shown.
        complete_on: Day by which it is to be complete.
        request: Id of the scope request that added it after approval (PC-17).
    """

    id: Id
    use_case: LongText
    complete_on: date | None = None
    request: Id | None = None


class CriterionResult(Model, frozen=True):
    """What became of a success criterion (PC-5); it is kept apart, because criteria are frozen.

    Attributes:
        criterion: Id of the success criterion.
        met: Whether the requirement is met.
        met_on: Day on which it was.
        evidence: What shows it.
    """

    criterion: Id
    met: bool | None = None
    met_on: date | None = None
    evidence: LongText | None = None

    @property
    def reached(self) -> bool | None:
        """Whether it is met; missing while no evidence is recorded (PC-5)."""
        return None if self.met and self.evidence is None else self.met


class Requirement(Model, frozen=True):
    """A technical requirement or prerequisite (PC-6, PC-25, MK-19).

    Attributes:
        text: What is needed, such as access to a non-production application.
        available_on: Day from which it is available.
        met: Whether it is met.
        evidence: What shows it.
    """

    text: LongText
    available_on: date | None = None
    met: bool | None = None
    evidence: LongText | None = None


class Assumption(Model, frozen=True):
    """Who does what, by when (PC-7).

    Attributes:
        text: What is assumed, or will be done.
        side: Whose assumption it is.
        who: Who does it.
        due_on: Day by which it is done.
    """

    text: LongText
    side: Side | None = None
    who: Text | None = None
    due_on: date | None = None


class PocPerson(Contact, frozen=True):
    """A person in the PoC, with name, title, role and contact details (PC-9).

    Attributes:
        category: Which of the four customer categories the person belongs to.
        responsibility: What the person does in the PoC.
        engaged: Whether the person takes part by now.
    """

    category: PocPersonCategory | None = None
    responsibility: Text | None = None
    engaged: bool | None = None


class Milestone(Model, frozen=True):
    """One step in the sequence of events (PC-10).

    Attributes:
        name: What it is.
        on: Its day.
        actions: What is done.
        meeting: What meeting is needed.
        people: Who is needed then.
        reached_on: Day on which it was reached.
    """

    name: Text
    on: date | None = None
    actions: LongText | None = None
    meeting: Text | None = None
    people: Text | None = None
    reached_on: date | None = None


class ScopeRequest(Model, frozen=True):
    """A request for more scope after approval: "just one more test" (PC-17, QL-11).

    Attributes:
        id: Its id, which success criteria name.
        text: What is asked for.
        asked_by: Id of the person who asked.
        asked_at: When.
    """

    id: Id
    text: LongText
    asked_by: Id | None = None
    asked_at: Instant | None = None


class ScopeAgreement(Model, frozen=True):
    """A new agreement on what was asked for after approval (PC-17).

    Attributes:
        request: Id of the scope request.
        agreed_by: Id of the person on the customer's side who agreed.
        agreed_at: When it was agreed.
        recorded_by: Id of the actor who recorded it.
        in_return: What is given for it.
    """

    request: Id
    agreed_by: Id | None = None
    agreed_at: Instant | None = None
    recorded_by: Id | None = None
    in_return: Text | None = None


class PovReadiness(Model, frozen=True):
    """What is true before a PoV starts (PC-13).

    Attributes:
        technical_discovery_done: Technical discovery is done.
        good_fit: The customer is a good fit.
        success_agreed: Both sides agree on what counts as success.
        champion_sponsors: A champion sponsors it.
        applications_identified: Applications are identified.
        business_processes_identified: Business processes are identified.
        business_stakeholders_identified: Business stakeholders are identified.
        value_defined: The value is defined.
        pain_agreed: The pain is defined and agreed.
        good_technical_fit: The technical fit is good.
    """

    technical_discovery_done: bool | None = None
    good_fit: bool | None = None
    success_agreed: bool | None = None
    champion_sponsors: bool | None = None
    applications_identified: bool | None = None
    business_processes_identified: bool | None = None
    business_stakeholders_identified: bool | None = None
    value_defined: bool | None = None
    pain_agreed: bool | None = None
    good_technical_fit: bool | None = None


class PovObjectives(Model, frozen=True):
    """The checklist of a PoV's objectives (PC-20).

    Attributes:
        customer_success: The customer succeeds.
        success_criteria_agreed: Success criteria are agreed.
        timeline_agreed: Timeline and urgency are defined.
        use_case_proved: The use case is proved.
        criteria_delivered: The criteria are delivered.
        value_proved: The value is proved.
        technical_blockers_removed: Technical blockers are removed.
        value_blockers_removed: Value blockers are removed.
        technical_win: The technical validation is won.
        competition_addressed: The competition is addressed.
    """

    customer_success: bool | None = None
    success_criteria_agreed: bool | None = None
    timeline_agreed: bool | None = None
    use_case_proved: bool | None = None
    criteria_delivered: bool | None = None
    value_proved: bool | None = None
    technical_blockers_removed: bool | None = None
    value_blockers_removed: bool | None = None
    technical_win: bool | None = None
    competition_addressed: bool | None = None
