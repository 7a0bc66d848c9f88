"""What can I do now: every trigger of a stage, whether it may be taken, and why not.

The baseline asks a bare table for each trigger that leaves the stage. Every second trigger is not
permitted. What cosell is asked for is more than its peers can tell: which criteria are in the way
of each trigger, beside which triggers are permitted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from contest import Contest, Goal, Row, gather, peer
from cosell.definition import parse_process
from cosell.engine import Bound, bind, options
from deals import AT, DEAL, PLANS, SELLER, SMALLEST, Deal, Plain

__all__ = ["contests"]

FEW: Final = 8
MANY: Final = 64
_BARE: Final = "bare table"


def _names(count: int) -> tuple[list[str], list[str]]:
    """Return the triggers that are permitted, and those that are not."""
    return [f"go{n}" for n in range(0, count, 2)], [f"go{n}" for n in range(1, count, 2)]


def _bound(here: int, elsewhere: int = 0) -> Bound:
    """Return a process in which so many triggers leave the stage, and so many leave others."""
    others = [f"s{number}" for number in range(elsewhere)]
    listed = "\n".join(f'[[stages]]\nid = "{stage}"' for stage in ["lead", *others])
    transitions = "\n".join(
        f'[[transitions]]\ntrigger = "go{number}"\nroles = ["seller"]\n'
        f'source = "{(["lead"] * here + others)[number]}"\ntarget = "done"\n'
        f'gates = ["{"tight" if number % 2 else "ready"}"]'
        for number in range(here + elsewhere)
    )
    return bind(
        parse_process(
            f"""
id = "choices"
version = 1
record = "Deal"
initial = "lead"
roles = {{ seller = "Seller" }}

{listed}

[[stages]]
id = "done"
kind = "closed"

[[gates.ready.criteria]]
id = "budget"
need = "budget_confirmed"
remedy = "Confirm the budget."

[[gates.ready.criteria]]
id = "size"
need = "acv > '50000 USD'"
remedy = "Take it to the small-business team."

[[gates.ready.criteria]]
id = "plan"
need = "plan in {{'enterprise', 'business'}}"
remedy = "Offer a plan with support."

[[gates.tight.criteria]]
id = "budget"
need = "budget_confirmed"
remedy = "Confirm the budget."

[[gates.tight.criteria]]
id = "size"
need = "acv > '50000 USD'"
remedy = "Take it to the small-business team."

[[gates.tight.criteria]]
id = "security"
need = "security_needed"
remedy = "Ask for a security review."

{transitions}
"""
        ),
        record=Deal,
    )


def contests() -> Iterator[Contest]:
    """Yield the contest for few triggers, for many, and for few of many."""
    few, absent = gather(PEERS, FEW)
    few_row = _row(_bound(FEW), FEW)
    yield Contest(f"What can I do now: {FEW} triggers", _BARE, [_bare(FEW), few_row, *few], absent)
    many, absent = gather(PEERS, MANY)
    rows = [_bare(MANY), _row(_bound(MANY), MANY), *many]
    yield Contest(f"What can I do now: {MANY} triggers", _BARE, rows, absent)
    alone = f"{FEW} triggers leave the stage"
    growing = Contest(
        "How cosell's answer grows",
        alone,
        [
            _row(_bound(FEW), FEW, alone),
            _row(
                _bound(FEW, 900),
                FEW,
                f"{FEW} leave the stage, 900 leave others",
                (Goal(1.1, alone),),
            ),
            _row(_bound(MANY), MANY, f"{MANY} leave the stage", (Goal(1.1 * MANY / FEW, alone),)),
        ],
        note="The last row is linear when it is no more than eight times the first.",
    )
    yield growing


def _bare(count: int) -> Row:
    permitted, blocked = _names(count)

    def has_plan(deal: Deal) -> bool:
        return deal.plan in PLANS

    def is_secure(deal: Deal) -> bool:
        return deal.security_needed is True

    table = {
        "lead": {
            f"go{n}": (
                lambda deal: deal.budget_confirmed is True,
                lambda deal: deal.acv.amount > SMALLEST,
                is_secure if n % 2 else has_plan,
            )
            for n in range(count)
        }
    }

    def call() -> dict[str, bool]:
        return {
            trigger: all(guard(DEAL) for guard in guards)
            for trigger, guards in table[DEAL.stage].items()
        }

    right = dict.fromkeys(permitted, True) | dict.fromkeys(blocked, False)
    return Row(_BARE, call, lambda found: found == right)


def _row(
    bound: Bound, count: int, name: str = "cosell, with reasons", goals: tuple[Goal, ...] = ()
) -> Row:
    permitted, blocked = _names(count)

    def call() -> dict[str, list[str]]:
        return {
            option.trigger: [finding.id for finding in option.decision.obstacles]
            for option in options(bound, DEAL, actor=SELLER, at=AT)
        }

    right = {name: [] for name in permitted} | {name: ["security"] for name in blocked}
    return Row(name, call, lambda found: found == right, goals)


class Deed(Plain):
    """A plain deal that a peer may write methods into."""

    security_needed = False


def _has_budget(deal: Any) -> bool:
    return deal.budget_confirmed is True


def _is_big(deal: Any) -> bool:
    return deal.amount > SMALLEST


def _has_plan(deal: Any) -> bool:
    return deal.plan in PLANS


def _is_secure(deal: Any) -> bool:
    return deal.security_needed is True


def _guards(number: int) -> list[Any]:
    return [_has_budget, _is_big, _is_secure if number % 2 else _has_plan]


@peer("transitions")
def _transitions(count: int) -> Iterator[Row]:
    from transitions import Machine

    deal = Deed()
    machine = Machine(deal, states=["lead", "done"], initial="lead", auto_transitions=False)
    for number in range(count):
        # Guards are given what was asked with: the deal.
        machine.add_transition(f"go{number}", "lead", "done", conditions=_guards(number))

    def call() -> list[str]:
        names = machine.get_triggers("lead")
        return [name for name in names if getattr(deal, f"may_{name}")(deal)]

    permitted, _ = _names(count)
    yield Row("transitions", call, lambda found: found == permitted)


@peer("python-statemachine")
def _python_statemachine(count: int) -> Iterator[Row]:
    from statemachine import State, StateMachine

    lead, done = State(initial=True), State(final=True)
    names = {guard.__name__: guard for guard in (_has_budget, _is_big, _has_plan, _is_secure)}
    events = {
        f"go{number}": lead.to(done, cond=[guard.__name__ for guard in _guards(number)])
        for number in range(count)
    }
    methods = {name: _of_model(guard) for name, guard in names.items()}
    chart: Any = type("Chart", (StateMachine,), {"lead": lead, "done": done, **events, **methods})
    machine = chart(Deed())

    def call() -> list[str]:
        return [event.id for event in machine.enabled_events()]

    permitted, _ = _names(count)
    yield Row("python-statemachine", call, lambda found: sorted(found) == sorted(permitted))


def _of_model(guard: Any) -> Any:
    return lambda self: guard(self.model)


PEERS = (_transitions, _python_statemachine)
