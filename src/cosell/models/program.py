"""The partner program: what it gives, what it asks for, and who is enrolled in it (SF-1, SF-15).

This module does not know what a deal is.
"""

from __future__ import annotations

from typing import Literal

from cosell._base import Id, Instant, LongText, Model, Text
from cosell.models.record import Part, Record

__all__ = ["Enrolment", "Program", "ProgramTerm"]


class ProgramTerm(Model, frozen=True):
    """One thing that a program gives or asks for, as partners are told (SF-1).

    Attributes:
        text: What.
    """

    text: Text


class Enrolment(Part, frozen=True):
    """One partner's way into the program (SF-1, SF-15).

    Attributes:
        party: Id of the partner.
        invited_at: When it was told of benefits and requirements.
        requirements_met: Whether it meets what the program asks for.
        enrolled_at: When it was enrolled.
        enrolled_by: Id of the actor who enrolled it.
        ended_at: When that ended.
        reason: Why it ended, or why it was not enrolled.
    """

    party: Id
    invited_at: Instant | None = None
    requirements_met: bool | None = None
    enrolled_at: Instant | None = None
    enrolled_by: Id | None = None
    ended_at: Instant | None = None
    reason: LongText | None = None


class Program(Record, frozen=True):
    """A program that a vendor runs with its partners (SF-1, SF-15).

    Attributes:
        name: What people call it.
        kind: What it is for: deals that partners register, or leads that they are referred.
        benefits: What partners gain, such as additional margin (SF-1).
        requirements: What they have to meet (SF-1).
        announced_at: When partners were told of both (SF-1).
        closed_at: When it ended.
        enrolments: Partners that were invited, and where each of them stands.
    """

    name: Text | None = None
    kind: Literal["deal_registration", "lead_referral"] | None = None
    benefits: tuple[ProgramTerm, ...] = ()
    requirements: tuple[ProgramTerm, ...] = ()
    announced_at: Instant | None = None
    closed_at: Instant | None = None
    enrolments: tuple[Enrolment, ...] = ()
