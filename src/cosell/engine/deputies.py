"""Acting on behalf of another: who is whose deputy, and from when to when.

Rules:

1. A deputy acts in the capacity of its principal: with the principal's role and party, under an
   id of its own. Both ids stand in what it leaves behind.
2. A deputyship is in force from its start up to its end, the end exclusive. One that is unknown,
   has not begun or is over is a wrong role, with the reason; an override does not help.
3. Nobody is the deputy of a deputy.

This module does not know what a deputy asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from types import MappingProxyType
from typing import Final

from cosell._base import Id, Instant, Model, Name
from cosell.errors import Problem
from cosell.errors.kinds import tells_kinds
from cosell.events import Actor
from cosell.findings import Check, CheckKind, Finding, Verdict

__all__ = ["Deputyship", "acting_for", "examine_deputy", "is_in_force", "problems_with_deputy"]

_PATHS: Final = ("actor.on_behalf_of", "actor.deputy_from", "actor.deputy_until")


class Deputyship(Model, frozen=True):
    """Who may act for whom, from when to when. A host keeps these; cosell only reads them.

    Attributes:
        deputy: Id of the person who acts.
        principal: Id of the person for whom.
        valid_from: From when on.
        valid_until: Until when, exclusive; ``None`` is without an end.
        roles: In which of the principal's roles; none named is in every one.
    """

    deputy: Id
    principal: Id
    valid_from: Instant
    valid_until: Instant | None = None
    roles: tuple[Name, ...] = ()


@tells_kinds
def acting_for(
    deputy: Actor, principal: Actor, deputyships: Iterable[Deputyship], *, at: datetime
) -> Actor:
    """Return ``deputy`` as it acts for ``principal``.

    The deputyship that is in force at ``at`` is taken, or else the one that began last; without
    one the actor says so, and whatever it asks for is refused.

    Args:
        deputy: Who acts, as itself.
        principal: For whom, in the capacity in question.
        deputyships: What the host knows; those of others do no harm.
        at: The moment of asking, with a time zone.

    Returns:
        An actor with the deputy's id and the principal's role and party.

    Example:
        >>> from datetime import UTC, datetime
        >>> dana, boss = Actor("d-1", role="seller"), Actor("b-1", role="boss", party="vendor")
        >>> holiday = Deputyship(
        ...     deputy="d-1",
        ...     principal="b-1",
        ...     valid_from=datetime(2026, 11, 16, tzinfo=UTC),
        ...     valid_until=datetime(2026, 11, 21, tzinfo=UTC),
        ... )
        >>> now = datetime(2026, 11, 20, tzinfo=UTC)
        >>> actor = acting_for(dana, boss, [holiday], at=now)
        >>> actor.id, actor.role, actor.on_behalf_of, is_in_force(actor, now)
        ('d-1', 'boss', 'b-1', True)
        >>> is_in_force(acting_for(dana, boss, [], at=now), now) is None
        True
    """
    taken: Actor | None = None
    rows = (row for row in deputyships if _is_between(row, deputy, principal))
    for row in sorted(rows, key=lambda row: row.valid_from):
        found = _as_deputy(deputy, principal, row.valid_from, row.valid_until)
        if taken is None or not is_in_force(taken, at):
            taken = found
    return taken or _as_deputy(deputy, principal, None, None)


def _is_between(row: Deputyship, deputy: Actor, principal: Actor) -> bool:
    return (
        (row.deputy, row.principal) == (deputy.id, principal.id)
        and (not row.roles or principal.role in row.roles)
        and deputy.on_behalf_of is None
        and principal.on_behalf_of is None
    )


def _as_deputy(
    deputy: Actor, principal: Actor, since: datetime | None, until: datetime | None
) -> Actor:
    return Actor(
        deputy.id,
        role=principal.role,
        party=principal.party,
        on_behalf_of=principal.id,
        deputy_from=since,
        deputy_until=until,
    )


def is_in_force(actor: Actor, at: datetime) -> bool | None:
    """Return whether ``actor`` may act at all at ``at``; ``None`` if its deputyship is unknown.

    Who acts for nobody else may.
    """
    if actor.on_behalf_of is None:
        return True
    if actor.deputy_from is None:
        return None
    return actor.deputy_from <= at and (actor.deputy_until is None or at < actor.deputy_until)


_VERDICTS: Final = MappingProxyType(
    {True: Verdict.MET, False: Verdict.UNMET, None: Verdict.UNKNOWN}
)


def examine_deputy(actor: Actor, at: datetime) -> Iterator[Finding]:
    """Yield what is found about the deputyship of an actor that acts for another one."""
    if actor.on_behalf_of is not None:
        values = (actor.on_behalf_of, actor.deputy_from, actor.deputy_until)
        yield Finding(_check(actor), _VERDICTS[is_in_force(actor, at)], values)


def _check(actor: Actor) -> Check:
    return Check(
        id="deputy",
        kind=CheckKind.ROLE,
        needed=f"`{actor.id}` is the deputy of `{actor.on_behalf_of}` at this moment",
        remedy=f"Ask `{actor.on_behalf_of}`, or have the deputyship granted for this day.",
        paths=_PATHS,
    )


_WHY: Final = MappingProxyType(
    {
        False: "is not the deputy of `{}` at this moment",
        None: "is not known as a deputy of `{}`",
    }
)


def problems_with_deputy(actor: Actor, at: datetime) -> Iterator[Problem]:
    """Yield why an actor may not act for another one at ``at``."""
    found = is_in_force(actor, at)
    if not found:
        why = _WHY[found].format(actor.on_behalf_of)
        yield Problem("actor.on_behalf_of", f"`{actor.id}` {why}", _check(actor).remedy)
