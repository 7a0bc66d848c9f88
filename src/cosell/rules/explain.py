"""Write an expression out again, with parameters filled in, as people read it.

Without parameters the text reads back as the same tree.

This module does not know what a model or a type is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from cosell.errors import InvalidDataError
from cosell.money import Money
from cosell.rules.nodes import (
    Arithmetic,
    Call,
    Choice,
    Comparison,
    Junction,
    Literal,
    Membership,
    Name,
    Negative,
    Node,
    Not,
    Quantifier,
    Table,
)

__all__ = ["shown_constant", "text_of"]

_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})

# How tightly a node binds, loosest first, as in Python.
_CHOICE, _OR, _AND, _NOT, _COMPARE, _ADD, _MULTIPLY, _SIGN, _ATOM = range(9)
_JUNCTIONS: Final = MappingProxyType({"or": _OR, "and": _AND})
_OPERATIONS: Final = MappingProxyType({"+": _ADD, "-": _ADD, "*": _MULTIPLY})


def text_of(node: Node, parameters: Mapping[str, object] = _NOTHING) -> str:
    """Return the text of an expression, with the values of ``parameters`` for their names.

    Example:
        >>> from cosell.rules.parse import parse
        >>> text_of(parse("acv>above"), {"above": "50000 USD"})
        'acv > 50000 USD'
    """
    return _Writer(parameters).write(node, _CHOICE)


def shown_constant(value: object) -> str:
    """Return a parameter's value as people read it: ``50000 USD``, ``2026-11-20``, ``'gold'``."""
    if isinstance(value, str):
        return value if _is_money(value) else _quoted(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        rows = (f"{shown_constant(key)}: {shown_constant(row)}" for key, row in value.items())
        return f"{{{', '.join(rows)}}}"
    if isinstance(value, tuple | list):
        return f"{{{', '.join(map(shown_constant, value))}}}"
    return str(value)


def _is_money(text: str) -> bool:
    try:
        Money.parse(text)
    except InvalidDataError:
        return False
    return True


def _quoted(text: str) -> str:
    quote = '"' if "'" in text else "'"
    return f"{quote}{text}{quote}"


class _Writer:
    def __init__(self, parameters: Mapping[str, object]) -> None:
        self._parameters = parameters

    def write(self, node: Node, around: int) -> str:
        """Return the text of ``node``, in brackets if ``around`` binds more tightly."""
        binds, text = _WRITE[type(node)](self, node)
        return f"({text})" if binds < around else text

    def _list(self, nodes: tuple[Node, ...]) -> str:
        return ", ".join(self.write(node, _CHOICE) for node in nodes)

    def literal(self, node: Literal) -> tuple[int, str]:
        value = node.value
        if isinstance(value, str):
            return _ATOM, _quoted(value)
        return _ATOM, f"{value:f}" if isinstance(value, Decimal) else str(value)

    def name(self, node: Name) -> tuple[int, str]:
        text = str(node)
        if text in self._parameters:
            return _ATOM, shown_constant(self._parameters[text])
        return _ATOM, text

    def negative(self, node: Negative) -> tuple[int, str]:
        return _SIGN, f"-{self.write(node.operand, _SIGN)}"

    def arithmetic(self, node: Arithmetic) -> tuple[int, str]:
        binds = _OPERATIONS[node.op]
        left, right = self.write(node.left, binds), self.write(node.right, binds + 1)
        return binds, f"{left} {node.op} {right}"

    def comparison(self, node: Comparison) -> tuple[int, str]:
        links = (f" {op} {self.write(right, _ADD)}" for op, right in node.links)
        return _COMPARE, f"{self.write(node.first, _ADD)}{''.join(links)}"

    def membership(self, node: Membership) -> tuple[int, str]:
        options = node.options
        written = (
            self.name(options)[1] if isinstance(options, Name) else f"{{{self._list(options)}}}"
        )
        word = "not in" if node.negated else "in"
        return _COMPARE, f"{self.write(node.value, _ADD)} {word} {written}"

    def negation(self, node: Not) -> tuple[int, str]:
        return _NOT, f"not {self.write(node.operand, _NOT)}"

    def junction(self, node: Junction) -> tuple[int, str]:
        binds = _JUNCTIONS[node.op]
        return binds, f" {node.op} ".join(self.write(part, binds + 1) for part in node.parts)

    def choice(self, node: Choice) -> tuple[int, str]:
        then, condition = self.write(node.then, _OR), self.write(node.condition, _OR)
        return _CHOICE, f"{then} if {condition} else {self.write(node.otherwise, _CHOICE)}"

    def call(self, node: Call) -> tuple[int, str]:
        return _ATOM, f"{node.function}({self._list(node.arguments)})"

    def quantifier(self, node: Quantifier) -> tuple[int, str]:
        predicate = self.write(node.predicate, _CHOICE)
        return _ATOM, f"{node.kind}({predicate} for {node.variable} in {node.items})"

    def table(self, node: Table) -> tuple[int, str]:
        rows = (f"{self._list((key,))}: {self._list((value,))}" for key, value in node.rows)
        return _ATOM, f"{{{', '.join(rows)}}}"


_WRITE: Final[Mapping[type[Node], Callable[[_Writer, Any], tuple[int, str]]]] = MappingProxyType(
    {
        Literal: _Writer.literal,
        Name: _Writer.name,
        Negative: _Writer.negative,
        Arithmetic: _Writer.arithmetic,
        Comparison: _Writer.comparison,
        Membership: _Writer.membership,
        Not: _Writer.negation,
        Junction: _Writer.junction,
        Choice: _Writer.choice,
        Call: _Writer.call,
        Quantifier: _Writer.quantifier,
        Table: _Writer.table,
    }
)
