"""A process: the complete definition that everything else is derived from.

This module says what a process may contain; ``cosell.definition.load`` reads one from text.

This module does not know how a record moves through it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Final, Literal, Self

from pydantic import Field, PrivateAttr, StringConstraints

from cosell._base import Id, LongText, Name, Text, told_pattern
from cosell.definition.access import ViewRow
from cosell.definition.claim import SHIPPED_CLAIMS, ClaimKind
from cosell.definition.effect import FieldPath
from cosell.definition.line import Line
from cosell.definition.merge import Merge
from cosell.definition.method import Method
from cosell.definition.text import NOWHERE, Path, Source
from cosell.definition.value import ParameterValue
from cosell.errors import Problem
from cosell.events import ProcessRef

__all__ = [
    "CANONICAL",
    "CLOCK_ROLE",
    "LAST_VERSION",
    "ParameterValue",
    "Process",
    "Track",
    "Translations",
]

#: The role that clocks of a definition act in. Every process has it.
CLOCK_ROLE = "clock"

#: The highest version that a definition can have.
LAST_VERSION: Final = 1_000_000_000

Language = Annotated[
    str,
    StringConstraints(
        max_length=35,
        pattern=told_pattern(
            r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", "be a language, as cs or pt-BR"
        ),
    ),
]
#: Texts by key, by language: ``cs`` has ``stage:won``.
Translations = Annotated[
    Mapping[Language, Annotated[Mapping[Text, LongText], Field(max_length=50_000)]],
    Field(max_length=200),
]

FactType = Literal["bool", "int", "decimal", "money", "text", "date", "instant"]


def _typed(value: object) -> str:
    """Return a decimal, date or moment as no text of a definition can be: with a NUL."""
    return f"\0{type(value).__name__} {value}"


#: Writes a definition's content for its digest: the same text for the same content.
CANONICAL: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_typed
)


class Track(Line, frozen=True):
    """The line that a part, or each item of a list, runs through beside the main line.

    In its expressions bare names are the part's, and ``record.`` is the whole. Its triggers are
    asked for as ``poc.approve``, those of an item as ``paper_items[nda].approve``. Parameters,
    facts, roles and effects are the process's.

    Attributes:
        part: The field of the record that it leads; by default the track's own name.
        key: The field that names each item, where ``part`` is a list: each item runs by itself.
        at_end: What becomes of it when the main line ends.
    """

    part: FieldPath | None = None
    key: Name | None = None
    at_end: Literal["cancel", "continue"] = "cancel"


class Process(Line, frozen=True):
    """A complete definition: stages, gates, transitions, clocks, tracks, roles, parameters.

    Attributes:
        id: What the process is called.
        version: Which edition; records stay on the one they entered.
        record: Name of the model that moves through it, for readers; ``bind`` is given it.
        zone: Time zone in which ``as_of`` is a date.
        calendars: Names of calendars that the host gives to ``bind``.
        roles: Who can ask for something: id and label.
        effects: What the host can be asked to do: id and label.
        parameters: Named values that a host changes without touching code.
        facts: Values from outside the record, given with a call: name and type.
        claims: What is said of all claims with one name.
        tracks: Lines of the record's parts, by name.
        merge: How two records that are found to be one are merged; ``None`` is not at all.
        methods: Qualification methods, by name; gates say how much of one they need.
        rates_on: The date, as an expression, on which other currencies are converted.
        views: What each role sees of a record; without any, everybody sees everything.
        translations: Labels, help and remedies in other languages, by key.
    """

    id: Id
    version: int = Field(ge=1, le=LAST_VERSION, strict=True)
    record: Text
    zone: Text = "UTC"
    calendars: tuple[Name, ...] = Field(default=(), max_length=100)
    roles: Mapping[Name, Text] = Field(min_length=1, max_length=500)
    effects: Mapping[Name, Text] = Field(default_factory=dict, max_length=500)
    parameters: Mapping[Name, ParameterValue] = Field(default_factory=dict, max_length=2_000)
    facts: Mapping[Name, FactType] = Field(default_factory=dict, max_length=500)
    claims: Mapping[Name, ClaimKind] = Field(default_factory=dict, max_length=100)
    tracks: Mapping[Name, Track] = Field(default_factory=dict, max_length=100)
    merge: Merge | None = None
    methods: Mapping[Name, Method] = Field(default_factory=dict, max_length=100)
    rates_on: Text = "as_of"
    views: tuple[ViewRow, ...] = Field(default=(), max_length=500)
    translations: Translations = Field(default_factory=dict)
    _source: Source = PrivateAttr(default=NOWHERE)
    _beside: tuple[Translations, ...] = PrivateAttr(default=())
    _original: str | None = PrivateAttr(default=None)

    def placed(self, problem: Problem, path: Path) -> Problem:
        """Return ``problem`` with file and line, where the process was read from text."""
        return self._source.place(problem, path)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the definition's content; comments, layout and format do not count."""
        if self._original is not None:
            return self._original
        content = self.model_dump(exclude_defaults=True)
        return sha256(CANONICAL.encode(content).encode()).hexdigest()

    @property
    def all_translations(self) -> tuple[Translations, ...]:
        """Its own translations, then those that were put beside it."""
        return (self.translations, *self._beside)

    def beside(self, *translations: Translations) -> Self:
        """Return it with further translations, which are no part of its content."""
        copy = self.model_copy()
        copy._beside = (*self._beside, *translations)  # noqa: SLF001 - a copy of its own
        return copy

    def as_said_by(self, original: Process) -> Self:
        """Return it with the digest of ``original``, which it says in other words."""
        copy = self.model_copy()
        copy._original = original.digest  # noqa: SLF001 - a copy of its own
        return copy

    def __eq__(self, other: object) -> bool:
        """Compare by digest, and so by type and value: to Python ``1`` would be ``True``."""
        return isinstance(other, Process) and self.digest == other.digest

    def __hash__(self) -> int:
        """Hash by digest."""
        return hash(self.digest)

    @property
    def ref(self) -> ProcessRef:
        """The exact reference that records and events carry."""
        return ProcessRef(id=self.id, version=self.version, digest=self.digest)

    @cached_property
    def claim_kinds(self) -> Mapping[str, ClaimKind]:
        """What is said of each claim, with those that every process has."""
        kinds = dict(SHIPPED_CLAIMS)
        for name, kind in self.claims.items():
            shipped = SHIPPED_CLAIMS.get(name)
            kinds[name] = kind.model_copy(update={"keys": shipped.keys}) if shipped else kind
        return kinds

    @property
    def lines(self) -> dict[str | None, Line]:
        """The main line under ``None``, then each track under its name."""
        lines: dict[str | None, Line] = {None: self}
        lines.update(self.tracks)
        return lines
