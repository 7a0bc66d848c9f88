"""Problems with names: one that nobody defined, one that is defined twice.

A problem that is one only because something is absent says where that would stand: while that
place cannot be read, nobody knows whether it is a problem (see ``cosell.definition.hidden``).

This module does not know what the names are names of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from cosell.errors import ExpressionError, Problem, did_you_mean

__all__ = ["NAMES", "Named", "Resting", "absent", "twice", "unknown", "unreadable"]

#: In the place of a key: what the entries of a table are called.
NAMES: Final = "<names>"


@dataclass(frozen=True, slots=True)
class Resting(Problem):
    """A problem that is one only as far as other places say all that they have to say.

    Attributes:
        on: These places, as seen from the line or from the whole; ``*`` is any index or key.
    """

    on: tuple[str, ...] = ()


#: Where things of each kind get their names.
_NAMED_AT: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "approval chain": (f"approvals.{NAMES}",),
        "calendar": ("calendars",),
        "claim": ("transitions.*.claims",),
        "clock": ("clocks.*.id",),
        "effect": (f"effects.{NAMES}",),
        "fact": (f"facts.{NAMES}",),
        "gate": (f"gates.{NAMES}",),
        "method": (f"methods.{NAMES}",),
        "parameter": (f"parameters.{NAMES}",),
        "role": (f"roles.{NAMES}",),
        "stage": ("stages.*.id",),
        "track": (f"tracks.{NAMES}",),
        "other trigger": ("transitions.*.trigger",),
        "trigger": ("transitions.*.trigger", f"approvals.{NAMES}"),
    }
)


class Named(Protocol):
    """A thing of a definition that has an id, or may have one."""

    @property
    def id(self) -> str | None:
        """What it is called."""


def unknown(
    names: Iterable[str], known: Collection[str], path: str, kind: str, *, track: str | None = None
) -> Iterator[Problem]:
    """Yield each of ``names`` that is not ``known``.

    Args:
        names: What is used.
        known: What is defined.
        path: Where it is used.
        kind: What it is the name of.
        track: The track that it would be defined in, if that is another one; ``*`` is any.
    """
    for name in names:
        if name not in known:
            yield absent(kind, name, known, path, track=track)


def absent(
    kind: str, name: str, known: Collection[str], path: str, *, track: str | None = None
) -> Problem:
    """Return that nothing of a kind is called ``name``."""
    at = _NAMED_AT[kind]
    there = () if track is None else tuple(f"tracks.{track}.{each}" for each in at)
    return Resting(
        path, f"there is no {kind} `{name}`", did_you_mean(name, known), on=(*at, *there)
    )


def unreadable(path: str, error: ExpressionError) -> Problem:
    """Return an error in a text as a problem of the definition it stands in."""
    return Resting(path, error.problem, error.remedy, column=error.column, excerpt=error.excerpt)


def twice(things: Iterable[Named], path: str, kind: str) -> Iterator[Problem]:
    """Yield each thing whose id another one had before."""
    seen: set[str | None] = set()
    for index, thing in enumerate(things):
        if thing.id in seen and thing.id is not None:
            problem = f"{kind} `{thing.id}` is defined already"
            yield Resting(f"{path}[{index}].id", problem, "Rename one of them.")
        seen.add(thing.id)
