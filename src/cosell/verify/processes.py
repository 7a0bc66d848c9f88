"""Whether a process is sound: every stage is reached and can end, and everything is used.

Rules:

1. Every stage can be reached from the first one, by the transitions of its line.
2. From every open stage an end can be reached.
3. A candidate is dead where one before it, for the same trigger and stage, has nothing that could
   refuse it to the same roles.
4. An approval chain can be answered before a gate waits for it.
5. What is defined is used: gates, roles, effects, parameters and facts that nothing names are left
   over from something.
6. A gate can open, and so can all gates of one transition together: their criteria do not exclude
   each other. That is found where it is plain from the expressions (``cosell.verify.passing``).

This module does not know what a record is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from cosell.definition.line import Line, StageKind, Transition
from cosell.definition.process import Process
from cosell.definition.text import path_of
from cosell.errors import Problem
from cosell.errors.kinds import tells_kinds
from cosell.verify.passing import Excluded, asked_by, excluded

__all__ = ["verify_process"]

_WORD: Final = re.compile(r"[a-z][a-z0-9_]*")
#: What a process defines for others to name, with the word for it.
_NAMED: Final = (
    ("roles", "role"),
    ("effects", "effect"),
    ("parameters", "parameter"),
    ("facts", "fact"),
)


@tells_kinds
def verify_process(process: Process) -> tuple[Problem, ...]:
    """Return what is not sound about a process.

    Args:
        process: The definition.

    Returns:
        Problems with their path, with file and line where it was read from text; none if
        everything is sound.

    Example:
        >>> from cosell import catalog
        >>> verify_process(catalog.load("make").process)
        ()
    """
    found: list[Problem] = []
    for name, line in process.lines.items():
        prefix = "" if name is None else f"tracks.{name}."
        in_line = (*_in_line(line), *_closed(line, process.parameters))
        found += (Problem(prefix + each.path, each.problem, each.remedy) for each in in_line)
    found += _unused(process)
    return tuple(process.placed(each, path_of(each.path)) for each in found)


def _in_line(line: Line) -> Iterator[Problem]:
    steps = _steps(line)
    reached = _reached(steps, {line.initial})
    back: dict[str, set[str]] = defaultdict(set)
    for source, targets in steps.items():
        for target in targets:
            back[target].add(source)
    ending = _reached(back, {stage.id for stage in line.stages if stage.kind is not StageKind.OPEN})
    for index, stage in enumerate(line.stages):
        if stage.id not in reached:
            yield Problem(
                f"stages[{index}]",
                f"no way leads from `{line.initial}` to stage `{stage.id}`",
                "Add a transition to it, or remove it.",
            )
        elif stage.id not in ending:
            yield Problem(
                f"stages[{index}]",
                f"no way leads from stage `{stage.id}` to an end",
                "Add a transition that leaves it.",
            )
    yield from _dead_candidates(line)
    yield from _unanswerable(line, steps)
    gates = {name for transition in line.transitions for name in transition.gates}
    gates.update(name for chain in line.approvals.values() for name in chain.gates)
    policies = (clock.extensions for clock in line.clocks)
    gates.update(name for policy in policies if policy is not None for name in policy.gates)
    for name in line.gates:
        if name not in gates:
            yield Problem(
                f"gates.{name}.criteria[0]",
                f"no transition asks gate `{name}`",
                "Name it, or remove it.",
            )


def _closed(line: Line, parameters: Mapping[str, object]) -> Iterator[Problem]:
    """Yield each gate that nothing passes, and each transition whose gates exclude each other."""
    asked = {
        name: [
            found
            for index, criterion in enumerate(gate.criteria)
            for found in asked_by(f"gates.{name}.criteria[{index}]", criterion)
        ]
        for name, gate in line.gates.items()
    }
    closed = set()
    for name, criteria in asked.items():
        if (found := excluded(criteria, parameters)) is not None:
            closed.add(name)
            yield Problem(found.asked.path, found.problem, "Correct it: the gate never opens.")
    known: dict[tuple[str, ...], Excluded | None] = {}
    for index, transition in enumerate(line.transitions):
        gates = transition.gates
        if len(gates) < _SEVERAL or closed.intersection(gates):
            continue
        if gates not in known:
            together = [each for name in gates for each in asked[name]]
            known[gates] = excluded(together, parameters)
        if (found := known[gates]) is not None:
            yield Problem(
                f"transitions[{index}].gates",
                f"{found.problem}, and `{transition.trigger}` asks for all of it",
                "Correct one of them: the transition is never taken.",
            )


_SEVERAL: Final = 2


def _unanswerable(line: Line, steps: Mapping[str, set[str]]) -> Iterator[Problem]:
    """Yield each transition that waits for answers which nobody can have given by then."""
    answered = {
        name: _reached(steps, set(line.stages_named(chain.source)))
        for name, chain in line.approvals.items()
    }
    for index, transition in enumerate(line.transitions):
        waits = {name for gate in transition.gates for name in line.gates[gate].approvals}
        sources = line.stages_named(transition.source)
        for name in sorted(waits):
            never = [source for source in sources if source not in answered[name]]
            if never:
                yield Problem(
                    f"transitions[{index}].gates",
                    f"nobody can answer `{name}` before `{transition.trigger}` from"
                    f" {', '.join(never)}",
                    f"Add a stage before to the `source` of `approvals.{name}`.",
                )


def _steps(line: Line) -> dict[str, set[str]]:
    """Return the stages that each stage leads to."""
    steps: dict[str, set[str]] = defaultdict(set)
    for transition in line.transitions:
        for source in line.stages_named(transition.source):
            steps[source].add(transition.target_from(source))
    return steps


def _reached(steps: Mapping[str, set[str]], start: set[str]) -> set[str]:
    """Return everything that can be reached from ``start``."""
    reached, left = set(start), list(start)
    while left:
        new = steps.get(left.pop(), set()) - reached
        reached |= new
        left += new
    return reached


def _dead_candidates(line: Line) -> Iterator[Problem]:
    # By whom what nothing refuses is taken: thousands of candidates have a few groups of roles.
    taken: dict[tuple[str, str], set[frozenset[str]]] = defaultdict(set)
    for index, transition in enumerate(line.transitions):
        sources, roles = line.stages_named(transition.source), frozenset(transition.roles)
        dead = [
            source
            for source in sources
            if any(roles <= earlier for earlier in taken[transition.trigger, source])
        ]
        if _always_open(transition):
            for source in sources:
                taken[transition.trigger, source].add(roles)
        if dead:
            yield Problem(
                f"transitions[{index}]",
                f"`{transition.trigger}` from {', '.join(dead)} is never taken: one before it"
                " has no gate",
                "Put it first, or give the other one a gate.",
            )


def _always_open(transition: Transition) -> bool:
    """Whether nothing but a role refuses ``transition``."""
    return not (
        transition.gates
        or transition.within
        or transition.claims
        or any(given.required or given.needs for given in transition.inputs)
    )


def _unused(process: Process) -> Iterator[Problem]:
    """Yield everything that is defined and that nothing names."""
    content = process.model_dump(mode="python", exclude_defaults=True)
    own = {field: content.pop(field, {}) for field, _ in _NAMED}
    words = set(_words(content))
    words.update(_words(own["parameters"].values()))
    for field, word in _NAMED:
        for name in own[field]:
            if name not in words:
                yield Problem(
                    f"{field}.{name}", f"nothing names {word} `{name}`", "Use it, or remove it."
                )


def _words(value: Any) -> Iterator[str]:
    """Yield every word of every text in a definition's content, names of keys included."""
    if isinstance(value, str):
        yield from _WORD.findall(value)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _words(key)
            yield from _words(inner)
    elif isinstance(value, Iterable):
        for inner in value:
            yield from _words(inner)
