"""A process that is bound to a model and calendars: checked, compiled, ready to decide.

``bind`` makes one (see ``cosell.engine.binding``). A bound process is not changed after that, and
any number of threads may share it.

This module does not know how a decision is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from cosell.clocks import CompiledClock
from cosell.definition.line import Line, Lock, StageKind
from cosell.definition.process import Process
from cosell.engine.chains import BoundChain, answer_paths
from cosell.engine.claims import Claims
from cosell.engine.held import held_paths
from cosell.engine.items import ItemList, problems_in_items, split_name
from cosell.engine.move import BLANK_ENTRY, BLANK_EVENT, Move
from cosell.engine.own import own_paths
from cosell.engine.paths import Keys, read_path
from cosell.errors import CosellError, InvalidDataError, UnknownNameError
from cosell.events import ProcessRef
from cosell.models.record import UNOPENED, Record
from cosell.rules import CompiledGate

if TYPE_CHECKING:
    from transitions import Machine

    from cosell.engine.access import BoundEdit, Switch
    from cosell.engine.decision import Decision
    from cosell.engine.insiders import BoundView

__all__ = [
    "BLANK_ENTRY",
    "BLANK_EVENT",
    "Bound",
    "BoundLine",
    "Move",
    "WrongProcessError",
    "triggers_on",
]

_WHOLE: Final = "record."


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


@dataclass(slots=True, eq=False, repr=False)
class BoundLine:
    """The main line or a track, compiled.

    Attributes:
        name: What events call it: the track's name, of an item ``paper_items[nda]``; ``None`` is
            the main line.
        definition: Its definition.
        part: Field path of the part it leads; empty on the main line.
        kinds: Kind of each stage.
        clocks: Its clocks.
        gates: Its gates, by name.
        chains: Its approval chains, by name.
        moves: Moves by trigger (without track) and stage, candidates in order.
        leaving: For each stage, the triggers that a person may ask for, with their moves.
        stage_path: Where the stage of this line stands in the record.
        keys: Which field names the items of each list that a track leads, for paths.
        lists: Those lists.
        items: The list whose items its track leads; ``None`` is any other line.
        item: The item that it is of. A line with ``items`` and without it stands for all of them:
            no record is on it, but on what ``of_item`` gives.
        locked: Locks by stage.
        claims: What the process says of claims.
        ask: ``decide`` for the process that this line belongs to.
        of_item: Gives the line of an item, by its name.
        graph: Gives its machine; that of an item is built when it is first asked for.
    """

    name: str | None
    definition: Line
    part: str
    kinds: Mapping[str, StageKind]
    clocks: tuple[CompiledClock, ...] = ()
    gates: Mapping[str, CompiledGate] = field(default_factory=dict)
    chains: Mapping[str, BoundChain] = field(default_factory=dict)
    moves: Mapping[tuple[str, str], tuple[Move, ...]] = field(default_factory=dict)
    leaving: Mapping[str, tuple[tuple[str, tuple[Move, ...]], ...]] = field(default_factory=dict)
    locked: Mapping[str, tuple[Lock, ...]] = field(default_factory=dict)
    keys: Keys = field(default_factory=dict)
    lists: tuple[ItemList, ...] = ()
    items: ItemList | None = None
    item: str | None = None
    claims: Claims = field(default_factory=Claims)
    stage_path: str = field(init=False)
    graph: Callable[[], Machine] = field(init=False)
    ask: Callable[..., Decision] = field(init=False)
    of_item: Callable[[str], BoundLine] = field(init=False)

    def __repr__(self) -> str:
        """Return the name of the line."""
        return f"<BoundLine {self.name or 'main'}>"

    def __post_init__(self) -> None:
        """Spell out what every move asks for."""
        self.stage_path = f"{self.part}.stage" if self.part else "stage"

    @property
    def machine(self) -> Machine:
        """The graph of the line, as a machine of the package ``transitions``."""
        return self.graph()

    def stage_of(self, record: Record) -> str:
        """Return the stage of the record, or of the part that this line leads."""
        return str(self.part_of(record).stage)

    def part_of(self, record: Record) -> Any:
        """Return what bare names mean on this line: the record, or the part."""
        return read_path(record, self.part, self.keys) if self.part else record

    def read(self, record: Record, path: str) -> Any:
        """Return the value at a path of this line; ``None`` when it is missing."""
        if path.startswith(_WHOLE):
            return read_path(record, path.removeprefix(_WHOLE))
        return read_path(self.part_of(record), path)

    def full_path(self, path: str) -> str:
        """Return a path of this line as seen from the record."""
        if path.startswith(_WHOLE):
            return path.removeprefix(_WHOLE)
        return f"{self.part}.{path}" if self.part else path

    def is_open(self, record: Record) -> bool:
        """Whether the line has not come to an end."""
        return self.kinds.get(self.stage_of(record), StageKind.OPEN) is StageKind.OPEN

    def lines_in(self, record: Record) -> Iterable[BoundLine]:
        """Return the line of each item of a record, of the track of a list; of others itself."""
        if self.items is None or self.item is not None:
            return (self,)
        return map(self.of_item, self.items.items_in(record))

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
        lines: The main line under ``None``, then each track under its name; the track of a list
            once for all items.
        main: The main line.
        line_of: The line of each trigger; those of items are not among them.
        calendars: The calendars it was given, by name.
        clocked: Whether any line has a clock.
        automatic: Whether any transition follows by itself.
        quick: Moves by trigger and stage where role and gates are all there is to check.
        switches: Fields that are set once.
        edits: Who may edit what; empty where its locks alone say so.
        lists: The lists whose items are led by tracks.
        keys: Which field names the items of each of them, by the list's path.
        views: What each role sees; empty where everybody sees everything.
        taken: Keys that are known to be held, each by which record, so that clocks leave them.
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
    lists: tuple[ItemList, ...] = ()
    keys: Keys = field(default_factory=dict)
    views: tuple[BoundView, ...] = ()
    taken: Mapping[str, str | None] = field(default_factory=dict)
    automatic: bool = field(init=False)

    def __post_init__(self) -> None:
        """Note once what every command asks."""
        lines = self.process.lines.values()
        self.automatic = any(each.automatic for line in lines for each in line.transitions)

    def __repr__(self) -> str:
        """Return id, version and digest of the process."""
        return f"<Bound {_named(self.ref)}>"

    def without_views(self) -> Bound:
        """Return the same process for a host's own tools, from which nothing is hidden."""
        return replace(self, views=()) if self.views else self

    def knowing(self, taken: Mapping[str, str | None]) -> Bound:
        """Return the same process for one command, with keys that others hold."""
        return replace(self, taken={**self.taken, **taken}) if taken else self

    @property
    def own_paths(self) -> tuple[str, ...]:
        """Fields that only cosell writes: of the record, the stage of each part, their status."""
        status = (
            line.full_path(path)
            for line in self.lines.values()
            for path in held_paths(line.definition)
        )
        parts = (line.part for line in self.lines.values())
        return (*own_paths(parts), *answer_paths(self.process), *status)

    @property
    def parts(self) -> dict[str, str]:
        """The field path of each track's part, by track, as ``fold`` takes them.

        A list has the field that names its items in brackets: ``paper_items[kind]``.
        """
        return {name: line.part for name, line in self.lines.items() if name is not None}

    @property
    def machine(self) -> Machine:
        """The graph of the main line, as a machine of the package ``transitions``."""
        return self.main.machine

    @property
    def triggers(self) -> tuple[str, ...]:
        """Every trigger that can be asked for, sorted; those of tracks with their name.

        Those of the items of a list have the field that names them in brackets, as
        ``paper_items[kind].approve``; ``triggers_of`` has them for the items of a record.
        """
        return triggers_on(self.lines.values())

    def triggers_of(self, record: Record) -> tuple[str, ...]:
        """Return every trigger that can be asked for of a record, sorted."""
        return triggers_on(self.lines_of(record))

    def lines_of(self, record: Record) -> Iterable[BoundLine]:
        """Return the lines of a record: the main one, its tracks, and one for each item."""
        if not self.lists:
            return self.lines.values()
        return chain.from_iterable(line.lines_in(record) for line in self.lines.values())

    def line_named(self, track: str | None, record: Record | None = None) -> BoundLine | None:
        """Return a line by what events call it: ``None``, ``poc`` or ``paper_items[nda]``.

        Args:
            track: The name.
            record: Whose line it is; without it, an item may have any name.
        """
        name, item = (None, None) if track is None else split_name(track)
        line = self.lines.get(name)
        if line is None or (line.items is None) != (item is None):
            return None
        if line.items is None or item is None:
            return line
        there = record is None or item in line.items.items_in(record)
        return line.of_item(item) if there else None

    def line_asked(self, trigger: str, record: Record) -> BoundLine | None:
        """Return the line of a record that has a trigger, if one does."""
        line = self.line_of.get(trigger)
        if line is not None or not self.lists:
            return line
        track, _, name = trigger.rpartition(".")
        line = self.line_named(track, record)
        known = () if line is None else line.moves
        return line if any(name == each for each, _ in known) else None

    def is_running(self, line: BoundLine, record: Record) -> bool:
        """Whether a line may still move: a track ends with the main line unless it says so.

        A record that was merged into another one moves no more.
        """
        return record.merged_into is None and (
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
        process = record.process
        # Comparing two references that are the same one takes a while.
        if process is not None and process is not self.ref and process != self.ref:
            raise WrongProcessError(
                record_id=record.id,
                found=f"on {_named(process)}",
                expected=_named(self.ref),
                remedy="Bind the definition that it entered, or migrate the record.",
            )
        unnamed = list(problems_in_items(self.lists, record)) if self.lists else ()
        if unnamed:
            raise InvalidDataError(f"record `{record.id}`", unnamed)
        for line in self.lines_of(record):
            stage = line.stage_of(record)
            if stage not in line.kinds:
                raise UnknownNameError("stage", stage, line.kinds)

    def clock(self, name: str, record: Record | None = None) -> tuple[BoundLine, CompiledClock]:
        """Return a clock and its line.

        Args:
            name: What it is called: ``answer``, in a track ``poc.ends``, of an item
                ``paper_items[nda].signing``.
            record: Whose clock it is; without it, an item may have any name.

        Raises:
            UnknownNameError: There is no such clock.
        """
        line = self.line_named(name.rpartition(".")[0] or None, record)
        for each in filter(None, [line]):
            for clock in each.clocks:
                if each.trigger_of(clock.id) == name:
                    return each, clock
        lines = self.lines.values() if record is None else self.lines_of(record)
        known = [each.trigger_of(clock.id) for each in lines for clock in each.clocks]
        raise UnknownNameError("clock", name, known)


def triggers_on(lines: Iterable[BoundLine]) -> tuple[str, ...]:
    """Return every trigger of some lines as it is asked for, sorted."""
    return tuple(sorted({line.trigger_of(name) for line in lines for name, _ in line.moves}))


def _named(ref: ProcessRef) -> str:
    digest = f" ({ref.digest[:8]})" if ref.digest else ""
    return f"process `{ref.id}` version {ref.version}{digest}"
