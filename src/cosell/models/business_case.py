"""The business case: what the customer's process costs before, and saves after.

This module does not know which deal it belongs to.
"""

from __future__ import annotations

from typing import Literal

from cosell._base import Id, Instant, LongText, Model, Text
from cosell.models._scalars import Url
from cosell.money import Money

__all__ = ["Bottleneck", "BusinessCase", "ProcessStep"]


class ProcessStep(Model, frozen=True):
    """One step of the customer's process, in its lane (PC-19).

    Attributes:
        name: What is done.
        lane: The system or person it is done in or by.
        actor: Whether that is a system or a person.
        mode: Manual, a decision, or automatic.
    """

    name: Text
    lane: Text | None = None
    actor: Literal["system", "person"] | None = None
    mode: Literal["manual", "decision", "automatic"] | None = None


class Bottleneck(Model, frozen=True):
    """What slows the process down (PC-19).

    Attributes:
        text: What it is.
        step: Name of the step it stands in.
    """

    text: LongText
    step: Text | None = None


class BusinessCase(Model, frozen=True):
    """Before and after, what is saved, and how it is carried out (MK-19, PC-19).

    Attributes:
        summary: What it says, in short.
        steps_before: The process today.
        steps_after: The process with the solution.
        bottlenecks: What slows it down today.
        impact: The estimated impact on the business.
        impact_value: The same as an amount a year.
        workable: Whether it is workable (MK-19).
        execution_plan: How it is carried out (MK-19).
        identified_at: When it was identified; first of all in stage 3 (MK-43).
        identified_by: Id of the person who did.
        agreed_with_customer: Whether the customer agreed (MK-28).
        document: Where it is.
    """

    summary: LongText | None = None
    steps_before: tuple[ProcessStep, ...] = ()
    steps_after: tuple[ProcessStep, ...] = ()
    bottlenecks: tuple[Bottleneck, ...] = ()
    impact: LongText | None = None
    impact_value: Money | None = None
    workable: bool | None = None
    execution_plan: LongText | None = None
    identified_at: Instant | None = None
    identified_by: Id | None = None
    agreed_with_customer: bool | None = None
    document: Url | None = None

    @property
    def steps_saved(self) -> int | None:
        """How many steps fewer there are; missing until both processes are recorded (PC-19)."""
        if not self.steps_before or not self.steps_after:
            return None
        return len(self.steps_before) - len(self.steps_after)
