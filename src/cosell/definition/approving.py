"""What an approval chain comes to: criteria, gates and transitions like any others.

A chain ``registration`` with a row ``manager`` gives

1. to each gate that names it a criterion ``registration_manager``: the row applies (``when``), and
   an answer that still stands approves it; and one that nothing of the chain is rejected;
2. two triggers, ``approve_registration`` and ``reject_registration``, which stay in the stage and
   add a stamped answer to the record's ``approvals``. Each has a candidate for each row, so that
   the actor's role, and what is open, decide which row is answered;
3. in front of each candidate a gate: the row is asked for, nobody answered it yet, all that come
   before it have approved, and (unless the chain says otherwise) the same person has not
   approved another row.

A gate reads the record with the new answer in it: hence "at most one" where a person would say
"none yet".

This module does not know what a record is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from cosell.definition.approval import ApprovalChain, ApprovalRow
from cosell.definition.line import Gate, Input, Line, SetValue, Transition, Written
from cosell.rules import Criterion

__all__ = ["APPROVALS", "ChainName", "chain_names", "chained", "row_criteria"]

#: The record's list of answers.
APPROVALS = "approvals"
_STANDING = "standing_approvals"
_VERBS = {"approved": "Approve", "rejected": "Reject"}


@dataclass(frozen=True, slots=True)
class ChainName:
    """How a chain is called, and where its answers stand, as seen from its line.

    Attributes:
        id: Its name on its line.
        track: The track it belongs to; ``None`` is the main line.
    """

    id: str
    track: str | None = None

    @property
    def full(self) -> str:
        """Its name in answers: in a track with the track's."""
        return f"{self.track}.{self.id}" if self.track else self.id

    @property
    def answers(self) -> str:
        """The list that answers are added to."""
        return f"record.{APPROVALS}" if self.track else APPROVALS

    @property
    def triggers(self) -> tuple[str, str]:
        """What asks for an approval, and for a rejection."""
        return f"approve_{self.id}", f"reject_{self.id}"

    def gate_of(self, row: ApprovalRow) -> str:
        """Return the gate in front of an answer for ``row``."""
        return f"answer_{self.id}_{row.id}"

    def approving_gate_of(self, row: ApprovalRow) -> str:
        """Return the further gate in front of an approval for ``row``."""
        return f"approve_{self.id}_{row.id}"

    def criterion_of(self, row: ApprovalRow) -> str:
        """Return the criterion that ``row`` is approved."""
        return f"{self.id}_{row.id}"

    def over(self, test: str) -> str:
        """Return the answers of the chain that stand and pass ``test``, for any and count."""
        standing = f"record.{_STANDING}" if self.track else _STANDING
        return f"a.chain == '{self.full}' and {test} for a in {standing}"

    def approved(self, row: ApprovalRow) -> str:
        """Return the expression that ``row`` is approved."""
        answers = self.over(f"a.row == '{row.id}' and a.outcome == 'approved'")
        return f"any({answers})"

    @property
    def not_rejected(self) -> str:
        """The expression that no row is rejected."""
        answers = self.over("a.outcome == 'rejected'")
        return f"not any({answers})"

    def at_most_one(self, test: str) -> str:
        """Return the expression that no more than one answer passes ``test``: the new one."""
        return f"count({self.over(test)}) <= 1"


def chain_names(line: Line, track: str | None) -> dict[str, ChainName]:
    """Return what each chain of a line is called."""
    return {name: ChainName(name, track) for name in line.approvals}


def row_criteria(name: ChainName, chain: ApprovalChain) -> Iterator[Criterion]:
    """Yield what a gate asks that names the chain: every row, and that nothing is rejected."""
    for row in chain.rows:
        asked = f"Ask for the approval of {row.role} (`{name.triggers[0]}`)."
        yield Criterion(
            id=name.criterion_of(row),
            when=row.when,
            need=name.approved(row),
            remedy=row.remedy or asked,
            cites=(*row.cites, *chain.cites),
            label=row.label,
            help=row.help,
        )
    yield Criterion(
        id=f"{name.id}_not_rejected",
        need=name.not_rejected,
        remedy="It was rejected: see the reason, change it and hand it in again.",
        cites=chain.cites,
    )


def chained(line: Line, track: str | None, recorded: Collection[str]) -> Line:
    """Return a line with the gates and transitions that its chains come to.

    Args:
        line: The line as it is written.
        track: The track that it is; ``None`` is the main line.
        recorded: Covered fields that can be missing, and must not be.
    """
    names = chain_names(line, track)
    gates = dict(line.gates)
    transitions = list(line.transitions)
    for key, chain in line.approvals.items():
        needed = [path for path in chain.covers if path in recorded]
        for row in chain.rows:
            gates[names[key].gate_of(row)] = Gate(
                criteria=tuple(_before_answer(names[key], chain, row, needed))
            )
            gates[names[key].approving_gate_of(row)] = Gate(
                criteria=tuple(_before_approval(names[key], chain))
            )
        transitions += _transitions(names[key], chain)
    return line.model_copy(update={"gates": gates, "transitions": tuple(transitions)})


def _before_answer(
    name: ChainName, chain: ApprovalChain, row: ApprovalRow, needed: Collection[str]
) -> Iterator[Criterion]:
    """Yield what must hold before ``row`` is answered."""
    if row.when is not None:
        remedy = f"Nobody has to ask {row.role} as the record stands."
        yield Criterion(id="asked", need=row.when, remedy=remedy, cites=row.cites)
    unanswered = name.at_most_one(f"a.row == '{row.id}'")
    yield Criterion(id="open", need=unanswered, remedy="It is answered already.")
    for index, path in enumerate(needed):
        remedy = f"Record `{path}`: it is what is approved."
        yield Criterion(id=f"covered_{index}", need=f"recorded({path})", remedy=remedy)
    for earlier in chain.rows:
        if earlier.order < row.order:
            yield Criterion(
                id=f"after_{earlier.id}",
                when=earlier.when,
                need=name.approved(earlier),
                remedy=f"Wait for the approval of {earlier.role}.",
                cites=earlier.cites,
            )


def _before_approval(name: ChainName, chain: ApprovalChain) -> Iterator[Criterion]:
    """Yield what must hold before a row is approved, beside what any answer asks."""
    yield Criterion(
        id="not_rejected",
        need=name.not_rejected,
        remedy="It was rejected: it has to be handed in again.",
    )
    if not chain.same_person:
        mine = "(a.by == actor.id or a.person == actor.id or a.person == actor.principal)"
        yield Criterion(
            id="other_person",
            need=name.at_most_one(mine),
            remedy="You answered for another row: let somebody else approve this one.",
        )


def _transitions(name: ChainName, chain: ApprovalChain) -> Iterator[Transition]:
    """Yield the candidates of both triggers, rows of a lower order first."""
    rows = sorted(chain.rows, key=lambda row: row.order)
    for trigger, outcome in zip(name.triggers, _VERBS, strict=True):
        for row in rows:
            further = (name.approving_gate_of(row),) if outcome == "approved" else ()
            yield Transition(
                trigger=trigger,
                source=chain.source,
                target="stay",
                roles=(row.role,),
                gates=(name.gate_of(row), *further, *chain.gates),
                inputs=(_answer(name, chain, row, outcome),),
                effects=chain.effects,
                label=f"{_VERBS[outcome]}: {chain.label or name.id}",
                help=chain.help,
                cites=(*row.cites, *chain.cites),
            )


def _answer(name: ChainName, chain: ApprovalChain, row: ApprovalRow, outcome: str) -> Input:
    """Return what is added to the record's answers."""
    return Input(
        path=name.answers,
        append=True,
        stamp={
            "chain": Written(literal=name.full),
            "row": Written(literal=row.id),
            "role": SetValue.ACTOR_ROLE,
            "by": SetValue.ACTOR_ID,
            "principal": SetValue.ACTOR_PRINCIPAL,
            "party": SetValue.ACTOR_PARTY,
            "at": SetValue.AT,
            "outcome": Written(literal=outcome),
        },
        needs=("reason",) if outcome == "rejected" else (),
        covers=chain.covers,
        label="Approval" if outcome == "approved" else "Rejection",
        help=None if outcome == "approved" else "Say why.",
    )
