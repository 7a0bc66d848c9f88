"""Check that the parts of a process fit together: every name that is used is defined.

What needs the record's model (paths, types of expressions) is checked by ``bind``; whether the
graph is sound (reachable, able to end) is ``cosell.verify``'s business.

This module does not know how a definition is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from cosell.calendars.zones import knows_zone, unknown_zone
from cosell.definition.access import EVERY_ROLE, Edit
from cosell.definition.approval_check import problems_in_approvals
from cosell.definition.approving import chain_names
from cosell.definition.asked import asked_by
from cosell.definition.automatic_check import problems_in_automatic
from cosell.definition.claim_check import problems_in_claims
from cosell.definition.clock import Clock
from cosell.definition.clock_check import LineNames, problems_in_clock
from cosell.definition.clock_event import WHOLE
from cosell.definition.effect import OWN_EFFECTS, PlannedEffect, overlap
from cosell.definition.effect_check import problems_in_effects
from cosell.definition.known import Resting, twice, unknown
from cosell.definition.line import ANY_OPEN, STAY, Gate, Line, Lock, StageKind, Transition
from cosell.definition.merge import problems_in_merge
from cosell.definition.method_check import problems_in_asked_methods, problems_in_methods
from cosell.definition.process import CLOCK_ROLE, Process
from cosell.definition.size import problems_in_size
from cosell.definition.wording import problems_in_translations
from cosell.errors import Problem

__all__ = ["problems_in_process"]

#: Words that expressions understand by themselves, so that nothing else can be called so.
_RESERVED = ("actor", "as_of", "at", "facts", "record")
#: What says which stages are ends, and which of them `*` stands for.
_KINDS = ("stages.*.kind", "stages.*.id")


def problems_in_process(process: Process) -> Iterator[Problem]:
    """Yield every name that is used and not defined, or defined twice.

    Args:
        process: A definition whose fields have been validated one by one.

    Yields:
        Problems with their path; file and line are the loader's to add.
    """
    large = list(problems_in_size(process))
    if large:
        # The rest takes time for each of what is too many, and is told once it is not.
        yield from large
        return
    yield from _in_process(process)
    for name, line in process.lines.items():
        prefix = "" if name is None else f"tracks.{name}."
        yield from _InLine(
            process=process,
            line=line,
            track=name,
            prefix=prefix,
            stages={stage.id: None for stage in line.stages},
            clocks={clock.id: None for clock in line.clocks},
            roles={**process.roles, CLOCK_ROLE: CLOCK_ROLE},
        ).problems()
    yield from problems_in_claims(process)


def _in_process(process: Process) -> Iterator[Problem]:
    if not knows_zone(process.zone):
        yield Problem("zone", *unknown_zone(process.zone))
    for name in process.parameters:
        if name in process.facts:
            yield Problem(f"facts.{name}", f"`{name}` is a parameter too", "Rename one of them.")
    for name in process.tracks:
        if name in _RESERVED:
            yield Problem(f"tracks.{name}", f"`{name}` has a meaning of its own", "Rename it.")
    stages = {stage.id for line in process.lines.values() for stage in line.stages}
    yield from problems_in_methods(process.methods, stages)
    for name in OWN_EFFECTS:
        if name in process.effects:
            problem = f"every process has the effect `{name}`"
            yield Problem(f"effects.{name}", problem, "Remove it here.")
    yield from _in_views(process)
    if process.merge is not None:
        yield from problems_in_merge(process.merge, process, process.roles)
    if CLOCK_ROLE in process.roles:
        yield Problem(
            f"roles.{CLOCK_ROLE}", "every process has the role `clock`", "Remove it here."
        )
    yield from problems_in_translations(process, process.translations)


def _in_views(process: Process) -> Iterator[Problem]:
    yield from twice(process.views, "views", "view")
    known = [stage.id for stage in process.stages]
    for index, row in enumerate(process.views):
        stages = (name for name in row.stages if name != ANY_OPEN)
        roles = (name for name in row.roles if name != EVERY_ROLE)
        yield from unknown(stages, known, f"views[{index}].stages", "stage")
        yield from unknown(roles, process.roles, f"views[{index}].roles", "role")


@dataclass(frozen=True, slots=True)
class _InLine:
    """One line of a process, with the names that can be used in it."""

    process: Process
    line: Line
    track: str | None
    prefix: str
    stages: Collection[str]
    clocks: Collection[str]
    roles: Collection[str]

    def problems(self) -> Iterator[Problem]:
        line, prefix = self.line, self.prefix
        yield from twice(line.stages, f"{prefix}stages", "stage")
        yield from _called_stay(line, prefix)
        yield from unknown([line.initial], self.stages, f"{prefix}initial", "stage")
        if all(stage.kind is StageKind.OPEN for stage in line.stages):
            remedy = "Give one of them `kind`: won, lost or closed."
            yield Resting(f"{prefix}stages", "no stage is an end", remedy, on=_KINDS)
        for name, gate in line.gates.items():
            yield from self._in_gate(gate, f"{prefix}gates.{name}")
        yield from problems_in_approvals(line, prefix, stages=self.stages, roles=self.process.roles)
        for key, answers in line.approvals.items():
            yield from self._in_effects(answers.effects, f"{prefix}approvals.{key}.effects")
        yield from problems_in_automatic(line, prefix, CLOCK_ROLE)
        for index, transition in enumerate(line.transitions):
            yield from self._in_transition(transition, f"{prefix}transitions[{index}]")
        yield from twice(line.transitions, f"{prefix}transitions", "transition")
        yield from _hidden(line, prefix)
        yield from twice(line.clocks, f"{prefix}clocks", "clock")
        for index, clock in enumerate(line.clocks):
            yield from self._in_clock(clock, f"{prefix}clocks[{index}]")
        yield from twice(line.locks, f"{prefix}locks", "lock")
        for index, lock in enumerate(line.locks):
            yield from self._in_lock(lock, f"{prefix}locks[{index}]")
        yield from twice(line.edits, f"{prefix}edits", "edit")
        for index, edit in enumerate(line.edits):
            yield from self._in_edit(edit, f"{prefix}edits[{index}]")

    def _in_gate(self, gate: Gate, path: str) -> Iterator[Problem]:
        asked = asked_by(self.process, self.track, gate)
        seen: set[str] = set()
        for place, criterion in asked:
            if criterion.id in seen:
                problem = f"criterion `{criterion.id}` is defined already"
                yield Resting(f"{path}.{place}.id", problem, "Rename one of them.")
            seen.add(criterion.id)
        yield from problems_in_asked_methods(gate, self.process.methods, path)
        if not (gate.criteria or gate.methods or gate.approvals):
            yield Problem(path, "it asks nothing", "Give it `criteria`, or leave it out.")

    def _in_transition(self, transition: Transition, path: str) -> Iterator[Problem]:
        sources = (name for name in transition.source if name != ANY_OPEN)
        yield from unknown(sources, self.stages, f"{path}.source", "stage")
        if transition.target != STAY:
            yield from unknown([transition.target], self.stages, f"{path}.target", "stage")
        yield from unknown(transition.roles, self.roles, f"{path}.roles", "role")
        yield from unknown(transition.gates, self.line.gates, f"{path}.gates", "gate")
        yield from unknown(transition.within, self.clocks, f"{path}.within", "clock")
        yield from self._in_effects(transition.effects, f"{path}.effects")
        if transition.override:
            roles = transition.override.roles
            yield from unknown(roles, self.process.roles, f"{path}.override.roles", "role")
        yield from _overlapping(transition, path)

    def _in_clock(self, clock: Clock, path: str) -> Iterator[Problem]:
        process = self.process
        found = problems_in_clock(
            clock,
            own=_names_of(self.line),
            parameters=process.parameters,
            calendars=process.calendars,
            lines={name or WHOLE: _names_of(line) for name, line in process.lines.items()},
            facts=process.facts,
        )
        yield from (replace(each, path=f"{path}.{each.path}") for each in found)
        if clock.owner is not None:
            yield from unknown([clock.owner], process.roles, f"{path}.owner", "role")
        if clock.pauses is not None:
            yield from unknown(clock.pauses.roles, process.roles, f"{path}.pauses.roles", "role")
        if clock.extensions is not None:
            roles, gates = clock.extensions.roles, clock.extensions.gates
            yield from unknown(roles, process.roles, f"{path}.extensions.roles", "role")
            yield from unknown(gates, self.line.gates, f"{path}.extensions.gates", "gate")
        if clock.cadence is not None:
            yield from self._in_effects(clock.cadence.effects, f"{path}.cadence.effects")
        parts = [(step, f"{path}.steps[{index}]") for index, step in enumerate(clock.steps)]
        for part, place in [*parts, *[(clock.on_breach, f"{path}.on_breach")]]:
            if part is not None:
                yield from self._in_effects(part.effects, f"{place}.effects")
                yield from self._closed_to_clocks(part.trigger, f"{place}.trigger")

    def _closed_to_clocks(self, trigger: str | None, path: str) -> Iterator[Problem]:
        asked = [each for each in self.line.transitions if each.trigger == trigger]
        if asked and not any(CLOCK_ROLE in each.roles for each in asked):
            yield Resting(
                path,
                f"`{trigger}` cannot be asked for by a clock",
                f"Add `{CLOCK_ROLE}` to the roles of that transition.",
                on=("transitions.*.trigger", "transitions.*.roles"),
            )

    def _in_lock(self, lock: Lock, path: str) -> Iterator[Problem]:
        stages = (name for name in lock.stages if name != ANY_OPEN)
        yield from unknown(stages, self.stages, f"{path}.stages", "stage")
        yield from unknown(lock.except_roles, self.process.roles, f"{path}.except_roles", "role")

    def _in_edit(self, edit: Edit, path: str) -> Iterator[Problem]:
        stages = (name for name in edit.stages if name != ANY_OPEN)
        yield from unknown(stages, self.stages, f"{path}.stages", "stage")
        yield from unknown(edit.roles, self.process.roles, f"{path}.roles", "role")

    def _in_effects(self, effects: Iterable[PlannedEffect], path: str) -> Iterator[Problem]:
        yield from problems_in_effects(effects, self.process, self.line, path)


def _names_of(line: Line) -> LineNames:
    """Return what event texts of clocks may name on a line."""
    return LineNames(
        stages=[stage.id for stage in line.stages],
        triggers=sorted(
            {transition.trigger for transition in line.transitions}.union(
                *(name.triggers for name in chain_names(line, None).values())
            )
        ),
        clocks=[clock.id for clock in line.clocks],
    )


def _overlapping(transition: Transition, path: str) -> Iterator[Problem]:
    """Yield each write that would undo an earlier one of the same transition."""
    inputs = [(given.path, f"inputs[{n}].path") for n, given in enumerate(transition.inputs)]
    cleared = [(field, f"clear[{n}]") for n, field in enumerate(transition.clear)]
    written = [*inputs, *((field, f"set.{field}") for field in transition.set), *cleared]
    for index, (field, place) in enumerate(written):
        for earlier, _ in written[:index]:
            if overlap(earlier, field):
                problem = f"this transition writes `{earlier}` already"
                yield Resting(f"{path}.{place}", problem, "Keep one of the two.")


def _called_stay(line: Line, prefix: str) -> Iterator[Problem]:
    for index, stage in enumerate(line.stages):
        if stage.id == STAY:
            problem = f"`{STAY}` is the target of transitions that leave the stage as it is"
            yield Problem(f"{prefix}stages[{index}].id", problem, "Rename the stage.")


def _hidden(line: Line, prefix: str) -> Iterator[Problem]:
    """Yield which transitions can never be taken: an earlier one stands in the same place."""
    # By their text, so that thousands of transitions are gone through once.
    places: defaultdict[str, set[str]] = defaultdict(set)
    for index, transition in enumerate(line.transitions):
        stages = set(line.stages_named(transition.source))
        earlier = places[transition.model_dump_json(exclude={"id", "source"})]
        if stages & earlier:
            shared = ", ".join(sorted(stages & earlier))
            yield Resting(
                f"{prefix}transitions[{index}]",
                f"`{transition.trigger}` from {shared} is written before, word for word",
                "Remove one of the two, or give them different gates.",
                on=("transitions", *_KINDS),
            )
        earlier |= stages
