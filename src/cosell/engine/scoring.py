"""Read the score of a qualification method off a record, and explain it element by element.

Rules that hold for every score:

1. It is exact: a fraction. What people read is rounded half up to four places, and never compared.
2. An answer that is unknown makes the score unknown; ``least`` and ``most`` say what it can be.
3. What it says is what the gates say: the same levels, weights and paths (BX-45).

This module does not know how much of a method a gate needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from cosell.definition.asked import label_of
from cosell.definition.method import HIGHEST_LEVEL, LEVELS, weight_of
from cosell.engine.bound import Bound
from cosell.engine.paths import read_path
from cosell.errors import UnknownNameError
from cosell.errors.kinds import tells_kinds
from cosell.models.record import Record

__all__ = ["ElementScore", "Score", "score_of"]

_PLACES: Final = 4


@dataclass(frozen=True, slots=True)
class ElementScore:
    """What one element adds to a score.

    Attributes:
        id: The element.
        label: What people read.
        path: The field that its level was read from.
        weight: How much it counts.
        level: Its level, 0 to 3; ``None`` when it is unknown: not recorded, or not proven.
        help: What to find out.
    """

    id: str
    label: str
    path: str
    weight: Decimal
    level: int | None
    help: str | None = None

    def __str__(self) -> str:
        """Return one line: the level in number and word, and the weight."""
        told = "not known" if self.level is None else _told(self.level)
        line = f"{self.label}: {told}, weight {self.weight.normalize():f}"
        return f"{line}. {self.help}" if self.level is None and self.help else line


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one record by one method.

    Attributes:
        method: Name of the method.
        label: What people call it.
        elements: Every element, in the order of the method.
    """

    method: str
    label: str
    elements: tuple[ElementScore, ...]

    @property
    def least(self) -> Fraction:
        """The score if every unknown answer is at level 0."""
        return self._with(0)

    @property
    def most(self) -> Fraction:
        """The score if every unknown answer is at level 3."""
        return self._with(HIGHEST_LEVEL)

    @property
    def exact(self) -> Fraction | None:
        """The score, from 0 to 1; ``None`` when an answer is unknown."""
        return None if self.unknown else self.least

    @property
    def rounded(self) -> Decimal | None:
        """The score as people read it: rounded half up to four places."""
        return None if self.exact is None else _rounded(self.exact)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Ids of the elements whose level is unknown."""
        return tuple(element.id for element in self.elements if element.level is None)

    def reaches(self, minimum: Decimal) -> bool | None:
        """Return whether the score is ``minimum`` or more, as a gate finds: ``None`` is unknown.

        It is as soon as the known answers are enough, and it surely is not when all are known.

        Args:
            minimum: A fraction, such as ``Decimal("0.6")``; compared exactly.
        """
        if self.least >= Fraction(minimum):
            return True
        return None if self.unknown else False

    def explain(self) -> str:
        """Return the score with a line for each element: what is known and what to find out."""
        if self.rounded is None:
            head = f"{self.label}: between {_rounded(self.least)} and {_rounded(self.most)}"
        else:
            head = f"{self.label}: {self.rounded}"
        return "\n".join([head, *(f"  {element}" for element in self.elements)])

    def _with(self, unknown: int) -> Fraction:
        """Return the score with unknown answers at the level ``unknown``."""
        levels = [
            (element.weight, unknown if element.level is None else element.level)
            for element in self.elements
        ]
        total = sum((Fraction(weight) for weight, _ in levels), start=Fraction(0))
        reached = sum((Fraction(weight) * level for weight, level in levels), start=Fraction(0))
        return reached / (HIGHEST_LEVEL * total)


@tells_kinds
def score_of(bound: Bound, record: Record, method: str) -> Score:
    """Return the score of a record by a method of its process.

    Args:
        bound: The process, whose ``methods`` say what counts.
        record: The record whose answers are read.
        method: Name of the method.

    Returns:
        The score with every element; unknown where an answer is.

    Raises:
        UnknownNameError: The process has no such method.

    Source:
        BX-45, QL-20.

    Example:
        >>> from cosell import Lead, parse_process
        >>> from cosell.engine import bind
        >>> bound = bind(parse_process('''
        ... id = "tiny"
        ... version = 1
        ... record = "Lead"
        ... initial = "fresh"
        ... roles = { seller = "Seller" }
        ... stages = [{ id = "fresh" }, { id = "won", kind = "won" }]
        ... [methods.bant]
        ... use = "bant"
        ... elements = [{ id = "need", weight = 2 }]
        ... '''), record=Lead)
        >>> answers = {"need": {"level": 2, "evidence": "Mail of 3 March."}, "budget": {"level": 1}}
        >>> lead = Lead.model_validate({"id": "l-1", "bant": answers})
        >>> print(score_of(bound, lead, "bant").explain())
        BANT: between 0.3333 and 0.7333
          Budget: level 1 (identified), weight 1
          Authority: not known, weight 1. Who decides?
          Need: level 2 (validated), weight 2
          Timeline: not known, weight 1. By when?
    """
    found = bound.process.methods.get(method)
    if found is None:
        raise UnknownNameError("method", method, bound.process.methods)
    elements = tuple(
        ElementScore(
            id=element.id,
            label=element.label or element.id,
            path=(path := found.level_path(element)),
            weight=weight_of(element),
            level=read_path(record, path),
            help=element.help,
        )
        for element in found.asked
    )
    return Score(method, label_of(method, found), elements)


def _told(level: int) -> str:
    """Return a level with what it is called; a host's own numbers may be others."""
    return f"level {level} ({LEVELS[level]})" if level in range(len(LEVELS)) else f"level {level}"


def _rounded(score: Fraction) -> Decimal:
    """Return a fraction as a decimal of four places, rounded half up."""
    scaled = score * 10**_PLACES
    return Decimal(int(scaled + Fraction(1, 2))).scaleb(-_PLACES)
