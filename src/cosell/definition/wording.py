"""Where a process holds texts for people, and the id by which each can be translated.

Rules:

1. An id is a kind and a name: ``stage:won``, ``trigger:accept``, ``gate:ready``,
   ``criterion:icp``, ``input:owner``, ``role:seller``, ``effect:tell``, ``clock:answer``,
   ``step:half``, ``approval:deal``, ``edit:owner``, ``lock:price``, ``parameter:answer_days``,
   ``fact:credit``, ``track:poc``, ``method:bant``, ``element:need``; ``process`` is the whole.
   What stands in a track has the track's name in front: ``stage:poc.running``.
2. The id alone is the label. ``.help`` and ``.remedy`` after it are the other texts.
3. Where a line says different things under one name, what holds it stands before the name:
   ``criterion:ready.icp`` for a gate, ``input:lose.closed_reason`` for a trigger,
   ``step:answer.half`` for a clock, ``element:bant.need`` for a method.
4. Criteria that rows of a gate stand for have keys too, ``criterion:bant_score``, under which
   findings are told; what they say is made of the texts of methods and chains.

This module does not know what a language is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from cosell._base import Model
from cosell.definition.approval import ApprovalChain
from cosell.definition.approving import ChainName, chained, row_criteria
from cosell.definition.asked import asked_by
from cosell.definition.clock import Clock
from cosell.definition.line import Gate, Line, Transition
from cosell.definition.method import Method
from cosell.definition.process import Process, Translations
from cosell.errors import Problem, did_you_mean

__all__ = ["Spot", "Wording", "key_of", "problems_in_translations", "reworded", "wording_of"]

_M = TypeVar("_M", bound=Model)
_L = TypeVar("_L", bound=Line)


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
                yield Problem(path, f"there is no text `{key}`", did_you_mean(key, known))


def reworded(process: Process, say: Say) -> Process:
    """Return ``process`` with each of its texts as ``say`` has it; everything else stays."""
    for kind, names in (("parameter", process.parameters), ("fact", process.facts)):
        for name in names:
            say(Spot(kind, name), "label", None)
    _say_scored(process, say)
    whole = _texts(_line(process, None, say), Spot("process"), say, "label", "help")
    return whole.model_copy(
        update={
            "roles": _named("role", process.roles, say),
            "effects": _named("effect", process.effects, say),
            "methods": {name: _method(name, each, say) for name, each in process.methods.items()},
            "tracks": {
                name: _texts(_line(track, name, say), Spot("track", name), say, "label", "help")
                for name, track in process.tracks.items()
            },
        }
    )


def _say_scored(process: Process, say: Say) -> None:
    """Say the texts of the criteria that methods stand for: they are written nowhere."""
    for track, line in process.lines.items():
        for name, gate in line.gates.items():
            for path, criterion in asked_by(process, track, gate):
                if path.startswith("methods["):
                    spot = Spot("criterion", criterion.id, track, name)
                    _texts(criterion, spot, say, "label", "remedy")


def _method(name: str, method: Method, say: Say) -> Method:
    """Return a method with its texts; elements of a method that ships are written out."""
    elements = tuple(
        _texts(each, Spot("element", each.id, None, name), say, "label", "help", "remedy")
        for each in method.asked
    )
    whole = _texts(method, Spot("method", name), say, "label", "help")
    return whole.model_copy(update={"elements": elements})


def _texts(thing: _M, spot: Spot, say: Say, *kinds: str) -> _M:
    return thing.model_copy(update={kind: say(spot, kind, getattr(thing, kind)) for kind in kinds})


def _named(kind: str, labels: Mapping[str, str], say: Say) -> dict[str, str | None]:
    return {name: say(Spot(kind, name), "label", label) for name, label in labels.items()}


def _line(line: _L, track: str | None, say: Say) -> _L:
    _say_made(line, track, say)
    return line.model_copy(
        update={
            "stages": tuple(
                _texts(stage, Spot("stage", stage.id, track), say, "label", "help")
                for stage in line.stages
            ),
            "gates": {name: _gate(name, gate, track, say) for name, gate in line.gates.items()},
            "approvals": {
                name: _chain(name, chain, track, say) for name, chain in line.approvals.items()
            },
            "transitions": tuple(_transition(each, track, say) for each in line.transitions),
            "clocks": tuple(_clock(clock, track, say) for clock in line.clocks),
            "locks": tuple(
                _texts(each, Spot("lock", each.id, track), say, "remedy") if each.id else each
                for each in line.locks
            ),
            "edits": tuple(
                _texts(each, Spot("edit", each.id, track), say, "label", "remedy")
                for each in line.edits
            ),
        }
    )


def _say_made(line: Line, track: str | None, say: Say) -> None:
    """Say the texts of what chains come to: people read them, and they stand nowhere."""
    if not line.approvals:
        return
    covered = {path for chain in line.approvals.values() for path in chain.covers}
    made = chained(line, track, covered)
    for transition in made.transitions[len(line.transitions) :]:
        _transition(transition, track, say)
    for name, gate in made.gates.items():
        if name not in line.gates:
            _gate(name, gate, track, say)
        for key in line.approvals.keys() & gate.approvals:
            for criterion in row_criteria(ChainName(key, track), line.approvals[key]):
                spot = Spot("criterion", criterion.id, track, name)
                _texts(criterion, spot, say, "label", "help", "remedy")


def _chain(name: str, chain: ApprovalChain, track: str | None, say: Say) -> ApprovalChain:
    called = ChainName(name, track)
    rows = tuple(
        _texts(
            row, Spot("criterion", called.criterion_of(row), track), say, "label", "help", "remedy"
        )
        for row in chain.rows
    )
    whole = _texts(chain, Spot("approval", name, track), say, "label", "help")
    return whole.model_copy(update={"rows": rows})


def _gate(name: str, gate: Gate, track: str | None, say: Say) -> Gate:
    criteria = tuple(
        _texts(each, Spot("criterion", each.id, track, name), say, "label", "help", "remedy")
        for each in gate.criteria
    )
    whole = _texts(gate, Spot("gate", name, track), say, "label", "help")
    return whole.model_copy(update={"criteria": criteria})


def _transition(transition: Transition, track: str | None, say: Say) -> Transition:
    name = transition.trigger
    inputs = tuple(
        _texts(each, Spot("input", each.path, track, name), say, "label", "help")
        for each in transition.inputs
    )
    whole = _texts(transition, Spot("trigger", name, track), say, "label", "help")
    return whole.model_copy(update={"inputs": inputs})


def _clock(clock: Clock, track: str | None, say: Say) -> Clock:
    steps = tuple(
        _texts(step, Spot("step", step.id, track, clock.id), say, "label") for step in clock.steps
    )
    whole = _texts(clock, Spot("clock", clock.id, track), say, "label", "help")
    return whole.model_copy(update={"steps": steps})
