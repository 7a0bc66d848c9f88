"""A process: the complete definition that everything else is derived from.

This module says what a process may contain; ``cosell.definition.load`` reads one from text.

This module does not know how a record moves through it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Literal

from pydantic import AwareDatetime, Field, PrivateAttr

from cosell._base import Id, Name, Text
from cosell.definition.effect import FieldPath
from cosell.definition.line import Line
from cosell.definition.text import NOWHERE, Path, Source
from cosell.errors import Problem
from cosell.events import ProcessRef

__all__ = ["CLOCK_ROLE", "ParameterValue", "Process", "Track"]

#: The role that clocks of a definition act in. Every process has it.
CLOCK_ROLE = "clock"

Scalar = bool | int | Decimal | date | AwareDatetime | Text
ParameterValue = Scalar | tuple[Scalar, ...] | Mapping[Text, Scalar]
FactType = Literal["bool", "int", "decimal", "money", "text", "date", "instant"]


class Track(Line, frozen=True):
    """The line that a part runs through beside the main line.

    In its expressions bare names are the part's, and ``record.`` is the whole. Its triggers are
    asked for as ``poc.approve``. Parameters, facts, roles and effects are the process's.

    Attributes:
        part: The field of the record that it leads; by default the track's own name.
        at_end: What becomes of it when the main line ends.
    """

    part: FieldPath | None = None
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
        tracks: Lines of the record's parts, by name.
        rates_on: The date, as an expression, on which other currencies are converted.
    """

    id: Id
    version: int = Field(ge=1)
    record: Text
    zone: Text = "UTC"
    calendars: tuple[Name, ...] = ()
    roles: Mapping[Name, Text] = Field(min_length=1)
    effects: Mapping[Name, Text] = Field(default_factory=dict)
    parameters: Mapping[Name, ParameterValue] = Field(default_factory=dict)
    facts: Mapping[Name, FactType] = Field(default_factory=dict)
    tracks: Mapping[Name, Track] = Field(default_factory=dict)
    rates_on: Text = "as_of"
    _source: Source = PrivateAttr(default=NOWHERE)

    def placed(self, problem: Problem, path: Path) -> Problem:
        """Return ``problem`` with file and line, where the process was read from text."""
        return self._source.place(problem, path)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the definition's content; comments and layout do not count."""
        content = self.model_dump(mode="json", exclude_defaults=True)
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return sha256(text.encode()).hexdigest()

    @property
    def ref(self) -> ProcessRef:
        """The exact reference that records and events carry."""
        return ProcessRef(id=self.id, version=self.version, digest=self.digest)

    @property
    def lines(self) -> dict[str | None, Line]:
        """The main line under ``None``, then each track under its name."""
        lines: dict[str | None, Line] = {None: self}
        lines.update(self.tracks)
        return lines
