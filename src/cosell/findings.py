"""What checking found: findings, and the decision they add up to.

Rules that hold for every decision:

1. Unknown is never yes: only ``MET`` and ``NOT_APPLICABLE`` let a required check pass.
2. Every check runs even after one has failed; a decision lists all that is missing.
3. A finding of an *advised* check that is not met is advice and stops nothing.

Findings are light: what is the same for every record stands in the ``Check``, which is made
once when a process is bound. A finding adds the verdict and the values that were read.

This module does not know what a process, a record or an expression is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from types import NoneType
from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

__all__ = ["Check", "CheckKind", "Finding", "Severity", "Verdict"]


class Verdict(StrEnum):
    """What one check found."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """Whether a check that is not met stops a transition or only advises."""

    REQUIRED = "required"
    ADVISED = "advised"


# Looking a member up in its enumeration takes longer than comparing with it.
_MET: Final = Verdict.MET
_NOT_APPLICABLE: Final = Verdict.NOT_APPLICABLE
_REQUIRED: Final = Severity.REQUIRED


class CheckKind(StrEnum):
    """What a check is about. Hosts may match on it as the code of a finding."""

    CRITERION = "criterion"
    INPUT = "input"
    ROLE = "role"
    STAGE = "stage"
    TRIGGER = "trigger"
    VERSION = "version"
    CLOCK = "clock"
    CLAIM = "claim"
    OVERRIDE = "override"
    IDENTITY = "identity"
    LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Check:
    """What is the same each time one thing is checked.

    Attributes:
        id: The criterion's id, or the kind's own word (``role``, ``stage``).
        kind: What the check is about.
        needed: What should be, as text with parameters filled in: ``acv > 50000 USD``.
        remedy: What would cure it.
        cites: Ids of the rules it implements.
        severity: Whether it stops a transition.
        paths: Field paths that it reads, in the order of ``Finding.values``.
        gate: The gate it stands in, if it stands in one.
        label: What people read instead of the id.
    """

    id: str
    kind: CheckKind
    needed: str
    remedy: str
    cites: tuple[str, ...] = ()
    severity: Severity = Severity.REQUIRED
    paths: tuple[str, ...] = ()
    gate: str | None = None
    label: str | None = None


@dataclass(slots=True, unsafe_hash=True)
class Finding:
    """What one check found, with the values it read. Treat it as frozen.

    Attributes:
        check: What was checked.
        verdict: What was found.
        values: The values at ``check.paths``; ``None`` is a missing value.
        error: Why a host's predicate or derived field gave no answer, if it raised.
        candidate: Which of several transitions for the same trigger it belongs to, from 0.
        own_remedy: What would cure this very case, where that can be told: a rate to give.
    """

    check: Check
    verdict: Verdict
    values: tuple[Any, ...] = ()
    error: str | None = None
    candidate: int = 0
    own_remedy: str | None = None

    @property
    def id(self) -> str:
        """Id of the check."""
        return self.check.id

    @property
    def code(self) -> str:
        """Stable dotted code: kind and verdict, as ``criterion.unmet``."""
        return f"{self.check.kind.value}.{self.verdict.value}"

    @property
    def remedy(self) -> str:
        """What would cure it: for this case, or else what the check says for all."""
        return self.own_remedy or self.check.remedy

    @property
    def cites(self) -> tuple[str, ...]:
        """Ids of the rules it implements."""
        return self.check.cites

    @property
    def actual(self) -> dict[str, Any]:
        """The values that were read, by path; ``None`` is missing."""
        paths, values = self.check.paths, self.values
        if len(paths) == 1 and values:  # nearly always, and in a third of the time
            return {paths[0]: values[0]}
        return dict(zip(paths, values))  # noqa: B905 - `strict=` takes as long again

    @property
    def passes(self) -> bool:
        """Whether the check is met or does not apply."""
        return self.verdict is _MET or self.verdict is _NOT_APPLICABLE

    @property
    def is_obstacle(self) -> bool:
        """Whether it is required and not met."""
        return not self.passes and self.check.severity is _REQUIRED

    @property
    def is_advice(self) -> bool:
        """Whether it is advised and not met."""
        return not self.passes and self.check.severity is Severity.ADVISED

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain values: what is, what should be, source and remedy."""
        check = self.check
        return {
            "id": check.id,
            "code": self.code,
            "verdict": self.verdict.value,
            "severity": check.severity.value,
            "gate": check.gate,
            "label": check.label,
            "needed": check.needed,
            "actual": {path: plain(value) for path, value in self.actual.items()},
            "remedy": self.remedy,
            "cites": list(check.cites),
            "error": self.error,
            "candidate": self.candidate,
        }

    def __str__(self) -> str:
        """Return one line: what was checked, what was found, what is and what would cure it."""
        seen = ", ".join(seen_in(self))
        return (
            f"{self.check.label or self.id}: {self.verdict.value}"
            f"{f' ({seen})' if seen else ''}"
            f"{'' if self.passes else f'. {self.remedy}'}"
        )


def obstacles_in(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that stop a transition."""
    # What ``is_obstacle`` says, spelled out: every refusal is read this way.
    return tuple(
        [
            finding
            for finding in findings
            if finding.verdict is not _MET
            and finding.verdict is not _NOT_APPLICABLE
            and finding.check.severity is _REQUIRED
        ]
    )


def advice_in(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that advise without stopping anything."""
    return tuple(finding for finding in findings if finding.is_advice)


def seen_in(finding: Finding) -> tuple[str, ...]:
    """Return what was found, a sentence each; of what is unknown only what is missing."""
    missing = [path for path, value in finding.actual.items() if value is None]
    if finding.verdict is Verdict.UNKNOWN and missing:
        return (f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} {shown(None)}",)
    return tuple(f"{path} is {shown(value)}" for path, value in finding.actual.items())


def shown(value: object) -> str:
    """Return ``value`` as people read it; a missing value is ``not recorded``."""
    if value is None:
        return "not recorded"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list | frozenset | dict):
        return f"{len(value)} item{'' if len(value) == 1 else 's'}"
    return str(value)


def plain(value: Any) -> Any:
    """Return ``value`` as JSON has it: amounts and moments as text, lists as lists, sets sorted."""
    return _turn_of(value.__class__)(value)


def _as_pydantic_has_it(value: object) -> Any:
    """Return a value as pydantic writes it, so that a model reads it back."""
    try:
        return to_jsonable_python(value, fallback=str)
    except ValueError:  # bytes that are no text
        return str(value)


#: The first kind that a value is of says how it is written. The order counts: a truth value is a
#: number to Python, a label is a text, and a moment is a day.
_TURNS: Final[tuple[tuple[tuple[type, ...], Callable[[Any], Any]], ...]] = (
    ((NoneType, bool), lambda value: value),
    ((int,), int),
    ((StrEnum,), lambda value: value.value),
    ((str, Decimal, float), str),
    ((date, time), lambda value: value.isoformat()),
    ((Mapping,), lambda value: {str(key): plain(item) for key, item in value.items()}),
    ((tuple, list), lambda value: [plain(item) for item in value]),
    ((AbstractSet,), lambda value: sorted(map(plain, value), key=str)),
    ((BaseModel,), lambda value: value.model_dump(mode="json", exclude_none=True)),
)


@lru_cache(maxsize=1_024)
def _turn_of(kind: type) -> Callable[[Any], Any]:
    known = (turn for kinds, turn in _TURNS if issubclass(kind, kinds))
    return next(known, _as_pydantic_has_it)
