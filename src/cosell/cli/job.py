"""Put a job together from what the command line says: process, mapping, calendars, fees, rates.

Rules:

1. A process or a fee plan is a name of the catalog, or the path of a TOML or JSON file.
2. The command line goes before the mapping.
3. Everything is checked before the first row is read.

This module does not know how a result is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import cosell.catalog
from cosell.calendars import Calendar, find_zone
from cosell.catalog.shipped import model_named
from cosell.cli.calendars import parse_calendar, parse_calendars
from cosell.cli.deals import DealReader
from cosell.cli.fees import FeeBook
from cosell.cli.mapping import FileMap, parse_mapping
from cosell.cli.moment import parse_at
from cosell.cli.rates import read_rates
from cosell.cli.review import Reviewer
from cosell.cli.row import FileError, Layout, MissingColumnsError, Rows
from cosell.cli.rows import open_rows
from cosell.definition import (
    Process,
    in_language,
    parse_translation,
    translated,
)
from cosell.definition.fee_plan import FeePlan, read_fee_plan
from cosell.definition.load import read_process
from cosell.definition.text import Source, read_text
from cosell.engine import bind
from cosell.engine.model_check import problems_with_model
from cosell.errors import (
    CosellError,
    DefinitionError,
    Problem,
    UnknownNameError,
    did_you_mean,
)
from cosell.fees import bind_plan
from cosell.fees.model_check import problems_of_plan_with_model
from cosell.models import Record

__all__ = [
    "FileZone",
    "Job",
    "Wishes",
    "load_plan",
    "load_process",
    "load_shown",
    "load_worded",
    "model_of",
    "prepare",
    "problems_with_own_model",
    "read_file",
]

_D = TypeVar("_D", Process, FeePlan)
_FILES: Final = (".toml", ".json")
#: What only a fee plan says at its beginning.
#: A mapping is for another file, if more than so many of its columns are missing, and of those that
#: it names less than one in so many is there.
_SEVERAL: Final = 3
_ONE_IN: Final = 10
_SHOWN_COLUMNS: Final = 8
_PLAN_KEYS: Final = frozenset({"activities", "earns", "pays", "eligible"})
_PLAN_WORDS: Final = ("fee plan", "bind_plan")


class HostModelError(CosellError):
    """A definition is about records of a host's own model, which the command line does not know."""

    code = "cli.model"

    def __init__(self, process: Process | FeePlan, known: Sequence[str]) -> None:
        name = process.record
        near = did_you_mean(name, known)
        kind, call = ("process", "bind") if isinstance(process, Process) else _PLAN_WORDS
        at = process.placed(Problem("record", "", ""), ("record",))
        place = "" if at.file is None else f"{at.file}:{at.line}: "
        super().__init__(
            f"{place}{kind} `{process.id}` is about records of `{name}`, and the command line knows"
            f" cosell's models only: {', '.join(known)}",
            f"{near if near.startswith('Did') else 'Is it your own?'} A model of your own is for"
            f" the library: {call}({kind.split()[-1]}, record={name}).",
        )


class FileZone(NamedTuple):
    """In which zone the dates of a file are, and times that name none.

    Attributes:
        zone: The zone.
        given_by: What says so: the mapping, or else the process or fee plan.
    """

    zone: str
    given_by: str

    def __str__(self) -> str:
        """Say it in words."""
        return f"Dates and times without a zone are in {self.zone}, the zone of {self.given_by}."


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line says.

    Attributes:
        file: The file of deals.
        mapping: The mapping.
        process: The process.
        at: The moment of the review; ``None`` is now.
        role: As which role to ask; ``None`` is every one.
        fees: The fee plan.
        calendars: Calendars, as ``vendor=CZ``.
        rates: The file of exchange rates.
        zone: The zone of dates where the mapping names none; ``None`` is the process's.
    """

    file: Path
    mapping: Path
    process: str
    at: str | None = None
    role: str | None = None
    fees: str | None = None
    calendars: Sequence[str] = ()
    rates: Path | None = None
    zone: FileZone | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that a review needs.

    Attributes:
        wishes: What the command line says.
        reviewer: What reviews deals.
        reader: What makes deals of rows.
        mapping: The mapping.
        zone: The zone of dates.
        source: Where each part of it stands.
    """

    wishes: Wishes
    reviewer: Reviewer
    reader: DealReader
    mapping: FileMap
    zone: FileZone
    source: Source = field(repr=False)

    @contextmanager
    def open(self) -> Iterator[Rows]:
        """Open the file of deals.

        Raises:
            DefinitionError: The mapping names columns that the file does not have.
            FileError: The file cannot be read.
        """
        mapping = self.mapping
        layout = Layout(
            mapping.encoding,
            mapping.delimiter,
            mapping.records,
            tuple(name for name, _ in mapping.reads),
            mapping.sheet,
        )
        try:
            with open_rows(self.wishes.file, layout) as rows:
                yield rows
        except MissingColumnsError as error:
            raise DefinitionError(
                f"`{self.wishes.mapping}`", _missing_columns(self, error)
            ) from None


def _missing_columns(job: Job, error: MissingColumnsError) -> list[Problem]:
    """Return a problem for each place of the mapping that names a column which is not there."""
    wanted = {name for name, _ in job.mapping.reads}
    problems = []
    there = len(wanted) - len(error.missing)
    if len(error.missing) > _SEVERAL and there * _ONE_IN < len(wanted):
        return [_another_file(job, error, there, len(wanted))]
    for name, path in job.mapping.reads:
        if name in error.missing:
            said = f"`{job.wishes.file}` has no column `{name}`"
            problem = Problem(".".join(map(str, path)), said, did_you_mean(name, error.found))
            problems.append(job.source.place(problem, path))
    return problems


def _another_file(job: Job, error: MissingColumnsError, there: int, wanted: int) -> Problem:
    """Return that the mapping seems to be one for another file, instead of each column."""
    said = (
        f"`{job.wishes.file}` has {there or 'none'} of the {wanted} columns that the mapping names"
    )
    shown = ", ".join(f"`{name}`" for name in error.found[:_SHOWN_COLUMNS])
    more = len(error.found) - _SHOWN_COLUMNS
    tail = f" and {more} more" if more > 0 else ""
    remedy = f"Is it the mapping of another file? This one has the columns {shown}{tail}."
    return Problem("", said, remedy, file=job.source.file)


def prepare(wishes: Wishes, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Job:
    """Return a job that is ready to run.

    Args:
        wishes: What the command line says.
        now: What tells the present, for a review without a moment.

    Raises:
        CosellError: Something is wrong with the process, the mapping or another wish.
    """
    process = load_process(wishes.process)
    zone = find_zone(process.zone)
    at = now().astimezone(zone) if wishes.at is None else parse_at(wishes.at, zone)
    mapping, source = parse_mapping(read_file(wishes.mapping), file=str(wishes.mapping))
    calendars, assumed = parse_calendars(
        wishes.calendars, _written(mapping, source, process), process.calendars, process.zone
    )
    if wishes.role is not None and wishes.role not in process.roles:
        raise UnknownNameError("role", wishes.role, process.roles)
    # Whoever has the file has all that is in it: no view hides anything from a review.
    bound = bind(process, record=model_of(process), calendars=calendars).without_views()
    read_in = wishes.zone or FileZone(process.zone, f"process {process.id}")
    if mapping.zone is not None:
        read_in = FileZone(mapping.zone, "the mapping")
    mapping = mapping.model_copy(update={"zone": read_in.zone})
    reader = DealReader(mapping, source, bound, file=str(wishes.file), at=at)
    plan = wishes.fees or mapping.fees
    reviewer = Reviewer(
        bound,
        at=at,
        role=wishes.role,
        rates=None if wishes.rates is None else read_rates(wishes.rates),
        fees=None if plan is None else FeeBook(bind_plan(load_plan(plan), bound.model)),
        assumed=assumed,
    )
    return Job(wishes, reviewer, reader, mapping, read_in, source)


def _written(mapping: FileMap, source: Source, process: Process) -> dict[str, Calendar]:
    """Return the calendars of a mapping; names that the process does not list are told later.

    Raises:
        DefinitionError: Some cannot be read; all of them are named, with file and line.
    """
    made, problems = {}, []
    for name, text in mapping.calendars.items():
        if name in process.calendars:
            try:
                made[name] = parse_calendar(text, own=mapping.zone)
            except CosellError as error:
                problem = Problem(f"calendars.{name}", error.problem, error.remedy)
                problems.append(source.place(problem, ("calendars", name)))
    if problems:
        raise DefinitionError(f"`{source.file}`", problems)
    return made


def model_of(process: Process | FeePlan) -> type[Record]:
    """Return the model that a process or a fee plan is about.

    Raises:
        HostModelError: It is none of cosell's.
    """
    try:
        return model_named(process.record)
    except UnknownNameError as error:
        raise HostModelError(process, error.known) from None


def load_process(name: str) -> Process:
    """Return a process of the catalog, or of a file.

    Raises:
        DefinitionError: The file does not hold a process, or it does not fit the model it names.
        FileError: The file cannot be read.
        UnknownNameError: The catalog has no such process.
    """
    own = partial(read_process, bases=cosell.catalog.BASES, further=problems_with_own_model)
    return _loaded(name, own, lambda: cosell.catalog.load(name).process)


def problems_with_own_model(definition: Process | FeePlan) -> Iterator[Problem]:
    """Yield what does not fit the model that a definition names, if it is one of cosell's."""
    try:
        record = model_named(definition.record)
    except UnknownNameError:
        return
    if isinstance(definition, Process):
        yield from problems_with_model(definition, record)
    else:
        yield from problems_of_plan_with_model(definition, record)


def load_worded(name: str, language: str | None, translations: Iterable[Path]) -> Process:
    """Return a process in a language, with the translations that lie beside it.

    Raises:
        DefinitionError: A file does not hold what it should, or for another process.
        FileError: A file cannot be read.
        UnknownNameError: The catalog has no such process.
    """
    found = [
        parse_translation(
            read_file(path),
            file=str(path),
            format="json" if path.suffix == ".json" else "toml",
        )
        for path in translations
    ]
    process = translated(load_process(name), *found)
    return process if language is None else in_language(process, language)


def load_plan(name: str) -> FeePlan:
    """Return a fee plan of the catalog, or of a file.

    Raises:
        DefinitionError: The file does not hold a fee plan, or it does not fit the model it names.
        FileError: The file cannot be read.
        UnknownNameError: The catalog has no such plan.
    """
    own = partial(read_fee_plan, further=problems_with_own_model)
    return _loaded(name, own, lambda: cosell.catalog.load_fee_plan(name))


def load_shown(name: str, language: str | None, translations: Sequence[Path]) -> Process | FeePlan:
    """Return a process or a fee plan, whichever a name of the catalog or a file holds.

    Raises:
        DefinitionError: A file does not hold what it should.
        FileError: A file cannot be read.
        UnknownNameError: The catalog has neither.
    """
    path = Path(name)
    if path.suffix in _FILES:
        source = read_text(
            read_file(path), file=name, format="json" if path.suffix == ".json" else "toml"
        )
        is_plan = not _PLAN_KEYS.isdisjoint(source.content) and "stages" not in source.content
    else:
        processes, plans = cosell.catalog.names(), cosell.catalog.fee_plan_names()
        known = {each.partition("@")[0] for each in (*processes, *plans)}
        if name.partition("@")[0] not in known:
            raise UnknownNameError("process or fee plan", name, [*processes, *plans])
        is_plan = name.partition("@")[0] in {each.partition("@")[0] for each in plans}
    return load_plan(name) if is_plan else load_worded(name, language, translations)


def _loaded(name: str, parse: Callable[..., _D], shipped: Callable[[], _D]) -> _D:
    path = Path(name)
    if path.suffix not in _FILES:
        return shipped()
    return parse(read_file(path), file=name, format=path.suffix.removeprefix("."))


def read_file(path: Path) -> str:
    """Return the text of a file of definitions.

    Raises:
        FileError: It cannot be opened, or is not written in UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FileError(
            f"`{path}` cannot be opened: {error.strerror}", "Check its name and your rights."
        ) from None
    except UnicodeDecodeError:
        raise FileError(f"`{path}` is not written in UTF-8", "Save it as UTF-8.") from None
