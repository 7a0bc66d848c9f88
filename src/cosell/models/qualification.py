"""Qualification methods, each as the answers it asks for.

A method is a table of answers, so that a process may ask for any of them (MK-5, QL-23, BX-45).
An answer is never missing; what is missing is its value, level or evidence.

This module does not know which method a process uses.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cosell._base import PERSONAL, LongText, Model
from cosell.models._scalars import blank
from cosell.models.authored import Answer

__all__ = ["Bant", "Gpca", "Meddpicc", "Spiced"]

_unanswered = blank(Answer)


class Gpca(Model, frozen=True):
    """Goals, plans, challenges, authority (MK-5, MK-6, MK-40).

    Attributes:
        goals: What the customer wants to reach.
        goals_short_term: The near part of it.
        goals_long_term: The far part of it.
        goals_personal: What the contact wants for themself.
        plans: How they mean to get there.
        plans_resources: With what resources.
        challenges: What stands in the way: economic pressure or growth, process pains, bad data.
        challenges_bottlenecks: The main issues and bottlenecks.
        pain_acknowledged: Whether the customer acknowledged the pain points (MK-7).
        authority: Who decides, and why they would buy.
        authority_role: Whether the contact influences or signs off the budget (MK-6).
        authority_is_right: Whether it is enough to take the discussion on (MK-7).
        reason_to_buy: Why they would buy (MK-40).
    """

    goals: Answer = Field(default_factory=_unanswered)
    goals_short_term: LongText | None = None
    goals_long_term: LongText | None = None
    goals_personal: Annotated[LongText | None, PERSONAL] = None
    plans: Answer = Field(default_factory=_unanswered)
    plans_resources: LongText | None = None
    challenges: Answer = Field(default_factory=_unanswered)
    challenges_bottlenecks: LongText | None = None
    pain_acknowledged: bool | None = None
    authority: Answer = Field(default_factory=_unanswered)
    authority_role: Literal["champion", "decision_maker"] | None = None
    authority_is_right: bool | None = None
    reason_to_buy: LongText | None = None


class Bant(Model, frozen=True):
    """Budget, authority, need, timeline (BX-45).

    Attributes:
        budget: What they can spend.
        authority: Who decides.
        need: What they need it for.
        timeline: By when.
    """

    budget: Answer = Field(default_factory=_unanswered)
    authority: Answer = Field(default_factory=_unanswered)
    need: Answer = Field(default_factory=_unanswered)
    timeline: Answer = Field(default_factory=_unanswered)


class Meddpicc(Model, frozen=True):
    """MEDDPIC, and its longer form MEDDPICC (QL-20, BX-45).

    Attributes:
        metrics: What the customer gains, in figures.
        economic_buyer: Who owns the budget.
        decision_criteria: By what they decide.
        decision_process: How they decide.
        paper_process: How they get to a signature; of the longer form.
        identified_pain: What hurts.
        champion: Who sells for us inside.
        competition: Against whom; of the longer form.
    """

    metrics: Answer = Field(default_factory=_unanswered)
    economic_buyer: Answer = Field(default_factory=_unanswered)
    decision_criteria: Answer = Field(default_factory=_unanswered)
    decision_process: Answer = Field(default_factory=_unanswered)
    paper_process: Answer = Field(default_factory=_unanswered)
    identified_pain: Answer = Field(default_factory=_unanswered)
    champion: Answer = Field(default_factory=_unanswered)
    competition: Answer = Field(default_factory=_unanswered)


class Spiced(Model, frozen=True):
    """Situation, pain, impact, critical event, decision (BX-45).

    Attributes:
        situation: Where the customer stands.
        pain: What hurts.
        impact: What solving it is worth.
        critical_event: By when it has to be solved, and why.
        decision: How, by whom and by what they decide.
    """

    situation: Answer = Field(default_factory=_unanswered)
    pain: Answer = Field(default_factory=_unanswered)
    impact: Answer = Field(default_factory=_unanswered)
    critical_event: Answer = Field(default_factory=_unanswered)
    decision: Answer = Field(default_factory=_unanswered)
