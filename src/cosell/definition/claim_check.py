"""Check the claims of a process: what is taken, given back, waited for, and who comes next.

Rules:

1. A claim that stands for the items of a list stands for one list: one key for each item.
2. A claim that every record holds is taken and given back with its fields, never by a transition.
3. Who waits is called: a claim that is waited for says what the next in line asks for, and that
   takes the claim.
4. What is asked for instead of a claimed transition can be asked for by whoever may ask for that
   one, from wherever that one can be asked for.

This module does not know how a definition is read, nor what a record is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from cosell.definition.claim import (
    SHIPPED_CLAIMS,
    ClaimKind,
    IfClaimed,
    claim_name,
    has_stray_braces,
    lists_of,
)
from cosell.definition.known import Resting, absent, unknown
from cosell.definition.line import Line, Transition
from cosell.definition.process import Process
from cosell.errors import Problem, did_you_mean

__all__ = ["problems_in_claims"]

#: What says who may ask for a transition, where, and with what.
_ASKED: Final = (
    "stages.*.kind",
    "stages.*.id",
    "transitions.*.trigger",
    "transitions.*.source",
    "transitions.*.roles",
    "transitions.*.inputs",
)

_Placed: TypeAlias = tuple[Line, Transition, str]


@dataclass(slots=True)
class _Asked:
    """Where a trigger can be asked for, by whom, and with what."""

    sources: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    inputs: set[str] = field(default_factory=set)


def _asked_in(line: Line) -> dict[str, _Asked]:
    """Return what may be asked for on a line, by trigger."""
    asked: defaultdict[str, _Asked] = defaultdict(_Asked)
    for each in line.transitions:
        found = asked[each.trigger]
        found.sources.update(line.stages_named(each.source))
        found.roles.update(each.roles)
        found.inputs.update(given.path for given in each.inputs)
    return dict(asked)


def problems_in_claims(process: Process) -> Iterator[Problem]:
    """Yield what is wrong with the claims of ``process``, each problem with its path."""
    placed = [
        (line, transition, f"{prefix}transitions[{index}]")
        for name, line in process.lines.items()
        for prefix in ["" if name is None else f"tracks.{name}."]
        for index, transition in enumerate(line.transitions)
    ]
    taken = {claim_name(key) for _, each, _ in placed for key in each.claims}
    standing = {name for name, kind in process.claims.items() if kind.keys} | set(SHIPPED_CLAIMS)
    for name, kind in process.claims.items():
        yield from _Kind(name, kind, f"claims.{name}").problems(process, placed, taken)
    asked = {id(line): _asked_in(line) for line in process.lines.values()}
    for line, transition, path in placed:
        yield from _in_keys(transition.claims, f"{path}.claims")
        yield from _in_keys(transition.waits, f"{path}.waits")
        yield from _standing(transition, standing, path)
        yield from _unknown(transition.releases, taken, f"{path}.releases")
        yield from _waits(process, transition, taken, path)
        if transition.if_claimed is not None:
            place = f"{path}.if_claimed"
            yield from _instead(line, asked[id(line)], transition, transition.if_claimed, place)


def _in_keys(keys: Iterable[str], path: str) -> Iterator[Problem]:
    for index, key in enumerate(keys):
        if has_stray_braces(key):
            remedy = "Write a field in braces, as `registration:{customer.domain}`."
            yield Problem(f"{path}[{index}]", f"`{key}` has braces that hold no field", remedy)
        elif len(lists_of(key)) > 1:
            several = " and ".join(f"`{each}`" for each in lists_of(key))
            problem = f"`{key}` stands for the items of {several}"
            yield Problem(f"{path}[{index}]", problem, "Keep one list: one key for each item.")


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is said of all claims with one name."""

    name: str
    kind: ClaimKind
    path: str

    def problems(
        self, process: Process, placed: Iterable[_Placed], taken: Collection[str]
    ) -> Iterator[Problem]:
        """Yield what does not fit."""
        name, kind, path = self.name, self.kind, self.path
        if name in SHIPPED_CLAIMS and kind.keys:
            problem = f"every record holds `{name}` of itself"
            yield Problem(f"{path}.keys", problem, "Leave the keys out.")
        elif not kind.keys and name not in SHIPPED_CLAIMS:
            yield from _unknown([name], taken, path)
        yield from _in_keys(kind.keys, f"{path}.keys")
        for index, key in enumerate(kind.keys):
            if claim_name(key) != name:
                problem = f"`{key}` is no claim `{name}`"
                yield Problem(f"{path}.keys[{index}]", problem, f"Begin it with `{name}:`.")
        yield from unknown(kind.known_to or (), process.roles, f"{path}.known_to", "role")
        if kind.next is not None:
            yield from self._next(kind.next, placed)

    def _next(self, trigger: str, placed: Iterable[_Placed]) -> Iterator[Problem]:
        main = [each for _, each, path in placed if path.startswith("transitions")]
        asked = [each for each in main if each.trigger == trigger]
        path = f"{self.path}.next"
        if not asked:
            known = {each.trigger for each in main}
            yield absent("trigger", trigger, known, path)
        elif not all(self.name in map(claim_name, each.claims) for each in asked):
            problem = f"`{trigger}` does not take the claim `{self.name}`"
            remedy = f"Add `{self.name}:...` to the claims of the transition."
            yield Resting(path, problem, remedy, on=("transitions.*.claims",))


def _standing(transition: Transition, standing: Collection[str], path: str) -> Iterator[Problem]:
    fields = {
        "claims": map(claim_name, transition.claims),
        "waits": map(claim_name, transition.waits),
        "releases": transition.releases,
    }
    for kind, names in fields.items():
        for name in names:
            if name in standing:
                problem = f"every record holds `{name}` as long as its fields say so"
                yield Problem(f"{path}.{kind}", problem, "Leave it out, or rename the claim.")


def _waits(
    process: Process, transition: Transition, taken: Collection[str], path: str
) -> Iterator[Problem]:
    for name in dict.fromkeys(map(claim_name, transition.waits)):
        kind = process.claims.get(name)
        if name not in taken:
            yield from _unknown([name], taken, f"{path}.waits")
        elif kind is None or kind.next is None:
            problem = f"nothing is asked for when `{name}` is given back"
            remedy = f"Name the trigger of the next in line: `[claims.{name}]` with `next`."
            yield Resting(f"{path}.waits", problem, remedy, on=(f"claims.{name}",))


def _instead(
    line: Line,
    triggers: Mapping[str, _Asked],
    transition: Transition,
    instead: IfClaimed,
    path: str,
) -> Iterator[Problem]:
    if not transition.claims:
        problem = f"`{transition.trigger}` takes no claim"
        yield Problem(path, problem, "Leave it out, or add `claims`.")
    asked = triggers.get(instead.trigger)
    if asked is None or instead.trigger == transition.trigger:
        known = triggers.keys() - {transition.trigger}
        yield absent("other trigger", instead.trigger, known, f"{path}.trigger")
        return
    stages = line.stages_named(transition.source)
    missed = [name for name in stages if name not in asked.sources]
    if missed:
        problem = f"`{instead.trigger}` cannot be asked for in {', '.join(missed)}"
        yield Resting(f"{path}.trigger", problem, "Add these to its source.", on=_ASKED)
    for role in transition.roles:
        if role not in asked.roles:
            problem = f"`{role}` cannot ask for `{instead.trigger}`"
            yield Resting(f"{path}.trigger", problem, f"Add `{role}` to its roles.", on=_ASKED)
    for kind, name in (("key", instead.key), ("holder", instead.holder)):
        if name is not None and name not in asked.inputs:
            problem = f"`{name}` is no input of `{instead.trigger}`"
            remedy = did_you_mean(name, asked.inputs)
            yield Resting(f"{path}.{kind}", problem, remedy, on=_ASKED)


def _unknown(names: Iterable[str], known: Collection[str], path: str) -> Iterator[Problem]:
    yield from unknown((name for name in names if name not in SHIPPED_CLAIMS), known, path, "claim")
