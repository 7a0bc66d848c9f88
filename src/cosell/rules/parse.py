"""Read the text of an expression as a syntax tree.

Rules that hold for every text:

1. It is Python's expression syntax, and Python's own parser reads it, once ``scan`` lets it
   through; the tree that comes out is our own closed one.
2. Whatever is wrong is an ``ExpressionError`` that points at the place, in characters: Python
   counts bytes.
3. What the language does not have is refused by name.

This module does not know what a name means, or what types are.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from types import MappingProxyType
from typing import Any, Final, NoReturn

from cosell.errors import ExpressionError
from cosell.errors.kinds import tells_kinds
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
    Place,
    Quantifier,
    Table,
)
from cosell.rules.scan import scan

__all__ = ["QUANTIFIERS", "parse"]

QUANTIFIERS: Final = frozenset({"any", "all", "count"})
_MAX_DEPTH: Final = 40
_MAX_PARTS: Final = 8
#: How many texts are kept in mind: a definition is read to be checked, compiled and shown.
_KEPT: Final = 2_000

_OPERATORS: Final = MappingProxyType(
    {
        ast.Add: "+",
        ast.Sub: "-",
        ast.Mult: "*",
        ast.Eq: "==",
        ast.NotEq: "!=",
        ast.Lt: "<",
        ast.LtE: "<=",
        ast.Gt: ">",
        ast.GtE: ">=",
        ast.And: "and",
        ast.Or: "or",
    }
)
_WRITE_ANY: Final = "Write any(P for x in items), all(...) or count(...)."
_AFTER_IN: Final = "Lists stand after `in` only, and tables in lookup() only."

#: What Python has and the language has not: the problem, and what to write instead.
_REFUSED: Final = MappingProxyType(
    {
        ast.Subscript: ("there are no subscripts", "Name the field, or use lookup(key, table)."),
        ast.Attribute: ("`.` follows a name only", "Name the field by its full path."),
        ast.GeneratorExp: ("this stands in any(), all() or count() only", _WRITE_ANY),
        ast.ListComp: ("there are no lists built in an expression", _WRITE_ANY),
        ast.SetComp: ("there are no lists built in an expression", _WRITE_ANY),
        ast.DictComp: ("there are no tables built in an expression", _WRITE_ANY),
        ast.List: ("a list stands here alone", _AFTER_IN),
        ast.Tuple: ("a list stands here alone", _AFTER_IN),
        ast.Set: ("a list stands here alone", _AFTER_IN),
        ast.Dict: ("a table stands here alone", _AFTER_IN),
        ast.Starred: ("`*` has nothing to multiply", "Write each value out."),
        ast.UAdd: ("`+` has nothing to add to", "Leave it out."),
    }
)


@tells_kinds
def parse(text: str) -> Node:
    """Return the syntax tree of an expression.

    Args:
        text: At most 2,000 characters, in the syntax of Python's expressions.

    Returns:
        A tree whose nodes know their places in ``text``.

    Raises:
        ExpressionError: The text cannot be read, or uses what the language does not have.

    Example:
        >>> parse("acv > 50000").first
        Name(path=('acv',))
    """
    return _parsed(text)


@lru_cache(maxsize=_KEPT)
def _parsed(text: str) -> Node:
    scan(text)
    try:
        # The brackets let an expression run over several lines; `scan` has balanced its own.
        tree = ast.parse(f"({text})", mode="eval").body
    except SyntaxError as error:
        raise _unreadable(text, error) from None
    except (MemoryError, RecursionError):
        raise _too_deep(Place(text, 1)) from None
    return _Reader(text).read(tree)


def _too_deep(place: Place) -> ExpressionError:
    return place.error(
        "this is nested too deeply", "Split it into several criteria, or make a part a field."
    )


def _unreadable(text: str, error: SyntaxError) -> ExpressionError:
    lines = text.split("\n")
    line = min(max((error.lineno or 1) - 1, 0), len(lines) - 1)
    start = sum(len(before) + 1 for before in lines[:line])
    # The bracket put before the text shifts its first line by one.
    offset = (error.offset or 1) - 1 - (line == 0)
    column = start + min(max(offset, 0), len(lines[line])) + 1
    return Place(text, min(column, len(text))).error(
        "this cannot be read as an expression",
        "Look around the mark: a name, an operator or a comma may be missing.",
    )


class _Reader:
    """Turns Python's tree into ours."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = text.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in self._lines)]
        self._depth = 0

    def read(self, tree: ast.AST) -> Node:
        """Return our node for one of Python's."""
        read = _READ.get(type(tree))
        if read is None:
            self._refuse(tree)
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _too_deep(self._at(tree))
        node = read(self, tree)
        self._depth -= 1
        return node

    def _offset(self, line: int, byte: int) -> int:
        """Return the offset in characters; Python counts bytes, and our bracket on line 1."""
        before = self._lines[line - 1].encode()[: max(byte - (line == 1), 0)]
        return self._starts[line - 1] + len(before.decode())

    def _at(self, tree: Any) -> Place:
        return Place(self._text, self._offset(tree.lineno, tree.col_offset) + 1)

    def _end(self, tree: Any) -> int:
        return self._offset(tree.end_lineno, tree.end_col_offset)

    def _refuse(self, tree: ast.AST, kind: type[ast.AST] | None = None) -> NoReturn:
        problem, remedy = _REFUSED[kind or type(tree)]
        raise self._at(tree).error(problem, remedy)

    def literal(self, tree: ast.Constant) -> Node:
        value: Any = tree.value
        if value is ...:
            raise self._at(tree).error("`...` has no value", "Write one.")
        if isinstance(value, float):
            start, end = self._offset(tree.lineno, tree.col_offset), self._end(tree)
            value = Decimal(self._text[start:end].replace("_", ""))
        return Literal(value, at=self._at(tree))

    def name(self, tree: ast.Name | ast.Attribute) -> Name:
        parts: list[tuple[str, Place]] = []
        inner: ast.expr = tree
        while isinstance(inner, ast.Attribute):
            start = self._end(inner) - len(inner.attr)
            parts.append((inner.attr, Place(self._text, start + 1)))
            inner = inner.value
        if not isinstance(inner, ast.Name) or len(parts) >= _MAX_PARTS:
            self._refuse(tree, ast.Attribute)
        parts.append((inner.id, self._at(inner)))
        path, places = zip(*reversed(parts), strict=True)
        return Name(path, places, at=self._at(tree))

    def sign(self, tree: ast.UnaryOp) -> Node:
        if isinstance(tree.op, ast.UAdd):
            self._refuse(tree, ast.UAdd)
        kind = Not if isinstance(tree.op, ast.Not) else Negative
        return kind(self.read(tree.operand), at=self._at(tree))

    def arithmetic(self, tree: ast.BinOp) -> Node:
        left, right = self.read(tree.left), self.read(tree.right)
        return Arithmetic(_OPERATORS[type(tree.op)], left, right, at=self._at(tree))

    def junction(self, tree: ast.BoolOp) -> Node:
        parts = tuple(self.read(part) for part in tree.values)
        return Junction(_OPERATORS[type(tree.op)], parts, at=self._at(tree))

    def choice(self, tree: ast.IfExp) -> Node:
        condition, then, otherwise = map(self.read, (tree.test, tree.body, tree.orelse))
        return Choice(condition, then, otherwise, at=self._at(tree))

    def comparison(self, tree: ast.Compare) -> Node:
        if any(isinstance(op, ast.In | ast.NotIn) for op in tree.ops):
            return self._membership(tree)
        first = self.read(tree.left)
        links = tuple(
            (_OPERATORS[type(op)], self.read(right))
            for op, right in zip(tree.ops, tree.comparators, strict=True)
        )
        return Comparison(first, links, at=self._at(tree))

    def _membership(self, tree: ast.Compare) -> Node:
        if len(tree.ops) > 1:
            raise self._at(tree.comparators[1]).error(
                "`in` cannot stand in a chain", "Join two conditions with `and`."
            )
        value = self.read(tree.left)
        options = self._options(tree.comparators[0])
        return Membership(value, options, isinstance(tree.ops[0], ast.NotIn), at=self._at(tree))

    def _options(self, tree: ast.expr) -> tuple[Node, ...] | Name:
        if isinstance(tree, ast.Name | ast.Attribute):
            return self.name(tree)
        if isinstance(tree, ast.Set | ast.Tuple | ast.List) and tree.elts:
            return tuple(self.read(option) for option in tree.elts)
        raise self._at(tree).error(
            "a list of values stands after `in`", "Write them out, as in {'a', 'b'}."
        )

    def call(self, tree: ast.Call) -> Node:
        if not isinstance(tree.func, ast.Name):
            raise self._at(tree).error(
                "only the functions of the language can be called",
                "Compare fields, or make it a derived field of the model.",
            )
        name = tree.func.id
        if name in QUANTIFIERS:
            return self._quantifier(tree, name)
        arguments = tuple(
            self._table(part)
            if name == "lookup" and isinstance(part, ast.Dict)
            else self.read(part)
            for part in tree.args
        )
        return Call(name, arguments, at=self._at(tree))

    def _table(self, tree: ast.Dict) -> Table:
        # `**` is refused by `scan`, so that every key is there.
        pairs = zip(tree.keys, tree.values, strict=True)
        rows = tuple((self.read(key), self.read(value)) for key, value in pairs if key is not None)
        return Table(rows, at=self._at(tree))

    def _quantifier(self, tree: ast.Call, kind: str) -> Node:
        each = tree.args[0] if len(tree.args) == 1 else None
        if not isinstance(each, ast.GeneratorExp):
            raise self._at(tree).error(
                f"{kind}() takes a condition on each item of a list",
                f"Write {kind}(P for x in items).",
            )
        loop = each.generators[0]
        target, items = loop.target, loop.iter
        if len(each.generators) > 1:
            raise self._at(each.generators[1].target).error(
                "one list at a time can be gone through", "Make it a derived field of the model."
            )
        if loop.ifs:
            raise self._at(loop.ifs[0]).error(
                "there is no `if` after the list", "Put it into the condition with `and`."
            )
        if not isinstance(target, ast.Name):
            raise self._at(target).error("an item has one name", "Write `for x in items`.")
        if not isinstance(items, ast.Name | ast.Attribute):
            raise self._at(items).error("the name of a list stands after `in`", "Name a field.")
        predicate = self.read(each.elt)
        return Quantifier(kind, predicate, target.id, self.name(items), at=self._at(tree))


_READ: Final[Mapping[type[ast.AST], Callable[[_Reader, Any], Node]]] = MappingProxyType(
    {
        ast.Constant: _Reader.literal,
        ast.Name: _Reader.name,
        ast.Attribute: _Reader.name,
        ast.UnaryOp: _Reader.sign,
        ast.BinOp: _Reader.arithmetic,
        ast.BoolOp: _Reader.junction,
        ast.IfExp: _Reader.choice,
        ast.Compare: _Reader.comparison,
        ast.Call: _Reader.call,
    }
)
