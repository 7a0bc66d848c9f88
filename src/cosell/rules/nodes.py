"""The syntax tree of an expression: a closed set of nodes, each with its place in the text.

Nodes compare by what they say, not by where they stand. A name is not resolved here, and nothing
has a type yet.

This module does not know how a text is read, or what a model is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from cosell.errors import ExpressionError

__all__ = [
    "Arithmetic",
    "Call",
    "Choice",
    "Comparison",
    "Junction",
    "Literal",
    "Membership",
    "Name",
    "Negative",
    "Node",
    "Not",
    "Place",
    "Quantifier",
    "Scalar",
    "Table",
]

#: What a literal can be.
Scalar: TypeAlias = bool | int | Decimal | str


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the text of an expression: the text and a one-based column in characters."""

    text: str
    column: int

    def error(self, problem: str, remedy: str) -> ExpressionError:
        """Return an error that points here."""
        return ExpressionError(self.text, self.column, problem, remedy)


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression."""

    at: Place = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value as written. Decimals keep their text: 0.10 is not 0.1."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A dotted path: a field, a parameter, or one of the words of the language.

    Attributes:
        path: Its parts.
        places: Where each part stands.
    """

    path: tuple[str, ...]
    places: tuple[Place, ...] = field(compare=False, repr=False)

    def __str__(self) -> str:
        """Return the path as written."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """A number or an amount with the other sign."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """A sum, a difference or a product. ``op`` is ``+``, ``-`` or ``*``."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """One or more comparisons in a chain: ``first``, then each operator and what follows it."""

    first: Node
    links: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Membership(Node):
    """Whether a value is among ``options``: literals, or the name of a list parameter."""

    value: Node
    options: tuple[Node, ...] | Name
    negated: bool


@dataclass(frozen=True, slots=True)
class Not(Node):
    """The contrary of a condition."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Junction(Node):
    """Two or more conditions joined by one ``op``: ``and`` or ``or``."""

    op: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """``then if condition else otherwise``."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of the language with its arguments."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Quantifier(Node):
    """``any``, ``all`` or ``count`` of ``predicate`` over the items of a list."""

    kind: str
    predicate: Node
    variable: str
    items: Name


@dataclass(frozen=True, slots=True)
class Table(Node):
    """A small table written out for ``lookup``: keys and values."""

    rows: tuple[tuple[Node, Node], ...]
