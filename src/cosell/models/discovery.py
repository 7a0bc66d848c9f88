"""What is found out and agreed between qualification and proposal (stages 2 and 3 of Make).

This module does not know which stage asks for what.
"""

from __future__ import annotations

from cosell._base import Id, Instant, LongText, Model, Text
from cosell.models._scalars import Count
from cosell.models.poc_items import Goal, Requirement

__all__ = ["Competitor", "Discovery", "PainPoint", "Technology", "UseCase"]


class UseCase(Model, frozen=True):
    """One thing that the customer would do with the product (MK-18).

    Attributes:
        text: What.
        is_main: Whether it is one of the main ones.
        outcome: What it brings to the business (QL-4).
    """

    text: LongText
    is_main: bool | None = None
    outcome: LongText | None = None


class PainPoint(Model, frozen=True):
    """One pain of the customer (MK-18).

    Attributes:
        text: What hurts.
        is_key: Whether it is one of the key ones.
        acknowledged: Whether the customer acknowledged it.
        cost: What it costs the business (QL-6).
    """

    text: LongText
    is_key: bool | None = None
    acknowledged: bool | None = None
    cost: Text | None = None


class Technology(Model, frozen=True):
    """Something the customer uses today (PC-26).

    Attributes:
        name: What.
        use: For what.
    """

    name: Text
    use: Text | None = None


class Competitor(Model, frozen=True):
    """Something else that might solve the customer's problem (QL-5).

    Attributes:
        name: What.
        is_internal: Whether it is a solution of the customer's own.
    """

    name: Text
    is_internal: bool | None = None


class Discovery(Model, frozen=True):
    """What stages 2 and 3 find out and agree (MK-18, MK-19, MK-28, MK-43).

    Attributes:
        meeting_minutes: How long the discovery meeting was (QL-3).
        problem_is_ours: Whether the prospect has a problem we specialise in solving (QL-2).
        reason_to_act_now: The compelling reason to solve it now (QL-2).
        value_given: What of value the prospect got in the meeting (QL-24).
        competitors: Who else might solve it, solutions of their own too (QL-5).
        champion_tested: Whether the champion was tested for the influence claimed (QL-5).
        use_cases: Main use cases (MK-18).
        pain_points: Key pain points (MK-18).
        technologies: What the customer uses today (PC-26).
        budget_confirmed: Whether the customer confirmed the budget (MK-18).
        need_confirmed: Whether the customer confirmed the need (MK-18).
        stakeholders_identified: Whether all important stakeholders are identified (MK-18).
        technical_discovery_agreed: Whether technical discovery is agreed on (MK-18).
        poc_agreed: Whether a PoC is agreed on, or that none is run (MK-18).
        poc_wanted: Whether a PoC or PoV is to be run (MK-19).
        goals: Clearly measurable goals (MK-19).
        scope: The technical scope.
        scope_agreed: Whether scope and goals are aligned with the customer (MK-19, MK-28).
        technical_requirements: What the solution must meet (MK-19).
        requirements_gathered: Whether all of them are gathered (MK-19).
        requirements_met: Whether they are met, in a PoC where one is run (MK-19).
        gtm_engaged_at: When the vendor's team was engaged, after the business case (MK-43).
        gtm_engaged_by: Id of the person who did.
    """

    meeting_minutes: Count | None = None
    problem_is_ours: bool | None = None
    reason_to_act_now: LongText | None = None
    value_given: LongText | None = None
    competitors: tuple[Competitor, ...] = ()
    champion_tested: bool | None = None
    use_cases: tuple[UseCase, ...] = ()
    pain_points: tuple[PainPoint, ...] = ()
    technologies: tuple[Technology, ...] = ()
    budget_confirmed: bool | None = None
    need_confirmed: bool | None = None
    stakeholders_identified: bool | None = None
    technical_discovery_agreed: bool | None = None
    poc_agreed: bool | None = None
    poc_wanted: bool | None = None
    goals: tuple[Goal, ...] = ()
    scope: LongText | None = None
    scope_agreed: bool | None = None
    technical_requirements: tuple[Requirement, ...] = ()
    requirements_gathered: bool | None = None
    requirements_met: bool | None = None
    gtm_engaged_at: Instant | None = None
    gtm_engaged_by: Id | None = None
