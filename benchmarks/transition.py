"""One guarded transition: eight stages, three criteria; permitted, and blocked by the last.

The baseline is what a programmer writes who needs no reasons: a look-up in a table, and three
predicates. It names no obstacle, keeps no history, and makes no new record.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contest import Contest, Goal, Row, gather
from cosell.engine import Applied, apply, bind, decide, seal
from cosell.findings import Verdict
from deals import AT, BLOCKED, DEAL, PLANS, PROCESS, SELLER, SMALLEST, Deal
from machines import PEERS, Case

__all__ = ["contests"]

_BARE = "bare look-up and three predicates"
_STOCK = "transitions, one shared machine"

_GUARDS = (
    lambda deal: deal.budget_confirmed is True,
    lambda deal: deal.acv.amount > SMALLEST,
    lambda deal: deal.plan in PLANS,
)
_TABLE = {("lead", "advance"): ("qualified", _GUARDS)}


def _bare(deal: Deal) -> str | None:
    """Return the next stage, or ``None``."""
    target, guards = _TABLE[deal.stage, "advance"]
    for guard in guards:
        if not guard(deal):
            return None
    return target


BOUND = bind(PROCESS, record=Deal)
CLOSURES = bind(PROCESS, record=Deal, generated=False)


def contests() -> Iterator[Contest]:
    """Yield the contest for a deal that may move, then the one for a deal that may not."""
    peers, absent = gather(PEERS, Case("enterprise", moves=True))
    yield Contest("One guarded transition, permitted", _BARE, [*_permitted(), *peers], absent)
    peers, absent = gather(PEERS, Case("free", moves=False))
    yield Contest("The same, blocked by the last of three", _BARE, [*_blocked(), *peers], absent)


def _permitted() -> Iterator[Row]:
    unsealed = apply(BOUND, DEAL, "advance", actor=SELLER, at=AT).events

    def verdict() -> bool:
        return decide(BOUND, DEAL, "advance", actor=SELLER, at=AT).permitted

    def findings() -> list[Verdict]:
        decision = decide(BOUND, DEAL, "advance", actor=SELLER, at=AT)
        return [finding.verdict for finding in decision.findings]

    def closures() -> bool:
        return decide(CLOSURES, DEAL, "advance", actor=SELLER, at=AT).permitted

    def move() -> Applied[Deal]:  # with its record, its event and its effects: none is made later
        return apply(BOUND, DEAL, "advance", actor=SELLER, at=AT)

    yield Row(_BARE, lambda: _bare(DEAL), lambda stage: stage == "qualified")
    yield Row("cosell decide, to the verdict", verdict, bool, (Goal(4, _BARE),))
    yield Row(
        "cosell decide, all findings read",
        findings,
        lambda found: found == [Verdict.MET] * 4,
        (Goal(7, _BARE),),
    )
    yield Row("cosell decide, no generated code", closures, bool)
    yield Row(
        "pydantic, validating the 27 fields alone",
        lambda: Deal.model_validate(DEAL.__dict__),
        lambda deal: deal == DEAL,
    )
    yield Row(
        "cosell apply",
        move,
        lambda moved: (moved.record.stage, moved.event.seq) == ("qualified", moved.record.version),
        (Goal(25, _BARE), Goal(0.8, _STOCK)),
    )
    yield Row(
        "cosell, sealing the event",
        lambda: seal(unsealed),
        lambda events: len(events[0].digest) == 64,
        (Goal(40, _BARE),),
    )


def _blocked() -> Iterator[Row]:
    def reasons() -> list[tuple[Any, ...]]:
        decision = decide(BOUND, BLOCKED, "advance", actor=SELLER, at=AT)
        return [(it.id, it.actual, it.check.needed) for it in decision.obstacles]

    needed = "plan in {'enterprise', 'business'}"
    yield Row(_BARE, lambda: _bare(BLOCKED), lambda stage: stage is None)
    yield Row(
        "cosell decide, to the verdict",
        lambda: decide(BOUND, BLOCKED, "advance", actor=SELLER, at=AT).permitted,
        lambda permitted: permitted is False,
    )
    yield Row(
        "cosell decide, with criterion, actual and needed",
        reasons,
        lambda found: found == [("plan", {"plan": "free"}, needed)],
        (Goal(7, _BARE),),
    )
