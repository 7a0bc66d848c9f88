"""The mutual delivery plan: who delivers what by when, agreed by everyone.

This module does not know when a deal needs one.
"""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import model_validator

from cosell._base import Id, Instant, LongText, Model, Text
from cosell.models._scalars import Side, Url, refuse_reversed
from cosell.models.record import Part
from cosell.money import Money

__all__ = ["Mdp", "MdpTask", "WorkStream"]


class WorkStream(Model, frozen=True):
    """One stream of the implementation (MK-27).

    Attributes:
        name: What it is called.
        start_on: First day.
        end_on: Last day.
        budget: What it may cost.
        budget_guidance: What is said about its budget.
    """

    name: Text
    start_on: date | None = None
    end_on: date | None = None
    budget: Money | None = None
    budget_guidance: LongText | None = None

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        refuse_reversed(self.start_on, self.end_on, "start_on and end_on")
        return self


class MdpTask(Model, frozen=True):
    """One task, with its owner (MK-27).

    Attributes:
        text: What is done.
        work_stream: Name of the stream it belongs to.
        side: Which side owns it.
        owner: Id of the person who does.
        due_on: Day by which it is done.
        done: Whether it is done.
    """

    text: LongText
    work_stream: Text | None = None
    side: Side | None = None
    owner: Id | None = None
    due_on: date | None = None
    done: bool | None = None


class Mdp(Part, frozen=True):
    """A mutual delivery plan (MK-26, MK-27).

    Attributes:
        work_streams: The streams, with timeline and budget.
        tasks: The tasks, with owners.
        prepared_with_se: Whether solution engineering takes part (MK-26).
        prepared_with_customer: Whether the customer takes part (MK-26).
        partner_takes_part: Whether the partner does; where appropriate (MK-27).
        agreed_by_customer: Whether the customer's representatives agreed (MK-27).
        agreed_by_vendor: Whether the vendor's did.
        agreed_by_partner: Whether the partner's did.
        drafted_at: When it was started.
        agreed_at: When all had agreed.
        document: Where it is documented.
    """

    work_streams: tuple[WorkStream, ...] = ()
    tasks: tuple[MdpTask, ...] = ()
    prepared_with_se: bool | None = None
    prepared_with_customer: bool | None = None
    partner_takes_part: bool | None = None
    agreed_by_customer: bool | None = None
    agreed_by_vendor: bool | None = None
    agreed_by_partner: bool | None = None
    drafted_at: Instant | None = None
    agreed_at: Instant | None = None
    document: Url | None = None
