"""Where a process holds texts for people, and the id by which each can be translated.

Rules:

1. An id is a kind and a name: ``stage:won``, ``trigger:accept``, ``gate:ready``,
   ``criterion:icp``, ``input:owner``, ``role:seller``, ``effect:tell``, ``clock:answer``,
   ``step:half``, ``edit:owner``, ``view:partner``, ``lock:price``, ``approval:discount``,
   ``method:meddpicc``, ``element:champion``, ``claim:customer``, ``parameter:answer_days``,
   ``fact:credit``, ``track:poc``; ``process`` is the whole. What stands in a track has the
   track's name in front: ``stage:poc.running``.
2. The id alone is the label. ``.help`` and ``.remedy`` after it are the other texts.
3. Where a line says different things under one name, what holds it stands before the name:
   ``criterion:ready.icp`` for a gate, ``input:lose.closed_reason`` for a trigger,
   ``step:answer.half`` for a clock.

This module does not know what a language is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeVar

from cosell._base import Model
from cosell.definition.approval import ApprovalRow
from cosell.definition.approving import ChainName, chained, row_criteria
from cosell.definition.asked import asked_by
from cosell.definition.known import Resting
from cosell.definition.line import Line
from cosell.definition.process import Process, Translations
from cosell.errors import Problem, did_you_mean

__all__ = ["Spot", "Wording", "key_of", "problems_in_translations", "reworded", "wording_of"]

_M = TypeVar("_M", bound=Model)


@dataclass(frozen=True, slots=True)
class Spot:
    """One thing of a definition that texts are about.

    Attributes:
        kind: What it is: ``stage``, ``criterion``.
        name: How its definition calls it.
        track: The track it stands in; ``None`` is the main line.
        within: The gate, trigger or clock that holds it.
    """

    kind: str
    name: str = ""
    track: str | None = None
    within: str | None = None

    def id(self, *, full: bool) -> str:
        """Return its id, with what holds it where ``full``."""
        track = f"{self.track}." if self.track else ""
        inner = f"{self.within}." if full and self.within else ""
        return f"{self.kind}:{track}{inner}{self.name}" if self.name else self.kind


#: Given a spot, which of its texts it is, and the text, returns what is to stand there.
Say: TypeAlias = Callable[[Spot, str, str | None], str | None]


@dataclass(frozen=True, slots=True)
class Wording:
    """Every text of a process.

    Attributes:
        texts: What the definition itself says under each key; ``None`` where it says nothing.
        ids: The id of each spot.
    """

    texts: Mapping[str, str | None]
    ids: Mapping[Spot, str]


def wording_of(process: Process) -> Wording:
    """Return every text of ``process`` by the key under which it can be translated."""
    said: defaultdict[Spot, dict[str, str | None]] = defaultdict(dict)

    def note(spot: Spot, text_kind: str, text: str | None) -> str | None:
        said[spot][text_kind] = said[spot].get(text_kind) or text
        return text

    reworded(process, note)
    ids = _ids(said)
    texts: dict[str, str | None] = {}
    for spot, found in said.items():
        for text_kind, text in found.items():
            key = key_of(ids[spot], text_kind)
            texts[key] = texts.get(key) or text
    return Wording(texts, ids)


def key_of(thing: str, text_kind: str) -> str:
    """Return the key of one text of what is called ``thing``."""
    return thing if text_kind == "label" else f"{thing}.{text_kind}"


def _ids(said: Mapping[Spot, Mapping[str, str | None]]) -> dict[Spot, str]:
    """Return the id of each spot: the short one, where it says one thing only (rule 3)."""
    things: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for spot, found in said.items():
        written = {(text_kind, text) for text_kind, text in found.items() if text is not None}
        things[spot.id(full=False)] |= written
    plain = {
        thing for thing, texts in things.items() if len(dict(texts)) == len(texts)
    }  # each of its texts has one wording
    return {spot: spot.id(full=spot.id(full=False) not in plain) for spot in said}


def problems_in_translations(process: Process, tables: Translations) -> Iterator[Problem]:
    """Yield every key of ``tables`` under which ``process`` has no text."""
    known = wording_of(process).texts if tables else {}
    for language, table in tables.items():
        for key in table:
            if key not in known:
                path = f"translations.{language}.{key}"
                problem, remedy = f"there is no text `{key}`", did_you_mean(key, known)
                yield Resting(path, problem, remedy, on=("*",))


def _row_name(row: ApprovalRow, chain: Spot) -> str:
    """Return the name of the criterion that a row of an approval chain comes to."""
    return ChainName(chain.name, chain.track).criterion_of(row)


#: What is told of by the field that holds it: its kind, and what names it: one of its own fields,
#: or a function. Where nothing does, the things stand in a table by name.
_KINDS: Final[Mapping[str, tuple[str, str | Callable[[Any, Spot], str] | None]]] = MappingProxyType(
    {
        "stages": ("stage", "id"),
        "gates": ("gate", None),
        "criteria": ("criterion", "id"),
        "approvals": ("approval", None),
        "rows": ("criterion", _row_name),
        "transitions": ("trigger", "trigger"),
        "inputs": ("input", "path"),
        "clocks": ("clock", "id"),
        "steps": ("step", "id"),
        "locks": ("lock", "id"),
        "edits": ("edit", "id"),
        "views": ("view", "id"),
        "claims": ("claim", None),
        "methods": ("method", None),
        "elements": ("element", "id"),
        "tracks": ("track", None),
    }
)
_TEXTS: Final = ("label", "help", "remedy")
_TRACK: Final = "track"


def reworded(process: Process, say: Say) -> Process:
    """Return ``process`` with each of its texts as ``say`` has it; everything else stays."""
    for kind, names in (("parameter", process.parameters), ("fact", process.facts)):
        for name in names:
            say(Spot(kind, name), "label", None)
    _say_scored(process, say)
    told = _told(_with_elements(process), Spot("process"), say)
    named = {"roles": _named("role", process.roles, say)}
    named["effects"] = _named("effect", process.effects, say)
    return told.model_copy(update=named)


def _named(kind: str, labels: Mapping[str, str], say: Say) -> dict[str, str | None]:
    return {name: say(Spot(kind, name), "label", label) for name, label in labels.items()}


def _with_elements(process: Process) -> Process:
    """Return ``process`` with the elements of methods that ship written out."""
    methods = {
        name: method.model_copy(update={"elements": method.asked})
        for name, method in process.methods.items()
    }
    return process.model_copy(update={"methods": methods})


def _told(thing: _M, spot: Spot, say: Say) -> _M:
    """Return something and all that it holds in other words."""
    fields = type(thing).model_fields
    update: dict[str, Any] = {
        text: say(spot, text, getattr(thing, text)) for text in _TEXTS if text in fields
    }
    for field, (kind, named) in _KINDS.items():
        if field in fields:
            update[field] = _all_told(getattr(thing, field), kind, named, spot, say)
    if isinstance(thing, Line):
        _say_made(thing, spot.name or None, say)
    return thing.model_copy(update=update)


def _all_told(
    held: Any, kind: str, named: str | Callable[[Any, Spot], str] | None, around: Spot, say: Say
) -> Any:
    """Return a list or table of things in other words; what is no thing stays as it is."""
    track = around.name if around.kind == _TRACK else around.track
    within = None if around.kind in _WIDE else around.name

    def told(name: str | None, thing: Any) -> Any:
        if name is None or not isinstance(thing, Model):
            return thing
        return _told(thing, Spot(kind, name, track, within), say)

    if isinstance(held, Mapping):
        return {name: told(name, thing) for name, thing in held.items()}
    if callable(named):
        return tuple(told(named(thing, around), thing) for thing in held)
    return tuple(told(getattr(thing, named or "", None), thing) for thing in held)


#: Within these a thing's own name is enough.
_WIDE: Final = ("process", _TRACK, "approval")


def _say_made(line: Line, track: str | None, say: Say) -> None:
    """Say the texts of what chains come to: people read them, and they stand nowhere."""
    if not line.approvals:
        return
    covered = {path for chain in line.approvals.values() for path in chain.covers}
    made = chained(line, track, covered)
    for transition in made.transitions[len(line.transitions) :]:
        _told(transition, Spot("trigger", transition.trigger, track), say)
    for name, gate in made.gates.items():
        if name not in line.gates:
            _told(gate, Spot("gate", name, track), say)
        for key in line.approvals.keys() & gate.approvals:
            for criterion in row_criteria(ChainName(key, track), line.approvals[key]):
                _told(criterion, Spot("criterion", criterion.id, track, name), say)


def _say_scored(process: Process, say: Say) -> None:
    """Say the texts of the criteria that methods stand for: they are written nowhere."""
    for track, line in process.lines.items():
        for name, gate in line.gates.items():
            for path, criterion in asked_by(process, track, gate):
                if path.startswith("methods["):
                    _told(criterion, Spot("criterion", criterion.id, track, name), say)
