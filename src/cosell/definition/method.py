"""Qualification methods: what a method asks for, how much each answer counts, and what is enough.

A method is data beside the process: the process says the steps, and the method gathers what their
gates ask (QL-23). A gate names it, for a stage or with a score of its own; both become ordinary
criteria (see ``cosell.definition.asked``).

Rules that hold for every method:

1. An answer has a level: 0 unknown, 1 identified, 2 validated, 3 confirmed. A level above 1
   without evidence is missing, and so is a level that nobody recorded (BX-45).
2. The score is the sum of weight times level, as a share of three times the sum of the weights:
   between 0 and 1. It is compared without dividing, and so exactly.
3. A method that ships can be used as it is, or with elements left out, added or weighed anew.

This module does not know what a record is.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from cosell._base import FieldPath, LongText, Model, Name, Rate, Text
from cosell.definition.shipped_methods import SHIPPED
from cosell.findings import Severity

__all__ = ["HIGHEST_LEVEL", "LEVELS", "Element", "Method", "MethodAsked", "weight_of"]

#: What each level of an answer is called.
LEVELS: Final = ("unknown", "identified", "validated", "confirmed")
HIGHEST_LEVEL: Final = 3

#: Criteria are called ``method_element``, and a name has at most 80 letters.
ShortName = Annotated[Name, StringConstraints(max_length=39)]
Weight = Annotated[Decimal, Field(gt=0, le=1_000, max_digits=7, decimal_places=4)]
MinimumScore = Annotated[Rate, Field(gt=0, le=1)]
MinimumLevel = Annotated[int, Field(ge=1, le=HIGHEST_LEVEL, strict=True)]


class Element(Model, frozen=True):
    """One thing that a method asks for.

    Attributes:
        id: What criteria and scores call it.
        path: Where its answer stands below the method's ``answers``; by default the id.
        weight: How much it counts; 1 where nothing is said.
        minimum: The level it must have, by stage.
        remedy: What to do when it has not.
        label: What people read.
        help: What to find out.
    """

    id: ShortName
    path: FieldPath | None = None
    weight: Weight | None = None
    minimum: Mapping[Name, MinimumLevel] = Field(default_factory=dict, max_length=1_000)
    remedy: Text | None = None
    label: Text | None = None
    help: LongText | None = None


class Method(Model, frozen=True):
    """A qualification method.

    Attributes:
        use: The method that ships from which its elements come.
        without: Elements of that one that are left out.
        answers: Where the answers stand in the record; by default those of the one it uses.
        level: The field of an answer that holds its level; empty where the path of an element
            leads to the level itself.
        elements: What it asks for; one of the used method's elements is told anew by its id.
        minimum_score: The score it must have, by stage.
        label: What people read.
        help: A longer text for people.
        cites: Ids of the rules it implements.
    """

    use: Name | None = None
    without: tuple[Name, ...] = Field(default=(), max_length=100)
    answers: FieldPath | None = None
    level: FieldPath | Literal[""] = "proven_level"
    elements: tuple[Element, ...] = Field(default=(), max_length=100)
    minimum_score: Mapping[Name, MinimumScore] = Field(default_factory=dict, max_length=1_000)
    label: Text | None = None
    help: LongText | None = None
    cites: Annotated[tuple[Text, ...], Field(max_length=100)] = ()

    @cached_property
    def asked(self) -> tuple[Element, ...]:
        """Every element with its weight: those of the used method first, then its own.

        Elements of a method that does not ship are not there; checking the process says so.
        """
        shipped = SHIPPED.get(self.use or "")
        rows = shipped.elements if shipped else {}
        found = {
            id_: Element(id=id_, label=label, help=question)
            for id_, (label, question) in rows.items()
            if id_ not in self.without
        }
        for own in self.elements:
            told = own.model_dump(exclude_unset=True)
            base = found.get(own.id)
            found[own.id] = own if base is None else base.model_copy(update=told)
        return tuple(found.values())

    def level_path(self, element: Element) -> str:
        """Return the path of an element's level, from the record."""
        shipped = SHIPPED.get(self.use or "")
        answers = self.answers or (shipped.answers if shipped else None)
        return ".".join(filter(None, (answers, element.path or element.id, self.level)))

    @property
    def total_weight(self) -> Decimal:
        """What all elements weigh together."""
        return sum((weight_of(element) for element in self.asked), start=Decimal(0))


class MethodAsked(Model, frozen=True):
    """A row of a gate: which method, and how much of it.

    Attributes:
        method: The method.
        stage: For which stage: its minimum score, and the minimum level of each element.
        minimum_score: The score it must have, instead of the stage's.
        severity: Whether it stops a transition or only advises.
        cites: Ids of the rules it implements, beside the method's.
    """

    method: Name
    stage: Name | None = None
    minimum_score: MinimumScore | None = None
    severity: Severity = Severity.REQUIRED
    cites: Annotated[tuple[Text, ...], Field(max_length=100)] = ()


def weight_of(element: Element) -> Decimal:
    """Return how much an element counts."""
    return Decimal(1) if element.weight is None else element.weight
