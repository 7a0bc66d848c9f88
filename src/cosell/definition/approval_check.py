"""Check that approval chains fit their line: who answers, where, and what waits for it.

This module does not know the record's model; expressions are checked when a process is bound.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cosell.definition.approval import ApprovalChain
from cosell.definition.approving import ChainName
from cosell.definition.known import Resting, twice, unknown
from cosell.definition.line import ANY_OPEN, Line
from cosell.definition.process import Track
from cosell.errors import Problem

__all__ = ["problems_in_approvals"]


def problems_in_approvals(
    line: Line, prefix: str, *, stages: Collection[str], roles: Collection[str]
) -> Iterator[Problem]:
    """Yield everything about the chains of a line that cannot work.

    Args:
        line: The line.
        prefix: Where it stands in the definition, with a final dot; empty on the main line.
        stages: Its stages.
        roles: Roles that people can have.
    """
    if line.approvals and isinstance(line, Track) and line.key is not None:
        problem = "the answers for one item could not be told from those for another"
        yield Problem(f"{prefix}approvals", problem, "Put the chain on the main line.")
    waited_for = {name for gate in line.gates.values() for name in gate.approvals}
    for key, chain in line.approvals.items():
        path = f"{prefix}approvals.{key}"
        yield from twice(chain.rows, f"{path}.rows", "row")
        sources = [name for name in chain.source if name != ANY_OPEN]
        yield from unknown(sources, stages, f"{path}.source", "stage")
        for index, row in enumerate(chain.rows):
            yield from unknown([row.role], roles, f"{path}.rows[{index}].role", "role")
        yield from unknown(chain.gates, line.gates, f"{path}.gates", "gate")
        yield from _circular(line, chain, f"{path}.gates")
        yield from _taken(line, ChainName(key), chain, path)
        if key not in waited_for:
            remedy = "Name it in the `approvals` of a gate, or remove it."
            yield Resting(path, f"no gate waits for `{key}`", remedy, on=("gates.*.approvals",))
    for name, gate in line.gates.items():
        path = f"{prefix}gates.{name}"
        yield from unknown(gate.approvals, line.approvals, f"{path}.approvals", "approval chain")


def _circular(line: Line, chain: ApprovalChain, path: str) -> Iterator[Problem]:
    """Yield each gate in front of an answer that waits for answers itself."""
    for name in chain.gates:
        if name in line.gates and line.gates[name].approvals:
            problem = f"gate `{name}` waits for approvals, and approvals would wait for it"
            yield Problem(path, problem, "Give rows an `order`, or name a gate of criteria alone.")


def _taken(line: Line, name: ChainName, chain: ApprovalChain, path: str) -> Iterator[Problem]:
    """Yield each trigger or gate of the line that is called as one of the chain's own."""
    triggers = {transition.trigger for transition in line.transitions}
    for trigger in name.triggers:
        if trigger in triggers:
            problem = f"`{trigger}` asks for an answer of this chain"
            yield Problem(path, problem, "Rename the trigger of that transition, or the chain.")
    for row in chain.rows:
        for gate in (name.gate_of(row), name.approving_gate_of(row)):
            if gate in line.gates:
                problem = f"gate `{gate}` stands in front of an answer of this chain"
                yield Problem(path, problem, "Rename your gate, or the row.")
