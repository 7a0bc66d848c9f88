"""Check an expression against a scope: every name means something, every type fits.

Rules that hold for every expression:

1. Every node has a static type; the first that does not fit is refused, at its place.
2. A text in quotation marks is money where money is expected, and a text elsewhere.
3. Texts and labels compare with ``==``, ``!=`` and ``in`` only; a label that does not exist is
   refused with the nearest one that does.
4. A difference of instants is compared with hours() or minutes() only.

This module does not know how an expression is run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from cosell.rules import nodes, typed
from cosell.rules.arithmetic import combined, negative
from cosell.rules.constants import as_money, constant
from cosell.rules.functions import call
from cosell.rules.names import Item, Names
from cosell.rules.nodes import Node
from cosell.rules.parse import parse
from cosell.rules.scope import Scope
from cosell.rules.typed import Constant, Read, Root, Typed
from cosell.rules.types import BOOL, SMALL, Kind, Type
from cosell.rules.unify import common_type, comparable, mismatch, refuse_unknown_labels

__all__ = ["check", "rates_day"]

_EQUALITY: Final = frozenset({"==", "!="})
_LISTED: Final = frozenset({Kind.INT, Kind.DECIMAL, Kind.TEXT, Kind.LABEL, Kind.DATE})
_NO_VALUE: Final = frozenset({Kind.LIST, Kind.MODEL, Kind.SPAN})
_COMPARE: Final = "Compare it with something."
_WRITTEN: Final = (nodes.Literal, nodes.Negative, nodes.Call)


def check(source: str | Node, scope: Scope, want: Kind | None = None) -> Typed:
    """Return the checked tree of an expression.

    Args:
        source: Its text, or its syntax tree.
        scope: What its names can mean.
        want: What kind of value it has to be; ``None`` is any single value.

    Raises:
        ExpressionError: It cannot be read, a name means nothing, or a type does not fit.

    Example:
        >>> from cosell.models.record import Record
        >>> str(check("version + 1", Scope(Record)).type)
        'a whole number'
    """
    node = parse(source) if isinstance(source, str) else source
    return _Checker(scope).check(node, want)


def rates_day(scope: Scope) -> Typed:
    """Return the checked tree of ``scope.rates_on``; its names are the main line's everywhere.

    Raises:
        ExpressionError: It cannot be read, or is no date.
    """
    root = Root.RECORD if scope.whole is None else Root.WHOLE
    return _Checker(scope, root).check(parse(scope.rates_on), Kind.DATE)


class _Checker:
    """Infers the types of one expression."""

    def __init__(self, scope: Scope, bare: Root = Root.RECORD) -> None:
        self.scope = scope
        self.names = Names(scope, bare)
        # One node may be asked for twice, with and without money in mind; nothing is worked out
        # twice, so that no nesting makes checking slow.
        self._known: dict[tuple[int, Kind | None], Typed] = {}

    def check(self, node: Node, want: Kind | None) -> Typed:
        """Return the typed tree of a whole expression."""
        found = self.infer(node, want)
        kind = found.type.kind
        if kind in _NO_VALUE:
            raise found.at.error(f"{found.type} is no value", "Compare it with something.")
        if want is not None and kind is not want and (kind, want) != (Kind.INT, Kind.DECIMAL):
            remedy = _COMPARE if want is Kind.BOOL else mismatch(Type(want), found.type)[1]
            raise found.at.error(f"{Type(want)} is needed here, and this is {found.type}", remedy)
        return found

    def infer(self, node: Node, want: Kind | None = None) -> Typed:
        """Return the typed tree of ``node``; ``want`` says what a text may stand for."""
        key = (id(node), want)
        if key not in self._known:
            self._known[key] = _INFER[type(node)](self, node, want)
        return self._known[key]

    def condition(self, node: Node) -> Typed:
        """Return the typed tree of a node that has to be a condition."""
        found = self.infer(node)
        if found.type.kind is not Kind.BOOL:
            raise found.at.error(f"a condition is needed here, and this is {found.type}", _COMPARE)
        return found

    def together(self, parts: Sequence[Node], want: Kind | None = None) -> list[Typed]:
        """Return typed trees of values that stand together: texts beside money are money."""
        found = [self.infer(part, want) for part in parts]
        if any(part.type.kind is Kind.MONEY for part in found):
            return [self.as_money(part) for part in parts]
        return found

    def as_money(self, node: Node) -> Typed:
        """Return the typed tree of ``node``, a text read as money."""
        found = self.infer(node)
        return self.infer(node, Kind.MONEY) if found.type.kind is Kind.TEXT else found

    def literal(self, node: nodes.Literal, want: Kind | None) -> Typed:
        return self._meant(constant(node.value, node.at), want)

    def name(self, node: nodes.Name, want: Kind | None) -> Typed:
        found = self.names.resolve(node)
        if found.type.kind is Kind.LIST:
            raise node.at.error(
                f"`{node}` is a list", f"Write any(...), all(...) or count(... for x in {node})."
            )
        if found.type.kind is Kind.MODEL:
            raise node.at.error(f"`{node}` is a group of fields", f"Name one of them: {node}.x")
        return self._meant(found, want)

    def _meant(self, found: Typed, want: Kind | None) -> Typed:
        kind = found.type.kind
        if isinstance(found, Constant) and (
            kind is Kind.MONEY or (kind is Kind.TEXT and want is Kind.MONEY)
        ):
            return as_money(found, self.scope.currencies)
        return found

    def negative(self, node: nodes.Negative, _: Kind | None) -> Typed:
        return negative(self.as_money(node.operand), node.at)

    def arithmetic(self, node: nodes.Arithmetic, _: Kind | None) -> Typed:
        left, right = self.as_money(node.left), self.as_money(node.right)
        return combined(node.op, left, right, node.at)

    def not_(self, node: nodes.Not, _: Kind | None) -> Typed:
        return typed.Negation(BOOL, node.at, self.condition(node.operand))

    def junction(self, node: nodes.Junction, _: Kind | None) -> Typed:
        parts = tuple(self.condition(part) for part in node.parts)
        return typed.Junction(BOOL, node.at, node.op, parts)

    def choice(self, node: nodes.Choice, want: Kind | None) -> Typed:
        condition = self.condition(node.condition)
        then, otherwise = self.together((node.then, node.otherwise), want)
        return typed.Choice(common_type((then, otherwise)), node.at, condition, then, otherwise)

    def comparison(self, node: nodes.Comparison, _: Kind | None) -> Typed:
        lefts = (node.first, *(right for _, right in node.links))
        parts = tuple(
            self._compared(op, left, right)
            for left, (op, right) in zip(lefts, node.links, strict=False)
        )
        return parts[0] if len(parts) == 1 else typed.Junction(BOOL, node.at, "and", parts)

    def _compared(self, op: str, first: Node, second: Node) -> Typed:
        left, right = self.together((first, second))
        _refuse_incomparable(left, right)
        if op not in _EQUALITY and not left.type.is_ordered:
            raise left.at.error(f"{left.type} has no order", "Compare it with `==`, `!=` or `in`.")
        return typed.Compared(BOOL, first.at, op, left, right)

    def membership(self, node: nodes.Membership, _: Kind | None) -> Typed:
        value = self.infer(node.value)
        if value.type.kind not in _LISTED:
            raise value.at.error(
                f"{value.type} cannot be looked for in a list", "Compare it with `==`."
            )
        options = self._options(node.options)
        for option in options:
            _refuse_incomparable(value, option)
        member = typed.Member(BOOL, node.at, value, tuple(option.value for option in options))
        return typed.Negation(BOOL, node.at, member) if node.negated else member

    def _options(self, options: tuple[Node, ...] | nodes.Name) -> list[Constant]:
        if isinstance(options, nodes.Name):
            values = self.names.parameter(options)
            if not isinstance(values, tuple | list | frozenset | set) or not values:
                raise options.at.error(f"`{options}` is not a list of values", "Write them out.")
            return [constant(value, options.at) for value in values]
        return [self.written(option) for option in options]

    def written(self, node: Node, want: Kind | None = None) -> Constant:
        """Return the constant that a node writes out; anything else is refused."""
        found = self.infer(node, want) if isinstance(node, _WRITTEN) else None
        if not isinstance(found, Constant):
            raise node.at.error("only values that are written out stand here", "Write a value.")
        return found

    def call(self, node: nodes.Call, want: Kind | None) -> Typed:
        return call(self, node, want)

    def quantifier(self, node: nodes.Quantifier, _: Kind | None) -> Typed:
        if self.names.item is not None:
            raise node.at.error(
                "a list cannot be gone through within another", "Make it a derived field."
            )
        items = self.items(node)
        self.names.refuse_taken(node.variable, node.at)
        self.names.item = Item(node.variable, items.type.item or BOOL, items.path)
        predicate = self.condition(node.predicate)
        self.names.item = None
        if node.kind == "count":
            return typed.Counted(SMALL, node.at, items, predicate)
        return typed.Quantified(BOOL, node.at, node.kind, items, predicate)

    def items(self, node: nodes.Quantifier) -> Read:
        """Return the list that a quantifier goes through."""
        items = self.names.read(node.items)
        if items.type.kind is not Kind.LIST:
            raise items.at.error(f"`{node.items}` is not a list", "Name a list of the record.")
        return items

    def table(self, node: nodes.Table, _: Kind | None) -> Typed:
        raise node.at.error("a table stands here alone", "It is the second part of lookup().")


_INFER: Final[Mapping[type[Node], Callable[[_Checker, Any, Kind | None], Typed]]] = (
    MappingProxyType(
        {
            nodes.Literal: _Checker.literal,
            nodes.Name: _Checker.name,
            nodes.Negative: _Checker.negative,
            nodes.Arithmetic: _Checker.arithmetic,
            nodes.Comparison: _Checker.comparison,
            nodes.Membership: _Checker.membership,
            nodes.Not: _Checker.not_,
            nodes.Junction: _Checker.junction,
            nodes.Choice: _Checker.choice,
            nodes.Call: _Checker.call,
            nodes.Quantifier: _Checker.quantifier,
            nodes.Table: _Checker.table,
        }
    )
)


def _refuse_incomparable(left: Typed, right: Typed) -> None:
    kinds = {left.type.kind, right.type.kind}
    if kinds == {Kind.LABEL} and not left.type.labels & right.type.labels:
        raise right.at.error("these two have no label in common", "Compare fields of one kind.")
    if kinds == {Kind.LABEL, Kind.TEXT}:
        label, text = (left, right) if left.type.kind is Kind.LABEL else (right, left)
        if not text.type.labels:
            raise right.at.error(*mismatch(left.type, right.type))
        refuse_unknown_labels(label.type, text)
        return
    if kinds == {Kind.SPAN}:
        if isinstance(left, Constant) is isinstance(right, Constant):
            raise right.at.error(
                "a difference of instants is compared with hours or minutes",
                "Write hours(72) or minutes(30).",
            )
        return
    comparable((left, right))
