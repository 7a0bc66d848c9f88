"""Lower each kind of condition to where it is surely true, and where surely false.

This module does not know how a value is lowered, or how anything is run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from cosell.rules import kernel, typed
from cosell.rules.kernel import FALSE, TRUE, Predicate, Value
from cosell.rules.lowered import Amount, Lowers, Scalar, Truth, both, certain, either, negation
from cosell.rules.typed import Typed
from cosell.rules.types import Kind

__all__ = ["CONDITIONS"]

_CONTRARY: Final = MappingProxyType(
    {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
)


def _constant(_: Lowers, node: typed.Constant) -> Truth:
    return certain(TRUE if node.value else FALSE)


def _read(low: Lowers, node: typed.Read) -> Truth:
    field = low.field(node)
    true, false = kernel.Holds(field, truth=True), kernel.Holds(field, truth=False)
    return Truth(true, false, certain=not field.can_be_missing)


def _negation(low: Lowers, node: typed.Negation) -> Truth:
    part = low.truth(node.operand)
    return Truth(part.false, part.true, part.certain)


def _junction(low: Lowers, node: typed.Junction) -> Truth:
    parts = [low.truth(part) for part in node.parts]
    sure = all(part.certain for part in parts)
    true, false = [part.true for part in parts], [part.false for part in parts]
    if node.op == "and":
        return Truth(both(*true), either(*false), sure)
    return Truth(either(*true), both(*false), sure)


def _choice(low: Lowers, node: typed.Choice) -> Truth:
    condition, then, otherwise = map(low.truth, (node.condition, node.then, node.otherwise))
    return Truth(
        either(both(condition.true, then.true), both(condition.false, otherwise.true)),
        either(both(condition.true, then.false), both(condition.false, otherwise.false)),
        condition.certain and then.certain and otherwise.certain,
    )


def _default(low: Lowers, node: typed.Default) -> Truth:
    value, otherwise = low.truth(node.value), low.truth(node.otherwise)
    return Truth(
        either(value.true, both(value.unknown, otherwise.true)),
        either(value.false, both(value.unknown, otherwise.false)),
        value.certain or otherwise.certain,
    )


def _looked_up(low: Lowers, node: typed.LookedUp) -> Truth:
    key = low.scalar(node.key)

    def where(truth: bool) -> Predicate:  # noqa: FBT001 - a row's value
        options = tuple(row for row, value in node.rows if value is truth)
        return both(key.known, kernel.In(key.value, options)) if options else FALSE

    return Truth(where(True), where(False))


def _compared(low: Lowers, node: typed.Compared) -> Truth:
    if node.left.type.kind is Kind.BOOL:
        return _same(node.op, low.truth(node.left), low.truth(node.right))
    left, right = _in_one_currency(low, node)
    return _where(both(left.known, right.known), node.op, left.value, right.value)


def _in_one_currency(low: Lowers, node: typed.Compared) -> tuple[Scalar | Amount, Scalar | Amount]:
    """Convert one side of money: to the currency that is written out, else to the right one."""
    left, right = low.value(node.left), low.value(node.right)
    if not (isinstance(left, Amount) and isinstance(right, Amount)):
        return left, right
    if node.left.type.currency is not None and node.right.type.currency is None:
        return left, low.exchanged(right, left)
    return low.exchanged(left, right), right


def _where(known: Predicate, op: str, left: Value, right: Value) -> Truth:
    true = kernel.Compare(op, left, right)
    false = kernel.Compare(_CONTRARY[op], left, right)
    return Truth(both(known, true), both(known, false), known is TRUE)


def _same(op: str, left: Truth, right: Truth) -> Truth:
    same = either(both(left.true, right.true), both(left.false, right.false))
    other = either(both(left.true, right.false), both(left.false, right.true))
    sure = left.certain and right.certain
    return Truth(same, other, sure) if op == "==" else Truth(other, same, sure)


def _member(low: Lowers, node: typed.Member) -> Truth:
    value = low.scalar(node.value)
    true = kernel.In(value.value, node.options)
    return Truth(both(value.known, true), both(value.known, negation(true)), value.known is TRUE)


def _recorded(low: Lowers, node: typed.Recorded) -> Truth:
    return certain(low.known(low.field(node.path)))


def _quantified(low: Lowers, node: typed.Quantified) -> Truth:
    items, each = low.field(node.items), low.truth(node.predicate)
    if node.kind == "any":
        some, none = each.true, negation(each.false)
    else:
        some, none = each.false, negation(each.true)
    sure = both(low.known(items), negation(_any(items, none)))
    found = Truth(_any(items, some), sure, each.certain and not items.can_be_missing)
    return found if node.kind == "any" else Truth(found.false, found.true, found.certain)


def _any(items: Value, predicate: Predicate) -> Predicate:
    return FALSE if predicate is FALSE else kernel.AnyItem(items, predicate)


CONDITIONS: Final[Mapping[type[Typed], Callable[[Lowers, Any], Truth]]] = MappingProxyType(
    {
        typed.Constant: _constant,
        typed.Read: _read,
        typed.Negation: _negation,
        typed.Junction: _junction,
        typed.Choice: _choice,
        typed.Default: _default,
        typed.LookedUp: _looked_up,
        typed.Compared: _compared,
        typed.Member: _member,
        typed.Recorded: _recorded,
        typed.Quantified: _quantified,
    }
)
