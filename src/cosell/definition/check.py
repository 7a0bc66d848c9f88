"""Check that the parts of a process fit together: every name that is used is defined.

What needs the record's model (paths, types of expressions) is checked by ``bind``; whether the
graph is sound (reachable, able to end) is ``cosell.verify``'s business.

This module does not know how a definition is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cosell.definition.clock import problems_in_clock
from cosell.definition.effect import PlannedEffect
from cosell.definition.line import ANY_OPEN, Line, StageKind, Transition
from cosell.definition.process import CLOCK_ROLE, Process
from cosell.errors import Problem, did_you_mean

__all__ = ["problems_in_process"]


def problems_in_process(process: Process) -> Iterator[Problem]:
    """Yield every name that is used and not defined, or defined twice.

    Args:
        process: A definition whose fields have been validated one by one.

    Yields:
        Problems with their path; file and line are the loader's to add.
    """
    yield from _in_process(process)
    yield from _in_line(process, process, "")
    for name, track in process.tracks.items():
        yield from _in_line(process, track, f"tracks.{name}.")


def _in_process(process: Process) -> Iterator[Problem]:
    if not _is_zone(process.zone):
        yield Problem(
            "zone",
            f"`{process.zone}` is no time zone of this machine's zone database",
            "Write one such as `Europe/Prague`; without a database, install `tzdata`.",
        )
    for name in process.parameters.keys() & process.facts.keys():
        yield Problem(f"facts.{name}", f"`{name}` is a parameter too", "Rename one of them.")
    if CLOCK_ROLE in process.roles:
        yield Problem(
            f"roles.{CLOCK_ROLE}", "every process has the role `clock`", "Remove it here."
        )


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        return False
    return True


def _in_line(process: Process, line: Line, prefix: str) -> Iterator[Problem]:
    stages = [stage.id for stage in line.stages]
    yield from _twice(stages, f"{prefix}stages", "stage")
    yield from _unknown([line.initial], stages, f"{prefix}initial", "stage")
    if all(stage.kind is StageKind.OPEN for stage in line.stages):
        yield Problem(
            f"{prefix}stages", "no stage is an end", "Give one of them `kind`: won, lost or closed."
        )
    for name, gate in line.gates.items():
        ids = [criterion.id for criterion in gate.criteria]
        yield from _twice(ids, f"{prefix}gates.{name}.criteria", "criterion")
    for index, transition in enumerate(line.transitions):
        yield from _in_transition(process, line, transition, f"{prefix}transitions[{index}]")
    yield from _twice([clock.id for clock in line.clocks], f"{prefix}clocks", "clock")
    for index in range(len(line.clocks)):
        yield from _in_clock(process, line, index, f"{prefix}clocks[{index}]")
    for index, lock in enumerate(line.locks):
        path = f"{prefix}locks[{index}]"
        yield from _unknown(lock.stages, [*stages, ANY_OPEN], f"{path}.stages", "stage")
        yield from _unknown(lock.except_roles, process.roles, f"{path}.except_roles", "role")


def _in_transition(
    process: Process, line: Line, transition: Transition, path: str
) -> Iterator[Problem]:
    stages = [stage.id for stage in line.stages]
    clocks = [clock.id for clock in line.clocks]
    roles = [*process.roles, CLOCK_ROLE]
    yield from _unknown(transition.source, [*stages, ANY_OPEN], f"{path}.source", "stage")
    yield from _unknown([transition.target], stages, f"{path}.target", "stage")
    yield from _unknown(transition.roles, roles, f"{path}.roles", "role")
    yield from _unknown(transition.gates, line.gates, f"{path}.gates", "gate")
    yield from _unknown(transition.within, clocks, f"{path}.within", "clock")
    yield from _in_effects(process, transition.effects, f"{path}.effects")
    if transition.override:
        yield from _unknown(
            transition.override.roles, process.roles, f"{path}.override.roles", "role"
        )
    yield from _twice([given.path for given in transition.inputs], f"{path}.inputs", "input")
    for given in transition.inputs:
        if given.path in transition.set:
            yield Problem(
                f"{path}.set.{given.path}",
                f"`{given.path}` is an input and set as well",
                "Keep one of the two.",
            )


def _in_clock(process: Process, line: Line, index: int, path: str) -> Iterator[Problem]:
    clock = line.clocks[index]
    yield from (
        Problem(f"{path}.{found.path}", found.problem, found.remedy, column=found.column)
        for found in problems_in_clock(
            clock,
            stages=[stage.id for stage in line.stages],
            triggers=sorted({transition.trigger for transition in line.transitions}),
            parameters=process.parameters,
            calendars=process.calendars,
            tracks={
                name: [stage.id for stage in track.stages] for name, track in process.tracks.items()
            },
        )
    )
    if clock.owner is not None:
        yield from _unknown([clock.owner], process.roles, f"{path}.owner", "role")
    for step in clock.steps:
        yield from _in_effects(process, step.effects, f"{path}.steps")
    if clock.on_breach is not None:
        yield from _in_effects(process, clock.on_breach.effects, f"{path}.on_breach")


def _in_effects(process: Process, effects: Iterable[PlannedEffect], path: str) -> Iterator[Problem]:
    for effect in effects:
        yield from _unknown([effect.kind], process.effects, path, "effect")
        if effect.to is not None:
            yield from _unknown([effect.to], process.roles, path, "role")


def _unknown(
    names: Iterable[str], known: Collection[str], path: str, kind: str
) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            yield Problem(path, f"there is no {kind} `{name}`", did_you_mean(name, known))


def _twice(names: Iterable[str], path: str, kind: str) -> Iterator[Problem]:
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(path, f"{kind} `{name}` is defined {count} times", "Rename one of them.")
