"""The terms that a deal was accepted on: which plan, in which version (BX-20, BX-21).

Rules:

1. A deal stays on the plan that is stamped on it; a later version touches later deals only.
2. A deal without a stamp goes by its partner's own plan (MK-46), else by the program's; in the
   version that was in force when it was accepted.

This module does not know what a plan says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Final

from cosell.errors import CosellError, UnknownNameError, require_aware
from cosell.errors.kinds import tells_kinds
from cosell.fees.bound import BoundPlan
from cosell.fees.occasions import day_of
from cosell.fees.question import Question
from cosell.models import FeeTerms, Record

__all__ = ["NotInForceError", "TermsMismatchError", "plan_for", "terms_of"]

#: Stands for a moment where nobody asks as of one.
_EVER: Final = datetime.max.replace(tzinfo=UTC)


class TermsMismatchError(CosellError):
    """A deal was to be assessed by another plan than the one it was accepted on.

    Attributes:
        record_id: The deal.
        stamped: The plan that it was accepted on, as ``make@1``.
        given: The plan that was given.
    """

    code = "fee.terms_mismatch"

    def __init__(self, record_id: str, stamped: str, given: str) -> None:
        self.record_id = record_id
        self.stamped = stamped
        self.given = given
        same = stamped == given
        super().__init__(
            problem=f"deal `{record_id}` was accepted on fee plan `{stamped}`, and "
            + ("that plan reads otherwise now" if same else f"`{given}` was given"),
            remedy="Give the plan as it was; what changes is a new version."
            if same
            else f"Assess it by `{stamped}`; plan_for() chooses it.",
        )


class NotInForceError(CosellError):
    """A deal was accepted before any version of its fee plan began.

    Attributes:
        plan_id: The plan.
        valid_from: The first day of its earliest version.
        record_id: The deal.
        on: The day on which it was accepted, or else the day of asking, in the plan's zone.
    """

    code = "fee.not_in_force"

    def __init__(self, plan_id: str, valid_from: date, record_id: str, on: date) -> None:
        self.plan_id = plan_id
        self.valid_from = valid_from
        self.record_id = record_id
        self.on = on
        super().__init__(
            problem=(
                f"fee plan `{plan_id}` holds from {valid_from} on, and deal `{record_id}` is of"
                f" {on}"
            ),
            remedy="Give the version that held then, or correct the day of the deal.",
        )


@tells_kinds
def terms_of(plan: BoundPlan, deal: Record, *, at: datetime) -> FeeTerms:
    """Return the terms to stamp on a deal, by the transition that accepts it.

    Args:
        plan: The plan in force.
        deal: The deal.
        at: The moment of acceptance, with a time zone.

    Returns:
        Plan, version and digest, the partner's level, and the moment.

    Source:
        BX-20.
    """
    require_aware(at)
    return FeeTerms(
        plan=plan.plan.id,
        version=plan.plan.version,
        digest=plan.digest,
        partner_level=getattr(getattr(deal, "partner", None), "level", None),
        stamped_at=at,
    )


def stamp_of(deal: Record) -> FeeTerms | None:
    """Return the terms that are stamped on a deal, or ``None`` when there are none."""
    terms = getattr(deal, "terms", None)
    return terms if isinstance(terms, FeeTerms) and terms.plan is not None else None


def refuse_other_terms(plan: BoundPlan, deal: Record) -> bool:
    """Return whether the deal is stamped with ``plan``, or raise if with another one.

    Raises:
        TermsMismatchError: The deal was accepted on another plan, version or wording.
    """
    terms = stamp_of(deal)
    if terms is None:
        return False
    given = (plan.plan.id, plan.plan.version, plan.digest)
    stamped = (terms.plan, terms.version, terms.digest)
    if any(is_ not in (None, should) for is_, should in zip(stamped, given, strict=True)):
        raise TermsMismatchError(deal.id, _ref(terms), plan.ref)
    return True


def _ref(terms: FeeTerms) -> str:
    return f"{terms.plan}@{terms.version}" if terms.version is not None else f"{terms.plan}"


@tells_kinds
def plan_for(deal: Record, plans: Sequence[BoundPlan], *, at: datetime | None = None) -> BoundPlan:
    """Return the plan that a deal goes by.

    Args:
        deal: The deal.
        plans: Every plan and version in service, at least one. The first is the program's.
        at: The moment that decides about a deal which was not accepted yet; ``None`` takes the
            latest version for it.

    Returns:
        The plan that is stamped on the deal; else its partner's own plan, or the program's, in
        the version that is in force when the deal is accepted.

    Raises:
        NotInForceError: None of its versions had begun when the deal was accepted.
        UnknownNameError: The plan that is stamped, or the partner's own, is not among them.

    Source:
        MK-46, BX-20, BX-21.
    """
    terms = stamp_of(deal)
    own = getattr(getattr(deal, "partner", None), "fee_plan", None)
    name = own if terms is None else terms.plan
    if name is None and plans:
        name = plans[0].plan.id
    version = None if terms is None else terms.version
    found = [
        plan for plan in plans if plan.plan.id == name and version in {None, plan.plan.version}
    ]
    refs = [plan.ref for plan in plans]
    if not found:
        asked = f"{name}" if version is None else f"{name}@{version}"
        raise UnknownNameError("fee plan", asked, refs)
    if version is None:
        found = _in_force(found, deal, at)
    return max(found, key=lambda plan: plan.plan.version)


def _in_force(plans: Iterable[BoundPlan], deal: Record, at: datetime | None) -> list[BoundPlan]:
    """Return the versions that had begun by the moment that decides which one a deal goes by.

    Raises:
        NotInForceError: None had.
    """
    begun, days = [], []
    for plan in plans:
        first = plan.plan.valid_from
        moment = Question(plan, deal, at or _EVER, None).value(plan.stamped_on) or at
        if first is None or moment is None or day_of(moment, plan.zone) >= first:
            begun.append(plan)
        else:
            days.append((first, day_of(moment, plan.zone), plan.plan.id))
    if not begun:
        first, day, name = min(days)
        raise NotInForceError(name, first, deal.id, day)
    return begun
