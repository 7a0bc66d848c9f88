"""A process that is bound to a model and calendars: checked, compiled, ready to decide.

``bind`` makes one (see ``cosell.engine.binding``). A bound process is not changed after that, and
any number of threads may share it.

This module does not know how a decision is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from cosell.clocks import CompiledClock
from cosell.definition.line import STAY, Input, Line, Lock, StageKind, Transition
from cosell.definition.process import Process
from cosell.engine.append import Append
from cosell.engine.held import held_paths
from cosell.engine.paths import read_path
from cosell.errors import CosellError, UnknownNameError
from cosell.events import Actor, Event, ProcessRef, TrailEntry
from cosell.findings import Check, Finding, Verdict
from cosell.models.record import UNOPENED, Record
from cosell.money import Rates
from cosell.rules import CompiledGate

if TYPE_CHECKING:
    from transitions import Machine

    from cosell.engine.access import BoundEdit, Switch
    from cosell.engine.decision import Decision

__all__ = [
    "BLANK_ENTRY",
    "BLANK_EVENT",
    "Bound",
    "BoundLine",
    "Move",
    "WrongProcessError",
    "own_paths",
]

_WHOLE: Final = "record."
_MET: Final = Verdict.MET
_UNMET: Final = Verdict.UNMET
_OWN_FIELDS: Final = ("id", "version", "process", "stage", "trail", "claims")

#: What an event, and its line in the trail, say of everything that does not concern them.
BLANK_EVENT, BLANK_ENTRY = (
    {
        name: field.get_default(call_default_factory=True)
        for name, field in model.model_fields.items()
    }
    for model in (Event, TrailEntry)
)


def own_paths(parts: Iterable[str]) -> tuple[str, ...]:
    """Return the fields that only cosell writes: of the record, and the stage of each part."""
    return (*_OWN_FIELDS, *(f"{part}.stage" for part in parts if part))


class WrongProcessError(CosellError):
    """A record was given that does not belong to the bound process.

    Attributes:
        record_id: The record that was given.
        found: What it is or follows.
        expected: What the bound process needs.
    """

    code = "process.wrong"

    def __init__(self, record_id: str, found: str, expected: str, remedy: str) -> None:
        self.record_id = record_id
        self.found = found
        self.expected = expected
        super().__init__(
            problem=f"record `{record_id}` is {found}, and this process is for {expected}",
            remedy=remedy,
        )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Move:
    """One permitted move from one stage, compiled.

    Attributes:
        line: The line it belongs to.
        transition: Its definition.
        asked: Its trigger, the stage it leaves and the stage it leads to.
        roles: Who may ask.
        gates: Compiled gates in front of it.
        reads_writes: Whether a gate reads what the move itself writes.
        bare: Whether it writes nothing but the stage, unless it is given data.
        plain: Whether role and gates are all there is to check.
        role_check: The check of its roles.
        input_checks: A check for each required input.
        clock_checks: A check for each clock of ``within``.
        claim_checks: A check for each claim that is made of fields.
        said: What its event says whoever takes it, whenever.
        trailed: What the line in the trail says of that.
        switches: Fields of the process that are set once.
        inputs: Paths that the caller may give, as the definition writes them.
        appends: Lists that an item is added to.
        clears: Fields that it empties, from the record, each with what it holds then.
    """

    line: BoundLine
    transition: Transition
    asked: tuple[str, str, str]
    roles: frozenset[str]
    gates: tuple[CompiledGate, ...]
    reads_writes: bool
    bare: bool
    plain: bool
    role_check: Check
    input_checks: tuple[tuple[Input, Check], ...]
    clock_checks: tuple[tuple[CompiledClock, Check], ...]
    claim_checks: tuple[tuple[str, Check], ...]
    said: dict[str, Any]
    trailed: dict[str, Any]
    inputs: frozenset[str] = frozenset()
    appends: tuple[Append, ...] = ()
    clears: tuple[tuple[str, Any], ...] = ()
    switches: tuple[Switch, ...] = ()

    def __repr__(self) -> str:
        """Return trigger, source and target."""
        return f"<Move {self.trigger} from {self.source} to {self.target}>"

    @property
    def name(self) -> str:
        """The trigger without the name of a track."""
        return self.transition.trigger

    @property
    def trigger(self) -> str:
        """What is asked for; in a track with its name, ``poc.approve``."""
        return self.asked[0]

    @property
    def source(self) -> str:
        """The stage it leaves."""
        return self.asked[1]

    @property
    def target(self) -> str:
        """The stage it leads to."""
        return self.asked[2]

    @property
    def stays(self) -> bool:
        """Whether it leaves the stage as it is: nothing is left, and nothing entered."""
        return self.transition.target == STAY

    def findings(
        self, record: Record, actor: Actor, at: datetime, rates: Rates | None
    ) -> tuple[Finding, ...]:
        """Return what is found about role and gates, of a plain move."""
        role = actor.role
        first = Finding(self.role_check, _MET if role in self.roles else _UNMET, (role,))
        if len(self.gates) == 1:  # nearly always
            return (first, *self.gates[0].examine(record, record, actor, None, at, rates))
        found = [first]
        for gate in self.gates:
            found += gate.examine(record, record, actor, None, at, rates)
        return tuple(found)

    def obstacles(
        self, record: Record, actor: Actor, at: datetime, rates: Rates | None
    ) -> tuple[Finding, ...]:
        """Return those of the ``findings`` that stand in the way; the others are not made."""
        role = actor.role
        found: tuple[Finding, ...] = ()
        if role not in self.roles:
            found = (Finding(self.role_check, _UNMET, (role,)),)
        for gate in self.gates:
            found += gate.obstacles(record, record, actor, None, at, rates)
        return found


@dataclass(slots=True, eq=False, repr=False)
class BoundLine:
    """The main line or a track, compiled.

    Attributes:
        name: The track's name; ``None`` is the main line.
        definition: Its definition.
        part: Field path of the part it leads; empty on the main line.
        kinds: Kind of each stage.
        clocks: Its clocks.
        gates: Its gates, by name.
        moves: Moves by trigger (without track) and stage, candidates in order.
        leaving: For each stage, the triggers that a person may ask for, with their moves.
        stage_path: Where the stage of this line stands in the record.
        machine: The graph that the moves were read from.
        locked: Locks by stage.
        ask: ``decide`` for the process that this line belongs to.
    """

    name: str | None
    definition: Line
    part: str
    kinds: Mapping[str, StageKind]
    clocks: tuple[CompiledClock, ...] = ()
    gates: Mapping[str, CompiledGate] = field(default_factory=dict)
    moves: Mapping[tuple[str, str], tuple[Move, ...]] = field(default_factory=dict)
    leaving: Mapping[str, tuple[tuple[str, tuple[Move, ...]], ...]] = field(default_factory=dict)
    locked: Mapping[str, tuple[Lock, ...]] = field(default_factory=dict)
    stage_path: str = field(init=False)
    machine: Machine = field(init=False)
    ask: Callable[..., Decision] = field(init=False)

    def __repr__(self) -> str:
        """Return the name of the line."""
        return f"<BoundLine {self.name or 'main'}>"

    def __post_init__(self) -> None:
        """Spell out what every move asks for."""
        self.stage_path = f"{self.part}.stage" if self.part else "stage"

    def stage_of(self, record: Record) -> str:
        """Return the stage of the record, or of the part that this line leads."""
        return str(self.part_of(record).stage)

    def part_of(self, record: Record) -> Any:
        """Return what bare names mean on this line: the record, or the part."""
        return read_path(record, self.part) if self.part else record

    def full_path(self, path: str) -> str:
        """Return a path of this line as seen from the record."""
        if path.startswith(_WHOLE):
            return path.removeprefix(_WHOLE)
        return f"{self.part}.{path}" if self.part else path

    def is_open(self, record: Record) -> bool:
        """Whether the line has not come to an end."""
        return self.kinds.get(self.stage_of(record), StageKind.OPEN) is StageKind.OPEN

    def trigger_of(self, name: str) -> str:
        """Return a trigger of this line as it is asked for."""
        return f"{self.name}.{name}" if self.name else name


@dataclass(slots=True, eq=False, repr=False)
class Bound:
    """A process, bound. Everything that answers a question takes one.

    Attributes:
        process: The definition.
        model: The model of its records.
        ref: The exact reference that its records carry.
        lines: The main line under ``None``, then each track under its name.
        main: The main line.
        line_of: The line of each trigger.
        calendars: The calendars it was given, by name.
        clocked: Whether any line has a clock.
        quick: Moves by trigger and stage where role and gates are all there is to check.
        switches: Fields that are set once.
        edits: Who may edit what; empty where its locks alone say so.
    """

    process: Process
    model: type[Record]
    ref: ProcessRef
    lines: Mapping[str | None, BoundLine]
    main: BoundLine
    line_of: Mapping[str, BoundLine]
    calendars: Mapping[str, Any]
    clocked: bool
    quick: Mapping[tuple[str, str], Move]
    switches: tuple[Switch, ...] = ()
    edits: tuple[BoundEdit, ...] = ()

    def __repr__(self) -> str:
        """Return id, version and digest of the process."""
        return f"<Bound {_named(self.ref)}>"

    @property
    def own_paths(self) -> tuple[str, ...]:
        """Fields that only cosell writes: of the record, the stage of each part, their status."""
        status = (
            line.full_path(path)
            for line in self.lines.values()
            for path in held_paths(line.definition)
        )
        return (*own_paths(line.part for line in self.lines.values()), *status)

    @property
    def parts(self) -> dict[str, str]:
        """The field path of each track's part, by track, as ``fold`` takes them."""
        return {line.name: line.part for line in self.lines.values() if line.name is not None}

    @property
    def machine(self) -> Machine:
        """The graph of the main line, as a machine of the package ``transitions``."""
        return self.main.machine

    @property
    def triggers(self) -> tuple[str, ...]:
        """Every trigger that can be asked for, sorted; those of tracks with their name."""
        return tuple(sorted(self.line_of))

    def is_running(self, line: BoundLine, record: Record) -> bool:
        """Whether a line may still move: a track ends with the main line unless it says so."""
        return (
            line is self.main
            or getattr(line.definition, "at_end", None) == "continue"
            or self.main.is_open(record)
        )

    def require_own(self, record: Record) -> None:
        """Raise ``WrongProcessError`` unless ``record`` follows this very process."""
        if type(record) is not self.model:
            raise WrongProcessError(
                record_id=str(getattr(record, "id", "?")),
                found=f"of model {type(record).__name__}",
                expected=f"the model {self.model.__name__}",
                remedy="Bind the process with this record's model.",
            )
        if record.stage == UNOPENED:
            raise WrongProcessError(
                record_id=record.id,
                found="not opened yet",
                expected=f"records on {_named(self.ref)}",
                remedy="Open it, or adopt it where it stands.",
            )
        if record.process is not None and record.process != self.ref:
            raise WrongProcessError(
                record_id=record.id,
                found=f"on {_named(record.process)}",
                expected=_named(self.ref),
                remedy="Bind the definition that it entered, or migrate the record.",
            )
        for line in self.lines.values():
            stage = line.stage_of(record)
            if stage not in line.kinds:
                raise UnknownNameError("stage", stage, line.kinds)

    def clock(self, name: str) -> tuple[BoundLine, CompiledClock]:
        """Return the clock called ``name`` (in a track ``poc.ends``) and its line.

        Raises:
            UnknownNameError: There is no such clock.
        """
        known = {
            line.trigger_of(clock.clock.id): (line, clock)
            for line in self.lines.values()
            for clock in line.clocks
        }
        if name not in known:
            raise UnknownNameError("clock", name, known)
        return known[name]


def _named(ref: ProcessRef) -> str:
    digest = f" ({ref.digest[:8]})" if ref.digest else ""
    return f"process `{ref.id}` version {ref.version}{digest}"
