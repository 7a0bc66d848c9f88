"""The partner: what it passed, what it signed, and on which days that held.

Rules that hold for every certificate and contract:

1. It holds from ``valid_from`` to ``valid_until``, both days included, in the partner's zone.
2. One without an end says so (``open_ended``). An end that is missing is unknown, not endless.
3. Revoked or terminated, it no longer holds from ``ended_on`` on; without that day it was not.

This module does not know what a deal or a fee is: the moment is an argument.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, Self

from pydantic import model_validator

from cosell._base import Id, Model, Text
from cosell.models._kleene import all_of, any_of, in_order
from cosell.models._scalars import day_in, refuse_reversed
from cosell.models.party import Party

__all__ = [
    "Certification",
    "CertificationKind",
    "FeeRequirement",
    "Lapse",
    "Partner",
    "PartnerContract",
    "ProgramMembership",
    "Validity",
]

CertificationKind = Literal["technical", "sales"]
#: What a referral fee asks of its partner (MK-32).
FeeRequirement = Literal["technical_certification", "sales_certification", "contract"]


class Validity(Model, frozen=True):
    """The days on which something holds, both ends included.

    Attributes:
        valid_from: First day on which it holds.
        valid_until: Last day on which it holds.
        open_ended: Whether it has no last day.
        ended_on: Day from which it no longer holds, because it was revoked or terminated.

    Example:
        >>> term = Validity(valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31))
        >>> term.holds_on(date(2026, 12, 31)), term.holds_on(date(2027, 1, 1))
        (True, False)
        >>> Validity(valid_from=date(2026, 1, 1)).holds_on(date(2026, 6, 1)) is None
        True
    """

    valid_from: date | None = None
    valid_until: date | None = None
    open_ended: bool = False
    ended_on: date | None = None

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        refuse_reversed(self.valid_from, self.valid_until, "valid_from and valid_until")
        if self.open_ended and self.valid_until is not None:
            message = "open_ended and valid_until exclude each other"
            raise ValueError(message)
        return self

    def holds_on(self, day: date) -> bool | None:
        """Return whether it holds on ``day``; ``None`` when what is recorded does not say."""
        begun = all_of(in_order(first, day) for first in self._first_days())
        return all_of((begun, self._lasts_to(day)))

    @property
    def begins_on(self) -> date | None:
        """The start on record: the latest of the days on which it has to have begun."""
        return max(filter(None, self._first_days()), default=None)

    @property
    def ends_on(self) -> date | None:
        """The end on record: its last day, or the day it was ended, whichever is earlier."""
        return min(filter(None, (self.valid_until, self.ended_on)), default=None)

    def _first_days(self) -> tuple[date | None, ...]:
        return (self.valid_from,)

    def _lasts_to(self, day: date) -> bool | None:
        if self.ended_on is not None and self.ended_on <= day:
            return False
        if self.valid_until is not None:
            return day <= self.valid_until
        return True if self.open_ended else None


class Certification(Validity, frozen=True):
    """A certificate of the partner or of one of its people (MK-9, MK-32).

    Attributes:
        id: The host's id for it.
        kind: Technical or sales; a fee asks for both.
        name: What it is called.
        holder: Id of the person who holds it.
        passed_on: Day on which it was passed.
    """

    id: Id | None = None
    kind: CertificationKind | None = None
    name: Text | None = None
    holder: Id | None = None
    passed_on: date | None = None


class PartnerContract(Validity, frozen=True):
    """The partnership contract (MK-9, MK-32): it holds when it is signed **and** in place.

    Attributes:
        id: The host's id for it.
        name: What it is called.
        signed_on: Day on which the last party signed.
    """

    id: Id | None = None
    name: Text | None = None
    signed_on: date | None = None

    def _first_days(self) -> tuple[date | None, ...]:
        return (self.signed_on, self.valid_from)


class ProgramMembership(Validity, frozen=True):
    """The partner's enrolment in a program (SF-1, SF-15).

    Attributes:
        program: The program's id.
        level: The partner's level in it.
    """

    program: Id | None = None
    level: Text | None = None


class Lapse(Model, frozen=True):
    """What a fee asks for and did not hold on a day (MK-34): which, and since when.

    Attributes:
        what: The certificate or contract that was asked for.
        id: The one that came nearest, if there ever was one.
        ended_on: The end on record, if it had ended by then.
        begins_on: The first day, if it had not begun by then.
        standing: Whether it surely did not hold, or what is recorded does not say.

    Example:
        >>> print(Lapse(what="contract", ended_on=date(2026, 3, 31)))
        ended on 2026-03-31
    """

    what: FeeRequirement
    id: Id | None = None
    ended_on: date | None = None
    begins_on: date | None = None
    standing: Literal["not_held", "unknown"] = "not_held"

    def __str__(self) -> str:
        """Return what people read behind the name of the certificate or contract."""
        if self.standing == "unknown":
            return "not known to hold, as its dates are not recorded"
        if self.ended_on is not None:
            return f"ended on {self.ended_on}"
        return "missing" if self.begins_on is None else f"begins on {self.begins_on}"


class Partner(Party, frozen=True):
    """A company that sells with the vendor, or would like to.

    Attributes:
        status: Partner, or prospective partner (MK-10).
        level: Level in the vendor's program.
        partner_manager: Id of the vendor's partner manager.
        trained_on: Day on which the training was finished (MK-9).
        certifications: Certificates, technical and sales (MK-32).
        contracts: Partnership contracts (MK-32).
        portal_access_on: Day on which access to the portal was given (MK-9).
        memberships: Programs that it is enrolled in.
        fee_plan: Id of its own fee plan, where it has one (MK-46).
    """

    status: Literal["partner", "prospective"] | None = None
    level: Text | None = None
    partner_manager: Id | None = None
    trained_on: date | None = None
    certifications: tuple[Certification, ...] = ()
    contracts: tuple[PartnerContract, ...] = ()
    portal_access_on: date | None = None
    memberships: tuple[ProgramMembership, ...] = ()
    fee_plan: Id | None = None

    def certified_at(self, at: datetime | None) -> bool | None:
        """Return whether a technical and a sales certificate held at ``at`` (MK-32, MK-34)."""
        return all_of(self._held_at(self._of_kind(kind), at) for kind in ("technical", "sales"))

    def contracted_at(self, at: datetime | None) -> bool | None:
        """Return whether a contract was signed and in place at ``at`` (MK-32, MK-34)."""
        return self._held_at(self.contracts, at)

    def lapses_at(self, at: datetime | None) -> tuple[Lapse, ...]:
        """Return what a fee asks for and surely did not hold at ``at`` (MK-34)."""
        return tuple(gap for gap in self.gaps_at(at) if gap.standing == "not_held")

    def gaps_at(self, at: datetime | None) -> tuple[Lapse, ...]:
        """Return what a fee asks for and did not surely hold at ``at`` (MK-32, MK-34)."""
        if at is None:
            return ()
        asked: tuple[tuple[FeeRequirement, tuple[Certification | PartnerContract, ...]], ...] = (
            ("technical_certification", self._of_kind("technical")),
            ("sales_certification", self._of_kind("sales")),
            ("contract", self.contracts),
        )
        day = day_in(self.zone, at)
        held = ((what, items, self._held_at(items, at)) for what, items in asked)
        return tuple(
            Lapse(what=what, standing="unknown") if holds is None else _lapse(what, items, day)
            for what, items, holds in held
            if not holds
        )

    @property
    def portal_access_in_order(self) -> bool | None:
        """Whether training and certificates came first, then a contract, then access (MK-9)."""
        return any_of(
            all_of(
                (
                    self._qualified_by(contract.signed_on),
                    in_order(contract.signed_on, self.portal_access_on),
                )
            )
            for contract in self.contracts
        )

    def _qualified_by(self, day: date | None) -> bool | None:
        """Return whether training, a technical and a sales certificate were passed by ``day``."""
        return all_of(
            (
                in_order(self.trained_on, day),
                *(
                    any_of(in_order(item.passed_on, day) for item in self._of_kind(kind))
                    for kind in ("technical", "sales")
                ),
            )
        )

    def _of_kind(self, kind: str) -> tuple[Certification, ...]:
        return tuple(item for item in self.certifications if item.kind == kind)

    def _held_at(self, items: Iterable[Validity], at: datetime | None) -> bool | None:
        if at is None:
            return None
        day = day_in(self.zone, at)
        return any_of(item.holds_on(day) for item in items)


def _lapse(
    what: FeeRequirement, items: Iterable[Certification | PartnerContract], day: date
) -> Lapse:
    """Return the lapse of the item that ended last, else of the one that begins first."""
    ended = [(item.ends_on, item.id) for item in items if item.ends_on and item.ends_on <= day]
    if ended:
        ended_on, item_id = max(ended, key=lambda pair: pair[0])
        return Lapse(what=what, id=item_id, ended_on=ended_on)
    begins = [(item.begins_on, item.id) for item in items if item.begins_on is not None]
    begins_on, item_id = min(begins, key=lambda pair: pair[0], default=(None, None))
    return Lapse(what=what, id=item_id, begins_on=begins_on)
